"""The page in an HTML parser and in a real browser: text is text, replies are held, nothing is fetched."""

import datetime as dt
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from threadreader.anchoring import quote_of
from threadreader.export.page import DEEPEST, page
from threadreader.model import Annotation, Draft, DraftComment, TextQuote, Thread, harmless, thread_of

MOMENT = dt.datetime(2024, 3, 1, 12, 5, 59, tzinfo=dt.UTC)
PHONE = 360  # pixels

SIGNS = st.sampled_from(
    [
        *"<>&\"'ab \n",
        "<script>",
        "</p>",
        "</details>",
        "&lt;",
        "\n\n",
        "https://x.example/a?b=<",
        "<!--",
        "{{ a }}",
    ]
)


def thread(*comments: tuple[str, int | None], body: str = "A body.") -> Thread:
    drafts = tuple(DraftComment(text, parent) for text, parent in comments)
    return thread_of(Draft("outline", "Fog <b>", body, drafts), "p1", source="/home/ada/fog.txt")


def highlight(thread: Thread, at: int, start: int, end: int, note: str = "", nth: int = 0) -> Annotation:
    comment = thread.comments[at]
    quote = quote_of(comment.text, start, end)
    return Annotation(f"h{nth}", "highlight", "p1", comment.id, note, quote, MOMENT, MOMENT, "green")


def written(thread: Thread, *marks: Annotation) -> str:
    return "".join(page(thread, marks, title=thread.post.title, exported=MOMENT))


def texts(document: str) -> list[tuple[int, str]]:
    """How deep each comment is held, and what is read of it."""
    tree = html.document_fromstring(document)
    return [
        (len(one.xpath("ancestor::details")) - 1, "".join(one.text_content().split()))
        for one in tree.xpath("//section[@id='comments']//div[@class='text']")
    ]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    st.lists(st.lists(SIGNS, min_size=1, max_size=12).map("".join), min_size=1, max_size=4),
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20)),
)
def test_text_is_text_and_replies_are_held_by_what_they_answer(
    said: Sequence[str], places: tuple[int, int, int, int]
) -> None:
    said = [harmless(text) for text in said]
    fog = thread(*((text, at - 1 if at else None) for at, text in enumerate(said)))
    first, size, second, other = places
    marks = [
        highlight(fog, 0, start, start + length, nth=nth)
        for nth, (start, length) in enumerate(((first, size), (second, other)))
        if said[0][start : start + length].strip()
    ]
    document = written(fog, *marks)
    assert texts(document) == [(at, "".join(text.split())) for at, text in enumerate(said)]
    assert not html.document_fromstring(document).xpath(
        "//script | //img | //iframe | //link | //b[text()='a']"
    )


def test_deeper_replies_stand_side_by_side() -> None:
    depth = DEEPEST + 5
    deep = thread(*((str(at), at - 1 if at else None) for at in range(depth)))
    assert [level for level, _ in texts(written(deep))] == [min(at, DEEPEST) for at in range(depth)]


def test_a_note_is_markdown_without_html_and_pictures() -> None:
    fog = thread(("The heron came.", None))
    note = "**Bold** <i>i</i> ![p](https://x.example/p.png) [l](javascript:x) [k](https://x.example)"
    document = written(fog, highlight(fog, 0, 4, 9, note))
    (aside,) = html.document_fromstring(document).xpath("//aside")
    assert aside.xpath(".//strong/text()") == ["Bold"]
    assert "<i>i</i>" in aside.text_content()
    assert aside.xpath(".//a/@href") == ["https://x.example/p.png", "https://x.example"]
    assert re.search(r'The <mark class="green">heron</mark> came', document)


def test_marks_without_a_comment_are_shown_with_their_words() -> None:
    fog = thread(("The heron came.", None))
    lost = Annotation("n1", "note", "p1", "gone", "Mine.", TextQuote("It said so."), MOMENT, MOMENT)
    tree = html.document_fromstring(written(fog, lost))
    assert "It said so." in tree.xpath("//aside")[0].text_content()
    assert tree.xpath("//ol[@class='marks']//a/@href") == ["#" + tree.xpath("//aside/@id")[0]]


class _Served(http.server.BaseHTTPRequestHandler):
    pages: dict[str, str]
    asked: list[str]

    def do_GET(self) -> None:  # its name there
        self.asked.append(self.path)
        found = self.pages.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


# What the browser makes of the page in a window as narrow as a phone, written where it can be read.
_MEASURING = f"""<!doctype html><iframe src="/page" width="{PHONE}" height="800"></iframe><script>
onload = () => {{
  const d = document.querySelector("iframe").contentDocument;
  const first = d.querySelector("details.c");
  const tall = first.getBoundingClientRect().height;
  first.querySelector("summary").click();
  document.title = [d.documentElement.scrollWidth, d.querySelectorAll("details.c").length,
    first.open, first.getBoundingClientRect().height < tall,
    Math.min(...[...d.querySelectorAll(".text p")].map(p => p.offsetWidth || 999)), d.title].join(" ");
}};</script>"""


@pytest.mark.external
def test_in_a_browser_the_page_folds_fits_a_phone_and_asks_for_nothing(tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Served)
    here = f"http://127.0.0.1:{server.server_port}"
    evil = f"<img src={here}/fetched> <script src='{here}/run'></script> {'W' * 300} {here}/named"
    deep = thread(*((f"{evil} {at}", at - 1 if at else None) for at in range(60)), ("Last", None))
    note = f"![x]({here}/picture) <img src={here}/note> " + "long " * 50
    _Served.pages, _Served.asked = (
        {"/page": written(deep, highlight(deep, 1, 2, 9, note)), "/": _MEASURING},
        [],
    )
    thread_ = threading.Thread(target=server.serve_forever, daemon=True)
    thread_.start()
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    try:
        shown = subprocess.run(
            [chromium, *options, "--virtual-time-budget=10000", "--dump-dom", f"{here}/"],
            capture_output=True,
            encoding="utf-8",
            timeout=90,
            check=True,
        ).stdout
        paper = tmp_path / "page.pdf"
        subprocess.run(
            [chromium, *options, f"--print-to-pdf={paper}", f"{here}/page"],
            capture_output=True,
            timeout=90,
            check=True,
        )
    finally:
        server.shutdown()
        server.server_close()
        thread_.join()
    told = re.search(r"<title>(\d+) (\d+) (\w+) (\w+) (\d+) (.*)</title>", shown)
    assert told, shown[:500]
    width, comments, is_open, is_shorter, narrowest, title = told.groups()
    assert int(width) <= PHONE
    assert (comments, is_open, is_shorter) == ("61", "false", "true")
    assert int(narrowest) > PHONE // 2
    assert title == "Fog &lt;b&gt;"
    assert set(_Served.asked) <= {"/", "/page", "/favicon.ico"}
    assert paper.read_bytes().startswith(b"%PDF")
