"""What opens a link, and what is never opened."""

import os
from pathlib import Path

import pytest

from threadreader.errors import ProgramFailed
from threadreader.ui import browser

PAGE = "https://dorve.example/gate?a=1&b=2"


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A display, and on it an xdg-open that writes down what it gets, and whether it has a terminal."""
    path = tmp_path / "xdg-open"
    path.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/got"\n'
        f'(: > /dev/tty) 2> /dev/null && echo terminal >> "{tmp_path}/got"\n'
        "echo noise; echo noise >&2\ncase $1 in *fail*) exit 4;; esac\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return {"DISPLAY": ":0"}


def test_the_browser_gets_the_address_and_no_terminal(
    shown: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.open_link(PAGE, shown)
    assert (tmp_path / "got").read_text(encoding="utf-8") == f"{PAGE}\n"
    assert capfd.readouterr() == ("", "")


def test_a_browser_that_fails_is_told(shown: dict[str, str]) -> None:
    with pytest.raises(ProgramFailed, match=r"xdg-open could not open it \(exit status 4\)"):
        browser.open_link(PAGE + "fail", shown)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "--help", "https://a b"])
def test_nothing_else_is_opened(address: str, shown: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="only http"):
        browser.open_link(address, shown)
    assert not (tmp_path / "got").exists()


def test_without_a_display_nothing_is_started(shown: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="no display"):
        browser.open_link(PAGE, {})
    assert not (tmp_path / "got").exists()


def test_the_browser_that_the_reader_names_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{tmp_path}/got"\n', encoding="utf-8")
    own.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(own))
    browser.open_link(PAGE, {"BROWSER": str(own)})
    assert (tmp_path / "got").read_text(encoding="utf-8") == PAGE
