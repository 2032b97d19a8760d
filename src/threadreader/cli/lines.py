"""What is printed for people: plain lines, with nothing in them that a terminal obeys."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len

from threadreader.anchoring import POST_GONE
from threadreader.cli.records import warnings_in
from threadreader.library import Added, Verdict
from threadreader.links import numbered
from threadreader.model import (
    NOTE_NAMES,
    Anchored,
    Comment,
    Found,
    ListedMark,
    ListedPost,
    Mistake,
    Person,
    Post,
    Thread,
    collapsed,
    harmless,
    person_of,
)

_INDENT = 2  # blanks for each level of a thread
_DEEPEST = 12  # levels that are indented
_LINK = " [{}]"  # its number, as the reader draws it
_OFFERED = 5  # places that a mark could be at
_WORDS = 70  # characters of a text that stand for it


def post_lines(posts: Sequence[ListedPost]) -> Iterator[str]:
    """One line for each post, its number first."""
    width = len(str(len(posts)))
    for number, listed in enumerate(posts, 1):
        post = listed.post
        date = post.date.isoformat() if post.date else "no date"
        head = f"{number:{width}}  {date:10}  {counted(post.comments, 'comment'):>12}"
        yield "  ".join((head, listed.title, *_bracketed(post_remarks(listed))))


def post_remarks(listed: ListedPost) -> Iterator[str]:
    """What else there is to know about a post."""
    read = listed.post.comments - listed.unread
    if read and listed.unread:
        yield f"{listed.unread} unread"
    if listed.bookmarks:
        yield counted(listed.bookmarks, "bookmark")
    if listed.notes:
        yield counted(listed.notes, "note")
    if listed.highlights:
        yield counted(listed.highlights, "highlight")
    yield from (f"#{tag}" for tag in listed.tags)
    if listed.post.source_gone:
        yield "source gone"


def thread_lines(
    title: str,
    thread: Thread,
    marks: Sequence[Anchored],
    tags: Mapping[str | None, Sequence[str]],
    width: int | None,
    people: Mapping[str, Person],
) -> Iterator[str]:
    """A whole thread with the reader's marks and tags, wrapped to `width` characters if given.

    Marks whose comment is gone are told under the post.
    """
    made: dict[str | None, list[Anchored]] = {}
    for one in marks:
        on = one.mark.comment_id
        made.setdefault(on if on in thread.positions else None, []).append(one)
    yield title
    yield from _head(thread.post)
    yield from filter(None, [_tagged(tags.get(None, ()))])
    yield ""
    yield from _wrapped(numbered(thread.body, _LINK), "", width)
    yield from _made_lines(made.get(None, ()), "", width)
    for comment in thread.comments:
        indent = " " * (_INDENT * min(comment.depth, _DEEPEST))
        yield ""
        head, tagged = indent + _comment_head(comment, people), _tagged(tags.get(comment.id, ()))
        yield f"{head} {tagged}" if tagged else head
        yield from _wrapped(numbered(comment.text, _LINK), indent + "  ", width)
        yield from _made_lines(made.get(comment.id, ()), indent + "  ", width)


def added_lines(added: Added) -> Iterator[str]:
    """What came of a document, its doubts under it."""
    for thread in added.threads:
        size = counted(len(thread.comments), "comment")
        if thread.post.encoding != "utf-8":
            size += f", {thread.post.encoding}"
        yield f"{added.status:9}  {harmless(added.path)}: {thread.post.title} ({size})"
        for place, warning in warnings_in(thread):
            yield f"           {place + ': ' if place else ''}{warning.message}"


def hit_lines(found: Found, posts: Sequence[ListedPost]) -> Iterator[str]:
    """Two lines for each hit: where it is, and the words around it."""
    numbers = {listed.post.id: number for number, listed in enumerate(posts, 1)}
    for hit in found.hits:
        number = numbers[hit.post_id]
        place = f"{number}/{hit.place}" if hit.place else f"{number}"
        where = "" if hit.where == "comment" else f" ({hit.where})"
        yield f"{place}{where}  {posts[number - 1].title}"
        yield f"    {hit.snippet}"


def mistake_lines(query: str, mistake: Mistake) -> Iterator[str]:
    """The query, and a line that points at what is wrong in it."""
    before, wrong, after = (
        " ".join(harmless(part).split("\n")).replace("\t", " ")
        for part in (query[: mistake.start], query[mistake.start : mistake.end], query[mistake.end :])
    )
    yield f"    {before}{wrong}{after}"
    yield f"    {' ' * cell_len(before)}{'^' * max(1, cell_len(wrong))}"


def mark_lines(anchored: Anchored, place: str, candidates: Sequence[str] = ()) -> Iterator[str]:
    """A mark: its id, where it is, and its words; of one to be asked about where it could be."""
    mark, state, reason = anchored[:3]
    kind = f" ({NOTE_NAMES[mark.note_kind]})" if mark.note_kind != "comment" else ""
    doubt = f"  [{state}{': ' if reason else ''}{reason}]" if state != "exact" else ""
    colour = f" ({mark.colour})" if mark.colour else ""
    yield f"{mark.id}  {mark.kind}{colour}{kind}  {place}{doubt}"
    yield from textwrap.indent(mark.text, "    ").split("\n") if mark.text else ()
    yield f"    “{shortened(mark.quote.exact)}”"
    if candidates:
        more = [f"one of {len(candidates) - _OFFERED} more"] if len(candidates) > _OFFERED else []
        could_be = " or ".join([*candidates[:_OFFERED], *more])
        yield f"    could be {could_be}: `threadreader attach {mark.id} COMMENT` settles it"


def listed_lines(
    rows: Iterable[ListedMark], candidates: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[str]:
    """Marks with their tags; `candidates` has by id the places at which one could be."""
    for row in rows:
        mark = row.mark
        number = f"{row.order[0] + 1}" if row.anchored.reason != POST_GONE else mark.post_id
        place = f"{number}/{row.place or mark.comment_id}"
        place = number if mark.comment_id is None or mark.is_detached else place
        tags = _tagged(row.tags)
        if row.is_of_tags:
            doubt = "" if row.anchored.is_attached else f"  [{row.anchored.state}: {row.anchored.reason}]"
            yield f"{mark.id}  {place}{doubt}  {tags}"
            yield from [f"    “{shortened(mark.quote.exact)}”"] if mark.quote.exact else ()
            continue
        yield from mark_lines(row.anchored, place, candidates.get(mark.id, ()))
        yield from [f"    {tags}"] if tags else ()


def verdict_line(verdict: Verdict) -> str:
    """What came of a document of which it is known what must be read in it."""
    expected, found = verdict.expected, verdict.found
    if found is None:
        told = verdict.error or "absent"
    else:
        told = f"read as {found.layout}, {found.comments} comments, {found.on_post} on the post"
        told += (
            "" if verdict.agrees else f"; expected {expected.layout}, {expected.comments}, {expected.on_post}"
        )
    return f"{'ok' if verdict.agrees else 'WRONG':5}  {expected.name}: {told}"


def counted(number: int, noun: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shortened(text: str) -> str:
    """The beginning of a text on one line."""
    return textwrap.shorten(text, _WORDS, placeholder=" …")


def _head(post: Post) -> Iterator[str]:
    known = [post.date and post.date.isoformat(), post.author, counted(post.comments, "comment"), post.url]
    yield " · ".join(part for part in known if part)
    yield harmless(post.source) + (" (gone)" if post.source_gone else "")
    yield from (f"! {warning.message}" for warning in post.warnings)


def _comment_head(comment: Comment, people: Mapping[str, Person]) -> str:
    person = person_of(comment, people)
    label = f"my label: {person.label}" if person and person.label else ""
    dimmed = "dimmed" if person and person.dimmed else ""
    time = comment.created and f"{comment.created:%Y-%m-%d %H:%M} UTC"
    doubts = [f"! {warning.message}" for warning in comment.warnings]
    told = (comment.place, comment.byline, label, dimmed, time, comment.mended, *doubts)
    return " · ".join(part for part in told if part)


def _made_lines(marks: Iterable[Anchored], indent: str, width: int | None) -> Iterator[str]:
    for one in marks:
        mark, state, reason = one[:3]
        stands = f"  [{state}{': ' if reason else ''}{reason}]" if state != "exact" else ""
        on = f" on “{shortened(mark.quote.exact)}”" if not one.is_attached else ""
        name = NOTE_NAMES[mark.note_kind]
        if mark.kind == "bookmark":
            told = f"* bookmarked{on}{stands}"
        elif mark.kind == "note":
            told = f"* {name}{on}: {mark.text}{stands}"
        else:
            kind = f", {name}" if mark.note_kind != "comment" else ""
            noted = f"{kind}: {mark.text}" if mark.text else kind
            told = f"* highlighted: “{collapsed(mark.quote.exact)}”{noted}{stands}"
        yield from _wrapped(told, indent, width)


def _tagged(tags: Iterable[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags)


def _wrapped(text: str, indent: str, width: int | None) -> Iterator[str]:
    for line in text.split("\n"):
        if width is None or not line.strip():
            yield (indent + line).rstrip()
        else:
            room = max(width - len(indent), 30)
            yield from (indent + part for part in textwrap.wrap(line, room, drop_whitespace=True))


def _bracketed(remarks: Iterable[str]) -> Iterator[str]:
    told = ", ".join(remarks)
    if told:
        yield f"[{told}]"
