"""SQLite and FTS5 through sqlite-utils: what came from sources. Derived: rebuilt from them at will.

Threads flow in whole, by `put`; posts, threads and passages to search flow out. sqlite-utils makes the
schema and is imported only then; rows go through the standard library, which starts at once.
"""

import datetime as dt
import itertools
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from threadreader.errors import IndexStale, LibraryError, LibraryReadOnly, QueryInterrupted, UnknownReference
from threadreader.model import Comment, Post, Problem, Source, Thread, ThreadWarning, collapsed, digest
from threadreader.store import BUSY_TIMEOUT, transaction

VERSION = 1  # of the schema; any other is rebuilt
_TOKENIZER = "unicode61 remove_diacritics 2"
_LINE_LENGTH = 200  # characters that are read of a parent, enough for its first line on a screen
# bm25 thinks most of the shortest text; this many words halve that opinion, so that "Thanks!" leads nothing.
_SHORT = 8.0

_POST = (
    "id, title, title_derived, date, author, url, source, layout, comments, declared_comments, encoding,"
    " source_gone, warnings"
)
_COMMENT = "id, parent_id, place, depth, text, author, signed, created, permalink, warnings"
_POST_ROW = "(SELECT row FROM posts WHERE id = ?)"
_STAMP = "path, size, mtime_ns, digest, status"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A document as it lay on the disk when it was last looked at."""

    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    digest: str  # SHA-256 of the bytes, hexadecimal; empty if it could not be read
    status: str  # what came of it, in the caller's words: "read", "no-thread"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a search has to judge."""

    post_id: str
    comment_id: str | None  # None for a post's title or body
    where: Literal["title", "body", "comment", "note"]
    text: str
    place: str | None = None
    parent_line: str | None = None  # first line of the parent comment's text


class Vocabulary:
    """The words of every text in the index, folded as the index folds them, each with its number of texts."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._beginnings: dict[int, dict[str, int]] = {}

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        """Words by number of characters."""
        buckets: dict[int, list[str]] = {}
        for word in self.counts:
            buckets.setdefault(len(word), []).append(word)
        return buckets

    def beginnings(self, length: int) -> dict[str, int]:
        """The first `length` characters of each longer word, with the number of texts of all such words."""
        if length not in self._beginnings:
            counts: dict[str, int] = {}
            for size, words in self.by_length.items():
                if size > length:
                    for word in words:
                        counts[word[:length]] = counts.get(word[:length], 0) + self.counts[word]
            self._beginnings[length] = counts
        return self._beginnings[length]


class Index:
    """What the documents of one library hold, as posts, threads and words.

    One object serves one thread at a time; `clone` gives another one.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._vocabulary: tuple[tuple[int, int], Vocabulary] | None = None

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """The index at `path`; raises IndexStale if there is none, or it has another version or is damaged.

        `read_only` reads it on a disk where nothing can be written, without what another process has not
        yet worked in.
        """
        if not path.exists():
            raise IndexStale(f"{path}: no index there. It is built from the sources.")
        with _explained(path):
            connection = _readable(path) if read_only else _connected(path, "mode=rw")
            if not read_only:
                connection.execute("PRAGMA synchronous = NORMAL")
        return cls(connection, path, read_only=read_only)

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty index at `path`, where there must be none."""
        with _explained(path):
            connection = _opened(path, "mode=rwc")
            try:
                _make_schema(connection)
                connection.execute("PRAGMA journal_mode = WAL")
            except BaseException:
                connection.close()
                raise
        return cls(connection, path, read_only=False)

    @classmethod
    @contextmanager
    def rebuilding(cls, path: Path) -> Iterator[Self]:
        """A new index to fill, which takes the place of the one at `path` unless an error ends it."""
        try:
            folder = tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent)
        except OSError as error:
            raise LibraryReadOnly(
                f"{path.parent}: no index can be built there ({error.strerror})."
            ) from error
        with folder:
            built = Path(folder.name) / path.name
            index = cls.create(built)
            try:
                yield index
            finally:
                index.close()
            # SQLite would work a log that outlived its file into the new one.
            for end in ("-wal", "-shm"):
                Path(f"{path}{end}").unlink(missing_ok=True)
            built.replace(path)

    def clone(self) -> Self:
        """The same index for another thread."""
        return type(self).open(self.path, read_only=self.read_only)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def interrupt(self) -> None:
        """End the query that runs now, from any thread: it raises QueryInterrupted in its own."""
        self._connection.interrupt()

    def data_version(self) -> tuple[int, int]:
        """Differs from the last answer once anybody, here or in another process, has changed the index."""
        ((version,),) = self._rows("PRAGMA data_version")
        return version, self._connection.total_changes

    # Adding and removing

    def put(self, thread: Thread, source: Source) -> None:
        """Insert `thread`, or let it replace what is stored of its post, in one transaction.

        Only the texts that changed are indexed anew. `source` joins the sources that the post has. Raises
        LibraryError, with nothing changed, if a comment's id is taken.
        """
        with self._writing():
            self._replace(thread, source)

    def put_many(self, threads: Iterable[tuple[Thread, Source]]) -> None:
        """`put` each in one transaction for all; the fastest way to fill an empty index."""
        with self._writing():
            if not self._rows("SELECT 1 FROM posts LIMIT 1"):
                threads = self._fill(threads)
            for thread, source in threads:
                self._replace(thread, source)

    def remove(self, post_id: str) -> None:
        """Forget a post, if it is there; the stamps of its files stay, so that they are not read again."""
        with self._writing():
            for row, title, body in self._rows("SELECT row, title, body FROM posts WHERE id = ?", (post_id,)):
                self._forget_words("posts", "title, body", [(row, title, body)])
                stored = self._rows("SELECT row, text FROM comments WHERE post = ?", (row,))
                self._forget_words("comments", "text", stored)
                for table, column in (("comments", "post"), ("sources", "post"), ("posts", "row")):
                    self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (row,))

    def mark_gone(self, post_id: str, gone: bool) -> None:
        """Keep whether the document that a post was read from is no longer where it lay."""
        with self._writing():
            self._connection.execute("UPDATE posts SET source_gone = ? WHERE id = ?", (gone, post_id))

    def _fill(self, threads: Iterable[tuple[Thread, Source]]) -> list[tuple[Thread, Source]]:
        """Fill the empty index, words last; gives back the threads of posts that came more than once."""
        from sqlite_utils import Database

        database = Database(self._connection, execute_plugins=False)
        for name, *_ in _COMMENT_INDEXES:
            database.execute(f"DROP INDEX {name}")
        rows = itertools.count(1)
        known: set[str] = set()
        again = []
        for thread, source in threads:
            if thread.post.id in known:
                again.append((thread, source))
                continue
            known.add(thread.post.id)
            post = self._insert_post(None, thread)
            self._insert_comments(post, zip(rows, thread.comments, strict=False))
            self._add_source(post, source)
        _make_comment_indexes(database)
        for table in ("posts", "comments"):
            database.table(table).rebuild_fts()
        return again

    def _replace(self, thread: Thread, source: Source) -> None:
        post = self._replace_post(thread)
        stored = {
            comment_id: (row, text)
            for row, comment_id, text in self._rows(
                "SELECT row, id, text FROM comments WHERE post = ?", (post,)
            )
        }
        ((newest,),) = self._rows("SELECT coalesce(max(row), 0) FROM comments")
        fresh = itertools.count(newest + 1)
        placed = [(stored[c.id][0] if c.id in stored else next(fresh), c) for c in thread.comments]
        before = set(stored.values())
        after = {(row, comment.text) for row, comment in placed}
        self._forget_words("comments", "text", before - after)
        self._connection.execute("DELETE FROM comments WHERE post = ?", (post,))
        self._insert_comments(post, placed)
        self._learn_words("comments", "text", after - before)
        self._add_source(post, source)

    def _replace_post(self, thread: Thread) -> int:
        """Store the post itself; gives its row."""
        stored = self._rows("SELECT row, title, body FROM posts WHERE id = ?", (thread.post.id,))
        self._forget_words("posts", "title, body", stored)
        row = self._insert_post(stored[0][0] if stored else None, thread)
        self._learn_words("posts", "title, body", [(row, thread.post.title, thread.body)])
        return row

    def _insert_post(self, row: int | None, thread: Thread) -> int:
        post = thread.post
        cursor = self._connection.execute(
            f"INSERT OR REPLACE INTO posts (row, {_POST}, body) VALUES ({_marks(15)})",
            (
                row,
                post.id,
                post.title,
                post.title_derived,
                post.date and post.date.isoformat(),
                post.author,
                post.url,
                post.source,
                post.layout,
                len(thread.comments),
                post.declared_comments,
                post.encoding,
                post.source_gone,
                _packed(post.warnings),
                thread.body,
            ),
        )
        assert cursor.lastrowid
        return cursor.lastrowid

    def _insert_comments(self, post: int, placed: Iterable[tuple[int, Comment]]) -> None:
        self._connection.executemany(
            f"INSERT INTO comments (row, post, position, words, fingerprint, {_COMMENT})"
            f" VALUES ({_marks(15)})",
            (
                (
                    row,
                    post,
                    position,
                    comment.text.count(" ") + 1,
                    _fingerprint(comment.text),
                    comment.id,
                    comment.parent_id,
                    comment.place,
                    comment.depth,
                    comment.text,
                    comment.author,
                    comment.signed,
                    comment.created and comment.created.isoformat(),
                    comment.permalink,
                    _packed(comment.warnings),
                )
                for position, (row, comment) in enumerate(placed)
            ),
        )

    def _add_source(self, post: int, source: Source) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO sources (digest, post, path, added) VALUES (?, ?, ?, ?)",
            (source.digest, post, source.path, source.added.isoformat()),
        )

    def _learn_words(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = _marks(columns.count(",") + 2)
        self._connection.executemany(f"INSERT INTO {table}_fts (rowid, {columns}) VALUES ({marks})", rows)

    def _forget_words(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        # FTS5 keeps no texts of its own: it must be told the words that it is to forget.
        marks = _marks(columns.count(",") + 2)
        self._connection.executemany(
            f"INSERT INTO {table}_fts ({table}_fts, rowid, {columns}) VALUES ('delete', {marks})", rows
        )

    # Documents on the disk

    def seen(self, path: str) -> FileStamp | None:
        """How the document at `path` was when it was last looked at."""
        rows = self._rows(f"SELECT {_STAMP} FROM files WHERE path = ?", (path,))
        return FileStamp(*rows[0]) if rows else None

    def files(self) -> list[FileStamp]:
        """Every document ever looked at, by path."""
        return [FileStamp(*row) for row in self._rows(f"SELECT {_STAMP} FROM files ORDER BY path")]

    def remember(self, stamp: FileStamp) -> None:
        """Keep how a document was, in the place of what was kept of its path."""
        with self._writing():
            self._connection.execute(
                f"INSERT OR REPLACE INTO files ({_STAMP}) VALUES ({_marks(5)})",
                (stamp.path, stamp.size, stamp.mtime_ns, stamp.digest, stamp.status),
            )

    def forget(self, path: str) -> None:
        """Let go of what was kept of a path, so that its document is read again."""
        with self._writing():
            self._connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def sources(self, post_id: str) -> list[Source]:
        """The documents that a post was read from, newest first."""
        rows = self._rows(
            f"SELECT digest, path, added FROM sources WHERE post = {_POST_ROW} ORDER BY added DESC, digest",
            (post_id,),
        )
        return [Source(name, path, dt.datetime.fromisoformat(added)) for name, path, added in rows]

    def paths_of(self, post_id: str) -> list[str]:
        """Every path where a document of the post was seen, by path; equal documents are one post's."""
        rows = self._rows(
            f"WITH own AS (SELECT digest, path FROM sources WHERE post = {_POST_ROW})"
            " SELECT path FROM own UNION SELECT path FROM files WHERE digest IN (SELECT digest FROM own)"
            " ORDER BY path",
            (post_id,),
        )
        return [path for (path,) in rows]

    def posts_of_digest(self, source_digest: str) -> list[str]:
        """Ids of the posts that were read from the document of that digest."""
        rows = self._rows(
            "SELECT posts.id FROM sources JOIN posts ON posts.row = post WHERE digest = ? ORDER BY posts.id",
            (source_digest,),
        )
        return [post_id for (post_id,) in rows]

    # Posts and threads

    def posts(self) -> list[Post]:
        """Every post by date, undated ones last, then by title, then by id."""
        posts = [_post(row) for row in self._rows(f"SELECT {_POST} FROM posts")]
        return sorted(posts, key=lambda p: (p.date is None, p.date or dt.date.min, p.title.casefold(), p.id))

    def post(self, post_id: str) -> Post:
        """One post; raises UnknownReference."""
        rows = self._rows(f"SELECT {_POST} FROM posts WHERE id = ?", (post_id,))
        if not rows:
            raise UnknownReference(f"{post_id}: no such post; `threadreader posts` lists them.")
        return _post(rows[0])

    def thread(self, post_id: str) -> Thread:
        """A post with all its comments; raises UnknownReference."""
        with self._snapshot():
            post = self.post(post_id)
            ((row, body),) = self._rows("SELECT row, body FROM posts WHERE id = ?", (post_id,))
            comments = self._rows(f"SELECT {_COMMENT} FROM comments WHERE post = ? ORDER BY position", (row,))
        return Thread(post, body, tuple(map(_comment, comments)))

    def texts(self, post_id: str) -> list[tuple[str, str]]:
        """Id and text of each comment of a post, in reading order; none for a post that is not there."""
        return self._rows(
            f"SELECT id, text FROM comments WHERE post = {_POST_ROW} ORDER BY position",
            (post_id,),
        )

    def posts_sharing(self, texts: Iterable[str]) -> dict[str, int]:
        """For each post that has any of `texts` as a comment, white space aside, how many of them it has."""
        wanted = json.dumps([_fingerprint(text) for text in texts])
        return dict(
            self._rows(
                "SELECT posts.id, count(DISTINCT fingerprint)"
                " FROM comments JOIN posts ON posts.row = comments.post"
                " WHERE fingerprint IN (SELECT value FROM json_each(?)) GROUP BY posts.row",
                (wanted,),
            )
        )

    def comment_post(self, comment_id: str) -> str | None:
        """Id of the post that a comment belongs to; None if there is no such comment."""
        rows = self._rows(
            "SELECT posts.id FROM comments JOIN posts ON posts.row = comments.post WHERE comments.id = ?",
            (comment_id,),
        )
        return rows[0][0] if rows else None

    def ids_with_prefix(self, prefix: str) -> tuple[list[str], list[str]]:
        """The ids of posts, and those of comments, that begin with `prefix`, in order."""
        between = (prefix, f"{prefix}\U0010ffff")
        posts, comments = (
            self._rows(f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id", between)
            for table in ("posts", "comments")
        )
        return [post_id for (post_id,) in posts], [comment_id for (comment_id,) in comments]

    # What a search asks for

    def vocabulary(self) -> Vocabulary:
        """Every word of the index; read once for each change of it (0.1 s for 10,000 comments)."""
        version = self.data_version()
        if self._vocabulary is None or self._vocabulary[0] != version:
            words = dict(self._rows("SELECT term, doc FROM comments_words"))
            for word, texts in self._rows("SELECT term, doc FROM posts_words"):
                words[word] = words.get(word, 0) + texts
            self._vocabulary = version, Vocabulary(words)
        return self._vocabulary[1]

    def match_comments(
        self, expression: str, *, limit: int, ranked: bool, post_id: str | None = None
    ) -> list[Passage]:
        """Comments that an FTS5 expression matches: the best `limit` of them if `ranked`, else the newest.

        Ranking looks at every match, some microseconds each; the answer is in no order.
        """
        order = f"bm25(comments_fts) * (words / (words + {_SHORT}))" if ranked else "comments_fts.rowid DESC"
        # The plus keeps SQLite from walking through the post instead of the matches.
        own = "" if post_id is None else f"AND +comments.post = {_POST_ROW}"
        given = (expression,) if post_id is None else (expression, post_id)
        return self._passages(
            "SELECT comments.row FROM comments_fts JOIN comments ON comments.row = comments_fts.rowid"
            f" WHERE comments_fts MATCH ? {own} ORDER BY {order} LIMIT ?",
            (*given, limit),
        )

    def match_posts(self, expression: str, *, limit: int, post_id: str | None = None) -> list[Passage]:
        """Titles and bodies, each pair together, of the best posts that an FTS5 expression matches."""
        own, given = ("", ()) if post_id is None else ("AND posts.id = ?", (post_id,))
        rows = self._rows(
            "SELECT id, title, body FROM posts_fts JOIN posts ON posts.row = posts_fts.rowid"
            f" WHERE posts_fts MATCH ? {own} ORDER BY rank LIMIT ?",
            (expression, *given, limit),
        )
        return _post_passages(rows)

    def containing(self, parts: Sequence[str], *, limit: int, post_id: str | None = None) -> list[Passage]:
        """Comments, titles and bodies that hold every one of `parts` as it stands; reads through all of them.

        For what has no words as FTS5 sees them: Chinese, Japanese, emoji, punctuation.
        """
        patterns = [f"%{_escaped(part)}%" for part in parts]
        own, given = ("", ()) if post_id is None else (f"post = {_POST_ROW} AND ", (post_id,))
        alike = " AND ".join(["text LIKE ? ESCAPE '!'"] * len(patterns))
        passages = self._passages(
            f"SELECT row FROM comments WHERE {own}{alike} ORDER BY row DESC LIMIT ?",
            (*given, *patterns, limit),
        )
        own = "" if post_id is None else "id = ? AND "
        alike = " AND ".join(["title || char(10) || body LIKE ? ESCAPE '!'"] * len(patterns))
        posts = self._rows(
            f"SELECT id, title, body FROM posts WHERE {own}{alike} LIMIT ?", (*given, *patterns, limit)
        )
        return passages + _post_passages(posts)

    def _passages(self, rows: str, parameters: tuple[object, ...]) -> list[Passage]:
        """The comments whose rows a query selects."""
        found = self._rows(
            "SELECT posts.id, comments.id, comments.text, comments.place,"
            f" substr(parent.text, 1, {_LINE_LENGTH})"
            f" FROM ({rows}) AS found JOIN comments ON comments.row = found.row"
            " JOIN posts ON posts.row = comments.post"
            " LEFT JOIN comments AS parent ON parent.id = comments.parent_id",
            parameters,
        )
        return [
            Passage(post_id, comment_id, "comment", text, place, parent and parent.split("\n", 1)[0])
            for post_id, comment_id, text, place, parent in found
        ]

    # Consistency

    def check(self) -> list[Problem]:
        """What in the index does not agree with the rest of it; reads all of it."""
        problems = [
            Problem("index-damaged", str(self.path), message)
            for (message,) in self._rows("PRAGMA quick_check")
            if message != "ok"
        ]
        for query, code, message in _CHECKS:
            problems += [Problem(code, where, message) for (where,) in self._rows(query)]
        return problems + [
            Problem("words-wrong", str(self.path), f"The words of the {table} do not agree with their texts.")
            for table in ("posts", "comments")
            if not self._words_agree(table)
        ]

    def _words_agree(self, table: str) -> bool:
        if self.read_only:
            return True  # FTS5 takes the question for a write
        with _explained(self.path):
            try:
                self._connection.execute(
                    f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
                    return False
                raise
        return True

    # The connection

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with _explained(self.path):
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _explained(self.path), transaction(self._connection):
            yield

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several queries that see one state."""
        with _explained(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")


_CHECKS = (
    (
        "SELECT id FROM posts WHERE comments != (SELECT count(*) FROM comments WHERE post = posts.row)",
        "count-wrong",
        "The stored count of comments differs from the comments.",
    ),
    (
        "SELECT id FROM comments WHERE post NOT IN (SELECT row FROM posts)",
        "post-missing",
        "The comment's post is not there.",
    ),
    (
        "SELECT id FROM comments AS reply WHERE parent_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM comments AS parent WHERE parent.id = reply.parent_id AND parent.post = reply.post"
        " AND parent.position < reply.position AND parent.depth = reply.depth - 1)",
        "parent-missing",
        "What the comment answers is not there, or not before it.",
    ),
    (
        "SELECT id FROM posts WHERE row NOT IN (SELECT post FROM sources)",
        "source-missing",
        "No document is known that the post was read from.",
    ),
)

_COMMENT_INDEXES = (
    # name, columns, unique
    ("comments_in_reading_order", ("post", "position"), False),
    ("comments_by_id", ("id",), True),
    ("comments_by_fingerprint", ("fingerprint",), False),
)


def _make_schema(connection: sqlite3.Connection) -> None:
    """All tables of an index in an empty file, in one transaction."""
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    with transaction(connection):
        _make_posts(database)
        _make_comments(database)
        database.table("sources").create(
            {"digest": str, "post": int, "path": str, "added": str}, pk=("digest", "post")
        ).create_index(["post"])
        database.table("files").create(
            {"path": str, "size": int, "mtime_ns": int, "digest": str, "status": str}, pk="path"
        ).create_index(["digest"])
        for table in ("posts", "comments"):
            database.execute(f"CREATE VIRTUAL TABLE {table}_words USING fts5vocab({table}_fts, row)")
        database.execute(f"PRAGMA user_version = {VERSION}")


def _make_posts(database: Any) -> None:
    whole = {"row", "title_derived", "comments", "declared_comments", "source_gone"}
    columns = ["row", *_POST.split(", "), "body"]
    posts = database.table("posts").create(
        {name: int if name in whole else str for name in columns}, pk="row"
    )
    posts.create_index(["id"], unique=True)
    posts.enable_fts(["title", "body"], tokenize=_TOKENIZER)


def _make_comments(database: Any) -> None:
    whole = {"row", "post", "position", "words", "depth"}
    # The text stands last, so that reading what stands before it does not read a long one's pages.
    columns = ["row", "post", "position", "words", "fingerprint", *_COMMENT.replace("text, ", "").split(", ")]
    comments = database.table("comments").create(
        {name: int if name in whole else str for name in [*columns, "text"]}, pk="row"
    )
    _make_comment_indexes(database)
    comments.enable_fts(["text"], tokenize=_TOKENIZER)


def _make_comment_indexes(database: Any) -> None:
    for name, columns, unique in _COMMENT_INDEXES:
        database.table("comments").create_index(columns, index_name=name, unique=unique)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    # The object may be handed from one worker thread to the next, and be interrupted from another.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT,
        check_same_thread=False,
    )


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to an index of this version; raises IndexStale for another."""
    connection = _opened(path, mode)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise IndexStale(f"{path}: another version's index. It is built anew from the sources.")
        for table in ("posts", "comments", "sources", "files", "posts_fts", "comments_fts"):
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(path: Path) -> sqlite3.Connection:
    with suppress(sqlite3.OperationalError):
        return _connected(path, "mode=ro")
    # Where the side files of its log can't be made, only what was worked into the file can be read.
    return _connected(path, "immutable=1")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What SQLite says, as errors that name the file and the next step."""
    try:
        yield
    except sqlite3.Error as error:
        match (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF:
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR:
                raise IndexStale(f"{path}: damaged ({error}). It is built anew from the sources.") from error
            case sqlite3.SQLITE_INTERRUPT:
                raise QueryInterrupted("The query was given up.") from error
            case sqlite3.SQLITE_CONSTRAINT:
                raise LibraryError(f"{path}: two comments bear one id; nothing was kept.") from error
            case sqlite3.SQLITE_READONLY:
                raise LibraryReadOnly(f"{path}: can't be written.") from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise LibraryError(f"{path}: another program is writing to it. Try again.") from error
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
                raise LibraryError(f"{path}: {error}. Check the disk.") from error
        raise


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _escaped(part: str) -> str:
    for special in "!%_":
        part = part.replace(special, f"!{special}")
    return part


def _fingerprint(text: str) -> str:
    return digest(collapsed(text))


def _packed(warnings: tuple[ThreadWarning, ...]) -> str | None:
    return json.dumps([(w.code, w.message) for w in warnings], ensure_ascii=False) if warnings else None


def _unpacked(warnings: str | None) -> tuple[ThreadWarning, ...]:
    return tuple(ThreadWarning(*pair) for pair in json.loads(warnings)) if warnings else ()


def _post(row: Sequence[Any]) -> Post:
    values = list(row)
    values[2] = bool(values[2])
    values[3] = values[3] and dt.date.fromisoformat(values[3])
    values[-2:] = bool(values[-2]), _unpacked(values[-1])
    return Post(*values)


def _comment(row: Sequence[Any]) -> Comment:
    values = list(row)
    values[7] = values[7] and dt.datetime.fromisoformat(values[7])
    values[9] = _unpacked(values[9])
    return Comment(*values)


def _post_passages(rows: Iterable[tuple[str, str, str]]) -> list[Passage]:
    return [
        passage
        for post_id, title, body in rows
        for passage in (Passage(post_id, None, "title", title), Passage(post_id, None, "body", body))
    ]
