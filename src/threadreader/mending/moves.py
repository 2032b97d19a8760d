"""What the reader made goes along with its words when a thread is mended otherwise. Pure.

Every comment consists of pieces of the comments that the document has. Where a passage went is told by these,
and not looked for: a mark stands on the same words before and after.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from threadreader.anchoring import is_passage, passage_in, quote_of
from threadreader.mending import Mended, Piece
from threadreader.model import Annotation, Comment, Copy, Mending, TextQuote, collapsed

_WHOLE = 1 << 40  # characters; no text is as long

Span = tuple[str, int, int]  # a comment, start and end in its text
Tags = Mapping[str | None, Sequence[str]]


class Moves(NamedTuple):
    """What of the reader's goes along, by comment."""

    marks: Sequence[Annotation] = ()  # as they stand from now on
    gone: Sequence[Annotation] = ()  # bookmarks that come to where there is one already
    back: Sequence[Mapping[str, Any]] = ()  # rows of bookmarks that were so taken away
    put: Mapping[str, Sequence[str]] = {}  # tags
    taken: Mapping[str, Sequence[str]] = {}
    read: Sequence[str] = ()
    unread: Sequence[str] = ()


def moves(
    before: Mended,
    after: Mended,
    marks: Sequence[Annotation],
    tags: Tags,
    read: Collection[str],
    undone: Sequence[Mending] = (),
) -> Moves:
    """What goes along from the thread as it was mended `before` to the one `after`.

    `read` are the comments that were read, those included that the thread does not show. What joins took that
    are `undone` is given back.
    """
    way = _Way(before, after)
    moved, gone = way.marks(marks)
    put, taken = way.tags(tags)
    back = []
    for took in (json.loads(mending.moved) for mending in undone if mending.moved):
        ended, on = took["comment_id"], took["on"]
        if way.is_there(ended):
            back += took["bookmarks"]
            put.setdefault(ended, []).extend(took["tags"])
            there = {tag.casefold() for tag in tags.get(on, ())}
            taken.setdefault(on, []).extend(tag for tag in took["put"] if tag.casefold() in there)
    bookmarked = {mark.comment_id for mark in [*marks, *moved] if mark.kind == "bookmark"}
    back = [row for row in back if row["comment_id"] not in bookmarked]
    now_read, unread = way.reads(read)
    return Moves(moved, gone, back, put, taken, now_read, unread)


def taken_by_join(mending: Mending, moved: Moves, tags: Tags, rows: Sequence[Mapping[str, Any]]) -> str:
    """What a join takes from the comment that it ends, to be given back; `rows` are its bookmarks."""
    ended = mending.other_id or ""
    took = {
        "comment_id": ended,
        "on": mending.comment_id,
        "tags": list(tags.get(ended, ())),
        "put": list(moved.put.get(mending.comment_id, ())),
        "bookmarks": list(map(dict, rows)),
    }
    return json.dumps(took, ensure_ascii=False) if took["tags"] or rows else ""


class _Way:
    """From comments as they were mended before to those after."""

    def __init__(self, before: Mended, after: Mended) -> None:
        self._before, self._after = before, after
        self._now = _by_source(after.pieces)

    def is_there(self, comment_id: str) -> bool:
        return comment_id in self._after.thread.positions

    def marks(self, marks: Sequence[Annotation]) -> tuple[list[Annotation], list[Annotation]]:
        """The marks that stand otherwise from now on, and the bookmarks for which there is no room."""
        moved, gone = [], []
        bookmarked = {mark.comment_id for mark in marks if mark.kind == "bookmark"}
        for mark in marks:
            was = self._comment(self._before, mark.comment_id)
            if was is None:
                continue
            becomes = self._hung(self._moved(mark, was), was)
            if becomes == mark:
                continue
            elsewhere = becomes.comment_id != mark.comment_id
            if mark.kind == "bookmark" and elsewhere and becomes.comment_id in bookmarked:
                gone.append(mark)
            else:
                moved.append(becomes)
                if mark.kind == "bookmark":
                    bookmarked.add(becomes.comment_id)
        return moved, gone

    def tags(self, tags: Tags) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Tags of comments that end go to what has their words."""
        put: dict[str, list[str]] = {}
        taken: dict[str, list[str]] = {}
        for on, own in tags.items():
            was = self._comment(self._before, on)
            if on is None or was is None or self.is_there(on):
                continue
            home = next((one for one, *_ in self._spans(on, 0, len(was.text))), None)
            if home is None:
                continue
            there = {tag.casefold() for tag in (*tags.get(home, ()), *put.get(home, ()))}
            put.setdefault(home, []).extend(tag for tag in own if tag.casefold() not in there)
            taken.setdefault(on, []).extend(own)
        return {on: own for on, own in put.items() if own}, taken

    def reads(self, read: Collection[str]) -> tuple[list[str], list[str]]:
        """Which comments are read from now on, and which are not: one is if all of its words were."""
        then = _by_source(self._before.pieces)
        now_read: list[str] = []
        unread: list[str] = []
        changed = [
            one
            for one in {*self._before.pieces, *self._after.pieces, *then, *self._now}
            if self.is_there(one)
            and list(self._after.pieces.get(one, ())) != list(self._before.pieces.get(one, ()))
        ]
        for comment_id in sorted(changed):
            pieces = self._after.pieces.get(comment_id) or [Piece(comment_id, 0, _WHOLE, 0)]
            sources = {span[0] for piece in pieces for span in _spans(then, piece, self._before)}
            is_read = sources <= set(read)
            if sources and is_read != (comment_id in read):
                (now_read if is_read else unread).append(comment_id)
        return now_read, unread

    def _moved(self, mark: Annotation, was: Comment) -> Annotation:
        """A mark with the words that it stands on where these are now."""
        quote = mark.quote
        if not is_passage(mark):
            text = quote.copy.text if quote.copy else quote.exact
            is_exact = collapsed(text) == collapsed(was.text)
            if self.is_there(was.id):
                there = self._comment(self._after, was.id)
                if there is None or there.text == was.text or not is_exact:
                    return mark
                return mark._replace(quote=_whole(there.text, quote))
            span = (0, len(was.text))
        else:
            found, place = passage_in(was.text, quote)
            is_exact, span = found == "exact", place or (0, len(was.text))
            if place is None and self.is_there(was.id):
                return mark
        places = self._spans(was.id, *span)
        if not places:
            return mark
        home = max(places, key=lambda place: place[2] - place[1])[0]
        there = self._comment(self._after, home)
        own = [place for place in places if place[0] == home]
        start, end = own[0][1], own[-1][2]
        if there is None or (home == was.id and there.text == was.text):
            return mark
        words = there.text[start:end]
        if not is_exact or collapsed(words) != collapsed(was.text[slice(*span)]):
            return mark._replace(comment_id=home)  # a part of its words; which, is told when it is shown
        if mark.kind != "highlight" and collapsed(words) == collapsed(there.text):
            return mark._replace(comment_id=home, quote=_whole(there.text, quote))
        return mark._replace(comment_id=home, quote=_parented(quote_of(there.text, start, end), quote))

    def _hung(self, mark: Annotation, was: Comment) -> Annotation:
        """What a mark knows of the parent, where its comment is hung elsewhere now by hand."""
        copy, there = mark.quote.copy, self._comment(self._after, mark.comment_id)
        if copy is None or there is None or copy.parent_id != (was.parent_id or ""):
            return mark
        return mark._replace(quote=mark.quote._replace(copy=copy._replace(parent_id=there.parent_id or "")))

    def _spans(self, comment_id: str, start: int, end: int) -> list[Span]:
        """Where a span of a comment's text is now, in its order."""
        pieces = self._before.pieces.get(comment_id) or [Piece(comment_id, 0, _WHOLE, 0)]
        spans: list[Span] = []
        for piece in pieces:
            first, last = max(piece.at, start), min(piece.at + piece.end - piece.start, end)
            if first < last:
                begin = piece.start + first - piece.at
                part = Piece(piece.comment_id, begin, begin + last - first, 0)
                spans += _spans(self._now, part, self._after)
        return spans

    def _comment(self, mended: Mended, comment_id: str | None) -> Comment | None:
        at = None if comment_id is None else mended.thread.positions.get(comment_id)
        return None if at is None else mended.thread.comments[at]


def _by_source(pieces: Mapping[str, Sequence[Piece]]) -> dict[str, list[tuple[str, Piece]]]:
    """Comment as it came -> the comments that have pieces of it now, in the order of its text."""
    found: dict[str, list[tuple[str, Piece]]] = {}
    for comment_id, own in pieces.items():
        for piece in own:
            found.setdefault(piece.comment_id, []).append((comment_id, piece))
    return {one: sorted(own, key=lambda pair: pair[1].start) for one, own in found.items()}


def _spans(
    by_source: Mapping[str, Sequence[tuple[str, Piece]]], part: Piece, mended: Mended
) -> Iterator[Span]:
    """Where a part of a comment as it came stands in a mended thread."""
    if part.comment_id not in by_source:
        if part.comment_id in mended.thread.positions:
            yield part.comment_id, part.start, part.end
        return
    for comment_id, piece in by_source[part.comment_id]:
        start, end = max(piece.start, part.start), min(piece.end, part.end)
        if start < end:
            yield comment_id, piece.at + start - piece.start, piece.at + end - piece.start


def _whole(text: str, quote: TextQuote) -> TextQuote:
    return _parented(TextQuote(text, copy=Copy(text)), quote)


def _parented(quote: TextQuote, like: TextQuote) -> TextQuote:
    parent = like.copy.parent_id if like.copy else None
    return quote._replace(copy=quote.copy and quote.copy._replace(parent_id=parent))
