"""Pressing keys in an app that runs without a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.app import App
from textual.pilot import Pilot

_CHARACTERS = {
    "space": " ",
    "tab": "\t",
    "enter": "\r",
    "colon": ":",
    "slash": "/",
    "backslash": "\\",
    "vertical_line": "|",
    "question_mark": "?",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}
_PATIENCE = 400  # looks at something that a worker or timer brings about


@dataclass
class Driver:
    """An app and its pilot."""

    app: App[None]
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys as the terminal does; `pilot.press` waits longer than many keys can afford."""
        for key in keys:
            character = _CHARACTERS.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(key, character))
            await self.settled()

    async def write(self, text: str) -> None:
        """Type `text` into whatever has the focus."""
        await self.press(*("space" if character == " " else character for character in text))

    async def settled(self) -> None:
        """Let messages arrive: from app to widget, up to the screen, and what that posts in turn."""
        for _ in range(4):
            await self.pilot.pause(0)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what a worker or a timer brings about."""
        for _ in range(_PATIENCE):
            if condition():
                return
            await self.pilot.pause(0.005)
        raise AssertionError("it never came")
