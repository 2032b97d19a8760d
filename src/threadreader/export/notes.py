"""A note inside an exported file: out, and back again as it was.

Notes are Markdown, the reader's own, and stand as they are in a quote, which nothing in them can end. Only
what would reach beyond it is written otherwise, and exactly back: the beginning of HTML, and a definition of
links, which would make links of other people's words. Code keeps both.

What kind a note is stands in the line above its marker, as a callout or in bold, and in the marker as it was
exported, unless it is a comment: whichever of the two a hand changed tells the kind that is meant.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from threadreader.model import NOTE_NAMES, NoteKind, harmless, note_kind_of

_NOTE = "<!-- tr:note "
_BEGIN = re.compile(
    r"^([ \t>]*)<!-- tr:note (\S+) ([0-9a-f]{8})(?: (question|claim|quote))? -->[ \t]*\r?$", re.MULTILINE
)
CALLOUTS: dict[NoteKind, str] = {"comment": "note", "question": "question", "claim": "todo", "quote": "quote"}
_NAMES = "|".join(NOTE_NAMES.values())
_HEAD = re.compile(rf"^(?P<before>[ \t>-]*)(?:\[!(?P<callout>\w+)\][+-]? |\*\*)My (?P<name>{_NAMES})\b")
_KIND_OF_CALLOUT = {callout: kind for kind, callout in CALLOUTS.items()}
_KIND_OF_NAME = {name: kind for kind, name in NOTE_NAMES.items()}
_MARKER_LINE = re.compile(r"^[ \t>]*<!-- tr:(?:end-)?note \S+[^\n]*-->[ \t]*\r?\n?", re.MULTILINE)

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SPECIAL = re.compile(
    r"""
    (?P<kept> (?<!`)(`+)(?!`) [^\n]*? (?<!`)\2(?!`)     # code
      | \\[^\n]                                         # a sign that stands for itself already
      | <(?:[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)> )
    | (?P<sign> < (?=[A-Za-z/!?]) | (?<=\]): )
    | &(?P<more> (?:amp;)*) (?P<code> lt | \#58 );
    """,
    re.VERBOSE,
)
_CODES = {"<": "&lt;", ":": "&#58;"}
_SIGNS = {"lt": "<", "#58": ":"}
_LIKE_MARKER = re.compile(r"<!-(-+)(?= tr:)")


class FileNote(NamedTuple):
    """A note as it stands in a file."""

    id: str
    sum: str  # of the words as they were exported
    text: str
    exported_as: NoteKind = "comment"
    kind: NoteKind = "comment"  # as it is named now

    @property
    def is_edited(self) -> bool:
        """Are the words, or the kind, others than those that were exported?"""
        return self.has_other_words or self.kind != self.exported_as

    @property
    def has_other_words(self) -> bool:
        """Are the words others than those that were exported?"""
        return self.sum != sum_of(self.text)


def sum_of(text: str) -> str:
    """Eight hexadecimal digits that tell one text from another, whatever blanks end its lines."""
    if " \n" in text or "\t\n" in text or "\r" in text:
        text = "\n".join(line.rstrip(" \t\r") for line in text.split("\n"))
    text = text.strip(" \t\r\n")
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=4).hexdigest()


def stripped(text: str) -> str:
    """`text` as notes are kept: no blanks at the ends of lines, no blank lines around."""
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")


def note_lines(note_id: str, text: str, *, managed: bool, kind: NoteKind = "comment") -> list[str]:
    """A note as lines of Markdown, to be put in a quote; between markers if it is `managed`."""
    words = ["", *to_markdown(text).split("\n")]
    if not managed:
        return words
    told = "" if kind == "comment" else f" {kind}"
    return [f"<!-- tr:note {note_id} {sum_of(text)}{told} -->", *words, "", f"<!-- tr:end-note {note_id} -->"]


def to_markdown(text: str) -> str:
    """A note's text with nothing in it that would reach beyond its quote."""
    return _outside_code(stripped(text), _written, lambda line: _LIKE_MARKER.sub(r"<!--\1", line))


def from_markdown(text: str) -> str:
    """What `to_markdown` was given."""
    return _outside_code(stripped(text), _read, lambda line: re.sub(r"<!--(-+)(?= tr:)", r"<!-\1", line))


def notes_in(document: str) -> Iterator[FileNote]:
    """The notes that stand between markers, in order; one whose end is missing is not told."""
    for begin in _BEGIN.finditer(document):
        quotes, note_id, known, told = begin.groups()
        exported_as = note_kind_of(told)
        end = re.compile(rf"^[ \t>]*<!-- tr:end-note {re.escape(note_id)} -->", re.MULTILINE)
        found = end.search(document, begin.end())
        following = _BEGIN.search(document, begin.end())
        if found and not (following and following.start() < found.start()):
            inner = harmless(document[begin.end() : found.start()]).split("\n")[1:-1]
            words = "\n".join(_unquoted(line, quotes) for line in inner)
            kind = _kind_in(_line_above(document, begin.start()), exported_as)
            yield FileNote(note_id, known, from_markdown(words), exported_as, kind)


def without_notes(text: str) -> str:
    """`text` with what stands between the markers of notes, and their sums and kinds, left out."""
    parts, done, at = [], 0, text.find(_NOTE)
    while at >= 0:
        begin = _BEGIN.match(text, text.rfind("\n", 0, at) + 1)
        end = text.find(f"<!-- tr:end-note {begin[2]} -->", begin.end()) if begin else -1
        if begin and end >= 0:
            above = _line_above(text, begin.start())
            parts.append(text[done : begin.start() - len(above)])
            parts.append(_HEAD.sub(r"\g<before>My note", above))
            done = end
        at = text.find(_NOTE, max(at + 1, done))
    return "".join([*parts, text[done:]])


def without_markers(text: str) -> str:
    """`text` with notes in it as plain words, which nothing will look for."""
    return _MARKER_LINE.sub("", text)


def _line_above(document: str, at: int) -> str:
    """The line that ends where another one begins, with its end."""
    begin = document.rfind("\n", 0, max(at - 1, 0)) + 1
    return document[begin:at]


def _kind_in(line: str, exported_as: NoteKind) -> NoteKind:
    """The kind that the line above a note gives it; one that is named twice by the name that was changed."""
    head = _HEAD.match(line)
    if not head:
        return exported_as
    named = _KIND_OF_CALLOUT.get((head["callout"] or "").lower()), _KIND_OF_NAME[head["name"]]
    return next((kind for kind in named if kind and kind != exported_as), exported_as)


def _unquoted(line: str, quotes: str) -> str:
    """A line without the signs of the quotes that the note stands in, be they set otherwise by an editor."""
    if line.startswith(quotes):
        return line[len(quotes) :]
    if line.rstrip() == quotes.rstrip():
        return ""
    for _ in range(quotes.count(">")):
        bare = line.lstrip()
        if not bare.startswith(">"):
            break
        line = bare[1:].removeprefix(" ")
    return line


def _outside_code(text: str, change: Callable[[re.Match[str]], str], in_code: Callable[[str], str]) -> str:
    """`text` with `change` made to what is special, and lines of fenced code as `in_code` has them."""
    fence, lines = "", []
    for line in text.split("\n"):
        if found := _FENCE.match(line):
            if not fence:
                fence = found[1]
            elif found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
            lines.append(in_code(line))
        else:
            lines.append(in_code(line) if fence else in_code(_SPECIAL.sub(change, line)))
    return "\n".join(lines)


def _written(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    return _CODES[found["sign"]] if found["sign"] else f"&amp;{found['more']}{found['code']};"


def _read(found: re.Match[str]) -> str:
    if not found["code"]:
        return found.group()
    more = found["more"]
    return f"&{more.removeprefix('amp;')}{found['code']};" if more else _SIGNS[found["code"]]
