"""Searching everything, as one types: results, and beside them the hit in its thread."""

import queue
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from threadreader import search
from threadreader.errors import QueryInterrupted, ThreadReaderError
from threadreader.library import Library
from threadreader.model import Found, Hit, ListedPost, Thread
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.copying import Copying
from threadreader.ui.screens.following import SCOPES, Query, Results
from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.comment_painter import ThreadMarks
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.hit_list import HitList, ShownHit
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView

HINT = "Type words; the last one may be unfinished."
PREVIEW_AFTER = 0.08  # seconds that the cursor rests on a hit before its thread is drawn
LIMIT = 50
NOTES_LIMIT = 2_000  # of all hits, so that notes are not crowded out


class SearchScreen(Copying[Results | None]):
    """Returns what was found, at the hit that was chosen if any; None where nothing was.

    Keys that print belong to the line.
    """

    KEYS: ClassVar[Sequence[Key]] = (
        Key("search.choose", "enter", "choose", "Open in its thread", "Search", footer="Open"),
        Key("search.next", "down,ctrl+n", "move(1)", "Next result", "Search"),
        Key("search.previous", "up", "move(-1)", "Previous result", "Search"),
        Key("search.page-down", "pagedown", "page(1)", "Page down", "Search"),
        Key("search.page-up", "pageup", "page(-1)", "Page up", "Search"),
        Key("search.scope", "ctrl+r", "scope", "This thread, everything, my notes", "Search", footer="Scope"),
        Key("search.back", "escape", "leave", "Back to where you were", "Search", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "choose", show=False, priority=True),  # or the line would take it
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    SearchScreen Input { padding: 0 1; background: $panel; margin-bottom: 1; }
    SearchScreen #found { height: 1fr; }
    SearchScreen HitList { width: 1fr; height: 1fr; }
    SearchScreen ThreadView { width: 1fr; height: 1fr; border-left: vkey $panel; }
    SearchScreen.-narrow #found { layout: vertical; }
    SearchScreen.-narrow ThreadView { border-left: none; border-top: hkey $panel; }
    """

    @dataclass
    class Answered(Message):
        """What a query found."""

        query: Query
        found: Found

    @dataclass
    class ThreadRead(Message):
        """The thread of a hit is there, with what the reader made of it."""

        reading: Reading
        read: Collection[str]
        marks: ThreadMarks

    def __init__(
        self,
        library: Library,
        listed: Sequence[ListedPost],
        here: Thread | None,
        glyphs: Glyphs,
        last: Query = Query(),  # noqa: B008  (frozen)
    ) -> None:
        super().__init__()
        self._here = here  # the thread that is open
        self.library = library
        self.glyphs = glyphs
        self._titles = {row.post.id: row.title for row in listed}
        self._queries: queue.SimpleQueue[Query | None] = queue.SimpleQueue()
        self._searching: Library | None = None
        self._query = last if here or last.scope != "this thread" else last._replace(scope=SCOPES[0])
        self._results: Results | None = None
        self._is_answered = False  # what is typed, not what was typed before
        self._chosen_early = False
        self._reading: Reading | None = None
        self._resting: Timer | None = None  # until the hit under the cursor is shown

    def compose(self) -> ComposeResult:
        """The line, the results, the preview."""
        with Vertical():
            # The words of the last search are selected: a letter takes their place.
            yield LineInput(
                self._query.words, compact=True, placeholder="search all posts: words, a typo or two are fine"
            )
            with Horizontal(id="found"):
                yield HitList(glyphs=self.glyphs, empty=HINT)
                yield ThreadView(glyphs=self.glyphs)
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def hits(self) -> HitList:
        """The results."""
        return self.query_one(HitList)

    @property
    def preview(self) -> ThreadView:
        """The thread of the hit under the cursor."""
        return self.query_one(ThreadView)

    def on_mount(self) -> None:
        """Type at once; searches run in a thread of their own."""
        self.hits.can_focus = self.preview.can_focus = False
        self._say_scope()
        self.query_one(Input).focus()
        if self._query.words:
            self._ask(self._query)
        self._search()

    def on_unmount(self) -> None:
        """End the searching thread."""
        self._queries.put(None)
        self._interrupt()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._ask(self._query._replace(words=event.value))

    def action_scope(self) -> None:
        """Look in another place for the same words."""
        scopes = [scope for scope in SCOPES if scope != "this thread" or self._here]
        following = scopes[(scopes.index(self._query.scope) + 1) % len(scopes)]
        self._ask(self._query._replace(scope=following))
        self._say_scope()

    def _ask(self, query: Query) -> None:
        if self._resting is not None:
            self._resting.stop()  # what was found before is no more wanted beside
        self._query, self._is_answered, self._chosen_early = query, False, False
        self._interrupt()
        # The letter is drawn first: drawing and searching at once would slow each other down.
        self.call_after_refresh(self._queries.put, query)

    def _say_scope(self, widened: str = "") -> None:
        scope = f"in {self._query.scope}"
        self.query_one(StatusLine).where = f"{scope} {self.glyphs.between} {widened}" if widened else scope

    def _interrupt(self) -> None:
        if self._searching is not None:
            self._searching.index.interrupt()

    @work(thread=True)
    def _search(self) -> None:
        """Answer queries until None comes; of several that wait, only the newest."""
        with self.library.clone() as library:
            self._searching = library
            try:
                while (query := self._newest()) is not None:
                    with suppress(QueryInterrupted):
                        self.post_message(self.Answered(query, self._found(library, query)))
            finally:
                self._searching = None

    def _found(self, library: Library, query: Query) -> Found:
        if query.scope == "my notes":
            found = library.find(query.words, limit=NOTES_LIMIT)
            return replace(found, hits=tuple(hit for hit in found.hits if hit.where == "note"))
        post_id = self._here.post.id if self._here and query.scope == "this thread" else None
        return library.find(query.words, limit=LIMIT, post_id=post_id)

    def _newest(self) -> Query | None:
        query = self._queries.get()
        while query is not None and not self._queries.empty():
            query = self._queries.get()
        return query

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        if event.query != self._query:
            return
        found, typed = event.found, bool(event.query.words.strip())
        self._results = Results(event.query, found.hits) if found.hits else None
        self.hits.empty = "Nothing found." if typed else HINT
        self.hits.show([self._shown(hit) for hit in found.hits])
        widened = (
            f"{word} {self.glyphs.instead} {' '.join(instead[:3])}" for word, instead in found.widened.items()
        )
        self._say_scope(", ".join(widened))
        count = f"{len(found.hits)}{'+' if len(found.hits) >= LIMIT else ''}"
        self.query_one(StatusLine).numbers = f"{count} found" if typed else ""
        self._is_answered = True
        if self._chosen_early:
            self.action_choose()
        self._preview_soon()

    def _shown(self, hit: Hit) -> ShownHit:
        lit = partial(search.spans, hit.snippet, hit.matched)
        return ShownHit(hit, self._titles.get(hit.post_id, ""), lit)

    @on(HitList.Highlighted)
    def _preview_soon(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(PREVIEW_AFTER, self._preview)

    def _preview(self) -> None:
        """Show the hit under the cursor beside, with the thread folded around it."""
        shown = self.hits.row
        if shown is None:
            self._reading = None
            self.preview.load(None)
        elif self._reading is None or self._reading.post_id != shown.hit.post_id:
            self._read(shown.hit.post_id)
        else:
            self._show_hit(self._reading, shown.hit)

    @work(thread=True, exclusive=True, group="preview")
    def _read(self, post_id: str) -> None:
        """Read a thread beside the typing: a long one takes longer than a letter may."""
        here = self._here if self._here and self._here.post.id == post_id else None
        with self.library.clone() as library, suppress(ThreadReaderError):
            reading = Reading(library, post_id, here)
            self.post_message(self.ThreadRead(reading, reading.read, reading.marks))

    @on(ThreadRead)
    def _thread_read(self, event: ThreadRead) -> None:
        reading = self._reading = event.reading
        folded = reading.thread.positions  # all of them: what is not shown need not be measured
        self.preview.load(
            reading.thread, title=reading.title, read=event.read, marks=event.marks, folded=folded
        )
        self._preview()

    def _show_hit(self, reading: Reading, hit: Hit) -> None:
        self.preview.go_to(hit.comment_id, unfold=True)
        text = reading.thread.body if hit.comment_id is None else reading.words(hit.comment_id)
        self.preview.light({hit.comment_id: search.spans(text, hit.matched)})

    @on(HitList.Chosen)
    def action_choose(self) -> None:
        """Open the hit in its thread, once what is typed is answered."""
        self._chosen_early = not self._is_answered
        if self._is_answered and self._results is not None:
            self.dismiss(self._results._replace(at=self.hits.cursor))

    def action_leave(self) -> None:
        """Back, with what was found to be followed by `]q`."""
        self.dismiss(self._results)

    def action_move(self, by: int) -> None:
        """Move in the results while typing goes on."""
        self.hits.action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the results."""
        self.hits.action_page(direction)
