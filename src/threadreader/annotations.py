"""SQLite of what the reader made. Precious: migrated, backed up, never rebuilt.

Annotations and the reader's names of posts change in one transaction together with the record that undoes
the change. What merely follows the reader (read marks, positions, folds, drafts) is written as it comes.
Counts per post are kept by triggers, so that no writer can forget them.

The schema is made and migrated by sqlite-utils; rows go through the standard library, which starts at once.
"""

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from threadreader.errors import LibraryReadOnly, UnknownReference
from threadreader.model import Annotation, MarkKind, Position, Problem, TextQuote, collapsed, harmless
from threadreader.store import explained, opened, transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

KEPT_CHANGES = 1_000  # how far back undo reaches
_LABEL_LENGTH = 40  # characters of a text that an undo line quotes

_UNDOABLE = {"annotations": "id", "names": "post_id"}  # table -> its key
_ANNOTATION = "id, kind, post_id, comment_id, text, exact, prefix, suffix, created, updated"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the reader made of one post."""

    bookmarks: int = 0
    notes: int = 0
    read: int = 0  # comments read, of those that the post holds


@dataclass(frozen=True, slots=True)
class NoteDraft:
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


class Annotations:
    """The reader's store. One object belongs to the thread that opened it; `clone` gives another one."""

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

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        now: Callable[[], dt.datetime] = utc_now,
        new_id: Callable[[], str] = random_id,
    ) -> Self:
        """The store at `path`, made or migrated as needed.

        Where nothing can be written it is read as it stands, or is empty if there is none: `read_only` tells.
        Raises AnnotationsDamaged, the file untouched; StoreTooNew; LibraryError if it is locked or forbidden.
        """
        connection, writable = opened(path, _STEPS, read_only=read_only)
        return cls(connection, path, read_only=not writable, now=now, new_id=new_id)

    def clone(self) -> Self:
        """The same store for another thread, to be called in that thread."""
        connection, writable = opened(self.path, _STEPS, read_only=self.read_only, probe=False)
        return type(self)(connection, self.path, read_only=not writable, now=self._now, new_id=self._new_id)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def marks(self, post_id: str | None = None) -> list[Annotation]:
        """Every annotation, of one post if given, oldest first."""
        where, given = ("", ()) if post_id is None else ("WHERE post_id = ?", (post_id,))
        rows = self._rows(f"SELECT {_ANNOTATION} FROM annotations {where} ORDER BY created, id", given)
        return [_annotation(row) for row in rows]

    def mark(self, annotation_id: str) -> Annotation:
        """One annotation; raises UnknownReference."""
        rows = self._rows(f"SELECT {_ANNOTATION} FROM annotations WHERE id = ?", (annotation_id,))
        if not rows:
            raise UnknownReference(f"{annotation_id}: no such annotation; `threadreader marks` lists them.")
        return _annotation(rows[0])

    def bookmark(self, post_id: str, comment_id: str | None, quote: TextQuote) -> Annotation:
        """The bookmark on a comment, or on the post: the one that is there, else a new one."""
        with self._writing():
            return self._bookmark_on(post_id, comment_id) or self._make(
                "bookmark", post_id, comment_id, "", quote
            )

    def unbookmark(self, post_id: str, comment_id: str | None) -> bool:
        """Take the bookmark off; whether there was one."""
        with self._writing():
            there = self._bookmark_on(post_id, comment_id)
            if there:
                self._change("annotations", there.id, None)
            return there is not None

    def toggle_bookmark(self, post_id: str, comment_id: str | None, quote: TextQuote) -> bool:
        """Set the bookmark, or take it off; whether it is there now."""
        with self._writing():
            there = self._bookmark_on(post_id, comment_id)
            if there:
                self._change("annotations", there.id, None)
            else:
                self._make("bookmark", post_id, comment_id, "", quote)
            return there is None

    def note(self, post_id: str, comment_id: str | None, text: str, quote: TextQuote) -> Annotation | None:
        """A new note, which ends the draft on the same target; None if `text` is blank: that is no note."""
        words = _note_text(text)
        with self._writing():
            self._drop_draft(post_id, comment_id)
            return self._make("note", post_id, comment_id, words, quote) if words else None

    def edit(self, annotation_id: str, text: str) -> Annotation | None:
        """Give a note another text, which ends the draft on its target; a blank text removes the note.

        Raises UnknownReference if it is not there any more.
        """
        words = _note_text(text)
        with self._writing():
            note = self.mark(annotation_id)
            self._drop_draft(note.post_id, note.comment_id)
            if not words:
                self._change("annotations", note.id, None)
                return None
            if words != note.text:
                row = self._row("annotations", note.id) or {}
                self._change("annotations", note.id, row | {"text": words, "updated": _stamp(self._now())})
            return self.mark(note.id)

    def remove(self, annotation_id: str) -> None:
        """Remove an annotation; raises UnknownReference if it is not there."""
        with self._writing():
            self._change("annotations", self.mark(annotation_id).id, None)

    def names(self) -> dict[str, str]:
        """Post id -> the name that the reader gave it."""
        return dict(self._rows("SELECT post_id, title FROM names"))

    def rename(self, post_id: str, title: str) -> None:
        """Give a post a name of the reader's own; a blank one gives it back its title."""
        name = collapsed(_words(title))
        after = {"post_id": post_id, "title": name} if name else None
        with self._writing():
            if self._row("names", post_id) != after:
                self._change("names", post_id, after)

    def undo(self) -> str | None:
        """Take back the last change to annotations, names, or read marks set by hand.

        Gives in a line what that did; None where nothing is left.
        """
        with self._writing():
            last = self._rows(
                "SELECT seq, subject, key, after, before FROM changes"
                " WHERE NOT undone ORDER BY seq DESC LIMIT 1"
            )
            return self._turn(*last[0], undone=True) if last else None

    def redo(self) -> str | None:
        """Make the change again that was taken back last; what that did, in a line, or None."""
        with self._writing():
            first = self._rows(
                "SELECT seq, subject, key, before, after FROM changes WHERE undone ORDER BY seq LIMIT 1"
            )
            return self._turn(*first[0], undone=False) if first else None

    def drafts(self) -> list[NoteDraft]:
        """Every note that was begun and neither saved nor given up, oldest first."""
        rows = self._rows("SELECT post_id, comment_id, text, updated, note_id FROM drafts ORDER BY updated")
        return [NoteDraft(post, on, text, _time(updated), note) for post, on, text, updated, note in rows]

    def draft(self, post_id: str, comment_id: str | None) -> NoteDraft | None:
        """The draft on one comment, or on the post."""
        on_target = (d for d in self.drafts() if (d.post_id, d.comment_id) == (post_id, comment_id))
        return next(on_target, None)

    def keep_draft(
        self, post_id: str, comment_id: str | None, text: str, *, note_id: str | None = None
    ) -> None:
        """Keep what is being written, in place of the target's earlier draft; a blank text keeps none."""
        with self._writing() as connection:
            self._drop_draft(post_id, comment_id)
            if text.strip():
                connection.execute(
                    "INSERT INTO drafts (post_id, comment_id, text, updated, note_id) VALUES (?, ?, ?, ?, ?)",
                    (post_id, comment_id, _words(text), _stamp(self._now()), note_id),
                )

    def drop_draft(self, post_id: str, comment_id: str | None) -> None:
        """Forget the draft on a target."""
        with self._writing():
            self._drop_draft(post_id, comment_id)

    def read(self, post_id: str) -> set[str]:
        """Ids of the comments that were read, of those that the post holds."""
        rows = self._rows("SELECT comment_id FROM reads WHERE post_id = ? AND NOT gone", (post_id,))
        return {comment_id for (comment_id,) in rows}

    def mark_read(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Comments as read, because they stood on the screen: no step to undo."""
        with self._writing():
            self._mark(post_id, comment_ids, read=True)

    def set_read(self, post_id: str, comment_ids: Iterable[str], *, read: bool) -> int:
        """Mark comments read, or unread, at the reader's word: one step to undo. Gives how many changed."""
        with self._writing():
            there = self.read(post_id)
            ids = [comment_id for comment_id in comment_ids if (comment_id in there) != read]
            if ids:
                after = {"ids": ids, "read": read}
                self._put("reads", post_id, after)
                self._record("reads", post_id, after | {"read": not read}, after)
            return len(ids)

    def retain(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Set aside the read marks of comments that an updated post lost, and take back those it has again.

        `comment_ids` are all that the post holds now. A mark set aside is not counted and never deleted.
        """
        with self._writing() as connection:
            connection.execute(
                "WITH held AS MATERIALIZED (SELECT value FROM json_each(?2))"
                " UPDATE reads SET gone = NOT gone"
                " WHERE post_id = ?1 AND gone = (comment_id IN (SELECT value FROM held))",
                (post_id, json.dumps(list(comment_ids))),
            )

    def position(self, post_id: str) -> Position | None:
        """Where the reader stopped in a post."""
        rows = self._rows("SELECT comment_id, line FROM positions WHERE post_id = ?", (post_id,))
        return Position(*rows[0]) if rows else None

    def positions(self) -> dict[str, Position]:
        """Where the reader stopped, by post."""
        rows = self._rows("SELECT post_id, comment_id, line FROM positions")
        return {post_id: Position(comment_id, line) for post_id, comment_id, line in rows}

    def keep_position(self, post_id: str, position: Position) -> None:
        """Remember where the reader is in a post."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO positions (post_id, comment_id, line) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                " SET comment_id = excluded.comment_id, line = excluded.line",
                (post_id, position.comment_id, position.line),
            )

    def folds(self, post_id: str) -> frozenset[str]:
        """Ids of the comments that are folded in a post."""
        rows = self._rows("SELECT comment_ids FROM folds WHERE post_id = ?", (post_id,))
        return frozenset(json.loads(rows[0][0])) if rows else frozenset()

    def was_folded(self, post_id: str) -> bool:
        """Were folds of the post ever kept, be it that there are none?"""
        return bool(self._rows("SELECT 1 FROM folds WHERE post_id = ?", (post_id,)))

    def keep_folds(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Remember which comments are folded in a post: these and no others."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO folds (post_id, comment_ids) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET comment_ids = excluded.comment_ids",
                (post_id, json.dumps(sorted(comment_ids))),
            )

    def state(self, key: str, default: str = "") -> str:
        """A value that the reader's program remembers between its runs: the theme, the list's order."""
        rows = self._rows("SELECT value FROM state WHERE key = ?", (key,))
        return rows[0][0] if rows else default

    def keep_state(self, key: str, value: str) -> None:
        """Remember a value under `key`."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO state (key, value) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def aliases(self) -> dict[str, str]:
        """Id that a post or comment would get by itself -> the id that it is known by."""
        return dict(self._rows("SELECT natural, kept FROM aliases"))

    def keep_aliases(self, aliases: Mapping[str, str]) -> None:
        """Know posts or comments by the ids they had: natural id -> kept id."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO aliases (natural, kept) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET kept = excluded.kept",
                aliases.items(),
            )

    def counts(self) -> dict[str, Counts]:
        """Post id -> how much the reader made of it; posts without anything are absent."""
        rows = self._rows("SELECT post_id, bookmarks, notes, read FROM counts")
        return {post_id: Counts(*numbers) for post_id, *numbers in rows}

    def data_version(self) -> int:
        """A number that changes whenever another connection has written here."""
        return int(self._rows("PRAGMA data_version")[0][0])

    def check(self) -> list[Problem]:
        """What is not consistent; empty if all is well."""
        where = str(self.path)
        damage = [message for (message,) in self._rows("PRAGMA integrity_check") if message != "ok"]
        if damage:
            return [Problem("annotations-damaged", where, message) for message in damage]
        wrong = self._rows(
            "WITH real AS ("
            " SELECT post_id, sum(kind = 'bookmark') AS bookmarks, sum(kind = 'note') AS notes, 0 AS read"
            " FROM annotations GROUP BY post_id"
            " UNION ALL SELECT post_id, 0, 0, sum(NOT gone) FROM reads GROUP BY post_id"
            " UNION ALL SELECT post_id, -bookmarks, -notes, -read FROM counts)"
            " SELECT post_id FROM real GROUP BY post_id HAVING sum(bookmarks) OR sum(notes) OR sum(read)"
        )
        return [
            Problem("count-wrong", post_id, "The stored counts of marks differ from the marks.")
            for (post_id,) in wrong
        ]

    def _rows(self, sql: str, given: tuple[object, ...] = ()) -> list[Any]:
        with explained(self.path):
            return self._connection.execute(sql, given).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise LibraryReadOnly(
                f"{self.path}: can't be written, so marks are not kept. Choose another folder with --library."
            )
        with explained(self.path), transaction(self._connection):
            yield self._connection

    def _bookmark_on(self, post_id: str, comment_id: str | None) -> Annotation | None:
        rows = self._rows(
            f"SELECT {_ANNOTATION} FROM annotations"
            " WHERE kind = 'bookmark' AND post_id = ? AND comment_id IS ?",
            (post_id, comment_id),
        )
        return _annotation(rows[0]) if rows else None

    def _make(
        self, kind: MarkKind, post_id: str, comment_id: str | None, text: str, quote: TextQuote
    ) -> Annotation:
        moment = _stamp(self._now())
        quoted = (quote.exact, quote.prefix, quote.suffix)
        values = (self._new_id(), kind, post_id, comment_id, text, *quoted, moment, moment)
        self._change("annotations", values[0], dict(zip(_ANNOTATION.split(", "), values, strict=True)))
        return _annotation(values)

    def _drop_draft(self, post_id: str, comment_id: str | None) -> None:
        self._connection.execute(
            "DELETE FROM drafts WHERE post_id = ? AND comment_id IS ?", (post_id, comment_id)
        )

    def _mark(self, post_id: str, comment_ids: Iterable[str], *, read: bool) -> None:
        self._connection.executemany(
            "INSERT INTO reads (post_id, comment_id, gone) VALUES (?, ?, 0)"
            " ON CONFLICT DO UPDATE SET gone = 0 WHERE gone"
            if read
            else "DELETE FROM reads WHERE post_id = ? AND comment_id = ?",
            [(post_id, comment_id) for comment_id in comment_ids],
        )

    def _row(self, table: str, key: str) -> dict[str, Any] | None:
        cursor = self._connection.execute(f"SELECT * FROM {table} WHERE {_UNDOABLE[table]} = ?", (key,))
        row = cursor.fetchone()
        return row and {column[0]: value for column, value in zip(cursor.description, row, strict=True)}

    def _put(self, table: str, key: str, row: Mapping[str, Any] | None) -> None:
        if table == "reads" and row is not None:  # not a row: comments of the post, and what they become
            self._mark(key, row["ids"], read=row["read"])
            return
        self._connection.execute(f"DELETE FROM {table} WHERE {_UNDOABLE[table]} = ?", (key,))
        if row is not None:
            columns, slots = ", ".join(row), ", ".join("?" * len(row))
            self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({slots})", tuple(row.values()))

    def _change(self, table: str, key: str, after: Mapping[str, Any] | None) -> None:
        """Replace a row, `None` standing for no row, and record how to undo that."""
        before = self._row(table, key)
        self._put(table, key, after)
        self._record(table, key, before, after)

    def _record(
        self, table: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        self._connection.execute("DELETE FROM changes WHERE undone")
        self._connection.execute(
            "INSERT INTO changes (made, subject, key, before, after, undone) VALUES (?, ?, ?, ?, ?, 0)",
            (_stamp(self._now()), table, key, json.dumps(before), json.dumps(after)),
        )
        self._connection.execute(
            "DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - ?", (KEPT_CHANGES,)
        )

    def _turn(self, seq: int, table: str, key: str, was: str, becomes: str, *, undone: bool) -> str:
        before, after = json.loads(was), json.loads(becomes)
        self._put(table, key, after)
        self._connection.execute("UPDATE changes SET undone = ? WHERE seq = ?", (undone, seq))
        return _told(table, before, after)


def _annotation(row: tuple[Any, ...]) -> Annotation:
    annotation_id, kind, post_id, comment_id, text, exact, prefix, suffix, created, updated = row
    quote = TextQuote(exact, prefix, suffix)
    return Annotation(annotation_id, kind, post_id, comment_id, text, quote, _time(created), _time(updated))


def _stamp(moment: dt.datetime) -> str:
    # Always of one width, so that the order of the texts is the order of the moments.
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _time(stamp: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamp)


def _words(text: str) -> str:
    # Arguments that are not UTF-8 reach Python as lone surrogates, which no store can hold.
    return harmless(text.encode(errors="replace").decode())


def _note_text(text: str) -> str:
    lines = [line.rstrip() for line in _words(text).split("\n")]
    return "\n".join(lines).strip("\n")


def _told(table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    row = after or before or {}
    if table == "reads":
        return f"{len(row['ids'])} {'read' if row['read'] else 'unread'} again"
    if table == "names":
        return f"name “{row['title']}” {'restored' if after else 'removed'}"
    label = collapsed(row["text"] or row["exact"])
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    link = " on" if row["kind"] == "bookmark" else ""
    return f"{row['kind']}{link} “{label}” {'restored' if after else 'removed'}"


def _first_tables(db: "Database") -> None:
    db.table("annotations").create(
        dict.fromkeys(_ANNOTATION.split(", "), str),
        pk="id",
        not_null={"kind", "post_id", "text", "exact", "prefix", "suffix", "created", "updated"},
    )
    db.table("annotations").create_index(["post_id", "created"])
    db.table("drafts").create(
        {"post_id": str, "comment_id": str, "text": str, "updated": str, "note_id": str},
        not_null={"post_id", "text", "updated"},
    )
    db.table("reads").create(
        {"post_id": str, "comment_id": str, "gone": int}, pk=("post_id", "comment_id"), not_null={"gone"}
    )
    db.table("positions").create({"post_id": str, "comment_id": str, "line": int}, pk="post_id")
    db.table("folds").create({"post_id": str, "comment_ids": str}, pk="post_id")
    db.table("names").create({"post_id": str, "title": str}, pk="post_id")
    db.table("aliases").create({"natural": str, "kept": str}, pk="natural")
    db.table("state").create({"key": str, "value": str}, pk="key")
    db.table("changes").create(
        {"seq": int, "made": str, "subject": str, "key": str, "before": str, "after": str, "undone": int},
        pk="seq",
    )
    db.table("counts").create(
        {"post_id": str, "bookmarks": int, "notes": int, "read": int},
        pk="post_id",
        defaults={"bookmarks": 0, "notes": 0, "read": 0},
    )
    for index in _UNIQUE_TARGETS:
        db.execute(index)
    for trigger in _COUNTING:
        db.execute(trigger)


# A null is unlike any other null in an index: the post itself needs a name there.
_UNIQUE_TARGETS = (
    "CREATE UNIQUE INDEX one_bookmark ON annotations (post_id, ifnull(comment_id, ''))"
    " WHERE kind = 'bookmark'",
    "CREATE UNIQUE INDEX one_draft ON drafts (post_id, ifnull(comment_id, ''))",
)

_COUNTING = (
    """CREATE TRIGGER mark_made AFTER INSERT ON annotations BEGIN
    INSERT INTO counts (post_id, bookmarks, notes)
    VALUES (new.post_id, new.kind = 'bookmark', new.kind = 'note')
    ON CONFLICT DO UPDATE SET bookmarks = bookmarks + excluded.bookmarks,
    notes = notes + excluded.notes; END""",
    """CREATE TRIGGER mark_removed AFTER DELETE ON annotations BEGIN
    UPDATE counts SET bookmarks = bookmarks - (old.kind = 'bookmark'), notes = notes - (old.kind = 'note')
    WHERE post_id = old.post_id; END""",
    """CREATE TRIGGER comment_read AFTER INSERT ON reads WHEN NOT new.gone BEGIN
    INSERT INTO counts (post_id, read) VALUES (new.post_id, 1)
    ON CONFLICT DO UPDATE SET read = read + 1; END""",
    """CREATE TRIGGER comment_unread AFTER DELETE ON reads WHEN NOT old.gone BEGIN
    UPDATE counts SET read = read - 1 WHERE post_id = old.post_id; END""",
    """CREATE TRIGGER comment_set_aside AFTER UPDATE OF gone ON reads BEGIN
    UPDATE counts SET read = read + old.gone - new.gone WHERE post_id = old.post_id; END""",
)

# Each brings a store from the version of its position to the next; a step that was released never changes.
_STEPS: tuple[Callable[["Database"], None], ...] = (_first_tables,)
