"""The line of commands: what it offers, what it does, and for which pane."""

import pytest

from threadreader.library import Library
from threadreader.ui.screens.command_screen import CommandScreen
from threadreader.ui.screens.commanding import Commands
from threadreader.ui.screens.help_screen import HelpScreen
from ui.test_reader import FOG, Reader, post_id, posts, reading

__all__ = ["posts"]


async def command(r: Reader, typed: str, *keys: str) -> CommandScreen:
    await r.press("colon")
    await r.on_screen(CommandScreen)
    screen = r.app.screen
    assert isinstance(screen, CommandScreen)
    await r.write(typed)
    await r.press(*keys)
    await r.settled()
    return screen


# What is typed at 1 of 1, 1.1, 1.2; where the reader is then, what is told.
WITHOUT_TRACE = [
    ("3", "1.2", ""),
    ("1.1", "1.1", ""),
    ("0", "1", "no comment 0 here: the last is 3"),
    ("99", "1", "no comment 99 here: the last is 3"),
    ("2.1", "1", "no comment 2.1 here: as the thread is shown"),
    ("thread.last", "1.2", ""),
    ("last comment", "1.2", ""),
    ("sort lnogest", "1", 'sort: no “lnogest”; the nearest is "longest"'),
    ("theme", "1", "theme takes a word: ansi-dark, ansi-light, atom-one-dark, atom-one-light …"),
    ("theme nrod", "1", 'theme: no “nrod”; the nearest is "nord"'),
    ("jump.set", "1", "set takes a word: a, b, c, d …"),
    ("bookmark now", "1", "bookmark takes no word after it"),
    ("bokmark", "1", 'no command “bokmark”; the nearest is "bookmark"'),
    ("next-sib", "1", "no sibling that way"),
]
LINES = [
    ("sort longest", "1", "sorted: longest"),
    ("sort", "1", "sorted: longest"),
    ("theme nord", "1", ""),
    ("jump.set k", "1", "this is place k: 'k comes back"),
    ("bookmark", "1", "bookmarked"),
    ("fla", "1", "as one list"),
]


async def test_lines_that_leave_no_trace_do_what_they_say(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        for typed, place, told in WITHOUT_TRACE:
            r.reader.say("")
            await r.press("g", "g", "j")
            await command(r, typed, "enter")
            assert r.app.screen is r.reader
            assert (typed, r.place, r.told, r.view.has_focus) == (typed, place, told, True)


@pytest.mark.parametrize(("typed", "place", "told"), LINES)
async def test_a_line_does_what_it_says(posts: Library, typed: str, place: str, told: str) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        await r.press("j")
        await command(r, typed, "enter")
        assert r.app.screen is r.reader
        assert (r.place, r.told, r.view.has_focus) == (place, told, True)
        if typed == "theme nord":
            assert r.app.theme == "nord"


async def test_q_quits(posts: Library) -> None:
    async with reading(posts) as r:
        await command(r, "q", "enter")
        await r.until(lambda: not r.app.is_running)


async def test_help_is_asked_for_by_name(posts: Library) -> None:
    async with reading(posts) as r:
        await command(r, "help", "enter")
        await r.on_screen(HelpScreen)


async def test_commands_are_those_of_the_pane_that_had_the_keys(posts: Library) -> None:
    async with reading(posts) as r:
        await command(r, "list.last", "enter")
        assert r.reader.posts.cursor == 2
        await command(r, "sort title", "enter")
        assert r.told == "sorted by title"
        await command(r, "thread.last", "enter")
        assert r.told.startswith("no command “thread.last”; the nearest is ")


async def test_a_number_leads_from_the_list_into_the_thread_beside_it(posts: Library) -> None:
    async with reading(posts) as r:
        await r.until(lambda: r.view.thread)
        await command(r, "2", "enter")
        assert (r.place, r.view.has_focus) == ("1.1", True)


async def test_tab_completes_and_goes_on_with_the_words_that_can_follow(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        screen = await command(r, "theme", "tab")
        assert screen.line.value == "theme "
        await r.write("nor")
        await r.press("tab", "enter")
        assert r.app.theme == "nord"


async def test_arrows_choose_in_the_list_and_the_line_follows(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        screen = await command(r, "bookmark", "down")
        assert screen.line.value == screen.offers.rows[0].line == "bookmark"
        await r.press("down")
        assert screen.line.value == screen.offers.rows[1].line != "bookmark"
        await r.press("up", "enter")
        assert r.told == "bookmarked"


async def test_what_was_typed_before_comes_back(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        for typed in ("2", "flat", "2"):
            await command(r, typed, "enter")
        screen = await command(r, "sor", "alt+up")
        assert screen.line.value == "2"
        await r.press("alt+up")
        assert screen.line.value == "flat"
        await r.press("alt+up")
        assert screen.line.value == "flat"
        await r.press("alt+down", "alt+down")
        assert screen.line.value == "sor"


@pytest.mark.parametrize("keys", [["escape"], ["enter"]])
async def test_nothing_typed_does_nothing(posts: Library, keys: list[str]) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        await command(r, "", *keys)
        assert (r.app.screen, r.told, r.place) == (r.reader, "", None)


async def test_every_action_of_the_pane_is_offered_once_with_its_keys(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        commands = Commands(r.reader)
        offered = {offer.line: offer.keys for offer in commands.offers("bookmark")}
        assert offered["bookmark"] == "B"
        assert "next-bookmark" in offered
        palette = [command.title for command in r.app.get_system_commands(r.reader)]
        assert {key.label for _, key in r.reader.commands()} <= set(palette)
