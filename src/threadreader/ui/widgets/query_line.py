"""The line under a query: what is wrong with it and where, or what its last word could become."""

from collections.abc import Sequence

from rich.highlighter import Highlighter
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from threadreader.model import Mistake
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import look
from threadreader.ui.widgets.row_list import cut
from threadreader.ui.widgets.wrapping import cells

LEFT = 1  # cells before the query above
MARK = "^"


class Underlining(Highlighter):
    """Underlines a mistake in the line that is typed in, for as long as that says what it was found in."""

    def __init__(self) -> None:
        self.mistake: Mistake | None = None
        self.query_text = ""

    def highlight(self, text: Text) -> None:
        """Underline it in `text`."""
        if self.mistake is not None and text.plain == self.query_text:
            text.stylize(Style(underline=True), self.mistake.start, self.mistake.end)


class QueryLine(Widget):
    """Marks a mistake below its place and says what was expected, else offers what can follow."""

    COMPONENT_CLASSES = {"query--mistake", "query--offer", "query--others"}  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    QueryLine { height: 1; }
    QueryLine > .query--mistake { color: $text-error; text-style: bold; }
    QueryLine > .query--offer { color: $text-primary; text-style: bold; }
    QueryLine > .query--others { color: $text-muted; }
    """

    query_text: reactive[str] = reactive("", repaint=False)
    """The query that the mistake is in."""
    scrolled: reactive[int] = reactive(0)
    """Cells of the query that went out of sight at the left."""
    mistake: reactive[Mistake | None] = reactive(None)
    """What can't be followed."""
    offers: reactive[Sequence[str]] = reactive(())
    """What the word that is typed could become, the one that `key` takes first."""
    key: reactive[str] = reactive("")
    """The sign of the key that takes the first offer."""

    def __init__(self, *, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.glyphs = glyphs

    def render_line(self, y: int) -> Strip:
        """The line."""
        width, style = self.size.width, self.rich_style
        parts: list[tuple[str, Style]] = []
        if self.offers:
            parts = self._offered(style)
        elif self.mistake is not None:
            told = placed(self.mistake, self.query_text, width=width, scrolled=self.scrolled)
            parts = [(told, style + look(self, "query--mistake"))]
        segments: list[Segment] = []
        room = width
        for words, part_style in parts:
            words = cut(words, room, self.glyphs.ellipsis)
            room -= cells(words)
            segments.append(Segment(words, part_style))
        return Strip([*segments, Segment(" " * room, style)], width)

    def _offered(self, style: Style) -> list[tuple[str, Style]]:
        first, *others = self.offers
        offer, rest = style + look(self, "query--offer"), style + look(self, "query--others")
        key = f"{self.key} " if self.key else ""
        return [(" " * LEFT + key, rest), (first, offer), ("".join(f"  {other}" for other in others), rest)]


def placed(mistake: Mistake, query: str, *, width: int, scrolled: int = 0) -> str:
    """Marks below the mistake, and what was expected on the side of them that has room for it.

    Where neither has, what was expected stands alone. `scrolled` cells of `query` are out of sight.
    """
    start, end, told = mistake.start, mistake.end, f"expected {mistake.told}"
    left = LEFT + cells(query[:start]) - scrolled
    right = max(left + cells(query[start:end]), left + 1)
    left, right = max(left, 0), min(right, width)
    marks = MARK * (right - left)
    if width - right > cells(told):
        return f"{' ' * left}{marks} {told}"
    if marks and left > cells(told):
        return f"{' ' * (left - cells(told) - 1)}{told} {marks}"
    return f" {told}"
