"""Finding words in one thread as they are typed: plain, smart case, folded text included."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

Span = tuple[int, int]

# Typed words seldom have the quotes and blanks of typeset ones; each of these is one character for one.
_FOLDED = list(zip("‘’‚‛“”„‟\u00a0\u202f\n", "''''\"\"\"\"   ", strict=True))
_BETWEEN = "\n"  # texts: none is left in a folded one
_BLOCK = 256  # texts whose matches are counted together


class ThreadFind:
    """The texts of a thread, made ready to be looked through at every key press.

    They are joined to one string: to count in it takes half as long as in each of ten thousand.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._exact = _folded(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    @cached_property
    def _lowered(self) -> str:
        # One by one, most of the texts are ASCII, which is five times as fast to lower.
        return _BETWEEN.join([_lowered(text) for text in self._exact.split(_BETWEEN)])

    def prepare(self) -> None:
        """Make ready what most queries need, before one is typed."""
        self._lowered.isascii()

    def matches(self, query: str) -> "Matches":
        """Every place of `query`, none overlapping another; a capital in it asks for exact case."""
        for typeset, plain in _FOLDED:
            query = query.replace(typeset, plain)
        return Matches(self._lowered if query == query.lower() else self._exact, self._starts, query)


class Matches(Mapping[int, Sequence[Span]]):
    """Text number -> places in it, in order.

    Matches are counted everywhere, but placed only in the texts that are asked for: a single letter has half
    a million places in a long thread, of which a screen shows a hundred.
    """

    def __init__(self, joined: str, starts: Sequence[int], query: str) -> None:
        self._joined = joined
        self._starts = starts  # of each text, and where one after the last would begin
        self._query = query
        blocks = range(0, len(self), _BLOCK)
        counts = (self.between(at, min(at + _BLOCK, len(self))) for at in blocks)
        self._before = list(accumulate(counts, initial=0))  # for each block, how many matches stand before it

    @property
    def total(self) -> int:
        """How many matches there are."""
        return self._before[-1]

    def between(self, first: int, last: int) -> int:
        """How many matches stand in the texts from `first` to before `last`."""
        if not self._query:
            return 0
        return self._joined.count(self._query, self._starts[first], self._starts[last])

    def place(self, number: int) -> tuple[int, Span]:
        """The text and place of the match with that number, from 0 in reading order."""
        block = bisect_right(self._before, number) - 1
        number -= self._before[block]
        for text in range(block * _BLOCK, len(self)):
            here = self.between(text, text + 1)
            if number < here:
                return text, self[text][number]
            number -= here
        raise IndexError(number)

    def texts(self) -> list[int]:
        """The texts that hold a match, in order; what holds none is not looked at."""
        joined, query, starts = self._joined, self._query, self._starts
        texts: list[int] = []
        at = joined.find(query) if query else -1
        while at >= 0:
            texts.append(bisect_right(starts, at) - 1)
            at = joined.find(query, starts[texts[-1] + 1])
        return texts

    def first_from(self, text: int) -> int:
        """The number of the first match in `text` or after it; round the end, 0."""
        block = text // _BLOCK
        number = self._before[block] + self.between(block * _BLOCK, text)
        return number if number < self.total else 0

    def __getitem__(self, text: int) -> Sequence[Span]:
        joined, query, start, end = self._joined, self._query, self._starts[text], self._starts[text + 1]
        spans = []
        at = joined.find(query, start, end) if query else -1
        while at >= 0:
            spans.append((at - start, at - start + len(query)))
            at = joined.find(query, at + len(query), end)
        return spans

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __bool__(self) -> bool:
        return self.total > 0


class Lit(dict[int, Sequence[Span]]):
    """Text number -> places in it, found elsewhere."""

    def between(self, first: int, last: int) -> int:
        """How many places there are in the texts from `first` to before `last`."""
        return sum(len(spans) for text, spans in self.items() if first <= text < last)


def _folded(texts: Sequence[str]) -> str:
    # Line ends in a text become blanks, so those between texts are put in afterwards.
    joined = "\0".join(texts)
    for typeset, plain in _FOLDED:
        joined = joined.replace(typeset, plain)
    return joined.replace("\0", _BETWEEN)


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals have longer small letters ("İ"): places would shift, so those stay as they are.
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
