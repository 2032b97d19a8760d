"""What the newest copy of a post brought and took, word for word."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.library import Library
from threadreader.model import Thread, WordChange
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.reading import Reading
from threadreader.ui.screens.showing import Showing

Result = TypeVar("Result")


class Changing(Showing[Result]):
    """A screen with a thread of which the last two copies can be compared."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.changes", "g c", "changes", "What changed since the last copy, word for word", "List"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    library: Library

    @work
    async def action_changes(self) -> None:
        """The words of the comment that came and went; on the post the comments that are gone."""
        from threadreader.ui.dialogs.changes_dialog import ChangesDialog

        reading = self.reading if self.in_thread else None
        if reading is None:
            self.say("open a post to see what changed in it")
            return
        earlier, comment_id = self.library.earlier(reading.post_id), self.view.comment_id
        news = reading.news.get(comment_id) if comment_id else None
        if earlier is None:
            self.say("there is no earlier copy of this post")
        elif comment_id is None:
            dialog = ChangesDialog("Since the last copy", changes_in(reading, earlier))
            await self.app.push_screen_wait(dialog)
        elif news == "changed" and comment_id in earlier.positions:
            title = f"{reading.named(comment_id)} since the last copy"
            await self.app.push_screen_wait(ChangesDialog(title, changes_of(reading, earlier, comment_id)))
        else:
            told = f"this comment is {'new' if news == 'new' else 'the same'} since the last copy"
            self.say(self.with_key(told, "thread.next-change", "goes to the next change"))


def changes_of(reading: Reading, earlier: Thread, comment_id: str) -> Sequence[WordChange]:
    """What changed in a comment that both copies have."""
    from threadreader.anchoring import word_changes

    before = earlier.comments[earlier.positions[comment_id]].text
    return word_changes(before, reading.words(comment_id))


def changes_in(reading: Reading, earlier: Thread) -> Iterator[WordChange]:
    """How many comments are new and changed, and what is gone, in full."""
    kinds = list(reading.news.values())
    gone = [comment for comment in earlier.comments if comment.id not in reading.thread.positions]
    told = f"{kinds.count('new')} new, {kinds.count('changed')} changed, {len(gone)} gone"
    yield WordChange("same", told if kinds or gone else "every comment is as it was")
    for comment in gone:
        yield WordChange("same", f"\n\n{comment.place} {comment.byline}\n")
        yield WordChange("gone", comment.text)
