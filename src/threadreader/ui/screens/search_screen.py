"""Searching everything, as one types: results, and beside them the hit in its thread."""

import queue
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input

from threadreader import search
from threadreader.errors import QueryInterrupted
from threadreader.library import Library
from threadreader.model import Found, Hit, ListedPost
from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.hit_list import HitList, ShownHit
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView

PREVIEW_AFTER = 0.08  # seconds that the cursor rests on a hit before its thread is drawn
LIMIT = 100


class SearchScreen(Screen[tuple[str, str | None] | None]):
    """Returns the post and comment that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("enter", "choose", "Open", priority=True),
        Binding("down,ctrl+n", "move(1)", "Next", key_display="↓"),
        Binding("up", "move(-1)", "Previous", key_display="↑"),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("ctrl+r", "scope", "Scope"),
        Binding("f1", "help", "Help", show=False),
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

        query: str
        found: Found

    def __init__(self, library: Library, listed: Sequence[ListedPost], glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.glyphs = glyphs
        self._titles = {row.post.id: row.title for row in listed}
        self._queries: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._searching: Library | None = None
        self._query = ""
        self._reading: Reading | None = None

    def compose(self) -> ComposeResult:
        """The line, the results, the preview."""
        with Vertical():
            yield Input(compact=True, placeholder="search all posts: words, a typo or two are fine")
            with Horizontal(id="found"):
                yield HitList(glyphs=self.glyphs, empty="Type words; the last one may be unfinished.")
                yield ThreadView(glyphs=self.glyphs)
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

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
        self.query_one(StatusLine).where = f"{len(self._titles)} posts"
        self.query_one(Input).focus()
        self._search()

    def on_unmount(self) -> None:
        """End the searching thread."""
        self._queries.put(None)
        self._interrupt()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._query = event.value
        self._queries.put(event.value)
        self._interrupt()

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
                    try:
                        found = library.find(query, limit=LIMIT)
                    except QueryInterrupted:
                        continue
                    self.post_message(self.Answered(query, found))
            finally:
                self._searching = None

    def _newest(self) -> str | None:
        query = self._queries.get()
        while query is not None and not self._queries.empty():
            query = self._queries.get()
        return query

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        if event.query != self._query:
            return
        found = event.found
        self.hits.empty = (
            "Nothing found." if event.query.strip() else "Type words; the last one may be unfinished."
        )
        self.hits.show([self._shown(hit) for hit in found.hits])
        status = self.query_one(StatusLine)
        widened = ", ".join(f"{typed} → {' '.join(words[:3])}" for typed, words in found.widened.items())
        status.where = widened or f"{len(self._titles)} posts"
        count = f"{len(found.hits)}+" if len(found.hits) == LIMIT else str(len(found.hits))
        status.numbers = f"{count} found" if event.query.strip() else ""
        self._preview_soon()

    def _shown(self, hit: Hit) -> ShownHit:
        return ShownHit(hit, self._titles.get(hit.post_id, ""), search.spans(hit.snippet, hit.matched))

    @on(HitList.Highlighted)
    def _preview_soon(self) -> None:
        self.set_timer(PREVIEW_AFTER, self._preview)

    def _preview(self) -> None:
        shown = self.hits.row
        if shown is None:
            self._reading = None
            self.preview.load(None)
            return
        hit = shown.hit
        if self._reading is None or self._reading.post_id != hit.post_id:
            self._reading = reading = Reading(self.library, hit.post_id)
            self.preview.load(reading.thread, title=reading.title, read=reading.read, marks=reading.marks)
        self.preview.go_to(hit.comment_id)
        text = self._reading.thread.body if hit.comment_id is None else self._reading.words(hit.comment_id)
        self.preview.light({hit.comment_id: search.spans(text, hit.matched)})

    @on(HitList.Chosen)
    def action_choose(self) -> None:
        """Open the hit in its thread."""
        shown = self.hits.row
        if shown is not None:
            self.dismiss((shown.hit.post_id, shown.hit.comment_id))

    def action_move(self, by: int) -> None:
        """Move in the results while typing goes on."""
        self.hits.action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the results."""
        self.hits.action_page(direction)
