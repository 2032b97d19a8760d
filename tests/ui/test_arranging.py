"""A thread in another order, as one list, or only the way to a comment: nothing is lost."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.model import Thread
from threadreader.ui.screens.arranging import ORDERS, Arrangement, Part
from ui.threads import NOON, chain, changed, thread

TALK = thread(
    [0, 1, 2, 1, 0, 1, 0], {"1": "a", "2": "a b c", "3": "a b", "1.2": "longer than 1.1", "1.1": "1"}
)


def shown(thread: Thread) -> list[str]:
    return [comment.id for comment in thread.comments]


def ordered(order: str, *, flat: bool = False, of: Thread = TALK) -> list[str]:
    return shown(Arrangement(order, flat).of(of))


def test_thread_order_is_the_thread_itself() -> None:
    assert Arrangement().of(TALK) is TALK


def test_siblings_are_sorted_and_stay_under_their_parents() -> None:
    assert ordered("longest") == ["2", "2.1", "3", "1", "1.2", "1.1", "1.1.1"]
    assert ordered("most replies") == ["1", "1.1", "1.1.1", "1.2", "2", "2.1", "3"]


def test_the_newest_stand_first_and_those_without_a_time_last() -> None:
    late = changed(changed(TALK, "3", created=NOON), "2", created=NOON - dt.timedelta(days=1))
    assert ordered("newest", of=late) == ["3", "2", "2.1", "1", "1.1", "1.1.1", "1.2"]


def test_authors_are_sorted_as_they_are_shown() -> None:
    named = changed(changed(TALK, "3", author="ada"), "1", author="Bo")
    assert ordered("author", of=named)[0] == "3"


def test_a_flat_thread_is_one_list_of_comments_that_keep_their_places() -> None:
    flat = Arrangement("longest", flat=True).of(TALK)
    assert {(c.depth, c.parent_id) for c in flat.comments} == {(0, None)}
    assert [c.place for c in flat.comments][:1] == ["1.2"]
    assert ordered("thread order", flat=True) == shown(TALK)


def test_what_can_not_be_told_is_not_offered() -> None:
    orders = [Arrangement()]
    while (following := orders[-1].next_order(TALK)) != Arrangement():
        orders.append(following)
    assert [a.order for a in orders] == ["thread order", "longest", "most replies", "author"]
    assert Arrangement().next_order(changed(TALK, "1", created=NOON)).order == "newest"


def test_the_path_is_what_leads_to_a_comment() -> None:
    assert shown(Part(["1.1.1"], "").of(TALK)[0]) == ["1", "1.1", "1.1.1"]
    assert shown(Part(["3"], "").of(TALK)[0]) == ["3"]


def test_a_chain_of_thousands_is_no_deeper_than_a_loop() -> None:
    assert len(Arrangement("longest").of(chain(5_000)).comments) == 5_000


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("order", ORDERS)
@given(data=st.data())
def test_every_comment_is_there_once_and_after_its_parent(
    order: str, flat: bool, data: st.DataObject
) -> None:
    depths: list[int] = []
    for _ in range(data.draw(st.integers(0, 12))):
        depths.append(data.draw(st.integers(0, depths[-1] + 1 if depths else 0)))
    made = thread(depths)
    arranged = Arrangement(order, flat).of(made)
    assert sorted(shown(arranged)) == sorted(shown(made))
    seen: set[str | None] = {None}
    for comment in arranged.comments:
        assert comment.parent_id in seen
        seen.add(comment.id)
