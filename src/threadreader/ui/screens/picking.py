"""Choosing a comment of a thread: found as one types, for what keys that print would do by chance."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from threadreader.model import Comment, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.target_list import PossibleTarget, TargetList


class Picking(KeyedScreen[str | None]):
    """Returns the id of a comment; None to leave all as it is. Keys that print belong to the line."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("pick.choose", "enter", "choose", "Take this one", "Mark", footer="Take this one"),
        Key("pick.next", "down,ctrl+n", "move(1)", "Next comment", "Jump"),
        Key("pick.previous", "up", "move(-1)", "Previous comment", "Jump"),
        Key("pick.page-down", "pagedown", "page(1)", "Page down", "Jump"),
        Key("pick.page-up", "pageup", "page(-1)", "Page up", "Jump"),
        Key("pick.back", "escape", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "choose", show=False, priority=True),  # or the line would take it
    ]

    DEFAULT_CSS = """
    Picking Input { padding: 0 1; background: $panel; margin-bottom: 1; }
    Picking TargetList { height: 1fr; }
    """

    def __init__(
        self, rows: Sequence[PossibleTarget], heading: str, asked: str, glyphs: Glyphs, here: str | None
    ) -> None:
        super().__init__()
        self.glyphs = glyphs
        self._rows = rows
        self._heading = heading
        self._asked = asked
        self._here = here  # the one that the cursor begins on
        self._words = [_folded(row.comment) for row in rows]

    def compose(self) -> ComposeResult:
        """The line, and what fits it."""
        yield LineInput(compact=True, placeholder=self._asked)
        yield TargetList(glyphs=self.glyphs, empty="No comment fits.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def found(self) -> TargetList:
        """What fits."""
        return self.query_one(TargetList)

    def on_mount(self) -> None:
        """Begin where it is now."""
        self.found.can_focus = False
        self.query_one(Input).focus()
        self.query_one(StatusLine).where = self._heading
        here = next((at for at, row in enumerate(self._rows) if row.comment.id == self._here), 0)
        self._show(self._rows, here)

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        typed = event.value.casefold().split()
        fitting = [
            row
            for row, words in zip(self._rows, self._words, strict=True)
            if all(f" {word}" in words for word in typed)
        ]
        self._show(fitting, 0)

    def _show(self, rows: Sequence[PossibleTarget], cursor: int) -> None:
        self.found.show(rows, cursor)
        self.query_one(StatusLine).numbers = f"{len(rows)} of {len(self._rows)}"

    @on(TargetList.Chosen)
    def action_choose(self) -> None:
        """What is under the cursor."""
        row = self.found.row
        if row is not None:
            self.dismiss(row.comment.id)

    def action_move(self, by: int) -> None:
        """Move in the comments while typing goes on."""
        self.found.action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the comments."""
        self.found.action_page(direction)


def _folded(comment: Comment) -> str:
    """What a comment is found by: beginnings of its words, behind blanks."""
    return " " + collapsed(f"{comment.place} {comment.byline} {comment.text}").casefold()
