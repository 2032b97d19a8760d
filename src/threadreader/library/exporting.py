"""Exports, from the two stores into files: what goes in, and what becomes of a file that is there."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from threadreader.annotations import utc_now
from threadreader.errors import ExportRefused, UnknownReference
from threadreader.export import Document, Form, Shelved, in_order, of_marks, of_thread
from threadreader.export.blocks import is_ours, purpose, updated
from threadreader.export.notes import FileNote, stripped
from threadreader.export.presets import DEFAULT
from threadreader.export.templates import Templates
from threadreader.library.sources import write_whole
from threadreader.model import Annotation, ListedMark, NoteKind, Post, TextQuote, Thread, collapsed

if TYPE_CHECKING:
    from threadreader.library import Library

Scope = Literal["thread", "marked", "comment", "subtree", "path"]
Saved = Callable[[FileNote], bool]  # does the store have its words?

_FOUND = 1_000  # results of a search that are exported
_OPEN_THREADS = 64  # kept while marks of many posts are gathered
_SIGNATURE = b"threadreader"  # that a file of ours has near its beginning
_SIGNED_WITHIN = 2_000  # bytes


class Written(NamedTuple):
    """What came of writing one file."""

    path: Path
    changed: bool  # else it says already what it is to say
    kept: tuple[str, ...] = ()  # blocks that stay as the reader changed them
    deleted: int = 0  # blocks that the reader took out, and that stay out
    removed: int = 0  # blocks of marks that are gone since


class Look(NamedTuple):
    """How exports are to look, and when they are made."""

    form: Form = DEFAULT
    templates: Templates | None = None
    exported: dt.datetime | None = None  # now

    @property
    def moment(self) -> dt.datetime:
        """When the export is made."""
        return self.exported or utc_now()


USUAL = Look()


def thread_document(
    library: "Library",
    post_id: str,
    scope: Scope = "thread",
    comment_id: str | None = None,
    look: Look = USUAL,
    *,
    title: str | None = None,
) -> Document:
    """A post's thread with its marks: whole, what is marked, or a comment's part of it.

    A comment comes alone; its subtree and its path come with what it answers.
    """
    thread, form = library.index.thread(post_id), _form(library, look)
    only: Sequence[str] | None = None
    if comment_id and scope in ("comment", "subtree", "path"):
        at = thread.positions[comment_id]
        part = range(at, thread.ends[at]) if scope == "subtree" else (at,)
        only = [thread.comments[one].id for one in part]
    return of_thread(
        thread,
        library.annotations.marks(post_id),
        title=title or library.title(post_id),
        exported=look.moment,
        scope=f"{scope} {comment_id}" if only else scope,
        only=only,
        alone=scope == "comment",
        tags=library.annotations.tags(post_id),
        form=form._replace(style="flat") if scope == "comment" else form,
        templates=look.templates,
    )


def _form(library: "Library", look: Look) -> Form:
    return look.form._replace(people=library.annotations.people())


def marks_document(
    library: "Library",
    look: Look = USUAL,
    *,
    post_id: str | None = None,
    tag: str | None = None,
    query: str | None = None,
    chosen: Sequence[ListedMark] | None = None,
) -> Document:
    """The marks of a post, of what bears a tag or is found by a query, those `chosen`, or all of them."""
    shelved = gathered(library, post_id=post_id, tag=tag, query=query, chosen=chosen)
    if chosen is not None:
        title, scope = f"Marks: {query}" if query else "My marks", f"marks {collapsed(query or '')}".strip()
    elif tag is not None:
        title, scope = f"Marked #{tag.lstrip('#')}", f"tag {tag.lstrip('#')}"
    elif query is not None:
        title, scope = f"Found by {query}", f"search {collapsed(query)}"
    elif post_id is not None:
        title, scope = library.title(post_id), f"post {post_id}"
    else:
        title, scope = "All my marks", "everything"
    return of_marks(
        shelved,
        title=title,
        exported=look.moment,
        scope=scope,
        post=library.index.post(post_id) if post_id and tag is None and query is None else None,
        form=_form(library, look),
        templates=look.templates,
    )


def gathered(
    library: "Library",
    *,
    post_id: str | None = None,
    tag: str | None = None,
    query: str | None = None,
    chosen: Sequence[ListedMark] | None = None,
) -> list[Shelved]:
    """Marks with their threads, by post and in reading order: all, those of a post, or those `chosen`.

    With a `tag` or a `query` also the comments without any mark that bear it, or are found.
    """
    store = library.annotations
    marks = store.marks(post_id)
    wanted: list[tuple[str, str | None]] | None = None
    sign = ""
    if chosen is not None:
        marks = [row.mark for row in chosen if not row.is_of_tags]
        bare_targets = [(row.mark.post_id, row.mark.comment_id) for row in chosen if row.is_of_tags]
        wanted, sign = [*((mark.post_id, mark.comment_id) for mark in marks), *bare_targets], "#"
    elif tag is not None:
        wanted, sign = store.tagged(tag), "#"
    elif query is not None:
        found = library.find(query, limit=_FOUND, post_id=post_id)
        if found.mistake:
            raise UnknownReference(f"{query}: expected {found.mistake.told}.")
        wanted, sign = [(hit.post_id, hit.comment_id) for hit in found.hits], "⌕"
    titles, tagged = _titles(library), lru_cache(_OPEN_THREADS)(store.tags)
    threads = lru_cache(_OPEN_THREADS)(lambda one: library.index.thread(one) if one in titles else None)

    def shelve(mark: Annotation, sign: str = "") -> Shelved:
        title = titles.get(mark.post_id, "A post that is gone")
        return Shelved(
            mark, threads(mark.post_id), title, tagged(mark.post_id).get(mark.comment_id, ()), sign
        )

    if wanted is not None:
        targets = dict.fromkeys(wanted)
        marks = [mark for mark in marks if (mark.post_id, mark.comment_id) in targets]
        bare = targets.keys() - {(mark.post_id, mark.comment_id) for mark in marks}
        marks += [_bare(library, *target) for target in targets if target in bare]
        bare_ids = {comment_id or post_id for post_id, comment_id in bare}
    else:
        bare_ids = set()
    order = {one: at for at, one in enumerate(titles)}
    by_post: dict[str, list[Annotation]] = {}
    for mark in marks:
        by_post.setdefault(mark.post_id, []).append(mark)
    return [
        one
        for post in sorted(by_post, key=lambda post: (order.get(post, len(order)), post))
        for one in in_order(shelve(mark, sign if mark.id in bare_ids else "") for mark in by_post[post])
    ]


def write(
    path: Path,
    document: Document,
    saved: Saved,
    *,
    force: bool = False,
    restore: bool = False,
    replace: bool = False,
) -> Written:
    """Write an export, or bring the one that is there up to date, whole or not at all.

    Raises ExportRefused for a file that is no export, or one of something else, unless `force` is given, or
    only to `replace` such a file; with `force` what the reader changed in blocks is given up too. `restore`
    brings back deleted blocks.
    """
    there = _read(path)
    if there is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = (part.encode(errors="replace") for part in document.parts())
        write_whole(path, parts, synced=False)
        return Written(path, True)
    text, ours = there
    if not ours or purpose(text) != document.values["export"]:
        if not (force or replace):
            told = f"holds another export ({purpose(text)})" if ours else "is not an export"
            raise ExportRefused(f"{path}: {told}, and was left alone. Name another file, or give --force.")
        write_whole(path, str(document).encode(errors="replace"))
        return Written(path, True)
    outcome = updated(
        text, document.values, list(document.sections), saved=saved, force=force, restore=restore
    )
    changed = outcome.text != text
    if changed:
        write_whole(path, outcome.text.encode(errors="replace"))
    return Written(path, changed, outcome.kept, outcome.deleted, outcome.removed)


def write_parts(path: Path, parts: Iterable[str], *, force: bool = False) -> Written:
    """Write what is not managed: in the place of an earlier export, or of any file if `force` is given."""
    if path.exists() and not force:
        with path.open("rb") as file:
            if _SIGNATURE not in file.read(_SIGNED_WITHIN):
                raise ExportRefused(
                    f"{path}: is not an export, and was left alone. Name another file, or give --force."
                )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (part.encode(errors="replace") for part in parts), synced=path.exists())
    return Written(path, True)


def saved_in(library: "Library", post_id: str | None = None) -> Saved:
    """Does the store have a note's words and kind: as that note's, or as another's on the same post?"""
    there: set[tuple[str, NoteKind | None]] | None = None

    def saved(note: FileNote) -> bool:
        nonlocal there
        if there is None:
            marks = library.annotations.marks(post_id)
            there = {(stripped(one.text), kind) for one in marks for kind in (one.note_kind, None)}
        kind = note.kind if note.kind != note.exported_as else None
        return (stripped(note.text), kind) in there

    return saved


def threads_with_marks(
    library: "Library", posts: Iterable[Post]
) -> Iterator[tuple[Thread, str, Sequence[Annotation], Mapping[str | None, Sequence[str]]]]:
    """Each post with its title here, its marks and its tags."""
    names, store = library.annotations.names(), library.annotations
    for post in posts:
        thread = library.index.thread(post.id)
        yield thread, names.get(post.id, post.title), store.marks(post.id), store.tags(post.id)


def _read(path: Path) -> tuple[str, bool] | None:
    """The text of a file that is there, and whether an export wrote it."""
    if not path.exists():
        return None
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return "", False
    return text, is_ours(text)


def _titles(library: "Library") -> dict[str, str]:
    names = library.annotations.names()
    return {post.id: names.get(post.id, post.title) for post in library.index.posts()}


def _bare(library: "Library", post_id: str, comment_id: str | None) -> Annotation:
    """What stands for a comment on which there is no mark; its id is the comment's."""
    try:
        quote = library.quote(post_id, comment_id)
    except (UnknownReference, KeyError):
        quote = TextQuote("")
    moment = dt.datetime.fromtimestamp(0, dt.UTC)
    return Annotation(comment_id or post_id, "bookmark", post_id, comment_id, "", quote, moment, moment)
