"""Pressing keys in an app that runs without a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.app import App
from textual.pilot import Pilot

from threadreader.ui.app import ThreadReaderApp

_CHARACTERS = {
    "space": " ",
    "tab": "\t",
    "enter": "\r",
    "colon": ":",
    "slash": "/",
    "backslash": "\\",
    "vertical_line": "|",
    "equals_sign": "=",
    "question_mark": "?",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}
_TURNS = 4  # until a message has come up, and what it posts in turn
_PATIENCE = 400  # looks at something that a worker or timer brings about


@dataclass
class Driver:
    """An app and its pilot."""

    app: App[None]
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys as the terminal does; `pilot.press` waits longer than many keys can afford."""
        for key in keys:
            self.burst(key)
            await self.settled()

    def burst(self, *keys: str) -> None:
        """Press keys all at once, before the first of them is answered."""
        for key in keys:
            character = _CHARACTERS.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(key, character))

    async def write(self, text: str) -> None:
        """Type `text` into whatever has the focus."""
        await self.press(*("space" if character == " " else character for character in text))

    async def settled(self) -> None:
        """Let messages arrive: from app to widget, up to the screen, and what that posts in turn."""
        turns = _TURNS
        while turns:
            await self.pilot.pause(0)
            behind = isinstance(self.app, ThreadReaderApp) and self.app.typed_ahead.is_behind
            turns = _TURNS if behind else turns - 1

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what a worker or a timer brings about."""
        for _ in range(_PATIENCE):
            if condition():
                return
            await self.pilot.pause(0.005)
        raise AssertionError("it never came")
