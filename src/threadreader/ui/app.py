"""The app: themes, the palette made from the live keys, and what is remembered between runs."""

import gc
import locale
import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from threadreader.library import Library
from threadreader.settings.file import SettingsFile
from threadreader.ui import themes
from threadreader.ui.dialogs.dialog import Dialog
from threadreader.ui.keys import DEFAULT, Key, Keymap
from threadreader.ui.presets import keymap_of
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.watching import Watching
from threadreader.ui.typed_ahead import TypedAhead
from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs

if TYPE_CHECKING:
    from threadreader.settings import Settings
    from threadreader.settings.reading import Mistake, ReadSettings

DUMB = "dumb"  # a terminal that promises nothing
HUNG_UP = 129  # as a shell tells of a hang-up
COLLECT_EVERY = 0.5  # seconds between looks whether the reader rests
COLLECT_FROM, COLLECT_AT_LATEST = 2_000, 50_000  # objects made since garbage was collected last
ALL_AFTER = 10  # collections of what is new until one of everything
PALETTE = "app.palette"
LOOK_AT_TERMINAL = 1.0  # seconds between looks whether it is still there


class ThreadReaderApp(App[None]):
    """Opens on the list, or on `target`; `paths` are looked through for new documents meanwhile."""

    TITLE = "threadreader"
    CSS = themes.CSS
    # Textual's own binding of the palette has no id, and could not be given other keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", show=False, priority=True, id=PALETTE)
    ]

    def __init__(
        self,
        library: Library,
        *,
        paths: Sequence[Path] = (),
        target: tuple[str, str | None] | None = None,
        settings: SettingsFile | None = None,
        colours: bool = True,
    ) -> None:
        super().__init__()
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.library = library
        self._settings_file = settings
        self._settings: Settings | None = None
        self._live_keys: Keymap = DEFAULT
        self._mistakes: Sequence[Mistake] = ()
        self._to_look_through: ReadSettings | None = None  # for keys and a theme that nobody has
        self._colours = colours
        self._paths = paths
        self._target = target
        self._mouse_taken = True
        self._is_resting = False
        self.typed_ahead = TypedAhead(self, super().on_event)

    def get_default_screen(self) -> Screen[None]:
        """The reader: a blank screen below it would be drawn first, for nobody."""
        if self._settings_file is not None and self._settings_file.says_something():
            self._read_settings()
        screen = ReaderScreen(self.library, paths=self._paths, start=self._target, glyphs=self._glyphs)
        screen.settings_file = self._settings_file
        self._hand_down(screen)
        return screen

    def on_mount(self) -> None:
        """The theme of the settings, or the one that was chosen last."""
        chosen = self.library.annotations.state("theme") if self._colours else themes.MONOCHROME
        theme = self._settings.theme if self._settings else ""
        self.theme = next(filter(self.available_themes.__contains__, (theme, chosen)), self.theme)
        self._apply_settings()
        self.call_after_refresh(self._drawn_first)
        self.watch(self, "theme", self._remember_theme, init=False)
        self.call_after_refresh(_leave_out_of_collection)
        # A terminal that comes back from the shell holds nothing of what is taken to be on it.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.set_interval(COLLECT_EVERY, self._collect_at_rest)
        if not self.is_headless:
            self.set_interval(LOOK_AT_TERMINAL, self._leave_without_terminal)

    def push_screen(self, screen: Any, *more: Any, **named: Any) -> Any:
        """Show a screen, with the settings handed down to it."""
        if isinstance(screen, KeyedScreen):
            self._hand_down(screen)
        elif isinstance(screen, Dialog):
            screen.take_keys(self._live_keys, self._glyphs)
        return super().push_screen(screen, *more, **named)

    def _drawn_first(self) -> None:
        """The first screen is there: tell what of the settings can't be followed."""
        if self._to_look_through is not None:
            self._look_through_keys()
            self._hand_out()
        self._tell_mistakes()

    @on(Watching.SettingsWritten)
    def _settings_written(self) -> None:
        """Go on as the settings say now."""
        before = self._settings.theme if self._settings else ""
        self._read_settings()
        self._look_through_keys()
        theme = self._settings.theme if self._settings else ""
        if theme != before and theme in self.available_themes:
            self.theme = theme
        self._hand_out()
        if not self._tell_mistakes() and isinstance(self.screen, KeyedScreen):
            self.screen.say("settings read again")

    def _hand_out(self) -> None:
        """Let the app and every open screen go by the settings."""
        self._apply_settings()
        for screen in self.screen_stack:
            if isinstance(screen, KeyedScreen):
                self._hand_down(screen)
            elif isinstance(screen, Dialog):
                screen.take_keys(self._live_keys, self._glyphs)

    def _read_settings(self) -> None:
        if self._settings_file is None:
            return
        read = self._settings_file.read()
        self._settings, self._mistakes = read.settings, read.mistakes
        theme = read.settings.theme
        needs_tables = bool(read.settings.keys.given) or bool(theme and theme not in self.available_themes)
        self._to_look_through = read if needs_tables else None
        self._live_keys = keymap_of(read.settings.keys, {mistake.name for mistake in self._mistakes})

    def _look_through_keys(self) -> None:
        """Find what in the keys and the theme can't be followed, and go on without it."""
        read, self._to_look_through = self._to_look_through, None
        if read is None:
            return
        from threadreader.ui.panes import mistakes_in  # all screens: more than the first one may wait for

        self._mistakes = mistakes_in(read, self.available_themes)
        self._live_keys = keymap_of(read.settings.keys, {mistake.name for mistake in self._mistakes})

    def _apply_settings(self) -> None:
        """What is the app's own to do: its keys, its signs and how it moves."""
        if self._settings is not None:
            self.animation_level = "none" if self._settings.view.reduced_motion else "full"
        self.set_keymap(self._live_keys.singles() | self._palette_keys())
        self.set_class(self._glyphs is ASCII, "-ascii")

    def _palette_keys(self) -> dict[str, str]:
        """Keys that open the palette over dialogs too: those that no dialog takes for typing."""
        given = self._live_keys.given.get("screen.palette")
        return (
            {}
            if given is None
            else {PALETTE: Key(PALETTE, Key("", given, "", "", "").untyped, "", "", "").singles}
        )

    def _hand_down(self, screen: KeyedScreen[Any]) -> None:
        if self._settings is not None:
            screen.take_settings(self._settings, self._live_keys, self._glyphs)

    def _tell_mistakes(self) -> bool:
        """Say what in the settings can't be followed; is there anything?"""
        if self._mistakes and isinstance(self.screen, KeyedScreen):
            further = f" ({len(self._mistakes) - 1} more)" if len(self._mistakes) > 1 else ""
            self.screen.say(f"{self._mistakes[0].short}{further}")
        return bool(self._mistakes)

    @property
    def _glyphs(self) -> Glyphs:
        guides = self._settings.view.guides if self._settings else "auto"
        return {"unicode": UNICODE, "ascii": ASCII}.get(guides) or _glyphs()

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody presses keys, and answer them one after another."""
        if isinstance(event, events.InputEvent):
            self._is_resting = False
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return  # the program ends, and Textual would ask a screen
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            await self.typed_ahead.take(event)
        else:
            await super().on_event(event)

    @on(KeyedScreen.Begun)
    async def _sequence_begun(self) -> None:
        await self.typed_ahead.answered()

    def _collect_at_rest(self) -> None:
        """Collect garbage where no key was pressed of late.

        Drawing makes thousands of short-lived objects, which reference counting frees. At Python's own
        thresholds every few keys would wait for a walk through the comments of a thread.
        """
        if self._is_resting and gc.get_count()[0] > COLLECT_FROM:
            gc.collect(2 if gc.get_count()[2] > ALL_AFTER else 1)
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
        """Textual's own commands, and every action of the screen by its name."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, KeyedScreen):
            for node, key in screen.commands():
                run = partial(self.run_action, key.action, default_namespace=node)
                yield SystemCommand(key.label, f"{key.group}: {key.shown or 'no key'}", run)

    def action_mouse(self) -> None:
        """Give the mouse back to the terminal, so that it selects text there; or take it again."""
        driver = self._driver
        if driver is None:
            return
        self._mouse_taken = not self._mouse_taken
        # Textual has no public switch; both methods are those its own suspend calls.
        name = "_enable_mouse_support" if self._mouse_taken else "_disable_mouse_support"
        getattr(driver, name, lambda: None)()
        if not isinstance(self.screen, KeyedScreen):
            return
        if self._mouse_taken:
            self.screen.say("the mouse is the reader's again")
        else:
            self.screen.say(
                self.screen.with_key("the mouse is the terminal's", "reader.mouse", "takes it back")
            )


def _leave_out_of_collection() -> None:
    """Leave what lives as long as the program out of every collection of garbage."""
    gc.freeze()
    gc.set_threshold(COLLECT_AT_LATEST, 20, 100)
    gc.enable()


def _glyphs() -> Glyphs:
    """Signs that the terminal can show."""
    speaks_utf = "utf" in locale.getpreferredencoding(False).lower()
    return UNICODE if speaks_utf and os.environ.get("TERM") != DUMB else ASCII
