"""One of several things, numbered from 1."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key


class ChoiceDialog(Dialog[int | None]):
    """Returns the position of what was chosen, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("choice.choose", "enter", "choose", "Choose this", "Dialog"),
        Key("choice.next", "j,down", "move('down')", "Next", "Dialog"),
        Key("choice.previous", "k,up", "move('up')", "Previous", "Dialog"),
    )
    HINTS = (
        ("choice.choose", "or a number chooses"),
        ("choice.next choice.previous", "move"),
        ("dialog.cancel", "cancels"),
    )

    DEFAULT_CSS = """
    ChoiceDialog > Vertical { width: 90; }
    ChoiceDialog OptionList { height: auto; max-height: 1fr; margin: 1 0; padding: 0; border: none; }
    """

    def __init__(self, heading: str, choices: Sequence[str], remark: str = "") -> None:
        super().__init__()
        self._heading, self._choices, self._remark = heading, choices, remark

    def compose(self) -> ComposeResult:
        """What there is to choose from, and what is to be known about it."""
        width = len(str(len(self._choices)))
        with Vertical() as box:
            box.border_title = Content(self._heading)
            if self._remark:
                yield Label(self._remark, markup=False)
            numbered = enumerate(self._choices, 1)
            yield OptionList(*(Content(f"{n:{width}}  {told}") for n, told in numbered), compact=True)
            yield Label(id=HINT, markup=False)

    async def on_key(self, event: events.Key) -> None:
        """A digit is the choice with that number, where no number has two."""
        number = int(event.character) if event.character and event.character.isdecimal() else 0
        if 1 <= number <= len(self._choices) < 10:
            event.stop()
            event.prevent_default()
            self.dismiss(number - 1)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def action_choose(self) -> None:
        """What is under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(at)

    def action_move(self, direction: str) -> None:
        """To the next one, or the previous one."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if direction == "down" else options.action_cursor_up)()
