"""One line that says where the reader is, what a key did, or what is being typed."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import look
from threadreader.ui.widgets.row_list import cut
from threadreader.ui.widgets.wrapping import cells

MESSAGE_STAYS = 6.0  # seconds
_LEAST = 8  # cells of a title that still tell it


class StatusLine(Widget):
    """Left where one is, or for a while a message; right the numbers."""

    # A part of its own, not a class of the widget: Textual draws the whole screen when a class changes.
    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--message"}

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $text; }
    StatusLine > .status--message { color: $text-warning; text-style: bold; }
    """

    way: reactive[Sequence[str]] = reactive(())
    """What leads to where one is, the post first: as much of it is told as there is room for."""
    where: reactive[str] = reactive("")
    """Where one is."""
    numbers: reactive[str] = reactive("")
    """Place, unread, percent."""
    pending: reactive[str] = reactive("")
    """Keys typed so far, with what can follow."""
    message: reactive[str] = reactive("")
    """What the last key did or why it could not."""

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self._timer: Timer | None = None

    def say(self, message: str) -> None:
        """Show a message until the next one, or for a while."""
        if self._timer is not None:
            self._timer.stop()
        self.message = message
        self._timer = self.set_timer(MESSAGE_STAYS, self.hush) if message else None

    def hush(self) -> None:
        """Back to the breadcrumb."""
        self.message = ""

    def render_line(self, y: int) -> Strip:
        """The line."""
        width, style = self.size.width, self.rich_style
        if self.message and not self.pending:
            style += look(self, "status--message")
        numbers = f" {self.numbers} " if self.numbers else ""
        told = self.glyphs.spelt(self.pending or self.message)
        # What a key did, or why it could not, is worth more than the numbers: they come back.
        if cells(numbers) > width - max(12, cells(f" {told}") if told else 0):
            numbers = ""
        room = width - cells(numbers)
        told = told or breadcrumb(self.way, self.where, room - 1, self.glyphs)
        words = cut(f" {told}", room, self.glyphs.ellipsis)
        return Strip([Segment(words + " " * (room - cells(words)), style), Segment(numbers, style)], width)


def breadcrumb(way: Sequence[str], where: str, room: int, glyphs: Glyphs) -> str:
    """`where` behind what leads there, in `room` cells: of the way its middle goes first."""
    into = f" {glyphs.into} "
    ways: list[Sequence[str]] = [(*way, where)]
    if way:
        first, *above = way
        for gone in range(len(above) + 1):
            rest = [*([glyphs.ellipsis] if gone else []), *above[gone:], where]
            left = room - cells(into.join(("", *rest)))
            if left >= min(cells(first), max(room // 4, _LEAST)):
                ways.append([cut(first, left, glyphs.ellipsis), *rest])
    fitting = (told for told in map(into.join, ways) if cells(told) <= room)
    return next(fitting, cut(where, room, glyphs.ellipsis))


def reading_time(words: int, per_minute: int) -> str:
    """What is left to read, in words and in time."""
    minutes = -(-words // per_minute)
    time = f"{minutes} min" if minutes < 100 else f"{minutes / 60:.0f} h"
    return f"{words:,} words, {time} left"
