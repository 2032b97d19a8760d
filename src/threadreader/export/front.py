"""What stands at the top of an export: YAML front matter, or properties of a page in Logseq.

Keys of ours are set anew each time; what else the reader put there stays as it is, and so do tags of theirs.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

Value = str | int | Sequence[str]  # a text, a number, or the list of tags; an empty one is left out

TAGS = "tags"
_YAML = re.compile(r"(\ufeff?---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE)
_PROPERTIES = re.compile(r"(\ufeff?)((?:[^\s:]+:: [^\n]*(?:\n|\Z))+)()")
_KEYS = re.compile(r"([^\s#:\"'\[\]{}-][^\s:]*)::?(?:\s|\Z)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_JSON = json.JSONEncoder(ensure_ascii=False)


class Entry(NamedTuple):
    """One key with all lines of its value."""

    key: str
    lines: str


class Front(NamedTuple):
    """The front matter of a document, and the rest of it."""

    begin: str
    entries: Sequence[Entry]
    end: str
    rest: str
    properties: bool = False

    @classmethod
    def of(cls, document: str) -> Self:
        """The parts of a document; joined they are the document again."""
        found = _YAML.match(document) or _PROPERTIES.match(document)
        if not found:
            return cls("", (), "", document)
        begin, lines, end = found.groups()
        return cls(begin, list(_entries(lines)), end, document[found.end() :], found.re is _PROPERTIES)

    def __str__(self) -> str:
        """The front matter as it stands, without the rest."""
        return "".join([self.begin, *(entry.lines for entry in self.entries), self.end])

    def value(self, key: str) -> str:
        """The lines of a key as one, without quotes; empty without it."""
        lines = next((entry.lines for entry in self.entries if entry.key == key), ":")
        return lines.partition(":")[2].lstrip(":").strip().strip("\"'")

    @property
    def tags(self) -> list[str]:
        """The tags that it names, in any of the ways in which YAML and Logseq write a list."""
        lines = next((entry.lines for entry in self.entries if entry.key == TAGS), ":")
        words = lines.partition(":")[2].lstrip(":")
        parts = words.split("\n")[1:] if re.match(r"\s*\n", words) else re.split(r"[,\s]+", words)
        return [tag for part in parts if (tag := part.strip().strip("-").strip(" \t\r\"'[]#,"))]

    def updated(self, values: Mapping[str, Value], our_tags: Collection[str]) -> Self:
        """The same with our `values`; of its tags, those of `our_tags` go that are not among the values."""
        wanted = dict(values) | {TAGS: self._with_own(values.get(TAGS, ()), our_tags)}
        entries = [self._entry(entry, wanted) if entry.key in wanted else entry for entry in self.entries]
        before = None
        for key, value in wanted.items():
            keys = [entry.key for entry in entries]
            if key not in keys:
                at = keys.index(before) + 1 if before else 0
                entries.insert(at, Entry(key, line_of(key, value, properties=self.properties)))
            before = key
        if "\r\n" in str(self):
            entries = [Entry(key, re.sub(r"\r?\n", "\r\n", lines)) for key, lines in entries]
        begin, end = (self.begin, self.end) if self.begin or self.properties else ("---\n", "---\n\n")
        return self._replace(begin=begin, entries=entries, end=end)

    def _entry(self, entry: Entry, wanted: Mapping[str, Value]) -> Entry:
        if entry.key == TAGS and self.tags == wanted[TAGS]:
            return entry
        return Entry(entry.key, line_of(entry.key, wanted[entry.key], properties=self.properties))

    def _with_own(self, tags: Value, our_tags: Collection[str]) -> list[str]:
        """Our tags now, and those of the reader's that were never ours."""
        assert not isinstance(tags, (str, int))
        ours = {tag.casefold() for tag in (*tags, *our_tags)}
        return [*tags, *(tag for tag in self.tags if tag.casefold() not in ours)]


def front_text(values: Mapping[str, Value], *, properties: bool) -> str:
    """The front matter of a new file, with the blank line behind it."""
    lines = "".join(line_of(key, value, properties=properties) for key, value in values.items())
    return f"{lines}\n" if properties else f"---\n{lines}---\n\n"


def line_of(key: str, value: Value, *, properties: bool) -> str:
    """One key with its value; nothing for an empty one."""
    if value in ("", ()) or value == []:
        return ""
    if properties:
        named = str(value) if isinstance(value, (str, int)) else ", ".join(f"[[{tag}]]" for tag in value)
        return f"{key}:: {named}\n"
    if isinstance(value, str) and _DATE.fullmatch(value):
        return f"{key}: {value}\n"
    # JSON's strings and lists are YAML's.
    told = value if isinstance(value, (int, str)) else list(value)
    return f"{key}: {_JSON.encode(told)}\n"


def _entries(lines: str) -> Iterator[Entry]:
    key, gathered = "", ""
    for line in lines.splitlines(keepends=True):
        found = _KEYS.match(line)
        if found:
            if gathered:
                yield Entry(key, gathered)
            key, gathered = found[1], line
        else:
            gathered += line
    if gathered:
        yield Entry(key, gathered)


def each_once(tags: Iterable[str]) -> list[str]:
    """Every tag once, whatever its case, in the order of the alphabet."""
    once = {tag.casefold(): tag for tag in tags}
    return [once[folded] for folded in sorted(once)]
