"""Plain text as Markdown that shows it as it was written.

What CommonMark, GitHub's tables and strikethrough, and Obsidian's links, tags, highlights, comments, math and
block ids would obey is escaped, and only where they would: the text still reads well raw. Lists, quoted lines
and web addresses stay what they are.
"""

import re
from collections.abc import Callable, Iterator, Sequence

DEEPEST_QUOTE = 3  # levels of quoted lines that stay quotes

_BREAK = "\\"  # two blanks at a line's end would mean the same, and editors remove them
_BULLET = re.compile(r"([-+*]) +(\S.*)")
_NUMBERED = re.compile(r"(\d{1,9})([.)]) +(\S.*)")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")

# What makes a line something else when it stands at its start: a heading, an item, a quote, a fence of code,
# an underline of a heading, a rule, the second line of a table.
_AT_START = re.compile(
    rf"#{{1,6}}(?=\s|$)|[-+*](?=\s|$)|>|~{{3}}|=+\s*$|-+\s*$|{_RULE.pattern}|(?=[^-]*-)[|:-][\s|:-]*$"
)
_NUMBER_AT_START = re.compile(r"(\d{1,9})(?=[.)](?:\s|$))")

_INSIDE = re.compile(
    r"""
    (?P<address> https?://
        (?: [^\s<>"`\\()] | \([^\s<>"`\\()]*\) )*
        (?: [^\s<>"`\\().,;:!?'\]}*_~|] | \([^\s<>"`\\()]*\) ) )
    | (?P<one>                               # one sign, escaped where it would be obeyed
        \\ (?=[!-/:-@\[-`{-~]|$|https?://)
        | `
        | < (?=[A-Za-z/!?])
        | & (?=\#\d{1,7};|\#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)
        | \[ (?=[\[^!]|[ xX]\]) | (?<=\[)\[  # [[page]], [^note], [!callout], [x] task
        | (?<=\])[(:]                        # [text](link), [label]: definition
        | (?<!\S)\# (?=\w)(?!\d+\b)          # tags of Obsidian; #1 is none
        | \^ (?=\[) | (?<!\S)\^ (?=[A-Za-z0-9-]+$)
        | \$ )
    | (?P<run> \*+ | _+ | ~+ | =={1,} | %%+ )
    """,
    re.VERBOSE,
)


def markdown_lines(text: str, *, quotes: int = DEEPEST_QUOTE) -> list[str]:
    """The lines of Markdown that show `text`: its paragraphs, line breaks, lists and quoted lines.

    `quotes` is how many levels of quoted lines may stay quotes; deeper ones are shown as written.
    """
    lines: list[str] = []
    last_number = None
    trimmed = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    for paragraph in re.split(r"\n{2,}", trimmed):
        for kind, run in _runs(paragraph.split("\n"), last_number, quotes):
            last_number = _numbers(run)[-1] if kind == "numbered" else None
            lines += [*_WRITERS[kind](run, quotes), ""]
    return lines[:-1]


def inline(line: str) -> str:
    """One line of text, to stand inside a line of Markdown."""
    math = line.count("$") > 1  # a single one is money

    def escaped(found: re.Match[str]) -> str:
        words = found.group()
        if found["address"]:
            return f"<{words}>"
        if found["run"]:
            return _escaped_run(line, found)
        return words if words == "$" and not math else "\\" + words

    return _INSIDE.sub(escaped, line)


def _escaped_run(line: str, found: re.Match[str]) -> str:
    """A run of one sign that could begin or end emphasis, a highlight or a hidden part."""
    run, before, after = found.group(), line[: found.start()][-1:], line[found.end() :][:1]
    alone = not before.strip() and after.isspace()  # at a line's end the sign of a break would touch it
    within_word = run[0] == "_" and before.isalnum() and after.isalnum()
    approximately = run == "~" and not before.strip()
    return run if alone or within_word or approximately else "".join(f"\\{sign}" for sign in run)


def _line(line: str) -> str:
    """One line of a paragraph or of an item."""
    words = line.lstrip()
    if len(words) < len(line):  # four blanks would make it code
        return "\N{NO-BREAK SPACE}" * len(line[: -len(words) or None].expandtabs(4)) + inline(words)
    if _AT_START.match(line):
        escaped = inline(line)
        return escaped if escaped.startswith("\\") else "\\" + escaped
    return (
        _NUMBER_AT_START.sub(r"\1\\", inline(line), count=1) if _NUMBER_AT_START.match(line) else inline(line)
    )


def _runs(
    lines: Sequence[str], last_number: tuple[int, str] | None, quotes: int
) -> Iterator[tuple[str, list[str]]]:
    """The lines of a paragraph in order, as runs of "plain", "quoted", "bulleted" or "numbered" ones.

    Items are a list where two and more follow each other and count on; a single one is how people sign, or
    write a year. `last_number` ends the list before: one that starts anew would be counted on.
    """
    plain: list[str] = []
    at = 0
    while at < len(lines):
        kind, end = _run_at(lines, at, quotes)
        if (
            kind == "numbered"
            and last_number
            and not _counts_on(last_number, _numbers(lines[at : at + 1])[0])
        ):
            kind = "plain"
        if kind == "plain":
            plain += lines[at:end]
        else:
            if plain:
                yield "plain", plain
            yield kind, list(lines[at:end])
            plain = []
        at = end
        last_number = None if kind == "plain" else last_number
    if plain:
        yield "plain", plain


def _run_at(lines: Sequence[str], at: int, quotes: int) -> tuple[str, int]:
    """Kind of the run that begins at a line, and the position after it."""
    end = at + 1
    if quotes and lines[at].startswith(">"):
        while end < len(lines) and lines[end].startswith(">"):
            end += 1
        return ("quoted" if any(line.strip("> \t") for line in lines[at:end]) else "plain"), end
    for kind, item in (("bulleted", _bullet), ("numbered", _number)):
        mark = item(lines[at])
        while mark and end < len(lines) and (following := item(lines[end])) and _counts_on(mark, following):
            mark = following
            end += 1
        if end > at + 1:
            return kind, end
    return "plain", end


def _bullet(line: str) -> tuple[int, str] | None:
    item = _BULLET.fullmatch(line)
    return (0, item[1]) if item and not _RULE.match(line) else None


def _number(line: str) -> tuple[int, str] | None:
    item = _NUMBERED.fullmatch(line)
    return (int(item[1]), item[2]) if item else None


def _numbers(lines: Sequence[str]) -> list[tuple[int, str]]:
    return [number for line in lines if (number := _number(line))]


def _counts_on(mark: tuple[int, str], following: tuple[int, str]) -> bool:
    (number, sign), (next_number, next_sign) = mark, following
    return sign == next_sign and next_number == (number + 1 if sign in ".)" else number)


def _plain(lines: Sequence[str], quotes: int) -> list[str]:
    *broken, last = map(_line, lines)
    return [*(line + _BREAK for line in broken), last]


def _bulleted(lines: Sequence[str], quotes: int) -> list[str]:
    return [f"{item[1]} {_line(item[2])}" for line in lines if (item := _BULLET.fullmatch(line))]


def _numbered(lines: Sequence[str], quotes: int) -> list[str]:
    return [f"{item[1]}{item[2]} {_line(item[3])}" for line in lines if (item := _NUMBERED.fullmatch(line))]


def _quoted(lines: Sequence[str], quotes: int) -> list[str]:
    text = "\n".join(line[1:].removeprefix(" ") for line in lines)
    return [f"> {line}".rstrip() for line in markdown_lines(text, quotes=quotes - 1)]


_WRITERS: dict[str, Callable[[Sequence[str], int], list[str]]] = {
    "plain": _plain,
    "quoted": _quoted,
    "bulleted": _bulleted,
    "numbered": _numbered,
}
