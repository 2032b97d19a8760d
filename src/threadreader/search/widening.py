"""Words that a typed word may have been meant for, out of those that the texts hold."""

from collections.abc import Iterable, Iterator, Sequence

from threadreader.index import Vocabulary
from threadreader.search.query import (
    BEGINNING,
    ONE_EDIT,
    OTHER_FORM,
    OTHER_INITIAL,
    REJOINED,
    TWO_EDITS,
    Alternative,
    Slot,
)
from threadreader.search.variants import variants

_SHORTEST = 4  # letters of a word that is widened: shorter ones are like everything
_SHORTEST_FAR = 7  # letters of a word that is widened by two edits
_MOST = 16  # words that stand for one typed word
_MOST_SPLITS = 3


class Widening:
    """Widens slots through the words of an index, and `own_words` that are not in it."""

    def __init__(self, vocabulary: Vocabulary, own_words: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        self._own_words = set(own_words) - vocabulary.counts.keys()

    def widened(self, slots: Sequence[Slot], reach: int) -> list[Slot]:
        """`slots`, each with words up to `reach` edits away, and joined or split in another way.

        What is quoted stays as it was typed: that is what quotes are for.
        """
        return [
            slot if slot.quoted else Slot(slot.typed, (*slot.alternatives, *self._others(slots, at, reach)))
            for at, slot in enumerate(slots)
        ]

    def loosened(self, slot: Slot) -> Slot:
        """A slot with similar words in it, by as many edits as its length allows; it is widened no more."""
        (wide,) = self.widened([slot], 2)
        return Slot(wide.typed, wide.alternatives, quoted=True)

    def _others(self, slots: Sequence[Slot], at: int, reach: int) -> list[Alternative]:
        typed = slots[at].typed
        others = [Alternative((joined,), REJOINED) for joined in self._joined(slots, at)]
        others += [Alternative(pair, REJOINED) for pair in self._split(typed)]
        others += [Alternative((form,), OTHER_FORM) for form in self._forms(typed)]
        if len(typed) >= _SHORTEST:
            # What the texts hold as it was typed was hardly meant for something far from it.
            known = self._is_known(slots[at])
            others += self._similar(typed, 1 if known or len(typed) < _SHORTEST_FAR else reach)
            if slots[at].is_open and not known:
                others += self._similar_beginnings(typed)
        once: dict[tuple[tuple[str, ...], bool], Alternative] = {}
        for other in sorted(others, key=lambda other: -other.nearness):
            once.setdefault((other.words, other.prefix), other)
        return list(once.values())[:_MOST]

    def _is_known(self, slot: Slot) -> bool:
        counts = self._vocabulary.counts
        return slot.typed in counts or (
            slot.is_open and slot.typed in self._vocabulary.beginnings(len(slot.typed)).counts
        )

    def _similar(self, typed: str, reach: int) -> list[Alternative]:
        """Words up to `reach` edits away, nearest and then commonest first."""
        candidates = [*self._own_words]
        for length in range(len(typed) - reach, len(typed) + reach + 1):
            # One edit leaves the first letter or the last as it was, and so do most pairs of edits.
            candidates += self._vocabulary.starting(typed[0], length)
            candidates += self._vocabulary.ending(typed[-1], length)
        counts = self._vocabulary.counts
        near = sorted(_near(typed, candidates, reach), key=lambda pair: (-pair[1], -counts.get(pair[0], 0)))
        return [Alternative((word,), nearness) for word, nearness in near[:_MOST]]

    def _similar_beginnings(self, typed: str) -> list[Alternative]:
        """Beginnings of words one edit away from what was typed so far, nearest and then commonest first."""
        near = []
        for length in range(len(typed) - 1, len(typed) + 2):
            beginnings = self._vocabulary.beginnings(length)
            candidates = beginnings.ending(typed[-1], length)
            # A shorter beginning would be near by leaving out the last letter, whatever that is.
            if length >= len(typed):
                candidates = candidates + beginnings.starting(typed[0], length)
            near += [(w, nearness, beginnings.counts[w]) for w, nearness in _near(typed, candidates, 1)]
        near.sort(key=lambda found: (-found[1], -found[2]))
        return [
            Alternative((beginning,), nearness * BEGINNING, prefix=True)
            for beginning, nearness, _ in near[: _MOST // 2]
        ]

    def _forms(self, typed: str) -> list[str]:
        """Other forms of the word, and spellings, that the texts hold, the commonest first."""
        counts = self._vocabulary.counts
        known = [form for form in variants(typed) if form in counts or form in self._own_words]
        return sorted(known, key=lambda form: -counts.get(form, 0))[: _MOST // 2]

    def _joined(self, slots: Sequence[Slot], at: int) -> Iterator[str]:
        """Words that the slot makes together with a neighbour: `note book`."""
        for left, right in zip(slots[max(0, at - 1) : at + 1], slots[max(1, at) : at + 2], strict=False):
            joined = left.typed + right.typed
            if joined in self._vocabulary.counts:
                yield joined

    def _split(self, typed: str) -> list[tuple[str, str]]:
        """Ways to take one unknown word for two known ones, the likeliest first: `alot`."""
        counts = self._vocabulary.counts
        if typed in counts or len(typed) < _SHORTEST:
            return []
        pairs = [(typed[:at], typed[at:]) for at in range(1, len(typed))]
        known = [pair for pair in pairs if pair[0] in counts and pair[1] in counts]
        return sorted(known, key=lambda pair: -min(counts[pair[0]], counts[pair[1]]))[:_MOST_SPLITS]


def _near(typed: str, words: Iterable[str], reach: int) -> list[tuple[str, float]]:
    """Those of `words` one to `reach` edits away, with their nearness; a swap of neighbours is one edit."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(
        typed, list(dict.fromkeys(words)), scorer=OSA.distance, processor=None, score_cutoff=reach, limit=None
    )
    return [(word, _nearness(typed, word, edits)) for word, edits, _ in found if edits]


def _nearness(typed: str, word: str, edits: float) -> float:
    if edits > 1:
        return TWO_EDITS
    return ONE_EDIT if word[0] == typed[0] else OTHER_INITIAL
