"""Places to come back to: those that the reader names, and those that long jumps left."""

import json
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, TypeVar

from textual.binding import BindingType

from threadreader.library import Library
from threadreader.model import Position
from threadreader.ui.keys import ANY_LETTER, Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen

Result = TypeVar("Result")

KEPT_JUMPS = 100


class Place(NamedTuple):
    """Where the reader was: in a thread, or in the list where there is no post."""

    post_id: str | None = None
    position: Position | None = None
    folds: frozenset[str] | None = None  # None: as the post has them then


class Jumping(KeyedScreen[Result]):
    """A screen with a place that can be left and come back to."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("jump.set", "m a-z", "set_place('a-z')", "Name this place a to z", "Jump"),
        Key("jump.go", "' a-z", "go_to_place('a-z')", "Go to a named place", "Jump"),
        Key("jump.last", "' '", "jump_last", "To the place before the last jump", "Jump"),
        Key("jump.back", "ctrl+o", "jump(-1)", "Back to where a jump began", "Jump"),
        Key("jump.forward", "alt+right", "jump(1)", "Forward again", "Jump"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    library: Library

    def __init__(self) -> None:
        super().__init__()
        self._past: list[Place] = []
        self._future: list[Place] = []

    @abstractmethod
    def place(self) -> Place:
        """Where the reader is."""

    @abstractmethod
    def go_to(self, place: Place) -> bool:
        """Show a place; False, and told, where its post is gone."""

    def left(self, place: Place) -> None:
        """A jump began there."""
        self._past = [*self._past[-KEPT_JUMPS:], place]
        self._future.clear()

    def action_set_place(self, letter: str) -> None:
        """Remember this place by a letter, for every run to come."""
        place = self.place()
        if place.post_id is None or place.position is None:
            self.say("places are named in a thread")
            return
        with self.refusals():
            at = [place.post_id, place.position.comment_id, place.position.line]
            self.library.annotations.keep_state(f"place:{letter}", json.dumps(at))
            told = self.with_key(f"this is place {letter}", "jump.go", "comes back")
            self.say(told.replace(ANY_LETTER, letter))

    def action_go_to_place(self, letter: str) -> None:
        """Go to a place that was named."""
        named = self.library.annotations.state(f"place:{letter}")
        if not named:
            told = self.with_key(f"no place {letter}", "jump.set", "names one")
            self.say(told.replace(ANY_LETTER, letter))
            return
        post_id, comment_id, line = json.loads(named)
        before = self.place()
        if self.go_to(Place(post_id, Position(comment_id, line))):
            self.left(before)

    def action_jump(self, direction: int) -> None:
        """Back through the places that jumps left, or forward again, as often as the count says."""
        gone, ahead = (self._past, self._future) if direction < 0 else (self._future, self._past)
        if not gone:
            self.say("no jump to go back from" if direction < 0 else "no jump to go forward to")
            return
        for _ in range(min(self.count(), len(gone))):
            ahead.append(self.place())
            self.go_to(gone.pop())

    def action_jump_last(self) -> None:
        """To the place before the last jump; again, back."""
        if not self._past:
            self.say("no jump to go back from")
            return
        here, there = self.place(), self._past.pop()
        self._past.append(here)
        self.go_to(there)
