"""Plain text as Markdown that shows it as it was written.

What CommonMark, GitHub's tables and strikethrough, and Obsidian's links, tags, highlights, comments, math and
block ids would obey is escaped, and only where they would: the text still reads well raw. Lists, quoted lines
and web addresses stay what they are.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

DEEPEST_QUOTE = 3  # levels of quoted lines that stay quotes

_BREAK = "\\"  # two blanks at a line's end would mean the same, and editors remove them
_ITEM = re.compile(r"(?:(?P<bullet>[-+*])|(?P<number>0|[1-9][0-9]{0,8})(?P<sign>[.)])) +(?P<words>\S.*)")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")

# What makes a line something else when it stands at its start: a heading, an item, a quote, a fence of code,
# an underline of a heading, a rule, the second line of a table.
_AT_START = re.compile(
    rf"#{{1,6}}(?=\s|$)|[-+*](?=\s|$)|>|~{{3}}|=+\s*$|-+\s*$|{_RULE.pattern}|(?=[^-]*-)[|:-][\s|:-]*$"
)
_NUMBER_AT_START = re.compile(r"([0-9]{1,9})(?=[.)](?:\s|$))")

_INSIDE = re.compile(
    r"""
    (?= [\\`<&\[(:\#^$*_~=%h] )              # most of a text is none of these
    (?: (?P<address> https?://
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
    | (?P<run> \*+ | _+ | ~+ | ==+ | %%+ ) )
    """,
    re.VERBOSE,
)


def markdown_lines(text: str, *, quotes: int = DEEPEST_QUOTE) -> list[str]:
    """The lines of Markdown that show `text`: its paragraphs, line breaks, lists and quoted lines.

    `quotes` is how many levels of quoted lines may stay quotes; deeper ones are shown as written.
    """
    trimmed = [line.rstrip() for line in text.split("\n")]
    lines: list[str] = []
    for kind, run in _blocks(trimmed, quotes):
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
    run, (start, end) = found.group(), found.span()
    before, after = line[max(0, start - 1) : start], line[end : end + 1]
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


def _blocks(lines: Sequence[str], quotes: int) -> Iterator[tuple[str, list[str]]]:
    """The text's blocks in order, each "plain", "quoted" or "listed", with its lines."""
    plain: list[str] = []
    list_end = None  # the item before, if nothing came since
    for kind, run in _runs(lines, quotes):
        # Markdown would count on from the list before, whatever number stands there.
        starts_anew = kind == "listed" and list_end and not plain and _miscounted(list_end, run[0])
        if kind == "plain" or starts_anew:
            plain += run
            continue
        if plain:
            yield "plain", plain
            plain, list_end = [], None
        if kind != "blank":
            yield kind, run
            list_end = _item(run[-1]) if kind == "listed" else None
    if plain:
        yield "plain", plain


def _runs(lines: Sequence[str], quotes: int) -> Iterator[tuple[str, list[str]]]:
    """Consecutive lines of one kind: "blank", "quoted", "listed", or a single "plain" one.

    Items are a list where two and more follow each other and count on; a single one is how people sign, or
    write a year.
    """
    at = 0
    while at < len(lines):
        end = at + 1
        if quotes and lines[at].startswith(">"):
            while end < len(lines) and lines[end].startswith(">"):
                end += 1
            kind = "quoted" if any(line.strip("> \t") for line in lines[at:end]) else "plain"
        else:
            while end < len(lines) and _counts_on(lines[end - 1], lines[end]):
                end += 1
            kind = "listed" if end > at + 1 else "plain" if lines[at] else "blank"
        yield kind, list(lines[at:end])
        at = end


class _Item(NamedTuple):
    sign: str  # -, + or *; . or ) after a number
    number: int  # 0 without one
    words: str


def _item(line: str) -> _Item | None:
    found = _ITEM.fullmatch(line)
    if found is None or _RULE.match(line):
        return None
    return _Item(found["bullet"] or found["sign"], int(found["number"] or 0), found["words"])


def _counts_on(line: str, following: str) -> bool:
    item, next_item = _item(line), _item(following)
    if not item or not next_item or item.sign != next_item.sign:
        return False
    return next_item.number == item.number + (item.sign in ".)")


def _miscounted(before: _Item, line: str) -> bool:
    item = _item(line)
    return (
        item is not None
        and item.sign == before.sign
        and item.sign in ".)"
        and item.number != before.number + 1
    )


def _plain(lines: Sequence[str], quotes: int) -> list[str]:
    *broken, last = map(_line, lines)
    return [*(line + _BREAK for line in broken), last]


def _listed(lines: Sequence[str], quotes: int) -> list[str]:
    items = filter(None, map(_item, lines))
    return [f"{item.number if item.sign in '.)' else ''}{item.sign} {_line(item.words)}" for item in items]


def _quoted(lines: Sequence[str], quotes: int) -> list[str]:
    text = "\n".join(line[1:].removeprefix(" ") for line in lines)
    return [f"> {line}".rstrip() for line in markdown_lines(text, quotes=quotes - 1)]


_WRITERS: dict[str, Callable[[Sequence[str], int], list[str]]] = {
    "plain": _plain,
    "listed": _listed,
    "quoted": _quoted,
}
