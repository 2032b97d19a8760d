"""Searching everything, and its results, followed one by one across posts when the search is closed."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from threadreader.errors import ThreadReaderError
from threadreader.library import Library
from threadreader.model import Hit, SavedSearch
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.choosing import Choosing
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.marking import Target
from threadreader.ui.widgets.post_list import ShownSearch

Result = TypeVar("Result")

SCOPES = ("everything", "this thread", "my notes")


LIKE_WORDS = 6  # of a comment, that others like it are looked for by
_LOOKED_UP = 400  # words of a comment that are counted in the index: what a key may wait for
COUNT_AFTER = 0.5  # seconds without a change until is counted what the saved searches find
COUNTED = 200  # hits of one
_SHORTEST = 4  # letters of a word that says something


class Query(NamedTuple):
    """What is asked for: words, where, and whether as typed only."""

    words: str = ""
    scope: str = SCOPES[0]
    exact: bool = False


class Results(NamedTuple):
    """What the last search found, best first, and which hit of it was opened last."""

    query: Query
    hits: tuple[Hit, ...]
    at: int = -1  # none yet

    def moved(self, by: int) -> "Results":
        """At the hit `by` further, or the last one on the way."""
        return self._replace(at=min(max(self.at + by, min(self.at, 0)), len(self.hits) - 1))

    def by_post(self) -> "Results":
        """The same hits with those of a post together, where its best one stands."""
        posts: dict[str, list[Hit]] = {}
        for hit in self.hits:
            posts.setdefault(hit.post_id, []).append(hit)
        return self._replace(hits=tuple(hit for hits in posts.values() for hit in hits))

    @property
    def hit(self) -> Hit | None:
        """The hit that was opened last."""
        return self.hits[self.at] if self.at >= 0 else None

    @property
    def told(self) -> str:
        """As the status line says it."""
        return f'result {self.at + 1}/{len(self.hits)} of "{self.query.words}"'


def like(text: str, texts_with: Callable[[str], int]) -> str:
    """A query for what is like `text`: its rarest words, any of them; empty where none says anything.

    `texts_with` tells in how many comments a word is. A word that no other comment has finds nothing more.
    """
    from threadreader.search.words import words_of

    words = [word for word in dict.fromkeys(words_of(text)) if len(word) >= _SHORTEST and word.isalpha()]
    counts = {word: texts_with(word) for word in words[:_LOOKED_UP]}
    shared = sorted((word for word in counts if counts[word] > 1), key=lambda word: counts[word])
    return " OR ".join(shared[:LIKE_WORDS])


def _counted(library: Library, search: SavedSearch) -> ShownSearch:
    """A saved search with the number of unread comments that it finds."""
    found = library.find_saved(search, limit=COUNTED)
    posts: dict[str, set[str]] = {}
    for hit in found.hits:
        if hit.comment_id is not None:
            posts.setdefault(hit.post_id, set()).add(hit.comment_id)
    unread = sum(len(ids - library.annotations.read(post_id)) for post_id, ids in posts.items())
    return ShownSearch(search, unread, is_more=len(found.hits) >= COUNTED)


class Following(Choosing[Result]):
    """A screen from which everything is searched, and on which the results can be followed."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.search", "s", "search", "Search everything", "Find", footer="Search"),
        Key("reader.more-like-this", "g l", "more_like_this", "Search for more like this comment", "Find"),
        Key("reader.next-result", "] q", "result(1)", "Next result of the last search", "Walk"),
        Key("reader.previous-result", "[ q", "result(-1)", "Previous result of the last search", "Walk"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @dataclass
    class Counted(Message):
        """The saved searches, with what was counted of them."""

        searches: Sequence[ShownSearch]

    results: Results | None = None
    """What the last search found."""
    _counting: Timer | None = None
    jumped_from: Place | None = None
    """Where Escape leads back to."""

    @abstractmethod
    def write_behind(self) -> None:
        """Write what the reader did and no key asked to be written."""

    @abstractmethod
    def marks_changed(self, message: str) -> None:
        """Show what the store holds now, and tell the reader."""

    @property
    def post_ids(self) -> set[str]:
        """Every post there is."""
        return {row.post.id for row in self.listed}

    def jump(self, target: Target) -> None:
        """Go where a search or a list leads; Escape leads back."""
        before = self.place()
        self.open(*target)
        self.left(before)
        self.jumped_from = before
        self.say(self.with_key("", "reader.leave", "brings you back"))

    def action_search(self) -> None:
        """Search everything; come back here, or go to what was found."""
        self.search(self.results.query if self.results else Query())

    def action_more_like_this(self) -> None:
        """Search for the rarest words of the comment under the cursor."""
        reading = self.reading if self.in_thread else None
        if reading is None:
            self.say("open a post to look for more like one of its comments")
            return
        comment_id = self.view.comment_id
        text = reading.words(comment_id) if comment_id else f"{reading.title}\n{reading.thread.body}"
        words = like(text, self.library.index.texts_with)
        if words:
            self.search(Query(words))
        else:
            self.say("no other comment has any of these words")

    @work
    async def search(self, query: Query) -> None:
        """Search, with `query` to begin with; come back here, or go to what was found."""
        from threadreader.ui.screens.search_screen import SearchScreen

        self.write_behind()
        self.view.forget_texts()
        here = self.reading.thread if self.reading else None
        screen = SearchScreen(self.library, self.listed, here, self.glyphs, query)
        results = await self.app.push_screen_wait(screen)
        if screen.has_written:
            self.marks_changed("")
        if results is not None:
            self.open_result(results, anew=True)

    # Saved searches

    def search_again(self, search: SavedSearch) -> None:
        """Open the search with what was saved."""
        self.search(Query(search.words, search.scope if search.scope in SCOPES else SCOPES[0], search.exact))

    def count_found_soon(self) -> None:
        """Count what the saved searches find, once nothing was read or written for a while.

        Never while a thread has the keys: a search beside them would make them wait.
        """
        if self._counting is not None:
            self._counting.stop()
        if self.searches and not self.in_thread:
            self._counting = self.set_timer(COUNT_AFTER, self._count_found)

    @work(thread=True, exclusive=True, group="saved")
    def _count_found(self) -> None:
        worker, counted = get_current_worker(), []
        with self.library.clone() as library, suppress(ThreadReaderError):
            for shown in self.searches:
                if worker.is_cancelled:
                    return
                counted.append(_counted(library, shown.search))
            self.post_message(self.Counted(counted))

    @on(Counted)
    def _found_counted(self, event: Counted) -> None:
        counted = {shown.search: shown for shown in event.searches}
        self.searches = tuple(counted.get(shown.search, shown) for shown in self.searches)

    def action_result(self, direction: int) -> None:
        """The next or previous result, in its thread, in whichever post."""
        if self.results is None:
            self.say(self.with_key("no search yet", "reader.search", "searches everything"))
            return
        moved = self.results.moved(direction * self.count())
        if moved.at == self.results.at:
            self.say(f"that was the {'last' if direction > 0 else 'first'} result")
        else:
            self.open_result(moved)

    def open_result(self, results: Results, *, anew: bool = False) -> None:
        """Open the hit that `results` are at, if any, its words lit.

        Escape leads back to where the walk began; `anew`, it begins here.
        """
        from threadreader import search

        hit = results.hit
        if hit is not None or self.results is None or results.query != self.results.query:
            self.results = results
        if hit is None:
            return
        before, began = self.place(), None if anew else self.jumped_from
        if hit.post_id not in self.post_ids:
            self.say(f"{results.told}: its post is gone")
            return
        self.open(hit.post_id, hit.comment_id)
        self.left(before)
        self.jumped_from = began or before
        reading = self.reading
        if reading is None or (hit.comment_id and hit.comment_id not in reading.thread.positions):
            self.say(f"{results.told}: that comment is no longer in the thread")
            return
        if self.view.is_finding:
            self.view.end_find(restore=False)
        text = reading.words(hit.comment_id) if hit.comment_id else reading.thread.body
        self.view.light({hit.comment_id: search.spans(text, hit.matched)})
        self.map.redraw()
        self.say(self.with_key(results.told, "reader.leave", "brings you back"))
