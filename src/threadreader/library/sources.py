"""The folder `sources/`: each document as it came, named by its digest, beside what is known of it.

`DIGEST.txt` is the document, `DIGEST.json` says where it lay, when it was added and which posts it holds.
With the aliases in `annotations.db` that is all it takes to build the index again with the same ids.
"""

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import os
import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from threadreader import importers
from threadreader.errors import LibraryError
from threadreader.model import Draft, Problem, Source

if TYPE_CHECKING:
    from concurrent.futures import Future

_MOST_WAITING = 64  # documents that are not yet written: they take memory


class KeptSource(NamedTuple):
    """A document in the folder and the posts that it holds."""

    source: Source
    post_ids: tuple[str, ...]  # in the document's order


class Sources:
    """Every document that was ever added to one library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._gathered: dict[Path, bytes | None] | None = None
        self._writing: _Writing | None = None

    def document(self, name: str) -> Path:
        """Where the document with the digest `name` is, or would be."""
        return self.folder / f"{name}.txt"

    def read(self, name: str) -> tuple[Draft, ...]:
        """The threads in the document with that digest; raises as `importers.read` does."""
        return importers.read(self.document(name))

    def posts_in(self, name: str) -> tuple[str, ...]:
        """The posts in the document with that digest, in its order; none where nothing is known of it."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return _kept(self._about(name)).post_ids
        return ()

    @contextlib.contextmanager
    def keeping(self, source: Source, data: bytes, post_ids: Sequence[str]) -> Iterator[None]:
        """Keep a document, unless what is done meanwhile fails: then the folder is as it was before.

        Raises LibraryError if the disk is full or can't be written.
        """
        about = {"path": source.path, "added": source.added.isoformat(), "posts": list(post_ids)}
        files = {
            self.document(source.digest): data,
            self._about(source.digest): json.dumps(about, ensure_ascii=False, indent=1).encode(),
        }
        try:
            if self._gathered is not None and self._writing is not None:
                new = self.document(source.digest)
                if new not in self._gathered and not new.exists():
                    self._gathered |= dict.fromkeys(files)
                    self._writing.write(files)
                    yield
                    return
                self._writing.wait()
            self.folder.mkdir(parents=True, exist_ok=True)
            before = {path: path.read_bytes() if path.exists() else None for path in files}
            if self._gathered is not None:
                self._gathered |= {path: was for path, was in before.items() if path not in self._gathered}
            with _restored_on_failure(before):
                for path, content in files.items():
                    write_whole(path, content)
                yield
        except OSError as error:
            raise LibraryError(f"{self.folder}: {error.strerror or error}. Check the disk.") from error

    @contextlib.contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep many documents, unless an error ends the block: then the folder is as it was before.

        They are not sure to be on the disk before `settle`.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"{self.folder}: {error.strerror or error}. Check the disk.") from error
        before = self._gathered = {}
        try:
            with _restored_on_failure(before), _Writing() as self._writing:
                yield
        finally:
            self._gathered = self._writing = None

    def settle(self) -> None:
        """Wait until the disk has what was kept; raises LibraryError if it can't."""
        try:
            if self._writing:
                self._writing.wait()
        except OSError as error:
            raise LibraryError(f"{self.folder}: {error.strerror or error}. Check the disk.") from error
        os.sync()

    def kept(self) -> list[KeptSource]:
        """Every document, oldest first; what can't be made out is passed over, `check` tells of it."""
        found = []
        for about in self.folder.glob("*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                found.append(_kept(about))
        return sorted(found, key=lambda kept: (kept.source.added, kept.source.digest))

    def are_more_than(self, number: int) -> bool:
        """Are more documents there?"""
        return next(itertools.islice(self.folder.glob("*.json"), number, None), None) is not None

    def check(self) -> Iterator[Problem]:
        """Documents that are not what they were, or of which nothing is known."""
        known = {kept.source.digest for kept in self.kept()}
        for path in sorted(self.folder.glob("*.txt")):
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
                yield Problem("source-changed", str(path), "The document is not the one that was added.")
            if path.stem not in known:
                yield Problem("source-unknown", str(path), "Nothing says which post is in it: add it again.")
        for name in sorted(known):
            if not self.document(name).exists():
                where = str(self.document(name))
                yield Problem("source-missing", where, "The document is not there any more: add it again.")

    def _about(self, name: str) -> Path:
        return self.folder / f"{name}.json"


class _Writing:
    """Writes files beside what their threads take: making a file takes as long as storing some comments."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def write(self, files: Mapping[Path, bytes]) -> None:
        """Write new files soon; raises OSError for one that came before."""
        self._waiting.append(self._pool.submit(_write, dict(files)))
        while len(self._waiting) > _MOST_WAITING or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()

    def wait(self) -> None:
        """Until all are written; raises OSError."""
        while self._waiting:
            self._waiting.popleft().result()


def _write(files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        path.write_bytes(content)


def is_there(path: str) -> bool:
    """Does a document lie at `path`, as far as one may look?"""
    with contextlib.suppress(OSError):
        return Path(path).exists()
    return False


def _kept(about: Path) -> KeptSource:
    said = json.loads(about.read_bytes())
    source = Source(about.stem, str(said["path"]), dt.datetime.fromisoformat(said["added"]))
    return KeptSource(source, tuple(map(str, said["posts"])))


@contextlib.contextmanager
def _restored_on_failure(before: dict[Path, bytes | None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for path, content in before.items():
            with contextlib.suppress(OSError):
                if content is None:
                    path.unlink(missing_ok=True)
                elif path.read_bytes() != content:
                    write_whole(path, content)
        raise


def write_whole(path: Path, content: bytes | Iterable[bytes], *, synced: bool = True) -> None:
    """Write a file whole or not at all, in the place of one that is there; raises OSError.

    Content may come in parts, of which only one is held at a time.

    Not `synced`, it may be gone if the machine fails right after: for what can be written again.
    """
    # Not tempfile, whose files nobody else may read.
    unfinished = path.with_name(f".threadreader-{secrets.token_hex(6)}.part")
    try:
        with unfinished.open("xb") as file:
            file.writelines((content,) if isinstance(content, bytes) else content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
