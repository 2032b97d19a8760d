"""A link out to the browser, apart from the terminal: what is started can't write there or read keys."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

from threadreader.errors import ProgramFailed
from threadreader.links import can_be_opened

_PATIENCE = 3.0  # seconds in which a program says that it failed; one that goes on is a browser
_PYTHON = (sys.executable, "-c", "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))")


def open_link(address: str, environment: Mapping[str, str] = os.environ) -> None:
    """Open a web address, or one of letters, in the reader's own browser; takes up to some seconds.

    Raises ProgramFailed for anything else, without a browser, and where one says that it failed.
    """
    if not can_be_opened(address):
        raise ProgramFailed("only http, https and mailto are opened")
    command = _command(environment)
    try:
        process = subprocess.Popen(
            [*command, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # without a terminal, whatever it opens by itself
        )
    except OSError as error:
        raise ProgramFailed(f"{command[0]}: {error.strerror or error}") from error
    ended = threading.Thread(target=process.wait, daemon=True)
    ended.start()
    ended.join(_PATIENCE)
    if process.returncode:
        raise ProgramFailed(f"{_name(command)} could not open it (exit status {process.returncode})")


def _command(environment: Mapping[str, str]) -> Sequence[str]:
    """What opens an address when it comes last."""
    if environment.get("BROWSER"):
        return _PYTHON  # which knows how that is written
    if sys.platform == "darwin":
        return ("open",)
    if sys.platform != "win32" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise ProgramFailed("no display to open a browser on: yl copies the link")
    return ("xdg-open",) if shutil.which("xdg-open") else _PYTHON


def _name(command: Sequence[str]) -> str:
    return "the browser" if command is _PYTHON else command[0]
