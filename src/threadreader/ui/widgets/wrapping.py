"""Text broken into lines of terminal cells.

A line is a slice of its text, so that what was found in the text can be lit on the line. White space at a
break belongs to no line. A list item hangs under its first word, a quoted line carries its marker on.

Terminals disagree about some characters. Of those the wider width is counted, so that no line is too long
anywhere; where they are drawn narrower, a line ends early. Text that runs from right to left is given to the
terminal in the order it is read, and nothing is put around it: marks that would isolate it are control
characters, which many terminals draw as blanks. What stands before it on the line, guides and cursor, has no
direction of its own and stays at the left.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size, split_graphemes

# Every one of these is one cell wide in every terminal: Latin, Greek, Cyrillic, curly quotes, dashes,
# bullets, ellipsis, currency. Text made of them alone is measured by counting, which most of it is.
_NARROW = re.compile(
    "[\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0373\u0376-\u0482\u2010-\u2027\u2030-\u2052\u20a0-\u20bf]*"
)
# Scripts that break a line between any two characters. To compile this takes as long as all else in here.
_UNSPACED = "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
# Where marks may stand that take a cell of their own in some terminals and none in Rich's table: vowel signs
# of Indic and other scripts; and what is two cells wide alone, but joins what stands before it.
_DISPUTED = re.compile(
    "[\u0900-\u1cff\u302e\u302f\ua800-\uabff\U00011000-\U00011fff\U00016f00-\U00016fff\U0001d165-\U0001d172"
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_LONE_SKIN = re.compile(
    "(?<![\u261d\u26f9\u270a-\u270d\U0001f385-\U0001f3cc\U0001f442-\U0001f487\U0001f4aa\U0001f574-\U0001f596"
    "\U0001f645-\U0001f64f\U0001f6a3-\U0001f6cc\U0001f90c-\U0001f9dd\U0001fac3-\U0001faf8])"
    "[\U0001f3fb-\U0001f3ff]"
)
_MARKER = re.compile(r"[ ]*(?:(?:> ?)+|(?:[-*•·–]|\d{1,3}[.)])[ ]+)")
_MAX_HANG = 12


class Line(NamedTuple):
    """One drawn line: `prefix` and then `text[start:end]`."""

    start: int
    end: int
    prefix: str


def is_narrow(text: str) -> bool:
    """Is every character of `text` one cell wide (line feeds apart)?"""
    return text.isascii() or _NARROW.fullmatch(text) is not None


def cells(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if is_narrow(text) else _wider(text)


@lru_cache(maxsize=8192)
def _wider(text: str) -> int:
    """Cells of text that is not narrow, by the wider count where there are two."""
    return cell_len(text) + _disputed(text)


def _disputed(text: str) -> int:
    """How many cells more than Rich counts some terminals may take for `text`."""
    if not _DISPUTED.search(text):
        return 0
    marks = sum(unicodedata.category(character) == "Mc" for character in text)
    letters = sum(len(run) % 2 for run in _FLAG_LETTERS.findall(text))
    return marks + letters + 2 * len(_LONE_SKIN.findall(text))


def _graphemes(text: str) -> Iterator[tuple[int, int, int]]:
    """Each character as it is seen: start, end and cells; both letters of a flag are one."""
    if not _DISPUTED.search(text):
        yield from split_graphemes(text)[0]
        return
    first: tuple[int, int] | None = None  # of a flag: where it begins, and its cells
    for start, end, size in split_graphemes(text)[0]:
        if first is not None and _FLAG_LETTERS.match(text, start):
            yield first[0], end, first[1] + size
            first = None
            continue
        if first is not None:
            yield first[0], start, first[1] + 1
            first = None
        if end == start + 1 and _FLAG_LETTERS.match(text, start):
            first = start, size
        else:
            yield start, end, size + _disputed(text[start:end])
    if first is not None:
        yield first[0], len(text), first[1] + 1


def fitted(text: str, width: int) -> str:
    """`text` cut or filled to `width` cells."""
    if is_narrow(text):
        return text[:width].ljust(width)
    if not _DISPUTED.search(text):
        return set_cell_size(text, width)
    used = end = 0
    for _, last, size in _graphemes(text):
        if used + size > width:
            break
        used, end = used + size, last
    return text[:end] + " " * (width - used)


def character_in(text: str, cell: int) -> tuple[int, int]:
    """Start and end of the character drawn at that cell; both the nearer end of `text` where none is."""
    if cell < 0:
        return 0, 0
    if is_narrow(text):
        return min(cell, len(text)), min(cell + 1, len(text))
    for start, end, size in _graphemes(text):
        if cell < size:
            return start, end
        cell -= size
    return len(text), len(text)


def wrap(text: str, width: int) -> list[Line]:
    """`text` as lines of at most `width` cells, a blank line kept as an empty one; never empty itself."""
    narrow = is_narrow(text)
    lines: list[Line] = []
    start = 0
    while True:
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        if narrow and end - start <= width:
            lines.append(Line(start, end, ""))
        else:
            _wrap_line(lines, text, start, end, width, narrow)
        if end == len(text):
            return lines
        start = end + 1


def count_narrow(text: str, width: int) -> int:
    """How many lines `wrap` makes of a narrow text, without making them; none of an empty one."""
    lines = 0
    for paragraph in text.split("\n") if text else ():
        fits_from = len(paragraph) - width  # what begins there or later is one line
        if fits_from > 0 and (paragraph[0] in _MARKER_STARTS or paragraph[-1] == " "):
            lines += len(wrap(paragraph, width))  # it may hang, or end in blanks that are no line
            continue
        lines += 1
        start = 0
        while start < fits_from:
            cut = paragraph.rfind(" ", start, start + width + 1)
            if cut < 0:
                start += width
            else:
                start = cut + 1
                while paragraph[start] == " ":
                    start += 1
            lines += 1
    return lines


_MARKER_STARTS = frozenset(" >-*•·–0123456789")


def _continuation(text: str, start: int, end: int, width: int) -> str:
    """What the lines after the first begin with, for the paragraph line `text[start:end]`."""
    marker = _MARKER.match(text, start, end)
    if marker is None:
        return ""
    lead = marker.group()
    if cells(lead) > min(_MAX_HANG, width // 2, width - 2):  # a wide character takes two
        return ""
    return lead if ">" in lead else " " * cells(lead)


def _wrap_line(lines: list[Line], text: str, start: int, end: int, width: int, narrow: bool) -> None:
    prefix = ""
    hang = _continuation(text, start, end, width) if start < end and text[start] in _MARKER_STARTS else ""
    while True:
        room = width - len(prefix)
        cut, following = (_cut_narrow if narrow else _cut_cells)(text, start, end, room)
        lines.append(Line(start, cut, prefix))
        if following >= end:
            return
        start, prefix = following, hang


def _cut_narrow(text: str, start: int, end: int, room: int) -> tuple[int, int]:
    """Where the line that begins at `start` ends, and where the next begins."""
    if end - start <= room:
        return end, end
    cut = text.rfind(" ", start, start + room + 1)
    if cut < 0:
        return start + room, start + room
    following = cut + 1
    while following < end and text[following] == " ":
        following += 1
    while cut > start and text[cut - 1] == " ":
        cut -= 1
    return cut, following


def _cut_cells(text: str, start: int, end: int, room: int) -> tuple[int, int]:
    """The same in cells: words are measured whole, for joined characters are narrower than their sum."""
    used = 0
    at = start
    while at < end:
        gap = at
        while gap < end and text[gap] == " ":
            gap += 1
        stop = text.find(" ", gap, end)
        stop = end if stop < 0 else stop
        size = _wider(text[at:stop])
        if used + size <= room:
            used += size
            at = stop
            continue
        if gap > start and not re.search(_UNSPACED, text[gap:stop]):
            return at, gap
        return _cut_word(text, start, at, gap, stop, room - used)
    return end, end


def _cut_word(text: str, start: int, at: int, gap: int, stop: int, room: int) -> tuple[int, int]:
    """Cut inside the word `text[gap:stop]`: it is longer than a line, or its script breaks anywhere."""
    room -= gap - at
    cut = gap
    for _, last, size in _graphemes(text[gap:stop]):
        if size > room:
            break
        room -= size
        cut = gap + last
    if cut > gap:
        return cut, cut
    if gap > start:
        return at, gap
    # Wider than the line: one character is drawn all the same.
    cut = gap + next(_graphemes(text[gap:stop]))[1]
    return cut, cut
