"""Every test has a home, settings and a library of its own."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from threadreader.library import Library


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of whoever runs the tests is read or written."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("THREADREADER_LIBRARY", str(home / "library"))
    for name in ("NO_COLOR", "THREADREADER_SETTINGS", "THREADREADER_THEME"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new library: copying it takes a tenth of the time that making its tables does."""
    folder = tmp_path_factory.mktemp("empty") / "library"
    Library.open(folder).close()
    return folder


@pytest.fixture
def library(empty_library: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(empty_library, tmp_path / "library")
    with Library.open(tmp_path / "library") as opened:
        yield opened


class WriteThread(Protocol):
    """Write a thread in the outline layout; a comment is its paragraphs, or a tuple of it and its replies."""

    def __call__(
        self,
        name: str,
        *comments: str | tuple[str, ...],
        title: str = "Fog on the river",
        date: str = "Wednesday, 7 April 2021",
        folder: Path | None = None,
        body: str = "It lay there all day.",
    ) -> Path: ...


@pytest.fixture
def write_thread(tmp_path: Path) -> WriteThread:
    def write(
        name: str,
        *comments: str | tuple[str, ...],
        title: str = "Fog on the river",
        date: str = "Wednesday, 7 April 2021",
        folder: Path | None = None,
        body: str = "It lay there all day.",
    ) -> Path:
        path = (folder or tmp_path) / name
        threads = [(comment,) if isinstance(comment, str) else comment for comment in comments]
        path.write_text(_outline(title, date, body, threads), encoding="utf-8")
        return path

    return write


def _outline(title: str, date: str, body: str, threads: Sequence[Sequence[str]]) -> str:
    count = sum(map(len, threads))
    lines = [date, "", title, "", body, "", f"{count} comments:", ""]
    for number, (comment, *replies) in enumerate(threads, 1):
        lines += [f"  {number}. {comment}", "", "    ReplyDelete"]
        if replies:
            lines += ["    Replies", ""]
        for nth, reply in enumerate(replies, 1):
            lines += [f"    {nth}. {reply}", "", "      Delete", ""]
        lines.append("")
    return "\n".join(lines)
