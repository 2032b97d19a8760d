"""Nothing that is tested here depends on how fast it is."""

import pytest

from threadreader.ui import clipboard
from threadreader.ui.screens import choosing, following, keyed_screen, marks_screen, search_screen
from threadreader.ui.widgets import dragging, thread_pane


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
