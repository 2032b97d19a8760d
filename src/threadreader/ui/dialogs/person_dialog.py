"""What the reader says of a person: a label in one line, and whether what they wrote stands back."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from threadreader.model import Person
from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


class PersonDialog(Dialog[Person | None]):
    """Returns the person as described; None where the reader changed their mind."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("person.keep", "enter", "keep", "Keep it", "Dialog"),
        Key("person.dim", "tab", "dim", "Dim what they wrote, or no more", "Dialog"),
    )

    DEFAULT_CSS = """
    PersonDialog Input { margin: 1 0; }
    PersonDialog #dimmed { color: $text; margin-bottom: 1; }
    """

    def __init__(self, heading: str, person: Person) -> None:
        super().__init__()
        self._heading, self.person = heading, person

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """What the keys do."""
        return (
            ("person.keep", "keeps"),
            ("person.dim", "dims no more" if self.person.dimmed else "dims"),
            ("", "an empty label is none"),
            ("dialog.cancel", "cancels"),
        )

    def compose(self) -> ComposeResult:
        """The label, whether they are dimmed, and the keys."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Input(self.person.label, compact=True, placeholder="a label, seen by you alone")
            yield Label(self._told, id="dimmed", markup=False)
            yield Label(id=HINT, markup=False)

    @property
    def _told(self) -> str:
        if self.person.dimmed:
            return f"{self.glyphs.dimmed} dimmed: what they wrote stands back, and is there to be read"
        return "not dimmed"

    def action_dim(self) -> None:
        """Dim them, or no more."""
        self.person = self.person._replace(dimmed=not self.person.dimmed)
        self.query_one("#dimmed", Label).update(self._told)
        self._show_hint()

    def action_keep(self) -> None:
        """Return what is said of them now."""
        self.dismiss(self.person._replace(label=self.query_one(Input).value))
