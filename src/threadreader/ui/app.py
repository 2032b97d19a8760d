"""The app: themes, the palette made from the live keys, and what is remembered between runs."""

import gc
import locale
import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from textual import events
from textual.app import App, SystemCommand
from textual.screen import Screen

from threadreader.library import Library
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs

HUNG_UP = 129  # as a shell tells of a hang-up
COLLECT_EVERY = 0.5  # seconds between looks whether the reader rests
COLLECT_FROM, COLLECT_AT_LATEST = 2_000, 200_000  # objects made since garbage was collected last
LOOK_AT_TERMINAL = 1.0  # seconds between looks whether it is still there


class ThreadReaderApp(App[None]):
    """Opens on the list, or on `target`; `paths` are looked through for new documents meanwhile."""

    TITLE = "threadreader"

    def __init__(
        self,
        library: Library,
        *,
        paths: Sequence[Path] = (),
        target: tuple[str, str | None] | None = None,
    ) -> None:
        super().__init__()
        self.library = library
        self._paths = paths
        self._target = target
        self._mouse_taken = True
        self._is_resting = False

    def get_default_screen(self) -> Screen[None]:
        """The reader: a blank screen below it would be drawn first, for nobody."""
        return ReaderScreen(self.library, paths=self._paths, start=self._target, glyphs=_glyphs())

    def on_mount(self) -> None:
        """The theme that was chosen last."""
        theme = self.library.annotations.state("theme")
        if theme in self.available_themes:
            self.theme = theme
        self.watch(self, "theme", self._remember_theme, init=False)
        self.call_after_refresh(_leave_out_of_collection)
        self.set_interval(COLLECT_EVERY, self._collect_at_rest)
        if not self.is_headless:
            self.set_interval(LOOK_AT_TERMINAL, self._leave_without_terminal)

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody presses keys."""
        if isinstance(event, events.InputEvent):
            self._is_resting = False
        await super().on_event(event)

    def _collect_at_rest(self) -> None:
        """Collect garbage where no key was pressed of late.

        Drawing makes thousands of short-lived objects, which reference counting frees. At Python's own
        thresholds every few keys would wait for a walk through the comments of a thread.
        """
        if self._is_resting and gc.get_count()[0] > COLLECT_FROM:
            gc.collect(1)
        self._is_resting = True

    def _leave_without_terminal(self) -> None:
        """End where the terminal was closed: its driver would read nothing, over and over, for ever."""
        if sys.__stdin__ is None or sys.__stdin__.isatty():
            return
        for screen in self.screen_stack:
            if isinstance(screen, ReaderScreen):
                screen.write_behind()
        self.library.close()
        os._exit(HUNG_UP)  # a shutdown would wait for what can't be written to the terminal any more

    def _remember_theme(self, theme: str) -> None:
        if not self.library.read_only:
            self.library.annotations.keep_state("theme", theme)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's own commands, and every key that works on the screen by its name."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, KeyedScreen):
            for node, key in screen.live_keys():
                run = partial(self.run_action, key.action, default_namespace=node)
                yield SystemCommand(key.label, f"{key.group}: {key.shown}", run)

    def action_mouse(self) -> None:
        """Give the mouse back to the terminal, so that it selects text there; or take it again."""
        driver = self._driver
        if driver is None:
            return
        self._mouse_taken = not self._mouse_taken
        # Textual has no public switch; both methods are those its own suspend calls.
        name = "_enable_mouse_support" if self._mouse_taken else "_disable_mouse_support"
        getattr(driver, name, lambda: None)()
        told = (
            "the mouse is the reader's again"
            if self._mouse_taken
            else "the mouse is the terminal's: F2 takes it back"
        )
        if isinstance(self.screen, KeyedScreen):
            self.screen.say(told)


def _leave_out_of_collection() -> None:
    """Leave what lives as long as the program out of every collection of garbage."""
    gc.freeze()
    gc.set_threshold(COLLECT_AT_LATEST, 20, 100)
    gc.enable()


def _glyphs() -> Glyphs:
    """Signs that the terminal can show."""
    return UNICODE if "utf" in locale.getpreferredencoding(False).lower() else ASCII
