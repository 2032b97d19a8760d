"""Notes that were edited in an exported file, and marks of other programs, into the store."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from threadreader.anchoring import quote_of, standing
from threadreader.annotations import random_id, utc_now
from threadreader.errors import ExportError
from threadreader.export.blocks import is_ours
from threadreader.export.notes import notes_in, stripped, sum_of
from threadreader.export.web_annotations import Taken, taken_from
from threadreader.model import Annotation, TextQuote, Thread, collapsed

if TYPE_CHECKING:
    from threadreader.library import Library


class TakenNote(NamedTuple):
    """What came of one note in a file; of those that nobody edited nothing is told."""

    id: str
    outcome: Literal["edited", "removed", "both kept", "unknown"]
    text: str  # as it stands in the file


class TakenMarks(NamedTuple):
    """What came of a file of annotations."""

    read: int
    changed: int  # marks, and comments with new tags, that the store had not or had otherwise
    left: Sequence[str]  # a line for each that could not be placed


def import_notes(
    library: "Library",
    document: str,
    where: str,
    *,
    now: Callable[[], dt.datetime] = utc_now,
    new_id: Callable[[], str] = random_id,
) -> list[TakenNote]:
    """Take the notes that were edited in an export into the store, as one step to undo.

    A note whose words changed in the store as well since then keeps those, and those of the file become a
    note beside it; a kind that changed here as well stays. Raises ExportError if `document` is no export.
    """
    if not is_ours(document):
        raise ExportError(
            f"{where}: is not an export of threadreader's; its markers (<!-- tr:… -->) are gone."
        )
    store = library.annotations
    marks = {mark.id: mark for mark in store.marks()}
    told: list[TakenNote] = []
    changed: dict[str, Annotation] = {}
    removed: list[str] = []
    edited: set[str] = set()
    for note in notes_in(document):
        text = stripped(note.text)
        mark = changed.get(note.id) or marks.get(note.id)
        if mark and note.kind != note.exported_as == mark.note_kind:
            mark = changed[note.id] = mark._replace(note_kind=note.kind, updated=now())
            if not note.has_other_words:
                told.append(TakenNote(note.id, "edited", text))
        if not note.has_other_words or (mark and stripped(mark.text) == text):
            continue
        if mark is None:
            told.append(TakenNote(note.id, "unknown", text))
        elif note.id in edited or sum_of(mark.text) != note.sum:
            if text and not _stands_beside(text, mark, (*marks.values(), *changed.values())):
                beside = _note_beside(mark, text, new_id(), now())
                changed[beside.id] = beside
                told.append(TakenNote(note.id, "both kept", text))
        elif text or mark.kind == "highlight":
            edited.add(note.id)
            changed[note.id] = mark._replace(text=text, updated=now())
            told.append(TakenNote(note.id, "edited" if text else "removed", text))
        else:
            edited.add(note.id)
            removed.append(note.id)
            told.append(TakenNote(note.id, "removed", text))
    if changed or removed:
        store.take_in([mark for mark in changed.values() if mark.id not in removed], removed=removed)
    return told


def import_marks(library: "Library", text: str, where: str) -> TakenMarks:
    """Take W3C Web Annotations into the store, as one step to undo; raises ExportError.

    One that is there already under its id takes the words of the file if they are newer.
    """
    store = library.annotations
    there = {mark.id: mark for mark in store.marks()}
    marks: list[Annotation] = []
    tags: list[tuple[str, str | None, Sequence[str]]] = []
    left: list[str] = []
    read = taken_from(text, where)
    placed = _Placing(library)
    for one in read:
        target = placed.target(one)
        if target is None:
            words = collapsed(one.mark.quote.exact if one.mark else "")[:40]
            left.append(f"{one.source or 'no source'}: nothing here has “{words}”.")
            continue
        post_id, comment_id, quote = target
        if one.tags:
            tags.append((post_id, comment_id, one.tags))
        mark = one.mark
        if mark is None:
            continue
        mark = mark._replace(post_id=post_id, comment_id=comment_id, quote=quote)
        if mark.kind == "note" and not mark.text.strip():
            mark = mark._replace(kind="bookmark", note_kind="comment")
        if mark.id not in there or there[mark.id].updated < mark.updated:
            marks.append(mark)
    return TakenMarks(len(read), store.take_in(marks, tags), left)


def _stands_beside(text: str, mark: Annotation, others: Sequence[Annotation]) -> bool:
    """Is there a note with these words on the same comment already?"""
    target = (mark.post_id, mark.comment_id)
    return any(
        (one.post_id, one.comment_id) == target and stripped(one.text) == text for one in others if one.text
    )


def _note_beside(mark: Annotation, text: str, new_id: str, now: dt.datetime) -> Annotation:
    return mark._replace(id=new_id, kind="note", text=text, colour=None, created=now, updated=now)


class _Placing:
    """Which comment an annotation is on, where another program made it."""

    def __init__(self, library: "Library") -> None:
        self._thread = lru_cache(8)(library.index.thread)
        self._posts = {post.url: post.id for post in library.index.posts() if post.url}

    def target(self, taken: Taken) -> tuple[str, str | None, TextQuote] | None:
        """Post, comment and quote; None where nothing here fits."""
        quote = taken.mark.quote if taken.mark else TextQuote("")
        if taken.post_id:  # one of ours; an orphan stays what it is
            return taken.post_id, taken.comment_id, quote
        address = taken.source.split("#")[0]
        post_id = self._posts.get(taken.source) or self._posts.get(address)
        if post_id is None:
            return None
        if not quote.exact.strip():
            return post_id, None, TextQuote(self._thread(post_id).post.title)
        places = list(_places(self._thread(post_id), quote))
        return (post_id, *places[0]) if len(places) == 1 else None


def _places(thread: Thread, quote: TextQuote) -> Iterator[tuple[str | None, TextQuote]]:
    """Every comment, None for the body, in which the words stand with what is known to stand around them."""
    texts: list[tuple[str | None, str]] = [(None, thread.body)]
    texts += [(comment.id, comment.text) for comment in thread.comments]
    found = [(one, text, place) for one, text in texts for place in standing(text, quote.exact)]
    if len(found) > 1:
        before, after = collapsed(quote.prefix)[-8:], collapsed(quote.suffix)[:8]
        found = [
            (one, text, (start, end))
            for one, text, (start, end) in found
            if collapsed(text[:start]).endswith(before) and collapsed(text[end:]).startswith(after)
        ]
    for one, text, place in found:
        yield one, quote_of(text, *place)
