"""A thread and what the reader made of it, as Markdown. Pure.

A comment is a quote in the quote of what it answers, headed by its place, author and time; the header ends in
an anchor named `tr-` and the comment's id. A top-level quote is followed by the same name as a block id, for
Obsidian links to whole quotes only. The reader's notes stand once, under their comment, as callouts; what is
highlighted is so in the text (`==words==`), its tags stand in a line of their own.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from threadreader.anchoring import quote_in
from threadreader.markup import inline, markdown_lines
from threadreader.model import Annotation, Comment, Post, Thread, collapsed

DEEPEST_LEVEL = 6  # quotes in quotes; deeper replies stand side by side there and name what they answer
BOOKMARK = "★"
_NOTE, _HIGHLIGHT = "[!note] My note", "[!quote] My highlight"
_LONGEST_SLUG = 60  # characters
_LONGEST_PASSAGE = 60  # characters of a passage that a note names it by
_KEPT_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"

Tags = Mapping[str | None, Sequence[str]]  # by comment, None for the post


class Marks(NamedTuple):
    """What the reader made, by comment, None for the post."""

    on: Mapping[str | None, Sequence[Annotation]]
    tags: Tags


class Block(NamedTuple):
    """Lines of Markdown that stand together."""

    level: int  # of quotes that they stand in
    lines: list[str]
    opens: bool = True  # in a quote of their own, not in the one above


def markdown(
    thread: Thread,
    annotations: Sequence[Annotation],
    *,
    title: str,
    exported: dt.datetime,
    marked_only: bool = False,
    only: Collection[str] | None = None,
    tags: Tags = MappingProxyType({}),
) -> str:
    """The post, its comments in reading order and the post's `annotations`, as one Markdown document.

    `title` heads it, be it the post's own or the reader's. With `marked_only` the comments are the marked and
    tagged ones, with `only` those of these ids, in both cases with their ancestors; how many are left out is
    said where they would stand. Annotations on
    comments that the thread has not are told at the end, with the words they were made on.
    """
    marks = _marks(annotations, tags)
    shown: Container[int] = range(len(thread.comments))
    if marked_only or only is not None:
        wanted = {*marks.on, *marks.tags} if marked_only else only or ()
        shown = _with_ancestors(thread, filter(None, wanted))
    blocks = [
        Block(0, [f"# {inline(collapsed(title))}"]),
        *_head(thread, marks),
        Block(0, [f"## {_counted(len(thread.comments), 'comment')}"]),
        *_comments(thread, marks, shown),
        *_orphans(thread, annotations),
    ]
    front = _front_matter(thread, annotations, title, exported, tags)
    return "\n".join([*front, *_quoted(blocks)]) + "\n"


def subtree(
    thread: Thread,
    annotations: Sequence[Annotation],
    comment_id: str,
    *,
    title: str,
    tags: Tags = MappingProxyType({}),
) -> str:
    """A comment with everything below it and the reader's marks there, as Markdown of its own."""
    at = thread.positions[comment_id]
    return _excerpt(thread, annotations, thread.comments[at : thread.ends[at]], title=title, tags=tags)


def path(
    thread: Thread,
    annotations: Sequence[Annotation],
    comment_id: str,
    *,
    title: str,
    tags: Tags = MappingProxyType({}),
) -> str:
    """A comment and what it answers, from the post on, with the reader's marks there, in the same form."""
    at = thread.positions[comment_id]
    way = [thread.comments[above] for above in (*thread.ancestors(at), at)]
    return _excerpt(thread, annotations, way, title=title, tags=tags)


def _excerpt(
    thread: Thread, annotations: Sequence[Annotation], shown: Sequence[Comment], *, title: str, tags: Tags
) -> str:
    """Comments of which each but the first has its parent among those before it."""
    top = shown[0]
    comments = [
        one._replace(depth=one.depth - top.depth, parent_id=one.parent_id if one is not top else None)
        for one in shown
    ]
    part = Thread(thread.post, "", tuple(comments))
    marks = _marks(annotations, tags)
    post = thread.post
    about = [
        f"**{inline(collapsed(title))}**",
        post.date.isoformat() if post.date else "",
        inline(post.url or ""),
    ]
    positions = range(len(comments))
    blocks = [Block(0, [" · ".join(filter(None, about))]), *_conversation(part, marks, positions, positions)]
    return "\n".join(_quoted(blocks)).lstrip("\n") + "\n"


def quotation(thread: Thread, comment_id: str | None, *, title: str) -> str:
    """What a comment says, or the post, as a quote in Markdown that tells who said it, where and when."""
    post = thread.post
    comment = thread.comments[thread.positions[comment_id]] if comment_id else None
    text = comment.text if comment else thread.body
    moment = comment.created if comment else None
    told = [
        inline(comment.byline if comment else post.author or "Anonymous"),
        f"“{inline(collapsed(title))}”",
        _moment(moment) if moment else post.date.isoformat() if post.date else "",
        f"<{quote(link_to(thread, comment_id), safe=_KEPT_IN_ADDRESS)}>",
    ]
    lines = [*markdown_lines(text), "", "— " + ", ".join(filter(None, told))]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def link_to(thread: Thread, comment_id: str | None) -> str:
    """Where a comment, or the post, is found: its own address, else the post's, else a name for it here."""
    post = thread.post
    own = thread.comments[thread.positions[comment_id]].permalink if comment_id else None
    for address in (own, post.url):
        if address and re.fullmatch(r"https?://\S+", address):
            return address
    return f"threadreader://{post.id}" + (f"#{comment_id}" if comment_id else "")


def file_name(post: Post) -> str:
    """A name for a post's export that every system takes: date, words of the title, begin of the id."""
    words = re.findall(r"[^\W_]+", post.title.casefold())
    slug = "-".join(words)[:_LONGEST_SLUG].rstrip("-") or "thread"
    day = [post.date.isoformat()] if post.date else []
    return "-".join([*day, slug, post.id[:6]]) + ".md"


def _marks(annotations: Sequence[Annotation], tags: Tags) -> Marks:
    on: dict[str | None, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        on[annotation.comment_id].append(annotation)
    return Marks(on, tags)


def _front_matter(
    thread: Thread, annotations: Sequence[Annotation], title: str, exported: dt.datetime, tags: Tags
) -> list[str]:
    post = thread.post
    kinds = [annotation.kind for annotation in annotations]
    # A name only: the path tells about the reader's disk, and differs from one to the next.
    texts = {"title": title, "author": post.author, "url": post.url, "source": PurePath(post.source).name}
    # JSON's strings are YAML's.
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items() if text]
    if post.date:
        lines.insert(1, f"date: {post.date.isoformat()}")
    counts = {
        "comments": len(thread.comments),
        "bookmarks": kinds.count("bookmark"),
        "notes": kinds.count("note"),
    }
    if highlights := kinds.count("highlight"):
        counts["highlights"] = highlights
    once = {tag.casefold(): tag for tagged in tags.values() for tag in tagged}
    if once:
        lines.append(f"tags: {json.dumps([once[folded] for folded in sorted(once)], ensure_ascii=False)}")
    lines += [f"{key}: {count}" for key, count in counts.items()]
    return ["---", *lines, f'exported: "{_moment(exported)}"', "---"]


def _head(thread: Thread, marks: Marks) -> Iterator[Block]:
    """What stands between the title and the comments: who and when, the body, notes on the post."""
    post, on_post = thread.post, marks.on.get(None, ())
    parts = [
        BOOKMARK if _is_bookmarked(on_post) else "",
        inline(post.author or ""),
        post.date.isoformat() if post.date else "",
        inline(post.url or ""),
    ]
    if any(parts):
        yield Block(0, [" · ".join(filter(None, parts))])
    if tagged := _tag_line(marks.tags.get(None, ())):
        yield Block(0, [tagged])
    lit, notes = _passages(thread.body, on_post)
    if thread.body.strip():
        yield Block(0, markdown_lines(thread.body, lit=lit))
    yield from _callouts(notes, 1)


def _comments(thread: Thread, marks: Marks, shown: Container[int]) -> Iterator[Block]:
    """Every conversation of which something is shown, and how many comments lie between them."""
    left_out = 0
    for at, comment in enumerate(thread.comments):
        if comment.depth:
            continue
        if at in shown:
            yield from _left_out(left_out, 0)
            left_out = 0
            yield from _conversation(thread, marks, range(at, thread.ends[at]), shown)
        else:
            left_out += thread.ends[at] - at
    yield from _left_out(left_out, 0)


def _conversation(thread: Thread, marks: Marks, positions: range, shown: Container[int]) -> Iterator[Block]:
    """A comment on the post with its replies, and the block id of the whole quote."""
    for is_shown, run in groupby(positions, key=shown.__contains__):
        if is_shown:
            for at in run:
                yield from _comment(thread, at, marks)
        else:
            depths = [thread.comments[at].depth for at in run]
            yield from _left_out(len(depths), min(depths))
    yield Block(0, [f"^{_anchor(thread.comments[positions[0]].id)}"])


def _left_out(comments: int, level: int) -> Iterator[Block]:
    if comments:
        yield Block(min(level, DEEPEST_LEVEL), [f"··· {_counted(comments, 'comment')} left out"], opens=False)


def _comment(thread: Thread, at: int, marks: Marks) -> Iterator[Block]:
    comment = thread.comments[at]
    level = min(comment.depth + 1, DEEPEST_LEVEL)
    on_it = marks.on.get(comment.id, ())
    tagged = _tag_line(marks.tags.get(comment.id, ()))
    lit, notes = _passages(comment.text, on_it)
    text = ["", *markdown_lines(comment.text, lit=lit)] if comment.text.strip() else []
    yield Block(level, [_header(comment, on_it), *(["", tagged] if tagged else []), *text])
    yield from _callouts(notes, level + 1)


def _header(comment: Comment, marks: Sequence[Annotation]) -> str:
    place = f"**{comment.place}**"
    if comment.permalink and re.match(r"https?://", comment.permalink):
        place = f"[{place}](<{quote(comment.permalink, safe=_KEPT_IN_ADDRESS)}>)"
    parts = [
        f"{BOOKMARK} {place}" if _is_bookmarked(marks) else place,
        inline(comment.byline),
        _moment(comment.created) if comment.created else "",
    ]
    if comment.parent_id and comment.depth >= DEEPEST_LEVEL:
        parts.append(f"↳ reply to [{comment.place.rpartition('.')[0]}](#{_anchor(comment.parent_id)})")
    return f'{" · ".join(filter(None, parts))} <a id="{_anchor(comment.id)}"></a>'


def _tag_line(tags: Sequence[str]) -> str:
    return " ".join(f"#{inline(tag)}" for tag in tags)


def _passages(text: str, marks: Iterable[Annotation]) -> tuple[list[tuple[int, int]], list[Annotation]]:
    """Where `text` is highlighted, and the marks that are told below it: notes, and what was not found."""
    lit, told = [], []
    for mark in marks:
        place = quote_in(text, mark.quote) if mark.kind == "highlight" else None
        if place:
            lit.append(place)
        if mark.text or (mark.kind == "highlight" and place is None):
            told.append(mark)
    return lit, told


def _callouts(marks: Iterable[Annotation], level: int) -> Iterator[Block]:
    """Notes and highlights, oldest first; a bookmark has no words and is a sign on the header."""
    for mark in marks:
        if mark.kind == "bookmark":
            continue
        passage = mark.kind == "highlight"
        about = [_NOTE if mark.text else _HIGHLIGHT, _moment(mark.created)]
        if passage and mark.text:
            about[0] += f" on “{inline(_begin(mark.quote.exact))}”"
        words = markdown_lines(mark.text or mark.quote.exact)
        yield Block(level, [" · ".join(about), "", *words])


def _begin(passage: str) -> str:
    words = collapsed(passage)
    return words if len(words) <= _LONGEST_PASSAGE else words[: _LONGEST_PASSAGE - 1].rstrip() + "…"


def _orphans(thread: Thread, annotations: Iterable[Annotation]) -> Iterator[Block]:
    """What was made on comments that are gone, each with the words it was made on."""
    orphans = [mark for mark in annotations if mark.comment_id and mark.comment_id not in thread.positions]
    if orphans:
        yield Block(0, ["## Marks whose comment is gone"])
    for mark in orphans:
        if mark.kind == "bookmark":
            yield Block(1, [f"{BOOKMARK} My bookmark · {_moment(mark.created)}"])
        yield from _callouts([mark], 1)
        if mark.kind != "highlight" or mark.text:
            yield Block(2, markdown_lines(mark.quote.exact))


def _with_ancestors(thread: Thread, comment_ids: Iterable[str]) -> set[int]:
    """Positions of these comments, as far as they are there, and of their ancestors."""
    shown = set()
    for comment_id in comment_ids:
        at = thread.positions.get(comment_id, -1)
        while at >= 0 and at not in shown:
            shown.add(at)
            at = thread.parents[at]
    return shown


def _quoted(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of all blocks in their quotes, with blank lines between that stay in the common ones."""
    above = 0
    for block in blocks:
        yield ("> " * min(above, block.level - block.opens)).rstrip()
        for line in block.lines:
            yield ("> " * block.level + line).rstrip()
        above = block.level


def _is_bookmarked(marks: Iterable[Annotation]) -> bool:
    return any(mark.kind == "bookmark" for mark in marks)


def _anchor(comment_id: str) -> str:
    # Obsidian takes Latin letters, digits and dashes.
    return "tr-" + re.sub(r"[^A-Za-z0-9-]", "-", comment_id)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
