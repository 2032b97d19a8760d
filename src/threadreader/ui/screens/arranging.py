"""In which order, and how much of a thread, the reader wants to see: a thread made from a thread."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import compress, pairwise
from typing import Any, NamedTuple

from threadreader.model import Comment, Thread

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)

# Each order by its name; what is equal stays in thread order.
ORDERS: dict[str, Callable[[Thread, int], Any]] = {
    "thread order": lambda thread, at: at,
    "newest": lambda thread, at: _NEVER - (thread.comments[at].created or _NEVER),
    "longest": lambda thread, at: -len(thread.comments[at].text),
    "most replies": lambda thread, at: -thread.reply_counts[at],
    "author": lambda thread, at: thread.comments[at].byline.casefold(),
}


def orders_of(thread: Thread) -> list[str]:
    """The orders that can be told from a thread: without times there is no newest."""
    return [name for name in ORDERS if name != "newest" or any(c.created for c in thread.comments)]


class Arrangement(NamedTuple):
    """How a thread is shown; the same for every post until it is changed."""

    order: str = "thread order"  # a key of `ORDERS`
    flat: bool = False  # one list, not a tree

    def next_order(self, thread: Thread) -> "Arrangement":
        """The following order that can be told from this thread."""
        names = orders_of(thread)
        at = names.index(self.order) if self.order in names else 0
        return self._replace(order=names[(at + 1) % len(names)])

    @property
    def told(self) -> str:
        """As the status line says it; nothing where it is as it came."""
        parts = [self.order] if self.order != "thread order" else []
        return ", ".join([*parts, *(["flat"] if self.flat else [])])

    def of(self, thread: Thread) -> Thread:
        """`thread` arranged; itself where nothing is to be changed."""
        if self == Arrangement():
            return thread
        key = ORDERS[self.order]
        if self.flat:
            positions = sorted(range(len(thread.comments)), key=lambda at: key(thread, at))
            comments: Iterable[Comment] = (
                thread.comments[at]._replace(parent_id=None, depth=0) for at in positions
            )
        else:
            comments = _sorted_tree(thread, key)
        return replace(thread, comments=tuple(comments))


def _sorted_tree(thread: Thread, key: Callable[[Thread, int], Any]) -> Iterator[Comment]:
    """The comments depth-first, siblings by `key`."""
    replies: list[list[int]] = [[] for _ in range(len(thread.comments) + 1)]  # the last: of the post
    for at, parent in enumerate(thread.parents):
        replies[parent].append(at)
    for siblings in replies:
        siblings.sort(key=lambda at: key(thread, at))
    waiting = replies[-1][::-1]
    while waiting:
        at = waiting.pop()
        yield thread.comments[at]
        waiting += reversed(replies[at])


class Part(NamedTuple):
    """Some comments of a thread, with everything that they answer."""

    comment_ids: Collection[str]
    told: str  # as the status line says it
    is_of_matches: bool = False  # what is left out between them is then told

    def of(self, thread: Thread) -> tuple[Thread, dict[int, int]]:
        """The part of `thread`; of matches, also after which of its nodes how many comments are missing."""
        parents, shown = thread.parents, bytearray(len(thread.comments))
        for comment_id in self.comment_ids:
            at = thread.positions.get(comment_id, -1)
            while at >= 0 and not shown[at]:
                shown[at] = 1
                at = parents[at]
        part = replace(thread, comments=tuple(compress(thread.comments, shown)))
        if not self.is_of_matches:
            return part, {}
        kept = [-1, *compress(range(len(shown)), shown), len(shown)]
        gaps = (following - at - 1 for at, following in pairwise(kept))
        return part, {node: gap for node, gap in enumerate(gaps) if gap}
