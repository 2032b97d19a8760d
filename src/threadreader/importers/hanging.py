"""Comments that name what they answer, in any order, as a thread: each parent before its replies.

What they answer may be missing, and ids may run in a circle: a missing comment gets a stub with its id, so
that it is the same one when it comes, a circle is cut at its oldest comment, and none is lost.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from threadreader.model import DraftComment, ThreadWarning

_STUB = ThreadWarning("missing-parent", "The comment that is answered here is not in the document.")
_CUT = ThreadWarning(
    "circle-cut", "The document lets comments answer one another in a circle; this one is shown on the post."
)
_DOUBLE = ThreadWarning("id-twice", "The document gives another comment the same id.")

_EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
_NO_ID = "\0"  # what the key of a comment without an id of its source begins with


class Loose(NamedTuple):
    """A comment that is not in its place yet."""

    comment: DraftComment
    key: str  # the source's id, or else what `key_of` makes of its number
    parent_key: str | None  # of what it answers; None on the post


def key_of(source_id: str | None, number: int) -> str:
    """What a comment is known by in its document, in which it has that number."""
    return source_id or f"{_NO_ID}{number}"


def is_stub(comment: DraftComment) -> bool:
    """Does it only stand for one that is not in the document?"""
    return _STUB in comment.warnings


def hung(found: Sequence[Loose], *, by_time: bool) -> tuple[DraftComment, ...]:
    """The thread of `found`: siblings in their order, or by time, those without one after the one before."""
    items = _without_doubles(found)
    items += _stubs(items)
    at = {item.key: n for n, item in enumerate(items)}
    parents = [None if item.parent_key is None else at[item.parent_key] for item in items]
    moments = _moments(items, parents)
    cut = _cut_circles(parents, moments)
    order = sorted(range(len(items)), key=lambda n: (moments[n], n)) if by_time else _by_place(items, parents)
    replies: dict[int | None, list[int]] = {}
    for n in order:
        replies.setdefault(parents[n], []).append(n)
    placed: dict[int, int] = {}
    thread: list[DraftComment] = []
    waiting = replies.get(None, [])[::-1]
    while waiting:
        n = waiting.pop()
        above = parents[n]
        comment = items[n].comment._replace(parent=None if above is None else placed[above])
        placed[n] = len(thread)
        thread.append(comment._replace(warnings=(*comment.warnings, _CUT)) if n in cut else comment)
        waiting += replies.get(n, [])[::-1]
    return tuple(thread)


def _without_doubles(found: Sequence[Loose]) -> list[Loose]:
    """`found` with each key once: what comes again and says the same is left out, else it loses its id."""
    kept: dict[str, Loose] = {}
    for number, loose in enumerate(found):
        first = kept.setdefault(loose.key, loose)
        if first is not loose and first.comment.text != loose.comment.text:
            told = (*loose.comment.warnings, _DOUBLE)
            key = key_of(None, -1 - number)
            kept[key] = loose._replace(comment=loose.comment._replace(source_id=None, warnings=told), key=key)
    return list(kept.values())


def _stubs(items: Sequence[Loose]) -> list[Loose]:
    """What stands for the comments that are answered and not there."""
    there = {item.key for item in items}
    wanted = dict.fromkeys(item.parent_key for item in items if item.parent_key is not None)
    return [
        Loose(
            DraftComment("", source_id=None if key.startswith(_NO_ID) else key, warnings=(_STUB,)), key, None
        )
        for key in wanted
        if key not in there
    ]


def _moments(items: Sequence[Loose], parents: Sequence[int | None]) -> list[dt.datetime]:
    """When each was written, as far as order goes: a stub with its first reply, others after the last one."""
    moments: list[dt.datetime] = []
    for item in items:
        moments.append(item.comment.created or (moments[-1] if moments else _EARLIEST))
    first_reply: dict[int, dt.datetime] = {}
    for moment, parent in zip(moments, parents, strict=True):
        if parent is not None:
            first_reply[parent] = min(moment, first_reply.get(parent, moment))
    return [
        first_reply.get(n, moment) if is_stub(items[n].comment) else moment
        for n, moment in enumerate(moments)
    ]


def _by_place(items: Sequence[Loose], parents: Sequence[int | None]) -> list[int]:
    """The order in which they stand, a stub where its first reply does."""
    place = {n: n for n in range(len(items))}
    for n, parent in reversed(list(enumerate(parents))):
        if parent is not None and is_stub(items[parent].comment):
            place[parent] = n
    return sorted(place, key=lambda n: (place[n], n))


def _cut_circles(parents: list[int | None], moments: Sequence[dt.datetime]) -> set[int]:
    """Let the oldest comment of each circle answer the post; which those are."""
    cut: set[int] = set()
    done: set[int] = set()
    for start in range(len(parents)):
        path: dict[int, None] = {}
        n: int | None = start
        while n is not None and n not in done and n not in path:
            path[n] = None
            n = parents[n]
        if n is not None and n in path:
            way = list(path)
            oldest = min(way[way.index(n) :], key=lambda m: (moments[m], m))
            parents[oldest] = None
            cut.add(oldest)
        done.update(path)
    return cut
