"""How the panes go by the size of the terminal, down to the smallest."""

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.screens.parents_screen import ParentsScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.key_line import KeyLine
from ui.test_reader import Reader, reading

LONG = "A long name of a thread that no small terminal has any room for at all"


@pytest.fixture
def long(library: Library, write_thread: WriteThread) -> Library:
    """One post with a long name and some replies."""
    replies = ("First.", "Reply.", "Another reply of more words than there is room for in a row.")
    assert library.add(write_thread("long.txt", replies, "Second.", title=LONG)).error is None
    return library


def shown(r: Reader) -> tuple[bool, bool, bool, bool]:
    """Which of the list, the thread, the map and the footer are on the screen."""
    reader = r.reader
    return (
        bool(reader.posts.region.width),
        bool(reader.view.region.width),
        bool(reader.map.region.width),
        bool(reader.query_one(KeyLine).region.height),
    )


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((160, 45), (True, True, True, True)),
        ((159, 45), (True, True, False, True)),
        ((100, 12), (True, True, False, True)),
        ((99, 24), (False, True, False, True)),
        ((40, 12), (False, True, False, True)),
        ((40, 11), (False, True, False, False)),
        ((20, 6), (False, True, False, False)),
    ],
)
async def test_the_size_says_which_panes_are_shown(
    long: Library, size: tuple[int, int], panes: tuple[bool, ...]
) -> None:
    async with reading(long, size=size) as r:
        await r.press("enter", "j", "j")
        assert shown(r) == panes
        assert r.reader.status.region.height == 1
        assert all(len(line) <= size[0] for line in r.screen.splitlines())


@pytest.mark.parametrize("size", [(159, 30), (80, 24), (59, 20), (40, 12), (20, 6)])
async def test_what_does_not_fit_is_cut_with_a_sign_and_a_header_never_wraps(
    long: Library, size: tuple[int, int]
) -> None:
    async with reading(long, size=size) as r:
        await r.press("enter", "right_curly_bracket", "z", "c")
        view = r.view
        assert view.layout_.bottom(1) - view.layout_.top(1) == 1
        await r.press("z", "o", "j")
        heads = [view.layout_.top(node) - view.scroll_offset.y for node in range(1, 5)]
        for y in (y for y in heads if 0 <= y < view.size.height):
            line = view.render_line(y).text
            assert "Anonymous" in line or "…" in line
            assert line.endswith(" ")


async def test_the_way_to_a_comment_is_in_the_status_line(long: Library) -> None:
    async with reading(long, size=(80, 24)) as r:
        await r.press("enter", "j", "j")
        assert "A long name of a" in r.screen.splitlines()[-2]
        assert "… › 1 › 1.1 Anonymous" in r.screen.splitlines()[-2]


async def test_what_is_left_is_told_as_soon_as_there_is_room(long: Library) -> None:
    async with reading(long, size=(80, 24)) as r:
        await r.press("enter", "j")
        assert "left" not in r.screen.splitlines()[-2]
        await r.pilot.resize_terminal(120, 30)
        await r.until(lambda: r.screen.splitlines()[-2].endswith("left "))


@pytest.mark.parametrize(("columns", "guides"), [(60, "│ "), (59, "│R")])
async def test_guides_are_one_column_wide_under_60_columns(long: Library, columns: int, guides: str) -> None:
    async with reading(long, size=(columns, 24)) as r:
        await r.press("enter")
        line = next(line for line in r.screen.splitlines() if "Reply." in line)
        assert guides in line


async def test_a_blank_column_parts_the_text_from_the_scroll_bar(long: Library) -> None:
    async with reading(long, size=(80, 10)) as r:
        await r.press("enter")
        view = r.view
        assert view.thread is not None
        for width in range(41, 47):
            await r.pilot.resize_terminal(width, 10)
            await r.settled()
            assert all(view.render_line(y).text[-1] == " " for y in range(view.size.height))


@pytest.mark.parametrize("size", [(40, 11), (20, 6)])
async def test_the_smallest_terminals_can_be_used(long: Library, size: tuple[int, int]) -> None:
    async with reading(long, size=size) as r:
        await r.press("enter", "j", "j", "z", "M", "z", "R", "slash")
        await r.write("second")
        await r.press("enter")
        assert r.place == "2"
        await r.press("a")
        await r.on_screen(NoteDialog)
        await r.write("Kept")
        assert "Kept" in r.screen
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        for keys in ("i", "s", "g b", "g n", "g o", "question_mark", "x", "vertical_line", "g R"):
            await r.press(*keys.split())
            await r.until(lambda: not isinstance(r.app.screen, ReaderScreen))
            await r.settled()
            await r.press("escape")
            await r.on_screen(ReaderScreen)
    assert [mark.text for mark in long.annotations.marks()] == ["Kept"]


async def test_a_post_is_renamed_in_the_list_while_its_thread_has_no_room(long: Library) -> None:
    async with reading(long, size=(60, 20)) as r:
        await r.until(lambda: r.view.thread)
        await r.press("g", "R")
        await r.on_screen(LineDialog)
        await r.write("A short one")
        await r.press("enter")
        await r.until(lambda: r.app.screen is r.reader)
        await r.press("enter")
        assert "A short one" in r.screen and LONG[:20] not in r.screen


async def test_where_there_is_no_room_for_both_panes_the_key_for_them_says_so(library: Library) -> None:
    async with reading(library, size=(80, 24)) as r:
        await r.press("w")
        assert r.told == "one pane at a time: there is no room for both"


async def test_the_parents_keep_their_last_line_on_a_lower_screen(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("tall.txt", ("A line of many words. " * 200, "Reply."), title="Tall"))
    async with reading(library, size=(160, 45)) as r:
        await r.press("enter", "G", "i")
        await r.until(lambda: isinstance(r.app.screen, ParentsScreen))
        await r.settled()
        await r.pilot.resize_terminal(40, 12)
        await r.settled()
        assert r.app.screen.query_one(KeyLine).region.bottom < 12
