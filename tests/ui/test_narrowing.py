"""Only matches and what they answer: what is shown then, what is told of the rest, and the way back."""

from typing import Any

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.ui.screens.arranging import Arrangement, Part
from threadreader.ui.screens.parents_screen import ParentsScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.find_line import FindLine
from threadreader.ui.widgets.thread_find import ThreadFind
from ui.test_reader import FOG, GATE, Reader, post_id, posts, reading
from ui.threads import thread

__all__ = ["posts"]

HERONS = ("Herons again.", "Not one.", "Two herons.", "None.", "None either.")


@pytest.fixture
def herons(library: Library, write_thread: WriteThread) -> tuple[str, str | None]:
    """1 to 1.4, 2 and 3, of which 1, 1.2 and 3 have herons."""
    added = library.add(write_thread("herons.txt", HERONS, "Rain.", "A heron, late."))
    return added.threads[0].post.id, None


def places(r: Reader) -> list[str]:
    assert r.view.thread
    return [comment.place for comment in r.view.thread.comments]


def omissions(r: Reader) -> list[str]:
    return [line.split("··· ")[1].split("│")[0].strip() for line in r.screen.splitlines() if "··· " in line]


def test_texts_that_hold_a_match_are_told_once_each() -> None:
    found = ThreadFind(["gate", "", "a gate, a gate", "none", "gate"])
    assert [found.matches(query).texts() for query in ("gate", "e, a", "x", "")] == [[0, 2, 4], [2], [], []]


def test_a_part_is_its_comments_and_what_they_answer() -> None:
    whole = thread([0, 1, 2, 1, 2, 0, 0, 1])  # 1 1.1 1.1.1 1.2 1.2.1 2 3 3.1
    part, left_out = Part(["1.2.1", "3"], "", is_of_matches=True).of(whole)
    assert [comment.place for comment in part.comments] == ["1", "1.2", "1.2.1", "3"]
    assert left_out == {1: 2, 3: 1, 4: 1}  # after 1, 1.2.1 and 3
    assert Part(["2"], "", is_of_matches=True).of(whole)[1] == {0: 5, 1: 2}
    assert Part(["1.2.1"], "").of(whole)[1] == {}


def test_a_part_of_another_order_stands_in_that_order() -> None:
    whole = thread([0, 1, 0, 1, 1])
    part, left_out = Part(["1", "2.2"], "", is_of_matches=True).of(Arrangement("most replies").of(whole))
    assert [comment.place for comment in part.comments] == ["2", "2.2", "1"]
    assert left_out == {1: 1, 3: 1}


async def test_only_matches_and_their_ancestors_are_shown(library: Library, herons: Any) -> None:
    async with reading(library, at=herons) as r:
        await r.press("slash", *"heron", "enter", "backslash")
        assert places(r) == ["1", "1.2", "3"]
        assert omissions(r) == ["1 comment", "3 comments"]
        assert r.told == "only matches (3 of 7): \\ shows all"
        assert "only matches (3 of 7)" in r.reader.status.where
        assert (r.place, r.view.found) == ("1", (1, 3))


async def test_n_goes_on_among_them_and_the_whole_thread_comes_back_there(
    library: Library, herons: Any
) -> None:
    async with reading(library, at=herons) as r:
        await r.press("slash", *"heron", "enter", "backslash", "n")
        assert (r.place, r.view.found) == ("1.2", (2, 3))
        await r.press("backslash")
        assert (len(places(r)), r.place, r.view.found, r.told) == (7, "1.2", (2, 3), "the whole thread")
        await r.press("n")
        assert (r.place, r.view.found) == ("3", (3, 3))


async def test_escape_brings_the_thread_back_and_only_then_clears_the_marks(
    library: Library, herons: Any
) -> None:
    async with reading(library, at=herons) as r:
        await r.press("slash", *"heron", "enter", "backslash", "G", "escape")
        assert (len(places(r)), r.place, r.view.is_finding) == (7, "3", True)
        await r.press("escape")
        assert (r.place, r.view.is_finding, r.view.has_focus) == ("3", False, True)


async def test_folds_of_the_whole_thread_are_kept_untouched(library: Library, herons: Any) -> None:
    async with reading(library, at=herons) as r:
        await r.press("j", "z", "c", "slash", *"two", "enter", "backslash")
        assert (places(r), r.closed, r.place) == (["1", "1.2"], [], "1.2")
        await r.press("k", "z", "c", "z", "o", "j", "backslash")
        assert (r.place, r.reader.reading and len(r.reader.reading.folds)) == ("1.2", 1)


async def test_without_matches_the_words_are_asked_for(library: Library, herons: Any) -> None:
    async with reading(library, at=herons) as r:
        await r.press("backslash")
        assert isinstance(r.app.focused, FindLine)
        await r.press(*"late", "enter")
        assert (places(r), r.place, r.view.has_focus) == (["3"], "3", True)
        await r.press("escape", "escape", "backslash", "x", "q", "enter")
        assert (r.told, len(places(r))) == ("nothing holds “xq”", 7)
        await r.press("backslash", "escape", "slash", *"late", "enter")
        assert len(places(r)) == 7  # what was given up narrows nothing later


async def test_words_of_the_post_alone_narrow_nothing(library: Library, herons: Any) -> None:
    async with reading(library, at=herons) as r:
        await r.press("slash", "space", *"there", "space", "enter", "backslash")
        assert (r.told, len(places(r))) == ("only the post itself holds it", 7)


async def test_in_the_list_it_says_why_not(library: Library, herons: Any) -> None:
    async with reading(library) as r:
        await r.press("backslash")
        assert r.told == "only matches are shown in a thread: open one"


async def test_going_to_a_comment_that_is_left_out_shows_all(library: Library, herons: Any) -> None:
    async with reading(library, at=herons) as r:
        await r.press("slash", *"heron", "enter", "backslash")
        comment = library.index.thread(post_id(library, "Fog on the river")).comments[1]
        r.reader.open(herons[0], comment.id)
        assert (r.place, len(places(r))) == ("1.1", 7)


async def test_another_post_is_opened_while_matches_are_lit(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        await r.press("slash", *"surely", "enter", "backslash")
        r.reader.open(post_id(posts, GATE))
        await r.settled()
        assert (r.place, r.view.is_finding, r.view.found) == (None, False, None)
        assert "match" not in r.reader.status.numbers
        assert "only matches" not in r.reader.status.where


async def test_only_the_way_here_says_of_how_many_comments_it_is(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, GATE), None)) as r:
        await r.press("G", "i")
        await r.on_screen(ParentsScreen)
        await r.press("i")
        await r.on_screen(ReaderScreen)
        assert "── 2 of 3 comments ──" in r.screen
        assert "2/2 of 3 · 2 unread" in r.screen
        await r.press("R")
        assert "all read" not in r.screen
