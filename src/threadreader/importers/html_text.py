"""HTML as the text of a post or a comment: rows and paragraphs, lists, quotes, code, emphasis, and addresses.

What a text layout keeps of a page is kept in the same form, so that a comment says the same in all of them:
`<br>` ends a row, two of them a paragraph, an item begins with its sign. What no text layout keeps stands in
signs that can be told apart from words: `*emphasis*`, `> quoted`, and an address behind the words that it
belongs to. Nothing is fetched. lxml is imported where a document is parsed.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from threadreader.importers.tags import for_parser
from threadreader.links import can_be_opened
from threadreader.model import harmless

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BLANKS = re.compile(r"[ \t\n\r\f]+")  # what HTML takes for one blank; a no-break space is none
_NOT_OF_ADDRESSES = re.compile(r"[\t\n\r\f]")
_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_WRITTEN_IN_ADDRESSES = {ord(sign): f"%{ord(sign):02X}" for sign in ' "<>`«»“”'}

_PASSED_OVER = frozenset("script style noscript template head title svg math select textarea button".split())
_PARAGRAPHS = frozenset("p blockquote pre ul ol dl table h1 h2 h3 h4 h5 h6 hr figure".split())
_ROWS = frozenset(
    "div li tr dt dd section article header footer main aside center address form caption figcaption".split()
)
_SIGNS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_CODE = frozenset("code tt kbd samp".split())
_FRAMES = frozenset("iframe embed".split())


def parsed(html: str) -> "Element":
    """The tree of a page, or of a part of one, whatever is wrong with it."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(for_parser(html) or b"<html/>", parser)
    return etree.Element("html") if root is None else root


def text_in(html: str, base: str | None = None) -> str:
    """The text of HTML, in the form of a comment's; relative addresses are taken from `base`."""
    if not html.strip():
        return ""
    return text_of([parsed(html)], base)


def text_of(elements: "list[Element]", base: str | None = None, *, tails: bool = False) -> str:
    """The text of some elements one after another; with `tails` also what stands right behind each."""
    from lxml import etree

    writer = _Writer(base)
    for element in elements:
        walk = etree.iterwalk(element, events=("start", "end"))
        for event, inner in walk:
            if event == "end":
                writer.end(inner)
                if inner is not element or tails:
                    writer.write(inner.tail or "")
            elif not isinstance(inner.tag, str) or inner.tag in _PASSED_OVER:
                walk.skip_subtree()
            else:
                writer.start(inner)
                writer.write(inner.text or "")
    return writer.text()


class _Row(NamedTuple):
    quotes: int  # levels of quotes that it stands in
    text: str


class _Run(NamedTuple):
    """Words of a row that have the same signs around them."""

    words: str
    signs: tuple[str, ...]


class _Writer:
    """What was read so far: whole rows, and the runs of the one that goes on."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._rows: list[_Row] = []
        self._runs: list[_Run] = []
        self._signs: list[str] = []
        self._links: list[tuple[str, list[str]]] = []  # address, and the words that it belongs to
        self._lists: list[int | None] = []  # the last number of each open list; None without numbers
        self._mark = ""  # of an item that has no row yet
        self._quotes = 0
        self._raw = 0  # open elements whose blanks and line ends count
        self._is_apart = False  # a blank row comes before the next one

    def start(self, element: "Element") -> None:
        """Enter an element."""
        tag = element.tag
        if tag == "br":
            self._end_row(even_empty=True)
        elif tag in _PARAGRAPHS or tag in _ROWS:
            self._begin_block(element)
        elif tag in ("td", "th") and self._runs:
            self.write(" | ")
        elif tag in _SIGNS:
            self._signs.append(_SIGNS[tag])
        elif tag in _CODE and not self._raw:
            self._signs.append("`")
        elif tag == "a":
            self._links.append((self._address(element.get("href")), []))
        elif tag == "img":
            self.write(element.get("alt") or "")
        elif tag in _FRAMES:
            self.write(self._address(element.get("src")))

    def _begin_block(self, element: "Element") -> None:
        tag = element.tag
        self._part(is_paragraph=tag in _PARAGRAPHS)
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._raw += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_first_number(element) - 1 if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "hr":
            self.write("* * *")

    def end(self, element: "Element") -> None:
        """Leave an element."""
        tag = element.tag
        if tag in _PARAGRAPHS or tag in _ROWS:
            self._part(is_paragraph=tag in _PARAGRAPHS)
            if tag == "blockquote":
                self._quotes -= 1
            elif tag == "pre":
                self._raw -= 1
            elif tag in ("ul", "ol"):
                self._lists.pop()
                self._is_apart = not self._lists
            elif tag == "li":
                self._mark = ""
        elif tag in _SIGNS or (tag in _CODE and not self._raw):
            self._signs.pop()
        elif tag == "a":
            self._end_link()

    def write(self, words: str) -> None:
        """Add words to the row."""
        if self._raw:
            first, *others = words.split("\n")
            self._add(first)
            for row in others:
                self._end_row(even_empty=True)
                self._add(row)
            return
        words = _BLANKS.sub(" ", words)
        ends_blank = not self._runs or self._runs[-1].words.endswith(" ")
        self._add(words[1:] if ends_blank and words.startswith(" ") else words)

    def _add(self, words: str) -> None:
        if words:
            self._runs.append(_Run(words, tuple(dict.fromkeys(self._signs))))
            for _, linked in self._links:
                linked.append(words)

    def _end_link(self) -> None:
        address, linked = self._links.pop()
        words = " ".join("".join(linked).split())
        if not address or words == address or address == f"mailto:{words}":
            return
        if not words:
            self.write(address)
        elif not (can_be_opened(words) and words.rstrip("/") == address.rstrip("/")):
            self._runs.append(_Run(f" ({address})", ()))

    def _address(self, given: str | None) -> str:
        """What an address leads to, if that can be opened at all; else nothing."""
        given = _NOT_OF_ADDRESSES.sub("", (given or "").strip())
        if given.startswith("//"):
            given = f"https:{given}"
        if self._base and given and not given.startswith("#") and ":" not in given.split("/")[0]:
            try:
                given = urljoin(self._base, given)
            except ValueError:
                return ""
        address = harmless(given).translate(_WRITTEN_IN_ADDRESSES)
        return address if _SCHEME.match(address) else ""

    def _part(self, *, is_paragraph: bool) -> None:
        self._end_row()
        if is_paragraph and not self._lists:
            self._is_apart = True

    def _next_mark(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _end_row(self, *, even_empty: bool = False) -> None:
        text = _rendered(self._runs)
        text = text.rstrip() if self._raw else text.strip()
        self._runs.clear()
        if not text and not even_empty:
            return
        if text and self._is_apart and self._rows:
            self._rows.append(_Row(self._quotes, ""))
        self._is_apart = self._is_apart and not text
        if text and self._lists:
            text = "  " * (len(self._lists) - bool(self._mark)) + self._mark + text
            self._mark = ""
        elif text and self._mark:
            text, self._mark = self._mark + text, ""
        self._rows.append(_Row(self._quotes, text))

    def text(self) -> str:
        """All that was written, in the form of a comment's text."""
        self._end_row()
        return harmless("\n".join(_quoted(self._rows))).strip("\n")


def _rendered(runs: list[_Run]) -> str:
    """A row of these runs; signs stand at words, and never within one."""
    joined: list[_Run] = []
    for run in runs:
        if joined and joined[-1].signs == run.signs:
            joined[-1] = _Run(joined[-1].words + run.words, run.signs)
        else:
            joined.append(run)
    row = ""
    for nth, (words, signs) in enumerate(joined):
        core = words.strip()
        begins = words.find(core)
        lead, trail = words[:begins], words[begins + len(core) :]
        after = trail or (joined[nth + 1].words if nth + 1 < len(joined) else "")
        within = (row + lead)[-1:].isalnum() or after[:1].isalnum()
        opening = "" if not core or within or ("`" in signs and "`" in core) else "".join(signs)
        row += f"{lead}{opening}{core}{opening[::-1]}{trail}"
    return row


def _quoted(rows: list[_Row]) -> Iterator[str]:
    """The rows with signs before what is quoted, and no blank one at an end or beside another."""
    last: _Row | None = None
    is_apart = False
    for row in rows:
        if not row.text:
            is_apart = last is not None
            continue
        if is_apart and last:
            yield ("> " * min(last.quotes, row.quotes)).rstrip()
        yield "> " * row.quotes + row.text
        last, is_apart = row, False


def _first_number(element: "Element") -> int:
    start = str(element.get("start") or "")
    return int(start) if start.isdecimal() and len(start) < 7 else 1
