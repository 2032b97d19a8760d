"""The reader in a real terminal, and the pictures in a real viewer."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from threadreader.config import own_seeds
from threadreader.library import Library

pytestmark = pytest.mark.external

PROGRAM = Path(sysconfig.get_path("scripts"), "threadreader")
PICTURES = Path(__file__).parents[1] / "screenshots"
PATIENCE = 20  # seconds after which what is waited for will not come
COLOUR = re.compile(r"[34]8;2;(\d+);(\d+);(\d+)")

FIRST = "Pull up a chair"  # the title that the list begins with
BODY = "The best writing I know"  # and the beginning of its text
REPLY = "And k takes you back up"


def program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


class Tmux:
    """A terminal that a program runs in: keys in, screen out."""

    def __init__(self, socket: Path) -> None:
        self._command = [program("tmux"), "-S", str(socket), "-f", "/dev/null"]

    def run(self, *arguments: str) -> str:
        # Our environment as Python knows it: readline has put the size of another terminal into the rest.
        environment = dict(os.environ)
        return subprocess.run(
            [*self._command, *arguments], check=True, capture_output=True, encoding="utf-8", env=environment
        ).stdout

    def start(self, *command: str, columns: int, rows: int) -> None:
        """Run `command` on a new screen, whose last picture stays when it ends."""
        size = ("-x", str(columns), "-y", str(rows))
        self.run("new-session", "-d", *size, shlex.join(command), ";", "set", "remain-on-exit", "on")

    def start_again(self) -> None:
        """Run the same command on the same screen."""
        self.run("respawn-pane", "-k")

    def close(self) -> None:
        subprocess.run([*self._command, "kill-server"], check=False, capture_output=True)

    def keys(self, *keys: str) -> None:
        self.run("send-keys", *keys)

    def type(self, words: str) -> None:
        self.run("send-keys", "-l", words)

    def resize(self, columns: int, rows: int) -> None:
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def screen(self) -> str:
        return self.run("capture-pane", "-p")

    def told(self, variable: str) -> str:
        return self.run("display-message", "-p", f"#{{{variable}}}").strip()

    def shows(self, *words: str, without: str = "\0") -> str:
        """The screen once it holds all of `words` and nothing of `without`."""
        screens: list[str] = []

        def shown() -> bool:
            screens.append(self.screen)
            return all(word in screens[-1] for word in words) and without not in screens[-1]

        until(shown, lambda: f"{words} and not {without!r} on:\n{screens[-1]}")
        return screens[-1]


def until(holds: Callable[[], bool], what: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain for {what()}")


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("TMUX", raising=False)
    terminal = Tmux(tmp_path / "tmux")
    yield terminal
    terminal.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded") / "library"
    with Library.open(folder) as library:
        library.add_all([own_seeds()])
    return folder


@pytest.fixture
def folder(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "seeded"))


def open_reader(tmux: Tmux, folder: Path, *, columns: int = 160, rows: int = 45, **variables: str) -> None:
    settings = [f"{name}={value}" for name, value in variables.items()]
    tmux.start("env", *settings, str(PROGRAM), "--library", str(folder), columns=columns, rows=rows)
    tmux.shows(FIRST)


def open_thread(tmux: Tmux) -> None:
    tmux.keys("Enter")
    tmux.shows("0/45")


def test_a_wide_terminal_shows_the_list_beside_the_thread(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    lines = tmux.shows(BODY, "Mapping the ridge").splitlines()
    assert len(lines) == 45
    assert max(map(len, lines)) <= 160


def test_a_small_terminal_shows_the_list_and_with_enter_the_thread(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder, columns=80, rows=24)
    tmux.shows("Mapping the ridge", without=BODY)
    tmux.keys("Enter")
    tmux.shows(BODY, without="Mapping the ridge")
    tmux.keys("q")
    tmux.shows("Mapping the ridge", without=BODY)


def test_an_empty_library_opens_on_our_own_threads(tmux: Tmux, tmp_path: Path) -> None:
    open_reader(tmux, tmp_path / "new")
    tmux.shows(BODY)


def test_folding_all_leaves_one_line_of_a_comment(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    open_thread(tmux)
    tmux.shows(REPLY)
    tmux.keys("z", "M")
    tmux.shows("14 Anonymous", without=REPLY)
    tmux.keys("}", "Enter", "z", "A", "z", "A")
    tmux.shows(REPLY)


def test_a_command_gets_the_text_and_the_terminal_and_the_reader_comes_back_whole(
    tmux: Tmux, folder: Path
) -> None:
    open_reader(tmux, folder)
    open_thread(tmux)
    tmux.keys("j", "j")
    tmux.shows("2/45")
    tmux.keys("|")
    tmux.shows("Pipe to a command")
    tmux.type("tr a-z A-Z; sleep 60")
    tmux.shows("sleep 60")
    tmux.keys("Enter")
    tmux.shows(REPLY.upper(), without=BODY)
    tmux.keys("C-c")
    tmux.shows("Enter goes back to the reader")
    tmux.keys("Enter")
    tmux.shows("sleep 60: ended by SIGINT", REPLY, BODY, without=REPLY.upper())
    tmux.keys("k")
    tmux.shows("1/45")


def test_an_editor_has_the_terminal_until_it_is_left(tmux: Tmux, folder: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "Editing $1"\nread words\necho "$words" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    open_reader(tmux, folder, EDITOR=str(editor))
    open_thread(tmux)
    tmux.keys("j", "A")
    tmux.shows("Editing /")
    tmux.type("Words from elsewhere")
    tmux.keys("Enter")
    tmux.shows("note saved", "✎ Words from elsewhere", without="Editing /")


def test_what_is_copied_by_key_or_mouse_is_in_the_terminals_clipboard(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    tmux.run("set-option", "-s", "set-clipboard", "on")
    open_thread(tmux)
    tmux.keys("j", "j")
    tmux.shows("2/45")
    tmux.keys("y", "y")
    tmux.shows("text: sent to the terminal's clipboard (OSC 52, not confirmed)")
    until(lambda: REPLY in tmux.run("show-buffer"), lambda: "the comment in the clipboard")
    lines = tmux.shows(REPLY).splitlines()
    row = next(row for row, line in enumerate(lines, 1) if REPLY in line)
    first = lines[row - 1].index(REPLY) + 1
    for kind, column, end in ((0, first, "M"), (32, first + 4, "M"), (0, first + 4, "m")):
        tmux.type(f"\x1b[<{kind};{column};{row}{end}")
    tmux.shows("selection: sent to")
    until(lambda: tmux.run("show-buffer") == REPLY[:5], lambda: "the words in the clipboard")


def test_a_word_with_a_typo_is_found(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    tmux.keys("s")
    tmux.shows("search all posts")
    tmux.type("enamle kettle")
    tmux.shows("enamle → enamel", "blue enamel kettle")
    tmux.keys("Escape")
    tmux.shows(BODY, without="enamle")


def test_a_note_that_is_being_written_outlives_the_program(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    open_thread(tmux)
    tmux.keys("}", "a")
    tmux.shows("Note on 1 ")
    tmux.type("two spoons of salt")
    until(lambda: _drafted(folder) == ["two spoons of salt"], lambda: "the draft in the store")
    os.kill(int(tmux.told("pane_pid")), signal.SIGKILL)
    until(lambda: tmux.told("pane_dead") == "1", lambda: "the end of the program")
    tmux.start_again()
    tmux.shows(FIRST)
    tmux.keys("Enter")
    tmux.shows("/45")
    tmux.keys("g", "g", "}", "a")
    tmux.shows("Note on 1 ", "two spoons of salt")
    tmux.keys("Escape")
    tmux.shows("note saved")
    with Library.open(folder) as library:
        assert [mark.text for mark in library.annotations.marks()] == ["two spoons of salt"]


def _drafted(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return [draft.text for draft in library.annotations.drafts()]


def test_another_size_is_filled_at_once(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder)
    open_thread(tmux)
    tmux.keys("}", "j")
    tmux.shows("2/45", REPLY, "Mapping the ridge")
    tmux.resize(80, 24)
    tmux.shows("2/45", "1.1 signed", without="Mapping the ridge")
    tmux.resize(40, 12)
    tmux.shows("1.1 signed")
    tmux.resize(160, 45)
    tmux.shows("2/45", REPLY, "Mapping the ridge")


def test_no_colours_where_none_are_wanted(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder, NO_COLOR="1")
    tmux.shows(BODY)
    colours = COLOUR.findall(tmux.run("capture-pane", "-p", "-e"))
    assert all(red == green == blue for red, green, blue in colours)


@pytest.mark.parametrize("terminal", ["dumb", "vt100", "linux", "xterm-256color"])
def test_any_terminal_will_do(tmux: Tmux, folder: Path, terminal: str) -> None:
    open_reader(tmux, folder, TERM=terminal)
    open_thread(tmux)
    tmux.keys("j")
    tmux.shows("1/45")


def test_a_locale_without_our_signs_gets_others(tmux: Tmux, folder: Path) -> None:
    open_reader(tmux, folder, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    open_thread(tmux)
    tmux.keys("z", "M")
    assert "▸" not in tmux.shows("14 Anonymous")


def test_a_reader_that_was_stopped_comes_back_whole(tmux: Tmux, folder: Path) -> None:
    tmux.start("env", "PS1=ready> ", "bash", "--norc", "-i", columns=120, rows=30)
    tmux.shows("ready>")
    tmux.type(f"{shlex.quote(str(PROGRAM))} --library {shlex.quote(str(folder))}")
    tmux.keys("Enter")
    tmux.shows(FIRST)
    open_thread(tmux)
    tmux.keys("j", "j")
    tmux.shows("2/45", REPLY)
    tmux.keys("C-z")
    tmux.shows("Stopped", "ready>", without=REPLY)
    assert tmux.told("alternate_on") == "0"
    tmux.type("echo still $((40 + 2))")
    tmux.keys("Enter")
    tmux.shows("still 42")
    tmux.type("fg")
    tmux.keys("Enter")
    tmux.shows("2/45", REPLY, "Mapping the ridge", "? Help", without="still 42")
    tmux.keys("k")
    tmux.shows("1/45")
    tmux.keys("q", "q")
    tmux.shows("ready>", without=FIRST)


def test_leaving_gives_the_terminal_back(tmux: Tmux, folder: Path) -> None:
    # A shell tells how it ended: tmux forgets to look when a pane's terminal goes before its program.
    reader = shlex.join([str(PROGRAM), "--library", str(folder)])
    tmux.start("sh", "-c", f"{reader}; echo left with $?; sleep 60", columns=160, rows=45)
    tmux.shows(FIRST)
    tmux.keys("q")
    tmux.shows("left with 0", without=FIRST)
    assert tmux.told("alternate_on") == "0"
    assert FIRST not in tmux.screen


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_can_be_drawn(picture: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    subprocess.run([program("rsvg-convert"), str(picture), "-o", str(drawn)], check=True)
    assert drawn.read_bytes().startswith(b"\x89PNG")
