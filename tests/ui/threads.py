"""Threads that the tests of the reader are about: a comment's id is its place, so that `1.2` says which."""

import datetime as dt
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from threadreader.model import Annotation, Comment, Post, TextQuote, Thread

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
POST = Post(
    id="heron",
    title="The heron and the gate",
    title_derived=False,
    date=dt.date(2024, 2, 29),
    author=None,
    url=None,
    source="/documents/heron.txt",
    layout="outline",
    comments=0,
    declared_comments=None,
)


def thread(
    depths: Sequence[int],
    texts: Mapping[str, str] | None = None,
    *,
    body: str = "The post.",
    post: Post = POST,
) -> Thread:
    """A thread whose comments stand at `depths`, in reading order; `texts` by place, else `Comment 1.2.`."""
    comments: list[Comment] = []
    replies: dict[str | None, int] = {}
    chain: list[str] = []
    for depth in depths:
        del chain[depth:]
        parent = chain[-1] if chain else None
        replies[parent] = nth = replies.get(parent, 0) + 1
        place = str(nth) if parent is None else f"{parent}.{nth}"
        text = (texts or {}).get(place, f"Comment {place}.")
        comments.append(Comment(id=place, parent_id=parent, place=place, depth=depth, text=text))
        chain.append(place)
    return Thread(post._replace(comments=len(comments)), body, tuple(comments))


def chain(length: int) -> Thread:
    """A thread in which each comment answers the one before; ids count from 0."""
    # Places as long as the way down would take more memory than the test is worth.
    comments = tuple(
        Comment(id=str(n), parent_id=str(n - 1) if n else None, place="…", depth=n, text="Further down.")
        for n in range(length)
    )
    return Thread(POST._replace(comments=length), "The post.", comments)


def changed(thread: Thread, place: str, **changes: object) -> Thread:
    """`thread` with something else told of one comment."""
    comments = [c._replace(**changes) if c.id == place else c for c in thread.comments]  # type: ignore[arg-type]
    return Thread(thread.post, thread.body, tuple(comments))


def note(text: str, place: str | None) -> Annotation:
    """A note of the reader on one comment, or on the post."""
    return Annotation(f"note on {place}", "note", POST.id, place, text, TextQuote(""), NOON, NOON)


def _forest(picks: Sequence[int]) -> Thread:
    depths: list[int] = []
    for pick in picks:
        depths.append(min(pick, depths[-1] + 1 if depths else 0))
    return thread(depths)


forests = st.lists(st.integers(0, 5), max_size=15).map(_forest)
"""Threads of any shape: every depth at most one below the comment before."""
