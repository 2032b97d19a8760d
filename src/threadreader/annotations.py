"""SQLite of what the reader made. Precious: migrated, backed up, never rebuilt.

Annotations, tags and the reader's names of posts change in one transaction together with the record that
undoes the change. What merely follows the reader (read marks, positions, folds, drafts) is written as it
comes. Counts per post are kept by triggers, so that no writer can forget them.

The schema (`schema.py`) is made and migrated by sqlite-utils; rows go through the standard library, which
starts at once.
"""

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from threadreader.errors import LibraryReadOnly, UnknownReference
from threadreader.model import (
    Annotation,
    Colour,
    MarkKind,
    Position,
    Problem,
    SavedSearch,
    TextQuote,
    collapsed,
    harmless,
    tag_of,
)
from threadreader.schema import STEPS
from threadreader.store import explained, opened, transaction

KEPT_CHANGES = 1_000  # how far back undo reaches
_LABEL_LENGTH = 40  # characters of a text that an undo line quotes

_UNDOABLE = {"annotations": "id", "names": "post_id", "searches": "name"}  # table -> its key
_SEVERAL = "several"  # stands for a table where one step to undo is made of changes to rows of any
_ANNOTATION = "id, kind, post_id, comment_id, text, exact, prefix, suffix, created, updated, colour"


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
        self._gathered: list[tuple[str, str, Any, Any]] | None = None  # changes that will be one step

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
        connection, writable = opened(path, STEPS, read_only=read_only)
        return cls(connection, path, read_only=not writable, now=now, new_id=new_id)

    def clone(self) -> Self:
        """The same store for another thread, to be called in that thread."""
        connection, writable = opened(self.path, STEPS, read_only=self.read_only, probe=False)
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

    def bookmark_all(self, targets: Iterable[tuple[str, str | None, TextQuote]]) -> int:
        """Bookmark each of these that has no bookmark, as one step to undo; gives how many had none."""
        targets, made = list(targets), 0  # read in full before anything waits for what is written
        with self._writing(), self._as_one_step():
            for post_id, comment_id, quote in targets:
                if not self._bookmark_on(post_id, comment_id):
                    self._make("bookmark", post_id, comment_id, "", quote)
                    made += 1
        return made

    def note(self, post_id: str, comment_id: str | None, text: str, quote: TextQuote) -> Annotation | None:
        """A new note, which ends the draft of one on its target; None if `text` is blank: that is no note."""
        words = _note_text(text)
        with self._writing():
            self._end_draft(post_id, comment_id, None)
            return self._make("note", post_id, comment_id, words, quote) if words else None

    def highlight(
        self,
        post_id: str,
        comment_id: str | None,
        quote: TextQuote,
        colour: Colour,
        text: str = "",
    ) -> Annotation:
        """Highlight a passage, perhaps with a note on it; one that is highlighted already gets the colour."""
        words = _note_text(text)
        with self._writing():
            there = self._rows(
                f"SELECT {_ANNOTATION} FROM annotations WHERE kind = 'highlight' AND post_id = ?"
                " AND comment_id IS ? AND exact = ? AND prefix = ? AND suffix = ?",
                (post_id, comment_id, quote.exact, quote.prefix, quote.suffix),
            )
            if not there:
                return self._make("highlight", post_id, comment_id, words, quote, colour)
            mark = _annotation(there[0])
            if (mark.colour, mark.text) != (colour, words or mark.text):
                self._update(mark.id, colour=colour, text=words or mark.text)
            return self.mark(mark.id)

    def edit(self, annotation_id: str, text: str) -> Annotation | None:
        """Give a note another text, which ends the draft on its target.

        A blank text removes the note; of a highlight only what was noted on it. Raises UnknownReference if it
        is not there any more.
        """
        words = _note_text(text)
        with self._writing():
            note = self.mark(annotation_id)
            self._end_draft(note.post_id, note.comment_id, note.id)
            if not words and note.kind != "highlight":
                self._change("annotations", note.id, None)
                return None
            if words != note.text:
                self._update(note.id, text=words)
            return self.mark(note.id)

    def take_in(
        self,
        marks: Iterable[Annotation],
        tags: Iterable[tuple[str, str | None, Sequence[str]]] = (),
        removed: Iterable[str] = (),
    ) -> int:
        """Put annotations as they are given, times too, add tags, and remove others: one step to undo.

        Gives how many annotations and comments changed. A second bookmark on a target is passed over.
        """
        changed = 0
        with self._writing(), self._as_one_step():
            for mark in marks:
                there = self._bookmark_on(mark.post_id, mark.comment_id) if mark.kind == "bookmark" else None
                row = dict(zip(_ANNOTATION.split(", "), _values(mark), strict=True))
                if (there is None or there.id == mark.id) and self._row("annotations", mark.id) != row:
                    self._change("annotations", mark.id, row)
                    changed += 1
            for annotation_id in removed:
                self._change("annotations", self.mark(annotation_id).id, None)
                changed += 1
            return changed + sum(self._tag(*on) > 0 for on in tags)

    def remove(self, annotation_id: str) -> None:
        """Remove an annotation; raises UnknownReference if it is not there."""
        with self._writing():
            self._change("annotations", self.mark(annotation_id).id, None)

    def tags(self, post_id: str) -> dict[str | None, tuple[str, ...]]:
        """The tags in a post by comment, None for the post itself; each in the order of the alphabet."""
        rows = self._rows(
            "SELECT comment_id, tag FROM tags WHERE post_id = ? ORDER BY folded, comment_id", (post_id,)
        )
        tagged: dict[str | None, tuple[str, ...]] = {}
        for comment_id, tag in rows:
            tagged[comment_id] = (*tagged.get(comment_id, ()), tag)
        return tagged

    def post_tags(self) -> dict[str, tuple[str, ...]]:
        """Post id -> the tags on the post itself."""
        rows = self._rows("SELECT post_id, tag FROM tags WHERE comment_id IS NULL ORDER BY folded")
        tagged: dict[str, tuple[str, ...]] = {}
        for post_id, tag in rows:
            tagged[post_id] = (*tagged.get(post_id, ()), tag)
        return tagged

    def known_tags(self) -> list[str]:
        """Every tag once, those most used first."""
        rows = self._rows("SELECT max(tag) FROM tags GROUP BY folded ORDER BY count(*) DESC, folded")
        return [tag for (tag,) in rows]

    def tagged(self, tag: str, beginning: bool = False) -> list[tuple[str, str | None]]:
        """Post and comment, None for the post itself, of all that bears a tag, or one that begins so."""
        folded = tag_of(_words(tag)).casefold()
        after = f"{folded}\U0010ffff" if beginning else f"{folded}\0"
        return self._rows(
            "SELECT DISTINCT post_id, comment_id FROM tags WHERE folded >= ? AND folded < ?", (folded, after)
        )

    def set_tags(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Let a comment, or the post, have these tags and no others; gives how many came or went."""
        wanted = {tag.casefold(): tag for tag in map(tag_of, map(_words, tags)) if tag}
        with self._writing():
            there = {tag.casefold(): tag for tag in self.tags(post_id).get(comment_id, ())}
            return self._retag(
                post_id,
                comment_id,
                put=[tag for folded, tag in wanted.items() if there.get(folded) != tag],
                taken=[tag for folded, tag in there.items() if wanted.get(folded) != tag],
            )

    def tag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Add tags; gives how many there were not before."""
        with self._writing():
            return self._tag(post_id, comment_id, tags)

    def tag_all(self, targets: Iterable[tuple[str, str | None]], tags: Sequence[str]) -> int:
        """Add tags to each of these, as one step to undo; gives to how many of them any was new."""
        with self._writing(), self._as_one_step():
            return sum(self._tag(*target, tags) > 0 for target in targets)

    def untag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Take tags off; gives how many there were."""
        with self._writing():
            gone = {tag_of(_words(tag)).casefold() for tag in tags}
            there = self.tags(post_id).get(comment_id, ())
            return self._retag(post_id, comment_id, taken=[tag for tag in there if tag.casefold() in gone])

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

    def searches(self) -> list[SavedSearch]:
        """The saved searches, in the order of their names."""
        rows = self._rows("SELECT name, words, scope, exact FROM searches")
        saved = (SavedSearch(name, words, scope, bool(exact)) for name, words, scope, exact in rows)
        return sorted(saved, key=lambda search: (search.name.casefold(), search.name))

    def search(self, name: str) -> SavedSearch:
        """The saved search of that name, whatever its case; raises UnknownReference."""
        wanted, there = collapsed(_words(name)), self.searches()
        fitting = [search for search in there if search.name.casefold() == wanted.casefold()]
        if not fitting:
            names = ", ".join(f"“{search.name}”" for search in there)
            raise UnknownReference(
                f"{wanted}: no such saved search; there {f'are {names}' if names else 'is none'}."
            )
        return next((search for search in fitting if search.name == wanted), fitting[0])

    def save_search(self, search: SavedSearch) -> SavedSearch | None:
        """Keep a search, in place of one of the same name; gives it as it is kept, None for a blank name."""
        name = collapsed(_words(search.name))
        kept = search._replace(name=name, words=_words(search.words))
        after = kept._asdict() | {"exact": int(kept.exact)}
        with self._writing():
            if name and self._row("searches", name) != after:
                self._change("searches", name, after)
        return kept if name else None

    def remove_search(self, name: str) -> bool:
        """Forget a saved search; whether there was one."""
        with self._writing():
            there = self._row("searches", name) is not None
            if there:
                self._change("searches", name, None)
            return there

    def undo(self) -> str | None:
        """Take back the last change to annotations, tags, names, searches, or read marks set by hand.

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

    def all_read(self) -> set[str]:
        """Ids of the comments that were read in any post."""
        return {comment_id for (comment_id,) in self._rows("SELECT comment_id FROM reads WHERE NOT gone")}

    def mark_read(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Comments as read, because they stood on the screen: no step to undo."""
        with self._writing_behind():
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
        with self._writing_behind() as connection:
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
        """Remember which comments are folded in a post: these and no others, in any order."""
        with self._writing_behind() as connection:
            connection.execute(
                "INSERT INTO folds (post_id, comment_ids) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET comment_ids = excluded.comment_ids",
                (post_id, json.dumps(list(comment_ids))),
            )

    def state(self, key: str, default: str = "") -> str:
        """A value that the reader's program remembers between its runs: the theme, the list's order."""
        rows = self._rows("SELECT value FROM state WHERE key = ?", (key,))
        return rows[0][0] if rows else default

    def keep_state(self, key: str, value: str) -> None:
        """Remember a value under `key`."""
        with self._writing_behind() as connection:
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
        rows = self._rows("SELECT post_id, bookmarks, notes, read, highlights FROM counts")
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
            " SELECT post_id, sum(kind = 'bookmark') AS bookmarks, sum(kind = 'note') AS notes, 0 AS read,"
            " sum(kind = 'highlight') AS highlights FROM annotations GROUP BY post_id"
            " UNION ALL SELECT post_id, 0, 0, sum(NOT gone), 0 FROM reads GROUP BY post_id"
            " UNION ALL SELECT post_id, -bookmarks, -notes, -read, -highlights FROM counts)"
            " SELECT post_id FROM real GROUP BY post_id"
            " HAVING sum(bookmarks) OR sum(notes) OR sum(read) OR sum(highlights)"
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

    @contextmanager
    def _writing_behind(self) -> Iterator[sqlite3.Connection]:
        """Write what no key asked for. A crash of the machine may take its last second, so nothing waits for
        the disk: that takes longer than drawing.
        """
        self._connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self._writing() as connection:
                yield connection
        finally:
            self._connection.execute("PRAGMA synchronous = FULL")

    def _bookmark_on(self, post_id: str, comment_id: str | None) -> Annotation | None:
        rows = self._rows(
            f"SELECT {_ANNOTATION} FROM annotations"
            " WHERE kind = 'bookmark' AND post_id = ? AND comment_id IS ?",
            (post_id, comment_id),
        )
        return _annotation(rows[0]) if rows else None

    def _make(
        self,
        kind: MarkKind,
        post_id: str,
        comment_id: str | None,
        text: str,
        quote: TextQuote,
        colour: Colour | None = None,
    ) -> Annotation:
        moment = _stamp(self._now())
        quoted = (quote.exact, quote.prefix, quote.suffix)
        values = (self._new_id(), kind, post_id, comment_id, text, *quoted, moment, moment, colour or "")
        self._change("annotations", values[0], dict(zip(_ANNOTATION.split(", "), values, strict=True)))
        return _annotation(values)

    def _update(self, annotation_id: str, **columns: str) -> None:
        row = self._row("annotations", annotation_id) or {}
        self._change("annotations", annotation_id, row | columns | {"updated": _stamp(self._now())})

    def _tag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        there = {tag.casefold() for tag in self.tags(post_id).get(comment_id, ())}
        new = {tag.casefold(): tag for tag in map(tag_of, map(_words, tags)) if tag}
        put = [tag for folded, tag in new.items() if folded not in there]
        return self._retag(post_id, comment_id, put=put)

    def _retag(
        self, post_id: str, comment_id: str | None, put: Sequence[str] = (), taken: Sequence[str] = ()
    ) -> int:
        """Put tags on and take others off, as one step to undo.

        What is recorded is the difference: undoing it leaves alone what another program tagged meanwhile.
        """
        if not (put or taken):
            return 0
        before = {"comment_id": comment_id, "put": list(taken), "taken": list(put)}
        after = {"comment_id": comment_id, "put": list(put), "taken": list(taken)}
        self._put("tags", post_id, after)
        self._record("tags", post_id, before, after)
        return len({tag.casefold() for tag in (*put, *taken)})

    def _drop_draft(self, post_id: str, comment_id: str | None) -> None:
        self._connection.execute(
            "DELETE FROM drafts WHERE post_id = ? AND comment_id IS ?", (post_id, comment_id)
        )

    def _end_draft(self, post_id: str, comment_id: str | None, note_id: str | None) -> None:
        """Drop the draft on a target if it is of that note; of a new one for None."""
        self._connection.execute(
            "DELETE FROM drafts WHERE post_id = ? AND comment_id IS ? AND note_id IS ?",
            (post_id, comment_id, note_id),
        )

    def _mark(self, post_id: str, comment_ids: Iterable[str], *, read: bool) -> None:
        self._connection.executemany(
            "INSERT INTO reads (post_id, comment_id, gone) VALUES (?, ?, 0)"
            " ON CONFLICT DO UPDATE SET gone = 0 WHERE gone"
            if read
            else "DELETE FROM reads WHERE post_id = ? AND comment_id = ?",
            [(post_id, comment_id) for comment_id in comment_ids],
        )

    def _put_tags(
        self, post_id: str, comment_id: str | None, put: Iterable[str], taken: Iterable[str]
    ) -> None:
        self._connection.executemany(
            "DELETE FROM tags WHERE post_id = ? AND comment_id IS ? AND folded = ?",
            [(post_id, comment_id, tag.casefold()) for tag in taken],
        )
        self._connection.executemany(
            "INSERT INTO tags (post_id, comment_id, folded, tag) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET tag = excluded.tag",
            [(post_id, comment_id, tag.casefold(), tag) for tag in put],
        )

    def _row(self, table: str, key: str) -> dict[str, Any] | None:
        cursor = self._connection.execute(f"SELECT * FROM {table} WHERE {_UNDOABLE[table]} = ?", (key,))
        row = cursor.fetchone()
        return row and {column[0]: value for column, value in zip(cursor.description, row, strict=True)}

    def _put(self, table: str, key: str, row: Mapping[str, Any] | None) -> None:
        if table == _SEVERAL and row is not None:
            for one_table, one_key, one_row in row["rows"]:
                self._put(one_table, one_key, one_row)
            return
        if table == "reads" and row is not None:  # not a row: comments of the post, and what they become
            self._mark(key, row["ids"], read=row["read"])
            return
        if table == "tags" and row is not None:  # the same: tags of one comment that come and go
            self._put_tags(key, row["comment_id"], row["put"], row["taken"])
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

    @contextmanager
    def _as_one_step(self) -> Iterator[None]:
        """Let what is changed meanwhile be undone together."""
        self._gathered = []
        try:
            yield
        finally:
            gathered, self._gathered = self._gathered, None
        if gathered:
            before = [(table, key, row) for table, key, row, _ in reversed(gathered)]
            after = [(table, key, row) for table, key, _, row in gathered]
            self._record(_SEVERAL, "", {"rows": before}, {"rows": after})

    def _record(
        self, table: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        if self._gathered is not None:
            self._gathered.append((table, key, before, after))
            return
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
    annotation_id, kind, post_id, comment_id, text, exact, prefix, suffix, created, updated, colour = row
    quote, times = TextQuote(exact, prefix, suffix), (_time(created), _time(updated))
    return Annotation(annotation_id, kind, post_id, comment_id, text, quote, *times, colour or None)


def _values(mark: Annotation) -> tuple[str | None, ...]:
    """The row of an annotation."""
    quoted, times = map(_words, mark.quote), (_stamp(mark.created), _stamp(mark.updated))
    text = _note_text(mark.text)
    return (mark.id, mark.kind, mark.post_id, mark.comment_id, text, *quoted, *times, mark.colour or "")


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
    if table == _SEVERAL and before and after:
        rows = zip(reversed(before["rows"]), after["rows"], strict=True)
        told = [_told(one_table, was, becomes) for (one_table, _, was), (_, _, becomes) in rows]
        return told[0] if len(told) == 1 else f"{told[0]}, and {len(told) - 1} more like it"
    if table == "searches":
        return f"search “{row['name']}” {'restored' if after else 'removed'}"
    if table == "reads":
        return f"{len(row['ids'])} {'read' if row['read'] else 'unread'} again"
    if table == "tags":
        put, taken = (" ".join(f"#{tag}" for tag in row[key]) for key in ("put", "taken"))
        return ", ".join([*([f"{put} put on"] if put else []), *([f"{taken} taken off"] if taken else [])])
    if table == "names":
        return f"name “{row['title']}” {'restored' if after else 'removed'}"
    label = collapsed(row["text"] or row["exact"])
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    link = " on" if row["kind"] == "bookmark" else ""
    return f"{row['kind']}{link} “{label}” {'restored' if after else 'removed'}"
