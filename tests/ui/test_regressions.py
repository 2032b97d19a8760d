"""What readers of other programs lost: each of these was once the most wanted repair of one."""

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.comment_painter import ThreadMarks
from threadreader.ui.widgets.thread_view import ThreadView
from ui.test_reader import reading
from ui.test_thread_view import FAMILY, HERONS, LONG, viewing
from ui.threads import changed, note, thread

# The selection, after a fold


async def test_a_fold_that_hides_the_cursor_takes_it_along() -> None:
    async with viewing(FAMILY, at="1.1.1") as v:
        await v.press("z", "M")
        assert v.view.comment_id == "1"


# The next of a kind, where it is folded away


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        ("tab", "1.1.1"),
        ("right_square_bracket n", "1.1.1"),
        ("right_square_bracket b", "1.1.1"),
        ("right_square_bracket a", "1.1.1"),
        ("n", "1.1.1"),
    ],
)
async def test_the_next_of_a_kind_is_never_a_hidden_comment(keys: str, there: str) -> None:
    told = thread([0, 1, 2, 0], {"1.1.1": "The heron."})
    told = changed(changed(told, "1", author="Ida"), "1.1.1", author="Ida")
    marks = ThreadMarks(frozenset({there}), {there: [note("Look.", there)]})
    read = [comment.id for comment in told.comments if comment.id != there]
    async with viewing(told, size=(60, 20), at="1", folded=["1", "1.1"], read=read, marks=marks) as v:
        if keys == "n":
            v.view.find("heron")
            v.view.keep_find()
            v.view.action_fold_to_level(1)
            v.view.go_to("1")
            await v.press("z", "c")
        await v.press(*keys.split())
        assert v.view.comment_id == there
        assert there in v.visible
        line = v.cursor_line
        assert 0 <= line < v.view.size.height


# Folds, after a search


async def test_finding_opens_only_the_way_to_the_match_and_escape_restores_folds_and_place() -> None:
    async with viewing(HERONS, size=(60, 14), folded=["1", "1.1", "2"], at="2") as v:
        before = (v.view.position, v.view.scroll_offset, v.visible, v.screen)
        v.view.find("h")
        v.view.find("heron")
        await v.settled()
        assert (v.view.comment_id, v.closed) == ("2.1", {"1", "1.1"})
        await v.press("n", "n")
        assert (v.view.comment_id, v.closed) == ("1.1.1", {"2"})
        v.view.end_find(restore=True)
        await v.settled()
        assert (v.view.position, v.view.scroll_offset, v.visible, v.screen) == before
        assert not v.told(ThreadView.FoldsChanged)


# The place, after another size


async def test_the_selection_keeps_its_line_when_it_is_wrapped_anew() -> None:
    wordy = thread([0] * 30, {str(n): "word " * 40 for n in range(1, 31)})
    async with viewing(wordy, size=(100, 20), at="15") as v:
        before = v.cursor_line
        await v.pilot.resize_terminal(50, 20)
        await v.settled()
        assert (v.view.comment_id, v.cursor_line) == ("15", before)
        await v.pilot.resize_terminal(100, 20)
        await v.settled()
        assert (v.view.comment_id, v.cursor_line) == ("15", before)


async def test_the_selection_stays_in_a_view_that_gets_lower() -> None:
    async with viewing(LONG, size=(60, 40), at="15") as v:
        await v.press("z", "b")
        await v.pilot.resize_terminal(60, 12)
        await v.settled()
        assert v.view.comment_id == "15"
        assert 0 <= v.cursor_line < 12


# A comment taller than the screen


async def test_a_tall_comment_is_scrolled_through_before_the_cursor_moves_on() -> None:
    tall = thread([0, 0, 0], {"2": "\n".join(f"line {n}" for n in range(30))})
    async with viewing(tall, size=(60, 12), at="1") as v:
        seen: set[str] = set()
        while v.view.comment_id != "3":
            await v.press("j")
            seen.update(line.split("│")[-1].strip() for line in v.screen)
        assert {f"line {n}" for n in range(30)} <= seen
        await v.press("k")
        assert v.view.comment_id == "2"
        assert any(line.endswith("line 29") for line in v.screen)
        for _ in range(9):
            await v.press("k")
        assert v.view.comment_id in (None, "1")


# The focus, after a dialog


@pytest.mark.parametrize("keys", ["a", "x", "g R", "vertical_line", "question_mark", "s", "g b", "i"])
async def test_what_had_the_keys_has_them_again_after_a_dialog(
    library: Library, write_thread: WriteThread, keys: str
) -> None:
    library.add(write_thread("tides.txt", ("First.", "Reply."), "Second.", title="A table of tides"))
    async with reading(library) as r:
        await r.press("enter", "j", "j")
        await r.press(*keys.split())
        await r.until(lambda: not isinstance(r.app.screen, ReaderScreen))
        await r.settled()
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert isinstance(r.app.focused, ThreadView)
        assert r.place == "1.1"
        await r.press("k")
        assert r.place == "1"
