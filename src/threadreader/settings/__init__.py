"""What the reader can be told to do otherwise: every value with its default, and what it may be.

The table of names, kinds and bounds is these classes; reading a file, printing and the file that is made to
be edited all follow it. Nothing here is global: what was read is handed on.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

Check = Callable[[Any], str | None]  # what a value must be, where it is not that

KEYS = "keys."  # what the id of an action stands behind, as the name of a setting

_DIRECTIVE = re.compile("%-?[aAbBcdHIjmMpSxXyYZzGuVUWw%]")
_DIRECTIVES = re.compile("(%-?[A-Za-z%])")
_OF_A_TIME = "HIMSpXZz"
_SAMPLE = dt.datetime(2021, 12, 28, 18, 30, tzinfo=dt.UTC)


def _setting(default: Any, kind: type, allowed: str, about: str, check: Check = lambda value: None) -> Any:
    metadata = {"kind": kind, "allowed": allowed, "about": about, "check": check}
    return field(default=default, metadata=metadata)


def _number(kind: type, default: float, lowest: float, highest: float, about: str) -> Any:
    allowed = f"{'a whole number' if kind is int else 'a number'} from {lowest} to {highest}"
    return _setting(
        default, kind, allowed, about, lambda value: None if lowest <= value <= highest else allowed
    )


def _choice(default: str, choices: tuple[str, ...], about: str) -> Any:
    allowed = "one of " + ", ".join(f'"{choice}"' for choice in choices)
    return _setting(default, str, allowed, about, lambda value: None if value in choices else allowed)


def _flag(about: str) -> Any:
    return _setting(False, bool, "true or false", about)


def _date_form(form: str) -> str | None:
    allowed = 'a form of dates such as "%Y-%m-%d %H:%M"'
    if "%" in _DIRECTIVE.sub("", form):
        return allowed
    shown = _SAMPLE.strftime(form)
    return None if 0 < len(shown) <= 60 and shown.isprintable() else allowed


@dataclass(frozen=True, repr=False)
class View:
    """How a thread is drawn."""

    guides: str = _choice(
        "auto", ("auto", "unicode", "ascii"), "Signs and lines; auto goes by what the terminal can show."
    )
    indent: int = _number(int, 2, 1, 8, "Cells that each level of replies is moved in by.")
    max_text: int = _number(int, 100, 20, 1000, "Cells that a line of text takes at most.")
    min_text: int = _number(int, 36, 10, 200, "Cells that the indent leaves to the text, if there are any.")
    dates: str = _setting(
        "%Y-%m-%d %H:%M",
        str,
        'a form of dates such as "%Y-%m-%d %H:%M"',
        "How the time of a comment is written (strftime); of days what of it is no time.",
        _date_form,
    )
    reduced_motion: bool = _flag("Nothing glides: what moves is there at once.")

    @property
    def days(self) -> str:
        """The form of dates without a time of day."""
        lead, *parts = _DIRECTIVES.split(self.dates.replace("%c", "%x"))
        days = ""
        for directive, following in zip(parts[::2], parts[1::2], strict=True):
            if directive[-1] not in _OF_A_TIME:
                days += lead + directive
                lead = following
            else:  # what stands before a time goes with it, and at the beginning what follows
                lead = following if days else ""
        return (days + lead).strip(" ,;") if days else "%Y-%m-%d"


@dataclass(frozen=True, repr=False)
class Pace:
    """How fast somebody reads."""

    words_per_minute: int = _number(int, 230, 50, 2000, "For how long a thread takes to read.")
    seen_after: float = _number(
        float, 0.7, 0.1, 3600, "Seconds that a comment stands still on the screen before it counts as read."
    )


@dataclass(frozen=True, repr=False)
class Folds:
    """What is folded when a post is opened."""

    start_level: int = _number(
        int, 0, 0, 99, "Replies this deep and deeper, in a post that was never folded by hand; 0: none."
    )
    read: bool = _flag("Comments that are read with all their replies.")
    longer_than: int = _number(
        int, 0, 0, 100_000, "Comments of more words, in a post that was never folded by hand; 0: none."
    )
    dimmed: bool = _flag("Comments of people that you dimmed, in a post that was never folded by hand.")


@dataclass(frozen=True, repr=False)
class Keys:
    """Which keys do what: a preset, and over it what each action was given."""

    preset: str = _choice("vim", ("vim", "arrows", "emacs"), "The keys to begin with.")
    given: Mapping[str, str] = field(default_factory=dict)
    """Id of the action -> its keys; that there are such actions and keys is for the ui to say."""


@dataclass(frozen=True, repr=False)
class Settings:
    """All of them, as the file and the environment say, else as they are by default."""

    theme: str = _setting("", str, "the name of a theme", "Colours; empty: those last chosen in the reader.")
    view: View = View()
    reading: Pace = Pace()
    folds: Folds = Folds()
    keys: Keys = Keys()

    def values(self) -> Iterator[tuple[str, Any]]:
        """Every name, tables before a dot, with its value; those of the keys that were given last."""
        for name in known():
            yield name, value_of(self, name)
        for action, keys in self.keys.given.items():
            yield f"{KEYS}{action}", keys


def known() -> dict[str, Field[Any]]:
    """Every setting with what it may be; without the keys of single actions, which the ui knows."""
    found: dict[str, Field[Any]] = {}
    for top in fields(Settings):
        if top.metadata:
            found[top.name] = top
        else:
            inner = fields(top.default)  # type: ignore[arg-type]
            found |= {f"{top.name}.{one.name}": one for one in inner if one.metadata}
    return found


def value_of(settings: Settings, name: str) -> Any:
    """The value of the setting of that name."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def refusal(name: str, value: object) -> str | None:
    """What the setting of that name must be, where `value` is not that; None where it may be so."""
    rule = known()[name].metadata
    kind: type = rule["kind"]
    kinds: tuple[type, ...] = (int, float) if kind is float else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
        return str(rule["allowed"])
    check: Check = rule["check"]
    return check(value)
