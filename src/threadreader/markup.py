"""Plain text as Markdown that shows it as it was written.

What CommonMark, GitHub's tables and strikethrough, and Obsidian's links, tags, highlights, comments, math and
block ids would obey is escaped, and only where they would: the text still reads well raw. Lists, quoted lines
and web addresses stay what they are.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

DEEPEST_QUOTE = 3  # levels of quoted lines that stay quotes

Span = tuple[int, int]

# Around what is highlighted, until all is escaped: neither can stand in a text, which is `harmless`.
_LIT, _UNLIT = "\x02", "\x03"
_LIT_SIGNS = re.compile(f"[{_LIT}{_UNLIT}]")
_LEAD = re.compile(
    r"(?:>[ \t]?)*(?:(?:[-+*]|[0-9]{1,9}[.)])[ ]+)?[ \t]*"
)  # what makes a line quoted, or an item

_BREAK = "\\"  # two blanks at a line's end would mean the same, and editors remove them
_ITEM = re.compile(r"(?:(?P<bullet>[-+*])|(?P<number>0|[1-9][0-9]{0,8})(?P<sign>[.)])) +(?P<words>\S.*)")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")

# What makes a line something else when it stands at its start: a heading, an item, a quote, a fence of code,
# an underline of a heading, a rule, the second line of a table.
_AT_START = re.compile(
    rf"#{{1,6}}(?=\s|$)|[-+*](?=\s|$)|>|~{{3}}|=+\s*$|-+\s*$|{_RULE.pattern}|(?=[^-]*-)[|:-][\s|:-]*$"
)
_NUMBER_AT_START = re.compile(r"([0-9]{1,9})(?=[.)](?:\s|$))")

# Most texts have none of these, nor a line that begins as an item or a table does: only paragraphs.
_SIGNS = re.compile(r"[\\`<&\[\]#^$*_~=%>|]")
_BEGINNINGS = frozenset("-+:0123456789")

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


def markdown_lines(text: str, *, quotes: int = DEEPEST_QUOTE, lit: Iterable[Span] = ()) -> list[str]:
    """The lines of Markdown that show `text`: its paragraphs, line breaks, lists and quoted lines.

    `quotes` is how many levels of quoted lines may stay quotes; deeper ones are shown as written. The parts
    that are `lit` are highlighted as Obsidian does it, line by line: `==words==`.
    """
    if not lit and _is_plain(text):
        return _with_breaks(text).split("\n")
    text = _signed(text, lit)
    trimmed = [line.rstrip() for line in text.split("\n")]
    lines: list[str] = []
    for kind, run in _blocks(trimmed, quotes):
        lines += [*_WRITERS[kind](run, quotes), ""]
    return lines[:-1]


def markdown(text: str, *, lit: Iterable[Span] = ()) -> str:
    """The same in one piece."""
    return _with_breaks(text) if not lit and _is_plain(text) else "\n".join(markdown_lines(text, lit=lit))


def _with_breaks(text: str) -> str:
    """Plain text with the line breaks in its paragraphs."""
    if "\n" not in text:
        return text
    return text.replace("\n", f"{_BREAK}\n").replace(f"{_BREAK}\n{_BREAK}\n", "\n\n")


def _is_plain(text: str) -> bool:
    """A quick look: is there certainly nothing in `text` but words in paragraphs and lines?"""
    if _SIGNS.search(text) or "://" in text or "\n\n\n" in text:
        return False
    if "\n" not in text:
        return bool(text) and text[0] not in _BEGINNINGS and text == text.strip()
    lines = text.split("\n")
    if any(line[:1] in _BEGINNINGS or line != line.strip() for line in lines if line):
        return False
    return bool(lines[0] and lines[-1])


def _signed(text: str, lit: Iterable[Span]) -> str:
    """`text` with signs around what is lit on each of its lines, without white space at their inner sides."""
    inside: list[Span] = []  # what the signs go around; overlapping parts are one
    for start, end in sorted(lit):
        start = max(start, inside[-1][1]) if inside else start
        while start < end:
            line_end = text.find("\n", start, end)
            line_end = end if line_end < 0 else line_end
            first = start
            if start == 0 or text[start - 1] == "\n":
                first = min(_LEAD.match(text, start).end(), line_end)  # type: ignore[union-attr]
            words = text[first:line_end]
            if words.strip():
                first += len(words) - len(words.lstrip())
                if inside and first == inside[-1][1]:
                    first, _ = inside.pop()
                inside.append((first, max(line_end - len(words) + len(words.rstrip()), first)))
            start = line_end + 1
    parts, done = [], 0
    for first, last in inside:
        parts += [text[done:first], _LIT, text[first:last], _UNLIT]
        done = last
    return "".join([*parts, text[done:]])


def inline(line: str) -> str:
    """One line of text, to stand inside a line of Markdown."""
    if _LIT in line:
        return _lit_inline(line)
    return _INSIDE.sub(_escaping(line), line)


def _escaping(line: str) -> Callable[[re.Match[str]], str]:
    math = line.count("$") > 1  # a single one is money

    def escaped(found: re.Match[str]) -> str:
        words = found.group()
        if found["address"]:
            return f"<{words}>"
        if found["run"]:
            return _escaped_run(line, found)
        return words if words == "$" and not math else "\\" + words

    return escaped


def _lit_inline(line: str) -> str:
    """The same for a line with highlights in it, each widened to the whole of an address that it cuts."""
    signs = [found.start() - nth for nth, found in enumerate(_LIT_SIGNS.finditer(line))]
    words = _LIT_SIGNS.sub("", line)
    spans: list[Span] = list(zip(signs[::2], signs[1::2], strict=True))
    found_here = list(_INSIDE.finditer(words))
    addresses = [found.span() for found in found_here if found["address"]]
    for address in addresses:
        cut = [span for span in spans if span[0] < address[1] and span[1] > address[0]]
        if cut:
            whole = min(cut[0][0], address[0]), max(cut[-1][1], address[1])
            spans = sorted([*(span for span in spans if span not in cut), whole])
    edges = [edge for span in spans for edge in span]
    escaped = _escaping(words)
    # What may stand alone elsewhere could join with the signs of a highlight here: all of a run is escaped.
    joining = {at for edge in edges for at in _joining(words, edge)}
    joining -= {at for address in addresses for at in range(*address)}
    changes = {at: (at + 1, f"\\{words[at]}") for at in joining}
    for found in found_here:
        if found["run"]:
            changes |= {at: (at + 1, f"\\{words[at]}") for at in range(*found.span())}
        else:
            changes[found.start()] = (found.end(), escaped(found))
    parts, done = [], 0
    for at in sorted({*changes, *edges}):
        parts.append(words[done:at])
        parts += ["=="] * edges.count(at)
        done, change = changes.get(at, (at, ""))
        parts.append(change)
    return "".join([*parts, words[done:]])


def _joining(words: str, edge: int) -> Iterator[int]:
    """Where a sign beside the edge of a highlight would be taken for a part of it, or would escape it."""
    if words[edge - 1 : edge] in ("=", "\\"):
        yield edge - 1
    if words[edge : edge + 1] == "=":
        yield edge


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
    if line.startswith(_LIT):
        return inline(line)  # nothing begins behind the sign of a highlight
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
