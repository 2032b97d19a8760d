"""Bookmarks, notes or highlights of all posts, two lines each."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.model import Annotation, collapsed
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark with the title of its post, where its comment stands now, and whether it still fits."""

    mark: Annotation
    title: str
    place: str | None  # None on the post, or where the comment is gone
    state: str


class MarkList(RowList[ShownMark]):
    """Post, place and day; the note, or the words bookmarked or highlighted."""

    def parts(self, row: ShownMark, width: int) -> Sequence[Sequence[Part]]:
        """Where and when; then the reader's words, or for a bookmark the comment's."""
        mark, glyphs = row.mark, self.glyphs
        is_note = mark.kind == "note"
        signs = {"note": glyphs.note, "bookmark": glyphs.bookmark, "highlight": (mark.colour or "h")[0]}
        sign: Part = (f"{signs[mark.kind]} ", "bookmark" if mark.kind == "bookmark" else "note")
        about = f"  {row.place or ''}  {mark.created.strftime(self.view_settings.days)}"
        state = f"  {row.state}" if row.state != "exact" else ""
        title = cut(row.title, width - 2 - len(about) - len(state), glyphs.ellipsis)
        words = collapsed(mark.text if is_note else mark.quote.exact)
        if mark.kind == "highlight":
            words = f"“{words}”" + (f" {collapsed(mark.text)}" if mark.text else "")
        head = [sign, (title, "title"), (about, "about"), (state, "warning")]
        return [
            head,
            [("  ", "text"), (cut(words, width - 2, glyphs.ellipsis), "note" if is_note else "text")],
        ]
