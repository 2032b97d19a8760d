"""The search screen: how results are shown, several at once, past queries, mistakes and completions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import WriteThread
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from threadreader.errors import QueryInterrupted
from threadreader.index import Vocabulary
from threadreader.library import Library
from threadreader.library.export_request import Request
from threadreader.model import Found, Hit, Mistake, SavedSearch
from threadreader.search.language import GRAMMAR, Completion
from threadreader.ui.dialogs.export_dialog import ExportDialog
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.tags_dialog import TagsDialog
from threadreader.ui.keys import table_of
from threadreader.ui.screens import search_screen
from threadreader.ui.screens.following import Query, Results, like
from threadreader.ui.screens.gathering import Gathering
from threadreader.ui.screens.help_screen import HelpScreen, KeyList
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.past_queries import MOST, PastQueries
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.widgets.hit_list import HitList
from threadreader.ui.widgets.query_line import placed
from threadreader.ui.widgets.status_line import StatusLine
from ui.test_reader import FOG, GATE, TIDE, Reader, post_id, posts, reading

__all__ = ["posts"]


class Searching(Reader):
    """The reader with its search open."""

    @property
    def search(self) -> SearchScreen:
        [screen] = [screen for screen in self.app.screen_stack if isinstance(screen, SearchScreen)]
        return screen

    @property
    def numbers(self) -> str:
        return self.search.query_one(StatusLine).numbers

    @property
    def where(self) -> str:
        return self.search.query_one(StatusLine).where

    @property
    def line(self) -> str:
        return self.search.line.value

    @property
    def marked(self) -> list[str]:
        return [row.hit.snippet for row in self.search.hits.rows if row.is_marked]

    async def look_for(self, words: str) -> None:
        self.search.line.value = words
        await self.found(words)

    async def found(self, words: str) -> None:
        await self.until(lambda: self.search._query.words == words and self.search._is_answered)
        await self.settled()


@asynccontextmanager
async def searching(library: Library, words: str = "", **how: Any) -> AsyncIterator[Searching]:
    async with reading(library, **how) as r:
        s = Searching(r.app, r.pilot, r.library)
        await s.press("s")
        await s.on_screen(SearchScreen)
        if words:
            await s.look_for(words)
        yield s


# What is found


async def test_the_count_and_the_time_are_shown(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        found, time = s.numbers.split(" in ")
        assert found == "1 found"
        number, unit = time.split()
        assert int(number) >= 1 and unit == "ms"
        await s.look_for("")
        assert s.numbers == ""


async def test_exact_finds_only_what_is_as_typed_and_back(posts: Library) -> None:
    async with searching(posts, "sureli") as s:
        assert len(s.search.hits.rows) == 1
        assert s.where == "in everything · sureli → surely"
        await s.press("ctrl+x")
        await s.found("sureli")
        assert (len(s.search.hits.rows), s.where) == (0, "in everything · exact only")
        await s.press("ctrl+x")
        await s.found("sureli")
        assert s.where == "in everything · sureli → surely"


def test_grouped_results_have_the_hits_of_a_post_where_its_best_one_stands() -> None:
    hits = tuple(Hit(post, comment, 1.0, "", ()) for post, comment in ("a1", "b1", "a2", "c1", "b2"))
    grouped = Results(Query("x"), hits).by_post()
    assert [f"{hit.post_id}{hit.comment_id}" for hit in grouped.hits] == ["a1", "a2", "b1", "b2", "c1"]


async def test_results_are_grouped_by_post_with_its_title_once_and_stay_so(posts: Library) -> None:
    async with searching(posts, "i") as s:
        flat = [row.hit for row in s.search.hits.rows]
        await s.press("down", "ctrl+g")
        rows = s.search.hits.rows
        ids = [row.hit.post_id for row in rows]
        assert sorted(ids, key=ids.index) == ids and {row.hit for row in rows} == set(flat)
        assert len([row for row in rows if row.title]) == len(set(ids)) > 1
        assert all(row.together == ids.count(row.hit.post_id) for row in rows if row.title)
        assert s.search.hits.row and s.search.hits.row.hit == flat[1]  # the cursor stays on its hit
        assert s.told == "results by post"
        await s.press("enter")
        await s.on_screen(ReaderScreen)
        await s.until(lambda: s.reader.results)
        assert s.reader.results and [hit.post_id for hit in s.reader.results.hits] == ids
    async with searching(posts, "i") as s:
        assert [row.hit for row in s.search.hits.rows] == [row.hit for row in rows]
        await s.press("ctrl+g")
        assert [row.hit for row in s.search.hits.rows] == flat


async def test_a_key_that_edits_the_line_still_does(posts: Library) -> None:
    async with searching(posts, "heron gate") as s:
        await s.press("ctrl+a", "right", "ctrl+k")
        assert s.line == "h"
        await s.press("ctrl+e")
        await s.write("igh")
        await s.press("ctrl+w")
        assert s.line == ""


# Several at once


async def test_tab_marks_and_moves_on(posts: Library) -> None:
    async with searching(posts, "i") as s:
        first, second, third = (row.hit.snippet for row in s.search.hits.rows[:3])
        await s.press("tab", "tab")
        assert (s.marked, s.search.hits.cursor) == ([first, second], 2)
        assert s.numbers.startswith("2 marked · ")
        await s.press("up", "tab")
        assert (s.marked, s.search.hits.cursor) == ([first], 2)
        await s.press("shift+tab")
        assert (s.marked, s.search.hits.cursor) == ([first, third], 1)
        await s.press("alt+u")
        assert s.marked == [] and "marked" not in s.numbers


async def test_what_is_no_more_found_is_no_more_marked(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        await s.press("tab")
        await s.look_for("her")
        assert len(s.marked) == 1
        await s.look_for("noon")
        await s.look_for("heron")
        assert s.marked == []


async def test_what_is_marked_is_bookmarked_and_taken_back_at_once(posts: Library) -> None:
    async with searching(posts, "i") as s:
        await s.press("tab", "tab", "ctrl+b")
        assert s.told == "2 bookmarked: u in the reader takes it back"
        await s.press("ctrl+b")
        assert s.told == "all 2 are bookmarked"
        assert len(posts.annotations.marks()) == 2
        await s.press("escape")
        await s.on_screen(ReaderScreen)
        await s.until(lambda: sum(row.bookmarks for row in s.reader.listed) == 2)
        await s.press("u")
        assert posts.annotations.marks() == []
        await s.press("ctrl+r")
        assert len(posts.annotations.marks()) == 2


async def test_without_marks_it_is_the_hit_under_the_cursor(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        await s.press("ctrl+b")
        (mark,) = posts.annotations.marks()
        assert mark.quote.exact == "The heron knows."
        assert s.told == "1 bookmarked: u in the reader takes it back"


async def test_what_is_marked_is_tagged(posts: Library) -> None:
    async with searching(posts, "twice") as s:
        await s.press("tab", "ctrl+t")
        await s.on_screen(TagsDialog)
        await s.write("river fog")
        await s.press("enter")
        await s.on_screen(SearchScreen)
        assert s.told == "#river #fog on 1: u in the reader takes it back"
        tags = posts.annotations.tags(post_id(posts, FOG))
        assert list(tags.values()) == [("fog", "river")]
        assert posts.annotations.undo() == "#river #fog taken off"


async def test_what_is_marked_is_exported_as_quotes(posts: Library, tmp_path: Path) -> None:
    async with searching(posts, "heron") as s:
        await s.press("alt+e")
        await s.on_screen(ExportDialog)
        path = tmp_path / "heron.md"
        assert isinstance(s.app.focused, Input)
        assert s.app.focused.value == "found-heron.md"
        s.app.focused.value = str(path)
        await s.press("enter")
        await s.on_screen(SearchScreen)
        assert s.told == f"1 exported to {path}"
        text = path.read_text()
        assert text.startswith("> The heron knows.") and "Who painted the gate" in text


@pytest.mark.parametrize("key", ["ctrl+b", "ctrl+t", "alt+e", "tab"])
async def test_where_nothing_is_found_nothing_is_done(posts: Library, key: str) -> None:
    async with searching(posts, "qqqqq") as s:
        await s.press(key)
        assert s.told.startswith("nothing found yet to ")


async def test_what_was_found_before_is_not_taken_for_what_is_typed_now(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        s.search._ask(Query("ferry"))
        for action in (s.search.action_bookmark_hits, lambda: s.search.action_mark(1)):
            action()
            assert s.told.startswith("nothing found yet to ")
        assert posts.annotations.marks() == []


@pytest.mark.parametrize(("words", "name"), [("Fog/../ on", "found-fog-on.md"), ("…", "found.md")])
def test_a_file_of_what_was_found_has_a_harmless_name(words: str, name: str) -> None:
    assert Request((), everything=True, query=words).name == name


# Past queries


async def test_past_queries_are_walked_and_kept_for_the_next_run(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        await s.press("enter")
        await s.on_screen(ReaderScreen)
    async with searching(posts, "noon") as s:
        await s.press("escape")
        await s.on_screen(ReaderScreen)
        await s.press("s")
        await s.on_screen(SearchScreen)
        await s.look_for("tw")
        walked = []
        for key in ("alt+up", "alt+up", "alt+up", "alt+down", "alt+down", "alt+down"):
            await s.press(key)
            walked.append(s.line)
        assert walked == ["noon", "heron", "heron", "noon", "tw", "tw"]
        assert s.told == "no later search"
        await s.found("tw")


def test_of_past_queries_the_newest_are_kept_each_once(library: Library) -> None:
    for number in range(MOST + 5):
        PastQueries(library).keep(f"query {number % (MOST + 2)}")
    past = PastQueries(library)
    past.keep("  ")
    lines = [past.older(1, "") for _ in range(MOST + 1)]
    assert lines[:4] == ["query 2", "query 1", "query 0", f"query {MOST + 1}"]
    assert len(set(lines)) == MOST + 1 and lines[-1] is None


@given(st.text())
def test_past_queries_never_fail_on_what_the_store_holds(text: str) -> None:
    class Store:
        def state(self, key: str, default: str) -> str:
            return text

    class Kept:
        annotations = Store()

    PastQueries(Kept()).older(1, "")  # type: ignore[arg-type]


# Mistakes and completions


async def test_a_mistake_is_shown_at_its_place_while_the_last_results_stay(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = Library.find

    def judged(self: Library, query: str, **how: Any) -> Found:
        if "date:" in query:
            return Found(mistake=Mistake(11, 12, "a date, such as 2021-04"))
        return find(self, query, **how)

    monkeypatch.setattr(Library, "find", judged)
    async with searching(posts, "heron") as s:
        before, numbers = s.search.hits.rows, s.numbers
        await s.look_for("heron date:x")
        assert s.screen.splitlines()[1].startswith(" " * 12 + "^ expected a date, such as 2021-04")
        assert (s.search.hits.rows, s.numbers) == (before, numbers)
        assert [
            part.text for part in s.search.line.render_line(0) if part.style and part.style.underline
        ] == ["x"]
        await s.look_for("heron ")
        assert not s.screen.splitlines()[1][:40].strip()


@pytest.mark.parametrize(
    ("mistake", "width", "scrolled", "shown"),
    [
        (Mistake(5, 7, "a date"), 40, 0, "      ^^ expected a date"),
        (Mistake(7, 7, "a date"), 40, 0, "        ^ expected a date"),
        (Mistake(0, 1, "a date"), 40, 0, " ^ expected a date"),
        (Mistake(5, 7, "a date"), 40, 4, "  ^^ expected a date"),
        (Mistake(0, 7, "a date"), 40, 4, "^^^^ expected a date"),
        (Mistake(11, 12, "a"), 14, 0, " expected a ^"),
        (Mistake(5, 7, "a date"), 11, 0, " expected a date"),
        (Mistake(90, 99, "a date"), 11, 0, " expected a date"),
    ],
)
def test_what_was_expected_is_told_where_there_is_room(
    mistake: Mistake, width: int, scrolled: int, shown: str
) -> None:
    assert placed(mistake, "heron date:x", width=width, scrolled=scrolled) == shown


@given(st.text(), st.integers(0, 30), st.integers(0, 30), st.text(), st.integers(0, 40), st.integers(0, 40))
def test_any_mistake_can_be_told(query: str, start: int, end: int, told: str, width: int, cut: int) -> None:
    assert told in placed(Mistake(start, end, told), query, width=width, scrolled=cut)


async def test_the_last_word_is_completed_with_right_at_the_end_of_the_line(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered(query: str, cursor: int, names: object) -> list[Completion]:
        return [Completion(6, 8, "author:"), Completion(6, 8, "audio:")] if query == "heron au" else []

    monkeypatch.setattr(search_screen, "completions", offered)
    async with searching(posts, "heron") as s:
        await s.press("end")
        await s.write(" au")
        await s.found("heron au")
        assert s.screen.splitlines()[1].startswith(" → author:  audio:")
        await s.press("left", "right")
        assert s.line == "heron au"
        await s.press("right")
        assert (s.line, s.search.line.cursor_position) == ("heron author:", 13)
        await s.press("right")
        assert s.line == "heron author:"


async def test_the_names_that_a_field_can_have_are_read_when_one_is_typed(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts.annotations.tag(post_id(posts, FOG), None, ["river"])
    asked: list[dict[str, list[str]]] = []

    def offered(query: str, cursor: int, names: Any) -> list[Completion]:
        asked.append(dict(names))
        return []

    monkeypatch.setattr(search_screen, "completions", offered)
    async with searching(posts, "heron") as s:
        assert asked[-1] == {}
        await s.look_for("tag:")
        await s.until(lambda: asked[-1] == {"author": [], "tag": ["river"], "title": [FOG, GATE, TIDE]})


async def test_the_help_tells_the_grammar_beside_the_keys(posts: Library) -> None:
    async with searching(posts) as s:
        await s.press("f1")
        await s.on_screen(HelpScreen)
        rows = s.app.screen.query_one(KeyList).rows
        told = [row.label for row in rows]
        assert (rows[0].group, rows[0].shown) == ("Query", GRAMMAR[0][0])
        assert "Mark this result, or take the mark off" in told


# More like this


def test_what_is_like_a_comment_has_its_rarest_words() -> None:
    counts = {"heron": 5, "came": 50, "back": 70, "dusk": 2, "unique": 1, "ferry": 9, "gate": 8, "river": 7}
    text = "The heron came back at dusk: 2021, unique ferry gate river heron."
    assert like(text, lambda word: counts[word]) == "dusk OR heron OR river OR gate OR ferry OR came"
    assert like("It is so.", lambda word: 9) == ""
    assert like("unique", lambda word: 1) == ""


async def test_more_like_this_opens_the_search_with_words_to_edit(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j", "j", "g", "l")
        assert r.told == "no other comment has any of these words"


async def test_more_like_this_is_an_ordinary_search(library: Library, write_thread: WriteThread) -> None:
    library.add(write_thread("a.txt", "The gravel by the lock.", "Some gravel.", "No lock here, nor gravel."))
    async with reading(library) as r:
        await r.press("enter", "j", "g", "l")
        await r.on_screen(SearchScreen)
        s = Searching(r.app, r.pilot, r.library)
        assert s.line == "lock OR gravel"
        await s.look_for("gravel")
        assert len(s.search.hits.rows) == 3


async def test_a_library_that_can_not_be_written_is_searched_all_the_same(posts: Library) -> None:
    posts.annotations.read_only = True
    async with searching(posts, "i") as s:
        await s.press("ctrl+g", "tab", "ctrl+b")
        assert s.told == NOT_KEPT
        for key in ("ctrl+t", "ctrl+s"):
            await s.press(key)
            assert s.told == NOT_KEPT
        await s.press("enter")
        await s.on_screen(ReaderScreen)
    assert posts.annotations.state("past-queries") == ""


async def test_more_like_this_needs_a_thread(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("g", "l")
        assert r.told == "open a post to look for more like one of its comments"


# Saved searches


async def test_a_search_is_saved_by_a_name(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        await s.press("ctrl+r", "ctrl+x", "ctrl+s")
        await s.on_screen(LineDialog)
        await s.write("Herons  exactly")
        await s.press("enter")
        await s.on_screen(SearchScreen)
        assert s.told == 'saved as "Herons exactly": u in the reader takes it back'
        scope = s.search._query.scope
        assert posts.annotations.searches() == [SavedSearch("Herons exactly", "heron", scope, exact=True)]


async def test_a_search_for_nothing_is_not_saved(posts: Library) -> None:
    async with searching(posts) as s:
        await s.press("ctrl+s")
        assert s.told == "nothing typed yet to save"


@pytest.fixture
def saved(posts: Library) -> Library:
    """Two searches; of the second nothing is found."""
    for search in (SavedSearch("The bird", "heron", "everything"), SavedSearch("What else", "zzzz", "gone")):
        posts.annotations.save_search(search)
    return posts


def rows(r: Reader) -> list[str]:
    return [row.title for row in r.reader.posts.rows]


def unread(r: Reader) -> list[int | None]:
    return [shown.unread for shown in r.reader.searches]


async def test_saved_searches_stand_above_the_posts_with_what_is_unread(saved: Library) -> None:
    async with reading(saved) as r:
        assert rows(r) == ["The bird", "What else", FOG, GATE, TIDE]
        assert r.reader.posts.cursor == 2  # on the first post, as without them
        assert r.reader.query_one(StatusLine).numbers == "1/3"
        await r.until(lambda: unread(r) == [1, 0])
        assert "◇ The bird" in r.screen and "heron  1 unread" in r.screen
        assert r.reader.posts.cursor == 2
        await r.press("k")
        assert r.reader.query_one(StatusLine).numbers == "0/3"
        await r.press("S")
        assert r.reader.posts.row and r.reader.posts.row.title == "What else"
        await r.press("slash", "g", "a", "t", "e")
        assert rows(r) == [GATE]
        await r.press("escape")
        assert len(rows(r)) == 5


async def test_what_is_read_is_counted_anew_in_the_list(saved: Library) -> None:
    gate = saved.index.thread(post_id(saved, GATE))
    async with reading(saved) as r:
        await r.until(lambda: unread(r) == [1, 0])
        await r.press("j", "enter")
        saved.annotations.mark_read(gate.post.id, gate.positions)
        await r.press("q")
        await r.until(lambda: unread(r) == [0, 0])


async def test_enter_on_a_saved_search_opens_it(saved: Library) -> None:
    async with reading(saved) as r:
        await r.press("g", "g", "enter")
        await r.on_screen(SearchScreen)
        screen = r.app.screen
        assert isinstance(screen, SearchScreen)
        assert (screen.line.value, screen._query.scope) == ("heron", "everything")
        await r.until(lambda: screen.hits.row)
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.place == "2.1")
        await r.press("escape", "g", "g", "j", "enter")
        await r.on_screen(SearchScreen)
        assert isinstance(r.app.screen, SearchScreen)
        assert (r.app.screen.line.value, r.app.screen._query.scope) == ("zzzz", "everything")


async def test_a_saved_search_is_removed_and_brought_back(saved: Library) -> None:
    async with reading(saved) as r:
        await r.press("g", "g", "d")
        assert r.told == 'search "The bird" removed: u brings it back'
        assert rows(r)[:2] == ["What else", FOG]
        await r.press("u")
        assert rows(r)[:2] == ["The bird", "What else"]


async def test_keys_for_posts_leave_a_saved_search_alone(saved: Library) -> None:
    async with reading(saved) as r:
        for key in "B a e t x r o i tab vertical_line space w v f6".split():
            r.reader.posts.focus()
            await r.press("g", "g", key)
            assert r.app.screen is r.reader, key
            assert len(saved.annotations.searches()) == 2, key


async def test_a_new_search_is_in_the_list_when_it_is_left(posts: Library) -> None:
    async with searching(posts, "heron") as s:
        await s.press("ctrl+s")
        await s.on_screen(LineDialog)
        await s.press("enter")
        await s.on_screen(SearchScreen)
        await s.press("escape")
        await s.on_screen(ReaderScreen)
        await s.until(lambda: rows(s)[0] == "heron")
        await s.until(lambda: unread(s) == [1])
        await s.press("u")
        assert rows(s)[0] == FOG


# Every key

PRESSED = {
    "search.choose": "enter",
    "search.next": "down ctrl+n",
    "search.previous": "up",
    "search.page-down": "pagedown",
    "search.page-up": "pageup",
    "search.scope": "ctrl+r",
    "search.exact": "ctrl+x",
    "search.group": "ctrl+g",
    "search.earlier": "alt+up",
    "search.later": "alt+down",
    "search.complete": "right",
    "search.save": "ctrl+s",
    "search.mark": "tab",
    "search.mark-up": "shift+tab",
    "search.unmark-all": "alt+u",
    "search.export": "alt+e",
    "search.bookmark": "ctrl+b",
    "search.tags": "ctrl+t",
    "search.back": "escape",
}


def test_every_key_of_the_search_is_known_here() -> None:
    keys = {key.id: key.keys.replace(",", " ") for key in table_of(SearchScreen) if "search." in key.id}
    assert keys == PRESSED
    assert {key.id for key in Gathering.KEYS} < keys.keys()


@pytest.mark.parametrize("words", ["", "qqqqq", "i"])
async def test_no_key_of_the_search_fails_whatever_is_found(posts: Library, words: str) -> None:
    async with reading(posts) as r:
        for key in (key for keys in PRESSED.values() for key in keys.split()):
            if isinstance(r.app.screen, ReaderScreen):
                await r.press("s")
                await r.on_screen(SearchScreen)
            r.app.screen.query_one(Input).value = words
            await r.settled()
            await r.press(key)
            for _ in range(5):
                if isinstance(r.app.screen, (ReaderScreen, SearchScreen)):
                    break
                await r.press("escape")
            assert isinstance(r.app.screen, (ReaderScreen, SearchScreen)), key


async def test_a_letter_may_end_what_is_prepared_meanwhile(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def interrupted(vocabulary: Vocabulary) -> None:
        asked.append(vocabulary)
        raise QueryInterrupted("The query was given up.")

    monkeypatch.setattr(search_screen, "IDLE_AFTER", 0.001)
    monkeypatch.setattr(Vocabulary, "prepare", interrupted)
    async with reading(posts) as r:
        await r.press("s")
        await r.on_screen(SearchScreen)
        await r.until(lambda: asked)
        await r.write("heron")
        await r.until(lambda: r.app.screen.query_one(HitList).rows)
