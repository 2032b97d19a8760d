"""A program in a pseudo-terminal of its own: what it writes, when, and how fast it answers a key."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Self

QUIET = 0.03  # seconds without output that end an answer: nearly two of Textual's frames
_PATIENCE = 60.0  # seconds that an answer may take
_HESITATION = 0.3  # seconds after which nothing is expected to come any more
_ASKED, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"  # does the terminal draw whole frames? It does.


class Terminal:
    """Runs `command` until it is closed."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 160, rows: int = 45
    ) -> None:
        self.started = perf_counter()
        self._written = b""
        self._pid, self._file = pty.fork()
        if not self._pid:
            _resize(0, columns, rows)
            os.execvpe(command[0], list(command), environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._file)

    def wait_for(self, words: str) -> float:
        """The time when `words` have been written, from now on; raises TimeoutError."""
        wanted = words.encode()
        end = perf_counter() + _PATIENCE
        while wanted not in self._written:
            if not self._read(end - perf_counter()):
                raise TimeoutError(f"{words!r} was not written; the last was {self._written[-500:]!r}")
        return perf_counter()

    def settle(self, quiet: float = QUIET) -> None:
        """Wait until nothing is written any more, and forget what was."""
        while self._read(quiet):
            pass
        self._written = b""

    def send(self, keys: str) -> None:
        """Write `keys` and wait until what they bring, if anything, is over."""
        os.write(self._file, keys.encode())
        self._read(_HESITATION)
        self.settle()

    def press(self, keys: str, words: str = "") -> float:
        """Seconds from writing `keys` to the last byte of an answer with `words`; raises TimeoutError."""
        self.settle(0)
        start = perf_counter()
        os.write(self._file, keys.encode())
        if words:
            return self._answered_from(self.wait_for(words)) - start
        return self._answered(start, keys)

    def time_to(self, keys: str, words: str) -> float:
        """Seconds from writing `keys` until `words` have been written; raises TimeoutError."""
        self.settle(0)
        start = perf_counter()
        os.write(self._file, keys.encode())
        return self.wait_for(words) - start

    def resize(self, columns: int, rows: int) -> float:
        """Seconds from the new size to the last byte that it brings; raises TimeoutError."""
        self.settle(0)
        start = perf_counter()
        _resize(self._file, columns, rows)
        return self._answered(start, f"{columns}x{rows}")

    @property
    def peak(self) -> float:
        """The most memory that the program took so far, in megabytes."""
        return peak_of(self._pid)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Keep the program from the processors for as long as the block lasts."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def _answered(self, start: float, asked: str) -> float:
        if not self._read(_PATIENCE):
            raise TimeoutError(f"no answer to {asked!r}")
        return self._answered_from(perf_counter()) - start

    def _answered_from(self, last: float) -> float:
        """When the last byte came, where one came at `last`."""
        while self._read(QUIET):
            last = perf_counter()
        return last

    def _read(self, patience: float) -> bool:
        """Take what is written within `patience` seconds; False where nothing is."""
        ready, _, _ = select.select([self._file], [], [], max(patience, 0))
        if not ready:
            return False
        data = os.read(self._file, 1 << 16)
        if _ASKED in data:
            os.write(self._file, _ANSWER)
        self._written += data
        return True


def peak_of(pid: int) -> float:
    """The most memory that a process took since its program began, in megabytes; 0 for one that ended.

    Not `ru_maxrss`: that begins with what the process took that started it.
    """
    told = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1024 if told else 0.0


def _resize(file: int, columns: int, rows: int) -> None:
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
