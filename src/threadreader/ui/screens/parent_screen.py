"""Which comment, or the post, another one is to be hung under: found as one types."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from threadreader.model import Comment, Thread, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.target_list import PossibleTarget, TargetList

ON_POST = ""  # what stands for the post


class ParentScreen(KeyedScreen[str | None]):
    """Returns the id of a comment, or `ON_POST`; None to leave all as it is.

    Keys that print belong to the line.
    """

    KEYS: ClassVar[Sequence[Key]] = (
        Key("parent.choose", "enter", "choose", "Hang it there", "Mark", footer="Hang it there"),
        Key("parent.next", "down,ctrl+n", "move(1)", "Next comment", "Jump"),
        Key("parent.previous", "up", "move(-1)", "Previous comment", "Jump"),
        Key("parent.page-down", "pagedown", "page(1)", "Page down", "Jump"),
        Key("parent.page-up", "pageup", "page(-1)", "Page up", "Jump"),
        Key("parent.back", "escape", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "choose", show=False, priority=True),  # or the line would take it
    ]

    DEFAULT_CSS = """
    ParentScreen Input { padding: 0 1; background: $panel; margin-bottom: 1; }
    ParentScreen TargetList { height: 1fr; }
    """

    def __init__(self, thread: Thread, comment_id: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        at = thread.positions[comment_id]
        self._comment = thread.comments[at]
        post = Comment(ON_POST, None, "post", 0, thread.body, author=thread.post.title)
        others = (*thread.comments[:at], *thread.comments[thread.ends[at] :])
        self._rows = [PossibleTarget(comment, False) for comment in (post, *others)]
        self._words = [_folded(row.comment) for row in self._rows]

    def compose(self) -> ComposeResult:
        """The line, and what fits it."""
        yield LineInput(compact=True, placeholder="hang it under: a place, a name, words; or choose the post")
        yield TargetList(glyphs=self.glyphs, empty="No comment fits.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def found(self) -> TargetList:
        """What fits."""
        return self.query_one(TargetList)

    def on_mount(self) -> None:
        """Begin where it hangs now."""
        self.found.can_focus = False
        self.query_one(Input).focus()
        self.query_one(StatusLine).where = f"hang {self._comment.place} {self._comment.byline} under"
        under = self._comment.parent_id or ON_POST
        here = next((at for at, row in enumerate(self._rows) if row.comment.id == under), 0)
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
