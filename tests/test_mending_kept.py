"""Mendings in a library: kept through re-import, rebuild, undo, merge; marks stay on their words."""

import datetime as dt
import json
import shutil
from pathlib import Path
from random import Random

import pytest
from conftest import WriteThread

from threadreader import anchoring
from threadreader.cli import run
from threadreader.errors import MendingRefused
from threadreader.library import Library, mending
from threadreader.model import Thread
from threadreader.passages import sentences

FIRST = "The fog came early this year. It stayed for nine days. Nobody saw the far bank."
SECOND = "We saw it from the mill, twice. And the ferry ran? It did not run at all on Sunday."
THIRD = "The ferry never runs on a Sunday."
LAST = "Somebody should ask the ferryman himself about that."


@pytest.fixture
def post_id(library: Library, write_thread: WriteThread) -> str:
    added = library.add(write_thread("fog.txt", (FIRST, SECOND, THIRD), LAST))
    assert [comment.place for comment in added.threads[0].comments] == ["1", "1.1", "1.2", "2"]
    return added.threads[0].post.id


def ids(library: Library, post_id: str) -> dict[str, str]:
    return {comment.place: comment.id for comment in library.index.thread(post_id).comments}


def texts(thread: Thread) -> list[tuple[str, str]]:
    return [(comment.place, comment.text) for comment in thread.comments]


def made(library: Library, post_id: str) -> tuple[object, ...]:
    """Everything that the reader made, and the thread that is shown."""
    store = library.annotations
    return (
        store.marks(post_id),
        store.tags(post_id),
        store.known_read(post_id),
        store.mendings(post_id),
        library.index.thread(post_id),
        library.index.news(post_id),
    )


def highlight(library: Library, post_id: str, comment_id: str, words: str) -> None:
    library.annotations.highlight(
        post_id, comment_id, library.passage(post_id, comment_id, words)[0], "yellow"
    )


def states(library: Library, post_id: str) -> dict[str, tuple[str, str | None]]:
    """The words of each mark -> its state, and the place where it stands."""
    places = {own: place for place, own in ids(library, post_id).items()}
    return {
        f"{one.mark.kind} {one.mark.text or one.mark.quote.exact[:20]}": (
            one.state,
            places.get(one.comment_id or ""),
        )
        for one in library.states(library.annotations.marks(post_id))
    }


def test_marks_go_with_their_words_when_a_comment_is_split_and_come_back(
    library: Library, post_id: str
) -> None:
    store, on = library.annotations, ids(library, post_id)["1.1"]
    highlight(library, post_id, on, "twice")
    highlight(library, post_id, on, "not run at all")
    store.note(post_id, on, "on all of it", library.quote(post_id, on))
    store.set_read(post_id, [on], read=True)
    before = made(library, post_id)
    told = mending.split(library, post_id, on, SECOND.index("It did not"))
    assert told == "1.1 Anonymous split before “It did not run at all on Sunday.”"
    assert texts(library.index.thread(post_id))[1:3] == [
        ("1.1", "We saw it from the mill, twice. And the ferry ran?"),
        ("1.2", "It did not run at all on Sunday."),
    ]
    assert states(library, post_id) == {
        "highlight twice": ("exact", "1.1"),
        "highlight not run at all": ("exact", "1.2"),
        "note on all of it": ("exact", "1.1"),
    }
    assert store.read(post_id) == {ids(library, post_id)[place] for place in ("1.1", "1.2")}
    assert not library.check()[0]
    split = made(library, post_id)
    assert [step.told for step in store.history()][:1] == [told]
    undone = library.undo()
    assert undone and undone.told == f"{told}: taken back"
    assert made(library, post_id) == before
    library.redo()
    assert made(library, post_id) == split
    assert mending.take_off(library, post_id, ids(library, post_id)["1.2"]) == (
        "mending of 1.2 Anonymous taken off"
    )
    assert states(library, post_id) == {
        "highlight twice": ("exact", "1.1"),
        "highlight not run at all": ("exact", "1.1"),
        "note on all of it": ("exact", "1.1"),
    }
    assert texts(library.index.thread(post_id)) == texts(before[4])  # type: ignore[arg-type]


def test_marks_of_what_is_joined_stand_on_their_words_in_it_and_come_back(
    library: Library, post_id: str
) -> None:
    store, on, joined = library.annotations, *(ids(library, post_id)[place] for place in ("1.1", "1.2"))
    highlight(library, post_id, joined, "never runs")
    store.note(post_id, joined, "on the second", library.quote(post_id, joined))
    store.bookmark(post_id, on, library.quote(post_id, on))
    store.bookmark(post_id, joined, library.quote(post_id, joined))
    store.tag(post_id, on, ["mill"])
    store.tag(post_id, joined, ["mill", "ferry"])
    store.set_read(post_id, [on], read=True)
    before = made(library, post_id)
    assert mending.join(library, post_id, on) == "1.1 Anonymous joined with 1.2 Anonymous"
    assert set(states(library, post_id).values()) == {("exact", "1.1")}
    assert len(states(library, post_id)) == 3, "one bookmark"
    assert store.tags(post_id) == {on: ("ferry", "mill")}
    assert store.read(post_id) == set(), "a part of it was not read"
    mending.take_off(library, post_id, on)
    kinds = sorted((mark.kind, mark.comment_id, mark.quote.exact) for mark in store.marks(post_id))
    assert kinds == sorted((mark.kind, mark.comment_id, mark.quote.exact) for mark in before[0])  # type: ignore[attr-defined]
    assert store.tags(post_id) == before[1]
    assert {state for state, _ in states(library, post_id).values()} == {"exact"}
    library.undo()
    library.undo()
    assert made(library, post_id) == before


def test_what_answers_elsewhere_by_hand_is_no_reason_to_doubt_a_mark(library: Library, post_id: str) -> None:
    on = ids(library, post_id)
    highlight(library, post_id, on["1.2"], "never runs")
    for mark in library.annotations.marks(post_id):  # as it is noted before a newer copy comes
        copy = anchoring.completed(mark, library.index.thread(post_id))
        assert copy
        library.annotations.keep_copies({mark.id: copy})
    mending.re_hang(library, post_id, on["1.2"], on["2"])
    assert states(library, post_id) == {"highlight never runs": ("exact", "2.1")}
    with pytest.raises(MendingRefused, match="stands there already"):
        mending.re_hang(library, post_id, on["1.2"], on["2"])
    with pytest.raises(MendingRefused, match="under itself"):
        mending.re_hang(library, post_id, on["2"], on["1.2"])


def mend_all(library: Library, post_id: str) -> None:
    on = ids(library, post_id)
    mending.split(library, post_id, on["1.1"], SECOND.index("It did not"))
    mending.re_hang(library, post_id, on["1.2"], ids(library, post_id)["1.2"])


def test_a_newer_copy_is_mended_alike_and_a_rebuilt_index_is_the_same(
    library: Library, post_id: str, write_thread: WriteThread
) -> None:
    mend_all(library, post_id)
    on = ids(library, post_id)
    highlight(library, post_id, on["1.2"], "not run at all")
    highlight(library, post_id, on["1.2.1"], "never runs")
    edited = SECOND.replace("from the mill", "from the old mill").replace("on Sunday", "that Sunday")
    library.add(write_thread("fog.txt", "A new one, quite unlike.", (FIRST, edited, THIRD), LAST))
    thread = library.index.thread(post_id)
    assert texts(thread)[2:5] == [
        ("2.1", "We saw it from the old mill, twice. And the ferry ran?"),
        ("2.2", "It did not run at all that Sunday."),
        ("2.2.1", THIRD),
    ]
    assert set(states(library, post_id).values()) == {("exact", "2.2"), ("exact", "2.2.1")}
    assert library.index.news(post_id) == {
        thread.comments[0].id: "new",
        thread.comments[2].id: "changed",
        thread.comments[3].id: "changed",
    }
    news = library.index.news(post_id)
    on = ids(library, post_id)
    mending.re_hang(library, post_id, on["3"], on["1"])  # what the copy brought is told as before
    assert library.index.news(post_id) == news
    before = made(library, post_id)
    assert not library.check()[0]
    with Library.open(library.folder, anew=True) as again:
        assert made(again, post_id) == before
        assert again.earlier(post_id) is not None
        assert [one.reason for one in mending.all_mendings(again)] == ["", "", ""]


def test_copies_are_compared_as_they_came_so_that_what_is_joined_keeps_its_id(
    library: Library, post_id: str, write_thread: WriteThread
) -> None:
    mending.join(library, post_id, ids(library, post_id)["1.1"])
    edited = THIRD.replace("never runs on", "hardly ever runs on")
    library.add(write_thread("fog.txt", (FIRST, SECOND, edited), LAST))
    assert texts(library.index.thread(post_id))[1] == ("1.1", f"{SECOND}\n\n{edited}")


def test_a_document_that_splits_a_comment_itself_is_never_matched_with_a_part_by_chance(
    library: Library, post_id: str, write_thread: WriteThread
) -> None:
    mending.split(library, post_id, ids(library, post_id)["1.1"], SECOND.index("It did not"))
    highlight(library, post_id, ids(library, post_id)["1.2"], "not run at all")
    first, second = (text for place, text in texts(library.index.thread(post_id)) if place in ("1.1", "1.2"))
    library.add(write_thread("fog.txt", (FIRST, first, second, THIRD), LAST))
    assert len(library.index.thread(post_id).comments) == 5
    assert [one.reason for one in mending.all_mendings(library)] == [
        "nothing stands before the place where it was split, or behind it"
    ]
    assert states(library, post_id) == {"highlight not run at all": ("ask", None)}


def test_a_copy_from_elsewhere_under_another_title_is_known_by_the_comments_as_they_came(
    library: Library, post_id: str, write_thread: WriteThread
) -> None:
    mend_all(library, post_id)
    mending.split(library, post_id, ids(library, post_id)["1"], FIRST.index("Nobody"))
    added = library.add(
        write_thread("else.txt", (FIRST, SECOND, THIRD), LAST, title="Mist", date="Monday, 5 July 2021")
    )
    assert [thread.post.id for thread in added.threads] == [post_id]
    assert not any(one.reason for one in mending.all_mendings(library))


def test_a_mending_that_a_newer_copy_leaves_no_place_for_is_kept_and_told(
    library: Library, post_id: str, write_thread: WriteThread
) -> None:
    mend_all(library, post_id)
    newer = write_thread("fog.txt", (FIRST, "We saw it from the mill, twice. And the ferry?", THIRD), LAST)
    library.add(newer)
    reasons = [one.reason for one in mending.all_mendings(library)]
    assert reasons == [
        "the place where it was split can't be told any more",
        "what it was hung under is not in the thread any more",
    ]
    library.add(write_thread("fog.txt", (FIRST, SECOND, THIRD), LAST))
    assert [one.reason for one in mending.all_mendings(library)] == ["", ""]
    assert [place for place, _ in texts(library.index.thread(post_id))] == ["1", "1.1", "1.2", "1.2.1", "2"]


def test_a_clock_that_goes_back_puts_no_mending_before_what_it_was_made_on(
    library: Library, post_id: str
) -> None:
    mending.split(library, post_id, ids(library, post_id)["1.1"], SECOND.index("It did not"))
    library.annotations._now = lambda: dt.datetime(1999, 1, 1, tzinfo=dt.UTC)
    mending.re_hang(library, post_id, ids(library, post_id)["1.2"], ids(library, post_id)["2"])
    assert [one.reason for one in mending.all_mendings(library)] == ["", ""]


def test_taking_a_mending_off_tells_what_can_t_be_followed_without_it(library: Library, post_id: str) -> None:
    mend_all(library, post_id)
    told = mending.take_off(library, post_id, ids(library, post_id)["1.1"])
    assert told == "mending of 1.1 Anonymous taken off; 1 more can't be followed without"
    assert [one.reason for one in mending.all_mendings(library)] == [
        "what it was hung under is not in the thread any more"
    ]
    library.undo()
    assert [one.reason for one in mending.all_mendings(library)] == ["", ""]


def test_what_another_program_mended_is_shown_once_the_library_settles(
    library: Library, post_id: str
) -> None:
    with library.clone() as other:
        mend_all(other, post_id)
        thread = other.index.thread(post_id)
        other.annotations.undo()  # by a program that knows no index
        assert library.settle() == [post_id]
        assert [place for place, _ in texts(library.index.thread(post_id))] == ["1", "1.1", "1.2", "1.3", "2"]
        other.annotations.redo()
    with Library.open(library.folder) as again:
        assert again.index.thread(post_id) == thread
        assert again.settle() == []


def test_two_machines_mendings_leave_the_same_thread_in_either_order(
    library: Library, post_id: str, tmp_path: Path
) -> None:
    on, there = ids(library, post_id), tmp_path / "there"
    shutil.copytree(library.folder, there)
    with Library.open(there) as other:
        mending.re_hang(library, post_id, on["1"], on["2"])
        mending.split(library, post_id, on["1.1"], SECOND.index("It did not"))
        mending.re_hang(other, post_id, on["2"], on["1"])  # together they would hang in the air
        mending.join(other, post_id, on["1.1"])
        mine, theirs = library.folder / "annotations.jsonl", there / "annotations.jsonl"
        kept = tmp_path / "kept.jsonl"
        shutil.copyfile(mine, kept)
        library.annotations.merge(theirs)
        other.annotations.merge(kept)
        library.settle(), other.settle()
        assert library.index.thread(post_id) == other.index.thread(post_id)
        assert library.annotations.mendings() == other.annotations.mendings()
        unapplied = [one for one in mending.all_mendings(library) if one.reason]
        assert [one.reason for one in unapplied] == ["it would stand under itself"]
        assert not library.check()[0] and not other.check()[0]
        told = library.undo()
        assert told and told.told.startswith("merged with")
        assert len(library.annotations.mendings()) == 2


@pytest.mark.parametrize("seed", range(4))
def test_marks_stay_on_their_words_whatever_is_mended_and_undoing_it_all_leaves_no_trace(
    library: Library, write_thread: WriteThread, seed: int
) -> None:
    random = Random(seed)
    nouns = "fog river bank heron ferry mill bell lantern rope miller weir otter reed".split()

    def said(number: int) -> str:
        some = [" ".join(random.sample(nouns, 5)).capitalize() + "." for _ in range(random.randint(1, 4))]
        return f"{number}th of all. " + " ".join(some)

    spoken = [tuple(said(10 * n + m) for m in range(random.randint(1, 4))) for n in range(4)]
    post_id = library.add(write_thread("fog.txt", *spoken)).threads[0].post.id
    store = library.annotations
    for comment in library.index.thread(post_id).comments:
        start, end = random.choice(sentences(comment.text))
        quote = anchoring.quote_of(comment.text, start, start + len(comment.text[start:end].rstrip()))
        store.highlight(post_id, comment.id, quote, "yellow")
        store.note(post_id, comment.id, f"on {comment.text[:8]}", library.quote(post_id, comment.id))
        store.bookmark(post_id, comment.id, library.quote(post_id, comment.id))
        store.tag(post_id, comment.id, [random.choice(nouns)])
    store.set_read(post_id, random.sample(sorted(library.index.thread(post_id).positions), 5), read=True)
    before, steps = made(library, post_id), 0
    highlighted = {mark.id: mark.quote.exact for mark in store.marks(post_id) if mark.kind == "highlight"}
    for _ in range(8):
        comments = library.index.thread(post_id).comments
        one = random.choice(comments)
        try:
            match random.choice(("re-hang", "split", "join", "off")):
                case "re-hang":
                    parents = [None, *(comment.id for comment in comments)]
                    mending.re_hang(library, post_id, one.id, random.choice(parents))
                case "split":
                    mending.split(library, post_id, one.id, random.choice(sentences(one.text))[0])
                case "join":
                    mending.join(library, post_id, one.id)
                case "off":
                    mending.take_off(library, post_id, one.id)
        except MendingRefused:
            continue
        steps += 1
        for anchored in library.states(store.marks(post_id)):
            if anchored.mark.id in highlighted:
                assert anchored.state == "exact"
                text = library._text(post_id, anchored.comment_id)
                assert anchored.span and text[slice(*anchored.span)] == highlighted[anchored.mark.id]
    assert steps > 2
    after = made(library, post_id)
    with Library.open(library.folder, anew=True) as again:
        assert made(again, post_id) == after
    for _ in range(steps):
        library.undo()
    assert made(library, post_id) == before


def test_the_command_line_mends_lists_tells_and_takes_back(
    library: Library, post_id: str, write_thread: WriteThread, capsys: pytest.CaptureFixture[str]
) -> None:
    library.close()

    def said(*arguments: str, status: int = 0) -> str:
        assert run(["--library", str(library.folder), *arguments]) == status
        told = capsys.readouterr()
        return told.out if status == 0 else told.err

    assert said("mend", "1/1.1", "--split", "It did not run") == (
        "1.1 Anonymous split before “It did not run at all on Sunday.”\n"
    )
    assert said("mend", "1/1.3", "--under", "1/1.2") == "1.3 Anonymous hung under 1.2 Anonymous\n"
    assert said("mend", "1/2", "--under", "1/1") == "2 Anonymous hung under 1 Anonymous\n"
    shown = said("show", "1")
    assert "1.1 · Anonymous · split: the rest is 1.2" in shown
    assert "1.2.1 · Anonymous · re-hung: was a reply to 1\n" in shown
    comments = json.loads(said("show", "1", "--json"))["comments"]
    assert [one["mended"] for one in comments if one["place"] == "1.3"] == [
        "re-hung: was a comment on the post"
    ]
    assert len(json.loads(said("search", "is:mended", "--json"))) == 4
    assert "it would stand under itself" in said("mend", "1/1", "--under", "1/1.1", status=1)
    assert "times. Give more of them." in said("mend", "1/1", "--split", "s", status=1)
    assert "Give COMMENT and one of" in said("mend", "1/1", status=2)
    listed = said("mend", "--list").splitlines()
    assert len(listed) == 3 and listed[1].endswith("hung elsewhere, in “Fog on the river”")
    assert "split: the rest is 1.2" in said("export", "1")
    said("highlight", "1/1.2", "--quote", "not run at all")
    assert "mended by hand (split off from 1.1)" in said("export", "1", "--marks")
    assert '"urn:threadreader:mended": "split off from 1.1"' in said("export", "1", "--format", "jsonld")
    said("undo")
    everything = json.loads(said("export", "1", "--format", "json"))["posts"][0]
    assert [one["kind"] for one in everything["mendings"]] == ["split", "re-hang", "re-hang"]
    assert '<span class="mended">split: the rest is 1.2</span>' in said("export", "1", "--format", "html")
    assert said("undo") == "2 Anonymous hung under 1 Anonymous: taken back, in “Fog on the river”\n"
    assert said("redo") == "2 Anonymous hung under 1 Anonymous: done again, in “Fog on the river”\n"
    assert (
        said("history").splitlines()[1].endswith("2 Anonymous hung under 1 Anonymous, in “Fog on the river”")
    )
    said("add", str(write_thread("fog.txt", (FIRST, "All new.", THIRD), LAST)))
    checked = said("check")
    assert "not followed: " in checked and "All is well." in checked
    told = json.loads(said("mend", "--list", "--json"))
    assert [bool(one["reason"]) for one in told] == [True, True, False]
    gone = told[0]["comment_id"]
    assert said("mend", gone, "--off").startswith("mending of ")
