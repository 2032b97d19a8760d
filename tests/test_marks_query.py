"""Which marks a query asks for: each answer is that of a look at every mark."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from threadreader.model import Anchored, Annotation, ListedMark, Mistake, TextQuote
from threadreader.search.language import (
    And,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Word,
    completions,
    parsed,
)
from threadreader.search.marks import GRAMMAR, MARKS, Sieve
from threadreader.search.moments import moments

NOW = dt.datetime(2026, 4, 15, 12, tzinfo=dt.UTC)  # a Wednesday
DAY = 86_400


def listed(text: str = "", quote: str = "", **about: object) -> ListedMark:
    """A mark; what is said of it goes to the mark, to how it stands, or to the row."""
    given = {
        "kind": "note",
        "colour": None,
        "note_kind": "comment",
        "created": NOW,
        "post_id": "p" * 16,
    } | about
    comment_id = "c" if given.get("place", "1") else None
    mark = Annotation(
        "m", given["kind"], given["post_id"], comment_id, text, TextQuote(quote), given["created"],  # type: ignore[arg-type]
        given["created"], given["colour"], given["note_kind"],  # type: ignore[arg-type]
    )  # fmt: skip
    row = {"place": "1"} | {key: about[key] for key in ("place", "by", "tags", "is_of_tags") if key in about}
    return ListedMark(Anchored(mark, given.get("state", "exact"), ""), str(given.get("title", "")), **row)  # type: ignore[arg-type]


ROWS = (
    listed("The ferry, again.", "It did not run.", tags=("boats",), title="Fog on the river", by="Ida Berg"),
    listed("Who?", "They rang the bell.", note_kind="question", state="moved", title="Fog on the river"),
    listed(
        "", "The heron knows.", kind="highlight", colour="green", tags=("Birds",), title="The gate", by="Bo"
    ),
    listed("So it says", "gulls on foot", kind="highlight", colour="red", state="orphan", place=None),
    listed("", "A table of tides", kind="bookmark", created=NOW - dt.timedelta(days=8), title="Tides"),
    listed("", "Only tagged", kind="bookmark", is_of_tags=True, tags=("birds",)),
)


def found(query: str, rows: Sequence[ListedMark] = ROWS) -> list[int]:
    sifted = Sieve(rows).sifted(query, now=NOW)
    assert sifted.mistake is None, sifted.mistake
    return list(sifted.rows)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("kind:note", [0, 1, 3]),
        ("kind:comment", [0, 3]),
        ("kind:question", [1]),
        ("kind:highlight -note:says", [2]),
        ("kind:tag", [5]),
        ("tag:birds", [2, 5]),
        ("-tag:birds", [0, 1, 3, 4]),
        ("state:lost", [3]),
        ("state:moved OR colour:green", [1, 2]),
        ("post:fog bell", [1]),
        ("post:pppppp kind:bookmark", [4]),
        ('by:"ida berg"', [0]),
        ("since:7d", [0, 1, 2, 3]),
        ("since:last week", [0, 1, 2, 3, 4]),
        ("before:this week", [4]),
        ("date:2026-04-07", [4]),
        ("fery", [0]),
        ("fer", [0]),
        ("fer did", [0]),
        ("=fer did", []),
        ("=fery", []),
        ("-fery", [0, 1, 2, 3, 4]),
        ('"on foot"', [3]),
        ('"foot on"', []),
        ("boats", [0]),
    ],
)
def test_a_query_finds_what_it_asks_for(query: str, rows: list[int]) -> None:
    assert found(query) == rows


def test_words_that_were_taken_for_others_are_told() -> None:
    assert Sieve(ROWS).sifted("heorn").widened == {"heorn": ("heron",)}
    assert Sieve(ROWS).sifted("heron").widened == {}


@pytest.mark.parametrize(
    ("query", "wrong", "told"),
    [
        ("kind:doubt", "kind:doubt", "bookmark, note, highlight, comment, question, claim, quote or tag"),
        ("bell since:someday", "since:someday", "a day, a month, a year, or 7d, 2w, 6m, 1y, today, yes"),
        ("snice:7d", "snice:", 'tag, note, post, by, since, before or date, not "snice": since?'),
        ("state:", "state:", "exact, moved, changed, ask, orphan or lost after state:"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(query: str, wrong: str, told: str) -> None:
    mistake = Sieve(ROWS).sifted(query).mistake
    assert isinstance(mistake, Mistake)
    assert query[mistake.start : mistake.end] == wrong and mistake.told.startswith(told)


def test_fields_kinds_and_tags_are_completed() -> None:
    def offers(typed: str) -> list[str]:
        return [one.text for one in completions(typed, len(typed), {"tag": ["birds", "boats"]}, MARKS)]

    assert offers("bell st") == ["state:"]
    assert offers("kind:q") == ["question", "quote"]
    assert offers("tag:bo") == ["boats"]


def test_the_help_tells_every_field_and_nothing_that_is_a_mistake() -> None:
    told = " ".join(sign for sign, _ in GRAMMAR)
    assert all(f"{name}:" in told for name in MARKS.names)
    assert all(Sieve(ROWS).sifted(sign).mistake is None for sign, _ in GRAMMAR)


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("today", "2026-04-15", "2026-04-16"),
        ("yesterday", "2026-04-14", "2026-04-15"),
        ("last week", "2026-04-06", "2026-04-13"),
        ("this-month", "2026-04-01", "2026-05-01"),
        ("last month", "2026-03-01", "2026-04-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("3d", "2026-04-12T12:00", "2026-04-12T12:00"),
        ("14m", "2025-02-15T12:00", "2025-02-15T12:00"),
    ],
)
def test_a_moment_is_told_as_seen_from_now(typed: str, begins: str, ends: str) -> None:
    times = [dt.datetime.fromisoformat(one).replace(tzinfo=dt.UTC).timestamp() for one in (begins, ends)]
    assert moments(typed, NOW) == tuple(times)


@pytest.mark.parametrize("typed", ["", "someday", "9999y", "2026-13", "d", "last fortnight"])
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert moments(typed, NOW) is None


WORDS = "ferry fery heron heorn gate Gate bell river rivers fog 雾 birds".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
MARKS_DRAWN = st.lists(
    st.builds(
        listed,
        TEXTS,
        TEXTS,
        title=TEXTS,
        by=st.sampled_from(["", "Ida Berg", "Bo"]),
        tags=st.lists(st.sampled_from(["birds", "fog", "Bell"]), unique=True, max_size=2).map(tuple),
        kind=st.sampled_from(["bookmark", "note", "highlight"]),
        note_kind=st.sampled_from(["comment", "question"]),
        colour=st.sampled_from([None, "green"]),
        state=st.sampled_from(["exact", "ask", "orphan"]),
        created=st.integers(0, 20).map(lambda days: NOW - dt.timedelta(days=days)),
    ),
    max_size=6,
)
SIGNS = [
    "kind:note", "kind:highlight", "kind:question", "state:lost", "state:exact", "colour:green", "tag:birds",
    "tag:be", "by:bo", "by:ida", "post:fog", "note:gate", "since:7d", "before:2026-04-10", '"fog gate"',
    "=fery", "~heron", "riv*", "雾", "bel",
]  # fmt: skip
TERMS = st.tuples(st.sampled_from(["", "-"]), st.sampled_from([*WORDS, *SIGNS])).map("".join)
QUERIES = st.recursive(
    st.lists(TERMS, min_size=1, max_size=3).map(" ".join),
    lambda inner: st.tuples(inner, inner).map(lambda two: f"({two[0]}) OR -({two[1]})"),
    max_leaves=3,
)


@settings(deadline=None, max_examples=40)
@given(MARKS_DRAWN, QUERIES)
def test_what_is_found_is_what_a_look_at_every_mark_finds(rows: list[ListedMark], query: str) -> None:
    asked = parsed(query, open_end=True, vocabulary=MARKS, now=NOW)
    assert not isinstance(asked, Mistake)
    every = {word for row in rows for text in texts(row) for word in text.split()}
    assert asked.tree
    assert found(query, rows) == [at for at, row in enumerate(rows) if fits(asked.tree, row, every, True)]


def texts(row: ListedMark) -> list[str]:
    return [text.lower() for text in (row.mark.text, row.mark.quote.exact, row.title, *row.tags)]


def fits(node: Node, row: ListedMark, every: set[str], wanted: bool) -> bool:
    """What the language says of one mark, word by word; `every` word there is tells when others are taken."""
    mark = row.mark
    match node:
        case And(parts):
            return all(fits(part, row, every, wanted) for part in parts)
        case Or(parts):
            return any(fits(part, row, every, wanted) for part in parts)
        case Not(part):
            return not fits(part, row, every, False)
        case Word(text, words, how, is_open):
            if text == "雾":
                return any(text in said for said in texts(row))
            (typed,) = words
            begins = how == "prefix" or is_open
            taken = {one for one in every if one == typed or (begins and one.startswith(typed))}
            far = 2 if len(typed) >= 7 else 1 if len(typed) >= 4 else 0
            like = {one for one in every if OSA.distance(typed, one) <= far}
            if wanted and how == "fuzzy":
                taken |= like
            elif wanted and how == "plain" and not taken:
                taken = {one for one in every if one.startswith(typed)} or like
            return any(taken & set(said.split()) for said in texts(row))
        case Phrase(_, words):
            return any(f" {' '.join(words)} " in f" {said} " for said in texts(row))
        case Range(_, low, high):
            at = mark.created.timestamp()
            return (low is None or low <= at) and (high is None or at < high)
        case Field("tag", value, is_open):
            return any(
                tag.lower() == value or (is_open and tag.lower().startswith(value)) for tag in row.tags
            )
        case Field(name, value, is_open):
            said = {"by": row.by, "post": row.title, "note": mark.text}[name].lower().split()
            return any(one == value or (is_open and one.startswith(value)) for one in said)
        case Flag("kind:note"):
            return mark.kind == "note" or mark.noted_as is not None
        case Flag("kind:question"):
            return mark.noted_as == "question"
        case Flag(name):
            value = name.partition(":")[2]
            states = ("ask", "orphan") if value == "lost" else (value,)
            return value in (mark.kind, mark.colour) or row.anchored.state in states
    raise AssertionError(node)


def test_the_readme_shows_every_field_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for sign, about in GRAMMAR:
        assert ":" not in sign or f"| `{sign}` | {about} |" in readme
