"""A list of rows of equal height on the line API: a hundred thousand rows cost what the screen shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from threadreader.settings import View
from threadreader.ui.keys import Key, Keyed, bindings
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import ground, look
from threadreader.ui.widgets.ticked_bar import Ticked
from threadreader.ui.widgets.wrapping import cells, fitted, wrap

Row = TypeVar("Row")
Part = tuple[str, str]  # words and the name of their look

KEPT = 200  # rows whose drawn lines are kept


class RowList(Ticked, Keyed, Generic[Row], can_focus=True):
    """Rows with a cursor. A subclass says how high a row is and what it says: `parts(row, width)`."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("list.next", "j,down", "move(1)", "Next", "Move"),
        Key("list.previous", "k,up", "move(-1)", "Previous", "Move"),
        Key("list.first", "g g,home", "first", "First", "Move"),
        Key("list.last", "G,end", "last", "Last", "Move"),
        Key("list.page-down", "space,pagedown,ctrl+d", "page(1)", "Page down", "Move"),
        Key("list.page-up", "b,pageup,ctrl+u", "page(-1)", "Page up", "Move"),
        Key("list.choose", "enter,l,right", "choose", "Open", "Move", footer="Open"),
    )
    BINDINGS = bindings(KEYS)

    ROW_HEIGHT: ClassVar[int] = 2

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row--about",
        "row--bookmark",
        "row--hit",
        "row--note",
        "row--place",
        "row--selected",
        "row--text",
        "row--title",
        "row--unread",
        "row--warning",
        "row--cursor",
    }

    DEFAULT_CSS = """
    RowList {
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .row--about { color: $text-muted; }
        & > .row--bookmark { color: $text-warning; text-style: bold; }
        & > .row--cursor { color: $primary; text-style: bold; }
        & > .row--hit { color: $text-warning; text-style: bold underline; }
        & > .row--note { color: $text-success; }
        & > .row--place { color: $text-primary; text-style: bold; }
        & > .row--selected { background: $surface-lighten-1; }
        & > .row--text { color: $text; }
        & > .row--title { color: $text; text-style: bold; }
        & > .row--unread { color: $text-accent; text-style: bold; }
        & > .row--warning { color: $text-warning; }
    }
    RowList:focus > .row--selected { background: $primary-muted; }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row under the cursor."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to another row."""

        list: "RowList"  # type: ignore[type-arg]

    @dataclass
    class Chosen(Message):
        """A row was asked to be opened: the one under the cursor then, whatever is typed meanwhile."""

        row: Any

    def __init__(self, *, id: str | None = None, empty: str = "", glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.empty = empty
        self.glyphs = glyphs
        self.view_settings = View()
        self._styles: dict[str, Style] = {}
        self._drawn: dict[int, list[Strip]] = {}  # row -> its lines

    def parts(self, row: Row, width: int) -> Sequence[Sequence[Part]]:
        """The lines of a row, each a sequence of (words, look); what is too long is cut."""
        raise NotImplementedError

    def show(self, rows: Sequence[Row], cursor: int = 0) -> None:
        """Replace the rows; where as many came, only those that changed are drawn anew."""
        before, self.rows = self.rows, rows
        self._drawn.clear()
        cursor, stood = min(max(cursor, 0), max(len(rows) - 1, 0)), self.cursor
        self.set_reactive(RowList.cursor, cursor)
        if rows and len(rows) == len(before):
            self._refresh_rows(at for at in self._shown() if rows[at] != before[at])
            self._refresh_rows({stood, cursor} if stood != cursor else ())
        else:
            self._resize()
            self.refresh()
        self._reveal()

    def _shown(self) -> range:
        """The rows in the view."""
        first = self.scroll_offset.y // self.ROW_HEIGHT
        return range(first, min(first + self.size.height // self.ROW_HEIGHT + 2, len(self.rows)))

    def _refresh_rows(self, rows: Iterable[int]) -> None:
        for at in rows:
            self._drawn.pop(at, None)
            self.refresh_lines(at * self.ROW_HEIGHT, self.ROW_HEIGHT)

    def redraw(self) -> None:
        """What the rows say changed, their number did not."""
        self._styles.clear()
        self._drawn.clear()
        self.refresh()

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None in an empty list."""
        return self.rows[self.cursor] if self.rows else None

    def validate_cursor(self, cursor: int) -> int:
        """The nearest row there is."""
        return min(max(cursor, 0), max(len(self.rows) - 1, 0))

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the row in view."""
        self._refresh_rows((before, after))
        self._reveal()
        self.post_message(self.Highlighted(self))

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by * self.count()

    def action_first(self) -> None:
        """The first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """The last row; with a count, that one."""
        self.cursor = self.count(default=len(self.rows)) - 1

    def action_page(self, direction: int) -> None:
        """Move by what the view shows."""
        self.cursor += direction * self.count() * max(self.size.height // self.ROW_HEIGHT - 1, 1)

    def action_choose(self) -> None:
        """Open the row."""
        if self.rows:
            self.post_message(self.Chosen(self.row))

    def on_mount(self) -> None:
        """Measure what was shown before there was a size."""
        self._resize()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view."""
        self._drawn.clear()
        self._resize()
        self._reveal()

    def on_focus(self) -> None:
        """The row of the cursor gains its colour."""
        self.redraw()

    def on_blur(self) -> None:
        """The row of the cursor loses its colour."""
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """One click selects, on the selected row it opens."""
        at = (self.scroll_offset.y + event.y) // self.ROW_HEIGHT
        if at < len(self.rows):
            if at == self.cursor:
                self.action_choose()
            self.cursor = at

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._styles.clear()
        self._drawn.clear()

    def _resize(self) -> None:
        self.fit(Size(max(self.container_size.width - 1, 0), len(self.rows) * self.ROW_HEIGHT))

    def _reveal(self) -> None:
        top = self.cursor * self.ROW_HEIGHT
        view, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        if top < view:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)
        elif top + self.ROW_HEIGHT > view + height:
            self.scroll_to(y=top + self.ROW_HEIGHT - height, animate=False, immediate=True, force=True)

    def _look(self, part: str) -> Style:
        """The style of a part."""
        style = self._styles.get(part)
        if style is None:
            laid = ground if part == "selected" else look
            style = self._styles[part] = laid(self, f"row--{part}") if part else self.rich_style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        at, line = divmod(self.scroll_offset.y + y, self.ROW_HEIGHT)
        base, width = self._look(""), max(self.container_size.width - 1, 1)
        if at >= len(self.rows):
            hint = "" if self.rows else self._hint(y)
            return self.finished(
                [Strip([Segment(fitted(hint, width), base + self._look("about"))], width)], base
            )[0]
        strips = self._drawn.get(at)
        if strips is None:
            if len(self._drawn) > KEPT:
                self._drawn.clear()
            strips = self._drawn[at] = self.finished(self._draw(at, base, width), base)
        return strips[line]

    def _draw(self, at: int, base: Style, width: int) -> list[Strip]:
        """The lines of a row, as wide as the list."""
        selected = at == self.cursor
        over = self._look("selected") if selected else Style.null()
        base = base + over
        bar = Segment(self.glyphs.cursor if selected else " ", base + self._look("cursor"))
        strips = []
        lines = self.parts(self.rows[at], max(width - 3, 1))  # a blank before the edge
        for line in range(self.ROW_HEIGHT):
            parts = lines[line] if line < len(lines) else ()
            parts = self._fitted(parts, width - 2)
            segments = [Segment(words, base + self._look(look) + over) for words, look in parts if words]
            filled = 2 + sum(cells(words) for words, _ in parts)
            if filled < width:
                segments.append(Segment(" " * (width - filled), base))
            strips.append(Strip([bar, Segment(" ", base), *segments], max(filled, width)))
        return strips

    def _fitted(self, parts: Sequence[Part], room: int) -> Sequence[Part]:
        """As many words as there is room for, the last of them cut."""
        if sum(cells(words) for words, _ in parts) <= room:
            return parts
        shown: list[Part] = []
        for words, name in parts:
            shown.append((cut(words, room, self.glyphs.ellipsis), name))
            room -= cells(words)
            if room < 0:
                break
        return shown

    def _hint(self, y: int) -> str:
        """What an empty list says on one of its lines: words under a blank line."""
        lines = wrap(self.empty, max(self.size.width - 3, 1))
        if not 0 < y <= len(lines):
            return ""
        return f"  {self.empty[lines[y - 1].start : lines[y - 1].end]}"


def cut(words: str, width: int, ellipsis: str = "…") -> str:
    """`words` in at most `width` cells."""
    if cells(words) <= width:
        return words
    return fitted(words, max(width - 1, 0)).rstrip() + ellipsis if width > 0 else ""
