"""A bar on standard error for work that takes a while."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

LONG = 0.3  # seconds: shorter work shows nothing


class Progressing:
    """Called with what is done, of how many, and what comes next; draws nothing where nobody watches.

    Where `read` is counted up, `of` says what it counts, and the bar shows how many of these a second.
    """

    def __init__(self, label: str, *, of: str = "") -> None:
        self.read = 0
        self._of = of
        self._label = label
        self._began = time.monotonic()
        self._bar: ProgressBar[int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.__exit__(kind, error, trace)

    def __call__(self, done: int, total: int, name: str) -> None:
        """Move the bar."""
        if self._bar is None and self._is_worth_it():
            import click

            self._bar = click.progressbar(
                length=total,
                label=self._label,
                file=sys.stderr,
                show_pos=True,
                show_percent=True,
                item_show_func=self._rate,
            )
            self._bar.__enter__()
        if self._bar:
            self._bar.update(done - self._bar.pos)

    def _rate(self, item: int | None) -> str:
        seconds = time.monotonic() - self._began
        return f"{self.read / seconds:,.0f} {self._of}/s" if self.read and seconds else ""

    def _is_worth_it(self) -> bool:
        return bool(sys.stderr) and sys.stderr.isatty() and time.monotonic() - self._began > LONG
