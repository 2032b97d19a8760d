"""Words of a comment taken with the mouse: lit while it is dragged, told of when it is let go."""

from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer

from threadreader.ui.widgets.comment_painter import CommentPainter
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.thread_find import Span
from threadreader.ui.widgets.thread_pane import ThreadPane

SCROLL_EVERY = 0.05  # seconds between two lines, while the button is held above or below the pane


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
        self._pressed_line = 0  # of the thread
        self._mouse_at = Offset()  # from the pane's corner, when the mouse moved last
        self._beyond = 0  # lines from the pane's edge to the mouse, above it negative
        self._scrolling: Timer | None = None
        # In what, with which cursor, and what the mouse took.
        self._dragged: tuple[CommentPainter, int, tuple[int, Span]] | None = None

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
        node, self._pressed_line = self.layout_.at_line(line), line
        if not self.layout_.is_closed(node):
            character = painter.character_at(node, line - self.layout_.top(node), offset.x)
            self._pressed_on = (node, character) if character else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light what would be taken, from the first character to the one under the mouse."""
        if self._painter is None or self._pressed_on is None:
            return
        if not event.button:  # it was let go elsewhere
            self._let_go()
            return
        if self.app.mouse_captured is not self:
            self.capture_mouse()
        self._mouse_at = event.screen_offset - Offset(*self.content_region.offset)
        self._beyond = self._lines_beyond(event.screen_y)
        if not self._beyond:
            self._stop_scrolling()
        elif self._scrolling is None:
            self._scrolling = self.set_interval(SCROLL_EVERY, self._scroll_on)
        self._take_to_mouse()

    def _lines_beyond(self, screen_y: float) -> int:
        """How far the mouse is below the pane, or above it, then negative.

        Nothing is above a pane at the top of the screen, so its first line counts as that, unless words are
        taken of it.
        """
        at = self._mouse_at.y
        if at >= self.size.height:
            return at - self.size.height + 1
        if at == 0 and screen_y <= 0 and self._pressed_line != self.scroll_offset.y:
            return -1
        return min(at, 0)

    def _scroll_on(self) -> None:
        """As many lines further as the mouse is beyond, but not out of the comment whose words are taken."""
        if self._pressed_on is None or self._painter is None:
            self._stop_scrolling()
            return
        node, top, bottom = self._pressed_on[0], self.scroll_offset.y, self.scroll_offset.y + self.size.height
        if self._beyond > 0:
            lines = max(min(self._beyond, self.layout_.foot(node) - bottom), 0)
        else:
            lines = min(max(self._beyond, self.layout_.top(node) - top), 0)
        if lines:
            self._scroll(top + lines)
            self._take_to_mouse()

    def _stop_scrolling(self) -> None:
        if self._scrolling is not None:
            self._scrolling.stop()
            self._scrolling = None

    def _take_to_mouse(self) -> None:
        """Light what lies between where the button went down and where the mouse is."""
        painter, offset = self._painter, self._mouse_at
        if painter is None or self._pressed_on is None:
            return
        node, pressed = self._pressed_on
        if self.layout_.is_closed(node) or not self.layout_.is_visible(node):
            return
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
        self._stop_scrolling()
        self._pressed_on = None
        if self.app.mouse_captured is self:
            self.release_mouse()
        if self._painter is not None and self._painter.taken is not None:
            node, self._painter.taken = self._painter.taken[0], None
            self._redraw_nodes([node])
