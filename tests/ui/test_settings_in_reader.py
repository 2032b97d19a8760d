"""The reader with settings: what it draws and does, at the start and as the file is written."""

import gc
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from conftest import WriteThread
from textual._context import active_app
from textual.widgets import Label

from threadreader.cli.opening import open_reader
from threadreader.library import Library
from threadreader.model import TextQuote
from threadreader.settings.file import SettingsFile
from threadreader.settings.reading import Mistake, ReadSettings
from threadreader.ui import app, panes
from threadreader.ui.app import ThreadReaderApp
from threadreader.ui.dialogs.dialog import Dialog
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.tags_dialog import TagsDialog
from threadreader.ui.screens.help_screen import HelpScreen, KeyList
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.screens.names_screen import NamesScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.themes import THEMES
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.mark_list import MarkList
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView
from ui.driving import Driver
from ui.threads import NOON, thread

LONG = "Twelve words stand here, which is more than eleven, and no more."


@pytest.fixture
def post(library: Library, write_thread: WriteThread) -> str:
    """A post with two discussions: a short comment with two replies, and a long one."""
    added = library.add(write_thread("fog.txt", ("The ferry rang.", "Twice.", "I heard two."), LONG))
    return added.threads[0].post.id


@dataclass
class Reader(Driver):
    app: ThreadReaderApp
    path: Path

    @property
    def reader(self) -> ReaderScreen:
        (screen,) = (one for one in self.app.screen_stack if isinstance(one, ReaderScreen))
        return screen

    @property
    def view(self) -> ThreadView:
        return self.reader.view

    @property
    def place(self) -> int:
        return self.view.cursor

    @property
    def closed(self) -> list[int]:
        layout = self.view.layout_
        return [node for node in range(layout.size) if layout.is_closed(node)]

    @property
    def told(self) -> str:
        return self.app.screen.query_one(StatusLine).message

    @property
    def drawn(self) -> list[str]:
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]

    @property
    def footer(self) -> dict[str, str]:
        return {hint.key.id: hint.sign for hint in self.app.screen.query_one(KeyLine).hints}

    async def change(self, text: str) -> None:
        """Write the file, and let the reader look at it."""
        self.path.write_text(text)
        self.reader.look()
        await self.settled()


@asynccontextmanager
async def reading(
    library: Library, tmp_path: Path, text: str = "", *, at: str | None = None, colours: bool = True
) -> AsyncIterator[Reader]:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    target = (at, None) if at else None
    shown = ThreadReaderApp(library, target=target, settings=SettingsFile(path, {}), colours=colours)
    async with shown.run_test(size=(110, 30)) as pilot:
        reader = Reader(shown, pilot, path)
        await reader.until(lambda: reader.view.thread)
        await reader.settled()
        yield reader


# Keys


async def test_a_given_key_works_and_those_of_before_do_not(
    library: Library, post: str, tmp_path: Path
) -> None:
    text = "[keys]\n'thread.next' = 'f5,c c'\n'thread.last' = 'ctrl+e'\n'thread.root' = 'ctrl+t'"
    async with reading(library, tmp_path, text, at=post) as r:
        await r.press("j", "down", "end")
        assert r.place == 0
        await r.press("f5", "c", "c")
        assert r.place == 2
        await r.press("2", "f5")
        assert r.place == 4
        await r.press("g", "g", "ctrl+e")
        assert r.place == 4
        await r.press("k", "ctrl+t")  # by default only a sequence does it
        assert r.place == 1


async def test_keys_are_looked_through_once_the_first_screen_is_there(
    library: Library, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    look = panes.mistakes_in

    def looked(read: ReadSettings, themes: Iterable[str]) -> list[Mistake]:
        screen = active_app.get().screen_stack[-1:]
        drawn.append(any(one.query_one(PostList).size for one in screen))
        return look(read, themes)

    monkeypatch.setattr(panes, "mistakes_in", looked)
    text = "[keys]\n'thread.next' = 'f5'\n'thread.nxt' = 'f6'"
    async with reading(library, tmp_path, text, at=post) as r:
        await r.until(lambda: r.told)
        assert drawn == [True]
        assert 'no action "thread.nxt"' in r.told
        await r.press("f5")
        assert r.place == 1


async def test_keys_are_told_as_they_are_now(library: Library, post: str, tmp_path: Path) -> None:
    text = "[keys]\n'mark.undo' = 'ctrl+z'\n'screen.suspend' = ''\n'mark.note' = ''\n'reader.find' = 'f3,/'"
    async with reading(library, tmp_path, text, at=post) as r:
        await r.press("j", "r")
        assert r.told == "1 marked read: Ctrl-z takes it back"
        await r.press("e")
        assert r.told == "no note here"
        await r.press("right_square_bracket", "n")
        assert r.told == "no note that way"
        await r.press("n")
        assert r.told == "nothing is being looked for: F3 finds in this thread"


async def test_a_mode_and_a_thread_without_focus_tell_their_keys_as_they_are_now(
    library: Library, write_thread: WriteThread, tmp_path: Path
) -> None:
    library.add(write_thread("one.txt", "First.\n\n    Olav", "Second."))
    text = "[keys]\n'thread.next-by-author' = 'ctrl+k'\n'select.leave' = 'ctrl+l'\n'select.other-end' = 'x'"
    async with reading(library, tmp_path, text) as r:
        await r.press("f")
        await r.until(lambda: isinstance(r.app.screen, NamesScreen))
        await r.write("olav")
        await r.press("enter")
        await r.until(lambda: r.told)
        assert r.told == "Olav: Ctrl-k goes on, Esc brings you back"
        await r.until(lambda: r.view.has_focus)
        await r.press("v", "B")
        assert r.told == "no such key here: Ctrl-l leaves, ? shows the keys"
        await r.press("h")
        assert r.told == "one word stays selected: x moves the other end"


async def test_the_keys_of_a_dialog_are_the_settings_and_told_in_it(
    library: Library, post: str, tmp_path: Path
) -> None:
    text = "[keys]\n'dialog.keep' = 'ctrl+s'\n'dialog.cancel' = 'ctrl+g'"
    async with reading(library, tmp_path, f"{text}\n[view]\nguides = 'ascii'", at=post) as r:
        await r.press("g", "R")
        await r.until(lambda: isinstance(r.app.screen, LineDialog))
        await r.settled()
        hint = str(r.app.screen.query_one("#hint", Label).content)
        told = "Ctrl-S renames, here only - an empty name brings the title back - Ctrl-G cancels"
        assert hint.lower() == told.lower()
        await r.press("escape", "enter")
        await r.write("q")
        assert isinstance(r.app.screen, LineDialog)
        await r.press("ctrl+s")
        await r.until(lambda: not isinstance(r.app.screen, LineDialog))
        await r.settled()
        assert library.title(post).endswith("q")


async def test_tags_are_completed_and_kept_by_the_keys_of_the_settings(
    library: Library, post: str, tmp_path: Path
) -> None:
    library.annotations.set_tags(post, None, ["heron"])
    text = "[keys]\n'tags.complete' = 'ctrl+n'\n'tags.keep' = 'ctrl+s'"
    async with reading(library, tmp_path, text, at=post) as r:
        await r.press("j", "t")
        await r.until(lambda: isinstance(r.app.screen, TagsDialog))
        await r.settled()
        hint = str(r.app.screen.query_one("#hint", Label).content)
        assert hint == "Ctrl-n completes · Ctrl-s keeps · blanks or commas part · Esc cancels"
        await r.write("h")
        await r.press("ctrl+n", "ctrl+s")
        await r.until(lambda: not isinstance(r.app.screen, TagsDialog))
        assert ("heron",) in [on for comment, on in library.annotations.tags(post).items() if comment]


async def test_a_dialog_is_all_ascii_where_the_terminal_is(
    library: Library, post: str, tmp_path: Path
) -> None:
    seen = []
    async with reading(library, tmp_path, "[view]\nguides = 'ascii'", at=post) as r:
        for keys in ("question_mark", "g R", "x", "vertical_line", "a", "t"):
            await r.press(*keys.split())
            await r.until(lambda: isinstance(r.app.screen, Dialog))
            await r.settled()
            strips = r.app.screen._compositor.render_strips()
            seen.append("".join(segment.text for strip in strips for segment in strip))
            await r.press("escape")
            await r.until(lambda: not isinstance(r.app.screen, Dialog))
    assert [sorted({c for c in text if not c.isascii()}) for text in seen] == [[]] * 6


async def test_empty_keys_leave_an_action_to_the_palette(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path, "[keys]\n'screen.quit' = ''\n'thread.first' = ''", at=post) as r:
        await r.press("j", "home", "g", "g", "Q")
        assert r.place == 1
        assert r.app.is_running
        assert "Quit" in [command.title for command in r.app.get_system_commands(r.app.screen)]


async def test_footer_help_and_palette_show_the_keys_that_work(
    library: Library, post: str, tmp_path: Path
) -> None:
    text = "[keys]\n'reader.find' = 'ctrl+f'\n'screen.help' = 'f5'"
    async with reading(library, tmp_path, text, at=post) as r:
        assert (r.footer["reader.find"], r.footer["screen.help"]) == ("Ctrl-f", "F5")
        palette = {command.title: command.help for command in r.app.get_system_commands(r.app.screen)}
        assert palette["Find in the thread, or filter the list"] == "Find: Ctrl-f"
        await r.press("f5")
        assert isinstance(r.app.screen, HelpScreen)
        shown = {key.id: key.shown for key in r.app.screen.query_one(KeyList).rows}
        assert shown["reader.find"] == "Ctrl-f"


async def test_keys_that_can_follow_are_those_that_were_given(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[keys]\n'reader.layout' = 'ctrl+x 1'", at=post) as r:
        await r.press("ctrl+x")
        assert r.app.screen.query_one(StatusLine).pending == "Ctrl-x  1 one pane, or both"
        await r.press("1")
        assert not r.reader.posts.display


async def test_emacs_moves_in_every_pane_and_leaves_the_palette_its_key(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[keys]\npreset = 'emacs'", at=post) as r:
        await r.press("ctrl+n", "ctrl+n", "ctrl+p")
        assert r.place == 1
        await r.press("ctrl+x", "r", "m", "ctrl+x", "r", "l")
        await r.until(lambda: isinstance(r.app.screen, MarksScreen))
        await r.settled()
        await r.press("ctrl+g")
        assert r.app.screen is r.reader
        await r.press("s")
        await r.until(lambda: isinstance(r.app.screen, SearchScreen))
        await r.settled()
        await r.press("ctrl+g")
        assert r.app.screen is r.reader
        await r.press("alt+x")
        assert r.app.screen.name == "--command-palette" or "Palette" in type(r.app.screen).__name__


async def test_a_key_that_can_not_be_followed_keeps_its_default_and_is_told(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[keys]\n'thread.next' = 'k'\n'thread.in' = 'f5'", at=post) as r:
        await r.until(lambda: r.told)
        assert r.told.startswith('settings.toml, line 2: "k" is given to "thread.next"')
        await r.press("j", "f5")
        assert r.place == 2


async def test_while_words_are_typed_no_given_key_is_pressed(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[keys]\n'screen.quit' = 'x,Q'\n'screen.palette' = 'y,f5'") as r:
        await r.press("slash", "x", "y", "Q")
        assert r.app.screen is r.reader
        assert r.reader.find_line.value == "xyQ"


# View, folds, pace


async def test_a_thread_is_drawn_as_the_settings_say(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path, at=post) as r:
        before = r.drawn
        (reply,) = (line for line in before if "1.1 " in line)
        await r.press("j", "j")
        await r.change("[view]\nindent = 6\nguides = 'ascii'\nmax_text = 40")
        (wider,) = (line for line in r.drawn if "1.1 " in line)
        assert wider.index("1.1 ") == reply.index("1.1 ") + 4
        assert r.place == 2
        assert max(len(line) for line in r.drawn if "words" in line) < 50
        assert "".join(r.drawn).isascii()
        await r.change("")
        assert [line.strip(" ▌") for line in r.drawn] == [line.strip(" ▌") for line in before]


async def test_dates_take_the_form_of_the_settings(library: Library, post: str, tmp_path: Path) -> None:
    shown = thread([0])
    dated = replace(shown, comments=(shown.comments[0]._replace(created=NOON),))
    async with reading(library, tmp_path, "[view]\ndates = '%d.%m.%y'", at=post) as r:
        r.view.load(dated)
        await r.settled()
        assert any("01.03.24" in line for line in r.drawn)


async def test_every_day_that_is_shown_takes_that_form_without_the_time(
    library: Library, post: str, tmp_path: Path
) -> None:
    library.annotations.note(post, None, "Mine.", TextQuote(""))
    made = library.annotations.marks()[0].created
    async with reading(library, tmp_path, "[view]\ndates = '%H:%M, %d.%m.%y'", at=post) as r:
        assert any("07.04.21 · " in line and ":" not in line for line in r.drawn)
        list_line = r.reader.posts.render_line(1).text
        assert list_line.strip(" ▌").startswith("07.04.21 · 4 comments")
        await r.press("g", "n")
        await r.until(lambda: isinstance(r.app.screen, MarksScreen))
        await r.settled()
        assert made.strftime("  %d.%m.%y") in r.app.screen.query_one(MarkList).render_line(0).text


@pytest.mark.parametrize(
    ("folds", "closed"),
    [("", []), ("start_level = 1", [2, 3]), ("longer_than = 11", [4]), ("longer_than = 12", [])],
)
async def test_a_post_starts_folded_until_it_is_folded_by_hand(
    library: Library, post: str, tmp_path: Path, folds: str, closed: list[int]
) -> None:
    async with reading(library, tmp_path, f"[folds]\n{folds}", at=post) as r:
        assert r.closed == closed
        await r.press("z", "R", "G", "z", "c")
    assert set(library.annotations.folds(post)) != set()
    async with reading(library, tmp_path, f"[folds]\n{folds}", at=post) as r:
        assert r.closed == [4]


async def test_what_is_read_to_its_end_is_folded_when_a_post_is_opened(
    library: Library, post: str, tmp_path: Path
) -> None:
    comments = library.index.thread(post).comments
    library.annotations.mark_read(post, [comments[0].id, comments[1].id, comments[3].id])
    async with reading(library, tmp_path, "[folds]\nread = true", at=post) as r:
        assert r.closed == [2, 4]
        r.reader.stores_changed()
        assert r.closed == [2, 4]
    assert not library.annotations.was_folded(post)


async def test_how_long_a_comment_must_stand_is_handed_down(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[reading]\nseen_after = 0.1", at=post) as r:
        await r.until(lambda: r.view.unread == 0)


async def test_reduced_motion_ends_all_gliding(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path) as r:
        levels = [r.app.animation_level]
        await r.change("[view]\nreduced_motion = true")
        levels.append(r.app.animation_level)
        assert levels == ["full", "none"]


# As the file is written


async def test_a_change_of_the_file_is_followed_at_once(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path, at=post) as r:
        await r.change("theme = 'nord'\n[keys]\n'thread.next' = 'f5'")
        assert (r.app.theme, r.told) == ("nord", "settings read again")
        await r.press("j", "f5")
        assert r.place == 1
        await r.change("them = 'nord'")
        assert r.told == 'settings.toml, line 1: no setting "them"; the nearest is "theme".'
        await r.press("j")
        assert r.place == 2


async def test_a_broken_file_opens_with_defaults_and_says_its_line(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[view]\nindent = \nnext", at=post) as r:
        await r.until(lambda: r.told)
        assert r.told == "settings.toml, line 2: Invalid value."
        await r.press("j")
        assert r.place == 1


async def test_a_screen_that_is_open_meanwhile_follows_too(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, at=post) as r:
        await r.press("g", "b")
        await r.until(lambda: isinstance(r.app.screen, MarksScreen))
        await r.settled()
        await r.change("[keys]\n'marks.back' = 'f5'")
        assert r.footer["marks.back"] == "F5"
        await r.press("f5")
        assert r.app.screen is r.reader


# Themes


async def test_the_theme_of_the_settings_goes_before_the_last_one(
    library: Library, post: str, tmp_path: Path
) -> None:
    library.annotations.keep_state("theme", "dracula")
    async with reading(library, tmp_path) as r:
        assert r.app.theme == "dracula"
    async with reading(library, tmp_path, "theme = 'high-contrast'") as r:
        assert r.app.theme == "high-contrast"
    assert library.annotations.state("theme") == "dracula"


async def test_without_colours_it_is_monochrome_unless_the_settings_name_a_theme(
    library: Library, post: str, tmp_path: Path
) -> None:
    library.annotations.keep_state("theme", "dracula")
    async with reading(library, tmp_path, colours=False) as r:
        assert r.app.theme == "monochrome"
    async with reading(library, tmp_path, "theme = 'nord'", colours=False) as r:
        assert r.app.theme == "nord"


@pytest.mark.parametrize(
    ("variables", "colours", "mouse"),
    [
        ({}, True, True),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_what_the_terminal_asks_for_is_handed_to_the_app(
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    colours: bool,
    mouse: bool,
) -> None:
    given: dict[str, object] = {}

    class Opened:
        return_code = 0

        def __init__(self, library: Library, **named: object) -> None:
            given.update(named)

        def run(self, **named: object) -> None:
            given.update(named)

    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(app, "ThreadReaderApp", Opened)
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    monkeypatch.setenv("ESCDELAY", "25")
    monkeypatch.setenv("TEXTUAL_FPS", "240")
    assert open_reader(library, [], None) == 0
    assert (given["colours"], given["mouse"]) == (colours, mouse)
    assert "NO_COLOR" not in os.environ


async def test_an_unknown_theme_is_told(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path, "theme = 'nrod'") as r:
        await r.until(lambda: r.told)
        assert r.told == 'settings.toml, line 1: no theme "nrod"; the nearest is "nord".'
        assert r.app.theme == "textual-dark"


Signs = tuple[str | None, str | None, bool, bool, bool, bool, bool]


def signs_of(view: ThreadView, part: str) -> Signs:
    """How a part looks on the ground of the pane: colours, bold, dim, italic, underline, reverse."""
    style = view._look("") + view._look(part)
    flags = (style.bold, style.dim, style.italic, style.underline, style.reverse)
    colour, ground = style.color and style.color.name, style.bgcolor and style.bgcolor.name
    bold, dim, italic, underline, reverse = map(bool, flags)
    return (colour, ground, bold, dim, italic, underline, reverse)


@pytest.mark.parametrize("theme", [*(one.name for one in THEMES), "ansi-dark", "ansi-light", "textual-light"])
async def test_what_must_be_told_apart_looks_otherwise_in_every_theme(
    library: Library, post: str, tmp_path: Path, theme: str
) -> None:
    async with reading(library, tmp_path, f"theme = '{theme}'", at=post) as r:
        text, hit, current, selected = (
            signs_of(r.view, part) for part in ("text", "hit", "hit-current", "selected")
        )
        assert len({text, hit, current, selected}) == 4
        for part in ("text", "hit", "hit-current", "about", "guide-0", "guide-5", "note", "link"):
            colour, ground, *_ = signs_of(r.view, part)
            assert colour == ground == "default" or colour != ground, part


async def test_monochrome_draws_no_colour_anywhere(library: Library, post: str, tmp_path: Path) -> None:
    async with reading(library, tmp_path, "theme = 'monochrome'", at=post) as r:
        for keys in ((), ("slash", "t", "w"), ("enter",), ("question_mark",)):
            await r.press(*keys)
            for strip in r.app.screen._compositor.render_strips():
                for segment in strip:
                    style = segment.style
                    for colour in (style.color, style.bgcolor) if style else ():
                        assert colour is None or colour.is_default, (segment, keys)


async def test_ascii_signs_are_all_that_is_drawn_where_they_are_asked_for(
    library: Library, post: str, tmp_path: Path
) -> None:
    async with reading(library, tmp_path, "[view]\nguides = 'ascii'\n") as r:
        strips = r.app.screen._compositor.render_strips()
        text = "".join(segment.text for strip in strips for segment in strip)
        assert text.isascii(), {character for character in text if not character.isascii()}


async def test_a_dumb_terminal_gets_ascii_signs(
    library: Library, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    async with reading(library, tmp_path) as r:
        assert r.reader.glyphs.guide == "|"


async def test_a_key_unknown_in_a_selection_names_the_keys_that_were_given(
    library: Library, tmp_path: Path, post: str
) -> None:
    text = "[keys]\n'select.leave' = 'f7'\n'select.help' = ''"
    async with reading(library, tmp_path, text, at=post) as r:
        await r.press("v", "Z")
        assert r.told == "no such key here: F7 leaves"
