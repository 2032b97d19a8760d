"""Reading line by line: commands in, words out."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import WriteThread

from threadreader import cli
from threadreader.annotations import Annotations
from threadreader.cli import opening, reading_aloud
from threadreader.cli.reading_aloud import ReadingAloud
from threadreader.index import Index
from threadreader.library import Library
from threadreader.ui import browser

Aloud = Callable[..., list[str]]


@pytest.fixture
def filled(library: Library, write_thread: WriteThread) -> Library:
    """Fog, with comments 1, 1.1, 1.2 and 2, and rain."""
    fog = ("The ferry rang twice.", "Three times, surely.", "I heard two.")
    for path in (
        write_thread("fog.txt", fog, "Nobody rowed."),
        write_thread("rain.txt", "It rained.", title="Rain", date="Thursday, 8 April 2021"),
    ):
        assert library.add(path).error is None
    return library


@pytest.fixture
def aloud(filled: Library) -> Aloud:
    """What is said after each of the lines typed, without what is said before the first."""

    def read(*typed: str, library: Library = filled, at: str | None = "1") -> list[str]:
        lines, answers = iter(typed), []
        said: list[str] = []

        def ask(prompt: str) -> str:
            answers.append(" ".join(said))
            said.clear()
            line = next(lines, None)
            if line is None:
                raise EOFError
            return line

        target = library.resolve(at) if at else None
        ReadingAloud(library, ask, said.append).run(target)
        return answers[1:] if len(answers) > len(typed) else [*answers[1:], " ".join(said)]

    return read


def heads(said: Sequence[str]) -> list[str]:
    """The places of the comments that were said; what was said where it was none."""
    return [words.split()[1] if words.startswith("Comment ") else words for words in said]


def test_enter_reads_on_comment_by_comment(aloud: Aloud) -> None:
    said = aloud("", "", "", "", "", "p")
    assert said[1] == ("Comment 1.1 anonymous, reply, level 2, to 1 anonymous, unread. Three times, surely.")
    assert heads(said) == ["1", "1.1", "1.2", "2", "That was the last comment. l lists the posts.", "1.2"]


def test_replies_parents_and_siblings_are_a_letter_away(aloud: Aloud) -> None:
    said = aloud("", "r", "s", "s", "S", "S", "u", "s", "r", "S", "u")
    assert heads(said[:-1]) == [
        "1", "1.1", "1.2", "No further reply to the same.", "1.1", "No earlier reply to the same.",
        "1", "2", "No replies.", "1",
    ]  # fmt: skip
    assert said[-1].startswith("Post: Fog on the river, 2021-04-07, 4 comments, all read.")


def test_a_place_goes_there_and_a_space_says_it_again(aloud: Aloud) -> None:
    said = aloud("1.2", " ", "2", ".", "0", "3", "u")
    assert heads(said[:4]) == ["1.2", "1.2", "2", "2"]
    assert said[4].startswith("Post: ")
    assert said[5:] == ["No comment 3. ? is the help.", "This is the post; l lists the posts."]


def test_what_was_said_is_read_and_n_finds_what_was_not(aloud: Aloud, filled: Library) -> None:
    post_id, _ = filled.resolve("1")
    assert heads(aloud("1.1", "n", "n", "n", "n")) == [
        "1.1", "1.2", "2", "1", "Nothing here is unread. l lists the posts.",
    ]  # fmt: skip
    assert len(filled.annotations.read(post_id)) == 4


def test_where_one_stopped_is_where_one_goes_on(aloud: Aloud, filled: Library) -> None:
    aloud("1.2", "q")
    position = filled.annotations.position(filled.resolve("1")[0])
    assert position and position.comment_id == filled.resolve("1/1.2")[1]
    assert heads(aloud("")) == ["2"]
    assert heads(aloud("p", at="1/1.1")) == ["1"]


def test_words_are_found_from_here_on_and_round_the_end(aloud: Aloud) -> None:
    said = aloud("/", "/T[w", "/RANG", "1.1", "/two", "/")
    assert said[:2] == ["Type the words after the slash.", "T[w: not found in the comments."]
    assert said[2].startswith("RANG: in 1 comment. Comment 1 ")
    assert said[4].startswith("two: in 1 comment. Comment 1.2 ")
    assert said[5] == said[4].replace(", unread", "")


def test_a_link_is_opened_by_its_number(
    aloud: Aloud, library: Library, write_thread: WriteThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(browser, "open_link", opened.append)
    links = "See https://a.example and https://b.example now."
    library.add(write_thread("links.txt", links, ("Or https://c.example", "None."), title="Links"))
    at = next(n for n, row in enumerate(library.listed(), 1) if row.title == "Links")
    said = aloud("1", "o", "o 2", "o3", "2", "o", "2.1", "o", "open", at=str(at))
    assert (said[1], said[2], said[3]) == (
        "2 links here: type o and a number.", "Opened https://b.example", "No link 3 here: the last is 2.",
    )  # fmt: skip
    assert (said[5], said[7]) == ("Opened https://c.example", "No link here.")
    assert said[8].startswith("No comment open.")
    assert opened == ["https://b.example", "https://c.example"]


def test_bookmarks_and_notes_are_those_of_the_store(aloud: Aloud, filled: Library) -> None:
    said = aloud("1.1", "b", ".", "a", "Twice, I [b]think", ".", "b", "a", " ", "k", "2", "k")
    assert "bookmarked" in said[2] and "Your note: Twice, I [b]think" in said[5]
    assert (said[1], said[4], said[6], said[8]) == (
        "Bookmarked.", "Note saved.", "Bookmark taken off.", "No note written.",
    )  # fmt: skip
    assert (said[9], said[11]) == ("Your note here is a question now.", "No note or highlight of yours here.")
    [mark] = filled.annotations.marks()
    assert (mark.note_kind, mark.text, mark.comment_id) == (
        "question",
        "Twice, I [b]think",
        filled.resolve("1/1.1")[1],
    )


def test_a_note_that_was_begun_is_gone_on_with(aloud: Aloud, filled: Library) -> None:
    filled.annotations.keep_draft(*filled.resolve("1/2"), "Begun")
    said = aloud("2", "a", "", "a", "and ended")
    assert said[1] == "A note was begun here, what you type goes on with it: Begun"
    assert said[2] == "No note written."
    assert [mark.text for mark in filled.annotations.marks()] == ["Begun and ended"]


def test_the_list_leads_to_every_post(aloud: Aloud) -> None:
    said = aloud("7", "x", "", "2", "l", "1", "?", at=None)
    assert said[0] == "No post 7. Type a number from 1 to 2, or q to quit."
    assert said[2].startswith("2 posts. 1: Fog on the river, 2021-04-07, 4 comments, 4 unread.")
    assert said[3].startswith("Post: Rain")
    assert said[5].startswith("Post: Fog")
    assert "q: quit" in said[6]


def test_a_library_that_cannot_be_written_is_read_all_the_same(aloud: Aloud, filled: Library) -> None:
    folder = filled.folder
    with Library(
        folder,
        Index.open(folder / "index.db", read_only=True),
        Annotations.open(folder / "annotations.db", read_only=True),
    ) as library:
        said = aloud("", "b", "a", "", library=library)
    refused = "This library can't be written: nothing is kept."
    assert [said[1], said[2]] == [refused, refused]
    assert heads(said)[3] == "1.1"


def test_without_a_terminal_everything_is_printed_and_nothing_becomes_read(
    filled: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--library", str(filled.folder)]
    assert cli.run([*named, "show", "1", "--linear"]) == 0
    one = capsys.readouterr().out
    assert cli.run([*named, "--linear"]) == 0
    all_ = capsys.readouterr().out
    assert one.count("Comment ") == 4 and "Rain" not in one
    assert all_.startswith(one) and "Post: Rain" in all_
    assert filled.annotations.read(filled.resolve("1")[0]) == set()
    assert cli.run([*named, "show", "1", "--linear", "--json"]) == 2


def test_a_document_that_is_named_is_what_is_read(
    library: Library, write_thread: WriteThread, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    library.add(write_thread("rain.txt", "It rained.", title="Rain", date="Thursday, 8 April 2021"))
    fog = write_thread("fog.txt", "Nobody rowed.")
    assert cli.run(["--library", str(library.folder), str(fog), "--linear"]) == 0
    said = capsys.readouterr().out
    assert "Post: Fog" in said and "Rain" not in said
    assert cli.run(["--library", str(library.folder), "--linear", str(tmp_path / "gone.txt")]) == 1


def test_at_a_terminal_lines_are_asked_for_and_made_harmless(
    filled: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["/\x1b[2J", "q"])
    monkeypatch.setattr(opening, "has_terminal", lambda: True)
    monkeypatch.setattr("threadreader.cli.commands.has_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    assert cli.run(["--library", str(filled.folder), "show", "1", "--linear"]) == 0
    assert "␛[2J: not found" in capsys.readouterr().out
    typed = iter(["2", "q"])
    assert cli.run(["--library", str(filled.folder), "--linear"]) == 0
    assert "Post: Rain" in capsys.readouterr().out


def test_reading_aloud_imports_no_toolkit() -> None:
    program = (
        f"import sys, {reading_aloud.__name__}; print([m for m in sys.modules if m in ('textual', 'rich')])"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert told == "[]\n"
