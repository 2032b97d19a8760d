"""The list of posts: its order, what is left out of it, and the thread that is shown beside it."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from threadreader.errors import ThreadReaderError
from threadreader.model import ListedPost, SavedSearch
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.listing import SORTS, Listing
from threadreader.ui.screens.showing import Showing
from threadreader.ui.widgets.post_list import PostList, ShownSearch

Result = TypeVar("Result")

FIRST_SHOWN = 500  # posts; more are listed in a thread of their own
SHOW_AFTER = 0.06  # seconds that the cursor of the list rests before its thread is drawn beside it


class Choosing(Showing[Result]):
    """A screen with a list of posts to open one of."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.hide-finished", "g f", "hide_finished", "Hide or show finished posts", "List"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @dataclass
    class AllListed(Message):
        """Every post was read, without what the reader made of it, of an index of that version or later."""

        posts: Sequence[ListedPost]
        version: tuple[int, int]

    listed: reactive[Sequence[ListedPost]] = reactive((), init=False, repaint=False)
    """Every post with what the reader made of it."""
    listing: reactive[Listing] = reactive(Listing(), init=False, repaint=False)
    """How the list is sorted and filtered."""

    searches: reactive[Sequence[ShownSearch]] = reactive((), init=False, repaint=False)
    """The saved searches, with what was counted of them last."""

    busy: str
    """What is being read at the moment."""
    _waited_for: str = ""  # what an empty list says of the posts that are still to come
    _resting: Timer | None = None  # until the post under the list's cursor is shown beside it

    @property
    def posts(self) -> PostList:
        """The list pane."""
        return self.query_one(PostList)

    @abstractmethod
    def open(self, post_id: str, comment_id: str | None = None) -> None:
        """Give the thread pane a post and the keys; with a comment, go there."""

    @abstractmethod
    def search_again(self, search: SavedSearch) -> None:
        """Open the search with what was saved."""

    @abstractmethod
    def count_found_soon(self) -> None:
        """Count what the saved searches find, once nothing else is to be done."""

    @abstractmethod
    def load(self, place: Place, *, anew: bool = False) -> None:
        """Show a post, where and as it was left, or as `place` says."""

    def reload(self) -> None:
        """Read the list again: posts came, or counts changed.

        Of very many posts the first are shown at once, and the others when they have been read.
        """
        library = self.library
        if not self.listed and not self._waited_for and library.index.post_count() > FIRST_SHOWN:
            self._waited_for = "The posts are being listed."
            if self.listing == Listing():
                self.listed = tuple(library.listed(FIRST_SHOWN))
            else:
                self._show_rows()  # in another order the first are not known before all are
            self._list_all(library.index.data_version())
        elif not self._waited_for:
            self.listed = tuple(library.listed())
        counted = {shown.search: shown for shown in self.searches}
        saved = self.library.annotations.searches()
        self.searches = tuple(counted.get(search, ShownSearch(search)) for search in saved)
        self.count_found_soon()

    @work(thread=True, group="list")
    def _list_all(self, version: tuple[int, int]) -> None:
        posts: Sequence[ListedPost] = ()
        with suppress(ThreadReaderError), self.library.clone() as library:
            posts = library.posts_as_they_came()
        self.post_message(self.AllListed(posts, version))

    @on(AllListed)
    def _all_listed(self, event: AllListed) -> None:
        if event.posts:  # else it could not be read, and what is wrong is told as it is read here
            self.library.take_posts(event.posts, event.version)
        self._waited_for = ""
        self.listed = tuple(self.library.listed())

    def list_as_before(self) -> None:
        """Take up the order, and what was hidden, of the last run."""
        store = self.library.annotations
        sort, hidden = store.state("sort"), store.state("hide-finished") == "yes"
        listing = Listing(sort if sort in SORTS else "date", finished_hidden=hidden)
        self.set_reactive(Choosing.listing, listing)

    def watch_listed(self) -> None:
        """Show the rows, and a thread where none is shown yet."""
        self._show_rows()

    def watch_searches(self) -> None:
        """Show them above the posts."""
        self._show_rows()

    def watch_listing(self, before: Listing, after: Listing) -> None:
        """Show the rows that fit, in the new order."""
        self._show_rows(top=before.pattern != after.pattern)

    def _show_rows(self, *, top: bool = False) -> None:
        posts, searches = self.posts, () if self.listing.pattern else self.searches
        rows: list[ListedPost | ShownSearch] = [*searches, *self.listing.rows(self.listed)]
        # Whoever is at the top stays there.
        top = top or (posts.cursor == posts.first_post and not self.in_thread)
        kept = None if top or posts.row is None else _identity(posts.row)
        at = next((at for at, row in enumerate(rows) if _identity(row) == kept), posts.cursor)
        at = len(searches) if top else at
        posts.empty = self.busy or self._waited_for or self.listing.why_empty(self.listed, self.with_key)
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
        row = self.posts.post
        if row and not self.in_thread and (self.reading is None or self.reading.post_id != row.post.id):
            self.load(Place(row.post.id), anew=True)

    @on(PostList.Chosen)
    def _chosen(self, event: PostList.Chosen) -> None:
        if isinstance(event.row, ShownSearch):
            self.search_again(event.row.search)
        else:
            self.open(event.row.post.id)

    def sort_next(self) -> None:
        """The next order of the list."""
        self.sort_by(self.listing.sorted_next().sort)

    def sort_by(self, order: str) -> None:
        """List the posts in an order of `SORTS`."""
        self.listing = self.listing._replace(sort=order)
        self._keep_state("sort", order)
        self.say(f"sorted by {order}")

    def action_hide_finished(self) -> None:
        """Leave posts out that hold nothing unread, or show them again."""
        hidden = not self.listing.finished_hidden
        self.listing = self.listing._replace(finished_hidden=hidden)
        self._keep_state("hide-finished", "yes" if hidden else "no")
        self.say("finished posts are hidden" if hidden else "finished posts are shown")

    def _keep_state(self, key: str, value: str) -> None:
        if not self.library.read_only:
            self.library.annotations.keep_state(key, value)


def _identity(row: ListedPost | ShownSearch) -> tuple[str, str]:
    """What a row is known by when the list was read again."""
    return ("search", row.title) if isinstance(row, ShownSearch) else ("post", row.post.id)
