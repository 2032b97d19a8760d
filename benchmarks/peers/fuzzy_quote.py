"""The published rule of Hypothesis for finding a quote again: whatever matches best, however badly.

Errors are edits of letters, up to half of the quote and at most 256. Each of the places with the fewest is
scored by the quote (50), what stands before it (20), after it (20), where it stood (2), and the best taken.
"""

from typing import NamedTuple

import edlib

_MOST_ERRORS = 256
_QUOTE, _PREFIX, _SUFFIX, _POSITION = 50, 20, 20, 2


class Quoted(NamedTuple):
    """A quote of a whole document."""

    exact: str
    prefix: str
    suffix: str
    start: int  # of the quote in the document, in characters


def matched(text: str, quote: Quoted) -> tuple[int, int] | None:
    """Where the quote is taken to stand in `text`, as start and end; None where all have more errors."""
    places = _places(text, quote.exact)
    return max(places, key=lambda place: _score(text, quote, *place))[:2] if places else None


def _places(text: str, exact: str) -> list[tuple[int, int, int]]:
    """Start, end and errors of the places with the fewest."""
    at, places = text.find(exact), []
    while at >= 0:
        places.append((at, at + len(exact), 0))
        at = text.find(exact, at + 1)
    if places:
        return places
    most = min(_MOST_ERRORS, len(exact) // 2)
    found = edlib.align(exact, text, mode="HW", task="locations", k=most)
    errors = found["editDistance"]
    return [(start, end + 1, errors) for start, end in found["locations"] or () if start is not None]


def _score(text: str, quote: Quoted, start: int, end: int, errors: int) -> float:
    before = text[max(start - len(quote.prefix), 0) : start]
    after = text[end : end + len(quote.suffix)]
    return (
        _QUOTE * (1 - errors / len(quote.exact))
        + _PREFIX * _likeness(quote.prefix, before)
        + _SUFFIX * _likeness(quote.suffix, after)
        + _POSITION * (1 - abs(start - quote.start) / len(text))
    )


def _likeness(words: str, text: str) -> float:
    """1 if `text` holds the words, 0 if nothing of them; what should be empty is as good as found."""
    if not words:
        return 1.0
    if not text:
        return 0.0
    errors: int = edlib.align(words, text, mode="HW", task="distance")["editDistance"]
    return 1 - errors / len(words)
