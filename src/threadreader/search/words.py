"""Words as the index holds them, and where they stand in a text. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from threadreader.index.signs import unspaced

SNIPPET_LENGTH = 160  # characters
_LEAD = 50  # characters of a snippet before the words that it is about
_LONGEST_CUT = 20  # characters given up so that a snippet is cut between words

# What FTS5's unicode61 takes for a word: letters and numbers, with the marks that belong to them.
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_ASCII_BLANKS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_VARIANTS = str.maketrans({"ς": "σ", "ſ": "s", "µ": "μ", "İ": "i"})
# What lower case alone does not fold.
_ACCENTED = re.compile("[\u00b5\u00c0-\u024f\u0300-\u03ff\u1e00-\u1eff\u212a\u212b]")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """`word` as the index holds it: lower case, Latin letters without accents."""
    if word.isascii():
        return word.lower()
    # One character at a time: unicode61 knows no final sigma, and no letter becomes two.
    lowered = "".join(small if len(small := c.lower()) == 1 else c for c in word.translate(_VARIANTS))
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", lowered)))


def words_of(text: str) -> list[str]:
    """The words of `text` in order, folded."""
    # Nearly every text takes the first two ways, which are many times faster.
    if text.isascii():
        return text.lower().translate(_ASCII_BLANKS).split()
    return WORD.findall(text.lower()) if not _ACCENTED.search(text) else list(map(fold, WORD.findall(text)))


def spans(text: str, matched: Iterable[str]) -> list[tuple[int, int]]:
    """Where in `text` the words of a hit's `matched` stand, whatever their case and accents, in order.

    Spans are in characters and do not overlap. What is not one word is found as it stands.
    """
    words, parts = set(), []
    for part in matched:
        if WORD.fullmatch(part) and not unspaced(part):
            words.add(fold(part))
        elif part:
            parts.append(part)
    found = [match.span() for match in WORD.finditer(text) if fold(match[0]) in words] if words else []
    for part in parts:
        found += [match.span() for match in re.finditer(re.escape(part), text, re.IGNORECASE)]
    return list(merged(sorted(found)))


def merged(found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    start = end = 0
    for first, last in found:
        if first >= end:
            if end:
                yield start, end
            start = first
        end = max(end, last)
    if end:
        yield start, end


def snippet(text: str, start: int, end: int) -> str:
    """One line of `text` around the characters from `start` to `end`, cut between words with `…`."""
    first = max(0, start - max(_LEAD, SNIPPET_LENGTH - (len(text) - start)))
    last = min(len(text), first + SNIPPET_LENGTH)
    if first:
        blank = _blank(text, first, min(start, first + _LONGEST_CUT))
        first = first if blank is None else blank
    if last < len(text):
        blank = _blank(text, max(min(end, last), last - _LONGEST_CUT), last + 1)
        last = last if blank is None else blank
    line = " ".join(text[first:last].split())
    return ("…" if first else "") + line + ("…" if last < len(text) else "")


def _blank(text: str, first: int, last: int) -> int | None:
    """Position of the first white space of a stretch that starts at `first`, searched as far as `last`."""
    match = re.compile(r"\s").search(text, first, last)
    return match.start() if match else None
