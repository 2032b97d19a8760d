"""What the reader mended by hand, put upon a thread as it came: comments hung elsewhere, split, joined. Pure.

The thread that comes in is that of the document, the one that goes out is what is indexed and shown. Mendings
are followed in the order in which they were made. One that can't be followed for certain changes nothing, and
is told: the words of a newer copy may be others, and two machines may have mended the same comment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from threadreader.anchoring import CONTEXT, standing
from threadreader.model import Comment, Mending, TextQuote, Thread, collapsed, digest, placed

_WORDS = 8  # of the second part of a comment, by which the place where it was split is found again
_FEWEST = 4  # words that are known again wherever they stand; fewer need what stood around them
_AROUND = 8  # characters of that
_GONE = "the comment is not in the thread any more"


class Unapplied(NamedTuple):
    """A mending that was not followed, and why: one clause."""

    mending: Mending
    reason: str


class Piece(NamedTuple):
    """A piece of a comment as it came, and where it stands in a mended one; in characters."""

    comment_id: str  # as it came
    start: int
    end: int
    at: int


class Mended(NamedTuple):
    """A thread with the mendings that could be followed."""

    thread: Thread
    unapplied: tuple[Unapplied, ...]
    pieces: Mapping[str, Sequence[Piece]]  # of each comment whose text is not as it came


def mended(thread: Thread, mendings: Sequence[Mending]) -> Mended:
    """`thread`, as it came, with `mendings`, in any order.

    A comment that is hung elsewhere takes its replies along; siblings stay in the order of the document. Of
    one that is split the second part is the next sibling, and has the replies: they stand behind it in the
    document. What is joined to a comment stands behind its text, a blank line between, and its replies become
    the comment's.
    """
    if not mendings:
        return Mended(thread, (), {})
    bench, unapplied = _Bench(thread), list[Unapplied]()
    for mending in in_order(mendings):
        if reason := bench.follow(mending):
            unapplied.append(Unapplied(mending, reason))
    comments = bench.comments()
    post = thread.post._replace(comments=len(comments), mended=digest_of(mendings))
    return Mended(replace(thread, post=post, comments=comments), tuple(unapplied), bench.pieces)


def in_order(mendings: Sequence[Mending]) -> list[Mending]:
    """Mendings as they are followed, the same on every machine."""
    return sorted(mendings, key=lambda mending: (mending.created, mending.id))


def digest_of(mendings: Sequence[Mending]) -> str:
    """What tells one list of mendings of a post from another; empty for none."""
    told = [str((*one[:5], *one.quote[:3], one.created.isoformat())) for one in in_order(mendings)]
    return digest(*told) if told else ""


def part_id(mending: Mending) -> str:
    """The id of the comment that a split makes: the same wherever and whenever that is done."""
    return digest("split", mending.comment_id, mending.quote.prefix, mending.quote.exact)


def beginning_of(text: str, start: int = 0) -> TextQuote:
    """The words at `start` of a text, by which the place is found again, with what stands around them."""
    start += len(text[start:]) - len(text[start:].lstrip())
    end, words = start, 0
    while words < _WORDS and end < len(text):
        rest = text[end:].lstrip()
        if not rest:
            break
        end = len(text) - len(rest) + len(rest.split(None, 1)[0])
        words += 1
    return TextQuote(text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT])


def place_in(text: str, quote: TextQuote) -> int | None:
    """Where the quoted words begin in a text that may have been edited; None if that isn't certain."""
    places = standing(text, quote.exact)
    if len(places) == 1 and len(quote.exact.split()) >= _FEWEST:
        return places[0][0]
    known = [(_agreement(text, place, quote), place[0]) for place in places]
    best = max(known, default=(0, 0))
    if known and best[0] >= _AROUND:
        return best[1] if [score for score, _ in known].count(best[0]) == 1 else None
    if places:
        # Nothing stands around the words of a short text.
        alone = len(places) == 1 and collapsed(text) == collapsed(quote.prefix + quote.exact + quote.suffix)
        return places[0][0] if alone else None
    before = quote.prefix.split(None, 1)[-1] if len(quote.prefix) >= CONTEXT else quote.prefix
    ends = [end for _, end in standing(text, before)] if len(before.split()) >= _FEWEST else []
    return ends[0] + len(text[ends[0] :]) - len(text[ends[0] :].lstrip()) if len(ends) == 1 else None


def next_of(thread: Thread, comment_id: str) -> Comment | None:
    """The comment that can be joined to another one: the one behind it in reading order."""
    at = thread.positions[comment_id] + 1
    return thread.comments[at] if at < len(thread.comments) else None


def mendings_of(comment_id: str, mendings: Sequence[Mending]) -> list[Mending]:
    """Those that were made on a comment, or made it."""
    return [
        one
        for one in mendings
        if one.comment_id == comment_id or (one.kind == "split" and part_id(one) == comment_id)
    ]


def _agreement(text: str, place: tuple[int, int], quote: TextQuote) -> int:
    """Characters around a place that are those around the quoted words, white space aside."""
    before, after = collapsed(text[: place[0]][-2 * CONTEXT :]), collapsed(text[place[1] :][: 2 * CONTEXT])
    return _common(before[::-1], collapsed(quote.prefix)[::-1]) + _common(after, collapsed(quote.suffix))


def _common(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


@dataclass(slots=True)
class _History:
    """What was done to a comment."""

    hung_under: str | None = None  # before it was hung elsewhere
    is_hung: bool = False
    parts: tuple[str, ...] = ()  # that were split off
    whole: str = ""  # that it was split off from
    joined: tuple[str, ...] = ()  # what of them is to be told


class _Bench:
    """A thread that is being mended: who answers whom, and the order of the document."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        ids = [comment.id for comment in thread.comments]
        self._comments = dict(zip(ids, thread.comments, strict=True))
        self._parents = {comment.id: comment.parent_id for comment in thread.comments}
        self._after: dict[str, str | None] = dict(zip(ids, [*ids[1:], None], strict=True))
        self._first = ids[0] if ids else None
        self._joined: dict[str, str] = {}
        self._histories: dict[str, _History] = {}
        self.pieces: dict[str, Sequence[Piece]] = {}

    def follow(self, mending: Mending) -> str:
        """Do what a mending says; else the reason why it can't be done."""
        if mending.comment_id not in self._parents:
            return _GONE
        match mending.kind:
            case "re-hang":
                return self._hang(mending.comment_id, mending.other_id)
            case "split":
                return self._split(mending)
            case "join":
                return self._join(mending.comment_id, mending.other_id or "")
        return f"a newer version knows what {mending.kind} is"

    def _hang(self, comment_id: str, parent_id: str | None) -> str:
        if parent_id is not None and parent_id not in self._parents:
            return "what it was hung under is not in the thread any more"
        if comment_id in self._way_up(parent_id):
            return "it would stand under itself"
        history = self._history(comment_id)
        if not history.is_hung:
            history.is_hung, history.hung_under = True, self._parents[comment_id]
        self._parents[comment_id] = parent_id
        return ""

    def _split(self, mending: Mending) -> str:
        first_id, second_id = mending.comment_id, part_id(mending)
        if second_id in self._parents:
            return ""  # done on another machine as well
        whole = self._comments[first_id]
        place = place_in(whole.text, mending.quote)
        if place is None:
            return "the place where it was split can't be told any more"
        first, second = whole.text[:place].rstrip(), whole.text[place:].lstrip()
        if not first or not second:
            return "nothing stands before the place where it was split, or behind it"
        pieces = self._pieces_of(first_id)
        self.pieces[first_id] = _cut(pieces, 0, len(first))
        self.pieces[second_id] = _cut(pieces, len(whole.text) - len(second), len(whole.text))
        self._comments[first_id] = whole._replace(text=first, signed=None)
        # What the document says of who wrote it and when stands for the first; a signature ends the second.
        self._comments[second_id] = Comment(second_id, None, "", 0, second, signed=whole.signed)
        for reply in self._replies(first_id):
            self._parents[reply] = second_id
        self._parents[second_id] = self._parents[first_id]
        for one in [one for one, behind in self._after.items() if behind == second_id]:
            self._after[one] = self._after.pop(second_id)  # it was there before, and was joined
        self._after[second_id], self._after[first_id] = self._after[first_id], second_id
        self._history(first_id).parts += (second_id,)
        self._history(second_id).whole = first_id
        return ""

    def _join(self, comment_id: str, other_id: str) -> str:
        if self._joined.get(other_id) == comment_id and other_id not in self._parents:
            return ""  # done on another machine as well
        if other_id not in self._parents:
            return "what was joined to it is not in the thread any more"
        if other_id in self._way_up(comment_id):
            return "what was joined to it stands above it now"
        one, other = self._comments[comment_id], self._comments[other_id]
        text = f"{one.text}\n\n{other.text}"
        at = len(text) - len(other.text)
        moved = [piece._replace(at=piece.at + at) for piece in self._pieces_of(other_id)]
        self.pieces[comment_id] = [*self._pieces_of(comment_id), *moved]
        self.pieces.pop(other_id, None)
        self._comments[comment_id] = one._replace(
            text=text,
            author=one.author or other.author,
            signed=one.signed or other.signed,
            created=one.created or other.created,
            permalink=one.permalink or other.permalink,
            warnings=tuple(dict.fromkeys((*one.warnings, *other.warnings))),
        )
        for reply in self._replies(other_id):
            self._parents[reply] = comment_id
        del self._parents[other_id]
        self._joined[other_id] = comment_id
        history, its = self._history(comment_id), self._history(other_id)
        told = f"what was {other.place} {other.byline}" if other.place else "a part that was split off"
        history.joined += (told, *its.joined)
        history.parts += its.parts
        return ""

    def _way_up(self, comment_id: str | None) -> Iterator[str]:
        """A comment and what it answers, up to the post."""
        while comment_id is not None:
            yield comment_id
            comment_id = self._parents[comment_id]

    def _replies(self, comment_id: str) -> list[str]:
        return [one for one, parent in self._parents.items() if parent == comment_id]

    def _pieces_of(self, comment_id: str) -> Sequence[Piece]:
        return self.pieces.get(comment_id) or [Piece(comment_id, 0, len(self._comments[comment_id].text), 0)]

    def _history(self, comment_id: str) -> _History:
        return self._histories.setdefault(comment_id, _History())

    def comments(self) -> tuple[Comment, ...]:
        """The comments in reading order."""
        order = self._in_reading_order()
        at = {comment_id: position for position, comment_id in enumerate(order)}
        parents = [self._parents[comment_id] for comment_id in order]
        places, depths = placed([-1 if parent is None else at[parent] for parent in parents])
        place_of = {comment.id: comment.place for comment in self._thread.comments}
        place_of |= dict(zip(order, places, strict=True))
        found = []
        for comment_id, parent, place, depth in zip(order, parents, places, depths, strict=True):
            comment = self._comments[comment_id]
            told = self._told(comment_id, place_of) if comment_id in self._histories else ""
            if (comment.parent_id, comment.place, comment.depth, told) != (parent, place, depth, ""):
                comment = comment._replace(parent_id=parent, place=place, depth=depth, mended=told)
            found.append(comment)
        return tuple(found)

    def _in_reading_order(self) -> list[str]:
        replies: dict[str | None, list[str]] = {}
        one = self._first
        while one is not None:
            if one in self._parents:
                replies.setdefault(self._parents[one], []).append(one)
            one = self._after[one]
        order: list[str] = []
        waiting = replies.get(None, [])[::-1]
        while waiting:
            order.append(waiting.pop())
            waiting += replies.get(order[-1], ())[::-1]
        return order

    def _told(self, comment_id: str, places: Mapping[str, str]) -> str:
        history, told = self._histories[comment_id], list[str]()
        if history.is_hung and history.hung_under != self._parents[comment_id]:
            under = history.hung_under
            was = "a comment on the post" if under is None else f"a reply to {places.get(under, 'a part')}"
            told.append(f"re-hung: was {was}")
        if history.whole:
            told.append(f"split off from {places.get(history.whole, 'a part')}")
        if parts := [places[part] for part in history.parts if part in self._parents]:
            told.append(f"split: the rest is {' and '.join(parts)}")
        if history.joined:
            told.append(f"joined with {' and '.join(history.joined)}")
        return "; ".join(told)


def _cut(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """What of `pieces` stands from `start` to `end` of their text, as pieces of that part."""
    cut = []
    for piece in pieces:
        first, last = max(piece.at, start), min(piece.at + piece.end - piece.start, end)
        if first < last:
            begin = piece.start + first - piece.at
            cut.append(Piece(piece.comment_id, begin, begin + last - first, first - start))
    return cut
