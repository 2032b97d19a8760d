"""Only what is being looked for: the matches in the open thread, and what they answer."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import BindingType

from threadreader.model import Position, Thread
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.arranging import Part
from threadreader.ui.screens.showing import Showing
from threadreader.ui.widgets.find_line import FindLine

Result = TypeVar("Result")


class Narrowing(Showing[Result]):
    """A screen whose thread can be narrowed to the matches of what is typed in its find line."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.only-matches", "\\", "only_matches", "Only matches and what they answer", "Find"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    _narrows = False  # is what is typed in the find line to be shown alone?

    def action_only_matches(self) -> None:
        """Show only the matches and their ancestors; again, the whole thread."""
        if not self.in_thread:
            self.say("only matches are shown in a thread: open one")
        elif self.part is not None and self.part.is_of_matches:
            self.show_part(None)
            self.say("the whole thread")
        elif self.view.is_finding:
            self._show_matches()
        else:
            self._narrows = True
            self.query_one(FindLine).open("", "show only what holds")
            self.call_after_refresh(self.view.prepare_find)

    # Textual runs these after those of `Seeking`, which the screen names before this: they end the typing.

    @on(FindLine.Kept)
    def _narrow_to_kept(self, event: FindLine.Kept) -> None:
        if self._narrows and event.text and not self.view.is_finding:
            self.say(f"nothing holds “{event.text}”")
        elif self._narrows and self.view.is_finding:
            self._show_matches()
        self._narrows = False

    @on(FindLine.Cancelled)
    def _narrow_to_nothing(self) -> None:
        self._narrows = False

    def _show_matches(self) -> None:
        reading, here = self.reading, self.view.position
        matching = [comment_id for comment_id in self.view.matching if comment_id is not None]
        if reading is None or not matching:
            self.say("only the post itself holds it")
            return
        told = f"only matches ({len(matching)} of {len(reading.thread.comments)})"
        part = Part(matching, told, is_of_matches=True)
        if here.comment_id is not None and not _leads_to(reading.thread, here.comment_id, matching):
            here = Position(self.view.current_match, here.line)
        self.show_part(part, here)
        self.say(self.with_key(told, "reader.only-matches", "shows all"))


def _leads_to(thread: Thread, comment_id: str, matching: Sequence[str]) -> bool:
    """Is any of `matching` the comment, or below it?"""
    at = thread.positions[comment_id]
    return any(at <= thread.positions[match] < thread.ends[at] for match in matching)
