"""Words to find in the open thread, and titles to filter the list by."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import BindingType

from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.choosing import Choosing
from threadreader.ui.widgets.find_line import FindLine

Result = TypeVar("Result")


class Seeking(Choosing[Result]):
    """A screen with a line to type into, above the status line."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.find", "/", "find", "Find in the thread, or filter the list", "Find", footer="Find"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @property
    def find_line(self) -> FindLine:
        """Where a word to find, or a title to filter by, is typed."""
        return self.query_one(FindLine)

    @abstractmethod
    def remember_place(self) -> None:
        """Where the reader is in the thread is the place to come back to."""

    def filter(self, pattern: str) -> None:
        """List only the posts whose titles look like `pattern`; all for an empty one."""
        self.listing = self.listing._replace(pattern=pattern)

    def action_find(self) -> None:
        """Type words to find in the thread, or in the list a title."""
        if self.in_thread:
            self.find_line.open("", "find in this thread")
            self.call_after_refresh(self.view.prepare_find)
        else:
            self.find_line.open(self.listing.pattern, "filter by title")

    @on(FindLine.Typed)
    def _find_typed(self, event: FindLine.Typed) -> None:
        if self.in_thread:
            self.view.find(event.text)
        else:
            self.filter(event.text.strip())

    @on(FindLine.Kept)
    def _find_kept(self, event: FindLine.Kept) -> None:
        if self.in_thread and event.text:
            self.view.keep_find()
        elif self.in_thread:
            self.view.end_find(restore=True)
        self._close_find()
        if self.in_thread and event.text and self.view.found is None:
            told = f"“{event.text}” is not in this thread as it stands"
            self.say(self.with_key(told, "reader.search", "searches with a typo or two"))

    @on(FindLine.Cancelled)
    def _find_cancelled(self) -> None:
        if self.in_thread:
            self.view.end_find(restore=True)
        else:
            self.filter("")
        self._close_find()

    def _close_find(self) -> None:
        self.find_line.close()
        (self.view if self.in_thread else self.posts).focus()
        self.remember_place()
        self.say_where()

    def found_changed(self) -> None:
        """Another match, or others: the map and the status line tell of them."""
        self.map.redraw()
        self.say_where()
