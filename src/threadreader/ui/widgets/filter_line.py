"""The line in which a list is asked for less."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from threadreader.ui.keys import Key, bindings
from threadreader.ui.widgets.find_line import FindLine
from threadreader.ui.widgets.query_line import Underlining


class FilterLine(FindLine):
    """A find line whose words are completed, and from which the list is moved in."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("filter.complete", "right", "complete", "Complete the word, at the end of the line", "Find"),
        Key("filter.left", "left", "cursor_left", "Left in the line", "Find"),
        Key("filter.next", "down", "ask_to_move(1)", "Next row", "Find"),
        Key("filter.previous", "up", "ask_to_move(-1)", "Previous row", "Find"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    class CompletionAsked(Message):
        """The word at the end of the line is to be completed."""

    @dataclass
    class MoveAsked(Message):
        """The list is to be moved in while typing goes on."""

        by: int

    def __init__(self) -> None:
        super().__init__()
        self.underlining = Underlining()
        self.highlighter = self.underlining

    def action_complete(self) -> None:
        """Ask for what is offered; elsewhere than at the end, go right."""
        if self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.CompletionAsked())
        else:
            self.action_cursor_right()

    def action_ask_to_move(self, by: int) -> None:
        """Move in the list."""
        self.post_message(self.MoveAsked(by))
