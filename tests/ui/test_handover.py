"""Programs that get the terminal for a while."""

import shlex
import sys
from pathlib import Path

import pytest

from threadreader.errors import ProgramFailed
from threadreader.ui import handover


def writes(text: str, status: int = 0) -> list[str]:
    """An editor that adds `text`."""
    program = f"import sys; open(sys.argv[1], 'a').write({text!r}); sys.exit({status})"
    return [sys.executable, "-c", program]


def test_a_command_of_the_shell_reads_the_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status = handover.pipe("fog\nrain\n", f"sort -r | tee {shlex.quote(str(tmp_path / 'got'))}; exit 3")
    assert (status, capfd.readouterr().out) == (3, "rain\nfog\n")
    assert (tmp_path / "got").read_text(encoding="utf-8") == "rain\nfog\n"


def test_a_command_need_not_read_everything() -> None:
    assert handover.pipe("fog\n" * 100_000, "head -n 1 > /dev/null") == 0


def test_ctrl_c_ends_the_command_and_not_the_reader() -> None:
    assert handover.pipe("", f"kill -INT {'$PPID'}; kill -INT $$; sleep 9") == -2
    assert handover.told(-2) == "ended by SIGINT"
    assert handover.told(3) == "exit status 3"


def test_the_editor_gets_the_text_and_gives_it_back() -> None:
    assert handover.edited("Fög", writes("rain\n\n")) == ("Fög\nrain", 0)
    assert handover.edited("", writes("rain", status=1)) == ("rain", 1)
    removed = [sys.executable, "-c", "import os, sys; os.remove(sys.argv[1])"]
    assert handover.edited("Fog", removed) == ("", 0)


def test_an_editor_that_is_not_there_is_told() -> None:
    with pytest.raises(ProgramFailed, match="no-such-editor"):
        handover.edited("Fog", ["no-such-editor"])


def test_the_editor_is_what_the_reader_names() -> None:
    assert handover.editor({"EDITOR": "nano", "VISUAL": "code --wait"}) == ["code", "--wait"]
    assert handover.editor({"EDITOR": "nano"}) == ["nano"]
    assert handover.editor({}) == ["vi"]
    with pytest.raises(ProgramFailed):
        handover.editor({"EDITOR": "nano '"})
