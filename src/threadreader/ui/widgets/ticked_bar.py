"""A scroll bar that shows where there is something: unread comments, notes, bookmarks, hits."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

Tick = tuple[str, Style]  # a sign of one cell, and its look


class TickedBar(ScrollBarRender):
    """Textual's bar with signs on it; `ticks(height)` gives one or None for each of its cells.

    Where it `is_plain()`, nothing but ASCII is on it: the bar's ends then stand on whole cells.
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

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The bar, and the signs in front of it."""
        for bar in super().__rich_console__(console, options):
            segments = list(bar.segments) if isinstance(bar, Segments) else []
            if self._is_plain():
                segments = [cell if cell.text.isascii() else Segment(" ", cell.style) for cell in segments]
            for at, tick in enumerate(self._ticks(len(segments))):
                if tick is not None:
                    segments[at] = _ticked(segments[at], tick)
            yield Segments(segments, new_lines=True)


def _ticked(cell: Segment, tick: Tick) -> Segment:
    sign, look = tick
    behind = cell.style or Style.null()
    ground = behind.color if behind.reverse else behind.bgcolor
    return Segment(sign, Style(color=look.color, bgcolor=ground, bold=look.bold, meta=behind.meta))
