"""Lines and nodes: what folds hide, and which line is whose."""

from hypothesis import given
from hypothesis import strategies as st

from threadreader.model import Thread
from threadreader.ui.widgets.thread_layout import POST, ThreadLayout
from ui.threads import chain, forests, thread

# Nodes:               0 (post), 1, 1.1, 1.1.1, 1.2, 2, 3, 3.1  ->  1 2 3 4 5 6 7
FAMILY = thread([0, 1, 2, 1, 0, 0, 1])


def arranged(thread: Thread, folded: tuple[int, ...] = (), heights: tuple[int, ...] = (3,)) -> ThreadLayout:
    layout = ThreadLayout(thread, lambda nodes: [heights[node % len(heights)] for node in nodes])
    layout.measure()
    layout.fold(folded, True)
    layout.arrange()
    return layout


@st.composite
def folded_forests(draw: st.DrawFn) -> ThreadLayout:
    forest = draw(forests)
    folded, revealed = (
        tuple(n for n in range(len(forest.comments) + 1) if bits >> n & 1)
        for bits in draw(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF)))
    )
    layout = arranged(forest, folded, heights=(3, 1, 2, 5))
    layout.revealed = set(revealed[:3])
    layout.arrange()
    return layout


@given(folded_forests())
def test_visible_is_what_has_no_closed_ancestor_in_reading_order(layout: ThreadLayout) -> None:
    nodes = range(layout.size)
    open_ways = [node for node in nodes if not any(map(layout.is_closed, layout.ancestors(node)))]
    assert list(layout.visible) == open_ways
    assert [node for node in nodes if layout.is_visible(node)] == open_ways


@given(folded_forests())
def test_every_line_belongs_to_one_visible_node_and_leads_back_to_it(layout: ThreadLayout) -> None:
    owners = [node for node in layout.visible for _ in range(layout.top(node), layout.bottom(node))]
    assert [layout.at_line(line) for line in range(layout.lines)] == owners


@given(folded_forests())
def test_a_closed_node_takes_one_line_and_an_open_one_its_height(layout: ThreadLayout) -> None:
    line = 0
    for node in layout.visible:
        assert layout.top(node) == line
        line += 1 if layout.is_closed(node) else next(iter(layout._heights_of([node])))
        assert layout.bottom(node) == line
    assert layout.lines == line


@given(folded_forests(), st.integers(0, 40), st.integers(0, 40))
def test_between_gives_the_nodes_that_have_a_line_there(layout: ThreadLayout, first: int, more: int) -> None:
    first = min(first, layout.lines - 1)
    last = min(first + more, layout.lines - 1)
    assert list(layout.between(first, last)) == sorted({layout.at_line(n) for n in range(first, last + 1)})


@given(folded_forests(), st.data())
def test_what_a_fold_hides_is_shown_by_the_closed_comment_nearest_the_root(
    layout: ThreadLayout, data: st.DataObject
) -> None:
    node = data.draw(st.integers(0, layout.size - 1))
    hidden_by = layout.hidden_by(node)
    assert layout.shown_for(node) == (hidden_by[-1] if hidden_by else node)
    layout.fold(hidden_by, False)
    layout.arrange()
    assert layout.is_visible(node)


@given(folded_forests(), st.data())
def test_siblings_are_those_with_the_same_parent_nearest_first(
    layout: ThreadLayout, data: st.DataObject
) -> None:
    node = data.draw(st.integers(0, layout.size - 1))
    family = [n for n in range(1, layout.size) if layout.parents[n] == layout.parents[node]]
    if node != POST:
        assert list(layout.siblings(node, forward=True)) == [n for n in family if n > node]
        assert list(layout.siblings(node, forward=False)) == [n for n in family if n < node][::-1]


def test_lines_outside_the_thread_belong_to_its_ends() -> None:
    layout = arranged(FAMILY)
    assert (layout.at_line(-5), layout.at_line(10_000)) == (POST, 7)


def test_a_subtree_ends_where_its_last_reply_does() -> None:
    assert list(arranged(FAMILY).ends) == [1, 5, 4, 4, 5, 6, 8, 8]


def test_folding_skips_the_subtree_and_unfolding_brings_it_back() -> None:
    layout = arranged(FAMILY, folded=(1,))
    assert (list(layout.visible), layout.lines) == ([0, 1, 5, 6, 7], 3 + 1 + 3 + 3 + 3)
    assert layout.fold([1], False)
    layout.arrange()
    assert (list(layout.visible), layout.lines) == (list(range(8)), 8 * 3)


def test_folding_what_is_folded_changes_nothing() -> None:
    layout = arranged(FAMILY, folded=(1,))
    assert not layout.fold([1], True)


def test_the_folded_replies_of_a_folded_comment_stay_folded_when_it_opens() -> None:
    layout = arranged(FAMILY, folded=(1, 2))
    layout.fold([1], False)
    layout.arrange()
    assert list(layout.visible) == [0, 1, 2, 4, 5, 6, 7]


def test_a_revealed_comment_is_open_until_it_is_no_longer_revealed() -> None:
    layout = arranged(FAMILY, folded=(1, 2))
    layout.revealed = {1}
    layout.arrange()
    assert list(layout.visible) == [0, 1, 2, 4, 5, 6, 7]
    layout.revealed.clear()
    layout.arrange()
    assert list(layout.visible) == [0, 1, 5, 6, 7]


def test_folding_by_hand_ends_revealing() -> None:
    layout = arranged(FAMILY, folded=(1,))
    layout.revealed = {1}
    layout.fold([1], True)
    assert layout.is_closed(1)


def test_steps_go_by_visible_rows_and_stop_at_the_ends() -> None:
    layout = arranged(FAMILY, folded=(1,))
    assert [layout.step(1, by) for by in (1, 2, -1, 99, -99)] == [5, 6, 0, 7, 0]


def test_levels_close_what_lies_at_them_and_below_but_never_the_post() -> None:
    layout = arranged(FAMILY)
    seen = []
    for level in (0, 1, 2, 3):
        layout.fold_to_level(level)
        layout.arrange()
        seen.append((list(layout.visible), [n for n in layout.visible if layout.is_closed(n)], layout.level))
    assert seen == [
        ([0, 1, 5, 6], [1, 5, 6], 0),
        ([0, 1, 2, 4, 5, 6, 7], [2, 4, 7], 1),
        (list(range(8)), [3], 2),
        (list(range(8)), [], 3),
    ]


def test_a_post_without_comments_is_one_node() -> None:
    layout = arranged(thread([]))
    assert (list(layout.visible), layout.lines, layout.level) == ([POST], 3, 1)


def test_a_chain_of_five_thousand_replies_is_walked_without_recursion() -> None:
    layout = arranged(chain(5_000))
    assert layout.lines == 5_001 * 3
    assert len(list(layout.ancestors(5_000))) == 4_999
    layout.fold([1], True)
    layout.arrange()
    assert layout.shown_for(5_000) == 1
    assert list(layout.visible) == [POST, 1]
