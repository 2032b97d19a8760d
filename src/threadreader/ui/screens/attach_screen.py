"""Which comment a mark is to stand on: those that could be meant first, then the others."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from threadreader.model import Anchored, Thread, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.row_list import cut
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.target_list import PossibleTarget, TargetList

_WORDS = 60  # characters of the mark's words that the status line tells


class AttachScreen(KeyedScreen[str | None]):
    """Returns the id of a comment, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("attach.back", "q,escape,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, thread: Thread, anchored: Anchored, glyphs: Glyphs) -> None:
        super().__init__()
        self._thread = thread
        self._told = anchored
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The comments, status and footer."""
        yield TargetList(glyphs=self.glyphs, empty="The thread has no comments.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the likely ones first."""
        at, likely = self._thread.positions, self._told.candidates
        rows = [PossibleTarget(self._thread.comments[at[one]], True) for one in likely if one in at]
        rows += [
            PossibleTarget(comment, False) for comment in self._thread.comments if comment.id not in likely
        ]
        targets = self.query_one(TargetList)
        targets.show(rows)
        targets.focus()
        status = self.query_one(StatusLine)
        words = cut(collapsed(self._told.mark.quote.exact), _WORDS, self.glyphs.ellipsis)
        status.where, status.numbers = f"attach “{words}” to", f"{len(rows)}"

    @on(TargetList.Chosen)
    def _chosen(self, event: TargetList.Chosen) -> None:
        self.dismiss(event.row.comment.id)
