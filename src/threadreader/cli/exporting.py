"""The commands that write what others keep, and take back what they changed in it."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from threadreader.cli import complain
from threadreader.cli.commands import threadreader, with_library, words
from threadreader.config import settings_file
from threadreader.errors import ExportError
from threadreader.library import Library
from threadreader.model import Post, harmless

if TYPE_CHECKING:
    from threadreader.export import Document
    from threadreader.library.exporting import Look, Scope, Written

Format = Literal["markdown", "json", "jsonld", "csv", "html"]
_FORMATS = ("markdown", "json", "jsonld", "csv", "html")
_PREVIEWED = 3  # marks, or comments
_LONGEST_NOTE = 50  # characters that are told of one


@threadreader.command()
@click.argument("references", metavar="[POST|COMMENT…]", nargs=-1, type=words)
@click.option("--marks", "marks_only", is_flag=True, help="The marks one after another, not the thread.")
@click.option("--marked", is_flag=True, help="Of the thread only what is marked, with what it answers.")
@click.option("--tag", metavar="TAG", type=words, help="What bears this tag, in all posts.")
@click.option("--search", "query", metavar="QUERY", type=words, help="What is found so.")
@click.option(
    "--scope", type=click.Choice(("comment", "subtree", "path")), default="subtree", help="Of a COMMENT."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="markdown", show_default=True)
@click.option(
    "--style", type=click.Choice(("nested", "headings", "flat")), default="nested", help="Of a thread."
)
@click.option(
    "--preset", type=click.Choice(("obsidian", "logseq", "plain")), default="obsidian", help="For whom."
)
@click.option("--template", metavar="NAME|FILE", type=words, help="A template of your own.")
@click.option("--preview", is_flag=True, help="Print how it begins; write nothing.")
@click.option("--force", is_flag=True, help="Replace what is there, and what was changed by hand in blocks.")
@click.option("--restore", is_flag=True, help="Bring back the blocks that were deleted by hand.")
@click.option("-o", "output", type=Path, metavar="FILE|DIR", help="Where to write it, else it is printed.")
@with_library
def export(library: Library, /, references: Sequence[str], output: Path | None, **asked: Any) -> int | None:
    """Write posts, a part of one, or marks; all posts if none is named.

    A file that was exported before is brought up to date: what you wrote around its blocks stays.
    """
    request = _Request(library, references, **asked)
    if not request.posts and not request.is_of_marks:
        return complain(
            "Nothing is marked." if asked["marked"] or asked["marks_only"] else "There are no posts."
        )
    if asked["preview"]:
        click.echo(request.preview(), nl=False)
    elif output is None:
        for part in request.parts():
            click.echo(part, nl=False)
    else:
        try:
            for written in request.write(output):
                _tell(written)
        except OSError as error:
            raise ExportError(f"{error.filename or output}: {error.strerror or error}.") from error
    return None


class _Request:
    """What is to be exported, and how."""

    def __init__(
        self,
        library: Library,
        references: Sequence[str],
        *,
        marks_only: bool,
        marked: bool,
        tag: str | None,
        query: str | None,
        scope: "Scope",
        form: Format,
        style: Any,
        preset: str,
        template: str | None,
        force: bool,
        restore: bool,
        preview: bool,
    ) -> None:
        if len([one for one in (tag, query) if one is not None]) + bool(references and tag) > 1:
            raise click.UsageError("Give one of POST, --tag and --search.")
        self._library = library
        self._tag, self._query = tag, query
        self._marked, self._force, self._restore = marked, force, restore
        self._form, self._style, self._preset, self._template = form, style, preset, template
        targets = [library.resolve(reference) for reference in references]
        self._comment = targets[0][1] if len(targets) == 1 else None
        self._scope: Scope = scope if self._comment else "marked" if marked else "thread"
        self.is_of_marks = tag is not None or query is not None
        self._marks = marks_only or self.is_of_marks or form in ("csv", "jsonld")
        self._everything = not references
        self.posts = self._posts([post_id for post_id, _ in targets], marks_only or marked)

    def parts(self) -> Iterable[str]:
        """The text of it, part by part."""
        from threadreader.export import page, records, web_annotations
        from threadreader.library.exporting import threads_with_marks

        if self._form == "json":
            threads = threads_with_marks(self._library, self.posts)
            mendings = self._library.annotations.mendings_by_post()
            yield from records.json_parts(threads, self._look().moment, mendings)
        elif self._form == "csv":
            yield records.csv_text(self._shelved())
        elif self._form == "jsonld":
            yield web_annotations.json_ld(self._shelved(), self._bare_tags())
        elif self._form == "html":
            for nth, (thread, title, marks, tags) in enumerate(threads_with_marks(self._library, self.posts)):
                if nth:
                    raise click.UsageError("A page holds one thread: name a post, or give -o DIR.")
                yield from page.page(thread, marks, title=title, exported=self._look().moment, tags=tags)
        else:
            for document in self._documents():
                yield str(document)

    def preview(self) -> str:
        """The beginning of the first document."""
        from itertools import islice

        for document in self._documents():
            return str(document._replace(sections=islice(document.sections, _PREVIEWED + 1)))
        return ""

    def write(self, output: Path) -> Iterable["Written"]:
        """Write it, a file for each post where there are several, or where a folder is named."""
        from threadreader.export import file_name, page, slug
        from threadreader.library import exporting

        how = {"force": self._force, "restore": self._restore}
        single = len(self.posts) == 1 and not self._everything
        into_folder = output.is_dir() or not (single or self.is_of_marks or output.suffix)
        library, look = self._library, self._look()
        if self._form == "html" and (into_folder or not single):
            for thread, title, marks, tags in exporting.threads_with_marks(library, self.posts):
                parts = page.page(thread, marks, title=title, exported=look.moment, tags=tags)
                yield exporting.write_parts(
                    output / file_name(thread.post, ".html"), parts, force=self._force
                )
        elif self._form != "markdown":
            suffix = ".jsonld" if self._form == "jsonld" else f".{self._form}"
            name = file_name(self.posts[0], suffix) if single else f"threadreader{suffix}"
            path = output / name if output.is_dir() else output
            yield exporting.write_parts(path, self._signed(), force=self._force)
        elif self.is_of_marks:
            (document,) = self._documents()
            words_of_it = slug(self._tag or self._query or "") or "marks"
            path = (
                output / f"{'tag' if self._tag else 'found'}-{words_of_it}.md" if output.is_dir() else output
            )
            yield exporting.write(path, document, exporting.saved_in(library), **how)
        elif single or (self._marks and self._everything and not into_folder):
            (document,) = self._documents()
            name = file_name(self.posts[0], "-marks.md" if self._marks else ".md")
            path = output / name if output.is_dir() else output
            yield exporting.write(path, document, exporting.saved_in(library), **how)
        else:
            scope: Any = "marks" if self._marks else "marked" if self._marked else "thread"
            yield from exporting.write_folder(library, output, self.posts, look, scope=scope, **how)

    def _signed(self) -> Iterable[str]:
        """A table for a spreadsheet says that it is UTF-8."""
        if self._form == "csv":
            yield "\ufeff"
        yield from self.parts()

    def _documents(self) -> Iterable["Document"]:
        from threadreader.library.exporting import marks_document, thread_document

        look = self._look()
        if self.is_of_marks:
            post_id = self.posts[0].id if len(self.posts) == 1 and not self._everything else None
            yield marks_document(self._library, look, post_id=post_id, tag=self._tag, query=self._query)
        elif self._marks and self._everything:
            yield marks_document(self._library, look)
        else:
            for post in self.posts:
                yield (
                    marks_document(self._library, look, post_id=post.id)
                    if self._marks
                    else thread_document(self._library, post.id, self._scope, self._comment, look)
                )

    def _look(self) -> "Look":
        from threadreader.export import PRESETS, Form
        from threadreader.export.templates import Templates
        from threadreader.library.exporting import Look

        folder = settings_file().parent / "templates"
        return Look(Form(PRESETS[self._preset], self._style), Templates(self._template, folder))

    def _shelved(self) -> list[Any]:
        from threadreader.library.exporting import gathered

        if self.is_of_marks or self._everything:
            return gathered(self._library, tag=self._tag, query=self._query)
        return [one for post in self.posts for one in gathered(self._library, post_id=post.id)]

    def _bare_tags(self) -> dict[tuple[str, str | None], Sequence[str]]:
        """The tags on what has no mark."""
        if self.is_of_marks:
            return {}
        store = self._library.annotations
        return {
            (post.id, comment_id): tags
            for post in self.posts
            if (tagged := store.tags(post.id))
            for marked in [{mark.comment_id for mark in store.marks(post.id)}]
            for comment_id, tags in tagged.items()
            if comment_id not in marked
        }

    def _posts(self, post_ids: Sequence[str], with_marks: bool) -> list[Post]:
        index, store = self._library.index, self._library.annotations
        posts = [index.post(post_id) for post_id in post_ids] or index.posts()
        if with_marks:
            posts = [post for post in posts if store.marks(post.id) or store.tags(post.id)]
        return posts


@threadreader.command("import-notes")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=Path)
@with_library
def import_notes(library: Library, files: Sequence[Path]) -> int:
    """Take notes that were edited in exported files back; undo takes them out again."""
    from threadreader.library.taking_in import import_notes as taken_from

    status = 0
    for path in files:
        told = taken_from(library, _text_of(path), str(path))
        for note in told:
            begin = harmless(" ".join(note.text.split()))[:_LONGEST_NOTE]
            if note.outcome == "unknown":
                status = complain(f"{path}: {note.id}: no such note here, so “{begin}” was left in the file.")
            else:
                click.echo(f"{note.id}  {_OUTCOMES[note.outcome]}" + (f"  “{begin}”" if begin else ""))
        if not told:
            click.echo(f"{harmless(str(path))}: no note was edited.")
    return status


_OUTCOMES = {
    "edited": "edited",
    "removed": "removed",
    "both kept": "changed here as well: both are kept, the file's as a note beside it",
}


@threadreader.command("import-marks")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=Path)
@with_library
def import_marks(library: Library, files: Sequence[Path]) -> int:
    """Take marks from W3C Web Annotations (JSON-LD), of threadreader's or of other programs."""
    from threadreader.library.taking_in import import_marks as taken_from

    status = 0
    for path in files:
        taken = taken_from(library, _text_of(path), str(path))
        click.echo(f"{harmless(str(path))}: {taken.read} read, {taken.changed} taken in")
        for line in taken.left:
            status = complain(line)
    return status


def _text_of(path: Path) -> str:
    try:
        return sys.stdin.buffer.read().decode() if str(path) == "-" else path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ExportError(f"{path}: is not text in UTF-8.") from error
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror or error}.") from error


def _tell(written: "Written") -> None:
    """What came of a file, on standard error."""
    told = [harmless(str(written.path))]
    if not written.changed:
        told.append("unchanged")
    if written.removed:
        told.append(f"{written.removed} shown as removed")
    if written.deleted:
        told.append(f"{written.deleted} deleted by hand stay out (--restore brings them back)")
    if written.kept:
        told.append(
            f"{len(written.kept)} changed by hand and left so (import-notes takes notes in; or --force)"
        )
    click.echo("  ".join(told), err=True)
