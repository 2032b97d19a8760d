"""The map of a thread: one sign for each comment, joined as they answer one another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual import on
from textual.app import App, ComposeResult

from threadreader.model import Thread
from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs
from threadreader.ui.widgets.thread_layout import ThreadLayout
from threadreader.ui.widgets.thread_map import State, ThreadMap
from ui.driving import Driver
from ui.threads import chain, thread


class Mapped(App[None]):
    """An app with nothing but a map."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.clicked: list[int] = []

    def compose(self) -> ComposeResult:
        yield ThreadMap(glyphs=self.glyphs)

    @on(ThreadMap.Clicked)
    def remember(self, event: ThreadMap.Clicked) -> None:
        self.clicked.append(event.node)


@dataclass
class Mapping(Driver):
    map: ThreadMap

    @property
    def drawn(self) -> list[str]:
        return [self.map.render_line(y).text.rstrip() for y in range(self.map.size.height)]


@asynccontextmanager
async def mapping(
    shown: Thread,
    states: dict[int, State] | None = None,
    *,
    size: tuple[int, int] = (24, 8),
    glyphs: Glyphs = UNICODE,
) -> AsyncIterator[Mapping]:
    app = Mapped(glyphs)
    async with app.run_test(size=size) as pilot:
        tree = app.query_one(ThreadMap)
        tree.show(
            ThreadLayout(shown, lambda nodes: [2] * len(nodes)), lambda node: (states or {}).get(node, "read")
        )
        m = Mapping(app, pilot, tree)
        await m.settled()
        yield m


TALK = thread([0, 1, 2, 2, 1, 0, 1])


async def test_first_replies_stand_beside_and_others_below() -> None:
    async with mapping(TALK) as m:
        assert m.drawn[:5] == ["│ ○─○─○", "│ │ └─○", "│ └─○", "│ ○─○", "│"]


async def test_each_state_has_a_sign_of_its_own() -> None:
    states: dict[int, State] = {1: "unread", 2: "note", 3: "bookmark", 4: "hit"}
    async with mapping(TALK, states) as m:
        assert m.drawn[0] == "│ ●─✎─★"
        assert "◆" in m.drawn[1]
    async with mapping(TALK, states, glyphs=ASCII) as m:
        assert "".join(m.drawn).isascii()


async def test_a_click_says_which_comment() -> None:
    async with mapping(TALK) as m:
        for offset in ((2, 0), (6, 0), (4, 2), (2, 3), (20, 3)):
            await m.pilot.click(ThreadMap, offset=offset)
        assert m.app.clicked == [1, 3, 5, 6, 7]  # type: ignore[attr-defined]


async def test_a_chain_deeper_than_the_map_is_wide_shows_the_cursor() -> None:
    async with mapping(chain(200), {150: "note"}) as m:
        m.map.cursor = 150
        await m.settled()
        assert "✎" in m.drawn[0]


async def test_a_thread_longer_than_the_map_is_high_shows_the_cursor() -> None:
    async with mapping(thread([0] * 500), {300: "note"}) as m:
        m.map.cursor = 300
        await m.settled()
        assert any("✎" in line for line in m.drawn)
