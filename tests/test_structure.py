"""Queries with fields and structure: the index against a scan of the threads in memory."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadreader.index import Index
from threadreader.library import Library
from threadreader.links import links_in
from threadreader.model import (
    NOTE_KINDS,
    Annotation,
    Comment,
    Draft,
    DraftComment,
    MarkKind,
    Mistake,
    Source,
    TextQuote,
    Thread,
    ThreadWarning,
    thread_of,
)
from threadreader.search import find
from threadreader.search.language import (
    And,
    Between,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Structure,
    Word,
    parsed,
)
from threadreader.search.words import words_of

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
ALL = 1_000_000
NAMES = ("Ida", "Ida Berg", "Bo", "Çelik", "Mellin")
WORDS = ("kettle", "oven", "stove", "café", "green", "door", "11:05", "well-known", "zebra", "tea")

KINDS: tuple[tuple[MarkKind, str], ...] = (("bookmark", ""), ("note", "green tea"), ("highlight", ""))


def put(index: Index, *threads: Thread) -> None:
    index.put_many((each, Source(each.post.id, "", NOW)) for each in threads)


def drawn_thread(draw: random.Random, post_id: str) -> Thread:
    comments: list[DraftComment] = []
    for at in range(draw.randint(1, 25)):
        text = " ".join(draw.choices(WORDS, k=draw.randint(1, 9)))
        if draw.random() < 0.15:
            text += " https://example.org/tea"
        day = dt.datetime(
            draw.randint(2019, 2022), draw.randint(1, 12), draw.randint(1, 28), 13, tzinfo=dt.UTC
        )
        comments.append(
            DraftComment(
                text,
                parent=None,
                author=draw.choice((*NAMES, None)),
                signed=draw.choice((*NAMES, None)),
                created=day if draw.random() < 0.5 else None,
                warnings=(ThreadWarning("odd", "Odd."),) if draw.random() < 0.1 else (),
            )
        )
        # In reading order a comment answers the one before it or one of that one's ancestors, or the post.
        above = at - 1
        while above >= 0 and draw.random() < 0.45:
            above = -1 if comments[above].parent is None else comments[above].parent  # type: ignore[assignment]
        comments[-1] = comments[-1]._replace(parent=above if above >= 0 else None)
    date = dt.date(draw.randint(2019, 2022), draw.randint(1, 12), 5) if draw.random() < 0.7 else None
    title = " ".join(draw.choices(WORDS, k=3))
    draft = Draft("outline", title, "", tuple(comments), date=date, author=draw.choice((*NAMES, None)))
    return thread_of(draft, post_id, source="")


@dataclass
class Shelf:
    """Random threads, in an index and as they are, with what the reader made of them."""

    index: Index
    threads: Sequence[Thread]
    marks: Sequence[Annotation]
    read: set[str]
    tags: dict[str, set[tuple[str, str | None]]]

    def hits(self, query: str, **options: object) -> set[str]:
        found = find(
            self.index,
            query,
            limit=ALL,
            exact=True,
            notes=self.marks,
            read=lambda: self.read,
            tagged=lambda tag, beginning: self.tags.get(tag, set()),
            **options,  # type: ignore[arg-type]
        )
        assert found.mistake is None, (query, found.mistake)
        ids = [hit.comment_id for hit in found.hits if hit.where == "comment" and hit.comment_id]
        ids += [comment_id for hit in found.hits for _, comment_id in hit.alike]
        assert len(ids) == len(set(ids)), query
        return set(ids)

    def scanned(self, query: str) -> set[str]:
        asked = parsed(query, open_end=False)
        assert not isinstance(asked, Mistake)
        assert asked.tree
        return {
            thread.comments[at].id
            for thread in self.threads
            for at in range(len(thread.comments))
            if self.matches(asked.tree, thread, at)
        }

    def matches(self, node: Node, thread: Thread, at: int) -> bool:
        comment = thread.comments[at]
        match node:
            case And(parts):
                return all(self.matches(part, thread, at) for part in parts)
            case Or(parts):
                return any(self.matches(part, thread, at) for part in parts)
            case Not(part):
                return not self.matches(part, thread, at)
            case Word(_, words, "prefix"):
                return any(word.startswith(words[0]) for word in words_of(comment.text))
            case Word(_, words) | Phrase(_, words):
                return _in_a_row(words, comment.text)
            case Structure(name, inner):
                return any(self.matches(inner, thread, other) for other in _others(name, thread, at))
            case Between(one, other):
                parent = thread.parents[at]
                names = {_named(who, comment) for who in (one, other)}
                return (
                    parent >= 0
                    and any(
                        _named(who, comment) and _named(whom, thread.comments[parent])
                        for who, whom in ((one, other), (other, one))
                    )
                    and bool(names)
                )
            case Range(name, low, high):
                number = _number(name, thread, comment)
                return (
                    number is not None and (low is None or number >= low) and (high is None or number < high)
                )
            case Flag(name):
                return self._flagged(name, thread, at)
            case Field(name, value):
                return self._holds(name, value, thread, comment)

    def _flagged(self, name: str, thread: Thread, at: int) -> bool:
        comment = thread.comments[at]
        marked = {mark.comment_id for mark in self.marks if mark.kind == "bookmark"}
        noted = {mark.comment_id for mark in self.marks if mark.noted_as}
        return {
            "is:read": comment.id in self.read,
            "is:unread": comment.id not in self.read,
            "is:bookmarked": comment.id in marked,
            "is:noted": comment.id in noted,
            "is:question": comment.id in {one.comment_id for one in self.marks if one.noted_as == "question"},
            "is:op": comment.author is not None and comment.author == thread.post.author,
            "has:link": bool(links_in(comment.text)),
            "has:replies": thread.reply_counts[at] > 0,
            "has:warning": bool(comment.warnings),
        }[name]

    def _holds(self, name: str, value: str, thread: Thread, comment: Comment) -> bool:
        match name:
            case "author":
                return _named(value, comment)
            case "title":
                return _in_a_row(words_of(value), thread.post.title)
            case "post":
                return thread.post.id.startswith(value) or _in_a_row(words_of(value), thread.post.title)
            case "tag":
                return any(comment.id == on for _, on in self.tags.get(value, ()))
            case "note":
                notes = [mark.text for mark in self.marks if mark.comment_id == comment.id]
                return any(_in_a_row(words_of(value), text) for text in notes)
        return comment.place == value or comment.place.startswith(f"{value}.")


def _in_a_row(words: Sequence[str], text: str) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(words_of(text))} "


def _named(name: str, comment: Comment) -> bool:
    return _in_a_row(words_of(name), comment.author or comment.signed or "")


def _number(name: str, thread: Thread, comment: Comment) -> int | None:
    if name == "words":
        return comment.text.count(" ") + 1
    if name == "depth":
        return comment.depth
    day = thread.post.date
    moment = comment.created or (day and dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
    return int(moment.timestamp()) if isinstance(moment, dt.datetime) else None


def _others(name: str, thread: Thread, at: int) -> list[int]:
    match name:
        case "reply-to":
            return [thread.parents[at]] if thread.parents[at] >= 0 else []
        case "under":
            return thread.ancestors(at)
        case "has-reply":
            return [other for other, parent in enumerate(thread.parents) if parent == at]
    return list(range(len(thread.comments)))


def make_shelf(index: Index, seed: int, posts: int = 8) -> Shelf:
    draw = random.Random(seed)
    threads = [drawn_thread(draw, f"{n}post") for n in range(posts)]
    put(index, *threads)
    comments = [(thread.post.id, comment.id) for thread in threads for comment in thread.comments]
    marks = [
        Annotation(f"m{n}", kind, post_id, comment_id, text, TextQuote(""), NOW, NOW, None, NOTE_KINDS[n % 2])
        for n, (post_id, comment_id) in enumerate(draw.sample(comments, min(12, len(comments))))
        for kind, text in [draw.choice(KINDS)]
    ]
    read = {comment_id for _, comment_id in draw.sample(comments, len(comments) // 2)}
    tags = {tag: set(draw.sample(comments, min(5, len(comments)))) for tag in ("later", "good")}
    return Shelf(index, threads, marks, read, {tag: {*on} for tag, on in tags.items()})


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with Index.create(tmp_path_factory.mktemp("shelf") / "index.db") as index:
        yield make_shelf(index, 11)


def drawn_atom(draw: random.Random) -> str:
    word, name = draw.choice(WORDS), draw.choice(("Ida", "Bo", '"Ida Berg"', "celik", "nobody"))
    days = draw.choice(("2021", "<2020-06", ">=2021-04-05", "2020-02..2021-03", "..2020", ">2021", "<=2019"))
    return draw.choice(
        (
            word,
            f'"{word} {draw.choice(WORDS)}"',
            f"{word[:2]}*" if word[:2].isalpha() else word,
            f"={draw.choice(('tea', 'oven'))}",
            f"author:{name}",
            f"title:{word.split('-')[0]}",
            f"post:{draw.randint(0, 9)}p",
            f"date:{days}",
            f"words:{draw.choice(('>4', '<=2', '3..5', '4'))}",
            f"depth:{draw.choice(('0', '>1', '1..2'))}",
            f"place:{draw.randint(1, 3)}" + draw.choice(("", ".1", ".2")),
            "tag:later",
            "note:green",
            f"between:{name},{draw.choice(('Ida', 'Bo'))}",
            *("is:unread is:read is:bookmarked is:noted is:question is:op has:link has:replies".split()),
            "has:warning",
        )
    )


def drawn_query(draw: random.Random, depth: int = 0) -> str:
    kind = draw.random() + 0.12 * depth
    if kind < 0.25:
        return " ".join(drawn_query(draw, depth + 1) for _ in range(draw.randint(2, 3)))
    if kind < 0.4:
        return f"({drawn_query(draw, depth + 1)} OR {drawn_query(draw, depth + 1)})"
    if kind < 0.5:
        return f"-({drawn_query(draw, depth + 1)})"
    if kind < 0.75:
        relation = draw.choice(("reply-to", "under", "has-reply", "thread-with"))
        return f"{relation}:({drawn_query(draw, depth + 1)})"
    return ("-" if draw.random() < 0.2 else "") + drawn_atom(draw)


@pytest.mark.parametrize("few", [ALL, 3], ids=["led by what is rare", "each looked at"])
def test_the_index_finds_what_a_scan_finds(shelf: Shelf, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadreader.index.lookup._FEW", few)
    monkeypatch.setattr("threadreader.index.lookup.SOME", few)
    monkeypatch.setattr("threadreader.search.meeting.SOME", few)
    draw = random.Random(few)
    some = 0
    for _ in range(500):
        query = drawn_query(draw)
        expected = shelf.scanned(query)
        assert shelf.hits(query) == expected, query
        some += bool(expected)
    assert some > 150  # the rest says little


def test_every_comment_is_found_by_its_words_and_phrases(shelf: Shelf) -> None:
    draw = random.Random(5)
    for thread in shelf.threads:
        for comment in draw.sample(thread.comments, min(5, len(thread.comments))):
            words = words_of(comment.text)
            assert comment.id in shelf.hits(draw.choice(words))
            first = draw.randrange(len(words))
            last = draw.randint(first + 1, len(words))
            assert comment.id in shelf.hits(f'"{" ".join(words[first:last])}"')


def test_two_words_find_what_one_finds_that_holds_the_other(shelf: Shelf) -> None:
    for one in WORDS:
        for other in WORDS:
            assert shelf.hits(f"{one} {other}") == shelf.hits(one) & shelf.hits(other)


VALID = (
    'author:Ida reply-to:(kettle OR "green door") -is:read date:2021-04..2021-06 sort:newest in:thread',
    "under:(under:(between:a,b)) ~zebra =tea gre* words:>4 depth:0 place:3.1 has:link",
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    query = list(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(query)))
        query[at : at + draw(st.integers(0, 2))] = draw(st.sampled_from('():"-~=* \x00é日<>.,0OR'))
    return "".join(query)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.one_of(mutated(), st.text(max_size=40)), exact=st.booleans())
def test_no_text_raises(shelf: Shelf, query: str, exact: bool) -> None:
    found = find(shelf.index, query, exact=exact, notes=shelf.marks, read=lambda: shelf.read)
    if found.mistake:
        assert found.hits == ()
        assert 0 <= found.mistake.start < found.mistake.end <= len(query)
        assert found.mistake.told


def test_what_the_reader_made_is_asked_of_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        comments = (DraftComment("green tea"), DraftComment("black tea", parent=0), DraftComment("coffee"))
        put(library.index, thread_of(Draft("outline", "Cups", "", comments), "p", source=""))
        tea, black, coffee = (comment.id for comment in library.index.thread("p").comments)
        library.annotations.mark_read("p", [tea])
        library.annotations.tag("p", black, ["Later"])
        library.annotations.bookmark("p", coffee, TextQuote("coffee"))
        library.annotations.note("p", tea, "Ask Ida", TextQuote("green tea"))

        def found(query: str) -> set[str | None]:
            return {hit.comment_id for hit in library.find(query).hits if hit.where == "comment"}

        assert found("is:read ") == {tea}
        assert found("is:unread tea") == {black}
        assert found("tag:later ") == found("tag:la") == {black}
        assert found("tag:la ") == set()
        assert found("is:bookmarked") == {coffee}
        assert found("note:ida") == found("is:noted") == {tea}
        assert found("reply-to:note:ida") == {black}
        assert [hit.where for hit in library.find("in:notes").hits] == ["note"]
        assert library.find("ida in:notes is:bookmarked").hits == ()


def test_hits_stand_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    days = (3, 1, 2)
    comments = [
        DraftComment(
            "tea " * (at + 1),
            parent=0 if at else None,
            created=dt.datetime(2020, 1, day, tzinfo=dt.UTC),
        )
        for at, day in enumerate(days)
    ]
    with Index.create(tmp_path / "index.db") as index:
        put(index, thread_of(Draft("outline", "Cups", "", (*comments, DraftComment("tea"))), "p", source=""))

        def order(query: str) -> list[str | None]:
            return [hit.place for hit in find(index, query).hits if hit.where == "comment"]

        assert order("tea sort:newest") == order("sort:newest") == ["1", "1.2", "1.1", "2"]
        assert order("tea sort:oldest") == order("sort:oldest") == ["1.1", "1.2", "1", "2"]
        assert order("tea sort:longest")[:2] == order("sort:longest")[:2] == ["1.2", "1.1"]
        assert order("tea sort:replies")[0] == order("sort:replies")[0] == "1"
        assert [hit.where for hit in find(index, "cups in:posts").hits] == ["title"]
        assert find(index, "tea in:posts").hits == ()
