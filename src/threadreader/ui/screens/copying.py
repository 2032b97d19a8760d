"""Copying from a screen: what a key asks for, and what the mouse takes in a thread."""

import asyncio
import os
from typing import TypeVar

from textual import on, work

from threadreader.ui import clipboard
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.thread_view import ThreadView

Result = TypeVar("Result")


class Copying(KeyedScreen[Result]):
    """A screen whose words can be put on the clipboard; the reader is told by which way."""

    @on(ThreadView.Taken)
    def _words_taken(self, event: ThreadView.Taken) -> None:
        self.copy(event.text, "selection")

    @work
    async def copy(self, text: str, what: str) -> None:
        """Put `text` on the clipboard; `what` it is stands before what is told."""
        if not text:
            self.say(f"no {what} here to copy")
            return
        text = text.encode(errors="replace").decode()  # as Textual will not
        sent = self._send(text)
        try:
            told = await asyncio.to_thread(clipboard.keep, text, sent=sent)
        except OSError as error:
            told = f"no clipboard, and {error.filename} can't be written: {error.strerror}"
        self.say(f"{what}: {told}")

    def _send(self, text: str) -> bool:
        """Ask the terminal to take `text`; False where it can't be asked."""
        driver, sequences = self.app._driver, clipboard.sequences(text, os.environ)
        if driver is None or not sequences:
            return False
        self.app.copy_to_clipboard(text)  # which sends the first form, and keeps the text for pasting here
        for sequence in sequences[1:]:
            driver.write(sequence)
        return True
