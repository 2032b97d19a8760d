"""The line of status alone: what it says, and that it fits."""

import pytest
from textual.app import App, ComposeResult

from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs
from threadreader.ui.widgets.status_line import StatusLine


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
