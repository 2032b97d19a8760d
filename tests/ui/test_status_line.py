"""The line of status alone: what it says, and that it fits."""

import pytest
from textual.app import App, ComposeResult

from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs
from threadreader.ui.widgets.status_line import StatusLine, breadcrumb
from threadreader.ui.widgets.wrapping import cells


class Stated(App[None]):
    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield StatusLine(glyphs=self.glyphs)


@pytest.mark.parametrize(
    ("glyphs", "said"),
    [(UNICODE, " The heron and the g… 12/345 "), (ASCII, " The heron and the g~ 12/345 ")],
)
async def test_what_is_too_long_is_cut_with_the_sign_of_the_terminal(glyphs: Glyphs, said: str) -> None:
    app = Stated(glyphs)
    async with app.run_test(size=(len(said), 3)):
        status = app.query_one(StatusLine)
        status.where, status.numbers = "The heron and the gate", "12/345"
        assert status.render_line(0).text == said


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (60, "The heron and the gate › 1 signed Ann › 1.1 › 1.1.1 Bob"),
        (48, "The heron and… › 1 signed Ann › 1.1 › 1.1.1 Bob"),
        (40, "The heron and the… › … › 1.1 › 1.1.1 Bob"),
        (28, "The heron a… › … › 1.1.1 Bob"),
        (16, "1.1.1 Bob"),
        (6, "1.1.1…"),
        (1, "…"),
        (0, ""),
    ],
)
def test_a_breadcrumb_loses_its_middle_before_its_ends(room: int, said: str) -> None:
    way = ["The heron and the gate", "1 signed Ann", "1.1"]
    told = breadcrumb(way, "1.1.1 Bob", room, UNICODE)
    assert cells(told) <= room
    assert told == said


async def test_a_message_takes_the_room_of_the_numbers_where_both_do_not_fit() -> None:
    app = Stated(UNICODE)
    async with app.run_test(size=(40, 3)):
        status = app.query_one(StatusLine)
        status.numbers = "5/123 · 110 unread · 4%"
        status.say("no link")
        assert status.render_line(0).text == f" {'no link':<14} 5/123 · 110 unread · 4% "
        status.say("this is folded: unfold it first")
        assert status.render_line(0).text.strip() == "this is folded: unfold it first"
