"""The pictures of the README, drawn by the running reader from the threads in `seeds/`: `make screenshots`.

Nothing on them depends on the day or the machine, but for the milliseconds that a search took.
"""

import asyncio
import datetime as dt
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

from rich.console import Console
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from threadreader.cli.reading_aloud import ReadingAloud
from threadreader.config import own_seeds
from threadreader.library import Library
from threadreader.ui.app import ThreadReaderApp
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.widgets import thread_pane
from threadreader.ui.widgets.hit_list import HitList
from threadreader.ui.widgets.thread_view import ThreadView

FOLDER = Path(__file__).parent
WIDE, NARROW = (160, 45), (80, 24)

Hand = Pilot[None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: what the hand does before it is taken, on a screen of that size."""

    name: str
    act: Callable[[Hand], Awaitable[None]]
    size: tuple[int, int] = WIDE
    theme: str = "textual-dark"


async def list_and_thread(hand: Hand) -> None:
    """The list, and beside it the thread that is being read."""
    await _open(hand, "Pull up a chair")
    await hand.press(*"jjMBja", *"Ask her about the arrows.", "escape")
    await _until(hand, lambda: not hand.app.screen.is_modal)
    await hand.press("down", "up")  # a key takes the message away


async def search(hand: Hand) -> None:
    """A search with a typo in it, and the hit in its thread."""
    await hand.press("s")
    await hand.press(*"blue enamle kettle")
    screen = hand.app.screen
    assert isinstance(screen, SearchScreen)
    await _until(
        hand, lambda: bool(screen.query_one(HitList).rows) and _is_drawn(screen.query_one(ThreadView))
    )


async def note(hand: Hand) -> None:
    """Writing a note."""
    await _open(hand, "sourdough starter")
    await hand.press(*"}}")
    await hand.press("a")
    await hand.press(*"A coat, a cloth and a string.", "enter", *"Try it before the summer.")


async def folded(hand: Hand) -> None:
    """A thread with all its comments folded but one."""
    await _open(hand, "Pull up a chair")
    await hand.press(*"zM6}", "enter", *"zz")


async def parents(hand: Hand) -> None:
    """What a comment answers, over its thread."""
    await _open(hand, "Pull up a chair")
    await hand.press(*"15G", "i")
    await _until(hand, lambda: hand.app.screen.is_modal)


async def narrow(hand: Hand) -> None:
    """One pane at a time."""
    await _open(hand, "sourdough starter")
    await hand.press(*"}}")


SCENES = (
    Scene("list-and-thread", list_and_thread),
    Scene("search", search),
    Scene("note", note),
    Scene("folded", folded),
    Scene("parents", parents),
    Scene("narrow", narrow, NARROW),
    Scene("monochrome", list_and_thread, theme="monochrome"),
    Scene("light", list_and_thread, theme="textual-light"),
)


_LEADING_BLANKS = re.compile(r'x="([\d.]+)" (y="[\d.]+") textLength="([\d.]+)"([^>]*>)((?:&#160;)+)')
_CELL = 12.2  # units that Rich's drawing gives a character


def unindented(picture: str) -> str:
    """`picture` with texts placed where their first visible character stands: some viewers drop blanks."""

    def placed(match: re.Match[str]) -> str:
        x, y, length, rest, blanks = match.groups()
        by = blanks.count("&") * _CELL
        return f'x="{float(x) + by:g}" {y} textLength="{float(length) - by:g}"{rest}'

    return _LEADING_BLANKS.sub(placed, picture)


def linear(library: Library) -> str:
    """Reading line by line: what is said, and what is typed between."""
    # Wider than what is said: not every font is as narrow as the picture reckons with.
    console = Console(record=True, width=NARROW[0] + 2, file=StringIO(), color_system=None)
    say = partial(console.print, markup=False, highlight=False, width=NARROW[0])
    typed = iter(["1", "", "r", "q"])

    def ask(prompt: str) -> str:
        answer = next(typed)
        say(f"{prompt}{answer}")
        return answer

    ReadingAloud(library, ask, say).run()
    return console.export_svg(title="threadreader --linear", unique_id="threadreader")


async def _open(hand: Hand, title: str) -> None:
    """Open the post with these words in its title."""
    app = hand.app
    assert isinstance(app, ThreadReaderApp)
    place = next(at for at, row in enumerate(app.library.listed()) if title in row.title)
    await hand.press(*"j" * place, "enter")
    await _until(hand, lambda: _is_drawn(app.screen.query_one(ThreadView)))


def _is_drawn(view: ThreadView) -> bool:
    return view.thread is not None


async def _until(hand: Hand, holds: Callable[[], bool]) -> None:
    while not holds():
        await hand.pause(0.02)
    await hand.pause(0.2)


async def _take(scene: Scene, library: Library) -> str:
    app = ThreadReaderApp(library)
    async with app.run_test(size=scene.size) as hand:
        app.theme = scene.theme
        await hand.pause(0.2)
        await scene.act(hand)
        for field in (*app.screen.query(Input), *app.screen.query(TextArea)):
            field.cursor_blink = False
        await hand.pause(0.2)
        return app.export_screenshot(title="threadreader")


def main() -> None:
    """Draw every scene into a file of its name."""
    thread_pane.SEEN_AFTER = dt.timedelta(hours=1).total_seconds()  # what is read must not depend on speed
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        library.add_all([own_seeds()])
        (FOLDER / "linear.svg").write_text(unindented(linear(library)), encoding="utf-8")
    for scene in SCENES:
        with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
            library.add_all([own_seeds()])
            picture = asyncio.run(_take(scene, library))
            (FOLDER / f"{scene.name}.svg").write_text(unindented(picture), encoding="utf-8")


if __name__ == "__main__":
    main()
