"""The reader: the list of posts beside the thread, or one at a time where there is no room for both."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.timer import Timer

from threadreader.library import Library
from threadreader.model import ListedPost, TextQuote
from threadreader.settings import Settings
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.arranging import orders_of
from threadreader.ui.screens.going import Going
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.keyed_screen import NOT_KEPT, Choices
from threadreader.ui.screens.listing import SORTS, Listing
from threadreader.ui.screens.marking import Target
from threadreader.ui.screens.narrowing import Narrowing
from threadreader.ui.screens.reading import Reading
from threadreader.ui.screens.taking import Taking
from threadreader.ui.screens.watching import Watching
from threadreader.ui.widgets.find_line import FindLine
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.status_line import StatusLine, reading_time
from threadreader.ui.widgets.thread_map import ThreadMap
from threadreader.ui.widgets.thread_view import ThreadView

ROOMY = 100  # columns from which the status line tells what is left to read
SHOW_AFTER = 0.06  # seconds that the cursor of the list rests before its thread is drawn beside it


class ReaderScreen(Watching, Narrowing[None], Going[None], Taking[None]):
    """Owns what is listed and what is open; talks to the library; the widgets only draw."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.find", "/", "find", "Find in the thread, or filter the list", "Find", footer="Find"),
        Key("reader.bookmarks", "g b", "marks('bookmark')", "List of bookmarks", "Mark"),
        Key("reader.notes", "g n", "marks('note')", "List of notes", "Mark"),
        Key("reader.read", "r", "read('comment')", "Mark read, or unread again", "Read"),
        Key("reader.read-subtree", "R", "read('subtree')", "The same with all replies", "Read"),
        Key("reader.read-above", "M", "read('above')", "Mark read up to here", "Read"),
        Key("reader.begun", "g o", "begun", "Where was I: posts begun", "List"),
        Key("reader.sort", "S", "arrange", "Sort the thread, or the list, otherwise", "List"),
        Key("reader.hide-finished", "g f", "hide_finished", "Hide or show finished posts", "List"),
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
    ReaderScreen PostList { width: 44; border-right: vkey $panel; }
    ReaderScreen ThreadView { width: 1fr; }
    ReaderScreen ThreadMap { width: 24; display: none; }
    ReaderScreen.-widest ThreadMap, ReaderScreen.-mapped.-reading ThreadMap { display: block; }
    ReaderScreen.-mapless ThreadMap { display: none; }
    ReaderScreen.-narrow PostList, ReaderScreen.-single PostList { width: 1fr; border-right: none; }
    ReaderScreen.-narrow ThreadView, ReaderScreen.-single ThreadView { display: none; }
    ReaderScreen.-narrow.-reading PostList, ReaderScreen.-single.-reading PostList { display: none; }
    ReaderScreen.-narrow.-reading ThreadView, ReaderScreen.-single.-reading ThreadView { display: block; }
    """

    listed: reactive[Sequence[ListedPost]] = reactive((), init=False, repaint=False)
    """Every post with what the reader made of it."""
    listing: reactive[Listing] = reactive(Listing(), init=False, repaint=False)
    """How the list is sorted and filtered."""

    def __init__(
        self, library: Library, *, paths: Sequence[Path], start: Target | None, glyphs: Glyphs
    ) -> None:
        super().__init__()
        self.library = library
        self.paths = paths
        self._start = start
        self.glyphs = glyphs
        self._resting: Timer | None = None  # until the post under the list's cursor is shown beside it

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
    def posts(self) -> PostList:
        """The list pane."""
        return self.query_one(PostList)

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one(StatusLine)

    @property
    def find_line(self) -> FindLine:
        """Where a word to find, or a title to filter by, is typed."""
        return self.query_one(FindLine)

    def on_mount(self) -> None:
        """Show what is there at once; look for new documents meanwhile."""
        store = self.library.annotations
        sort = store.state("sort")
        hidden = store.state("hide-finished") == "yes"
        listing = Listing(sort if sort in SORTS else "date", finished_hidden=hidden)
        self.set_reactive(ReaderScreen.listing, listing)
        self.reload()
        if self._start:
            self.open(*self._start)
        else:
            self.posts.focus()
        if self.library.read_only:
            self.say(NOT_KEPT)
        # Watched, not told by messages: the status line is then drawn with the comment, not a frame later.
        self.watch(self.view, "cursor", self._at_comment, init=False)
        self.watch(self.view, "scroll_y", self._remember_place, init=False)
        self.watch(self.view, "found", self._found, init=False)
        self.watch_stores()

    def on_unmount(self) -> None:
        """Leave nothing unwritten."""
        self.write_behind()

    # The list

    def reload(self) -> None:
        """Read the list again: posts came, or counts changed."""
        self.listed = tuple(self.library.listed())

    def watch_listed(self) -> None:
        """Show the rows, and a thread where none is shown yet."""
        self._show_rows()

    def watch_listing(self, before: Listing, after: Listing) -> None:
        """Show the rows that fit, in the new order."""
        self._show_rows(top=before.pattern != after.pattern)

    def _show_rows(self, *, top: bool = False) -> None:
        posts, rows = self.posts, self.listing.rows(self.listed)
        top = top or (posts.cursor == 0 and not self.in_thread)  # whoever is at the top stays there
        kept = None if top or posts.row is None else posts.row.post.id
        at = 0 if top else next((at for at, row in enumerate(rows) if row.post.id == kept), posts.cursor)
        posts.empty = self.busy or self.listing.why_empty(self.listed)
        posts.show(rows, at)
        self.say_where()
        if not self.in_thread:
            self._show_soon()

    @on(PostList.Highlighted)
    def _highlighted(self) -> None:
        self._show_soon()
        self.say_where()

    def _show_soon(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(SHOW_AFTER, self._show_highlighted)

    def _show_highlighted(self) -> None:
        """Draw the thread under the list's cursor beside it."""
        row = self.posts.row
        if row and not self.in_thread and (self.reading is None or self.reading.post_id != row.post.id):
            self._load(Place(row.post.id), anew=True)

    @on(PostList.Chosen)
    def _chosen(self, event: PostList.Chosen) -> None:
        self.open(event.row.post.id)

    @on(PostList.Refused)
    @on(ThreadView.Refused)
    def _refused(self, event: PostList.Refused | ThreadView.Refused) -> None:
        self.say(event.reason)

    def action_sort(self) -> None:
        """The next order of the list."""
        self._sort_by(self.listing.sorted_next().sort)

    def _sort_by(self, order: str) -> None:
        self.listing = replace(self.listing, sort=order)
        self._keep_state("sort", order)
        self.say(f"sorted by {order}")

    def choices(self) -> dict[str, Choices]:
        """The orders of what has the keys as well."""
        if self.in_thread and self.reading is not None:
            orders = Choices("Sort the thread", orders_of(self.reading.thread), self.arrange_by)
        else:
            orders = Choices("Sort the list", list(SORTS), self._sort_by)
        return super().choices() | {"reader.sort": orders}

    def action_hide_finished(self) -> None:
        """Leave posts out that hold nothing unread, or show them again."""
        hidden = not self.listing.finished_hidden
        self.listing = replace(self.listing, finished_hidden=hidden)
        self._keep_state("hide-finished", "yes" if hidden else "no")
        self.say("finished posts are hidden" if hidden else "finished posts are shown")

    def _keep_state(self, key: str, value: str) -> None:
        if not self.library.read_only:
            self.library.annotations.keep_state(key, value)

    # The thread

    def open(self, post_id: str, comment_id: str | None = None) -> None:
        """Give the thread pane a post and the keys; with a comment, go there."""
        self.jumped_from = None
        if self.reading is None or self.reading.post_id != post_id:
            self._load(Place(post_id), anew=True)
        if self.part is not None and comment_id is not None:
            self.show_part(None)
        row = next((at for at, row in enumerate(self.posts.rows) if row.post.id == post_id), None)
        if row is not None:
            self.posts.cursor = row
        self.to_thread()
        if comment_id is not None and not self.view.go_to(comment_id, unfold=True):
            self.say("that comment is no longer in the thread")

    def _load(self, place: Place, *, anew: bool = False) -> None:
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
            self.action_sort()

    def write_behind(self) -> None:
        """Write the place and folds of the open post."""
        if self.reading is not None:
            with self.refusals():
                self.reading.flush()

    def _at_comment(self) -> None:
        self.map.cursor = self.view.cursor
        self._remember_place()
        self.say_where()

    @property
    def words_per_minute(self) -> int:
        """How fast the reader reads."""
        return (self.settings or Settings()).reading.words_per_minute

    def _remember_place(self) -> None:
        if self.reading is not None and self.in_thread:
            self.reading.keep_position(self.view.position)

    @on(ThreadView.Seen)
    def _seen(self, event: ThreadView.Seen) -> None:
        if self.reading is not None and not self.library.read_only:
            self.library.annotations.mark_read(self.reading.post_id, event.comment_ids)
            self._show_read()

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

    @on(ThreadView.Ended)
    @on(ThreadView.UnreadExhausted)
    def _go_on(self) -> None:
        """At the end of one thread, go on to the next unread comment, here or in another post."""
        if self.view.unread and self.view.go_to_first_unread():
            return
        here = self.reading.post_id if self.reading else None
        rows = list(self.posts.rows)
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

    def action_other_pane(self) -> None:
        """From the list to the thread, and back."""
        if self.in_thread:
            self._to_list()
        elif self.posts.row:
            self.open(self.posts.row.post.id)

    def action_layout(self) -> None:
        """Both panes, or one at a time."""
        self.toggle_class("-single")
        if self.in_thread:
            self.add_class("-reading")

    def action_back(self) -> None:
        """From the thread to the list, from there out of the program."""
        if self.in_thread:
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
            self._filter("")
        else:
            self.say("q quits")

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
        self._load(place)
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
        self._remember_place()
        self.write_behind()
        self.in_thread = False
        self.jumped_from = None
        self.remove_class("-reading")
        self.posts.focus()
        self.say_where()

    def on_descendant_focus(self) -> None:
        """A click moves the keys to a pane as well."""
        if self.view.has_focus and not self.in_thread:
            self.to_thread()
        elif self.posts.has_focus and self.in_thread:
            self._to_list()

    # Find and filter

    def action_find(self) -> None:
        """Type words to find in the thread, or in the list a title."""
        if self.in_thread:
            self.find_line.open("", "find in this thread")
            self.call_after_refresh(self.view.prepare_find)
        else:
            self.find_line.open(self.listing.pattern, "filter by title")

    @on(FindLine.Typed)
    def _find_typed(self, event: FindLine.Typed) -> None:
        if self.in_thread:
            self.view.find(event.text)
        else:
            self._filter(event.text.strip())

    def _filter(self, pattern: str) -> None:
        self.listing = replace(self.listing, pattern=pattern)

    @on(FindLine.Kept)
    def _find_kept(self, event: FindLine.Kept) -> None:
        if self.in_thread and event.text:
            self.view.keep_find()
        elif self.in_thread:
            self.view.end_find(restore=True)
        self._close_find()

    @on(FindLine.Cancelled)
    def _find_cancelled(self) -> None:
        if self.in_thread:
            self.view.end_find(restore=True)
        else:
            self._filter("")
        self._close_find()

    def _close_find(self) -> None:
        self.find_line.close()
        (self.view if self.in_thread else self.posts).focus()
        self._remember_place()
        self.say_where()

    def _found(self) -> None:
        self.map.redraw()
        self.say_where()

    # Marks and read state

    def target(self) -> Target | None:
        """The comment under the cursor, or the post; in the list the post under the cursor."""
        if self.in_thread and self.reading:
            return self.reading.post_id, self.view.comment_id
        row = self.posts.row
        return (row.post.id, None) if row else None

    def quote(self, target: Target) -> TextQuote:
        """The words marked; those of the open post are at hand."""
        post_id, comment_id = target
        if comment_id and self.reading and self.reading.post_id == post_id:
            return TextQuote(self.reading.words(comment_id))
        return super().quote(target)

    @work
    async def action_marks(self, kind: str) -> None:
        """Every bookmark, or every note, to jump from."""
        from threadreader.ui.screens.marks_screen import MarksScreen

        self.write_behind()
        target = await self.app.push_screen_wait(MarksScreen(self.library, kind, self.glyphs))
        self.marks_changed("")
        if target:
            self.jump(target)

    @work
    async def action_begun(self) -> None:
        """The posts that were begun, to go on with one."""
        from threadreader.ui.screens.begun_screen import BegunScreen

        self._remember_place()
        self.write_behind()
        screen = BegunScreen(self.library, self.words_per_minute, self.glyphs)
        post_id = await self.app.push_screen_wait(screen)
        if post_id:
            self.jump((post_id, None))

    def marks_changed(self, message: str) -> None:
        """Show what the store holds now."""
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

    def action_read(self, scope: str) -> None:
        """Mark read; a comment, or a subtree, that is read already becomes unread again."""
        if self.reading is None or not self.in_thread:
            self.say("open a post to mark its comments read")
            return
        reading, here = self.reading, self.view.comment_id
        if scope == "comment" and here is None:
            self.say("this is the post: R marks what is below it")
            return
        own = [here] if here else []
        ids = {"subtree": reading.subtree(here), "above": reading.above(here)}.get(scope, own)
        read = scope == "above" or not reading.read.issuperset(ids)
        with self.refusals():
            changed = self.library.annotations.set_read(reading.post_id, ids, read=read)
            self._show_read()
            told = f"{changed} marked {'read' if read else 'unread'}"
            self.say(f"{told}: u takes it back" if changed else "all of it is read already")

    def _show_read(self) -> None:
        self.reload()
        if self.reading is not None:
            self.map.tell(self.view.set_read(self.reading.read))
        self.say_where()

    # What others changed

    def stores_changed(self) -> None:
        """Show what documents and other programs brought; the reader stays where they are."""
        self.reload()
        if self.reading is None:
            return
        fresh = Reading(self.library, self.reading.post_id)
        if (fresh.thread, fresh.news) != (self.reading.thread, self.reading.news):
            self._load(Place(fresh.post_id, self.view.position))
        else:
            self.map.tell(self.view.set_marks(fresh.marks))
            self.map.tell(self.view.set_read(fresh.read))

    # What the status line says

    def say_where(self) -> None:
        """Tell in the status line where the reader is."""
        status = self.status
        if self.in_thread and self.reading:
            between = f" {self.glyphs.between} "
            comments = self.view.thread.comments if self.view.thread else ()
            at = self.view.cursor
            place = f"{at}/{len(comments)}"
            percent = f"{100 * at // max(len(comments), 1)}%"
            found = "match {}/{}".format(*self.view.found) if self.view.found else ""
            unread = f"{self.view.unread} unread" if self.view.unread else "all read"
            arranged = self.part.told if self.part else self.arrangement.told
            named = self.reading.named(self.view.comment_id)
            status.where = between.join(part for part in (self.reading.title, named, arranged) if part)
            left = (
                reading_time(self.view.words_left, self.words_per_minute) if self.size.width >= ROOMY else ""
            )
            status.numbers = between.join(part for part in (found, place, unread, percent, left) if part)
        else:
            shown = len(self.posts.rows)
            status.where = self.listing.shown
            status.numbers = f"{self.posts.cursor + 1 if shown else 0}/{shown}"
