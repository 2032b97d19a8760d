"""How well a passage answers a query: all words before some, as typed before widened, near before apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from threadreader.index import Passage
from threadreader.search.query import BEGINNING, Alternative, Slot
from threadreader.search.words import words_of

_AVERAGE_WORDS = 60.0  # of a comment
_SATURATION = 1.2  # bm25's k1: how soon one more occurrence of a word says nothing new
_SHORT = 3.0  # words that halve the weight of a text, so that a comment of one word leads nothing
_IN_ORDER = 0.5  # what words add that stand together as they were typed


@dataclass(frozen=True, slots=True)
class Match:
    """Words of a text that stand in a slot."""

    slot: int
    first: int  # position among the words of the text
    last: int
    nearness: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage with the words that speak for it."""

    passage: Passage
    score: float  # 2 and more: every word as typed; 1 and more: every word; below: some
    matches: list[Match]  # in the order of the text
    cluster: tuple[int, int]  # first and last word of the shortest stretch that holds every matched slot
    words: list[str]  # of the text, folded


class _Meanings:
    """The slots that a word of a text may stand in, and how."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._known: dict[str, list[tuple[int, Alternative]]] = {}
        self._open: list[tuple[int, Alternative]] = []
        for at, slot in enumerate(slots):
            for alternative in slot.alternatives:
                if alternative.prefix and len(alternative.words) == 1:
                    self._open.append((at, alternative))
                else:
                    self._known.setdefault(alternative.words[0], []).append((at, alternative))
        self._beginnings = tuple(alternative.words[0] for _, alternative in self._open)
        self._meanings: dict[str, list[tuple[int, Alternative]]] = {}

    def positions(self, words: Sequence[str]) -> list[int]:
        """Where those of `words` stand that mean anything."""
        meant = self._known.keys() & words
        joined = f" {' '.join(words)}" if self._beginnings else ""
        if any(f" {beginning}" in joined for beginning in self._beginnings):
            meant |= {word for word in words if word.startswith(self._beginnings)}
        return [at for at, word in enumerate(words) if word in meant] if meant else []

    def of(self, word: str) -> list[tuple[int, Alternative]]:
        """For each slot every row of words that `word` begins, and the nearest single word that it is."""
        if word not in self._meanings:
            begun = [pair for pair in self._open if word.startswith(pair[1].words[0])]
            self._meanings[word] = _nearest_singles([*self._known.get(word, ()), *begun])
        return self._meanings[word]


def _nearest_singles(meanings: list[tuple[int, Alternative]]) -> list[tuple[int, Alternative]]:
    """`meanings`, without the single words of a slot that has a nearer one."""
    singles: dict[int, Alternative] = {}
    rows = []
    for slot, alternative in sorted(meanings, key=lambda pair: -pair[1].nearness):
        if len(alternative.words) > 1:
            rows.append((slot, alternative))
        else:
            singles.setdefault(slot, alternative)
    return [*singles.items(), *rows]


class Ranking:
    """Judges passages by slots, each with its weight: what is rare says more."""

    def __init__(self, slots: Sequence[Slot], weights: Sequence[float]) -> None:
        self._slots = slots
        self._weights = weights
        self._meanings = _Meanings(slots)

    def answers(self, passages: Iterable[Passage]) -> list[Answer]:
        """The passages that hold at least half of what was asked for, best first."""
        answers = [answer for passage in passages if (answer := self._answer(passage))]
        return sorted(answers, key=lambda a: (-a.score, a.passage.post_id, a.passage.comment_id or ""))

    def _answer(self, passage: Passage) -> Answer | None:
        words = words_of(passage.text)
        matches = self._matches(words)
        nearness: dict[int, float] = {}
        for match in matches:
            nearness[match.slot] = max(match.nearness, nearness.get(match.slot, 0.0))
        if not matches or 2 * len(nearness) < len(self._slots):
            return None
        # Where a word stands as it was typed, what is only like it says nothing.
        matches = [m for m in matches if m.nearness >= BEGINNING or nearness[m.slot] < BEGINNING]
        cluster = _cluster(matches, len(nearness))
        shortness = 1.0 if passage.where == "title" else len(words) / (len(words) + _SHORT)
        relevance = self._relevance(matches, nearness, len(words)) * shortness
        relevance *= 1 + _closeness(matches, cluster, len(nearness))
        complete = len(nearness) == len(self._slots)
        as_typed = complete and min(nearness.values()) >= BEGINNING
        return Answer(passage, complete + as_typed + relevance / (relevance + 1), matches, cluster, words)

    def _matches(self, words: list[str]) -> list[Match]:
        matches = []
        for at in self._meanings.positions(words):
            for slot, alternative in self._meanings.of(words[at]):
                end = at + len(alternative.words)
                if end == at + 1 or alternative.goes_on(words[at:end]):
                    matches.append(Match(slot, at, end - 1, alternative.nearness))
        return matches

    def _relevance(self, matches: Sequence[Match], nearness: dict[int, float], words: int) -> float:
        """bm25's sum over the slots, as a share of the weight of all."""
        length = 0.25 + 0.75 * words / _AVERAGE_WORDS
        slots = [match.slot for match in matches]
        times = {slot: slots.count(slot) for slot in nearness}
        total = sum(
            self._weights[slot] * near * times[slot] / (times[slot] + _SATURATION * length)
            for slot, near in nearness.items()
        )
        return total / sum(self._weights)


def _cluster(matches: Sequence[Match], slots: int) -> tuple[int, int]:
    """First and last word of the shortest stretch that holds a match for each of `slots` slots."""
    if slots == 1:
        shortest = min(matches, key=lambda match: match.last - match.first)
        return shortest.first, shortest.last
    best = matches[0].first, max(match.last for match in matches)
    inside: dict[int, int] = {}
    left = 0
    for match in matches:
        inside[match.slot] = inside.get(match.slot, 0) + 1
        while len(inside) == slots:
            start = matches[left]
            if match.last - start.first < best[1] - best[0]:
                best = start.first, match.last
            inside[start.slot] -= 1
            if not inside[start.slot]:
                del inside[start.slot]
            left += 1
    return best


def _closeness(matches: Sequence[Match], cluster: tuple[int, int], slots: int) -> float:
    """Up to 1 the nearer the words of a cluster are, and more if they stand as they were typed."""
    if slots < 2:
        return 0.0
    first, last = cluster
    inside = [match.slot for match in matches if first <= match.first and match.last <= last]
    in_order = inside == sorted(inside) and last - first < slots
    return min(1.0, slots / (last - first + 1)) + _IN_ORDER * in_order
