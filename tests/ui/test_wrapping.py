"""Text in lines of cells: whole, in order, and never wider than asked."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from threadreader.ui.widgets.wrapping import Line, _graphemes, count_narrow, is_narrow, wrap

FAMILY = "👨‍👩‍👧‍👦"
NARROW = [*"ab “”’…–\u00a0é\n>-*•)", " ", " ", "   ", "\n\n", "- ", "12. ", "> ", "word", "longer-word" * 3]
NASTY = [
    *NARROW,
    *"漢字한！\u3000\u0301\u200b\u200d\ufe0f❤👩🇳🇴ﷺ\u0e33",
    "かなかな",
    "👍🏽",
    FAMILY,
    "क्षि",
    "e\u0301",
]

narrow_texts = st.lists(st.sampled_from(NARROW), max_size=40).map("".join)
texts = narrow_texts | st.lists(st.sampled_from(NASTY), max_size=40).map("".join)
widths = st.integers(1, 20) | st.integers(1, 120)


def drawn(text: str, width: int) -> list[str]:
    return [line.prefix + text[line.start : line.end] for line in wrap(text, width)]


@given(narrow_texts, widths)
def test_counting_lines_counts_those_that_wrapping_makes(text: str, width: int) -> None:
    assert count_narrow(text, width) == (len(wrap(text, width)) if text else 0)


@example(">漢", 2)
@example("🇳🇳", 1)  # two letters, one flag
@given(texts, widths)
def test_no_line_is_wider_than_asked_except_for_a_single_character_that_is(text: str, width: int) -> None:
    for start, end, prefix in wrap(text, width):
        alone = not prefix.strip() and len(list(_graphemes(text[start:end]))) == 1
        assert cell_len(prefix + text[start:end]) <= width or alone


@given(texts, widths)
def test_every_character_that_is_not_blank_is_on_a_line_once_and_in_order(text: str, width: int) -> None:
    lines = wrap(text, width)
    kept = "".join(text[line.start : line.end] for line in lines)
    assert kept.replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(before.end <= after.start for before, after in itertools.pairwise(lines))


@given(narrow_texts, widths)
def test_the_fast_way_and_the_way_by_cells_agree(text: str, width: int) -> None:
    # A wide character on a line of its own sends the whole text by way of cells.
    assert wrap(text + "\n漢", width)[: len(wrap(text, width))] == wrap(text, width)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("one   two", 6, ["one", "two"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("10\u00a0000 herons", 9, ["10\u00a0000", "herons"]),
        ("to 10\u00a0000", 6, ["to", "10\u00a0000"]),
        ("漢字かな", 4, ["漢字", "かな"]),
        ("漢字かな", 5, ["漢字", "かな"]),
        ("see 漢字かな", 8, ["see 漢字", "かな"]),
        ("one 👍🏽 two", 6, ["one 👍🏽", "two"]),
        (f"a {FAMILY} b", 4, [f"a {FAMILY}", "b"]),
        ("cafe\u0301 noir", 4, ["cafe\u0301", "noir"]),
    ],
)
def test_lines_break_at_blanks_and_only_what_is_too_long_is_cut(
    text: str, width: int, lines: list[str]
) -> None:
    assert drawn(text, width) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- one two three", ["- one two", "  three"]),
        ("2. one two three", ["2. one two", "   three"]),
        ("  * one two three", ["  * one", "    two", "    three"]),
        ("> one two three", ["> one two", "> three"]),
        (">> one two three", [">> one two", ">> three"]),
        ("1234. one two", ["1234. one", "two"]),
        ("-one two three", ["-one two", "three"]),
    ],
)
def test_lists_hang_under_their_first_word_and_quotes_carry_their_marker(text: str, lines: list[str]) -> None:
    assert drawn(text, 10) == lines


def test_a_marker_does_not_take_the_room_of_a_narrow_line() -> None:
    assert drawn("12. one", 4) == ["12.", "one"]


def test_a_character_wider_than_the_line_is_drawn_all_the_same() -> None:
    assert drawn("漢字", 1) == ["漢", "字"]


def test_a_line_is_a_slice_of_its_text() -> None:
    assert wrap("one two", 4) == [Line(0, 3, ""), Line(4, 7, "")]


@pytest.mark.parametrize(
    ("text", "narrow"), [("plain “curly” — é…", True), ("漢", False), ("e\u0301", False), ("👍", False)]
)
def test_narrow_is_what_takes_one_cell_a_character(text: str, narrow: bool) -> None:
    assert is_narrow(text) is narrow


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).filter(is_narrow))
def test_narrow_text_is_as_wide_as_it_is_long(text: str) -> None:
    assert cell_len(text) == len(text)
