"""What goes wrong, done on purpose: programs killed, disks full, pages torn.

`make test-faults` prints a row for each fault: how often it was tried, how many changes were acknowledged,
and how many of these were lost. A change is acknowledged when the call that made it has returned, in a
process that says so over a pipe.
"""

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from threadreader.annotations import Annotations, changes
from threadreader.annotations.backups import put_in_place
from threadreader.errors import AnnotationsDamaged, LibraryError, StoreTooNew
from threadreader.model import Position, TextQuote
from threadreader.schema import STEPS

DATA = Path(__file__).parent / "data"
QUOTE = TextQuote("The heron came back at dusk", prefix="Then: ", suffix=", as ever.")
NOBODY = 65534  # a user who may write nothing


class Row(NamedTuple):
    """What came of a fault."""

    fault: str
    tries: int
    acknowledged: int
    lost: int
    besides: str = ""  # what else was counted, or seen


def fingerprint(store: Annotations) -> str:
    """All that is journalled, as one digest; times of change too."""
    tables = "annotations tags names searches aliases drafts".split()
    told = [sorted(map(repr, store._rows(f"SELECT * FROM {table}"))) for table in tables]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def act(store: Annotations, chance: random.Random) -> str:
    """One random change; gives what it was."""
    comment = f"c{chance.randrange(40)}"
    notes = [mark for mark in store.marks() if mark.kind == "note"]
    match chance.choice(
        ["note", "note", "note", "edit", "bookmark", "highlight", "tag", "name", "remove", "undo"]
    ):
        case "edit" if notes:
            store.edit(chance.choice(notes).id, f"edited {chance.random()} " * chance.randrange(1, 60))
            return "edited"
        case "bookmark":
            store.toggle_bookmark("p1", comment, QUOTE)
        case "highlight":
            store.highlight("p1", comment, TextQuote(f"words {chance.randrange(9)}"), "green", "Why?")
        case "tag":
            store.tag("p1", comment, [f"tag{chance.randrange(9)}", "heron"])
        case "name":
            store.rename("p1", f"name {chance.random()}")
        case "remove" if notes:
            store.remove(chance.choice(notes).id)
        case "undo":
            store.undo()
        case _:
            store.note("p1", comment, f"note {chance.random()} " * chance.randrange(1, 60), QUOTE)
    return "done"


# What runs in a process of its own


def say(**told: Any) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


def child_acting(path: Path, seed: int, writes: int) -> None:
    """Change at random, and say after each change what there is then."""
    chance = random.Random(seed)
    with Annotations.open(path) as store:
        say(state=fingerprint(store))
        for _ in range(writes):
            act(store, chance)
            say(state=fingerprint(store))


def child_writing(path: Path, seed: int, writes: int) -> None:
    """A script: notes, one after the other."""
    with Annotations.open(path) as store:
        for number in range(writes):
            made = store.note("p1", f"c{number % 50}", f"script {number}", QUOTE)
            say(mark=made and made.id)


def child_reading(path: Path, seed: int, writes: int) -> None:
    """A reader: looks, remembers where it is, and marks now and then. One of them makes backups too."""
    changes.KEPT_CHANGES = 40  # the journal is begun anew often
    with Annotations.open(path) as store:
        for number in range(writes):
            store.data_version()
            store.marks("p1")
            store.keep_position("p1", Position(f"c{number}", seed))
            store.mark_read("p1", [f"c{number}"])
            made = store.highlight(
                "p1", f"c{number}", TextQuote(f"words of {seed}"), "blue", f"reader {seed}"
            )
            say(mark=made.id)
            if seed == 1 and number % 10 == 5:
                with store.clone() as worker:
                    worker.back_up()


def child_filling(path: Path, seed: int, writes: int) -> None:
    """Write until the disk is full: no file may be larger than `writes` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes, resource.RLIM_INFINITY))
    with Annotations.open(path) as store:
        fill(store, random.Random(seed))


def child_filling_pages(path: Path, seed: int, writes: int) -> None:
    """The same, where the database may have no more than so many pages more."""
    with Annotations.open(path) as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + writes}")
        fill(store, random.Random(seed))


def fill(store: Annotations, chance: random.Random) -> None:
    for number in range(2_000):
        before = fingerprint(store)
        try:
            made = store.note("p1", "c1", f"{number} " + "words " * chance.randrange(1, 200), QUOTE)
        except LibraryError as error:
            say(refused=str(error), unchanged=fingerprint(store) == before)
            return
        say(mark=made and made.id)


def child_forbidden(path: Path, seed: int, writes: int) -> None:
    """As somebody who may read, but not write."""
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    with Annotations.open(path) as store:
        say(marks=len(store.marks()))
        for change in (
            lambda: store.note("p1", "c1", "lost", QUOTE),
            lambda: store.tag("p1", "c1", ["lost"]),
            store.undo,
            store.back_up,
        ):
            try:
                change()
            except LibraryError as error:
                say(refused=str(error), unchanged=True)
            else:
                say(mark="something was taken")


CHILDREN = {
    name.removeprefix("child_"): run for name, run in list(globals().items()) if name.startswith("child_")
}


@contextlib.contextmanager
def process(kind: str, path: Path, seed: int, writes: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A child at work; killed when this ends."""
    command = [sys.executable, __file__, "--child", kind, str(path), str(seed), str(writes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


def said(running: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    assert running.stdout
    for line in running.stdout:
        if line.endswith(b"\n"):
            yield json.loads(line)


# The faults


def killed(folder: Path, writes: int, seed: int = 1) -> Row:
    """`kill -9` at random moments during random changes, until so many were acknowledged."""
    chance = random.Random(seed)
    path = folder / "annotations.db"
    kills = acknowledged = lost = ahead = 0
    while acknowledged < writes:
        state, until = "", chance.randrange(1, 20)
        with process("acting", path, chance.randrange(1 << 30), writes) as running:
            for number, told in enumerate(said(running)):
                state = told["state"]
                if number == until:
                    time.sleep(chance.random() * 0.004)
                    running.send_signal(signal.SIGKILL)
                    break
            *_, state = state, *(told["state"] for told in said(running))  # what it said as it was killed
        acknowledged += until
        kills += 1
        with Annotations.open(path) as store:
            if fingerprint(store) != state:  # the change that was under way may be there as well
                ahead += 1
                lost += not (_is_after(store.undo, store, state) or _is_after(store.redo, store, state))
            lost += len(store.check())
    return Row("kill -9", kills, acknowledged, lost, f"{ahead} changes under way were kept too")


def _is_after(turn: Callable[[], object], store: Annotations, state: str) -> bool:
    turn()
    if fingerprint(store) == state:
        return True
    (store.redo if turn == store.undo else store.undo)()
    return False


def crowd(folder: Path, writes: int) -> Row:
    """Two readers and a script that write at once; one reader makes backups, which begin the journal anew."""
    path = folder / "annotations.db"
    Annotations.open(path).close()
    acknowledged: set[str] = set()
    with (
        process("writing", path, 0, writes) as script,
        process("reading", path, 1, writes // 8) as one,
        process("reading", path, 2, writes // 8) as two,
    ):
        for running in (script, one, two):
            acknowledged |= {told["mark"] for told in said(running)}
            assert running.wait() == 0
    with Annotations.open(path) as store:
        there = {mark.id for mark in store.marks()}
        lost = len(acknowledged - there) + len(store.check())
        lost += len(there) - len(_from_journal(path, folder / "again"))
    return Row("3 programs at once", 1, len(acknowledged), lost, f"{writes} of them by the script")


def full(folder: Path, tries: int) -> Row:
    """A disk that takes no more: the journal's file, the database's, or its log."""
    acknowledged = lost = refused = 0
    for number in range(tries):
        path = folder / str(number) / "annotations.db"
        with Annotations.open(path) as store:
            for _ in range(60 if number % 3 == 0 else 1):  # the journal is to be the largest file
                note = store.note("p1", "c1", "words " * 1_000, QUOTE)
                assert note
                store.remove(note.id)
        journal, database = path.with_suffix(".jsonl").stat().st_size, path.stat().st_size
        kind, room = [
            ("filling", journal + 3_000),
            ("filling", database + 40_000),
            ("filling_pages", 3),
        ][number % 3]
        with process(kind, path, number, room) as running:
            told = list(said(running))
        made = {one["mark"] for one in told if "mark" in one}
        acknowledged += len(made)
        (refusal,) = [one for one in told if "refused" in one] or [{}]
        refused += bool(refusal.get("unchanged") and "\n" not in refusal["refused"])
        with Annotations.open(path) as store:
            there = {mark.id for mark in store.marks()}
            lost += len(made ^ there) + len(store.check())
            store.note("p1", "c1", "there is room again", QUOTE)
    lost += tries - refused
    return Row("disk full", tries, acknowledged, lost, f"{refused} refused in one line, nothing half done")


def read_only(folder: Path) -> Row:
    """A folder that may be read and not written."""
    path = folder / "annotations.db"
    with Annotations.open(path) as store:
        for number in range(10):
            store.note("p1", "c1", str(number), QUOTE)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    up = [folder, *folder.parents]
    modes = {place: place.stat().st_mode for place in up if place.owner() == Path(folder).owner()}
    try:
        for place in modes:
            place.chmod(place.stat().st_mode | 0o055)
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        with process("forbidden", path, 0, 0) as running:
            told = list(said(running))
    finally:
        for place, mode in modes.items():
            place.chmod(mode)
    refused = sum("refused" in one for one in told)
    lost = 10 - told[0]["marks"] + sum("mark" in one for one in told)
    lost += before != {file.name: file.read_bytes() for file in folder.iterdir()}
    return Row("read-only", 4, 10, lost, f"{refused} of 4 refused in one line")


def torn(folder: Path, tries: int, seed: int = 2) -> Row:
    """Pages of the database, its log, or the journal's last line, torn as a power cut leaves them."""
    chance = random.Random(seed)
    acknowledged = lost = refused = 0
    for number in range(tries):
        path = folder / str(number) / "annotations.db"
        crashed = folder / f"{number}-crashed" / "annotations.db"
        with Annotations.open(path) as store:
            if number % 3 == 0:
                store._connection.execute("PRAGMA wal_autocheckpoint = 5")
            for _ in range(30):
                act(store, chance)
            state, count = fingerprint(store), 30
            shutil.copytree(path.parent, crashed.parent)  # as the machine would find it, had it stopped here
        journal = crashed.with_suffix(".jsonl")
        log = Path(f"{crashed}-wal")
        match number % 3:
            case 0:
                log.unlink(missing_ok=True)
                Path(f"{crashed}-shm").unlink(missing_ok=True)
                tear(crashed, chance, whole_pages=True)
            case 1:
                tear(log, chance, whole_pages=False)
            case 2:
                with journal.open("ab") as file:
                    file.write(journal.read_bytes().splitlines()[-1][: chance.randrange(1, 300)])
        acknowledged += count
        try:
            with Annotations.open(crashed) as store:
                damaged = bool(store.check())
        except AnnotationsDamaged:
            damaged = True
        if damaged:
            refused += 1
            put_in_place(crashed, None, "damaged")
        with Annotations.open(crashed) as store:
            lost += (fingerprint(store) != state) + len(store.check())
    return Row(
        "torn pages and lines", tries, acknowledged, lost, f"{refused} damaged, made again from the journal"
    )


def tear(path: Path, chance: random.Random, *, whole_pages: bool) -> None:
    """Overwrite or cut off some of a file."""
    data = bytearray(path.read_bytes())
    if whole_pages:
        page = 4096 * chance.randrange(len(data) // 4096)
        data[page : page + 4096] = chance.choice([b"\xa5", b"\0"]) * 4096
    elif chance.random() < 0.5:
        del data[chance.randrange(len(data) // 2, len(data)) :]
    else:
        begin = chance.randrange(len(data) // 2, len(data) - 512)
        data[begin : begin + 512] = b"\xa5" * 512
    path.write_bytes(data)


def backwards(folder: Path, writes: int, seed: int = 3) -> Row:
    """A clock that jumps back and forth by days."""
    chance = random.Random(seed)
    now = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    path = folder / "annotations.db"
    jumps = acknowledged = lost = 0
    steps: list[str] = []

    def clock() -> dt.datetime:
        return now

    with Annotations.open(path, now=clock) as store:
        for number in range(writes):
            if chance.random() < 0.3:
                now += dt.timedelta(days=chance.randrange(-400, 400))
                jumps += 1
            store.note("p1", f"c{number}", str(number), QUOTE)
            steps.insert(0, f"note “{number}” made")
            acknowledged += 1
            if number % 20 == 19:
                store.back_up_if_due()
        lost += len(store.check()) + (writes - len(store.marks()))
        lost += [step.told for step in store.history()] != steps
        there = _from_journal(path, folder / "again")
        lost += len({mark.id for mark in store.marks()} - there)
        lost += store.undo() != f"note “{writes - 1}” removed"
    return Row(
        "clock going backwards", jumps, acknowledged, lost, "the history is in the order of the changes"
    )


def newer(folder: Path) -> Row:
    """A store, and a journal, of a version that is yet to come."""
    path = folder / "annotations.db"
    with Annotations.open(path) as store:
        store.note("p1", "c1", "precious", QUOTE)
    journal = path.with_suffix(".jsonl")
    told = journal.read_bytes()
    refused = touched = 0
    for number in range(2):
        if number == 0:
            journal.write_bytes(
                told.replace(b'"version":%d' % len(STEPS), b'"version":%d' % (len(STEPS) + 1))
            )
        else:
            journal.write_bytes(told)
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        with contextlib.suppress(StoreTooNew):
            Annotations.open(path).close()
            refused -= 1
        refused += 1
        touched += before != {file.name: file.read_bytes() for file in folder.iterdir()}
    return Row(
        "older program, newer store", 2, 1, 2 - refused + touched, f"{refused} refused, files untouched"
    )


def released(folder: Path) -> Row:
    """A store of every released version, brought here, and made again from its journal."""
    files = sorted(DATA.glob("annotations-*.sql"))
    acknowledged = lost = 0
    for file in files:
        path = folder / file.stem / "annotations.db"
        path.parent.mkdir(parents=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(file.read_text(encoding="utf-8"))
            marks = connection.execute("SELECT id, text FROM annotations ORDER BY id").fetchall()
            steps = connection.execute("SELECT count(*) FROM changes").fetchone()[0]
        with Annotations.open(path) as store:
            lost += sorted((mark.id, mark.text) for mark in store.marks()) != marks
            lost += (len(store.history()) != steps) + len(store.check())
            store.tag("p1", "c1", ["heron"])
            lost += len({mark.id for mark in store.marks()} ^ _from_journal(path, path.parent / "again"))
        number = file.stem.rpartition("-")[2]
        lost += not path.with_name(f"annotations.db.backup-{number}").exists()
        acknowledged += len(marks)
    return Row("released versions", len(files), acknowledged, lost, "each copied before it was migrated")


def _from_journal(path: Path, folder: Path) -> set[str]:
    """The marks that the journal alone brings back."""
    folder.mkdir()
    shutil.copy(path.with_suffix(".jsonl"), folder)
    with Annotations.open(folder / "annotations.db") as store:
        return {mark.id for mark in store.marks()}


def main() -> int:
    """All faults in full size; 1 if anything was lost."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--child", nargs=4, metavar=("KIND", "PATH", "SEED", "WRITES"))
    arguments.add_argument("--writes", type=int, default=500, help="changes during which programs are killed")
    given = arguments.parse_args()
    if given.child:
        kind, path, seed, writes = given.child
        CHILDREN[kind](Path(path), int(seed), int(writes))
        return 0
    faults: list[Callable[[Path], Row]] = [
        lambda folder: killed(folder, given.writes),
        lambda folder: crowd(folder, 2_000),
        lambda folder: full(folder, 12),
        read_only,
        lambda folder: torn(folder, 60),
        lambda folder: backwards(folder, 300),
        newer,
        released,
    ]
    rows = []
    print(f"{'fault':28}{'tries':>7}{'acknowledged':>14}{'lost':>6}  besides")
    for number, fault in enumerate(faults):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / str(number)
            folder.mkdir()
            rows.append(row := fault(folder))
        print(f"{row.fault:28}{row.tries:7,}{row.acknowledged:14,}{row.lost:6,}  {row.besides}", flush=True)
    lost = sum(row.lost for row in rows)
    print(f"{'all':28}{sum(r.tries for r in rows):7,}{sum(r.acknowledged for r in rows):14,}{lost:6,}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
