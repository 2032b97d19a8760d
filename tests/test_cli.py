"""The command line, as scripts and people call it."""

import csv
import datetime as dt
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import WriteThread

from threadreader import __version__, cli
from threadreader.cli import COMMANDS, opening
from threadreader.library import Library
from threadreader.model import SavedSearch

FERRY = "The ferry did not run at all, and nobody told the people on the quay."
BELL = "They rang the old bell instead, which I had not heard since I was nine."
GULLS = "The gulls walked. I have never seen so many gulls on foot."


class Outcome(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def records(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def run(library: Library, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line on the library."""

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            status = cli.run(["--library", str(library.folder), *map(str, arguments)])
        except SystemExit as left:
            status = int(left.code or 0)
        return Outcome(status, *capsys.readouterr())

    return run


@pytest.fixture
def filled(run: Run, write_thread: WriteThread) -> Run:
    """`run`, on a library with two posts: fog, and then rain."""
    fog = write_thread("fog.txt", (FERRY, BELL), GULLS)
    run("add", fog, write_thread("rain.txt", "It rained.", title="Rain", date="Thursday, 8 April 2021"))
    return run


def is_utc(moment: str) -> bool:
    return moment.endswith("Z") and dt.datetime.fromisoformat(moment).utcoffset() == dt.timedelta(0)


class TestRecords:
    def test_posts(self, filled: Run, tmp_path: Path) -> None:
        filled("bookmark", "1/2")
        filled("note", "1/1", "Ask Aunt Ivy.")
        fog, rain = filled("posts", "--json").records
        assert fog == {
            "id": fog["id"],
            "place": "1",
            "title": "Fog on the river",
            "title_derived": False,
            "date": "2021-04-07",
            "author": None,
            "url": None,
            "source": str(tmp_path / "fog.txt"),
            "source_gone": False,
            "layout": "outline",
            "encoding": "utf-8",
            "comments": 3,
            "declared_comments": 3,
            "warnings": 0,
            "unread": 3,
            "bookmarks": 1,
            "notes": 1,
            "highlights": 0,
            "tags": [],
        }
        assert (rain["title"], rain["place"]) == ("Rain", "2")

    def test_show(self, filled: Run) -> None:
        filled("bookmark", "1/2")
        filled("note", "1/1.1", "Which bell?\nAsk Aunt Ivy.")
        filled("note", "1", "Read again in autumn.")
        shown = filled("show", "1", "--json").records
        post, comments = shown["post"], shown["comments"]
        (listed, _) = filled("posts", "--json").records
        lists = {"warnings", "bookmarks", "notes", "highlights"}
        assert {key: post[key] for key in listed if key not in lists} == {
            key: value for key, value in listed.items() if key not in lists
        }
        assert post["body"] == "It lay there all day."
        assert [note["text"] for note in post["notes"]] == ["Read again in autumn."]
        assert (post["bookmarks"], post["warnings"]) == ([comments[2]["id"]], [])
        assert [(one["place"], one["depth"], one["text"], one["bookmarked"]) for one in comments] == [
            ("1", 0, FERRY, False),
            ("1.1", 1, BELL, False),
            ("2", 0, GULLS, True),
        ]
        assert comments[1]["parent_id"] == comments[0]["id"]
        (note,) = comments[1].pop("notes")
        assert note.keys() == {"id", "text", "note_kind", "created", "state", "reason"}
        assert is_utc(note["created"])
        absent = dict.fromkeys(("author", "signed", "created", "permalink"))
        assert comments[1].items() >= absent.items()
        assert comments[1]["warnings"] == []

    def test_warnings_are_counted_in_posts_and_listed_in_show_and_add(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "bare.txt"
        path.write_text("The body of it.\nA reply to nobody.\nDelete\nA comment.\nReplyDelete\n")
        (added,) = run("add", path, "--json").records
        assert [(one["place"], one["code"]) for one in added["warnings"]][:2] == [
            (None, "title-derived"),
            (None, "no-date"),
        ]
        assert added["warnings"][2]["place"] == "1"
        (post,) = run("posts", "--json").records
        assert post["warnings"] == len(added["warnings"])
        shown = run("show", "1", "--json").records
        doubts = [*shown["post"]["warnings"], *shown["comments"][0]["warnings"]]
        assert [doubt.keys() for doubt in doubts] == [{"code", "message"}] * post["warnings"]

    def test_search(self, filled: Run) -> None:
        hits = filled("search", "ferry", "quay", "--json").records
        assert hits[0]["matched"] == ["ferry", "quay"]
        assert hits[0]["snippet"] in FERRY
        assert hits[0]["comment_id"] == filled("show", "1", "--json").records["comments"][0]["id"]
        assert filled("search", "rain", "--json").records[0]["comment_id"] is None
        assert len(filled("search", "the", "--limit", "1", "--json").records) == 1
        assert filled("search", "zymurgy", "--json").records == []

    def test_a_saved_search(self, filled: Run) -> None:
        asked = filled("search", "ferry", "quay", "--save", "The  ferry", "--json")
        assert filled("search", "--saved", "the ferry", "--json").records == asked.records
        assert len(asked.records) == 1
        outcome = filled("search", "--saved", "bell")
        assert (outcome.status, outcome.out) == (1, "")
        assert "bell: no such saved search; there are “The ferry”." in outcome.err

    def test_a_saved_search_of_notes(self, filled: Run, library: Library) -> None:
        filled("note", "1/2", "A ferry on foot?")
        library.annotations.save_search(SavedSearch("mine", "ferry", "my notes"))
        hits = filled("search", "--saved", "mine", "--json").records
        assert [hit["where"] for hit in hits] == ["note"]

    def test_search_with_exact_finds_whole_words_only(self, filled: Run) -> None:
        assert filled("search", "ferr", "--json").records
        assert filled("search", "ferr", "--exact", "--json").records == []

    def test_search_points_at_a_mistake_in_the_query(self, filled: Run) -> None:
        outcome = filled("search", "ferry", "is:red", "quay")
        assert (outcome.status, outcome.out) == (2, "")
        assert outcome.err == (
            "Expected unread, read, bookmarked, noted, mended, question, claim, quote or op after is:.\n"
            "    ferry is:red quay\n"
            "          ^^^^^^\n"
        )

    def test_marks(self, filled: Run, write_thread: WriteThread) -> None:
        filled("bookmark", "1/2")
        filled("note", "1/1", "Why?")
        filled("bookmark", "1/1.1")
        filled("add", write_thread("fog.txt", (FERRY + " Or so.", BELL)))
        marks = filled("marks", "--json").records
        told = [(mark["kind"], mark["text"], mark["quote"], mark["state"]) for mark in marks]
        assert told == [
            ("bookmark", "", GULLS, "orphan"),
            ("note", "Why?", FERRY, "changed"),
            ("bookmark", "", BELL, "exact"),
        ]
        assert all(is_utc(mark[moment]) for mark in marks for moment in ("created", "updated"))
        assert {mark["post_id"] for mark in marks} == {filled("posts", "--json").records[0]["id"]}
        checked = filled("check", "--json")
        assert (checked.status, checked.records["ok"], checked.records["problems"]) == (0, True, [])
        assert [orphan["quote"] for orphan in checked.records["orphans"]] == [GULLS]
        shown = filled("show", "1", "--json").records
        assert [(lost["quote"], lost["state"]) for lost in shown["lost"]] == [(GULLS, "orphan")]
        assert shown["comments"][0]["notes"][0]["state"] == "changed"

    def test_add_tells_each_outcome_and_goes_on_after_a_failure(
        self, run: Run, write_thread: WriteThread, tmp_path: Path
    ) -> None:
        fog, bad = write_thread("fog.txt", FERRY), tmp_path / "bad.txt"
        bad.write_text("No thread.\n")
        rain = write_thread("rain.txt", BELL, title="Rain")
        outcome = run("add", fog, bad, rain, fog, "--json")
        assert outcome.status == 1
        assert [record["status"] for record in outcome.records] == ["added", "failed", "added", "unchanged"]
        assert [record["comments"] for record in outcome.records] == [1, 0, 1, 1]
        failed = outcome.records[1]
        assert failed["path"] == str(bad)
        assert outcome.err == failed["error"] + "\n"
        assert "error" not in outcome.records[0]
        write_thread("fog.txt", FERRY, GULLS)
        (updated,) = run("add", fog, "--json").records
        assert (updated["status"], updated["comments"]) == ("updated", 2)

    def test_a_character_that_a_terminal_obeys_is_escaped(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "odd\x9b31m\u202e\x1b[0m.txt"
        outcome = run("add", path, "--json")
        assert not set("\x9b\u202e\x1b") & set(outcome.out + outcome.err)
        assert outcome.records[0]["path"] == str(path)

    def test_problems_make_check_fail(self, filled: Run, library: Library) -> None:
        next(library.sources.folder.glob("*.txt")).unlink()
        outcome = filled("check", "--json")
        assert (outcome.status, outcome.records["ok"]) == (1, False)
        assert [problem.keys() for problem in outcome.records["problems"]] == [{"code", "where", "message"}]
        assert outcome.err.count("\n") == 1


class TestLines:
    def test_posts_are_numbered_as_commands_name_them(self, filled: Run) -> None:
        filled("bookmark", "2/1")
        assert filled("posts").out.splitlines() == [
            "1  2021-04-07    3 comments  Fog on the river",
            "2  2021-04-08     1 comment  Rain  [1 bookmark]",
        ]

    def test_a_thread_is_indented_with_its_notes(self, filled: Run) -> None:
        filled("note", "1/1.1", "Ask Aunt Ivy.")
        shown = filled("show", "1").out
        assert f"\n1 · Anonymous\n  {FERRY}\n\n  1.1 · Anonymous\n    {BELL}\n" in shown
        assert "    * note: Ask Aunt Ivy.\n" in shown

    def test_hits_name_their_place(self, filled: Run) -> None:
        assert filled("search", "gulls").out.startswith("1/2  Fog on the river\n    The gulls walked.")

    def test_marks_say_where_they_are_and_what_became_of_their_words(
        self, filled: Run, write_thread: WriteThread
    ) -> None:
        filled("note", "1/2", "On foot!")
        assert "  note  1/2\n    On foot!\n" in filled("marks").out
        filled("add", write_thread("fog.txt", (FERRY, BELL)))
        assert "[orphan: the comment is not in the thread any more]" in filled("marks").out
        lost = f"* note on “{GULLS}”: On foot!  [orphan: the comment is not in the thread any more]\n"
        assert lost in filled("show", "1").out

    def test_marks_are_asked_for_in_the_language_of_the_browser(
        self, filled: Run, write_thread: WriteThread
    ) -> None:
        filled("note", "1/2", "On foot!")
        filled("note", "1/1", "Who was told?")
        filled("tag", "1/1.1", "bells")
        filled("tag", "1/2", "gulls")
        assert filled("marks", "--json", "gulsl").records[0]["text"] == "On foot!"
        assert [one["kind"] for one in filled("marks", "--json").records] == ["note", "note"]
        [tagged] = filled("marks", "tag:bells", "--json").records
        assert (tagged["kind"], tagged["quote"], tagged["tags"]) == ("tag", BELL, ["bells"])
        assert "1/1.1  #bells" in filled("marks", "kind:tag").out
        wrong = filled("marks", "kind:nothing")
        assert wrong.status == 2 and wrong.err.splitlines()[0].startswith("Expected bookmark, note, ")
        filled("detach", filled("marks", "--json", "told").records[0]["id"])
        [detached] = filled("marks", "state:lost", "--json").records
        assert (detached["state"], detached["reason"]) == ("orphan", "detached by hand")
        assert (detached["text"], detached["copy"]) == ("Who was told?", FERRY)
        assert "  note  1  [orphan: detached by hand]\n" in filled("marks", "state:lost").out
        assert filled("undo").out == "note “Who was told?” attached again, in “Fog on the river”\n"
        assert filled("marks", "state:lost").out == ""
        filled("add", write_thread("fog.txt", FERRY, GULLS))
        assert [one["tags"] for one in filled("check", "--json").records["lost_tags"]] == [["bells"]]
        assert "orphan: the comment is not in the thread any more]  #bells" in filled("marks").out

    def test_add_shows_the_doubts(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "bare.txt").write_text("The body of it.\nA comment.\nReplyDelete\n")
        outcome = run("add", tmp_path / "bare.txt")
        assert outcome.out.startswith("added ")
        assert "The document has no date." in outcome.out

    def test_check_says_that_all_is_well(self, filled: Run) -> None:
        assert filled("check") == (0, "All is well.\n", "")


class TestMarking:
    def test_people_are_labelled_dimmed_and_listed(self, run: Run, write_thread: WriteThread) -> None:
        run("add", write_thread("fog.txt", "Here.\n\n    Olav", ("There.\n\n      Olav", "Nowhere.")))
        assert run("people").out.startswith("Nobody has a label.")
        assert run("people", "--label", "Olaf", "x").err.startswith("Olaf: nobody here writes or signs so.")
        assert run("people", "--label", "olav", "the ferryman").out == "Olav  “the ferryman”\n"
        assert run("people", "--dim", "OLAV").out == "Olav  “the ferryman”  dimmed\n"
        olav = {"name": "Olav", "label": "the ferryman", "dimmed": True}
        assert run("people", "--json").records == [olav]
        assert run("search", "author:ferryman", "--json").records[0]["place"] == "1"
        shown = run("show", "1").out
        assert "1 · signed Olav · my label: the ferryman · dimmed\n" in shown and "There." in shown
        assert (
            "Comment 1 signed Olav, whom you call the ferryman, dimmed, on"
            in run("--linear", "show", "1").out
        )
        assert "**1** · signed Olav *(my label: the ferryman)* <a id=" in run("export", "1").out
        page = run("export", "1", "--format", "html").out
        assert page.count('class="c dimmed"') == 2 and page.count("my label: the ferryman") == 2
        exported = json.loads(run("export", "1", "--format", "json").out)["posts"][0]["comments"]
        assert [(one["label"], one["dimmed"]) for one in exported] == [
            ("the ferryman", True),
            ("the ferryman", True),
            ("", False),
        ]
        assert run("undo").out.startswith("Olav dimmed no more")
        assert run("people", "--undim", "Olav", "--label", "Olav", "").out.startswith("Nobody has a label.")

    def test_a_bookmark_is_set_once_and_taken_off(self, filled: Run, library: Library) -> None:
        assert filled("bookmark", "1/2").out == filled("bookmark", "1/2").out
        assert [mark.kind for mark in library.annotations.marks()] == ["bookmark"]
        assert filled("bookmark", "1/2", "--remove").status == 0
        assert library.annotations.marks() == []
        assert filled("bookmark", "1/2", "--remove") == (1, "", "1/2: there is no bookmark on it.\n")

    def test_a_note_comes_from_the_arguments_or_from_standard_input(
        self, filled: Run, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filled("note", "1/1", "Short.")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Long.\n\nÜber it.\n".encode())))
        filled("note", "1/1", "-")
        assert [mark.text for mark in library.annotations.marks()] == ["Short.", "Long.\n\nÜber it."]

    def test_words_are_highlighted_noted_and_tagged(self, filled: Run, library: Library) -> None:
        quoted = "old   bell\ninstead"  # white space is as it comes
        how = "--note", "Which?", "--kind", "question", "--tag", "bells"
        made = filled("highlight", "1/1.1", "--quote", quoted, *how)
        assert made.out.endswith("  highlighted in 1/1.1\n")
        [mark] = library.annotations.marks()
        assert (mark.quote.exact, mark.quote.prefix, mark.colour, mark.text) == (
            "old bell instead",
            "They rang the ",
            "yellow",
            "Which?",
        )
        filled("highlight", "1/1.1", "--quote", "nine", "--colour", "red")
        filled("highlight", "1", "--quote", "all day")
        told = [
            (one["kind"], one["note_kind"], one["quote"], one["colour"], one["state"])
            for one in filled("marks", "--json").records
        ]
        assert told == [
            ("highlight", "question", "old bell instead", "yellow", "exact"),
            ("highlight", None, "nine", "red", "exact"),
            ("highlight", None, "all day", "yellow", "exact"),
        ]
        assert filled("note", "1/2", "On foot!", "--kind", "claim").out.endswith("  claim to check on 1/2\n")
        assert [hit["place"] for hit in filled("search", "is:claim", "--json").records] == ["2"]
        assert (
            "  highlight (yellow) (question)  1/1.1\n    Which?\n    “old bell instead”\n"
            in filled("marks").out
        )
        shown = filled("show", "1").out
        assert (
            "1.1 · Anonymous #bells" in shown
            and "* highlighted: “old bell instead”, question: Which?" in shown
        )
        one = filled("show", "1", "--json").records["comments"][1]
        assert (one["tags"], [mark["quote"] for mark in one["highlights"]]) == (
            ["bells"],
            ["old bell instead", "nine"],
        )
        assert filled("posts", "--json").records[0]["highlights"] == 3
        assert "The ==old bell instead==".lower() in filled("export", "1", "--marked").out.lower()

    def test_words_that_do_not_stand_there_are_not_highlighted(self, filled: Run, library: Library) -> None:
        status, out, err = filled("highlight", "1/2", "--quote", "the bell")
        assert (status, out, library.annotations.marks()) == (1, "", [])
        assert err == "“the bell”: these words don't stand there. Copy them from the text.\n"

    def test_tags_are_put_on_and_taken_off(self, filled: Run) -> None:
        assert filled("tag", "1/2", "Gulls", "on foot").out == "1/2  #Gulls #on-foot\n"
        assert filled("tag", "1", "river").out == "1  #river\n"
        assert "#river" in filled("posts").out
        assert filled("tag", "1/2", "gulls", "--remove").out == "1/2  #on-foot\n"
        assert filled("tag", "1/2", "gulls", "--remove") == (1, "", "1/2: there is no such tag on it.\n")
        assert filled("tags", "--rename", "on-foot", "River").out == "#river  on 2\n"
        assert filled("tags", "--rename", "foot", "x") == (
            1,
            "",
            "#foot: no such tag; `threadreader tags` lists them.\n",
        )
        assert filled("undo").out
        assert json.loads(filled("tags", "--json").out) == [
            {"tag": "on-foot", "count": 1},
            {"tag": "river", "count": 1},
        ]
        assert filled("tag", "1/2", "on-foot", "--remove").out == "1/2  no tags\n"
        assert 'tags: ["river"]' in filled("export", "1").out
        assert filled("tag", "1", "river", "--remove").out == "1  no tags\n"
        assert filled("tags").out.startswith("No tags yet.")

    def test_a_note_without_words_is_refused(self, filled: Run, library: Library) -> None:
        assert filled("note", "1/1", " ") == (1, "", "A note needs words.\n")
        assert library.annotations.marks() == []

    def test_words_that_are_no_text_are_kept_as_far_as_they_are(self, filled: Run, library: Library) -> None:
        assert filled("note", "1/1", "caf\udce9").status == 0
        assert [mark.text for mark in library.annotations.marks()] == ["caf?"]

    def test_a_post_is_renamed_and_gets_its_title_back(self, filled: Run) -> None:
        assert filled("rename", "1", "Gulls").out == "Gulls\n"
        assert filled("posts", "--json").records[0]["title"] == "Gulls"
        assert filled("rename", "1", "").out == "Fog on the river\n"

    def test_words_that_stand_there_often_are_counted(self, filled: Run, library: Library) -> None:
        first = filled("highlight", "1/2", "--quote", "gulls")
        assert (
            first.err == "These words stand there 2 times; the first was taken. --nth 2 takes the second.\n"
        )
        assert filled("highlight", "1/2", "--quote", "gulls", "--nth", "2").err == ""
        starts = [mark.quote.copy.start for mark in library.annotations.marks() if mark.quote.copy]
        assert starts == [GULLS.index("gulls"), GULLS.rindex("gulls")]
        third = filled("highlight", "1/2", "--quote", "gulls", "--nth", "3")
        assert (third.status, third.err) == (1, "“gulls”: these words stand there 2 times, not 3.\n")

    def test_words_that_nearly_stand_there_are_told(self, filled: Run) -> None:
        near = filled("highlight", "1/1", "--quote", "nobody had told the people on the key")
        assert near.status == 1
        assert "Nearly the same is there: “nobody told the people on the quay.”" in near.err

    def test_a_mark_that_lost_its_comment_is_listed_with_its_text_and_attached(
        self, filled: Run, write_thread: WriteThread
    ) -> None:
        mark_id = filled("highlight", "1/2", "--quote", "The gulls walked.", "--note", "On foot!").out[:16]
        filled("add", write_thread("fog.txt", (FERRY, BELL)))
        (lost,) = filled("marks", "--json", "--state", "orphan").records
        assert (lost["comment_id"], lost["quote"], lost["copy"]) == (None, "The gulls walked.", GULLS)
        assert lost["made_on"] and lost["reason"] == "the comment is not in the thread any more"
        assert filled("marks", "--state", "exact", "--state", "changed").out == ""
        told = filled("attach", mark_id[:8], "1/1.1")
        assert told.out.startswith(
            f"{mark_id}  highlight attached to 1/1.1 (its words are not in the comment"
        )
        (there,) = filled("marks", "--json").records
        assert (there["state"], there["quote"]) == ("changed", "The gulls walked.")
        assert filled("attach", "nothing", "1/1").status == 1

    def test_a_mark_that_could_be_on_several_is_asked_about(
        self, run: Run, write_thread: WriteThread
    ) -> None:
        run("add", write_thread("fog.txt", FERRY, BELL, BELL, GULLS))
        run("bookmark", "1/2")
        run("add", write_thread("fog.txt", FERRY, BELL, GULLS))
        (asked,) = run("marks", "--json", "--state", "ask").records
        assert (asked["comment_id"], len(asked["candidates"])) == (None, 1)
        assert "could be 1/2: `threadreader attach " in run("marks").out


class TestExport:
    def test_one_post_goes_to_standard_output(self, filled: Run) -> None:
        outcome = filled("export", "1")
        assert "# Fog on the river" in outcome.out and "Rain" not in outcome.out

    def test_without_a_post_all_are_written_one_after_the_other(self, filled: Run) -> None:
        out = filled("export").out
        assert 0 < out.index("# Fog on the river") < out.index("# Rain")

    def test_a_file_of_another_kind_is_replaced_whole_if_forced(self, filled: Run, tmp_path: Path) -> None:
        target = tmp_path / "fog.md"
        target.write_text("older and longer" * 10_000)
        refused = filled("export", "1", "-o", target)
        assert (refused.status, refused.err.count("\n")) == (1, 1) and "--force" in refused.err
        assert filled("export", "1", "-o", target, "--force").status == 0
        assert target.read_text(encoding="utf-8").startswith("---\n")
        assert "older" not in target.read_text(encoding="utf-8")
        assert list(tmp_path.glob(".threadreader*")) == []

    def test_several_posts_make_a_folder(self, filled: Run, tmp_path: Path) -> None:
        filled("export", "-o", tmp_path / "out" / "deep")
        names = [path.name for path in (tmp_path / "out" / "deep").glob("*.md")]
        assert len(names) == 3 and "index.md" in names
        assert filled("export", "-o", tmp_path / "out" / "deep").err.count("  unchanged") == 3

    def test_only_posts_with_marks_are_exported_marked(self, filled: Run) -> None:
        assert filled("export", "--marked") == (1, "", "Nothing is marked.\n")
        filled("bookmark", "1/1.1")
        out = filled("export", "--marked").out
        assert BELL in out and FERRY in out
        assert GULLS not in out and "Rain" not in out

    def test_an_edited_note_is_left_told_and_taken_in(self, filled: Run, tmp_path: Path) -> None:
        path = tmp_path / "fog.md"
        filled("note", "1/1", "Mine.")
        filled("export", "1", "-o", path)
        path.write_text(
            path.read_text(encoding="utf-8").replace("> Mine.", "> Mine, *now*."), encoding="utf-8"
        )
        assert "1 changed by hand" in filled("export", "1", "-o", path).err
        assert "edited  “Mine, *now*.”" in filled("import-notes", path).out
        assert filled("import-notes", path).out == f"{path}: no note was edited.\n"
        assert filled("export", "1", "-o", path).err == f"{path}\n"
        assert filled("import-notes", tmp_path / "none.md").err.startswith(f"{tmp_path / 'none.md'}: ")

    def test_a_comment_and_a_link_of_ours_are_exported(self, filled: Run) -> None:
        assert GULLS not in filled("export", "1/1.1", "--scope", "path").out
        alone = filled("export", "1/1.1", "--scope", "comment").out
        assert BELL in alone and FERRY not in alone
        found = re.search(r"threadreader://\w+#\w+", filled("export", "--search", "bell").out)
        assert found and BELL in filled("export", found.group(), "--scope", "comment").out

    def test_a_table_has_no_formulas(self, filled: Run, tmp_path: Path) -> None:
        filled("note", "1/1", '=HYPERLINK("x")')
        path = tmp_path / "marks.csv"
        filled("export", "--format", "csv", "-o", path)
        (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        assert row["note"] == '\'=HYPERLINK("x")' and row["quote"] == FERRY

    def test_json_holds_everything(self, filled: Run) -> None:
        filled("note", "1/1", "Mine.")
        filled("tag", "1/1", "heron")
        fog = json.loads(filled("export", "--format", "json").out)["posts"][0]
        assert [comment["text"] for comment in fog["comments"]] == [FERRY, BELL, GULLS]
        assert fog["annotations"][0]["text"] == "Mine." and fog["comments"][0]["tags"] == ["heron"]

    def test_marks_go_out_and_come_back_as_web_annotations(self, filled: Run, tmp_path: Path) -> None:
        filled("note", "1/1", "Mine.")
        path = tmp_path / "marks.jsonld"
        filled("export", "--format", "jsonld", "-o", path)
        before = filled("marks", "--json").out
        assert filled("import-marks", path).out == f"{path}: 1 read, 0 taken in\n"
        assert filled("marks", "--json").out == before

    def test_a_preview_writes_nothing(self, filled: Run, tmp_path: Path) -> None:
        out = filled("export", "1", "--preview", "-o", tmp_path / "fog.md").out
        assert "# Fog on the river" in out and not (tmp_path / "fog.md").exists()

    def test_a_broken_template_is_told_in_a_line(self, filled: Run, tmp_path: Path) -> None:
        (tmp_path / "bad.md.j2").write_text("{% macro head(d) %}\n{{ d.tittle }}{% endmacro %}")
        outcome = filled("export", "1", "--template", tmp_path / "bad.md.j2")
        assert (outcome.status, outcome.err.count("\n")) == (1, 1)
        assert "bad.md.j2, line 2: " in outcome.err and "tittle" in outcome.err

    def test_a_place_that_can_not_be_written_is_told_in_a_line(self, filled: Run, tmp_path: Path) -> None:
        outcome = filled("export", "1", "-o", tmp_path / "fog.txt" / "x.md")
        assert (outcome.status, outcome.err.count("\n")) == (1, 1)
        assert str(tmp_path / "fog.txt") in outcome.err


class TestStatus:
    @pytest.mark.parametrize(
        "arguments", [["show", "9"], ["bookmark", "nothing"], ["note", "9/1", "x"], ["open", "1/9"]]
    )
    def test_what_names_nothing_ends_with_1_and_a_line(self, filled: Run, arguments: Sequence[str]) -> None:
        outcome = filled(*arguments)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["show"],
            ["posts", "--bogus"],
            ["--bogus"],
            ["search", "x", "--limit", "0"],
            ["search"],
            ["search", "x", "--saved", "x"],
            ["search", "x", "--save", " "],
            ["add"],
            ["--library"],
        ],
    )
    def test_wrong_usage_ends_with_2(self, run: Run, arguments: Sequence[str]) -> None:
        outcome = run(*arguments)
        assert (outcome.status, outcome.out) == (2, "")
        assert outcome.err

    def test_the_version_says_where_everything_is(self, run: Run, library: Library, own_home: Path) -> None:
        outcome = run("--version")
        assert outcome.out.startswith(f"threadreader {__version__}\n")
        assert str(library.folder) in outcome.out
        assert str(own_home / "config" / "threadreader" / "settings.toml") in outcome.out
        assert "threadreader.log" in outcome.out

    def test_the_environment_names_the_library_that_the_arguments_do_not(
        self, own_home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["--version"]) == 0
        assert f"library   {own_home / 'library'}\n" in capsys.readouterr().out

    def test_help_names_every_command(self, run: Run) -> None:
        out = run("--help").out
        assert all(f"  {command}" in out for command in COMMANDS)

    def test_every_command_is_known_without_click(self) -> None:
        from threadreader.cli.commands import threadreader

        assert set(threadreader.commands) == COMMANDS

    def test_what_nobody_foresaw_is_written_down(
        self, filled: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> None:
            raise ZeroDivisionError("seven by nought")

        monkeypatch.setattr(Library, "listed", fail)
        outcome = filled("posts")
        (log,) = own_home.rglob("threadreader.log")
        assert (outcome.status, outcome.err.count("\n")) == (1, 1)
        assert str(log) in outcome.err
        assert "Traceback" in log.read_text() and "seven by nought" in log.read_text()

    def test_an_interrupt_is_quiet(self, filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Library, "listed", interrupt)
        status, out, err = filled("posts")
        assert (status, out, err.strip()) == (130, "", "")


class TestOpening:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Path], object]]:
        """What the reader was opened on, as if there were a terminal."""
        calls: list[tuple[Sequence[Path], object]] = []
        monkeypatch.setattr(opening, "has_terminal", lambda: True)
        monkeypatch.setattr(opening, "open_reader", lambda _, paths, target: calls.append((paths, target)))
        return calls

    def test_without_a_terminal_the_posts_are_printed_and_how_to_open_them(
        self, run: Run, write_thread: WriteThread, tmp_path: Path
    ) -> None:
        write_thread("fog.txt", FERRY)
        (tmp_path / "README.md").write_text("No thread.\n")
        outcome = run(tmp_path)
        assert (outcome.status, outcome.err) == (0, "")
        assert "Fog on the river" in outcome.out
        assert f"threadreader --library {tmp_path / 'library'}\n" in outcome.out

    def test_an_empty_library_opens_on_our_own_threads(self, run: Run, opened: list[Any]) -> None:
        run()
        ((paths, target),) = opened
        assert [(path / "welcome.txt").exists() for path in paths] == [True]
        assert target is None

    def test_a_library_with_posts_opens_on_them(self, filled: Run, opened: list[Any]) -> None:
        filled()
        assert opened == [([], None)]

    def test_a_folder_is_left_to_the_reader(self, run: Run, opened: list[Any], tmp_path: Path) -> None:
        run(tmp_path)
        assert opened == [([tmp_path], None)]

    def test_a_document_is_read_and_opened(
        self, run: Run, opened: list[Any], write_thread: WriteThread, library: Library
    ) -> None:
        path = write_thread("fog.txt", FERRY)
        for _ in range(2):
            run(path)
        assert opened == [([path], (library.index.posts()[0].id, None))] * 2

    def test_a_document_that_can_not_be_read_is_refused(
        self, run: Run, opened: list[Any], tmp_path: Path
    ) -> None:
        outcome = run(tmp_path / "missing.txt")
        assert (outcome.status, opened) == (1, [])
        assert "missing.txt: there is no such document" in outcome.err

    def test_open_goes_to_a_comment(
        self, filled: Run, monkeypatch: pytest.MonkeyPatch, library: Library
    ) -> None:
        from threadreader.cli import commands

        targets: list[object] = []
        monkeypatch.setattr(commands, "has_terminal", lambda: True)
        monkeypatch.setattr(commands, "open_reader", lambda _, paths, target: targets.append(target))
        assert filled("open", "1/1.1").status == 0
        assert targets == [library.resolve("1/1.1")]

    def test_open_needs_a_terminal(self, filled: Run) -> None:
        assert "needs a terminal" in filled("open", "1").err

    @pytest.mark.parametrize(
        ("arguments", "opens"),
        [
            ([], (None, [])),
            (["a", "b"], (None, ["a", "b"])),
            (["--library", "L", "a"], ("L", ["a"])),
            (["--library=L"], ("L", [])),
            (["a", "posts"], (None, ["a", "posts"])),
            (["--", "-a", "posts"], (None, ["-a", "posts"])),
            (["posts"], None),
            (["--library", "L", "posts"], None),
            (["--version"], None),
            (["--library"], None),
            (["-h"], None),
        ],
    )
    def test_opening_is_told_from_a_command(
        self, arguments: list[str], opens: tuple[str | None, list[str]] | None
    ) -> None:
        told = cli.opening_in(arguments)
        expected = opens and cli.Opening(Path(opens[0]) if opens[0] else None, [Path(p) for p in opens[1]])
        assert told == expected

    def test_opening_imports_nothing_that_can_wait(self, filled: Run, library: Library) -> None:
        script = (
            "import sys; from threadreader import cli; from threadreader.cli import opening\n"
            "opening.has_terminal = lambda: True\n"
            "opening.open_reader = lambda *_: print(*sys.modules)\n"
            "cli.run(sys.argv[1:])"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "--library", library.folder],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = {name.split(".")[0] for name in done.stdout.split()}
        assert "threadreader" in loaded
        assert not loaded & {
            "click",
            "rapidfuzz",
            "sqlite_utils",
            "platformdirs",
            "numpy",
            "multiprocessing",
            "jinja2",
            "markdown_it",
            "lxml",
        }


class TestOutsideThisProcess:
    """What only a real process shows."""

    @pytest.fixture
    def program(self, filled: Run, library: Library) -> list[str | Path]:
        return [sys.executable, "-m", "threadreader", "--library", library.folder]

    def test_output_that_nobody_reads_on_is_no_error(self, program: list[str | Path]) -> None:
        with subprocess.Popen(
            [*program, "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.close()
            assert process.stderr.read() == b""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_is_told_in_a_line(self, program: list[str | Path]) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([*program, "posts"], stdout=full, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (1, "standard output: No space left on device.\n")

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
    def test_any_encoding_can_be_printed_in(
        self, program: list[str | Path], filled: Run, encoding: str
    ) -> None:
        filled("note", "1", "“Übung” 霧 🙂")
        environment = os.environ | {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "NO_COLOR": "1"}
        for command in (["show", "1"], ["show", "1", "--json"]):
            done = subprocess.run([*program, *command], capture_output=True, env=environment)
            assert (done.returncode, done.stderr) == (0, b"")
        text = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)
        assert json.loads(text)["post"]["notes"][0]["text"] == "“Übung” 霧 🙂"

    def test_a_bar_is_drawn_only_for_whoever_watches(self, program: list[str | Path]) -> None:
        watched, end = pty.openpty()
        script = (
            "from threadreader.cli import progress\n"
            "progress.LONG = 0\n"
            "with progress.Progressing('Reading') as told:\n"
            "    told(0, 2, 'a.txt'); told(1, 2, 'b.txt'); told(2, 2, '')"
        )
        command = [sys.executable, "-c", script]
        unwatched = subprocess.run(command, capture_output=True, text=True, check=True)
        subprocess.run(command, stderr=end, check=True, env=os.environ | {"TERM": "xterm"})
        os.close(end)
        drawn = os.read(watched, 10_000).decode()
        os.close(watched)
        assert (unwatched.stdout, unwatched.stderr) == ("", "")
        assert "Reading" in drawn and "100%" in drawn
