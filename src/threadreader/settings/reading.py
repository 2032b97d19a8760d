"""The file of settings (TOML 1.0): read with the line of every value, and mistakes told instead of raised.

What is wrong keeps its default and everything else counts, so a slip of the pen never keeps the reader shut.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from threadreader.settings import KEYS, Settings, known, refusal, value_of
from threadreader.settings.file import PREFIX

DEFAULT = "default"
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the settings that can't be followed."""

    where: str  # the file, or the variable of the environment
    line: int | None  # from 1; None where it is none of a file
    message: str
    name: str = ""  # of the setting that keeps its default for it, where one does

    def __str__(self) -> str:
        place = f", line {self.line}" if self.line else ""
        told = f"{self.where}{place}: {self.message}"
        return "".join(character if character.isprintable() else "?" for character in told)

    @property
    def short(self) -> str:
        """The same with the file's name alone, for the status line."""
        return str(replace(self, where=Path(self.where).name))


@dataclass(frozen=True)
class ReadSettings:
    """Settings, where each comes from, and what was wrong."""

    settings: Settings = field(default_factory=Settings)
    path: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)  # name of a setting -> its line in the file
    variables: Mapping[str, str] = field(
        default_factory=dict
    )  # name of a setting -> variable that it comes from
    mistakes: tuple[Mistake, ...] = ()

    def origin(self, name: str) -> str:
        """Where the value of a setting comes from: a variable, a line of the file, or nowhere."""
        if name in self.variables:
            return self.variables[name]
        return f"{self.path.name}:{self.lines[name]}" if self.path and name in self.lines else DEFAULT

    def mistake(self, name: str, message: str) -> Mistake:
        """One about a value that only others can judge."""
        if name in self.variables:
            return Mistake(self.variables[name], None, message, name)
        return Mistake(str(self.path or ""), self.lines.get(name), message, name)


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> ReadSettings:
    """The settings in the file at `path`, those in the environment over them."""
    read = ReadSettings(path=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        pass
    except OSError as error:
        read = replace(read, mistakes=(Mistake(str(path), None, f"{error.strerror or error}."),))
    except UnicodeDecodeError:
        read = replace(read, mistakes=(Mistake(str(path), None, "this is not UTF-8 text."),))
    else:
        read = _from_text(path, text)
    return _with_environment(read, environment)


def nearest(typed: str, names: Iterable[str]) -> str:
    """A sentence's end that names what was perhaps meant; empty where nothing comes near."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(typed, sorted(names), scorer=fuzz.ratio, score_cutoff=40)
    return f'; the nearest is "{found[0]}"' if found else ""


def _from_text(path: Path, text: str) -> ReadSettings:
    import tomllib  # most people have no such file

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = _AT_LINE.search(str(error))
        line = int(told[1]) if told and told[1] else text.rstrip().count("\n") + 1
        return ReadSettings(
            path=path, mistakes=(Mistake(str(path), line, f"{_AT_LINE.sub('', str(error))}."),)
        )
    lines = dict(lines_of(text))
    settings, mistakes, wrong = Settings(), [], set()
    for name, value in _flat(document):
        message, settings = _taken(settings, name, value)
        if message:
            mistakes.append(Mistake(str(path), lines.get(name), message, name))
            wrong.add(name)
    lines = {name: line for name, line in lines.items() if name not in wrong}
    return ReadSettings(settings, path, lines, mistakes=tuple(mistakes))


def lines_of(text: str) -> Iterator[tuple[str, int]]:
    """Name and line of every value of a TOML document that can be read.

    tomllib tells no lines. But each statement of TOML, a value or the head of a table, is a document of its
    own: lines are gathered until they can be read, and are one statement then. So a value that goes over
    several lines hides nothing, and what looks like a key inside of it is none.
    """
    import tomllib

    table = ""
    begun, gathered = 0, ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if not gathered and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun = begun if gathered else number
        gathered += line
        try:
            statement = tomllib.loads(gathered)
        except tomllib.TOMLDecodeError:
            continue
        is_head = gathered.lstrip().startswith("[")
        for name, _ in _flat(statement):
            yield name if is_head else f"{table}{name}", begun
            table = f"{name}." if is_head else table
        gathered = ""


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    """Every value by its whole name; an empty table is a value.

    An id written without quotes (`reader.find`) has made tables of itself, and is found all the same.
    """
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _taken(settings: Settings, name: str, value: object) -> tuple[str | None, Settings]:
    """What is wrong with a value, and the settings with it where nothing is."""
    names = known()
    tables = {one.split(".")[0] for one in names if "." in one}
    if name in tables:
        wrong = f'"{name}" is a table: write [{name}] on a line, and its settings below it.'
        return None if value == {} else wrong, settings
    if name.startswith(KEYS) and name not in names:
        action = name.removeprefix(KEYS)
        if not isinstance(value, str):
            return f'the keys of "{action}" must be text such as "g g,home", or empty.', settings
        given = {**settings.keys.given, action: value}
        return None, replace(settings, keys=replace(settings.keys, given=given))
    if name not in names:
        return f'no setting "{name}"{nearest(name, names)}.', settings
    if (allowed := refusal(name, value)) is not None:
        return f'"{name}" must be {allowed}, not {_shown(value)}.', settings
    return None, _with(settings, name, value)


def _with(settings: Settings, name: str, value: object) -> Settings:
    table, _, inner = name.rpartition(".")
    changed: Any = {inner: value}
    if not table:
        return replace(settings, **changed)
    outer: Any = {table: replace(value_of(settings, table), **changed)}
    return replace(settings, **outer)


def _with_environment(read: ReadSettings, environment: Mapping[str, str]) -> ReadSettings:
    """`THREADREADER_VIEW_INDENT=4` goes over `indent` in `[view]`."""
    settings, variables, mistakes = read.settings, {}, list(read.mistakes)
    for name, rule in known().items():
        variable = PREFIX + name.upper().replace(".", "_")
        told = environment.get(variable)
        if not told:
            continue
        message, settings = _taken(settings, name, _parsed(told, rule.metadata["kind"]))
        if message:
            mistakes.append(Mistake(variable, None, message, name))
        else:
            variables[name] = variable
    return replace(read, settings=settings, variables=variables, mistakes=tuple(mistakes))


def _parsed(told: str, kind: type) -> object:
    """What a variable holds, as the kind that the setting has; as it is where it is none of that."""
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(told.lower(), told)
    try:
        return kind(told)
    except ValueError:
        return told


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else "a table" if isinstance(value, dict) else str(value)
