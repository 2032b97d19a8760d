"""Keys typed faster than they are answered.

Textual gives a key at once to the widget that has the focus now. A key that opens a line to type in moves the
focus a few messages later, and what was typed right behind it would be taken as commands. Here each key waits
until the one before it was answered: until messages sent after it have come through every queue it came
through, and a screen that it opened has come up.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

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
        self._given_to: tuple[DOMNode, DOMNode] | None = None
        """The widget and the screen of the last key; None when it was answered."""
        self._passing: DOMNode | None = None
        """Where a round is."""

    @property
    def is_behind(self) -> bool:
        """Do keys wait?"""
        return bool(self._waiting)

    async def take(self, event: Event) -> None:
        """Hand a key on, now or when the last one was answered."""
        if self._given_to is None:
            await self._give(event)
            return
        if not self._waiting:
            self._app.set_timer(LOST_AFTER, self._look_for_lost)
        self._waiting.append(event)
        self._send_first_round()

    async def _give(self, event: Event) -> None:
        screen = self._app.screen
        self._given_to = self._app.focused or screen, screen
        await self._hand_on(event)
        if self._waiting:
            self._send_first_round()
        else:  # drawing comes first; the rounds take two milliseconds
            asyncio.get_running_loop().call_later(ROUNDS_AFTER, self._send_first_round)

    def _send_first_round(self) -> None:
        if self._given_to and self._passing is None:
            self._send_round(*self._given_to, ROUNDS)

    def _send_round(self, given_to: DOMNode, screen: DOMNode, rounds: int) -> None:
        """Send a message behind what is to be answered, from widget to widget up to the app."""

        def pass_through(node: DOMNode) -> None:
            self._passing = node
            if not node.call_later(pass_on, node):  # it is closing, and answers nothing any more
                pass_on(screen)

        def pass_on(node: DOMNode) -> None:
            if node is not screen and node.parent is not None:
                pass_through(node.parent)
            else:
                self._passing = self._app
                self._app.call_later(self._came_round, given_to, screen, rounds - 1)

        pass_through(given_to)

    async def _came_round(self, given_to: DOMNode, screen: DOMNode, rounds: int) -> None:
        now = self._app.screen
        if now is not screen:
            self._send_round(now, now, ROUNDS)
        elif rounds:
            self._send_round(given_to, screen, rounds)
        else:
            await self._answered()

    async def _answered(self) -> None:
        self._given_to = self._passing = None
        if self._waiting:
            await self._give(self._waiting.popleft())

    async def _look_for_lost(self) -> None:
        """A widget that was removed answers nothing; look again as long as keys wait."""
        if not self._waiting:
            return
        passing = self._passing
        if passing is None or (passing is not self._app and not passing.is_attached):
            await self._answered()
        self._app.set_timer(LOST_AFTER, self._look_for_lost)
