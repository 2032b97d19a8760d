"""A thread of which passages can be chosen by keys.

The mode itself, and what knows words and sentences, is imported when it begins: the first screen needs none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from threadreader.model import COLOURS, Colour, TextQuote
from threadreader.ui.keys import Keyed
from threadreader.ui.widgets.dragging import DraggedPane
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs

if TYPE_CHECKING:
    from threadreader.ui.widgets.selecting import Selecting


class SelectablePane(DraggedPane, Keyed):
    """A thread of which passages can be chosen, in one comment at a time."""

    @dataclass
    class Refused(Message):
        """A key could do nothing; `reason` says why, `action` and `does` what can be done about it."""

        reason: str
        action: str = ""
        does: str = ""

    @dataclass
    class PassageChosen(Message):
        """A passage is to be highlighted, and perhaps noted."""

        comment_id: str | None
        quote: TextQuote
        colour: Colour
        noted: bool

    @dataclass
    class SplitChosen(Message):
        """A comment is to be split before these words."""

        comment_id: str | None
        quote: TextQuote

    class ModeChanged(Message):
        """A mode began, changed or ended: other keys work, and other things are to be told."""

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id, glyphs=glyphs)
        self.mode: Selecting | None = None
        self._colour: Colour = COLOURS[0]  # chosen last

    def select(self) -> None:
        """Begin with what the mouse took just now, else the current match, else the first word on screen."""
        painter = self._painter
        if painter is None or self._wanted is not None:
            return
        if not self._is_cursor_in_view:  # the wheel went on without it
            self._cursor_into_view()
        node, span = self.dragged or painter.current_hit or (self.cursor, None)
        if self.dragged:
            self.cursor = node
        if node != self.cursor:
            node, span = self.cursor, None
        if self.layout_.is_closed(node):
            self._refuse("this is folded", "thread.in", "unfolds it")
            return
        from threadreader.ui.widgets.selecting import Selecting, first_word

        above = self.scroll_offset.y - self.layout_.top(node)
        span = span or first_word(painter, node, range(above, above + self.size.height))
        if span is None:
            self._refuse("no words here to select")
            return
        self.mode = Selecting(self, painter, node, span, self._colour)
        self.mode.show()

    def end_mode(self) -> None:
        """Back to reading."""
        mode, self.mode = self.mode, None
        if mode is None:
            return
        self._colour = mode.colour
        mode.painter.taken = None
        self._redraw_nodes([mode.node])
        self.post_message(self.ModeChanged())

    def show_passage(self, mode: "Selecting") -> None:
        """Draw what is chosen now, and scroll to the end that moves."""
        mode.painter.taken = mode.node, (mode.start, mode.end)
        self._redraw_nodes([mode.node])
        self._show_line(mode.painter.line_of(mode.node, mode.moving))
        self.post_message(self.ModeChanged())

    def on_resize(self, event: events.Resize) -> None:
        """What is chosen is still to be seen."""
        if self.mode is not None:
            self.call_after_refresh(self._show_again, self.mode)

    def _show_again(self, mode: "Selecting") -> None:
        if mode is self.mode:
            self.show_passage(mode)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Whoever takes the mouse is done with the keys."""
        self.end_mode()

    def _refuse(self, reason: str, action: str = "", does: str = "") -> None:
        self.post_message(self.Refused(reason, action, does))
