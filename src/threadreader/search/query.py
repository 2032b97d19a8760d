"""The words of a query as slots: each word, phrase or choice with all that may stand in its place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from threadreader.search.language import Or, Phrase, Word
from threadreader.search.words import words_of

_FEW = 16  # ways that an unfinished row of words goes on
_MANY = 1_000  # words that begin so
_MOST_SLOTS = 24  # words of a query; the rest of a longer one is not looked for

# The words of the index that begin so, the commonest first, and how many at most.
Begun: TypeAlias = Callable[[str, int | None], Sequence[str]]

# How much a word counts that is not the one that was typed.
AS_TYPED, BEGINNING, OTHER_FORM = 1.0, 0.9, 0.8
ONE_EDIT, REJOINED, OTHER_INITIAL, TWO_EDITS = 0.7, 0.65, 0.6, 0.4


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

    def stands_in(self, words: str) -> bool:
        """Is it among folded words, which have a blank before each, and one after the last."""
        return f" {' '.join(self.words)}{'' if self.prefix else ' '}" in words

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
    fuzzy: bool = False  # similar words are meant as well, however much is found
    choices: "tuple[Slot, ...]" = ()  # of which any may stand there

    @property
    def is_open(self) -> bool:
        """May what was typed be the beginning of something longer."""
        return any(alternative.prefix for alternative in self.alternatives)

    @property
    def unfinished(self) -> str:
        """The word that may be only begun; empty where there is none, or others stand before it."""
        return next((o.words[0] for o in self.alternatives if o.prefix and len(o.words) == 1), "")

    @property
    def is_choice(self) -> bool:
        """Is it more than what was typed, finished or not."""
        return any(other.words != self.alternatives[0].words for other in self.alternatives)

    @property
    def expression(self) -> str:
        """What finds any of it, in FTS5's language."""
        return f"({' OR '.join(alternative.expression for alternative in self.alternatives)})"

    def spelt(self, begun: Begun, most: int | None) -> str:
        """The expression with words in the place of a beginning: the commonest `most` that begin so, or all.

        FTS5 gathers every text of a beginning before it says where the first one is; of words it looks up
        the one after the other. Thousands would take longer than that, and stay a beginning.
        """
        found: list[str] = []
        for other in self.alternatives:
            *inner, last = other.words
            if not other.prefix or (inner and self.quoted):
                found.append(other.expression)
            else:
                words = begun(last, _FEW if inner else _MANY if most is None else most)
                if most is None and len(words) == _MANY:
                    found.append(other.expression)
                    continue
                found += (Alternative((*inner, word), other.nearness).expression for word in words)
        return f"({' OR '.join(dict.fromkeys(found))})"


def any_way(ways: Iterable[Sequence[Slot]]) -> Callable[[str], bool]:
    """What tells of a text whether every slot of one of `ways` has its words there."""
    tests = [all_hold(way) for way in ways]
    return lambda text: any(test(text) for test in tests)


def named(slots: Sequence[Slot]) -> str:
    """What two rows of slots have in common only if they mean the same."""
    return " AND ".join(slot.expression for slot in slots)


def all_hold(slots: Sequence[Slot]) -> Callable[[str], bool]:
    """What tells of a text whether every slot's words stand in it, as the joined expressions do."""

    def hold(text: str) -> bool:
        words = f" {' '.join(words_of(text))} "
        return all(any(other.stands_in(words) for other in slot.alternatives) for slot in slots)

    return hold


def slots_of(atoms: Sequence[Word | Phrase | Or]) -> list[Slot]:
    """The slots of words, phrases and choices among such, in order, each once."""
    slots = [slot_of(atom) for atom in atoms]
    return list({slot.typed: slot for slot in slots}.values())[:_MOST_SLOTS]


def slot_of(atom: Word | Phrase | Or) -> Slot:
    """The slot of one word or phrase that the index can hold, or of a choice among such."""
    if isinstance(atom, Or):
        return either([slot_of(part) for part in atom.parts if isinstance(part, (Word, Phrase))])
    how = atom.how if isinstance(atom, Word) else "exact"
    alternatives: tuple[Alternative, ...] = (Alternative(atom.words, AS_TYPED),)
    if atom.is_open or how == "prefix":
        alternatives += (Alternative(atom.words, BEGINNING, prefix=True),)
    quoted = how in ("exact", "prefix")
    return Slot(" ".join(atom.words), alternatives, quoted, fuzzy=how == "fuzzy")


def either(slots: Sequence[Slot]) -> Slot:
    """One slot for a choice among slots; only what nothing holds is widened in it."""
    alternatives = tuple(other for slot in slots for other in slot.alternatives)
    return Slot(" or ".join(slot.typed for slot in slots), alternatives, quoted=True, choices=tuple(slots))
