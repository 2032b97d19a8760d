"""Posts, comments and the rest as rows of an index, and back. Pure."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Self

from threadreader.links import links_in
from threadreader.model import Comment, News, Post, Thread, ThreadWarning, bare, digest

POST_COLUMNS = (
    "id, title, title_derived, date, author, url, source, layout, comments, declared_comments, encoding,"
    " source_gone, warnings, mended"
)
COMMENT_COLUMNS = "id, parent_id, place, depth, text, author, signed, created, permalink, warnings, mended"
# What of a comment follows from its text and from where it stands.
DERIVED_COLUMNS = "post, position, ends, date, words, links, op, fingerprint"
_FINGERPRINT = DERIVED_COLUMNS.split(", ").index("fingerprint") - 1
STAMP_COLUMNS = "path, size, mtime_ns, digest, status"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class FileStamp(NamedTuple):
    """A document as it lay on the disk when it was last looked at."""

    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    digest: str  # SHA-256 of the bytes, hexadecimal; empty if it could not be read
    status: str  # what came of it, in the caller's words: "read", "no-thread"


class Ready(NamedTuple):
    """A thread with the values that are stored of its comments: made beside the process that stores them."""

    thread: Thread
    values: Sequence[tuple[object, ...]]  # of DERIVED_COLUMNS but the post, then of COMMENT_COLUMNS

    @classmethod
    def of(cls, thread: Thread) -> Self:
        """The thread, ready to be stored."""
        each = enumerate(thread.comments)
        return cls(thread, [derived_values(thread, at, c) + comment_values(c) for at, c in each])

    @property
    def fingerprints(self) -> list[str]:
        """What is equal for equal texts of comments, white space aside."""
        return [str(values[_FINGERPRINT]) for values in self.values]


class Passage(NamedTuple):
    """A text that a search has to judge."""

    post_id: str
    comment_id: str | None  # None for a post's title or body, and for what stands on a post
    where: Literal["title", "body", "comment", "note"]
    text: str
    place: str | None = None
    parent_line: str | None = None  # first line of the parent comment's text
    key: int | None = None  # what another order than that of the best goes by


def post_values(thread: Thread) -> tuple[object, ...]:
    """A thread's post in the order of POST_COLUMNS, with the count of the comments that are there."""
    post = thread.post
    return (
        post.id,
        post.title,
        post.title_derived,
        post.date and post.date.isoformat(),
        post.author,
        post.url,
        post.source,
        post.layout,
        len(thread.comments),
        post.declared_comments,
        post.encoding,
        post.source_gone,
        _packed(post.warnings),
        post.mended or None,
    )


def comment_values(comment: Comment) -> tuple[object, ...]:
    """A comment in the order of COMMENT_COLUMNS."""
    return (
        comment.id,
        comment.parent_id,
        comment.place,
        comment.depth,
        comment.text,
        comment.author,
        comment.signed,
        comment.created and comment.created.isoformat(),
        comment.permalink,
        _packed(comment.warnings),
        comment.mended or None,
    )


def derived_values(thread: Thread, position: int, comment: Comment) -> tuple[object, ...]:
    """The comment at a position of a thread in the order of DERIVED_COLUMNS, without the row of its post."""
    author = comment.author
    return (
        position,
        thread.ends[position],
        seconds(comment.created or thread.post.date),
        comment.text.count(" ") + 1,
        len(links_in(comment.text)),
        author is not None and author == thread.post.author,
        fingerprint(comment.text),
    )


def seconds(moment: dt.date | None) -> int | None:
    """Seconds from 1970 to a moment, or to the beginning of a day in UTC."""
    if moment is None:
        return None
    if not isinstance(moment, dt.datetime):
        return (moment.toordinal() - _EPOCH.toordinal()) * 86_400
    return (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - _EPOCH) // dt.timedelta(seconds=1)


def post_of(row: Sequence[Any]) -> Post:
    """The post of a row of POST_COLUMNS."""
    # Without a list on the way: the first screen waits for as many of these as there are posts.
    own, title, derived, date, author, url, source, layout, count, declared, encoding, gone, *rest = row
    warnings, mended = rest
    day = dt.date.fromisoformat(date) if date else None
    doubts = _unpacked(warnings) if warnings else ()
    return Post(
        own, title, bool(derived), day, author, url, source, layout, count, declared, encoding,
        bool(gone), doubts, mended or "",
    )  # fmt: skip


def comments_of(rows: Iterable[Sequence[Any]]) -> tuple[Comment, ...]:
    """The comments of rows of COMMENT_COLUMNS."""
    return tuple(
        [
            Comment(
                own,
                parent,
                place,
                depth,
                text,
                author,
                signed,
                _time(at),
                link,
                _unpacked(warnings),
                mended or "",
            )
            if at or warnings or mended
            # Most have none of these, and of a hundred thousand comments each call counts.
            else Comment(own, parent, place, depth, text, author, signed, None, link)
            for own, parent, place, depth, text, author, signed, at, link, warnings, mended in rows
        ]
    )


def post_passages(rows: Iterable[tuple[str, str, str]]) -> list[Passage]:
    """Title and body of each post, of rows of id, title and body."""
    return [
        passage
        for post_id, title, body in rows
        for passage in (Passage(post_id, None, "title", title), Passage(post_id, None, "body", body))
    ]


def news_in(comments: Iterable[Comment], before: Mapping[str, str]) -> dict[str, News]:
    """Which comments are new, or say something else than their texts of `before`, white space aside."""
    news: dict[str, News] = {}
    for comment in comments:
        was = before.get(comment.id)
        if was is None:
            news[comment.id] = "new"
        elif was != comment.text and bare(was) != bare(comment.text):
            news[comment.id] = "changed"
    return news


def fingerprint(text: str) -> str:
    """What is equal for equal texts, apart from white space and what only a page keeps of them."""
    return digest(bare(text))


def marks(count: int) -> str:
    """Question marks for the values of a row."""
    return ", ".join("?" * count)


def escaped(part: str) -> str:
    """`part` for a LIKE whose escape is `!`."""
    for special in "!%_":
        part = part.replace(special, f"!{special}")
    return part


def _time(stamp: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(stamp) if stamp else None


def _packed(warnings: tuple[ThreadWarning, ...]) -> str | None:
    return json.dumps([(w.code, w.message) for w in warnings], ensure_ascii=False) if warnings else None


def _unpacked(warnings: str | None) -> tuple[ThreadWarning, ...]:
    return tuple(ThreadWarning(*pair) for pair in json.loads(warnings)) if warnings else ()
