"""Threads mended by hand: a comment hung elsewhere, split, or joined with the next, and all that undone.

The reader's store has the mendings, the index the mended threads; the document stays as it came. What mends
is imported where a post has any mending: few have.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from threadreader.errors import LibraryError, MendingRefused
from threadreader.model import Comment, Mending, MendingKind, TextQuote, Thread, collapsed

if TYPE_CHECKING:
    from threadreader.library import Library

_WORDS = 40  # characters of a text that are told


class Doing(NamedTuple):
    """What is to become of the mendings of a post, and how that is told."""

    put: Sequence[Mending]
    removed: Sequence[Mending]
    why: str


class ToldMending(NamedTuple):
    """A mending, and why it is not followed; empty where it is."""

    mending: Mending
    reason: str


def as_mended(thread: Thread, mendings: Sequence[Mending]) -> Thread:
    """A thread, as it came, with mendings."""
    if not mendings:
        return thread
    from threadreader.mending import mended

    return mended(thread, mendings).thread


def parts(mendings: Sequence[Mending]) -> set[str]:
    """The ids of the comments that splits made."""
    from threadreader.mending import part_id

    return {part_id(one) for one in mendings if one.kind == "split"}


def settle(
    library: "Library", wanted: Mapping[str, Sequence[Mending]], there: Mapping[str, str]
) -> list[str]:
    """Let the index have the `wanted` mendings where it has others; gives the posts that changed."""
    from threadreader.mending import digest_of

    changed = []
    for post_id in sorted(wanted.keys() | there.keys()):
        mendings = wanted.get(post_id, ())
        if digest_of(mendings) == there.get(post_id, ""):
            continue
        came = library.as_it_came(post_id) if library.index.sources(post_id) else None
        if came is None:
            continue  # the post is not here, or its document can't be read: `check` tells
        before = library.as_it_came(post_id, 1)
        thread = as_mended(came, mendings)
        library.index.put_mended(thread, before and as_mended(before, mendings))
        if not library.read_only:
            library.annotations.retain(post_id, thread.positions)
        changed.append(post_id)
    return changed


def re_hang(library: "Library", post_id: str, comment_id: str, parent_id: str | None) -> str:
    """Hang a comment, with its replies, under another one, or for None on the post; what was done, in a line.

    Raises MendingRefused where it stands there already, or would stand under itself.
    """
    thread = library.index.thread(post_id)
    comment = _comment(thread, comment_id)
    if comment.parent_id == parent_id:
        raise MendingRefused(f"{_named(comment)} stands there already.")
    under = "on the post" if parent_id is None else f"under {_named(_comment(thread, parent_id))}"
    mending = _new(library, "re-hang", post_id, comment, parent_id)
    return _do(library, post_id, Doing([mending], [], f"{_named(comment)} hung {under}"))


def split(library: "Library", post_id: str, comment_id: str, place: int) -> str:
    """Split a comment before the character at `place`; what was done, in a line.

    Raises MendingRefused where nothing stands before or behind it, or where it could not be found again.
    """
    from threadreader.mending import beginning_of, place_in

    comment = _comment(library.index.thread(post_id), comment_id)
    quote = beginning_of(comment.text, place)
    found = place_in(comment.text, quote)
    if not quote.exact or found is None or comment.text[:found].strip() != comment.text[:place].strip():
        raise MendingRefused(
            f"{_named(comment)} can't be split there: the words are not alone there. Choose another place."
        )
    mending = _new(library, "split", post_id, comment, None, quote)
    return _do(
        library, post_id, Doing([mending], [], f"{_named(comment)} split before “{_short(quote.exact)}”")
    )


def join(library: "Library", post_id: str, comment_id: str) -> str:
    """Join a comment with the next one in reading order; what was done, in a line. Raises MendingRefused."""
    from threadreader.mending import next_of

    thread = library.index.thread(post_id)
    comment = _comment(thread, comment_id)
    following = next_of(thread, comment_id)
    if following is None:
        raise MendingRefused(f"{_named(comment)} is the last comment: there is none to join with it.")
    mending = _new(library, "join", post_id, comment, following.id)
    return _do(library, post_id, Doing([mending], [], f"{_named(comment)} joined with {_named(following)}"))


def take_off(library: "Library", post_id: str, comment_id: str) -> str:
    """Take all mendings off that were made on a comment, or made it; what was done, in a line.

    Raises MendingRefused where there are none.
    """
    from threadreader.mending import mendings_of

    mendings = mendings_of(comment_id, library.annotations.mendings(post_id))
    thread = library.index.thread(post_id)
    known = comment_id in thread.positions
    name = _named(_comment(thread, comment_id)) if known else f"comment {comment_id}"
    if not mendings:
        raise MendingRefused(f"{name} is not mended.")
    told = "mending" if len(mendings) == 1 else f"{len(mendings)} mendings"
    return _do(library, post_id, Doing([], mendings, f"{told} of {name} taken off"))


def all_mendings(library: "Library") -> list[ToldMending]:
    """Every mending with why it is not followed, by post, in the order in which they are followed."""
    from threadreader.mending import mended

    told = []
    for post_id, mendings in library.annotations.mendings_by_post().items():
        came = library.as_it_came(post_id) if library.index.sources(post_id) else None
        if came is None:
            told += [
                ToldMending(one, "the post is not here, or its document can't be read") for one in mendings
            ]
            continue
        reasons = {one.mending.id: one.reason for one in mended(came, mendings).unapplied}
        told += [ToldMending(one, reasons.get(one.id, "")) for one in mendings]
    return told


def _do(library: "Library", post_id: str, doing: Doing) -> str:
    """Keep what is to be done, as one step to undo, then show it; gives how it is told."""
    from threadreader.mending import mended
    from threadreader.mending.moves import moves, taken_by_join

    came, store = library.as_it_came(post_id), library.annotations
    if came is None:
        raise LibraryError(f"{post_id}: its document can't be read in sources/. Add it again, then mend it.")
    now = store.mendings(post_id)
    gone = {one.id for one in doing.removed}
    before = mended(came, now)
    after = mended(came, [*(one for one in now if one.id not in gone), *doing.put])
    for failed in after.unapplied:
        if failed.mending in doing.put:
            raise MendingRefused(f"That can't be done: {failed.reason}.")
    tags = store.tags(post_id)
    moved = moves(before, after, store.marks(post_id), tags, store.known_read(post_id), doing.removed)
    rows = [row for mark in moved.gone if (row := store.mark_row(mark.id))]
    put = [
        one._replace(moved=taken_by_join(one, moved, tags, rows)) if one.kind == "join" else one
        for one in doing.put
    ]
    store.mend(post_id, put, doing.removed, moved, doing.why)
    library.settle()
    lost = len(after.unapplied) - len(before.unapplied)
    return doing.why if lost <= 0 else f"{doing.why}; {lost} more can't be followed without"


def _new(
    library: "Library",
    kind: MendingKind,
    post_id: str,
    comment: Comment,
    other_id: str | None,
    quote: TextQuote | None = None,
) -> Mending:
    from threadreader.mending import beginning_of

    store = library.annotations
    own, moment = store.fresh()
    latest = max((one.created for one in store.mendings(post_id)), default=moment)
    if moment <= latest:  # a clock that went back puts nothing before what it was done on
        moment = latest + dt.timedelta(microseconds=1)
    return Mending(own, kind, post_id, comment.id, other_id, quote or beginning_of(comment.text), moment)


def _comment(thread: Thread, comment_id: str) -> Comment:
    at = thread.positions.get(comment_id)
    if at is None:
        raise MendingRefused(f"{comment_id}: that comment is not in the thread any more.")
    return thread.comments[at]


def _named(comment: Comment) -> str:
    return f"{comment.place} {comment.byline}"


def _short(text: str) -> str:
    words = collapsed(text)
    return words if len(words) <= _WORDS else words[: _WORDS - 1].rstrip() + "…"
