"""A thread with its marks as one page of HTML: no script, and no address is asked for anything.

Every comment is a `details` that holds its replies, so that a browser folds it, by keyboard as well. Below
DEEPEST replies stand side by side and name what they answer: browsers stop nesting somewhere. Text is text;
only the reader's own notes are Markdown, without HTML and pictures.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from threadreader import __version__
from threadreader.anchoring import quote_in
from threadreader.export.markdown import Marks, anchor, counted, is_bookmarked, moment_of
from threadreader.export.marks import first_line
from threadreader.links import links_in
from threadreader.model import NOTE_NAMES, Annotation, Comment, Person, Thread, collapsed, person_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

INDENTED = 8  # levels on a wide screen
INDENTED_NARROW = 4
DEEPEST = 40

_NO_TAGS: Mapping[str | None, Sequence[str]] = MappingProxyType({})


class MarkLine(NamedTuple):
    """A mark in the list of them."""

    anchor: str
    place: str
    words: str


def page(
    thread: Thread,
    annotations: Sequence[Annotation],
    *,
    title: str,
    exported: dt.datetime,
    tags: Mapping[str | None, Sequence[str]] = _NO_TAGS,
    people: Mapping[str, Person] = MappingProxyType({}),
) -> Iterator[str]:
    """The page, part by part."""
    from threadreader.export.templates import page as macros

    template = macros()
    marks = Marks.of(annotations, tags)
    post = thread.post
    kinds = [mark.kind for mark in annotations]
    totals = [counted(len(thread.comments), "comment")] + [
        counted(kinds.count(kind), kind) for kind in ("note", "highlight", "bookmark") if kind in kinds
    ]
    about = [post.author or "", post.date.isoformat() if post.date else ""]
    told = {
        "version": __version__,
        "title": collapsed(title),
        "about": " · ".join(filter(None, about)),
        "url": post.url if post.url and post.url.startswith(("http://", "https://")) else "",
        "totals": " · ".join(totals),
        "tags": tags.get(None, ()),
        "marks": [_mark_line(mark, thread) for mark in annotations],
        "body": Markup(_words(thread.body, marks.on.get(None, ()))),
        "notes": Markup("".join(_notes(thread.body, marks.on.get(None, ())))),
        "comments": counted(len(thread.comments), "comment"),
        "exported": moment_of(exported),
        "orphans": Markup("".join(_orphans(thread, annotations))),
    }
    yield str(template.begin(told))  # type: ignore[attr-defined]
    open_ = 0
    for comment in thread.comments:
        depth = min(comment.depth, DEEPEST)
        if open_ > depth:
            yield "</details>\n" * (open_ - depth)
        yield _comment(comment, marks, person_of(comment, people))
        open_ = depth + 1
    yield "</details>\n" * open_
    yield str(template.end(told))  # type: ignore[attr-defined]


def _comment(comment: Comment, marks: Marks, person: Person | None) -> str:
    """A comment without the end of its element: its replies follow in it."""
    on_it = marks.on.get(comment.id, ()) if marks.on else ()
    facts = f" · <time>{moment_of(comment.created)}</time>" if comment.created else ""
    if comment.permalink and comment.permalink.startswith(("http://", "https://")):
        facts += f' · <a rel="noreferrer noopener" href="{escape(comment.permalink)}">link</a>'
    if comment.depth >= INDENTED_NARROW and comment.parent_id:
        answered = comment.place.rpartition(".")[0]
        facts += f' · <span class="answers">↳ <a href="#{anchor(comment.parent_id)}">{answered}</a></span>'
    if comment.mended:
        facts += f' · <span class="mended">{escape(comment.mended)}</span>'
    if marks.tags:
        facts += "".join(
            f' <span class="tag">#{escape(tag)}</span>' for tag in marks.tags.get(comment.id, ())
        )
    classes = "c level narrow" if comment.depth >= INDENTED else "c"
    if INDENTED_NARROW <= comment.depth < INDENTED:
        classes = "c narrow"
    if person and person.dimmed:
        classes += " dimmed"
        facts += ' · <span class="mine">dimmed</span>'
    label = f' <span class="mine">my label: {escape(person.label)}</span>' if person and person.label else ""
    sign = "★ " if on_it and is_bookmarked(on_it) else ""
    head = f'{sign}<b>{comment.place}</b> · <span class="who">{escape(comment.byline)}</span>{label}{facts}'
    notes = "".join(_notes(comment.text, on_it)) if on_it else ""
    return (
        f'<details open class="{classes}" id="{anchor(comment.id)}"><summary>{head}</summary>\n'
        f'<div class="text">{_words(comment.text, on_it)}</div>{notes}\n'
    )


def _words(text: str, on_it: Sequence[Annotation]) -> str:
    """Paragraphs, with what is highlighted lit and addresses as links."""
    edges: list[tuple[int, int, str, str]] = [
        (*place, f'<mark class="{mark.colour or "yellow"}">', "</mark>")
        for mark in on_it
        if mark.kind == "highlight" and (place := quote_in(text, mark.quote))
    ]
    edges += [
        (link.start, link.end, f'<a rel="noreferrer noopener" href="{escape(link.address)}">', "</a>")
        for link in links_in(text)
    ]
    if not edges:
        return f"<p>{_paragraphs(str(escape(text)))}</p>" if text else ""
    pieces, done = [], 0
    for start, end, before, after in _apart(text, edges):
        pieces += [escape(text[done:start]), before, escape(text[start:end]), after]
        done = end
    return f"<p>{_paragraphs(''.join([*pieces, escape(text[done:])]))}</p>"


def _paragraphs(escaped: str) -> str:
    return escaped.replace("\n\n", "</p>\n<p>")


def _apart(text: str, edges: Iterable[tuple[int, int, str, str]]) -> Iterator[tuple[int, int, str, str]]:
    """Pieces that neither overlap nor reach over paragraphs, each in all that it stands in."""
    edges = sorted(edges, key=lambda edge: (edge[0], -edge[1]))
    cuts = sorted({at for start, end, *_ in edges for at in (start, end)} | set(_paragraph_edges(text)))
    for start, end in pairwise(cuts):
        around = [edge for edge in edges if edge[0] <= start and edge[1] >= end]
        if around and text[start:end].strip():
            before = "".join(edge[2] for edge in around)
            yield start, end, before, "".join(edge[3] for edge in reversed(around))


def _paragraph_edges(text: str) -> Iterator[int]:
    at = text.find("\n\n")
    while at >= 0:
        yield at
        yield at + 2
        at = text.find("\n\n", at + 2)


def _notes(text: str, marks: Iterable[Annotation]) -> Iterator[str]:
    for mark in marks:
        on = mark.kind == "highlight"
        lost = on and quote_in(text, mark.quote) is None
        if mark.kind == "bookmark" or not (mark.noted_as or lost):
            continue
        about = f" on “{escape(first_line(mark.quote.exact))}”" if on else ""
        name = f"My {_name(mark)}{about} · {moment_of(mark.created)}"
        yield _aside(mark, f'<div class="made">{name}</div>{_markdown(mark.text)}')


def _name(mark: Annotation) -> str:
    return NOTE_NAMES[mark.note_kind] if mark.noted_as else mark.kind


def _aside(mark: Annotation, inner: str) -> str:
    return f'<aside class="{mark.noted_as or mark.kind}" id="{anchor(mark.id)}">{inner}</aside>'


def _orphans(thread: Thread, annotations: Iterable[Annotation]) -> Iterator[str]:
    for mark in annotations:
        if mark.comment_id and mark.comment_id not in thread.positions:
            name = f"My {_name(mark)} · {moment_of(mark.created)}"
            words = f"<blockquote>{_words(mark.quote.exact, ())}</blockquote>"
            told = f'<div class="made">{name}</div>{_markdown(mark.text)}{words}'
            yield _aside(mark, told)


def _mark_line(mark: Annotation, thread: Thread) -> MarkLine:
    at = thread.positions.get(mark.comment_id) if mark.comment_id else None
    own = bool(mark.noted_as) or (mark.comment_id is not None and at is None)
    target = anchor(mark.id) if own else anchor(mark.comment_id) if mark.comment_id else "post"
    place = "post" if mark.comment_id is None else "gone" if at is None else thread.comments[at].place
    return MarkLine(target, place, first_line(mark.text or mark.quote.exact))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def _markdown(text: str) -> str:
    """A note as HTML: what its Markdown says, and no HTML and no picture of its own."""
    return str(_parser().render(text)) if text else ""
