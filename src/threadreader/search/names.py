"""Short strings found as they are typed, best first: titles, people, tags. Pure.

Of 100,000 names the best are wanted within a frame, so no name is looked at that can't be among them. The
words of the names lead to those that hold them, the shortest first: where a word stands equally well, the
shorter name is the better, and a few of each kind are enough. A word at a time, because words come in any
order. Only where what was typed finds little are words looked for that are like it, by rapidfuzz.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import accumulate, chain, islice

from threadreader.index import Vocabulary
from threadreader.search.words import WORD, fold, merged, words_of

Span = tuple[int, int]
Holders = dict[str, list[int]]  # words, in order, each with the ranks of the names that hold it

_ENOUGH = 5  # names that hold what was typed; with fewer, names that nearly do are let in
_SHORTEST = 4  # letters of a word that may be mistyped: shorter ones are like everything
_SHORTEST_FAR = 7  # letters of one with two mistakes
_MOST_LIKE = 32  # words that one may have been meant for
_FEW_LETTERS = 2  # with no more typed, names that begin so are better than all others
_LIKENESS = 72  # percent: one edit in four letters is 75
_LOOKED_AT = 3_000  # names that are looked at for all the words, of those that hold the rarest in some way


class Names:
    """Names made ready to be looked through at every key press; of equals the earlier is the better."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        words = [words_of(name) or [name.lower()] for name in names]
        folded = [f" {' '.join(each)} " for each in words]
        # A name's rank is its place among them.
        self._shortest_first = sorted(range(len(names)), key=lambda at: len(folded[at]))
        self._folded = [folded[at] for at in self._shortest_first]
        self._joined = _Joined(self._folded)
        self._holders: Holders = {}
        self._led: Holders = {}  # by their first words
        for rank, at in enumerate(self._shortest_first):
            for word in dict.fromkeys(words[at]):
                self._holders.setdefault(word, []).append(rank)
            self._led.setdefault(words[at][0], []).append(rank)
        self._vocabulary = Vocabulary({word: len(self._holders[word]) for word in sorted(self._holders)})
        self._words = list(self._vocabulary.counts)
        self._joined_words = _Joined(self._words)
        self._joined_initials = _Joined(
            ["".join(word[:1] for word in words[at]) for at in self._shortest_first]
        )

    def best(self, typed: str, *, limit: int, is_wanted: Callable[[], bool] = lambda: True) -> list[int]:
        """The positions of the `limit` names that fit best; the first ones where nothing is typed.

        Before like names are looked for, `is_wanted` is asked: if it says no, what was found is given.
        """
        words = words_of(typed) or typed.lower().split()
        if not words:
            return list(range(min(limit, len(self.names))))
        found = self._holding(words, limit)
        initials = set()
        if len(words) == 1 and len(words[0]) > 1:
            initials = set(islice(self._joined_initials.holding(f"\n{words[0]}"), limit))
        if len(found | initials) < _ENOUGH:
            found |= set(self._like(words, limit, is_wanted))
        scored = (
            (self._score(rank, words, rank in initials), -self._shortest_first[rank])
            for rank in found | initials
        )
        return [-at for _, at in nlargest(limit, scored)]

    def _holding(self, words: Sequence[str], limit: int) -> set[int]:
        """Names that hold every word as it was typed: of each way that the rarest stands in one, `limit`."""
        begun = {word: self._vocabulary.beginning(word) for word in words}
        rarest = words[0]
        found: set[int] = set()
        if len(words) > 1:
            rarest = min(words, key=lambda word: self._counted(begun[word]))
            found.update(islice(self._joined.holding(f" {' '.join(words)}"), limit))
        for holders, ways in (
            (self._led, [rarest]),
            (self._led, begun[rarest]),
            (self._holders, [rarest]),
        ):
            found.update(self._fitting(words, holders, ways, limit, _is_in))
        # The shortness of a name counts too, but not that much for so few letters.
        if len(found) < limit or len(words) > 1 or len(rarest) > _FEW_LETTERS:
            found.update(self._fitting(words, self._holders, begun[rarest], limit, _is_in))
        if len(found) < limit:  # else no name that holds it inside a word is among the best
            found.update(self._fitting(words, self._holders, self._inside(rarest), limit, _is_in))
        return found

    def _like(self, words: Sequence[str], limit: int, is_wanted: Callable[[], bool]) -> Iterator[int]:
        """Names that hold something like each of the words: `limit` for each word that is like the rarest."""
        long = [word for word in words if len(word) >= _SHORTEST]
        if not long or not is_wanted():
            return
        # A word that no name holds is the one that was mistyped.
        rarest = min(long, key=lambda word: (self._counted(self._vocabulary.beginning(word)), -len(word)))
        likes = self._words_like(rarest)
        for ways in [[word] for word in likes] if len(words) == 1 else [likes]:
            yield from self._fitting(words, self._holders, ways, limit, _is_like)

    def _fitting(
        self,
        words: Sequence[str],
        holders: Holders,
        ways: Iterable[str],
        limit: int,
        fits: Callable[[str, str], bool],
    ) -> Iterator[int]:
        """The `limit` shortest names that any of `ways` leads to and that each of `words` fits."""
        looked_at = _LOOKED_AT if len(words) > 1 else limit
        led_to = sorted(set(chain.from_iterable(holders.get(way, ())[:looked_at] for way in ways)))
        fitting = (
            rank for rank in led_to[:looked_at] if all(fits(word, self._folded[rank]) for word in words)
        )
        return islice(fitting, limit)

    def _counted(self, words: Iterable[str]) -> int:
        return sum(map(self._vocabulary.counts.__getitem__, words))

    def _inside(self, typed: str) -> list[str]:
        """The words that hold what was typed, but not at their beginning."""
        return [
            word
            for at in self._joined_words.holding(typed)
            if not (word := self._words[at]).startswith(typed)
        ]

    def _words_like(self, typed: str) -> list[str]:
        """Words that hold what was typed, or begin so but for a mistake or two, the likest first."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        vocabulary = self._vocabulary
        near = {word for edited in vocabulary.edited(typed) for word in vocabulary.beginning(edited)}
        if len(typed) >= _SHORTEST_FAR:
            # Two mistakes leave one of the first two letters where it was, or swapped them.
            alike = vocabulary.beginning(typed[0])
            alike += [word for word in vocabulary.beginning(typed[1]) if word[1:2] == typed[0]]
            cut = [word[: len(typed) + 1] for word in alike]
            found = process.extract(
                typed, cut, scorer=OSA.distance, processor=None, score_cutoff=2, limit=None
            )
            near.update(alike[at] for _, _, at in found)
        near.update(self._inside(typed))
        return nlargest(_MOST_LIKE, sorted(near), key=lambda word: (_likeness(typed, word), -len(word)))

    def _score(self, rank: int, words: Sequence[str], is_initials: bool) -> float:
        """How well a name fits, about from 0 to 2."""
        text, typed = self._folded[rank], " ".join(words)
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

    def holding(self, pattern: str) -> Iterator[int]:
        """The positions of the texts that hold it, each once, in order."""
        lead = pattern.startswith("\n")
        at = self._joined.find(pattern)
        while at >= 0:
            text = bisect_right(self._starts, at + lead) - 1
            yield text
            at = self._joined.find(pattern, self._starts[text + 1] - 1)


def _is_in(word: str, text: str) -> bool:
    return word in text


def _is_like(word: str, text: str) -> bool:
    return _likeness(word, text) >= _LIKENESS


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
