"""Nothing that is tested here depends on how fast it is."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from threadreader.ui import clipboard
from threadreader.ui.screens import choosing, following, keyed_screen, marks_screen, search_screen
from threadreader.ui.widgets import dragging, thread_pane

# A program is thousands of objects that go together at its end: looking through them more seldom is enough.
gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True, scope="session")
def sheets_read_once() -> Iterator[None]:
    """Style sheets are the same in all programs, and nothing changes their rules: they are read once."""
    read = Stylesheet._parse_rules
    known: dict[tuple[Any, ...], list[RuleSet]] = {}

    def parsed(sheet: Stylesheet, *of: Any, **how: Any) -> list[RuleSet]:
        key = (*of, *sorted(how.items()), *sorted(sheet._variables.items()))
        if key not in known:
            known[key] = read(sheet, *of, **how)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture(autouse=True)
def own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands still is seen only when a test says so; what is shown beside is shown at once."""
    monkeypatch.setattr(thread_pane, "SEEN_AFTER", 3_600)
    monkeypatch.setattr(keyed_screen, "PENDING_AFTER", 0)
    monkeypatch.setattr(dragging, "SCROLL_EVERY", 0.01)
    monkeypatch.setattr(choosing, "SHOW_AFTER", 0.001)
    monkeypatch.setattr(following, "COUNT_AFTER", 0.001)
    monkeypatch.setattr(search_screen, "PREVIEW_AFTER", 0.001)
    monkeypatch.setattr(marks_screen, "PREVIEW_AFTER", 0.001)


@pytest.fixture(autouse=True)
def own_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test opens a browser, or reaches the clipboard of whoever runs it."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "TMUX", "STY", "VISUAL", "EDITOR", *clipboard._SSH):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(clipboard, "TOOLS", ())
