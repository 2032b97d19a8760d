"""Everything about threads and marks as JSON of our own, and marks as a table of comma-separated values."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from threadreader import __version__
from threadreader.anchoring import Anchors
from threadreader.export.markdown import link_here, link_to
from threadreader.export.marks import Shelved
from threadreader.model import Annotation, Comment, Mending, Person, Thread, person_of

SCHEMA = 1
COLUMNS = (
    "id kind state post comment title place author written quote note note_kind tags colour created updated"
    " address link"
).split()
_OBEYED_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def json_parts(
    posts: Iterable[tuple[Thread, str, Sequence[Annotation], Mapping[str | None, Sequence[str]]]],
    exported: dt.datetime,
    people: Mapping[str, Person] = MappingProxyType({}),
    mendings: Mapping[str, Sequence[Mending]] = MappingProxyType({}),
) -> Iterator[str]:
    """One JSON document, part by part: each post with its comments and what the reader made of it.

    `mendings` are by post; comments are told as they are mended.
    """
    head = {"threadreader": __version__, "schema": SCHEMA, "exported": stamp(exported)}
    yield json.dumps(head)[:-1] + ', "posts": ['
    for nth, (thread, title, marks, tags) in enumerate(posts):
        yield (",\n" if nth else "\n") + json.dumps(
            post_record(thread, title, marks, tags, people, mendings.get(thread.post.id, ())),
            ensure_ascii=False,
        )
    yield "\n]}\n"


def marks_parts(shelved: Iterable[Shelved], exported: dt.datetime) -> Iterator[str]:
    """Marks one after another as one JSON document, each with its post and the tags of its comment."""
    head = {"threadreader": __version__, "schema": SCHEMA, "exported": stamp(exported)}
    yield json.dumps(head)[:-1] + ', "annotations": ['
    for nth, one in enumerate(shelved):
        about = {"post": one.mark.post_id, "title": one.title, "tags": list(one.tags)}
        record = about | ({"kind": "tag"} if one.sign == "#" else {})
        record = _mark_record(one.mark, one.thread) | record
        yield (",\n" if nth else "\n") + json.dumps(record, ensure_ascii=False)
    yield "\n]}\n"


def post_record(
    thread: Thread,
    title: str,
    marks: Sequence[Annotation],
    tags: Mapping[str | None, Sequence[str]],
    people: Mapping[str, Person] = MappingProxyType({}),
    mendings: Sequence[Mending] = (),
) -> dict[str, Any]:
    """A post with all that is known of it. Tags are by comment, those of the post itself stand on it."""
    post = thread.post
    return {
        "id": post.id,
        "title": title,
        "own_title": post.title,
        "title_derived": post.title_derived,
        "date": post.date and post.date.isoformat(),
        "author": post.author,
        "url": post.url,
        "source": post.source,
        "layout": post.layout,
        "encoding": post.encoding,
        "declared_comments": post.declared_comments,
        "warnings": [warning._asdict() for warning in post.warnings],
        "tags": list(tags.get(None, ())),
        "body": thread.body,
        "comments": [
            _comment_record(comment, tags.get(comment.id, ()), person_of(comment, people))
            for comment in thread.comments
        ],
        "annotations": [_mark_record(mark, thread) for mark in marks],
        "mendings": [_mending_record(mending) for mending in mendings],
    }


def csv_text(shelved: Iterable[Shelved]) -> str:
    """Marks as a table, with a line of headings.

    A cell that a spreadsheet would take for a formula has an apostrophe before it, as OWASP advises ("CSV
    Injection"): `'=1+1`. Who reads the table by a program takes JSON, in which nothing is changed.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in shelved:
        table.writerow(map(_harmless_cell, _cells(one)))
    return out.getvalue()


def stamp(moment: dt.datetime) -> str:
    """A moment in UTC, as precise as it is kept."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _cells(shelved: Shelved) -> list[str]:
    mark, thread, title, tags, _ = shelved
    at = thread.positions.get(mark.comment_id) if thread and mark.comment_id else None
    comment = thread.comments[at] if thread and at is not None else None
    written = comment.created if comment else None
    return [
        mark.id,
        mark.kind,
        Anchors(thread).of(mark).state,
        mark.post_id,
        mark.comment_id or "",
        title,
        comment.place if comment else "",
        comment.byline if comment else (thread.post.author or "" if thread else ""),
        stamp(written) if written else "",
        mark.quote.exact,
        mark.text,
        mark.noted_as or "",
        " ".join(tags),
        mark.colour or "",
        stamp(mark.created),
        stamp(mark.updated),
        link_to(thread, comment.id if comment else None) if thread else "",
        link_here(mark.post_id, mark.comment_id),
    ]


def _harmless_cell(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_OBEYED_BY_SPREADSHEETS) else cell


def _comment_record(comment: Comment, tags: Sequence[str], person: Person | None) -> dict[str, Any]:
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "place": comment.place,
        "depth": comment.depth,
        "author": comment.author,
        "signed": comment.signed,
        "label": person.label if person else "",
        "dimmed": person is not None and person.dimmed,
        "created": comment.created and stamp(comment.created),
        "permalink": comment.permalink,
        "text": comment.text,
        "warnings": [warning._asdict() for warning in comment.warnings],
        "mended": comment.mended,
        "tags": list(tags),
    }


def _mending_record(mending: Mending) -> dict[str, Any]:
    return {
        "id": mending.id,
        "kind": mending.kind,
        "comment_id": mending.comment_id,
        "other_id": mending.other_id,
        "quote": dict(zip(("exact", "prefix", "suffix"), mending.quote[:3], strict=True)),
        "created": stamp(mending.created),
    }


def _mark_record(mark: Annotation, thread: Thread | None) -> dict[str, Any]:
    anchored, copy = Anchors(thread).of(mark), mark.quote.copy
    return {
        "id": mark.id,
        "kind": mark.kind,
        "comment_id": mark.comment_id,
        "text": mark.text,
        "note_kind": mark.noted_as,
        "quote": mark.quote._asdict() | {"copy": copy and copy._asdict()},
        "colour": mark.colour,
        "created": stamp(mark.created),
        "updated": stamp(mark.updated),
        "state": anchored.state,
        "reason": anchored.reason,
    }
