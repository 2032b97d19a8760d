"""A temporary folder with the documents and libraries that are measured with."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Self

from benchmarks.corpus import Corpus
from benchmarks.terminal import Terminal
from threadreader.library import Library
from threadreader.model import Thread

MANY, HUGE = 10_000, 100_000  # comments of the long threads
FEW = 40  # comments of each short one
SHORT, LONG = "Alderlong", "Willowlong"  # titles; the list begins with the short ones


@dataclass(frozen=True, slots=True)
class Workplace:
    """Five short documents, a long one, and a library of each kind."""

    folder: Path
    short: tuple[Path, ...]
    long: Thread
    longest: Thread
    words: tuple[str, ...]  # of the documents, the commonest first
    adding_long: float  # seconds that it took to add the long document

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[Self]:
        """A workplace for as long as the block lasts."""
        with TemporaryDirectory(prefix="threadreader-bench-") as name:
            folder, corpus = Path(name), Corpus()
            short = tuple(
                corpus.write(folder / f"short-{n}.txt", title=f"{SHORT} {n}", comments=FEW) for n in range(5)
            )
            long = corpus.write(folder / "long.txt", title=LONG, comments=MANY)
            with Library.open(folder / "five") as library:
                library.add_all(short)
            with Library.open(folder / "many") as library:
                library.add(short[0])
                start = perf_counter()
                added = library.add(long)
                adding_long = perf_counter() - start
            (thread,) = added.threads
            assert len(thread.comments) == MANY, added
            longest = corpus.write(folder / "longest.txt", title=LONG, comments=HUGE)
            with Library.open(folder / "huge") as library:
                library.add(short[0])
                (huge,) = library.add(longest).threads
            yield cls(folder, short, thread, huge, tuple(corpus.words), adding_long)

    @property
    def five(self) -> Path:
        """The library of the short documents."""
        return self.folder / "five"

    @property
    def many(self) -> Path:
        """The library of a short document and the long one."""
        return self.folder / "many"

    @property
    def huge(self) -> Path:
        """The library of a short document and the longest one."""
        return self.folder / "huge"

    def reader(self, library: Path) -> Terminal:
        """The reader on a library, started."""
        program = Path(sysconfig.get_path("scripts"), "threadreader")
        return self._started(str(program), "--library", str(library))

    def peer(self, module: str, *arguments: str) -> Terminal:
        """A program of `benchmarks.peers`, started."""
        return self._started(sys.executable, "-m", f"benchmarks.peers.{module}", *arguments)

    def _started(self, *command: str) -> Terminal:
        # Nothing of the caller's settings, and PYTHONDONTWRITEBYTECODE least: compiling would be timed.
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
        }
        return Terminal(command, environment)
