"""What `--json` prints: for each kind of thing one record. Fields are only ever added."""

import datetime as dt
import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from threadreader.library import Added, Verdict
from threadreader.model import (
    Anchored,
    Comment,
    Hit,
    ListedMark,
    ListedPost,
    Person,
    Problem,
    Thread,
    ThreadWarning,
    person_of,
)

Record = dict[str, Any]

# Legal in a JSON string, but a terminal obeys them.
_OBEYED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def as_json(records: object) -> str:
    """`records` as text that standard output can bear, whatever its encoding, and that no terminal obeys."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    text = json.dumps(records, ensure_ascii="utf" not in encoding, indent=2)
    return _OBEYED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def post_record(listed: ListedPost, number: int, comment_warnings: int) -> Record:
    """A post as in the list; `number` names it on the command line."""
    post = listed.post
    return {
        "id": post.id,
        "place": str(number),
        "title": listed.title,
        "title_derived": post.title_derived and listed.title == post.title,
        "date": post.date and post.date.isoformat(),
        "author": post.author,
        "url": post.url,
        "source": post.source,
        "source_gone": post.source_gone,
        "layout": post.layout,
        "encoding": post.encoding,
        "comments": post.comments,
        "declared_comments": post.declared_comments,
        "warnings": len(post.warnings) + comment_warnings,
        "unread": listed.unread,
        "bookmarks": listed.bookmarks,
        "notes": listed.notes,
        "highlights": listed.highlights,
        "tags": list(listed.tags),
    }


def thread_record(
    post: Record,
    thread: Thread,
    marks: Sequence[Anchored],
    tags: Mapping[str | None, Sequence[str]],
    people: Mapping[str, Person],
) -> Record:
    """A whole thread with what the reader made of it; `post` is the record of its post.

    Marks whose comment is gone are `lost`, and told as `marks` tells them.
    """
    made: dict[str | None, list[Anchored]] = {}
    lost = []
    for anchored in marks:
        on = anchored.mark.comment_id
        if on is None or on in thread.positions:
            made.setdefault(on, []).append(anchored)
        else:
            lost.append(mark_record(anchored))
    whole = post | _made(made.get(None, ())) | {"body": thread.body}
    whole["warnings"] = [_warning(warning) for warning in thread.post.warnings]
    whole["bookmarks"] = [one.mark.comment_id for one in marks if one.mark.kind == "bookmark"]
    comments = [
        _comment(comment)
        | _described(person_of(comment, people))
        | _made(made.get(comment.id, ()))
        | {"tags": list(tags.get(comment.id, ()))}
        for comment in thread.comments
    ]
    return {"post": whole, "comments": comments, "lost": lost}


def added_record(added: Added) -> Record:
    """What came of a document."""
    record: Record = {
        "path": added.path,
        "post_ids": [thread.post.id for thread in added.threads],
        "comments": sum(len(thread.comments) for thread in added.threads),
        "warnings": [
            _warning(warning) | {"post_id": thread.post.id, "place": place}
            for thread in added.threads
            for place, warning in warnings_in(thread)
        ],
        "status": added.status,
    }
    return record | ({"error": added.error} if added.error else {})


def warnings_in(thread: Thread) -> list[tuple[str | None, ThreadWarning]]:
    """Every doubt about a thread with the place of its comment, None for the post itself."""
    on_post: list[tuple[str | None, ThreadWarning]] = [(None, warning) for warning in thread.post.warnings]
    return on_post + [(comment.place, warning) for comment in thread.comments for warning in comment.warnings]


def hit_record(hit: Hit) -> Record:
    """A result of a search."""
    return {
        "post_id": hit.post_id,
        "comment_id": hit.comment_id,
        "score": hit.score,
        "snippet": hit.snippet,
        "matched": list(hit.matched),
        "where": hit.where,
        "place": hit.place,
        "parent_line": hit.parent_line,
        "alike": [comment_id for _, comment_id in hit.alike],
    }


def mark_record(anchored: Anchored) -> Record:
    """Something that the reader made, and whether it still stands on its words.

    `comment_id` is where it stands now, `made_on` where it stood; `copy` is the text that it was made on.
    """
    mark = anchored.mark
    quote, copy = mark.quote, mark.quote.copy
    return {
        "id": mark.id,
        "kind": mark.kind,
        "post_id": mark.post_id,
        "comment_id": anchored.comment_id,
        "made_on": mark.comment_id,
        "text": mark.text,
        "note_kind": mark.noted_as,
        "quote": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "copy": copy.text if copy else quote.exact,
        "colour": mark.colour,
        "created": moment(mark.created),
        "updated": moment(mark.updated),
        "state": anchored.state,
        "reason": anchored.reason,
        "candidates": list(anchored.candidates),
    }


def listed_record(row: ListedMark) -> Record:
    """A mark with the tags of its comment; what bears only tags has the kind `tag`."""
    return mark_record(row.anchored) | {"kind": row.kind, "tags": list(row.tags)}


def problem_record(problem: Problem) -> Record:
    """Something that is not consistent."""
    return {"code": problem.code, "where": problem.where, "message": problem.message}


def verdict_record(verdict: Verdict) -> Record:
    """What came of a document of which it is known what must be read in it."""
    expected, found = verdict.expected, verdict.found
    return {
        "file": expected.name,
        "sha256": expected.digest,
        "status": "read" if found else "failed" if verdict.error else "absent",
        "layout": found and found.layout,
        "comments": found and found.comments,
        "on_post": found and found.on_post,
        "expected": {
            "layout": expected.layout,
            "comments": expected.comments,
            "on_post": expected.on_post,
        },
        "ok": verdict.agrees,
    }


def _comment(comment: Comment) -> Record:
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "place": comment.place,
        "depth": comment.depth,
        "author": comment.author,
        "signed": comment.signed,
        "created": comment.created and moment(comment.created),
        "text": comment.text,
        "permalink": comment.permalink,
        "warnings": [_warning(warning) for warning in comment.warnings],
        "mended": comment.mended,
    }


def _made(marks: Sequence[Anchored]) -> Record:
    """What the reader made of one comment, or of the post itself."""
    return {
        "bookmarked": any(one.mark.kind == "bookmark" for one in marks),
        "notes": [
            {"id": one.mark.id, "text": one.mark.text} | _standing(one)
            for one in marks
            if one.mark.kind == "note"
        ],
        "highlights": [
            {
                "id": one.mark.id,
                "quote": one.mark.quote.exact,
                "colour": one.mark.colour,
                "text": one.mark.text,
            }
            | _standing(one)
            for one in marks
            if one.mark.kind == "highlight"
        ],
    }


def _standing(anchored: Anchored) -> Record:
    """Of which kind a note is, when it was made, and how it stands."""
    return {
        "note_kind": anchored.mark.noted_as,
        "created": moment(anchored.mark.created),
        "state": anchored.state,
        "reason": anchored.reason,
    }


def _described(person: Person | None) -> Record:
    """What the reader says of who wrote a comment."""
    return {"label": person.label if person else "", "dimmed": person is not None and person.dimmed}


def _warning(warning: ThreadWarning) -> Record:
    return {"code": warning.code, "message": warning.message}


def moment(when: dt.datetime) -> str:
    """A moment in UTC, as JSON has it."""
    return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
