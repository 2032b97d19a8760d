"""The command line: `threadreader [--library DIR] [PATH…]` opens the reader, a command's name runs it.

Opening is told apart here, for click takes a quarter of the time that the first screen may take.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from threadreader.config import Places
from threadreader.errors import ThreadReaderError
from threadreader.model import harmless

COMMANDS = frozenset(
    "add attach backup bookmark check config detach export highlight history import-marks import-notes marks"
    " mend merge note open people posts redo rename restore search show tag tags undo".split()
)

INTERRUPTED = 130  # as a shell tells of Ctrl-C


class Opening(NamedTuple):
    """What a command line says that only opens the reader."""

    library: Path | None
    paths: list[Path]
    linear: bool = False  # read line by line, in words


def main() -> None:
    """Run the command line and leave: 0 done, 1 with a line on standard error, 2 for wrong usage."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what `arguments` say; gives the exit status."""
    _never_fail_to_print()
    opening = opening_in(arguments)
    try:
        status = _open(opening) if opening else _command(arguments)
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        _drop_output()
        return complain(f"{error.filename or 'standard output'}: {error.strerror or error}.")
    except ThreadReaderError as error:
        return complain(str(error))
    except Exception as error:
        return complain(_logged(error))
    return status


def opening_in(arguments: Sequence[str]) -> Opening | None:
    """What is to be opened; None if `arguments` are for click: a command, another option, a mistake."""
    library: str | None = None
    paths: list[str] = []
    linear = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            paths += rest
        elif argument.startswith("--library="):
            library = argument.removeprefix("--library=")
        elif argument == "--library":
            library = next(rest, "")
        elif argument == "--linear":
            linear = True
        elif argument.startswith("-") or (argument in COMMANDS and not paths):
            return None
        else:
            paths.append(argument)
    if library == "":
        return None
    return Opening(Path(library) if library else None, [Path(path) for path in paths], linear)


def complain(message: str) -> int:
    """Say in one line on standard error what went wrong; gives the exit status of that."""
    with suppress(OSError):
        print(" ".join(harmless(message).split("\n")), file=sys.stderr)
    return 1


def _open(opening: Opening) -> int:
    gc.disable()  # what is imported stays: looking for garbage in it takes a tenth of the start
    from threadreader.cli.opening import open_aloud, open_paths

    gc.enable()
    return (open_aloud if opening.linear else open_paths)(Places.find(opening.library), opening.paths)


def _command(arguments: Sequence[str]) -> int:
    from threadreader.cli.commands import run_command

    return run_command(arguments)


def _never_fail_to_print() -> None:
    """In a locale that lacks a character, its code is printed."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Nobody reads on: what is still to be printed goes nowhere, and Python does not complain of it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _logged(error: Exception) -> str:
    """Write down an error that nobody foresaw; what to say of it."""
    import traceback

    told = f"{type(error).__name__}: {error}"
    try:
        log = Places.find(Path()).log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        return f"This should not have happened: {told}."
    return f"This should not have happened: {told}. Details are in {log}."
