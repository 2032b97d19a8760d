"""What is read: by standing on the screen, by a key, and what is still unread after it."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import BindingType

from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.choosing import Choosing
from threadreader.ui.widgets.thread_view import ThreadView

Result = TypeVar("Result")


class ReadMarking(Choosing[Result]):
    """A screen that keeps which comments were read."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.read", "r", "read('comment')", "Mark read, or unread again", "Read"),
        Key("reader.read-subtree", "R", "read('subtree')", "The same with all replies", "Read"),
        Key("reader.read-above", "M", "read('above')", "Mark read up to here", "Read"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @on(ThreadView.Seen)
    def _seen(self, event: ThreadView.Seen) -> None:
        if self.reading is not None and not self.library.read_only:
            self.library.annotations.mark_read(self.reading.post_id, event.comment_ids)
            self._show_read()

    @on(ThreadView.Ended)
    @on(ThreadView.UnreadExhausted)
    def _go_on(self) -> None:
        """At the end of one thread, go on to the next unread comment, here or in another post."""
        if self.view.unread and self.view.go_to_first_unread():
            return
        here = self.reading.post_id if self.reading else None
        rows = list(self.posts.posts)
        at = next((at for at, row in enumerate(rows) if row.post.id == here), -1)
        following = next(
            (row for row in rows[at + 1 :] + rows[: at + 1] if row.unread and row.post.id != here), None
        )
        if following is None:
            self.say("nothing unread is left")
            return
        self.open(following.post.id)
        self.view.go_to_first_unread()
        self.say(f"on to: {following.title}")

    def action_read(self, scope: str) -> None:
        """Mark read; a comment, or a subtree, that is read already becomes unread again."""
        if self.reading is None or not self.in_thread:
            self.say("open a post to mark its comments read")
            return
        reading, here = self.reading, self.view.comment_id
        if scope == "comment" and here is None:
            self.say(self.with_key("this is the post", "reader.read-subtree", "marks what is below it"))
            return
        own = [here] if here else []
        ids = {"subtree": reading.subtree(here), "above": reading.above(here)}.get(scope, own)
        read = scope == "above" or not reading.read.issuperset(ids)
        with self.refusals():
            changed = self.library.annotations.set_read(reading.post_id, ids, read=read)
            self._show_read()
            told = f"{changed} marked {'read' if read else 'unread'}"
            undone = self.with_key(told, "mark.undo", "takes it back")
            self.say(undone if changed else "all of it is read already")

    def _show_read(self) -> None:
        self.reload()
        if self.reading is not None:
            self.map.tell(self.view.set_read(self.reading.read))
        self.say_where()
