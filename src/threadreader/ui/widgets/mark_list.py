"""Bookmarks, notes, highlights and tags of all posts, two lines each."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.model import NOTE_NAMES, Annotation, ListedMark, collapsed
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark as it is listed, and whether it is one of those that something is to be done with."""

    listed: ListedMark
    is_chosen: bool = False

    @property
    def mark(self) -> Annotation:
        """The mark itself."""
        return self.listed.mark


class MarkList(RowList[ShownMark]):
    """Post, place and day, and what became of it; the note, or the words bookmarked or highlighted."""

    def parts(self, row: ShownMark, width: int) -> Sequence[Sequence[Part]]:
        """Where and when; then the reader's words, or for a bookmark the comment's; of the lost both."""
        listed, mark, glyphs = row.listed, row.mark, self.glyphs
        is_note = listed.kind == "note"
        signs = {
            "note": glyphs.of_note(mark.note_kind),
            "bookmark": glyphs.bookmark,
            "highlight": (mark.colour or "h")[0],
            "tag": "#",
        }
        chosen = f"{glyphs.hit} " if row.is_chosen else ""
        sign: Part = (f"{signs[listed.kind]} ", "bookmark" if listed.kind == "bookmark" else "note")
        day = "" if listed.is_of_tags else f"  {mark.created.strftime(self.view_settings.days)}"
        about = f"  {listed.place or ''}{day}"
        noted = f"  {NOTE_NAMES[mark.note_kind]}" if mark.note_kind != "comment" else ""
        state, reason = listed.anchored.state, listed.anchored.reason
        # In full where there is room: the state alone says what to do, the reason why.
        told = f"  {state}: {reason}" if reason and state != "exact" else f"  {state}"
        shown = "" if state == "exact" else told if len(told) <= width // 2 else f"  {state}"
        title = cut(
            listed.title, width - 2 - len(chosen) - len(about) - len(noted) - len(shown), glyphs.ellipsis
        )
        head = [
            (chosen, "bookmark"),
            sign,
            (title, "title"),
            (about, "about"),
            (noted, "note"),
            (shown, "warning"),
        ]
        tags = "".join(f"#{tag} " for tag in listed.tags)
        tags = cut(tags, width // 3, glyphs.ellipsis) if not listed.is_of_tags else tags
        words = cut(_words(listed), width - 2 - len(tags), glyphs.ellipsis)
        return [head, [("  ", "text"), (tags, "place"), (words, "note" if is_note else "text")]]


def _words(listed: ListedMark) -> str:
    mark = listed.mark
    words = collapsed(mark.text if listed.kind == "note" else mark.quote.exact)
    if listed.kind == "highlight":
        return f"“{words}”" + (f" {collapsed(mark.text)}" if mark.text else "")
    if listed.kind == "note" and listed.is_lost:
        return f"{words} “{collapsed(mark.quote.exact)}”"
    return words
