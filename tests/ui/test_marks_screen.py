"""The browser of marks: what it lists, shows in full, and does with several at once."""

from pathlib import Path

import pytest
from conftest import WriteThread
from textual.widgets import Input, Markdown, Static

from threadreader.library import Library
from threadreader.ui.dialogs.confirm_dialog import ConfirmDialog
from threadreader.ui.dialogs.export_dialog import ExportDialog
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.dialogs.tags_dialog import TagsDialog
from threadreader.ui.screens import sifting
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.tags_screen import TagsScreen
from threadreader.ui.widgets.note_markdown import NoteMarkdown
from threadreader.ui.widgets.query_line import QueryLine
from threadreader.ui.widgets.status_line import StatusLine
from ui.test_reader import Reader, reading

FERRY = "The ferry did not run at all, and nobody told the people on the quay."
BELL = "They rang the old bell instead, which I had not heard since I was nine."
GULLS = "The gulls walked. I have never seen so many gulls on foot."
NEW_GULLS = "The gulls walked. I have hardly ever seen so many gulls on foot."


@pytest.fixture
def marked(library: Library, write_thread: WriteThread) -> Library:
    """A note on a comment that is gone, one on an edited one, a highlight, a bookmark, and a tag alone."""
    (thread,) = library.add(write_thread("fog.txt", FERRY, BELL, GULLS)).threads
    store, post_id, (ferry, bell, gulls) = library.annotations, thread.post.id, thread.comments
    store.note(post_id, ferry.id, "Who *should* have?", library.quote(post_id, ferry.id))
    store.note(post_id, gulls.id, "On foot!", library.quote(post_id, gulls.id), "question")
    passage, _ = library.passage(post_id, bell.id, "old bell instead")
    store.highlight(post_id, bell.id, passage, "green")
    store.bookmark(post_id, None, library.quote(post_id, None))
    library.add(write_thread("fog.txt", BELL, NEW_GULLS, "A new [b]one[/b]."))
    other = library.index.thread(post_id).comments[-1].id
    store.tag(post_id, other, ["later"])
    return library


def listed(r: Reader) -> list[str]:
    screen = r.app.screen
    assert isinstance(screen, MarksScreen)
    return [row.mark.text or row.mark.quote.exact for row in screen.marks.rows]


def status(r: Reader) -> tuple[str, str]:
    line = r.app.screen.query_one(StatusLine)
    return line.where, line.numbers


async def test_the_browser_filters_shows_in_full_edits_and_does_several_at_once(marked: Library) -> None:
    async with reading(marked, size=(100, 24)) as r:
        await r.press("g", "a")
        await r.on_screen(MarksScreen)
        screen = r.app.screen
        assert isinstance(screen, MarksScreen)
        assert listed(r) == ["Fog on the river", "old bell instead", "On foot!", "Who *should* have?"]
        assert status(r) == ("all marks · newest first", "1/4")
        await r.press("G")
        await r.until(lambda: screen.preview.shown and "orphan" in screen.preview.shown.doubt)
        assert screen.preview.shown and screen.preview.shown.text == FERRY
        assert screen.query_one(Markdown).source == "Who *should* have?"
        await r.press("k")
        words = screen.query_one("#mark-words", Static)
        await r.until(lambda: "{+hardly ever+}" in str(words.content))
        assert "question · 2 Fog on the river" in r.screen
        # a filter, with what is offered, a mistake, and the way out
        await r.press("slash")
        await r.write("kind:que")
        assert screen.query_one(QueryLine).offers == ["question"]
        await r.press("right", "enter")
        assert (listed(r), status(r)[1]) == (["On foot!"], "1/1 of 4")
        await r.press("slash")
        await r.write("kind:x")
        assert "expected bookmark, note, highlight" in r.screen and listed(r) == ["On foot!"]
        await r.press("escape", "escape", "slash")
        await r.write("qq")
        assert "No mark fits: Esc clears the filter." in r.screen
        await r.press("enter", "escape", "slash")
        await r.write("tag:")
        await r.press("right", "enter")
        assert (listed(r), status(r)[0]) == (["A new [b]one[/b]."], "tag:later · newest first")
        await r.until(lambda: screen.preview.shown and screen.preview.shown.tags == "#later")
        await r.press("escape", "S")
        assert listed(r)[0] == "Fog on the river" and status(r)[0] == "all marks · by post"
        # edit what is lost, detach what stands, and take it back
        await r.press("G", "e")
        await r.on_screen(NoteDialog)
        await r.write("!")
        await r.press("f3")
        await r.until(lambda: r.app.screen.query_one(NoteMarkdown).source == "Who *should* have?!")
        await r.until(lambda: "Who should have?!" in r.screen)
        await r.press("escape")
        await r.until(lambda: "Who *should* have?!" in listed(r))
        await r.press("g", "g", "j", "minus")
        assert [row.listed.anchored.reason for row in screen.marks.rows].count("detached by hand") == 1
        await r.press("u")
        assert r.told == "highlight “old bell instead” attached again"
        # several at once
        await r.press("g", "g", "tab", "tab", "t")
        await r.on_screen(TagsDialog)
        await r.write("sea")
        await r.press("enter")
        await r.until(lambda: r.told)
        assert r.told == "#sea on 2: u takes it back"
        assert status(r)[1].startswith("2 chosen")
        await r.press("d")
        assert (r.told, len(marked.annotations.marks())) == ("2 removed: u brings it back", 2)
        await r.press("u", "g", "g", "j", "enter")
        await r.on_screen(ReaderScreen)
        assert r.place == "1"


async def test_tags_are_listed_looked_into_renamed_and_merged(
    marked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sifting, "FEW", 0)  # marks are then read beside the keys
    store, (listed_post,) = marked.annotations, marked.listed()
    store.tag(listed_post.post.id, None, ["later", "river"])
    async with reading(marked) as r:
        await r.press("g", "t")
        await r.on_screen(TagsScreen)
        assert "2  #later" in r.screen and "1  #river" in r.screen
        await r.press("enter")
        await r.on_screen(MarksScreen)
        await r.until(lambda: listed(r))
        assert listed(r) == ["Fog on the river", "A new [b]one[/b]."]
        await r.press("j", "d")
        await r.until(lambda: r.told)
        assert (r.told, listed(r)) == ("tag removed: u brings it back", ["Fog on the river"])
        await r.press("u")
        await r.until(lambda: len(listed(r)) == 2)
        await r.press("q")
        await r.on_screen(TagsScreen)
        await r.press("R")
        await r.on_screen(LineDialog)
        r.app.screen.query_one(Input).value = "river"
        await r.press("enter")
        await r.on_screen(ConfirmDialog)
        assert "There is #river already, on 1." in " ".join(r.screen.split())
        await r.press("enter")
        await r.until(lambda: isinstance(r.app.screen, TagsScreen) and r.told)
        assert (r.told, store.tag_counts()) == ("#later is #river now, on 2: u takes it back", {"river": 2})
        await r.press("u")
        assert store.tag_counts() == {"later": 2, "river": 1}


async def test_what_is_exported_is_chosen_seen_and_written(
    marked: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(marked, size=(100, 24)) as r:
        await r.press("enter", "j", "x")
        await r.on_screen(ExportDialog)

        def begins() -> str:
            return str(r.app.screen.query_one("#begun", Static).content)

        await r.until(lambda: begins().startswith("---\n"))
        await r.press("down", "down", "tab")  # the style
        await r.until(lambda: "### " in begins())
        await r.press("up", "tab")  # the format
        await r.until(lambda: begins().startswith("<body"))
        name = r.app.screen.query_one(Input).value
        assert name.endswith(".html")
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        assert r.told == f"exported to {name}" and "<html" in (tmp_path / name).read_text(encoding="utf-8")
        await r.press("g", "a")
        await r.on_screen(MarksScreen)
        await r.press("tab", "tab", "x")
        await r.on_screen(ExportDialog)
        assert "the 2 marks that are chosen" in r.screen
        await r.press("down", "tab")
        r.app.screen.query_one(Input).value = "two.csv"
        await r.press("enter")
        await r.on_screen(MarksScreen)
        table = (tmp_path / "two.csv").read_text(encoding="utf-8-sig")
        assert (len(table.splitlines()), "old bell instead" in table, "Who" in table) == (3, True, False)
        await r.press("x")
        await r.on_screen(ExportDialog)
        await r.press("shift+tab", "shift+tab", "down", "tab")  # everything, as Markdown
        assert r.app.screen.query_one(Input).value == "threadreader-export"
        await r.press("enter")
        await r.until(lambda: r.told.startswith("exported 2 files to threadreader-export"))
        assert (tmp_path / "threadreader-export" / "index.md").exists()
