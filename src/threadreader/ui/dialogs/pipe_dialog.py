"""Which command a text is given to, and how much of the thread."""

from typing import ClassVar, Literal, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

Scope = Literal["comment", "subtree", "thread"]

_SCOPES: dict[Scope, str] = {
    "comment": "the comment, as plain text",
    "subtree": "the comment with all replies, as Markdown",
    "thread": "the whole thread, as Markdown",
}


class Piping(NamedTuple):
    """What the reader asked for."""

    command: str
    scope: Scope


class PipeDialog(ModalScreen[Piping | None]):
    """Returns the command and what it gets; None where the reader changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("tab", "scope(1)", "How much", priority=True),
        Binding("shift+tab", "scope(-1)", "How much", priority=True),
    ]

    DEFAULT_CSS = """
    PipeDialog { align: center middle; }
    PipeDialog > Vertical {
        width: 76; max-width: 96%; height: auto; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    PipeDialog Input { margin: 1 0; }
    PipeDialog Label { width: 1fr; }
    PipeDialog #hint { margin-top: 1; color: $text-muted; }
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
            yield Label("Enter runs it in the shell · Tab: how much · Esc cancels", id="hint", markup=False)

    def on_mount(self) -> None:
        """The comment to begin with."""
        self.action_scope(0)

    def action_scope(self, by: int) -> None:
        """More of the thread, or less."""
        scopes = list(_SCOPES)
        self._scope = scopes[(scopes.index(self._scope) + by) % len(scopes)]
        self.query_one("#scope", Label).update(f"It gets: {_SCOPES[self._scope]}")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        command = event.value.strip()
        self.dismiss(Piping(command, self._scope) if command else None)
