"""Every mark with where it stands now, as the lists of marks show it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from threadreader.anchoring import COMMENT_GONE, POST_GONE, Anchors
from threadreader.model import Anchored, Annotation, ListedMark, TextQuote, Thread

if TYPE_CHECKING:
    from threadreader.library import Library

Target = tuple[str, str | None]
Told = Callable[[int, int], None]  # posts that were read, and all

GONE = "a post that is gone"
_NO_TIME = dt.datetime.fromtimestamp(0, dt.UTC)
_LAST = 1 << 30  # where what stands nowhere is put


class Catalogue:
    """The marks of a library. What did not change since they were read last is not looked for again."""

    def __init__(self) -> None:
        self._read: tuple[object, dict[str, ListedMark]] = (None, {})  # of which version, by id

    def read(
        self, library: "Library", *, version: object = None, progress: Told | None = None
    ) -> list[ListedMark]:
        """Every mark, oldest first; then what bears tags and no mark, by post.

        `version` is the index's, as one and the same connection tells it: that of `library` if none is given.
        """
        version = version or library.index.data_version()
        before, known = self._read
        known = known if version == before else {}
        names = library.annotations.names()
        posts = {
            post.id: (at, names.get(post.id, post.title)) for at, post in enumerate(library.index.posts())
        }
        tags = library.annotations.all_tags()
        marks = library.annotations.marks()
        bare = [
            _of_tags(*target) for target in tags.keys() - {(mark.post_id, mark.comment_id) for mark in marks}
        ]
        listed: dict[str, ListedMark] = {}
        waiting: dict[str, list[Annotation]] = {}
        for mark in (*marks, *bare):
            row = known.get(mark.id)
            if row is None or not _is_same(row, mark):
                waiting.setdefault(mark.post_id, []).append(mark)
            else:
                listed[mark.id] = row
        bare_ids = {mark.id for mark in bare}
        for done, (post_id, theirs) in enumerate(waiting.items()):
            if progress:
                progress(done, len(waiting))
            thread = library.index.thread(post_id) if post_id in posts else None
            anchors = Anchors(thread)
            for mark in theirs:
                listed[mark.id] = _listed(mark, thread, anchors, is_of_tags=mark.id in bare_ids)
        rows = []
        for mark in (*marks, *bare):
            row = listed[mark.id]
            at, title = posts.get(mark.post_id, (_LAST, GONE))
            tagged = tags.get((mark.post_id, mark.comment_id), ())
            rows.append(row._replace(title=title, tags=tagged, order=(at, row.order[1])))
        self._read = version, {row.mark.id: row for row in rows}
        rows[len(marks) :] = sorted(rows[len(marks) :], key=lambda row: row.order)
        return rows


def _of_tags(post_id: str, comment_id: str | None) -> Annotation:
    """What stands for a comment, or a post, that bears tags and no mark; its id is theirs."""
    return Annotation(
        f"tags {comment_id or post_id}",
        "bookmark",
        post_id,
        comment_id,
        "",
        TextQuote(""),
        _NO_TIME,
        _NO_TIME,
    )


def _listed(mark: Annotation, thread: Thread | None, anchors: Anchors, *, is_of_tags: bool) -> ListedMark:
    at = thread.positions.get(mark.comment_id) if thread and mark.comment_id else None
    comment = thread.comments[at] if thread and at is not None else None
    by = (thread.post.author or "") if thread else ""
    if comment:
        by = comment.author or comment.signed or ""
    text = comment.text if comment else None
    anchored = _tagged(mark, thread, text) if is_of_tags else anchors.of(mark)
    where = -1 if mark.comment_id is None else _LAST if at is None else at
    return ListedMark(
        anchored,
        "",
        comment.place if comment else None,
        "" if mark.comment_id and not comment else by,
        order=(0, where),
        is_of_tags=is_of_tags,
    )


def _tagged(mark: Annotation, thread: Thread | None, text: str | None) -> Anchored:
    """How tags stand: of what they were put on nothing but its id is kept."""
    if thread is None:
        return Anchored(mark, "orphan", POST_GONE)
    if mark.comment_id is None:
        return Anchored(mark._replace(quote=TextQuote(thread.post.title)), "exact", "")
    if text is None:
        return Anchored(mark, "orphan", COMMENT_GONE)
    return Anchored(mark._replace(quote=TextQuote(text)), "exact", "", mark.comment_id)


def _is_same(before: ListedMark, mark: Annotation) -> bool:
    return before.is_of_tags or before.mark == mark


def in_reading_order(rows: Sequence[ListedMark]) -> list[ListedMark]:
    """Marks by post, as they stand in it; those on one comment as they were made."""
    return sorted(rows, key=lambda row: (*row.order, row.mark.post_id, row.mark.created))
