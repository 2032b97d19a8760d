"""Which marks a query asks for: the language of searches with other fields, and words that may be mistyped.

The words of all marks are looked up once; then a letter more costs a look into sets, however many there are.
Pure.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, get_args

from threadreader.index.signs import unspaced
from threadreader.model import COLOURS, NOTE_KINDS, ListedMark, MarkKind, MarkState, Mistake, tag_of
from threadreader.search.language import (
    And,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Vocabulary,
    Word,
    parsed,
)
from threadreader.search.words import words_of

GRAMMAR: Sequence[tuple[str, str]] = (
    ("green door", "both words, in the note, the words marked, tags or title; typos are fine"),
    ('"green door"', "the words in a row"),
    ("-door", "not this; stands before anything else as well"),
    ("green OR door", "either; parentheses hold together"),
    ("kind:question", "also bookmark, note, highlight, comment, claim, quote; tag for what bears only tags"),
    ("state:lost", "ask or orphan; also exact, moved, changed, ask, orphan"),
    ("tag:later", "on what has this tag"),
    ("note:door", "with these words in what you noted"),
    ("post:door", "in the post of that id, or with these words in its title"),
    ("by:Ida", 'on what she wrote or signed; by:"Ida Berg" for several words'),
    ("since:7d", "made then or later; also since:2026-04, since:yesterday, since:last week"),
    ("before:2026", "made earlier"),
    ("date:2026-04", "made then; also date:2026-04..2026-06"),
    ("colour:green", "highlights of that colour"),
)
_LOST = ("ask", "orphan")
MARKS = Vocabulary(
    ("tag", "note", "post", "by", "since", "before", "date"),
    {
        "kind": (*get_args(MarkKind), *NOTE_KINDS, "tag"),
        "state": (*get_args(MarkState), "lost"),
        "colour": COLOURS,
    },
)

_SHORTEST_ID = 6  # characters of an id that name a post
_SHORTEST_LIKE = 4  # letters of a word that may be mistyped
_SHORTEST_FAR = 7  # letters of one with two mistakes
_MOST_LIKE = 32  # words that one may have been meant for

Rows = set[int]


class Sifted(NamedTuple):
    """The marks that fit, by their places among all, in order; or a mistake."""

    rows: Sequence[int] = ()
    widened: Mapping[str, tuple[str, ...]] = {}  # typed word -> the words that were taken for it
    mistake: Mistake | None = None


class Sieve:
    """Marks made ready to be looked through at every key press."""

    def __init__(self, marks: Sequence[ListedMark]) -> None:
        self.marks = marks
        self._all = set(range(len(marks)))
        self._widened: dict[str, tuple[str, ...]] = {}

    @property
    def listed(self) -> int:
        """How many there are where nothing is asked for."""
        return len(self._all) - len(self._bare)

    def prepare(self) -> None:
        """Look all words up: what the first word that is typed would have to wait for."""
        _ = self._vocabulary

    def sifted(self, query: str, *, now: dt.datetime | None = None) -> Sifted:
        """Those that fit; what bears only tags where tags are asked for, or its comment is gone."""
        asked = parsed(query, open_end=True, vocabulary=MARKS, now=now)
        if isinstance(asked, Mistake):
            return Sifted(mistake=asked)
        self._widened = {}
        fitting = self._of(asked.tree, wanted=True) if asked.tree else self._all
        if not _asks_for_tags(asked.tree):
            fitting = fitting - self._bare
        return Sifted(sorted(fitting), self._widened)

    def _of(self, node: Node, *, wanted: bool) -> Rows:
        """The rows that match a tree; words that are not `wanted` are taken as they were typed."""
        match node:
            case And(parts):
                return set.intersection(*(self._of(part, wanted=wanted) for part in parts))
            case Or(parts):
                return set.union(*(self._of(part, wanted=wanted) for part in parts))
            case Not(part):
                return self._all - self._of(part, wanted=False)
            case Word(text, words):
                return self._with(node, wanted) if words and not unspaced(text) else self._holding(text)
            case Phrase(text, words, is_open):
                return self._in_a_row(words, is_open) if words and not unspaced(text) else self._holding(text)
            case Range(_, low, high):
                return self._where(lambda row: _is_between(row.mark.created.timestamp(), low, high))
            case Flag(name):
                return self._flagged(*name.split(":"))
            case Field(name, value, is_open):
                return self._field(name, value, is_open)
        return set()

    def _field(self, name: str, value: str, is_open: bool) -> Rows:
        match name:
            case "tag":
                tag = tag_of(value.rstrip("*")).casefold()
                tags = [one for one in self._tagged if one == tag or (is_open and one.startswith(tag))]
                return set().union(*(self._tagged[one] for one in tags))
            case "note":
                return self._where(lambda row: holds(row.mark.text, value, is_open))
            case "by":
                return self._where(lambda row: holds(row.by, value, is_open))
        begun = value if len(value) >= _SHORTEST_ID else "\0"
        return self._where(lambda row: row.mark.post_id.startswith(begun) or holds(row.title, value, is_open))

    def _flagged(self, name: str, value: str) -> Rows:
        match name:
            case "state":
                states = _LOST if value == "lost" else (value,)
                return self._where(lambda row: row.anchored.state in states)
            case "colour":
                return self._where(lambda row: row.mark.colour == value)
        if value == "note":
            return self._where(lambda row: row.mark.noted_as is not None or row.kind == "note")
        if value in NOTE_KINDS:
            return self._where(lambda row: row.mark.noted_as == value)
        return self._where(lambda row: row.kind == value)

    def _where(self, fits: Callable[[ListedMark], bool]) -> Rows:
        return {at for at, row in enumerate(self.marks) if fits(row)}

    # Words

    def _with(self, word: Word, wanted: bool) -> Rows:
        """The rows with a word: as it was typed, else by its beginning, else with one that is like it."""
        (typed,), how = word.words, word.how
        words = self._beginning(typed) if how == "prefix" or word.is_open else self._known([typed])
        if how == "fuzzy" and wanted:
            words = [*words, *self._like(typed)]
        elif not words and wanted and how == "plain":
            words = self._beginning(typed) or self._like(typed)
            if words:
                self._widened[typed] = tuple(words)
        return set().union(*(self._vocabulary[one] for one in words))

    def _known(self, words: Iterable[str]) -> list[str]:
        return [word for word in words if word in self._vocabulary]

    def _beginning(self, typed: str) -> list[str]:
        words = self._in_order
        return words[bisect_left(words, typed) : bisect_left(words, typed + "\U0010ffff")]

    def _like(self, typed: str) -> list[str]:
        """Words with a letter or two that are others, missing, too many, or in each other's place."""
        if len(typed) < _SHORTEST_LIKE:
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        far = 2 if len(typed) >= _SHORTEST_FAR else 1
        near = process.extract(typed, self._in_order, scorer=OSA.distance, score_cutoff=far, limit=_MOST_LIKE)
        return [word for word, distance, _ in near if distance]

    def _in_a_row(self, words: Sequence[str], is_open: bool) -> Rows:
        rows = set.intersection(self._all, *(self._vocabulary.get(word, set()) for word in words[:-1]))
        sought = f" {' '.join(words)}{'' if is_open else ' '}"
        return {at for at in rows if any(sought in part for part in self._texts(at))}

    def _holding(self, text: str) -> Rows:
        """The rows in which what the index takes for no words stands as it is."""
        sought = text.lower()
        return self._where(lambda row: any(sought in part.lower() for part in _said(row)))

    def _texts(self, at: int) -> Iterator[str]:
        return map(_folded, _said(self.marks[at]))

    @cached_property
    def _vocabulary(self) -> Mapping[str, Rows]:
        """Every word, folded, with the rows that hold it."""
        found: dict[str, Rows] = {}
        seen: dict[str, list[str]] = {}  # titles, tags and quotes come again and again
        for at, row in enumerate(self.marks):
            for part in _said(row):
                words = seen.get(part)
                if words is None:
                    words = seen[part] = words_of(part)
                for word in words:
                    found.setdefault(word, set()).add(at)
        return found

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._vocabulary)

    @cached_property
    def _tagged(self) -> Mapping[str, Rows]:
        found: dict[str, Rows] = {}
        for at, row in enumerate(self.marks):
            for tag in row.tags:
                found.setdefault(tag.casefold(), set()).add(at)
        return found

    @cached_property
    def _bare(self) -> Rows:
        return self._where(lambda row: row.is_of_tags and not row.is_lost)


def holds(text: str, value: str, is_open: bool) -> bool:
    """Do the words of `value` stand in a text in a row? What has no words is looked for as it stands."""
    words = words_of(value)
    if not words or unspaced(value):
        return value.strip().lower() in text.lower()
    return f" {' '.join(words)}{'' if is_open else ' '}" in _folded(text)


@lru_cache(maxsize=1 << 14)
def _folded(text: str) -> str:
    """The words of a text, each between blanks; titles and names come again and again."""
    return f" {' '.join(words_of(text))} "


def _said(row: ListedMark) -> tuple[str, ...]:
    return (row.mark.text, row.mark.quote.exact, row.title, *row.tags)


def _asks_for_tags(tree: Node | None) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(map(_asks_for_tags, parts))
        case Field("tag", _) | Flag("kind:tag"):
            return True
    return False


def _is_between(moment: float, low: int | None, high: int | None) -> bool:
    return (low is None or moment >= low) and (high is None or moment < high)
