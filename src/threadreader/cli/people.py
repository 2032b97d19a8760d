"""The command about authors and signatures: what the reader calls them, and whose words stand back."""

import click

from threadreader.cli import records
from threadreader.cli.commands import as_json, threadreader, with_library, words
from threadreader.errors import UnknownReference
from threadreader.library import Library
from threadreader.model import Person, folded_name


@threadreader.command()
@click.option(
    "--label", nargs=2, metavar="NAME TEXT", type=words, help="Call an author or a signature so; '': no more."
)
@click.option("--dim", metavar="NAME", type=words, help="Let what they wrote stand back.")
@click.option("--undim", metavar="NAME", type=words, help="No more.")
@as_json
@with_library
def people(
    library: Library, label: tuple[str, str] | None, dim: str | None, undim: str | None, as_json: bool
) -> None:
    """List the people that have a label or are dimmed, or say so of one. Nothing is ever hidden by it."""
    store = library.annotations
    if label is not None:
        store.label(_known(library, label[0]), label[1])
    if dim is not None:
        store.dim(_known(library, dim), True)
    if undim is not None:
        store.dim(_known(library, undim), False)
    there = store.people().values()
    if as_json:
        click.echo(records.as_json([person._asdict() for person in there]))
        return
    for person in there:
        click.echo("  ".join(filter(None, [person.name, _called(person), "dimmed" if person.dimmed else ""])))
    if not there:
        click.echo(
            "Nobody has a label. `threadreader people --label NAME TEXT` gives one, g p in the reader."
        )


def _known(library: Library, name: str) -> str:
    """The name as the source has it; raises UnknownReference where nobody here writes or signs so."""
    wanted = folded_name(name)
    here = next((one for one in library.index.people() if folded_name(one) == wanted), None)
    if here is None and wanted not in library.annotations.people():
        raise UnknownReference(f"{name}: nobody here writes or signs so. Give the name as it is printed.")
    return here or name


def _called(person: Person) -> str:
    return f"“{person.label}”" if person.label else ""
