"""The commands that write what others keep, and take back what they changed in it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadreader.cli import complain
from threadreader.cli.commands import threadreader, with_library, words
from threadreader.errors import ExportError
from threadreader.library import Library
from threadreader.model import Post, harmless

if TYPE_CHECKING:
    from threadreader.library.export_request import Request
    from threadreader.library.exporting import Scope, Written

_FORMATS = ("markdown", "json", "jsonld", "csv", "html")
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
    from threadreader.library.export_request import Export

    preview = asked.pop("preview")
    request = _request(library, references, **asked)
    if not request.posts and not request.is_chosen:
        is_of_marks = asked["marked"] or asked["marks_only"]
        return complain("Nothing is marked." if is_of_marks else "There are no posts.")
    wanted = Export(library, request)
    if preview:
        click.echo(wanted.preview(), nl=False)
    elif output is None:
        for part in wanted.parts():
            click.echo(part, nl=False)
    else:
        try:
            for written in wanted.write(output):
                _tell(written)
        except OSError as error:
            raise ExportError(f"{error.filename or output}: {error.strerror or error}.") from error
    return None


def _request(
    library: Library,
    references: Sequence[str],
    *,
    marks_only: bool,
    marked: bool,
    tag: str | None,
    query: str | None,
    scope: "Scope",
    **looks: Any,
) -> "Request":
    """What the command line asks for."""
    from threadreader.library.export_request import Request

    if len([one for one in (tag, query) if one is not None]) + bool(references and tag) > 1:
        raise click.UsageError("Give one of POST, --tag and --search.")
    targets = [library.resolve(reference) for reference in references]
    comment_id = targets[0][1] if len(targets) == 1 else None
    posts = _posts(library, [post_id for post_id, _ in targets], marks_only or marked)
    return Request(
        posts,
        everything=not references,
        scope=scope if comment_id else "marked" if marked else "thread",
        comment_id=comment_id,
        as_marks=marks_only,
        tag=tag,
        query=query,
        **looks,
    )


def _posts(library: Library, post_ids: Sequence[str], with_marks: bool) -> list[Post]:
    index, store = library.index, library.annotations
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
