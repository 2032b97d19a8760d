"""Where words, sentences and paragraphs end; whatever a text holds, its pieces are the text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadreader.passages import Cut, all_lit, paragraphs, sentences, widened, words

CUTS: list[Cut] = [words, sentences, paragraphs]
SIGNS = st.sampled_from([*"aZé.!?…’'\"”)» \n-,1。」한字\u0301", "\n\n", "e.g.", "Dr.", " A.", "\n1. "])


def lit(cut: Cut, text: str) -> list[str]:
    return [text[start:end] for start, end in all_lit(text, cut)]


@settings(derandomize=True, deadline=None)
@pytest.mark.parametrize("cut", CUTS)
@given(text=st.text() | st.lists(SIGNS, max_size=30).map("".join))
def test_pieces_join_up_to_the_text(cut: Cut, text: str) -> None:
    pieces = cut(text)
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(start < end for start, end in pieces)
    spans = all_lit(text, cut)
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans) and all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The heron’s gate — “don't”, he said.", ["The", "heron’s", "gate", "don't", "he", "said"]),
        ("A well-known 3.5 at example.org.", ["A", "well-known", "3.5", "at", "example.org"]),
        ("cafe\u0301 naïve हिन्दी", ["cafe\u0301", "naïve", "हिन्दी"]),
        ("鷺が来た。ok", ["鷺", "が", "来", "た", "ok"]),
        ("… — !", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert lit(words, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("“Why?” he asked. (So he did.) Yes.", ["“Why?” he asked.", "(So he did.)", "Yes."]),
        ("Birds, e.g. herons, i.e. these. Good.", ["Birds, e.g. herons, i.e. these.", "Good."]),
        ("Dr. Ash met J. R. Reed at 5 St. John. So.", ["Dr. Ash met J. R. Reed at 5 St. John.", "So."]),
        ("It was he and I. Then none.", ["It was he and I.", "Then none."]),
        ("And then ... nothing. It costs 3.50 here.", ["And then ... nothing.", "It costs 3.50 here."]),
        ("no capitals. none at all! none? no.", ["no capitals.", "none at all!", "none?", "no."]),
        ("鷺が来た。「そう！」と言った。", ["鷺が来た。", "「そう！」", "と言った。"]),
        ("A title\n\nA text\nthat goes on. End", ["A title", "A text\nthat goes on.", "End"]),
        ("Two:\n1. one\n2. two", ["Two:", "1. one", "2. two"]),
        ("What?! No!!! Yes.", ["What?!", "No!!!", "Yes."]),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert lit(sentences, text) == found


def test_paragraphs() -> None:
    assert lit(paragraphs, "One\nand on.\n\n\nTwo.\n \nThree.\n") == ["One\nand on.", "Two.", "Three."]


def test_a_passage_is_widened_to_what_it_touches_and_then_takes_one_more() -> None:
    text = "One two. Three four. Five."
    spans = all_lit(text, sentences)
    first = widened(spans, (4, 7))
    assert first == (0, 8)
    assert widened(spans, (0, 8)) == (0, 20)
    assert widened(spans, (4, 14)) == (0, 20)
    assert widened(spans, (9, 20), backward=True) == (0, 20)
    assert widened(spans, (0, 26)) is None
    assert widened(spans, (0, 8), backward=True) is None
