"""Which command a text is given to, and how much of the thread."""

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key

Scope = Literal["comment", "path", "subtree", "thread"]

_SCOPES: dict[Scope, str] = {
    "comment": "the comment, as plain text",
    "path": "the comment and what it answers, as Markdown",
    "subtree": "the comment with all replies, as Markdown",
    "thread": "the whole thread, as Markdown",
}


class Piping(NamedTuple):
    """What the reader asked for."""

    command: str
    scope: Scope


class PipeDialog(Dialog[Piping | None]):
    """Returns the command and what it gets; None where the reader changed their mind."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("dialog.keep", "enter", "keep", "Keep what is typed", "Dialog"),
        Key("pipe.more", "tab", "scope(1)", "More of the thread", "Dialog"),
        Key("pipe.less", "shift+tab", "scope(-1)", "Less of the thread", "Dialog"),
    )
    HINTS = (("dialog.keep", "runs it in the shell"), ("pipe.more", "how much"), ("dialog.cancel", "cancels"))

    DEFAULT_CSS = """
    PipeDialog Input { margin: 1 0; }
    PipeDialog #scope { color: $text; }
    PipeDialog #hint { margin-top: 1; }
    """

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = command
        self._scope: Scope = "comment"

    def compose(self) -> ComposeResult:
        """The command, what it gets, and the keys."""
        with Vertical() as box:
            box.border_title = "Pipe to a command"
            yield Input(self._command, compact=True)
            yield Label(id="scope", markup=False)
            yield Label(id=HINT, markup=False)

    def on_mount(self) -> None:
        """The comment to begin with."""
        self.action_scope(0)

    def action_scope(self, by: int) -> None:
        """More of the thread, or less."""
        scopes = list(_SCOPES)
        self._scope = scopes[(scopes.index(self._scope) + by) % len(scopes)]
        self.query_one("#scope", Label).update(f"It gets: {_SCOPES[self._scope]}")

    def action_keep(self) -> None:
        """Return the command, or that there is none."""
        command = self.query_one(Input).value.strip()
        self.dismiss(Piping(command, self._scope) if command else None)
