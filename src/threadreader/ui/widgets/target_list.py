"""Comments that a mark could stand on, two lines each."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.model import Comment, collapsed
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class PossibleTarget:
    """A comment, and whether its words are like those of the mark."""

    comment: Comment
    is_candidate: bool


class TargetList(RowList[PossibleTarget]):
    """Place and author; the beginning of what it says."""

    def parts(self, row: PossibleTarget, width: int) -> Sequence[Sequence[Part]]:
        """Where it is, whose, and whether it is likely; then its words."""
        comment, ellipsis = row.comment, self.glyphs.ellipsis
        likely = "  could be meant" if row.is_candidate else ""
        byline = cut(comment.byline, width - len(comment.place) - 2 - len(likely), ellipsis)
        head = [(f"{comment.place}  ", "place"), (byline, "about"), (likely, "warning")]
        # Not the whole text: a thread has some of any length, and one line is shown.
        return [
            head,
            [("  ", "text"), (cut(collapsed(comment.text[: 4 * width]), width - 2, ellipsis), "text")],
        ]
