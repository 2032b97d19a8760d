"""Finding in a thread: what is typed plainly finds what is typeset finely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.ui.widgets.thread_find import ThreadFind


def places(texts: list[str], query: str) -> list[tuple[int, int, int]]:
    return [(at, *span) for at, spans in ThreadFind(texts).matches(query).items() for span in spans]


def test_every_match_is_told_by_text_and_place() -> None:
    assert places(["gate", "a gate, a gate", ""], "gate") == [(0, 0, 4), (1, 2, 6), (1, 10, 14)]


def test_small_letters_find_any_case_and_a_capital_asks_for_it() -> None:
    texts = ["Heron", "heron", "HERON"]
    assert [at for at, *_ in places(texts, "heron")] == [0, 1, 2]
    assert [at for at, *_ in places(texts, "Heron")] == [0]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("don’t", "don't"),
        ("don't", "don’t"),
        ("a “gate” here", '"gate"'),
        ("10\u00a0000", "10 000"),
        ("one\ntwo", "one two"),
    ],
)
def test_plain_quotes_and_blanks_find_typeset_ones(text: str, query: str) -> None:
    assert len(places([text], query)) == 1


def test_a_capital_with_a_longer_small_letter_does_not_shift_what_stands_after_it() -> None:
    assert places(["İİ heron", "heron"], "heron") == [(0, 3, 8), (1, 0, 5)]


def test_a_match_never_reaches_from_one_text_into_the_next() -> None:
    assert places(["he", "ron"], "heron") == []


@pytest.mark.parametrize("query", ["", "nowhere"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert not ThreadFind(["heron"]).matches(query)
    assert places(["heron"], query) == []


def test_matches_do_not_overlap() -> None:
    assert places(["aaaa"], "aa") == [(0, 0, 2), (0, 2, 4)]


def test_matches_are_numbered_in_reading_order_and_found_from_any_text_on() -> None:
    matches = ThreadFind(["gate", "", "a gate, a gate"]).matches("gate")
    assert [matches.place(number) for number in range(matches.total)] == [
        (0, (0, 4)),
        (2, (2, 6)),
        (2, (10, 14)),
    ]
    assert [matches.first_from(text) for text in range(3)] == [0, 1, 1]
    assert ThreadFind(["gate", "", ""]).matches("gate").first_from(2) == 0


def test_matches_are_counted_and_placed_in_threads_of_many_blocks() -> None:
    texts = ["gate"] * 300 + [""] * 300 + ["the gate, the gate"] * 100
    matches = ThreadFind(texts).matches("gate")
    assert matches.total == 500
    assert matches.place(299) == (299, (0, 4))
    assert matches.place(301) == (600, (14, 18))
    assert [matches.between(*texts) for texts in [(0, 700), (255, 257), (290, 601), (650, 700)]] == [
        500, 2, 12, 100
    ]  # fmt: skip
    assert [matches.first_from(text) for text in (256, 300, 512, 699)] == [256, 300, 300, 498]


@given(st.lists(st.text("aAbİß’ \n", max_size=12), max_size=6), st.text("aAb' ", min_size=1, max_size=3))
def test_a_match_holds_what_was_asked_for_and_lies_in_its_text(texts: list[str], query: str) -> None:
    for at, start, end in places(texts, query):
        words = texts[at][start:end].replace("’", "'").replace("\n", " ")
        assert words == query or words.lower() == query


@given(st.lists(st.text("ab ", max_size=8), max_size=6), st.text("ab", min_size=1, max_size=2))
def test_matches_are_numbered_in_reading_order(texts: list[str], query: str) -> None:
    found = ThreadFind(texts).matches(query)
    numbered = [(at, span) for at, spans in found.items() for span in spans]
    assert [found.place(number) for number in range(found.total)] == numbered
    for text in range(len(texts)):
        following = [number for number, (at, _) in enumerate(numbered) if at >= text]
        assert found.first_from(text) == (following[0] if following else 0)
