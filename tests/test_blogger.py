"""Pages and backups of blogs: every edge of what Blogger writes, and all that is none of it."""

import datetime as dt
import io
import subprocess
import sys
import zipfile

import pytest
from strategies import LANGUAGES, PLAIN, Meant, Said, backup, outline, page, run_on

from threadreader import importers
from threadreader.errors import DocumentUnreadable, NoThreadFound
from threadreader.importers.html_text import text_in
from threadreader.links import addresses_in
from threadreader.model import Draft, DraftComment

FERRY = "The ferry left an hour late."
BELL = "They rang the old bell instead."
EEL = "The eel men did not mind."
THREAD = Meant(
    (("A body.",),), tuple(Said(d, ((t,),)) for d, t in ((0, FERRY), (1, BELL), (0, EEL))), LANGUAGES[0]
)


def read_all(document: str | bytes) -> tuple[Draft, ...]:
    data = document.encode() if isinstance(document, str) else document
    return importers.read_bytes(data, "saved.html")


def read(document: str | bytes) -> Draft:
    (draft,) = read_all(document)
    return draft


def codes(told: Draft | DraftComment) -> list[str]:
    return [warning.code for warning in told.warnings]


def texts(draft: Draft) -> list[str]:
    return [comment.text for comment in draft.comments]


def parents(draft: Draft) -> list[int | None]:
    return [comment.parent for comment in draft.comments]


class TestText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("one<br>two<br/><br />three", "one\ntwo\n\nthree"),
            ("<p>one</p>\n<p>two\n  words</p>", "one\n\ntwo words"),
            ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
            ("one<br><br><br><br>two", "one\n\ntwo"),
            ("a&nbsp;b &amp; c &lt;d&gt; &#8217;", "a\u00a0b & c <d> ’"),
            ("so <i>very</i> <b>true</b>.", "so *very* **true**."),
            ("<i>two<br>rows</i>", "*two*\n*rows*"),
            ("<b>W</b>elcome", "Welcome"),
            ("<em> </em>none", "none"),
            ("call <code>open()</code>", "call `open()`"),
            ("<pre>if x:\n    y  = 1\n</pre>after", "if x:\n    y  = 1\n\nafter"),
            ("<ul><li>one</li><li>two<ul><li>in it</li></ul></li></ul>", "- one\n- two\n  - in it"),
            ("so:<ol start=3><li><p>one</p></li><li>two</li></ol>end", "so:\n\n3. one\n4. two\n\nend"),
            ("<blockquote>one<br><br>two</blockquote>I agree.", "> one\n>\n> two\n\nI agree."),
            ("<blockquote><blockquote>one</blockquote>two</blockquote>", "> > one\n>\n> two"),
            ("a<script>b</script><style>c</style><!-- d -->e", "ae"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
            ("e\u0301 and &#27;[31m", "é and ␛[31m"),
            ("half &#xD83D; &#55357; of one", "half � � of one"),
            ("<p>never closed <b>at all", "never closed **at all**"),
            ("", ""),
        ],
    )
    def test_html_is_read_as_a_comment_is_written(self, html: str, text: str) -> None:
        assert text_in(html) == text

    @pytest.mark.parametrize(
        ("html", "text", "addresses"),
        [
            ("<a href='https://x.example/a'>there</a>!", "there (https://x.example/a)!", ["https://x.example/a"]),
            ("<a href='https://x.example/'>https://x.example</a>", "https://x.example", ["https://x.example"]),
            ("<a href='//x.example/a b'>c</a>", "c (https://x.example/a%20b)", ["https://x.example/a%20b"]),
            ("<a href='/e_(f)'>c</a>", "c (https://b.example/e_(f))", ["https://b.example/e_(f)"]),
            ("<a href='https://x.example/p.jpg'><img src='p.jpg'></a>", "https://x.example/p.jpg", ["https://x.example/p.jpg"]),
            ("<a href='javascript:alert(1)'>a</a> <a href='#c1'>b</a> <a href='http:'>c</a>", "a b c", []),
            ("<iframe src='https://v.example/1'></iframe>", "https://v.example/1", ["https://v.example/1"]),
        ],
    )  # fmt: skip
    def test_addresses_stand_behind_the_words_that_lead_there(
        self, html: str, text: str, addresses: list[str]
    ) -> None:
        told = text_in(html, "https://b.example/2020/a.html")
        assert (told, addresses_in(told)) == (text, addresses)

    def test_deep_and_broken_markup_takes_no_recursion(self) -> None:
        assert "end" in text_in("<div><b><blockquote>" * 500 + "end</i></p>")


class TestPage:
    def test_who_wrote_when_and_where_is_told(self) -> None:
        draft = read(page(THREAD))
        first = draft.comments[0]
        assert (first.author, first.created) == ("Ida", dt.datetime(2021, 4, 7, 18, 30, tzinfo=dt.UTC))
        assert first.permalink and first.permalink.endswith(f"showComment=1617820200123#c{first.source_id}")
        assert (draft.url, draft.source_id) == (
            "https://harrow.example/2021/04/a-heading.html",
            "blogger:40017",
        )
        assert (draft.date, draft.declared_comments, draft.encoding) == (dt.date(2021, 4, 7), 3, "utf-8")

    def test_nobody_in_particular_has_no_name_and_an_address_is_no_name(self) -> None:
        html = page(THREAD).replace(">Ida<", ">Anonym<").replace(">Bo<", ">bo.berg@mail.example<")
        assert [comment.author for comment in read(html).comments] == [None, "bo.berg", "Çelik"]
        assert "mail.example" not in str(read(html))

    def test_comments_behind_load_more_are_missed(self) -> None:
        html = page(THREAD).replace("3 comments:", "1,203 comments:")
        draft = read(
            html.replace("</ol></div></div></body>", "</ol><div class='loadmore'></div></div></div></body>")
        )
        assert (draft.declared_comments, codes(draft)) == (1203, ["count-differs"])
        assert "Load more" in draft.warnings[0].message

    @pytest.mark.parametrize("counted", ["3 comments:", "Комментариев: 3", "3 件のコメント", "Comments (3)"])
    def test_a_count_is_read_in_any_language(self, counted: str) -> None:
        assert read(page(THREAD).replace("3 comments:", counted)).declared_comments == 3

    def test_a_removed_comment_keeps_its_place_with_a_warning(self) -> None:
        gone = "This comment has been removed."
        draft = read(page(THREAD).replace(FERRY, f'<span class="deleted-comment">{gone}</span>'))
        assert texts(draft) == [gone, BELL, EEL]
        assert list(map(codes, draft.comments)) == [["removed"], [], []]

    def test_a_reply_whose_comment_is_not_on_the_page_hangs_under_a_stub(self) -> None:
        html = page(THREAD).replace(f'<p class="comment-content">{FERRY}</p>', "")
        draft = read(html)
        assert (texts(draft), parents(draft)) == (["", BELL, EEL], [None, 0, None])
        assert (codes(draft.comments[0]), codes(draft)) == (["missing-parent"], ["count-differs"])
        assert draft.comments[0].source_id == read(page(THREAD)).comments[0].source_id

    def test_what_may_stand_in_no_paragraph_stays_with_its_comment(self) -> None:
        html = page(THREAD).replace(FERRY, f"<blockquote>{EEL}</blockquote>{FERRY}<ul><li>one</li></ul>")
        assert texts(read(html))[0] == f"> {EEL}\n\n{FERRY}\n\n- one"

    def test_a_comment_that_stands_twice_is_one_and_another_of_its_id_has_none(self) -> None:
        one, two = (str(comment.source_id) for comment in read(page(THREAD)).comments[:2])
        item = f'<li class="comment" id="c{one}"><p class="comment-content">{FERRY}</p></li>'
        html = page(THREAD).replace(
            "</ol></div></div></body>", f"{item}{item.replace(FERRY, EEL)}</ol></div></div></body>"
        )
        draft = read(html)
        assert texts(draft) == [FERRY, BELL, EEL, EEL]
        assert draft.comments[3].source_id is None and codes(draft.comments[3]) == ["id-twice"]
        assert two != one

    def test_the_flat_template_is_read_without_parents(self) -> None:
        items = "".join(
            f"<dt class='comment-author' id='c{at}'><a name='c{at}'></a>{who}</dt>"
            f"<dd class='comment-body'><p>{text}</p></dd><dd class='comment-footer'>"
            f"<span class='comment-timestamp'><a href='/a?showComment={at}000#c{at}'>8:11</a></span></dd>"
            for at, who, text in (
                (1150000000, "Anonymous said...", FERRY),
                (
                    1150000060,
                    "<a href='https://www.blogger.com/profile/1'>Bo</a> hat gesagt…",
                    f"{BELL}<br/>So.",
                ),
                (1150000120, "Mellin a dit...", "<span class='deleted-comment'>Gone.</span>"),
            )
        )
        draft = read(
            "<html><head><title>B</title><meta name='generator' content='blogger'></head><body>"
            "<h2 class='date-header'>Sunday, June 11, 2006</h2><div class='post'>"
            "<h3 class='post-title'>Old</h3>"
            "<div class='post-body'>A body.</div></div><div id='comments'><h4>3 comments:</h4>"
            f"<dl id='comments-block'>{items}</dl></div></body></html>"
        )
        assert (draft.title, draft.date, codes(draft)) == ("Old", dt.date(2006, 6, 11), [])
        assert texts(draft) == [FERRY, f"{BELL}\nSo.", "Gone."]
        assert [comment.author for comment in draft.comments] == [None, "Bo", "Mellin"]
        assert [comment.source_id for comment in draft.comments] == ["1150000000", "1150000060", "1150000120"]
        assert draft.comments[0].created == dt.datetime.fromtimestamp(1150000000, dt.UTC)
        assert list(map(codes, draft.comments)) == [[], [], ["removed"]]

    def test_what_a_page_does_not_say_is_derived_with_a_warning_or_empty(self) -> None:
        html = page(THREAD).replace("A heading", "").replace("published", "").replace("showComment=", "")
        draft = read(html)
        assert (draft.title, draft.title_derived, draft.date) == ("A body.", True, None)
        assert codes(draft) == ["no-date", "title-derived"]
        assert [comment.created for comment in draft.comments] == [None, None, None]

    @pytest.mark.parametrize(
        ("counted", "told"),
        [("No comments:", "page without comments"), ("12 comments:", "counts 12 comments")],
    )
    def test_a_page_without_comments_says_so(self, counted: str, told: str) -> None:
        html = page(THREAD).replace("3 comments:", counted)
        html = html[: html.index('<ol id="top-ra">')] + "</div></div></body></html>"
        with pytest.raises(
            NoThreadFound, match=rf"^saved\.html: a Blogger page [^\n]*{counted[:2].strip('N')}"
        ) as caught:
            read(html)
        assert told in str(caught.value)


class TestBackup:
    def test_many_posts_are_read_and_only_those_that_were_published(self) -> None:
        one = backup(THREAD)
        post = one[one.index("<entry><id>tag:blogger.com,1999:blog-5.post-40017<") :]
        post = post[: post.index("</entry>") + 8]
        draft = post.replace("40017", "40018").replace(
            "<entry>", "<entry><app:control xmlns:app='a'><app:draft>yes</app:draft></app:control>"
        )
        bare = post.replace("40017", "40019").replace("A heading", "Bare")
        settings = post.replace("40017", "40020").replace("kind#post", "kind#settings")
        template = post.replace("40017", "40021").replace("kind#post", "kind#template")
        drafts = read_all(one.replace("</feed>", f"{draft}{bare}{settings}{template}</feed>"))
        assert [(each.title, len(each.comments)) for each in drafts] == [("A heading", 3), ("Bare", 0)]
        assert texts(drafts[0]) == [FERRY, BELL, EEL]

    @pytest.mark.parametrize("status", ["SPAM", "PENDING", "GHOSTED"])
    def test_what_was_not_published_leaves_a_stub_where_it_was_answered(self, status: str) -> None:
        entry = f">{FERRY}<"
        feed = backup(THREAD, takeout=True)
        start = feed.rindex("<entry>", 0, feed.index(entry))
        end = feed.index("</entry>", start)
        feed = feed[:start] + feed[start:end].replace("LIVE", status) + feed[end:]
        draft = read(feed)
        assert (texts(draft), parents(draft)) == (["", BELL, EEL], [None, 0, None])
        assert codes(draft.comments[0]) == ["missing-parent"]

    def test_posts_without_an_id_are_posts_of_their_own(self) -> None:
        one = backup(THREAD)
        post = one[one.index("<entry><id>tag:blogger.com,1999:blog-5.post-40017<") :]
        post = post[: post.index("</entry>") + 8]
        own_id = "<id>tag:blogger.com,1999:blog-5.post-40017</id>"
        nameless = post.replace(own_id, "").replace("A head", "B head")
        drafts = read_all(one.replace("</feed>", f"{nameless}{nameless.replace('B head', 'C head')}</feed>"))
        assert [draft.title for draft in drafts] == ["A heading", "B heading", "C heading"]
        assert [draft.source_id for draft in drafts] == ["blogger:40017", None, None]

    def test_a_backup_counts_its_comments(self) -> None:
        feed = backup(THREAD).replace("A heading</title>", "A heading</title><thr:total>{}</thr:total>")
        assert codes(read(feed.format(3))) == []
        draft = read(feed.format(5))
        assert (draft.declared_comments, codes(draft)) == (5, ["count-differs"])

    def test_no_address_of_a_person_is_read(self) -> None:
        assert "noreply" not in str(read(backup(THREAD)))

    def test_comments_alone_are_a_post_named_by_its_address(self) -> None:
        feed = backup(THREAD)
        start = feed.index("<entry><id>tag:blogger.com,1999:blog-5.post-40017<")
        draft = read(feed[:start] + feed[feed.index("</entry>", start) + 8 :])
        assert (draft.title, draft.title_derived, draft.source_id) == ("a heading", True, "blogger:40017")
        assert (texts(draft), codes(draft)) == ([FERRY, BELL, EEL], ["no-date", "no-post"])
        assert draft.url == "https://harrow.example/2021/04/a-heading.html"

    def test_a_circle_is_cut_at_its_oldest_comment(self) -> None:
        first, second, _ = (str(comment.source_id) for comment in read(backup(THREAD)).comments)
        link = f"<link rel='related' href='/feeds/5/40017/comments/default/{second}'/>"
        feed = backup(THREAD).replace(f"post-{first}</id>", f"post-{first}</id>{link}")
        draft = read(feed)
        assert (texts(draft), parents(draft)) == ([FERRY, BELL, EEL], [None, 0, None])
        assert list(map(codes, draft.comments)) == [["circle-cut"], [], []]

    def test_a_removed_comment_is_told_and_raw_line_ends_are_rows(self) -> None:
        feed = backup(THREAD).replace(f">{EEL}<", f">{EEL}\n\nSo.<")
        feed = feed.replace(
            f">{FERRY}<",
            ">Removed.</content><gd:extendedProperty name='blogger.contentRemoved' value='true'/><content><",
        )
        draft = read(feed)
        assert texts(draft) == ["Removed.", BELL, f"{EEL}\n\nSo."]
        assert codes(draft.comments[0]) == ["removed"]

    def test_what_is_not_well_formed_is_read_as_far_as_it_goes(self) -> None:
        feed = (
            backup(THREAD).replace("xmlns:gd='http://schemas.google.com/g/2005' ", "").replace("</feed>", "")
        )
        feed = feed.replace(f">{EEL}<", f">{EEL} <b>Raw</b> &bogus; &#xD83D; words<gd:odd/><")
        draft = read("\x00 " + feed)
        assert texts(draft)[:2] == [FERRY, BELL]
        assert texts(draft)[2].startswith(f"{EEL} **Raw**")

    def test_entities_are_not_followed(self) -> None:
        bomb = "<!DOCTYPE feed [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/hosts'>]>"
        feed = backup(THREAD).replace("<feed", f"{bomb}<feed", 1).replace(f">{EEL}<", f">{EEL} &b; &f;<")
        assert "aaa" not in str(read(feed)) and "localhost" not in str(read(feed))

    def test_a_backup_without_a_post_says_so(self) -> None:
        with pytest.raises(NoThreadFound, match=r"^saved\.html: a Blogger backup without a published post"):
            read_all(backup(THREAD)[:300] + "</feed>")


class TestWhoseDocument:
    def test_layouts_are_told_apart_by_what_is_in_them(self) -> None:
        documents = [page(THREAD), backup(THREAD), outline(THREAD, PLAIN), run_on(THREAD, "glued")]
        layouts = [read(document).layout for document in documents]
        assert layouts == ["blogger-page", "blogger-backup", "outline", "run-on"]

    @pytest.mark.parametrize(
        "document",
        [
            "<!DOCTYPE html>\n<html><body>\nMellin\nReply\nDelete\nTarn\nReplyDelete\nDorve\nDelete\n",
            "<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>\n<entry>\nReplyDelete\n",
            "<rss><channel>\n7 comments:\n  1. one\n    ReplyDelete\n</channel></rss>",
        ],
    )
    def test_other_markup_is_nobodys(self, document: str) -> None:
        with pytest.raises(NoThreadFound, match=r"saved\.html: HTML or XML, but no Blogger page"):
            read(document)

    def test_words_about_pages_are_words(self) -> None:
        assert (
            read(
                "<3 to all, blogspot and class=comment-content.\nMellin.\nReplyDeleteTarn.\nReplyDelete"
            ).layout
            == "run-on"
        )

    @pytest.mark.parametrize(
        ("encoding", "declared", "told"),
        [
            ("utf-8", "utf-8", "utf-8"),
            ("utf-8", "iso-8859-1", "utf-8"),
            ("cp1252", "ISO-8859-1", "cp1252"),
            ("koi8-r", "koi8-r", "koi8-r"),
            ("shift_jis", "Shift_JIS", "shift_jis"),
            ("utf-8", "utf-16", "utf-8"),
            ("utf-8", "no-such-thing", "utf-8"),
            ("utf-8-sig", "koi8-r", "utf-8"),
        ],
    )
    def test_the_encoding_is_what_a_page_declares_unless_it_is_another(
        self, encoding: str, declared: str, told: str
    ) -> None:
        word = {"koi8-r": "Тарн", "shift_jis": "日本語", "cp1252": "“Ökra”"}.get(encoding, "Ökra 日本語")
        html = page(THREAD).replace("utf-8", declared).replace(FERRY, word).replace("Çelik", "Bo")
        draft = read(html.encode(encoding))
        assert (texts(draft)[0], draft.encoding, codes(draft)) == (word, told, [])

    def test_reading_a_text_imports_no_parser_of_markup(self) -> None:
        program = (
            "import sys; from threadreader import importers;"
            "importers.read_bytes(b'Body.\\nMellin.\\nReplyDeleteTarn.\\nReplyDelete', 'a');"
            "sys.exit('lxml' in str(list(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class TestArchive:
    def test_a_takeout_is_read_as_it_was_downloaded(self) -> None:
        files = {
            "Takeout/Blogger/Blogs/Harrow/feed.atom": backup(THREAD, takeout=True),
            "Takeout/Blogger/Blogs/Empty/feed.atom": backup(THREAD)[:300] + "</feed>",
            "Takeout/Blogger/Blogs/Harrow/theme-layouts.xml": "<xml/>",
            "__MACOSX/Takeout/Blogger/Blogs/Harrow/feed.atom": "\x00\x05",
        }
        assert texts(read(zipped(files))) == [FERRY, BELL, EEL]

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"PK\x03\x04 and then nothing", "can't be opened"),
            (b"", "without a Blogger feed.atom"),
        ],
    )
    def test_other_archives_are_refused(self, data: bytes, told: str) -> None:
        with pytest.raises(DocumentUnreadable, match=rf"^saved\.html: a zip archive [^\n]*{told}[^\n]*$"):
            read_all(data or zipped({"photo.png": "no feed"}))

    def test_an_archive_that_would_be_too_large_is_refused_while_it_is_opened(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importers, "MAX_BYTES", 1 << 20)
        with pytest.raises(DocumentUnreadable, match="its feeds are larger than 1 MiB"):
            read_all(zipped({"feed.atom": " " * (1 << 20) + "  "}))


def zipped(files: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()
