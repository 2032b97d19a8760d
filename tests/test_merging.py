"""Two machines' journals as one: no words are lost, in whichever order they come."""

import itertools
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadreader.annotations import Annotations
from threadreader.cli import run
from threadreader.errors import LibraryError
from threadreader.journal import Change, Part, same
from threadreader.journal.state import State, differences, joined
from threadreader.model import Copy, Person, SavedSearch, TextQuote, note_kind_of

QUOTE = TextQuote(
    "The heron came back at dusk",
    prefix="Then: ",
    suffix=", as ever.",
    copy=Copy("Then: The heron came back at dusk, as ever.", 6, "c0"),
)
Machines = Callable[[str], Annotations]


@pytest.fixture
def machines(tmp_path: Path) -> Any:
    """Stores by their names; a new one is a copy of the one named `old`, if there is one."""
    opened: dict[str, Annotations] = {}

    def machine(name: str) -> Annotations:
        if name not in opened:
            if "old" in opened:
                opened["old"].close()
                shutil.copytree(tmp_path / "old", tmp_path / name)
            opened[name] = Annotations.open(tmp_path / name / "annotations.db")
        return opened[name]

    yield machine
    for store in opened.values():
        store.close()


def journal(store: Annotations) -> Path:
    return store.path.with_suffix(".jsonl")


def held(store: Annotations) -> dict[str, Any]:
    """All that merging is to make equal; drafts are each machine's own."""
    told = {str(register): one.now for register, one in store._held().items() if register[0] != "drafts"}
    return told | {"read": sorted(store._rows("SELECT post_id, comment_id FROM reads"))}


def texts(store: Annotations) -> list[str]:
    return sorted(mark.text for mark in store.marks())


def merge_both_ways(one: Annotations, other: Annotations) -> None:
    before = journal(other).read_bytes()
    aside = one.path.with_name("other.jsonl")
    aside.write_bytes(before)
    other.merge(journal(one))
    one.merge(aside)


def test_what_two_machines_made_is_on_both(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.note("p1", "c1", "from one", QUOTE)
    one.tag("p1", "c1", ["heron", "one"])
    two.note("p1", "c1", "from two", QUOTE)
    two.tag("p1", "c1", ["Heron", "two"])
    two.set_read("p1", ["c1"], read=True)
    two.save_search(SavedSearch("Herons", "heron", "everything"))
    merge_both_ways(one, two)
    assert texts(one) == texts(two) == ["from one", "from two"]
    assert [tag.casefold() for tag in one.tags("p1")["c1"]] == ["heron", "one", "two"]
    assert (one.read("p1"), len(one.searches())) == ({"c1"}, 1)
    assert held(one) == held(two)
    assert one.check() == two.check() == []


def test_ids_that_one_machine_keeps_are_kept_by_the_other(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.keep_aliases({"new": "old", "both": "one"})
    two.keep_aliases({"newer": "older", "both": "two"})
    merge_both_ways(one, two)
    assert one.aliases() == two.aliases()
    assert one.aliases().keys() == {"new", "newer", "both"}
    assert one.check() == two.check() == []


def test_merging_twice_changes_nothing(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.note("p1", "c1", "from one", QUOTE)
    two.note("p1", "c1", "from two", QUOTE)
    assert len(one.merge(journal(two)).parts) == 1
    before = journal(one).read_bytes()
    assert one.merge(journal(two)).parts == []
    assert one.merge(journal(one)).parts == []
    assert (journal(one).read_bytes(), len(one.history())) == (before, 2)


def test_a_mark_that_was_edited_on_both_is_kept_twice_and_told(machines: Machines) -> None:
    old = machines("old")
    note = old.note("p1", "c1", "as it was", QUOTE)
    assert note
    one, two = machines("one"), machines("two")
    one.edit(note.id, "by one")
    two.edit(note.id, "by two")
    aside = one.path.with_name("other.jsonl")
    shutil.copy(journal(two), aside)
    assert two.merge(journal(one)).conflicts == one.merge(aside).conflicts
    assert (texts(one), held(one)) == (["by one", "by two"], held(two))
    assert two.merge(journal(one)).conflicts == []
    one.edit(note.id, "settled")
    two.merge(journal(one))
    assert "settled" in texts(two) and len(texts(two)) == 2
    assert held(one) == held(two)


def test_what_one_removed_and_the_other_edited_is_kept(machines: Machines) -> None:
    old = machines("old")
    edited, left = (old.note("p1", "c1", text, QUOTE) for text in ("edited", "left alone"))
    assert edited and left
    one, two = machines("one"), machines("two")
    for note in (edited, left):
        one.remove(note.id)
    two.edit(edited.id, "edited, and better")
    merge_both_ways(one, two)
    assert texts(one) == texts(two) == ["edited, and better"]


def test_two_bookmarks_on_one_comment_become_one(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    for store in (one, two):
        store.bookmark("p1", "c1", QUOTE)
        store.highlight("p1", "c1", QUOTE, "green")
    merge_both_ways(one, two)
    assert sorted(mark.kind for mark in one.marks()) == ["bookmark", "highlight"]
    assert held(one) == held(two)
    merge_both_ways(one, two)
    assert len(one.marks()) == 2


def test_names_and_searches_that_differ_are_both_kept(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.rename("p1", "Herons")
    two.rename("p1", "Birds")
    one.save_search(SavedSearch("mine", "heron", "everything"))
    two.save_search(SavedSearch("mine", "bird", "everything"))
    merge_both_ways(one, two)
    assert one.names() == two.names() == {"p1": "Birds / Herons"}
    assert sorted(search.words for search in one.searches()) == ["bird", "heron"]
    assert held(one) == held(two)


def test_neither_label_of_a_person_is_lost_and_who_one_dimmed_stays_so(machines: Machines) -> None:
    old = machines("old")
    old.label("Ida Berg", "a neighbour")
    one, two = machines("one"), machines("two")
    one.label("Ida Berg", "the neighbour")
    two.describe("ida  BERG", label="keeps herons", dimmed=True)
    two.dim("Bo", True)
    aside = one.path.with_name("other.jsonl")
    shutil.copy(journal(two), aside)
    two.merge(journal(one))
    assert one.merge(aside).conflicts == ["label of Ida Berg, put together from both"]
    ida = Person("Ida Berg", "keeps herons / the neighbour", True)
    assert one.people() == two.people() == {"bo": Person("Bo", "", True), "ida berg": ida}
    assert one.merge(journal(two)).conflicts == []
    one.undo()
    assert one.people() == {"ida berg": Person("Ida Berg", "the neighbour")}


def test_undoing_a_merge_takes_nothing_that_was_there_before_it(machines: Machines, tmp_path: Path) -> None:
    one, two = machines("one"), machines("two")
    two.bookmark("p1", "c9", QUOTE)  # what follows is later there
    for store in (one, two):
        store.tag("p1", "c1", ["heron"])
        store.set_read("p1", ["c1"], read=True)
    two.tag("p1", "c1", ["dusk"])
    one.merge(journal(two))
    (tmp_path / "again").mkdir()
    shutil.copy(journal(one), tmp_path / "again")
    with Annotations.open(tmp_path / "again" / "annotations.db") as again:
        for store in (one, again):
            store.undo()
            assert (store.tags("p1"), store.read("p1")) == ({"c1": ("heron",)}, {"c1"})


def test_a_merge_is_undone_as_one_step_and_can_be_done_again(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.note("p1", "c1", "from one", QUOTE)
    for text in ("first", "second"):
        two.note("p1", "c1", text, QUOTE)
    two.rename("p1", "Herons")
    one.merge(journal(two))
    assert one.undo() == "merged with two/annotations.jsonl: taken back"
    assert (texts(one), one.names()) == (["from one"], {})
    two.merge(journal(one))
    assert texts(two) == ["first", "from one", "second"]
    assert len(one.merge(journal(two)).parts) == 3
    assert held(one) == held(two)


def test_drafts_stay_on_their_machine(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    one.keep_draft("p1", "c1", "mine")
    two.keep_draft("p1", "c1", "theirs")
    two.keep_draft("p1", "c2", "theirs too")
    assert one.merge(journal(two)).drafts == 2
    assert [draft.text for draft in one.drafts()] == ["mine"]


def test_a_clock_that_is_years_behind_wins_and_loses_nothing(tmp_path: Path) -> None:
    """Which of two is the later is told by what was known, not by anybody's clock."""
    import datetime as dt

    def past() -> dt.datetime:
        return dt.datetime(1999, 1, 1, tzinfo=dt.UTC)

    with (
        Annotations.open(tmp_path / "one" / "annotations.db") as one,
        Annotations.open(tmp_path / "two" / "annotations.db", now=past) as two,
    ):
        note = one.note("p1", "c1", "first", QUOTE)
        assert note
        two.merge(journal(one))
        two.edit(note.id, "edited later, by a slow clock")
        one.merge(journal(two))
        assert texts(one) == ["edited later, by a slow clock"]


@pytest.mark.parametrize("data", [b"", b"{}\n", b"some text\n", b"\xff\xfe\0"])
def test_what_is_no_journal_is_not_merged(machines: Machines, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.jsonl").write_bytes(data)
    store = machines("one")
    store.note("p1", "c1", "mine", QUOTE)
    with pytest.raises(LibraryError, match=r"bad\.jsonl: not a journal"):
        store.merge(tmp_path / "bad.jsonl")
    with pytest.raises(LibraryError, match="No such file"):
        store.merge(tmp_path / "none.jsonl")
    assert (texts(store), len(store.history())) == (["mine"], 1)


def test_what_can_be_read_of_a_torn_journal_is_merged_and_the_rest_told(
    machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = machines("one"), machines("two")
    two.note("p1", "c1", "whole", QUOTE)
    journal(two).write_bytes(journal(two).read_bytes() + b'{"id":"torn')
    assert run(["--library", str(one.path.parent), "merge", str(two.path.parent)]) == 0
    told = capsys.readouterr()
    assert told.out == "1 note came or changed\n"
    assert "1 line of it can't be read" in told.err
    assert texts(one) == ["whole"]


# Histories of two and three machines as the journal sees them, which is quicker than stores.

IDS = [f"{number:016x}" for number in range(4)]
KINDS = {"a": "", "b": "question", "c": "claim", "d": "quote"}
Action = tuple[str, int, str]
actions = st.tuples(
    st.sampled_from(
        "note edit kind remove bookmark tag untag name label dim read unread".split(),
    ),
    st.integers(0, 3),
    st.sampled_from(["a", "b", "c", "d"]),
)
histories = st.lists(actions, max_size=12)
quick = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def row(kind: str, number: int, text: str, key: str) -> dict[str, Any]:
    return {
        "id": key,
        "kind": kind,
        "post_id": "p",
        "comment_id": f"c{number}",
        "text": text,
        "exact": "words",
        "prefix": "",
        "suffix": "",
        "created": "2024",
        "updated": "2024",
        "colour": "",
        "note_kind": "",
    }


def part_for(state: State, store: str, action: Action, clock: int) -> Part | None:
    """What an action makes of a store; None where there is nothing to do."""
    did, number, text = action
    key, target = f"{store}{clock:012x}", f"c{number}"
    notes = sorted(register[1] for register in state.held if register[0] == "annotations")
    match did:
        case "note":
            return Part("annotations", key, row("note", number, f"{text}{store}{clock}", key))
        case "bookmark":
            marked = [one.now["comment_id"] for key, one in state.held.items() if key[0] == "annotations"]
            return None if target in marked else Part("annotations", key, row("bookmark", number, "", key))
        case "edit" | "remove" if notes:
            mark = notes[number % len(notes)]
            now = state.held["annotations", mark].now
            if did == "remove":
                return Part("annotations", mark, None)
            edited = now | {"text": f"{text}{store}{clock}"}
            return Part("annotations", mark, edited) if now["kind"] == "note" else None
        case "kind" if notes:
            mark = notes[number % len(notes)]
            now = state.held["annotations", mark].now
            return Part("annotations", mark, now | {"note_kind": KINDS[text]}) if now["text"] else None
        case "label" | "dim":
            there = state.held.get(("people", "ida"))
            now = there.now if there else {"folded": "ida", "name": "Ida", "label": "", "dimmed": 0}
            new = {"label": f"{text}{store}{clock}"} if did == "label" else {"dimmed": 1}
            return Part("people", "ida", now | new)
        case "tag" | "untag":
            change = {"put": [text], "taken": []} if did == "tag" else {"put": [], "taken": [text]}
            return Part("tags", "p", {"comment_id": target} | change)
        case "name":
            return Part("names", "p", {"post_id": "p", "title": f"{text}{store}{clock}"})
        case "read" | "unread":
            return Part("reads", "p", {"ids": [target], "read": did == "read"})
    return None


def act(state: State, store: str, history: Sequence[Action]) -> State:
    for action in history:
        clock = state.clock + 1
        if part := part_for(state, store, action, clock):
            state.take(Change(store, clock, "2024", "made", (part,)))
    return state


def copy_of(state: State) -> State:
    return State(dict(state.knows), dict(state.held))


def words(state: State) -> set[str]:
    """Notes with their kinds, and labels."""
    notes = (one.now for register, one in state.held.items() if register[0] == "annotations")
    people = (one.now for register, one in state.held.items() if register[0] == "people")
    return {f"{note['note_kind']} {note['text']}" for note in notes} | {
        label for person in people for label in person["label"].split(" / ") if label
    }


@quick
@given(histories, histories, histories, st.permutations(["one", "two", "tri"]))
def test_machines_that_part_and_meet_hold_the_same_in_whatever_order(
    before: list[Action], mine: list[Action], theirs: list[Action], order: list[str]
) -> None:
    old = act(State(), "old", before)
    states = {
        "one": act(copy_of(old), "one", mine),
        "two": act(copy_of(old), "two", theirs),
        "tri": act(copy_of(old), "tri", [*theirs, *mine]),
    }
    first, second = joined(states["one"], states["two"])[0], joined(states["two"], states["one"])[0]
    assert (first.held, first.knows) == (second.held, second.knows)
    assert joined(first, states["two"])[0].held == first.held
    every = [
        joined(joined(states[a], states[b])[0], states[c])[0] for a, b, c in (("one", "two", "tri"), order)
    ]
    assert every[0].held == every[1].held
    made = (words(states["one"]) | words(states["two"])) - words(old)
    assert made <= words(first)


@quick
@given(st.lists(st.tuples(st.booleans(), histories, st.booleans()), max_size=5))
def test_machines_that_meet_again_and_again_agree_and_lose_no_words(
    rounds: list[tuple[bool, list[Action], bool]],
) -> None:
    states = {"one": State(), "two": State()}
    for who, history, meets in rounds:
        name, other = ("one", "two") if who else ("two", "one")
        act(states[name], name, history)
        if meets:  # one of them takes the other in, as a line of its journal does
            both, _ = joined(states[name], states[other])
            clock = states[name].clock + 1
            states[name] = State(both.knows | {name: max(clock, both.clock + 1)}, both.held)
    one, two = (joined(states[a], states[b])[0] for a, b in (("one", "two"), ("two", "one")))
    assert one.held == two.held
    unknown = {
        f"{held.now['note_kind']} {held.now['text']}"
        for a, b in (("one", "two"), ("two", "one"))
        for register, held in states[a].held.items()
        if register[0] == "annotations" and not states[b].knew(held.by)
    }
    assert unknown <= words(one)
    bookmarks = [
        h.now["comment_id"] for r, h in one.held.items() if r[0] == "annotations" and not h.now["text"]
    ]
    assert len(bookmarks) == len(set(bookmarks))


def perform(store: Annotations, history: Sequence[Action]) -> None:
    for did, number, text in history:
        target = ("p", f"c{number}")
        notes = [mark for mark in store.marks() if mark.kind == "note"]
        match did:
            case "note":
                store.note(*target, text, QUOTE)
            case "edit" if notes:
                store.edit(notes[number % len(notes)].id, text + text)
            case "kind" if notes:
                store.set_kind(notes[number % len(notes)].id, note_kind_of(KINDS[text]))
            case "label":
                store.label(f"Ida {number}", text)
            case "dim":
                store.dim(f"Ida {number}", text < "c")
            case "remove" if notes:
                store.remove(notes[number % len(notes)].id)
            case "bookmark":
                store.toggle_bookmark(*target, QUOTE)
            case "tag":
                store.tag(*target, [text])
            case "untag":
                store.untag(*target, [text])
            case "name":
                store.rename("p", text)
            case "read" | "unread":
                store.set_read("p", [target[1]], read=did == "read")
            case _:
                store.undo()


folders = itertools.count()


@settings(quick, max_examples=6)
@given(histories, histories, histories)
def test_stores_with_random_histories_hold_the_same_after_merging_and_from_their_journals(
    tmp_path_factory: pytest.TempPathFactory, before: list[Action], mine: list[Action], theirs: list[Action]
) -> None:
    folder = tmp_path_factory.mktemp(f"merging{next(folders)}")
    with Annotations.open(folder / "one" / "annotations.db") as old:
        perform(old, before)
        old.note("p", "c0", "there is a journal", QUOTE)
    shutil.copytree(folder / "one", folder / "two")
    with (
        Annotations.open(folder / "one" / "annotations.db") as one,
        Annotations.open(folder / "two" / "annotations.db") as two,
    ):
        perform(one, mine)
        perform(two, theirs)
        merge_both_ways(one, two)
        assert held(one) == held(two)
        assert one.check() == two.check() == []
        (folder / "again").mkdir()
        shutil.copy(journal(one), folder / "again")
        with Annotations.open(folder / "again" / "annotations.db") as again:
            assert held(again) == held(one)
            assert [step.told for step in again.history()] == [step.told for step in one.history()]
            while (undone := one.undo()) or undone is not None:
                assert again.undo() == undone
            assert held(again) == held(one)


def test_what_differs_is_told_with_what_goes_first() -> None:
    one, two = State(), State()
    one.hold(
        [
            Part("names", "p", {"title": "a"}),
            Part("tags", "p", {"comment_id": None, "put": ["x"], "taken": []}),
        ]
    )
    two.hold(
        [
            Part("names", "q", {"title": "a"}),
            Part("tags", "p", {"comment_id": None, "put": ["X"], "taken": []}),
        ]
    )
    parts = differences(one.held, two.held)
    assert [(part.about, part.key, part.now is None) for part in parts] == [
        ("names", "p", True),
        ("names", "q", False),
        ("tags", "p", False),
    ]
    assert same({"a": 1, "b": ""}, {"a": 1, "c": None})
