"""Documents in, drafts out: every edge of the two layouts, and everything that is no thread."""

import datetime as dt
import os
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import pytest

from threadreader import importers
from threadreader.errors import DocumentUnreadable, NoThreadFound
from threadreader.importers import dates, prose
from threadreader.model import Draft, DraftComment, collapsed


def read(document: str | bytes) -> Draft:
    data = document.encode() if isinstance(document, str) else document
    (draft,) = importers.read_bytes(data, "saved.txt")
    return draft


def texts(draft: Draft) -> list[str]:
    return [comment.text for comment in draft.comments]


def parents(draft: Draft) -> list[int | None]:
    return [comment.parent for comment in draft.comments]


def codes(told: Draft | DraftComment) -> list[str]:
    return [warning.code for warning in told.warnings]


def run_on(*lines: str) -> Draft:
    draft = read("\n".join(lines))
    assert draft.layout == "run-on"
    return draft


def outline(comments: str, count: str = "2 comments:") -> Draft:
    draft = read(f"Wednesday, 7 April 2021\n\nA heading\n\nThe body.\n\n{count}\n\n{comments}")
    assert draft.layout == "outline"
    return draft


class TestWhatIsNoThread:
    def test_a_missing_document_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentUnreadable, match=r"gone\.txt: there is no such document"):
            importers.read(tmp_path / "gone.txt")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentUnreadable, match="a folder"):
            importers.read(tmp_path)

    def test_a_pipe_is_refused_without_waiting_for_it(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DocumentUnreadable, match="not a regular file"):
            importers.read(tmp_path / "pipe")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_forbidden_document_is_refused(self, tmp_path: Path) -> None:
        document = tmp_path / "mine.txt"
        document.write_text("Body.\nMellin.\nReplyDelete")
        document.chmod(0)
        with pytest.raises(DocumentUnreadable, match="may not be read"):
            importers.read(document)

    def test_a_name_that_can_be_no_file_is_refused(self) -> None:
        with pytest.raises(DocumentUnreadable, match="can't be read"):
            importers.read(Path("a\0b"))

    def test_a_large_document_is_refused_before_it_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = tmp_path / "large.txt"
        document.touch()
        os.truncate(document, importers.MAX_BYTES + 1)  # takes no room on the disk
        monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
        with pytest.raises(DocumentUnreadable, match="larger than 64 MiB"):
            importers.read(document)

    def test_a_document_of_too_many_lines_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importers, "MAX_LINES", 3)
        with pytest.raises(DocumentUnreadable, match="more than 3 lines"):
            read("a\nb\nc\nd\n1 comment:\n")

    @pytest.mark.parametrize("data", [b"", b" \n\t\n"])
    def test_an_empty_document_is_refused(self, data: bytes) -> None:
        with pytest.raises(DocumentUnreadable, match=r"saved\.txt: empty"):
            read(data)

    @pytest.mark.parametrize(
        "data", [b"PK\x03\x04rest", b"%PDF-1.7\n", bytes(range(256)) * 4, b"\x00\x01\x02\x03" * 20]
    )
    def test_a_binary_document_is_refused(self, data: bytes) -> None:
        with pytest.raises(DocumentUnreadable, match="not a text"):
            read(data)

    @pytest.mark.parametrize(
        "text",
        [
            "Mellin dorve.\n\nQuill.",
            "Delete your account\nor Deleted it",
            "3 reasons:\n  1. Mellin\n  2. Dorve",
            "# Notes\n\nThe Reply Delete words stand in a sentence.",
            "ReplyDelete is a word, said Mellin",
            "OstVane Mellin\nOstVaneDorve\nOstVaneTarn\nVaneQuill\nVanePim",
            "# Keys\n\nMellin\n\nA line.\n\nDelete\n\nNo line.",
            "# Mellin\n\nReplyDelete\n\nends what is dorve.",
            "Body.\nMellin.\nReplyDelete, said Tarn, is a word.",
            "Mellin presses ReplyDelete",
            "ReplyDelete\nDelete\nDelete",
            "Dorve was asked.\n\nNo comments:\n\nthat was what Mellin said. And Dorve left.",
        ],
    )
    def test_a_text_without_footers_and_count_line_is_refused(self, text: str) -> None:
        with pytest.raises(NoThreadFound, match=r"saved\.txt: no thread found in it \(no comment footers"):
            read(text)


class TestBytes:
    THREAD = "Bödy – “x”.\nMéllin.\nReplyDelete"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_a_document_with_its_encoding_marked_is_read_without_a_doubt(self, encoding: str) -> None:
        draft = read(self.THREAD.encode(encoding))
        assert texts(draft) == ["Méllin."]
        assert draft.encoding.startswith(encoding.removesuffix("-sig"))
        assert codes(draft) == ["title-derived", "no-date"]

    @pytest.mark.parametrize(
        ("encoding", "text"), [("cp1252", THREAD), ("latin-1", "Bödy.\nMéllin.\nReplyDelete")]
    )
    def test_an_encoding_that_was_guessed_is_told(self, encoding: str, text: str) -> None:
        draft = read(text.encode(encoding))
        assert (draft.body, draft.encoding) == (text.split("\n")[0], encoding)
        assert "encoding-guessed" in codes(draft)

    def test_a_few_broken_bytes_leave_the_rest_utf_8(self) -> None:
        draft = read("Bödy, ünd möre.\nMéllin".encode() + b"\xff.\nReplyDelete")
        assert texts(draft) == ["Méllin\ufffd."]
        assert (draft.encoding, codes(draft)[-1]) == ("utf-8", "encoding-guessed")

    def test_what_a_terminal_obeys_is_made_harmless(self) -> None:
        draft = run_on("Body\0.", "Mel\x1b[31mlin \u202edorve [bold].", "ReplyDelete")
        assert draft.body == "Body␀."
        assert texts(draft) == ["Mel␛[31mlin dorve [bold]."]

    def test_decomposed_letters_and_foreign_line_ends_are_made_one(self) -> None:
        draft = run_on("Body.\r", "Me\u0301llin.\r", "ReplyDelete\r")
        assert texts(draft) == ["M\u00e9llin."]

    @pytest.mark.parametrize("glue", ["\nReplyDelete", "\nReplyDeletemore"])
    def test_one_line_of_megabytes_is_one_paragraph(self, glue: str) -> None:
        words = "dorve " * 700_000
        assert texts(read("Body.\n" + words + glue))[0].startswith(words.strip())


class TestClaims:
    def test_a_run_on_thread_with_a_counted_list_in_it_stays_one(self) -> None:
        draft = run_on("3 comments:", "1. Mellin", "2. Dorve", "Tarn.", "ReplyDeleteQuill.", "ReplyDelete")
        assert texts(draft) == ["Tarn.", "Quill."]

    @pytest.mark.parametrize("opener", ["3 reasons:", "Reasons:"])
    def test_a_run_on_thread_of_one_comment_with_a_list_in_it_stays_one(self, opener: str) -> None:
        draft = run_on(opener, "1. Mellin", "2. Dorve", "Tarn.", "ReplyDelete")
        assert (draft.body, texts(draft)) == (f"{opener}\n\n1. Mellin\n2. Dorve", ["Tarn."])

    def test_an_outline_that_quotes_footers_stays_one(self) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n  2. ReplyDeletedorve\n\n    ReplyDelete\n")
        assert texts(draft) == ["Mellin", "ReplyDeletedorve"]

    def test_another_package_can_bring_an_importer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        brought = SimpleNamespace(
            identify=lambda text: text.count("!!"),
            read=lambda text: [Draft("outline", "Brought", text, ())],
        )
        point = SimpleNamespace(name="brought", load=lambda: brought)
        known = entry_points(group="threadreader.importers")
        monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [*known, point])
        importers._importers.cache_clear()
        try:
            assert read("!! !!\nMellin\nReplyDelete").title == "Brought"
            assert read("Body.\nMellin\nReplyDelete").layout == "run-on"
        finally:
            importers._importers.cache_clear()


class TestRunOn:
    def test_the_sketch_of_the_layout(self) -> None:
        draft = run_on(
            "The body.",
            "A mellin, one paragraph.",
            "ReplyDeleteA dorve begins.",
            "ReplyDeleteand goes on.",
            "And ends.",
            "A reply, two paragraphs.",
            "DeleteIts second.",
            "Another, one paragraph.",
            "DeleteThird mellin.",
            "ReplyDelete",
        )
        assert draft.body == "The body."
        assert texts(draft) == [
            "A mellin, one paragraph.",
            "A dorve begins.\n\nand goes on.\n\nAnd ends.",
            "A reply, two paragraphs.\n\nIts second.",
            "Another, one paragraph.",
            "Third mellin.",
        ]
        assert parents(draft) == [None, None, 1, 1, None]

    def test_footers_at_the_end_of_the_first_paragraph(self) -> None:
        draft = run_on("Body.", "Mellin.ReplyDelete", "Dorve.", "Delete your tarn.", "QuillDelete", "Last.")
        assert texts(draft) == ["Mellin.\n\nDorve.\n\nDelete your tarn.", "Quill\n\nLast."]
        assert parents(draft) == [None, 0]

    def test_footers_after_a_blank_at_the_end_of_the_first_paragraph(self) -> None:
        draft = run_on(
            "I press Delete",
            "Mellin. ReplyDelete",
            "Dorve. ReplyDelete",
            "On.",
            "Tarn. Delete",
            "vossel Delete",
        )
        assert (draft.body, texts(draft)) == (
            "I press Delete",
            ["Mellin.", "Dorve.\n\nOn.", "Tarn.", "vossel"],
        )
        assert parents(draft) == [None, None, 1, 1]
        assert [codes(comment) for comment in draft.comments] == [[], [], [], ["ambiguous-footer"]]

    def test_a_comments_footer_after_a_blank_is_never_a_replys(self) -> None:
        draft = run_on("Body.", "Mellin.ReplyDelete", "I press ReplyDelete", "Dorve.ReplyDelete")
        assert texts(draft) == ["Mellin.\n\nI press ReplyDelete", "Dorve."]
        assert codes(draft.comments[0]) == ["ambiguous-footer"]

    def test_footers_on_lines_of_their_own(self) -> None:
        draft = run_on(
            "Body.", "Mellin.", "ReplyDelete", "Dorve.", "Deletedusk.", "Quill.", "Delete", "Last."
        )
        assert texts(draft) == ["Mellin.\n\nDorve.\n\nDeletedusk.", "Quill.\n\nLast."]
        assert draft.warnings == run_on("B.", "M.", "ReplyDelete").warnings

    def test_words_like_a_replys_footer_change_no_place_that_comments_tell(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDelete", "Deletedusk.", "Dorve.", "ReplyDelete", "Tarn.")
        assert texts(draft) == ["Mellin.\n\nDeletedusk.", "Dorve.\n\nTarn."]

    def test_glued_footers_of_replies_outweigh_as_many_bare_ones_with_a_doubt(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDelete", "Tarn.", "DeleteMore.", "Quill.", "ReplyDelete")
        assert (texts(draft), parents(draft)) == (["Mellin.", "Tarn.\n\nMore.", "Quill."], [None, 0, None])
        assert [codes(comment) for comment in draft.comments] == [[], ["ambiguous-footer"], []]

    def test_footers_that_all_have_a_mark_after_them_are_glued_to_it(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDelete? Tarn.", "Dorve.", "ReplyDelete")
        assert texts(draft) == ["Mellin.\n\n? Tarn.", "Dorve."]

    def test_a_word_with_a_mark_among_bare_footers_stays_a_word_with_a_doubt(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDelete", "Delete, then wait.", "Dorve.", "Delete", "Tarn.")
        assert texts(draft) == ["Mellin.\n\nDelete, then wait.", "Dorve.\n\nTarn."]
        assert [codes(comment) for comment in draft.comments] == [["ambiguous-footer"], []]

    def test_a_bare_footer_at_the_very_end_does_not_outweigh_a_glued_one(self) -> None:
        draft = run_on("Body.", "Mellin.", "DeleteDorve.", "Tarn.", "Delete")
        assert (draft.body, texts(draft)) == ("Body.", ["Mellin.\n\nDorve.", "Tarn."])

    @pytest.mark.parametrize("line", ["Mellin.ReplyDelete", "AntwortenLöschenMellin.", "Mellin. ReplyDelete"])
    def test_a_footer_in_a_strange_place_or_language_is_a_doubt(self, line: str) -> None:
        draft = run_on("Body.", "Dorve.", "ReplyDeleteMore.", line, "Tarn.", "ReplyDelete")
        assert texts(draft) == [f"Dorve.\n\nMore.\n\n{line}", "Tarn."]
        assert [codes(comment) for comment in draft.comments] == [["ambiguous-footer"], []]

    def test_a_count_line_in_the_body_is_compared_with_what_was_read(self) -> None:
        lines = ("Body.", "3 comments:", "Mellin.", "ReplyDeleteMore.", "Dorve.", "ReplyDelete")
        assert codes(run_on(*lines))[-1] == "count-differs"
        assert "count-differs" not in codes(run_on(*lines, "Tarn.", "Delete"))

    def test_blank_lines_and_blanks_around_lines_mean_nothing(self) -> None:
        draft = run_on("Body.", "", "  Mellin. ", "\u00a0", " ReplyDeleteDorve", "", "ReplyDelete")
        assert (draft.body, texts(draft)) == ("Body.", ["Mellin.", "Dorve"])

    @pytest.mark.parametrize("line", ["Delete your account", "Delete", "ReplyDelete said Tarn"])
    def test_a_blank_never_follows_a_footer(self, line: str) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDeleteDorve.", f"{line} now", "Quill.", "ReplyDelete")
        assert texts(draft) == [f"Mellin.\n\nDorve.\n\n{line} now", "Quill."]
        assert [codes(comment) for comment in draft.comments] == [[], []]

    @pytest.mark.parametrize("line", ["Deleted by Tarn.", "Deletes it", "Deleted: all"])
    def test_a_word_that_begins_like_a_footer_stays_a_word_with_a_doubt(self, line: str) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDeleteDorve.", line, "Quill.", "ReplyDelete")
        assert texts(draft) == [f"Mellin.\n\nDorve.\n\n{line}", "Quill."]
        assert [codes(comment) for comment in draft.comments] == [["ambiguous-footer"], []]

    @pytest.mark.parametrize("start", [", said Tarn", "?", ". dorve", ". . .", ": then", "! And"])
    @pytest.mark.parametrize("footer", ["ReplyDelete", "Delete"])
    def test_a_mark_after_a_footer_makes_it_no_word_but_a_doubt(self, footer: str, start: str) -> None:
        draft = run_on(
            "Body.", "Pim.", "ReplyDeleteMore.", "Mellin.", f"{footer}{start}", "Tarn.", "Quill.", "Delete"
        )
        assert texts(draft) == ["Pim.\n\nMore.", f"Mellin.\n\n{start}\n\nTarn.", "Quill."]
        assert [codes(comment) for comment in draft.comments] == [[], ["ambiguous-footer"], []]

    @pytest.mark.parametrize(
        "lines",
        [("Delete, then wait.", "Mellin."), ("Vossel.", "Delete, then wait.", "Mellin.")],
        ids=["no paragraph before it", "no comment before it"],
    )
    def test_what_may_be_words_is_no_footer_where_none_can_stand(self, lines: tuple[str, ...]) -> None:
        draft = run_on(*lines, "ReplyDeleteDorve.", "Quill.", "ReplyDelete")
        assert texts(draft) == ["Mellin.\n\nDorve.", "Quill."]
        assert "ambiguous-footer" in codes(draft)

    def test_a_doubtful_word_in_the_body_is_told_on_the_post(self) -> None:
        draft = run_on("Deleted by Tarn.", "Body.", "Mellin.", "ReplyDeleteDorve.", "Quill.", "ReplyDelete")
        assert draft.body == "Deleted by Tarn.\n\nBody."
        assert "ambiguous-footer" in codes(draft)

    @pytest.mark.parametrize(
        "start",
        ["dusk falls early", "deed", "re 6 10", "9:42", "“dorve”", "... and", "https://dorve.example"],
    )
    def test_what_follows_a_footer_may_start_with_anything_but_a_blank(self, start: str) -> None:
        draft = run_on(
            "Body.", "Mellin.", f"ReplyDelete{start}", "Dorve.", "Tarn.", f"Delete{start}", "More."
        )
        assert texts(draft) == [f"Mellin.\n\n{start}\n\nDorve.", f"Tarn.\n\n{start}\n\nMore."]
        assert not any(comment.warnings for comment in draft.comments)

    def test_one_footer_is_taken_off_a_line_that_seems_to_have_two(self) -> None:
        draft = run_on(
            "Body.", "Mellin.", "ReplyDeleteReplyDelete said Tarn.", "More.", "Quill.", "ReplyDelete"
        )
        assert texts(draft) == ["Mellin.\n\nReplyDelete said Tarn.\n\nMore.", "Quill."]

    def test_a_file_may_end_in_a_footer_with_nothing_behind_it(self) -> None:
        assert texts(run_on("Body.", "Mellin.", "ReplyDeleteDorve.", "Delete")) == ["Mellin.", "Dorve."]

    def test_the_last_lines_stay_with_the_last_comment(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDeleteDorve.", "Tarn.", "Quill.")
        assert texts(draft) == ["Mellin.\n\nDorve.\n\nTarn.\n\nQuill."]

    def test_a_footer_without_a_first_paragraph_is_a_doubt_and_no_comment(self) -> None:
        draft = run_on("Body.", "Mellin.", "ReplyDelete", "ReplyDelete", "Dorve.", "ReplyDelete")
        assert texts(draft) == ["Mellin.", "Dorve."]
        assert "orphan-footer" in codes(draft)

    def test_footers_glued_to_replies_alone_tell_their_place(self) -> None:
        draft = run_on("Body.", "Mellin.", "DeleteDorve.", "Tarn.", "DeleteQuill.", "Pim.", "ReplyDelete")
        assert texts(draft) == ["Mellin.\n\nDorve.", "Tarn.\n\nQuill.", "Pim."]

    def test_what_stands_under_such_a_footer_is_a_comment_with_a_doubt(self) -> None:
        draft = run_on(
            "Body.", "Mellin.", "ReplyDelete", "ReplyDeleteDorve.", "Tarn.", "Quill.", "ReplyDelete"
        )
        assert texts(draft) == ["Mellin.", "Dorve.\n\nTarn.", "Quill."]
        assert codes(draft.comments[1]) == ["orphan-footer"]

    def test_a_document_that_begins_with_a_footer_has_no_body(self) -> None:
        draft = run_on("ReplyDeleteMellin.", "Dorve.", "Tarn.", "ReplyDelete")
        assert (draft.body, texts(draft), draft.title) == ("", ["Mellin.\n\nDorve.", "Tarn."], "Mellin.")

    def test_a_reply_before_any_comment_is_a_comment_on_the_post_with_a_doubt(self) -> None:
        draft = run_on("Body.", "Mellin.", "DeleteDorve.", "ReplyDelete")
        assert (texts(draft), parents(draft)) == (["Mellin.", "Dorve."], [None, None])
        assert [codes(comment) for comment in draft.comments] == [["reply-without-comment"], []]

    def test_the_items_of_a_list_stay_together(self) -> None:
        draft = run_on(
            "Body.", "- one", "- two", "After.", "Mellin.", "ReplyDelete1. one", "2. two", "> said"
        )
        assert draft.body == "Body.\n\n- one\n- two\n\nAfter."
        assert texts(draft) == ["Mellin.\n\n1. one\n2. two\n\n> said"]

    def test_a_repeated_paragraph_of_the_body_is_kept(self) -> None:
        draft = run_on("Body.", "Pulled.", "--oo00oo--", "Pulled.", "Pulled.", "ReplyDelete")
        assert draft.body == "Body.\n\nPulled.\n\n--oo00oo--\n\nPulled."
        assert texts(draft) == ["Pulled."]

    def test_its_missing_title_and_date_are_told(self) -> None:
        draft = run_on("Is it? It is.", "Mellin.", "ReplyDelete")
        assert (draft.title, draft.title_derived, draft.date) == ("Is it?", True, None)
        assert (draft.declared_comments, codes(draft)) == (None, ["title-derived", "no-date"])

    @pytest.mark.parametrize(
        ("reply", "delete", "inflection"),
        [
            ("Antworten", "Löschen", "Löschende"),
            ("Répondre", "Supprimer", "Supprimera"),
            ("Responder", "Eliminar", "Eliminarán"),
            ("Responder", "Excluir", "Excluirá"),
            ("Rispondi", "Elimina", "Eliminato"),
            ("Beantwoorden", "Verwijderen", "Verwijderend"),
            ("Svara", "Radera", "Raderad"),
            ("Svar", "Slet", "Slettet"),
            ("Svar", "Slett", "Slettet"),
            ("Yanıtla", "Sil", "Silindi"),
        ],
    )
    def test_footers_and_their_inflections_are_known_in_many_languages(
        self, reply: str, delete: str, inflection: str
    ) -> None:
        comment = reply + delete
        draft = run_on(
            "Body.", "Mellin.", f"{comment}Dorve.", f"{inflection} X.", "Tarn.", f"{delete}Ok.", "Q.", comment
        )
        assert texts(draft) == [f"Mellin.\n\nDorve.\n\n{inflection} X.", "Tarn.\n\nOk.", "Q."]
        assert parents(draft) == [None, 0, None]
        assert codes(draft.comments[0]) == ["ambiguous-footer"]

    @pytest.mark.parametrize("gap", ["", "\n"], ids=["glued", "alone"])
    def test_footers_of_an_unknown_language_are_learned_from_their_repeats(self, gap: str) -> None:
        pieces = [
            "Mellin.",
            "SvanoBorta",
            "Dorve.",
            "SvanoBorta",
            "Tarn.",
            "Borta",
            "Quill.",
            "Borta",
            "Pim.",
        ]
        document = "Body.\nMellin.\n" + "".join(
            piece + (gap if piece.endswith("ta") else "\n") for piece in pieces[1:]
        )
        draft = read(document)
        assert texts(draft) == ["Mellin.", "Dorve.", "Tarn.", "Quill.\n\nPim."]
        assert parents(draft) == [None, None, 1, 1]


class TestOutline:
    def test_date_title_body_count_and_levels(self) -> None:
        draft = read(
            "Wednesday, 7 April 2021\n\nA heading\n\nThe body.\n\nIts end.\n\n3 comments:\n\n"
            "  1. Mellin.\n\n    More.\n\n    ReplyDelete\n    Replies\n\n    1. Dorve.\n\n      Delete\n"
            "  2. Tarn.\n\n    ReplyDelete"
        )
        assert (draft.date, draft.title, draft.title_derived) == (dt.date(2021, 4, 7), "A heading", False)
        assert draft.body == "The body.\n\nIts end."
        assert (texts(draft), parents(draft)) == (["Mellin.\n\nMore.", "Dorve.", "Tarn."], [None, 0, None])
        assert (draft.declared_comments, codes(draft), draft.encoding) == (3, [], "utf-8")

    def test_a_list_inside_a_comment_starts_no_comment(self) -> None:
        inner = "  1. Mellin:\n\n    1. one\n    2. two\n\n    3. three\n\n    ReplyDelete\n"
        draft = outline(inner + "  2. 1. odd\n    2. even\n\n    ReplyDelete\n")
        assert texts(draft) == ["Mellin:\n\n1. one\n2. two\n\n3. three", "1. odd\n2. even"]

    def test_a_number_that_its_list_has_left_behind_starts_no_comment(self) -> None:
        before = "  1. Mellin\n\n    ReplyDelete\n  2. Dorve\n\n    ReplyDelete\n"
        draft = outline(before + "  2. two\n\n    ReplyDelete\n")
        assert collapsed(texts(draft)[1]) == "Dorve ReplyDelete 2. two"

    def test_a_footer_within_a_text_ends_nothing(self) -> None:
        draft = outline("  1. Mellin\n\n    Delete\n\n    Dorve\n\n    ReplyDelete\n", "1 comment:")
        assert texts(draft) == ["Mellin\n\nDelete\n\nDorve"]

    def test_the_first_reply_to_the_hundredth_comment_is_one(self) -> None:
        before = "".join(f"  {n}. Mellin\n\n    ReplyDelete\n" for n in range(1, 100))
        tarn = "  100. Tarn\n\n    ReplyDelete\n    Replies\n\n    1. Dorve\n\n      Delete\n"
        draft = outline(before + tarn + "  101. Ennor\n\n    ReplyDelete\n", "102 comments:")
        assert (texts(draft)[99:], parents(draft)[99:]) == (["Tarn", "Dorve", "Ennor"], [None, 99, None])

    def test_blank_lines_of_no_break_spaces_are_blank(self) -> None:
        nbsp = "\u00a0\u00a0"
        draft = outline(
            f"  1. Mellin\n{nbsp}\n    ReplyDelete\n{nbsp}\n  2. Dorve\n{nbsp}\n    ReplyDelete\n"
        )
        assert texts(draft) == ["Mellin", "Dorve"]

    def test_toggles_left_behind_are_no_text(self) -> None:
        draft = outline(
            "  1. Mellin\n\n    ReplyDelete\n\n    Replies\n\n    1. Dorve\n\n      Delete\n\n    Reply\n\n"
            "  2. Tarn\n\n    Reply Delete\n\n    Reply\n",
            "3 comments:",
        )
        assert (texts(draft), codes(draft)) == (["Mellin", "Dorve", "Tarn"], [])

    def test_a_toggle_in_an_unknown_language_is_known_by_its_place(self) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n    Svanuloj\n\n    1. Dorve\n\n      Delete\n")
        assert (texts(draft), parents(draft)) == (["Mellin", "Dorve"], [None, 0])

    def test_deeper_levels_follow_the_indent(self) -> None:
        draft = outline(
            "  1. A\n    ReplyDelete\n    1. B\n      Delete\n      1. C\n        Delete\n"
            "    2. D\n      Delete\n  2. E\n    ReplyDelete\n    1. F\n      Delete\n",
            "6 comments:",
        )
        assert (texts(draft), parents(draft)) == (list("ABCDEF"), [None, 0, 1, 0, None, 4])

    @pytest.mark.parametrize("count", [9, 99, 100])
    def test_a_first_reply_under_a_number_of_many_digits_is_a_reply(self, count: int) -> None:
        comments = "".join(f"  {at}. Mellin {at}\n\n    ReplyDelete\n" for at in range(1, count + 1))
        draft = outline(comments + "    Replies\n\n    1. Dorve\n\n      Delete\n", f"{count + 1} comments:")
        assert (len(draft.comments), parents(draft)[-1], codes(draft)) == (count + 1, count - 1, [])

    def test_the_indent_of_a_text_is_its_own(self) -> None:
        draft = outline("  1. Mellin\n\n       dorve\n         tarn\n\n       ReplyDelete\n", "1 comment:")
        assert texts(draft) == ["Mellin\n\ndorve\n  tarn"]

    def test_an_inner_indent_is_kept_where_no_line_stands_at_the_texts_own(self) -> None:
        draft = outline("  1. Mellin\n      * dorve\n\n    ReplyDelete\n", "1 comment:")
        assert texts(draft) == ["Mellin\n  * dorve"]

    def test_numbers_under_a_line_that_names_comments_need_no_indent(self) -> None:
        draft = outline("1.  Mellin\n\n    ReplyDelete\n\n    1.  Dorve\n\n        Delete\n")
        assert (texts(draft), parents(draft)) == (["Mellin", "Dorve"], [None, 0])

    @pytest.mark.parametrize(
        ("line", "declared"),
        [
            ("1 comment:", 1),
            ("1 Kommentar:", 1),
            ("1 commentaire :", 1),
            ("1 件のコメント:", 1),
            ("댓글 1개:", 1),
        ],
    )
    def test_the_count_line_is_known_in_many_languages(self, line: str, declared: int) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n", line)
        assert (texts(draft), draft.declared_comments, codes(draft)) == (["Mellin"], declared, [])

    def test_the_last_count_line_before_the_first_number_counts(self) -> None:
        draft = read(
            "A heading\n\n5 comments:\n\n  1. said Tarn\n\n3 reasons:\n\n  1. one\n\n2 comments:\n\n"
            "  1. Mellin\n\n    4 comments:\n\n      1. no\n\n    ReplyDelete\n"
            "  2. Dorve\n\n    ReplyDelete\n"
        )
        assert texts(draft) == ["Mellin\n\n4 comments:\n\n  1. no", "Dorve"]
        assert draft.body == "5 comments:\n\n  1. said Tarn\n\n3 reasons:\n\n  1. one"

    def test_a_count_that_differs_is_told(self) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n", "7 comments:")
        assert codes(draft) == ["count-differs"]
        assert draft.warnings[0].message == "The count line says 7, 1 were read."

    @pytest.mark.parametrize(
        "line", ["No comments:", "0 comments:", "Keine Kommentare:", "Nenhum comentário:"]
    )
    def test_a_post_without_comments_is_a_thread(self, line: str) -> None:
        draft = read(f"Wednesday, 7 April 2021\n\nA heading\n\nThe body.\n\n{line}\n")
        assert (draft.title, draft.body, draft.comments) == ("A heading", "The body.", ())
        assert (draft.declared_comments, codes(draft)) == (0, [])

    def test_a_missing_count_line_is_told(self) -> None:
        draft = read("A heading\n\nBody.\n\n  1. Mellin\n\n    ReplyDelete\n  2. Dorve\n\n    ReplyDelete\n")
        assert (draft.layout, texts(draft)) == ("outline", ["Mellin", "Dorve"])
        assert codes(draft) == ["no-date", "no-count-line"]

    def test_comments_without_footers_are_divided_by_their_numbers(self) -> None:
        draft = outline("  1. Mellin\n\n    1. one\n\n  2. Dorve\n", "2 comments:")
        assert texts(draft) == ["Mellin\n\n1. one", "Dorve"]

    def test_what_stands_below_the_comments_is_kept_with_the_post(self) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n\nNewer Post\n\nHome\n", "1 comment:")
        assert (texts(draft), draft.body) == (["Mellin"], "The body.\n\nNewer Post\n\nHome")
        assert codes(draft) == ["text-after-comments"]

    def test_what_stands_below_a_post_without_comments_is_kept_with_it(self) -> None:
        draft = read("A heading\n\nThe body.\n\nNo comments:\n\nPost a Comment\n")
        assert (draft.body, codes(draft)) == (
            "The body.\n\nPost a Comment",
            ["no-date", "text-after-comments"],
        )

    def test_a_number_with_others_missing_before_it_begins_a_comment_with_a_doubt(self) -> None:
        draft = outline("  1. Mellin\n\n    ReplyDelete\n  3. Dorve\n\n    ReplyDelete\n", "2 comments:")
        assert (texts(draft), codes(draft)) == (["Mellin", "Dorve"], [])
        assert [codes(comment) for comment in draft.comments] == [[], ["number-gap"]]

    @pytest.mark.parametrize("first", [0, 5])
    def test_a_page_may_begin_at_any_number(self, first: int) -> None:
        rows = [f"  {at}. Mellin {at}\n\n    More.\n\n    ReplyDelete\n" for at in (first, first + 1)]
        draft = outline("".join(rows), "7 comments:")
        assert texts(draft) == [f"Mellin {at}\n\nMore." for at in (first, first + 1)]
        assert codes(draft) == ["count-differs"]

    @pytest.mark.parametrize("missing", [0, 1, 2])
    def test_where_a_footer_is_missing_numbers_divide_if_the_count_line_agrees(self, missing: int) -> None:
        rows = [f"  {at + 1}. Mellin\n\n    dorve {at}\n\n    ReplyDelete\n" for at in range(4)]
        rows[missing] = rows[missing].replace("    ReplyDelete\n", "")
        draft = outline("".join(rows), "4 comments:")
        assert (texts(draft), codes(draft)) == ([f"Mellin\n\ndorve {at}" for at in range(4)], [])
        assert [codes(c) for c in draft.comments] == [
            ["missing-footer"] if at == missing else [] for at in range(4)
        ]

    def test_where_the_count_line_disagrees_comments_stay_merged_without_stray_blanks(self) -> None:
        rows = "  1. Mellin\n\n    tarn\n\n  2. Dorve\n\n    ReplyDelete\n"
        draft = outline(rows, "9 comments:")
        assert (texts(draft), codes(draft)) == (["Mellin\n\ntarn\n\n2. Dorve"], ["count-differs"])

    def test_a_footer_may_be_glued_to_the_last_line_of_a_text(self) -> None:
        draft = outline(
            "  1. Mellin\n    dorve\n\n    tarn.ReplyDelete\n  2. Quill.ReplyDelete\n    Replies\n"
            "    1. Pim\n      vossel.Delete\n",
            "3 comments:",
        )
        assert texts(draft) == ["Mellin\ndorve\n\ntarn.", "Quill.", "Pim\nvossel."]
        assert (parents(draft), codes(draft)) == ([None, None, 1], [])

    def test_a_number_may_stand_one_column_astray(self) -> None:
        draft = outline("   1. Mellin\n\n    ReplyDelete\n  2. Dorve\n\n    ReplyDelete\n")
        assert (texts(draft), parents(draft), codes(draft)) == (["Mellin", "Dorve"], [None, None], [])

    def test_numbers_may_have_brackets(self) -> None:
        draft = outline("  1) Mellin\n\n    ReplyDelete\n    1) Dorve\n\n      Delete\n")
        assert (texts(draft), parents(draft)) == (["Mellin", "Dorve"], [None, 0])

    def test_footers_on_two_lines_leave_no_word_in_the_text(self) -> None:
        draft = outline("  1. Mellin\n\n    Reply\n\n    Delete\n    Replies\n    1. Dorve\n\n      Delete\n")
        assert (texts(draft), parents(draft)) == (["Mellin", "Dorve"], [None, 0])
        assert not any(comment.warnings or comment.signed for comment in draft.comments)

    @pytest.mark.parametrize("footer", ["ReplyDelete", "Reply\n\nDelete"], ids=["one line", "two lines"])
    def test_where_nothing_is_indented_footers_tell_replies(self, footer: str) -> None:
        draft = outline(
            f"1. A\n\nmore\n\n{footer}\nReplies\n1. B\n\nDelete\n2. C\n\nDelete\n"
            f"2. D\n\n{footer}\n3. E\n\n{footer}\nReplies\n1. F\n\nDelete\n",
            "6 comments:",
        )
        assert texts(draft) == ["A\n\nmore", "B", "C", "D", "E", "F"]
        assert (parents(draft), codes(draft)) == ([None, 0, 0, None, None, 4], [])

    def test_an_indent_that_contradicts_the_footer_is_followed_with_a_doubt(self) -> None:
        draft = outline(
            "  1. A\n    ReplyDelete\n    1. B\n      ReplyDelete\n    2. C\n      Delete\n"
            "  2. D\n    Delete\n",
            "4 comments:",
        )
        assert parents(draft) == [None, 0, 0, None]
        assert [codes(comment) for comment in draft.comments] == [
            [],
            ["level-differs"],
            [],
            ["level-differs"],
        ]

    def test_comments_that_all_have_the_same_footer_are_no_doubt(self) -> None:
        draft = outline("  1. A\n    Delete\n  2. B\n    Delete\n    1. C\n      Delete\n", "3 comments:")
        assert parents(draft) == [None, None, 1]
        assert not any(comment.warnings for comment in draft.comments)

    def test_lines_and_lists_of_a_text_survive(self) -> None:
        draft = outline("  1. Mellin\n    dorve\n\n    * one\n    * two\n\n\n    > said\n\n    ReplyDelete\n")
        assert texts(draft) == ["Mellin\ndorve\n\n* one\n* two\n\n> said"]

    @pytest.mark.parametrize("line", ["Smarch 7, 2021 tuuli", "7 huhtikuuta 2021"])
    def test_a_date_line_that_cannot_be_read_is_not_lost(self, line: str) -> None:
        draft = read(f"{line}\n\nA heading\n\nThe body.\n\nNo comments:")
        assert (draft.date, draft.title, draft.body) == (None, "A heading", f"{line}\n\nThe body.")
        assert codes(draft) == ["no-date"]

    def test_a_document_without_a_date_line_begins_with_its_title(self) -> None:
        draft = read("Plans for 2021\n\nThe body.\n\nNo comments:")
        assert (draft.title, draft.body, codes(draft)) == ("Plans for 2021", "The body.", ["no-date"])

    def test_a_paragraph_is_no_title(self) -> None:
        draft = read("Wednesday, 7 April 2021\n\nMellin. " + "Dorve tarn. " * 20 + "\n\nNo comments:")
        assert (draft.title, draft.title_derived, codes(draft)) == ("Mellin.", True, ["title-derived"])
        assert draft.body.startswith("Mellin. Dorve")


@pytest.mark.parametrize(
    "line",
    [
        "Wednesday, 7 April 2021",
        "Wednesday, April 7, 2021",
        "7th of April 2021",
        "2021-04-07",
        "Mittwoch, 7. April 2021",
        "Mittwoch, 07.04.2021",
        "mercredi 7 avril 2021",
        "miércoles, 7 de abril de 2021",
        "mercoledì 7 aprile 2021",
        "quarta-feira, 7 de abril de 2021",
        "woensdag 7 april 2021",
        "onsdag den 7 april 2021",
        "środa, 7 kwietnia 2021",
        "среда, 7 апреля 2021 г.",
        "2021年4月7日水曜日",
        "2021년 4월 7일 수요일",
    ],
)
def test_dates_are_read_in_many_languages(line: str) -> None:
    assert dates.parsed(line) == dt.date(2021, 4, 7)


@pytest.mark.parametrize(
    "line",
    ["3/4/2021", "31 February 2021", "April 2021", "The 7 dwarfs of April 2021", "2021", "", "x" * 5000],
)
def test_what_is_no_date_or_could_be_two_is_none(line: str) -> None:
    assert dates.parsed(line) is None


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Is it? It is.", "Is it?"),
        ("“Mellin!” said Dorve.", "“Mellin!” said Dorve."),
        ("No stop", "No stop"),
        ("--oo00oo--\n\nMellin.", "Mellin."),
        ("dorve " * 100, ("dorve " * 12).strip() + "…"),
        ("ö" * 100, "ö" * 71 + "…"),
        ("学习很好。第二。", "学习很好。"),
        ("Version 1.5 is out. More.", "Version 1.5 is out."),
        ("", "Untitled"),
    ],
)
def test_a_title_is_derived_from_the_first_sentence(body: str, title: str) -> None:
    assert prose.derived_title(body) == title
    assert len(title) <= prose.TITLE_LENGTH


@pytest.mark.parametrize(
    ("last", "name"),
    [
        ("Mellin", "Mellin"),
        ("— Mellin Dorve", "Mellin Dorve"),
        ("'Tarn", "'Tarn"),
        ("A. Quill", "A. Quill"),
        ("Ölva van der Dorve", "Ölva van der Dorve"),
        ("Mellin.", None),
        ("Is it?", None),
        ("Keep it up", None),
        ("mellin", None),
        ("- Mellin Dorve", "Mellin Dorve"),
        ("* Mellin", None),
        ("> Mellin", None),
        ("https://mellin.example", None),
        ("9:42", None),
        ("Thanks", None),
        ("Happy Christmas", None),
        ("Tuesday", None),
        ("Delete", None),
        ("Antworten", None),
        ("Mellin Dorve Tarn Quill Pim", None),
        ("", None),
    ],
)
def test_a_name_at_the_end_is_offered_as_a_signature(last: str, name: str | None) -> None:
    assert prose.signature(f"A text that says something.\n\n{last}") == name


@pytest.mark.parametrize(
    "text",
    ["Mellin", "London\n\nParis", "Places:\n\nLondon\nParis", "To buy:\n\n- Bread", "- two eggs\n- Bread"],
)
def test_a_name_alone_or_in_a_list_of_names_signs_nothing(text: str) -> None:
    assert prose.signature(text) is None


def test_a_signature_is_offered_and_stays_in_the_text() -> None:
    draft = run_on("Body.", "A mellin.", "ReplyDeleteMore of it.", "Tarn", "Dorve.", "ReplyDelete")
    assert [(comment.text, comment.signed) for comment in draft.comments] == [
        ("A mellin.\n\nMore of it.\n\nTarn", "Tarn"),
        ("Dorve.", None),
    ]
