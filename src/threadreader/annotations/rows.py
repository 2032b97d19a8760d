"""The tables of the store as rows: read, put, and told apart. Only what is called from here speaks SQL."""

import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from threadreader.model import Annotation, Copy, NoteKind, TextQuote, harmless, note_kind_of
from threadreader.store import explained

UNDOABLE = {  # table -> its key
    "annotations": "id",
    "names": "post_id",
    "searches": "name",
    "people": "folded",
    "mendings": "id",
}
_KEYS = UNDOABLE | {"aliases": "natural", "copies": "digest"}
SEVERAL = "several"  # stands for a table where one step to undo is made of changes to rows of any
ANNOTATION = (
    "id, kind, post_id, comment_id, text, exact, prefix, suffix, created, updated, colour,"
    " note_kind, copy, start, parent"
)
WITH_COPY = f"{ANNOTATION}, (SELECT copies.text FROM copies WHERE copies.digest = annotations.copy)"

Row = Mapping[str, Any] | None


class Counts(NamedTuple):
    """How much the reader made of one post."""

    bookmarks: int = 0
    notes: int = 0
    read: int = 0  # comments read, of those that the post holds
    highlights: int = 0


class NoteDraft(NamedTuple):
    """A note that was being written."""

    post_id: str
    comment_id: str | None  # None: on the post itself
    text: str
    updated: dt.datetime  # UTC
    note_id: str | None = None  # the note that was being edited, None for a new one


def utc_now() -> dt.datetime:
    """The present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def random_id() -> str:
    """Sixteen random hexadecimal digits."""
    return os.urandom(8).hex()


class Rows:
    """A connection to the store, and what its tables hold."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        read_only: bool,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._now = now
        self._new_id = new_id

    def _rows(self, sql: str, given: tuple[object, ...] = ()) -> list[Any]:
        with explained(self.path):
            return self._connection.execute(sql, given).fetchall()

    def _row(self, table: str, key: str) -> dict[str, Any] | None:
        cursor = self._connection.execute(f"SELECT * FROM {table} WHERE {UNDOABLE[table]} = ?", (key,))
        row = cursor.fetchone()
        return row and {column[0]: value for column, value in zip(cursor.description, row, strict=True)}

    def _before(self, table: str, key: str, after: Row) -> Row:
        """What puts back what `after` is going to change."""
        if table == "tags" and after is not None:  # the difference: another program's tags stay as they are
            return dict(after) | {"put": after["taken"], "taken": after["put"]}
        if table == "reads" and after is not None:
            return dict(after) | {"read": not after["read"]}
        return self._row(table, key)

    def _put(self, table: str, key: str, row: Row) -> None:
        """Let a row, or the tags or read marks of one post, be as `row` says; None takes a row away."""
        if table in _PUT and row is not None:
            _PUT[table](self, key, row)
            return
        column = _KEYS[table]
        self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))
        if row is not None:
            columns, slots = ", ".join(row), ", ".join("?" * len(row))
            self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({slots})", tuple(row.values()))

    def _put_reads(self, post_id: str, row: Mapping[str, Any]) -> None:
        self._mark(post_id, row["ids"], read=row["read"])

    def _mark(self, post_id: str, comment_ids: Iterable[str], *, read: bool) -> None:
        self._connection.executemany(
            "INSERT INTO reads (post_id, comment_id, gone) VALUES (?, ?, 0)"
            " ON CONFLICT DO UPDATE SET gone = 0 WHERE gone"
            if read
            else "DELETE FROM reads WHERE post_id = ? AND comment_id = ?",
            [(post_id, comment_id) for comment_id in comment_ids],
        )

    def _put_tags(self, post_id: str, row: Mapping[str, Any]) -> None:
        self._connection.executemany(
            "DELETE FROM tags WHERE post_id = ? AND comment_id IS ? AND folded = ?",
            [(post_id, row["comment_id"], tag.casefold()) for tag in row["taken"]],
        )
        self._connection.executemany(
            "INSERT INTO tags (post_id, comment_id, folded, tag) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET tag = excluded.tag",
            [(post_id, row["comment_id"], tag.casefold(), tag) for tag in row["put"]],
        )

    def _put_draft(self, post_id: str, row: Mapping[str, Any]) -> None:
        """The draft on a target, in place of the one that is there; a blank text takes it away."""
        target = (post_id, row["comment_id"])
        self._connection.execute("DELETE FROM drafts WHERE post_id = ? AND comment_id IS ?", target)
        if row["text"]:
            self._connection.execute(
                "INSERT INTO drafts (post_id, comment_id, text, updated, note_id) VALUES (?, ?, ?, ?, ?)",
                (*target, row["text"], row["updated"], row["note_id"]),
            )

    def _put_copy(self, name: str, row: Mapping[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO copies (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, row["text"])
        )

    def _put_alias(self, natural: str, row: Mapping[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO aliases (natural, kept) VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET kept = excluded.kept",
            (natural, row["kept"]),
        )


# What is no row that one key names.
_PUT: dict[str, Callable[[Rows, str, Mapping[str, Any]], None]] = {
    "reads": Rows._put_reads,
    "tags": Rows._put_tags,
    "drafts": Rows._put_draft,
    "aliases": Rows._put_alias,
    "copies": Rows._put_copy,
}


def annotation(row: tuple[Any, ...]) -> Annotation:
    """The mark in a row of `WITH_COPY`."""
    own, kind, post_id, comment_id, text, exact, prefix, suffix, *others = row
    created, updated, colour, noted, _, start, parent, copied = others
    quote = TextQuote(exact, prefix, suffix, None if copied is None else Copy(copied, start, parent))
    times = time_of(created), time_of(updated)
    looks = colour or None, note_kind_of(noted)
    return Annotation(own, kind, post_id, comment_id, text, quote, *times, *looks)


def kind_column(note_kind: NoteKind) -> str:
    """A kind of note as it is kept: a comment, which is all that there was once, as nothing."""
    return "" if note_kind == "comment" else note_kind


def stamp(moment: dt.datetime) -> str:
    """A moment as it is kept."""
    # Always of one width, so that the order of the texts is the order of the moments.
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def time_of(stamped: str) -> dt.datetime:
    """The moment that was kept."""
    return dt.datetime.fromisoformat(stamped)


def words_of(text: str) -> str:
    """What a person typed, as text that can be kept."""
    # Arguments that are not UTF-8 reach Python as lone surrogates, which no store can hold.
    return harmless(text.encode(errors="replace").decode())


def note_text(text: str) -> str:
    """The words of a note without what can't be seen around them."""
    lines = [line.rstrip() for line in words_of(text).split("\n")]
    return "\n".join(lines).strip("\n")
