"""The one verb: documents in. Importers -> `sources/`, `index.db`; and the two stores side by side.

A library is one folder: `sources/` and `annotations.db` are the truth, `index.db` can be built again at will.
What opening a thread does not need (search, export, anchoring) is imported where it is used.
"""

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from threadreader.annotations import Annotations, Counts, Step, utc_now
from threadreader.errors import (
    DocumentError,
    IndexStale,
    LibraryError,
    LibraryReadOnly,
    UnknownReference,
)
from threadreader.index import FileStamp, Index, Ready
from threadreader.library import documents, mending, reading
from threadreader.library.matching import NewPost, same_post
from threadreader.library.rebuilding import MANY, Progress, fill, rebuild
from threadreader.library.references import Target, resolve
from threadreader.library.sources import Sources, is_there, write_whole
from threadreader.library.verdicts import ExpectedDocument, Verdict, expected_documents, verdict
from threadreader.model import (
    Anchored,
    Annotation,
    Copy,
    Destination,
    Draft,
    Found,
    ListedPost,
    Post,
    Problem,
    SavedSearch,
    Source,
    TextQuote,
    Thread,
    collapsed,
    thread_of,
)
from threadreader.store import Alone

__all__ = [
    "Added",
    "ExpectedDocument",
    "Library",
    "Progress",
    "Status",
    "Target",
    "Verdict",
    "expected_documents",
    "write_whole",
]

Status = Literal["added", "unchanged", "updated", "failed"]

_NOTES_LIMIT = 2_000  # hits among which notes are looked for
_NAME_LENGTH = 100  # characters of a bookmarked text that it is found by
_FILLED_ELSEWHERE = "the index is being built by another program. Try again when that is done."
_READ_AGAIN = 2  # documents that are kept in memory: who mends goes on mending
_AT_A_TIME = 200  # documents that are kept together while one reads


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one document."""

    path: str  # absolute
    status: Status
    threads: tuple[Thread, ...] = ()
    error: str | None = None
    library_failed: bool = False  # the error is the library's: the next document would fail as well
    none_kept: bool = False  # the documents that were kept together with it are not kept either


@dataclass(slots=True)
class _Gathered:
    """What is known and owed while many documents are kept together."""

    aliases: dict[str, str]  # of comments and posts, as in the store, with those of these documents
    kept: dict[str, str] = field(default_factory=dict)  # aliases of these documents, not in the store yet
    post_ids: list[str] = field(default_factory=list)  # whose read marks are to be looked at


class Library:
    """A folder of threads and what the reader made of them.

    One object serves the thread that opened it; `clone` makes another one.
    """

    def __init__(
        self,
        folder: Path,
        index: Index,
        annotations: Annotations,
        *,
        temporary: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self.folder = folder
        self.index = index
        self.annotations = annotations
        self.sources = Sources(folder / "sources")
        self._drafts = lru_cache(_READ_AGAIN)(self.sources.read)
        self._temporary = temporary
        self._gathered: _Gathered | None = None
        self._posts: tuple[tuple[int, int], Sequence[ListedPost]] | None = None
        self.must_fill = False
        """Was the index begun anew here, to be filled by `fill`?"""
        self._filling: Alone | None = None

    @classmethod
    def open(
        cls, folder: Path, *, progress: Progress | None = None, anew: bool = False, unfilled: bool = False
    ) -> Self:
        """The library in `folder`, made if there is none, its index rebuilt if missing, old or damaged.

        `anew` rebuilds the index whatever it looks like. Where that takes its time, who takes it `unfilled`
        has to `fill` it, and can read meanwhile. On a disk that can't be written it is built in a temporary
        folder. Raises AnnotationsDamaged, StoreTooNew, or LibraryError where nothing can be read.
        """
        folder = folder.absolute()
        annotations = Annotations.open(folder / "annotations.db")
        try:
            if not anew:
                with contextlib.suppress(IndexStale):
                    index = Index.open(folder / "index.db", read_only=annotations.read_only)
                    if not index.is_unfinished:
                        library = cls(folder, index, annotations)
                        with contextlib.suppress(LibraryError):  # what is there can be read as it is
                            library.settle()
                        return library
                    index.close()
            if annotations.read_only:
                return cls._rebuilt(folder, annotations, progress)
            alone = Alone.at(folder / "index.db-filling")
            if alone is None and unfilled:
                return cls(folder, Index.open(folder / "index.db"), annotations)
            if alone is None:
                raise LibraryError(f"{folder}: {_FILLED_ELSEWHERE}")
            if not unfilled or not Sources(folder / "sources").are_more_than(MANY):
                with contextlib.closing(alone):
                    return cls._rebuilt(folder, annotations, progress)
            library = cls(folder, Index.begun_anew(folder / "index.db"), annotations)
            library.must_fill, library._filling = True, alone
            return library
        except BaseException:
            annotations.close()
            raise

    @classmethod
    def _rebuilt(cls, folder: Path, annotations: Annotations, progress: Progress | None) -> Self:
        temporary = tempfile.TemporaryDirectory(prefix="threadreader-") if annotations.read_only else None
        path = Path(temporary.name if temporary else folder) / "index.db"
        sources, mendings = Sources(folder / "sources"), annotations.mendings_by_post()
        rebuild(path, sources, annotations.aliases(), mendings, progress)
        return cls(folder, Index.open(path), annotations, temporary=temporary)

    def fill(self, progress: Progress | None = None) -> None:
        """Put all posts into an index that was begun anew here; nothing where it is whole.

        Raises LibraryError where another program does so: what came meanwhile would be taken for new posts.
        """
        if not self.index.is_unfinished:
            return
        if not self.must_fill:
            raise LibraryError(f"{self.folder}: {_FILLED_ELSEWHERE}")
        mendings = self.annotations.mendings_by_post()
        fill(self.index, self.sources, self.annotations.aliases(), mendings, progress)
        self.settle()

    def clone(self) -> "Library":
        """The same library for another thread, to be called in that thread."""
        other = Library(self.folder, self.index.clone(), self.annotations.clone())
        other.must_fill = self.must_fill
        return other

    def close(self) -> None:
        """Let go of both stores."""
        self.index.close()
        self.annotations.close()
        if self._filling:
            self._filling.close()
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Can nothing that the reader makes be kept here?"""
        return self.annotations.read_only

    # Documents in

    def add(self, path: Path) -> Added:
        """Read one document and keep its threads; what fails changes nothing and is told in the answer."""
        path = path.absolute()
        try:
            self.fill()
            return self._added(reading.opened(path))
        except LibraryError as error:
            return Added(str(path), "failed", error=str(error), library_failed=True)

    def add_all(self, paths: Iterable[Path], *, progress: Progress | None = None) -> list[Added]:
        """`add` each document, and each in the folders among them.

        Goes on after a document that fails, but not after the library does.
        """
        results = list(self.add_each(paths, progress=progress))
        return results[-1:] if results and results[-1].none_kept else results

    def add_each(
        self, paths: Iterable[Path], *, progress: Progress | None = None
    ) -> Generator[Added, None, None]:
        """`add_all`, an answer at a time, so that not all of them take memory.

        Many documents are kept together after the last of them. If the caller stops before that, or the
        library fails, which the last answer tells, then none is kept.
        """
        found = documents.in_paths(paths, apart_from=self.folder)
        yield from self._add_each([path for path, _ in found], progress)
        self.mark_gone()

    def refresh(self, paths: Iterable[Path], *, progress: Progress | None = None) -> list[Added]:
        """Read what is new or changed in `paths`; what did not change is not read again.

        In a folder, what holds no thread is passed over in silence; of a document that was named itself, and
        of a library that fails, the answer tells. No answer has threads. Of many documents some are kept at a
        time, so that one can read them while more come.
        """
        found = list(documents.in_paths(paths, apart_from=self.folder))
        seen = self._stamps(found)
        news: dict[Path, bool] = {}
        for path, named_itself in found:
            if self._is_news(path, seen, named_itself=named_itself):
                news[path] = named_itself or news.get(path, False)
        results = [
            replace(added, threads=()) for added in self._add_each(list(news), progress, at_a_time=_AT_A_TIME)
        ]
        self.mark_gone()
        return [a for a in results if a.error is None or a.library_failed or news[Path(a.path)]]

    def mark_gone(self) -> None:
        """Notice which posts lost their document, and which have it again."""
        if self.index.read_only:
            return
        for post_id, was_gone, paths in self.index.documents():
            gone = not any(map(is_there, paths))
            if gone != was_gone:
                self.index.mark_gone(post_id, gone)

    def _stamps(self, found: Sequence[object]) -> Callable[[str], FileStamp | None]:
        """What the index remembers of a path, at hand where many are `found`."""
        if len(found) < reading.MANY:
            return self.index.seen
        return {stamp.path: stamp for stamp in self.index.files()}.get

    def _is_news(
        self, path: Path, seen_at: Callable[[str], FileStamp | None], *, named_itself: bool = False
    ) -> bool:
        """Was the document not read as it lies there now? One without a thread is news to who names it."""
        seen = seen_at(str(path)) if documents.is_plain(path) else None
        try:
            stat = path.stat()
        except OSError:
            return True
        if seen is None or (seen.size, seen.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            return True
        return named_itself and seen.status == reading.NO_THREAD

    def _add_each(
        self, paths: Sequence[Path], progress: Progress | None, *, at_a_time: int | None = None
    ) -> Iterator[Added]:
        """An answer for each document; many are kept together, or so many `at_a_time`."""
        told = progress or (lambda done, total, name: None)
        try:
            self.fill(progress)
        except LibraryError as error:
            at = str(paths[0]) if paths else str(self.folder)
            yield Added(at, "failed", error=str(error), library_failed=True, none_kept=True)
            return
        if len(paths) >= reading.MANY and not self.index.read_only:
            yield from self._add_together(paths, told, at_a_time or len(paths))
        else:
            for done, path in enumerate(paths):
                told(done, len(paths), path.name)
                added = self.add(path)
                yield added
                if added.library_failed:
                    break
        if paths:
            told(len(paths), len(paths), "")

    def _add_together(self, paths: Sequence[Path], progress: Progress, at_a_time: int) -> Iterator[Added]:
        seen_at = self._stamps(paths)
        known = {path for path in paths if not self._is_news(path, seen_at)}
        at = paths[0]
        with contextlib.closing(reading.each(paths, only_opened=known, as_posts=True)) as read:
            try:
                for begin in range(0, len(paths), at_a_time):
                    with self._gathering():
                        for done, document in enumerate(itertools.islice(read, at_a_time), begin):
                            at = document.path
                            progress(done, len(paths), at.name)
                            yield self._added(document)
            except LibraryError as error:
                yield Added(str(at), "failed", error=str(error), library_failed=True, none_kept=True)

    @contextlib.contextmanager
    def _gathering(self) -> Iterator[None]:
        """Keep many documents together: all, or none if an error leaves the block."""
        gathered = self._gathered = _Gathered(self.annotations.aliases())
        try:
            if self.read_only:
                with self.index.gathering():
                    yield
                return
            with self.sources.gathering(), self.index.gathering():
                yield
                self.sources.settle()
                if gathered.kept:
                    self.annotations.keep_aliases(gathered.kept)
        finally:
            self._gathered = None
        counted = self.annotations.counts()
        for post_id in gathered.post_ids:
            if post_id in counted:
                self.annotations.retain(post_id, self.index.thread(post_id).positions)

    def _added(self, document: reading.ReadDocument) -> Added:
        """What comes of a document that was opened, and perhaps read; raises LibraryError."""
        path = str(document.path)
        if document.stamp:
            known = self._posts_already_in(document.stamp)
            if known:
                self._remember(document.stamp)
                return Added(path, "unchanged", tuple(map(self.index.thread, known)))
            if not document.posts and not document.error:
                document = reading.with_posts(reading.read(document))
        if document.stamp and document.error:
            self._remember(document.stamp)
        if document.stamp is None or document.error:
            return Added(path, "failed", error=str(document.error))
        return self._keep(document, document.stamp)

    def _posts_already_in(self, stamp: FileStamp) -> list[str]:
        """The posts of a document that brings nothing new.

        It is the newest that they were read from, or still the one that lay at this path.
        """
        posts = []
        for post_id in self.index.posts_of_digest(stamp.digest):
            sources = self.index.sources(post_id)
            from_here = [source for source in sources if source.path == stamp.path]
            if any(newest.digest == stamp.digest for newest in (sources[0], *from_here[:1])):
                posts.append(post_id)
        return posts

    def _remember(self, stamp: FileStamp) -> None:
        """Not to read a document again while it stays as it is."""
        if not self.index.read_only:
            self.index.remember(stamp)

    def _keep(self, document: reading.ReadDocument, stamp: FileStamp) -> Added:
        if self.index.read_only:
            raise LibraryReadOnly(
                f"{self.folder}: can't be written, so nothing is added. Choose another folder with --library."
            )
        source = Source(stamp.digest, stamp.path, utc_now())
        posts = self._matched(document.posts, stamp)
        ready = list(self._ready(document, posts))
        threads = [thread for thread, _ in ready]
        if self.read_only:  # the index is a temporary one
            self.index.put_many((one, source) for one in ready)
        else:
            with self.sources.keeping(source, document.data, [thread.post.id for thread in threads]):
                self.index.put_many((one, source) for one in ready)
            for thread in threads:
                if self._gathered:
                    self._gathered.post_ids.append(thread.post.id)
                else:
                    self.annotations.retain(thread.post.id, thread.positions)
        self.index.remember(stamp)
        return Added(stamp.path, "updated" if any(posts) else "added", tuple(threads))

    def _matched(self, posts: Sequence[NewPost], stamp: FileStamp) -> list[str | None]:
        """For each post the id of the stored one that it is another copy of.

        Where that came without the post's own id, what this is known by is kept.
        """
        path = stamp.path if len(posts) == 1 else None
        owns = self._owns(posts)
        taken = set(filter(None, owns))
        matched: list[str | None] = []
        kept: dict[str, str] = {}
        for new, own in zip(posts, owns, strict=True):
            taken.discard(own or "")
            post = same_post(self.index, new, own=own, path=path, taken=taken, as_it_came=self.as_it_came)
            matched.append(post.id if post else None)
            taken |= {one for one in (own, matched[-1]) if one}
            if new.own_id and post and post.id != own:
                kept[new.own_id] = post.id
        self._keep_aliases(kept)
        return matched

    def _owns(self, posts: Sequence[NewPost]) -> list[str | None]:
        """What each post that has an id of its own is stored as, if it is."""
        if not any(new.own_id for new in posts):
            return [None] * len(posts)
        aliases = self._aliases()
        return [aliases.get(new.own_id, new.own_id) if new.own_id else None for new in posts]

    def _ready(self, document: reading.ReadDocument, posts: Sequence[str | None]) -> Iterator[Ready]:
        """The threads of a document, each of the stored post that it is a copy of, if any."""
        aliases = self._aliases()
        mendings = self.annotations.mendings_by_post()
        drafts: Sequence[Draft] = ()
        for ordinal, (new, post_id) in enumerate(zip(document.posts, posts, strict=True)):
            thread = new.ready.thread
            own = post_id or thread.post.id
            if post_id or own in mendings or any(comment.id in aliases for comment in thread.comments):
                drafts = drafts or reading.drafts_in(document)
                name = document.stamp.digest if document.stamp else ""
                draft, path = drafts[ordinal], str(document.path)
                came = self._thread(draft, own, path, name, aliases, known=bool(post_id))
                yield Ready.of(mending.as_mended(came, mendings.get(own, ())))
            else:
                yield new.ready

    def _aliases(self) -> dict[str, str]:
        return self._gathered.aliases if self._gathered else self.annotations.aliases()

    def _thread(
        self, draft: Draft, post_id: str, path: str, copy: str, aliases: Mapping[str, str], *, known: bool
    ) -> Thread:
        """The thread that a draft tells; in a `known` post its comments have the ids that they had."""
        thread = thread_of(draft, post_id, source=path, aliases=aliases, copy=copy)
        if not known:
            return thread
        from threadreader.library import succession

        before = self.index.thread(post_id)
        marks = self.annotations.marks(post_id)
        self._complete(marks, before)
        if before.post.mended:  # documents are compared as they came
            parts = mending.parts(self.annotations.mendings(post_id))
            marks = [mark for mark in marks if mark.comment_id not in parts]
            before = self.as_it_came(post_id) or before
        kept = succession.aliases_of(draft, before, marks, aliases, copy)
        if not kept:
            return thread
        self._keep_aliases(kept)
        return thread_of(draft, post_id, source=path, aliases=dict(aliases) | kept, copy=copy)

    def _keep_aliases(self, kept: Mapping[str, str]) -> None:
        """Remember by what comments and posts are known instead of the ids that they get by themselves."""
        if not kept:
            return
        if self._gathered:
            self._gathered.aliases |= kept
            self._gathered.kept |= kept
        elif not self.read_only:
            self.annotations.keep_aliases(kept)

    def _complete(self, marks: Sequence[Annotation], thread: Thread) -> None:
        """Note what marks stand on, as far as it is not known, before a newer copy takes its place."""
        from threadreader import anchoring

        copies = {mark.id: copy for mark in marks if (copy := anchoring.completed(mark, thread))}
        if copies and not self.read_only:
            self.annotations.keep_copies(copies)

    # What is there

    def listed(self, first: int | None = None) -> list[ListedPost]:
        """Every post with what the reader made of it, in the index's order; or about the `first` of them."""
        posts = self.posts_as_they_came() if first is None else _as_they_came(self.index.posts(first))
        store = self.annotations
        names, counts, tags = store.names(), store.counts(), store.post_tags()
        made = names.keys() | counts.keys() | tags.keys()
        none = Counts()
        return [
            _listed(row.post, names, counts.get(row.post.id, none), tags.get(row.post.id, ()))
            if row.post.id in made
            else row
            for row in posts
        ]

    def posts_as_they_came(self) -> Sequence[ListedPost]:
        """Every post without what the reader made of it; read once for each change of the index."""
        version = self.index.data_version()
        if self._posts is None or self._posts[0] != version:
            self._posts = version, _as_they_came(self.index.posts())
        return self._posts[1]

    def take_posts(self, posts: Sequence[ListedPost], version: tuple[int, int]) -> None:
        """Spare reading `posts_as_they_came`, since a clone did, after the index had that `data_version`."""
        self._posts = version, posts

    def title(self, post_id: str) -> str:
        """The reader's own name for a post, else its title."""
        return self.annotations.names().get(post_id) or self.index.post(post_id).title

    def earlier(self, post_id: str) -> Thread | None:
        """The copy of a post before the newest one, with the ids of this; None where there was none."""
        came = self.as_it_came(post_id, 1)
        return came and mending.as_mended(came, self.annotations.mendings(post_id))

    def as_it_came(self, post_id: str, nth: int = 0) -> Thread | None:
        """The nth copy of a post, the newest first, before any mending; None where there is none."""
        if self._gathered:
            self.sources.settle()  # some may still be written
        for source in self.index.sources(post_id)[nth : nth + 1]:
            with contextlib.suppress(DocumentError, ValueError, IndexError):
                at = self.sources.posts_in(source.digest).index(post_id)
                draft = self._drafts(source.digest)[at]
                gone, path = self.index.post(post_id).source_gone, source.path
                return thread_of(
                    draft, post_id, source=path, source_gone=gone, aliases=self._aliases(), copy=source.digest
                )
        return None

    def settle(self) -> list[str]:
        """Let the index have the mendings that the reader's store has; gives the posts that changed.

        Whatever changes these (undo, another program, a restored store) makes it wanted.
        """
        store = self.annotations
        if self.index.read_only:
            return []
        wanted, there = store.mendings_by_post(), self.index.mended()
        return mending.settle(self, wanted, there) if wanted or there else []

    def undo(self) -> Step | None:
        """Take back what was done last, and show it."""
        step = self.annotations.undo_step()
        self.settle()
        return step

    def redo(self) -> Step | None:
        """Do again what was taken back last, and show it."""
        step = self.annotations.redo_step()
        self.settle()
        return step

    def destinations(self) -> list[Destination]:
        """Everything that can be gone to by name: posts, authors and tags, the commonest first, bookmarks."""
        listed = self.listed()
        titles = {row.post.id: row.title for row in listed}
        posts = [Destination("post", row.title, _comments(row.post.comments), row.post.id) for row in listed]
        authors = [Destination("author", name, _comments(count)) for name, count in self.index.authors()]
        bookmarks = [
            Destination("bookmark", words, titles[mark.post_id], mark.post_id, mark.comment_id)
            for mark in self.annotations.marks()
            if mark.kind == "bookmark" and mark.post_id in titles
            if (words := collapsed(mark.quote.exact)[:_NAME_LENGTH])
        ]
        tags = [
            Destination("tag", tag, f"on {count}") for tag, count in self.annotations.tag_counts().items()
        ]
        labels = [
            Destination("author", person.label, person.name, author=person.name)
            for person in self.annotations.people().values()
            if person.label
        ]
        return [*posts, *authors, *labels, *tags, *bookmarks]

    def resolve(self, reference: str, *, comment: bool = False) -> Target:
        """The post and comment that an id, a place (`2`, `2/4.1`) or the beginning of an id names.

        Raises UnknownReference for none, for several, and, where a `comment` is asked for, for a post.
        """
        return resolve(self.index, reference, comment=comment)

    def quote(self, post_id: str, comment_id: str | None) -> TextQuote:
        """The words that a mark on a whole comment, or on a post, is made on."""
        if comment_id is None:
            return TextQuote(self.index.post(post_id).title)
        thread = self.index.thread(post_id)
        text = thread.comments[thread.positions[comment_id]].text
        return TextQuote(text, copy=Copy(text))

    def passage(
        self, post_id: str, comment_id: str | None, words: str, nth: int = 1
    ) -> tuple[TextQuote, int]:
        """The nth place of `words` in a comment, or in a post's body, and how many places there are.

        White space may be set otherwise, and quotes and dashes typed as on a typewriter. Raises
        UnknownReference where they don't stand there, telling what is nearly the same.
        """
        from threadreader import anchoring

        text = self._text(post_id, comment_id)
        places = anchoring.typed(text, words)
        if nth > len(places) > 0:
            raise UnknownReference(f"“{words}”: these words stand there {len(places)} times, not {nth}.")
        if not places:
            near = anchoring.quote_in(text, TextQuote(words))
            nearly = f" Nearly the same is there: “{collapsed(text[slice(*near)])}”." if near else ""
            told = f"“{words}”: these words don't stand there.{nearly} Copy them from the text."
            raise UnknownReference(told)
        return anchoring.quote_of(text, *places[nth - 1]), len(places)

    def attach(self, mark_id: str, target: Target) -> Anchored:
        """Let a mark stand on a comment, or on a post, from now on: one step to undo.

        A passage stands on its words, if they can be made out there; else it keeps them, and is told of.
        Raises UnknownReference if the mark is not there, or is a second bookmark.
        """
        from threadreader import anchoring

        mark, (post_id, comment_id) = self.annotations.mark(mark_id), target
        if anchoring.is_passage(mark):
            quote = anchoring.moved_into(self._text(post_id, comment_id), mark.quote)
        else:
            quote = self.quote(post_id, comment_id)
        (anchored,) = self.states([self.annotations.attach(mark_id, post_id, comment_id, quote)])
        return anchored

    def _text(self, post_id: str, comment_id: str | None) -> str:
        thread = self.index.thread(post_id)
        return thread.comments[thread.positions[comment_id]].text if comment_id else thread.body

    def find(
        self,
        query: str,
        *,
        limit: int = 50,
        post_id: str | None = None,
        exact: bool = False,
        here: str | None = None,
    ) -> Found:
        """Search everything: comments, bodies, titles, and the reader's notes; a mistake is in the answer.

        `post_id` is the post to search alone, `here` the one that is open, for who asks `in:thread`.
        """
        from threadreader import search

        return search.find(
            self.index,
            query,
            limit=limit,
            post_id=post_id,
            exact=exact,
            here=here,
            notes=self.annotations.marks(post_id),
            read=self.annotations.all_read,
            tagged=self.annotations.tagged,
            people=self.annotations.people,
        )

    def states(self, marks: Sequence[Annotation]) -> list[Anchored]:
        """Each mark with where it stands now, and how that differs from what it was made on."""
        from threadreader.anchoring import Anchors

        posts = {post.id for post in self.index.posts()} & {mark.post_id for mark in marks}
        anchors = {post_id: Anchors(self.index.thread(post_id)) for post_id in posts}
        nowhere = Anchors(None)
        return [anchors.get(mark.post_id, nowhere).of(mark) for mark in marks]

    def find_saved(self, search: SavedSearch, *, limit: int = 50) -> Found:
        """What a saved search finds; one in the thread that is open looks everywhere here."""
        if search.scope != "my notes":
            return self.find(search.words, limit=limit, exact=search.exact)
        found = self.find(search.words, limit=max(limit, _NOTES_LIMIT), exact=search.exact)
        notes = tuple(hit for hit in found.hits if hit.where == "note")
        return replace(found, hits=notes[:limit])

    # Is all well

    def check(self) -> tuple[list[Problem], list[Annotation]]:
        """What is not consistent, and the annotations whose comment is no longer there."""
        problems = [*self.index.check(), *self.annotations.check(), *self.sources.check()]
        states = self.states(self.annotations.marks())
        orphans = [anchored.mark for anchored in states if anchored.state == "orphan"]
        return problems, orphans

    def verdicts(self, expected: Iterable[ExpectedDocument]) -> list[Verdict]:
        """What came of each document of which it is known what must be read in it."""
        return [verdict(document, self.sources) for document in expected]


def _comments(count: int) -> str:
    return f"{count} comment{'' if count == 1 else 's'}"


def _as_they_came(posts: Iterable[Post]) -> Sequence[ListedPost]:
    return [ListedPost(post, post.title, post.comments, 0, 0) for post in posts]


def _listed(post: Post, names: dict[str, str], made: Counts, tags: tuple[str, ...]) -> ListedPost:
    unread = max(post.comments - made.read, 0)
    title = names.get(post.id, post.title)
    return ListedPost(post, title, unread, made.bookmarks, made.notes, made.highlights, tags)
