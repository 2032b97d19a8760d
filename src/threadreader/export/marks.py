"""Marks as Markdown, one after another: each with its place, its words, and what the reader made of them.

Of a highlight the paragraphs are quoted that it touches, with the passage lit; of a bookmark or a note the
whole comment. What a mark shows is handed to the template as Markdown, ready to be set.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from threadreader.anchoring import Anchors, quote_in
from threadreader.export.blocks import Section
from threadreader.export.markdown import (
    BOOKMARK,
    anchor,
    attribution,
    bullet,
    callout,
    in_quotes,
    link_here,
    link_to,
    moment_of,
    speaker,
    tag_line,
)
from threadreader.export.notes import note_lines
from threadreader.export.presets import Form
from threadreader.markup import inline, markdown_lines
from threadreader.model import Annotation, Comment, Thread, collapsed

SIGNS = {"bookmark": BOOKMARK, "note": "✎", "highlight": "▌"}
_LONGEST_WORDS = 80  # characters of an ancestor's first line


class Crumb(NamedTuple):
    """A comment that stands above a mark."""

    place: str
    who: str
    words: str  # its first line, shortened


class MarkView(NamedTuple):
    """A mark as a template sees it. All of it is Markdown that shows what it is to show."""

    id: str
    kind: str  # bookmark, note, highlight
    colour: str  # of a highlight
    sign: str
    title: str  # of the post
    place: str  # of the comment; "post" on the post itself, "gone" for a comment that is not there any more
    who: str
    when: str  # of the comment; empty where that is not known
    crumbs: Sequence[Crumb]  # what it answers, from the comment on the post down
    quote: str  # lines that begin with ">"
    note: str  # the same, with the markers that `import-notes` looks for; empty without a note
    note_kind: str  # comment, question, claim, quote; empty without a note
    text: str  # the note without quotes and markers
    tags: str  # of the comment: "#a #b"
    attribution: str  # author, post, time and address
    address: str  # of the comment in the web, or here
    link: str  # threadreader://…
    made: str  # when the mark was made
    anchor: str  # the block's id, without "^"
    reason: str  # why it does not stand on its words any more; empty if it does


class Shelved(NamedTuple):
    """A mark with the thread that it is on, None if that is gone, and the tags of its comment."""

    mark: Annotation
    thread: Thread | None
    title: str  # of the post, as the reader names it
    tags: Sequence[str]
    sign: str = ""  # in place of the mark's own, where there is none: a comment that is tagged, or was found


def mark_sections(
    shelved: Iterable[Shelved], form: Form, template: Callable[[MarkView], str]
) -> Iterator[Section]:
    """A section for each mark, as the template sets it."""
    for one in shelved:
        text = template(view(one, form)).strip("\n") + "\n"
        yield Section(one.mark.id, bullet(text, 0) if form.preset.bullets else text)


def view(shelved: Shelved, form: Form) -> MarkView:
    """What a template is told of a mark."""
    mark, thread, title, tags, sign = shelved
    comment = _comment(mark, thread)
    anchored = Anchors(thread).of(mark)
    post = thread.post if thread else None
    quoted = _quote(mark, thread, comment)
    return MarkView(
        id=mark.id,
        kind=mark.kind,
        colour=mark.colour or "",
        sign=sign or SIGNS[mark.kind],
        title=inline(collapsed(title)),
        place=comment.place if comment else "gone" if mark.comment_id or not thread else "post",
        who=speaker(comment, form) if comment else inline((post and post.author) or "Anonymous"),
        when=moment_of(comment.created) if comment and comment.created else "",
        crumbs=list(_crumbs(thread, comment, form)) if thread and comment else (),
        quote=in_quotes("\n".join(quoted), 1).rstrip("\n"),
        note=_note(mark, form),
        note_kind=mark.noted_as or "",
        text="\n".join(note_lines(mark.id, mark.text, managed=False)).strip("\n") if mark.text else "",
        tags=tag_line(tags),
        attribution=_attribution(thread, comment, title, form),
        address=link_to(thread, comment.id if comment else None) if thread else "",
        link=link_here(mark.post_id, mark.comment_id),
        made="" if sign else f"marked {moment_of(mark.created)}",
        anchor=anchor(mark.id),
        reason="" if anchored.state == "exact" else f"{anchored.state}: {anchored.reason}",
    )


def in_order(shelved: Iterable[Shelved]) -> list[Shelved]:
    """By post, in reading order, then by the time of making: what is gone comes last."""

    def place(one: Shelved) -> tuple[int, int, str, str]:
        mark, thread = one.mark, one.thread
        if thread is None:
            return (2, 0, mark.created.isoformat(), mark.id)
        at = -1 if mark.comment_id is None else thread.positions.get(mark.comment_id)
        created = mark.created.isoformat()
        return (1, 0, created, mark.id) if at is None else (0, at, created, mark.id)

    return sorted(shelved, key=place)


def _comment(mark: Annotation, thread: Thread | None) -> Comment | None:
    at = thread.positions.get(mark.comment_id) if thread and mark.comment_id else None
    return thread.comments[at] if thread and at is not None else None


def _crumbs(thread: Thread, comment: Comment, form: Form) -> Iterator[Crumb]:
    for above in thread.ancestors(thread.positions[comment.id]):
        one = thread.comments[above]
        yield Crumb(one.place, speaker(one, form), inline(first_line(one.text)))


def first_line(text: str) -> str:
    """The first line of a text that says something, shortened at a word."""
    line = next((line for line in text.split("\n") if line.strip("> \t")), "")
    words = collapsed(line).lstrip("> ")
    if len(words) <= _LONGEST_WORDS:
        return words
    return words[:_LONGEST_WORDS].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def _quote(mark: Annotation, thread: Thread | None, comment: Comment | None) -> list[str]:
    """The words that a mark is on, as they are now; as they were where they can't be found."""
    text = comment.text if comment else thread.body if thread and not mark.comment_id else ""
    if mark.kind != "highlight":
        return markdown_lines(text if text.strip() else mark.quote.exact)
    place = quote_in(text, mark.quote) if text else None
    if place is None:
        return markdown_lines(mark.quote.exact, lit=[(0, len(mark.quote.exact))])
    start, end = place
    begin = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    finish = text.find("\n\n", end)
    finish = len(text) if finish < 0 else finish
    lines = markdown_lines(text[begin:finish], lit=[(start - begin, end - begin)])
    return [
        *(["…", ""] if text[:begin].strip() else []),
        *lines,
        *(["", "…"] if text[finish:].strip() else []),
    ]


def _note(mark: Annotation, form: Form) -> str:
    return in_quotes("\n".join(callout(mark, form)), 1).rstrip("\n") if mark.noted_as else ""


def _attribution(thread: Thread | None, comment: Comment | None, title: str, form: Form) -> str:
    if thread is None:
        return f"— “{inline(collapsed(title))}”"
    return attribution(thread, comment, title, here=False, form=form)
