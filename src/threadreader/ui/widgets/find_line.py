"""The line that words to find, or a title to filter by, are typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from threadreader.ui.keys import Key, Keyed, bindings
from threadreader.ui.widgets.line_input import LineInput


class FindLine(LineInput, Keyed):
    """Hidden until it is asked for; says what is typed, what is kept, and when it is given up."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("find.keep", "enter", "submit", "Keep what is found", "Find", footer="Keep"),
        Key("find.cancel", "escape", "cancel", "As it was before", "Find", footer="Cancel"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    DEFAULT_CSS = """
    FindLine { display: none; padding: 0 1; background: $panel; }
    FindLine.-open { display: block; }
    """

    @dataclass
    class Typed(Message):
        """Another letter."""

        text: str

    @dataclass
    class Kept(Message):
        """Enter: what was found stays."""

        text: str

    class Cancelled(Message):
        """Escape: as if nothing had been typed."""

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False)

    @property
    def is_open(self) -> bool:
        """Is something being typed?"""
        return self.has_class("-open")

    def open(self, text: str, placeholder: str) -> None:
        """Show the line and type in it."""
        with self.prevent(Input.Changed):
            self.value = text
        self.placeholder = placeholder
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Hide the line; the focus is the screen's to give."""
        self.remove_class("-open")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(event.value))

    def action_cancel(self) -> None:
        """Give it up."""
        self.post_message(self.Cancelled())
