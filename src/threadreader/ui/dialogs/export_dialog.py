"""Where to export a thread to, and how much of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key

Scope = Literal["thread", "marked", "subtree", "path"]


class ExportChoice(NamedTuple):
    """What the reader asked for."""

    path: Path
    scope: Scope


class ExportDialog(Dialog[ExportChoice | None]):
    """Returns the choice, or None; a file that is there is replaced only when asked twice."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("dialog.keep", "enter", "keep", "Keep what is typed", "Dialog"),
        Key("export.scope", "tab", "scope", "How much of the thread", "Dialog"),
    )
    HINTS = (("dialog.keep", "exports"), ("export.scope", "how much"), ("dialog.cancel", "cancels"))

    DEFAULT_CSS = """
    ExportDialog Input { margin: 1 0; }
    ExportDialog #scope { color: $text; }
    ExportDialog #hint { margin-top: 1; }
    ExportDialog #hint.-asks { color: $text-warning; }
    """

    def __init__(self, name: str, scopes: Mapping[Scope, str]) -> None:
        super().__init__()
        self._name = name
        self._scopes = scopes  # what each means, the one to begin with first
        self._scope = next(iter(scopes))
        self._asked_about: Path | None = None

    def compose(self) -> ComposeResult:
        """The file, how much goes into it, and the keys."""
        with Vertical() as box:
            box.border_title = "Export as Markdown"
            yield Input(self._name, compact=True, select_on_focus=False)
            yield Label(id="scope", markup=False)
            yield Label(id=HINT, markup=False)

    def on_mount(self) -> None:
        """The first scope to begin with."""
        self._show_scope()

    def action_scope(self) -> None:
        """The next scope."""
        scopes = list(self._scopes)
        self._scope = scopes[(scopes.index(self._scope) + 1) % len(scopes)]
        self._show_scope()

    def _show_scope(self) -> None:
        self.query_one("#scope", Label).update(f"How much: {self._scopes[self._scope]}")

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
            self.dismiss(ExportChoice(path, self._scope))

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
