"""The words of a query as slots: each word, phrase or choice with all that may stand in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from threadreader.search.language import Or, Phrase, Word
from threadreader.search.words import words_of

_MOST_SLOTS = 24  # words of a query; the rest of a longer one is not looked for

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

    @property
    def is_open(self) -> bool:
        """May what was typed be the beginning of something longer."""
        return any(alternative.prefix for alternative in self.alternatives)

    @property
    def expression(self) -> str:
        """What finds any of it, in FTS5's language."""
        return f"({' OR '.join(alternative.expression for alternative in self.alternatives)})"


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
    """One slot for a choice among slots; it is not widened."""
    alternatives = tuple(other for slot in slots for other in slot.alternatives)
    return Slot(" or ".join(slot.typed for slot in slots), alternatives, quoted=True)
