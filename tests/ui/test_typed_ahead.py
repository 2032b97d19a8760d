"""Keys that come in one burst do what they would do one at a time."""

import pytest
from textual import events
from textual.widgets import Input

from threadreader.library import Library
from threadreader.ui.screens import keyed_screen
from threadreader.ui.widgets.status_line import StatusLine
from ui.test_reader import FOG, GATE, TIDE, Reader, post_id, posts, reading

__all__ = ["posts"]


def typed(r: Reader) -> str:
    """What stands in the line that has the focus."""
    line = r.app.focused
    return line.value if isinstance(line, Input) else ""


@pytest.mark.parametrize("opens", ["slash", "f", "s", "colon"])
async def test_letters_right_behind_a_key_that_opens_a_line_are_typed_in_it(
    opens: str, posts: Library
) -> None:
    async with reading(posts, at=(post_id(posts, GATE), None)) as r:
        r.burst(opens, *"qhjgatezz")
        await r.until(lambda: typed(r) == "qhjgatezz")


async def test_commands_behind_the_enter_that_keeps_what_is_found_are_commands(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, GATE), None)) as r:
        r.burst("slash", *"blue", "enter", "B", "j")
        await r.until(lambda: r.place == "2.1")
        assert r.view.thread
        assert [mark.comment_id for mark in posts.annotations.marks()] == [r.view.thread.comments[1].id]


async def test_enter_in_a_search_waits_for_what_was_typed_last(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, TIDE), None)) as r:
        r.burst("s", *"ferry", "enter")
        await r.until(lambda: r.view.thread and r.view.thread.post.title == FOG)
        assert r.place == "1"


async def test_a_dialog_and_a_screen_that_close_give_the_keys_behind_them_back(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, TIDE), None)) as r:
        r.burst("j", "a", *"tide", "ctrl+s", "j", "question_mark", "escape", "j")
        await r.until(lambda: r.place == "3")
        assert [mark.text for mark in posts.annotations.marks()] == ["tide"]


async def test_a_paste_right_behind_comes_where_it_was_meant(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, TIDE), None)) as r:
        r.burst("slash", "l")
        r.app.post_message(events.Paste("ow at"))
        r.burst("enter")
        await r.until(lambda: r.place == "2")


async def test_what_can_follow_is_told_to_who_hesitates(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed_screen, "PENDING_AFTER", 0.02)
    async with reading(posts, at=(post_id(posts, TIDE), None)) as r:
        line = r.app.screen.query_one(StatusLine)
        r.burst("g", "g", "z")
        for _ in range(1_000):
            await r.pilot.pause(0)
            if line.pending:
                break
        assert line.pending.startswith("z ")
        await r.press("o")
        assert not line.pending
