"""Finding words in one thread as they are typed: plain, smart case, folded text included."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

Span = tuple[int, int]

# Typed words seldom have the quotes and blanks of typeset ones; each of these is one character for one.
_FOLDED = str.maketrans("‘’‚‛“”„‟\u00a0\u202f\n", "''''\"\"\"\"   ")


class ThreadFind:
    """The texts of a thread, made ready to be looked through at every key press."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._exact = [text.translate(_FOLDED) for text in texts]
        self._lowered = list(map(_lowered, self._exact))

    def matches(self, query: str) -> "Matches":
        """Every place of `query`, none overlapping another; a capital in it asks for exact case."""
        query = query.translate(_FOLDED)
        return Matches(self._lowered if query == query.lower() else self._exact, query)


class Matches(Mapping[int, Sequence[Span]]):
    """Text number -> places in it, in order.

    Matches are counted for every text, but placed only in those that are asked for: a single letter has half
    a million places in a long thread, of which a screen shows a hundred.
    """

    def __init__(self, texts: Sequence[str], query: str) -> None:
        self._texts = texts
        self._query = query
        counts = (text.count(query) for text in texts) if query else (0 for _ in texts)
        self._before = list(accumulate(counts, initial=0))  # for each text, how many matches stand before it

    @property
    def total(self) -> int:
        """How many matches there are."""
        return self._before[-1]

    def between(self, first: int, last: int) -> int:
        """How many matches stand in the texts from `first` to before `last`."""
        return self._before[last] - self._before[first]

    def place(self, number: int) -> tuple[int, Span]:
        """The text and place of the match with that number, from 0 in reading order."""
        text = bisect_right(self._before, number) - 1
        return text, self[text][number - self._before[text]]

    def first_from(self, text: int) -> int:
        """The number of the first match in `text` or after it; round the end, 0."""
        number = self._before[text]
        return number if number < self.total else 0

    def __getitem__(self, text: int) -> Sequence[Span]:
        words, query = self._texts[text], self._query
        spans = []
        at = words.find(query) if query else -1
        while at >= 0:
            spans.append((at, at + len(query)))
            at = words.find(query, at + len(query))
        return spans

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._texts)))

    def __len__(self) -> int:
        return len(self._texts)

    def __bool__(self) -> bool:
        return self.total > 0


class Lit(dict[int, Sequence[Span]]):
    """Text number -> places in it, found elsewhere."""

    def between(self, first: int, last: int) -> int:
        """How many places there are in the texts from `first` to before `last`."""
        return sum(len(spans) for text, spans in self.items() if first <= text < last)


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals have longer small letters ("İ"): places would shift, so those stay as they are.
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
