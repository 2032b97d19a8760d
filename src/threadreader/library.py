"""The one verb: documents in. Importers -> `sources/`, `index.db`; and the two stores side by side.

A library is one folder. `sources/` holds each document as it came, named by its digest, beside a small file that
says where it lay, when it was added and which post it is: with the aliases in `annotations.db` that is all it takes
to build `index.db` again with the same ids.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self

from threadreader import anchoring, export, importers, search
from threadreader.annotations import Annotations, utc_now
from threadreader.errors import (
    DocumentError,
    IndexStale,
    LibraryError,
    LibraryReadOnly,
    ThreadReaderError,
    UnknownReference,
)
from threadreader.index import FileStamp, Index
from threadreader.model import (
    Annotation,
    Draft,
    Found,
    ListedPost,
    Problem,
    Source,
    TextQuote,
    Thread,
    collapsed,
    digest,
    thread_of,
)

Progress = Callable[[int, int, str], None]  # done, in all, what is being read
Status = Literal["added", "unchanged", "updated", "failed"]

SHARED = 0.6  # share of a post's comments that a document must hold to be a newer copy of it
FEWEST_SHARED = 3  # and at least so many: two posts may both hold "Thank you!"
SHORTEST_PREFIX = 6  # characters of an id that name it
_NO_THREAD = "no-thread"


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one document."""

    path: str
    status: Status
    threads: tuple[Thread, ...] = ()
    error: str | None = None


class Library:
    """A folder of threads and what the reader made of them. One object serves one thread; `clone` makes another."""

    def __init__(self, folder: Path, index: Index, annotations: Annotations) -> None:
        self.folder = folder
        self.index = index
        self.annotations = annotations
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def open(cls, folder: Path, *, progress: Progress | None = None) -> Self:
        """The library in `folder`, made if there is none, its index rebuilt if it is missing, old or damaged.

        On a disk that can't be written, a missing index is built in a temporary folder. Raises
        AnnotationsDamaged, StoreTooNew, or LibraryError where the folder can't be made.
        """
        annotations = Annotations.open(folder / "annotations.db")
        read_only = annotations.read_only
        path = folder / "index.db"
        try:
            return cls(folder, Index.open(path, read_only=read_only), annotations)
        except IndexStale:
            pass
        temporary = tempfile.TemporaryDirectory(prefix="threadreader-") if read_only else None
        if temporary:
            path = Path(temporary.name) / "index.db"
        try:
            _rebuild(folder, path, annotations, progress)
            library = cls(folder, Index.open(path), annotations)
        except BaseException:
            annotations.close()
            raise
        library._temporary = temporary
        return library

    def clone(self) -> "Library":
        """The same library for another thread."""
        return Library(self.folder, self.index.clone(), self.annotations.clone())

    def close(self) -> None:
        """Let go of both stores."""
        self.index.close()
        self.annotations.close()
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Can nothing be kept here?"""
        return self.annotations.read_only

    # Documents in

    def add(self, path: Path) -> Added:
        """Read one document and keep its threads; what fails changes nothing and is told in the answer."""
        path = path.absolute()
        try:
            data = importers.document(path)
            stamp = _stamp(path, hashlib.sha256(data).hexdigest(), "read")
            known = self._current(stamp.digest)
            if known:
                self.index.remember(stamp)
                return Added(str(path), "unchanged", tuple(self.index.thread(post) for post in known))
            drafts = importers.read_bytes(data, str(path))
            return self._keep(data, drafts, stamp)
        except ThreadReaderError as error:
            if isinstance(error, DocumentError):
                self._remember_failure(path)
            return Added(str(path), "failed", error=str(error))

    def refresh(self, paths: Iterable[Path], *, progress: Progress | None = None) -> list[Added]:
        """Read what is new or changed in `paths`; what did not change is not read again.

        In a folder, what no importer knows is passed over; a document that was named itself is told about.
        """
        named = list(_documents(paths))
        wanted = [(path, own) for path, own in named if own or not self._is_known(path)]
        results = []
        for done, (path, own) in enumerate(wanted):
            if progress:
                progress(done, len(wanted), path.name)
            if self._is_known(path) and self._status(path) != _NO_THREAD:
                continue
            added = self.add(path)
            if own or added.status != "failed":
                results.append(added)
        if progress and wanted:
            progress(len(wanted), len(wanted), "")
        self.mark_gone()
        return results

    def mark_gone(self) -> None:
        """Notice which posts lost their document, and which have it again."""
        if self.read_only and not self._temporary:
            return
        for post in self.index.posts():
            gone = not any(os.path.exists(path) for path in self.index.paths_of(post.id))  # noqa: PTH110
            if gone != post.source_gone:
                self.index.mark_gone(post.id, gone)

    def _is_known(self, path: Path) -> bool:
        """Was the document read as it lies there now?"""
        seen = self.index.seen(str(path.absolute()))
        try:
            stat = path.stat()
        except OSError:
            return False
        return seen is not None and (seen.size, seen.mtime_ns) == (stat.st_size, stat.st_mtime_ns)

    def _status(self, path: Path) -> str:
        seen = self.index.seen(str(path.absolute()))
        return seen.status if seen else ""

    def _remember_failure(self, path: Path) -> None:
        """So that a folder's notes and pictures are not read again at every start."""
        with contextlib.suppress(OSError, LibraryError):
            self.index.remember(_stamp(path, "", _NO_THREAD))

    def _current(self, name: str) -> list[str]:
        """The posts whose newest source is the document of that digest."""
        return [post for post in self.index.posts_of_digest(name) if self.index.sources(post)[0].digest == name]

    def _keep(self, data: bytes, drafts: Sequence[Draft], stamp: FileStamp) -> Added:
        if self.read_only and not self._temporary:
            raise LibraryReadOnly(f"{self.folder}: can't be written, so nothing can be added. Check the disk.")
        source = Source(stamp.digest, stamp.path, utc_now())
        aliases = self.annotations.aliases()
        updated, threads = False, []
        for ordinal, draft in enumerate(drafts):
            old = self._same_post(draft, stamp.path)
            post_id = old.post.id if old else _new_post_id(draft, stamp.digest, ordinal)
            if old:
                updated = True
                aliases |= self._kept_ids(old, draft)
            threads.append(thread_of(draft, post_id, source=stamp.path, aliases=aliases))
        with self._source_file(source, data, [thread.post.id for thread in threads]):
            self.index.put_many((thread, source) for thread in threads)
        self.index.remember(stamp)
        if not self.read_only:
            for thread in threads:
                self.annotations.retain(thread.post.id, thread.positions)
        return Added(stamp.path, "updated" if updated else "added", tuple(threads))

    def _same_post(self, draft: Draft, path: str) -> Thread | None:
        """The stored post that the draft is another copy of."""
        texts = [comment.text for comment in draft.comments]
        shared = self.index.posts_sharing(texts) if texts else {}
        for post in self.index.posts():
            common = shared.get(post.id, 0)
            same_title = not draft.title_derived and collapsed(draft.title) == collapsed(post.title)
            small = min(len(texts), post.comments) < FEWEST_SHARED
            if post.source == path and (common or same_title or small):
                return self.index.thread(post.id)
            if same_title and draft.date is not None and draft.date == post.date:
                return self.index.thread(post.id)
            if common >= FEWEST_SHARED and common >= SHARED * min(len(set(texts)), post.comments):
                return self.index.thread(post.id)
        return None

    def _kept_ids(self, old: Thread, draft: Draft) -> dict[str, str]:
        """The ids that edited comments keep, remembered for the next time the index is built."""
        natural = thread_of(draft, old.post.id, source="", aliases=self.annotations.aliases())
        kept = anchoring.kept_ids(old.comments, natural.comments)
        if kept and not self.read_only:
            self.annotations.keep_aliases(kept)
        return kept

    @contextlib.contextmanager
    def _source_file(self, source: Source, data: bytes, post_ids: Sequence[str]) -> Iterator[None]:
        """Keep the document itself for as long as what is done meanwhile succeeds."""
        if self.read_only:
            yield
            return
        folder = self.folder / "sources"
        about = {"path": source.path, "added": source.added.isoformat(), "posts": post_ids}
        files = {
            folder / f"{source.digest}.txt": data,
            folder / f"{source.digest}.json": json.dumps(about, ensure_ascii=False).encode(),
        }
        made = [path for path in files if not path.exists()]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path, content in files.items():
                _write(path, content)
            yield
        except BaseException as error:
            for path in made:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise LibraryError(f"{folder}: {error.strerror or error}. Check the disk.") from error
            raise

    # What is there

    def listed(self) -> list[ListedPost]:
        """Every post with what the reader made of it, in the index's order."""
        names, counts = self.annotations.names(), self.annotations.counts()
        listed = []
        for post in self.index.posts():
            made = counts.get(post.id)
            read, bookmarks, notes = (made.read, made.bookmarks, made.notes) if made else (0, 0, 0)
            unread = max(post.comments - read, 0)
            listed.append(ListedPost(post, names.get(post.id, post.title), unread, bookmarks, notes))
        return listed

    def title(self, post_id: str) -> str:
        """The reader's own name for a post, else its title."""
        return self.annotations.names().get(post_id) or self.index.post(post_id).title

    def resolve(self, reference: str, *, comment: bool = False) -> tuple[str, str | None]:
        """The post and comment that an id, a place (`2`, `2/4.1`) or the beginning of an id names.

        Raises UnknownReference for none, for several, and, where a `comment` is asked for, for a post.
        """
        posts = self.index.posts()
        head, slash, place = reference.strip().partition("/")
        found: list[tuple[str, str | None]] = []
        if head.isdecimal() and 1 <= int(head) <= len(posts):
            found = [(posts[int(head) - 1].id, None)]
        elif len(head) >= SHORTEST_PREFIX:
            post_ids, comment_ids = self.index.ids_with_prefix(head)
            found = [(post_id, None) for post_id in post_ids]
            if not slash:
                found += [(self.index.comment_post(one) or "", one) for one in comment_ids]
        if slash:
            found = [(post_id, one) for post_id, _ in found for one in self._at_place(post_id, place)]
        if comment and found and all(one is None for _, one in found):
            raise UnknownReference(f"{reference}: a post, not a comment. Name one as POST/PLACE, such as {head}/1.")
        if not found:
            raise UnknownReference(f"{reference}: names nothing here; `threadreader posts` lists what there is.")
        exact = [pair for pair in found if reference in pair]
        if len(found) > 1 and len(exact) != 1:
            candidates = ", ".join(one or post for post, one in found[:5])
            raise UnknownReference(f"{reference}: names several: {candidates}. Give more of the id.")
        return (exact or found)[0]

    def _at_place(self, post_id: str, place: str) -> list[str]:
        return [comment.id for comment in self.index.thread(post_id).comments if comment.place == place]

    def quote(self, post_id: str, comment_id: str | None) -> TextQuote:
        """The words that a mark on a comment, or on a post, is made on."""
        thread = self.index.thread(post_id)
        if comment_id is None:
            return TextQuote(thread.post.title)
        return TextQuote(thread.comments[thread.positions[comment_id]].text)

    def find(
        self, query: str, *, limit: int = 50, post_id: str | None = None, exact: bool = False
    ) -> Found:
        """Search everything: comments, bodies, titles, and the reader's notes."""
        notes = [mark for mark in self.annotations.marks(post_id) if mark.kind == "note"]
        return search.find(self.index, query, limit=limit, post_id=post_id, exact=exact, notes=notes)

    def markdown(self, post_id: str, *, marked_only: bool = False, exported: dt.datetime | None = None) -> str:
        """A thread with the reader's marks as Markdown."""
        return export.markdown(
            self.index.thread(post_id),
            self.annotations.marks(post_id),
            title=self.title(post_id),
            exported=exported or utc_now(),
            marked_only=marked_only,
        )

    def states(self, marks: Sequence[Annotation]) -> list[tuple[Annotation, str, str]]:
        """Each mark with its state and the reason: does it still stand on the words it was made on?"""
        posts = {post.id for post in self.index.posts()}
        threads = {post: self.index.thread(post) for post in {m.post_id for m in marks} & posts}
        told = []
        for mark in marks:
            state, reason = anchoring.state(mark, threads.get(mark.post_id))
            told.append((mark, state, reason))
        return told

    # Is all well

    def check(self) -> tuple[list[Problem], list[Annotation]]:
        """What is not consistent, and the annotations whose comment is no longer there."""
        problems = [*self.index.check(), *self.annotations.check(), *self._check_sources()]
        orphans = [mark for mark, state, _ in self.states(self.annotations.marks()) if state == "orphan"]
        return problems, orphans

    def _check_sources(self) -> Iterator[Problem]:
        for path in sorted((self.folder / "sources").glob("*.txt")):
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
                yield Problem("source-changed", str(path), "The document is not the one that was added.")
            if not path.with_suffix(".json").exists():
                yield Problem("source-unknown", str(path), "Nothing says where the document came from.")
        for post in self.index.posts():
            newest = self.index.sources(post.id)[0]
            if not self._temporary and not (self.folder / "sources" / f"{newest.digest}.txt").exists():
                yield Problem("source-missing", post.id, "The document is not in sources/: add it again.")

    def seed_verdicts(self, expected: Iterable["ExpectedDocument"]) -> list[tuple["ExpectedDocument", str, bool]]:
        """For each document that is listed: what came of it, and is that what is said of it."""
        return [(document, *self._verdict(document)) for document in expected]

    def _verdict(self, document: "ExpectedDocument") -> tuple[str, bool]:
        posts = self._current(document.digest)
        if not posts:
            return "absent", True
        thread = self.index.thread(posts[0])
        on_post = sum(comment.depth == 0 for comment in thread.comments)
        read = (thread.post.layout, len(thread.comments), on_post)
        agrees = read == (document.layout, document.comments, document.on_post)
        told = f"read, {read[0]}, {read[1]} comments, {read[2]} on the post"
        return (told if agrees else f"{told}; expected {document.comments} and {document.on_post}"), agrees


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """A line of the table in `seeds/README.md`."""

    name: str
    digest: str  # SHA-256
    layout: str
    comments: int
    on_post: int


def expected_documents(readme: str) -> list[ExpectedDocument]:
    """The documents listed in the table of `seeds/README.md`: name, SHA-256, layout, comments, on the post."""
    rows = [[cell.strip().strip("`") for cell in line.strip().strip("|").split("|")] for line in readme.splitlines()]
    return [
        ExpectedDocument(row[0], row[1], row[2], int(row[3]), int(row[4]))
        for row in rows
        if len(row) >= 5 and len(row[1]) == 64 and row[3].isdecimal() and row[4].isdecimal()
    ]


def _documents(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Files to read, and whether each was named itself; in a folder, not the hidden ones and no README."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and not name.lower().startswith("readme"):
                    yield Path(folder) / name, False


def _stamp(path: Path, name: str, status: str) -> FileStamp:
    stat = path.stat()
    return FileStamp(str(path.absolute()), stat.st_size, stat.st_mtime_ns, name, status)


def _new_post_id(draft: Draft, source_digest: str, ordinal: int) -> str:
    own = draft.source_id or draft.url
    return digest(own) if own else digest(source_digest, str(ordinal))


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _rebuild(folder: Path, path: Path, annotations: Annotations, progress: Progress | None) -> None:
    """Build the index anew from `sources/`: for each post its newest document, with the ids it had."""
    aliases = annotations.aliases()
    newest: dict[str, tuple[Source, int]] = {}
    for source, posts in _kept_sources(folder / "sources"):
        for ordinal, post_id in enumerate(posts):
            newest[post_id] = source, ordinal
    with Index.rebuilding(path) as index:
        index.put_many(_reread(folder / "sources", newest, aliases, progress))


def _kept_sources(folder: Path) -> list[tuple[Source, list[str]]]:
    """Every document in `sources/` with the posts it held, oldest first."""
    found = []
    for about in folder.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError):  # `check` tells of what can't be read
            said = json.loads(about.read_bytes())
            added = dt.datetime.fromisoformat(said["added"])
            found.append((Source(about.stem, said["path"], added), list(said["posts"])))
    return sorted(found, key=lambda pair: (pair[0].added, pair[0].digest))


def _reread(
    folder: Path,
    newest: dict[str, tuple[Source, int]],
    aliases: dict[str, str],
    progress: Progress | None,
) -> Iterator[tuple[Thread, Source]]:
    for done, (post_id, (source, ordinal)) in enumerate(newest.items()):
        if progress:
            progress(done, len(newest), Path(source.path).name)
        try:
            drafts = importers.read(folder / f"{source.digest}.txt")
        except DocumentError:
            continue  # the others are still there; `check` tells of this one
        yield replace_source(thread_of(drafts[ordinal], post_id, source=source.path, aliases=aliases)), source


def replace_source(thread: Thread) -> Thread:
    """The thread with its `source gone` as the disk says now."""
    gone = not Path(thread.post.source).exists()
    return replace(thread, post=replace(thread.post, source_gone=gone))
