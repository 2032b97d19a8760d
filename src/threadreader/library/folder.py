"""A folder of exports: a file for each post, and an index of them; large ones in several processes."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from threadreader.export import Document, file_name
from threadreader.export.blocks import Section
from threadreader.export.front import Value
from threadreader.export.markdown import HEAD, counted
from threadreader.export.templates import Templates
from threadreader.library.exporting import (
    USUAL,
    Look,
    Written,
    marks_document,
    saved_in,
    thread_document,
    write,
)
from threadreader.library.processes import answers
from threadreader.markup import inline
from threadreader.model import Post, collapsed

if TYPE_CHECKING:
    from threadreader.library import Library

Scope = Literal["thread", "marked", "marks"]

INDEX = "index.md"
MANY = 50_000  # comments, from which on other processes are worth their start
_TOGETHER = 5_000  # comments at least that one process is given at a time


def write_folder(
    library: "Library",
    folder: Path,
    posts: Sequence[Post],
    look: Look = USUAL,
    *,
    scope: Scope = "thread",
    force: bool = False,
    restore: bool = False,
) -> Iterator[Written]:
    """Write a file for each post, one after another, and an index of them."""
    templates = look.templates or Templates()
    look = look._replace(exported=look.moment, templates=templates)
    names, line = library.annotations.names(), templates.macro("index_line")
    lines, comments, marks = [], 0, 0
    how = _HowWritten(folder, look, scope, names, force, restore)
    for post, (done, made) in zip(posts, _each_written(library, posts, how), strict=True):
        yield done
        comments, marks = comments + post.comments, marks + made
        totals = [counted(post.comments, "comment"), *([counted(made, "mark")] if made else [])]
        told = {
            "title": inline(collapsed(names.get(post.id, post.title))),
            "file": done.path.name,
            "about": post.date.isoformat() if post.date else "",
            "totals": " · ".join(totals),
        }
        lines.append(line(told).strip("\n"))
    head = f"# Posts\n\n**{counted(len(posts), 'post')} · {counted(comments, 'comment')}"
    values: dict[str, Value] = {
        "title": "Posts",
        "exported": look.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "schema": 1,
        "export": f"index {scope}",
        "posts": len(posts),
        "comments": comments,
        "annotations": marks,
    }
    head += f" · {counted(marks, 'mark')}**" if marks else "**"
    index = Document(values, [Section(HEAD, "\n".join([head, "", *lines]))], look.form)
    yield write(folder / INDEX, index, lambda note: True, force=force, restore=restore)


class _HowWritten(NamedTuple):
    """What is the same for all posts of a folder."""

    folder: Path
    look: Look
    scope: Scope
    names: Mapping[str, str]  # the reader's own, by post
    force: bool
    restore: bool


def _each_written(
    library: "Library", posts: Sequence[Post], how: _HowWritten
) -> Iterator[tuple[Written, int]]:
    """Write a file for each post; gives what came of it, and how many marks are in it, in order."""
    others_can_open = not library.read_only and not library.index.is_unfinished
    if sum(post.comments for post in posts) < MANY or not others_can_open:
        for post in posts:
            yield _post_written(library, post, how)
        return
    tasks = ((library.folder, some, how) for some in _some_at_a_time(posts))
    with contextlib.closing(answers(_posts_written, tasks)) as written_together:
        for written in written_together:
            yield from written


def _some_at_a_time(posts: Sequence[Post]) -> Iterator[Sequence[Post]]:
    some: list[Post] = []
    comments = 0
    for post in posts:
        some.append(post)
        comments += post.comments
        if comments >= _TOGETHER:
            yield some
            some, comments = [], 0
    if some:
        yield some


def _posts_written(task: tuple[Path, Sequence[Post], _HowWritten]) -> list[tuple[Written, int]]:
    """`_post_written` for each of some posts, in a process of its own."""
    folder, posts, how = task
    library = _opened(folder)
    return [_post_written(library, post, how) for post in posts]


@cache
def _opened(folder: Path) -> "Library":
    from threadreader.library import Library

    return Library.open(folder)  # until the process ends


def _post_written(library: "Library", post: Post, how: _HowWritten) -> tuple[Written, int]:
    if how.scope == "marks":
        document = marks_document(library, how.look, post_id=post.id)
        path = how.folder / file_name(post, "-marks.md")
    else:
        title = how.names.get(post.id, post.title)
        document = thread_document(library, post.id, how.scope, look=how.look, title=title)
        path = how.folder / file_name(post)
    saved = saved_in(library, post.id)
    made = document.values["annotations"]
    assert isinstance(made, int)
    return write(path, document, saved, force=how.force, restore=how.restore), made
