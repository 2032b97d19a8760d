"""The commands that list marks, and take one off where it stands."""

from collections.abc import Mapping, Sequence
from typing import get_args

import click

from threadreader.cli import complain, lines, records
from threadreader.cli.commands import UNKNOWN_ARE_WORDS, as_json, threadreader, with_library, words
from threadreader.library import Library
from threadreader.library.marks import Catalogue, in_reading_order
from threadreader.model import ListedMark, MarkState

_WRONG_USAGE = 2  # as click's own


@threadreader.command(context_settings=UNKNOWN_ARE_WORDS)
@click.argument("query", metavar="[QUERY]", nargs=-1, type=words)
@click.option("--state", "wanted", type=click.Choice(get_args(MarkState)), multiple=True, help="Only these.")
@click.option("--by-post", is_flag=True, help="By post and in reading order, not by when they were made.")
@as_json
@with_library
def marks(
    library: Library, query: Sequence[str], wanted: Sequence[MarkState], by_post: bool, as_json: bool
) -> int | None:
    """List bookmarks, notes and highlights, and whether they still stand on their words.

    A QUERY may ask for kind:question, tag:later, post:"some words", state:lost, by:Ida, since:7d and
    before:2026, and for words that may have a typo or two. What bears only tags is listed for kind:tag
    and tag:.
    """
    from threadreader.search.marks import Sieve

    typed = " ".join(query)
    rows = Catalogue().read(library)
    sifted = Sieve(rows).sifted(typed)
    if sifted.mistake:
        told = sifted.mistake.told
        complain(f"Expected {told}" if told.endswith("?") else f"Expected {told}.")
        for line in lines.mistake_lines(typed, sifted.mistake):
            click.echo(line, err=True)
        return _WRONG_USAGE
    fitting = [rows[at] for at in sifted.rows]
    shown = [row for row in fitting if not wanted or row.anchored.state in wanted]
    if by_post:
        shown = in_reading_order(shown)
    if as_json:
        click.echo(records.as_json([records.listed_record(row) for row in shown]))
        return None
    for typed, instead in sifted.widened.items():
        click.echo(f"{typed}: {', '.join(instead)}", err=True)
    for line in lines.listed_lines(shown, _candidates(library, shown)):
        click.echo(line)
    return None


@threadreader.command()
@click.argument("mark", metavar="MARK", type=words)
@with_library
def detach(library: Library, mark: str) -> None:
    """Take a mark off a comment that it stands on wrongly: it keeps its words, and waits to be attached."""
    made = library.annotations.detach(library.annotations.named(mark).id)
    click.echo(f"{made.id}  {made.kind} detached; `threadreader attach {made.id} COMMENT` puts it on another")


def lost_tags(library: Library) -> list[ListedMark]:
    """The tags on comments that are not there any more."""
    return [row for row in Catalogue().read(library) if row.is_of_tags and not row.anchored.is_attached]


def _candidates(library: Library, rows: Sequence[ListedMark]) -> Mapping[str, Sequence[str]]:
    """By the id of a mark that is asked about, the places at which it could be."""
    places: dict[str, dict[str, str]] = {}
    told: dict[str, Sequence[str]] = {}
    for row in rows:
        post_id = row.mark.post_id
        if row.anchored.candidates:
            if post_id not in places:
                comments = library.index.thread(post_id).comments
                places[post_id] = {one.id: f"{row.order[0] + 1}/{one.place}" for one in comments}
            told[row.mark.id] = [places[post_id].get(one, one) for one in row.anchored.candidates]
    return told
