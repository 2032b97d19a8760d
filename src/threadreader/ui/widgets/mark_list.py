"""Bookmarks, notes or highlights of all posts, two lines each."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.model import Anchored, Annotation, collapsed
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark with where it stands, the title of its post, and the place of its comment."""

    anchored: Anchored
    title: str
    place: str | None  # None on the post, or where the comment is gone

    @property
    def mark(self) -> Annotation:
        """The mark itself."""
        return self.anchored.mark

    @property
    def is_lost(self) -> bool:
        """Is the comment that it was made on gone?"""
        return self.mark.comment_id is not None and self.place is None


class MarkList(RowList[ShownMark]):
    """Post, place and day, and what became of it; the note, or the words bookmarked or highlighted."""

    def parts(self, row: ShownMark, width: int) -> Sequence[Sequence[Part]]:
        """Where and when; then the reader's words, or for a bookmark the comment's; of the lost both."""
        mark, glyphs = row.mark, self.glyphs
        is_note = mark.kind == "note"
        signs = {
            "note": glyphs.of_note(mark.note_kind),
            "bookmark": glyphs.bookmark,
            "highlight": (mark.colour or "h")[0],
        }
        sign: Part = (f"{signs[mark.kind]} ", "bookmark" if mark.kind == "bookmark" else "note")
        about = f"  {row.place or ''}  {mark.created.strftime(self.view_settings.days)}"
        state, reason = row.anchored.state, row.anchored.reason
        # In full where there is room: the state alone says what to do, the reason why.
        told = f"  {state}: {reason}" if reason and state != "exact" else f"  {state}"
        shown = "" if state == "exact" else told if len(told) <= width // 2 else f"  {state}"
        title = cut(row.title, width - 2 - len(about) - len(shown), glyphs.ellipsis)
        words = collapsed(mark.text if is_note else mark.quote.exact)
        if mark.kind == "highlight":
            noted = f" {glyphs.of_note(mark.note_kind)}" if mark.note_kind != "comment" else ""
            words = f"“{words}”{noted}" + (f" {collapsed(mark.text)}" if mark.text else "")
        elif is_note and row.is_lost:
            words = f"{words} “{collapsed(mark.quote.exact)}”"
        head = [sign, (title, "title"), (about, "about"), (shown, "warning")]
        return [
            head,
            [("  ", "text"), (cut(words, width - 2, glyphs.ellipsis), "note" if is_note else "text")],
        ]
