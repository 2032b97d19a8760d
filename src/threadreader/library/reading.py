"""Documents read to drafts, many of them in as many processes as there are cores."""

import contextlib
import hashlib
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threadreader import importers
from threadreader.errors import DocumentError
from threadreader.index import FileStamp
from threadreader.library import documents
from threadreader.model import Draft

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

MANY = 200  # documents, from which on other processes are worth their start
READ = "read"  # what the index remembers of a document
NO_THREAD = "no-thread"

_TOGETHER = 16  # documents at most that one process is given at a time
_TOGETHER_BYTES = 1 << 20  # and about so much of them: what waits to be kept is to stay small
_AHEAD = 3  # such tasks for each process


_Task = tuple[Path, bool]  # a document, and whether it is to be read and not only opened


class ReadDocument(NamedTuple):
    """A document and what was read in it, or why nothing was."""

    path: Path  # absolute
    stamp: FileStamp | None = None  # None for a document that can't be opened
    data: bytes = b""
    drafts: tuple[Draft, ...] = ()
    error: DocumentError | None = None


def opened(path: Path) -> ReadDocument:
    """The bytes of the document at `path`, not yet read, or the reason why it can't be opened."""
    try:
        stat, data = documents.content(path)
    except DocumentError as error:
        return ReadDocument(path, error=error)
    name = hashlib.sha256(data).hexdigest()
    return ReadDocument(path, FileStamp(str(path), stat.st_size, stat.st_mtime_ns, name, READ), data)


def read(document: ReadDocument) -> ReadDocument:
    """An opened `document` with its drafts, or with the reason why there are none."""
    if document.stamp is None:
        return document
    try:
        return document._replace(drafts=importers.read_bytes(document.data, document.stamp.path))
    except DocumentError as error:
        return document._replace(stamp=document.stamp._replace(status=NO_THREAD), error=error)


def each(paths: Sequence[Path], *, only_opened: Collection[Path] = ()) -> Generator[ReadDocument, None, None]:
    """Every document of `paths` in order, read, apart from those to be `only_opened`.

    Many are read in other processes, some of them ahead of the caller.
    """
    unread = len(paths) - len(only_opened)
    if unread < MANY:
        yield from (opened(path) if path in only_opened else read(opened(path)) for path in paths)
        return
    with _processes() as pool:
        yield from _ahead(pool, [(path, path not in only_opened) for path in paths])


def _ahead(pool: "ProcessPoolExecutor", paths: Sequence[_Task]) -> Iterator[ReadDocument]:
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[tuple[Sequence[_Task], Future[list[ReadDocument]] | None]] = deque()
    tasks = _tasks(paths)
    is_broken = False
    while True:
        while len(waiting) < _AHEAD * _cores() and (task := next(tasks, None)):
            future = None
            with contextlib.suppress(BrokenProcessPool):
                future = None if is_broken else pool.submit(_read_all, task)
            waiting.append((task, future))
        if not waiting:
            return
        task, future = waiting.popleft()
        try:
            done = future.result() if future else _read_all(task)
        except BrokenProcessPool:  # a process was killed, or none can be started here
            is_broken = True
            done = _read_all(task)
        yield from done


def _tasks(paths: Sequence[_Task]) -> Iterator[Sequence[_Task]]:
    task: list[_Task] = []
    size = 0
    for path, whole in paths:
        task.append((path, whole))
        with contextlib.suppress(OSError, ValueError):
            size += path.stat().st_size
        if len(task) == _TOGETHER or size >= _TOGETHER_BYTES:
            yield task
            task, size = [], 0
    if task:
        yield task


@contextlib.contextmanager
def _processes() -> "Iterator[ProcessPoolExecutor]":
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.resource_tracker import ensure_running

    # It hands on what errors are written to, and what Textual puts there is no file.
    with contextlib.redirect_stderr(sys.__stderr__):
        ensure_running()
    # Not forked: the reader has threads, whose locks a copy of it would inherit as they are.
    pool = ProcessPoolExecutor(_cores(), multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return os.cpu_count() or 1


def _begin() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read_all(paths: Sequence[_Task]) -> list[ReadDocument]:
    return [read(opened(path)) if whole else opened(path) for path, whole in paths]
