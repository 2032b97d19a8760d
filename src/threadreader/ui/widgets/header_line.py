"""The first line of a comment, fitted: what is worth least is left out, what is too long cut with a sign."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from threadreader.ui.widgets.row_list import cut
from threadreader.ui.widgets.wrapping import cells

KEPT = 9  # worth: never left out
_LEAST = 6  # cells that a name or place is cut to before the next one is


class Part(NamedTuple):
    """Words of a header."""

    words: str
    style: Style
    worth: int = KEPT  # of what is not kept, the least goes first; parts of equal worth go together
    can_be_cut: bool = False


def fitted_header(parts: Sequence[Part], room: int, ellipsis: str) -> list[Segment]:
    """As much of a header as fits into `room` cells; of what can be cut the later is cut first."""
    shown = list(parts)
    excess = sum(cells(part.words) for part in shown) - room
    while excess > 0 and (least_worth := min(part.worth for part in shown)) < KEPT:
        excess -= sum(cells(part.words) for part in shown if part.worth == least_worth)
        shown = [part for part in shown if part.worth != least_worth]
    for least in (_LEAST, 1):
        for at in range(len(shown) - 1, -1, -1):
            words = shown[at].words
            if excess > 0 and shown[at].can_be_cut and cells(words) > least:
                shorter = cut(words, max(cells(words) - excess, least), ellipsis)
                excess -= cells(words) - cells(shorter)
                shown[at] = shown[at]._replace(words=shorter)
    return [Segment(part.words, part.style) for part in shown]
