"""Documents read to drafts, many of them in as many processes as there are cores."""

import contextlib
import hashlib
from collections.abc import Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from threadreader import importers
from threadreader.errors import DocumentError
from threadreader.index import FileStamp
from threadreader.library import documents
from threadreader.library.matching import NewPost
from threadreader.library.processes import answers
from threadreader.model import Draft

MANY = 200  # documents, from which on other processes are worth their start
READ = "read"  # what the index remembers of a document
NO_THREAD = "no-thread"

_TOGETHER = 16  # documents at most that one process is given at a time
_TOGETHER_BYTES = 1 << 20  # and about so much of them: what waits to be kept is to stay small


_Task = tuple[Path, Literal["opened", "drafts", "posts"]]  # a document, and what is to be done with it


class ReadDocument(NamedTuple):
    """A document and what was read in it, or why nothing was."""

    path: Path  # absolute
    stamp: FileStamp | None = None  # None for a document that can't be opened
    data: bytes = b""
    drafts: tuple[Draft, ...] = ()
    posts: tuple[NewPost, ...] = ()  # the same as posts of their own, where that was asked for
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
        return document._replace(drafts=drafts_in(document))
    except DocumentError as error:
        return document._replace(stamp=document.stamp._replace(status=NO_THREAD), error=error)


def drafts_in(document: ReadDocument) -> tuple[Draft, ...]:
    """The drafts of an opened document, read if they were not; raises DocumentError."""
    return document.drafts or importers.read_bytes(document.data, str(document.path))


def with_posts(document: ReadDocument) -> ReadDocument:
    """A read `document` with its threads as posts of their own."""
    stamp = document.stamp
    if stamp is None or document.error:
        return document
    each_draft = enumerate(document.drafts)
    posts = [NewPost.of(draft, stamp.path, stamp.digest, ordinal) for ordinal, draft in each_draft]
    return document._replace(posts=tuple(posts))


def each(
    paths: Sequence[Path], *, only_opened: Collection[Path] = (), as_posts: bool = False
) -> Generator[ReadDocument, None, None]:
    """Every document of `paths` in order, read, apart from those to be `only_opened`.

    Many are read in other processes, some of them ahead of the caller. Those have their drafts, or instead,
    `as_posts`, what is made of them as posts of their own.
    """
    tasks: list[_Task] = [
        (path, "opened" if path in only_opened else "posts" if as_posts else "drafts") for path in paths
    ]
    if len(paths) - len(only_opened) < MANY:
        yield from map(_done, tasks)
        return
    with contextlib.closing(answers(_read_all, _tasks(tasks))) as read_together:
        for documents_read in read_together:
            yield from documents_read


def _tasks(paths: Sequence[_Task]) -> Iterator[Sequence[_Task]]:
    task: list[_Task] = []
    size = 0
    for path, wanted in paths:
        task.append((path, wanted))
        with contextlib.suppress(OSError, ValueError):
            size += path.stat().st_size
        if len(task) == _TOGETHER or size >= _TOGETHER_BYTES:
            yield task
            task, size = [], 0
    if task:
        yield task


def _read_all(tasks: Sequence[_Task]) -> list[ReadDocument]:
    return list(map(_done, tasks))


def _done(task: _Task) -> ReadDocument:
    path, wanted = task
    document = opened(path)
    if wanted == "opened":
        return document
    document = read(document)
    # What the posts were made of would be as much again to send.
    return document if wanted == "drafts" else with_posts(document)._replace(drafts=())
