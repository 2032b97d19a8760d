"""Words that a typed word may have been meant for, out of those that the texts hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

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
    either,
)
from threadreader.search.variants import variants

_SHORTEST = 4  # letters of a word that is widened: shorter ones are like everything
_LONGEST = 40  # letters of one that is; nobody types a longer word half right
_SHORTEST_FAR = 7  # letters of a word that is widened by two edits
_MOST = 16  # words that stand for one typed word
_MOST_SPLITS = 3


class Widening:
    """Widens slots through the words of an index, and `own_words` that are not in it."""

    def __init__(self, vocabulary: Vocabulary, own_words: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        self._own_words = {word for word in own_words if word not in vocabulary.counts}

    def widened(self, slots: Sequence[Slot]) -> list[Slot]:
        """`slots`, each with words up to two edits away, and joined or split in another way.

        What is quoted stays as it was typed: that is what quotes are for.
        """
        return [self._widened(slots, at) for at in range(len(slots))]

    def _widened(self, slots: Sequence[Slot], at: int) -> Slot:
        slot = slots[at]
        if slot.choices:
            each = [c if c.quoted or self._is_known(c) else self.loosened(c) for c in slot.choices]
            return replace(either(each), typed=slot.typed)
        if slot.quoted:
            return slot
        return Slot(slot.typed, (*slot.alternatives, *self._others(slots, at)))

    def loosened(self, slot: Slot) -> Slot:
        """A slot with similar words in it, by as many edits as its length allows; it is widened no more."""
        (wide,) = self.widened([slot])
        return Slot(wide.typed, wide.alternatives, quoted=True)

    def _others(self, slots: Sequence[Slot], at: int) -> list[Alternative]:
        typed = slots[at].typed
        others = [Alternative((joined,), REJOINED) for joined in self._joined(slots, at)]
        others += [Alternative(pair, REJOINED) for pair in self._split(typed)]
        others += [Alternative((form,), OTHER_FORM) for form in self._forms(typed)]
        if _SHORTEST <= len(typed) <= _LONGEST:
            # What the texts hold as it was typed was hardly meant for something far from it.
            known = self._is_known(slots[at])
            others += self._similar(typed, far=not known and len(typed) >= _SHORTEST_FAR)
            if slots[at].is_open and not known:
                others += self._similar_beginnings(typed)
        once: dict[tuple[tuple[str, ...], bool], Alternative] = {}
        for other in sorted(others, key=lambda other: -other.nearness):
            once.setdefault((other.words, other.prefix), other)
        return list(once.values())[:_MOST]

    def _is_known(self, slot: Slot) -> bool:
        counts = self._vocabulary.counts
        return slot.typed in counts or (slot.is_open and self._vocabulary.begins(slot.typed))

    def _similar(self, typed: str, *, far: bool) -> list[Alternative]:
        """Words one edit away, or two if `far`, nearest and then commonest first."""
        counts, near = self._vocabulary.counts, self._one_edit_away(typed)
        if far:
            near = dict.fromkeys(self._two_edits_away(typed), TWO_EDITS) | near
        nearest = sorted(near, key=lambda word: (-near[word], -counts.get(word, 0)))[:_MOST]
        return [Alternative((word,), near[word]) for word in nearest]

    def _one_edit_away(self, typed: str) -> dict[str, float]:
        """Words one edit away, with their nearness."""
        counts, own = self._vocabulary.counts, self._own_words
        words = {word for word in self._vocabulary.edited(typed) if word in counts or word in own}
        return _with_nearness(typed, words - {typed})

    def _two_edits_away(self, typed: str) -> list[str]:
        """Words up to two edits away, but for a few: most pairs of edits leave an edge as it was."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        candidates = [*self._own_words]
        for length in range(len(typed) - 2, len(typed) + 3):
            candidates += self._vocabulary.edged(typed, length)
        found = process.extract(
            typed, candidates, scorer=OSA.distance, processor=None, score_cutoff=2, limit=None
        )
        return [word for word, edits, _ in found if edits]

    def _similar_beginnings(self, typed: str) -> list[Alternative]:
        """Beginnings of words one edit away from what was typed so far, nearest and then commonest first."""
        vocabulary = self._vocabulary
        # Without its last letter it would be near to whatever stands there instead.
        near = {word for word in vocabulary.edited(typed) if vocabulary.begins(word)} - {typed[:-1]}
        nearness = _with_nearness(typed, near)
        nearest = sorted(near, key=lambda word: (-nearness[word], -vocabulary.texts_beginning(word)))
        return [
            Alternative((beginning,), nearness[beginning] * BEGINNING, prefix=True)
            for beginning in nearest[: _MOST // 2]
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
        if typed in counts or not _SHORTEST <= len(typed) <= 2 * _LONGEST:
            return []
        pairs = [(typed[:at], typed[at:]) for at in range(1, len(typed))]
        known = [pair for pair in pairs if pair[0] in counts and pair[1] in counts]
        return sorted(known, key=lambda pair: -min(counts[pair[0]], counts[pair[1]]))[:_MOST_SPLITS]


def nearer(slots: Sequence[Slot]) -> list[Slot]:
    """Widened `slots` without the words that are two edits away."""
    return [
        replace(slot, alternatives=tuple(other for other in slot.alternatives if other.nearness > TWO_EDITS))
        for slot in slots
    ]


def _with_nearness(typed: str, words: Iterable[str]) -> dict[str, float]:
    """Words one edit away from `typed`, each with its nearness."""
    return {word: ONE_EDIT if word[0] == typed[0] else OTHER_INITIAL for word in words}
