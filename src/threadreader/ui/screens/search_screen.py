"""Searching everything, as one types: results, and beside them the hit in its thread."""

import queue
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
from threadreader.model import Found, Hit, ListedPost, SavedSearch, Thread
from threadreader.search.language import GRAMMAR, Completion, completions
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.copying import Copying
from threadreader.ui.screens.following import SCOPES, Query, Results
from threadreader.ui.screens.gathering import Gathering
from threadreader.ui.screens.help_screen import Told
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.marking import Target
from threadreader.ui.screens.past_queries import PastQueries
from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.comment_painter import ThreadMarks
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.hit_list import HitList, ShownHit
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.query_line import QueryLine, Underlining
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView

HINT = "Type words; the last one may be unfinished."
PREVIEW_AFTER = 0.15  # seconds that the cursor rests on a hit before its thread is drawn
IDLE_AFTER = 0.2  # seconds without a letter after which there is time for other things
LIMIT = 50
NOTES_LIMIT = 2_000  # of all hits, so that notes are not crowded out
_GROUPED = "search-grouped"  # what the store remembers that as


class SearchScreen(Gathering[Results | None], Copying[Results | None]):
    """Returns what was found, at the hit that was chosen if any; None where nothing was.

    Keys that print belong to the line, and so do those that it is edited with.
    """

    KEYS: ClassVar[Sequence[Key]] = (
        Key("search.choose", "enter", "choose", "Open in its thread", "Search", footer="Open"),
        Key("search.next", "down,ctrl+n", "move(1)", "Next result", "Search"),
        Key("search.previous", "up", "move(-1)", "Previous result", "Search"),
        Key("search.page-down", "pagedown", "page(1)", "Page down", "Search"),
        Key("search.page-up", "pageup", "page(-1)", "Page up", "Search"),
        Key("search.scope", "ctrl+r", "scope", "This thread, everything, my notes", "Search", footer="Scope"),
        Key("search.exact", "ctrl+x", "exact", "Only what is as typed, or what is like it as well", "Search"),
        Key("search.group", "ctrl+g", "group", "Results by post, or the best of all first", "Search"),
        Key("search.earlier", "alt+up", "recall(1)", "What was searched for before", "Search"),
        Key("search.later", "alt+down", "recall(-1)", "What was searched for after", "Search"),
        Key("search.complete", "right", "complete", "Complete the word, at the end of the line", "Search"),
        Key("search.save", "ctrl+s", "save", "Save this search by a name", "Search"),
        Key("search.back", "escape", "leave", "Back to where you were", "Search", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "choose", show=False, priority=True),  # or the line would take it
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    SearchScreen Input { padding: 0 1; background: $panel; }
    SearchScreen #found { height: 1fr; }
    SearchScreen HitList { width: 1fr; height: 1fr; overflow-y: scroll; }
    SearchScreen ThreadView { width: 1fr; height: 1fr; overflow-y: scroll; border-left: vkey $panel; }
    SearchScreen.-narrow #found { layout: vertical; }
    SearchScreen.-narrow ThreadView { border-left: none; border-top: hkey $panel; }
    """

    @dataclass
    class Answered(Message):
        """What a query found."""

        query: Query
        found: Found
        took: float  # seconds

    @dataclass
    class ThreadRead(Message):
        """The thread of a hit is there, with what the reader made of it."""

        reading: Reading
        read: Collection[str]
        marks: ThreadMarks

    @dataclass
    class NamesRead(Message):
        """The names that a query can be completed with are there, by field."""

        names: Mapping[str, Sequence[str]]

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
        self._flat: Results | None = None  # what was found, best first
        self._results: Results | None = None  # the same in the order that it is shown in
        self._is_answered = False  # what is typed, not what was typed before
        self._chosen_early = False
        self._reading: Reading | None = None
        self._resting: Timer | None = None  # until the hit under the cursor is shown
        self._past = PastQueries(library)
        self._is_grouped = library.annotations.state(_GROUPED) == "yes"
        self._marked: set[Target] = set()
        self._told = ""  # of the last results, what the status line says at the right
        self._names: Mapping[str, Sequence[str]] | None = None  # by field, once they are asked for
        self._offers: Sequence[Completion] = ()
        self._underlining = Underlining()

    def compose(self) -> ComposeResult:
        """The line, the results, the preview."""
        with Vertical():
            # The words of the last search are selected: a letter takes their place.
            yield LineInput(
                self._query.words,
                compact=True,
                placeholder="search all posts: words, a typo or two are fine",
                highlighter=self._underlining,
            )
            yield QueryLine(glyphs=self.glyphs)
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
    def line(self) -> LineInput:
        """What is typed."""
        return self.query_one(LineInput)

    @property
    def under(self) -> QueryLine:
        """What is told of it."""
        return self.query_one(QueryLine)

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
        self._offer()

    def _offer(self) -> None:
        """Tell what the word at the cursor could become."""
        typed, under = self.line.value, self.under
        if self._names is None and ":" in typed:
            self._names = {}
            self._read_names()
        offers = completions(typed, self.line.cursor_position, self._names or {})
        self._offers = [offer for offer in offers if typed[offer.start : offer.end] != offer.text]
        # What is wrong may be just what is being typed; a mistake elsewhere is told first.
        is_elsewhere = under.mistake is not None and not any(
            offer.start <= under.mistake.start <= offer.end for offer in self._offers
        )
        under.key = self.key("search.complete")
        under.offers = () if is_elsewhere else [offer.text for offer in self._offers]

    @work(thread=True, group="names")
    def _read_names(self) -> None:
        with self.library.clone() as library, suppress(ThreadReaderError):
            authors = [name for name, _ in library.index.authors()]
            tags = library.annotations.known_tags()
            titles = list(self._titles.values())
            self.post_message(self.NamesRead({"author": authors, "tag": tags, "title": titles}))

    @on(NamesRead)
    def _names_read(self, event: NamesRead) -> None:
        self._names = event.names
        self._offer()

    def action_complete(self) -> None:
        """Let the word become the first that is offered; elsewhere than at the end, go right."""
        line = self.line
        if self._offers and line.cursor_at_end and line.selection.is_empty:
            start, end, text = self._offers[0]
            line.value = f"{line.value[:start]}{text}{line.value[end:]}"
            line.cursor_position = start + len(text)
        else:
            line.action_cursor_right()

    def action_recall(self, by: int) -> None:
        """Let the line be what was searched for before, or after."""
        words = self._past.older(by, self.line.value)
        if words is None:
            self.say("no earlier search" if by > 0 else "no later search")
            return
        self.line.value = words
        self.line.cursor_position = len(words)

    def told_beside_keys(self) -> Sequence[Told]:
        """What can be typed in the line."""
        return [Told(typed, does, "Query") for typed, does in GRAMMAR]

    def action_scope(self) -> None:
        """Look in another place for the same words."""
        scopes = [scope for scope in SCOPES if scope != "this thread" or self._here]
        following = scopes[(scopes.index(self._query.scope) + 1) % len(scopes)]
        self._ask(self._query._replace(scope=following))
        self._say_scope()

    def action_exact(self) -> None:
        """Find only what is as typed, or what is like it as well."""
        self._ask(self._query._replace(exact=not self._query.exact))
        self._say_scope()

    def action_group(self) -> None:
        """Show the hits of a post together, or the best of all first."""
        self._is_grouped = not self._is_grouped
        with suppress(ThreadReaderError):  # nobody asked for it to be written
            self.library.annotations.keep_state(_GROUPED, "yes" if self._is_grouped else "no")
        self.say("results by post" if self._is_grouped else "the best results first")
        if self._flat is not None:
            here = self.hits.row
            self._arrange()
            self._show(here.hit if here else None)

    @work
    async def action_save(self) -> None:
        """Give the search a name, by which the list of posts has it."""
        from threadreader.ui.dialogs.line_dialog import LineDialog

        query = self._query
        if not query.words.strip():
            self.say("nothing typed yet to save")
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        remark = "it stands at the top of the posts"
        name = await self.app.push_screen_wait(
            LineDialog("Save this search as", query.words.strip(), "saves", remark)
        )
        if name is None:
            return
        with self.refusals():
            saved = self.library.annotations.save_search(SavedSearch(name, *query))
            self.has_written |= saved is not None
            self.say(self.undoable(f'saved as "{saved.name}"') if saved else "a search needs a name")

    def _ask(self, query: Query) -> None:
        if self._resting is not None:
            self._resting.stop()  # what was found before is no more wanted beside
        self._query, self._is_answered, self._chosen_early = query, False, False
        self._interrupt()
        self._queries.put(query)

    def _say_scope(self, widened: str = "") -> None:
        parts = (f"in {self._query.scope}", "exact only" if self._query.exact else "", widened)
        self.query_one(StatusLine).where = f" {self.glyphs.between} ".join(filter(None, parts))

    def _interrupt(self) -> None:
        if self._searching is not None:
            self._searching.index.interrupt()

    @work(thread=True)
    def _search(self) -> None:
        """Answer queries until None comes; of several that wait, only the newest."""
        with self.library.clone() as library:
            self._searching = library
            try:
                while (query := self._newest(library)) is not None:
                    began = time.perf_counter()
                    with suppress(QueryInterrupted):
                        found = self._found(library, query)
                        self.post_message(self.Answered(query, found, time.perf_counter() - began))
            finally:
                self._searching = None

    def _found(self, library: Library, query: Query) -> Found:
        if query.scope == "my notes":
            found = library.find(query.words, limit=NOTES_LIMIT, exact=query.exact)
            return replace(found, hits=tuple(hit for hit in found.hits if hit.where == "note"))
        here = self._here.post.id if self._here else None
        post_id = here if query.scope == "this thread" else None
        return library.find(query.words, limit=LIMIT, post_id=post_id, exact=query.exact, here=here)

    def _newest(self, library: Library) -> Query | None:
        try:
            query = self._queries.get(timeout=IDLE_AFTER)
        except queue.Empty:  # nobody waits for what the first typo would have to wait for
            with suppress(ThreadReaderError):
                library.index.vocabulary().prepare()
            query = self._queries.get()
        while query is not None and not self._queries.empty():
            query = self._queries.get()
        return query

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        if event.query != self._query:
            return
        found, typed = event.found, bool(event.query.words.strip())
        self._is_answered = True
        under = self.under
        under.query_text, under.scrolled = event.query.words, round(self.line.scroll_offset.x)
        under.mistake = found.mistake
        was_underlined = self._underlining.mistake is not None
        self._underlining.mistake, self._underlining.query_text = found.mistake, event.query.words
        if was_underlined or found.mistake is not None:
            self.line.refresh()
        self._offer()
        if found.mistake is None:
            self._show_found(event, typed)
        if self._chosen_early:
            self.action_choose()
        self._preview_soon()

    def _show_found(self, event: Answered, typed: bool) -> None:
        found = event.found
        self._flat = Results(event.query, found.hits) if found.hits else None
        self._marked &= set(map(_target, found.hits))  # what is no more seen is no more meant
        self.hits.empty = "Nothing found." if typed else HINT
        self._arrange()
        self._show()
        widened = (
            f"{word} {self.glyphs.instead} {' '.join(instead[:3])}" for word, instead in found.widened.items()
        )
        self._say_scope(", ".join(widened))
        count = f"{len(found.hits)}{'+' if len(found.hits) >= LIMIT else ''}"
        self._told = f"{count} found in {max(round(event.took * 1000), 1)} ms" if typed else ""
        self._count()

    def _arrange(self) -> None:
        """Bring what was found in the order that it is shown and followed in."""
        flat = self._flat
        self._results = flat.by_post() if flat and self._is_grouped else flat

    def _show(self, at: Hit | None = None) -> None:
        """Show what was found, the cursor on `at`, else on the first."""
        hits = self._results.hits if self._results else ()
        each = Counter(hit.post_id for hit in hits)
        rows = []
        for above, hit in zip((None, *hits), hits, strict=False):
            title = self._titles.get(hit.post_id, "")
            lit = partial(search.spans, hit.snippet, hit.matched)
            row = ShownHit(hit, title, lit, _target(hit) in self._marked)
            if self._is_grouped:
                begins = above is None or above.post_id != hit.post_id
                row = replace(row, title=title if begins else "", together=each[hit.post_id] * begins)
            rows.append(row)
        self.hits.show(rows, hits.index(at) if at in hits else 0)

    def _count(self) -> None:
        marked = f"{len(self._marked)} marked {self.glyphs.between} " if self._marked else ""
        self.query_one(StatusLine).numbers = f"{marked}{self._told}"

    # Several at once

    def gathered(self) -> Sequence[Hit]:
        """The hits that are marked, else the one under the cursor; none of what was typed before."""
        here = self.hits.row if self._is_answered else None
        marked = [row.hit for row in self.hits.rows if row.is_marked]
        return (marked or [here.hit]) if here else []

    def searched(self) -> str:
        """The words of the search whose results are shown."""
        return self._results.query.words if self._results else ""

    def action_mark(self, by: int) -> None:
        """Mark the hit under the cursor or take its mark off, and move on."""
        here = self.hits.row if self._is_answered else None
        if here is None:
            self.say("nothing found yet to mark")
            return
        self._marked ^= {_target(here.hit)}
        self._show(here.hit)
        self.hits.action_move(by)
        self._count()

    def action_unmark_all(self) -> None:
        """Take all marks off."""
        here = self.hits.row
        self._marked.clear()
        self._show(here.hit if here else None)
        self._count()

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
            self._past.keep(self._query.words)
            self.dismiss(self._results._replace(at=self.hits.cursor))

    def action_leave(self) -> None:
        """Back, with what was found to be followed by `]q`."""
        if self._results is not None:
            self._past.keep(self._query.words)
        self.dismiss(self._results)

    def action_move(self, by: int) -> None:
        """Move in the results while typing goes on."""
        self.hits.action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the results."""
        self.hits.action_page(direction)


def _target(hit: Hit) -> Target:
    return hit.post_id, hit.comment_id
