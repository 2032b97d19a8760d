"""The whole reader on a library of three posts: keys in; screens, files and stores out."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import WriteThread
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

from threadreader.annotations import Annotations
from threadreader.index import Index
from threadreader.library import Library
from threadreader.ui import clipboard
from threadreader.ui.app import ThreadReaderApp
from threadreader.ui.dialogs.export_dialog import ExportDialog
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.screens.help_screen import HelpScreen, KeyList
from threadreader.ui.screens.history_screen import HistoryScreen
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView
from ui.driving import Driver

WIDE, NARROW = (120, 24), (80, 24)
FOG, GATE, TIDE = "Fog on the river", "Who painted the gate", "A table of tides"


@pytest.fixture
def posts(library: Library, write_thread: WriteThread) -> Library:
    """Three posts in order of date; the first has replies."""
    for title, date, *comments in (
        (FOG, "Monday, 5 April 2021", ("The ferry rang twice.", "Three times, surely.", "I heard two.")),
        (GATE, "Tuesday, 6 April 2021", "It was green before.", ("Blue, I think.", "The heron knows.")),
        (TIDE, "Wednesday, 7 April 2021", "High at noon.", "Low at six.", "Neither, this week."),
    ):
        added = library.add(write_thread(f"{title}.txt", *comments, title=title, date=date))
        assert added.error is None
    return library


def post_id(library: Library, title: str) -> str:
    return next(post.id for post in library.index.posts() if post.title == title)


@dataclass
class Reader(Driver):
    """The app on a library."""

    library: Library

    @property
    def reader(self) -> ReaderScreen:
        [screen] = [screen for screen in self.app.screen_stack if isinstance(screen, ReaderScreen)]
        return screen

    @property
    def view(self) -> ThreadView:
        return self.reader.view

    @property
    def titles(self) -> list[str]:
        return [row.title for row in self.reader.posts.rows]

    @property
    def place(self) -> str | None:
        """Of the comment under the cursor."""
        thread, comment_id = self.view.thread, self.view.comment_id
        return thread.comments[thread.positions[comment_id]].place if thread and comment_id else None

    @property
    def closed(self) -> list[str]:
        layout, thread = self.view.layout_, self.view.thread
        assert thread
        return [c.place for n, c in enumerate(thread.comments, 1) if layout.is_closed(n)]

    @property
    def read(self) -> set[str]:
        """Places that are read."""
        thread, unread = self.view.thread, self.view._painter and self.view._painter.unread
        assert thread and unread
        return {c.place for n, c in enumerate(thread.comments, 1) if not unread[n]}

    @property
    def told(self) -> str:
        return self.app.screen.query_one(StatusLine).message

    @property
    def keys(self) -> str:
        """The last line of the screen."""
        return self.screen.splitlines()[-1].strip()

    @property
    def screen(self) -> str:
        """What can be read on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def on_screen(self, kind: type[Screen[Any]]) -> None:
        await self.until(lambda: isinstance(self.app.screen, kind))
        await self.settled()


@asynccontextmanager
async def reading(
    library: Library,
    *,
    size: tuple[int, int] = WIDE,
    at: tuple[str, str | None] | None = None,
    paths: tuple[Path, ...] = (),
) -> AsyncIterator[Reader]:
    app = ThreadReaderApp(library, target=at, paths=paths)
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot, library)
        await reader.settled()
        yield reader


# Panes


async def test_a_wide_terminal_shows_the_list_beside_the_thread(posts: Library) -> None:
    async with reading(posts) as r:
        await r.until(lambda: r.view.thread)
        await r.settled()
        assert r.reader.posts.has_focus
        for words in (FOG, GATE, TIDE, "1.2 Anonymous", "I heard two."):
            assert words in r.screen


async def test_a_narrow_terminal_shows_the_list_and_with_enter_the_thread(posts: Library) -> None:
    async with reading(posts, size=NARROW) as r:
        assert (r.reader.posts.display, r.view.display) == (True, False)
        await r.press("j", "enter")
        assert (r.reader.posts.display, r.view.display) == (False, True)
        assert r.view.has_focus
        assert "Blue, I think." in r.screen
        await r.press("q")
        assert r.reader.posts.has_focus
        assert (r.reader.posts.display, r.view.display) == (True, False)


async def test_the_panes_change_with_the_size_and_by_key(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "w")
        assert not r.reader.posts.display
        await r.press("w")
        assert r.reader.posts.display
        await r.pilot.resize_terminal(*NARROW)
        await r.settled()
        assert not r.reader.posts.display
        await r.press("g", "w")
        assert r.reader.posts.has_focus


async def test_q_goes_back_a_layer_and_in_the_list_quits(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "q")
        assert r.app.is_running and r.reader.posts.has_focus
        await r.press("q")
        assert r.app._exit


async def test_a_comment_that_was_asked_for_is_where_it_opens(posts: Library) -> None:
    gate = posts.index.thread(post_id(posts, GATE))
    async with reading(posts, at=(gate.post.id, gate.comments[2].id)) as r:
        assert r.view.has_focus
        assert (r.place, r.reader.posts.cursor) == ("2.1", 1)


async def test_an_empty_library_says_what_to_do(library: Library) -> None:
    async with reading(library) as r:
        assert "No posts yet. Add one: threadreader" in r.screen
        assert "FILE" in r.screen
        for key in ("enter", "B", "a", "x", "r", "e", "d", "u", "tab", "S"):
            await r.press(key)
        assert r.app.screen is r.reader


async def test_the_last_line_tells_the_keys_that_matter_here(posts: Library) -> None:
    async with reading(posts) as r:
        assert r.keys.startswith("Enter Open  / Find  s Search") and r.keys.endswith("q Quit  ? Help")
        await r.press("enter")
        assert r.keys.startswith("Tab Unread  Enter Fold  / Find")
        await r.press("slash")
        assert r.keys == "Enter Keep  Esc Cancel  F1 Help"


async def test_the_help_stays_in_the_last_line_where_there_is_no_room_for_all(posts: Library) -> None:
    async with reading(posts, size=(60, 24)) as r:
        await r.press("enter")
        assert r.keys == "Tab Unread  Enter Fold  / Find  s Search  q Back  ? Help"


async def test_a_click_on_the_last_line_is_the_key(posts: Library) -> None:
    async with reading(posts) as r:
        await r.pilot.click(KeyLine, offset=(r.keys.index("Search"), 0))
        await r.settled()
        assert isinstance(r.app.screen, SearchScreen)


# The list


async def test_the_list_is_filtered_by_a_title_that_is_nearly_right(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("slash")
        await r.write("paintd gate")
        assert r.titles == [GATE]
        await r.press("enter")
        assert r.reader.posts.has_focus and r.titles == [GATE]
        await r.press("escape")
        assert r.titles == [FOG, GATE, TIDE]
        await r.press("slash", "z", "z", "z", "escape")
        assert r.titles == [FOG, GATE, TIDE]
        assert r.reader.posts.has_focus


async def test_the_order_is_changed_by_key(posts: Library) -> None:
    async with reading(posts) as r:
        seen = {}
        for _ in range(3):
            await r.press("S")
            seen[r.reader.listing.sort] = r.titles
        assert seen == {
            "date, newest first": [TIDE, GATE, FOG],
            "title": [TIDE, FOG, GATE],
            "comments": [FOG, GATE, TIDE],
        }


async def test_finished_posts_are_hidden_by_key_until_they_are_shown_again(posts: Library) -> None:
    fog = posts.index.thread(post_id(posts, FOG))
    posts.annotations.mark_read(fog.post.id, fog.positions)
    async with reading(posts) as r:
        await r.press("g", "f", "S")
        r.app.theme = "nord"
        await r.settled()
    async with reading(posts) as r:
        assert (r.titles, r.reader.listing.sort, r.app.theme) == ([TIDE, GATE], "date, newest first", "nord")
        await r.press("g", "f")
        assert r.titles == [TIDE, GATE, FOG]


async def test_an_index_is_built_anew_while_one_reads(
    posts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadreader.library.MANY", 2)
    goes_on, fill = threading.Event(), Library.fill

    def filled(library: Library, progress: Any) -> None:
        goes_on.wait()
        fill(library, progress)

    monkeypatch.setattr(Library, "fill", filled)
    posts.index.begun_anew(posts.index.path).close()
    with Library.open(posts.folder, unfilled=True) as library:
        async with reading(library) as r:
            assert r.titles == []
            assert "The index is built anew" in r.reader.posts.empty
            goes_on.set()
            await r.until(lambda: r.titles == [FOG, GATE, TIDE])
            assert not library.index.is_unfinished
            await r.press("j", "B")
            await r.until(lambda: [mark.kind for mark in library.annotations.marks()] == ["bookmark"])


@pytest.mark.parametrize("order", ["date", "title"])
async def test_of_very_many_posts_the_first_are_shown_before_all_are_listed(
    posts: Library, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr("threadreader.ui.screens.choosing.FIRST_SHOWN", 1)
    posts.annotations.keep_state("sort", order)
    posts.annotations.rename(post_id(posts, TIDE), "Tides")
    shown: list[list[str]] = []
    show = PostList.show

    def recorded(pane: PostList, rows: Sequence[Any], cursor: int = 0) -> None:
        shown.append([row.title for row in rows])
        show(pane, rows, cursor)

    monkeypatch.setattr(PostList, "show", recorded)
    async with reading(posts) as r:
        await r.until(lambda: len(r.titles) == 3)
        assert shown[0] == ([FOG] if order == "date" else [])
        assert shown[-1] == r.titles
        assert set(r.titles) == {FOG, GATE, "Tides"}
        await r.press("g", "R")
        await r.write("A")
        await r.press("enter")
        await r.until(lambda: "A" in r.titles)


async def test_a_post_is_renamed_here_only_and_named_back(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("g", "R")
        line = r.app.screen.query_one(Input)
        assert line.value == FOG
        line.value = "[b]The ferry"
        await r.press("enter")
        await r.until(lambda: "[b]The ferry" in r.titles)
        assert r.reader.posts.has_focus
        await r.press("u")
        assert r.titles == [FOG, GATE, TIDE]


# Marks


async def test_a_bookmark_is_set_shown_and_undone(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j", "B")
        assert "1 Anonymous · 2 replies ★" in r.screen
        assert "★1" in r.screen
        assert r.told == "bookmarked"
        await r.press("u")
        assert "★" not in r.screen
        await r.press("ctrl+r")
        assert "★1" in r.screen


async def test_a_note_is_kept_while_it_is_written_and_saved_by_escape_as_the_kind_that_was_chosen(
    posts: Library,
) -> None:
    fog = posts.index.thread(post_id(posts, FOG))
    posts.annotations.keep_draft(fog.post.id, fog.comments[0].id, "Tw")
    async with reading(posts) as r:
        await r.press("enter", "j", "a")
        await r.on_screen(NoteDialog)
        await r.write("ice")
        dialog = r.app.screen
        assert isinstance(dialog, NoteDialog)
        dialog._draft()
        assert [draft.text for draft in posts.annotations.drafts()] == ["Twice"]
        await r.press("enter")
        await r.write("or more")
        assert "✎ Note on 1 " in r.screen
        await r.press("ctrl+t", "ctrl+t")
        assert "☐ Claim to check on 1 " in r.screen
        await r.press("escape")
        await r.until(lambda: posts.annotations.marks())
        await r.settled()
        (note,) = posts.annotations.marks()
        assert (note.text, note.note_kind) == ("Twice\nor more", "claim")
        assert posts.annotations.drafts() == []
        assert r.view.has_focus
        assert "☐ Twice" in r.screen
        await r.press("T")
        assert r.told == "a quote to use now: u takes it back"
        assert "❝ Twice" in r.screen and "☐" not in r.screen
        await r.press("T", "u", "e")
        await r.on_screen(NoteDialog)
        assert "❝ Quote to use on 1 " in r.screen
        await r.press("escape")
        assert posts.annotations.mark(note.id).note_kind == "quote"


async def test_a_note_is_edited_emptied_and_brought_back(posts: Library) -> None:
    fog = post_id(posts, FOG)
    posts.annotations.note(fog, None, "First", posts.quote(fog, None))
    async with reading(posts) as r:
        await r.press("enter", "e")
        await r.on_screen(NoteDialog)
        await r.write(" of all")
        await r.press("escape")
        await r.until(lambda: "First of all" in r.screen)
        await r.press("d")
        assert "First of all" not in r.screen
        await r.press("u")
        assert "First of all" in r.screen
        await r.press("j", "a")
        await r.on_screen(NoteDialog)
        await r.press("escape")
        await r.until(lambda: r.told)
        assert r.told == "no note written"
        assert len(posts.annotations.marks()) == 1


async def test_the_list_of_bookmarks_jumps_to_a_comment_of_another_post(posts: Library) -> None:
    gate = posts.index.thread(post_id(posts, GATE))
    for comment in gate.comments[1:]:
        posts.annotations.bookmark(gate.post.id, comment.id, posts.quote(gate.post.id, comment.id))
    async with reading(posts) as r:
        await r.press("enter", "j", "j", "g", "n")
        await r.on_screen(MarksScreen)
        assert "No notes yet: a on a comment writes one." in r.screen
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert (r.place, r.view.has_focus) == ("1.1", True)
        await r.press("g", "b")
        await r.on_screen(MarksScreen)
        assert "The heron knows." in r.screen
        await r.press("d")
        assert len(posts.annotations.marks()) == 1
        await r.press("u", "enter")
        await r.on_screen(ReaderScreen)
        assert (r.reader.reading and r.reader.reading.title, r.place) == (GATE, "2.1")
        assert r.view.has_focus


async def test_the_history_is_looked_at_undone_and_gone_to(posts: Library) -> None:
    gate = posts.index.thread(post_id(posts, GATE))
    comment = gate.comments[-1]
    quote = posts.quote(gate.post.id, comment.id)
    posts.annotations.note(gate.post.id, comment.id, "Why at dusk?", quote)
    posts.annotations.tag(gate.post.id, comment.id, ["heron"])
    async with reading(posts) as r:
        await r.press("g", "u")
        await r.on_screen(HistoryScreen)
        assert r.screen.index("#heron put on") < r.screen.index("note “Why at dusk?” made")
        await r.press("u")
        assert "undone" in r.screen
        assert posts.annotations.tags(gate.post.id) == {}
        await r.press("ctrl+r", "j", "enter")
        await r.on_screen(ReaderScreen)
        assert (r.reader.reading and r.reader.reading.title, r.place) == (GATE, comment.place)
        assert posts.annotations.tags(gate.post.id) == {comment.id: ("heron",)}


async def test_a_library_that_cannot_be_written_refuses_marks_in_a_line(posts: Library) -> None:
    folder = posts.folder
    with Library(
        folder,
        Index.open(folder / "index.db", read_only=True),
        Annotations.open(folder / "annotations.db", read_only=True),
    ) as library:
        async with reading(library) as r:
            assert "can't be written" in r.told
            await r.press("enter", "j")
            for key in ("B", "a", "r"):
                await r.press(key)
                await r.until(lambda: r.told)
                assert "can't be written" in r.told
                assert r.app.screen is r.reader
            await r.press("z", "c", "S", "q")
            r.reader.look()
    assert posts.annotations.marks() == []


async def test_marks_of_another_program_appear(posts: Library) -> None:
    fog = posts.index.thread(post_id(posts, FOG))
    async with reading(posts) as r:
        await r.press("enter", "j", "j")
        with Library.open(posts.folder) as other:
            other.annotations.bookmark(
                fog.post.id, fog.comments[0].id, other.quote(fog.post.id, fog.comments[0].id)
            )
        r.reader.look()
        await r.settled()
        assert "1 Anonymous · 2 replies ★" in r.screen
        assert r.place == "1.1"


# Read state and place


async def test_what_was_on_the_screen_is_read_and_counted(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter")
        assert r.reader.listed[0].unread == 3
        r.view._say_seen()
        await r.settled()
        assert len(posts.annotations.read(post_id(posts, FOG))) == 3
        assert r.reader.listed[0].unread == 0
        assert "all read" in r.screen


async def test_read_marks_are_set_and_taken_off_by_key(posts: Library) -> None:
    counts = []
    async with reading(posts) as r:
        await r.press("enter", "j", "j")
        for key in ("r", "r", "M", "H R"):
            await r.press(*key.split())
            counts.append(r.view.unread)
    assert counts == [2, 3, 1, 0]


async def test_place_and_folds_are_there_again_after_a_restart(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("j", "enter", "J", "J", "z", "c")
        assert (r.place, r.closed) == ("2", ["2"])
    async with reading(posts) as r:
        await r.press("j", "enter")
        assert (r.place, r.closed) == ("2", ["2"])


async def test_a_place_inside_a_tall_comment_is_there_again_after_a_restart(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("tall.txt", "word " * 2_000, "The end."))
    async with reading(library, size=NARROW) as r:
        await r.press("enter", "j", "j", "j")
        line = r.view.scroll_offset.y
        await r.press("Q")
    async with reading(library, size=NARROW) as r:
        await r.press("enter")
        assert (r.place, r.view.scroll_offset.y) == ("1", line)


async def test_the_end_of_a_thread_leads_to_the_next_unread_comment(posts: Library) -> None:
    fog = posts.index.thread(post_id(posts, FOG))
    posts.annotations.mark_read(fog.post.id, fog.positions)
    async with reading(posts) as r:
        await r.press("enter", "tab")
        assert r.told == f"on to: {GATE}"
        assert r.place == "1"
        assert r.view.has_focus


# Finding and searching


async def test_escape_from_finding_gives_back_folds_place_and_keys(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j", "z", "c")
        before = (r.place, r.closed, r.view.scroll_offset)
        await r.press("slash")
        await r.write("surely")
        assert (r.place, r.closed) == ("1.1", [])
        assert "1/1" in r.screen
        await r.press("escape")
        assert (r.place, r.closed, r.view.scroll_offset) == before
        assert r.view.has_focus
        assert "1/1" not in r.screen


async def test_enter_stays_at_what_was_found(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "slash")
        await r.write("two")
        await r.press("enter", "n")
        assert (r.place, r.view.has_focus) == ("1.2", True)
        await r.press("escape")
        assert r.place == "1.2"
        assert r.view.has_focus and not r.view.is_finding


async def test_a_place_that_was_found_and_read_on_from_is_remembered(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "slash")
        await r.write("two")
        await r.press("enter", "j", "Q")
    async with reading(posts) as r:
        await r.press("enter")
        assert r.place == "1.2"


async def test_search_opens_a_hit_with_its_ancestors_open(posts: Library) -> None:
    fog = posts.index.thread(post_id(posts, FOG))
    posts.annotations.keep_folds(fog.post.id, [comment.id for comment in fog.comments[:2]])
    async with reading(posts) as r:
        await r.press("j", "enter", "s")
        await r.on_screen(SearchScreen)
        await r.write("sureli")
        search = r.app.screen
        assert isinstance(search, SearchScreen)
        await r.until(lambda: search.hits.row and "surely" in search.hits.row.hit.snippet)
        await r.until(lambda: "Three times, surely." in r.screen)
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.place == "1.1")
        assert (r.place, r.closed, r.view.has_focus) == ("1.1", [], True)


async def test_escape_from_search_comes_back_to_the_same_place(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j", "z", "c")
        before = (r.place, r.closed, r.view.scroll_offset, r.screen)
        await r.press("s")
        await r.on_screen(SearchScreen)
        await r.write("tides")
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert (r.place, r.closed, r.view.scroll_offset, r.screen) == before
        assert r.view.has_focus


@pytest.mark.parametrize("begun_in", ["the same post", "another post"])
async def test_escape_after_a_jump_leads_back_with_the_folds_that_were(posts: Library, begun_in: str) -> None:
    async with reading(posts) as r:
        await r.press(*(["j"] if begun_in == "another post" else []), "enter", "j", "z", "c")
        before = (r.view.thread, r.place, r.closed, r.view.scroll_offset)
        await r.press("s")
        await r.on_screen(SearchScreen)
        await r.write("surely")
        search = r.app.screen
        assert isinstance(search, SearchScreen)
        await r.until(lambda: search.hits.row and "surely" in search.hits.row.hit.snippet)
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: "Three times, surely." in r.screen)
        await r.press("escape")
        assert (r.view.thread, r.place, r.closed, r.view.scroll_offset) == before
        assert r.view.has_focus
        await r.press("escape")
        assert r.reader.posts.has_focus


async def test_escape_never_ends_the_program(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "escape", "escape", "escape")
        assert r.app.screen is r.reader
        assert r.told == "q quits"


async def test_a_broom_swept_twice_leaves_everything_read(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "G", "M", "M", "H", "R", "R")
        assert r.view.unread == 0


# Export, help, palette, documents


async def test_tab_in_the_export_dialog_chooses_what_is_marked(
    posts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(posts) as r:
        await r.press("enter", "G", "B", "x")
        await r.on_screen(ExportDialog)
        await r.press("tab", "enter")
        await r.on_screen(ReaderScreen)
        [exported] = tmp_path.glob("*.md")
        assert "left out" in exported.read_text(encoding="utf-8")


async def test_a_conversation_is_exported_and_copied_as_it_is_shown(
    posts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(posts) as r:
        await r.press("enter", "j", "l", "i", "i")
        await r.until(lambda: r.reader.conversation() is not None)
        shown = [comment.text for comment in r.view.thread.comments] if r.view.thread else []
        await r.press("k", "x")
        await r.on_screen(ExportDialog)
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        [exported] = tmp_path.glob("*.md")
        document = exported.read_text(encoding="utf-8")
        assert len(shown) == 2 and all(text.split("\n")[0] in document for text in shown)
        assert "left out" in document
        copied: list[str] = []

        def keep(text: str, *, sent: str | None) -> str:
            copied.append(text)
            return "copied"

        monkeypatch.setattr(clipboard, "keep", keep)
        await r.press("y", "t")
        await r.until(lambda: r.told == "path: copied")
        assert all(text.split("\n")[0] in copied[0] for text in shown)
        await r.press("q")
        assert r.reader.in_thread and r.reader.conversation() is None


async def test_export_writes_the_thread_and_asks_before_it_replaces(
    posts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "there.md"
    there.write_text("mine", encoding="utf-8")
    async with reading(posts) as r:
        await r.press("enter", "x")
        await r.on_screen(ExportDialog)
        r.app.screen.query_one(Input).value = str(there)
        await r.press("enter")
        assert "Enter again replaces it" in r.screen
        assert there.read_text(encoding="utf-8") == "mine"
        await r.press("enter")
        await r.until(lambda: "Three times, surely." in there.read_text(encoding="utf-8"))
        await r.on_screen(ReaderScreen)
        assert r.told == f"exported to {there}"
        assert r.view.has_focus


CANNOT_BE = {
    "": "Name a file.",
    ".": "That is a folder",
    "~nobody-of-this-name/fog.md": "no such user",
    "a" * 300: "too long",
}


async def test_an_export_that_cannot_be_is_told_in_the_dialog(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "x")
        await r.on_screen(ExportDialog)
        for name, why in CANNOT_BE.items():
            r.app.screen.query_one(Input).value = name
            await r.press("enter")
            assert why in r.screen
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert r.view.has_focus


async def test_help_lists_the_keys_that_work_here_and_narrows_by_what_is_typed(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "question_mark")
        await r.on_screen(HelpScreen)
        shown = {key.id for key in r.app.screen.query_one(KeyList).rows}
        assert {"thread.fold-all", "mark.bookmark", "screen.quit"} <= shown
        assert "list.next" not in shown
        await r.write("fold all")
        assert r.app.screen.query_one(KeyList).rows[0].id == "thread.fold-all"
        await r.press("escape")
        assert r.view.has_focus
        await r.press("q", "question_mark")
        await r.on_screen(HelpScreen)
        assert "list.next" in {key.id for key in r.app.screen.query_one(KeyList).rows}


async def test_every_key_is_a_command_and_what_can_follow_one_is_told(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j")
        commands = {command.title: command for command in r.app.get_system_commands(r.app.screen)}
        await commands["Fold all"].callback()
        await commands["Bookmark, or take it off"].callback()
        await r.settled()
        assert r.closed == ["1", "1.1", "1.2"]
        assert "★1" in r.screen
        await r.press("2", "z")
        assert "2z  a fold or unfold" in r.screen
        await r.press("escape")
        assert "fold or unfold" not in r.screen
        assert r.view.has_focus


async def test_documents_in_the_folders_that_were_named_are_read(
    library: Library, write_thread: WriteThread
) -> None:
    path = write_thread("fog.txt", "The ferry rang twice.")
    async with reading(library, paths=(path,)) as r:
        await r.until(lambda: FOG in r.titles)
        assert r.app.is_running


async def test_words_of_a_document_never_change_how_a_dialog_is_drawn(library: Library) -> None:
    app: App[None] = App()
    async with app.run_test(size=NARROW) as pilot:
        await app.push_screen(NoteDialog("on 1 [/b] [red]Ida", "[bold]quoted[/]", "", print))
        r = Reader(app, pilot, library)
        await r.settled()
        assert "Note on 1 [/b] [red]Ida" in r.screen
        assert "[bold]quoted[/]" in r.screen


async def test_clicks_choose_a_post_and_give_the_keys_to_the_thread(posts: Library) -> None:
    async with reading(posts) as r:
        await r.pilot.click(PostList, offset=(5, 2))
        await r.until(lambda: r.reader.reading and r.reader.reading.title == GATE)
        assert r.reader.posts.cursor == 1
        await r.pilot.click(ThreadView, offset=(30, 9))
        await r.settled()
        assert r.view.has_focus and r.reader.in_thread
        await r.pilot.click(PostList, offset=(5, 0))
        await r.settled()
        assert r.reader.posts.has_focus and not r.reader.in_thread


async def test_marking_read_by_hand_is_undone(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("j", "enter", "j", "R")
        marked = set(r.read)
        assert marked
        await r.press("u")
        assert r.read == set()
        await r.press("ctrl+r")
        assert r.read == marked
        await r.press("R")
        assert r.read == set()


async def test_a_longer_thread_after_a_shorter_one_is_mapped(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("short.txt", "One.", title=FOG, date="Monday, 5 April 2021"))
    library.add(write_thread("long.txt", *map(str, range(30)), title=GATE, date="Tuesday, 6 April 2021"))
    async with reading(library, size=(170, 24)) as r:
        await r.press("j", "enter", "G", "q", "k", "enter")
        assert len(r.reader.map._rows) == 1
        await r.press("q", "j", "enter")
        assert (len(r.reader.map._rows), r.reader.map.cursor, r.place) == (30, 30, "30")
        await r.pilot.click("ThreadMap", offset=(2, 2))
        await r.settled()
        assert r.place not in (None, "30")


async def test_what_a_newer_copy_brought_is_told_and_walked_until_the_next(
    posts: Library, write_thread: WriteThread
) -> None:
    def save(*comments: str, body: str) -> None:
        posts.add(write_thread("bell.txt", *comments, title="Bells", body=body))

    bell = "The bell on the pier rang twelve times although it was only eleven"
    save(bell, "Nobody heard it.", body="One.")
    async with reading(posts, at=(post_id(posts, "Bells"), None)) as r:
        await r.press("right_square_bracket", "c")
        assert r.told == "nothing changed since the last import"
        save(f"{bell} o'clock.", "Nobody heard it.", "A gull answered.", body="One.")
        r.reader.stores_changed()
        await r.settled()
        await r.press("right_square_bracket", "c")
        assert (r.place, "✦ changed" in r.screen, "✦ new" in r.screen) == ("1", True, True)
        await r.press("right_square_bracket", "c")
        assert r.place == "3"
        save(f"{bell} o'clock.", "Nobody heard it.", "A gull answered.", body="Two.")
        r.reader.stores_changed()
        await r.settled()
        assert (r.place, "✦" in r.screen) == ("3", False)


async def test_a_name_that_another_program_gives_is_shown_over_the_thread_too(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        with posts.clone() as other:
            other.annotations.rename(post_id(posts, FOG), "Brume")
        r.reader.look()
        await r.settled()
        assert r.view.render_line(0).text.split() == ["▌", "Brume"]
        assert r.reader.status.way[0] == "Brume"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["J"], "J does nothing here: ? shows the keys"),
        (["3", "f3"], "3F3 does nothing here: ? shows the keys"),
        (["g", "x"], "gx does nothing here: ? shows the keys"),
        (["g", "escape"], ""),
    ],
)
async def test_a_key_without_an_action_says_so(library: Library, keys: list[str], told: str) -> None:
    async with reading(library) as r:
        await r.press(*keys)
        assert r.told == told


async def test_words_that_the_thread_does_not_hold_are_told_when_they_are_kept(posts: Library) -> None:
    async with reading(posts, at=(post_id(posts, FOG), None)) as r:
        await r.press("slash", *"ferri", "enter")
        assert r.told == "“ferri” is not in this thread as it stands: s searches with a typo or two"
        assert r.view.has_focus


async def test_what_was_found_wrong_with_the_journal_is_told(posts: Library) -> None:
    gate = post_id(posts, GATE)
    posts.annotations.note(gate, None, "kept", posts.quote(gate, None))
    with (posts.folder / "annotations.jsonl").open("ab") as file:
        file.write(b'{"id":"torn')
    with Library.open(posts.folder) as reopened:
        async with reading(reopened) as r:
            await r.until(lambda: r.told)
            assert r.told.startswith("annotations.jsonl: its last line was cut off")
