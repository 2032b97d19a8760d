"""The journal begun anew where it tells more than it must, or something else than the store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from threadreader.annotations import changes
from threadreader.journal import Change, Register, dot, registers
from threadreader.journal.state import State, differences
from threadreader.store import explained, transaction

if TYPE_CHECKING:
    from threadreader.annotations.following import Followed, Following

_OLD_DRAFTS = 100  # of notes that were being written, for which a journal is made shorter


def shorten(store: "Following") -> None:
    """Let a journal that tells more than can be undone begin later, and agree with the store."""
    with explained(store.path), transaction(store._connection):
        at = store._followed()
        if at and store._is_in_step():  # else the next change sees to it
            store._set_followed(renewed(store, at))


def renewed(store: "Following", at: "Followed") -> "Followed":
    """Begin the journal anew where there is a reason; the store has followed all of it, and is right."""
    journal = store._journal
    try:
        state, told, broken = journal.state()
    except (ValueError, KeyError, TypeError, AttributeError):
        journal.move_aside()
        return store._begun(at)
    worth_telling = _without_old_drafts(told)
    is_long = len(told) > 2 * changes.KEPT_CHANGES or len(told) - len(worth_telling) > _OLD_DRAFTS
    if corrected := _corrected(store, state, at):
        at, worth_telling = corrected, []
    elif broken or is_long or journal.is_older:
        state, _ = journal.beginning()
        for change in worth_telling[: -changes.KEPT_CHANGES]:
            state.take(change)
        worth_telling = worth_telling[-changes.KEPT_CHANGES :]
    else:
        return at
    if broken:
        journal.keep_aside(journal.path.read_bytes())
    place = journal.begin_anew(state, worth_telling)
    return at._replace(place=place._replace(last=place.last or at.place.last))


def _corrected(store: "Following", state: State, at: "Followed") -> "Followed | None":
    """Let `state` hold what the store holds; None where it does."""
    clock = max(at.clock, state.clock) + 1
    mine = store._held(dot(at.store, clock))
    wrong = [part for part in differences(state.held, mine) if part.about != "reads"]
    if not wrong:
        return None
    state.hold(wrong)
    state.knows[at.store] = clock
    return at._replace(clock=clock)


def _without_old_drafts(told: Sequence[Change]) -> list[Change]:
    """`told` without drafts of which a later one is told."""
    later: set[Register] = set()
    kept = []
    for change in reversed(told):
        drafts = {r for part in change.parts if part.about == "drafts" for r, _ in registers(part)}
        if change.did != "kept" or not drafts or not drafts <= later:
            kept.append(change)
        later |= drafts
    return kept[::-1]
