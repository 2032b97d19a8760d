"""Which link is meant, and whether it is to be opened: no address is gone to that was not read in full."""

from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList, Static


class Picked(NamedTuple):
    """A link, and whether all of its address could be read when it was picked."""

    address: str
    seen: bool


class LinkDialog(ModalScreen[Picked | None]):
    """Returns one of the addresses, which are numbered from 1; or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Cancel"),
        Binding("j", "move('down')", "Next"),
        Binding("k", "move('up')", "Previous"),
    ]

    DEFAULT_CSS = """
    LinkDialog { align: center middle; }
    LinkDialog > Vertical {
        width: 90; max-width: 96%; height: auto; max-height: 92%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    LinkDialog OptionList { height: auto; max-height: 1fr; margin: 1 0; padding: 0; border: none; }
    LinkDialog Label { width: 1fr; color: $text-muted; }
    """

    def __init__(self, heading: str, hint: str, addresses: list[str]) -> None:
        super().__init__()
        self._heading, self._hint, self._addresses = heading, hint, addresses

    def compose(self) -> ComposeResult:
        """The addresses in full, with their numbers."""
        width = len(str(len(self._addresses)))
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield OptionList(
                *(Content(f"[{n:{width}}] {address}") for n, address in enumerate(self._addresses, 1)),
                compact=True,
            )
            yield Label(f"Enter or a number {self._hint} · j k move · Esc cancels", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A digit is the link with that number."""
        number = int(event.character) if event.character and event.character.isdecimal() else 0
        if 1 <= number <= len(self._addresses):
            event.stop()
            self._pick(number - 1)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._pick(event.option_index)

    def action_move(self, direction: str) -> None:
        """To the next link, or the previous one."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if direction == "down" else options.action_cursor_up)()

    def _pick(self, at: int) -> None:
        all_shown = self.query_one(OptionList).max_scroll_y == 0
        self.dismiss(Picked(self._addresses[at], all_shown))


class OpenDialog(ModalScreen[bool]):
    """Shows an address in full, and returns whether it is to be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(True)", "Open"),
        Binding("escape,q", "dismiss(False)", "Cancel"),
    ]

    DEFAULT_CSS = """
    OpenDialog { align: center middle; }
    OpenDialog > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 92%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    OpenDialog VerticalScroll { height: auto; max-height: 1fr; margin: 1 0; }
    OpenDialog Static { height: auto; }
    OpenDialog Label { width: 1fr; color: $text-muted; }
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
            yield Label("Enter opens it in the browser · Esc cancels", markup=False)


def _whose(address: str) -> str:
    """The host, which an address can hide behind a name before `@`."""
    try:
        host = urlsplit(address).hostname
    except ValueError:  # brackets that are no address of a machine
        host = None
    return f"a page of {host}" if host else "this"
