"""Asking for one line."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


class LineDialog(Dialog[str | None]):
    """Returns the line; None where the reader changed their mind."""

    KEYS: ClassVar[Sequence[Key]] = (Key("dialog.keep", "enter", "keep", "Keep what is typed", "Dialog"),)

    DEFAULT_CSS = "LineDialog Input { margin: 1 0; }"

    def __init__(self, heading: str, value: str, does: str, remark: str) -> None:
        super().__init__()
        self._heading, self._value, self._does, self._remark = heading, value, does, remark

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """What happens to the line."""
        return (("dialog.keep", self._does), ("", self._remark), ("dialog.cancel", "cancels"))

    def compose(self) -> ComposeResult:
        """The line and what happens to it."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Input(self._value, compact=True)
            yield Label(id=HINT, markup=False)

    def action_keep(self) -> None:
        """Return the line."""
        self.dismiss(self.query_one(Input).value)
