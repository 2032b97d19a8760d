"""The journal beside the store: told of a step before its commit, followed where the store lacks its end."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from threadreader.annotations.changes import NO_STEPS, NOTHING_TOLD, Changes, Told
from threadreader.annotations.rows import UNDOABLE, stamp
from threadreader.errors import AnnotationsDamaged, LibraryError, StoreTooNew
from threadreader.journal import (
    Broken,
    Change,
    Did,
    Journal,
    Part,
    Place,
    Register,
    dot,
    registers,
)
from threadreader.model import Problem
from threadreader.store import explained, transaction

if TYPE_CHECKING:
    from threadreader.journal.state import Held, State

_KEY = "journal"  # in the table of state
# What SQLite says of rows that make no sense to it; all else is no fault of the rows.
_SENSELESS = (0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)


class Followed(NamedTuple):
    """What the store knows of its journal."""

    store: str  # the name of this copy of the store in journals
    home: str  # where it had that name: a copy elsewhere takes another one
    clock: int  # of the last change
    place: Place

    @classmethod
    def read(cls, told: str) -> "Followed":
        """From the table of state."""
        store, home, clock, place = json.loads(told)
        return cls(store, home, clock, Place(*place))


class Following(Changes):
    """The store and its journal, kept in step. Whatever touches the file has the write lock."""

    _journal: Journal
    notices: list[str]
    """What the reader should hear about the files, a line each."""

    def _followed(self) -> Followed | None:
        rows = self._rows("SELECT value FROM state WHERE key = ?", (_KEY,))
        return Followed.read(rows[0][0]) if rows else None

    def _set_followed(self, followed: Followed) -> None:
        self._connection.execute(
            "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (_KEY, json.dumps(followed)),
        )

    def _is_in_step(self) -> bool:
        """Does the journal end where the store has followed it to?"""
        at, found = self._followed(), self._journal.size()
        is_there = at and found == (at.place.file, at.place.offset) and at.home == self._home()
        return bool(is_there and not self._journal.is_older)

    def _home(self) -> str:
        machine = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
        told = f"{machine} {self.path.absolute()} {self.path.stat().st_ino}"
        return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:16]

    def _tell(self, did: Did, of: str = "") -> None:
        """Put what was gathered into the journal, then commit it; LibraryError: nothing is kept."""
        told = self._told
        at = self._followed()
        assert at
        made, parts = stamp(self._now()), tuple(self._parts)
        change = Change(at.store, at.clock + 1, made, did, parts, of, told.knows, told.knew, told.why)
        if did in ("made", "merged"):
            self._record(made, change.id, self._gathered, told)
        try:
            place = self._journal.append(change, at.place)
        except OSError as error:
            raise LibraryError(
                f"{self._journal.path}: {error.strerror or error}; the change is not kept."
                " Make room, or see that the file can be written, and do it again."
            ) from error
        try:
            self._set_followed(at._replace(clock=change.clock, place=place))
            self._connection.execute("COMMIT")
        except BaseException:
            self._journal.cut(at.place)
            raise
        self._parts, self._gathered, self._told = [], [], NOTHING_TOLD

    def _catch_up_at_start(self) -> None:
        """Do what the journal tells and the store lacks, after a crash between the two."""
        if self.read_only or (self._followed() is None and not self._journal.path.exists()):
            return  # a journal is begun by the first change
        try:
            with explained(self.path):
                if not self._is_in_step():
                    with transaction(self._connection):
                        if not self._is_in_step():
                            self._catch_up()
        except (AnnotationsDamaged, StoreTooNew):
            raise
        except LibraryError as error:  # one can read; a change says so again
            self.notices.append(str(error))

    def _follow_to_the_end(self) -> None:
        """See that the store is in step; what that takes is a transaction before the present one."""
        for _ in range(3):  # a crash of another program after the first
            if self._is_in_step():
                return
            self._catch_up()
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")
        raise LibraryError(
            f"{self._journal.path}: can't be followed; nothing was changed. See `threadreader check`."
        )

    def _catch_up(self) -> None:
        """Bring store and journal in step, in a transaction of its own; raises LibraryError."""
        try:
            at = self._at_home(self._followed())
            found = self._journal.size()
            if found is None:
                if at.place.file:
                    self.notices.append(f"{self._journal.path.name} was gone, and is written anew.")
                self._set_followed(self._begun(at))
            elif found != (at.place.file, at.place.offset):
                self._follow_file(at)
            else:
                if self._journal.is_older:  # a line from now on may say more than its readers know
                    from threadreader.annotations.shortening import renewed

                    at = renewed(self, at)
                self._set_followed(at)
        except OSError as error:
            raise LibraryError(f"{self._journal.path}: {error.strerror or error}. Check the disk.") from error

    def _at_home(self, at: Followed | None) -> Followed:
        home = self._home()
        if at and at.home == home:
            return at
        return Followed(
            os.urandom(4).hex(), home, at.clock if at else 0, at.place if at else Place("", 0, "")
        )

    def _begun(self, at: Followed) -> Followed:
        """A new file, from what the store holds."""
        from threadreader.journal.state import State

        clock = at.clock + 1
        state = State({at.store: clock}, self._held(dot(at.store, clock)))
        place = self._journal.begin_anew(state)
        return at._replace(clock=clock, place=place._replace(last=dot(at.store, clock)))

    def _follow_file(self, at: Followed) -> None:
        """Follow a file that goes on behind where the store is; one that doesn't is put aside."""
        try:
            state, offset = self._journal.beginning()
        except (ValueError, KeyError, TypeError, AttributeError):
            self._put_aside(at, "is not a journal that can be followed")
            return
        file = self._journal.size()
        assert file
        start: int | None = None
        if not at.place.file and self._is_blank():
            self._bring_to(state)
            self._connection.execute("DELETE FROM changes")  # nobody wants that undone
            start = offset
        clock, last, end = max(at.clock, state.clock), at.place.last, offset
        for change, behind in self._journal.changes(offset):
            if isinstance(change, Change):
                state.take(change)
                clock = max(clock, change.clock)
                if change.id == at.place.last:
                    start = behind
            elif change.is_last:
                break
            end = behind
        if start is None and at.place.last and state.knew(at.place.last):
            # A later state of this store: a beginning that was gathered since, or another machine's that had
            # merged all of this one.
            self._bring_to(state)
            start = end
        if start is None:
            self._put_aside(at, "is another one's")
            return
        name, size = file
        for change, end in self._journal.changes(start):
            if isinstance(change, Change):
                last = change.id
                if self._tried(partial(self._follow, change)):
                    continue
                change = Broken(json.dumps(change.told()).encode(), False)
            self._leave_broken(change)
            if change.is_last:
                size = end - len(change.data)
                self._journal.cut(Place(name, size, last))
        self._set_followed(Followed(at.store, at.home, clock, Place(name, size, last)))

    def _tried(self, follow: Callable[[], None]) -> bool:
        """Do what a file says; where that can't be done here, nothing of it is."""
        self._connection.execute("SAVEPOINT following")
        try:
            follow()
        except (KeyError, TypeError, ValueError, AttributeError, sqlite3.Error) as error:
            self._connection.execute("ROLLBACK TO following")
            if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF not in _SENSELESS:
                raise
            return False
        finally:
            self._connection.execute("RELEASE following")
        return True

    def _leave_broken(self, broken: Broken) -> None:
        """Keep aside what can't be read, and tell."""
        aside = self._journal.keep_aside(broken.data)
        reason = "its last line was cut off" if broken.is_last else "a line of it can't be read"
        self.notices.append(
            f"{self._journal.path.name}: {reason}, and is kept in {aside.name}; all else is there."
        )

    def _put_aside(self, at: Followed, reason: str) -> None:
        aside = self._journal.move_aside()
        self.notices.append(
            f"{self._journal.path.name} {reason}. It is kept as {aside.name}:"
            " `threadreader merge` takes it in."
        )
        self._set_followed(self._begun(at))

    def _is_blank(self) -> bool:
        """Did nobody make anything here yet?"""
        tables = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in ("tags", "changes", *UNDOABLE))
        return not self._rows(f"SELECT 1 FROM ({tables}) LIMIT 1")

    def _held(self, by: str = "") -> "dict[Register, Held]":
        """What registers hold by the store, which can't tell read marks set by hand from others."""
        from threadreader.journal.state import Held

        parts = [
            Part(table, row[key], row)
            for table, key in UNDOABLE.items()
            for row in self._all(f"FROM {table}")
        ]
        parts += [
            Part("tags", row["post_id"], {"comment_id": row["comment_id"], "put": [row["tag"]], "taken": []})
            for row in self._all("FROM tags")
        ]
        parts += [Part("drafts", row.pop("post_id"), row) for row in self._all("FROM drafts")]
        parts += [Part("aliases", row["natural"], row) for row in self._all("FROM aliases")]
        parts += [Part("copies", row["digest"], row) for row in self._all("FROM copies")]
        return {register: Held(by, register, now) for part in parts for register, now in registers(part)}

    def _all(self, clause: str) -> list[dict[str, Any]]:
        cursor = self._connection.execute(f"SELECT * {clause}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _bring_to(self, state: "State") -> None:
        """Let the store hold what `state` says, as one step to undo."""
        from threadreader.journal.state import differences

        steps = []
        for part in differences(self._held(), state.held):
            about, key, now, *_ = part
            before = self._before(about, key, now) if about not in NO_STEPS else None
            if not self._tried(partial(self._put, about, key, now)):
                self._leave_broken(Broken(repr(part).encode(), False))
            elif about not in NO_STEPS:
                steps.append((about, key, before, now))
        self._record(stamp(self._now()), "", steps, Told(why="brought to what the journal says"))

    def _check_journal(self) -> list[Problem]:
        """Where the journal says something else than the store; as far as both were written."""
        from threadreader.journal.state import differences

        where = str(self._journal.path)
        if self._followed() is None or not self._journal.path.exists():
            return []
        try:
            state, _, broken = self._journal.state()
        except (ValueError, KeyError, TypeError, AttributeError):
            return [
                Problem(
                    "journal-damaged", where, "The journal can't be read. `threadreader backup` renews it."
                )
            ]
        problems = (
            [Problem("journal-broken", where, f"{len(broken)} of its lines can't be read.")] if broken else []
        )
        told = [part for part in differences(state.held, self._held()) if part.about != "reads"]
        return problems + [
            Problem("journal-differs", part.key, f"The journal has something else of it in {part.about}.")
            for part in told
        ]
