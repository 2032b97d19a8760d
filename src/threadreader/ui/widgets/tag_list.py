"""Every tag, a line each."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from threadreader.ui.widgets.row_list import Part, RowList, cut


class CountedTag(NamedTuple):
    """A tag, and on how many comments and posts it is."""

    tag: str
    on: int


class TagList(RowList[CountedTag]):
    """The tag, and on how much it is."""

    ROW_HEIGHT: ClassVar[int] = 1

    def parts(self, row: CountedTag, width: int) -> Sequence[Sequence[Part]]:
        """The count before the tag, so that both stand in columns."""
        tag = cut(f"#{row.tag}", width - 7, self.glyphs.ellipsis)
        return [[(f"{row.on:5}  ", "about"), (tag, "place")]]
