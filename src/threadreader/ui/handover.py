"""The terminal handed over to another program: a command that reads a text, an editor that changes one.

Whoever calls has let go of the terminal. Ctrl-C there ends that program, not the reader.
"""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from threadreader.errors import ProgramFailed


def pipe(text: str, command: str) -> int:
    """Give `text` to a command of the shell on its standard input; its exit status, negative for a signal."""
    try:
        with _interrupts_elsewhere():
            done = subprocess.run(command, shell=True, input=text.encode(errors="replace"))
    except (OSError, ValueError) as error:
        raise ProgramFailed(f"{command}: {error}") from error
    return done.returncode


def wait_for_enter() -> None:
    """Let what a command has printed be read."""
    print("\nEnter goes back to the reader", end="", flush=True)
    with _interrupts_elsewhere():
        try:
            with open("/dev/tty", "rb", buffering=0) as terminal:  # noqa: PTH123
                while terminal.read(1) not in b"\r\n":
                    pass
        except OSError:
            return  # nobody is there to read it


def editor(environment: Mapping[str, str] = os.environ) -> Sequence[str]:
    """The reader's editor, as words of a command; raises ProgramFailed where it can't be read."""
    wanted = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    try:
        return shlex.split(wanted) or ["vi"]
    except ValueError as error:
        raise ProgramFailed(f"{wanted}: {error}") from error


def edited(text: str, command: Sequence[str]) -> tuple[str, int]:
    """What is in the file when the editor is left, and the editor's exit status, negative for a signal.

    A file that was removed is an empty text. Raises ProgramFailed where the editor or the file can't be had.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="threadreader-") as folder:
            path = Path(folder, "note.md")
            path.write_text(text + "\n" if text else "", encoding="utf-8")
            with _interrupts_elsewhere():
                status = subprocess.run([*command, str(path)]).returncode
            data = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise ProgramFailed(f"{command[0]}: {error.strerror or error}") from error
    return data.decode(errors="replace").rstrip("\n"), status


def told(status: int) -> str:
    """An exit status as a person reads it."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"ended by signal {-status}"


@contextmanager
def _interrupts_elsewhere() -> Iterator[None]:
    """Leave Ctrl-C to the program that has the terminal.

    A handler that does nothing, for one that is ignored would be ignored in that program as well.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
