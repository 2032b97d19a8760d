"""SQLite of what the reader made. Precious: migrated, backed up, never rebuilt.

Annotations, tags and the reader's names of posts change in one transaction together with the record that
undoes the change, and are in the journal beside the store before that (`journal`). What merely follows the
reader (read marks, positions, folds) is written as it comes. Counts per post are kept by triggers, so that no
writer can forget them.

The schema (`schema.py`) is made and migrated by sqlite-utils; rows go through the standard library, which
starts at once.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from threadreader.annotations.labels import Labels
from threadreader.annotations.mendings import Mendings
from threadreader.annotations.people import People
from threadreader.annotations.places import Places
from threadreader.annotations.rows import Counts, NoteDraft, random_id, utc_now
from threadreader.annotations.steps import Step
from threadreader.journal import Journal
from threadreader.model import Annotation, Problem
from threadreader.schema import STEPS
from threadreader.store import opened

if TYPE_CHECKING:
    from threadreader.annotations.backups import Backup, Kind
    from threadreader.annotations.merging import Merged
    from threadreader.journal import Part

__all__ = ["Annotations", "Counts", "NoteDraft", "Step", "random_id", "utc_now"]


class Annotations(Mendings, Labels, People, Places):
    """The reader's store. One object belongs to the thread that opened it; `clone` gives another one."""

    def __init__(self, connection: sqlite3.Connection, path: Path, **how: Any) -> None:
        super().__init__(connection, path, **how)
        self._journal = Journal(path.with_suffix(".jsonl"), len(STEPS))
        self.notices = []

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
        store = cls(connection, path, read_only=not writable, now=now, new_id=new_id)
        try:
            store._catch_up_at_start()
        except BaseException:
            store.close()
            raise
        return store

    def clone(self) -> Self:
        """The same store for another thread, to be called in that thread."""
        connection, writable = opened(self.path, STEPS, read_only=self.read_only, probe=False)
        return type(self)(connection, self.path, read_only=not writable, now=self._now, new_id=self._new_id)

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        problems = [
            Problem("count-wrong", post_id, "The stored counts of marks differ from the marks.")
            for (post_id,) in wrong
        ]
        return problems + self._check_journal()

    def take_in(
        self,
        marks: Iterable[Annotation],
        tags: Iterable[tuple[str, str | None, Sequence[str]]] = (),
        removed: Iterable[str] = (),
    ) -> int:
        """Put annotations as they are given, times too, add tags, and remove others: one step to undo.

        Gives how many annotations and comments changed. A second bookmark on a target is passed over, and one
        that is there keeps its copy of what it was made on where none is given.
        """
        changed = 0
        with self._writing():
            for mark in marks:
                there = self._bookmark_on(mark.post_id, mark.comment_id) if mark.kind == "bookmark" else None
                before = self._row("annotations", mark.id)
                row = self._row_of(mark)
                if before and mark.quote.copy is None:
                    row |= {column: before[column] for column in ("copy", "start", "parent")}
                if (there is None or there.id == mark.id) and before != row:
                    self._change("annotations", mark.id, row)
                    changed += 1
            for annotation_id in removed:
                self._change("annotations", self.mark(annotation_id).id, None)
                changed += 1
            return changed + sum(self._tag(*on) > 0 for on in tags)

    def remove_all(self, marks: Iterable[str], tagged: Iterable[tuple[str, str | None]] = ()) -> int:
        """Remove marks, by id, and all tags of these comments and posts: one step to undo.

        Gives how many of them there were.
        """
        removed = 0
        with self._writing():
            for annotation_id in marks:
                if self._row("annotations", annotation_id):
                    self._change("annotations", annotation_id, None)
                    removed += 1
            for post_id, comment_id in tagged:
                there = self.tags(post_id).get(comment_id, ())
                removed += self._retag(post_id, comment_id, taken=there) > 0
        return removed

    # What few runs of the program need is imported where it is used.

    def back_up(self, kind: "Kind" = "asked") -> "Backup":
        """Copy the store, see that the copy is whole, and make a long journal shorter.

        Raises LibraryError; what was there before is untouched.
        """
        from threadreader.annotations.backups import back_up

        return back_up(self, kind)

    def back_up_if_due(self) -> "Backup | None":
        """The copy of the day, if there is none yet and something changed since the last copy."""
        is_blank = self._is_blank() and not self._rows("SELECT 1 FROM reads LIMIT 1")
        if self.read_only or is_blank:
            return None
        from threadreader.annotations.backups import back_up_if_due

        return back_up_if_due(self)

    def restore(self, backup: Path) -> "list[Part]":
        """Let marks, tags, names and saved searches be as in a copy, as one step to undo; gives what changed.

        Read marks, drafts and places stay. The store as it is now is copied first. Raises LibraryError if the
        copy can't be read.
        """
        from threadreader.annotations.backups import restore

        return restore(self, backup)

    def merge(self, journal: Path) -> "Merged":
        """Take in another machine's journal, as one step to undo. Doing so again changes nothing.

        Raises LibraryError where it can't be read.
        """
        from threadreader.annotations.merging import merge

        return merge(self, journal)
