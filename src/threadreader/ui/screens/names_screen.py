"""Going to whatever has a name: posts, people, tags, bookmarks, found as one types."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from threadreader.library import Library
from threadreader.model import Destination
from threadreader.search.names import Names, lit
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.line_input import LineInput
from threadreader.ui.widgets.name_list import NameList, ShownName
from threadreader.ui.widgets.status_line import StatusLine

SHOWN = 100  # of the best


class NamesScreen(KeyedScreen[Destination | None]):
    """Returns where to go, or None. Keys that print belong to the line."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("names.choose", "enter", "choose", "Go there", "Jump", footer="Go there"),
        Key("names.next", "down,ctrl+n", "move(1)", "Next name", "Jump"),
        Key("names.previous", "up", "move(-1)", "Previous name", "Jump"),
        Key("names.page-down", "pagedown", "page(1)", "Page down", "Jump"),
        Key("names.page-up", "pageup", "page(-1)", "Page up", "Jump"),
        Key("names.back", "escape", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("enter", "choose", show=False, priority=True),  # or the line would take it
    ]

    DEFAULT_CSS = """
    NamesScreen Input { padding: 0 1; background: $panel; margin-bottom: 1; }
    NamesScreen NameList { height: 1fr; }
    """

    def __init__(self, library: Library, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.glyphs = glyphs
        self._read: asyncio.Task[Sequence[Destination]] | None = None
        self._made: asyncio.Task[Names] | None = None
        self._typed = ""
        self._is_judged = False  # do the rows show what was typed?
        self._chosen_early = False  # was Enter pressed before they did?

    def compose(self) -> ComposeResult:
        """The line and what fits it."""
        yield LineInput(
            compact=True, placeholder="go to a post, a person, a tag, a bookmark: its name, or initials"
        )
        yield NameList(glyphs=self.glyphs, empty="")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def found(self) -> NameList:
        """What fits."""
        return self.query_one(NameList)

    def on_mount(self) -> None:
        """Type at once; names are made ready meanwhile."""
        self.found.can_focus = False
        self.query_one(StatusLine).where = "go to"
        self.query_one(Input).focus()
        self._judge()

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        self._typed, self._is_judged = event.value, False
        self._judge()

    @work(exclusive=True)
    async def _judge(self) -> None:
        """Show what fits best, unless a letter comes meanwhile; until one is typed, what comes first."""
        self._read = self._read or asyncio.create_task(asyncio.to_thread(self._destinations))
        there = await asyncio.shield(self._read)
        self._made = self._made or asyncio.create_task(asyncio.to_thread(Names, [one.name for one in there]))
        typed = self._typed
        best: Sequence[int] = range(min(SHOWN, len(there)))
        if typed.strip():
            names = await asyncio.shield(self._made)
            best = await asyncio.to_thread(
                names.best, typed, limit=SHOWN, is_wanted=lambda: typed == self._typed
            )
        if not self.query(NameList):
            return  # the screen was left meanwhile
        self.found.empty = "Nothing is called so." if typed.strip() else "Nothing has a name yet."
        self.found.show([ShownName(there[at], partial(lit, there[at].name, typed)) for at in best])
        self._is_judged = True
        shown = f"{len(best)}{'+' if len(best) == SHOWN else ''}"
        self.query_one(StatusLine).numbers = f"{shown} of {len(there)}"
        if self._chosen_early:
            self.action_choose()

    def _destinations(self) -> Sequence[Destination]:
        with self.library.clone() as library:
            return library.destinations()

    @on(NameList.Chosen)
    def action_choose(self) -> None:
        """Go to the name under the cursor, once what was typed is judged."""
        self._chosen_early = not self._is_judged
        row = self.found.row
        if self._is_judged and row is not None:
            self.dismiss(row.destination)

    def action_move(self, by: int) -> None:
        """Move in the names while typing goes on."""
        self.found.action_move(by)

    def action_page(self, direction: int) -> None:
        """Page through the names."""
        self.found.action_page(direction)
