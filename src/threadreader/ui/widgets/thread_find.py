"""Finding words in one thread as they are typed: plain, smart case, folded text included."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

Span = tuple[int, int]

# Typed words seldom have the quotes and blanks of typeset ones; each of these is one character for one.
_FOLDED = list(zip("‘’‚‛“”„‟\u00a0\u202f\n", "''''\"\"\"\"   ", strict=True))
_BETWEEN = b"\n"  # texts: none is left in a folded one
_BLOCK = 256  # texts that are looked through together


class Block(NamedTuple):
    """Some texts as they are looked through, in UTF-8: half the memory, and counted as fast."""

    joined: bytes
    starts: Sequence[int]  # of each text, and where one after the last would begin

    def matches(self, sought: bytes, first: int, last: int) -> int:
        """How many matches stand in the texts from `first` to before `last`."""
        return self.joined.count(sought, self.starts[first], self.starts[last])


class ThreadFind:
    """The texts of a thread, made ready to be looked through at every key press."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._any_case = True
        self._blocks: Sequence[Block] = ()

    def prepare(self, *, any_case: bool = True) -> None:
        """Make ready what most queries need, before one is typed; texts are kept ready in one way only."""
        if not self._blocks or self._any_case != any_case:
            texts, self._any_case = self._texts, any_case
            self._blocks = ()  # let go of the old ones first
            self._blocks = [
                _block(texts[at : at + _BLOCK], any_case=any_case) for at in range(0, len(texts), _BLOCK)
            ]

    def matches(self, query: str) -> "Matches":
        """Every place of `query`, none overlapping another; a capital in it asks for exact case."""
        query = _folded(query)
        any_case = query == query.lower()
        self.prepare(any_case=any_case)
        return Matches(self._texts, self._blocks, query, any_case=any_case)


class Matches(Mapping[int, Sequence[Span]]):
    """Text number -> places in it, in order.

    Matches are counted everywhere, but placed only in the texts that are asked for: a single letter has half
    a million places in a long thread, of which a screen shows a hundred.
    """

    def __init__(self, texts: Sequence[str], blocks: Sequence[Block], query: str, *, any_case: bool) -> None:
        self._texts = texts
        self._blocks = blocks
        self._query = query
        self._any_case = any_case
        self._sought = query.encode(errors="surrogatepass")
        counts = (block.joined.count(self._sought) if query else 0 for block in blocks)
        self._before = list(accumulate(counts, initial=0))  # for each block, how many matches stand before it

    @property
    def total(self) -> int:
        """How many matches there are."""
        return self._before[-1]

    def between(self, first: int, last: int) -> int:
        """How many matches stand in the texts from `first` to before `last`."""
        return self._up_to(last) - self._up_to(first)

    def place(self, number: int) -> tuple[int, Span]:
        """The text and place of the match with that number, from 0 in reading order."""
        block = bisect_right(self._before, number) - 1
        number -= self._before[block]
        for within in range(_BLOCK):
            here = self._blocks[block].matches(self._sought, within, within + 1)
            if number < here:
                text = block * _BLOCK + within
                return text, self[text][number]
            number -= here
        raise IndexError(number)

    def texts(self) -> list[int]:
        """The texts that hold a match, in order; what holds none is not looked at."""
        texts: list[int] = []
        for number, (joined, starts) in enumerate(self._blocks if self._query else ()):
            at = joined.find(self._sought)
            while at >= 0:
                within = bisect_right(starts, at) - 1
                texts.append(number * _BLOCK + within)
                at = joined.find(self._sought, starts[within + 1])
        return texts

    def first_from(self, text: int) -> int:
        """The number of the first match in `text` or after it; round the end, 0."""
        number = self._up_to(text)
        return number if number < self.total else 0

    def _up_to(self, text: int) -> int:
        """How many matches stand in the texts before one."""
        block, within = divmod(text, _BLOCK)
        counted = self._before[block]
        if within and self._query:
            counted += self._blocks[block].matches(self._sought, 0, within)
        return counted

    def __getitem__(self, text: int) -> Sequence[Span]:
        folded, query = _folded(self._texts[text]), self._query
        if self._any_case:
            folded = _lowered(folded)
        spans = []
        at = folded.find(query) if query else -1
        while at >= 0:
            spans.append((at, at + len(query)))
            at = folded.find(query, at + len(query))
        return spans

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self._texts)

    def __bool__(self) -> bool:
        return self.total > 0


class Lit(dict[int, Sequence[Span]]):
    """Text number -> places in it, found elsewhere."""

    def between(self, first: int, last: int) -> int:
        """How many places there are in the texts from `first` to before `last`."""
        return sum(len(spans) for text, spans in self.items() if first <= text < last)


def _block(texts: Sequence[str], *, any_case: bool) -> Block:
    # Line ends in a text become blanks, so those between texts are put in afterwards.
    folded = _folded("\0".join(texts)).split("\0")
    parts = [(_lowered(text) if any_case else text).encode(errors="surrogatepass") for text in folded]
    starts = array("i", accumulate((len(part) + 1 for part in parts), initial=0))
    return Block(_BETWEEN.join(parts), starts)


def _folded(text: str) -> str:
    for typeset, plain in _FOLDED:
        text = text.replace(typeset, plain)
    return text


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals have longer small letters ("İ"): places would shift, so those stay as they are.
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
