"""Going by name: what is offered, and where it leads."""

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.model import TextQuote
from threadreader.ui.screens.names_screen import NamesScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from ui.test_reader import FOG, GATE, TIDE, Reader, post_id, posts, reading

__all__ = ["posts"]


@pytest.fixture
def signed(posts: Library, write_thread: WriteThread) -> Library:
    """Olav signed two comments of one more post and one of another; two places are bookmarked."""
    early, late = "Thursday, 8 April 2021", "Friday, 9 April 2021"
    olav = "{}\n\n    Olav"
    posts.add(write_thread("a.txt", olav.format("Here."), "There.", title="Early", date=early))
    signed = map(olav.format, ("Second.", "Third."))
    posts.add(write_thread("b.txt", "First.", *signed, title="Late", date=late))
    fog = posts.index.thread(post_id(posts, FOG))
    posts.annotations.tag(fog.post.id, fog.comments[0].id, ["harbour"])
    posts.annotations.tag(fog.post.id, None, ["harbour", "later"])
    posts.annotations.bookmark(fog.post.id, fog.comments[2].id, TextQuote(fog.comments[2].text))
    return posts


async def go(r: Reader, typed: str, *keys: str) -> NamesScreen:
    await r.press("f")
    await r.on_screen(NamesScreen)
    screen = r.app.screen
    assert isinstance(screen, NamesScreen)
    await r.write(typed)
    await r.until(lambda: screen._is_judged)
    await r.press(*keys)
    return screen


def test_everything_with_a_name_is_gathered(signed: Library) -> None:
    there = [(one.kind, one.name, one.about) for one in signed.destinations()]
    assert there == [
        ("post", FOG, "3 comments"),
        ("post", GATE, "3 comments"),
        ("post", TIDE, "3 comments"),
        ("post", "Early", "2 comments"),
        ("post", "Late", "3 comments"),
        ("author", "Olav", "3 comments"),
        ("tag", "harbour", "on 2"),
        ("tag", "later", "on 1"),
        ("bookmark", "I heard two.", FOG),
    ]


async def test_a_title_is_found_by_its_initials_and_opened(signed: Library) -> None:
    async with reading(signed) as r:
        await go(r, "wptg", "enter")
        await r.until(lambda: r.view.has_focus)
        assert r.reader.reading and r.reader.reading.title == GATE
        await r.press("escape")
        assert r.reader.posts.has_focus


async def test_the_kind_stands_at_the_right_of_a_name(signed: Library) -> None:
    async with reading(signed) as r:
        await go(r, "heard")
        assert "I heard two." in r.screen
        line = next(line for line in r.screen.splitlines() if "I heard two." in line)
        assert line.rstrip().endswith(f"{FOG} · bookmark")


async def test_enter_waits_for_what_was_typed(signed: Library) -> None:
    async with reading(signed) as r:
        await r.press("f")
        await r.on_screen(NamesScreen)
        await r.press(*"heard", "enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.place == "1.2")


async def test_a_person_is_met_where_most_is_of_them_and_walked_on_from_there(signed: Library) -> None:
    async with reading(signed) as r:
        await go(r, "olav", "enter")
        await r.until(lambda: r.view.has_focus)
        assert r.reader.reading and (r.reader.reading.title, r.place) == ("Late", "2")
        assert r.told == "Olav in 2 posts: ]a goes on, Esc brings you back"
        await r.press("right_square_bracket", "a")
        assert r.place == "3"


async def test_a_person_is_met_in_the_open_thread_first(signed: Library) -> None:
    async with reading(signed, at=(post_id(signed, "Early"), None)) as r:
        await r.press("G")
        await go(r, "olav", "enter")
        await r.until(lambda: r.place == "1")
        assert r.reader.reading and r.reader.reading.title == "Early"


async def test_a_tag_leads_to_all_that_bears_it(signed: Library) -> None:
    async with reading(signed) as r:
        await go(r, "harbuor", "enter")
        await r.on_screen(SearchScreen)
        screen = r.app.screen
        assert isinstance(screen, SearchScreen)
        await r.until(lambda: screen._is_answered)
        assert (screen.line.value, len(screen.hits.rows)) == ('tag:"harbour"', 2)


async def test_escape_leaves_everything_as_it_was(signed: Library) -> None:
    async with reading(signed) as r:
        await go(r, "nothing of the kind", "escape")
        await r.on_screen(ReaderScreen)
        assert r.reader.posts.has_focus
