"""A screen with all marks, of which those are listed that are asked for in a line."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message

from threadreader.errors import ThreadReaderError
from threadreader.library import Library
from threadreader.library.marks import Catalogue, in_reading_order
from threadreader.model import ListedMark
from threadreader.search.language import Completion, completions
from threadreader.search.marks import GRAMMAR, MARKS, Sieve
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.help_screen import Told
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.filter_line import FilterLine
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.mark_list import MarkList, ShownMark
from threadreader.ui.widgets.mark_preview import MarkPreview
from threadreader.ui.widgets.query_line import QueryLine
from threadreader.ui.widgets.status_line import StatusLine

Result = TypeVar("Result")

FEW = 1_000  # marks that are read at once; more in a thread of their own
_ORDERS = ("newest first", "by post")


class Sifting(KeyedScreen[Result]):
    """Reads all marks, and lists those that fit; with Tab several are chosen to do something with."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("marks.filter", "/", "filter", "Filter the list", "Find", footer="Filter"),
        Key("marks.sort", "S", "sort", "Newest first, or by post in reading order", "List"),
        Key("marks.choose", "tab", "choose_row(1)", "Choose this mark as well, or not", "Mark"),
        Key("marks.choose-up", "shift+tab", "choose_row(-1)", "The same, and go up", "Mark"),
        Key("marks.choose-all", "*", "choose_all", "Choose all that are shown, or none", "Mark"),
        Key("marks.leave", "escape", "leave", "Out of the filter, or back", "Panes"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @dataclass
    class MarksRead(Message):
        """All marks are there, made ready to be filtered."""

        sieve: Sieve
        told: str
        asked: int  # how often they were read before

    @dataclass
    class Progressed(Message):
        """So many posts of those that have marks were read."""

        done: int
        total: int

    library: Library

    def __init__(self, library: Library, glyphs: Glyphs, query: str = "") -> None:
        super().__init__()
        self.library = library
        self.glyphs = glyphs
        self.query_text = query
        self._begun_with = query  # what Esc brings back
        self._order = _ORDERS[0]
        self._catalogue = Catalogue()
        self._asked = 0
        self._sieve: Sieve | None = None  # None until the marks are read
        self._chosen: set[str] = set()  # ids
        self._offers: Sequence[Completion] = ()
        self._names: Mapping[str, Sequence[str]] | None = None
        self._before = ""  # the filter before one typed

    def compose(self) -> ComposeResult:
        """The list, the mark under its cursor, the line, status and footer."""
        with Horizontal(id="marks"):
            yield MarkList(glyphs=self.glyphs)
            yield MarkPreview()
        yield FilterLine()
        yield QueryLine(glyphs=self.glyphs)
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def marks(self) -> MarkList:
        """The list."""
        return self.query_one(MarkList)

    @property
    def filter_line(self) -> FilterLine:
        """Where the filter is typed."""
        return self.query_one(FilterLine)

    def why_empty(self, is_any: bool) -> str:
        """What an empty list says: whether there `is_any` mark at all."""
        return self.with_key("No mark fits", "marks.leave", "clears the filter") + "."

    # Reading

    def reload(self, told: str = "") -> None:
        """Read the marks again, and tell what was done when they are shown."""
        version = self.library.index.data_version()
        self._asked += 1
        if sum(sum(counts) - counts.read for counts in self.library.annotations.counts().values()) <= FEW:
            sieve = Sieve(self._catalogue.read(self.library, version=version))
            self._take(self.MarksRead(sieve, told, self._asked))
        else:
            if self._sieve is None:
                self.marks.empty = "The marks are being read."
            self._read(version, told, self._asked)

    @work(thread=True, exclusive=True, group="marks")
    def _read(self, version: object, told: str, asked: int) -> None:
        with suppress(ThreadReaderError), self.library.clone() as library:
            rows = self._catalogue.read(library, version=version, progress=self._tell_progress)
            sieve = Sieve(rows)
            sieve.prepare()
            self.post_message(self.MarksRead(sieve, told, asked))

    def _tell_progress(self, done: int, total: int) -> None:
        if not done % 10 and self._sieve is None:
            self.post_message(self.Progressed(done, total))

    @on(Progressed)
    def _say_progress(self, event: Progressed) -> None:
        told = f"reading the marks of post {event.done + 1} of {event.total}"
        self.query_one(StatusLine).where = told

    @on(MarksRead)
    def _take(self, event: MarksRead) -> None:
        if event.asked != self._asked:
            return  # what was read since is newer
        self._sieve = event.sieve
        self._names = None
        self._chosen &= {row.mark.id for row in event.sieve.marks}
        self.show_rows()
        if event.told:
            self.say(event.told)

    # Showing

    def show_rows(self, *, top: bool = False) -> None:
        """List what fits; the cursor stays on its mark, or where that was."""
        sieve, line, under = self._sieve, self.filter_line, self.query_one(QueryLine)
        if sieve is None:
            return
        sifted = sieve.sifted(self.query_text, now=dt.datetime.now().astimezone())
        line.underlining.mistake, line.underlining.query_text = sifted.mistake, self.query_text
        line.refresh()
        under.query_text, under.scrolled, under.mistake = (
            self.query_text,
            round(line.scroll_offset.x),
            sifted.mistake,
        )
        self._offer()
        begins_field = any(offer.text.endswith(":") for offer in self._offers)
        if sifted.mistake or (begins_field and not sifted.rows):
            self.say_where()
            return  # what was found before stays
        rows = [sieve.marks[at] for at in sifted.rows]
        if self._order == "by post":
            rows = in_reading_order(rows)
        else:
            rows.reverse()
            rows.sort(key=lambda row: row.is_of_tags)  # nobody knows when they were tagged
        here = self.marks.row
        at = 0 if top else self.marks.cursor
        if here and at:  # whoever is at the top stays there
            at = next((n for n, row in enumerate(rows) if row.mark.id == here.mark.id), at)
        self.marks.empty = self.why_empty(sieve.listed > 0)
        self.marks.show([self._shown(row) for row in rows], at)
        widened = (
            f"{word} {self.glyphs.instead} {' '.join(words[:3])}" for word, words in sifted.widened.items()
        )
        self.say_where(", ".join(widened))
        self.show_preview_soon()

    def _shown(self, row: ListedMark) -> ShownMark:
        return ShownMark(row, row.mark.id in self._chosen)

    def show_preview_soon(self) -> None:
        """Show the mark under the cursor beside the list, once it rests."""

    def say_where(self, widened: str = "") -> None:
        """Tell what is listed, and how many."""
        status, shown = self.query_one(StatusLine), len(self.marks.rows)
        every = self._sieve.listed if self._sieve else 0
        what = self.query_text or "all marks"
        status.where = f" {self.glyphs.between} ".join(filter(None, (what, self._order, widened)))
        count = f"{self.marks.cursor + 1 if shown else 0}/{shown}"
        of = f" of {every}" if every > shown else ""
        chosen = f"{len(self._chosen)} chosen {self.glyphs.between} " if self._chosen else ""
        status.numbers = f"{chosen}{count}{of}"

    @on(MarkList.Highlighted)
    def _at_mark(self) -> None:
        self.say_where()
        self.show_preview_soon()

    def action_sort(self) -> None:
        """The other order."""
        self._order = _ORDERS[1 - _ORDERS.index(self._order)]
        self.show_rows()

    # Filtering

    def action_filter(self) -> None:
        """Type what is to be listed."""
        self._before = self.query_text
        text = f"{self.query_text} " if self.query_text else ""
        self.filter_line.open(text, "kind:question tag:… since:7d, or words; F1 tells all")
        self.filter_line.cursor_position = len(text)
        self.add_class("-filtering")

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        self.query_text = event.text.strip() if not event.text.endswith(":") else event.text
        self.show_rows(top=True)

    @on(FilterLine.Kept)
    def _kept(self) -> None:
        self._end_typing()

    @on(FilterLine.Cancelled)
    def _cancelled(self) -> None:
        self.query_text = self._before
        self._end_typing()

    def _end_typing(self) -> None:
        self.filter_line.close()
        self.remove_class("-filtering")
        self.marks.focus()
        self.show_rows()

    def action_leave(self) -> None:
        """Take the filter back that was typed; else what is chosen; else go back."""
        if self.query_text != self._begun_with:
            self.query_text = self._begun_with
            self.show_rows()
        elif self._chosen:
            self._chosen.clear()
            self.show_rows()
        else:
            self.dismiss(None)

    def _offer(self) -> None:
        """Tell what the word at the cursor could become."""
        under, line = self.query_one(QueryLine), self.filter_line
        if not line.is_open:
            self._offers = under.offers = ()
            return
        typed = line.value
        offers = completions(typed, line.cursor_position, self._known_names(), MARKS)
        self._offers = [offer for offer in offers if typed[offer.start : offer.end] != offer.text]
        mistake = under.mistake
        # What is wrong may be just what is being typed; a mistake elsewhere is told first.
        is_elsewhere = mistake is not None and not any(
            offer.start <= mistake.start <= offer.end or mistake.end <= offer.end for offer in self._offers
        )
        under.key = self.key("filter.complete")
        under.offers = () if is_elsewhere else [offer.text for offer in self._offers]

    def _known_names(self) -> Mapping[str, Sequence[str]]:
        if self._names is None:
            rows = self._sieve.marks if self._sieve else ()
            self._names = {
                "author": sorted({row.by for row in rows if row.by}),
                "tag": list(dict.fromkeys(tag for row in rows for tag in row.tags)),
                "title": list(dict.fromkeys(row.title for row in rows)),
            }
        return self._names

    @on(FilterLine.CompletionAsked)
    def _complete(self) -> None:
        if self._offers:
            start, end, text = self._offers[0]
            line = self.filter_line
            line.value = f"{line.value[:start]}{text}{line.value[end:]}"
            line.cursor_position = start + len(text)

    @on(FilterLine.MoveAsked)
    def _move(self, event: FilterLine.MoveAsked) -> None:
        self.marks.action_move(event.by)

    def told_beside_keys(self) -> Sequence[Told]:
        """What can be typed in the line."""
        return [Told(typed, does, "Filter") for typed, does in GRAMMAR]

    # Several at once

    def chosen(self) -> list[ListedMark]:
        """The marks that are chosen, as far as they are shown, else the one under the cursor."""
        here = self.marks.row
        return [row.listed for row in self.marks.rows if row.is_chosen] or ([here.listed] if here else [])

    def action_choose_row(self, by: int) -> None:
        """Choose the mark under the cursor, or no more, and move on."""
        here = self.marks.row
        if here is None:
            self.say("no mark here to choose")
            return
        self._chosen ^= {here.mark.id}
        self._choose_shown()
        self.marks.action_move(by)

    def action_choose_all(self) -> None:
        """Choose all that are shown; where they are, none."""
        shown = {row.mark.id for row in self.marks.rows}
        self._chosen = self._chosen - shown if shown <= self._chosen else self._chosen | shown
        self._choose_shown()

    def _choose_shown(self) -> None:
        self.marks.show([self._shown(row.listed) for row in self.marks.rows], self.marks.cursor)
        self.say_where()
