"""How the open thread is shown: its order, all of it or only a path, its parents, its map."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType

from threadreader.model import Position
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.arranging import Arrangement, Part
from threadreader.ui.screens.jumping import Jumping
from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.thread_map import ThreadMap
from threadreader.ui.widgets.thread_view import ThreadView

Result = TypeVar("Result")


class Showing(Jumping[Result]):
    """A screen with a thread and its map."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.flat", "g s", "flat", "The thread as one list, or as a tree", "List"),
        Key("reader.parents", "i", "parents", "What this comment answers", "Move"),
        Key("reader.map", "g m", "map", "Show or hide the map of the thread", "Panes"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    reading: Reading | None = None
    """The post that is open."""
    in_thread: bool = False
    """Has the thread the keys, or had it them before a line or dialog took them?"""

    def __init__(self) -> None:
        super().__init__()
        self.arrangement = Arrangement()
        self.part: Part | None = None  # what alone is shown of the thread

    @property
    def view(self) -> ThreadView:
        """The thread pane."""
        return self.query_one(ThreadView)

    @property
    def map(self) -> ThreadMap:
        """The tree beside the thread."""
        return self.query_one(ThreadMap)

    @abstractmethod
    def say_where(self) -> None:
        """Tell in the status line where the reader is."""

    @abstractmethod
    def to_thread(self) -> None:
        """Give the thread the keys."""

    def _show(self, position: Position | None) -> None:
        """Show the open post, arranged as the reader wants it."""
        reading = self.reading
        if reading is None:
            return
        thread, folded = self.arrangement.of(reading.thread), reading.folds
        left_out: Mapping[int, int] = {}
        if self.part is not None:
            # The way to a comment is a conversation: it is read as it was held, and nothing is missing in it.
            thread, left_out = self.part.of(thread if self.part.is_of_matches else reading.thread)
            folded = frozenset()
        self.view.doubt_hint = self.with_key("", "reader.mend", "mends it")
        self.map.show(None, self.view.state)  # the cursor that the view takes now is none of the old map's
        self.view.load(
            thread,
            title=reading.title,
            read=reading.read,
            marks=reading.marks,
            folded=folded,
            position=position,
            news=reading.news,
            left_out=left_out,
        )
        self.map.show(self.view.layout_, self.view.state)
        self.map.cursor = self.view.cursor
        self.say_where()

    def show_part(self, part: Part | None, position: Position | None = None) -> None:
        """Show only a part of the thread; None shows all of it again. What is lit stays lit."""
        position, query = position or self.view.position, self.view.looked_for
        self.part = part
        self._show(position)
        if query:
            self.view.find_again(query, position)

    def arrange_next(self, reading: Reading) -> None:
        """Show the thread in the next order."""
        self.arrange_by(self.arrangement.next_order(reading.thread).order)

    def arrange_by(self, order: str) -> None:
        """Show the thread in that order."""
        self.arrangement = self.arrangement._replace(order=order)
        self._show_whole(f"sorted: {order}")

    def go_to_number(self, number: str) -> None:
        """Go to a comment by its number among those that are shown, or by its place."""
        thread = self.view.thread
        if thread is None or self.reading is None:
            self.say("there is no thread here to go to a comment in")
            return
        comments, before = thread.comments, self.place()
        if number.isdecimal():
            comment_id = comments[int(number) - 1].id if 0 < int(number) <= len(comments) else None
        else:
            comment_id = next((comment.id for comment in comments if comment.place == number), None)
        if comment_id is None:
            told = f"the last is {len(comments)}" if number.isdecimal() else "as the thread is shown"
            self.say(f"no comment {number} here: {told}")
            return
        self.left(before)
        self.to_thread()
        self.view.go_to(comment_id)

    def action_flat(self) -> None:
        """The comments as one list, or as a tree again."""
        self.arrangement = self.arrangement._replace(flat=not self.arrangement.flat)
        self._show_whole("as one list" if self.arrangement.flat else "as a tree")

    def _show_whole(self, told: str) -> None:
        was_part = self.part is not None
        self.show_part(None)
        self.say(f"{told}, with all comments again" if was_part else told)

    @work
    async def action_parents(self) -> None:
        """Look at what the comment answers, without moving; there `i` shows only the path."""
        from threadreader.ui.screens.parents_screen import ParentsScreen

        reading, here = self.reading, self.view.comment_id
        if reading is None or here is None or not self.in_thread:
            self.say("the post answers nothing")
            return
        screen = ParentsScreen(reading.thread, here, reading.title, self.glyphs)
        chosen = await self.app.push_screen_wait(screen)
        if chosen is None:
            return
        if chosen.path_only and chosen.comment_id:
            self.show_part(Part([chosen.comment_id], "only the way here"))
            self.say(self.with_key("only what leads here", "reader.leave", "shows all"))
        else:
            self.left(self.place())
            self.view.go_to(chosen.comment_id, place=0.3)

    @on(ThreadMap.Clicked)
    def _map_clicked(self, event: ThreadMap.Clicked) -> None:
        thread = self.view.thread
        if thread is not None:
            self.left(self.place())
            self.to_thread()
            self.view.go_to(thread.comments[event.node - 1].id)

    def action_map(self) -> None:
        """Show the map of the thread, or hide it."""
        shown = self.map.display
        self.set_class(shown, "-mapless")
        self.set_class(not shown, "-mapped")
        self.say("the map is hidden" if shown else "the map is shown")
