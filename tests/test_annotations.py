"""The reader's store: nothing that was kept is lost, nothing that is damaged is touched."""

import datetime as dt
import hashlib
import itertools
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from threadreader import annotations as annotations_module
from threadreader.annotations import Annotations, Counts, NoteDraft, changes
from threadreader.errors import (
    AnnotationsDamaged,
    LibraryError,
    LibraryReadOnly,
    StoreTooNew,
    UnknownReference,
)
from threadreader.model import Copy, Person, Position, SavedSearch, TextQuote
from threadreader.schema import STEPS

if TYPE_CHECKING:
    from sqlite_utils import Database

QUOTE = TextQuote("The heron came back at dusk", prefix="Then: ", suffix=", as ever.")
NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / "annotations.db"


@pytest.fixture
def store(path: Path) -> Iterator[Annotations]:
    ticks, ids = itertools.count(), itertools.count(1)
    with Annotations.open(
        path,
        now=lambda: NOON + dt.timedelta(minutes=next(ticks)),
        new_id=lambda: f"{next(ids):016x}",
    ) as opened:
        yield opened


def texts(store: Annotations, post_id: str | None = None) -> list[str]:
    return [mark.text for mark in store.marks(post_id)]


def note(store: Annotations, text: str, comment_id: str | None = "c1", post_id: str = "p1") -> str:
    made = store.note(post_id, comment_id, text, QUOTE)
    assert made
    return made.id


def test_a_mark_comes_back_as_it_was_made(store: Annotations, path: Path) -> None:
    made = store.note("p1", None, "Two lines\n\nof a note", QUOTE)
    with Annotations.open(path) as reopened:
        assert reopened.marks() == [made]
    assert made and (made.comment_id, made.quote, made.created, made.updated) == (None, QUOTE, NOON, NOON)


def test_marks_are_told_oldest_first_and_by_post(store: Annotations) -> None:
    for text, post_id in (("first", "p2"), ("second", "p1"), ("third", "p2")):
        note(store, text, post_id=post_id)
    assert texts(store) == ["first", "second", "third"]
    assert texts(store, "p2") == ["first", "third"]


def test_a_comment_has_one_bookmark_and_any_number_of_notes(store: Annotations) -> None:
    assert store.bookmark("p1", "c1", QUOTE) == store.bookmark("p1", "c1", QUOTE)
    assert store.bookmark("p1", None, QUOTE) == store.bookmark("p1", None, QUOTE)
    note(store, "one")
    note(store, "two")
    assert [mark.kind for mark in store.marks()] == ["bookmark", "bookmark", "note", "note"]


def test_a_bookmark_is_toggled_and_taken_off(store: Annotations) -> None:
    assert store.toggle_bookmark("p1", "c1", QUOTE) is True
    assert store.toggle_bookmark("p1", "c1", QUOTE) is False
    assert store.unbookmark("p1", "c1") is False
    store.bookmark("p1", "c1", QUOTE)
    assert store.unbookmark("p1", "c1") is True
    assert store.marks() == []


def test_a_note_is_edited_in_place(store: Annotations) -> None:
    first = note(store, "before")
    note(store, "later")
    edited = store.edit(first, "after")
    assert edited and edited.created == NOON < edited.updated
    assert texts(store) == ["after", "later"]


def test_a_blank_note_is_none(store: Annotations) -> None:
    assert store.note("p1", "c1", " \n\t\n", QUOTE) is None
    assert store.undo() is None
    assert store.edit(note(store, "something"), "  ") is None
    assert store.marks() == []


def test_a_note_keeps_its_shape_and_loses_what_a_terminal_obeys(store: Annotations) -> None:
    note(store, "\n  indented \x1b[31m  \n\nsecond\r\nthird\udcff \n\n")
    assert texts(store) == ["  indented ␛[31m\n\nsecond\nthird?"]


@pytest.mark.parametrize("change", [lambda s: s.remove("gone"), lambda s: s.edit("gone", "text")])
def test_what_is_not_there_cannot_be_changed(
    store: Annotations, change: Callable[[Annotations], object]
) -> None:
    with pytest.raises(UnknownReference, match="gone"):
        change(store)


def test_every_change_is_undone_and_redone_in_order(store: Annotations) -> None:
    kept = note(store, "kept")
    store.edit(kept, "changed")
    store.bookmark("p1", "c2", QUOTE)
    store.remove(kept)
    store.rename("p1", "  My\nname ")
    states = []
    while line := store.undo():
        states.append((line, texts(store), store.names()))
    assert states == [
        ("name “My name” removed", [""], {}),
        ("note “changed” restored", ["changed", ""], {}),
        ("bookmark on “The heron came back at dusk” removed", ["changed"], {}),
        ("note “kept” restored", ["kept"], {}),
        ("note “kept” removed", [], {}),
    ]
    assert [store.redo() for _ in range(6)][-2:] == ["name “My name” restored", None]
    assert (texts(store), store.names()) == ([""], {"p1": "My name"})


def test_read_marks_set_by_hand_are_undone_and_those_of_the_screen_are_not(store: Annotations) -> None:
    store.mark_read("p1", ["c1"])
    assert store.set_read("p1", ["c1", "c2", "c3"], read=True) == 2
    assert store.set_read("p1", ["c1"], read=False) == 1
    assert store.set_read("p1", ["c1"], read=False) == 0
    states = []
    while line := store.undo():
        states.append((line, sorted(store.read("p1"))))
    assert states == [("1 read again", ["c1", "c2", "c3"]), ("2 unread again", ["c1"])]
    assert (store.redo(), sorted(store.read("p1"))) == ("2 read again", ["c1", "c2", "c3"])


def test_undo_reaches_into_an_earlier_run(store: Annotations, path: Path) -> None:
    store.remove(note(store, "precious"))
    store.close()
    with Annotations.open(path) as reopened:
        assert reopened.undo() == "note “precious” restored"
        assert texts(reopened) == ["precious"]


def test_a_new_change_ends_what_could_be_redone(store: Annotations) -> None:
    note(store, "given up")
    store.undo()
    note(store, "instead")
    assert store.redo() is None
    assert texts(store) == ["instead"]


def test_undo_forgets_only_the_oldest_changes(store: Annotations, monkeypatch: pytest.MonkeyPatch) -> None:
    enough = changes.KEPT_CHANGES
    monkeypatch.setattr(changes, "KEPT_CHANGES", 3)
    for number in range(5):
        note(store, str(number))
    assert sum(store.undo() is not None for _ in range(5)) == 3
    assert texts(store) == ["0", "1"]
    assert enough >= 100


def test_a_name_is_given_changed_and_taken_back(store: Annotations) -> None:
    store.rename("p1", "One")
    store.rename("p1", "Two")
    store.rename("p1", "Two")
    assert store.undo() == "name “One” restored"
    store.rename("p1", " ")
    assert store.names() == {}


def test_a_change_and_its_undo_record_stand_or_fall_together(store: Annotations, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON changes BEGIN SELECT raise(ABORT, 'no room'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="no room"):
        note(store, "half")
    assert (store.marks(), store.counts().get("p1", Counts())) == ([], Counts())


def test_bookmarks_and_tags_on_several_are_each_one_step_to_undo(store: Annotations) -> None:
    store.bookmark("p1", "c1", QUOTE)
    targets: list[tuple[str, str | None, TextQuote]] = [
        ("p1", "c1", QUOTE),
        ("p1", "c2", QUOTE),
        ("p2", None, QUOTE),
    ]
    assert (store.bookmark_all(targets), store.bookmark_all(targets)) == (2, 0)
    assert store.tag_all([("p1", "c1"), ("p2", None)], ["heron", "#dusk"]) == 2
    assert store.tag_all([("p1", "c1"), ("p1", "c2")], ["Heron"]) == 1
    assert store.undo() == "#Heron taken off"
    assert store.undo() == "#heron #dusk taken off, and 1 more like it"
    assert (store.tags("p1"), store.tags("p2")) == ({}, {})
    assert store.undo() == "bookmark on “The heron came back at dusk” removed, and 1 more like it"
    assert [(mark.post_id, mark.comment_id) for mark in store.marks()] == [("p1", "c1")]
    assert store.redo() == "bookmark on “The heron came back at dusk” restored, and 1 more like it"
    assert len(store.marks()) == 3
    assert store.redo() == "#heron #dusk put on, and 1 more like it"
    assert store.tags("p2") == {None: ("dusk", "heron")}
    assert store.check() == []


def test_what_fails_on_one_of_several_changes_none(store: Annotations) -> None:
    bad = [("p1", "c1", QUOTE), ("p1", "c2", TextQuote(cast(Any, {})))]
    with pytest.raises(sqlite3.ProgrammingError):
        store.bookmark_all(bad)
    assert store.marks() == []
    assert store.undo() is None
    store.bookmark("p1", "c1", QUOTE)
    assert store.undo() is not None


def test_searches_are_saved_changed_and_removed(store: Annotations) -> None:
    heron = SavedSearch("Herons", "heron", "everything")
    assert store.save_search(heron._replace(name=" Herons ")) == heron
    store.save_search(SavedSearch("at dusk", "dusk \udcff", "my notes", exact=True))
    assert store.save_search(heron._replace(name=" ")) is None
    assert store.searches() == [SavedSearch("at dusk", "dusk ?", "my notes", exact=True), heron]
    store.save_search(heron._replace(words="herons"))
    store.save_search(heron._replace(words="herons"))
    assert store.undo() == "search “Herons” restored"
    assert store.searches()[1] == heron
    assert (store.remove_search("Herons"), store.remove_search("Herons")) == (True, False)
    assert store.undo() == "search “Herons” restored"
    assert store.searches()[1] == heron


def test_counts_follow_every_change(store: Annotations) -> None:
    kept = note(store, "one")
    note(store, "two")
    store.bookmark("p1", None, QUOTE)
    store.mark_read("p1", ["c1", "c2", "c1"])
    store.mark_read("p1", ["c2", "c3"])
    store.set_read("p1", ["c1", "never read"], read=False)
    store.edit(kept, "other")
    store.bookmark("p2", "c9", QUOTE)
    assert store.counts() == {"p1": Counts(bookmarks=1, notes=2, read=2), "p2": Counts(bookmarks=1)}
    store.remove(kept)
    assert store.counts()["p1"].notes == 1
    store.undo()
    assert store.counts()["p1"].notes == 2
    assert store.check() == []


def test_read_marks_of_lost_comments_are_set_aside_until_they_are_back(store: Annotations) -> None:
    store.mark_read("p1", ["c1", "c2"])
    store.mark_read("p2", ["c2"])
    store.retain("p1", ["c1", "c5"])
    assert (store.read("p1"), store.read("p2"), store.counts()["p1"].read) == ({"c1"}, {"c2"}, 1)
    store.retain("p1", ["c2", "c1"])
    assert (store.read("p1"), store.counts()["p1"].read) == ({"c1", "c2"}, 2)
    store.retain("p1", [])
    store.mark_read("p1", ["c2"])
    assert (store.read("p1"), store.counts()["p1"].read) == ({"c2"}, 1)


def test_a_highlight_is_made_changed_and_removed(store: Annotations) -> None:
    made = store.highlight("p1", "c1", QUOTE, "green")
    assert (made.kind, made.colour, made.text, made.quote) == ("highlight", "green", "", QUOTE)
    again = store.highlight("p1", "c1", QUOTE, "red", "Why?")
    assert (again.id, again.colour, again.text) == (made.id, "red", "Why?")
    assert store.highlight("p1", "c1", QUOTE, "red").text == "Why?"
    store.highlight("p1", "c2", QUOTE, "red")
    assert store.counts()["p1"].highlights == 2
    store.remove(made.id)
    assert store.counts()["p1"].highlights == 1
    assert [store.undo() for _ in range(3)] == [
        "highlight “Why?” restored",
        "highlight “The heron came back at dusk” removed",
        "highlight “The heron came back at dusk” restored",
    ]
    assert [(mark.colour, mark.text) for mark in store.marks()] == [("green", "")]
    assert store.check() == []


def test_a_highlight_without_its_note_is_still_one(store: Annotations) -> None:
    made = store.highlight("p1", "c1", QUOTE, "blue", "Why?")
    edited = store.edit(made.id, "  ")
    assert edited and (edited.kind, edited.text, edited.colour) == ("highlight", "", "blue")


def test_the_kind_of_a_note_is_changed_alone_or_with_its_words_and_undone(store: Annotations) -> None:
    made = store.note("p1", "c1", "Was it?", QUOTE, "question")
    assert made and (made.note_kind, store.mark(made.id)) == ("question", made)
    assert store.set_kind(made.id, "question").updated == made.updated
    edited = store.edit(made.id, "It was.", "claim")
    assert edited and (edited.text, edited.note_kind) == ("It was.", "claim")
    assert store.edit(made.id, "It was so.") == edited._replace(
        text="It was so.", updated=store.mark(made.id).updated
    )
    passage = store.highlight("p1", "c1", QUOTE, "green", note_kind="quote")
    assert store.highlight("p1", "c1", QUOTE, "red").noted_as == "quote"
    store.set_kind(passage.id, "comment")
    assert store.mark(passage.id).noted_as is None
    assert [step.told for step in store.history()][:5] == [
        "quote to use “The heron came back at dusk” is a highlight now",
        "quote to use “The heron came back at dusk” changed",
        "quote to use “The heron came back at dusk” made",
        "claim to check “It was so.” changed",
        "question “Was it?” is a claim to check now: “It was.”",
    ]
    for _ in range(5):
        store.undo()
    assert [(mark.text, mark.note_kind) for mark in store.marks()] == [("Was it?", "question")]
    bookmark = store.bookmark("p1", "c1", QUOTE)
    with pytest.raises(UnknownReference, match="notes and highlights have kinds"):
        store.set_kind(bookmark.id, "claim")


def test_a_person_is_labelled_and_dimmed_whatever_the_case_of_the_name_and_it_is_undone(
    store: Annotations,
) -> None:
    store.label("Ida Berg", " my\n neighbour\x1b ")
    assert store.dim("ida  berg", True) == Person("Ida Berg", "my neighbour␛", True)
    store.describe("Bo", label="", dimmed=False)
    store.describe("IDA BERG", label="kept herons", dimmed=False)
    assert store.people() == {"ida berg": Person("Ida Berg", "kept herons")}
    store.label("Ida Berg", "")
    assert store.people() == {}
    assert [step.told for step in store.history()] == [
        "Ida Berg without “kept herons”",
        "Ida Berg labelled “kept herons” and dimmed no more",
        "Ida Berg dimmed",
        "Ida Berg labelled “my neighbour␛”",
    ]
    assert [store.undo(), store.undo()] == [
        "Ida Berg labelled “kept herons”",
        "Ida Berg labelled “my neighbour␛” and dimmed",
    ]
    assert store.people() == {"ida berg": Person("Ida Berg", "my neighbour␛", True)}
    with pytest.raises(UnknownReference, match="needs a name"):
        store.label(" ", "nobody")


def test_tags_are_set_put_on_and_taken_off_and_all_of_it_is_undone(store: Annotations) -> None:
    assert store.set_tags("p1", "c1", ["Heron", " two\n words", "#gate", "heron", "", "#"]) == 3
    assert store.tags("p1") == {"c1": ("gate", "heron", "two-words")}
    assert store.tag("p1", "c1", ["GATE", "fog"]) == 1
    assert store.untag("p1", "c1", ["Two-Words", "none"]) == 1
    assert store.set_tags("p1", None, ["post"]) == 1
    assert store.set_tags("p1", "c1", ["gate", "heron", "fog"]) == 0
    assert store.tags("p1") == {"c1": ("fog", "gate", "heron"), None: ("post",)}
    assert store.post_tags() == {"p1": ("post",)}
    assert [store.undo() for _ in range(5)] == [
        "#post taken off",
        "#two-words put on",
        "#fog taken off",
        "#heron #two-words #gate taken off",
        None,
    ]
    assert store.tags("p1") == {}
    assert store.redo() == "#heron #two-words #gate put on"
    assert store.tags("p1") == {"c1": ("gate", "heron", "two-words")}


def test_a_tag_keeps_its_case_and_can_be_given_another(store: Annotations) -> None:
    store.set_tags("p1", "c1", ["STRASSE"])
    store.set_tags("p1", "c1", ["Straße"])
    assert store.tags("p1") == {"c1": ("Straße",)}
    store.undo()
    assert store.tags("p1") == {"c1": ("STRASSE",)}


def test_undoing_tags_leaves_alone_what_another_program_tagged_meanwhile(store: Annotations) -> None:
    store.tag("p1", "c1", ["mine"])
    with store.clone() as other:
        other._connection.execute("INSERT INTO tags VALUES ('p1', 'c1', 'theirs', 'theirs')")
    store.undo()
    assert store.tags("p1") == {"c1": ("theirs",)}


def test_tags_that_are_used_most_are_known_first(store: Annotations) -> None:
    store.set_tags("p1", "c1", ["gate", "fog"])
    store.set_tags("p2", None, ["Fog", "ash"])
    assert [tag.casefold() for tag in store.known_tags()] == ["fog", "ash", "gate"]


def test_a_draft_is_kept_until_its_note_is(store: Annotations) -> None:
    store.keep_draft("p1", "c1", "beg")
    store.keep_draft("p1", "c1", "begun\n")
    store.keep_draft("p1", None, "on the post", note_id="n1")
    assert store.draft("p1", "c1") == NoteDraft("p1", "c1", "begun\n", NOON + dt.timedelta(minutes=2))
    assert [(draft.text, draft.note_id) for draft in store.drafts()] == [
        ("begun\n", None),
        ("on the post", "n1"),
    ]
    note(store, "begun and done")
    assert [draft.comment_id for draft in store.drafts()] == [None]


@pytest.mark.parametrize("give_up", [Annotations.drop_draft, lambda s, p, c: s.keep_draft(p, c, " \n")])
def test_a_draft_is_given_up(store: Annotations, give_up: Callable[[Annotations, str, str], None]) -> None:
    store.keep_draft("p1", "c1", "begun")
    give_up(store, "p1", "c1")
    assert store.drafts() == []


def test_editing_ends_the_draft_of_its_target(store: Annotations) -> None:
    edited = note(store, "text")
    store.keep_draft("p1", "c1", "text, longer", note_id=edited)
    store.edit(edited, "text")
    assert store.drafts() == []


def test_places_and_settings_are_remembered(store: Annotations, path: Path) -> None:
    store.keep_position("p1", Position("c1", 3))
    store.keep_position("p1", Position(None, 7))
    store.keep_folds("p1", ["c1", "c2"])
    store.keep_folds("p1", ["c3"])
    store.keep_state("theme", "nord")
    store.keep_state("theme", "gruvbox")
    store.keep_aliases({"new": "old"})
    store.keep_aliases({"new": "older", "other": "one"})
    with Annotations.open(path) as reopened:
        assert reopened.position("p1") == Position(None, 7)
        assert reopened.position("p2") is None
        assert reopened.folds("p1") == {"c3"}
        assert reopened.folds("p2") == frozenset()
        assert (reopened.state("theme"), reopened.state("sort", "date")) == ("gruvbox", "date")
        assert reopened.aliases() == {"new": "older", "other": "one"}


def test_two_readers_see_each_others_marks(store: Annotations) -> None:
    with store.clone() as other:
        before = other.data_version()
        note(store, "from here")
        assert other.data_version() != before
        note(other, "from there", comment_id="c2")
        assert texts(store) == ["from here", "from there"]


def test_a_store_that_another_program_holds_says_so(store: Annotations, path: Path) -> None:
    store._connection.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="another program"):
            store.keep_state("theme", "nord")
    store.keep_state("theme", "nord")


def test_what_was_kept_survives_a_killed_process(path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from threadreader.annotations import Annotations; from threadreader.model import TextQuote\n"
        "store = Annotations.open(Path(sys.argv[1]))\n"
        "store.note('p1', 'c1', 'saved', TextQuote('words')); store.keep_draft('p1', 'c2', 'begun')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=60)
    with Annotations.open(path) as reopened:
        assert (texts(reopened), [draft.text for draft in reopened.drafts()]) == (["saved"], ["begun"])


def test_opening_a_current_store_imports_no_sqlite_utils(store: Annotations, path: Path) -> None:
    store.close()
    script = (
        "import sys; from pathlib import Path; from threadreader.annotations import Annotations\n"
        "with Annotations.open(Path(sys.argv[1])) as store: store.keep_state('theme', 'nord')\n"
        "sys.exit('sqlite_utils' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 0


def contents(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def damage_header(data: bytes) -> bytes:
    return b"not a database, but somebody's words" + data[64:]


def damage_page(data: bytes) -> bytes:
    return data[:8192] + b"\xa5" * 4096 + data[12288:]


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def of_another_program(data: bytes) -> bytes:
    return data[:60] + bytes(4) + data[64:]  # user_version, by SQLite's file format


@pytest.mark.parametrize("damage", [damage_header, damage_page, cut_short, of_another_program])
def test_a_damaged_store_is_refused_and_not_touched(
    store: Annotations, path: Path, damage: Callable[[bytes], bytes]
) -> None:
    note(store, "precious")
    store.close()
    path.write_bytes(damage(path.read_bytes()))
    before = contents(path.parent)
    with pytest.raises(AnnotationsDamaged, match=r"annotations\.db: .* is left as it is"):
        Annotations.open(path)
    assert contents(path.parent) == before


def test_damage_found_while_reading_is_told_by_the_same_error(store: Annotations, path: Path) -> None:
    note(store, "precious")
    store.close()
    with closing(sqlite3.connect(path)) as other:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'annotations'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    data = path.read_bytes()
    path.write_bytes(data[: (page - 1) * size] + b"\xa5" * size + data[page * size :])
    Path(f"{path}-wal").touch()  # as if another reader were there: opening can't look at all of it
    with Annotations.open(path) as opened, pytest.raises(AnnotationsDamaged):
        opened.marks()


def test_a_store_whose_making_was_cut_off_is_made(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with Annotations.open(path) as store:
        note(store, "first")


def test_a_newer_store_is_refused_and_not_touched(store: Annotations, path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = contents(path.parent)
    with pytest.raises(StoreTooNew, match="newer"):
        Annotations.open(path)
    assert contents(path.parent) == before


def test_reading_only_keeps_nothing_and_says_so(store: Annotations, path: Path) -> None:
    note(store, "precious")
    with Annotations.open(path, read_only=True) as reading:
        assert (reading.read_only, texts(reading)) == (True, ["precious"])
        with pytest.raises(LibraryReadOnly, match="not kept"):
            note(reading, "lost")
        with pytest.raises(LibraryReadOnly, match="not kept"):
            reading.undo()


def test_reading_only_where_there_is_none_is_empty_and_makes_none(path: Path) -> None:
    with Annotations.open(path, read_only=True) as reading:
        assert (reading.marks(), reading.counts(), reading.check()) == ([], {}, [])
    assert not path.exists()


def test_a_disk_that_cannot_be_written_is_read(
    store: Annotations, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(store, "precious")
    store.close()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write where the mode says no
    with Annotations.open(path) as reading:
        assert (reading.read_only, texts(reading)) == (True, ["precious"])


def test_a_tag_is_renamed_everywhere_and_becomes_one_with_another_in_one_step(store: Annotations) -> None:
    store.tag("p1", "c1", ["heron", "fog"])
    store.tag("p1", None, ["Heron"])
    store.tag("p2", "c1", ["birds", "heron"])
    assert store.rename_tag("#HERON", "birds") == 3
    assert store.tag_counts() == {"birds": 3, "fog": 1}
    assert store.undo()
    assert (store.tags("p1")[None], store.tags("p2")["c1"]) == (("Heron",), ("birds", "heron"))
    assert store.rename_tag("heron", "Heron") == 3
    assert store.tag_counts() == {"Heron": 3, "birds": 1, "fog": 1}
    for wrong in (("nothing", "x"), ("fog", " # ")):
        with pytest.raises(UnknownReference):
            store.rename_tag(*wrong)


RELEASED = sorted((Path(__file__).parent / "data").glob("annotations-*.sql"))


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_a_store_of_every_released_version_is_brought_here_whole(path: Path, released: Path) -> None:
    """Each copy holds a note, a bookmark, a name, read marks, a draft, a place, and what can be undone."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(released.read_text(encoding="utf-8"))
    with Annotations.open(path) as store:
        assert [(mark.kind, mark.comment_id, mark.text, mark.quote) for mark in store.marks()] == [
            ("note", "c1", "kept", QUOTE),
            ("bookmark", None, "", QUOTE),
        ]
        assert store.counts() == {"p1": Counts(bookmarks=1, notes=1, read=1)}
        assert (store.names(), store.read("p1"), store.aliases()) == ({"p1": "Mine"}, {"c1"}, {"new": "old"})
        assert (store.position("p1"), set(store.folds("p1"))) == (Position("c1", 2), {"c2"})
        assert [draft.text for draft in store.drafts()] == ["begun"]
        assert store.undo() == "note “removed” restored"
        assert store.check() == []
        store.highlight("p1", "c1", QUOTE, "green")
        store.set_tags("p1", "c1", ["heron"])
        assert (store.counts()["p1"].highlights, store.tags("p1")) == (1, {"c1": ("heron",)})
    assert path.with_name(f"annotations.db.backup-{released.stem.rpartition('-')[2]}").exists()


def test_marks_of_an_older_version_on_whole_comments_have_a_copy_of_them(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASED[2].read_text(encoding="utf-8"))  # the last without copies
        connection.execute(
            "INSERT INTO annotations SELECT 'whole', 'note', 'p1', 'c7', 'Mine.', exact, '', '', created,"
            " updated, '' FROM annotations LIMIT 1"
        )
        connection.commit()
    with Annotations.open(path) as store:
        assert store.mark("whole").quote == TextQuote(QUOTE.exact, copy=Copy(QUOTE.exact))
        assert {mark.quote.copy for mark in store.marks() if mark.id != "whole"} == {None}
        assert store.check() == []


def test_the_text_that_marks_are_made_on_is_kept_once(store: Annotations, path: Path) -> None:
    whole = TextQuote("A heron.", copy=Copy("A heron."))
    store.bookmark("p1", "c1", whole)
    note = store.note("p1", "c1", "Where?", whole)
    passage = store.highlight("p1", "c1", TextQuote("heron", "A ", ".", Copy("A heron.", 2)), "red")
    assert note and [mark.quote.copy and mark.quote.copy.text for mark in store.marks()] == ["A heron."] * 3
    store.keep_copies({note.id: Copy("A heron.", None, "c0")})
    assert store.mark(note.id).quote.copy == Copy("A heron.", None, "c0")
    assert store.highlight("p1", "c1", passage.quote, "blue").id == passage.id
    elsewhere = TextQuote("heron", "A ", ".", Copy("A heron. A heron.", 11))
    assert store.highlight("p1", "c1", elsewhere, "blue").id != passage.id
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM copies").fetchone() == (2,)


def test_a_mark_is_detached_keeps_its_words_and_is_attached_again_by_undo(store: Annotations) -> None:
    one = store.bookmark("fog", "c1", QUOTE)
    detached = store.detach(one.id)
    assert detached.is_detached and (detached.quote, detached.post_id) == (QUOTE, "fog")
    again = store.bookmark("fog", "c1", QUOTE)
    store.detach(again.id)  # two that stand nowhere do not hinder one another
    assert [mark.is_detached for mark in store.marks()] == [True, True]
    assert store.history()[0].told == "bookmark on “The heron came back at dusk” detached"
    store.undo()
    assert store.mark(again.id) == again


def test_several_marks_and_tags_are_removed_in_one_step(store: Annotations) -> None:
    one, other = store.bookmark("fog", "c1", QUOTE), store.note("fog", "c2", "Which?", QUOTE)
    store.tag("fog", "c3", ["river", "fog"])
    assert other and store.remove_all([one.id, other.id, "gone"], [("fog", "c3"), ("fog", "c4")]) == 3
    assert (store.marks(), store.tags("fog")) == ([], {})
    store.undo()
    assert ({mark.id for mark in store.marks()}, store.tags("fog")) == (
        {one.id, other.id},
        {"c3": ("fog", "river")},
    )


def test_attaching_is_undone_and_made_again(store: Annotations) -> None:
    note = store.note("p1", "c1", "Where?", TextQuote("A heron.", copy=Copy("A heron.")))
    assert note
    there = TextQuote("A crane.", copy=Copy("A crane."))
    attached = store.attach(note.id, "p1", "c2", there)
    assert (attached.comment_id, attached.quote, attached.text) == ("c2", there, "Where?")
    assert store.undo() == "note “Where?” attached to the other comment again"
    assert store.mark(note.id) == note
    store.redo()
    assert store.mark(note.id) == attached
    assert store.named(note.id[:6]) == attached


def add_ratings(db: "Database") -> None:
    db.table("ratings").create({"annotation_id": str, "rating": int})


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations_module, "STEPS", (*STEPS, add_ratings))


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_a_migration_keeps_the_marks_and_a_copy_from_before(
    store: Annotations, path: Path, request: pytest.FixtureRequest
) -> None:
    note(store, "precious")
    store.close()
    request.getfixturevalue("next_version")
    with Annotations.open(path) as migrated:
        assert texts(migrated) == ["precious"]
    copy = path.with_name(f"annotations.db.backup-{len(STEPS)}")
    assert "ratings" in tables(path) - tables(copy)
    kept = ["annotations.db", copy.name, "annotations.jsonl"]
    assert sorted(file.name for file in path.parent.iterdir()) == kept
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT text FROM annotations").fetchall() == [("precious",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    store: Annotations, path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(store, "precious")
    store.close()
    request.getfixturevalue("next_version")

    def break_off(db: "Database") -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(annotations_module, "STEPS", (*STEPS, add_ratings, break_off))
        with pytest.raises(RuntimeError, match="power cut"):
            Annotations.open(path)
    assert "ratings" not in tables(path)
    with Annotations.open(path) as migrated:
        assert texts(migrated) == ["precious"]


def test_an_older_store_is_read_without_writing(
    store: Annotations, path: Path, request: pytest.FixtureRequest
) -> None:
    note(store, "precious")
    store.close()
    before = contents(path.parent)
    request.getfixturevalue("next_version")
    with Annotations.open(path, read_only=True) as reading:
        assert texts(reading) == ["precious"]
    assert contents(path.parent)[path.name] == before[path.name]


def test_check_finds_counts_that_do_not_add_up(store: Annotations, path: Path) -> None:
    note(store, "one")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE counts SET notes = 7")
    assert [(problem.code, problem.where) for problem in store.check()] == [("count-wrong", "p1")]


def test_another_program_keeps_its_marks_while_a_clone_comes_and_goes(tmp_path: Path) -> None:
    path = tmp_path / "annotations.db"
    other = (
        "import sys; from pathlib import Path; from threadreader.annotations import Annotations;"
        "from threadreader.model import TextQuote;"
        "store = Annotations.open(Path(sys.argv[1]));"
        "store.bookmark('post', sys.argv[2], TextQuote('words'));"
        "print(len(store.marks())); store.close()"
    )

    def told_by_another(comment: str) -> int:
        command = [sys.executable, "-c", other, str(path), comment]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    with Annotations.open(path) as mine:
        mine.bookmark("post", "first", TextQuote("words"))
        mine.clone().close()
        assert told_by_another("second") == 2
        mine.bookmark("post", "third", TextQuote("words"))
        assert told_by_another("fourth") == 4
        assert len(mine.marks()) == 4
    with Annotations.open(path) as reopened:
        assert len(reopened.marks()) == 4


def test_only_what_no_key_asked_for_is_not_waited_for_on_the_disk(store: Annotations) -> None:
    store.bookmark("p", "c0", TextQuote("words"))
    waits: list[int] = []

    def look(sql: str) -> None:
        if sql == "BEGIN IMMEDIATE":
            waits.append(store._connection.execute("PRAGMA synchronous").fetchone()[0])

    store._connection.set_trace_callback(look)
    store.keep_position("p", Position("c1", 0))
    store.bookmark("p", "c1", TextQuote("words"))
    store._connection.set_trace_callback(None)
    normal, full = 1, 2
    assert waits == [normal, full]
