"""Whether a document is markup, told from its beginning: then its lines are no text layout's."""

import re

# A stray sign may stand before the first tag; a part of a page that was copied has no head.
_FIRST_TAG = re.compile(
    r"\W{0,8}<(?:\?xml|!doctype\s|!--|(?:html|head|body|rss|(?:\w+:)?(?:feed|entry))[\s>]"
    r"|(?:div|section|article|main|table|ol|ul|dl|li|p|span|meta|link)\s+[a-z:-]+\s*=)",
    re.IGNORECASE,
)


def is_markup(text: str) -> bool:
    """Does `text` begin as HTML or XML does?"""
    return _FIRST_TAG.match(text) is not None
