"""Highlights on the texts of a thread: where they stand, and what is told of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from threadreader.model import COLOURS, Annotation, NoteKind, collapsed
from threadreader.ui.widgets.thread_find import Span

# What is told of a passage that is not as it was when it was marked.
_REMARKS = {
    "exact": "",
    "moved": "moved in the text",
    "changed": "changed since",
    "several": "in several places of the text",
    "none": "not found in the text",
}
_PASSAGE = 40  # characters of a passage that a note names it by


class Highlight(NamedTuple):
    """A mark on a passage, where in the text of its node that stands, None for nowhere, and what changed."""

    mark: Annotation
    span: Span | None
    remark: str = ""  # empty where it stands as it was

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
            from threadreader.anchoring import passage_in  # most threads have no highlights

            found = []
            for mark in self._marks[node]:
                state, span = passage_in(self._texts[node], mark.quote)
                found.append(Highlight(mark, span, _REMARKS[state]))
            self._found[node] = found
        return found

    def pieces(self, node: int, start: int, end: int) -> Iterator[Piece]:
        """`text[start:end]` in pieces; where highlights overlap, the shortest is seen."""
        lit = [(span, one.look) for span, one in self._longest_first(node)]
        edges = {edge for span, _ in lit for edge in span if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            looks = [look for span, look in lit if span[0] <= first < span[1]]
            yield Piece(first, last, looks[-1] if looks else "")

    def towards(self, here: tuple[int, int], by: int) -> tuple[int, int] | None:
        """Node and beginning of the highlight so many after a place, or before it; the last that way."""
        places = sorted({(node, one.span[0]) for node in self._marks for one in self.on(node) if one.span})
        passed = places[bisect_right(places, here) :] if by > 0 else places[: bisect_left(places, here)][::-1]
        return passed[min(abs(by), len(passed)) - 1] if passed else None

    def beginning(self, node: int, start: int) -> Annotation | None:
        """The highlight that begins there, the shortest of several."""
        return next((one.mark for span, one in reversed(self._longest_first(node)) if span[0] == start), None)

    def _longest_first(self, node: int) -> list[tuple[Span, Highlight]]:
        lit = [(one.span, one) for one in self.on(node) if one.span]
        return sorted(lit, key=lambda placed: placed[0][0] - placed[0][1])

    def letter(self, node: int, start: int, end: int) -> tuple[str, str] | None:
        """The first letter of the colour that touches `text[start:end]`, for who sees none, and its look."""
        lit = self._longest_first(node)
        touching = [one for span, one in lit if span[0] < end and span[1] > start]
        return ((touching[-1].mark.colour or " ")[0], touching[-1].look) if touching else None

    def told(self, node: int, ellipsis: str) -> Iterator[tuple[NoteKind, str]]:
        """What stands below the text: what was noted on passages, and those that were not found in it."""
        for mark, _, remark in self.on(node):
            if not (remark or mark.noted_as):
                continue
            words = collapsed(mark.quote.exact)
            if not remark and len(words) > _PASSAGE:
                words = words[: _PASSAGE - 1].rstrip() + ellipsis
            told = f" ({mark.colour}, {remark})" if remark else ""
            yield mark.note_kind, f"“{words}”{told}" + (f": {mark.text}" if mark.text else "")
