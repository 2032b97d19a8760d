"""A precious SQLite file: opened without harm, migrated after a copy, its failures explained.

What is damaged, foreign or newer is refused before SQLite can touch it. sqlite-utils takes the migration
steps, and is imported only when there is one to take.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from threadreader.errors import AnnotationsDamaged, LibraryError, LibraryReadOnly, StoreTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database

    Steps = Sequence[Callable[[Database], None]]

BUSY_TIMEOUT = 5.0  # seconds that a write waits for another process
CHECKED_WHOLE = 4 << 20  # bytes: up to here opening looks at every page, at 2 ms a megabyte
_MAGIC = b"SQLite format 3\0"


def opened(
    path: Path, steps: "Steps", *, read_only: bool = False, probe: bool = True
) -> tuple[sqlite3.Connection, bool]:
    """A connection in autocommit mode to the store at `path`, brought to the last of `steps`; is it writable.

    Each step brings a store from the version of its position to the next. Where nothing can be written the
    store is read as it stands, or is empty if there is none. Raises AnnotationsDamaged and StoreTooNew, the
    file untouched; LibraryError if it is locked or forbidden.

    A process that holds the store open must not `probe` it again: whoever closes a file gives up every lock
    that the process has on it, and another program would take SQLite's log away from under this one.
    """
    with explained(path):
        if probe:
            _probe(path, len(steps))
        if read_only or not _can_write(path):
            return _readable(path, steps), False
        return _writable(path, steps), True


class Alone:
    """A lock that lasts until it is let go of, or its process ends, however that does."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def at(cls, path: Path) -> Self | None:
        """The lock at `path`; None where another one has it."""
        with explained(path):
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                connection.close()
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    return None
                raise
        return cls(path, connection)

    def close(self) -> None:
        """Let go."""
        self._path.unlink(missing_ok=True)
        self._connection.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite and the disk say, as errors that name the file and the next step."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise LibraryError(f"{where}: {error.strerror or error}. Check the library's folder.") from error
    except sqlite3.Error as error:
        match (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF:
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                raise _damaged(path, str(error)) from error
            case sqlite3.SQLITE_READONLY:
                raise LibraryReadOnly(f"{path}: can't be written, so marks are not kept.") from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise LibraryError(f"{path}: another program is writing to it. Try again.") from error
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
                raise LibraryError(f"{path}: {error}. Check the disk.") from error
        raise


def _damaged(path: Path, reason: str) -> AnnotationsDamaged:
    return AnnotationsDamaged(
        f"{path}: can't be read ({reason}) and is left as it is."
        " `threadreader restore` brings back a copy of it, and what the journal has since."
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, with the lock taken at once: what is read in it is still so when it writes.

    It may be committed before it ends.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        if connection.in_transaction:
            connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _probe(path: Path, newest: int) -> None:
    """Raise AnnotationsDamaged or StoreTooNew for a file that is not to be opened, without touching it.

    SQLite itself would leave its side files beside it, or work a log that it finds there into it.
    """
    if not path.exists():
        return
    logs = [log for end in ("-wal", "-journal") if (log := Path(f"{path}{end}")).exists()]
    with path.open("rb") as file:
        magic = file.read(len(_MAGIC))
    if not magic and not any(log.stat().st_size for log in logs):
        return  # made, but killed before the first page was written
    if magic != _MAGIC:
        raise _damaged(path, "not an SQLite file")
    if not logs:
        connection, _ = _connected(path, "immutable=1", newest)
        with closing(connection):
            if path.stat().st_size <= CHECKED_WHOLE and (wrong := doubt(connection)):
                raise _damaged(path, wrong)


def doubt(connection: sqlite3.Connection, *, whole: bool = False) -> str | None:
    """The first thing that is wrong with a file, one line; the `whole` of it with what its indexes say."""
    check = "integrity_check" if whole else "quick_check"
    (answer,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    return None if answer == "ok" else " ".join(answer.split())


def _connected(
    path: Path, mode: Literal["mode=ro", "mode=rwc", "immutable=1"], newest: int
) -> tuple[sqlite3.Connection, int]:
    """A connection and the version of the store, 0 for an empty file."""
    uri = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version > newest:
            raise StoreTooNew(f"{path}: written by a newer threadreader. Update threadreader to read it.")
        if tables and not version:
            raise _damaged(path, "not a store of threadreader")
    except BaseException:
        connection.close()
        raise
    return connection, version


def _can_write(path: Path) -> bool:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _writable(path: Path, steps: "Steps") -> sqlite3.Connection:
    connection, version = _connected(path, "mode=rwc", len(steps))
    try:
        connection.execute("PRAGMA synchronous = FULL")
        if version < len(steps):
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, steps, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(path: Path, steps: "Steps") -> sqlite3.Connection:
    """The store as far as it can be read; an older one, or none, is brought up to date in memory."""
    if path.exists():
        stored, version = _stored(path, len(steps))
    else:
        stored, version = sqlite3.connect(":memory:"), 0
    if version == len(steps):
        return stored
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with closing(stored):
        stored.backup(memory)
    _migrate(memory, steps, None)
    return memory


def _stored(path: Path, newest: int) -> tuple[sqlite3.Connection, int]:
    try:
        return _connected(path, "mode=ro", newest)
    except sqlite3.OperationalError:
        # A log can't be read where its side files can't be made: what was worked in is better than nothing.
        return _connected(path, "immutable=1", newest)


def _migrate(connection: sqlite3.Connection, steps: "Steps", path: Path | None) -> None:
    """Take every step that the store has not taken, all or none, after a copy of what it holds."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations("threadreader")
    for step in steps:
        migrations(name=step.__name__.removeprefix("_"))(step)
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == len(steps):
            return  # another process was faster
        if path and version:
            _back_up(path, path.with_name(f"{path.name}.backup-{version}"))
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _back_up(path: Path, copy: Path) -> None:
    """Copy the store and see that the copy can be read; an unfinished copy never bears the name."""
    unfinished = copy.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    # A connection of its own: SQLite copies nothing through one that is about to write.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    with closing(sqlite3.connect(unfinished)) as reopened:
        wrong = doubt(reopened)
    if wrong:
        raise LibraryError(f"{copy}: the copy before a migration can't be read ({wrong}). Check the disk.")
    unfinished.replace(copy)
