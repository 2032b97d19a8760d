"""Writing a note: several lines, kept as a draft while it is typed, saved when the dialog closes."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Label, Static, TextArea

DRAFT_AFTER = 0.3  # seconds without a key press


class NoteDialog(ModalScreen[str]):
    """Returns the text as it stands when the dialog is closed; `keep_draft` takes it while it grows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "save", "Save and close", priority=True),
    ]

    DEFAULT_CSS = """
    NoteDialog { align: center middle; }
    NoteDialog > Vertical {
        width: 76; max-width: 96%; height: 18; max-height: 92%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    NoteDialog Static { height: auto; max-height: 3; color: $text-muted; text-style: italic; }
    NoteDialog TextArea { height: 1fr; margin: 1 0; background: $surface; }
    NoteDialog Label { width: 1fr; color: $text-muted; }
    """

    def __init__(self, heading: str, quote: str, text: str, keep_draft: Callable[[str], None]) -> None:
        super().__init__()
        self._heading, self._quote, self._text = heading, quote, text
        self._keep_draft = keep_draft
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """What is noted, the note, and how to leave."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Static(self._quote, markup=False)
            yield TextArea(self._text, soft_wrap=True, tab_behavior="focus", compact=True)
            yield Label("Esc saves and closes · an empty note is no note · u undoes")

    def on_mount(self) -> None:
        """Write on at the end."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    @on(TextArea.Changed)
    def _changed(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(DRAFT_AFTER, self._draft)

    def _draft(self) -> None:
        self._timer = None
        self._keep_draft(self.query_one(TextArea).text)

    def action_save(self) -> None:
        """Return the text."""
        if self._timer is not None:
            self._timer.stop()
        self.dismiss(self.query_one(TextArea).text)
