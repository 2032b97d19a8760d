"""The keymap: one table of keys for each pane, from which bindings, sequences, footer and help are made.

Textual binds single keys only. So single keys become `Binding`s, while sequences (`g g`, `z a`) and counts
(`12j`) are walked here: a key that begins a sequence waits for the next one, a digit for what it counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.dom import DOMNode

_NAMES = {
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "/": "slash",
    "?": "question_mark",
    "|": "vertical_line",
    "\\": "backslash",
    ".": "full_stop",
    ":": "colon",
    "'": "apostrophe",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "_": "underscore",
    "-": "minus",
    "+": "plus",
    "=": "equals_sign",
    ";": "semicolon",
    "!": "exclamation_mark",
    "@": "at",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "*": "asterisk",
    "^": "circumflex_accent",
    "~": "tilde",
    "`": "grave_accent",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    '"': "quotation_mark",
}
_NAMED = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "delete": "Del",
    "insert": "Ins",
    "backspace": "Backspace",
    "space": "Space",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{n}": f"F{n}" for n in range(1, 13)},
}
ANY_LETTER = "a-z"  # in a sequence: any small letter, which the action gets in its place
_UNREPEATED = ("Panes", "Program", "Select")  # groups of keys that are not done again: they lead away
_SIGNS = {name: sign for sign, name in _NAMES.items()} | {"comma": ","}
SIGN_NAMES = frozenset(_SIGNS)
"""Textual's names of the keys that type a sign."""
_NO_KEY = "no-key-"  # with an id: what stands where an action has no single key, for a keymap to give it one


class Key(NamedTuple):
    """An action and the keys that do it."""

    id: str  # "screen.action", stable: settings name it
    keys: str  # alternatives parted by commas; the keys of a sequence by blanks: "g g,home", "m a-z"
    action: str  # as Textual runs it on the node that has the table; "a-z" stands for the letter typed
    label: str  # for help and palette
    group: str  # heading in the help
    footer: str = ""  # short label; empty keeps it out of the footer

    @property
    def alternatives(self) -> Sequence[tuple[str, ...]]:
        """Each way to press it: Textual's names of the keys, in order; none where the keys are empty."""
        return _ways(self.keys)

    @property
    def singles(self) -> str:
        """Its single keys as Textual binds them; where there are none, a name that no terminal sends."""
        single = [way[0] for way in self.alternatives if len(way) == 1]
        return ",".join(single) or f"{_NO_KEY}{self.id}"

    def sign(self, *, typing: bool) -> str | None:
        """The first way to press it; while text is `typing`, the first that types none, or None."""
        ways = (way for way in self.alternatives if not (typing and _types(way[0])))
        return next(map(shown_way, ways), None)

    @property
    def untyped(self) -> str:
        """Its keys without those that begin with one that types something."""
        ways = self.keys.split(",")
        return ",".join(way for way in ways if way.split() and not _types(_named(way.split()[0])))

    @property
    def shown(self) -> str:
        """The keys as a person reads them: `gg Home`."""
        return " ".join(map(shown_way, self.alternatives))


@cache
def _ways(keys: str) -> Sequence[tuple[str, ...]]:
    # Every key that is pressed is looked for among all ways of all actions.
    ways = (way.split() for way in keys.split(","))
    return [tuple(map(_named, way)) for way in ways if way]


def shown_way(way: Iterable[str]) -> str:
    """Keys that are pressed one after the other, as a person reads them."""
    return "".join(map(_sign, way))


def _named(key: str) -> str:
    """Textual's name of a key that may be written as what it types: `/`, `ctrl+_`."""
    held, plus, last = key[:-1].rpartition("+")
    last += key[-1:]
    return f"{held}{plus}{_NAMES.get(last, last)}"


def _sign(key: str) -> str:
    if key in _SIGNS:
        return _SIGNS[key]
    *held, last = key.split("+")
    name = _NAMED.get(last) or _SIGNS.get(last, last)
    return "".join(f"{part.capitalize()}-" for part in held) + name


def _types(key: str) -> bool:
    return len(key) == 1 or key in _SIGNS or key == "space"


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """The single keys of a table as Textual's bindings, one for each action: a keymap may give it others."""
    return [
        Binding(key.singles, key.action, key.footer or key.label, show=bool(key.footer), id=key.id)
        for key in keys
    ]


class Keyed(DOMNode):
    """A node with a table of keys; its actions ask `count()` how often."""

    KEYS: ClassVar[Sequence[Key]] = ()
    keymap: "Keymap"
    """Set by the screen, for itself, for threads on it and for what has the focus."""
    mode: "Keyed | None" = None
    """Has all keys while it lasts, be they in its table or not."""
    repeat: int | None = None
    """The count typed before the command that runs now."""

    def all_keys(self) -> list[Key]:
        """The keys of the node and of the classes it descends from, its own first, as the keymap has them."""
        return self.keymap.keys_of(type(self))

    def key(self, action: str) -> str:
        """The sign of the key that does an action; empty where none does, or the action is no one's here."""
        return next((key.sign(typing=False) or "" for key in self.all_keys() if key.id == action), "")

    def count(self, default: int = 1) -> int:
        """The count typed before the command, once; `default` where there was none."""
        count, self.repeat = self.repeat, None
        return default if count is None else count


class Keymap:
    """Which keys do what, where that is not what the tables say: `given` has the keys of actions by id.

    Empty keys take an action its keys away.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self.given = given or {}
        self._live: dict[type[Keyed], list[Key]] = {}

    def keys_of(self, node: type[Keyed]) -> list[Key]:
        """The keys of a kind of node, its own table first; the same objects each time."""
        live = self._live.get(node)
        if live is None:
            live = self._live[node] = [self._applied(key) for key in table_of(node)]
        return live

    def _applied(self, key: Key) -> Key:
        return key._replace(keys=self.given[key.id]) if key.id in self.given else key

    def singles(self) -> dict[str, str]:
        """The single keys of what is given, by id, as Textual's own keymap takes them."""
        return {action: Key(action, keys, "", "", "").singles for action, keys in self.given.items()}


DEFAULT = Keymap()
Keyed.keymap = DEFAULT


def table_of(node: type[Keyed]) -> list[Key]:
    """The keys in the tables of a node and of the classes it descends from, its own first."""
    tables = (cls.__dict__.get("KEYS", ()) for cls in node.__mro__)
    return [key for table in tables for key in table]


class Pending(NamedTuple):
    """Keys typed so far that do nothing yet."""

    digits: str = ""
    keys: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """As the status line shows them."""
        return self.digits + "".join(_sign(key) for key in self.keys)


class Pressed(NamedTuple):
    """What a key came to: `taken` keeps it from everyone else, a complete command names its node and key."""

    taken: bool
    node: Keyed | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A command that was done, to do it again: by which node, and how often."""

    node: Keyed
    key: Key
    count: int | None


class Sequences:
    """Walks typed keys through the sequences of the nodes that listen, nearest first."""

    def __init__(self) -> None:
        self.pending = Pending()
        self.last: Done | None = None

    def continuations(self, nodes: Iterable[Keyed]) -> list[tuple[str, str]]:
        """What can follow the pending keys: (keys, label)."""
        typed = self.pending.keys
        return [
            ("".join(_sign(k) for k in way[len(typed) :]), key.label)
            for node in nodes
            for key in node.all_keys()
            for way in key.alternatives
            if typed and len(way) > len(typed) and _is(way[: len(typed)], typed)
        ]

    def press(self, event: events.Key, nodes: Sequence[Keyed]) -> Pressed:
        """Take one key. Escape and a key that leads nowhere give a pending sequence up."""
        pending, self.pending = self.pending, Pending()
        for node in nodes:
            node.repeat = None  # or a command that takes no count would leave its own to the next one
        digit = event.character or ""
        if not pending.keys and digit.isdecimal() and (digit != "0" or pending.digits):
            self.pending = Pending((pending.digits + digit)[-4:])
            return Pressed(True)
        typed = (*pending.keys, event.key)
        ways = [(node, key, way) for node in nodes for key in node.all_keys() for way in key.alternatives]
        waited = bool(pending.keys or pending.digits)
        for node, key, way in ways:
            if _is(way, typed):
                count = int(pending.digits) if pending.digits else None
                key = key._replace(action=key.action.replace(ANY_LETTER, event.key))
                if key.group not in _UNREPEATED and key.action != "repeat":
                    self.last = Done(node, key, count)
                node.repeat = count
                return Pressed(True, node, key)
        if any(len(way) > len(typed) and _is(way[: len(typed)], typed) for _, _, way in ways):
            self.pending = Pending(pending.digits, typed)
            return Pressed(True)
        return Pressed(waited)


def _is(way: tuple[str, ...], typed: tuple[str, ...]) -> bool:
    return len(way) == len(typed) and all(
        wanted == key or (wanted == ANY_LETTER and len(key) == 1 and key.islower())
        for wanted, key in zip(way, typed, strict=True)
    )
