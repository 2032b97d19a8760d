"""What was made on another machine, taken in: both machines' words are kept."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threadreader.annotations.changes import Told
from threadreader.annotations.shortening import shorten
from threadreader.annotations.told import conflicting
from threadreader.errors import LibraryError
from threadreader.journal import Journal, Part, same
from threadreader.journal.state import State, differences, joined, part_of

if TYPE_CHECKING:
    from threadreader.annotations import Annotations


class Merged(NamedTuple):
    """What came of a merge."""

    parts: list[Part]  # what changed here
    conflicts: list[str]  # what both had changed, a line each
    broken: int  # lines of the other journal that can't be read
    drafts: int  # that stay on the other machine


def merge(store: "Annotations", path: Path) -> Merged:
    """Take in the journal at `path`, as one step to undo. Once it is in, doing so again changes nothing.

    Raises LibraryError where it can't be read.
    """
    theirs, broken = _state_at(path, store._journal.version)
    with store._writing():
        pass  # there is a journal now, in step
    shorten(store)  # and it holds what the store holds
    with store._writing():
        mine, *_ = store._journal.state()
        both, conflicts = joined(mine, theirs)
        known = {name: clock for name, clock in both.knows.items() if clock > mine.knows.get(name, 0)}
        changed = []
        for part in differences(mine.held, both.held):
            change = partial(store._change, *part[:3], by=part.by, origin=part.origin)
            if not store._tried(change):
                raise LibraryError(f"{path}: its {part.about} can't be kept here. Nothing was merged.")
            changed.append(part)
        # The same words, but by another change: the journal has to know.
        store._parts += [
            part_of(register, held)._replace(is_same=True)
            for register, held in both.held.items()
            if register in mine.held
            and mine.held[register] != held
            and same(mine.held[register].now, held.now)
        ]
        if known:
            knew = {name: mine.knows.get(name, 0) for name in known}
            store._told = Told(f"merged with {path.absolute().parent.name}/{path.name}", known, knew)
    drafts = sum(register[0] == "drafts" for register in theirs.held)
    return Merged(changed, [line for one in conflicts if (line := conflicting(one))], broken, drafts)


def _state_at(path: Path, version: int) -> tuple[State, int]:
    try:
        state, _, broken = Journal(path, version).state()
    except OSError as error:
        raise LibraryError(
            f"{path}: {error.strerror or error}. Name an annotations.jsonl, or the folder of a library."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryError(
            f"{path}: not a journal of threadreader, or not whole. Nothing was merged."
        ) from error
    return state, len(broken)
