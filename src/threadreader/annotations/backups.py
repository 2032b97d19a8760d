"""Copies of the store in `backups/`: written whole, verified, rotated, and brought back as one step to undo.

`annotations-20260131T120000Z-daily.db` is one. Of daily copies the newest of each of the last seven
days and of each of the last four weeks are kept. Copies that were asked for, those from before something
was restored, and those from before a migration (`annotations.db.backup-N`, beside the store) stay until the
reader deletes them.
"""

import datetime as dt
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from threadreader.annotations.changes import Told
from threadreader.annotations.shortening import shorten
from threadreader.errors import LibraryError
from threadreader.journal import Part, sync_folder
from threadreader.journal.state import differences
from threadreader.store import doubt, explained, transaction

if TYPE_CHECKING:
    from threadreader.annotations import Annotations

KEPT_DAYS, KEPT_WEEKS = 7, 4

Kind = Literal["daily", "asked", "restore", "migration"]
_NAME = re.compile(r"annotations-(\d{8}T\d{6}Z)-(daily|asked|restore)(?:-\d+)?\.db")
_STAMP = "%Y%m%dT%H%M%SZ"
_BEHIND = ("reads", "positions", "folds", "state")  # what no journal tells of


class Backup(NamedTuple):
    """A copy of the store."""

    path: Path
    kind: Kind
    made: dt.datetime  # UTC
    holds: Counter[str] | None  # bookmarks, notes and so on; None if it can't be read


def back_up(store: "Annotations", kind: Kind = "asked") -> Backup:
    """Copy the store, see that the copy is whole, and let the journal forget what it need not tell.

    Raises LibraryError; what was there before is untouched.
    """
    store._see_that_it_can_be_written()
    folder, made = backups_folder(store.path), store._now().astimezone(dt.UTC)
    name = f"annotations-{made:{_STAMP}}-{kind}"
    try:
        folder.mkdir(exist_ok=True)
        path = next(p for p in _numbered(folder, name) if not p.exists())
        unfinished = folder / f"{path.name}.{os.getpid()}.part"
        try:
            holds = _copied(store, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(folder)
    except OSError as error:
        raise LibraryError(f"{folder}: {error.strerror or error}; no backup was made.") from error
    _rotate(folder)
    shorten(store)
    return Backup(path, kind, made.replace(microsecond=0), holds)


def back_up_if_due(store: "Annotations") -> Backup | None:
    """The copy of the day, if there is none yet and something changed since the last copy."""
    today = store._now().astimezone(dt.UTC).date()
    there = [backup for backup in _in_folder(backups_folder(store.path)) if backup.kind == "daily"]
    if any(backup.made.date() == today for backup in there):
        return None
    if there and _has_not_changed_since(store, there[0].path):
        return None
    return back_up(store, "daily")


def restore(store: "Annotations", backup: Path) -> list[Part]:
    """Let marks, tags, names and saved searches be as in a copy, as one step to undo; gives what changed.

    Read marks, drafts and places stay. The store as it is now is copied first. Raises LibraryError if the
    copy can't be read.
    """
    with type(store).open(backup, read_only=True) as other:
        wanted = {one: held for one, held in other._held().items() if one[0] not in _STAYS}
    back_up(store, "restore")
    with store._writing():
        store._told = Told(f"restored from {backup.name}")
        now = {one: held for one, held in store._held().items() if one[0] not in _STAYS}
        parts = differences(now, wanted)
        for about, key, row, *_ in parts:
            store._change(about, key, row)
    return parts


def holds(store: "Annotations") -> Counter[str]:
    """How many bookmarks, notes and so on there are."""
    with explained(store.path):
        return holdings(store._connection)


def take_behind_from(store: "Annotations", other: Path) -> None:
    """Take over read marks, places and folds that this store lacks, as far as `other` can be read."""
    with explained(other):
        store._connection.execute("ATTACH ? AS other", (f"{other.absolute().as_uri()}?immutable=1",))
    try:
        for table in _BEHIND:
            where = "WHERE key <> 'journal'" if table == "state" else ""
            with suppress(sqlite3.Error), transaction(store._connection):
                store._connection.execute(
                    f"INSERT OR IGNORE INTO main.{table} SELECT * FROM other.{table} {where}"
                )
    finally:
        store._connection.execute("DETACH other")


def _copied(store: "Annotations", unfinished: Path) -> Counter[str]:
    """Copy the store as it is at one moment, and compare; gives what it holds."""
    with explained(unfinished), closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
        store._connection.execute("BEGIN")  # what is counted is what is copied
        try:
            counted = _sizes(store._connection)
            store._connection.backup(copy)
        finally:
            store._connection.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        wrong = doubt(copy, whole=True)
        if wrong or _sizes(copy) != counted:
            raise LibraryError(f"{unfinished}: the copy is not whole ({wrong or 'rows are missing'}).")
        holds = holdings(copy)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    return holds


def _has_not_changed_since(store: "Annotations", backup: Path) -> bool:
    with suppress(sqlite3.Error), closing(_read_only(backup)) as copy:
        told = "SELECT (SELECT value FROM state WHERE key = 'journal'), (SELECT count(*) FROM reads)"
        return bool(copy.execute(told).fetchone() == store._rows(told)[0])
    return False


_STAYS = ("aliases", "drafts", "reads")


def backups_folder(path: Path) -> Path:
    """Where the copies of the store at `path` are."""
    return path.with_name("backups")


def backups(path: Path) -> list[Backup]:
    """Every copy of the store at `path`, newest first."""
    found = [one._replace(holds=_holdings_of(one.path)) for one in _in_folder(backups_folder(path))]
    for copy in path.parent.glob(f"{path.name}.backup-*"):
        made = dt.datetime.fromtimestamp(copy.stat().st_mtime, dt.UTC).replace(microsecond=0)
        if not copy.name.endswith(".part"):
            found.append(Backup(copy, "migration", made, _holdings_of(copy)))
    return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


def put_in_place(path: Path, backup: Path | None, aside: str) -> list[Path]:
    """Let the store at `path` be a copy of `backup`, or gone for None; gives what it was, by other names.

    The journal beside it is followed when it is opened. Nothing may have it open: raises LibraryError.
    """
    _let_go_of_log(path)
    with explained(path):
        unfinished = path.with_name(f"{path.name}.part")
        if backup:
            import shutil

            shutil.copyfile(backup, unfinished)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
        kept = []
        for end in ("-wal", "-shm", ""):
            was = Path(f"{path}{end}")
            if was.exists():
                kept.append(was.rename(Path(f"{path}.{aside}{end}")))
        if backup:
            unfinished.replace(path)
            with closing(sqlite3.connect(path)) as store:
                store.execute("PRAGMA journal_mode = WAL")
        sync_folder(path.parent)
    return kept


def holdings(connection: sqlite3.Connection) -> Counter[str]:
    """How many bookmarks, notes and so on there are, in the order in which they are told."""
    kinds = "SELECT kind, count(*) FROM annotations GROUP BY kind ORDER BY kind"
    holds = Counter(dict(connection.execute(kinds).fetchall()))
    for table, noun in (
        ("tags", "tag"),
        ("names", "name"),
        ("searches", "saved search"),
        ("reads", "read mark"),
        ("people", "person"),
        ("mendings", "mending"),
    ):
        with suppress(sqlite3.OperationalError):  # an older store has fewer tables
            holds[noun] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return +holds


def _let_go_of_log(path: Path) -> None:
    """Work the log into the store, which nobody else may have open; a damaged one is left as it is."""
    if not path.exists():
        return
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=1)) as store:
        try:
            store.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise LibraryError(
                    f"{path}: another program has it open. Close it, and try again."
                ) from error


def _numbered(folder: Path, name: str) -> Iterable[Path]:
    yield folder / f"{name}.db"
    number = 1
    while number := number + 1:
        yield folder / f"{name}-{number}.db"


def _in_folder(folder: Path) -> list[Backup]:
    """The copies in a folder by their names, newest first."""
    found = []
    for path in folder.glob("annotations-*.db"):
        if match := _NAME.fullmatch(path.name):
            made = dt.datetime.strptime(match[1], _STAMP).replace(tzinfo=dt.UTC)
            found.append(Backup(path, match[2], made, None))  # type: ignore[arg-type]
    return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


def _rotate(folder: Path) -> None:
    daily = [backup for backup in _in_folder(folder) if backup.kind == "daily"]
    days: dict[dt.date, Path] = {}
    weeks: dict[tuple[int, int], Path] = {}
    for backup in daily:
        days.setdefault(backup.made.date(), backup.path)
        weeks.setdefault(backup.made.isocalendar()[:2], backup.path)
    kept = {*list(days.values())[:KEPT_DAYS], *list(weeks.values())[:KEPT_WEEKS]}
    for backup in daily:
        if backup.path not in kept:
            with suppress(OSError):
                backup.path.unlink()


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)


def _holdings_of(path: Path) -> Counter[str] | None:
    with suppress(sqlite3.Error), closing(_read_only(path)) as copy:
        return None if doubt(copy) else holdings(copy)
    return None


def _sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """Table -> its rows."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
