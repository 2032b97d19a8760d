"""The commands that keep what the reader made: undo and history, backups, restoring, merging."""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from threadreader.annotations import Annotations, Step
from threadreader.annotations.backups import Backup, backups, holds, put_in_place, take_behind_from
from threadreader.annotations.merging import Merged
from threadreader.cli import complain, records
from threadreader.cli.commands import as_json, threadreader, with_library, words
from threadreader.cli.lines import counted
from threadreader.config import Places
from threadreader.errors import AnnotationsDamaged, LibraryError, UnknownReference
from threadreader.journal import Journal, Part
from threadreader.library import Library
from threadreader.model import harmless
from threadreader.schema import STEPS

_SHOWN = 20  # steps of the history


@threadreader.command()
@as_json
@with_library
def undo(library: Library, as_json: bool) -> int | None:
    """Take back what was done last."""
    return _tell_turned(library, library.undo(), "There is nothing to undo.", as_json)


@threadreader.command()
@as_json
@with_library
def redo(library: Library, as_json: bool) -> int | None:
    """Do again what was taken back last."""
    return _tell_turned(library, library.redo(), "There is nothing to redo.", as_json)


@threadreader.command()
@click.option(
    "--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="At most so many."
)
@as_json
@with_library
def history(library: Library, limit: int, as_json: bool) -> None:
    """List what was done and can be undone, newest first."""
    steps = library.annotations.history()
    if as_json:
        click.echo(records.as_json([_step_record(library, step) for step in steps[:limit]]))
        return
    for step in steps[:limit]:
        undone = "  (undone)" if step.undone else ""
        click.echo(f"{_local(step.made)}  {step.told}{_where(library, step)}{undone}")
    if not steps:
        click.echo("Nothing was done yet.")
    elif len(steps) > limit:
        click.echo(f"… and {len(steps) - limit} more: --limit {len(steps)}")


@threadreader.command()
@click.option("--list", "only_list", is_flag=True, help="List the backups instead of making one.")
@as_json
@click.pass_obj
def backup(places: Places, only_list: bool, as_json: bool) -> int | None:
    """Copy what you made, and see that the copy is whole."""
    path = _store(places)
    if only_list:
        return _list(path, as_json)
    with _opened(path) as store:
        made = store.back_up()
    if as_json:
        click.echo(records.as_json(_backup_record(made)))
    else:
        click.echo(f"{harmless(str(made.path))}  {_held(made.holds)}")
    return None


@threadreader.command()
@click.argument("backup", metavar="[BACKUP]", required=False, type=words)
@click.option("--from-journal", is_flag=True, help="Make annotations.db again from annotations.jsonl.")
@as_json
@click.pass_obj
def restore(places: Places, backup: str | None, from_journal: bool, as_json: bool) -> int | None:
    """Go back to a backup, named by its number or its name; without one, list them.

    Marks, tags, names and saved searches become as they were then, which `undo` takes back. Where
    annotations.db is damaged, the copy takes its place, and what the journal has since is done again.
    """
    path = _store(places)
    if from_journal and backup:
        raise click.UsageError("Give either BACKUP or --from-journal.")
    if backup is None and not from_journal:
        return _list(path, as_json)
    chosen = None if backup is None else _named(path, backup)
    parts = _restored_in_place(path, chosen) if chosen and path.exists() else None
    if parts is not None and chosen is not None:
        if as_json:
            click.echo(records.as_json({"changes": _part_records(parts)}))
        else:
            click.echo(_changed(parts) or f"Nothing differs from {chosen.name}.")
        return None
    kept, held = _made_again(path, chosen)
    if as_json:
        click.echo(records.as_json({"holds": dict(held), "kept": list(map(str, kept))}))
        return None
    source = f"{chosen.name} and what the journal has since" if chosen else "annotations.jsonl"
    click.echo(f"{_held(held)}, from {source}.")
    if kept:
        click.echo(f"What was there is kept as {harmless(str(kept[-1]))}.")
    return None


@threadreader.command()
@click.argument("other", metavar="FILE|FOLDER", type=Path)
@as_json
@with_library
def merge(library: Library, other: Path, as_json: bool) -> int | None:
    """Take in what was made on another machine: its annotations.jsonl, or the folder of its library.

    Both machines' words are kept. A mark that was changed on both is kept twice.
    """
    merged = library.annotations.merge(other / "annotations.jsonl" if other.is_dir() else other)
    library.settle()
    if as_json:
        click.echo(records.as_json(_merged_record(merged)))
        return None
    click.echo(_changed(merged.parts) or "Nothing in it is new here.")
    for conflict in merged.conflicts:
        click.echo(f"changed on both: {conflict}")
    if merged.drafts:
        click.echo(
            f"{counted(merged.drafts, 'draft')} of notes stay there: save them there, and merge again."
        )
    if merged.broken:
        complain(f"{other}: {counted(merged.broken, 'line')} of it can't be read, and could not be merged.")
    return None


def _tell_turned(library: Library, step: Step | None, nothing: str, as_json: bool) -> int | None:
    if as_json:
        click.echo(records.as_json(step and _step_record(library, step)))
        return None if step else 1
    if step is None:
        return complain(nothing)
    click.echo(step.told + _where(library, step))
    return None


def _where(library: Library, step: Step) -> str:
    """The posts in which a step changed something."""
    posts = list(dict.fromkeys(post_id for post_id, _ in step.targets))
    if not posts:
        return ""
    more = f" and {len(posts) - 1} more" if len(posts) > 1 else ""
    return f", in “{_title(library, posts[0])}”{more}"


def _title(library: Library, post_id: str) -> str:
    with contextlib.suppress(UnknownReference):
        return library.title(post_id)
    return post_id


def _local(moment: dt.datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _store(places: Places) -> Path:
    path = places.library / "annotations.db"
    if not any(map(Path.exists, (path, path.with_suffix(".jsonl"), path.with_name("backups")))):
        raise LibraryError(
            f"{places.library}: nothing is kept there yet. Name another folder with --library."
        )
    return path


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Annotations]:
    with Annotations.open(path) as store:
        for notice in store.notices:
            complain(notice)
        yield store


def _list(path: Path, as_json: bool) -> int | None:
    there = backups(path)
    if as_json:
        click.echo(records.as_json([_backup_record(one) for one in there]))
        return None
    for number, one in enumerate(there, 1):
        click.echo(f"{number:3}  {_local(one.made)}  {one.kind:9}  {_held(one.holds)}")
        click.echo(f"     {harmless(str(one.path))}")
    if not there:
        click.echo("There are no backups yet. `threadreader backup` makes one.")
    return None


def _named(path: Path, name: str) -> Path:
    """The backup of that number, name, or path; raises LibraryError."""
    there = backups(path)
    if name.isdecimal() and 0 < int(name) <= len(there):
        return there[int(name) - 1].path
    if named := [one.path for one in there if one.path.name.startswith(name)]:
        if len(named) > 1:
            raise LibraryError(f"{name}: names {len(named)} backups. Give more of the name, or its number.")
        return named[0]
    if Path(name).is_file():
        return Path(name)
    raise LibraryError(f"{name}: no such backup. `threadreader restore` lists them.")


def _restored_in_place(path: Path, backup: Path) -> list[Part] | None:
    """Restore into the store that is there; what changed, None where it is damaged."""
    try:
        with _opened(path) as store:
            return store.restore(backup)
    except AnnotationsDamaged as error:
        if str(backup) in str(error):
            raise
        return None


def _made_again(path: Path, backup: Path | None) -> tuple[list[Path], Counter[str]]:
    """Make the store from a backup, or nothing, and the journal; where it was, and what it holds."""
    journal = Journal(path.with_suffix(".jsonl"), len(STEPS))
    try:
        journal.beginning()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if backup is None:
            raise LibraryError(
                f"{journal.path}: no journal that can be read. `threadreader restore` lists the backups."
            ) from error
    kept = put_in_place(path, backup, f"replaced-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}")
    with _opened(path) as store:
        for other in [] if backup else [*kept, *(one.path for one in backups(path))]:
            with contextlib.suppress(LibraryError):
                take_behind_from(store, other)
        return kept, holds(store)


def _changed(parts: Sequence[Part]) -> str:
    """How much came, changed and went, by kind."""
    nouns = {"names": "name", "searches": "saved search", "reads": "read mark", "aliases": "id"}
    nouns |= {"people": "person", "mendings": "mending"}
    done: dict[str, Counter[str]] = {"come": Counter(), "gone": Counter()}
    for part in parts:
        if part.about == "copies":
            continue  # they come with marks
        if part.about == "tags":
            done["come"]["tag"] += len(part.now["put"])
            done["gone"]["tag"] += len(part.now["taken"])
        else:
            is_mark = part.about == "annotations" and part.now
            noun = part.now["kind"] if is_mark else nouns.get(part.about, "mark")
            done["gone" if part.now is None else "come"][noun] += 1
    told = [(_held(+counts), verb) for verb, counts in done.items() if +counts]
    return "; ".join(f"{held} {'came or changed' if verb == 'come' else 'went'}" for held, verb in told)


def _held(holds: Counter[str] | None) -> str:
    if holds is None:
        return "can't be read"
    return ", ".join(counted(number, noun) for noun, number in holds.items()) or "nothing marked"


def _step_record(library: Library, step: Step) -> records.Record:
    return {
        "made": records.moment(step.made),
        "told": step.told,
        "undone": step.undone,
        "targets": [
            {"post_id": post_id, "title": _title(library, post_id), "comment_id": comment_id}
            for post_id, comment_id in step.targets
        ],
    }


def _backup_record(one: Backup) -> records.Record:
    made = records.moment(one.made)
    return {"path": str(one.path), "kind": one.kind, "made": made, "holds": one.holds and dict(one.holds)}


def _merged_record(merged: Merged) -> records.Record:
    rest = {"conflicts": merged.conflicts, "broken_lines": merged.broken, "drafts_left": merged.drafts}
    return {"changes": _part_records(merged.parts)} | rest


def _part_records(parts: Sequence[Part]) -> list[records.Record]:
    return [{"about": part.about, "key": part.key, "gone": part.now is None} for part in parts]
