"""One transaction, one step: journal, record, commit; and how it is undone, redone and told."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from threadreader.annotations.changes import NOTHING_TOLD, Told, flattened
from threadreader.annotations.following import Following
from threadreader.annotations.rows import SEVERAL, time_of
from threadreader.errors import LibraryReadOnly
from threadreader.store import explained, transaction


class Step(NamedTuple):
    """Something that was done, and can be undone."""

    made: dt.datetime  # UTC, as that machine's clock had it
    told: str  # what was done, one line; or what undoing or redoing it did
    targets: tuple[tuple[str, str | None], ...]  # posts and comments, None for the post itself
    undone: bool


class Steps(Following):
    """What the reader makes, step by step."""

    def undo(self) -> str | None:
        """Take back the last change to annotations, tags, names, searches, or read marks set by hand.

        Gives in a line what that did; None where nothing is left.
        """
        step = self.undo_step()
        return step and step.told

    def redo(self) -> str | None:
        """Make the change again that was taken back last; what that did, in a line, or None."""
        step = self.redo_step()
        return step and step.told

    def undo_step(self) -> Step | None:
        """`undo`, with what it was done on."""
        return self._turn("NOT undone ORDER BY seq DESC", undone=True)

    def redo_step(self) -> Step | None:
        """`redo`, with what it was done on."""
        return self._turn("undone ORDER BY seq", undone=False)

    def history(self) -> list[Step]:
        """What was done and can be undone, or redone, newest first."""
        from threadreader.annotations.told import done, targets

        rows = self._rows("SELECT made, subject, key, before, after, undone FROM changes ORDER BY seq DESC")
        return [
            Step(time_of(made), done(table, was, now), targets(table, key, was, now), bool(undone))
            for made, table, key, before, after, undone in rows
            for was, now in [(json.loads(before), json.loads(after))]
        ]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. What is changed in it is one step, and on the disk when it ends, or nothing is."""
        self._see_that_it_can_be_written()
        with explained(self.path), transaction(self._connection):
            self._follow_to_the_end()
            self._parts, self._gathered, self._told = [], [], NOTHING_TOLD
            yield self._connection
            if self._gathered:
                self._tell("merged" if self._told.knows else "made")
            elif self._parts or self._told.knows:
                self._tell("kept")

    @contextmanager
    def _writing_behind(self) -> Iterator[sqlite3.Connection]:
        """Write what no key asked for. A crash of the machine may take its last second, so nothing waits for
        the disk: that takes longer than drawing.
        """
        self._see_that_it_can_be_written()
        self._connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with explained(self.path), transaction(self._connection):
                yield self._connection
        finally:
            self._connection.execute("PRAGMA synchronous = FULL")

    def _see_that_it_can_be_written(self) -> None:
        if self.read_only:
            raise LibraryReadOnly(
                f"{self.path}: can't be written, so marks are not kept. Choose another folder with --library."
            )

    def _turn(self, which: str, *, undone: bool) -> Step | None:
        """Take back, or make again, the first of the steps that are `which`."""
        with self._writing():
            rows = self._rows(
                f"SELECT seq, made, subject, key, before, after, line FROM changes WHERE {which} LIMIT 1"
            )
            if not rows:
                return None
            seq, made, table, key, *was, line = rows[0]
            before, after = reversed(list(map(json.loads, was))) if undone else map(json.loads, was)
            for one in flattened(table, key, after):
                self._keep(*one)
            line = line or f"#{seq}"
            self._flip(line, undone=undone)
            several = after if table == SEVERAL else {}
            self._told = Told(knows=several.get("knows", {}), knew=several.get("knew", {}))
            self._tell("undone" if undone else "redone", line)
        from threadreader.annotations.told import targets, told

        words = told(table, before, after)
        if why := several.get("why"):
            words = f"{why}: {'taken back' if undone else 'done again'}"
        return Step(time_of(made), words, targets(table, key, before, after), undone)

    def _end_draft(self, post_id: str, comment_id: str | None, note_id: str | None) -> None:
        """Drop the draft on a target if it is of that note; of a new one for None."""
        on_target = "SELECT 1 FROM drafts WHERE post_id = ? AND comment_id IS ? AND note_id IS ?"
        if self._rows(on_target, (post_id, comment_id, note_id)):
            self._keep("drafts", post_id, {"comment_id": comment_id, "text": ""})
