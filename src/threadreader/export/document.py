"""Whole exports in Markdown: the front matter, the head, and what stands below it."""

import datetime as dt
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

from threadreader import __version__
from threadreader.export.blocks import Section, written
from threadreader.export.front import TAGS, Value, each_once
from threadreader.export.markdown import (
    HEAD,
    Marks,
    Tags,
    about_line,
    bullet,
    comment_sections,
    counted,
    orphans,
    post_blocks,
    quoted,
    tag_line,
    with_ancestors,
)
from threadreader.export.marks import Shelved, mark_sections
from threadreader.export.presets import DEFAULT, Form
from threadreader.export.templates import Templates
from threadreader.markup import inline
from threadreader.model import Annotation, Post, Thread, collapsed

SCHEMA = 1  # of what stands in the front matter
_NONE: Mapping[str | None, Sequence[str]] = MappingProxyType({})


class HeadView(NamedTuple):
    """What stands above the comments, or above the marks, as a template sees it. All of it is Markdown."""

    title: str
    about: str  # who, when, where; empty if none is known
    tags: str
    totals: str  # how much there is: "12 comments · 3 notes"
    body: str  # of the post, with the notes on it
    comments: str  # "12 comments"; empty where marks follow


class Document(NamedTuple):
    """An export that can be written, or worked into a file that is there."""

    values: Mapping[str, Value]  # of the front matter
    sections: Iterable[Section]
    form: Form

    def __str__(self) -> str:
        """The whole of a new file."""
        return "".join(self.parts())

    def parts(self) -> Iterator[str]:
        """The same, part by part."""
        properties, managed = self.form.preset.properties, self.form.managed
        return written(self.values, self.sections, properties=properties, managed=managed)


def of_thread(
    thread: Thread,
    annotations: Sequence[Annotation],
    *,
    title: str,
    exported: dt.datetime,
    scope: str = "thread",
    only: Collection[str] | None = None,
    tags: Tags = _NONE,
    alone: bool = False,
    form: Form = DEFAULT,
    templates: Templates | None = None,
) -> Document:
    """The post, its comments in reading order and the post's `annotations`.

    `title` heads it, be it the post's own or the reader's. With `only` the comments are those of these ids
    with their ancestors, or `alone`, with the scope "marked" the marked and tagged ones; how many are left
    out is said where they
    would stand. Annotations on comments that the thread has not are told at the end, with the words that
    they were made on.
    """
    marks = Marks.of(annotations, tags)
    shown: Container[int] = range(len(thread.comments))
    if scope == "marked" and only is None:
        only = [one for one in (*marks.on, *marks.tags) if one]
    if only is not None:
        shown = with_ancestors(thread, only) if not alone else {thread.positions[one] for one in only}
    post = thread.post
    values = {
        "title": collapsed(title),
        "author": post.author or "",
        "source": post.url or "",
        "document": PurePath(post.source).name,  # the path tells about the reader's disk
        "published": post.date.isoformat() if post.date else "",
        **_made_by(exported, f"{scope} {form.style} {form.preset.name}"),
        "post": post.id,
        "comments": len(thread.comments),
        **_totals(annotations),
        TAGS: each_once(tag for tagged in tags.values() for tag in tagged),
    }
    head = HeadView(
        title=inline(collapsed(title)),
        about=about_line(post, marks.on.get(None, ())),
        tags=tag_line(tags.get(None, ())),
        totals=_totals_line(len(thread.comments), annotations),
        body=quoted(post_blocks(thread, marks, form)).rstrip("\n"),
        comments=counted(len(thread.comments), "comment"),
    )
    return Document(
        values,
        _thread_sections(thread, annotations, marks, form, shown, head, templates or Templates()),
        form,
    )


def _thread_sections(
    thread: Thread,
    annotations: Sequence[Annotation],
    marks: Marks,
    form: Form,
    shown: Container[int],
    head: HeadView,
    templates: Templates,
) -> Iterator[Section]:
    yield _head(head, form, templates)
    yield from comment_sections(thread, marks, form, shown)
    yield from orphans(thread, annotations, form)


def of_marks(
    shelved: Sequence[Shelved],
    *,
    title: str,
    exported: dt.datetime,
    scope: str,
    post: Post | None = None,
    form: Form = DEFAULT,
    templates: Templates | None = None,
) -> Document:
    """Marks one after another, in the order given: of `post`, or of many."""
    templates = templates or Templates()
    annotations = [one.mark for one in shelved if not one.sign]
    threads = {one.thread.post.id: one.thread for one in shelved if one.thread}
    posts = len({one.mark.post_id for one in shelved})
    values = {
        "title": collapsed(title),
        "author": (post and post.author) or "",
        "source": (post and post.url) or "",
        "published": post.date.isoformat() if post and post.date else "",
        **_made_by(exported, f"{scope} marks {form.preset.name}"),
        **({"post": post.id} if post else {"posts": posts}),
        "comments": sum(len(thread.comments) for thread in threads.values()),
        **_totals(annotations),
        TAGS: each_once(tag for one in shelved for tag in one.tags),
    }
    head = HeadView(
        title=inline(collapsed(title)),
        about=about_line(post, ()) if post else "",
        tags="",
        totals=_totals_line(None, annotations) + (f" · {counted(posts, 'post')}" if not post else ""),
        body="",
        comments="",
    )
    return Document(values, _mark_sections(shelved, form, head, templates), form)


def _mark_sections(
    shelved: Iterable[Shelved], form: Form, head: HeadView, templates: Templates
) -> Iterator[Section]:
    yield _head(head, form, templates)
    yield from mark_sections(shelved, form, templates.macro("mark"))


def _head(head: HeadView, form: Form, templates: Templates) -> Section:
    text = templates.macro("head")(head).strip("\n") + "\n"
    return Section(HEAD, bullet(text, 0) if form.preset.bullets else text)


def _made_by(exported: dt.datetime, export: str) -> dict[str, Value]:
    return {
        "exported": exported.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "threadreader": __version__,
        "schema": SCHEMA,
        "export": export,
    }


def _totals(annotations: Sequence[Annotation]) -> dict[str, Value]:
    kinds = [annotation.kind for annotation in annotations]
    return {
        "annotations": len(annotations),
        "bookmarks": kinds.count("bookmark"),
        "notes": kinds.count("note"),
        "highlights": kinds.count("highlight"),
    }


def _totals_line(comments: int | None, annotations: Sequence[Annotation]) -> str:
    kinds = [annotation.kind for annotation in annotations]
    told = [counted(comments, "comment")] if comments is not None else []
    told += [
        counted(number, noun) for noun in ("note", "highlight", "bookmark") if (number := kinds.count(noun))
    ]
    return f"**{' · '.join(told) or 'no marks'}**"
