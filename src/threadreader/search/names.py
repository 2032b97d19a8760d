"""Short strings found as they are typed, best first: titles, people, tags. Pure.

What is typed is looked for as it stands first, in one joined string, which takes a millisecond for 100,000
names. Only where that finds little does rapidfuzz compare, a word at a time: `partial_ratio` alone asks
nothing of what was not typed yet, while `ratio` takes off for every missing letter, and `WRatio` gives 90 to
a single letter that fits. A word at a time, because words come in any order.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from itertools import accumulate, islice

from threadreader.search.words import WORD, fold, merged, words_of

Span = tuple[int, int]

_MOST = 1_000  # names that are judged
_ENOUGH = 5  # names that hold what was typed; with fewer, names that nearly do are let in
_SHORTEST = 4  # letters of a word that may be mistyped: shorter ones are like everything
_LIKENESS = 72  # percent: one edit in four letters is 75
_SLICE = 10_000  # names that are compared between two looks whether anybody waits


class Names:
    """Names made ready to be looked through at every key press; of equals the earlier is the better."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        words = [words_of(name) or [name.lower()] for name in names]
        self._folded = [f" {' '.join(each)} " for each in words]
        self._joined = _Joined(self._folded)
        self._initials = _Joined(["".join(word[:1] for word in each) for each in words])

    def best(self, typed: str, *, limit: int, is_wanted: Callable[[], bool] = lambda: True) -> list[int]:
        """The positions of the `limit` names that fit best; the first ones where nothing is typed.

        While names are compared, `is_wanted` is asked now and then: once it says no, what was found is given.
        """
        words = words_of(typed) or typed.lower().split()
        if not words:
            return list(range(min(limit, len(self.names))))
        found = dict.fromkeys(islice(self._holding(words), _MOST))
        initials = {}
        if len(words) == 1 and len(words[0]) > 1:
            initials = dict.fromkeys(islice(self._initials.holding(f"\n{words[0]}"), _MOST))
        if len(found) + len(initials) < _ENOUGH:
            found |= dict.fromkeys(self._like(words, is_wanted))
        scored = [(self._score(at, words, at in initials), -at) for at in {**found, **initials}]
        return [-at for _, at in nlargest(limit, scored)]

    def _holding(self, words: Sequence[str]) -> Iterator[int]:
        """Names that hold every word as it was typed, those where the rarest stands best first."""
        rarest = min(words, key=self._joined.count)
        for pattern in ("\n {} \n", "\n {} ", "\n {}", " {} ", " {}", "{}"):
            for at in self._joined.holding(pattern.format(rarest)):
                if all(word in self._folded[at] for word in words):
                    yield at

    def _like(self, words: Sequence[str], is_wanted: Callable[[], bool]) -> Iterator[int]:
        """Names that hold something like each of the words."""
        from rapidfuzz import fuzz, process

        longest = max(words, key=len)
        if len(longest) < _SHORTEST:
            return
        for first in range(0, len(self._folded), _SLICE):
            if not is_wanted():
                return
            some = self._folded[first : first + _SLICE]
            near = process.extract(
                longest, some, scorer=fuzz.partial_ratio, score_cutoff=_LIKENESS, limit=_MOST
            )
            yield from (
                first + at
                for text, _, at in near
                if all(_likeness(word, text) >= _LIKENESS for word in words)
            )

    def _score(self, at: int, words: Sequence[str], is_initials: bool) -> float:
        """How well a name fits, about from 0 to 2."""
        text, typed = self._folded[at], " ".join(words)
        score = sum(_standing(word, text) for word in words) / len(words)
        if text.startswith(f" {typed}"):
            score += 0.3
        elif f" {typed}" in text:
            score += 0.15
        if is_initials:
            whole = len(words[0]) == text.count(" ") - 1
            score = max(score, 0.95 if whole else 0.75)
        return score + 0.2 * len(typed) / len(text)  # the more of the name was typed, the better


class _Joined:
    """Texts as one string, in which a pattern may begin or end with the line end between two of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join(["", *texts, ""])
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=1))

    def count(self, part: str) -> int:
        """How often a part stands in the texts."""
        return self._joined.count(part)

    def holding(self, pattern: str) -> Iterator[int]:
        """The texts that hold it, each once, in order."""
        lead = pattern.startswith("\n")
        at = self._joined.find(pattern)
        while at >= 0:
            text = bisect_right(self._starts, at + lead) - 1
            yield text
            at = self._joined.find(pattern, self._starts[text + 1] - 1)


def _likeness(word: str, text: str) -> float:
    """Percent of the word that the text holds somewhere; a short one it holds or not."""
    from rapidfuzz import fuzz

    if word in text:
        return 100.0
    return fuzz.partial_ratio(word, text) if len(word) >= _SHORTEST else 0.0


def _standing(word: str, text: str) -> float:
    """How well a word stands in the text: whole, as a beginning, inside another, or only nearly."""
    if f" {word} " in text:
        return 1.0
    if f" {word}" in text:
        return 0.9
    return 0.6 if word in text else _likeness(word, text) / 200


def lit(name: str, typed: str) -> list[Span]:
    """Where in `name` what was typed stands, or nearly does: in characters, in order, none overlapping."""
    words = [(match.start(), match.end(), fold(match[0])) for match in WORD.finditer(name)]
    wanted = words_of(typed)
    if not wanted or not words:
        at = name.lower().find(typed.strip().lower())
        return [(at, at + len(typed.strip()))] if typed.strip() and at >= 0 else []
    initials = "".join(word[:1] for _, _, word in words)
    if len(wanted) == 1 and initials.startswith(wanted[0]) and not any(wanted[0] in w for _, _, w in words):
        return [(start, start + 1) for start, _, _ in words[: len(wanted[0])]]
    places = [max((_within(part, *word) for word in words), key=lambda place: place[0]) for part in wanted]
    return list(merged(sorted((start, end) for _, start, end in places if start < end)))


def _within(part: str, start: int, end: int, word: str) -> tuple[float, int, int]:
    """How well a part stands in the word from `start` to `end`, and where."""
    from rapidfuzz import fuzz

    standing = _standing(part, f" {word} ")
    if len(word) != end - start:  # letters became others when it was folded
        return standing, start, end
    if (at := word.find(part)) >= 0:
        return standing, start + at, start + at + len(part)
    near = fuzz.partial_ratio_alignment(part, word)
    if near is None or not standing:
        return 0.0, start, start
    return standing, start + near.dest_start, start + near.dest_end
