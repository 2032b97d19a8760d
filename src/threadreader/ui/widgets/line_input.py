"""A line to type in, as wide as its place."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class LineInput(Input):
    """Textual's own, whose width does not follow its text: a letter then lays nothing out anew."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
