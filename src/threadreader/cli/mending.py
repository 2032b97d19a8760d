"""The command that mends what was read wrongly: hung elsewhere, split, joined, and taken off again."""

import click

from threadreader.cli import lines, records
from threadreader.cli.commands import as_json, threadreader, with_library, words
from threadreader.errors import UnknownReference
from threadreader.library import Library, mending

_ON_POST = "post"


@threadreader.command()
@click.argument("comment", metavar="[COMMENT]", required=False, type=words)
@click.option("--under", metavar="COMMENT|post", type=words, help="Hang it there, with its replies.")
@click.option("--split", metavar="TEXT", type=words, help="Split it before these words.")
@click.option("--join", is_flag=True, help="Join it with the next comment.")
@click.option("--off", is_flag=True, help="Take its mendings off.")
@click.option("--list", "only_list", is_flag=True, help="List all mendings, and which can't be followed.")
@as_json
@with_library
def mend(
    library: Library,
    comment: str | None,
    under: str | None,
    split: str | None,
    join: bool,
    off: bool,
    only_list: bool,
    as_json: bool,
) -> int | None:
    """Mend a comment that was read wrongly; its document stays as it came, and `undo` takes it back."""
    asked = sum((under is not None, split is not None, join, off, only_list))
    if asked != 1 or (comment is None) != only_list:
        raise click.UsageError("Give COMMENT and one of --under, --split, --join and --off, or only --list.")
    if comment is None:
        _list(library, as_json)
        return None
    post_id, comment_id = _mendable(library, comment, off)
    if under is not None:
        told = mending.re_hang(library, post_id, comment_id, _parent(library, post_id, under))
    elif split is not None:
        told = mending.split(library, post_id, comment_id, _place(library, post_id, comment_id, split))
    elif join:
        told = mending.join(library, post_id, comment_id)
    else:
        told = mending.take_off(library, post_id, comment_id)
    if as_json:
        click.echo(records.as_json({"post_id": post_id, "comment_id": comment_id, "told": told}))
    else:
        click.echo(told)
    return None


def mending_lines(library: Library, only_unapplied: bool = False) -> list[str]:
    """A line for each mending, or only for those that can't be followed."""
    told = []
    for one in mending.all_mendings(library):
        if one.reason or not only_unapplied:
            doubt = f"  [not followed: {one.reason}]" if one.reason else ""
            told.append(f"{one.mending.comment_id}  {_told(library, one)}{doubt}")
    return told


def mending_record(told: mending.ToldMending) -> records.Record:
    """A mending, and why it is not followed."""
    one = told.mending
    return {
        "id": one.id,
        "kind": one.kind,
        "post_id": one.post_id,
        "comment_id": one.comment_id,
        "other_id": one.other_id,
        "quote": one.quote.exact,
        "prefix": one.quote.prefix,
        "suffix": one.quote.suffix,
        "created": records.moment(one.created),
        "followed": not told.reason,
        "reason": told.reason,
    }


def _list(library: Library, as_json: bool) -> None:
    if as_json:
        click.echo(records.as_json([mending_record(one) for one in mending.all_mendings(library)]))
        return
    for line in (listed := mending_lines(library)):
        click.echo(line)
    if not listed:
        click.echo("Nothing is mended.")


def _told(library: Library, told: mending.ToldMending) -> str:
    one = told.mending
    try:
        title = library.title(one.post_id)
    except UnknownReference:
        title = "a post that is gone"
    quoted = f"“{lines.shortened(one.quote.exact)}”"
    done = {
        "re-hang": f"{quoted} hung {'elsewhere' if one.other_id else 'on the post'}",
        "split": f"split before {quoted}",
        "join": f"{quoted} joined with the next",
    }
    return f"{done.get(one.kind, one.kind)}, in “{title}”"


def _mendable(library: Library, comment: str, off: bool) -> tuple[str, str]:
    """The comment that is named; one whose mendings go may be gone."""
    try:
        post_id, comment_id = library.resolve(comment, comment=True)
    except UnknownReference:
        gone = [one for one in library.annotations.mendings() if one.comment_id == comment]
        if not (off and gone):
            raise
        return gone[0].post_id, comment
    assert comment_id
    return post_id, comment_id


def _parent(library: Library, post_id: str, under: str) -> str | None:
    if under == _ON_POST:
        return None
    parent_post, parent_id = library.resolve(under, comment=True)
    if parent_post != post_id:
        raise UnknownReference(f"{under}: stands in another post. Name a comment of the same one, or `post`.")
    return parent_id


def _place(library: Library, post_id: str, comment_id: str, text: str) -> int:
    quote, times = library.passage(post_id, comment_id, text)
    if times > 1:
        raise UnknownReference(f"“{text}”: these words stand there {times} times. Give more of them.")
    assert quote.copy and quote.copy.start is not None
    return quote.copy.start
