"""Words of a comment taken with the mouse: lit while it is dragged, told of when it is let go."""

from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.message import Message

from threadreader.ui.widgets.comment_painter import CommentPainter
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.thread_find import Span
from threadreader.ui.widgets.thread_pane import ThreadPane


class DraggedPane(ThreadPane):
    """A thread whose words can be taken, those of one comment at a time."""

    ALLOW_SELECT = False  # Textual's own selecting knows widgets, not the texts that are drawn here

    @dataclass
    class Taken(Message):
        """These words were taken with the mouse."""

        text: str

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id, glyphs=glyphs)
        self._pressed_on: tuple[int, Span] | None = None  # where the button went down: a node, a character
        self._was_dragged = False
        self._dragged: tuple[CommentPainter, int, tuple[int, Span]] | None = (
            None  # in what, with which cursor
        )

    @property
    def was_dragged(self) -> bool:
        """Did the mouse take words when it was pressed last? The click that ends that is none."""
        return self._was_dragged

    @property
    def dragged(self) -> tuple[int, Span] | None:
        """The node and place of what was taken, while the reader stays there."""
        if self._dragged and self._dragged[:2] == (self._painter, self.cursor):
            return self._dragged[2]
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Words may be taken from here."""
        self._let_go()
        self._was_dragged, self._dragged = False, None
        painter, offset = self._painter, event.get_content_offset(self)
        line = self.scroll_offset.y + (offset.y if offset else 0)
        if painter is None or offset is None or event.button != 1 or line >= self.layout_.lines:
            return
        node = self.layout_.at_line(line)
        if not self.layout_.is_closed(node):
            character = painter.character_at(node, line - self.layout_.top(node), offset.x)
            self._pressed_on = (node, character) if character else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light what would be taken, from the first character to the one under the mouse."""
        painter = self._painter
        if painter is None or self._pressed_on is None:
            return
        if not event.button:  # it was let go elsewhere
            self._let_go()
            return
        if self.app.mouse_captured is not self:
            self.capture_mouse()
        node, pressed = self._pressed_on
        if self.layout_.is_closed(node) or not self.layout_.is_visible(node):
            return
        offset = event.screen_offset - Offset(*self.content_region.offset)
        line = self.scroll_offset.y + offset.y - self.layout_.top(node)
        under = painter.character_at(node, line, offset.x)
        if under is None or (under == pressed and painter.taken is None):
            return
        taken = node, (min(pressed[0], under[0]), max(pressed[1], under[1]))
        if taken != painter.taken:
            painter.taken = taken
            self._was_dragged = True
            self._redraw_nodes([node])

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """What is lit is taken."""
        taken = self._painter.taken if self._painter else None
        if self._painter is not None and taken is not None:
            node, (start, end) = taken
            if text := self._painter.texts[node][start:end]:
                self._dragged = (self._painter, self.cursor, taken)
                self.post_message(self.Taken(text))
        self._let_go()

    def _let_go(self) -> None:
        self._pressed_on = None
        if self.app.mouse_captured is self:
            self.release_mouse()
        if self._painter is not None and self._painter.taken is not None:
            node, self._painter.taken = self._painter.taken[0], None
            self._redraw_nodes([node])
