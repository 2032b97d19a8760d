"""Asking whether something is meant."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, Static

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


class ConfirmDialog(Dialog[bool]):
    """Returns whether it is; None where the dialog was left."""

    KEYS: ClassVar[Sequence[Key]] = (Key("confirm.yes", "enter,y", "dismiss(True)", "Do it", "Dialog"),)

    DEFAULT_CSS = "ConfirmDialog Static { height: auto; margin: 1 0; }"

    def __init__(self, heading: str, words: str, does: str) -> None:
        super().__init__()
        self._heading, self._words, self._does = heading, words, does

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """What is done."""
        return (("confirm.yes", self._does), ("dialog.cancel", "cancels"))

    def compose(self) -> ComposeResult:
        """What is asked, and the keys."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Static(self._words, markup=False)
            yield Label(id=HINT, markup=False)
