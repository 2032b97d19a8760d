"""A text as it is drawn: the number of each link put in after it, and the way back to the text itself.

What is found, lit and copied is counted in the text; only what is drawn has the numbers in it.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from threadreader.links import Link, links_in

_JOINT = "\u00a0"  # no line ends between a link and its number, unless the link itself is longer than one


class Piece(NamedTuple):
    """A part of what is drawn: `text[start:end]`, or `label`, where it is not empty, put in at `start`."""

    start: int
    end: int
    label: str


class NumberedText:
    """`text` with the numbers of its links in it: `drawn`."""

    def __init__(self, text: str) -> None:
        self.links: tuple[Link, ...] = links_in(text)
        self._size = len(text)
        self._ends = [link.end for link in self.links]  # after each of these characters a label is put in
        self._labels = [f"{_JOINT}[{link.number}]" for link in self.links]
        self._before = [0]  # how many characters were put in before each label
        parts, start = [], 0
        for end, label in zip(self._ends, self._labels, strict=True):
            parts += [text[start:end], label]
            start = end
            self._before.append(self._before[-1] + len(label))
        self.drawn = "".join([*parts, text[start:]]) if parts else text

    def drawn_at(self, offset: int) -> int:
        """Where the character at `offset` of the text stands in what is drawn."""
        return offset + self._before[bisect_right(self._ends, offset)]

    def offset_of(self, drawn: int) -> int:
        """The character of the text that is drawn there; of a number, the one after its link."""
        at = bisect_right(range(len(self._ends)), drawn, key=self._drawn_end) - 1
        if at < 0:
            return drawn
        return max(drawn - self._before[at + 1], self._ends[at])

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """What `drawn[start:end]` is made of, in order."""
        at = bisect_right(range(len(self._ends)), start, key=self._drawn_end) - 1
        while start < end:
            label_start = self._drawn_end(at) if at >= 0 else 0
            label_end = label_start + len(self._labels[at]) if at >= 0 else 0
            if start < label_end:
                stop = min(end, label_end)
                label = self._labels[at][start - label_start : stop - label_start]
                yield Piece(self._ends[at], self._ends[at], label.replace(_JOINT, " "))
            else:
                stop = min(end, self._drawn_end(at + 1)) if at + 1 < len(self._ends) else end
                yield Piece(start - self._before[at + 1], stop - self._before[at + 1], "")
                at += 1
            start = stop

    def _drawn_end(self, at: int) -> int:
        """Where the label of that link begins in what is drawn."""
        return self._ends[at] + self._before[at]
