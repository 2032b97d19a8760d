"""Links in a text: where they begin and end, and how they are numbered."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.links import addresses_in, can_be_opened, links_in, may_have_links


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Nothing here: at all", []),
        ("See https://dorve.example/a_b?c=1#d.", ["https://dorve.example/a_b?c=1#d"]),
        ("(http://dorve.example)", ["http://dorve.example"]),
        ("https://dorve.example/Gate_(river), they say", ["https://dorve.example/Gate_(river)"]),
        ("(see https://dorve.example/Gate_(river)).", ["https://dorve.example/Gate_(river)"]),
        ("https://dorve.example/a[1]", ["https://dorve.example/a[1]"]),
        ("“https://dorve.example/x”", ["https://dorve.example/x"]),
        ("<https://dorve.example/x>", ["https://dorve.example/x"]),
        ("HTTPS://Dorve.example", ["HTTPS://Dorve.example"]),
        ("mailto:ida@dorve.example, please", ["mailto:ida@dorve.example"]),
        ("mailto:nobody", []),
        ("https:// alone, http://.", []),
        ("ftp://dorve.example file:///etc/passwd javascript:alert(1)", []),
        ("https://dorve.example/a\u202egpj.exe", ["https://dorve.example/a"]),
        ("https://dorve.example/\x1b]0;x", ["https://dorve.example/"]),
    ],
)
def test_a_link_ends_where_its_address_does(text: str, addresses: list[str]) -> None:
    assert addresses_in(text) == addresses


def test_an_address_has_one_number_however_often_it_stands_there() -> None:
    text = "https://a.example https://b.example https://a.example, https://a.example/c"
    assert [link.number for link in links_in(text)] == [1, 2, 1, 3]
    assert addresses_in(text) == ["https://a.example", "https://b.example", "https://a.example/c"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "https://a.example -x", "-x", "", "see https://a.b"]
)
def test_only_a_whole_link_can_be_opened(address: str) -> None:
    assert not can_be_opened(address)
    assert can_be_opened("https://a.example/x")


@given(st.lists(st.sampled_from(["https://", "mailto:", *"a@.,()[] \n’*1"]), max_size=30).map("".join))
def test_links_are_slices_in_order_and_a_quick_look_misses_none(text: str) -> None:
    links = links_in(text)
    assert all(text[link.start : link.end] == link.address for link in links)
    assert all(one.end <= next_.start for one, next_ in pairwise(links))
    assert may_have_links(text) or not links
    assert all(can_be_opened(link.address) for link in links)


def test_a_link_of_nothing_but_brackets_takes_no_longer_than_it_is_long() -> None:
    began = time.perf_counter()
    links_in("https://a" + ")" * 200_000)
    assert time.perf_counter() - began < 1
