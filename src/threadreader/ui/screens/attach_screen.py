"""Which comment a mark is to stand on: those that could be meant first, then the others."""

from threadreader.model import Anchored, Thread, collapsed
from threadreader.ui.screens.picking import Picking
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.row_list import cut
from threadreader.ui.widgets.target_list import PossibleTarget

_WORDS = 60  # characters of the mark's words that the status line tells


class AttachScreen(Picking):
    """Returns the id of a comment, or None."""

    def __init__(self, thread: Thread, anchored: Anchored, glyphs: Glyphs) -> None:
        at, likely = thread.positions, anchored.candidates
        rows = [PossibleTarget(thread.comments[at[one]], True) for one in likely if one in at]
        rows += [PossibleTarget(comment, False) for comment in thread.comments if comment.id not in likely]
        words = cut(collapsed(anchored.mark.quote.exact), _WORDS, glyphs.ellipsis)
        super().__init__(
            rows, f"attach “{words}” to", "attach it to: a place, a name, words", glyphs, anchored.comment_id
        )
