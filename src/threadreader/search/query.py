"""What was typed, as slots: one for each word or quoted phrase, with all that may stand in its place."""

import re
from dataclasses import dataclass

from threadreader.search.words import WORD, words_of

_MOST_SLOTS = 24  # words of a query; the rest of a longer one is not looked for
_PART = re.compile(r'"(?P<phrase>[^"]*)(?:"|$)|[^"]+')

# How much a word counts that is not the one that was typed.
AS_TYPED, BEGINNING, ONE_EDIT, REJOINED, OTHER_INITIAL, TWO_EDITS = 1.0, 0.9, 0.7, 0.65, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words in a row that may stand in a slot."""

    words: tuple[str, ...]  # folded
    nearness: float  # to what was typed, up to 1
    prefix: bool = False  # the last word is only the beginning of one

    @property
    def expression(self) -> str:
        """What finds it, in FTS5's language."""
        return f'"{" ".join(self.words)}"' + (" *" if self.prefix else "")

    def goes_on(self, words: list[str]) -> bool:
        """Are `words`, which are folded, the alternative's from the first to the last."""
        *inner, last = words
        if tuple(inner) != self.words[:-1]:
            return False
        return last.startswith(self.words[-1]) if self.prefix else last == self.words[-1]


@dataclass(frozen=True, slots=True)
class Slot:
    """A word or a phrase of a query, and what is looked for in its place, as typed first."""

    typed: str  # folded
    alternatives: tuple[Alternative, ...]
    quoted: bool = False  # meant exactly so

    @property
    def is_open(self) -> bool:
        """May what was typed be the beginning of something longer."""
        return any(alternative.prefix for alternative in self.alternatives)

    @property
    def expression(self) -> str:
        """What finds any of it, in FTS5's language."""
        return f"({' OR '.join(alternative.expression for alternative in self.alternatives)})"


def parsed(query: str, *, open_end: bool) -> list[Slot]:
    """The words and phrases of `query` in order, each once; with `open_end` the last may go on."""
    rows: list[tuple[tuple[str, ...], bool]] = []  # words that belong together, and were they quoted
    for part in _PART.finditer(query):
        words = words_of(part[0])
        if part["phrase"] is None:
            rows += [((word,), False) for word in words]
        elif words:
            rows.append((tuple(words), True))
    open_end = open_end and WORD.match(query[-1:]) is not None
    slots = [_slot(*row, open_end=open_end and row is rows[-1]) for row in rows]
    return list({slot.typed: slot for slot in slots}.values())[:_MOST_SLOTS]


def _slot(words: tuple[str, ...], quoted: bool, *, open_end: bool) -> Slot:
    alternatives = [Alternative(words, AS_TYPED)]
    if open_end:
        alternatives.append(Alternative(words, BEGINNING, prefix=True))
    return Slot(" ".join(words), tuple(alternatives), quoted)
