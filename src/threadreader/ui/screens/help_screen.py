"""The keys that work where help was asked for, and a line to search them."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rapidfuzz import fuzz, process
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key
from threadreader.ui.widgets.row_list import Part, RowList, cut

_KEYS_WIDTH = 18


class Told(NamedTuple):
    """Something that can be typed, beside the keys."""

    shown: str
    label: str  # what it does
    group: str
    id: str = ""  # no action has it


class KeyList(RowList[Key | Told]):
    """One key a line, or what else can be typed, under its group."""

    ROW_HEIGHT = 1

    def parts(self, row: Key | Told, width: int) -> Sequence[Sequence[Part]]:
        """Keys, what they do, and the group."""
        keys = cut(self.glyphs.spelt(row.shown), _KEYS_WIDTH - 1, self.glyphs.ellipsis).ljust(_KEYS_WIDTH)
        room = max(width - _KEYS_WIDTH - 8, 8)
        return [
            [
                (keys, "place"),
                (cut(row.label, room, self.glyphs.ellipsis).ljust(room), "text"),
                (row.group, "about"),
            ]
        ]


class HelpScreen(Dialog[None]):
    """Made from the live keys; typing narrows it."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("help.close", "f1", "dismiss(None)", "Close the help", "Dialog"),
        Key("help.next", "down", "move(1)", "Next key", "Dialog"),
        Key("help.previous", "up", "move(-1)", "Previous key", "Dialog"),
        Key("help.page-down", "pagedown", "page(1)", "Page down", "Dialog"),
        Key("help.page-up", "pageup", "page(-1)", "Page up", "Dialog"),
    )
    HINTS = (
        ("help.next help.previous", "scroll"),
        ("dialog.cancel", "closes"),
        ("", "each pane has keys of its own"),
    )

    DEFAULT_CSS = """
    HelpScreen > Vertical { height: 90%; }
    HelpScreen.-low > Vertical { height: 100%; }
    HelpScreen Input { background: $panel; }
    HelpScreen KeyList { background: $panel; height: 1fr; margin-top: 1; }
    """

    def __init__(self, keys: Sequence[Key | Told]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """A search line over the keys."""
        with Vertical() as box:
            box.border_title = "Keys that work here"
            yield Input(compact=True, placeholder="type to search")
            yield KeyList(empty="no key does that", glyphs=self.glyphs)
            yield Label(id=HINT, markup=False)

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


def matching(keys: Sequence[Key | Told], query: str) -> list[Key | Told]:
    """The keys whose label, group or sign fits what was typed, best first; all for nothing."""
    if not query.strip():
        return list(keys)
    signs = [key for key in keys if query in key.shown.split()]
    labels = {at: f"{key.label} {key.group}".lower() for at, key in enumerate(keys)}
    found = process.extract(query.lower(), labels, scorer=fuzz.partial_ratio, score_cutoff=75, limit=None)
    return signs + [keys[at] for _, _, at in found if keys[at] not in signs]
