"""Exported again, edited by hand, read back: nothing of the reader's is lost or doubled."""

import datetime as dt
import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import WriteThread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from threadreader.annotations import Annotations
from threadreader.errors import ExportError, ExportRefused, TemplateBroken, UnknownReference
from threadreader.export import PRESETS, STYLES, Form
from threadreader.export.blocks import Section, block_text, is_ours
from threadreader.export.front import Front
from threadreader.export.notes import CALLOUTS, from_markdown, note_lines, notes_in, stripped, to_markdown
from threadreader.export.templates import Templates
from threadreader.export.web_annotations import json_ld, taken_from
from threadreader.library import Library, mending
from threadreader.library.exporting import (
    Look,
    gathered,
    marks_document,
    saved_in,
    thread_document,
    write,
    write_parts,
)
from threadreader.library.folder import write_folder
from threadreader.library.taking_in import import_marks, import_notes
from threadreader.model import NOTE_KINDS, NoteKind, harmless

MOMENT = dt.datetime(2024, 3, 1, 12, 5, 59, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
FIRST, REPLY, SECOND = "The heron came.", "It left again.", "A *second* one."
LOOK = Look(exported=MOMENT)
PARSER = MarkdownIt("commonmark", {"html": True})

NOTE_SIGNS = st.lists(
    st.sampled_from(
        [
            *"`<&;:!]\\>~*#=-ab \n", "&lt;", "&amp;", "&#58;", "```", "\n```\n", "~~~", "[a]: ", "<b>",
            "</div>",            "<https://x>", "<!-- tr:note x 12345678 -->", "<!-- tr:end-note x -->",
            "\n<!-- tr:end x -->\n", "%%",
        ]
    ),
    max_size=20,
).map(lambda parts: stripped(harmless("".join(parts))))  # fmt: skip


@pytest.fixture
def fog(library: Library, write_thread: WriteThread) -> str:
    (thread,) = library.add(write_thread("fog.txt", (FIRST, REPLY), SECOND)).threads
    return thread.post.id


def ids(library: Library, post_id: str) -> list[str]:
    return [comment.id for comment in library.index.thread(post_id).comments]


def note(library: Library, post_id: str, at: int, text: str) -> str:
    comment_id = ids(library, post_id)[at]
    made = library.annotations.note(post_id, comment_id, text, library.quote(post_id, comment_id))
    assert made
    return made.id


def export_marks(library: Library, path: Path, post_id: str, look: Look = LOOK, **how: bool) -> str:
    write(path, marks_document(library, look, post_id=post_id), saved_in(library), **how)
    return path.read_text(encoding="utf-8")


def export_thread(library: Library, path: Path, post_id: str, look: Look = LOOK, **how: bool) -> str:
    write(path, thread_document(library, post_id, look=look), saved_in(library), **how)
    return path.read_text(encoding="utf-8")


# A note, out and back


@settings(max_examples=60, derandomize=True, deadline=None)
@given(NOTE_SIGNS, st.sampled_from(["", "> ", "> > ", "\t  "]))
def test_a_note_comes_back_as_it_was_whatever_stands_in_it(text: str, quotes: str) -> None:
    assert from_markdown(to_markdown(text)) == text
    lines = note_lines("x", text, managed=True)
    (found,) = notes_in("".join((quotes + line).rstrip() + "\n" for line in lines))
    assert found.text == text
    assert not found.is_edited


@settings(max_examples=40, derandomize=True, deadline=None)
@given(NOTE_SIGNS)
def test_a_note_reaches_nothing_beyond_its_quote(text: str) -> None:
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in note_lines("x", text, managed=True))
    tokens = PARSER.parse(f"{quoted}\nSee [a] *after*.\n")
    assert tokens[0].type == "blockquote_open"
    assert [token.type for token in tokens[-3:]] == ["paragraph_open", "inline", "paragraph_close"]
    assert tokens[-2].content == "See [a] *after*."
    children = [child.type for child in tokens[-2].children or []]
    assert "link_open" not in children
    html = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.match(r"<!-- tr:(end-)?note x", block) for block in html)


def test_markdown_in_a_note_is_obeyed_and_code_keeps_its_signs() -> None:
    text = "**Yes**, `a<b>` and <b>.\n\n```\nx<y>\n```"
    assert to_markdown(text) == "**Yes**, `a<b>` and &lt;b>.\n\n```\nx<y>\n```"


# Exporting again


def test_an_unchanged_store_leaves_the_file_unchanged(library: Library, fog: str, tmp_path: Path) -> None:
    note(library, fog, 0, "Mine.")
    later = LOOK._replace(exported=LATER)
    for name, style in itertools.product(PRESETS, STYLES):
        form = Form(PRESETS[name], style)
        path = tmp_path / f"{name}-{style}.md"
        first = export_thread(library, path, fog, LOOK._replace(form=form))
        assert export_thread(library, path, fog, later._replace(form=form)) == first
    first = export_marks(library, tmp_path / "marks.md", fog)
    assert export_marks(library, tmp_path / "marks.md", fog, later) == first
    assert "2024-03-01T12:05:59Z" in first


def test_what_stands_around_blocks_stays_and_blocks_follow_the_store(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    first, second = note(library, fog, 0, "One."), note(library, fog, 2, "Two.")
    text = export_marks(library, path, fog)
    own = "My own words, <b>\t with  odd blanks \n\n> and a quote"
    text = text.replace(f"<!-- tr:end {first} -->\n", f"<!-- tr:end {first} -->\n{own}")
    text = text.replace("---\n\n<!--", "aliases: [fog]\n---\nAbove all.\n\n<!--", 1) + "At the end"
    path.write_text(text, encoding="utf-8")
    library.annotations.edit(first, "One, edited.")
    between = note(library, fog, 1, "Between.")
    after = export_marks(library, path, fog)
    assert (
        own in after and "Above all." in after and after.endswith("At the end") and "aliases: [fog]" in after
    )
    assert "One, edited." in after and "> One.\n" not in after
    order = re.findall(r"tr:begin (\S+)", after)
    assert order == [".head", first, between, second]
    assert export_marks(library, path, fog) == after


def test_windows_line_ends_stay(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "marks.md"
    made = note(library, fog, 0, "One.")
    text = export_marks(library, path, fog).replace("\n", "\r\n")
    path.write_bytes(text.encode())
    library.annotations.edit(made, "Two.\n\nLines.")
    write(path, marks_document(library, LOOK, post_id=fog), saved_in(library))
    after = path.read_bytes().decode()
    assert "> Two.\r\n>\r\n> Lines.\r\n" in after
    assert "\n" not in after.replace("\r\n", "")


def test_removed_marks_are_shown_as_removed_once_and_come_back(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    gone = note(library, fog, 0, "To be gone.")
    before = export_marks(library, path, fog)
    library.annotations.remove(gone)
    after = export_marks(library, path, fog)
    assert after.count("To be gone.") == 1 and "*Removed in threadreader." in after
    assert export_marks(library, path, fog) == after
    library.annotations.undo()
    assert export_marks(library, path, fog) == before


def test_a_note_removed_from_a_thread_is_shown_as_removed(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "thread.md"
    gone = note(library, fog, 1, "To be gone.")
    export_thread(library, path, fog)
    library.annotations.remove(gone)
    after = export_thread(library, path, fog)
    assert after.count("To be gone.") == 1 and after.count("*Removed in threadreader.") == 1
    assert export_thread(library, path, fog) == after
    library.annotations.undo()
    assert "Removed in" not in export_thread(library, path, fog)


def test_a_bookmark_and_a_highlight_removed_from_a_thread_are_shown_as_removed_each_once(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "thread.md"
    store, comment_id = library.annotations, ids(library, fog)[1]
    store.bookmark(fog, comment_id, library.quote(fog, comment_id))
    mark = store.highlight(fog, comment_id, library.passage(fog, comment_id, "left")[0], "green")
    export_thread(library, path, fog)
    store.remove(mark.id)
    after = export_thread(library, path, fog)
    assert after.count("*Removed in threadreader.") == 1 and after.count("\n> ==left==\n") == 1
    store.unbookmark(fog, comment_id)
    after = export_thread(library, path, fog)
    assert after.count("*Removed in threadreader.") == 2 and after.count("\n> ★ **1.1** ") == 1
    assert export_thread(library, path, fog) == after
    assert store.undo() and store.undo()
    assert "Removed in" not in export_thread(library, path, fog)
    noted = store.highlight(fog, comment_id, library.passage(fog, comment_id, "left")[0], "green", "Noted.")
    export_thread(library, path, fog)
    store.remove(noted.id)
    assert export_thread(library, path, fog).count("*Removed in threadreader.") == 1


def test_what_a_mending_moved_is_not_called_removed_and_stands_once(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path, comments = tmp_path / "thread.md", ids(library, fog)
    noted = comments[1]
    note(library, fog, 1, "To be carried along.")
    library.annotations.bookmark(fog, noted, library.quote(fog, noted))
    before = export_thread(library, path, fog)
    text = library.index.thread(fog).comments[1].text
    mends: tuple[tuple[str, Callable[[], str]], ...] = (
        ("hung", lambda: mending.re_hang(library, fog, noted, None)),
        ("split", lambda: mending.split(library, fog, noted, text.index("left"))),
        ("joined", lambda: mending.join(library, fog, comments[0])),
    )
    for undone, mend in mends:
        mend()
        for _ in range(2):
            after = export_thread(library, path, fog)
            assert (after.count("To be carried along."), after.count("Removed in")) == (1, 0), undone
        library.undo()
        after = export_thread(library, path, fog)
        assert (after.count("To be carried along."), after.count("Removed in")) == (1, 0), undone
        assert sorted(after.split()) == sorted(before.split()), undone


def test_what_a_note_marks_is_no_highlight(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "thread.md"
    made = note(library, fog, 1, "I like ==this== here.")
    export_thread(library, path, fog)
    library.annotations.edit(made, "I like this here.")
    assert "Removed in" not in export_thread(library, path, fog)


def test_a_block_deleted_by_hand_stays_away_until_it_is_restored(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    unwanted = note(library, fog, 0, "Unwanted.")
    note(library, fog, 2, "Wanted.")
    text = export_marks(library, path, fog)
    block = re.search(rf"<!-- tr:begin {unwanted} .*?<!-- tr:end {unwanted} -->\n", text, re.DOTALL)
    assert block
    path.write_text(text.replace(block.group(), ""), encoding="utf-8")
    assert write(path, marks_document(library, LOOK, post_id=fog), saved_in(library)).deleted == 1
    assert "Unwanted." not in path.read_text(encoding="utf-8")
    assert export_marks(library, path, fog, restore=True).count("> Unwanted.") == 1


def test_what_was_changed_in_a_block_is_never_written_over(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    made = note(library, fog, 0, "One.")
    text = export_marks(library, path, fog).replace("### ✎", "### Mine ✎")
    path.write_text(text, encoding="utf-8")
    library.annotations.edit(made, "Two.")
    outcome = write(path, marks_document(library, LOOK, post_id=fog), saved_in(library))
    assert outcome.kept == (made,)
    assert "### Mine" in path.read_text(encoding="utf-8")
    forced = export_marks(library, path, fog, force=True)
    assert "### Mine" not in forced and "> Two." in forced


def test_a_copied_block_stays_a_copy(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "marks.md"
    note(library, fog, 0, "One.")
    text = export_marks(library, path, fog)
    block = re.search(r"<!-- tr:begin [0-9a-f]+ .*?<!-- tr:end [0-9a-f]+ -->\n", text, re.DOTALL)
    assert block
    path.write_text(text + "\n" + block.group(), encoding="utf-8")
    assert export_marks(library, path, fog) == text + "\n" + block.group()


def test_a_file_that_is_not_ours_is_left_alone(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_bytes(b"# My own\n\xff")
    with pytest.raises(ExportRefused, match=r"mine\.md: is not an export"):
        export_marks(library, path, fog)
    with pytest.raises(ExportRefused):
        write_parts(path, ["x"])
    assert path.read_bytes() == b"# My own\n\xff"
    assert is_ours(export_marks(library, path, fog, force=True))
    with pytest.raises(ExportRefused, match="holds another export"):
        export_thread(library, path, fog)


def test_tags_of_the_readers_stay_in_the_front_matter_and_ours_go(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "thread.md"
    library.annotations.tag(fog, None, ["heron", "river"])
    text = export_thread(library, path, fog)
    path.write_text(
        text.replace('tags: ["heron", "river"]', "tags:\n  - heron\n  - river\n  - own"), encoding="utf-8"
    )
    assert "  - own" in export_thread(library, path, fog)
    library.annotations.untag(fog, None, ["river"])
    assert 'tags: ["heron", "own"]' in export_thread(library, path, fog)


def test_front_matter_is_parted_and_joined_again() -> None:
    for text in (
        "---\na: 1\nb:\n  - x\n---\nText",
        "a:: 1\ntags:: [[x y]], [[z]]\n\n- Text",
        "Text\n---\n",
        "",
    ):
        front = Front.of(text)
        assert str(front) + front.rest == text
    assert Front.of("a:: 1\ntags:: [[x]], [[z]]\n\n- Text").tags == ["x", "z"]


def test_everything_goes_into_a_folder_with_an_index(
    library: Library, fog: str, write_thread: WriteThread, tmp_path: Path
) -> None:
    library.add(write_thread("gulls.txt", "Gulls.", title="Gulls [all]", date="Thursday, 8 April 2021"))
    folder = tmp_path / "out"
    done = list(write_folder(library, folder, library.index.posts(), LOOK))
    assert len(done) == 3
    index = (folder / "index.md").read_text(encoding="utf-8")
    targets = [
        child.attrs["href"]
        for token in PARSER.parse(index.split("---\n", 2)[2])
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert len(targets) == 2 and all((folder / str(target)).is_file() for target in targets)
    assert not any(one.changed for one in write_folder(library, folder, library.index.posts(), Look()))


def test_a_large_folder_is_written_by_other_processes_as_by_one(
    library: Library, fog: str, write_thread: WriteThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(write_thread("gulls.txt", "Gulls.", title="Gulls"))
    library.annotations.rename(fog, "Fog, mine")
    library.annotations.note(fog, None, "Why?", library.quote(fog, None))
    (tmp_path / "short.md.j2").write_text("{% macro head(view) %}# SHORT {{ view.title }}{% endmacro %}")
    look = Look(Form(PRESETS["plain"]), Templates("short", tmp_path), MOMENT)
    folders = [tmp_path / "one", tmp_path / "several"]
    written = []
    for folder, many in zip(folders, (10**9, 1), strict=True):
        monkeypatch.setattr("threadreader.library.folder.MANY", many)
        written.append([one.path.name for one in write_folder(library, folder, library.index.posts(), look)])
    assert written[0] == written[1] and len(written[0]) == 3
    texts = [{file.name: file.read_text(encoding="utf-8") for file in one.iterdir()} for one in folders]
    assert texts[0] == texts[1] and "# SHORT Fog, mine" in "".join(texts[0].values())
    hand = folders[1] / written[1][0]
    hand.write_text("Mine.", encoding="utf-8")
    with pytest.raises(ExportRefused, match="is not an export"):
        list(write_folder(library, folders[1], library.index.posts(), look))


def test_a_mark_is_shown_with_where_it_stands(library: Library, fog: str) -> None:
    comment_id = ids(library, fog)[1]
    made = library.annotations.highlight(
        fog, comment_id, library.passage(fog, comment_id, "left")[0], "green", "Why?"
    )
    library.annotations.tag(fog, comment_id, ["heron"])
    text = str(marks_document(library, LOOK, post_id=fog))
    assert "Fog on the river › **1** Anonymous: “The heron came.”" in text
    assert "> It ==left== again." in text
    assert text.count("Why?") == 1 and "#heron" in text
    assert f"[open](<threadreader://{fog}#{comment_id}>)" in text and f"\n\n^tr-{made.id}\n" in text


def test_marks_are_gathered_by_tag_and_by_search(library: Library, fog: str) -> None:
    first, _, second = ids(library, fog)
    note(library, fog, 0, "Mine.")
    library.annotations.tag(fog, second, ["later"])
    assert [one.mark.comment_id for one in gathered(library, tag="later")] == [second]
    found = gathered(library, query="heron")
    assert [one.mark.comment_id for one in found] == [first] and found[0].mark.text == "Mine."
    assert "annotations: 0" in str(marks_document(library, LOOK, tag="later"))


def test_a_link_of_ours_names_post_and_comment(library: Library, fog: str) -> None:
    comment_id = ids(library, fog)[1]
    assert library.resolve(f"threadreader://{fog}#{comment_id}") == (fog, comment_id)
    assert library.resolve(f"threadreader://{fog}") == (fog, None)
    with pytest.raises(UnknownReference, match="leads to nothing here"):
        library.resolve("threadreader://elsewhere#x")


# Reading back


def edited(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def test_an_edited_note_comes_back_and_exports_stably(library: Library, fog: str, tmp_path: Path) -> None:
    path = tmp_path / "thread.md"
    made, other = note(library, fog, 1, "Mine."), note(library, fog, 2, "Other.")
    export_thread(library, path, fog)
    document = edited(path, "> > > Mine.\n", "> > > Mine, *edited*.\n> > >\n> > > - so\n")
    assert [one.outcome for one in import_notes(library, document, "f")] == ["edited"]
    assert library.annotations.mark(made).text == "Mine, *edited*.\n\n- so"
    assert library.annotations.mark(other).text == "Other."
    after = export_thread(library, path, fog)
    assert after.count("edited") == 1
    assert import_notes(library, after, "f") == []
    library.annotations.undo()
    assert library.annotations.mark(made).text == "Mine."


@pytest.mark.parametrize("name", PRESETS)
def test_a_kind_that_was_changed_in_the_file_comes_back_and_exports_stably(
    library: Library, fog: str, tmp_path: Path, name: str
) -> None:
    look, path = LOOK._replace(form=Form(PRESETS[name])), tmp_path / "marks.md"
    made, store = note(library, fog, 1, "Mine."), library.annotations
    document = export_marks(library, path, fog, look)
    old, new = ("[!note]", "[!question]") if "[!note]" in document else ("My note", "My question")
    document = edited(path, old, new)
    assert export_marks(library, path, fog, look) == document  # not written over before it is taken in
    assert [one.outcome for one in import_notes(library, document, "f")] == ["edited"]
    assert (store.mark(made).note_kind, store.mark(made).text) == ("question", "Mine.")
    assert import_notes(library, document, "f") == []
    after = export_marks(library, path, fog, look)
    assert after.count("My question") == 1 and "My note" not in after and " question -->" in after
    store.set_kind(made, "claim")
    document = edited(path, "Mine.", "Mine, edited.")
    import_notes(library, document, "f")
    assert (store.mark(made).note_kind, store.mark(made).text) == ("claim", "Mine, edited.")
    after = export_marks(library, path, fog, look)
    assert import_notes(library, after, "f") == [] and after.count("claim to check") == 1


def test_an_edit_that_was_not_taken_in_is_not_written_over(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    made = note(library, fog, 1, "Mine.")
    export_marks(library, path, fog)
    document = edited(path, "> Mine.", "> Mine, edited in the file.")
    library.annotations.edit(made, "Mine, edited here.")
    export_marks(library, path, fog)
    assert path.read_text(encoding="utf-8") == document


def test_words_that_changed_on_both_sides_are_both_kept_once(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    made = note(library, fog, 1, "Mine.")
    export_marks(library, path, fog)
    document = edited(path, "> Mine.", "> Mine, edited in the file.")
    library.annotations.edit(made, "Mine, edited here.")
    assert [one.outcome for one in import_notes(library, document, "f")] == ["both kept"]
    assert import_notes(library, document, "f") == []
    texts = {mark.text for mark in library.annotations.marks(fog)}
    assert texts == {"Mine, edited here.", "Mine, edited in the file."}
    after = export_marks(library, path, fog)
    assert after.count("edited here.") == 1 and after.count("edited in the file.") == 1


def test_an_emptied_note_is_removed_and_an_unknown_one_is_told(
    library: Library, fog: str, tmp_path: Path
) -> None:
    path = tmp_path / "marks.md"
    made = note(library, fog, 1, "Mine.")
    export_marks(library, path, fog)
    document = edited(path, "> Mine.", ">")
    strange = "\n".join(note_lines("gone", "x", managed=True)).replace("x", "y", 1).replace("\nx\n", "\nz\n")
    outcomes = {one.id: one.outcome for one in import_notes(library, document + strange, "f")}
    assert outcomes == {made: "removed", "gone": "unknown"}
    assert not library.annotations.marks(fog)
    with pytest.raises(ExportError, match="is not an export"):
        import_notes(library, "# Mine\n", "f")


def test_a_note_comes_back_from_each_preset_and_style(library: Library, fog: str, tmp_path: Path) -> None:
    made = note(library, fog, 1, "Mine 0.")
    for nth, (name, style) in enumerate(itertools.product(PRESETS, STYLES), 1):
        form = Form(PRESETS[name], style)
        path = tmp_path / f"{nth}.md"
        export_thread(library, path, fog, LOOK._replace(form=form))
        document = edited(path, f"Mine {nth - 1}.", f"Mine {nth}.")
        assert [one.outcome for one in import_notes(library, document, "f")] == ["edited"], (name, style)
        assert library.annotations.mark(made).text == f"Mine {nth}."


@settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(NOTE_SIGNS.filter(bool), min_size=2, max_size=2),
    NOTE_SIGNS.filter(bool),
    st.lists(st.sampled_from(NOTE_KINDS), min_size=2, max_size=2),
)
def test_export_edit_import_export_is_stable_for_any_words(
    library: Library, fog: str, tmp_path: Path, notes: list[str], new: str, kinds: list[NoteKind]
) -> None:
    store = library.annotations
    for mark in store.marks(fog):
        store.remove(mark.id)
    made = [note(library, fog, at, text) for at, text in enumerate(notes)]
    was, becomes = kinds
    store.set_kind(made[0], was)
    path = tmp_path / "thread.md"
    path.unlink(missing_ok=True)
    document = export_thread(library, path, fog)
    assert import_notes(library, document, "f") == []
    begin, end = (f"<!-- tr:{what} {made[0]}" for what in ("note", "end-note"))
    words = "".join(f"> > {line}".rstrip() + "\n" for line in ("", *to_markdown(new).split("\n"), ""))
    written = re.sub(
        rf"(?s)({re.escape(begin)} [\w ]+ -->\n).*?(?=> > {re.escape(end)})",
        lambda found: found[1] + words,
        document,
    )
    written = written.replace(f"[!{CALLOUTS[was]}]", f"[!{CALLOUTS[becomes]}]", 1)
    import_notes(library, written, "f")
    kept = {mark.id: (mark.text, mark.note_kind) for mark in store.marks(fog)}
    assert kept == {made[0]: (stripped(new), becomes), made[1]: (notes[1], "comment")}
    path.write_text(written, encoding="utf-8")
    after = export_thread(library, path, fog)
    assert import_notes(library, after, "f") == []
    assert export_thread(library, path, fog) == after


# Other forms


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Annotations]:
    store = Annotations.open(tmp_path / "other.db")
    yield store
    store.close()


def test_web_annotations_bring_an_equal_store(library: Library, fog: str, tmp_path: Path) -> None:
    first, _, second = ids(library, fog)
    store = library.annotations
    store.highlight(fog, first, library.passage(fog, first, "heron")[0], "blue", "With a note.")
    store.set_kind(note(library, fog, 1, "**Mine**\n\n- x"), "claim")
    store.highlight(fog, first, library.passage(fog, first, "came")[0], "red", note_kind="quote")
    store.bookmark(fog, None, library.quote(fog, None))
    store.tag(fog, first, ["heron"])
    store.tag(fog, second, ["only-tagged"])
    marks, tags = store.marks(), store.tags(fog)
    text = json_ld(gathered(library), {(fog, second): ("only-tagged",)})
    for mark in marks:
        store.remove(mark.id)
    store.untag(fog, first, ["heron"])
    store.untag(fog, second, ["only-tagged"])
    taken = import_marks(library, text, "x.jsonld")
    assert (store.marks(), store.tags(fog)) == (marks, tags)
    assert not taken.left
    assert import_marks(library, text, "x.jsonld").changed == 0
    store.undo()
    assert (store.marks(), store.tags(fog)) == ([], {})


def test_annotations_of_others_find_their_comment_or_are_told(
    library: Library, fog: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [post._replace(url="https://x.example/fog") for post in library.index.posts()]
    monkeypatch.setattr(library.index, "posts", lambda: posts)
    page = {
        "items": [
            {
                "id": "https://other.example/1",
                "type": "Annotation",
                "created": "2024-01-01T00:00:00Z",
                "body": {"type": "TextualBody", "value": "Theirs."},
                "target": {
                    "source": "https://x.example/fog#top",
                    "selector": [{"type": "TextQuoteSelector", "exact": "left again"}],
                },
            },
            {"target": {"source": "https://nowhere.example/", "selector": []}, "body": "x"},
        ]
    }
    taken = import_marks(library, json.dumps(page), "x.json")
    (mark,) = library.annotations.marks()
    assert (mark.kind, mark.comment_id, mark.text, mark.quote.exact) == (
        "highlight", ids(library, fog)[1], "Theirs.", "left again",
    )  # fmt: skip
    assert len(taken.left) == 1 and taken.left[0].startswith("https://nowhere.example/")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"motivation": "questioning", "body": "Why?"}, "question"),
        ({"motivation": "commenting", "body": {"purpose": "assessing", "value": "So?"}}, "claim"),
        ({"body": [{"purpose": "tagging", "value": "x"}, {"purpose": ["y"], "value": "z"}]}, "comment"),
        ({"motivation": "assessing", "body": {"purpose": "commenting", "value": "!"}}, "comment"),
        ({"motivation": "bookmarking", "body": {"purpose": "questioning", "value": "?"}}, "comment"),
    ],
)
def test_what_an_annotation_is_for_is_the_kind_of_its_note(told: dict[str, object], kind: str) -> None:
    (taken,) = taken_from(json.dumps(told | {"target": "https://a.example"}), "x")
    assert taken.mark and taken.mark.note_kind == kind


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 1}', '{"items": [{"target": 3}]}', "x\ny"])
def test_what_is_no_annotation_is_told_in_a_line(text: str) -> None:
    with pytest.raises(ExportError, match=r"^x\.json"):
        taken_from(text, "x.json")


# Templates


def test_a_template_of_the_readers_takes_the_place_of_what_it_defines(
    library: Library, fog: str, tmp_path: Path
) -> None:
    note(library, fog, 0, "Mine.")
    (tmp_path / "short.md.j2").write_text("{% macro mark(m) %}* {{ m.place }}: {{ m.note }}{% endmacro %}")
    look = LOOK._replace(templates=Templates("short", tmp_path))
    text = str(marks_document(library, look, post_id=fog))
    assert "\n* 1: > [!note] My note" in text and "# Fog on the river" in text and "###" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% macro mark(m) %}\n{{ m.place }\n{% endmacro %}", r"bad\.md\.j2, line 2: "),
        ("{% macro mark(m) %}\n\n{{ m.plaice }}\n{% endmacro %}", r"bad\.md\.j2, line 3: .*plaice"),
        (
            "{% macro mark(m) %}{{ ''.__class__.__mro__ }}{% endmacro %}",
            r"bad\.md\.j2, line 1: access to attribute '__class__'",
        ),
        (
            "{% macro mark(m) %}{% for x in range(10**9) %}{% endfor %}{% endmacro %}",
            r"bad\.md\.j2, line 1: Range",
        ),
    ],
)
def test_a_broken_template_is_told_in_one_line(
    library: Library, fog: str, tmp_path: Path, text: str, told: str
) -> None:
    note(library, fog, 0, "Mine.")
    (tmp_path / "bad.md.j2").write_text(text)
    with pytest.raises(TemplateBroken, match=told) as caught:
        str(marks_document(library, LOOK._replace(templates=Templates("bad", tmp_path)), post_id=fog))
    assert "\n" not in str(caught.value)
    with pytest.raises(UnknownReference, match="no such template"):
        Templates("missing", tmp_path)


def test_a_block_holds_its_sum() -> None:
    assert re.fullmatch(
        r"<!-- tr:begin a%20b [0-9a-f]{8} -->\n\nx\n\n<!-- tr:end a%20b -->\n",
        block_text(Section("a b", "x")),
    )
