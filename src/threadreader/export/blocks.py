"""Managed blocks: the parts of a file that an export writes, and may write anew.

A block stands between `<!-- tr:begin KEY SUM -->` and `<!-- tr:end KEY -->`; the sum tells whether anybody
changed it since. What stands around blocks is the reader's and is kept byte for byte. Of the blocks:

- one that is as it was written is replaced where it stands;
- one that was changed by hand stays as it is, and is told; an edited note alone does not count once the store
  has its words (`import-notes`);
- one whose mark is gone stays, once, under a line that says so;
- one that was deleted by hand stays away: the last line of the file (`tr:held`) tells what was in it;
- a new one comes behind the block that it follows.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from threadreader.export.front import TAGS, Front, Value, front_text
from threadreader.export.notes import FileNote, notes_in, sum_of, without_markers, without_notes
from threadreader.model import collapsed

REMOVED = "*Removed in threadreader. It was:*"
_BEGIN = re.compile(
    r"^[ \t]*<!-- tr:begin (\S+) ([0-9a-f]{8})( removed)? -->[ \t]*\r?(?:\n|\Z)", re.MULTILINE
)
_HELD = re.compile(r"^[ \t]*<!-- tr:held([^\n]*?) -->[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
# What shows a bookmark, before the name of its comment in the file, and a highlight.
_BOOKMARKED = re.compile(r'★ ([^\n]*?) <a id="(tr-[^"]*)"></a>')
_COMMENT = '<a id="tr-'  # in the line above a comment
_HIGHLIGHT = "highlight-"  # begins the key of the block of a removed one
_NAMED_BY = 20  # characters of a passage that tell which one a note is on
_LIT = re.compile(r"(?<![\\=])==([^=\n](?:[^\n]*?[^\\=\n])?)==(?!=)")
_EXPORTED, _EXPORT = "exported", "export"


class Section(NamedTuple):
    """What one block is to hold."""

    key: str  # the id of what it shows
    text: str  # lines of Markdown


class Block(NamedTuple):
    """A block as it stands in a file."""

    key: str
    sum: str
    removed: bool
    raw: str  # with its markers
    text: str


class Updated(NamedTuple):
    """What came of an export into a file that was there."""

    text: str
    kept: tuple[str, ...] = ()  # keys of blocks that were left as the reader changed them
    deleted: int = 0  # blocks that the reader took out, and that stay out
    removed: int = 0  # blocks that are shown as removed since


def is_ours(document: str) -> bool:
    """Was `document` written by an export?"""
    return bool(_BEGIN.search(document) or _HELD.search(document))


def purpose(document: str) -> str:
    """What the export that wrote `document` was of: its scope, and how it is arranged."""
    return Front.of(document).value(_EXPORT)


def written(
    values: Mapping[str, Value], sections: Iterable[Section], *, properties: bool, managed: bool = True
) -> Iterator[str]:
    """A new file, part by part; with markers if it is `managed`."""
    yield front_text(values, properties=properties)
    if not managed:
        for nth, section in enumerate(sections):
            yield ("\n" if nth else "") + section.text
        return
    held = []
    for section in sections:
        yield block_text(section) + "\n"
        held.append(section.key)
    yield _held_line(held, values.get(TAGS, ()))


def block_text(section: Section, *, removed: bool = False) -> str:
    """A section between its markers."""
    key, text = _key(section.key), section.text.strip("\n")
    said = " removed" if removed else ""
    return f"<!-- tr:begin {key} {_outer_sum(text)}{said} -->\n\n{text}\n\n<!-- tr:end {key} -->\n"


def updated(
    document: str,
    values: Mapping[str, Value],
    sections: Sequence[Section],
    *,
    saved: Callable[[FileNote], bool],
    force: bool = False,
    restore: bool = False,
) -> Updated:
    """`document` brought up to date.

    `saved` tells of a note whether the store has its words and its kind. With `force` what was changed by
    hand in a block is given up, with `restore` what was deleted by hand comes back.
    """
    front = Front.of(document)
    held_line = _HELD.search(front.rest)
    held, our_tags = _held(held_line[1] if held_line else "")
    parts = list(_parts(front.rest))
    there = {part.key: at for at, part in reversed(list(enumerate(parts))) if isinstance(part, Block)}
    shown = {note.id for section in sections for note in notes_in(section.text)}
    shown = shown.union(*(_signs(section.text) for section in sections))
    tidy = _Tidying(parts, saved, shown, force)
    blocks = [part.text for part in parts if isinstance(part, Block) and not part.removed]
    tidy.bookmarks_gone = _bookmarks(blocks) - _bookmarks(section.text for section in sections)
    last = -1  # position of the block that the next new one comes behind
    waiting: list[Section] = []  # before the first block that is there
    deleted = 0
    for section in sections:
        if section.key in there:
            last = there[section.key]
            tidy.replace(last, section)
            for early in waiting:
                tidy.insert_before(last, early)
            waiting = []
        elif section.key in held and not restore:
            deleted += 1
        elif last < 0:
            waiting.append(section)
        else:
            tidy.insert_behind(last, section)
    for early in waiting:
        tidy.append(early)
    wanted = {section.key for section in sections}
    tidy.remove_all_but(wanted, sections)
    body = tidy.text()
    tags = values.get(TAGS, ())
    held = [key for key in held if key not in tidy.moved]
    line = _held_line([*held, *(one.key for one in sections if one.key not in held)], tags)
    newline = "\r\n" if "\r\n" in front.rest else "\n"
    line = line.replace("\n", newline)
    if _HELD.search(body):
        body = _HELD.sub(lambda _: line, body, count=1)
    else:
        body = body + ("" if body.endswith("\n") or not body else newline) + newline + line
    old_moment = {_EXPORTED: front.value(_EXPORTED)}
    same_front = front.updated(dict(values) | (old_moment if old_moment[_EXPORTED] else {}), our_tags)
    text = str(same_front) + body
    if text != document:
        text = str(front.updated(values, our_tags)) + body
    return Updated(text, tuple(tidy.kept), deleted, tidy.removed)


class _Tidying:
    """The parts of a document, in the making."""

    def __init__(
        self,
        parts: Sequence[str | Block],
        saved: Callable[[FileNote], bool],
        shown: Container[str],
        force: bool,
    ) -> None:
        self._parts = parts
        self._told = [part if isinstance(part, str) else part.raw for part in parts]
        self._before: dict[int, list[str]] = defaultdict(list)  # new blocks, by the place that they come to
        self._behind: dict[int, list[str]] = defaultdict(list)
        self._saved = saved
        self._shown = shown  # notes, bookmarks and highlights that stand somewhere in what is written now
        self._force = force
        self._newline = "\r\n" if any("\r\n" in told for told in self._told) else "\n"
        self._end: list[str] = []
        self.kept: list[str] = []
        self.removed = 0
        self.bookmarks_gone = 0  # in all
        self.moved: set[str] = set()  # keys of blocks of which all stands in others now

    def text(self) -> str:
        """All parts, joined."""
        pieces: list[str] = []
        for at, told in enumerate(self._told):
            pieces += [*self._before[at], told, *self._behind[at]]
        whole = "".join(pieces)
        if self._end and whole and not whole.endswith(self._newline * 2):
            whole += self._newline if whole.endswith("\n") else self._newline * 2
        return whole + "".join(self._end)

    def replace(self, at: int, section: Section) -> None:
        """Let the block at a place show `section`."""
        block = self._parts[at]
        assert isinstance(block, Block)
        if block.removed or self._force or not self._is_changed(block):
            self._told[at] = self._own(block_text(section))
            gone = {note.id: note for note in notes_in(block.text) if note.id not in self._shown}
            for note_id, note in gone.items() if not block.removed else ():
                quoted = "\n".join(f"> {line}".rstrip() for line in note.text.split("\n"))
                self._removed(at, Section(note_id, f"{REMOVED}\n\n{quoted}"))
            for removed in _gone(block.text, section.text) if not block.removed else ():
                is_bookmark = not removed.key.startswith(_HIGHLIGHT)
                # One that came elsewhere, with its comment, is not gone.
                if removed.key not in self._shown and not (is_bookmark and self.bookmarks_gone <= 0):
                    self.bookmarks_gone -= is_bookmark
                    self._removed(at, removed)
        elif self._is_news(block, section):
            self.kept.append(block.key)

    def insert_behind(self, at: int, section: Section) -> None:
        """A new block behind the one at a place, and behind what came there before."""
        self._behind[at].append(self._own(f"\n{block_text(section)}"))

    def insert_before(self, at: int, section: Section) -> None:
        """A new block before the one at a place."""
        self._before[at].append(self._own(f"{block_text(section)}\n"))

    def append(self, section: Section) -> None:
        """A new block at the end."""
        self._end.append(self._own(f"{block_text(section)}\n"))

    def remove_all_but(self, wanted: Container[str], sections: Sequence[Section]) -> None:
        """Show the other blocks as removed; of marks that are shown again, what was told of them goes.

        What stands in other `sections` now, since its comment was moved or joined, goes without a word.
        """
        seen: set[str] = set()
        words: str | None = None
        for at, block in enumerate(self._parts):
            if isinstance(block, str) or block.key in wanted or block.key in seen:
                continue
            seen.add(block.key)
            if block.removed:
                if block.key in self._shown:
                    self._told[at] = ""
                continue
            if words is None:
                words = " ".join(piece for section in sections for piece in _pieces(section.text))
            is_of_comments = _COMMENT in block.text and not self._is_changed(block)
            if is_of_comments and all(piece in words for piece in _pieces(block.text)):
                self._told[at] = ""
                self.moved.add(block.key)
            else:
                text = f"{REMOVED}\n\n{without_markers(block.text).strip()}"
                self._told[at] = self._own(block_text(Section(block.key, text), removed=True))
                self.removed += 1

    def _removed(self, at: int, section: Section) -> None:
        self._behind[at].append(self._own(f"\n{block_text(section, removed=True)}"))
        self.removed += 1

    def _is_changed(self, block: Block) -> bool:
        """Did the reader change what the store does not have?"""
        if _outer_sum(block.text) != block.sum:
            return True
        return any(note.is_edited and not self._saved(note) for note in notes_in(block.text))

    def _is_news(self, block: Block, section: Section) -> bool:
        """Is anything lost if a changed block is left as it is?"""
        there, now = list(notes_in(block.text)), list(notes_in(section.text))
        is_edited = any(note.is_edited for note in there)
        return (
            is_edited
            or _outer_sum(section.text) != block.sum
            or [note.sum for note in there] != [note.sum for note in now]
        )

    def _own(self, text: str) -> str:
        return text.replace("\n", self._newline) if self._newline != "\n" else text


def _parts(text: str) -> Iterator[str | Block]:
    """What stands between blocks, and the blocks, in order; a key that comes again is the reader's copy."""
    done, seen = 0, set()
    begins = list(_BEGIN.finditer(text))
    for begin, following in zip(begins, [*begins[1:], None], strict=True):
        limit = following.start() if following else len(text)
        end = re.compile(rf"^[ \t]*<!-- tr:end {re.escape(begin[1])} -->[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        found = end.search(text, begin.end(), limit)
        key = unquote(begin[1])
        if not found or key in seen:
            continue
        seen.add(key)
        if begin.start() > done:
            yield text[done : begin.start()]
        raw, inner = text[begin.start() : found.end()], text[begin.end() : found.start()]
        yield Block(key, begin[2], bool(begin[3]), raw, inner.replace("\r\n", "\n"))
        done = found.end()
    if done < len(text):
        yield text[done:]


def _signs(text: str) -> set[str]:
    """What the blocks of removed bookmarks and highlights are called, of those that stand in `text`."""
    bare = without_notes(text)
    bookmarked = {f"bookmark-{own}" for _, own in _BOOKMARKED.findall(bare)}
    return bookmarked | {_HIGHLIGHT + sum_of(words) for words in _LIT.findall(bare)}


def _bookmarks(texts: Iterable[str]) -> int:
    return sum(len(_BOOKMARKED.findall(text)) for text in texts)


def _gone(before: str, after: str) -> Iterator[Section]:
    """The bookmarks, and the highlights without a note, that were taken off what is still there."""
    noted, before, after = before, without_notes(before), without_notes(after)
    there, lit, bare = _signs(after), _LIT.findall(after), after.replace("==", "")
    for told, own in _BOOKMARKED.findall(before):
        key = f"bookmark-{own}"
        if key not in there and f'<a id="{own}"></a>' in after:
            yield Section(key, f"{REMOVED}\n\n> ★ {told}")
    for words in _LIT.findall(before):
        key = _HIGHLIGHT + sum_of(words)
        is_noted = f"on “{words[:_NAMED_BY]}" in noted
        is_lit = any(words in one or one in words for one in lit)  # with what another highlight takes in
        if key not in there and words in bare and not is_noted and not is_lit:
            yield Section(key, f"{REMOVED}\n\n> =={words}==")


def _pieces(text: str) -> list[str]:
    """What each comment in a block says, without quotes, headers, names of places and notes."""
    pieces: list[list[str]] = [[]]
    for line in without_markers(without_notes(text)).split("\n"):
        bare = line.lstrip("> \t-")
        if _COMMENT in bare:
            pieces.append([])
        elif not bare.startswith(("^tr-", "[!", "**My ")):
            pieces[-1].append(bare)
    return [words for piece in pieces if (words := collapsed(" ".join(piece)))]


def _outer_sum(text: str) -> str:
    """The sum of a block but for the notes in it, which have their own."""
    return sum_of(without_notes(text.replace("\r\n", "\n") if "\r" in text else text))


def _held(line: str) -> tuple[list[str], list[str]]:
    """The keys of the blocks, and the tags, that an earlier export put into a file."""
    words = [unquote(word) for word in line.split()]
    return [word for word in words if not word.startswith("#")], [
        word[1:] for word in words if word.startswith("#")
    ]


def _key(own_id: str) -> str:
    """An id as it stands in a marker, without blanks."""
    return own_id if own_id.isalnum() and own_id.isascii() else quote(own_id, safe="")


def _held_line(keys: Iterable[str], tags: Value) -> str:
    assert not isinstance(tags, (str, int))
    words = [*map(_key, keys), *(f"#{quote(tag, safe='')}" for tag in tags)]
    return f"<!-- tr:held {' '.join(words)} -->\n"
