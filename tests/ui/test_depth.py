"""A thread five thousand replies deep is read like any other: nothing goes down it by calling itself."""

from threadreader.ui.widgets.glyphs import UNICODE
from ui.test_thread_view import viewing
from ui.threads import chain

DEPTH = 5_000


async def test_the_deepest_reply_is_reached_folded_and_climbed_from() -> None:
    shown = chain(DEPTH)
    async with viewing(shown, size=(80, 24)) as v:
        await v.press("G")
        assert v.view.cursor == DEPTH
        assert any(f"{UNICODE.deep}{DEPTH - 1} " in line for line in v.screen)  # where guides tell no more
        await v.press("5", "H")
        assert v.view.cursor == DEPTH - 5
        await v.press("z", "M")
        assert (v.view.cursor, len(v.view.layout_.visible)) == (1, 2)
        await v.press("z", "R", "g", "0", "z", "A", "z", "A")
        assert v.view.go_to(shown.comments[DEPTH // 2].id)
        v.view.find("further")
        assert v.view.found == (DEPTH // 2 + 1, DEPTH)
