"""Keys typed faster than they are answered.

Textual gives a key at once to the widget that has the focus now. A key that opens a line to type in moves the
focus a few messages later, and what was typed right behind it would be taken as commands. Here each key waits
until the one before it was answered: until messages sent after it have come through every queue it came
through, and a screen that it opened has come up.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event

ROUNDS = 3
"""A key may be answered by a message to a widget below, and that by another one upwards."""

ROUNDS_AFTER = 0.03  # seconds until one looks whether a key was answered, if no other comes before
LOST_AFTER = 0.2  # seconds until a widget is looked for that may have been removed meanwhile


class TypedAhead:
    """Hands keys on in the order they were typed, each to the widget that has the focus by then."""

    def __init__(self, app: App[None], hand_on: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Event] = deque()
        self._last: _Given | None = None
        """The key that is being answered."""

    @property
    def is_behind(self) -> bool:
        """Do keys wait?"""
        return bool(self._waiting)

    async def take(self, event: Event) -> None:
        """Hand a key on, now or when the last one was answered."""
        if self._last is None:
            await self._give(event)
            return
        if not self._waiting:
            self._app.set_timer(LOST_AFTER, self._look_for_lost)
        self._waiting.append(event)
        self._ask(self._last)

    async def answered(self) -> None:
        """The last key was answered: hand on the next."""
        self._last = None
        if self._waiting and self._app.screen_stack:
            await self._give(self._waiting.popleft())

    async def _give(self, event: Event) -> None:
        screen = self._app.screen
        given = self._last = _Given(self._app.focused or screen, screen)
        await self._hand_on(event)
        if self._waiting:
            self._ask(given)
        else:  # drawing comes first; the rounds take a millisecond
            asyncio.get_running_loop().call_later(ROUNDS_AFTER, self._ask, given)

    def _ask(self, given: "_Given") -> None:
        """Send the first round, unless one is under way."""
        if given is self._last and given.at is None:
            self._send_round(given)

    def _send_round(self, given: "_Given") -> None:
        """Send a message behind what is to be answered, from widget to widget up to the app."""
        given.rounds -= 1
        self._pass_through(given, given.to)

    def _pass_through(self, given: "_Given", node: DOMNode) -> None:
        given.at = node
        if not node.call_later(self._pass_on, given, node):  # it is closing, and answers nothing any more
            self._pass_on(given, given.screen)

    def _pass_on(self, given: "_Given", node: DOMNode) -> None:
        if node is not given.screen and node.parent is not None:
            self._pass_through(given, node.parent)
        else:
            given.at = self._app
            self._app.call_later(self._came_round, given)

    async def _came_round(self, given: "_Given") -> None:
        if given is not self._last or not self._app.screen_stack:  # the app ends
            return
        screen = self._app.screen
        if screen is not given.screen:
            given = self._last = _Given(screen, screen)
        if given.rounds:
            self._send_round(given)
        else:
            await self.answered()

    async def _look_for_lost(self) -> None:
        """A widget that was removed answers nothing; look again as long as keys wait."""
        if not self._waiting:
            return
        at = self._last.at if self._last else None
        if at is None or not at.is_attached:
            await self.answered()
        self._app.set_timer(LOST_AFTER, self._look_for_lost)


@dataclass(eq=False, slots=True)
class _Given:
    """A key that was handed on."""

    to: DOMNode
    screen: DOMNode
    rounds: int = ROUNDS  # still to be made
    at: DOMNode | None = None  # where the round is
