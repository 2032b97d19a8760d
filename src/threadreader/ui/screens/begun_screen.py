"""Where was I: the posts that were begun and not read to their end."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from threadreader.library import Library
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.begun_list import Begun, BegunList
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.status_line import StatusLine, reading_time


class BegunScreen(KeyedScreen[str | None]):
    """Returns the id of the post to go on with, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("begun.back", "q,escape,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, library: Library, words_per_minute: int, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.words_per_minute = words_per_minute
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The list, status and footer."""
        yield BegunList(glyphs=self.glyphs, empty="No post is begun and unfinished.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was begun."""
        begun = self.query_one(BegunList)
        begun.show(self._begun())
        begun.focus()
        status = self.query_one(StatusLine)
        status.where, status.numbers = "posts begun, not read to their end", f"{len(begun.rows)}"

    def _begun(self) -> list[Begun]:
        """Posts with a place of the reader's and something unread, the least left first."""
        places = self.library.annotations.positions()
        begun = []
        for listed in self.library.listed():
            place = places.get(listed.post.id)
            is_begun = place is not None and (place.comment_id or listed.unread < listed.post.comments)
            if place is not None and is_begun and listed.unread:
                at, words = self.library.index.ahead(listed.post.id, place.comment_id)
                begun.append((words, Begun(listed, at, reading_time(words, self.words_per_minute))))
        return [row for _, row in sorted(begun, key=lambda pair: pair[0])]

    @on(BegunList.Chosen)
    def _chosen(self, event: BegunList.Chosen) -> None:
        self.dismiss(event.row.listed.post.id)
