"""Writing a note: several lines, kept as a draft while it is typed, saved when the dialog closes."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Label, Static, TextArea

from threadreader.model import NOTE_NAMES, NoteKind, next_kind
from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key

DRAFT_AFTER = 0.3  # seconds without a key press


class Written(NamedTuple):
    """What a dialog was closed with."""

    text: str
    note_kind: NoteKind


class NoteDialog(Dialog[Written]):
    """Returns the note as it stands when the dialog is closed; `keep_draft` takes its text while it grows."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("note.keep", "escape,ctrl+s", "keep", "Save the note and close", "Dialog"),
        Key("note.kind", "ctrl+t", "kind", "Note, question, claim to check, quote to use", "Dialog"),
    )

    DEFAULT_CSS = """
    NoteDialog > Vertical { height: 18; }
    NoteDialog Static { height: auto; max-height: 3; color: $text-muted; text-style: italic; }
    NoteDialog TextArea { height: 1fr; margin: 1 0; background: $surface; }
    NoteDialog.-low Static.quote { display: none; }
    NoteDialog.-low #hint { max-height: 1; }
    """

    def __init__(
        self,
        heading: str,
        quote: str,
        text: str,
        keep_draft: Callable[[str], None],
        *,
        note_kind: NoteKind = "comment",
        remark: str = "",
    ) -> None:
        """`heading` says on what the note is."""
        super().__init__()
        self._remark = remark
        self.note_kind = note_kind
        self._heading, self._quote, self._text = heading, quote, text
        self._keep_draft = keep_draft
        self._timer: Timer | None = None

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """How to leave."""
        remark = [("", self._remark)] if self._remark else []
        kind = NOTE_NAMES[next_kind(self.note_kind)]
        return [
            ("note.keep", "saves and closes"),
            ("note.kind", f"makes it a {kind}"),
            ("", "an empty note is no note"),
            *remark,
        ]

    def compose(self) -> ComposeResult:
        """What is noted, the note, and how to leave."""
        with Vertical() as box:
            box.border_title = self._title
            yield Static(self._quote, markup=False, classes="quote")
            yield TextArea(self._text, soft_wrap=True, tab_behavior="focus", compact=True)
            yield Label(id=HINT, markup=False)

    @property
    def _title(self) -> Content:
        """What kind of note it is, with its sign, and on what."""
        sign, name = self.glyphs.of_note(self.note_kind), NOTE_NAMES[self.note_kind].capitalize()
        return Content(f"{sign} {name} {self._heading}")

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

    def action_keep(self) -> None:
        """Return the text."""
        if self._timer is not None:
            self._timer.stop()
        self.dismiss(Written(self.query_one(TextArea).text, self.note_kind))

    def action_kind(self) -> None:
        """The next kind."""
        self.note_kind = next_kind(self.note_kind)
        self.query_one(Vertical).border_title = self._title
        self._show_hint()
