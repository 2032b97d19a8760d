"""The journal `annotations.jsonl`: what the reader made, a JSON object a line.

What flows in are changes; what comes out are changes again, or what they leave (`State`), which two machines
can join. Nothing here knows the database. The file, in UTF-8, has

- first a header: `{"threadreader": "journal", "version": N, "file": ID, "knows": {STORE: CLOCK}, "held": N}`;
- then N lines of what was left of all changes that are no longer told: `{"held": [PART]}`;
- then a line for each change since, in order: `{"id", "at", "store", "clock", "did", "changes": [PART]}`.

A change is one step that the reader took, whole: `did` says whether it was made, taken back, made again, came
from another machine (`merged`), or can't be undone (`kept`: drafts, ids). A part says what one row becomes,
`now`; null takes it away. Marks are Web Annotations (w3.org/TR/annotation-model); all else is plain. The
version is that of the store's tables.

`store` names one copy of a library on one machine. `clock` grows with every change, and is later than that of
any change that was seen before (Lamport): no machine's time is believed. A journal knows all changes of a
store up to a clock, so what it knows and does not hold is gone for good reason (Bieniusa et al., An Optimized
Conflict-free Replicated Set, 2012).
"""

import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threadreader.errors import StoreTooNew
from threadreader.journal.lines import (
    Change,
    Did,
    Part,
    Register,
    Value,
    clocks_of,
    dot,
    registers,
    same,
)

if TYPE_CHECKING:
    from threadreader.journal.state import State

__all__ = ["Broken", "Change", "Did", "Journal", "Part", "Place", "Register", "dot", "registers", "same"]


class Place(NamedTuple):
    """How far a database has followed a journal."""

    file: str  # the id of the file, another one after each compaction
    offset: int  # bytes
    last: str  # the id of the last change, empty where none was told yet


class Broken(NamedTuple):
    """Bytes of a journal that no change can be read from."""

    data: bytes
    is_last: bool  # cut off as it was written


class Journal:
    """The file. Whoever appends or replaces it holds the database's write lock meanwhile.

    OSError is raised as it comes: the caller knows what is not kept.
    """

    def __init__(self, path: Path, version: int) -> None:
        self.path = path
        self.version = version
        """That of the rows which parts hold: a line may say what an older program does not know."""
        self.is_older = False
        """Was the file begun by an older version?"""
        # Inode, descriptor and id of the file. It is held open so that no other file gets its inode.
        self._open: tuple[int, int, str] | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._open:
            os.close(self._open[1])
            self._open = None

    def size(self) -> tuple[str, int] | None:
        """The id of the file that lies there, empty where it is no journal, and its bytes; None without.

        Raises StoreTooNew.
        """
        try:
            _, _, file = self._opened()
        except FileNotFoundError:
            return None
        return file, self.path.stat().st_size

    def append(self, change: Change, place: Place) -> Place:
        """Put a change on the disk behind `place`, which is the end of the file; all of it or nothing."""
        line = _line(change.told())
        _, descriptor, _ = self._opened()
        try:
            rest = memoryview(line)
            while rest:  # a full disk takes a part, and says so of the rest
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(descriptor, place.offset)
            raise
        return Place(place.file, place.offset + len(line), change.id)

    def cut(self, place: Place) -> None:
        """Take away what stands behind `place`."""
        _, descriptor, _ = self._opened()
        os.ftruncate(descriptor, place.offset)
        os.fsync(descriptor)

    def keep_aside(self, data: bytes) -> Path:
        """Write bytes that no change can be read from beside the journal."""
        aside = self.path.with_name(f"{self.path.name}.broken-{os.urandom(3).hex()}")
        _write(aside, [data])
        return aside

    def move_aside(self) -> Path:
        """Let the file go by another name: it is not ours to follow."""
        aside = self.path.with_name(f"{self.path.name}.aside-{os.urandom(3).hex()}")
        self.path.rename(aside)
        return aside

    def lines(self, offset: int = 0) -> Iterator[tuple[dict[str, Value] | Broken, int]]:
        """Each line from a byte on, and the byte behind it. Blank lines are passed over."""
        with self.path.open("rb") as file:
            file.seek(offset)
            for data in file:
                offset += len(data)
                if data.endswith(b"\n") and not data.strip():
                    continue
                try:
                    line = json.loads(data)
                    if not data.endswith(b"\n") or not isinstance(line, dict):
                        raise ValueError
                except ValueError:  # UnicodeDecodeError is one
                    yield Broken(data, not data.endswith(b"\n")), offset
                else:
                    yield line, offset

    def changes(self, offset: int = 0) -> Iterator[tuple[Change | Broken, int]]:
        """Each change from a byte on, and the byte behind it."""
        for line, end in self.lines(offset):
            if isinstance(line, Broken):
                yield line, end
            elif "changes" in line:
                try:
                    change = Change.read(line)
                    for part in change.parts:
                        list(registers(part))
                    yield change, end
                except (ValueError, KeyError, TypeError, AttributeError):
                    yield Broken(_line(line), False), end

    def beginning(self) -> "tuple[State, int]":
        """What is left of changes that are no longer told, and the byte behind it; else ValueError."""
        from threadreader.journal.state import State

        header = self._header()
        if header is None:
            raise ValueError(f"{self.path}: not a journal of threadreader.")
        state, lines = State(clocks_of(header["knows"])), self.lines()
        _, end = next(lines)
        for line, offset in itertools.islice(lines, header["held"]):
            if not isinstance(line, Broken):
                with suppress(ValueError, KeyError, TypeError, AttributeError):
                    state.hold(map(Part.read, line["held"]))
            end = offset
        return state, end

    def state(self) -> "tuple[State, list[Change], list[Broken]]":
        """What all changes leave, those that are told, and what can't be read; else ValueError."""
        state, offset = self.beginning()
        told: list[Change] = []
        broken: list[Broken] = []
        for change, _ in self.changes(offset):
            if isinstance(change, Broken):
                broken.append(change)
            else:
                told.append(change)
                state.take(change)
        return state, told, broken

    def begin_anew(self, state: "State", told: Iterable[Change] = ()) -> Place:
        """Replace the file, whole or not at all: `state`, and `told` after it."""
        from threadreader.journal.state import part_of

        held: dict[tuple[str, str], list[Part]] = {}
        for register, one in sorted(state.held.items()):
            part = part_of(register, one)
            if part.about == "reads":  # a line for all that were read by one change, not for each
                there = held.setdefault((part.key, part.by), [part])
                there[0].now["ids"] += part.now["ids"] if there[0] is not part else []
            else:
                held[str(register), part.by] = [part]
        lines = [_line({"held": [part.told() for part in parts]}) for parts in held.values()]
        header = {"threadreader": "journal", "version": self.version, "file": os.urandom(8).hex()}
        lines.insert(0, _line(header | {"knows": state.knows, "held": len(lines)}))
        last = ""
        for change in told:
            lines.append(_line(change.told()))
            last = change.id
        _write(self.path, lines)
        return Place(header["file"], sum(map(len, lines)), last)  # type: ignore[arg-type]

    def _header(self) -> dict[str, Value] | None:
        """The first line; None where it is no journal's."""
        line, _ = next(self.lines(), (None, 0))
        if not isinstance(line, dict) or line.get("threadreader") != "journal":
            return None
        written_by = int(line["version"])
        self.is_older = written_by < self.version
        if written_by > self.version:
            raise StoreTooNew(
                f"{self.path}: written by a newer threadreader. Update threadreader to read it."
            )
        return line

    def _opened(self) -> tuple[int, int, str]:
        """The file that lies there now: another process may have put a new one there."""
        inode = self.path.stat().st_ino
        if self._open and self._open[0] != inode:
            self.close()
        if not self._open:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                file = str((self._header() or {}).get("file", ""))
            except (KeyError, TypeError, ValueError):
                file = ""
            except BaseException:
                os.close(descriptor)
                raise
            self._open = inode, descriptor, file
        return self._open


def _line(told: Mapping[str, Value]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file whole or not at all, and be sure that the disk has it."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Be sure that the disk has the names in a folder."""
    with suppress(OSError):  # where folders can't be opened, names are not lost either
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
