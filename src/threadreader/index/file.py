"""The file of an index: its schema, how it is opened, and what SQLite says of it, explained."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from threadreader.errors import IndexStale, LibraryError, LibraryReadOnly, QueryInterrupted
from threadreader.index.rows import COMMENT_COLUMNS, DERIVED_COLUMNS, POST_COLUMNS
from threadreader.store import BUSY_TIMEOUT, transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 5  # of the schema; any other is rebuilt
_TOKENIZER = "unicode61 remove_diacritics 2"
_TABLES = {
    "posts",
    "comments",
    "sources",
    "files",
    "news",
    "vocabulary",
    "posts_fts",
    "comments_fts",
    "comments_signs",
}

# A title by which two copies of a post are looked up, however its words are parted.
TITLE_WORDS = "replace(replace(title, ' ', ''), char(160), '')"
# Bytes of words that FTS5 gathers before it writes; with its own 1 MB it merges what it wrote all the time.
_GATHERED = 16 << 20
# Bytes of its pages: in a small one it comes to a row sooner (a fifth of the time for 2% of the size).
_PAGE = 1_000

_COMMENT_INDEXES = (
    # name, columns with what rows they are of, unique
    ("comments_in_reading_order", "(post, position)", False),
    ("comments_by_id", "(id)", True),
    ("comments_by_fingerprint", "(fingerprint)", False),
)
# What only queries look at: made after the rows where many come.
_QUERY_INDEXES = (
    ("comments_by_author", "(coalesce(author, signed))", False),
    ("comments_by_date", "(date)", False),
    ("comments_by_words", "(words)", False),
    ("comments_by_depth", "(depth)", False),
    # A place is as long as its comment is deep; its beginning leads near enough.
    ("comments_by_place", "(substr(place, 1, 12))", False),
    ("comments_by_size", "(ends - position)", False),
    ("comments_with_links", "(row) WHERE links > 0", False),
    ("comments_with_warnings", "(row) WHERE warnings IS NOT NULL", False),
    ("comments_mended", "(row) WHERE mended IS NOT NULL", False),
    ("comments_by_poster", "(row) WHERE op", False),
)


def make_schema(connection: sqlite3.Connection) -> None:
    """All tables of an index in an empty file, in one transaction."""
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    with transaction(connection):
        _make_posts(database)
        _make_comments(database)
        database.table("sources").create(
            {"digest": str, "post": int, "path": str, "added": str}, pk=("digest", "post")
        ).create_index(["post"])
        database.table("news").create({"comment": str, "post": int, "kind": str}, pk="comment").create_index(
            ["post"]
        )
        database.table("files").create(
            {"path": str, "size": int, "mtime_ns": int, "digest": str, "status": str}, pk="path"
        ).create_index(["digest"])
        database.execute("CREATE TABLE vocabulary (word TEXT PRIMARY KEY, texts INTEGER) WITHOUT ROWID")
        for table in ("posts", "comments"):
            database.execute(f"CREATE VIRTUAL TABLE {table}_words USING fts5vocab({table}_fts, row)")
            for setting, value in (("hashsize", _GATHERED), ("pgsz", _PAGE)):
                database.execute(
                    f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES (?, ?)", (setting, value)
                )
        database.execute(f"PRAGMA user_version = {VERSION}")


def _make_posts(database: "Database") -> None:
    whole = {"row", "title_derived", "comments", "declared_comments", "source_gone"}
    columns = ["row", *POST_COLUMNS.split(", "), "body"]
    posts = database.table("posts").create(
        {name: int if name in whole else str for name in columns}, pk="row"
    )
    posts.create_index(["id"], unique=True)
    posts.create_index(["author"])
    posts.create_index(["date"])
    posts.create_index(["source"])
    database.execute("CREATE INDEX posts_mended ON posts (id, mended) WHERE mended IS NOT NULL")
    database.execute(f"CREATE INDEX posts_by_date_and_title ON posts (date, {TITLE_WORDS})")
    posts.enable_fts(["title", "body"], tokenize=_TOKENIZER)


def _make_comments(database: "Database") -> None:
    whole = {"row", "post", "position", "ends", "date", "words", "links", "op", "depth"}
    # The text stands last, so that reading what stands before it does not read a long one's pages.
    columns = [
        "row",
        *DERIVED_COLUMNS.split(", "),
        *COMMENT_COLUMNS.replace("text, ", "").split(", "),
        "text",
    ]
    comments = database.table("comments").create(
        {name: int if name in whole else str for name in columns}, pk="row"
    )
    _make_indexes(database.conn, _COMMENT_INDEXES + _QUERY_INDEXES)
    comments.enable_fts(["text"], tokenize=_TOKENIZER)
    database.execute(
        "CREATE VIRTUAL TABLE comments_signs"
        " USING fts5(signs, content = '', detail = none, columnsize = 0, tokenize = ascii)"
    )


def count_words(connection: sqlite3.Connection) -> None:
    """Count anew in how many texts each word is: FTS5 reads all of its own for that."""
    connection.execute("DELETE FROM vocabulary")
    connection.execute(
        "INSERT INTO vocabulary SELECT term, sum(doc) FROM (SELECT term, doc FROM posts_words"
        " UNION ALL SELECT term, doc FROM comments_words) GROUP BY term"
    )


def count_changed_words(
    connection: sqlite3.Connection, texts: Iterable[str], sign: Literal["+", "-"]
) -> None:
    """Bring the counts of words up to `texts` that came, or that went."""
    # Only FTS5 knows what is a word to it.
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.changed"
        f" USING fts5(text, content = '', detail = none, tokenize = '{_TOKENIZER}')"
    )
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.changed_words USING fts5vocab(temp, changed, row)"
    )
    connection.executemany("INSERT INTO temp.changed (text) VALUES (?)", ((text,) for text in texts))
    connection.execute(
        f"INSERT INTO vocabulary SELECT term, {sign}doc FROM temp.changed_words WHERE true"
        " ON CONFLICT (word) DO UPDATE SET texts = texts + excluded.texts"
    )
    if sign == "-":
        words = "SELECT term FROM temp.changed_words"
        connection.execute(f"DELETE FROM vocabulary WHERE texts <= 0 AND word IN ({words})")
    connection.execute("INSERT INTO temp.changed (changed) VALUES ('delete-all')")


def make_query_indexes(connection: sqlite3.Connection) -> None:
    """The indexes on comments that only queries look at."""
    _make_indexes(connection, _QUERY_INDEXES)


def drop_query_indexes(connection: sqlite3.Connection) -> None:
    """Do without them while many comments come."""
    for name, *_ in _QUERY_INDEXES:
        connection.execute(f"DROP INDEX {name}")


def _make_indexes(connection: sqlite3.Connection, indexes: Sequence[tuple[str, str, bool]]) -> None:
    for name, columns, unique in indexes:
        connection.execute(f"CREATE {'UNIQUE ' * unique}INDEX {name} ON comments {columns}")


def opened(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode."""
    # Worker threads take turns at one connection, and interrupt each other.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT,
        check_same_thread=False,
    )


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to an index of this version; raises IndexStale for another."""
    connection = opened(path, mode)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise IndexStale(f"{path}: another version's index. It is built anew from the sources.")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables >= _TABLES:
            raise IndexStale(f"{path}: not an index. It is built anew from the sources.")
    except BaseException:
        connection.close()
        raise
    return connection


def readable(path: Path) -> sqlite3.Connection:
    """A connection that reads, on whatever disk; raises as `connected`."""
    with suppress(sqlite3.OperationalError):
        return connected(path, "mode=ro")
    # Where the side files of its log can't be made, only what was worked into the file can be read.
    return connected(path, "immutable=1")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite says, as errors that name the file and the next step."""
    try:
        yield
    except sqlite3.Error as error:
        match (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF:
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
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
