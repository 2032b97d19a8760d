"""The reader: the list of posts beside the thread, or one at a time where there is no room for both."""

from collections.abc import Sequence
from itertools import compress
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from threadreader.library import Library
from threadreader.model import Copy, TextQuote
from threadreader.settings import Settings
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.arranging import orders_of
from threadreader.ui.screens.changing import Changing
from threadreader.ui.screens.describing import Describing
from threadreader.ui.screens.going import Going
from threadreader.ui.screens.highlighting import Highlighting
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.keyed_screen import NOT_KEPT, Choices
from threadreader.ui.screens.listing import SORTS
from threadreader.ui.screens.marking import Target
from threadreader.ui.screens.mending import Mending
from threadreader.ui.screens.narrowing import Narrowing
from threadreader.ui.screens.read_marking import ReadMarking
from threadreader.ui.screens.reading import Reading
from threadreader.ui.screens.seeking import Seeking
from threadreader.ui.screens.taking import Taking
from threadreader.ui.screens.watching import Watching
from threadreader.ui.screens.whereabouts import Whereabouts
from threadreader.ui.widgets.find_line import FindLine
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_map import ThreadMap
from threadreader.ui.widgets.thread_view import ThreadView


class ReaderScreen(
    Seeking[None],
    Narrowing[None],
    Going[None],
    ReadMarking[None],
    Highlighting[None],
    Changing[None],
    Describing[None],
    Mending[None],
    Taking[None],
    Watching,
):
    """Owns what is listed and what is open; talks to the library; the widgets only draw."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.marks", "g a", "marks('')", "All marks, to filter", "Mark"),
        Key("reader.bookmarks", "g b", "marks('kind:bookmark')", "List of bookmarks", "Mark"),
        Key("reader.notes", "g n", "marks('kind:note')", "List of notes", "Mark"),
        Key("reader.highlights", "g h", "marks('kind:highlight')", "List of highlights", "Mark"),
        Key("reader.tags", "g t", "all_tags", "All tags, to look into and rename", "Mark"),
        Key("reader.history", "g u", "history", "What was done, to undo", "Mark"),
        Key("reader.begun", "g o", "begun", "Where was I: posts begun", "List"),
        Key("reader.sort", "S", "arrange", "Sort the thread, or the list, otherwise", "List"),
        Key("reader.other-pane", "g w,f6", "other_pane", "The other pane", "Panes"),
        Key("reader.layout", "w", "layout", "One pane, or both", "Panes"),
        Key("reader.mouse", "f2", "app.mouse", "Release or take the mouse", "Program"),
        Key("reader.back", "q", "back", "Back to the list; there, quit", "Panes", footer="Back"),
        Key("reader.leave", "escape", "leave", "Out of what is shown, or back from a jump", "Panes"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    AUTO_FOCUS = ""  # the list, or the thread that was asked for
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-widest")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    ReaderScreen { layout: vertical; }
    ReaderScreen #panes { height: 1fr; }
    ReaderScreen PostList { width: 36%; max-width: 44; border-right: vkey $panel; }
    ReaderScreen ThreadView { width: 1fr; }
    ReaderScreen ThreadMap { width: 24; display: none; }
    ReaderScreen.-widest ThreadMap, ReaderScreen.-mapped.-reading ThreadMap { display: block; }
    ReaderScreen.-mapless ThreadMap { display: none; }
    ReaderScreen.-narrow PostList, ReaderScreen.-single PostList {
        width: 1fr; max-width: 100%; border-right: none;
    }
    ReaderScreen.-narrow ThreadView, ReaderScreen.-single ThreadView { display: none; }
    ReaderScreen.-narrow.-reading PostList, ReaderScreen.-single.-reading PostList { display: none; }
    ReaderScreen.-narrow.-reading ThreadView, ReaderScreen.-single.-reading ThreadView { display: block; }
    """

    def __init__(
        self, library: Library, *, paths: Sequence[Path], start: Target | None, glyphs: Glyphs
    ) -> None:
        super().__init__()
        self.library = library
        self.paths = paths
        self._start = start
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """List and thread side by side, the line that is typed in, status and footer."""
        with Horizontal(id="panes"):
            yield PostList(glyphs=self.glyphs, empty="No posts yet. Add one: threadreader add FILE")
            yield ThreadView(glyphs=self.glyphs)
            yield ThreadMap(glyphs=self.glyphs)
        yield FindLine()
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one(StatusLine)

    def on_mount(self) -> None:
        """Show what is there at once; look for new documents meanwhile."""
        self.list_as_before()
        if self.library.index.is_unfinished:
            self.busy = "The index is built anew. The posts come one after the other."
            self.watch_listed()
        self.reload()
        if self._start:
            self.open(*self._start)
        else:
            self.posts.focus()
        if self.library.read_only:
            self.say(NOT_KEPT)
        # Watched, not told by messages: the status line is then drawn with the comment, not a frame later.
        self.watch(self.view, "cursor", self._at_comment, init=False)
        self.watch(self.view, "scroll_y", self.remember_place, init=False)
        self.watch(self.view, "found", self.found_changed, init=False)
        self.watch_stores()

    def on_resize(self, event: events.Resize) -> None:
        """A wider screen has room for more numbers; Textual runs what `KeyedScreen` does as well."""
        self.call_after_refresh(self.say_where)

    def on_unmount(self) -> None:
        """Leave nothing unwritten."""
        self.write_behind()

    @on(PostList.Refused)
    def _list_refused(self, event: PostList.Refused) -> None:
        self.say(event.reason)

    @on(ThreadView.Refused)
    def _refused(self, event: ThreadView.Refused) -> None:
        self.say(self.with_key(event.reason, event.action, event.does))

    def choices(self) -> dict[str, Choices]:
        """The orders of what has the keys as well."""
        if self.in_thread and self.reading is not None:
            orders = Choices("Sort the thread", orders_of(self.reading.thread), self.arrange_by)
        else:
            orders = Choices("Sort the list", list(SORTS), self.sort_by)
        return super().choices() | {"reader.sort": orders}

    # The thread

    def open(self, post_id: str, comment_id: str | None = None) -> None:
        """Give the thread pane a post and the keys; with a comment, go there."""
        self.jumped_from = None
        if self.reading is None or self.reading.post_id != post_id:
            self.load(Place(post_id), anew=True)
        if self.part is not None and comment_id is not None:
            self.show_part(None)
        row = next((at for at, row in enumerate(self.posts.posts) if row.post.id == post_id), None)
        if row is not None:
            self.posts.cursor = row + self.posts.first_post
        self.to_thread()
        if comment_id is not None and not self.view.go_to(comment_id, unfold=True):
            self.say("that comment is no longer in the thread")

    def load(self, place: Place, *, anew: bool = False) -> None:
        """Show a post, where and as it was left, or as `place` says.

        What is opened `anew` is folded as the settings say.
        """
        assert place.post_id is not None
        self.write_behind()
        before, reading = self.reading, Reading(self.library, place.post_id)
        self.reading = reading
        if place.folds is not None:
            reading.keep_folds(place.folds)
        elif anew and self.settings is not None:
            reading.begin_folded(self.settings.folds)
        elif before is not None and before.post_id == place.post_id:
            reading.go_on_from(before)
        self.part = None
        self._show(place.position or reading.position)

    def action_arrange(self) -> None:
        """The next order of the thread, or of the list."""
        if self.in_thread and self.reading is not None:
            self.arrange_next(self.reading)
        else:
            self.sort_next()

    def write_behind(self) -> None:
        """Write the place and folds of the open post."""
        if self.reading is not None:
            with self.refusals():
                self.reading.flush()

    def _at_comment(self) -> None:
        self.map.cursor = self.view.cursor
        self.remember_place()
        self.say_where()

    @property
    def words_per_minute(self) -> int:
        """How fast the reader reads."""
        return (self.settings or Settings()).reading.words_per_minute

    def remember_place(self) -> None:
        """Where the reader is in the thread is the place to come back to."""
        if self.reading is not None and self.in_thread:
            self.reading.keep_position(self.view.position)

    @on(ThreadView.FoldsChanged)
    def _folds_changed(self, event: ThreadView.FoldsChanged) -> None:
        whole = (
            self.part is None
            and self.reading
            and len(event.thread.comments) == len(self.reading.thread.comments)
        )
        if self.reading and whole and event.thread.post.id == self.reading.post_id:
            self.reading.keep_folds(compress(event.thread.positions, event.closed))

    @on(ThreadView.Left)
    def _left(self) -> None:
        self._to_list()

    def action_other_pane(self) -> None:
        """From the list to the thread, and back."""
        if self.in_thread:
            self._to_list()
        elif self.posts.post:
            self.open(self.posts.post.post.id)
        elif self.posts.search:
            self.say(self.with_key("this is a saved search", "list.choose", "opens it"))

    def action_layout(self) -> None:
        """Both panes, or one at a time."""
        if self.has_class("-narrow"):
            self.say("one pane at a time: there is no room for both")
            return
        self.toggle_class("-single")
        if self.in_thread:
            self.add_class("-reading")

    def action_back(self) -> None:
        """From a part to the whole thread, from there to the list, and out of the program."""
        if self.in_thread and self.part is not None:
            self.show_part(None)
        elif self.in_thread:
            self._to_list()
        else:
            self.app.exit()

    def action_leave(self) -> None:
        """Out of one layer: the marks of finding, where a jump led, the thread, the filter."""
        if self.in_thread and self.part is not None and self.part.is_of_matches:
            self.show_part(None)
        elif self.in_thread and self.view.is_finding:
            self.view.end_find(restore=False)
        elif self.in_thread and self.part is not None:
            self.show_part(None)
        elif self.in_thread and self.jumped_from:
            self.go_to(self.jumped_from)
        elif self.in_thread:
            self._to_list()
        elif self.listing.pattern:
            self.filter("")
        else:
            self.say(self.with_key("", "posts.quit", "quits") or "this is the list")

    def place(self) -> Place:
        """Where the reader is: in the thread, or in the list."""
        reading = self.reading if self.in_thread else None
        return Place(reading.post_id, self.view.position, reading.folds) if reading else Place()

    def go_to(self, place: Place) -> bool:
        """Show a place again; False, and told, where its post is gone."""
        if place.post_id is None:
            self._to_list()
            return True
        if place.post_id not in self.post_ids:
            self.say("the post of that place is gone")
            return False
        self.load(place)
        self.open(place.post_id)
        return True

    @on(ThreadView.Leapt)
    def _leapt(self, event: ThreadView.Leapt) -> None:
        if self.reading is not None:
            self.left(Place(self.reading.post_id, event.position))

    def to_thread(self) -> None:
        """Give the thread the keys."""
        self.in_thread = True
        self.add_class("-reading")
        self.view.focus()
        self.say_where()

    def _to_list(self) -> None:
        self.remember_place()
        self.write_behind()
        self.in_thread = False
        self.jumped_from = None
        self.remove_class("-reading")
        self.count_found_soon()
        self.posts.focus()
        self.say_where()

    def on_descendant_focus(self) -> None:
        """A click moves the keys to a pane as well."""
        if self.view.has_focus and not self.in_thread:
            self.to_thread()
        elif self.posts.has_focus and self.in_thread:
            self._to_list()

    # Marks

    def target(self) -> Target | None:
        """The comment under the cursor, or the post; in the list the post under the cursor."""
        if self.in_thread and self.reading:
            return self.reading.post_id, self.view.comment_id
        row = self.posts.post
        return (row.post.id, None) if row else None

    def conversation(self) -> str | None:
        """The comment whose way from the post alone is shown."""
        part = self.part if self.in_thread else None
        return None if part is None or part.is_of_matches else next(iter(part.comment_ids))

    def quote(self, target: Target) -> TextQuote:
        """The words marked; those of the open post are at hand."""
        post_id, comment_id = target
        if comment_id and self.reading and self.reading.post_id == post_id:
            words = self.reading.words(comment_id)
            return TextQuote(words, copy=Copy(words))
        return super().quote(target)

    def action_remove(self) -> None:
        """Remove the mark here; in the list, the saved search."""
        search = None if self.in_thread else self.posts.search
        if search is None:
            super().action_remove()
            return
        with self.refusals():
            self.library.annotations.remove_search(search.name)
            self.marks_changed(self.undoable(f'search "{search.name}" removed'))

    @work
    async def action_marks(self, query: str) -> None:
        """The marks that a query asks for, to jump from."""
        from threadreader.ui.screens.marks_screen import MarksScreen

        self.write_behind()
        target = await self.app.push_screen_wait(MarksScreen(self.library, self.glyphs, query))
        self.marks_changed("")
        if target:
            self.jump(target)

    @work
    async def action_all_tags(self) -> None:
        """Every tag, to see what bears it, or to rename it."""
        from threadreader.ui.screens.tags_screen import TagsScreen

        self.write_behind()
        target = await self.app.push_screen_wait(TagsScreen(self.library, self.glyphs))
        self.marks_changed("")
        if target:
            self.jump(target)

    @work
    async def action_history(self) -> None:
        """What was done, to go to where, or to undo."""
        from threadreader.ui.screens.history_screen import HistoryScreen

        self.write_behind()
        target = await self.app.push_screen_wait(HistoryScreen(self.library, self.glyphs))
        self.marks_changed("")
        if target:
            self.jump(target)

    @work
    async def action_begun(self) -> None:
        """The posts that were begun, to go on with one."""
        from threadreader.ui.screens.begun_screen import BegunScreen

        self.remember_place()
        self.write_behind()
        screen = BegunScreen(self.library, self.words_per_minute, self.glyphs)
        post_id = await self.app.push_screen_wait(screen)
        if post_id:
            self.jump((post_id, None))

    def marks_changed(self, message: str) -> None:
        """Show what the store holds now."""
        self.show_as_mended()
        self.reload()
        if self.reading is not None:
            self.reading.title = self.library.title(self.reading.post_id)
            self.view.set_title(self.reading.title)
            self.map.tell(self.view.set_marks(self.reading.marks))
            # Only undo changes read marks here; reading all of them at each bookmark would make it wait.
            unread = next((row.unread for row in self.listed if row.post.id == self.reading.post_id), 0)
            if unread != self.view.unread:
                self.map.tell(self.view.set_read(self.reading.read))
                self.say_where()
        if message:
            self.say(message)

    # What others changed

    def stores_changed(self) -> None:
        """Show what documents and other programs brought; the reader stays where they are."""
        self.reload()
        if self.reading is None:
            return
        fresh = Reading(self.library, self.reading.post_id)
        if (fresh.thread, fresh.news) != (self.reading.thread, self.reading.news):
            self.load(Place(fresh.post_id, self.view.position))
        else:
            self.reading.title = fresh.title
            self.view.set_title(fresh.title)
            self.map.tell(self.view.set_marks(fresh.marks))
            self.map.tell(self.view.set_read(fresh.read))
            self.say_where()

    # What the status line says

    def say_where(self) -> None:
        """Tell in the status line where the reader is."""
        status = self.status
        if self.in_thread and self.view.mode:
            status.way, status.where, status.numbers = (), self.view.mode.told, ""
        elif self.in_thread and self.reading:
            arranged = self.part.told if self.part else self.arrangement.told
            at = Whereabouts(self.reading, self.view, arranged, self.words_per_minute, self.size.width)
            status.way, status.where, status.numbers = at.way, at.where, at.numbers
        else:
            searches = self.posts.first_post
            shown = len(self.posts.rows) - searches
            status.way, status.where = (), self.listing.shown
            status.numbers = f"{max(self.posts.cursor + 1 - searches, 0) if shown else 0}/{shown}"
