"""Copies of what the reader made: whole, rotated, brought back; and what is damaged made good again."""

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from threadreader.annotations import Annotations, changes
from threadreader.annotations import backups as module
from threadreader.annotations.backups import KEPT_DAYS, KEPT_WEEKS, backups
from threadreader.cli import run
from threadreader.errors import LibraryError, LibraryReadOnly
from threadreader.model import Position, TextQuote

QUOTE = TextQuote("The heron came back at dusk", prefix="Then: ", suffix=", as ever.")
NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


class Clock:
    now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += dt.timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / "annotations.db"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[Annotations]:
    with Annotations.open(path, now=clock) as opened:
        yield opened


def texts(store: Annotations) -> list[str]:
    return sorted(mark.text for mark in store.marks())


def command(path: Path, *arguments: str) -> int:
    return run(["--library", str(path.parent), *arguments])


def test_a_backup_holds_all_and_stands_alone(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    store.keep_position("p1", Position("c1", 3))
    made = store.back_up()
    assert (made.kind, made.holds) == ("asked", {"note": 1})
    assert [file.name for file in made.path.parent.iterdir()] == [made.path.name]
    with Annotations.open(made.path, read_only=True) as copy:
        assert (texts(copy), copy.position("p1")) == (["precious"], Position("c1", 3))
    assert backups(path) == [made]


def test_a_backup_is_made_while_another_program_writes(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    with store.clone() as other, other._writing():
        other._change("names", "p1", {"post_id": "p1", "title": "not yet"})
        with closing(sqlite3.connect(path)) as third:
            assert module._copied(store, path.with_name("copy.db")) == {"note": 1}
            assert third.execute("SELECT count(*) FROM names").fetchone() == (0,)


def test_a_copy_that_lacks_something_is_no_backup(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    sizes = iter([{"annotations": 1}, {"annotations": 0}])
    monkeypatch.setattr(module, "_sizes", lambda connection: next(sizes))
    with pytest.raises(LibraryError, match="not whole"):
        store.back_up()
    assert list(path.with_name("backups").iterdir()) == []


def test_a_day_has_one_backup_and_none_where_nothing_changed(store: Annotations, clock: Clock) -> None:
    assert store.back_up_if_due() is None
    store.note("p1", "c1", "first", QUOTE)
    made = store.back_up_if_due()
    assert made and made.kind == "daily"
    store.note("p1", "c1", "second", QUOTE)
    assert store.back_up_if_due() is None
    clock.pass_days(1)
    assert store.back_up_if_due()
    clock.pass_days(1)
    assert store.back_up_if_due() is None
    store.mark_read("p1", ["c1"])
    assert store.back_up_if_due()


def test_daily_backups_are_rotated_and_others_stay(store: Annotations, path: Path, clock: Clock) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    asked = store.back_up()
    for _ in range(60):
        clock.pass_days(1)
        shutil.copy(asked.path, asked.path.with_name(f"annotations-{clock.now:%Y%m%dT%H%M%SZ}-daily.db"))
    clock.pass_days(1)
    store.note("p1", "c1", "since", QUOTE)
    store.back_up_if_due()
    clock.pass_days(1)
    there = backups(path)
    days = [(clock.now - backup.made).days for backup in there if backup.kind == "daily"]
    assert days[:KEPT_DAYS] == list(range(1, KEPT_DAYS + 1))
    weeks = {backup.made.isocalendar()[:2] for backup in there if backup.kind == "daily"}
    assert len(weeks) == KEPT_WEEKS
    assert len(days) <= KEPT_DAYS + KEPT_WEEKS
    assert there[-1].path == asked.path


def test_a_clock_that_was_ahead_keeps_no_day_from_its_backup(
    store: Annotations, path: Path, clock: Clock
) -> None:
    clock.pass_days(400)
    store.note("p1", "c1", "ahead", QUOTE)
    store.back_up_if_due()
    clock.pass_days(-400)
    store.note("p1", "c1", "right", QUOTE)
    assert store.back_up_if_due()
    assert len(backups(path)) == 2


def test_two_backups_of_one_second_do_not_share_a_name(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "one", QUOTE)
    store.back_up()
    store.note("p1", "c1", "two", QUOTE)
    store.back_up()
    assert sorted(backup.holds["note"] for backup in backups(path) if backup.holds) == [1, 2]


def test_a_store_is_as_it_was_and_that_can_be_undone(store: Annotations, path: Path) -> None:
    kept = store.note("p1", "c1", "as it was", QUOTE)
    store.tag("p1", "c1", ["heron"])
    asked = store.back_up()
    assert kept
    store.edit(kept.id, "changed")
    store.note("p1", "c2", "since", QUOTE)
    store.untag("p1", "c1", ["heron"])
    store.rename("p1", "Mine")
    store.set_read("p1", ["c1"], read=True)
    assert len(store.restore(asked.path)) == 4
    assert (texts(store), store.tags("p1"), store.names()) == (["as it was"], {"c1": ("heron",)}, {})
    assert store.read("p1") == {"c1"}
    assert store.restore(asked.path) == []
    assert store.undo() == f"restored from {asked.path.name}: taken back"
    assert (texts(store), store.tags("p1"), store.names()) == (["changed", "since"], {}, {"p1": "Mine"})
    assert "restore" in [backup.kind for backup in backups(path)]
    assert store.check() == []


def test_a_backup_of_an_older_version_is_restored(store: Annotations, path: Path) -> None:
    old = path.with_name("old.db")
    with closing(sqlite3.connect(old)) as connection:
        released = Path(__file__).parent / "data" / "annotations-1.sql"
        connection.executescript(released.read_text(encoding="utf-8"))
    store.note("p1", "c1", "since", QUOTE)
    store.restore(old)
    assert texts(store) == ["", "kept"]


def test_nothing_is_restored_from_what_cannot_be_read(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    bad = path.with_name("bad.db")
    bad.write_bytes(b"no database at all, but as long as one" * 100)
    with pytest.raises(LibraryError, match=r"bad\.db"):
        store.restore(bad)
    assert texts(store) == ["precious"]


def test_where_nothing_can_be_written_no_backup_is_made(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    with Annotations.open(path, read_only=True) as reading:
        assert reading.back_up_if_due() is None
        with pytest.raises(LibraryReadOnly):
            reading.back_up()


@pytest.fixture
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "KEPT_CHANGES", 3)


@pytest.mark.usefixtures("few_kept")
def test_a_backup_shortens_a_long_journal_and_nothing_is_lost(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    for number in range(9):
        store.note("p1", "c1", str(number), QUOTE)
    store.tag("p1", "c1", ["heron"])
    store.set_read("p1", ["c1", "c2"], read=True)
    journal = path.with_suffix(".jsonl")
    before = len(journal.read_bytes().splitlines())
    with store.clone() as other:
        store.back_up()
        assert len(journal.read_bytes().splitlines()) < before + 3
        assert json.loads(journal.read_bytes().splitlines()[-1])["did"] == "made"
        assert other.undo() == "2 unread again"
        other.note("p1", "c1", "by who had the old file open", QUOTE)
    assert store.check() == []
    (tmp_path / "again").mkdir()
    shutil.copy(journal, tmp_path / "again")
    with Annotations.open(tmp_path / "again" / "annotations.db") as again:
        assert (texts(again), again.tags("p1")) == (texts(store), store.tags("p1"))
        assert [step.told for step in again.history()] == [step.told for step in store.history()]


def test_drafts_that_gave_way_to_later_ones_are_not_told_for_ever(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    store.keep_draft("p1", None, "on the post")
    for number in range(120):
        store.keep_draft("p1", "c1", "word " * number)
    store.note("p1", "c2", "since", QUOTE)
    store.back_up()
    journal = path.with_suffix(".jsonl")
    assert len(journal.read_bytes().splitlines()) < 10
    (tmp_path / "again").mkdir()
    shutil.copy(journal, tmp_path / "again")
    with Annotations.open(tmp_path / "again" / "annotations.db") as again:
        assert again.drafts() == store.drafts()
        assert [step.told for step in again.history()] == [step.told for step in store.history()]


@pytest.mark.usefixtures("few_kept")
def test_a_program_that_ends_as_the_journal_is_shortened_loses_nothing(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        store.note("p1", "c1", str(number), QUOTE)

    class PowerCut(BaseException):
        pass

    def end(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(Annotations, "_set_followed", end)
        store.back_up()
    with Annotations.open(path) as reopened:
        assert (texts(reopened), reopened.notices) == ([str(number) for number in range(9)], [])
        assert reopened.check() == []


def test_what_another_program_changed_in_the_store_is_in_the_journal_after_a_backup(
    store: Annotations, path: Path
) -> None:
    store.note("p1", "c1", "precious", QUOTE)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE annotations SET text = 'by hand'")
    assert store.check()
    store.back_up()
    assert (texts(store), store.check()) == (["by hand"], [])


def spoilt(data: bytes) -> bytes:
    return b"not a database" + data[14:]


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("damage", [spoilt, cut_short])
def test_a_damaged_store_is_restored_with_all_that_came_since_the_backup(
    store: Annotations, path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[bytes], bytes]
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    store.keep_position("p1", Position("c1", 3))
    store.back_up()
    store.note("p1", "c1", "since", QUOTE)
    store.close()
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()
    assert command(path, "undo") == 1
    assert "`threadreader restore`" in capsys.readouterr().err
    assert command(path, "restore", "1") == 0
    told = capsys.readouterr().out
    assert told.startswith("2 notes, from annotations-20240301T120000Z-asked.db")
    (aside,) = path.parent.glob("annotations.db.replaced-*")
    assert (aside.read_bytes(), aside.name in told) == (damaged, True)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), reopened.position("p1")) == (["first", "since"], Position("c1", 3))
        assert reopened.check() == []


def test_a_store_is_made_again_from_the_journal_and_what_that_lacks_from_the_backup(
    store: Annotations, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    store.keep_position("p1", Position("c1", 3))
    store.back_up()
    store.note("p1", "c1", "since", QUOTE)
    store.close()
    path.unlink()
    assert command(path, "restore", "--from-journal") == 0
    assert capsys.readouterr().out == "2 notes, from annotations.jsonl.\n"
    with Annotations.open(path) as reopened:
        assert (texts(reopened), reopened.position("p1")) == (["first", "since"], Position("c1", 3))
        assert reopened.undo() == "note “since” removed"


def test_nothing_is_put_in_the_place_of_a_store_that_is_open(
    store: Annotations, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    assert command(path, "restore", "--from-journal") == 1
    assert "has it open" in capsys.readouterr().err
    assert texts(store) == ["first"]


def test_backups_are_made_listed_and_named_on_the_command_line(
    store: Annotations, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    assert command(path, "backup", "--list") == 0
    assert "no backups yet" in capsys.readouterr().out
    assert command(path, "backup") == 0
    made, held = capsys.readouterr().out.split("  ")
    assert (Path(made).is_file(), held) == (True, "1 note\n")
    store.note("p1", "c1", "second", QUOTE)
    assert command(path, "restore", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["path"], listed["holds"], listed["kind"]) == (made, {"note": 1}, "asked")
    assert command(path, "restore", "nothing") == 1
    assert "no such backup" in capsys.readouterr().err
    assert command(path, "restore", "1", "--from-journal") == 2
    assert command(path, "restore", Path(made).name) == 0
    assert capsys.readouterr().out == "1 mark went\n"
    assert texts(store) == ["first"]


def test_where_nothing_was_kept_nothing_is_made_by_asking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in ("backup", "restore"):
        assert run(["--library", str(tmp_path / "none"), asked]) == 1
        assert "nothing is kept there yet" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_the_history_and_undo_name_the_post(
    store: Annotations, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(path, "undo") == 1
    assert capsys.readouterr().err == "There is nothing to undo.\n"
    store.note("p1", "c1", "first", QUOTE)
    store.rename("p1", "Herons")
    assert command(path, "undo") == 0
    assert capsys.readouterr().out == "name “Herons” removed, in “p1”\n"
    assert command(path, "history", "--json") == 0
    latest, earlier = json.loads(capsys.readouterr().out)
    assert (latest["told"], latest["undone"], earlier["undone"]) == ("named “Herons”", True, False)
    assert earlier["targets"] == [{"post_id": "p1", "title": "p1", "comment_id": "c1"}]
    assert command(path, "redo", "--json") == 0
    assert json.loads(capsys.readouterr().out)["told"] == "name “Herons” restored"
    assert command(path, "history") == 0
    assert "named “Herons”, in “Herons”\n" in capsys.readouterr().out
