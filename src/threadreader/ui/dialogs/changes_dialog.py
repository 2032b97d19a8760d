"""What a newer copy brought: the words of a comment that came and went, or the comments that are gone."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from threadreader.model import WordChange
from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key
from threadreader.ui.widgets.word_changes import drawn


class ChangesDialog(Dialog[None]):
    """Shows words with what came and went; returns nothing."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("changes.down", "j,down", "scroll_by(1)", "Scroll down", "Dialog"),
        Key("changes.up", "k,up", "scroll_by(-1)", "Scroll up", "Dialog"),
        Key("changes.page-down", "space,pagedown", "page(1)", "Page down", "Dialog"),
        Key("changes.page-up", "b,pageup", "page(-1)", "Page up", "Dialog"),
    )
    HINTS = (("changes.down changes.up", "scroll"), ("dialog.cancel", "closes"))

    DEFAULT_CSS = """
    ChangesDialog VerticalScroll { height: auto; max-height: 80vh; scrollbar-size-vertical: 1; }
    ChangesDialog.-low VerticalScroll { max-height: 60vh; }
    ChangesDialog Static { width: 1fr; color: $text; }
    """

    def __init__(self, title: str, changes: Iterable[WordChange]) -> None:
        super().__init__()
        self._title = title
        self._changes = list(changes)

    def compose(self) -> ComposeResult:
        """The words, and the keys."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            with VerticalScroll(can_focus=False):
                yield Static(drawn(self._changes), markup=False)
            yield Label(id=HINT, markup=False)

    def action_scroll_by(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by * self.count(), animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll by what is shown."""
        shown = self.query_one(VerticalScroll)
        shown.scroll_relative(y=direction * max(shown.size.height - 1, 1), animate=False)
