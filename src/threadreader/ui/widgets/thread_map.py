"""The tree of a thread at a glance: a sign for every comment, as trn drew it beside an article.

A first reply stands to the right of its parent, every further one on a line of its own below. So a line is a
run of comments that each answer the one before, and a thread has as many lines as it has ends.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import look
from threadreader.ui.widgets.thread_layout import POST, ThreadLayout

State = Literal["hit", "note", "bookmark", "unread", "read"]

_STEP = 2  # cells from a comment to its first reply
_MARGIN = 2  # cells of the edge
_KEPT = 150  # lines that are kept as drawn


class ThreadMap(ScrollView, can_focus=False):
    """Draws a layout's tree; says which comment was clicked. The states are the screen's to give."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "map--line",
        "map--hit",
        "map--note",
        "map--bookmark",
        "map--unread",
        "map--read",
        "map--cursor",
    }

    DEFAULT_CSS = """
    ThreadMap {
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 0;
        & > .map--line { color: $foreground-muted; }
        & > .map--hit { color: $text-warning; text-style: bold; }
        & > .map--note { color: $text-success; text-style: bold; }
        & > .map--bookmark { color: $text-warning; text-style: bold; }
        & > .map--unread { color: $text-accent; text-style: bold; }
        & > .map--read { color: $text-muted; }
        & > .map--cursor { text-style: reverse bold; }
    }
    """

    cursor: reactive[int] = reactive(POST, repaint=False)
    """The node that the reader is at."""

    @dataclass
    class Clicked(Message):
        """A comment was clicked."""

        node: int

    def __init__(self, *, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._layout: ThreadLayout | None = None
        self._state: Callable[[int], State] = lambda node: "read"
        self._rows: list[int] = []  # the first node of each line
        self._left = 0  # the depth at the left edge
        self._styles: dict[str, Style] = {}
        self._drawn: dict[int, Strip] = {}  # line -> how it is drawn, without the cursor

    def show(self, layout: ThreadLayout | None, state: Callable[[int], State]) -> None:
        """Draw the tree of `layout`; `state(node)` says what is to be told of a comment."""
        self._layout, self._state = layout, state
        self._rows = []
        self.set_reactive(ThreadMap.cursor, POST)
        if self.size.width:
            self._measure()
        self.redraw()

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the comment in view; of what is there only the lines of both comments are drawn anew."""
        if not self._rows or not self.size.height:
            return
        left = self._left
        self._left = self._leftmost()
        row, top, height = self._row(after), self.scroll_offset.y, self.size.height
        if left != self._left:
            self._drawn.clear()
        if not top <= row < top + height:
            self._centre()
        elif left != self._left:
            self.redraw()
        else:
            self.refresh_lines(self._row(before))
            self.refresh_lines(row)

    def on_resize(self, event: events.Resize) -> None:
        """A map that was not seen was not measured."""
        self._drawn.clear()
        self._measure()

    def on_show(self) -> None:
        """The same."""
        self._measure()

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._styles.clear()
        self._drawn.clear()

    def on_click(self, event: events.Click) -> None:
        """Go to the comment."""
        row = self.scroll_offset.y + event.y
        if self._layout is None or row >= len(self._rows):
            return
        nodes = self._run_in(row)
        at = (event.x - _MARGIN) // _STEP + self._left - self._layout.depths[nodes.start]
        self.post_message(self.Clicked(nodes[min(max(at, 0), len(nodes) - 1)]))

    def render_line(self, y: int) -> Strip:
        """One line: what leads here from above, then the comments that answer one another."""
        row, width, layout = self.scroll_offset.y + y, self.size.width, self._layout
        ground = self._look("")
        if layout is None or row >= len(self._rows):
            edge = Segment(self._glyphs.guide, self._look("line"))
            return Strip([edge]).adjust_cell_length(width, ground)
        nodes = self._run_in(row)
        if self.cursor in nodes:
            return self._draw(nodes)
        strip = self._drawn.get(row)
        if strip is None:
            if len(self._drawn) > _KEPT:
                self._drawn.clear()
            strip = self._drawn[row] = self._draw(nodes)
        return strip

    def _draw(self, nodes: range) -> Strip:
        line, ground, width = self._look("line"), self._look(""), self.size.width
        segments = [Segment(self._branches(nodes.start), line)]
        for node in nodes:
            style = self._look(self._state(node))
            if node == self.cursor:
                style += self._look("cursor")
            segments.append(Segment(self._sign(node), style))
            segments.append(Segment(self._glyphs.rule if node + 1 in nodes else " ", line))
        strip = Strip(segments)
        left = self._left * _STEP
        strip = strip.crop(left, left + width - _MARGIN)
        edge = Segment(f"{self._glyphs.guide} ", line)
        return Strip([edge, *strip]).adjust_cell_length(width, ground)

    def tell(self, nodes: Iterable[int]) -> None:
        """What is told of these comments changed."""
        if self._rows:
            for row in set(map(self._row, nodes)):
                self._drawn.pop(row, None)
                self.refresh_lines(row)

    def redraw(self) -> None:
        """What is told of any comment may have changed."""
        self._drawn.clear()
        self.refresh()

    def _measure(self) -> None:
        """Find the lines; a map that is not on the screen costs nothing."""
        layout = self._layout
        if layout is None or not self.size.width:
            return
        if not self._rows:
            parents = layout.parents
            self._rows = [n for n in range(1, layout.size) if parents[n] != n - 1 or parents[n] == POST]
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._centre()

    def _centre(self) -> None:
        if self._rows and self.size.height:
            self._left = self._leftmost()
            row = self._row(self.cursor)
            self.scroll_to(y=row - self.size.height // 2, animate=False, immediate=True, force=True)

    def _run_in(self, row: int) -> range:
        assert self._layout is not None
        end = self._rows[row + 1] if row + 1 < len(self._rows) else self._layout.size
        return range(self._rows[row], end)

    def _row(self, node: int) -> int:
        return max(bisect_right(self._rows, node) - 1, 0)

    def _leftmost(self) -> int:
        """The depth at the left edge: further in where the cursor would not be seen."""
        if self._layout is None:
            return 0
        shown = max((self.size.width - _MARGIN) // _STEP, 1)
        return max(self._layout.depths[self.cursor] - shown * 3 // 4, 0)

    def _branches(self, node: int) -> str:
        """The lines from above that pass a comment or end at it."""
        layout, glyphs = self._layout, self._glyphs
        assert layout is not None
        depth = layout.depths[node]
        if depth == 0:
            return ""
        cells = [(glyphs.branch if self._goes_on(node) else glyphs.elbow) + glyphs.rule]
        for above in layout.ancestors(node):
            if layout.depths[above]:
                cells.append(f"{glyphs.guide if self._goes_on(above) else ' '} ")
        return "".join(reversed(cells))

    def _goes_on(self, node: int) -> bool:
        """Does another reply to the same parent follow?"""
        assert self._layout is not None
        after = self._layout.ends[node]
        return after < self._layout.size and self._layout.parents[after] == self._layout.parents[node]

    def _sign(self, node: int) -> str:
        glyphs = self._glyphs
        return {
            "hit": glyphs.hit,
            "note": glyphs.note,
            "bookmark": glyphs.bookmark,
            "unread": glyphs.unread,
            "read": glyphs.read,
        }[self._state(node)]

    def _look(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = look(self, f"map--{part}") if part else self.rich_style
            if part and part != "cursor":
                style = self._look("") + style
            self._styles[part] = style
        return style
