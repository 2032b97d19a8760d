"""The keys that matter here, in the last line.

Textual's own footer makes a widget for each key, and makes them all anew whenever the focus moves: as much
work as the rest of the first screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from threadreader.ui.keys import Key
from threadreader.ui.widgets.looks import look
from threadreader.ui.widgets.wrapping import cells

WAYS_OUT = ("Panes", "Program")  # groups of keys that lead back, out, or to the help


class Hint(NamedTuple):
    """A key as the line shows it."""

    sign: str
    key: Key

    @property
    def width(self) -> int:
        """Cells, with the blank before the next hint."""
        return cells(self.sign) + cells(self.key.footer) + 3


class KeyLine(Widget):
    """Draws hints from left to right, as many as there is room for; a click is the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--sign"}

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $panel; color: $foreground; }
    KeyLine > .keys--sign { color: $text-accent; text-style: bold; }
    """

    hints: reactive[Sequence[Hint]] = reactive(())
    """What works now."""

    @dataclass
    class Clicked(Message):
        """A hint was clicked."""

        key: Key

    def render_line(self, y: int) -> Strip:
        """The line."""
        base, sign = self.rich_style, self.rich_style + look(self, "keys--sign")
        width, segments = self.size.width, []
        for hint in self._shown():
            segments += [Segment(f" {hint.sign}", sign), Segment(f" {hint.key.footer} ", base)]
        return Strip(segments).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        at = 0
        for hint in self._shown():
            at += hint.width
            if event.x < at:
                self.post_message(self.Clicked(hint.key))
                return

    def _shown(self) -> list[Hint]:
        """As many as there is room for; the ways out and the help stay when others go."""
        kept = [hint for hint in self.hints if hint.key.group in WAYS_OUT]
        room = self.size.width + 1 - sum(hint.width for hint in kept)  # the last blank may be cut
        shown: list[Hint] = []
        for hint in self.hints:
            if hint.key.group not in WAYS_OUT and (room := room - hint.width) >= 0:
                shown.append(hint)
        return shown + kept
