"""Documents go in, and whatever happens to them, posts, comments and marks stay what they were."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WriteThread

from threadreader.errors import LibraryError, LibraryReadOnly, UnknownReference
from threadreader.index import Index
from threadreader.library import Added, Library, expected_documents, reading
from threadreader.library.exporting import thread_document
from threadreader.model import Source, TextQuote, Thread

FERRY = "The ferry did not run at all, and nobody told the people on the quay."
BELL = "They rang the old bell instead, which I had not heard since I was nine."
LAMP = "My grandmother put a lamp in the window on such days, for the look of it."
GULLS = "The gulls walked. I have never seen so many gulls on foot."
EEL = "Down by the sluice the eel men did not mind it in the least."


def ids(library: Library, added: Added) -> dict[str, str]:
    """Text -> id of the comments of the one post of a document, as they are stored."""
    (thread,) = added.threads
    return {comment.text: comment.id for comment in library.index.thread(thread.post.id).comments}


def everything(library: Library) -> list[Thread]:
    return [library.index.thread(post.id) for post in library.index.posts()]


def test_a_document_becomes_a_post_with_its_comments_in_reading_order(
    library: Library, write_thread: WriteThread
) -> None:
    added = library.add(write_thread("fog.txt", (FERRY, BELL), GULLS))
    (thread,) = everything(library)
    assert (added.status, added.threads) == ("added", (thread,))
    assert [(comment.place, comment.text) for comment in thread.comments] == [
        ("1", FERRY),
        ("1.1", BELL),
        ("2", GULLS),
    ]


def test_a_document_that_did_not_change_is_unchanged(library: Library, write_thread: WriteThread) -> None:
    path = write_thread("fog.txt", FERRY)
    before = everything(library) if library.add(path) else []
    again = library.add(path)
    assert again.status == "unchanged"
    assert [thread.post.id for thread in again.threads] == [thread.post.id for thread in everything(library)]
    assert before == everything(library)


def test_the_same_document_under_another_name_is_one_post(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("fog.txt", FERRY, GULLS))
    assert library.add(write_thread("copy.txt", FERRY, GULLS)).status == "unchanged"
    assert len(library.index.posts()) == 1


def test_an_edited_comment_keeps_its_id_and_a_new_one_gets_its_own(
    library: Library, write_thread: WriteThread
) -> None:
    before = ids(library, library.add(write_thread("fog.txt", (FERRY, BELL), GULLS)))
    edited = FERRY + " Edited: it was the rope."
    updated = library.add(write_thread("fog.txt", LAMP, (edited, BELL), GULLS))
    after = ids(library, updated)
    assert updated.status == "updated"
    assert (after[edited], after[BELL], after[GULLS]) == (before[FERRY], before[BELL], before[GULLS])
    assert after[LAMP] not in before.values()


def test_a_comment_edited_twice_keeps_its_id_and_a_rebuilt_index_knows(
    library: Library, write_thread: WriteThread
) -> None:
    first = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS, BELL)))
    library.add(write_thread("fog.txt", FERRY + " Or so.", GULLS, BELL))
    last = ids(library, library.add(write_thread("fog.txt", FERRY + " Or so I heard.", GULLS, BELL)))
    assert last[FERRY + " Or so I heard."] == first[FERRY]
    stored = everything(library)
    with Library.open(library.folder, anew=True) as rebuilt:
        assert everything(rebuilt) == stored


def test_the_words_of_an_edited_comment_can_come_back_beside_it(
    library: Library, write_thread: WriteThread
) -> None:
    first = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS, BELL)))
    library.add(write_thread("fog.txt", FERRY + " Or so.", GULLS, BELL))
    both = library.add(write_thread("fog.txt", FERRY, FERRY + " Or so.", GULLS, BELL))
    after = ids(library, both)
    assert both.status == "updated"
    assert after[FERRY + " Or so."] == first[FERRY]
    assert len(set(after.values())) == 4


def test_a_copy_elsewhere_with_most_of_the_comments_updates_the_post(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("fog.txt", FERRY, GULLS, BELL, LAMP))
    other = write_thread("later.txt", FERRY, GULLS, BELL, EEL, title="Fog!", date="Friday, 9 April 2021")
    assert library.add(other).status == "updated"
    assert [thread.post.title for thread in everything(library)] == ["Fog!"]


def test_posts_that_share_a_few_comments_stay_apart(library: Library, write_thread: WriteThread) -> None:
    library.add(write_thread("fog.txt", "Thank you!", "Lovely.", FERRY, GULLS, BELL, LAMP))
    other = write_thread("rain.txt", "Thank you!", "Lovely.", EEL, title="Rain", date="Friday, 9 April 2021")
    assert library.add(other).status == "added"
    assert len(library.index.posts()) == 2


def test_another_page_saved_over_a_document_is_another_post(
    library: Library, write_thread: WriteThread
) -> None:
    library.add(write_thread("page.txt", FERRY, GULLS, BELL))
    rain = ("It rained.", "It rained on us.", "It rained on them as well.")
    assert library.add(write_thread("page.txt", *rain, title="Rain")).status == "added"
    assert {post.title for post in library.index.posts()} == {"Fog on the river", "Rain"}


def test_an_older_copy_does_not_come_back_when_the_index_was_rebuilt(
    library: Library, write_thread: WriteThread
) -> None:
    older = write_thread("older.txt", FERRY, GULLS, BELL)
    newer = write_thread("newer.txt", FERRY, GULLS, BELL, LAMP)
    library.refresh([older, newer])
    stored = everything(library)
    with Library.open(library.folder, anew=True) as rebuilt:
        assert [added.status for added in rebuilt.refresh([older, newer])] == ["unchanged", "unchanged"]
        assert everything(rebuilt) == stored


def test_a_failed_document_changes_nothing(library: Library, tmp_path: Path) -> None:
    (tmp_path / "shopping.txt").write_text("Milk.\nRope.\n")
    added = library.add(tmp_path / "shopping.txt")
    assert added.status == "failed"
    assert added.error and "no thread found" in added.error
    assert not library.sources.folder.exists()


def test_an_index_that_fails_leaves_no_source_behind(
    library: Library, write_thread: WriteThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LibraryReadOnly("full")

    monkeypatch.setattr(Index, "put_many", fail)
    added = library.add(write_thread("fog.txt", FERRY))
    assert (added.error, added.library_failed) == ("full", True)
    assert list(library.sources.folder.iterdir()) == []
    assert not library.check()[0]


def test_refreshing_a_folder_reads_what_is_new_and_passes_over_the_rest(
    library: Library, write_thread: WriteThread, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    (folder / "deep").mkdir(parents=True)
    write_thread("fog.txt", FERRY, folder=folder)
    write_thread("rain.txt", EEL, title="Rain", folder=folder / "deep")
    write_thread(".hidden.txt", LAMP, title="Hidden", folder=folder)
    write_thread("README.md", BELL, title="Not a thread", folder=folder)
    (folder / "shopping.txt").write_text("Milk.\n")
    assert [Path(added.path).name for added in library.refresh([folder])] == ["fog.txt", "rain.txt"]
    assert library.refresh([folder]) == []


def test_refreshing_reads_only_what_changed(library: Library, write_thread: WriteThread) -> None:
    fog = write_thread("fog.txt", FERRY, GULLS)
    rain = write_thread("rain.txt", EEL, title="Rain")
    library.refresh([fog, rain])
    write_thread("fog.txt", FERRY, GULLS, BELL)
    assert [(Path(a.path).name, a.status) for a in library.refresh([fog, rain])] == [("fog.txt", "updated")]


def test_a_document_named_itself_is_told_about_each_time_it_fails(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "shopping.txt"
    path.write_text("Milk.\n")
    assert [added.status for added in library.refresh([path])] == ["failed"]
    assert [added.status for added in library.refresh([path])] == ["failed"]


def test_a_document_that_is_gone_and_comes_back(library: Library, write_thread: WriteThread) -> None:
    path = write_thread("fog.txt", FERRY)
    library.refresh([path])
    path.rename(path.with_suffix(".away"))
    library.refresh([])
    assert [post.source_gone for post in library.index.posts()] == [True]
    path.with_suffix(".away").rename(path)
    library.refresh([])
    assert [post.source_gone for post in library.index.posts()] == [False]


def test_the_librarys_own_folder_is_no_place_for_documents(write_thread: WriteThread, tmp_path: Path) -> None:
    write_thread("fog.txt", FERRY)
    with Library.open(tmp_path / "library") as library:
        library.refresh([tmp_path])
        assert library.refresh([tmp_path]) == []
        assert [added.status for added in library.add_all([tmp_path])] == ["unchanged"]


def test_progress_is_told_document_by_document(library: Library, write_thread: WriteThread) -> None:
    told: list[tuple[int, int, str]] = []
    paths = [write_thread("a.txt", FERRY), write_thread("b.txt", EEL, title="Rain")]
    library.refresh(paths, progress=lambda *now: told.append(now))
    assert told == [(0, 2, "a.txt"), (1, 2, "b.txt"), (2, 2, "")]


@pytest.mark.parametrize("damage", [b"", b"not a database" * 100, None])
def test_a_missing_or_damaged_index_is_built_again_with_the_same_ids(
    write_thread: WriteThread, tmp_path: Path, damage: bytes | None
) -> None:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add(write_thread("fog.txt", (FERRY, BELL), GULLS))
        library.add(write_thread("fog.txt", (FERRY + " Or so.", BELL), GULLS))
        stored = everything(library)
    for path in folder.glob("index.db*"):
        path.unlink()
    if damage is not None:
        (folder / "index.db").write_bytes(damage)
    with Library.open(folder) as rebuilt:
        assert everything(rebuilt) == stored
        assert not rebuilt.check()[0]


def test_the_news_of_the_last_copy_are_the_same_after_a_rebuild(
    library: Library, write_thread: WriteThread
) -> None:
    def news(library: Library) -> dict[str, str]:
        (post,) = library.index.posts()
        texts = dict(library.index.texts(post.id))
        return {texts[comment_id]: kind for comment_id, kind in library.index.news(post.id).items()}

    copies: list[tuple[tuple[str | tuple[str, ...], ...], dict[str, str]]] = [
        ((FERRY, GULLS), {}),
        (((FERRY + " Or so.", BELL), GULLS), {FERRY + " Or so.": "changed", BELL: "new"}),
        (((FERRY + " Or so.", BELL), GULLS + " Many."), {GULLS + " Many.": "changed"}),
        (((FERRY + " Or so.", BELL), EEL, GULLS + " Many."), {EEL: "new"}),
    ]
    for comments, brought in copies:
        library.add(write_thread("fog.txt", *comments))
        assert news(library) == brought
        with Library.open(library.folder, anew=True) as rebuilt:
            assert news(rebuilt) == brought
            assert not rebuilt.check()[0]
            (post,) = rebuilt.index.posts()
            assert rebuilt.index.sources(post.id) == library.index.sources(post.id)


def test_marks_stand_on_their_words_after_update_and_rebuild(
    library: Library, write_thread: WriteThread
) -> None:
    stored = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS, BELL)))
    (post,) = library.index.posts()
    for text in (FERRY, GULLS, BELL):
        library.annotations.bookmark(post.id, stored[text], library.quote(post.id, stored[text]))
    library.annotations.bookmark(post.id, None, library.quote(post.id, None))
    library.add(write_thread("fog.txt", FERRY + " Or so.", BELL))
    with Library.open(library.folder, anew=True) as rebuilt:
        states = {told.mark.quote.exact: told.state for told in rebuilt.states(rebuilt.annotations.marks())}
        assert states == {FERRY: "changed", GULLS: "orphan", BELL: "exact", post.title: "exact"}
        assert [mark.quote.exact for mark in rebuilt.check()[1]] == [GULLS]


def test_read_marks_of_a_lost_comment_are_not_counted(library: Library, write_thread: WriteThread) -> None:
    stored = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS, BELL)))
    (post,) = library.index.posts()
    library.annotations.mark_read(post.id, [stored[FERRY], stored[GULLS]])
    library.add(write_thread("fog.txt", FERRY, BELL))
    assert [listed.unread for listed in library.listed()] == [1]


def test_the_list_shows_the_readers_own_title_and_marks(library: Library, write_thread: WriteThread) -> None:
    stored = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS)))
    (post,) = library.index.posts()
    library.annotations.rename(post.id, "The day of the gulls")
    library.annotations.note(post.id, stored[GULLS], "On foot!", TextQuote(GULLS))
    (listed,) = library.listed()
    assert (listed.title, listed.unread, listed.notes) == ("The day of the gulls", 2, 1)
    assert library.title(post.id) == "The day of the gulls"
    assert "# The day of the gulls" in str(thread_document(library, post.id))


def test_notes_are_found_with_the_comments(library: Library, write_thread: WriteThread) -> None:
    stored = ids(library, library.add(write_thread("fog.txt", FERRY, GULLS)))
    (post,) = library.index.posts()
    library.annotations.note(post.id, stored[GULLS], "Ornithology", TextQuote(GULLS))
    assert [hit.where for hit in library.find("ornithology").hits] == ["note"]
    assert library.find("ferry").hits[0].comment_id == stored[FERRY]


class TestReferences:
    @pytest.fixture
    def filled(self, library: Library, write_thread: WriteThread) -> Library:
        library.add(write_thread("rain.txt", EEL, title="Rain", date="Thursday, 8 April 2021"))
        library.add(write_thread("fog.txt", FERRY, (GULLS, BELL)))
        return library

    def test_numbers_and_places_are_those_of_the_list(self, filled: Library) -> None:
        fog, rain = filled.index.posts()
        comments = filled.index.thread(fog.id).comments
        assert (fog.title, rain.title) == ("Fog on the river", "Rain")
        assert filled.resolve("1") == (fog.id, None)
        assert filled.resolve(" 2 ") == (rain.id, None)
        assert filled.resolve("1/2.1") == (fog.id, comments[2].id)
        assert filled.resolve(f"{fog.id[:8]}/2") == (fog.id, comments[1].id)

    def test_six_characters_of_an_id_name_it_and_five_do_not(self, filled: Library) -> None:
        fog = filled.index.posts()[0]
        comment = filled.index.thread(fog.id).comments[0]
        assert filled.resolve(fog.id) == (fog.id, None)
        assert filled.resolve(comment.id[:6]) == (fog.id, comment.id)
        with pytest.raises(UnknownReference):
            filled.resolve(comment.id[:5])

    @pytest.mark.parametrize(
        "reference", ["", "0", "3", "-1", "/", "/1", "1/", "1/9", "1/1.1", "zzzzzz", "²"]
    )
    def test_what_names_nothing_is_refused(self, filled: Library, reference: str) -> None:
        with pytest.raises(UnknownReference, match="names nothing"):
            filled.resolve(reference)

    def test_an_ambiguous_one_is_refused_with_its_candidates(
        self, filled: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fog, rain = filled.index.posts()
        monkeypatch.setattr(filled.index, "ids_with_prefix", lambda prefix: ([fog.id, rain.id], []))
        with pytest.raises(UnknownReference, match=f"{fog.id}, {rain.id}"):
            filled.resolve("abcdef")

    def test_a_post_is_no_comment(self, filled: Library) -> None:
        with pytest.raises(UnknownReference, match="Name a comment of it, such as 1/1"):
            filled.resolve("1", comment=True)


class TestCheck:
    def test_a_changed_and_a_missing_source_are_told(
        self, library: Library, write_thread: WriteThread
    ) -> None:
        library.add(write_thread("fog.txt", FERRY))
        library.add(write_thread("rain.txt", EEL, title="Rain"))
        assert library.check() == ([], [])
        changed, missing = sorted(library.sources.folder.glob("*.txt"))
        changed.write_bytes(b"other words")
        missing.unlink()
        assert {(problem.code, problem.where) for problem in library.check()[0]} == {
            ("source-changed", str(changed)),
            ("source-missing", str(missing)),
        }

    def test_a_source_of_which_nothing_is_known_is_told(
        self, library: Library, write_thread: WriteThread
    ) -> None:
        library.add(write_thread("fog.txt", FERRY))
        (about,) = library.sources.folder.glob("*.json")
        about.write_text("{}")
        assert [problem.code for problem in library.check()[0]] == ["source-unknown"]

    def test_expected_documents_are_read_from_the_table(
        self, library: Library, write_thread: WriteThread
    ) -> None:
        library.add(write_thread("fog.txt", (FERRY, BELL), GULLS))
        digest = library.index.sources(library.index.posts()[0].id)[0].digest
        table = (
            "| file | SHA-256 | layout | comments | on the post |\n|---|---|---|---|---|\n"
            f"| `fog.txt` | `{digest}` | outline | 3 | 2 |\n"
            f"| `fog.txt` | `{digest}` | outline | 4 | 2 |\n"
            f"| `rain.txt` | `{'0' * 64}` | run-on | 4 | 2 |\n"
        )
        right, wrong, absent = library.verdicts(expected_documents(table))
        assert right.agrees and right.found == right.expected
        assert not wrong.agrees and wrong.found == right.expected
        assert absent.agrees and absent.found is None


def test_a_clone_sees_what_the_other_adds(library: Library, write_thread: WriteThread) -> None:
    with library.clone() as other:
        library.add(write_thread("fog.txt", FERRY))
        (post,) = other.index.posts()
        library.annotations.bookmark(post.id, None, library.quote(post.id, None))
        assert [listed.bookmarks for listed in other.listed()] == [1]


def test_sources_can_be_read_by_whoever_may_read_the_library(
    library: Library, write_thread: WriteThread
) -> None:
    mask = os.umask(0o022)
    try:
        library.add(write_thread("fog.txt", FERRY))
    finally:
        os.umask(mask)
    assert {oct(path.stat().st_mode & 0o777) for path in library.sources.folder.iterdir()} == {"0o644"}


class TestManyDocuments:
    """From so many on they are read in other processes and kept together."""

    @pytest.fixture
    def folder(self, write_thread: WriteThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(reading, "MANY", 6)
        folder = tmp_path / "documents"
        folder.mkdir()
        for number in range(7):
            said = (f"{FERRY} {number}", (f"{GULLS} {number}", f"{BELL} {number}"), f"{LAMP} {number}")
            write_thread(f"{number}.txt", *said, title=f"Fog {number}", folder=folder)
        copy = (f"{FERRY} 0", f"{GULLS} 0", f"{LAMP} 0", f"{BELL} 0 Or so.")
        write_thread("8.txt", *copy, title="Fog again", folder=folder)
        (folder / "9.txt").write_text("Milk.\nRope.\n")
        return folder

    def test_what_comes_of_them_is_what_comes_of_each(
        self, library: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        together = library.add_all([folder])
        monkeypatch.setattr(reading, "MANY", 100)
        with Library.open(tmp_path / "other") as other:
            assert together == other.add_all([folder])
            assert everything(library) == everything(other)
            assert library.annotations.aliases() == other.annotations.aliases()
            assert library.index.files() == other.index.files()
        assert [added.status for added in together] == ["added"] * 7 + ["updated", "failed"]
        assert library.check() == ([], [])
        with Library.open(library.folder, anew=True) as rebuilt:
            assert everything(rebuilt) == everything(library)

    def test_again_they_are_unchanged_and_no_news(self, library: Library, folder: Path) -> None:
        assert len(library.refresh([folder])) == 8
        assert library.refresh([folder]) == []
        assert [added.status for added in library.add_all([folder])] == ["unchanged"] * 8 + ["failed"]

    @pytest.mark.parametrize("stops", [KeyboardInterrupt, None])
    def test_who_stops_half_way_leaves_the_library_as_it_was(
        self, library: Library, folder: Path, stops: type[BaseException] | None
    ) -> None:
        def progress(done: int, total: int, name: str) -> None:
            if stops and done == 5:
                raise stops

        with contextlib.closing(library.add_each([folder], progress=progress)) as results:
            if stops:
                with pytest.raises(stops):
                    list(results)
            else:
                assert [next(results).status for _ in range(5)] == ["added"] * 5
        assert (everything(library), library.index.files()) == ([], [])
        assert list(library.sources.folder.iterdir()) == []
        assert library.check() == ([], [])
        assert len(library.add_all([folder])) == 9

    def test_a_library_that_fails_keeps_none(
        self, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put, calls = Index.put_many, []

        def fail(index: Index, threads: Iterator[tuple[Thread, Source]]) -> None:
            calls.append(1)
            if len(calls) == 4:
                raise LibraryReadOnly("full")
            put(index, threads)

        monkeypatch.setattr(Index, "put_many", fail)
        (added,) = library.add_all([folder])
        assert (added.error, added.library_failed, added.none_kept) == ("full", True, True)
        assert (everything(library), list(library.sources.folder.iterdir())) == ([], [])

    def test_read_marks_stand_on_a_copy_that_comes_with_many(
        self, library: Library, folder: Path, write_thread: WriteThread
    ) -> None:
        stored = ids(library, library.add(folder / "1.txt"))
        (post,) = library.index.posts()
        library.annotations.mark_read(post.id, list(stored.values()))
        write_thread("1.txt", f"{FERRY} 1", f"{GULLS} 1", f"{EEL} 1", title="Fog 1", folder=folder)
        library.add_all([folder])
        (unread,) = (listed.unread for listed in library.listed() if listed.post.id == post.id)
        assert unread == 1


def test_an_old_index_of_many_documents_is_filled_while_one_reads(
    library: Library, write_thread: WriteThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadreader.library.MANY", 2)
    monkeypatch.setattr("threadreader.library.rebuilding._AT_A_TIME", 1)
    for number in range(4):
        library.add(write_thread(f"{number}.txt", "Low.", "High.", title=f"Tide {number}"))
    before = everything(library)
    library.index.begun_anew(library.index.path).close()

    with Library.open(library.folder, unfilled=True) as opened:
        assert (opened.index.is_unfinished, everything(opened)) == (True, [])
        seen = []
        finish = Index.finish

        def finished(index: Index) -> None:
            seen.append(everything(opened))
            finish(index)

        monkeypatch.setattr(Index, "finish", finished)
        with opened.clone() as filling:
            filling.fill(lambda done, total, name: seen.append(everything(opened)))
        assert [len(threads) for threads in seen] == [0, 1, 2, 3, 4, 4]
        assert seen[-1] == before
    with Library.open(library.folder) as whole:
        assert (whole.index.is_unfinished, everything(whole), whole.check()) == (False, before, ([], []))


def test_an_index_that_was_left_unfinished_is_built_anew(library: Library, write_thread: WriteThread) -> None:
    library.add(write_thread("tide.txt", "Low.", "High."))
    before = everything(library)
    library.index.begun_anew(library.index.path).close()
    with Library.open(library.folder) as opened:
        assert (opened.index.is_unfinished, everything(opened)) == (False, before)
    library.index.begun_anew(library.index.path).close()
    with Library.open(library.folder, unfilled=True) as opened:  # so few are read at once
        assert (opened.index.is_unfinished, everything(opened)) == (False, before)


def test_documents_are_read_in_other_processes_where_errors_go_to_no_file(
    write_thread: WriteThread,
) -> None:
    code = (
        "import io, sys\nfrom pathlib import Path\nfrom threadreader.library import reading\n"
        "class Captured(io.StringIO):\n    def fileno(self):\n        return -1\n"
        "if __name__ == '__main__':\n    reading.MANY = 1\n    sys.stderr = Captured()\n"
        "    print(*(len(d.drafts) for d in reading.each([Path(sys.argv[1])])))\n"
    )
    document = write_thread("tide.txt", "Low.", "High.")
    program = document.with_name("program.py")
    program.write_text(code)
    told = subprocess.run(
        [sys.executable, str(program), str(document)], capture_output=True, text=True, check=False
    )
    assert (told.stdout, told.stderr) == ("1\n", "")


def test_what_comes_to_an_unfinished_index_is_compared_with_all_that_was_there(
    library: Library, write_thread: WriteThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadreader.library.MANY", 0)
    document = write_thread("tide.txt", FERRY, BELL, LAMP)
    library.add(document)
    (before,) = library.index.posts()
    library.index.begun_anew(library.index.path).close()
    copy = write_thread("copy.txt", FERRY, BELL, LAMP, GULLS)
    with Library.open(library.folder, unfilled=True) as opened:
        assert opened.add(copy).status == "updated"
        assert [post.id for post in opened.index.posts()] == [before.id]
    library.index.begun_anew(library.index.path).close()
    with Library.open(library.folder, unfilled=True) as opened:
        assert [added.status for added in opened.add_all([document])] == ["unchanged"]


def test_an_index_that_another_program_fills_is_left_to_it(
    library: Library, write_thread: WriteThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadreader.library.MANY", 0)
    document = write_thread("tide.txt", FERRY)
    library.add(document)
    library.index.begun_anew(library.index.path).close()
    with Library.open(library.folder, unfilled=True) as filling:
        with pytest.raises(LibraryError, match="being built by another program"):
            Library.open(library.folder)
        with Library.open(library.folder, unfilled=True) as other:
            assert (other.must_fill, other.index.is_unfinished) == (False, True)
            assert "being built" in (other.add(document).error or "")
            (added,) = other.add_all([document])
            assert added.library_failed
        filling.fill()
        assert [post.title for post in filling.index.posts()] == ["Fog on the river"]
    assert not list(library.folder.glob("*filling*"))
    with Library.open(library.folder) as whole:
        assert whole.check() == ([], [])


def marked(library: Library, post_id: str, comment_id: str) -> str:
    return library.annotations.bookmark(post_id, comment_id, library.quote(post_id, comment_id)).id


def test_marks_on_equal_comments_stay_apart_when_one_of_them_is_edited(
    library: Library, write_thread: WriteThread
) -> None:
    (first,) = library.add(write_thread("fog.txt", "So true!", (FERRY, "So true!"), GULLS)).threads
    post_id = first.post.id
    marks = {
        marked(library, post_id, comment.id): comment
        for comment in first.comments
        if comment.text == "So true!"
    }
    (second,) = library.add(
        write_thread("fog.txt", "So true! Edit: or is it?", (FERRY, "So true!"), GULLS)
    ).threads
    told = {anchored.mark.id: anchored for anchored in library.states(library.annotations.marks())}
    on_root, on_reply = (told[mark] for mark in marks)
    assert (on_reply.state, on_reply.comment_id) == ("exact", second.comments[2].id)
    assert on_root.state in ("changed", "ask")
    assert on_root.comment_id in (None, second.comments[0].id)
    with Library.open(library.folder, anew=True) as rebuilt:
        assert everything(rebuilt) == everything(library)


def test_equal_comments_that_cannot_be_told_apart_are_asked_about_and_settled(
    library: Library, write_thread: WriteThread
) -> None:
    twice = "The same words, twice."
    (first,) = library.add(write_thread("fog.txt", FERRY, twice, twice, GULLS, BELL)).threads
    mark_id = marked(library, first.post.id, first.comments[1].id)
    (second,) = library.add(write_thread("fog.txt", FERRY, twice, GULLS, BELL)).threads
    (told,) = library.states(library.annotations.marks())
    assert (told.state, told.comment_id, told.candidates) == ("ask", None, (second.comments[1].id,))
    settled = library.attach(mark_id, (first.post.id, second.comments[1].id))
    assert (settled.state, settled.comment_id) == ("exact", second.comments[1].id)
    assert (
        library.annotations.undo()
        == "bookmark on “The same words, twice.” attached to the other comment again"
    )
    (told,) = library.states(library.annotations.marks())
    assert told.state == "ask"
    library.annotations.redo()
    (told,) = library.states(library.annotations.marks())
    assert told.state == "exact"


def test_a_mark_comes_back_with_its_comment_even_edited(library: Library, write_thread: WriteThread) -> None:
    (first,) = library.add(write_thread("fog.txt", FERRY, GULLS, BELL, LAMP)).threads
    marked(library, first.post.id, first.comments[0].id)
    library.add(write_thread("fog.txt", GULLS, BELL, LAMP))
    (told,) = library.states(library.annotations.marks())
    assert (told.state, told.comment_id) == ("orphan", None)
    (third,) = library.add(write_thread("fog.txt", FERRY + " Or so.", GULLS, BELL, LAMP)).threads
    (told,) = library.states(library.annotations.marks())
    assert (told.state, told.comment_id) == ("changed", third.comments[0].id)


def test_a_highlight_attached_elsewhere_keeps_its_words_where_they_are_not(
    library: Library, write_thread: WriteThread
) -> None:
    (thread,) = library.add(write_thread("fog.txt", FERRY, GULLS)).threads
    (post_id, ferry, gulls) = thread.post.id, thread.comments[0].id, thread.comments[1].id
    words = FERRY.split(",")[0]
    quote, _ = library.passage(post_id, ferry, words)
    mark = library.annotations.highlight(post_id, ferry, quote, "green")
    told = library.attach(mark.id, (post_id, gulls))
    assert (told.state, told.comment_id, told.mark.quote.exact) == ("changed", gulls, words)
    assert library.attach(mark.id, (post_id, ferry)).state == "exact"


def test_a_comment_has_one_bookmark_also_by_attaching(library: Library, write_thread: WriteThread) -> None:
    (thread,) = library.add(write_thread("fog.txt", FERRY, GULLS)).threads
    marks = [marked(library, thread.post.id, comment.id) for comment in thread.comments]
    with pytest.raises(UnknownReference, match="a bookmark on that comment already"):
        library.attach(marks[0], (thread.post.id, thread.comments[1].id))


def test_marks_stay_when_the_post_comes_in_the_other_layout(
    library: Library, write_thread: WriteThread
) -> None:
    path = write_thread("fog.txt", FERRY, GULLS, BELL, "So true!")
    (thread,) = library.add(path).threads
    for comment in thread.comments:
        marked(library, thread.post.id, comment.id)
    texts = [comment.text for comment in thread.comments]
    path.write_text(
        "It lay there all day.\n" + "".join(f"{text}ReplyDelete\n" for text in texts), encoding="utf-8"
    )
    (other,) = library.add(path).threads
    assert other.post.layout == "run-on"
    told = library.states(library.annotations.marks())
    assert [(one.state, one.comment_id) for one in told] == [("exact", one.id) for one in other.comments]


def test_the_copy_before_the_newest_can_be_read_again(library: Library, write_thread: WriteThread) -> None:
    (first,) = library.add(write_thread("fog.txt", FERRY, GULLS, BELL)).threads
    assert library.earlier(first.post.id) is None
    library.add(write_thread("fog.txt", FERRY + " Or so.", BELL))
    earlier = library.earlier(first.post.id)
    assert earlier and earlier.comments == first.comments
