"""The language of queries: text becomes a tree, or a mistake with its place. Pure.

Words that stand beside each other must all be there, which binds closer than `OR`. What people type
innocently, addresses, times, smileys, a quotation mark that is not closed, is no mistake but words.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

from threadreader.model import Mistake
from threadreader.search.moments import MOMENTS, SEVERAL_WORDS, Bounds, days, moments
from threadreader.search.words import WORD, words_of

Sort = Literal["best", "newest", "oldest", "longest", "replies"]
Scope = Literal["thread", "posts", "notes"]
Relation = Literal["reply-to", "under", "has-reply", "thread-with"]
STRUCTURES: tuple[Relation, ...] = get_args(Relation)
How = Literal["plain", "exact", "prefix", "fuzzy"]

GRAMMAR: Sequence[tuple[str, str]] = (
    ("green door", "both words, the last also by its beginning; similar words where little is found"),
    ('"green door"', "the words in a row"),
    ("-door", "not this; stands before anything else as well"),
    ("green OR door", "either; binds less than standing side by side"),
    ("(green OR red) door", "parentheses hold together"),
    ("gre*", "words that begin so"),
    ("=green", "this word only, never a similar one"),
    ("~green", "similar words too, however much is found"),
    ("author:Ida", 'who wrote or signed it, or your label of them; author:"Ida Berg" for several words'),
    ("title:door", "words of the post's title"),
    ("tag:later", "with this tag of yours"),
    ("note:door", "with these words in a note of yours"),
    ("post:door", "in the post of that id, or with these words in its title"),
    ("date:2021-04..2021-06", "written then; also date:2021, date:<2020, date:>=2021-04-05"),
    ("words:>200", "as long as that; also words:10..50"),
    ("depth:0", "so far below the post, 0 for comments on it; also depth:>3"),
    ("place:3.1", "that comment of a post and all under it"),
    ("is:unread", "also is:read, is:bookmarked, is:noted, is:mended, is:op (by the post's author)"),
    ("is:question", "with a question of yours; also is:claim (to check), is:quote (to use)"),
    ("has:link", "also has:replies, has:warning"),
    ("reply-to:(green door)", "what answers a comment that matches"),
    ("under:(green door)", "what stands anywhere below a comment that matches"),
    ("has-reply:(green door)", "what has a direct reply that matches"),
    ("thread-with:(green door)", "every comment of a post in which one matches"),
    ("between:Ida,Bo", "what one of the two answered the other"),
    ("sort:newest", "also sort:best, sort:oldest, sort:longest, sort:replies"),
    ("in:thread", "only this thread; in:posts titles and bodies, in:notes your notes"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed, without its sign; some signs that are no word as well."""

    text: str
    words: tuple[str, ...]  # folded: one, or none where the index sees no word
    how: How = "plain"
    is_open: bool = False  # it may go on: it is still being typed


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row."""

    text: str
    words: tuple[str, ...]  # folded; none where the index sees no word
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """What author, title, tag, note, post or place must hold."""

    name: str
    value: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A number that must lie from `low` to before `high`, each None where it is open: of date seconds."""

    name: str  # date, words or depth
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign such as `is:unread`."""

    name: str


@dataclass(frozen=True, slots=True)
class Structure:
    """What another comment, which stands so to the one that is looked for, must match."""

    name: Relation
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """Two names, one of which answers the other."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class And:
    """Parts that must all match."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Parts of which one must match."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not match."""

    part: "Node"


Node: TypeAlias = Word | Phrase | Field | Range | Flag | Structure | Between | And | Or | Not


class Query(NamedTuple):
    """What was asked for."""

    tree: Node | None  # None: nothing, or only signs about the answer
    sort: Sort | None = None
    scope: Scope | None = None


class Completion(NamedTuple):
    """What may stand in a query from `start` to before `end`."""

    start: int
    end: int
    text: str


class Vocabulary(NamedTuple):
    """What may stand before a colon; all else of the language is the same wherever it is spoken."""

    fields: Sequence[str]
    flags: Mapping[str, Sequence[str]]  # with all that may follow each
    structures: Sequence[str] = ()
    others: Sequence[str] = ()  # that take something of their own

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in the order in which they are offered."""
        return (*self.fields, *self.flags, *self.structures, *self.others)


COMMENTS = Vocabulary(
    ("author", "title", "tag", "note", "post", "date", "words", "depth", "place"),
    {
        "is": ("unread", "read", "bookmarked", "noted", "mended", "question", "claim", "quote", "op"),
        "has": ("link", "replies", "warning"),
        "sort": get_args(Sort),
        "in": get_args(Scope),
    },
    STRUCTURES,
    ("between",),
)
_RELATIONS: Mapping[str, Relation] = {relation: relation for relation in STRUCTURES}
_ABOUT_ALL = ("sort", "in")  # flags that are about the answer
_WHEN = ("since", "before")  # fields that take a moment, which may be told as seen from now
_WANTED = {
    "author": "a name, in double quotes if it has several words,",
    "by": "a name, in double quotes if it has several words,",
    "title": "a word, or several in double quotes,",
    "tag": "a tag",
    "note": "a word, or several in double quotes,",
    "post": "an id of a post, or words of its title in double quotes,",
    "date": "a day, a month, a year or a range such as 2021-04..2021-06",
    "words": "a number or a range such as >200 or 10..50",
    "depth": "a number or a range such as 0 or 2..4",
    "place": "a place such as 3.1",
    "between": "two names with a comma, such as Ida,Bo,",
    "since": f"{MOMENTS}",
    "before": f"{MOMENTS}",
}

_DEEPEST = 32  # parentheses and signs within each other
_DEEPEST_STRUCTURE = 8  # of those that ask for another comment: SQLite's own parser has a bound
_MOST_SIGNS = 100  # of a query
_MOST_WORDS = 100  # inside parentheses; the rest is not looked for
_NEAR_LENGTH = 4  # letters of a field's name that may be mistyped

_KEY = re.compile(r"([A-Za-z][A-Za-z-]*):")
_BARE = re.compile(r'[^\s"()]+')
_QUOTED = re.compile(r'"([^"]*)("|$)')
_VALUE = re.compile(r'"[^"]*(?:"|$)|[^\s"()]*')
_NAMES = re.compile(r'("[^"]*(?:"|$)|[^\s"(),]+),("[^"]*(?:"|$)|[^\s"(),]+)')
_ADDRESS = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*://[^\s"]+')
_NUMBERS = re.compile(r"[0-9]+(?:[:.][0-9]+)+")  # a time, a version: 11:05
_NEGATED = re.compile(r'-(?=[\w"(]|[=~]\w)')
_SIGNED = re.compile(r"([=~]?)(\w+)(\*?)")
_BOUND = re.compile(r"(<=|>=|<|>|=)?(.+)")
_WHOLE = re.compile("[0-9]{1,9}")
_PLACE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def parsed(
    query: str,
    *,
    open_end: bool,
    vocabulary: Vocabulary = COMMENTS,
    now: dt.datetime | None = None,
) -> Query | Mistake:
    """What `query` asks for, or the first mistake in it; with `open_end` its last word may go on.

    What is told as seen from now, `since:7d`, is seen from `now`, in its time zone.
    """
    try:
        return _Parser(query, open_end, vocabulary, now or dt.datetime.now(dt.UTC)).query()
    except _Wrong as wrong:
        return wrong.mistake


class _Wrong(Exception):
    """A mistake, on its way out of the parser."""

    def __init__(self, start: int, end: int, told: str) -> None:
        super().__init__(told)
        self.mistake = Mistake(start, end, told)


class _Prefix(NamedTuple):
    """A sign that is about what follows it."""

    name: str  # `-` or a structure's
    start: int
    end: int


class _Frame:
    """A parenthesis that is open, or the whole query."""

    def __init__(self, start: int, prefixes: list[_Prefix]) -> None:
        self.start = start
        self.prefixes = prefixes
        self.branches: list[list[Node]] = [[]]

    def node(self) -> Node | None:
        """What stands in it; None for nothing."""
        branches = [both for branch in self.branches if (both := _joined(branch))]
        return branches[0] if len(branches) == 1 else Or(tuple(branches)) if branches else None


def _joined(parts: Sequence[Node]) -> Node | None:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else None


class _Parser:
    """A query that is read from left to right; what is open is a list, so that no depth is too deep."""

    def __init__(self, query: str, open_end: bool, vocabulary: Vocabulary, now: dt.datetime) -> None:
        self._query = query
        self._vocabulary = vocabulary
        self._now = now
        self._goes_on = open_end and WORD.match(query[-1:]) is not None
        self._at = 0
        self._frames = [_Frame(0, [])]
        self._prefixes: list[_Prefix] = []
        self._signs = self._words = 0
        self._closed = False  # was there a whole pair of parentheses
        self._sort: Sort | None = None
        self._scope: Scope | None = None

    def query(self) -> Query:
        """The whole query; raises _Wrong."""
        while self._at < len(self._query):
            self._step()
        self._expect_nothing()
        while len(self._frames) > 1:
            self._close()
        return Query(self._frames[0].node(), self._sort, self._scope)

    def _step(self) -> None:
        query, at = self._query, self._at
        char = query[at]
        if char.isspace():
            self._expect_nothing()
            self._at += 1
        elif char == "(":
            self._at += 1
            self._frames.append(_Frame(at, self._prefixes))
            self._prefixes = []
            self._check_depth()
        elif char == ")":
            self._expect_nothing()
            self._at += 1
            if len(self._frames) > 1:
                self._close()
                self._closed = True
            elif self._closed:
                raise _Wrong(at, at + 1, "a ( before this )")
        elif quoted := _QUOTED.match(query, at):
            self._at = quoted.end()
            self._add(_phrase(quoted[1], self._is_open(quoted.end())))
        elif self._may_negate() and _NEGATED.match(query, at):
            self._at += 1
            self._prefix("-", at)
        else:
            self._bare()

    def _may_negate(self) -> bool:
        at = self._at
        return bool(self._prefixes) or not at or self._query[at - 1].isspace() or self._query[at - 1] == "("

    def _bare(self) -> None:
        """What stands without quotation marks: an address, a field, or words."""
        start = self._at
        if address := _ADDRESS.match(self._query, start):
            text = _without_closing(address[0])
            self._at += len(text)
            self._add(_phrase(text, self._is_open(self._at)))
            return
        key = _KEY.match(self._query, start)
        if key and self._keyed(key):
            return
        bare = _BARE.match(self._query, start)
        assert bare
        self._at = bare.end()
        frame = self._frames[-1]
        if bare[0] == "OR" and not self._prefixes and frame.branches[-1]:
            self._count_sign(start)
            frame.branches.append([])
            return
        self._add_words(bare[0])

    def _add_words(self, text: str) -> None:
        is_open = self._is_open(self._at)
        if signed := _SIGNED.fullmatch(text):
            words = tuple(words_of(signed[2]))
            if len(words) == 1:
                how: How = (
                    "exact"
                    if signed[1] == "="
                    else "fuzzy"
                    if signed[1]
                    else "prefix"
                    if signed[3]
                    else "plain"
                )
                self._add(Word(signed[2], words, how, is_open and how == "plain"))
                return
        words = tuple(words_of(text))
        if len(words) > 1 and (self._prefixes or _NUMBERS.fullmatch(text.strip(".,;:!?@"))):
            self._add(Phrase(text, words, is_open))
        elif words and not self._prefixes:
            for word in words[:-1]:
                self._add(Word(word, (word,)))
            self._add(Word(words[-1], words[-1:], is_open=is_open))
        else:
            self._add(Word(text, words, is_open=is_open and bool(words)))

    def _keyed(self, key: re.Match[str]) -> bool:
        """Read what follows a field's name; False where it is none, and no slip of one."""
        start, end, name = key.start(), key.end(), key[1].lower()
        follows = self._query[end : end + 1]
        known = self._vocabulary
        if name not in known.names:
            if follows and not follows.isspace() and (near := _nearest_key(name, known)):
                groups = (known.fields, tuple(known.flags), (*known.structures, *known.others))
                names = next(group for group in groups if near in group)
                raise _Wrong(start, end, f'{_listed(names)}, not "{key[1]}": {near}?')
            return False
        if name in known.structures:
            self._at = end
            self._prefix(name, start)
            return True
        if follows.isspace():
            return False  # `note: call her` is prose
        self._at = end
        if name == "between":
            self._add(self._between(start))
            return True
        value = (name in _WHEN and SEVERAL_WORDS.match(self._query, end)) or _VALUE.match(self._query, end)
        assert value
        self._at = value.end()
        text = value[0].strip('"') if value[0].startswith('"') else value[0]
        if name in known.flags:
            self._flag(name, text.lower(), start)
        else:
            self._add(self._field(name, text, start))
        return True

    def _flag(self, name: str, value: str, start: int) -> None:
        known = self._vocabulary.flags[name]
        if value not in known:
            raise _Wrong(start, self._at, f"{_listed(known)} after {name}:")
        if name not in _ABOUT_ALL:
            self._add(Flag(f"{name}:{value}"))
        elif self._prefixes:
            raise _Wrong(start, self._at, f"a blank before {name}:, which is about the whole query")
        elif name == "sort":
            self._sort = next(sort for sort in get_args(Sort) if sort == value)
        else:
            self._scope = next(scope for scope in get_args(Scope) if scope == value)

    def _field(self, name: str, text: str, start: int) -> Node:
        wrong = _Wrong(start, self._at, f"{_WANTED[name]} after {name}:".replace(",:", ":"))
        if not text.strip():
            raise wrong
        between: Bounds | None
        if name in _WHEN:
            moment = moments(text, self._now)
            between = moment and ((moment[0], None) if name == "since" else (None, moment[0]))
            name = "date"
        elif name == "date":
            between = _range(text, days)
        elif name in ("words", "depth"):
            between = _range(text, _numbers)
        elif name == "place" and not _PLACE.fullmatch(text):
            raise wrong
        else:
            is_open = self._is_open(self._at) or text.endswith("*")
            return Field(name, text, is_open)
        if between is None:
            raise wrong
        return Range(name, *between)

    def _between(self, start: int) -> Node:
        names = _NAMES.match(self._query, self._at)
        if not names:
            value = _VALUE.match(self._query, self._at)
            raise _Wrong(start, value.end() if value else self._at, f"{_WANTED['between']} after between:")
        self._at = names.end()
        one, other = (name.strip('"') for name in names.groups())
        if not one.strip() or not other.strip():
            raise _Wrong(start, self._at, f"{_WANTED['between']} after between:")
        return Between(one, other)

    def _prefix(self, name: str, start: int) -> None:
        self._count_sign(start)
        self._prefixes.append(_Prefix(name, start, self._at))
        self._check_depth()

    def _check_depth(self) -> None:
        opened = [*(prefix for frame in self._frames for prefix in frame.prefixes), *self._prefixes]
        if len(self._frames) - 1 + len(opened) > _DEEPEST:
            raise _Wrong(self._at - 1, self._at, f"at most {_DEEPEST} signs and parentheses in each other")
        if sum(prefix.name != "-" for prefix in opened) > _DEEPEST_STRUCTURE:
            last = opened[-1]
            raise _Wrong(last.start, last.end, f"at most {_DEEPEST_STRUCTURE} of these in each other")

    def _count_sign(self, start: int) -> None:
        self._signs += 1
        if self._signs > _MOST_SIGNS:
            raise _Wrong(start, self._at, f"at most {_MOST_SIGNS} signs in a query")

    def _add(self, node: Node | None) -> None:
        """Put what was read, under the signs before it, where it belongs."""
        if isinstance(node, (Word, Phrase)):
            if len(self._frames) > 1:
                self._words += 1
                if self._words > _MOST_WORDS:
                    self._prefixes = []
                    return
        elif isinstance(node, (Field, Range, Flag, Between)):
            self._count_sign(self._at - 1)
        prefixes, self._prefixes = self._prefixes, []
        self._put(node, prefixes)

    def _close(self) -> None:
        frame = self._frames.pop()
        self._put(frame.node(), frame.prefixes)

    def _put(self, node: Node | None, prefixes: Sequence[_Prefix]) -> None:
        for prefix in reversed(prefixes):
            if prefix.name == "-":
                node = node and Not(node)
            elif node is None:
                raise _empty(prefix)
            else:
                node = Structure(_RELATIONS[prefix.name], node)
        if node:
            self._frames[-1].branches[-1].append(node)

    def _expect_nothing(self) -> None:
        for prefix in self._prefixes:
            if prefix.name != "-":
                raise _empty(prefix)
        self._prefixes = []

    def _is_open(self, end: int) -> bool:
        return self._goes_on and end == len(self._query)


def _empty(prefix: _Prefix) -> _Wrong:
    return _Wrong(prefix.start, prefix.end, f"a word, or several in parentheses, after {prefix.name}:")


def _phrase(text: str, is_open: bool) -> Phrase | None:
    return Phrase(text, tuple(words_of(text)), is_open) if text.strip() else None


def _without_closing(address: str) -> str:
    """`address` without the parentheses at its end that were not opened in it."""
    excess = address.count(")") - address.count("(")
    closing = len(address) - len(address.rstrip(")"))
    return address[: len(address) - max(0, min(excess, closing))]


def _nearest_key(typed: str, vocabulary: Vocabulary) -> str | None:
    """The field or structure that a name was likely meant for."""
    from rapidfuzz.distance import OSA

    if len(typed) < _NEAR_LENGTH:
        return None
    meant = vocabulary.names
    names = [name for name in meant if len(name) >= _NEAR_LENGTH]
    nearest = min(names, key=lambda name: OSA.distance(typed, name))
    return nearest if OSA.distance(typed, nearest) <= (1 if len(typed) <= 5 else 2) else None


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _range(text: str, bounds: Callable[[str], Bounds | None]) -> Bounds | None:
    """What `2..4`, `>2`, `<=2` or `2` means, each end read by `bounds`; None for a mistake."""
    if ".." in text:
        low, high = text.split("..", 1)
        first, last = (bounds(end) if end else (None, None) for end in (low, high))
        return None if first is None or last is None or not (low or high) else (first[0], last[1])
    match = _BOUND.fullmatch(text)
    whole = bounds(match[2]) if match else None
    if not match or not whole:
        return None
    low_end, high_end = whole
    ranges = {"<": (None, low_end), "<=": (None, high_end), ">": (high_end, None), ">=": (low_end, None)}
    return ranges.get(match[1], whole)


def _numbers(text: str) -> Bounds | None:
    return (int(text), int(text) + 1) if _WHOLE.fullmatch(text) else None


def words_meant(tree: Node | None) -> list[str]:
    """The words that speak for a text where they stand in it: those that it is not asked to lack."""
    meant: list[str] = []
    waiting = [tree] if tree else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (Word, Phrase)):
            meant += node.words or (node.text,)
        elif isinstance(node, (And, Or)):
            waiting += node.parts
    return list(dict.fromkeys(meant))


_MOST_OFFERS = 20
_BEFORE_CURSOR = re.compile(r'(?:^|[\s(])-?((?:[A-Za-z-]+:)*)((?:[^\s()":,]+|"[^"]*),)?([^\s()":]*|"[^"]*)$')
_NEEDS_QUOTES = re.compile(r'[\s()",]')


def completions(
    query: str, cursor: int, names: Mapping[str, Sequence[str]], vocabulary: Vocabulary = COMMENTS
) -> list[Completion]:
    """What the word before `cursor` may become, likeliest first: a field, a flag or a name.

    `names` holds what is known, the most used first, under `author`, `tag` and `title`.
    """
    match = _BEFORE_CURSOR.search(query[:cursor])
    if not match:
        return []
    keys, typed = match[1].lower().split(":")[:-1], match[3]
    key = next(iter(keys[-1:]), "")
    if key in vocabulary.flags:
        offers = [value for value in vocabulary.flags[key] if value.startswith(typed.lower())]
    elif not key or key in vocabulary.structures:
        offered = [f"{name}:" for name in vocabulary.names]
        offers = [name for name in offered if typed and name.startswith(typed.lower())]
    elif match[2] and key != "between":
        offers = []
    else:
        known = names.get({"between": "author", "by": "author", "post": "title"}.get(key, key), ())
        offers = [
            f'"{name}"' if _NEEDS_QUOTES.search(name) else name
            for name in _alike(typed.strip('"'), [name.replace('"', "") for name in known])
        ]
    return [Completion(match.start(3), cursor, offer) for offer in offers]


def _alike(typed: str, known: Sequence[str]) -> list[str]:
    """Names that begin with what was typed, then those that have a word that does, then similar ones."""
    start = " ".join(words_of(typed))
    folded = {name: f" {' '.join(words_of(name))}" for name in known}
    found = [name for name in folded if folded[name].startswith(f" {start}")][:_MOST_OFFERS]
    if len(found) < _MOST_OFFERS:
        found += [name for name in folded if f" {start}" in folded[name] and name not in found]
    if len(found) < _MOST_OFFERS and len(start) >= _NEAR_LENGTH:
        from rapidfuzz import fuzz, process

        # A name that is shorter than what was typed is like any part of it.
        long = {name: words for name, words in folded.items() if len(words) >= len(start)}
        near = process.extract(start, long, scorer=fuzz.partial_ratio, score_cutoff=75, limit=_MOST_OFFERS)
        found += [name for _, _, name in near if name not in found]
    return found[:_MOST_OFFERS]
