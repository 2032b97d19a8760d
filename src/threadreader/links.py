"""Links in a text: where each stands, what it leads to, and the number that a reader calls it by. Pure.

Web addresses and those of letters are links, nothing else: what a key opens must not be able to run anything.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# An address ends at a blank, at a quotation mark, and at what nobody sees, for what is opened is to be read.
_ADDRESS = re.compile('[^\\s<>"“”«»`\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*')
_AFTER_ADDRESS = ".,;:!?'’‘…*_|"  # a sentence's own signs
_CLOSING = {")": "(", "]": "[", "}": "{"}


class Link(NamedTuple):
    """An address as it stands in a text, from `start` to before `end`."""

    start: int
    end: int
    address: str
    number: int  # of the address in its text, from 1; a repeat has that of the first


def may_have_links(text: str) -> bool:
    """A quick look for what every link has."""
    return ":" in text and ("://" in text or "mailto:" in text)


def links_in(text: str) -> tuple[Link, ...]:
    """Every link of `text`, in order."""
    if not may_have_links(text):
        return ()
    numbers: dict[str, int] = {}
    return tuple(
        Link(start, end, text[start:end], numbers.setdefault(text[start:end], len(numbers) + 1))
        for start, end in _spans(text)
    )


def addresses_in(text: str) -> list[str]:
    """The address of each number, the first for 1."""
    return list(dict.fromkeys(link.address for link in links_in(text)))


def numbered(text: str, form: str) -> str:
    """`text` with the number of each link after it, as `form` writes it: ` [{}]`."""
    parts, start = [], 0
    for link in links_in(text):
        parts += [text[start : link.end], form.format(link.number)]
        start = link.end
    return "".join([*parts, text[start:]]) if parts else text


def can_be_opened(address: str) -> bool:
    """Is all of `address` a single link?"""
    return [link.address for link in links_in(address)] == [address]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    # Colons are looked for, not a pattern of schemes, which would be tried at every character.
    colon = text.find(":")
    while colon >= 0:
        end = colon + 1
        start = _scheme_before(text, colon)
        if start is not None:
            found = _ADDRESS.match(text, end)
            end = start + len(_without_what_follows(text[start : found.end() if found else end]))
            if _leads_anywhere(text[colon + 1 : end]):
                yield start, end
        colon = text.find(":", max(end, colon + 1))


def _scheme_before(text: str, colon: int) -> int | None:
    """Where the scheme begins that ends at that colon; None if that is none of ours."""
    before = text[max(colon - 6, 0) : colon]
    if text.startswith("//", colon + 1):
        lowered = before.lower()
        return colon - 5 if lowered.endswith("https") else colon - 4 if lowered.endswith("http") else None
    is_mail = before == "mailto" and not text[max(colon - 7, 0) : colon - 6].isalnum()
    return colon - 6 if is_mail else None


def _leads_anywhere(rest: str) -> bool:
    """Is there, after the scheme, a host or an address of letters?"""
    if rest.startswith("//"):
        return rest[2:3].isalnum() or rest[2:3] == "["
    return "@" in rest.strip("@")


def _without_what_follows(address: str) -> str:
    """`address` without the sentence's punctuation, and brackets only where they were opened in it."""
    if address[-1:].isalnum() or address[-1:] == "/":
        return address
    open_ = {sign: address.count(opening) - address.count(sign) for sign, opening in _CLOSING.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if open_.get(last, 0) < 0:
            open_[last] += 1
        elif last not in _AFTER_ADDRESS:
            break
        end -= 1
    return address[:end]
