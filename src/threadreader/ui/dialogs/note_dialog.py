"""Writing a note: several lines, kept as a draft while it is typed, saved when the dialog closes."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
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
        Key("note.preview", "f3,ctrl+o", "preview", "Show the note as its Markdown says, or not", "Dialog"),
    )

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    NoteDialog > Vertical { height: 18; }
    NoteDialog #note { height: 1fr; margin: 1 0; }
    NoteDialog #note VerticalScroll {
        width: 1fr; height: 1fr; padding: 0 1; display: none; scrollbar-size-vertical: 1;
        background: $panel; border-left: vkey $primary-muted;
    }
    NoteDialog.-previewed #note VerticalScroll { display: block; }
    NoteDialog.-previewed > Vertical { height: 28; }
    NoteDialog.-previewed.-wide > Vertical { width: 140; height: 24; }
    NoteDialog.-narrow #note { layout: vertical; }
    NoteDialog.-narrow #note VerticalScroll { border-left: none; border-top: hkey $primary-muted; }
    NoteDialog .quote { height: auto; max-height: 3; color: $text-muted; text-style: italic; }
    NoteDialog TextArea { width: 1fr; height: 1fr; background: $surface; }
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
            ("note.preview", "previews"),
            ("", "an empty note is no note"),
            *remark,
        ]

    def compose(self) -> ComposeResult:
        """What is noted, the note, and how to leave."""
        from threadreader.ui.widgets.note_markdown import NoteMarkdown  # nothing that tables of keys wait for

        with Vertical() as box:
            box.border_title = self._title
            yield Static(self._quote, markup=False, classes="quote")
            with Horizontal(id="note"):
                yield TextArea(self._text, soft_wrap=True, tab_behavior="focus", compact=True)
                with VerticalScroll(can_focus=False):
                    yield NoteMarkdown()
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
        self._show_preview()

    def action_preview(self) -> None:
        """Show what the Markdown makes of it: beside the note, or below it where there is no room."""
        self.toggle_class("-previewed")
        self._show_preview()

    def _show_preview(self) -> None:
        from threadreader.ui.widgets.note_markdown import NoteMarkdown

        if self.has_class("-previewed"):
            self.query_one(NoteMarkdown).update(self.query_one(TextArea).text)

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
