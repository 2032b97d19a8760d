"""Where to export a thread to, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the reader asked for."""

    path: Path
    marked_only: bool


class ExportDialog(Dialog[ExportChoice | None]):
    """Returns the choice, or None; a file that is there is replaced only when asked twice."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("dialog.keep", "enter", "keep", "Keep what is typed", "Dialog"),
        Key("export.scope", "tab", "scope", "Whole or marked", "Dialog"),
    )
    HINTS = (("dialog.keep", "exports"), ("export.scope", "whole or marked"), ("dialog.cancel", "cancels"))

    DEFAULT_CSS = """
    ExportDialog Input { margin: 1 0; }
    ExportDialog #scope { color: $text; }
    ExportDialog #hint { margin-top: 1; }
    ExportDialog #hint.-asks { color: $text-warning; }
    """

    def __init__(self, name: str, marked: int) -> None:
        super().__init__()
        self._name, self._marked = name, marked
        self._marked_only = False
        self._asked_about: Path | None = None

    def compose(self) -> ComposeResult:
        """The file, how much goes into it, and the keys."""
        with Vertical() as box:
            box.border_title = "Export as Markdown"
            yield Input(self._name, compact=True, select_on_focus=False)
            yield Label(id="scope", markup=False)
            yield Label(id=HINT, markup=False)

    def on_mount(self) -> None:
        """The whole thread to begin with."""
        self._show_scope()

    def action_scope(self) -> None:
        """Whole, or only what is marked."""
        self._marked_only = not self._marked_only
        self._show_scope()

    def _show_scope(self) -> None:
        marked = f"only what is marked ({self._marked}), with what it answers"
        self.query_one("#scope", Label).update(
            f"How much: {marked if self._marked_only else 'the whole thread'}"
        )

    def action_keep(self) -> None:
        """Return the choice, where nothing speaks against it."""
        name = self.query_one(Input).value.strip()
        try:
            path = Path(name).expanduser()
            doubt = self._doubt(path) if name else "Name a file."
        except OSError as error:
            doubt = f"That file can't be: {error.strerror}."
        except RuntimeError:  # how pathlib says that there is no such home
            doubt = "There is no such user, so no such folder."
        if doubt:
            self._tell(doubt)
        else:
            self.dismiss(ExportChoice(path, self._marked_only))

    def _doubt(self, path: Path) -> str:
        """Why nothing is written there yet; raises OSError where nothing can be."""
        if path.is_dir():
            return "That is a folder: name a file in it."
        if path.exists() and path != self._asked_about:
            self._asked_about = path
            return f"There is such a file: {self.key('dialog.keep')} again replaces it."
        return ""

    def _tell(self, words: str) -> None:
        label = self.query_one(f"#{HINT}", Label)
        label.update(words)
        label.add_class("-asks")
