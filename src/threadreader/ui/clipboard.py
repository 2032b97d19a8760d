"""Text out to the clipboard, by whichever way there is, and the truth about which one it was.

A terminal sets the clipboard of whoever sits before it, over ssh as well, but gives no answer (OSC 52, of
xterm's control sequences). So a program does it too where the reader sits at this machine, and where neither
can, a file.
"""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LONGEST_SEQUENCE = 74_994  # characters of base64: what the narrowest of the common terminals still takes
_SCREEN_TAKES = 250  # characters of a string that any GNU screen passes on; older ones cut it at 256
_PATIENCE = 2.0  # seconds for a program to take the text
_DEAF = ("dumb", "linux")  # terminals without a clipboard
_SSH = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


class Tool(NamedTuple):
    """A program that reads from standard input what the clipboard is to hold."""

    command: Sequence[str]
    display: str  # the variable that names its display; empty where it needs none


TOOLS: Sequence[Tool] = (
    Tool(("wl-copy",), "WAYLAND_DISPLAY"),
    Tool(("xclip", "-selection", "clipboard"), "DISPLAY"),
    Tool(("xsel", "--clipboard", "--input"), "DISPLAY"),
    *((Tool(("pbcopy",), ""),) if sys.platform == "darwin" else ()),
)


def sequences(text: str, environment: Mapping[str, str]) -> list[str]:
    """What makes a terminal take `text`: nothing where it is too long, or the terminal deaf.

    tmux takes it itself or passes it on, as it is set up: so it gets both forms. GNU screen only passes it
    on, in pieces as long as it takes.
    """
    encoded = base64.b64encode(_bytes(text)).decode()
    if len(encoded) > LONGEST_SEQUENCE or environment.get("TERM", "") in _DEAF:
        return []
    told = f"\x1b]52;c;{encoded}\a"
    forms = [told]
    if environment.get("TMUX"):
        forms.append(f"\x1bPtmux;{told.replace(chr(27), chr(27) * 2)}\x1b\\")
    if environment.get("STY"):
        pieces = range(0, len(told), _SCREEN_TAKES)
        forms.append("".join(f"\x1bP{told[at : at + _SCREEN_TAKES]}\x1b\\" for at in pieces))
    return forms


def tools(environment: Mapping[str, str]) -> list[Tool]:
    """The programs that reach the clipboard of whoever reads: none, where they sit at another machine."""
    if any(map(environment.get, _SSH)):
        return []
    return [tool for tool in TOOLS if not tool.display or environment.get(tool.display)]


def keep(text: str, *, sent: bool, environment: Mapping[str, str] = os.environ) -> str:
    """Give `text` to the first program that takes it; what the reader is told of where it went.

    `sent` says that the terminal got it. Where it did not and no program takes it, a file does; takes up to
    some seconds. Raises OSError where that can't be written either.
    """
    for tool in tools(environment):
        if _takes(tool.command, _bytes(text)):
            return f"copied with {tool.command[0]}"
    if sent:
        return "sent to the terminal's clipboard (OSC 52, not confirmed)"
    return f"no clipboard: written to {_in_file(_bytes(text))}"


def _takes(command: Sequence[str], data: bytes) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        # Some go on in the background to serve the clipboard: they must not hold the terminal meanwhile.
        taken = subprocess.run(
            [program, *command[1:]],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return taken.returncode == 0


def _in_file(data: bytes) -> Path:
    import platformdirs

    path = platformdirs.user_cache_path("threadreader") / "clipboard.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
    return path


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
