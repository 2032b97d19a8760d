"""Forms of a word: spellings of two countries, and endings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.search.variants import variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "color"),
        ("neighbours", "neighbors"),
        ("organise", "organize"),
        ("organisation", "organization"),
        ("analysed", "analyzed"),
        ("centre", "center"),
        ("catalogue", "catalog"),
        ("defence", "defense"),
        ("travelling", "traveling"),
        ("grey", "gray"),
        ("kettle", "kettles"),
        ("match", "matches"),
        ("story", "stories"),
        ("tried", "tries"),
        ("hope", "hoping"),
        ("hoping", "hoped"),
        ("stop", "stopped"),
        ("walking", "walked"),
        ("happy", "happily"),
        ("large", "largest"),
    ],
)
def test_each_form_leads_to_the_other(one: str, other: str) -> None:
    assert other in variants(one)
    assert one in variants(other)


def test_an_older_spelling_leads_to_the_newer() -> None:
    assert "medieval" in variants("mediaeval")


@pytest.mark.parametrize("word", ["", "bus", "11", "酸いも甘いも", "über", "foo-bar"])
def test_what_is_short_or_foreign_has_no_forms(word: str) -> None:
    assert variants(word) == []


@given(st.text("abcdefghilmnorstuyz", max_size=12))
def test_forms_are_few_once_each_and_never_the_word_itself(word: str) -> None:
    forms = variants(word)
    assert len(forms) == len(set(forms)) < 400
    assert word not in forms
