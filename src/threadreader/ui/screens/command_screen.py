"""The line of commands, at the bottom of the screen that they are for."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.commanding import Commands
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.offer_list import OfferList


class CommandScreen(KeyedScreen[str | None], ModalScreen[str | None]):
    """Returns the line that was typed, or None. Keys that print belong to it."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("command.run", "enter", "run", "Do it", "Command"),
        Key("command.complete", "tab", "complete", "Complete", "Command"),
        Key("command.next", "down,ctrl+n", "choose(1)", "Next command", "Command"),
        Key("command.previous", "up", "choose(-1)", "Previous command", "Command"),
        Key("command.earlier", "alt+up", "recall(-1)", "What was typed before", "Command"),
        Key("command.later", "alt+down", "recall(1)", "What was typed after", "Command"),
        Key("command.back", "escape", "dismiss(None)", "Back", "Command"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "run", show=False, priority=True),  # or the line would take it
    ]

    DEFAULT_CSS = """
    CommandScreen { align: left bottom; background: $background 0%; }
    CommandScreen > Vertical { height: auto; background: $panel; }
    CommandScreen OfferList { height: auto; max-height: 8; background: $panel; }
    CommandScreen #line { layout: horizontal; height: 1; }
    CommandScreen Label { width: 1; margin-left: 1; color: $text-primary; }
    CommandScreen Input { width: 1fr; background: $panel; }
    """

    def __init__(self, commands: Commands, typed_before: Sequence[str], glyphs: Glyphs) -> None:
        super().__init__()
        self._offering = commands
        self._before = [*typed_before, ""]
        self._recalled = len(typed_before)
        self._is_chosen = False  # does the line hold a row of the list?
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """What the line could become, over the line."""
        with Vertical():
            yield OfferList(glyphs=self.glyphs)
            with Vertical(id="line"):
                yield Label(":", markup=False)
                yield LineInput(compact=True, placeholder="a command, or the number or place of a comment")

    @property
    def offers(self) -> OfferList:
        """What the line could become."""
        return self.query_one(OfferList)

    @property
    def line(self) -> LineInput:
        """What is typed."""
        return self.query_one(LineInput)

    def on_mount(self) -> None:
        """Type at once."""
        self.offers.can_focus = False
        self.line.focus()
        self._offer()

    @on(Input.Changed)
    def _offer(self) -> None:
        self._is_chosen = False
        rows = self._offering.offers(self.line.value)
        self.offers.display = bool(rows)
        self.offers.show(rows)

    def _write(self, text: str) -> None:
        """Let the line say something else; the list stays."""
        with self.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)

    def action_choose(self, by: int) -> None:
        """Let the line be what the list has at its cursor, or next to it."""
        if self._is_chosen:
            self.offers.action_move(by)
        if self.offers.row is not None:
            self._write(self.offers.row.line)
            self._is_chosen = True

    def action_complete(self) -> None:
        """Let the line be the best of the list, and go on typing."""
        if self.offers.row is not None:
            self._write(f"{self.offers.row.line} ")
            self._offer()

    def action_recall(self, by: int) -> None:
        """Let the line be what was typed before, or after."""
        self._before[self._recalled] = self.line.value
        self._recalled = min(max(self._recalled + by, 0), len(self._before) - 1)
        self._write(self._before[self._recalled])
        self._offer()

    @on(OfferList.Chosen)
    def _chosen(self, event: OfferList.Chosen) -> None:
        self.dismiss(event.row.line)

    def action_run(self) -> None:
        """Do what the line says."""
        self.dismiss(self.line.value.strip() or None)
