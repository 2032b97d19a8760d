"""What somebody wants exported, from the command line or from the reader: as text, begun, or in files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from threadreader.config import settings_file
from threadreader.errors import ExportRefused
from threadreader.export import PRESETS, Document, Form, Shelved, Style, file_name, page, records, slug
from threadreader.export import web_annotations as annotations
from threadreader.export.templates import SUFFIX, Templates
from threadreader.library import exporting
from threadreader.library.exporting import Look, Scope, Written
from threadreader.library.folder import write_folder
from threadreader.model import ListedMark, Post

if TYPE_CHECKING:
    from threadreader.library import Library

Format = Literal["markdown", "html", "json", "jsonld", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {
    "markdown": ".md",
    "html": ".html",
    "json": ".json",
    "jsonld": ".jsonld",
    "csv": ".csv",
}
FOLDER = "threadreader-export"
_OF_MARKS_ALONE = ("csv", "jsonld")
_PREVIEWED = 3  # marks, or comments


class Request(NamedTuple):
    """What is to be exported, and how it is to look."""

    posts: Sequence[Post]  # that it is about
    everything: bool = False  # no post was named: `posts` are all that come in question
    scope: Scope = "thread"
    comment_id: str | None = None  # of the only post, where the scope is a part of it
    as_marks: bool = False  # the marks one after another, not the thread
    tag: str | None = None  # what bears it, in all posts
    query: str | None = None  # what is found so
    marks: Sequence[ListedMark] | None = None  # these and no others, which `query` tells of
    form: Format = "markdown"
    style: Style = "nested"
    preset: str = "obsidian"
    template: str | None = None
    force: bool = False
    restore: bool = False
    replace: bool = False  # a file that is no export as well: somebody was asked

    @property
    def is_chosen(self) -> bool:
        """Are the marks those that a tag, a query or a reader chose?"""
        return self.marks is not None or self.tag is not None or self.query is not None

    @property
    def is_of_marks(self) -> bool:
        """Do the marks come one after another?"""
        return self.as_marks or self.is_chosen or self.form in _OF_MARKS_ALONE

    @property
    def is_single(self) -> bool:
        """Is it about one post that was named?"""
        return len(self.posts) == 1 and not self.everything

    @property
    def name(self) -> str:
        """A name for the file; for one without a suffix a folder is made."""
        suffix = SUFFIXES[self.form]
        if self.is_chosen:
            begin = "tag" if self.tag else "found" if self.marks is None else "marks"
            return "-".join(filter(None, (begin, slug(self.tag or self.query or "")))) + suffix
        if not self.is_single:
            as_one = self.form in ("json", *_OF_MARKS_ALONE) or self.as_marks
            return f"{'marks' if self.as_marks else 'threadreader'}{suffix}" if as_one else FOLDER
        is_of_marks = self.as_marks and self.form == "markdown"
        return file_name(self.posts[0], f"-marks{suffix}" if is_of_marks else suffix)


class Export:
    """A request, and the library that it is made to."""

    def __init__(self, library: "Library", request: Request) -> None:
        self._library = library
        self._asked = request

    def parts(self) -> Iterable[str]:
        """The text of it, part by part; raises ExportRefused for what is no one text."""
        asked, library = self._asked, self._library
        match asked.form:
            case "json" if asked.is_chosen:
                yield from records.marks_parts(self._shelved(), self._look.moment)
            case "json":
                threads = exporting.threads_with_marks(library, asked.posts)
                people, mendings = library.annotations.people(), library.annotations.mendings_by_post()
                yield from records.json_parts(threads, self._look.moment, people, mendings)
            case "csv":
                yield records.csv_text(self._shelved())
            case "jsonld":
                yield annotations.json_ld(self._shelved(), self._bare_tags())
            case "html":
                self._see_that_there_is_a_page()
                if len(asked.posts) > 1:
                    raise ExportRefused("A page holds one thread: name a post, or give -o DIR.")
                for _, parts in self._pages(asked.posts):
                    yield from parts
            case _:
                for document in self._documents():
                    yield str(document)

    def preview(self) -> str:
        """How the first file begins."""
        if self._asked.form == "markdown":
            for document in self._documents():
                return str(document._replace(sections=islice(document.sections, _PREVIEWED + 1)))
            return ""
        first = Export(self._library, self._asked._replace(posts=self._asked.posts[:1]))
        return "".join(islice(first.parts(), _PREVIEWED * 4))

    def write(self, output: Path) -> Iterator[Written]:
        """Write it, a file for each post where there are several, or where a folder is named.

        Raises ExportRefused and OSError; files that were written before stay.
        """
        asked = self._asked
        how: dict[str, Any] = {"force": asked.force, "restore": asked.restore}
        into_folder = output.is_dir() or not (asked.is_single or asked.is_chosen or output.suffix)
        path = output / asked.name if output.is_dir() and (asked.is_single or asked.is_chosen) else output
        may_replace = asked.force or asked.replace
        if asked.form == "html" and (into_folder or not asked.is_single):
            self._see_that_there_is_a_page()
            for post, parts in self._pages(asked.posts):
                yield exporting.write_parts(output / file_name(post, ".html"), parts, force=asked.force)
        elif asked.form != "markdown":
            path = output / asked.name if output.is_dir() else output
            yield exporting.write_parts(path, self._signed(), force=may_replace)
        elif asked.is_single or asked.is_chosen or (asked.as_marks and asked.everything and not into_folder):
            (document,) = self._documents()
            saved = exporting.saved_in(self._library)
            yield exporting.write(path, document, saved, replace=asked.replace, **how)
        else:
            scope: Any = "marks" if asked.as_marks else asked.scope
            yield from write_folder(self._library, output, asked.posts, self._look, scope=scope, **how)

    @property
    def _look(self) -> Look:
        asked = self._asked
        form = Form(PRESETS[asked.preset], asked.style)
        return Look(form, Templates(asked.template, templates_folder()))

    def _signed(self) -> Iterable[str]:
        """A table for a spreadsheet says that it is UTF-8."""
        if self._asked.form == "csv":
            yield "\ufeff"
        yield from self.parts()

    def _documents(self) -> Iterator[Document]:
        asked, library, look = self._asked, self._library, self._look
        if asked.is_chosen:
            post_id = asked.posts[0].id if asked.is_single else None
            yield exporting.marks_document(
                library, look, post_id=post_id, tag=asked.tag, query=asked.query, chosen=asked.marks
            )
        elif asked.is_of_marks and asked.everything:
            yield exporting.marks_document(library, look)
        else:
            for post in asked.posts:
                yield (
                    exporting.marks_document(library, look, post_id=post.id)
                    if asked.is_of_marks
                    else exporting.thread_document(library, post.id, asked.scope, asked.comment_id, look)
                )

    def _pages(self, posts: Iterable[Post]) -> Iterator[tuple[Post, Iterable[str]]]:
        people = self._library.annotations.people()
        for thread, title, marks, tags in exporting.threads_with_marks(self._library, posts):
            moment = self._look.moment
            parts = page.page(thread, marks, title=title, exported=moment, tags=tags, people=people)
            yield thread.post, parts

    def _see_that_there_is_a_page(self) -> None:
        if self._asked.is_chosen:
            raise ExportRefused("A page holds a thread: give marks as Markdown, JSON, JSON-LD or a table.")

    def _shelved(self) -> list[Shelved]:
        asked = self._asked
        if asked.is_chosen or asked.everything:
            return exporting.gathered(self._library, tag=asked.tag, query=asked.query, chosen=asked.marks)
        return [one for post in asked.posts for one in exporting.gathered(self._library, post_id=post.id)]

    def _bare_tags(self) -> dict[tuple[str, str | None], Sequence[str]]:
        """The tags on what has no mark."""
        if self._asked.is_chosen:
            return {}
        store = self._library.annotations
        return {
            (post.id, comment_id): tags
            for post in self._asked.posts
            if (tagged := store.tags(post.id))
            for marked in [{mark.comment_id for mark in store.marks(post.id)}]
            for comment_id, tags in tagged.items()
            if comment_id not in marked
        }


def templates_folder() -> Path:
    """Where the reader's own templates are."""
    return settings_file().parent / "templates"


def own_templates() -> list[str]:
    """The names of the reader's own templates."""
    try:
        return sorted(path.name.removesuffix(SUFFIX) for path in templates_folder().glob(f"*{SUFFIX}"))
    except OSError:
        return []
