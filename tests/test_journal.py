"""The journal: on the disk before the commit, followed where the store lacks its end."""

import itertools
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from threadreader import annotations as module
from threadreader.annotations import Annotations, changes
from threadreader.errors import LibraryError, StoreTooNew
from threadreader.journal import Change, Journal, Place
from threadreader.journal.lines import annotation_of, row_of
from threadreader.model import Copy, SavedSearch, TextQuote
from threadreader.schema import STEPS

if TYPE_CHECKING:
    from sqlite_utils import Database

QUOTE = TextQuote(
    "The heron came back at dusk",
    prefix="Then: ",
    suffix=", as ever.",
    copy=Copy("Then: The heron came back at dusk, as ever.", 6, "c0"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / "annotations.db"


@pytest.fixture
def store(path: Path) -> Iterator[Annotations]:
    with Annotations.open(path) as opened:
        yield opened


def journal_of(path: Path) -> Path:
    return path.with_suffix(".jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal_of(path).read_bytes().splitlines()]


def texts(store: Annotations) -> list[str]:
    return sorted(mark.text for mark in store.marks())


def make_everything(store: Annotations) -> None:
    """One of each kind of change, some undone, some made again."""
    note = store.note("p1", "c1", "A note\nof two “lines”", QUOTE)
    assert note
    store.edit(note.id, "Another")
    store.undo()
    store.bookmark("p1", None, QUOTE)
    store.bookmark_all([("p1", "c/2", QUOTE), ("p#2", "c 3", QUOTE)])
    asked = store.highlight("p1", "c1", QUOTE, "green", "Why?", "question")
    store.set_kind(asked.id, "claim")
    store.note("p1", None, "Mine to use", QUOTE, "quote")
    store.set_kind(store.highlight("p1", "c2", QUOTE, "red").id, "quote")  # without a word
    store.tag("p1", "c1", ["Heron", "dusk"])
    store.untag("p1", "c1", ["heron"])
    store.tag_all([("p1", None), ("p1", "c2")], ["later"])
    store.label("Ida Berg", "neighbour")
    store.dim("IDA  BERG", True)
    store.dim("Bo", True)
    store.undo()
    store.rename("p1", "Mine")
    store.rename("p2", "Theirs")
    store.undo()
    store.redo()
    store.save_search(SavedSearch("Herons", "heron", "my notes", exact=True))
    store.set_read("p1", ["c1", "c2"], read=True)
    store.set_read("p1", ["c2"], read=False)
    store.keep_aliases({"new": "old", "newer": "older"})
    store.keep_draft("p1", "c4", "begun")
    store.remove(note.id)
    store.undo()
    store.attach(note.id, "p1", "c9", TextQuote("Elsewhere", copy=Copy("Elsewhere")))
    store.keep_copies({note.id: Copy("Elsewhere, and more", 0, "")})
    store.rename("p2", "given up")
    store.undo()


def everything(store: Annotations) -> dict[str, Any]:
    """All that the journal is to bring back, as the tables hold it."""
    tables = "annotations copies tags names searches people mendings aliases drafts reads counts".split()
    steps = [(step.made, step.told, step.targets, step.undone) for step in store.history()]
    return {name: sorted(map(repr, store._rows(f"SELECT * FROM {name}"))) for name in tables} | {
        "steps": steps
    }


def made_again(path: Path, folder: Path) -> Annotations:
    """A store that has nothing but the journal."""
    folder.mkdir()
    shutil.copy(journal_of(path), folder)
    return Annotations.open(folder / "annotations.db")


def test_a_mark_stands_in_the_journal_as_a_web_annotation(store: Annotations, path: Path) -> None:
    made = store.highlight("p/1", "c#1", QUOTE, "green", "Why?", "question")
    change = lines(path)[-1]
    assert (change["did"], change["id"]) == ("made", f"{change['store']}-{change['clock']}")
    copied, part = change["changes"]
    assert copied["now"] == {"digest": copied["key"], "text": QUOTE.copy and QUOTE.copy.text}
    assert part["now"] == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:threadreader:annotation:{made.id}",
        "type": "Annotation",
        "motivation": "highlighting",
        "created": part["now"]["created"],
        "modified": part["now"]["created"],
        "target": {
            "source": "urn:threadreader:post:p%2F1#c%231",
            "selector": {
                "type": "TextQuoteSelector",
                "exact": QUOTE.exact,
                "prefix": QUOTE.prefix,
                "suffix": QUOTE.suffix,
            },
        },
        "body": {
            "type": "TextualBody",
            "value": "Why?",
            "format": "text/markdown",
            "purpose": "questioning",
        },
        "urn:threadreader:colour": "green",
        "urn:threadreader:copy": copied["key"],
        "urn:threadreader:start": 6,
        "urn:threadreader:parent": "c0",
    }


def test_a_store_is_made_again_from_its_journal_with_all_that_can_be_undone(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    make_everything(store)
    with made_again(path, tmp_path / "again") as again:
        assert everything(again) == everything(store)
        assert again.notices == []
        assert [again.undo() for _ in range(30)] == [store.undo() for _ in range(30)]
        assert everything(again)["annotations"] == everything(store)["annotations"] == []
        assert again.check() == []


def test_what_follows_the_screen_is_not_in_the_journal(store: Annotations, path: Path) -> None:
    store.bookmark("p1", "c1", QUOTE)
    before = journal_of(path).read_bytes()
    store.mark_read("p1", ["c1", "c2"])
    store.keep_folds("p1", ["c1"])
    store.keep_state("theme", "nord")
    assert journal_of(path).read_bytes() == before


def test_a_journal_is_begun_with_what_was_there_before_it(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    make_everything(store)
    made = everything(store)
    journal_of(path).unlink()
    with Annotations.open(path) as reopened:
        assert reopened.notices == ["annotations.jsonl was gone, and is written anew."]
        assert everything(reopened) == made
    with made_again(path, tmp_path / "again") as again:
        for table in ("annotations", "tags", "names", "searches", "aliases", "drafts"):
            assert everything(again)[table] == made[table]


def cut_before_commit(
    store: Annotations, monkeypatch: pytest.MonkeyPatch, make: Callable[[], object]
) -> None:
    """Let the program end between the journal and the commit."""

    class PowerCut(BaseException):
        pass

    def end(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(Annotations, "_set_followed", end)
        patch.setattr(Journal, "cut", lambda *_: None)
        make()


def test_what_the_store_lacks_of_the_journal_is_done_at_the_next_start_and_once(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    cut_before_commit(store, monkeypatch, lambda: store.note("p1", "c1", "second", QUOTE))
    assert texts(store) == ["first"]
    for _ in range(2):
        with Annotations.open(path) as reopened:
            assert (texts(reopened), len(reopened.history()), reopened.notices) == (
                ["first", "second"],
                2,
                [],
            )


def test_an_undo_that_was_cut_off_is_done_at_the_next_start(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    cut_before_commit(store, monkeypatch, store.undo)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), [step.undone for step in reopened.history()]) == ([], [True])
        assert reopened.redo() == "note “first” restored"


def test_a_program_that_goes_on_follows_what_another_one_left(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    with store.clone() as other:
        cut_before_commit(other, monkeypatch, lambda: other.note("p1", "c1", "second", QUOTE))
    store.note("p1", "c1", "third", QUOTE)
    assert texts(store) == ["first", "second", "third"]


@pytest.mark.parametrize("torn", [b'{"id":"x-9","at":"20', b"{\xff\xfe", b"\0" * 700])
def test_a_last_line_that_was_cut_off_is_kept_aside_and_told(
    store: Annotations, path: Path, torn: bytes
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    store.close()
    whole = journal_of(path).read_bytes()
    journal_of(path).write_bytes(whole + torn)
    with Annotations.open(path) as reopened:
        assert texts(reopened) == ["first"]
        (notice,) = reopened.notices
        assert "cut off" in notice
        (aside,) = path.parent.glob("annotations.jsonl.broken-*")
        assert (aside.name in notice, aside.read_bytes()) == (True, torn)
        assert journal_of(path).read_bytes() == whole
        reopened.note("p1", "c1", "second", QUOTE)
    with Annotations.open(path) as again:
        assert (texts(again), again.notices) == (["first", "second"], [])


def test_a_line_that_cannot_be_read_does_not_hide_those_behind_it(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    for text in ("first", "second", "third"):
        store.note("p1", "c1", text, QUOTE)
    data = journal_of(path).read_bytes().splitlines(keepends=True)
    journal_of(path).write_bytes(b"".join([*data[:-2], b"\xa5" * 80 + b"\n", data[-1]]))
    with made_again(path, tmp_path / "again") as again:
        assert texts(again) == ["first", "third"]
        assert "can't be read" in again.notices[0]


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:40], lambda data: b"my own notes\n"])
def test_a_journal_that_is_none_is_put_aside_and_written_anew(
    store: Annotations, path: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    store.note("p1", "c1", "kept", QUOTE)
    store.close()
    spoilt = spoil(journal_of(path).read_bytes())
    journal_of(path).write_bytes(spoilt)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), len(reopened.notices)) == (["kept"], 1)
        (aside,) = path.parent.glob("annotations.jsonl.aside-*")
        assert aside.read_bytes() == spoilt
    with made_again(path, tmp_path / "again") as again:
        assert texts(again) == ["kept"]


def test_a_change_that_the_journal_cannot_take_is_not_kept(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    before = journal_of(path).read_bytes()
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) > 20:
            return real(descriptor, data[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(LibraryError, match=r"annotations\.jsonl: No space left on device; .* not kept"):
            store.note("p1", "c1", "second", QUOTE)
    assert (texts(store), journal_of(path).read_bytes()) == (["first"], before)
    store.note("p1", "c1", "third", QUOTE)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), reopened.notices) == (["first", "third"], [])


def test_a_change_that_the_store_cannot_take_is_not_in_the_journal(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "first", QUOTE)
    before = journal_of(path).read_bytes()
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryError, match="full"):
        for number in itertools.count():
            store.note("p1", "c1", f"{number} " * 500, QUOTE)
            before = journal_of(path).read_bytes()
    assert journal_of(path).read_bytes() == before
    with Annotations.open(path) as reopened:
        assert texts(reopened) == texts(store)


def test_a_journal_of_a_newer_version_is_refused(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "kept", QUOTE)
    store.close()
    data = journal_of(path).read_bytes().replace(b'"version":%d' % len(STEPS), b'"version":99')
    journal_of(path).write_bytes(data)
    with pytest.raises(StoreTooNew, match="newer"):
        Annotations.open(path)
    assert journal_of(path).read_bytes() == data


def test_a_journal_of_an_older_version_is_begun_anew_so_that_older_programs_refuse_it(
    store: Annotations, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_everything(store)
    made = everything(store)
    store.close()

    def add_moods(db: "Database") -> None:
        db.table("annotations").add_column("mood", str, not_null_default="calm")

    with monkeypatch.context() as patch:
        patch.setattr(module, "STEPS", (*STEPS, add_moods))
        with Annotations.open(path) as newer:
            assert [step.told for step in newer.history()] == [told for _, told, *_ in made["steps"]]
            newer.bookmark("p9", "c9", QUOTE)
            assert newer.check() == []
            with made_again(path, tmp_path / "again") as again:
                assert everything(again)["annotations"] == everything(newer)["annotations"]
    (tmp_path / "older").mkdir()
    shutil.copy(journal_of(path), tmp_path / "older")
    with pytest.raises(StoreTooNew, match="newer"):
        Annotations.open(tmp_path / "older" / "annotations.db")


def test_a_journal_that_cannot_be_written_keeps_nobody_from_reading(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "kept", QUOTE)
    store.close()
    journal_of(path).unlink()
    journal_of(path).mkdir()
    with Annotations.open(path) as reopened:
        assert (texts(reopened), len(reopened.notices)) == (["kept"], 1)
        with pytest.raises(LibraryError, match=r"annotations\.jsonl: Is a directory"):
            reopened.note("p1", "c1", "lost", QUOTE)
        assert texts(reopened) == ["kept"]


def test_a_copy_of_the_folder_goes_by_another_name_in_its_journal(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    store.note("p1", "c1", "here", QUOTE)
    store.close()
    shutil.copytree(path.parent, tmp_path / "copy")
    with Annotations.open(tmp_path / "copy" / "annotations.db") as copy:
        copy.note("p1", "c1", "there", QUOTE)
    here, there = lines(path)[-1], lines(tmp_path / "copy" / "annotations.db")[-1]
    assert here["store"] != there["store"]
    assert there["clock"] > here["clock"]


def test_the_journal_of_a_copy_that_went_on_is_followed(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    store.note("p1", "c1", "here", QUOTE)
    store.close()
    shutil.copytree(path.parent, tmp_path / "copy")
    with Annotations.open(tmp_path / "copy" / "annotations.db") as copy:
        copy.note("p1", "c1", "there", QUOTE)
    shutil.copy(tmp_path / "copy" / "annotations.jsonl", path.parent)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), reopened.notices) == (["here", "there"], [])


def test_another_ones_journal_is_put_aside_not_followed(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    store.note("p1", "c1", "here", QUOTE)
    store.close()
    with Annotations.open(tmp_path / "other" / "annotations.db") as other:
        other.note("p1", "c1", "there", QUOTE)
    shutil.copy(tmp_path / "other" / "annotations.jsonl", path.parent)
    with Annotations.open(path) as reopened:
        assert texts(reopened) == ["here"]
        assert "threadreader merge" in reopened.notices[0]


def test_opening_reads_nothing_of_the_journal_but_its_first_line(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        store.note("p1", "c1", str(number), QUOTE)
    store.close()
    read: list[str | bytes] = []
    real = json.loads

    def loads(data: str | bytes) -> Any:
        read.append(data)
        return real(data)

    monkeypatch.setattr(json, "loads", loads)
    Annotations.open(path).close()
    assert sum(isinstance(data, bytes) for data in read) == 1


def test_a_store_that_a_torn_commit_left_behind_is_at_the_journals_end(path: Path, tmp_path: Path) -> None:
    """The database as it was some changes ago, as a lost log leaves it, beside a journal that has them."""
    with Annotations.open(path) as store:
        store.note("p1", "c1", "first", QUOTE)
    earlier = tmp_path / "earlier.db"
    shutil.copy(path, earlier)
    with Annotations.open(path) as store:
        for text in ("second", "third"):
            store.note("p1", "c1", text, QUOTE)
    shutil.copyfile(earlier, path)
    with Annotations.open(path) as reopened:
        assert texts(reopened) == ["first", "second", "third"]
        assert reopened.undo() == "note “third” removed"


def spoilt(value: Any, chance: random.Random) -> Any:
    """The value with something else somewhere in it."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        rest = {key: one for key, one in value.items() if key != name}
        return rest if chance.random() < 0.2 else rest | {name: spoilt(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], spoilt(value[at], chance), *value[at + 1 :]]
    return chance.choice([None, 0, -1, "", [], {}, "words", True, {"a": 1}, [None], 1.5])


def test_a_journal_with_any_line_spoilt_is_followed_and_merged_or_refused_in_a_line(
    store: Annotations, path: Path, tmp_path: Path
) -> None:
    make_everything(store)
    whole, chance = lines(path), random.Random(7)
    for number in range(20):
        at = chance.randrange(len(whole))
        bad = [*whole[:at], spoilt(whole[at], chance), *whole[at + 1 :]]
        folder = tmp_path / str(number)
        folder.mkdir()
        told = "".join(json.dumps(line) + "\n" for line in bad)
        for name in ("annotations.jsonl", "other.jsonl"):
            (folder / name).write_text(told, encoding="utf-8")
        with Annotations.open(folder / "annotations.db") as again:
            again.note("p1", "c1", "after", QUOTE)
            again.back_up()
            with suppress(LibraryError):
                again.merge(folder / "other.jsonl")
            assert again.check() == []
            assert len(again.history()) >= 1


def test_a_blank_line_at_the_end_of_a_journal_is_nothing(store: Annotations, path: Path) -> None:
    store.note("p1", "c1", "first", QUOTE)
    with journal_of(path).open("ab") as file:
        file.write(b"\n\n")
    store.note("p1", "c1", "second", QUOTE)
    assert (texts(store), store.notices, store.check()) == (["first", "second"], [], [])


def test_a_store_older_than_its_journals_beginning_follows_it_though_its_end_is_torn(
    store: Annotations, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT_CHANGES", 2)
    store.note("p1", "c1", "0", QUOTE)
    with store.clone() as other:
        other._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, tmp_path / "earlier.db")
    for number in range(1, 8):
        store.note("p1", "c1", str(number), QUOTE)
    store.back_up()
    store.close()
    shutil.copyfile(tmp_path / "earlier.db", path)
    with journal_of(path).open("ab") as file:
        file.write(b'{"id":"torn')
    with Annotations.open(path) as reopened:
        assert texts(reopened) == list("01234567")
        assert len(reopened.notices) == 1
        reopened.note("p1", "c1", "8", QUOTE)
        assert reopened.check() == []
    with made_again(path, tmp_path / "again") as again:
        assert texts(again) == list("012345678")


def test_a_change_is_on_the_disk_in_the_journal_before_it_is_committed(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note("p1", "c1", "first", QUOTE)
    happened: list[str] = []
    real = os.fsync

    def synced(descriptor: int) -> None:
        happened.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", synced)
    store._connection.set_trace_callback(lambda sql: happened.append(sql) if sql == "COMMIT" else None)
    store.note("p1", "c1", "second", QUOTE)
    assert happened == [str(journal_of(path)), "COMMIT"]


def test_every_change_is_read_as_it_was_written(store: Annotations, path: Path) -> None:
    make_everything(store)
    journal = Journal(journal_of(path), len(STEPS))
    _, offset = journal.beginning()
    changes = [change for change, _ in journal.changes(offset)]
    assert all(isinstance(change, Change) for change in changes)
    assert [change.told() for change in changes if isinstance(change, Change)] == lines(path)[-len(changes) :]
    assert isinstance(Place("", 0, ""), tuple)


def test_the_store_and_its_journal_hold_the_same(store: Annotations, path: Path) -> None:
    make_everything(store)
    assert store.check() == []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE annotations SET text = 'other' WHERE comment_id = 'c9'")
    assert [problem.code for problem in store.check()] == ["journal-differs"]


@pytest.mark.parametrize("text", ["Why?", ""])
@pytest.mark.parametrize("kind", ["", "question", "claim", "quote", "one of a later version"])
def test_the_kind_of_a_note_goes_into_a_line_and_back(kind: str, text: str) -> None:
    row = dict.fromkeys("id post_id exact prefix suffix created updated colour copy".split(), "x")
    row |= {"kind": "highlight", "comment_id": "c", "text": text, "note_kind": kind}
    told = annotation_of(row)
    assert row_of(told) == row
    assert told.get("body", {}).get("purpose") != row["note_kind"]
    if text and not kind:  # lines of versions that knew no kinds
        del told["body"]["purpose"]
        assert row_of(told) == row
