"""A thread as it is read aloud: one comment at a time, its place in the thread said in words. Pure.

For screen readers and braille lines: no signs are drawn, no colours, and nothing stands beside anything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from threadreader.anchoring import Anchors
from threadreader.links import numbered
from threadreader.model import (
    NOTE_NAMES,
    Annotation,
    Comment,
    ListedPost,
    Person,
    Post,
    Thread,
    is_rule,
    person_of,
)

People = Mapping[str, Person]  # by `folded_name`
_NOBODY: People = MappingProxyType({})

POST_PLACE = "0"  # what the post itself is called, where comments are called by their places


def post_lines(thread: Thread, title: str, unread: int, marks: Sequence[Annotation] = ()) -> Iterator[str]:
    """The post: its head as a sentence, its text, and the reader's notes on it."""
    post = thread.post
    told = [f"Post: {title}", *_about(post), f"{unread} unread" if unread else "all read"]
    yield ", ".join([*told, *_made(thread, marks)]) + "."
    yield from (f"Warning: {warning.message}" for warning in post.warnings)
    yield from text_lines(thread.body)
    yield from _mark_lines(thread, marks)


def comment_lines(
    thread: Thread,
    at: int,
    *,
    unread: bool = False,
    marks: Sequence[Annotation] = (),
    people: People = _NOBODY,
) -> Iterator[str]:
    """The comment at that position: where it stands and who speaks, its text, the reader's marks on it."""
    comment = thread.comments[at]
    parent = thread.parents[at]
    told = [f"Comment {comment.place} {_speaker(comment)}", *_described(person_of(comment, people))]
    if parent < 0:
        told.append("on the post")
    else:
        answered = thread.comments[parent]
        told += ["reply", f"level {comment.depth + 1}", f"to {answered.place} {_speaker(answered)}"]
    if comment.created:
        told.append(f"{comment.created:%Y-%m-%d %H:%M} UTC")
    if replies := thread.reply_counts[at]:
        told.append(_counted(replies, "reply", "replies"))
    if unread:
        told.append("unread")
    if comment.mended:
        told.append(f"mended by hand, {comment.mended}")
    yield ", ".join([*told, *_made(thread, marks)]) + "."
    yield from (f"Warning: {warning.message}" for warning in comment.warnings)
    yield from text_lines(comment.text)
    yield from _mark_lines(thread, marks)


def text_lines(text: str) -> Iterator[str]:
    """The lines of a text that say something; rules, marks of quoted lines and numbers of links in words."""
    in_quote = False
    for line in numbered(text, " (link {})").split("\n"):
        words = line.strip()
        is_quote = words.startswith(">")
        said = words.lstrip("> ") if is_quote else "Section break." if is_rule(words) else words
        if not said:
            continue
        lead = (
            "Quote: " if is_quote and not in_quote else "End of quote. " if in_quote and not is_quote else ""
        )
        yield lead + said
        in_quote = is_quote


def thread_lines(
    thread: Thread,
    title: str,
    read: Collection[str],
    marks: Sequence[Annotation],
    people: People = _NOBODY,
) -> Iterator[str]:
    """All of a thread, an empty line before each comment."""
    on = marks_by_comment(thread, marks)
    unread = [comment.id not in read for comment in thread.comments]
    yield from post_lines(thread, title, sum(unread), on.get(None, ()))
    for at, comment in enumerate(thread.comments):
        yield ""
        made = on.get(comment.id, ())
        yield from comment_lines(thread, at, unread=unread[at], marks=made, people=people)


def list_lines(posts: Sequence[ListedPost]) -> Iterator[str]:
    """The posts with the numbers that they are called by."""
    yield f"{_counted(len(posts), 'post', 'posts')}."
    for number, listed in enumerate(posts, 1):
        told = [f"{number}: {listed.title}", *_about(listed.post)]
        told.append(f"{listed.unread} unread" if listed.unread else "all read")
        yield ", ".join(told) + "."


def marks_by_comment(thread: Thread, marks: Sequence[Annotation]) -> dict[str | None, list[Annotation]]:
    """The reader's marks by comment, None for the post, on which those of comments that are gone are told."""
    on: dict[str | None, list[Annotation]] = {}
    for mark in marks:
        on.setdefault(mark.comment_id if mark.comment_id in thread.positions else None, []).append(mark)
    return on


def _speaker(comment: Comment) -> str:
    if comment.author:
        return f"by {comment.author}"
    return f"signed {comment.signed}" if comment.signed else "anonymous"


def _about(post: Post) -> list[str]:
    known = [post.date.isoformat() if post.date else "no date", post.author and f"by {post.author}"]
    return [*filter(None, known), _counted(post.comments, "comment", "comments")]


def _described(person: Person | None) -> Iterator[str]:
    """What the reader says of who speaks."""
    if person and person.label:
        yield f"whom you call {person.label}"
    if person and person.dimmed:
        yield "dimmed"


def _made(thread: Thread, marks: Sequence[Annotation]) -> Iterator[str]:
    lost = [mark for mark in marks if _is_lost(thread, mark)]
    kinds = [mark.kind for mark in marks if mark not in lost]
    if "bookmark" in kinds:
        yield "bookmarked"
    if notes := kinds.count("note"):
        yield _counted(notes, "note", "notes")
    if highlights := kinds.count("highlight"):
        yield _counted(highlights, "highlight", "highlights")
    if lost:
        yield _counted(len(lost), "mark whose comment is gone", "marks whose comments are gone")


def _mark_lines(thread: Thread, marks: Sequence[Annotation]) -> Iterator[str]:
    """Notes and highlights, and of all marks that do not stand as they were made, what became of them."""
    anchors = Anchors(thread)
    for mark in marks:
        name = f"Your {NOTE_NAMES[mark.note_kind]}"
        words, passage = _line(mark.text), f"You highlighted: {_line(mark.quote.exact)}"
        if mark.kind == "note":
            yield f"{name}: {words}"
        elif mark.kind == "highlight":
            noted = f": {words}" if mark.text else ""
            yield f"{passage}. {name}{noted}" if mark.noted_as else passage
        state, reason = anchors.of(mark)[1:3]
        if state != "exact":
            if mark.kind == "bookmark":
                yield "Your bookmark."
            yield f"Its state: {state}, {reason}." if reason else f"Its state: {state}."
            if _is_lost(thread, mark) and mark.kind != "highlight":
                yield f"It was made on: {_line(mark.quote.exact)}"


def _is_lost(thread: Thread, mark: Annotation) -> bool:
    return mark.comment_id is not None and mark.comment_id not in thread.positions


def _line(text: str) -> str:
    return " ".join(text.split())


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
