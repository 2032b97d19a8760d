"""Asking for one line."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label


class LineDialog(ModalScreen[str | None]):
    """Returns the line; None where the reader changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    DEFAULT_CSS = """
    LineDialog { align: center middle; }
    LineDialog > Vertical {
        width: 76; max-width: 96%; height: auto; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    LineDialog Input { margin: 1 0; }
    LineDialog Label { width: 1fr; color: $text-muted; }
    """

    def __init__(self, heading: str, value: str, hint: str) -> None:
        super().__init__()
        self._heading, self._value, self._hint = heading, value, hint

    def compose(self) -> ComposeResult:
        """The line and what happens to it."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Input(self._value, compact=True)
            yield Label(self._hint, markup=False)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)
