"""Indented lines: what a layout that shows its tree by indent is read from."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_NUMBER = re.compile(r"(\d{1,6})[.)](?=\s|$)")
_BLANK_LINES = re.compile(r"\n{3,}")


class Number(NamedTuple):
    """The number that a comment may begin with, and the columns where it stands."""

    value: int
    start: int
    dot: int  # or of a closing bracket in its place


class Line(NamedTuple):
    """A line, its indent counted in columns and taken off. One of only no-break spaces is blank."""

    indent: int
    text: str

    @property
    def number(self) -> Number | None:
        """The number that the line begins with; None for another line."""
        match = _NUMBER.match(self.text) if self.text[:1].isdecimal() else None
        if match is None:
            return None
        return Number(int(match.group(1)), self.indent, self.indent + match.end(1))

    @property
    def after_number(self) -> str:
        """The text behind the number; all of it where the line begins with none."""
        match = _NUMBER.match(self.text)
        return self.text[match.end() :].lstrip() if match else self.text


def lines_of(text: str) -> list[Line]:
    """The lines of `text`."""
    return [_line(raw) for raw in text.split("\n")]


def _line(raw: str) -> Line:
    text = raw.lstrip()
    indent = len(raw) - len(text)
    if "\t" in raw:
        indent = len(raw[:indent].expandtabs())
    return Line(indent, text.rstrip())


def block(lines: Sequence[Line], first: str = "", margin: int | None = None, left: int = -1) -> str:
    """One text of `lines` under a line `first`: their common indent, `margin` at most, taken off.

    Lines that begin at column `left` or before it have no say in that indent, and keep none.
    """
    indents = [line.indent for line in lines if line.text and line.indent > left]
    common = min(indents if margin is None else [*indents, margin], default=0)
    rows = [" " * (line.indent - common) + line.text if line.text else "" for line in lines]
    text = "\n".join([first, *rows])
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def next_full(lines: Sequence[Line], at: int) -> int:
    """The position of the first line from `at` on that is not blank; the number of lines where none is."""
    while at < len(lines) and not lines[at].text:
        at += 1
    return at
