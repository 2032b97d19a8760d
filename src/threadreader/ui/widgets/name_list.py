"""Names of any kind that were found as they were typed, one line each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from threadreader.model import Destination
from threadreader.ui.widgets.row_list import Part, RowList, cut
from threadreader.ui.widgets.wrapping import cells

_WIDEST_ABOUT = 0.4  # of a line


@dataclass(frozen=True, slots=True)
class ShownName:
    """A destination with `lit()`, the places in its name that were found."""

    destination: Destination
    lit: Callable[[], Sequence[tuple[int, int]]]


class NameList(RowList[ShownName]):
    """The name with what was found lit; at the right what it is, and what else there is to say."""

    ROW_HEIGHT = 1

    def parts(self, row: ShownName, width: int) -> Sequence[Sequence[Part]]:
        """One line."""
        there, glyphs = row.destination, self.glyphs
        kind = f" {there.kind}"
        about = cut(there.about, int(width * _WIDEST_ABOUT) - len(kind), glyphs.ellipsis)
        told = f"  {about} {glyphs.between}" if about else " "
        room = max(width - cells(told) - len(kind), 1)
        name = cut(there.name, room, glyphs.ellipsis)
        blanks = " " * (room - cells(name))
        return [[*self._lit_name(row, name), (blanks + told, "about"), (kind, "place")]]

    def _lit_name(self, row: ShownName, name: str) -> Iterator[Part]:
        at = 0
        for start, end in row.lit():
            if start >= len(name):
                break
            yield name[at:start], "text"
            yield name[start:end], "hit"
            at = end
        yield name[at:], "text"
