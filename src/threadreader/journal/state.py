"""What the changes of a journal leave, and what those of two machines leave together."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from threadreader.journal.lines import Change, Part, Register, Value, order_of, registers, same

_BOTH = " / "  # between names that two machines gave a post, and labels that they gave a person
_OWN = ("id", "created", "updated", "copy", "parent")  # in which marks differ that are alike


class Held(NamedTuple):
    """What a register holds, and since which change."""

    by: str
    origin: Register  # the register that it held then
    now: Value


@dataclass
class State:
    """What changes leave."""

    knows: dict[str, int] = field(default_factory=dict)
    held: dict[Register, Held] = field(default_factory=dict)

    @property
    def clock(self) -> int:
        """The latest change that is known."""
        return max(self.knows.values(), default=0)

    def knew(self, change_id: str) -> bool:
        """Was the change seen, be it that nothing is left of it?"""
        clock, store = order_of(change_id)
        return clock <= self.knows.get(store, 0)

    def take(self, change: Change) -> None:
        """Follow one change."""
        self.hold(change.parts, change.id)
        self.knows[change.store] = max(change.clock, self.knows.get(change.store, 0))
        if change.did == "undone":
            self.knows.update(change.knew)
        else:
            self.know(change.knows)

    def know(self, clocks: Mapping[str, int]) -> None:
        """From now on all changes of other stores up to these clocks are known."""
        for store, clock in clocks.items():
            self.knows[store] = max(clock, self.knows.get(store, 0))

    def hold(self, parts: Iterable[Part], by: str = "") -> None:
        """Let registers hold what `parts` say."""
        for part in parts:
            for register, now in registers(part):
                if now is None:
                    self.held.pop(register, None)
                else:
                    origin = (part.about, part.origin) if part.origin else register
                    self.held[register] = Held(part.by or by, origin, now)


def part_of(register: Register, held: Held | None) -> Part:
    """The part that lets a register hold this, or nothing."""
    about, key, *rest = register
    now: Value = held and held.now
    match about:
        case "tags":
            tag = [held.now] if held else []
            now = {"comment_id": rest[0] or None, "put": tag, "taken": [] if held else [rest[1]]}
        case "reads":
            now = {"ids": [rest[0]], "read": held is not None}
        case "drafts" if held is None:
            now = {"comment_id": rest[0] or None, "text": ""}
    if held is None:
        return Part(about, key, now)
    return Part(about, key, now, held.by, held.origin[1] if held.origin != register else "")


def differences(before: Mapping[Register, Held], after: Mapping[Register, Held]) -> list[Part]:
    """What brings registers from one state to another: what goes first, so that others may take its place.

    Copies of texts stay: a mark that is brought back has its own.
    """
    gone = [part_of(one, None) for one in sorted(before.keys() - after.keys()) if one[0] != "copies"]
    come = [
        part_of(register, held)
        for register, held in sorted(after.items())
        if register not in before or not same(before[register].now, held.now)
    ]
    return gone + come


class Conflict(NamedTuple):
    """A register that two machines changed without knowing of each other."""

    register: Register
    kept: Value
    other: Value
    other_key: str  # where the other value is kept as well; empty where it is part of `kept`, or is no words


def joined(mine: State, theirs: State) -> tuple[State, list[Conflict]]:
    """What the changes of both leave, the same whichever is `mine`; and where both had changed the same.

    What one side still holds and the other never saw is kept; what the other saw and holds no more is gone.
    A mark that both changed is kept twice, the later under its id. Drafts are each machine's own: those of
    `mine` stay, those of `theirs` stay there.
    """
    there: dict[Register, list[Held]] = {}
    ours, others = _by_change(mine), _by_change(theirs)
    for identity in sorted(ours.keys() | others.keys()):
        found = ours.get(identity), others.get(identity)
        by, origin = identity
        if None not in found:
            register, held = max(
                (one for one in found if one), key=lambda one: (one[0] != origin, _size(one))
            )
        elif (found[0] and theirs.knew(by)) or (found[1] and mine.knew(by)):
            continue
        else:
            register, held = next(one for one in found if one)
        there.setdefault(register, []).append(held)
    state = State(dict(mine.knows))
    conflicts: list[Conflict] = []
    for register, several in sorted(there.items()):
        conflicts += _settled(state.held, register, sorted(several, key=lambda held: order_of(held.by)))
    _drop_doubles(state.held)
    state.know(theirs.knows)
    state.held |= {register: held for register, held in mine.held.items() if register[0] == "drafts"}
    return state, conflicts


def _by_change(state: State) -> dict[tuple[str, Register], tuple[Register, Held]]:
    return {
        (held.by, held.origin): (register, held)
        for register, held in state.held.items()
        if register[0] != "drafts"
    }


def _size(found: tuple[Register, Held]) -> tuple[int, str]:
    # Of two that the same change made, one was put together from several since.
    told = json.dumps(found[1].now, sort_keys=True)
    return len(told), told


def _settled(held: dict[Register, Held], register: Register, several: list[Held]) -> Iterator[Conflict]:
    """Let a register hold the last of `several`, earliest first, and find a place for the others' words."""
    latest = several.pop()
    for other in several:
        about, key = register[:2]
        if same(_words(about, other.now), _words(about, latest.now)):
            continue
        match about:
            case "annotations":
                own = hashlib.sha256(f"{key} {other.by}".encode()).hexdigest()[: len(key) or 16]
                held[about, own] = other._replace(now=other.now | {"id": own})
                yield Conflict(register, latest.now, other.now, own)
            case "searches":
                own = f"{key} ({other.by[:4]})"
                held[about, own] = other._replace(now=other.now | {"name": own})
                yield Conflict(register, latest.now, other.now, own)
            case "names":
                latest = latest._replace(now=latest.now | {"title": _both("title", latest, other)})
                yield Conflict(register, latest.now, other.now, "")
            case "people":
                is_dimmed = max(latest.now["dimmed"], other.now["dimmed"])
                now = {"label": _both("label", latest, other), "dimmed": is_dimmed}
                latest = latest._replace(now=latest.now | now)
                yield Conflict(register, latest.now, other.now, "")
            case _:
                yield Conflict(register, latest.now, other.now, "")
    held[register] = latest


def _both(name: str, one: Held, other: Held) -> str:
    """The words that two machines put there, each once."""
    words = {*one.now[name].split(_BOTH), *other.now[name].split(_BOTH)} - {""}
    return _BOTH.join(sorted(words))


def _words(about: str, now: Value) -> Value:
    """What of a value is more than when it was written."""
    return now | {"updated": ""} if about == "annotations" else now


def _drop_doubles(held: dict[Register, Held]) -> None:
    """Of bookmarks on one target, and of highlights that are alike, keep the one that was made first."""
    seen: set[str] = set()
    marks = [(one.now["created"], register) for register, one in held.items() if register[0] == "annotations"]
    for _, register in sorted(marks):
        mark = held[register].now
        if mark["kind"] == "bookmark":
            likeness = json.dumps([mark["kind"], mark["post_id"], mark["comment_id"]])
        elif mark["kind"] == "highlight":
            alike = {
                name: value for name, value in mark.items() if name not in _OWN and value not in ("", None)
            }
            likeness = json.dumps(alike, sort_keys=True)
        else:
            continue
        if likeness in seen:
            del held[register]
        seen.add(likeness)
