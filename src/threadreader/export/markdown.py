"""A thread and what the reader made of it, as Markdown.

A comment is headed by its place, author and time, and by an anchor named `tr-` and the comment's id. In the
nested style it is a quote in the quote of what it answers, and the outermost quote ends in the same name as a
block id, for Obsidian links to whole quotes only. The reader's notes stand once, under their comment; what is
highlighted is so in the text (`==words==`), its tags stand in a line of their own.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from threadreader.anchoring import quote_in
from threadreader.export.blocks import Section
from threadreader.export.notes import CALLOUTS, note_lines
from threadreader.export.presets import Form
from threadreader.markup import inline, markdown, markdown_lines
from threadreader.model import NOTE_NAMES, Annotation, Comment, Post, Thread, collapsed, person_of

DEEPEST_LEVEL = 6  # quotes in quotes; deeper replies stand side by side there and name what they answer
DEEPEST_HEADING = 6
BOOKMARK = "★"
# Keys of sections that show no comment and no mark: these go without a word when they are not needed.
HEAD, ORPHANS, LEFT_OUT = ".head", ".orphans", ".left-out"
_LONGEST_SLUG = 60  # characters
_LONGEST_PASSAGE = 60  # characters of a passage that a note names it by
_KEPT_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"
_HIGHLIGHT = "quote", "highlight"  # callout and name of one without a note
_SCHEME = "threadreader://"
_BETWEEN = tuple(("> " * level).rstrip() + "\n" for level in range(DEEPEST_LEVEL + 2))  # blocks in quotes
_PASTED = Form(managed=False)

Tags = Mapping[str | None, Sequence[str]]  # by comment, None for the post


class Marks(NamedTuple):
    """What the reader made, by comment, None for the post."""

    on: Mapping[str | None, Sequence[Annotation]]
    tags: Tags

    @classmethod
    def of(cls, annotations: Iterable[Annotation], tags: Tags) -> "Marks":
        """Annotations in the order of their making."""
        on: dict[str | None, list[Annotation]] = defaultdict(list)
        for annotation in annotations:
            on[annotation.comment_id].append(annotation)
        return cls(on, tags)


class Block(NamedTuple):
    """Lines of Markdown that stand together."""

    level: int  # of quotes that they stand in
    text: str
    opens: bool = True  # in a quote of their own, not in the one above


def comment_sections(thread: Thread, marks: Marks, form: Form, shown: Container[int]) -> Iterator[Section]:
    """The comments at the positions that are `shown`, and how many lie between: a section for each that can
    be written anew alone, which is a whole conversation where comments nest, else a comment.
    """
    if form.preset.bullets:
        yield from _outline(thread, marks, form, shown)
    elif form.style == "nested":
        for key, blocks in _conversations(thread, marks, form, shown):
            yield Section(key, quoted(blocks))
    else:
        yield from _one_by_one(thread, marks, form, shown)


def orphans(thread: Thread, annotations: Iterable[Annotation], form: Form) -> Iterator[Section]:
    """What was made on comments that are gone, each with the words it was made on."""
    gone = [mark for mark in annotations if mark.comment_id and mark.comment_id not in thread.positions]
    if gone:
        yield Section(ORPHANS, "## Marks whose comment is gone\n")
    for mark in gone:
        blocks = list(_notes([(mark, True)], 1, form))
        if mark.kind == "bookmark":
            blocks.append(Block(1, f"{BOOKMARK} My bookmark · {moment_of(mark.created)}"))
        if mark.kind != "highlight" or mark.text:
            blocks.append(Block(2, markdown(mark.quote.exact)))
        yield Section(mark.id, quoted(blocks))


def post_blocks(thread: Thread, marks: Marks, form: Form) -> Iterator[Block]:
    """The post's body, and notes on it."""
    lit, told = _passages(thread.body, marks.on.get(None, ()))
    if thread.body.strip():
        yield Block(0, markdown(thread.body, lit=lit))
    yield from _notes(told, 1, form)


def subtree(
    thread: Thread,
    annotations: Sequence[Annotation],
    comment_id: str,
    *,
    title: str,
    tags: Tags = MappingProxyType({}),
) -> str:
    """A comment with everything below it and the reader's marks there, as Markdown to be pasted."""
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
    about = [f"**{inline(collapsed(title))}**", *_facts(thread.post)[1:]]
    sections = comment_sections(part, Marks.of(annotations, tags), _PASTED, range(len(comments)))
    return " · ".join(filter(None, about)) + "\n\n" + "\n".join(section.text for section in sections)


def quotation(thread: Thread, comment_id: str | None, *, title: str) -> str:
    """What a comment says, or the post, as a quote in Markdown that tells who said it, where and when."""
    comment = thread.comments[thread.positions[comment_id]] if comment_id else None
    lines = [
        *markdown_lines(comment.text if comment else thread.body),
        "",
        attribution(thread, comment, title),
    ]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def attribution(
    thread: Thread, comment: Comment | None, title: str, *, here: bool = True, form: Form = _PASTED
) -> str:
    """Who said it, in which post, when, and where that is found, be it only `here`."""
    post = thread.post
    link = link_to(thread, comment.id if comment else None)
    when = moment_of(comment.created) if comment and comment.created else _day(post)
    told = [
        speaker(comment, form) if comment else inline(post.author or "Anonymous"),
        f"“{inline(collapsed(title))}”",
        when,
        f"mended by hand ({inline(comment.mended)})" if comment and comment.mended else "",
        f"<{quote(link, safe=_KEPT_IN_ADDRESS)}>" if here or not link.startswith(_SCHEME) else "",
    ]
    return "— " + ", ".join(filter(None, told))


def link_to(thread: Thread, comment_id: str | None) -> str:
    """Where a comment, or the post, is found: its own address, else the post's, else a name for it here."""
    post = thread.post
    own = thread.comments[thread.positions[comment_id]].permalink if comment_id else None
    for address in (own, post.url):
        if address and re.fullmatch(r"https?://\S+", address):
            return address
    return link_here(post.id, comment_id)


def link_here(post_id: str, comment_id: str | None) -> str:
    """What `threadreader open` understands."""
    return f"{_SCHEME}{post_id}" + (f"#{comment_id}" if comment_id else "")


def file_name(post: Post, suffix: str = ".md") -> str:
    """A name for a post's export that every system takes: date, words of the title, begin of the id."""
    day = [post.date.isoformat()] if post.date else []
    return "-".join([*day, slug(post.title) or "thread", post.id[:6]]) + suffix


def slug(words: str) -> str:
    """The words of a text with dashes between them, as part of a file's name."""
    return "-".join(re.findall(r"[^\W_]+", words.casefold()))[:_LONGEST_SLUG].rstrip("-")


def about_line(post: Post, on_post: Sequence[Annotation]) -> str:
    """Who wrote a post, when, and where it is; empty if that is not known."""
    return " · ".join(filter(None, [BOOKMARK if is_bookmarked(on_post) else "", *_facts(post)]))


def tag_line(tags: Iterable[str]) -> str:
    """Tags as Obsidian, Logseq and most others know them."""
    return " ".join(f"#{inline(tag)}" for tag in tags)


def speaker(comment: Comment, form: Form) -> str:
    """Who speaks, as far as the source tells, and what the reader calls them."""
    if not form.people:
        return _byline(comment.byline)
    person = person_of(comment, form.people)
    label = f" *(my label: {inline(person.label)})*" if person and person.label else ""
    return _byline(comment.byline) + label


def header(comment: Comment, on_it: Sequence[Annotation], form: Form, *, answers: bool) -> str:
    """A comment's place, author and time, and its anchor; with what it `answers` where nothing shows it."""
    place = f"**{comment.place}**"
    if comment.permalink and re.match(r"https?://", comment.permalink):
        place = f"[{place}](<{quote(comment.permalink, safe=_KEPT_IN_ADDRESS)}>)"
    parts = f"{BOOKMARK} {place}" if on_it and is_bookmarked(on_it) else place
    parts += f" · {speaker(comment, form)}"
    if comment.created:
        parts += f" · {moment_of(comment.created)}"
    if comment.mended:
        parts += f" · {inline(comment.mended)}"
    if answers and comment.parent_id:
        parts += f" · ↳ reply to [{comment.place.rpartition('.')[0]}](#{anchor(comment.parent_id)})"
    return f'{parts} <a id="{anchor(comment.id)}"></a>'


@lru_cache(4096)
def _byline(name: str) -> str:
    return inline(name)


def quoted(blocks: Iterable[Block]) -> str:
    """The lines of all blocks in their quotes, with blank lines between that stay in the common ones."""
    above, parts = -1, []
    for level, text, opens in blocks:
        if above >= 0:
            parts.append(_BETWEEN[max(min(above, level - opens), 0)])
        parts.append(in_quotes(text, level))
        above = level
    return "".join(parts)


def in_quotes(text: str, level: int) -> str:
    """Lines with the signs of `level` quotes before each, and a line end behind the last."""
    if not level:
        return f"{text}\n"
    signs = "> " * level
    lines = signs + text.replace("\n", f"\n{signs}") + "\n"
    return lines.replace(f"{signs}\n", f"{signs[:-1]}\n")


def is_bookmarked(marks: Iterable[Annotation]) -> bool:
    """Is there a bookmark among them?"""
    return any(mark.kind == "bookmark" for mark in marks)


def anchor(own_id: str) -> str:
    """A name for a comment or a mark inside its file; Obsidian takes Latin letters, digits and dashes."""
    return "tr-" + (
        own_id if own_id.isalnum() and own_id.isascii() else re.sub(r"[^A-Za-z0-9-]", "-", own_id)
    )


def counted(number: int, noun: str) -> str:
    """`1 comment`, `2 comments`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment_of(moment: dt.datetime) -> str:
    """A moment in UTC, to the minute."""
    if moment.tzinfo is not dt.UTC:
        moment = moment.astimezone(dt.UTC)
    # Half the time of `isoformat`, which asks for the offset.
    return f"{moment.date()} {moment.hour:02}:{moment.minute:02} UTC"


def callout(mark: Annotation, form: Form, *, is_lost: bool = False) -> list[str]:
    """A note, or a highlight with a kind, or one that `is_lost` from its text, as the lines of a quote."""
    kind, name = (CALLOUTS[mark.note_kind], NOTE_NAMES[mark.note_kind]) if mark.noted_as else _HIGHLIGHT
    told = f"[!{kind}] My {name}" if form.preset.callouts else f"**My {name}**"
    if mark.kind == "highlight" and (mark.text or not is_lost):
        told += f" on “{inline(_begin(mark.quote.exact))}”"
    words: list[str] = []
    if mark.text:
        words = note_lines(mark.id, mark.text, managed=form.managed, kind=mark.note_kind)
    elif is_lost:
        words = ["", *markdown_lines(mark.quote.exact)]
    return [f"{told} · {moment_of(mark.created)}", *words]


def _facts(post: Post) -> list[str]:
    return [inline(post.author or ""), _day(post), inline(post.url or "")]


def _day(post: Post) -> str:
    return post.date.isoformat() if post.date else ""


def _conversations(
    thread: Thread, marks: Marks, form: Form, shown: Container[int]
) -> Iterator[tuple[str, list[Block]]]:
    """Each comment on the post of which something is shown, with what stands before it, as nested quotes."""
    left_out = 0
    blocks: list[Block] = []
    for positions in _branches(thread):
        if positions[0] in shown:
            top = thread.comments[positions[0]].id
            blocks = [*_left_out(left_out, 0), *_conversation(thread, marks, form, positions, shown)]
            yield top, [*blocks, Block(0, f"^{anchor(top)}")]
            left_out = 0
        else:
            left_out += len(positions)
    if left_out:
        yield LEFT_OUT, list(_left_out(left_out, 0))


def _branches(thread: Thread) -> Iterator[range]:
    at, ends = 0, thread.ends
    while at < len(thread.comments):
        yield range(at, ends[at])
        at = ends[at]


def _conversation(
    thread: Thread, marks: Marks, form: Form, positions: range, shown: Container[int]
) -> Iterator[Block]:
    comments, (on, tags) = thread.comments, marks
    runs = groupby(positions, key=shown.__contains__) if not isinstance(shown, range) else [(True, positions)]
    for is_shown, run in runs:
        if not is_shown:
            depths = [comments[at].depth for at in run]
            yield from _left_out(len(depths), min(depths))
            continue
        for at in run:
            comment = comments[at]
            depth = comment.depth
            level, answers = (depth + 1, False) if depth < DEEPEST_LEVEL else (DEEPEST_LEVEL, True)
            if comment.id in on or comment.id in tags:
                yield from _comment(comment, marks, form, level, answers=answers)
            else:  # most are such
                yield Block(
                    level, _said(header(comment, (), form, answers=answers), _words(comment.text, ()))
                )


def _left_out(comments: int, level: int) -> Iterator[Block]:
    if comments:
        yield Block(min(level, DEEPEST_LEVEL), f"··· {counted(comments, 'comment')} left out", opens=False)


def _comment(comment: Comment, marks: Marks, form: Form, level: int, *, answers: bool) -> Iterator[Block]:
    on_it = marks.on.get(comment.id, ())
    lit, notes = _passages(comment.text, on_it)
    told = _said(header(comment, on_it, form, answers=answers), tag_line(marks.tags.get(comment.id, ())))
    yield Block(level, _said(told, _words(comment.text, lit)))
    yield from _notes(notes, level + 1, form)


def _said(told: str, words: str) -> str:
    return f"{told}\n\n{words}" if words else told


def _words(text: str, lit: Sequence[tuple[int, int]]) -> str:
    return markdown(text, lit=lit) if text.strip() else ""


def _one_by_one(thread: Thread, marks: Marks, form: Form, shown: Container[int]) -> Iterator[Section]:
    """Comments one after another, each with what it answers, or under a heading of its depth."""
    for at, depths in _with_gaps(thread, shown):
        gap = quoted(_left_out(depths, 0)) if depths else ""
        if at is None:
            yield Section(LEFT_OUT, gap)
            continue
        comment = thread.comments[at]
        if form.style == "flat" and comment.id not in marks.on and comment.id not in marks.tags:
            body = in_quotes(_said(header(comment, (), form, answers=True), _words(comment.text, ())), 1)
        elif form.style == "flat":
            body = quoted(_comment(comment, marks, form, 1, answers=True))
        else:
            on_it = marks.on.get(comment.id, ())
            level = comment.depth + 3  # under the title and the number of comments
            told = header(comment, on_it, form, answers=level > DEEPEST_HEADING)
            lit, notes = _passages(comment.text, on_it)
            tagged = tag_line(marks.tags.get(comment.id, ()))
            parts = [f"{'#' * min(level, DEEPEST_HEADING)} {told}", tagged, _words(comment.text, lit)]
            blocks = [Block(0, part) for part in parts if part]
            body = quoted([*blocks, *_notes(notes, 1, form)])
        yield Section(comment.id, "\n".join(filter(None, [gap, body, f"^{anchor(comment.id)}\n"])))


def _with_gaps(thread: Thread, shown: Container[int]) -> Iterator[tuple[int | None, int]]:
    """Positions that are shown, each with the number of comments left out before it; None for the end."""
    left_out = 0
    for at in range(len(thread.comments)):
        if at in shown:
            yield at, left_out
            left_out = 0
        else:
            left_out += 1
    if left_out:
        yield None, left_out


def _outline(thread: Thread, marks: Marks, form: Form, shown: Container[int]) -> Iterator[Section]:
    """Comments as items of a list, each with its replies, as outliners have them; by whole conversations."""
    left_out = 0
    for positions in _branches(thread):
        gap = f"- ··· {counted(left_out, 'comment')} left out\n\n" if left_out else ""
        if positions[0] not in shown:
            left_out += len(positions)
            continue
        items = [_item(thread.comments[at], marks, form) for at in positions if at in shown]
        missing = len(positions) - len(items)
        items += [f"- ··· {counted(missing, 'comment')} left out\n"] if missing else []
        yield Section(thread.comments[positions[0]].id, gap + "".join(items))
        left_out = 0
    if left_out:
        yield Section(LEFT_OUT, f"- ··· {counted(left_out, 'comment')} left out\n")


def _item(comment: Comment, marks: Marks, form: Form) -> str:
    on_it = marks.on.get(comment.id, ())
    lit, notes = _passages(comment.text, on_it)
    tagged = tag_line(marks.tags.get(comment.id, ()))
    told = header(comment, on_it, form, answers=False) + (f" {tagged}" if tagged else "")
    text = in_quotes(_words(comment.text, lit), 1) if comment.text.strip() else ""
    own = bullet("\n".join(filter(None, [told, text])), comment.depth)
    return own + "".join(
        bullet("\n".join(callout(mark, form, is_lost=lost)), comment.depth + 1) for mark, lost in notes
    )


def bullet(text: str, depth: int) -> str:
    """Lines as one item of a list at that depth."""
    margin = "\t" * depth
    first, *rest = text.strip("\n").split("\n")
    return "".join([f"{margin}- {first}\n", *(f"{margin}  {line}".rstrip() + "\n" for line in rest)])


def _passages(
    text: str, marks: Iterable[Annotation]
) -> tuple[list[tuple[int, int]], list[tuple[Annotation, bool]]]:
    """Where `text` is highlighted, and what is told below it: notes, and highlights that are lost from it."""
    lit, told = [], []
    for mark in marks:
        place = quote_in(text, mark.quote) if mark.kind == "highlight" else None
        if place:
            lit.append(place)
        is_lost = mark.kind == "highlight" and place is None
        if mark.noted_as or is_lost:
            told.append((mark, is_lost))
    return lit, told


def _notes(marks: Iterable[tuple[Annotation, bool]], level: int, form: Form) -> Iterator[Block]:
    """Notes and highlights, oldest first; a bookmark has no words and is a sign on the header."""
    for mark, is_lost in marks:
        if mark.kind != "bookmark":
            yield Block(level, "\n".join(callout(mark, form, is_lost=is_lost)))


def _begin(passage: str) -> str:
    words = collapsed(passage)
    return words if len(words) <= _LONGEST_PASSAGE else words[: _LONGEST_PASSAGE - 1].rstrip() + "…"


def with_ancestors(thread: Thread, comment_ids: Iterable[str]) -> set[int]:
    """Positions of these comments, as far as they are there, and of their ancestors."""
    shown = set()
    for comment_id in comment_ids:
        at = thread.positions.get(comment_id, -1)
        while at >= 0 and at not in shown:
            shown.add(at)
            at = thread.parents[at]
    return shown
