"""Taking words out of the reader by keys: what leaves it, how, and what is told of it."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from conftest import WriteThread
from textual import events
from textual.app import App
from textual.widgets import Input

from threadreader.errors import ProgramFailed
from threadreader.library import Library
from threadreader.ui import browser, clipboard, handover
from threadreader.ui.dialogs.link_dialog import LinkDialog, OpenDialog
from threadreader.ui.dialogs.pipe_dialog import PipeDialog
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.widgets.thread_view import ThreadView
from ui.test_reader import FOG, NARROW, WIDE, Reader, reading

GATE_PAGE, TIDE_PAGE = "https://dorve.example/gate_(old)", "https://dorve.example/tides?of=april"
ROWED = "Nobody rowed that day."


@pytest.fixture
def linked(library: Library, write_thread: WriteThread) -> Library:
    """A post with a comment that has two links, one of them twice, and a reply that has one."""
    first = f"See {GATE_PAGE}, ({TIDE_PAGE}) and {GATE_PAGE} again."
    added = library.add(write_thread("fog.txt", (first, f"Or {TIDE_PAGE}."), ROWED))
    assert added.error is None
    return library


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr(browser, "open_link", addresses.append)
    return addresses


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(App, "copy_to_clipboard", lambda app, text: texts.append(text))
    return texts


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be handed over, with somebody at it who presses Enter."""
    monkeypatch.setattr(App, "suspend", lambda app: nullcontext())
    monkeypatch.setattr(handover, "wait_for_enter", lambda: None)


def comment_id(library: Library, at: int) -> tuple[str, str]:
    thread = library.index.thread(library.index.posts()[0].id)
    return thread.post.id, thread.comments[at].id


# Links


async def test_the_numbers_of_links_are_on_the_screen(linked: Library) -> None:
    async with reading(linked) as r:
        await r.press("enter")
        assert f"See {GATE_PAGE} [1]," in r.screen
        assert f"Or {TIDE_PAGE} [1]." in r.screen


async def test_a_number_and_o_open_that_link_once_it_was_confirmed(
    linked: Library, opened: list[str]
) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j", "2", "o")
        await r.on_screen(OpenDialog)
        assert TIDE_PAGE in r.screen and "Open a page of dorve.example?" in r.screen
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert opened == []
        await r.press("2", "o")
        await r.on_screen(OpenDialog)
        await r.press("enter")
        await r.until(lambda: opened)
        await r.until(lambda: r.told)
        assert (opened, r.told) == ([TIDE_PAGE], f"opened {TIDE_PAGE}")
        assert r.view.has_focus


async def test_the_only_link_needs_no_number(linked: Library, opened: list[str]) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j", "j", "o")
        await r.on_screen(OpenDialog)
        await r.press("enter")
        await r.until(lambda: opened)
        assert opened == [TIDE_PAGE]


@pytest.mark.parametrize(
    ("keys", "address"), [("j enter", TIDE_PAGE), ("2", TIDE_PAGE), ("enter", GATE_PAGE)]
)
async def test_what_is_picked_from_the_list_was_seen_in_full(
    linked: Library, opened: list[str], keys: str, address: str
) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j", "o")
        await r.on_screen(LinkDialog)
        assert f"[1] {GATE_PAGE}" in r.screen and f"[2] {TIDE_PAGE}" in r.screen
        await r.press(*keys.split())
        await r.until(lambda: opened)
        assert opened == [address]
        await r.on_screen(ReaderScreen)


async def test_what_the_list_had_no_room_for_is_shown_before_it_is_opened(
    library: Library, write_thread: WriteThread, opened: list[str]
) -> None:
    pages = [f"https://dorve.example/{'x' * 300}{n}" for n in range(9)]
    library.add(write_thread("fog.txt", " ".join(pages)))
    async with reading(library, size=NARROW) as r:
        await r.press("enter", "j", "o")
        await r.on_screen(LinkDialog)
        await r.press("9")
        await r.on_screen(OpenDialog)
        assert opened == []
        await r.press("enter")
        await r.until(lambda: opened)
        assert opened == [pages[8]]


async def test_a_link_that_is_not_there_or_cannot_be_opened_is_told(
    linked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(address: str) -> None:
        raise ProgramFailed("no display to open a browser on")

    monkeypatch.setattr(browser, "open_link", fail)
    async with reading(linked) as r:
        await r.press("enter", "j", "9", "o")
        await r.until(lambda: r.told)
        assert r.told == "no link 9 here: the last is 2"
        await r.press("J", "o")
        await r.until(lambda: r.told)
        assert r.told == "no link here"
        await r.press("k", "o")
        await r.on_screen(OpenDialog)
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.told)
        assert r.told == "no display to open a browser on"


async def test_an_address_is_never_read_as_a_notation(linked: Library) -> None:
    app: App[None] = App()
    async with app.run_test(size=NARROW) as pilot:
        await app.push_screen(OpenDialog("https://[red]a.example/[b]x[/]"))
        r = Reader(app, pilot, linked)
        await r.settled()
        assert "https://[red]a.example/[b]x[/]" in r.screen


# The clipboard


async def test_the_text_the_permalink_and_a_link_are_copied(linked: Library, copied: list[str]) -> None:
    post_id, reply = comment_id(linked, 1)
    async with reading(linked) as r:
        await r.press("enter", "j", "j")
        for keys in ("y y", "y p", "y l", "k 2 y l"):
            copied.clear()
            await r.press(*keys.split())
            await r.until(lambda: copied)
            expected = {"y y": f"Or {TIDE_PAGE}.", "y p": f"threadreader://{post_id}#{reply}"}
            assert copied == [expected.get(keys, TIDE_PAGE)]
        await r.until(lambda: "not confirmed" in r.told)
        assert r.told == "link: sent to the terminal's clipboard (OSC 52, not confirmed)"


async def test_a_quote_and_a_subtree_are_copied_as_markdown(linked: Library, copied: list[str]) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j", "y", "q")
        await r.until(lambda: copied)
        assert copied[0].startswith(f"> See <{GATE_PAGE}>")
        assert f"> — Anonymous, “{FOG}”, 2021-04-07, <threadreader://" in copied[0]
        await r.press("y", "t")
        await r.until(lambda: len(copied) == 2)
        assert f"Or <{TIDE_PAGE}>." in copied[1] and ROWED not in copied[1]


async def test_in_the_list_the_post_is_what_is_copied(linked: Library, copied: list[str]) -> None:
    async with reading(linked) as r:
        await r.press("y", "y")
        await r.until(lambda: copied)
        await r.press("y", "t")
        await r.until(lambda: len(copied) == 2)
        assert copied[0] == "It lay there all day."
        assert ROWED in copied[1]


async def test_a_terminal_without_clipboard_leaves_a_file(
    linked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with reading(linked) as r:
        await r.press("enter", "j", "j", "j", "y", "y")
        await r.until(lambda: r.told)
        words, _, path = r.told.partition(" written to ")
        assert words == "text: no clipboard:"
        assert Path(path).read_text(encoding="utf-8") == ROWED


async def test_in_tmux_both_forms_are_written(linked: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    written: list[str] = []
    async with reading(linked) as r:
        driver = r.app._driver
        assert driver
        monkeypatch.setattr(driver, "write", written.append)
        await r.press("enter", "j", "j", "j", "y", "y")
        await r.until(lambda: r.told)
        assert [data for data in written if "]52;" in data] == clipboard.sequences(ROWED, {"TMUX": "1"})


# Other programs


async def test_the_comment_is_piped_and_the_command_is_remembered(
    linked: Library, terminal: None, tmp_path: Path
) -> None:
    async with reading(linked) as r:
        for scope in ("comment", "path", "subtree", "thread"):
            await r.press(*("enter", "j", "j", "vertical_line") if scope == "comment" else ("vertical_line",))
            await r.on_screen(PipeDialog)
            line = r.app.screen.query_one(Input)
            if scope == "comment":
                line.value = f"cat >> {tmp_path}/got; exit 3"
            assert line.value.startswith("cat >>")
            await r.press(*["tab"] * ["comment", "path", "subtree", "thread"].index(scope), "enter")
            await r.on_screen(ReaderScreen)
            await r.until(lambda: r.told)
            assert r.told == f"cat >> {tmp_path}/got; exit 3: exit status 3"
            got = (tmp_path / "got").read_text(encoding="utf-8")
            (tmp_path / "got").unlink()
            assert (f"Or {TIDE_PAGE}.\n" == got, f"Or <{TIDE_PAGE}>." in got, ROWED in got) == (
                scope == "comment",
                scope != "comment",
                scope == "thread",
            )
        assert r.view.has_focus


async def test_a_terminal_that_cannot_be_handed_over_is_told(linked: Library) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j", "vertical_line")
        await r.on_screen(PipeDialog)
        await r.write("cat")
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.told)
        assert r.told == "this terminal can't be handed over to another program"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, terminal: None) -> Callable[[str, int], None]:
    def replace(text: str, status: int = 0) -> None:
        """The reader's editor replaces what it gets, after a line with what that was."""
        program = (
            "import pathlib, sys; path = pathlib.Path(sys.argv[1]);"
            f"path.write_text({text!r}.replace('@', path.read_text().strip())); sys.exit({status})"
        )
        monkeypatch.setattr(handover, "editor", lambda: [sys.executable, "-c", program])

    return replace


async def test_a_note_is_written_edited_and_removed_in_the_editor(
    linked: Library, editor: Callable[..., None]
) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j")
        for text, told, notes in (
            ("", "no note written", []),
            ("Look [b]here", "note saved", ["Look [b]here"]),
            ("@ twice", "note saved", ["Look [b]here twice"]),
            (" \n", "note removed: u brings it back", []),
        ):
            editor(text)
            await r.press("A")
            assert r.told == told
            assert [mark.text for mark in linked.annotations.marks()] == notes
            assert linked.annotations.drafts() == []
        await r.press("u")
        assert "Look [b]here twice" in r.screen


async def test_what_an_editor_wrote_before_it_failed_is_a_draft_to_go_on_with(
    linked: Library, editor: Callable[..., None]
) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j")
        editor("Begun", 1)
        await r.press("A")
        assert r.told.startswith("the editor: exit status 1; its text is kept as a draft")
        assert [draft.text for draft in linked.annotations.drafts()] == ["Begun"]
        editor("@, ended")
        await r.press("A")
        assert [mark.text for mark in linked.annotations.marks()] == ["Begun, ended"]


async def test_a_draft_outlives_an_editor_that_is_not_there(
    linked: Library, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked.annotations.keep_draft(*comment_id(linked, 0), "Begun")
    monkeypatch.setenv("EDITOR", "no-such-editor")
    async with reading(linked) as r:
        await r.press("enter", "j", "A")
        assert "no-such-editor" in r.told
        assert [draft.text for draft in linked.annotations.drafts()] == ["Begun"]
        await r.press("j", "A")
        assert len(linked.annotations.drafts()) == 1


# The mouse


async def drag(r: Reader, *offsets: tuple[int, int]) -> None:
    """Press the button at the first place of the thread, go to the others, and let it go at the last."""
    kinds = [events.MouseDown, *[events.MouseMove] * (len(offsets) - 1), events.MouseUp]
    for kind, offset in zip(kinds, [*offsets, offsets[-1]], strict=True):
        await r.pilot._post_mouse_events([kind], r.view, offset=offset, button=1)
        await r.settled()


def spot(r: Reader, words: str) -> tuple[int, int]:
    """Where words stand in the thread."""
    left, top = r.view.region.offset
    line = next(n for n, line in enumerate(r.screen.splitlines()) if words in line)
    return r.screen.splitlines()[line].index(words) - left, line - top


async def test_words_that_the_mouse_is_dragged_over_are_lit_and_copied(
    linked: Library, copied: list[str]
) -> None:
    async with reading(linked) as r:
        await r.press("enter", "j")
        x, y = spot(r, "rowed that")
        await r.pilot._post_mouse_events([events.MouseDown], r.view, offset=(x, y), button=1)
        await r.pilot._post_mouse_events([events.MouseMove], r.view, offset=(x + 9, y), button=1)
        await r.settled()
        lit = [s.text for s in r.view.render_line(y) if s.style and s.style.reverse]
        assert lit == ["rowed that"]
        await r.pilot._post_mouse_events([events.MouseUp], r.view, offset=(x + 9, y), button=1)
        await r.until(lambda: copied)
        await r.settled()
        assert copied == ["rowed that"]
        assert not any(s.style and s.style.reverse for s in r.view.render_line(y))
        assert (r.place, r.app.mouse_captured) == ("1", None)
        assert r.told.startswith("selection: ")


async def test_dragging_goes_over_lines_and_numbers_but_not_into_the_next_comment(
    linked: Library, copied: list[str]
) -> None:
    async with reading(linked, size=NARROW) as r:
        await r.press("enter")
        x, y = spot(r, "again")
        await drag(r, (x, y), (x, y - 1), (0, 0))
        await r.until(lambda: copied)
        assert copied == [f"See {GATE_PAGE}, ({TIDE_PAGE}) and {GATE_PAGE} a"]
        copied.clear()
        await drag(r, (x, y), (x + 2, y + 1), (x, y + 9))
        await r.until(lambda: copied)
        assert copied == ["again."]


async def test_holding_the_button_beyond_the_edge_scrolls_on(
    linked: Library, copied: list[str], write_thread: WriteThread
) -> None:
    long = "\n\n".join(f"Line {n} of a long comment." for n in range(25))
    linked.add(write_thread("long.txt", "Short.", long, "After.", title="A long one", date="1 May 2022"))
    async with reading(linked, size=NARROW) as r:
        post = next(row.post.id for row in r.reader.listed if row.title == "A long one")
        r.reader.open(post, r.reader.library.index.thread(post).comments[1].id)
        await r.settled()
        x, y = spot(r, "Line 3 ")
        below, top = r.view.size.height + 1, r.view.scroll_offset.y
        await r.pilot._post_mouse_events([events.MouseDown], r.view, offset=(x, y), button=1)
        await r.pilot._post_mouse_events([events.MouseMove], r.view, offset=(x + 6, y), button=1)
        await r.pilot._post_mouse_events([events.MouseMove], r.reader, offset=(x + 6, below), button=1)
        foot = r.view.layout_.foot(2)
        await r.until(lambda: r.view.scroll_offset.y + r.view.size.height == foot)
        await r.settled()
        await r.pilot._post_mouse_events([events.MouseMove], r.reader, offset=(x + 6, 0), button=1)
        await r.until(lambda: r.view.scroll_offset.y == r.view.layout_.top(2))
        await r.pilot._post_mouse_events([events.MouseMove], r.reader, offset=(x, below), button=1)
        await r.until(lambda: r.view.scroll_offset.y > top)
        await r.pilot._post_mouse_events([events.MouseUp], r.reader, offset=(x + 5, below), button=1)
        await r.until(lambda: copied)
        assert copied[0].startswith("Line 3 of a long comment.\n\nLine 4")
        assert r.view._scrolling is None


async def test_words_beside_the_results_of_a_search_can_be_taken(linked: Library, copied: list[str]) -> None:
    async with reading(linked) as r:
        await r.press("s")
        await r.on_screen(SearchScreen)
        await r.write("rowed")
        view = r.app.screen.query_one(ThreadView)
        await r.until(lambda: view.thread)
        view.post_message(ThreadView.Taken("rowed"))
        await r.until(lambda: copied)
        await r.until(lambda: r.told)
        assert (copied, r.told.partition(":")[0]) == (["rowed"], "selection")


async def test_a_click_still_chooses_a_comment_and_a_guide_still_folds(
    linked: Library, copied: list[str]
) -> None:
    async with reading(linked, size=WIDE) as r:
        await r.press("enter")
        await r.pilot.click(ThreadView, offset=spot(r, "rowed"))
        await r.settled()
        assert r.place == "2"
        x, y = spot(r, "Or https")
        await drag(r, (x, y), (x + 3, y))
        await r.pilot.click(ThreadView, offset=(2, y))
        await r.settled()
        assert r.closed == ["1"]
        assert copied == ["Or h"]
