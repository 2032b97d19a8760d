"""The keymap: sequences, counts, and every key leading somewhere."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from textual import events
from textual.actions import parse

from threadreader.ui.app import ThreadReaderApp
from threadreader.ui.keys import Key, Keyed, Pressed, Sequences, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.widgets.filter_line import FilterLine
from threadreader.ui.widgets.hit_list import HitList
from threadreader.ui.widgets.mark_list import MarkList
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.thread_view import ThreadView

# What has the keys together: the widget in focus and the screen it is on.
LIVE: list[tuple[type[Keyed], type[Keyed]]] = [
    (ThreadView, ReaderScreen),
    (PostList, ReaderScreen),
    (MarkList, MarksScreen),
    (FilterLine, MarksScreen),
    (HitList, SearchScreen),
]
NODES: list[type[Keyed]] = [
    KeyedScreen,
    ReaderScreen,
    MarksScreen,
    SearchScreen,
    ThreadView,
    PostList,
    MarkList,
    HitList,
]


class Pane(Keyed):
    KEYS = (
        Key("pane.next", "j,down", "next", "Next", "Move"),
        Key("pane.first", "g g,home", "first", "First", "Move"),
        Key("pane.root", "g 0", "root", "Root", "Move"),
        Key("pane.level", "z 1", "level", "Level", "Fold"),
    )


class Base(Keyed):
    KEYS = (
        Key("base.undo", "u", "undo", "Undo", "Mark"),
        Key("base.bookmarks", "g b", "bookmarks", "Bookmarks", "Mark"),
        Key("base.shadowed", "g g", "shadowed", "Never reached", "Mark"),
    )


class Keyboard:
    """Presses keys on a pane in a screen, as the screens do."""

    def __init__(self) -> None:
        self.pane, self.base = Pane(), Base()
        self.sequences = Sequences()

    def press(self, *keys: str) -> Pressed:
        for key in keys:
            event = events.Key(key, key if len(key) == 1 else None)
            pressed = self.sequences.press(event, [self.pane, self.base])
        return pressed


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


def test_a_single_key_is_a_command_at_once(keyboard: Keyboard) -> None:
    assert keyboard.press("j").node is keyboard.pane


def test_a_key_of_nobody_is_left_to_others(keyboard: Keyboard) -> None:
    assert keyboard.press("f12") == Pressed(taken=False)


def test_a_sequence_waits_for_its_end(keyboard: Keyboard) -> None:
    assert keyboard.press("g") == Pressed(taken=True)
    assert keyboard.sequences.pending.shown == "g"
    pressed = keyboard.press("g")
    assert (pressed.node, pressed.key) == (keyboard.pane, Pane.KEYS[1])
    assert keyboard.sequences.pending.shown == ""


def test_a_sequence_is_looked_for_in_every_node_the_nearest_first(keyboard: Keyboard) -> None:
    assert keyboard.press("g", "b").node is keyboard.base
    assert keyboard.press("g", "g").node is keyboard.pane


def test_what_can_follow_is_told(keyboard: Keyboard) -> None:
    keyboard.press("g")
    told = keyboard.sequences.continuations([keyboard.pane, keyboard.base])
    assert told == [("g", "First"), ("0", "Root"), ("b", "Bookmarks"), ("g", "Never reached")]


def test_nothing_follows_where_nothing_is_pending(keyboard: Keyboard) -> None:
    assert keyboard.sequences.continuations([keyboard.pane]) == []


def test_a_count_reaches_the_node_of_the_command_once(keyboard: Keyboard) -> None:
    assert keyboard.press("1", "2", "j").node is keyboard.pane
    assert (keyboard.pane.count(), keyboard.pane.count()) == (12, 1)


def test_a_sequence_takes_a_count(keyboard: Keyboard) -> None:
    keyboard.press("3", "g", "g")
    assert keyboard.pane.count(default=0) == 3


def test_a_count_that_nobody_asked_for_does_not_reach_the_next_command(keyboard: Keyboard) -> None:
    keyboard.press("5", "z", "1")
    keyboard.press("j")
    assert keyboard.pane.count() == 1


def test_zero_is_a_digit_only_after_another(keyboard: Keyboard) -> None:
    assert keyboard.press("0") == Pressed(taken=False)
    keyboard.press("1", "0")
    assert keyboard.sequences.pending.shown == "10"


def test_digits_within_a_sequence_are_its_own(keyboard: Keyboard) -> None:
    assert keyboard.press("g", "0").key == Pane.KEYS[2]
    assert keyboard.press("2", "z", "1").key == Pane.KEYS[3]


@pytest.mark.parametrize("typed", [("g",), ("1", "2"), ("4", "g")])
@pytest.mark.parametrize("key", ["escape", "x"])
def test_escape_and_an_unknown_key_give_up_what_was_typed(
    keyboard: Keyboard, typed: Sequence[str], key: str
) -> None:
    keyboard.press(*typed)
    assert keyboard.press(key) == Pressed(taken=True)
    assert keyboard.sequences.pending.shown == ""
    assert keyboard.press("j").node is keyboard.pane
    assert keyboard.pane.count() == 1


def test_keys_are_shown_as_a_person_reads_them() -> None:
    key = Key("pane.all", "g g,ctrl+d,pagedown,],left_curly_bracket,shift+tab,alt+up", "x", "X", "Move")
    assert key.shown == "gg Ctrl-d PgDn ] { Shift-Tab Alt-↑"


def test_single_keys_become_bindings_and_what_has_none_can_be_given_one() -> None:
    made = bindings(Pane.KEYS)
    assert [(b.id, b.key) for b in made if not isinstance(b, tuple)] == [
        ("pane.next", "j,down"),
        ("pane.first", "home"),
        ("pane.root", "no-key-pane.root"),
        ("pane.level", "no-key-pane.level"),
    ]


def every_key(node: type[Keyed]) -> list[Key]:
    return [key for cls in node.__mro__ for key in cls.__dict__.get("KEYS", ())]


@pytest.mark.parametrize("node", NODES)
def test_every_key_does_something_that_there_is(node: type[Keyed]) -> None:
    for key in every_key(node):
        namespace, name, _ = parse(key.action)
        target = {"": node, "app": ThreadReaderApp}[namespace]
        assert hasattr(target, f"action_{name}"), key


@pytest.mark.parametrize(("pane", "screen"), LIVE)
def test_ids_are_unique_and_no_key_of_a_pane_hides_another_of_it(
    pane: type[Keyed], screen: type[Keyed]
) -> None:
    ids = [key.id for node in (pane, screen) for key in every_key(node)]
    assert len(ids) == len(set(ids))
    for node in (pane, screen):
        ways = [way for key in every_key(node) for way in key.alternatives]
        assert len(ways) == len(set(ways))


@pytest.mark.parametrize(("pane", "screen"), LIVE)
def test_no_sequence_begins_with_what_is_a_command_itself(pane: type[Keyed], screen: type[Keyed]) -> None:
    ways = sorted({way for node in (pane, screen) for key in every_key(node) for way in key.alternatives})
    assert not [(short, long) for short, long in pairwise(ways) if long[: len(short)] == short]
