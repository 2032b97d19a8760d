"""What a line of commands could become, one line each."""

from collections.abc import Sequence
from typing import Protocol

from threadreader.ui.widgets.row_list import Part, RowList, cut
from threadreader.ui.widgets.wrapping import cells

_LINE_WIDTH = 24


class Offered(Protocol):
    """A line, what it does, and the keys that do the same."""

    @property
    def line(self) -> str:
        """What would be typed."""

    @property
    def label(self) -> str:
        """What it does."""

    @property
    def keys(self) -> str:
        """The keys that do it."""


class OfferList(RowList[Offered]):
    """The command, what it does, and its keys at the right."""

    ROW_HEIGHT = 1

    def parts(self, row: Offered, width: int) -> Sequence[Sequence[Part]]:
        """One line."""
        line = cut(row.line, _LINE_WIDTH - 1, self.glyphs.ellipsis)
        keys = self.glyphs.spelt(row.keys)
        room = max(width - _LINE_WIDTH - cells(keys) - 1, 0)
        label = cut(row.label, room, self.glyphs.ellipsis)
        return [
            [
                (line + " " * (_LINE_WIDTH - cells(line)), "title"),
                (label + " " * (room - cells(label)), "text"),
                (f" {keys}", "place"),
            ]
        ]
