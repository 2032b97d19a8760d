"""Which link is meant, and whether it is to be opened: no address is gone to that was not read in full."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, OptionList, Static

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


class Picked(NamedTuple):
    """A link, and whether all of its address could be read when it was picked."""

    address: str
    seen: bool


class LinkDialog(Dialog[Picked | None]):
    """Returns one of the addresses, which are numbered from 1; or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("links.pick", "enter", "pick", "Pick this link", "Dialog"),
        Key("links.next", "j,down", "move('down')", "Next link", "Dialog"),
        Key("links.previous", "k,up", "move('up')", "Previous link", "Dialog"),
    )

    DEFAULT_CSS = """
    LinkDialog > Vertical { width: 90; }
    LinkDialog OptionList { height: auto; max-height: 1fr; margin: 1 0; padding: 0; border: none; }
    """

    def __init__(self, heading: str, hint: str, addresses: list[str]) -> None:
        super().__init__()
        self._heading, self._hint, self._addresses = heading, hint, addresses

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """How one is picked."""
        picked = ("links.pick", f"or a number {self._hint}")
        return (picked, ("links.next links.previous", "move"), ("dialog.cancel", "cancels"))

    def compose(self) -> ComposeResult:
        """The addresses in full, with their numbers."""
        width = len(str(len(self._addresses)))
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield OptionList(
                *(Content(f"[{n:{width}}] {address}") for n, address in enumerate(self._addresses, 1)),
                compact=True,
            )
            yield Label(id=HINT, markup=False)

    async def on_key(self, event: events.Key) -> None:
        """A digit is the link with that number."""
        number = int(event.character) if event.character and event.character.isdecimal() else 0
        if 1 <= number <= len(self._addresses):
            event.stop()
            event.prevent_default()
            self._pick(number - 1)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._pick(event.option_index)

    def action_pick(self) -> None:
        """The link under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._pick(at)

    def action_move(self, direction: str) -> None:
        """To the next link, or the previous one."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if direction == "down" else options.action_cursor_up)()

    def _pick(self, at: int) -> None:
        all_shown = self.query_one(OptionList).max_scroll_y == 0
        self.dismiss(Picked(self._addresses[at], all_shown))


class OpenDialog(Dialog[bool]):
    """Shows an address in full, and returns whether it is to be opened."""

    KEYS: ClassVar[Sequence[Key]] = (Key("links.open", "enter", "dismiss(True)", "Open the link", "Dialog"),)
    HINTS = (("links.open", "opens it in the browser"), ("dialog.cancel", "cancels"))

    DEFAULT_CSS = """
    OpenDialog VerticalScroll { height: auto; max-height: 1fr; margin: 1 0; }
    OpenDialog Static { height: auto; }
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        """The address, and whom it leads to."""
        with Vertical() as box:
            box.border_title = Content(f"Open {_whose(self._address)}?")
            with VerticalScroll():
                yield Static(self._address, markup=False)
            yield Label(id=HINT, markup=False)


def _whose(address: str) -> str:
    """The host, which an address can hide behind a name before `@`."""
    try:
        host = urlsplit(address).hostname
    except ValueError:  # brackets that are no address of a machine
        host = None
    return f"a page of {host}" if host else "this"
