"""Nothing that is tested here depends on how fast it is."""

import pytest

from threadreader.ui.screens import reader_screen, search_screen
from threadreader.ui.widgets import thread_pane


@pytest.fixture(autouse=True)
def own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands still is seen only when a test says so; what is shown beside is shown at once."""
    monkeypatch.setattr(thread_pane, "SEEN_AFTER", 3_600)
    monkeypatch.setattr(reader_screen, "SHOW_AFTER", 0.001)
    monkeypatch.setattr(search_screen, "PREVIEW_AFTER", 0.001)
