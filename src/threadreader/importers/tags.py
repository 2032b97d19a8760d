"""Whether a document is markup, told from its beginning: then its lines are no text layout's."""

import re

# A stray sign may stand before the first tag; a part of a page that was copied has no head.
_FIRST_TAG = re.compile(
    r"\W{0,8}<(?:\?xml|!doctype\s|!--|(?:html|head|body|rss|(?:\w+:)?(?:feed|entry))[\s>]"
    r"|(?:div|section|article|main|table|ol|ul|dl|li|p|span|meta|link)\s+[a-z:-]+\s*=)",
    re.IGNORECASE,
)


_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));?", re.IGNORECASE)


def for_parser(text: str) -> bytes:
    """Markup in UTF-8 for a parser, which would fail at references to half a character."""
    return _REFERENCE.sub(_whole, text).encode(errors="replace")


def _whole(reference: re.Match[str]) -> str:
    hexadecimal, decimal = reference.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return "\ufffd" if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF else reference.group()


def is_markup(text: str) -> bool:
    """Does `text` begin as HTML or XML does?"""
    return _FIRST_TAG.match(text) is not None
