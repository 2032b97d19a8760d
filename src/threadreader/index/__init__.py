"""SQLite and FTS5 through sqlite-utils: what came from sources. Derived: rebuilt from them at will.

Threads flow in whole, by `put`; posts, threads and passages to search flow out. sqlite-utils makes the
schema and is imported only then; rows go through the standard library, which starts at once.
"""

import datetime as dt
import itertools
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self

from threadreader.errors import IndexStale, LibraryReadOnly, UnknownReference
from threadreader.index.consistency import problems
from threadreader.index.file import (
    TITLE_WORDS,
    connected,
    count_changed_words,
    count_words,
    drop_query_indexes,
    explained,
    make_query_indexes,
    make_schema,
    opened,
    readable,
)
from threadreader.index.lookup import POST_ROW, SOME, Choice, Lookup
from threadreader.index.rows import (
    COMMENT_COLUMNS,
    DERIVED_COLUMNS,
    POST_COLUMNS,
    STAMP_COLUMNS,
    FileStamp,
    Passage,
    Ready,
    comments_of,
    marks,
    news_in,
    post_of,
    post_values,
)
from threadreader.index.signs import signs_in
from threadreader.index.vocabulary import Vocabulary
from threadreader.model import News, Post, Problem, Source, Thread
from threadreader.store import transaction

__all__ = ["SOME", "Choice", "FileStamp", "Index", "Passage", "Ready", "Vocabulary"]

_PAGES_GATHERED = 64 << 10  # the same while many documents come, whose ids lie anywhere in the file
_PAGES_KEPT = 512  # kibibytes of the file, for each connection; the system keeps pages in memory anyway

_UNFINISHED = 1  # what such an index says in its header
_MANY = 5_000  # texts; where more change at once, and a part of all, the words of all are counted anew
_PART = 4  # that part: a quarter
_UNDATED = "~"  # behind every date


class Index(Lookup):
    """What the documents of one library hold, as posts, threads and words.

    Threads that share one object wait for each other; `clone` gives one more, which does not wait.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        super().__init__(connection, path)
        self.read_only = read_only
        self._changed = 0  # texts, in the transaction that is open
        self._most_counted = 0  # of them, before all words are rather counted anew

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """The index at `path`; raises IndexStale if there is none, or it has another version or is damaged.

        `read_only` reads it on a disk where nothing can be written, without what another process has not
        yet worked in.
        """
        if not path.exists():
            raise IndexStale(f"{path}: no index there. It is built from the sources.")
        with explained(path):
            connection = readable(path) if read_only else connected(path, "mode=rw")
            connection.execute(f"PRAGMA cache_size = -{_PAGES_KEPT}")
            if not read_only:
                connection.execute("PRAGMA synchronous = NORMAL")
        return cls(connection, path, read_only=read_only)

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty index at `path`, where there must be none."""
        with explained(path):
            connection = opened(path, "mode=rwc")
            try:
                make_schema(connection)
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

    @classmethod
    def begun_anew(cls, path: Path) -> Self:
        """An empty, unfinished index in the place of the one at `path`, to be read while it is filled."""
        with cls.rebuilding(path) as index:
            index._connection.execute(f"PRAGMA application_id = {_UNFINISHED}")
        return cls.open(path)

    @property
    def is_unfinished(self) -> bool:
        """Was it begun anew and never finished: are posts missing in it?"""
        ((mark,),) = self._rows("PRAGMA application_id")
        return bool(mark == _UNFINISHED)

    def finish(self) -> None:
        """All posts are there."""
        with self._writing():
            self._merge_words()
            self._connection.execute("PRAGMA application_id = 0")

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

    def put(self, thread: Thread, source: Source) -> None:
        """Insert `thread`, or let it replace what is stored of its post, in one transaction.

        Only the texts that changed are indexed anew. What the copy brings is kept as `news` until the next
        one comes. `source` joins the sources that the post has. Raises LibraryError, with nothing changed, if
        a comment's id is taken.
        """
        with self._writing():
            self._replace(thread, source)

    def put_many(self, threads: Iterable[tuple[Thread | Ready, Source]]) -> None:
        """`put` each in one transaction for all."""
        with self._writing():
            for thread, source in threads:
                self._replace(thread, source)

    def put_mended(self, thread: Thread, before: Thread | None) -> None:
        """Let a thread that was mended otherwise replace what is stored of its post.

        Its documents stay; what is news is told anew beside the copy `before` it, mended alike.
        """
        with self._writing():
            texts = {comment.id: comment.text for comment in before.comments} if before else None
            self._replace(thread, None, {} if texts is None else news_in(thread.comments, texts))

    def mended(self) -> dict[str, str]:
        """The digest of the mendings that were followed in each post that has any."""
        return dict(self._rows("SELECT id, mended FROM posts WHERE mended IS NOT NULL"))

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """What is changed within the block, in one transaction; for many documents the fastest.

        An error that leaves the block leaves the index as it was before it.
        """
        with self._turn:
            self._connection.execute(f"PRAGMA cache_size = -{_PAGES_GATHERED}")
            try:
                with self._writing():
                    was_empty = self.is_empty()
                    if was_empty:
                        drop_query_indexes(self._connection)
                        self._most_counted = -1  # all words are counted at the end, and once
                    yield
                    if was_empty:
                        make_query_indexes(self._connection)
                        self._merge_words()
            finally:
                self._connection.execute(f"PRAGMA cache_size = -{_PAGES_KEPT}")

    def _merge_words(self) -> None:
        """Put together what FTS5 wrote in parts, lest a single post that comes later has to wait for that."""
        for table in ("posts_fts", "comments_fts", "comments_signs"):
            self._connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")

    def remove(self, post_id: str) -> None:
        """Forget a post, if it is there; the stamps of its files stay, so that they are not read again."""
        with self._writing():
            for row, title, body in self._rows("SELECT row, title, body FROM posts WHERE id = ?", (post_id,)):
                self._forget_words("posts", "title, body", [(row, title, body)])
                stored = self._rows("SELECT row, text FROM comments WHERE post = ?", (row,))
                self._forget_words("comments", "text", stored)
                for table, column in (
                    ("comments", "post"),
                    ("news", "post"),
                    ("sources", "post"),
                    ("posts", "row"),
                ):
                    self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (row,))

    def mark_gone(self, post_id: str, gone: bool) -> None:
        """Keep whether the document that a post was read from is no longer where it lay."""
        with self._writing():
            self._connection.execute("UPDATE posts SET source_gone = ? WHERE id = ?", (gone, post_id))

    def _replace(
        self, given: Thread | Ready, source: Source | None, news: Mapping[str, News] | None = None
    ) -> None:
        ready = given if isinstance(given, Ready) else Ready.of(given)
        thread = ready.thread
        is_first = not self._rows("SELECT 1 FROM posts WHERE id = ?", (thread.post.id,))
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
        # In the order of rows: FTS5 writes to the disk what it gathered whenever one comes out of order.
        self._forget_words("comments", "text", sorted(before - after))
        self._connection.execute("DELETE FROM comments WHERE post = ?", (post,))
        self._insert_comments(post, ready, (row for row, _ in placed))
        self._learn_words("comments", "text", sorted(after - before))
        if news is None:
            texts = {comment_id: text for comment_id, (_, text) in stored.items()}
            news = {} if is_first else news_in(thread.comments, texts)
        self._keep_news(post, news)
        if source:
            self._add_source(post, source)

    def _replace_post(self, thread: Thread) -> int:
        """Store the post itself; gives its row."""
        stored = self._rows("SELECT row, title, body FROM posts WHERE id = ?", (thread.post.id,))
        self._forget_words("posts", "title, body", stored)
        # Not OR REPLACE: what could be taken back by itself makes FTS5 write what it gathered.
        self._connection.execute("DELETE FROM posts WHERE id = ?", (thread.post.id,))
        row = self._insert_post(stored[0][0] if stored else None, thread)
        self._learn_words("posts", "title, body", [(row, thread.post.title, thread.body)])
        return row

    def _insert_post(self, row: int | None, thread: Thread) -> int:
        cursor = self._connection.execute(
            f"INSERT INTO posts (row, {POST_COLUMNS}, body) VALUES ({marks(16)})",
            (row, *post_values(thread), thread.body),
        )
        assert cursor.lastrowid
        return cursor.lastrowid

    def _insert_comments(self, post: int, ready: Ready, rows: Iterable[int]) -> None:
        """Store the comments of a thread, whose post is in that row, each in one of `rows`."""
        self._connection.executemany(
            f"INSERT INTO comments (row, {DERIVED_COLUMNS}, {COMMENT_COLUMNS}) VALUES ({marks(20)})",
            ((row, post, *values) for values, row in zip(ready.values, rows, strict=True)),
        )

    def _keep_news(self, post: int, news: Mapping[str, News]) -> None:
        self._connection.execute("DELETE FROM news WHERE post = ?", (post,))
        self._connection.executemany(
            "INSERT INTO news (comment, post, kind) VALUES (?, ?, ?)",
            ((comment_id, post, kind) for comment_id, kind in news.items()),
        )

    def _add_source(self, post: int, source: Source) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO sources (digest, post, path, added) VALUES (?, ?, ?, ?)",
            (source.digest, post, source.path, source.added.isoformat()),
        )

    def _learn_words(self, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self._connection.executemany(
            f"INSERT INTO {table}_fts (rowid, {columns}) VALUES ({marks(columns.count(',') + 2)})", rows
        )
        self._count_words(rows, "+")
        if table == "comments":
            self._connection.executemany(
                "INSERT INTO comments_signs (rowid, signs) VALUES (?, ?)", _with_signs(rows)
            )

    def _forget_words(self, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
        # FTS5 keeps no texts of its own: it must be told the words that it is to forget.
        self._connection.executemany(
            f"INSERT INTO {table}_fts ({table}_fts, rowid, {columns})"
            f" VALUES ('delete', {marks(columns.count(',') + 2)})",
            rows,
        )
        self._count_words(rows, "-")
        if table == "comments":
            self._connection.executemany(
                "INSERT INTO comments_signs (comments_signs, rowid, signs) VALUES ('delete', ?, ?)",
                _with_signs(rows),
            )

    def _count_words(self, rows: Sequence[tuple[Any, ...]], sign: Literal["+", "-"]) -> None:
        """Bring the vocabulary up to rows, each with its texts, unless all of it is counted in the end."""
        self._changed += len(rows)
        if rows and self._changed <= self._most_counted:
            count_changed_words(self._connection, ("\n".join(texts) for _, *texts in rows), sign)

    def seen(self, path: str) -> FileStamp | None:
        """How the document at `path` was when it was last looked at."""
        rows = self._rows(f"SELECT {STAMP_COLUMNS} FROM files WHERE path = ?", (path,))
        return FileStamp(*rows[0]) if rows else None

    def files(self) -> list[FileStamp]:
        """Every document ever looked at, by path."""
        return [FileStamp(*row) for row in self._rows(f"SELECT {STAMP_COLUMNS} FROM files ORDER BY path")]

    def remember(self, stamp: FileStamp) -> None:
        """Keep how a document was, in the place of what was kept of its path."""
        with self._writing():
            self._connection.execute(
                f"INSERT OR REPLACE INTO files ({STAMP_COLUMNS}) VALUES ({marks(5)})",
                (stamp.path, stamp.size, stamp.mtime_ns, stamp.digest, stamp.status),
            )

    def sources(self, post_id: str) -> list[Source]:
        """The documents that a post was read from, newest first."""
        rows = self._rows(
            f"SELECT digest, path, added FROM sources WHERE post = {POST_ROW} ORDER BY added DESC, digest",
            (post_id,),
        )
        return [Source(name, path, dt.datetime.fromisoformat(added)) for name, path, added in rows]

    def paths_of(self, post_id: str) -> list[str]:
        """Every path where a document of the post was seen, by path; equal documents are one post's."""
        rows = self._rows(
            f"WITH own AS (SELECT digest, path FROM sources WHERE post = {POST_ROW})"
            " SELECT path FROM own UNION SELECT path FROM files WHERE digest IN (SELECT digest FROM own)"
            " ORDER BY path",
            (post_id,),
        )
        return [path for (path,) in rows]

    def documents(self) -> list[tuple[str, bool, list[str]]]:
        """For each post: its id, whether its documents are known to be gone, and `paths_of` it."""
        rows = self._rows(
            "SELECT posts.id, source_gone, json_group_array(DISTINCT place) FROM posts JOIN ("
            "SELECT post, path AS place FROM sources UNION ALL"
            " SELECT post, files.path FROM sources JOIN files ON files.digest = sources.digest"
            ") ON post = posts.row GROUP BY posts.row"
        )
        return [(post_id, bool(gone), json.loads(places)) for post_id, gone, places in rows]

    def posts_of_digest(self, source_digest: str) -> list[str]:
        """Ids of the posts that were read from the document of that digest."""
        rows = self._rows(
            "SELECT posts.id FROM sources JOIN posts ON posts.row = post WHERE digest = ? ORDER BY posts.id",
            (source_digest,),
        )
        return [post_id for (post_id,) in rows]

    def posts(self, first: int | None = None) -> list[Post]:
        """Every post by date, undated ones last, then by title, then by id; or about the `first` of them."""
        if first is None:
            return _in_order(self._rows(f"SELECT {POST_COLUMNS} FROM posts"))
        dated = f"SELECT {POST_COLUMNS} FROM posts WHERE date IS NOT NULL ORDER BY date LIMIT ?"
        rows = self._rows(dated, (first,))
        undated = f"SELECT {POST_COLUMNS} FROM posts WHERE date IS NULL LIMIT ?"
        return _in_order(rows + self._rows(undated, (first - len(rows),)))

    def post_count(self) -> int:
        """How many posts there are."""
        ((posts,),) = self._rows("SELECT count(*) FROM posts")
        return int(posts)

    def posts_like(
        self, *, ids: Iterable[str], path: str | None, title: str, date: dt.date | None
    ) -> list[Post]:
        """Posts of those `ids`, those read last from `path`, and those of that title and date, in order.

        White space in titles plays no part; without a date, no post is like another by it.
        """
        rows = self._rows(
            f"SELECT {POST_COLUMNS} FROM posts WHERE id IN (SELECT value FROM json_each(?)) OR source = ?"
            f" OR (date = ? AND {TITLE_WORDS} = {TITLE_WORDS.replace('title', '?')})",
            (json.dumps(list(ids)), path, date and date.isoformat(), title),
        )
        return _in_order(rows)

    def is_empty(self) -> bool:
        """Is there no post?"""
        return not self._rows("SELECT 1 FROM posts LIMIT 1")

    def post(self, post_id: str) -> Post:
        """One post; raises UnknownReference."""
        rows = self._rows(f"SELECT {POST_COLUMNS} FROM posts WHERE id = ?", (post_id,))
        if not rows:
            raise UnknownReference(f"{post_id}: no such post; `threadreader posts` lists them.")
        return post_of(rows[0])

    def thread(self, post_id: str) -> Thread:
        """A post with all its comments; raises UnknownReference."""
        with self._snapshot():
            post = self.post(post_id)
            ((row, body),) = self._rows("SELECT row, body FROM posts WHERE id = ?", (post_id,))
            comments = comments_of(
                # Row by row: all rows at once would take as much memory again.
                self._connection.execute(
                    f"SELECT {COMMENT_COLUMNS} FROM comments WHERE post = ? ORDER BY position", (row,)
                )
            )
        return Thread(post, body, comments)

    def ahead(self, post_id: str, comment_id: str | None) -> tuple[int, int]:
        """Which comment of a post one is, from 1 in reading order, and how many words stand from it on.

        For None, or a comment that is gone, 0 and all words of the comments.
        """
        ((at, words),) = self._rows(
            "SELECT total(position <= here), total(words * (position >= here)) FROM comments,"
            " (SELECT coalesce(max(position), -1) AS here FROM comments WHERE id = ?)"
            f" WHERE post = {POST_ROW}",
            (comment_id, post_id),
        )
        return int(at), int(words)

    def news(self, post_id: str) -> dict[str, News]:
        """What the newest copy of a post brought, by comment; nothing where there was no copy before."""
        return dict(self._rows(f"SELECT comment, kind FROM news WHERE post = {POST_ROW}", (post_id,)))

    def texts(self, post_id: str) -> list[tuple[str, str]]:
        """Id and text of each comment of a post, in reading order; none for a post that is not there."""
        return self._rows(
            f"SELECT id, text FROM comments WHERE post = {POST_ROW} ORDER BY position",
            (post_id,),
        )

    def posts_sharing(self, fingerprints: Iterable[str]) -> dict[str, int]:
        """For each post with any comment of these `Ready.fingerprints`, how many of them it has."""
        wanted = json.dumps(list(fingerprints))
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

    def authors(self) -> list[tuple[str, int]]:
        """Everybody who wrote or signed comments, and how many, the most first."""
        return self._rows(
            "SELECT coalesce(author, signed) AS name, count(*) FROM comments WHERE name IS NOT NULL"
            " GROUP BY name ORDER BY count(*) DESC, name"
        )

    def first_comments_by(self, author: str) -> list[tuple[str, str]]:
        """For each post with comments of `author`, or signed so: its id and that of the first, most first."""
        rows = self._rows(
            "SELECT posts.id, comments.id, min(position) FROM comments JOIN posts ON posts.row = post"
            " WHERE coalesce(comments.author, signed) = ? GROUP BY post ORDER BY count(*) DESC, posts.id",
            (author,),
        )
        return [(post_id, comment_id) for post_id, comment_id, _ in rows]

    def ids_with_prefix(self, prefix: str) -> tuple[list[str], list[str]]:
        """The ids of posts, and those of comments, that begin with `prefix`, in order."""
        between = (prefix, f"{prefix}\U0010ffff")
        posts, comments = (
            self._rows(f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id", between)
            for table in ("posts", "comments")
        )
        return [post_id for (post_id,) in posts], [comment_id for (comment_id,) in comments]

    def comment_warnings(self) -> dict[str, int]:
        """For each post that has any, how many warnings stand on its comments."""
        return dict(
            self._rows(
                "SELECT posts.id, sum(json_array_length(comments.warnings))"
                " FROM comments JOIN posts ON posts.row = comments.post"
                " WHERE comments.warnings IS NOT NULL GROUP BY posts.row"
            )
        )

    def check(self) -> list[Problem]:
        """What in the index does not agree with the rest of it; reads all of it."""
        with self._turn, explained(self.path):
            return list(problems(self._connection, self.path, read_only=self.read_only))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn, explained(self.path):
            if self._connection.in_transaction:  # of `gathering`, which takes all back if this fails
                yield
                return
            with transaction(self._connection):
                ((rows,),) = self._connection.execute("SELECT coalesce(max(row), 0) FROM comments")
                self._changed, self._most_counted = 0, max(_MANY, rows // _PART)
                yield
                if self._changed > self._most_counted:
                    count_words(self._connection)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several queries that see one state."""
        with self._turn, explained(self.path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")


def _with_signs(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, str]]:
    return ((row, signs) for row, text in rows if (signs := signs_in(text)))


def _in_order(rows: Iterable[Sequence[Any]]) -> list[Post]:
    """The posts of rows of POST_COLUMNS; dates sort as they are written."""
    ranked = sorted(rows, key=lambda row: (row[3] or _UNDATED, row[1].casefold(), row[0]))
    return list(map(post_of, ranked))
