"""What was made on another machine, taken in: both machines' words are kept."""

from pathlib import Path
from typing import NamedTuple

from threadreader.annotations.backups import Backups
from threadreader.annotations.changes import Told
from threadreader.annotations.following import differences
from threadreader.annotations.told import conflicting
from threadreader.errors import LibraryError
from threadreader.journal import Journal, Part, State, joined, part_of, same


class Merged(NamedTuple):
    """What came of a merge."""

    parts: list[Part]  # what changed here
    conflicts: list[str]  # what both had changed, a line each
    broken: int  # lines of the other journal that can't be read
    drafts: int  # that stay on the other machine


class Merging(Backups):
    """The store joined with others."""

    def merge(self, path: Path) -> Merged:
        """Take in the journal at `path`, as one step to undo. Once it is in, doing so again changes nothing.

        Raises LibraryError where it can't be read.
        """
        theirs, broken = _state_at(path)
        with self._writing():
            pass  # there is a journal now, in step
        self._shorten_journal()  # and it holds what the store holds
        with self._writing():
            mine, *_ = self._journal.state()
            both, conflicts = joined(mine, theirs)
            known = {store: clock for store, clock in both.knows.items() if clock > mine.knows.get(store, 0)}
            changed = []
            for part in differences(mine.held, both.held):
                self._change(*part[:3], by=part.by, origin=part.origin)
                changed.append(part)
            # The same words, but by another change: the journal has to know.
            self._parts += [
                part_of(register, held)
                for register, held in both.held.items()
                if register in mine.held
                and mine.held[register] != held
                and same(mine.held[register].now, held.now)
            ]
            if known:
                knew = {store: mine.knows.get(store, 0) for store in known}
                self._told = Told(f"merged with {path.absolute().parent.name}/{path.name}", known, knew)
        drafts = sum(register[0] == "drafts" for register in theirs.held)
        return Merged(changed, [line for one in conflicts if (line := conflicting(one))], broken, drafts)


def _state_at(path: Path) -> tuple[State, int]:
    try:
        state, _, broken = Journal(path).state()
    except OSError as error:
        raise LibraryError(
            f"{path}: {error.strerror or error}. Name an annotations.jsonl, or the folder of a library."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryError(
            f"{path}: not a journal of threadreader, or not whole. Nothing was merged."
        ) from error
    return state, len(broken)
