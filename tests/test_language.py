"""What queries mean, what is a mistake in them, and what may complete them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadreader.model import Mistake
from threadreader.search.language import (
    GRAMMAR,
    And,
    Between,
    Completion,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Range,
    Structure,
    Word,
    completions,
    parsed,
    words_meant,
)

DAY = 86_400
YEAR_2021 = 18_628 * DAY  # its first second


def asked(query: str) -> Query:
    meant = parsed(query, open_end=False)
    assert isinstance(meant, Query), meant
    return meant


def tree(query: str) -> Node | None:
    return asked(query).tree


def mistake(query: str) -> tuple[str, str]:
    """What is marked, and what is told."""
    meant = parsed(query, open_end=True)
    assert isinstance(meant, Mistake), meant
    return query[meant.start : meant.end], meant.told


def word(text: str) -> Word:
    return Word(text, (text,))


def test_words_that_stand_together_bind_closer_than_or() -> None:
    assert tree("a b OR c") == Or((And((word("a"), word("b"))), word("c")))
    assert tree("a (b OR c)") == And((word("a"), Or((word("b"), word("c")))))
    assert tree("(a (b)) c") == And((word("a"), word("b"), word("c")))


def test_signs_stand_before_words_and_behind_them() -> None:
    assert tree("=tea") == Word("tea", ("tea",), "exact")
    assert tree("~tea") == Word("tea", ("tea",), "fuzzy")
    assert tree("te*") == Word("te", ("te",), "prefix")
    assert tree('-"green door"') == Not(Phrase("green door", ("green", "door")))
    assert tree("-well-known") == Not(Phrase("well-known", ("well", "known")))
    assert tree("-(a OR b)") == Not(Or((word("a"), word("b"))))


def test_only_the_last_word_goes_on_and_only_where_it_may() -> None:
    def is_open(query: str, *, open_end: bool = True) -> bool:
        meant = parsed(query, open_end=open_end)
        assert isinstance(meant, Query) and isinstance(meant.tree, (Word, Field))
        return meant.tree.is_open

    assert is_open("kett") and is_open("author:Id")
    assert not is_open("kett ") and not is_open("kett", open_end=False) and not is_open("=kett")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("date:2021", Range("date", YEAR_2021, YEAR_2021 + 365 * DAY)),
        ("date:2021-02", Range("date", YEAR_2021 + 31 * DAY, YEAR_2021 + 59 * DAY)),
        ("date:2021-01-02", Range("date", YEAR_2021 + DAY, YEAR_2021 + 2 * DAY)),
        ("date:2021-01..2021-02", Range("date", YEAR_2021, YEAR_2021 + 59 * DAY)),
        ("date:..2020", Range("date", None, YEAR_2021)),
        ("date:<2021", Range("date", None, YEAR_2021)),
        ("date:>2020", Range("date", YEAR_2021, None)),
        ("date:<=2020-12-31", Range("date", None, YEAR_2021)),
        ("DATE:>=2021", Range("date", YEAR_2021, None)),
        ("words:>200", Range("words", 201, None)),
        ("words:10..50", Range("words", 10, 51)),
        ("words:10..", Range("words", 10, None)),
        ("depth:0", Range("depth", 0, 1)),
        ("place:3.1", Field("place", "3.1")),
        ('author:"Ida Berg"', Field("author", "Ida Berg")),
        ("is:op", Flag("is:op")),
        ('between:Ida,"Bo B"', Between("Ida", "Bo B")),
        ("reply-to:author:Ida", Structure("reply-to", Field("author", "Ida"))),
        ("under:(has-reply:-is:op)", Structure("under", Structure("has-reply", Not(Flag("is:op"))))),
    ],
)
def test_a_field_means(query: str, meant: Node) -> None:
    assert tree(query) == meant


def test_the_answer_may_be_put_in_order_and_narrowed() -> None:
    assert asked("tea sort:newest in:posts") == (word("tea"), "newest", "posts")
    assert asked("sort:oldest in:notes").tree is None


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (
            "https://example.org/a_(b)",
            Phrase("https://example.org/a_(b)", ("https", "example", "org", "a", "b")),
        ),
        ("11:05", Phrase("11:05", ("11", "05"))),
        ("11.05", Phrase("11.05", ("11", "05"))),
        ("foo:bar", And((word("foo"), word("bar")))),
        ("note: tea", And((word("note"), word("tea")))),
        ('"green door', Phrase("green door", ("green", "door"))),
        ("(green door", And((word("green"), word("door")))),
        ("reply-to:(green", Structure("reply-to", word("green"))),
        ("OR tea", And((Word("OR", ("or",)), word("tea")))),
        ("tea OR", word("tea")),
        ("tea ()", word("tea")),
        ("-", Word("-", ())),
        (":", Word(":", ())),
        ("tea)", word("tea")),
    ],
)
def test_what_is_typed_innocently_is_no_mistake(query: str, meant: Node) -> None:
    assert tree(query) == meant


@pytest.mark.parametrize(
    ("query", "marked", "told"),
    [
        (
            "tea autor:Ida",
            "autor:",
            'author, title, tag, note, post, date, words, depth or place, not "autor": author?',
        ),
        (
            "replyto:x",
            "replyto:",
            'reply-to, under, has-reply, thread-with or between, not "replyto": reply-to?',
        ),
        (
            "date:2021-13 x",
            "date:2021-13",
            "a day, a month, a year or a range such as 2021-04..2021-06 after date:",
        ),
        ("words:many", "words:many", "a number or a range such as >200 or 10..50 after words:"),
        ("place:here", "place:here", "a place such as 3.1 after place:"),
        ("author:", "author:", "a name, in double quotes if it has several words, after author:"),
        ("between:Ida", "between:Ida", "two names with a comma, such as Ida,Bo, after between:"),
        (
            "is:red",
            "is:red",
            "unread, read, bookmarked, noted, mended, question, claim, quote or op after is:",
        ),
        ("sort:up", "sort:up", "best, newest, oldest, longest or replies after sort:"),
        ("-sort:best", "sort:best", "a blank before sort:, which is about the whole query"),
        ("reply-to: tea", "reply-to:", "a word, or several in parentheses, after reply-to:"),
        ("under:()", "under:", "a word, or several in parentheses, after under:"),
        ("(tea) milk)", ")", "a ( before this )"),
        ("(" * 40, "(", "at most 32 signs and parentheses in each other"),
        ("under:" * 9 + "tea", "under:", "at most 8 of these in each other"),
        ("is:op " * 101, ":", "at most 100 signs in a query"),
    ],
)
def test_a_mistake_tells_its_place_and_what_was_expected(query: str, marked: str, told: str) -> None:
    found = mistake(query)
    assert found[1] == told
    assert marked in (found[0], ":")


@settings(deadline=None)
@given(st.text(alphabet='ab ():"-~=*<>.,:ORreply-tounder0129é猫\x00', max_size=60))
def test_every_text_is_a_query_or_a_mistake_in_it(query: str) -> None:
    for open_end in (False, True):
        meant = parsed(query, open_end=open_end)
        if isinstance(meant, Mistake):
            assert 0 <= meant.start < meant.end <= len(query) and meant.told
        else:
            words_meant(meant.tree)
    completions(query, len(query) // 2, {"author": ["é b"]})


def test_words_that_a_text_must_lack_do_not_speak_for_it() -> None:
    assert words_meant(tree('tea -milk reply-to:water (cup OR "big mug") author:Ida')) == [
        "tea",
        "cup",
        "big",
        "mug",
    ]


NAMES = {"author": ["Bertha", "Ida Berg", "Bo"], "tag": ["later"], "title": ["On tea", "Beer"]}


@pytest.mark.parametrize(
    ("typed", "start", "offers"),
    [
        ("au", 0, ["author:"]),
        ("tea -h", 5, ["has:", "has-reply:"]),
        ("reply-to:is:b", 12, ["bookmarked"]),
        ("sort:", 5, ["best", "newest", "oldest", "longest", "replies"]),
        ("author:be", 7, ["Bertha", '"Ida Berg"']),
        ('author:"ida b', 7, ['"Ida Berg"']),
        ("author:berhta", 7, ["Bertha"]),
        ("between:Bo,id", 11, ['"Ida Berg"']),
        ("under:(tag:l", 11, ["later"]),
        ("post:te", 5, ['"On tea"']),
        ("tea ", 4, []),
        ("colour:b", 7, []),
    ],
)
def test_a_word_is_completed(typed: str, start: int, offers: list[str]) -> None:
    assert completions(f"{typed} and more", len(typed), NAMES) == [
        Completion(start, len(typed), offer) for offer in offers
    ]


def test_every_sign_of_the_grammar_is_understood() -> None:
    for sign, about in GRAMMAR:
        assert isinstance(parsed(sign, open_end=True), Query), sign
        assert about


def test_the_readme_shows_the_grammar_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for sign, about in GRAMMAR:
        assert f"| `{sign}` | {about} |" in readme
