"""The keys that work where help was asked for, and a line to search them."""

from collections.abc import Sequence
from typing import ClassVar

from rapidfuzz import fuzz, process
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from threadreader.ui.keys import Key
from threadreader.ui.widgets.row_list import Part, RowList, cut

_KEYS_WIDTH = 18


class KeyList(RowList[Key]):
    """One key a line, under its group."""

    ROW_HEIGHT = 1

    def parts(self, row: Key, width: int) -> Sequence[Sequence[Part]]:
        """Keys, what they do, and the group."""
        keys = cut(row.shown, _KEYS_WIDTH - 1).ljust(_KEYS_WIDTH)
        room = max(width - _KEYS_WIDTH - 8, 8)
        return [[(keys, "place"), (cut(row.label, room).ljust(room), "text"), (row.group, "about")]]


class HelpScreen(ModalScreen[None]):
    """Made from the live keys; typing narrows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss", "Close"),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 76; max-width: 96%; height: 90%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    HelpScreen Input { background: $panel; }
    HelpScreen KeyList { background: $panel; height: 1fr; margin-top: 1; }
    HelpScreen Label { width: 1fr; color: $text-muted; }
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """A search line over the keys."""
        with Vertical() as box:
            box.border_title = "Keys that work here"
            yield Input(compact=True, placeholder="type to search, Esc closes")
            yield KeyList(empty="no key does that")
            yield Label("↑ ↓ scroll · each pane has keys of its own")

    def on_mount(self) -> None:
        """All keys to begin with."""
        self.query_one(KeyList).show(self._keys)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self.query_one(KeyList).show(matching(self._keys, event.value))

    def action_move(self, by: int) -> None:
        """Move in the list while the search line has the focus."""
        self.query_one(KeyList).action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the list."""
        self.query_one(KeyList).action_page(direction)


def matching(keys: Sequence[Key], query: str) -> list[Key]:
    """The keys whose label, group or sign fits what was typed, best first; all for nothing."""
    if not query.strip():
        return list(keys)
    signs = [key for key in keys if query in key.shown.split()]
    labels = {at: f"{key.label} {key.group}".lower() for at, key in enumerate(keys)}
    found = process.extract(query.lower(), labels, scorer=fuzz.partial_ratio, score_cutoff=75, limit=None)
    return signs + [keys[at] for _, _, at in found if keys[at] not in signs]
