"""A thread as lines on the screen: drawn, with a cursor, and a place that holds while the lines change."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from threadreader.model import Position, Thread
from threadreader.ui.widgets.comment_painter import CommentPainter
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import ground, look
from threadreader.ui.widgets.thread_layout import POST, ThreadLayout
from threadreader.ui.widgets.thread_map import State
from threadreader.ui.widgets.ticked_bar import Tick, Ticked

SEEN_AFTER = 0.7  # seconds that a comment stands still on the screen before it counts as read
_KEPT_STRIPS = 60  # nodes whose drawn lines are kept


class ThreadPane(Ticked, can_focus=True):
    """Draws what a painter has, and says where the cursor is and what was seen; no key moves it by itself."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "thread--about",
        "thread--anonymous",
        "thread--author",
        "thread--bookmark",
        "thread--cursor",
        "thread--dimmed",
        "thread--guide-0",
        "thread--guide-1",
        "thread--guide-2",
        "thread--guide-3",
        "thread--guide-4",
        "thread--guide-5",
        "thread--highlight-1",
        "thread--highlight-2",
        "thread--highlight-3",
        "thread--highlight-4",
        "thread--hit",
        "thread--hit-current",
        "thread--label",
        "thread--link",
        "thread--note",
        "thread--place",
        "thread--quote",
        "thread--rule",
        "thread--selected",
        "thread--tag",
        "thread--taken",
        "thread--text",
        "thread--title",
        "thread--unread",
        "thread--warning",
    }

    DEFAULT_CSS = """
    ThreadPane {
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .thread--about { color: $text-muted; }
        & > .thread--anonymous { color: $text-muted; }
        & > .thread--author { color: $text; text-style: bold; }
        & > .thread--bookmark { color: $text-warning; text-style: bold; }
        & > .thread--cursor { color: $primary; text-style: bold; }
        & > .thread--dimmed { color: $text-muted; }
        & > .thread--guide-0 { color: $primary; }
        & > .thread--guide-1 { color: $warning; }
        & > .thread--guide-2 { color: $secondary; }
        & > .thread--guide-3 { color: $success; }
        & > .thread--guide-4 { color: $accent; }
        & > .thread--guide-5 { color: $foreground-muted; }
        & > .thread--highlight-1 { background: $warning-muted; text-style: bold; }
        & > .thread--highlight-2 { background: $success-muted; text-style: underline; }
        & > .thread--highlight-3 { background: $primary-muted; text-style: bold italic; }
        & > .thread--highlight-4 { background: $error-muted; text-style: italic underline; }
        & > .thread--hit { background: $warning-muted; color: $text-warning; text-style: underline; }
        & > .thread--hit-current { background: $warning; color: $background; text-style: bold; }
        & > .thread--label { color: $text-secondary; text-style: italic; }
        & > .thread--link { text-style: underline; }
        & > .thread--note { color: $text-success; text-style: italic; }
        & > .thread--place { color: $text-primary; text-style: bold; }
        & > .thread--quote { color: $text-muted; text-style: italic; }
        & > .thread--rule { color: $foreground-muted; }
        & > .thread--selected { background: $surface-lighten-1; }
        & > .thread--tag { color: $text-secondary; }
        & > .thread--taken { text-style: reverse; }
        & > .thread--text { color: $text; }
        & > .thread--title { color: $text; text-style: bold; }
        & > .thread--unread { color: $text-accent; text-style: bold; }
        & > .thread--warning { color: $text-warning; }
    }
    ThreadPane:focus > .thread--selected { background: $primary-muted; }
    """

    cursor: reactive[int] = reactive(POST, repaint=False)
    """The node under the cursor: 0 for the post, else one more than the comment's position."""

    @dataclass
    class Seen(Message):
        """These comments stood on the screen long enough to be read."""

        comment_ids: tuple[str, ...]

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self._painter: CommentPainter | None = None
        self._styles: dict[str, Style] = {}
        self._strips: dict[tuple[int, bool], list[Strip]] = {}
        self._seen_after = SEEN_AFTER
        self._seen_timer: Timer | None = None
        self._told_ticks: tuple[object, Sequence[Tick | None]] = (None, ())  # for which bar, and on it
        self._wanted: Position | None = None  # a place that is taken as soon as there is a size

    @property
    def thread(self) -> Thread | None:
        """What is shown."""
        return self._painter.thread if self._painter else None

    @property
    def layout_(self) -> ThreadLayout:
        """Folds and lines; only while a thread is shown."""
        assert self._painter is not None
        return self._painter.layout

    @property
    def comment_id(self) -> str | None:
        """The comment under the cursor; None for the post."""
        return self._painter.id_of(self.cursor) if self._painter else None

    @property
    def position(self) -> Position:
        """Where the reader is."""
        if self._painter is None or self._wanted is not None:
            return self._wanted or Position(None, 0)
        return Position(self.comment_id, self._cursor_line)

    @property
    def unread(self) -> int:
        """Unread comments of the thread."""
        return sum(self._painter.unread) if self._painter else 0

    @property
    def words_left(self) -> int:
        """About how many words the thread holds from the cursor on."""
        return self._painter.words_from(self.cursor) if self._painter else 0

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw both comments again."""
        if self._painter is None:
            return
        self._redraw_nodes((before, after))
        self.restart_seen()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What stands on the screen is seen from now on."""
        super().watch_scroll_y(old_value, new_value)
        if self._painter is not None and self._wanted is None:
            self._count_about(self.layout_.at_line(self.scroll_offset.y))
        self.restart_seen()

    def state(self, node: int) -> State:
        """What is to be told first of a comment."""
        return self._states(node, node + 1)

    def _states(self, first: int, end: int) -> State:
        """What is to be told first of some comments."""
        painter = self._painter
        if painter is None:
            return "read"
        if painter.hits and painter.hits.between(first, end):
            return "hit"
        marked = painter.marked
        at = bisect_left(marked, (first,))
        kinds = {kind for _, kind in marked[at : bisect_left(marked, (end,))]}
        if kinds:
            return "note" if "note" in kinds else "bookmark"
        return "unread" if painter.unread.find(1, first, end) >= 0 else "read"

    def ticks(self, height: int) -> Sequence[Tick | None]:
        """For each cell of the scroll bar what the lines that it stands for hold, if anything."""
        if self._painter is None or self._wanted is not None or not height:
            return ()
        layout = self.layout_
        key = (height, layout.lines)
        if self._told_ticks[0] != key:
            ticks: list[Tick | None] = []
            edges = [layout.at_line(cell * layout.lines // height) for cell in range(height)]
            glyphs = self.glyphs
            signs = {
                "hit": glyphs.hit,
                "note": glyphs.note,
                "bookmark": glyphs.bookmark,
                "unread": glyphs.between,
            }
            for first, following in zip(edges, [*edges[1:], layout.size], strict=True):
                state = self._states(first, max(following, first + 1))
                ticks.append(None if state == "read" else (signs[state], self._look(state)))
            self._told_ticks = (key, ticks)
        return self._told_ticks[1]

    def _tell_anew(self) -> None:
        """What there is in the thread changed."""
        self._told_ticks = (None, ())
        if self.is_mounted:
            self.vertical_scrollbar.refresh()

    def on_focus(self) -> None:
        """What is on the screen is being read from now on."""
        self.restart_seen()
        self._redraw(restyle=True)

    def on_blur(self) -> None:
        """The cursor's line loses its colour."""
        self._redraw(restyle=True)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew; the comment under the cursor stays on its line of the screen."""
        if self._painter is None:
            return
        if self._wanted is not None:
            self._measure()
        elif self._painter.width != self._inner_width:
            self._keep_place(self._wrap)
        else:
            self._keep_place(self._update_size)

    def notify_style_update(self) -> None:
        """Another theme: nothing drawn before is right."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()
        self._told_ticks = (None, ())

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        line = self.scroll_offset.y + y
        painter = self._painter
        if painter is None or line >= painter.layout.lines:
            return self.finished([Strip([])], self._look(""))[0]
        node = painter.layout.at_line(line)
        key = (node, node == self.cursor)
        strips = self._strips.get(key)
        if strips is None:
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            strips = self._strips[key] = self.finished(painter.strips(*key), self._look(""))
        return strips[line - painter.layout.top(node)]

    def set_seen_after(self, seconds: float) -> None:
        """How long a comment stands still on the screen before it counts as read."""
        if seconds == self._seen_after:
            return
        self._seen_after = seconds
        if self._seen_timer is not None:
            self._seen_timer.stop()
            self._seen_timer = None
            self.restart_seen()

    def restart_seen(self) -> None:
        """Begin anew to count how long the screen has stood still."""
        if self._seen_timer is None:
            if self.is_mounted:
                self._seen_timer = self.set_timer(self._seen_after, self._say_seen)
        else:
            self._seen_timer.reset()
            self._seen_timer.resume()

    def _say_seen(self) -> None:
        self._seen_timer = None
        painter = self._painter
        if painter is None or not self.display or not self.has_focus or not self.app.app_focus:
            return
        layout, top = painter.layout, self.scroll_offset.y
        bottom = top + self.size.height
        seen = [
            node
            for node in layout.between(top, bottom)
            if painter.unread[node] and not layout.is_closed(node) and layout.foot(node) <= bottom
        ]
        if seen:
            self.post_message(self.Seen(tuple(filter(None, map(painter.id_of, seen)))))

    # The place

    def _show(self, painter: CommentPainter | None, position: Position) -> None:
        """Draw what this painter has, with the reader at `position`."""
        if self._painter is not None and self._painter is not painter:
            self._painter.layout.end()
        self._painter, self._wanted = painter, position
        self.set_reactive(ThreadPane.cursor, POST)
        self._measure()
        self.restart_seen()

    def _measure(self) -> None:
        """Find the lines of a thread that was not drawn yet, if there is a width, and take its place."""
        self._strips.clear()
        self._tell_anew()
        if self._painter is not None and self.size.width:
            self._wrap()
            self._settle()
        self.refresh()

    def _wrap(self) -> None:
        assert self._painter is not None
        self._painter.width = self._inner_width
        self.layout_.measure()

    def _settle(self) -> None:
        """Take the wanted place, once there is a size to take it in."""
        self._update_size()
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._painter is None:
            return
        self.cursor = self.layout_.shown_for(self._painter.node_of(wanted.comment_id))
        self._show_at(self.cursor, wanted.line)
        self.refresh()

    def _keep_place(self, change: Callable[[], None]) -> None:
        """Make a change of the layout with the comment under the cursor kept on its line of the screen."""
        if self._wanted is not None:  # not drawn yet: the place is taken when there is a size
            change()
            return
        layout = self.layout_
        line = self._cursor_line
        change()
        self._strips.clear()
        self._tell_anew()
        self.cursor = layout.shown_for(self.cursor)
        if layout.is_closed(self.cursor) or line >= 0:
            line = min(max(line, 0), max(self.size.height - 1, 0))
        self._show_at(self.cursor, line)
        self.refresh()
        self.restart_seen()

    @property
    def _cursor_line(self) -> int:
        """The line of the screen on which the comment under the cursor begins; negative above it."""
        return self.layout_.top(self.cursor) - self.scroll_offset.y

    @property
    def _is_cursor_in_view(self) -> bool:
        view, layout = self.scroll_offset.y, self.layout_
        return layout.foot(self.cursor) > view and layout.top(self.cursor) < view + self.size.height

    @property
    def _inner_width(self) -> int:
        # The scroll bar's column stays free always, or text would be wrapped again when it comes and goes.
        return max(self.container_size.width - 1, 8)

    def _update_size(self) -> None:
        lines = self._painter.layout.lines if self._painter else 0
        self.fit(Size(self._inner_width, lines))

    # Moving

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, immediate=True, force=True)

    def _show_at(self, node: int, line: int) -> None:
        """Scroll so that a node begins on that line of the screen, whatever stood there."""
        self.layout_.settle(node, self.size.height)
        self._update_size()
        self._scroll(self.layout_.top(node) - line)

    def _count_about(self, node: int) -> None:
        """Count the lines about a node, where they were guessed; what is on the screen stays where it is."""
        layout, view = self.layout_, self.scroll_offset.y
        first = layout.at_line(view)
        within = view - layout.top(first)
        if layout.settle(node, self.size.height):
            self._update_size()
            self._told_ticks = (None, ())
            self._scroll(layout.top(first) + within)

    def _select(self, node: int, from_below: bool = False) -> None:
        """Move the cursor and show the comment whole; of a taller one, the end that one comes by."""
        self._count_about(node)
        self.cursor = node
        view, height = self.scroll_offset.y, self.size.height
        top, foot = self.layout_.top(node), self.layout_.foot(node)
        if foot - top > height:
            self._scroll(foot - height if from_below else top)
        elif top < view:
            self._scroll(top)
        elif foot > view + height:
            self._scroll(foot - height)

    def _place_cursor(self, fraction: float) -> None:
        """Scroll so that the comment under the cursor stands at that part of the view."""
        self.layout_.settle(self.cursor, self.size.height)
        lines = self.layout_.bottom(self.cursor) - self.layout_.top(self.cursor)
        self._show_at(self.cursor, int(max(self.size.height - lines, 0) * fraction))

    def _show_line(self, line: int) -> None:
        """Bring a line of the thread into the view, not at its edge."""
        view, height = self.scroll_offset.y, self.size.height
        if not view + 1 <= line < view + height - 1:
            self._scroll(line - height // 3)

    def _scroll_inside(self, direction: int) -> bool:
        """Scroll within the comment under the cursor where more of it lies that way."""
        view, height = self.scroll_offset.y, self.size.height
        top, foot = self.layout_.top(self.cursor), self.layout_.foot(self.cursor)
        if foot - top <= height:
            return False
        hidden = foot - (view + height) if direction > 0 else view - top
        if hidden <= 0:
            return False
        self._scroll(view + direction * min(hidden, max(height // 2, 1)))
        return True

    def _cursor_into_view(self, prefer_last: bool = False) -> None:
        """Put the cursor on a comment that begins in the view, else on the one that fills it."""
        layout, top = self.layout_, self.scroll_offset.y
        bottom = top + self.size.height - 1
        shown = list(layout.between(top, bottom))
        begins = [node for node in shown if layout.top(node) >= top]
        if self.cursor in begins and not prefer_last:
            return
        candidates = begins or shown
        if candidates:
            self.cursor = candidates[-1 if prefer_last else 0]

    # Drawing

    def _look(self, part: str) -> Style:
        """The look of a part; of the pane itself for an empty name. Textual works them out anew each time."""
        style = self._styles.get(part)
        if style is None:
            if not part:
                style = self.rich_style
            elif part == "selected":
                style = ground(self, "thread--selected")
            else:
                style = self._look("") + look(self, f"thread--{part}")
            self._styles[part] = style
        return style

    def _redraw_nodes(self, nodes: Iterable[int]) -> None:
        """Draw these anew; of a hidden one the closed ancestor, which tells of it."""
        if self._painter is None or self._wanted is not None:
            return
        layout, view = self.layout_, self.scroll_offset.y
        for node in set(map(layout.shown_for, nodes)):
            self._strips.pop((node, True), None)
            self._strips.pop((node, False), None)
            first, last = max(layout.top(node), view), min(layout.bottom(node), view + self.size.height)
            if first < last:
                self.refresh_lines(first, last - first)

    def _redraw(self, *, restyle: bool = False) -> None:
        if restyle:
            self._styles.clear()
        self._strips.clear()
        self._tell_anew()
        self.refresh()
