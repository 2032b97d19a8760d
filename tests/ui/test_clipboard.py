"""Ways out to the clipboard: which are tried, in which order, and what is told."""

import base64
import sys
from pathlib import Path

import pytest

from threadreader.ui import clipboard
from threadreader.ui.clipboard import LONGEST_SEQUENCE, Tool, keep, sequences, tools

HERE = {"DISPLAY": ":0", "TERM": "xterm"}


def program(folder: Path, name: str, *, status: int = 0) -> Path:
    """A program that keeps what it reads."""
    path = folder / name
    path.write_text(f'#!/bin/sh\ncat > "{folder}/kept"\nexit {status}\n', encoding="utf-8")
    path.chmod(0o755)
    return folder / "kept"


def use(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> None:
    made = [Tool((str(folder / name), "--clipboard"), "DISPLAY") for name in names]
    monkeypatch.setattr(clipboard, "TOOLS", made)


def test_the_terminal_gets_the_text_in_base64() -> None:
    [told] = sequences("Fög, rain", {"TERM": "xterm"})
    assert told == f"\x1b]52;c;{base64.b64encode('Fög, rain'.encode()).decode()}\a"


def test_tmux_gets_it_for_itself_and_for_the_terminal_around_it() -> None:
    own, passed_on = sequences("Fog", {"TERM": "tmux", "TMUX": "/tmp/tmux,1,0"})
    assert passed_on == "\x1bPtmux;" + own.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def test_screen_passes_it_on_in_pieces_that_it_takes() -> None:
    own, passed_on = sequences("Fog on the river. " * 40, {"TERM": "screen", "STY": "4711.pts-0"})
    assert passed_on.startswith("\x1bP\x1b]52;c;")
    assert passed_on.endswith("\a\x1b\\")
    pieces = passed_on.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert "".join(pieces) == own
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 250


@pytest.mark.parametrize("terminal", ["linux", "dumb"])
def test_a_terminal_without_a_clipboard_gets_nothing(terminal: str) -> None:
    assert sequences("Fog", {"TERM": terminal}) == []


def test_the_terminal_does_not_get_more_than_it_takes() -> None:
    fits = LONGEST_SEQUENCE // 4 * 3
    assert sequences("x" * fits, HERE)
    assert not sequences("x" * (fits + 3), HERE)


def test_no_program_here_reaches_the_clipboard_of_a_reader_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        clipboard, "TOOLS", [Tool(("xclip",), "DISPLAY"), Tool(("wl-copy",), "WAYLAND_DISPLAY")]
    )
    assert [tool.command[0] for tool in tools(HERE)] == ["xclip"]
    assert tools(HERE | {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22"}) == []
    assert tools({}) == []


def test_the_first_program_that_takes_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "refuses", status=1)
    kept = program(tmp_path, "takes")
    use(monkeypatch, tmp_path, "missing", "refuses", "takes")
    assert keep("Fög", sent=True, environment=HERE) == f"copied with {tmp_path}/takes"
    assert kept.read_text(encoding="utf-8") == "Fög"


def test_what_only_the_terminal_got_is_not_told_as_certain() -> None:
    assert (
        keep("Fog", sent=True, environment=HERE) == "sent to the terminal's clipboard (OSC 52, not confirmed)"
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="caches lie elsewhere there")
def test_where_there_is_no_clipboard_a_file_of_the_readers_own_has_it(own_home: Path) -> None:
    keep("Rain, which is longer", sent=False, environment=HERE)
    told = keep("Fog", sent=False, environment=HERE)
    path = own_home / "cache" / "threadreader" / "clipboard.txt"
    assert told == f"no clipboard: written to {path}"
    assert path.read_text(encoding="utf-8") == "Fog"
    assert path.stat().st_mode & 0o777 == 0o600
