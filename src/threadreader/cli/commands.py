"""The commands for scripts and for people without a terminal's patience."""

import contextlib
import functools
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from threadreader import __version__
from threadreader.cli import INTERRUPTED, complain, lines, records
from threadreader.cli.opening import has_terminal, in_library, open_reader
from threadreader.cli.progress import Progressing
from threadreader.config import Places, own_seeds
from threadreader.library import Library, Target, Verdict, expected_documents
from threadreader.library.mending import all_mendings
from threadreader.model import (
    COLOURS,
    NOTE_KINDS,
    NOTE_NAMES,
    Anchored,
    Colour,
    NoteKind,
    SavedSearch,
    harmless,
    tag_of,
)

UNKNOWN_ARE_WORDS = {"ignore_unknown_options": True}  # of a query: -door is what is not to be found
Given = ParamSpec("Given")

_WRONG_USAGE = 2  # as click's own
_KINDS = "What the note is; a claim is to be checked, a quote to be used."

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def words(typed: str) -> str:
    """What a person typed, as text that can be stored: bytes that are no text become question marks."""
    return typed.encode(errors="replace").decode()


def run_command(arguments: Sequence[str]) -> int:
    """Run what `arguments` ask for; gives the exit status."""
    from threadreader.cli import exporting, keeping, marks, mending, people  # noqa: F401  (commands of ours)

    try:
        status = threadreader.main(list(arguments), "threadreader", standalone_mode=False)
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return int(status or 0)


def with_library(command: Callable[Concatenate[Library, Given], int | None]) -> Callable[Given, int | None]:
    """`command` with the library that the command line names."""

    @functools.wraps(command)
    def run(*given: Given.args, **named: Given.kwargs) -> int | None:
        places = click.get_current_context().find_object(Places)
        assert places
        quiet = bool(named.get("linear"))
        return in_library(places, lambda library: command(library, *given, **named), quiet=quiet)

    return run


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[PATH… | COMMAND …]",
    epilog="POST and COMMENT are an id, six characters of one, or a place as it is printed: 2, 2/4.1.",
)
@click.option("--library", type=Path, metavar="DIR", help="The folder of the library.")
@click.option(
    "--linear", is_flag=True, help="Read line by line, for screen readers; after `show` for one post."
)
@click.option("--version", is_flag=True, help="Print the version, and where everything is kept.")
@click.pass_context
def threadreader(context: click.Context, library: Path | None, linear: bool, version: bool) -> None:
    """Read long comment threads. With PATHs, or with nothing, opens the reader on them."""
    context.obj = places = Places.find(library)
    if version:
        click.echo(f"threadreader {__version__}")
        for name, place in (("library", places.library), ("settings", places.settings), ("log", places.log)):
            click.echo(f"{name:8}  {harmless(str(place))}")
        context.exit()
    if context.invoked_subcommand is None:
        raise click.UsageError("Give a command, or PATHs to open.")


@threadreader.command("open")
@click.argument("reference", metavar="POST|COMMENT", type=words)
@with_library
def open_(library: Library, reference: str) -> int:
    """Open the reader there."""
    target = library.resolve(reference)
    if not has_terminal():
        return complain(f"{reference}: the reader needs a terminal; `threadreader show` prints a post.")
    return open_reader(library, [], target)


@threadreader.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=Path)
@as_json
@with_library
def add(library: Library, paths: Sequence[Path], as_json: bool) -> int:
    """Read documents, and those in folders, and keep their threads."""
    told: list[Any] = []
    errors: list[str] = []
    with (
        Progressing("Reading", of="comments") as progress,
        contextlib.closing(library.add_each(paths, progress=progress)) as results,
    ):
        for added in results:
            if added.none_kept:
                told, errors = [], []
            told += [records.added_record(added)] if as_json else lines.added_lines(added)
            errors += [added.error] if added.error else []
            progress.read += sum(len(thread.comments) for thread in added.threads)
    if as_json:
        click.echo(records.as_json(told))
    else:
        _print(told)
    return max(map(complain, errors), default=0)


@threadreader.command()
@as_json
@with_library
def posts(library: Library, as_json: bool) -> None:
    """List the posts."""
    if as_json:
        click.echo(records.as_json(_post_records(library)))
    else:
        _print(lines.post_lines(library.listed()))


@threadreader.command()
@click.argument("post", metavar="POST", type=words)
@click.option("--linear", is_flag=True, help="Line by line, in words, for screen readers.")
@as_json
@with_library
def show(library: Library, post: str, linear: bool, as_json: bool) -> None:
    """Print a post and its comments."""
    post_id, comment_id = library.resolve(post)
    if linear or click.get_current_context().find_root().params["linear"]:
        from threadreader.cli.reading_aloud import read_aloud, say_everything

        if as_json:
            raise click.UsageError("--linear is for people, --json for scripts: give one of them.")
        if has_terminal():
            read_aloud(library, (post_id, comment_id))
        else:
            say_everything(library, [post_id], click.echo)
        return
    thread, people = library.index.thread(post_id), library.annotations.people()
    marks = library.states(library.annotations.marks(post_id))
    if as_json:
        (record,) = (record for record in _post_records(library) if record["id"] == post_id)
        tags = library.annotations.tags(post_id)
        click.echo(records.as_json(records.thread_record(record, thread, marks, tags, people)))
    else:
        width = shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else None
        tags = library.annotations.tags(post_id)
        _print(lines.thread_lines(library.title(post_id), thread, marks, tags, width, people))


@threadreader.command(context_settings=UNKNOWN_ARE_WORDS)
@click.argument("query", metavar="QUERY", nargs=-1, type=words)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@click.option("--saved", metavar="NAME", type=words, help="Search as it was saved by that name.")
@click.option("--save", metavar="NAME", type=words, help="Save the search by that name as well.")
@click.option("--exact", is_flag=True, help="Whole words as typed, no similar ones.")
@as_json
@with_library
def search(
    library: Library,
    query: Sequence[str],
    limit: int,
    saved: str | None,
    save: str | None,
    exact: bool,
    as_json: bool,
) -> int | None:
    """Search comments, posts and notes, tolerant of typos.

    A QUERY may ask for more than words: author:Ida, date:2021-04, is:unread, reply-to:(words), sort:newest.
    """
    if bool(query) == (saved is not None):
        raise click.UsageError("Give either QUERY or --saved NAME.")
    asked = SavedSearch("", " ".join(query)) if saved is None else library.annotations.search(saved)
    asked = asked._replace(exact=asked.exact or exact)
    found = library.find_saved(asked, limit=limit)
    if found.mistake:
        told = found.mistake.told
        complain(f"Expected {told}" if told.endswith("?") else f"Expected {told}.")
        for line in lines.mistake_lines(asked.words, found.mistake):
            click.echo(line, err=True)
        return _WRONG_USAGE
    if save is not None and library.annotations.save_search(asked._replace(name=save)) is None:
        raise click.UsageError("A search is saved by a name that is not blank.")
    if as_json:
        click.echo(records.as_json([records.hit_record(hit) for hit in found.hits]))
    else:
        _print(lines.hit_lines(found, library.listed()))
    return None


@threadreader.command()
@click.argument("comment", metavar="COMMENT", type=words)
@click.option("--remove", is_flag=True, help="Take the bookmark off.")
@with_library
def bookmark(library: Library, comment: str, remove: bool) -> int | None:
    """Bookmark a comment, or a post."""
    target = library.resolve(comment)
    if not remove:
        mark = library.annotations.bookmark(*target, library.quote(*target))
        click.echo(f"{mark.id}  bookmarked {_place(library, target)}")
    elif library.annotations.unbookmark(*target):
        click.echo(f"bookmark on {_place(library, target)} removed")
    else:
        return complain(f"{comment}: there is no bookmark on it.")
    return None


@threadreader.command()
@click.argument("comment", metavar="COMMENT", type=words)
@click.argument("text", metavar="TEXT|-", type=words)
@click.option("--kind", type=click.Choice(NOTE_KINDS), default="comment", show_default=True, help=_KINDS)
@with_library
def note(library: Library, comment: str, text: str, kind: NoteKind) -> int | None:
    """Write a note on a comment, or on a post; `-` reads it from standard input."""
    target = library.resolve(comment)
    if text == "-":
        text = sys.stdin.buffer.read().decode(errors="replace")
    made = library.annotations.note(*target, text, library.quote(*target), kind)
    if made is None:
        return complain("A note needs words.")
    click.echo(f"{made.id}  {NOTE_NAMES[kind]} on {_place(library, target)}")
    return None


@threadreader.command()
@click.argument("comment", metavar="COMMENT", type=words)
@click.option(
    "--quote", metavar="TEXT", type=words, required=True, help="The words to highlight, as they stand."
)
@click.option("--note", "text", metavar="TEXT", type=words, default="", help="What to note on them.")
@click.option("--kind", type=click.Choice(NOTE_KINDS), help=_KINDS)
@click.option("--tag", "tags", metavar="TAG", type=words, multiple=True, help="A tag for the comment.")
@click.option("--nth", type=click.IntRange(min=1), metavar="N", help="Which, if they stand there often.")
@click.option("--colour", type=click.Choice(COLOURS), default=COLOURS[0], show_default=True)
@with_library
def highlight(
    library: Library,
    comment: str,
    quote: str,
    text: str,
    kind: NoteKind | None,
    tags: Sequence[str],
    nth: int | None,
    colour: Colour,
) -> None:
    """Highlight words of a comment, or of a post."""
    target = library.resolve(comment)
    passage, places = library.passage(*target, quote, nth or 1)
    made = library.annotations.highlight(*target, passage, colour, text, kind)
    if tags:
        library.annotations.tag(*target, tags)
    click.echo(f"{made.id}  highlighted in {_place(library, target)}")
    if places > 1 and nth is None:
        complain(f"These words stand there {places} times; the first was taken. --nth 2 takes the second.")


@threadreader.command()
@click.argument("comment", metavar="COMMENT|POST", type=words)
@click.argument("tags", metavar="TAG…", nargs=-1, required=True, type=words)
@click.option("--remove", is_flag=True, help="Take them off.")
@with_library
def tag(library: Library, comment: str, tags: Sequence[str], remove: bool) -> int | None:
    """Put tags on a comment, or on a post."""
    target = library.resolve(comment)
    store = library.annotations
    if not any(map(tag_of, tags)):
        return complain(f"“{' '.join(tags)}” is no name for a tag: it needs a letter or a number.")
    changed = (store.untag if remove else store.tag)(*target, tags)
    if remove and not changed:
        return complain(f"{comment}: there is no such tag on it.")
    there = " ".join(f"#{tag}" for tag in store.tags(target[0]).get(target[1], ()))
    click.echo(f"{_place(library, target)}  {there or 'no tags'}")
    return None


@threadreader.command()
@click.option(
    "--rename",
    nargs=2,
    metavar="TAG NAME",
    type=words,
    help="Give a tag another name; that of another: merge.",
)
@as_json
@with_library
def tags(library: Library, rename: tuple[str, str] | None, as_json: bool) -> None:
    """List the tags, those most used first, or rename one."""
    store = library.annotations
    if rename:
        store.rename_tag(*rename)
    counts = store.tag_counts()
    if as_json:
        click.echo(records.as_json([{"tag": tag, "count": count} for tag, count in counts.items()]))
        return
    width = max(map(len, counts), default=0)
    for tag, count in counts.items():
        click.echo(f"#{tag:{width}}  on {count}")
    if not counts:
        click.echo("No tags yet. `threadreader tag COMMENT TAG` puts one on, and so does t in the reader.")


@threadreader.command()
@click.argument("post", metavar="POST", type=words)
@click.argument("title", metavar="TITLE", type=words)
@with_library
def rename(library: Library, post: str, title: str) -> None:
    """Give a post a name of your own; an empty one gives it back its title."""
    post_id, _ = library.resolve(post)
    library.annotations.rename(post_id, title)
    click.echo(library.title(post_id))


@threadreader.command()
@click.argument("mark", metavar="MARK", type=words)
@click.argument("comment", metavar="COMMENT", type=words)
@with_library
def attach(library: Library, mark: str, comment: str) -> None:
    """Let a mark stand on a comment, or on a post, where it could not be told or was told wrongly."""
    target = library.resolve(comment)
    anchored = library.attach(library.annotations.named(mark).id, target)
    told = f" ({anchored.reason})" if anchored.reason else ""
    click.echo(f"{anchored.mark.id}  {anchored.mark.kind} attached to {_place(library, target)}{told}")


@threadreader.command()
@click.option("--seeds", is_flag=True, help="Compare what was read with the table in seeds/README.md.")
@as_json
@with_library
def check(library: Library, seeds: bool, as_json: bool) -> int:
    """Say whether everything is consistent, and which marks and mendings lost their comment."""
    from threadreader.cli.marks import lost_tags
    from threadreader.cli.mending import mending_lines, mending_record

    problems, orphans = library.check()
    tagged = lost_tags(library)
    verdicts = _seed_verdicts(library) if seeds else []
    ok = not problems and all(verdict.agrees for verdict in verdicts)
    if as_json:
        record: dict[str, Any] = {
            "ok": ok,
            "problems": [records.problem_record(problem) for problem in problems],
            "orphans": [records.mark_record(anchored) for anchored in library.states(orphans)],
            "lost_tags": [records.listed_record(row) for row in tagged],
            "mendings": [mending_record(one) for one in all_mendings(library) if one.reason],
        }
        told = [records.verdict_record(verdict) for verdict in verdicts]
        click.echo(records.as_json(record | ({"seeds": told} if seeds else {})))
    else:
        _print(f"{problem.code}  {problem.where}: {problem.message}" for problem in problems)
        _print_marks(library, library.states(orphans))
        _print(lines.listed_lines(tagged))
        _print(mending_lines(library, only_unapplied=True))
        _print(map(lines.verdict_line, verdicts))
        if ok:
            click.echo("All is well.")
    return 0 if ok else complain("Something is not as it should be.")


@threadreader.command()
@click.option("--show", "wanted", flag_value="show", default=True, help="Print every setting (the default).")
@click.option(
    "--edit", "wanted", flag_value="edit", help="Open the file in $VISUAL or $EDITOR, then check it."
)
@click.option("--path", "wanted", flag_value="path", help="Print where the file is, or would be.")
@as_json
@click.pass_obj
def config(places: Places, wanted: str, as_json: bool) -> int:
    """Show the settings and where each comes from, or edit them."""
    from threadreader.cli import configuring

    if wanted == "path":
        click.echo(harmless(str(places.settings)))
        return 0
    if wanted == "edit":
        configuring.edit(places.settings)
    read, mistakes = configuring.checked(places.settings)
    if wanted == "show" and as_json:
        click.echo(records.as_json(configuring.settings_record(read, mistakes)))
    elif wanted == "show":
        _print(configuring.setting_lines(read))
    return max(map(complain, map(str, mistakes)), default=0)


def _print(printed: Iterable[str]) -> None:
    for line in printed:
        click.echo(line)


def _post_records(library: Library) -> list[records.Record]:
    doubts = library.index.comment_warnings()
    return [
        records.post_record(listed, number, doubts.get(listed.post.id, 0))
        for number, listed in enumerate(library.listed(), 1)
    ]


def _place(library: Library, target: Target) -> str:
    """How a post or a comment is named where it is printed."""
    post_id, comment_id = target
    number = [post.id for post in library.index.posts()].index(post_id) + 1
    if comment_id is None:
        return str(number)
    thread = library.index.thread(post_id)
    return f"{number}/{thread.comments[thread.positions[comment_id]].place}"


def _print_marks(library: Library, states: Iterable[Anchored]) -> None:
    for anchored in states:
        mark = anchored.mark
        candidates = [_place_or_id(library, (mark.post_id, one)) for one in anchored.candidates]
        place = _place_or_id(library, (mark.post_id, mark.comment_id))
        _print(lines.mark_lines(anchored, place, candidates))


def _place_or_id(library: Library, target: Target) -> str:
    try:
        return _place(library, target)
    except (ValueError, KeyError):
        return target[1] or target[0]


def _seed_verdicts(library: Library) -> list[Verdict]:
    table = own_seeds() / "README.md"
    return library.verdicts(expected_documents(table.read_text(encoding="utf-8")))
