"""A scroll bar that shows where there is something: unread comments, notes, bookmarks, hits."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.css.styles import RulesMap
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.style import Style as TextualStyle
from textual.visual import RenderOptions, Visual

Tick = tuple[str, Style]  # a sign of one cell, and its look


class TickedBar(ScrollBarRender, Visual):
    """Textual's upright bar with signs on it; `ticks(height)` gives one or None for each of its cells.

    Where it `is_plain()`, nothing but ASCII is on it: the bar's ends then stand on whole cells. It makes its
    lines itself, for by way of a Rich console a scroll bar takes as long as the text beside it.
    """

    def __init__(
        self,
        *,
        ticks: Callable[[int], Sequence[Tick | None]] = lambda height: (),
        is_plain: Callable[[], bool],
        **bar: Any,
    ) -> None:
        super().__init__(**bar)
        self._ticks, self._is_plain = ticks, is_plain

    def render_strips(
        self, width: int, height: int | None, style: TextualStyle, options: RenderOptions
    ) -> list[Strip]:
        """The bar, and the signs in front of it."""
        size = height or 0
        look = self.style if isinstance(self.style, Style) else Style.parse(self.style)
        colours: dict[str, Any] = {"back_color": look.bgcolor, "bar_color": look.color}
        bar = self.render_bar(
            size=size,
            virtual_size=self.virtual_size,
            window_size=self.window_size,
            position=self.position,
            thickness=width,
            vertical=True,
            **{name: colour for name, colour in colours.items() if colour},
        )
        cells: list[Segment] = list(bar.segments)
        if self._is_plain():
            cells = [cell if cell.text.isascii() else Segment(" ", cell.style) for cell in cells]
        for at, tick in enumerate(self._ticks(len(cells))):
            if tick is not None:
                cells[at] = _ticked(cells[at], tick)
        return [Strip([cell], width) for cell in cells]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """One cell, as thick as it is."""
        return self.thickness

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As many lines as there is room for; the bar has none of its own."""
        return 1


@lru_cache(maxsize=128)  # the bar is drawn whenever the text beside it moves
def _ticked(cell: Segment, tick: Tick) -> Segment:
    sign, look = tick
    behind = cell.style or Style.null()
    ground = behind.color if behind.reverse else behind.bgcolor
    return Segment(sign, Style(color=look.color, bgcolor=ground, bold=look.bold, meta=behind.meta))
