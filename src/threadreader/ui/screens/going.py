"""Going to what has a name: a post, the comments of a person, what bears a tag, a bookmark."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.following import Following, Query
from threadreader.ui.screens.keyed_screen import hinted

Result = TypeVar("Result")


class Going(Following[Result]):
    """A screen on which one can go anywhere by name."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.go-to", "f", "go_to_name", "Go to a title, person, tag or bookmark", "Jump"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @work
    async def action_go_to_name(self) -> None:
        """Type a name and go there.

        For a person that is the first comment of theirs, here if there is any; for a tag a search for it.
        """
        from threadreader.ui.screens.names_screen import NamesScreen

        self.write_behind()
        there = await self.app.push_screen_wait(NamesScreen(self.library, self.glyphs))
        if there is None:
            return
        if there.kind == "author":
            self._go_to_author(there.author or there.name)
        elif there.kind == "tag":
            self.search(Query(f'tag:"{there.name}"'))
        elif there.post_id is not None and there.post_id in self.post_ids:
            self.jump((there.post_id, there.comment_id))
        else:
            self.say("that post is gone")

    def _go_to_author(self, name: str) -> None:
        comments = self.reading.thread.comments if self.reading and self.in_thread else ()
        here = next((comment.id for comment in comments if name == (comment.author or comment.signed)), None)
        theirs = self.library.index.first_comments_by(name)
        if self.reading is not None and here is not None:
            self.jump((self.reading.post_id, here))
        elif theirs:
            self.jump(theirs[0])
        else:
            self.say(f"nothing by {name} is left")
            return
        posts = f" in {len(theirs)} posts" if len(theirs) > 1 else ""
        further = self.glyphs.spelt(self.view.key("thread.next-by-author"))
        back = self.key("reader.leave")
        self.say(hinted(f"{name}{posts}", (further, "goes on"), (back, "brings you back")))
