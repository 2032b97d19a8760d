"""What a comment, or a post, must be to be found, as SQL, put together here and run by the index. Pure.

A condition tells three things: a test of one row, which may be any; where few comments match, which these
are, so that the rest of a query looks at no others; and a test of a post, or that there is none, since it is
about comments alone. Values are bound, never written into the SQL.
"""

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from threadreader.index.rows import escaped

_SECONDS = 86_400  # of a day
_PLACE_LENGTH = 12  # characters of a place that are in an index


class Sql(NamedTuple):
    """A piece of SQL with the values of its question marks, in order."""

    text: str
    given: tuple[object, ...] = ()


EVERY = Sql("1")


class Condition(ABC):
    """What some comments are, and others are not."""

    __slots__ = ()

    @property
    @abstractmethod
    def size(self) -> int | None:
        """How many comments match at most, where that is known and few: then `rows` tells which."""

    @abstractmethod
    def test(self, at: str) -> Sql:
        """An expression that is true for a row of `comments`, named `at`, that matches."""

    @abstractmethod
    def rows(self) -> Sql | None:
        """A query for the rows of comments that match, some more than once; None where it can't be told.

        Asked for before the size is known, it leads from few others, or through an index.
        """

    def lead(self, at: str) -> tuple[Sql, Sql] | None:
        """Where few match: a query for rows that may, and the test of such a row that is left to be made."""
        rows = self.rows() if self.size is not None else None
        return rows and (rows, EVERY)

    @abstractmethod
    def post(self) -> Sql | None:
        """An expression that is true for a row of `posts` that matches; None: it is about comments alone."""


@dataclass(frozen=True, slots=True)
class Simple(Condition):
    """A test of the comment itself, in which `{c}` stands for its row's name."""

    text: str
    given: tuple[object, ...] = ()
    found: Sql | None = None  # the rows, where an index leads to them
    on_post: Sql | None = None
    size: int | None = None

    def test(self, at: str) -> Sql:
        """The text about that row, or a look into the few rows."""
        if self.size is not None and self.found:
            return _among(at, self.found)
        return Sql(self.text.replace("{c}", at), self.given)

    def rows(self) -> Sql | None:
        """What an index leads to."""
        return self.found

    def post(self) -> Sql | None:
        """What was given."""
        return self.on_post


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Parts that all match; few where one of them is."""

    parts: tuple[Condition, ...]

    @property
    def size(self) -> int | None:
        """Of the rarest part."""
        return min((part.size for part in self.parts if part.size is not None), default=None)

    def test(self, at: str) -> Sql:
        """Every part's test, the rarest part's first."""
        parts = sorted(self.parts, key=lambda part: part.size is None)
        return _joined(" AND ", [part.test(at) for part in parts], "1")

    def rows(self) -> Sql | None:
        """Those of the rarest part that all others match as well."""
        led = self.lead("own")
        if not led:
            return None
        rows, test = led
        return Sql(
            f"SELECT own.row FROM ({rows.text}) AS few CROSS JOIN comments AS own"
            f" WHERE own.row = few.row AND {test.text}",
            rows.given + test.given,
        )

    def lead(self, at: str) -> tuple[Sql, Sql] | None:
        """The rarest part's, and the tests of all others."""
        few = [part for part in self.parts if part.size is not None]
        rarest = min(few, key=lambda part: part.size or 0, default=None)
        led = rarest.lead(at) if rarest else None
        if not led:
            return None
        others = [part.test(at) for part in self.parts if part is not rarest]
        return led[0], _joined(" AND ", [led[1], *others], "1")

    def post(self) -> Sql | None:
        """Every part's test."""
        return _of_posts(" AND ", self.parts, "1")


@dataclass(frozen=True, slots=True)
class Either(Condition):
    """Parts of which one matches; few where all are."""

    parts: tuple[Condition, ...]

    @property
    def size(self) -> int | None:
        """Of all parts together."""
        sizes = [part.size for part in self.parts]
        return None if None in sizes else sum(size or 0 for size in sizes)

    def test(self, at: str) -> Sql:
        """Any part's test."""
        return _joined(" OR ", [part.test(at) for part in self.parts], "0")

    def rows(self) -> Sql | None:
        """Those of each part."""
        rows = [part.rows() for part in self.parts if part.size is not None]
        if len(rows) < len(self.parts) or None in rows:
            return None
        each = [f"SELECT row FROM ({sql.text})" for sql in rows if sql]
        return Sql(" UNION ALL ".join(each), tuple(value for sql in rows if sql for value in sql.given))

    def post(self) -> Sql | None:
        """Any part's test."""
        return _of_posts(" OR ", self.parts, "0")


@dataclass(frozen=True, slots=True)
class Unlike(Condition):
    """What a part does not match."""

    part: Condition
    size: int | None = None

    def test(self, at: str) -> Sql:
        """The part's test, turned round; what can't be told of a row is not so."""
        test = self.part.test(at)
        return Sql(f"NOT ifnull({test.text}, 0)", test.given)

    def rows(self) -> Sql | None:
        """They can't be told."""
        return None

    def post(self) -> Sql | None:
        """The part's test, turned round."""
        test = self.part.post()
        return test and Sql(f"NOT ifnull({test.text}, 0)", test.given)


Relation = Literal["reply-to", "under", "has-reply", "thread-with"]

# From a few rows that match to the rows that stand so to them.
_LED = {
    "reply-to": (
        "SELECT own.row FROM ({rows}) AS few CROSS JOIN comments AS other CROSS JOIN comments AS own"
        " WHERE other.row = few.row AND own.post = other.post AND own.position > other.position"
        " AND own.position < other.ends AND own.depth = other.depth + 1"
    ),
    "under": (
        "SELECT own.row FROM ({rows}) AS few CROSS JOIN comments AS other CROSS JOIN comments AS own"
        " WHERE other.row = few.row AND own.post = other.post AND own.position > other.position"
        " AND own.position < other.ends"
    ),
    "has-reply": (
        "SELECT own.row FROM ({rows}) AS few CROSS JOIN comments AS other CROSS JOIN comments AS own"
        " WHERE other.row = few.row AND own.id = other.parent_id"
    ),
    "thread-with": (
        "SELECT own.row FROM (SELECT DISTINCT other.post FROM ({rows}) AS few CROSS JOIN comments AS other"
        " WHERE other.row = few.row) AS held CROSS JOIN comments AS own WHERE own.post = held.post"
    ),
}
# From one row to those that stand so to it, of which one must match.
_ASKED = {
    "reply-to": "EXISTS (SELECT 1 FROM comments AS {o} WHERE {o}.id = {c}.parent_id AND {test})",
    "under": (
        "EXISTS (WITH RECURSIVE above(id) AS (SELECT {c}.parent_id UNION ALL SELECT up.parent_id"
        " FROM above CROSS JOIN comments AS up WHERE up.id = above.id)"
        " SELECT 1 FROM above CROSS JOIN comments AS {o} WHERE {o}.id = above.id AND {test})"
    ),
    "has-reply": (
        "({c}.ends > {c}.position + 1 AND EXISTS (SELECT 1 FROM comments AS {o} WHERE {o}.post = {c}.post"
        " AND {o}.position > {c}.position AND {o}.position < {c}.ends AND {o}.depth = {c}.depth + 1"
        " AND {test}))"
    ),
    "thread-with": "EXISTS (SELECT 1 FROM comments AS {o} WHERE {o}.post = {c}.post AND {test})",
}


@dataclass(frozen=True, slots=True)
class Related(Condition):
    """A comment that stands so to another one that matches."""

    relation: Relation
    inner: Condition
    size: int | None = None

    def test(self, at: str) -> Sql:
        """A look from that row to those around it, or into the few rows."""
        if self.size is not None and (led := self.rows()):
            return _among(at, led)
        if self.relation == "thread-with" and self.inner.size is not None and (rows := self.inner.rows()):
            held = f"SELECT near.post FROM ({rows.text}) AS few CROSS JOIN comments AS near"
            return Sql(f"{at}.post IN ({held} WHERE near.row = few.row)", rows.given)
        other = f"{at}_"
        test = self.inner.test(other)
        text = _ASKED[self.relation].replace("{c}", at).replace("{o}", other).replace("{test}", test.text)
        return Sql(text, test.given)

    def rows(self) -> Sql | None:
        """What the few that match lead to."""
        rows = self.inner.rows() if self.inner.size is not None else None
        return rows and Sql(_LED[self.relation].replace("{rows}", rows.text), rows.given)

    def post(self) -> Sql | None:
        """It is about comments alone."""
        return None


def _among(at: str, rows: Sql) -> Sql:
    # The plus keeps SQLite from beginning with these rows where another part leads.
    return Sql(f"+{at}.row IN ({rows.text})", rows.given)


def _joined(sign: str, tests: Sequence[Sql], none: str) -> Sql:
    text = f"({sign.join(test.text for test in tests)})" if tests else none
    return Sql(text, tuple(value for test in tests for value in test.given))


def _of_posts(sign: str, parts: Iterable[Condition], none: str) -> Sql | None:
    tests = [part.post() for part in parts]
    return None if None in tests else _joined(sign, [test for test in tests if test], none)


def _listed(values: Collection[str]) -> tuple[str]:
    return (json.dumps(sorted(values)),)


_LISTED = "(SELECT value FROM json_each(?))"


def matching(expression: str, one_by_one: Simple | None) -> Simple:
    """Texts that an FTS5 expression matches.

    Where they are many, they are told `one_by_one`: FTS5 takes milliseconds to say whether one row matches,
    and all rows at once are too many.
    """
    given = (expression,)
    held = "SELECT rowid AS row FROM {0}_fts WHERE {0}_fts MATCH ?"
    on_post = Sql(f"posts.row IN ({held.format('posts')})", given)
    if one_by_one:
        return replace(one_by_one, on_post=on_post)
    rows = Sql(held.format("comments"), given)
    return Simple(f"+{{c}}.row IN ({rows.text})", given, rows, on_post)


def holding_words(name: str) -> Simple:
    """Texts of which the connection's function `holds` says so, by a name that it knows."""
    on_post = Sql("holds(posts.title || char(10) || posts.body, ?)", (name,))
    return Simple("holds({c}.text, ?)", (name,), on_post=on_post)


def holding(part: str) -> Simple:
    """Texts that hold `part` as it stands, whatever its case; every text is read."""
    pattern = (f"%{escaped(part)}%",)
    on_post = Sql("posts.title || char(10) || posts.body LIKE ? ESCAPE '!'", pattern)
    return Simple("{c}.text LIKE ? ESCAPE '!'", pattern, on_post=on_post)


def signed_so(expression: str) -> Simple:
    """Comments whose signs an FTS5 expression matches, and every post: posts are few, and can be read."""
    rows = Sql("SELECT rowid AS row FROM comments_signs WHERE comments_signs MATCH ?", (expression,))
    return Simple(f"+{{c}}.row IN ({rows.text})", rows.given, rows, EVERY)


def by(names: Collection[str]) -> Simple:
    """Comments that one of `names` wrote, or signed where no author is told, and posts of one of them."""
    given = _listed(names)
    return Simple(
        f"coalesce({{c}}.author, {{c}}.signed) IN {_LISTED}",
        given,
        Sql(f"SELECT row FROM comments WHERE coalesce(author, signed) IN {_LISTED}", given),
        Sql(f"posts.author IN {_LISTED}", given),
    )


def titled(expression: str) -> Simple:
    """The posts whose titles an FTS5 expression matches, and all that stands in them."""
    held = Sql("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?", (f"title : ({expression})",))
    return _in_posts(held)


def titled_as(part: str) -> Simple:
    """The posts whose titles hold `part` as it stands, and all that stands in them."""
    return _in_posts(
        Sql("SELECT row FROM posts AS held WHERE title LIKE ? ESCAPE '!'", (f"%{escaped(part)}%",))
    )


def in_post(post_id: str) -> Simple:
    """The posts whose ids begin so, and all that stands in them."""
    return _in_posts(
        Sql("SELECT row FROM posts AS begun WHERE id >= ? AND id < ?", (post_id, f"{post_id}\U0010ffff"))
    )


def _in_posts(held: Sql) -> Simple:
    return Simple(
        f"{{c}}.post IN ({held.text})",
        held.given,
        Sql(f"SELECT row FROM comments WHERE post IN ({held.text})", held.given),
        Sql(f"posts.row IN ({held.text})", held.given),
    )


def one_of(comment_ids: Collection[str], post_ids: Collection[str] | None = ()) -> Simple:
    """The comments and posts of these ids; without posts, `None`, about comments alone."""
    given = _listed(comment_ids)
    return Simple(
        f"{{c}}.id IN {_LISTED}",
        given,
        Sql(f"SELECT row FROM comments WHERE id IN {_LISTED}", given),
        None if post_ids is None else Sql(f"posts.id IN {_LISTED}", _listed(post_ids)),
    )


def dated(low: int | None, high: int | None) -> Simple:
    """Texts from `low` to before `high`, in seconds since 1970 at the beginning of a day; None is open."""
    on_post = _between("posts.date", low and _iso(low), high and _iso(high))
    return _ranged("date", low, high, on_post)


def measured(column: Literal["words", "depth"], low: int | None, high: int | None) -> Simple:
    """Comments of which a number lies from `low` to before `high`."""
    return _ranged(column, low, high, None)


def _ranged(column: str, low: int | None, high: int | None, on_post: Sql | None) -> Simple:
    test = _between(f"{{c}}.{column}", low, high)
    rows = _between(column, low, high)
    return Simple(
        test.text, test.given, Sql(f"SELECT row FROM comments WHERE {rows.text}", rows.given), on_post
    )


def _between(name: str, low: object, high: object) -> Sql:
    bounds = [Sql(f"{name} {sign} ?", (end,)) for sign, end in ((">=", low), ("<", high)) if end is not None]
    return _joined(" AND ", bounds, f"{name} IS NOT NULL")


def _iso(seconds: int) -> str:
    day = min(seconds // _SECONDS + dt.date(1970, 1, 1).toordinal(), dt.date.max.toordinal())
    return dt.date.fromordinal(day).isoformat()


def placed(place: str) -> Simple:
    """The comment at a place of any post, and all under it."""
    given = (place, f"{place}/")  # the sign behind the dot, before the numbers
    beginning = f"substr(place, 1, {_PLACE_LENGTH})"
    led = Sql(f"{beginning} >= ? AND {beginning} < ?", given)
    if len(place) >= _PLACE_LENGTH:
        led = Sql(f"{beginning} = ? AND place >= ? AND place < ?", (place[:_PLACE_LENGTH], *given))
    return Simple(
        "({c}.place >= ? AND {c}.place < ?)",
        given,
        Sql(f"SELECT row FROM comments WHERE {led.text}", led.given),
    )


_FLAGS = {
    "is:op": ("{c}.op", "op", None),
    "is:mended": ("{c}.mended IS NOT NULL", "mended IS NOT NULL", None),
    "has:link": ("{c}.links > 0", "links > 0", "posts.body LIKE '%://%'"),
    "has:replies": ("{c}.ends > {c}.position + 1", None, "posts.comments > 0"),
    "has:warning": ("{c}.warnings IS NOT NULL", "warnings IS NOT NULL", "posts.warnings IS NOT NULL"),
}


def flagged(flag: str) -> Simple:
    """Comments with a flag that the index knows: is:op, is:mended, has:link, has:replies, has:warning."""
    test, rows, on_post = _FLAGS[flag]
    return Simple(
        test,
        found=Sql(f"SELECT row FROM comments WHERE {rows}") if rows else None,
        on_post=Sql(on_post) if on_post else None,
    )
