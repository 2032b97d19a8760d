"""Every bookmark, note or highlight of all posts: to jump from, to edit, to remove."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from threadreader.library import Library
from threadreader.model import Anchored, Annotation
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.highlighting import Highlighting
from threadreader.ui.screens.marking import Marking, Target
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.mark_list import MarkList, ShownMark
from threadreader.ui.widgets.status_line import StatusLine

# Which action makes one, and what its key does.
_HOW = {
    "bookmark": ("mark.bookmark", "on a comment sets one"),
    "note": ("mark.note", "on a comment writes one"),
    "highlight": ("mark.select", "on a comment selects a passage"),
}


class MarksScreen(Marking[Target | None]):
    """Returns where to go, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("marks.back", "q,escape,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
        Key("marks.attach", "=", "attach", "Attach to a comment", "Mark", footer="Attach"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, library: Library, kind: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.kind = kind
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The list, status and footer."""
        action, does = _HOW[self.kind]
        # Asked of the reader's keys, where it is done: what makes a highlight has no key here.
        keys = [key.sign(typing=False) for key in self.keymap.keys_of(Highlighting) if key.id == action]
        how = f": {self.glyphs.spelt(keys[0])} {does}" if keys and keys[0] else ""
        yield MarkList(glyphs=self.glyphs, empty=f"No {self.kind}s yet{how}.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def marks(self) -> MarkList:
        """The list."""
        return self.query_one(MarkList)

    def on_mount(self) -> None:
        """Show what there is."""
        self.marks.focus()
        self.reload()

    def reload(self) -> None:
        """Read the marks again, newest first."""
        library = self.library
        wanted = [mark for mark in library.annotations.marks() if self._is_wanted(mark)]
        titles = {row.post.id: row.title for row in library.listed()}
        shown = [
            ShownMark(
                anchored, titles.get(anchored.mark.post_id, "a post that is gone"), self._place(anchored)
            )
            for anchored in library.states(wanted)
        ]
        self.marks.show(shown[::-1], self.marks.cursor)
        self.query_one(StatusLine).where = f"{self.kind}s of all posts"
        self._count()

    def _is_wanted(self, mark: Annotation) -> bool:
        noted = self.kind == "note" and bool(mark.text)  # what is noted on a passage is a note as well
        return mark.kind == self.kind or noted

    def _place(self, anchored: Anchored) -> str | None:
        comment_id = anchored.mark.comment_id
        if comment_id is None or self.library.index.comment_post(comment_id) is None:
            return None
        thread = self.library.index.thread(anchored.mark.post_id)
        return thread.comments[thread.positions[comment_id]].place

    @on(MarkList.Highlighted)
    def _count(self) -> None:
        total = len(self.marks.rows)
        self.query_one(StatusLine).numbers = f"{self.marks.cursor + 1 if total else 0}/{total}"

    @on(MarkList.Chosen)
    def _chosen(self, event: MarkList.Chosen) -> None:
        shown = event.row
        if shown.is_lost:
            told = f"{shown.anchored.reason}: the words are kept here"
            self.say(self.with_key(told, "marks.attach", "attaches it to another"))
        else:
            self.dismiss((shown.mark.post_id, shown.mark.comment_id))

    @work
    async def action_attach(self) -> None:
        """Choose the comment that the mark under the cursor is to stand on."""
        shown = self.marks.row
        if shown is None or shown.mark.post_id not in {row.post.id for row in self.library.listed()}:
            self.say("no mark here, or its post is gone")
            return
        from threadreader.ui.screens.attach_screen import AttachScreen

        thread = self.library.index.thread(shown.mark.post_id)
        comment_id = await self.app.push_screen_wait(AttachScreen(thread, shown.anchored, self.glyphs))
        if comment_id is None:
            return
        with self.refusals():
            anchored = self.library.attach(shown.mark.id, (thread.post.id, comment_id))
            told = f"attached, {anchored.reason}" if anchored.reason else "attached"
            self.marks_changed(self.with_key(told, "mark.undo", "takes it back"))

    def target(self) -> Target | None:
        """What the mark under the cursor stands on, while it is there."""
        shown = self.marks.row
        return None if shown is None or shown.is_lost else (shown.mark.post_id, shown.mark.comment_id)

    def mark_here(self) -> Annotation | None:
        """The mark under the cursor."""
        return self.marks.row.mark if self.marks.row else None

    def marks_changed(self, message: str) -> None:
        """Show the list as it is now."""
        self.reload()
        self.say(message)
