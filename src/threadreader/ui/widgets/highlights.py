"""Highlights on the texts of a thread: where they stand, and what is told of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from threadreader.model import COLOURS, Annotation, collapsed
from threadreader.ui.widgets.thread_find import Span

_PASSAGE = 40  # characters of a passage that a note names it by


class Highlight(NamedTuple):
    """A mark on a passage, and where in the text of its node that stands; None where it was not found."""

    mark: Annotation
    span: Span | None

    @property
    def look(self) -> str:
        """The name of its look."""
        colour = self.mark.colour
        return f"highlight-{COLOURS.index(colour) + 1 if colour else 1}"


class Piece(NamedTuple):
    """A part of a text under one highlight, or under none: then `look` is empty."""

    start: int
    end: int
    look: str


class Highlights:
    """Those of one thread. A passage is looked for when its text is first drawn or measured."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._marks: Mapping[int, Sequence[Annotation]] = {}
        self._found: dict[int, list[Highlight]] = {}

    def take(self, marks: Mapping[int, Sequence[Annotation]], changed: Collection[int]) -> None:
        """Have these, by node; others than before on the nodes that `changed`."""
        self._marks = marks
        for node in changed:
            self._found.pop(node, None)

    def on(self, node: int) -> Sequence[Highlight]:
        """The highlights on a node, oldest first."""
        if node not in self._marks:
            return ()
        found = self._found.get(node)
        if found is None:
            from threadreader.anchoring import quote_in  # most threads have no highlights

            text = self._texts[node]
            found = [Highlight(mark, quote_in(text, mark.quote)) for mark in self._marks[node]]
            self._found[node] = found
        return found

    def pieces(self, node: int, start: int, end: int) -> Iterator[Piece]:
        """`text[start:end]` in pieces; where highlights overlap, the latest is seen."""
        lit = [(one.span, one.look) for one in self.on(node) if one.span]
        edges = {edge for span, _ in lit for edge in span if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            looks = [look for span, look in lit if span[0] <= first < span[1]]
            yield Piece(first, last, looks[-1] if looks else "")

    def letter(self, node: int, start: int, end: int) -> tuple[str, str] | None:
        """The first letter of the colour that touches `text[start:end]`, for who sees none, and its look."""
        touching = [one for one in self.on(node) if one.span and one.span[0] < end and one.span[1] > start]
        return ((touching[-1].mark.colour or " ")[0], touching[-1].look) if touching else None

    def told(self, node: int, ellipsis: str) -> Iterator[str]:
        """What stands below the text: what was noted on passages, and those that were not found in it."""
        for mark, span in self.on(node):
            if span and not mark.text:
                continue
            words = collapsed(mark.quote.exact)
            if span and len(words) > _PASSAGE:
                words = words[: _PASSAGE - 1].rstrip() + ellipsis
            lost = "" if span else f" ({mark.colour}, not found in the text)"
            yield f"“{words}”{lost}" + (f": {mark.text}" if mark.text else "")
