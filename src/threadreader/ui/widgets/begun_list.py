"""Posts that were begun, two lines each: where the reader stopped, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.model import ListedPost
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class Begun:
    """A post with the reader's place in it."""

    listed: ListedPost
    at: int  # the comment, from 1 in reading order; 0 on the post
    left: str  # words and time


class BegunList(RowList[Begun]):
    """Title; place, unread, and what is left to read."""

    def parts(self, row: Begun, width: int) -> Sequence[Sequence[Part]]:
        """What a person asks who comes back."""
        between, listed = f" {self.glyphs.between} ", row.listed
        comments = listed.post.comments
        about = f"  {row.at}/{comments}{between}{100 * row.at // max(comments, 1)}%{between}{row.left}"
        return [
            [(cut(listed.title, width, self.glyphs.ellipsis), "title")],
            [(about, "about"), (between, "about"), (f"{listed.unread} unread", "unread")],
        ]
