"""A scroll bar that shows where there is something: unread comments, notes, bookmarks, hits."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

from rich.segment import Segment, Segments
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from threadreader.ui.widgets.glyphs import UNICODE, Glyphs

Tick = tuple[str, Style]  # a sign of one cell, and its look


class TickedBar(ScrollBar):
    """Textual's upright bar with signs on it; `ticks(height)` gives one or None for each of its cells.

    Where it `is_plain()`, nothing but ASCII is on it: the bar's ends then stand on whole cells. Its lines are
    kept as they are: made anew whenever the text beside it moves, they would take as long as the text.
    """

    def __init__(
        self,
        *,
        ticks: Callable[[int], Sequence[Tick | None]],
        is_plain: Callable[[], bool],
        thickness: int,
    ) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._ticks, self._is_plain = ticks, is_plain

    def render_lines(self, crop: Region) -> list[Strip]:
        """The bar, and the signs in front of it."""
        cells = list(self._bar().segments)
        if self._is_plain():
            cells = [cell if cell.text.isascii() else Segment(" ", cell.style) for cell in cells]
        for at, tick in enumerate(self._ticks(len(cells))):
            if tick is not None:
                cells[at] = _ticked(cells[at], tick)
        strips = [_line(cell).crop(crop.x, crop.right) for cell in cells[crop.y : crop.bottom]]
        _, background = self.background_colors
        for one in self.get_line_filters():
            strips = [strip.apply_filter(one, background) for strip in strips]
        return strips

    def _bar(self) -> Segments:
        """The bar alone, in the colours that Textual gives it now."""
        bar = cast(ScrollBarRender, self.render())
        look = bar.style if isinstance(bar.style, Style) else Style.parse(bar.style)
        colours: dict[str, Any] = {"back_color": look.bgcolor, "bar_color": look.color}
        return bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=self.size.width,
            vertical=True,
            **{name: colour for name, colour in colours.items() if colour},
        )


class Ticked(ScrollView):
    """A view that has such a bar, and keeps its lines as the terminal gets them."""

    glyphs: Glyphs = UNICODE

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are kept, where nothing stands around them.

        By way of Textual's cache of styles a scrolled view would be made anew line by line, and so would
        what Textual itself keeps with each strip: filtered, divided and written.
        """
        if any(self.styles.gutter) or self.opacity < 1:
            return super().render_lines(crop)
        return [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def finished(self, strips: Sequence[Strip], ground: Style) -> list[Strip]:
        """Lines as wide as the view, in colours that the terminal has."""
        _, background = self.background_colors
        done = [strip.extend_cell_length(self.size.width, ground) for strip in strips]
        for one in self.get_line_filters():
            done = [strip.apply_filter(one, background) for strip in done]
        return done

    def fit(self, size: Size) -> None:
        """Take the size of what there is to show.

        Where the bar stays as it is, nothing is laid out anew, which would draw everything twice.
        """
        least = min(size.height, self.virtual_size.height)
        is_kept = self.styles.overflow_y == "scroll" or least > self.container_size.height
        if self.show_vertical_scrollbar and is_kept:
            self.set_reactive(Ticked.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        else:
            self.virtual_size = size

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar; made when it is first asked for, as Textual makes its own."""
        if self._vertical_scrollbar is None:
            bar = self._vertical_scrollbar = TickedBar(
                ticks=self.ticks,
                is_plain=lambda: self.glyphs.is_plain,
                thickness=self.scrollbar_size_vertical,
            )
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def ticks(self, height: int) -> Sequence[Tick | None]:
        """The signs on a bar of so many cells."""
        return ()


@lru_cache(maxsize=128)
def _ticked(cell: Segment, tick: Tick) -> Segment:
    sign, look = tick
    behind = cell.style or Style.null()
    ground = behind.color if behind.reverse else behind.bgcolor
    return Segment(sign, Style(color=look.color, bgcolor=ground, bold=look.bold, meta=behind.meta))


@lru_cache(maxsize=128)
def _line(cell: Segment) -> Strip:
    return Strip([cell])
