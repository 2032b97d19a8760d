"""Keys that the settings give: what they change, and what is told of those that can't be followed."""

from pathlib import Path

import pytest

from threadreader.settings import Keys, Settings
from threadreader.settings.reading import ReadSettings, read_settings
from threadreader.ui.keys import Key, Keyed, Keymap
from threadreader.ui.panes import TOGETHER, actions, mistakes_in
from threadreader.ui.presets import PRESETS, keymap_of
from threadreader.ui.widgets.thread_view import ThreadView


class Pane(Keyed):
    KEYS = (
        Key("pane.next", "j,down", "next", "Next", "Move"),
        Key("pane.first", "g g,home", "first", "First", "Move"),
    )


def told(keys: dict[str, str]) -> list[str]:
    read = ReadSettings(Settings(keys=Keys("vim", keys)), Path("settings.toml"))
    return [mistake.message for mistake in mistakes_in(read, ())]


def test_a_keymap_changes_what_it_names_and_nothing_else() -> None:
    keymap = Keymap({"pane.next": "ctrl+n,x n", "other.action": "q"})
    changed, first = keymap.keys_of(Pane)
    assert (changed.id, changed.action, changed.shown) == ("pane.next", "next", "Ctrl-n xn")
    assert first is Pane.KEYS[1]
    assert keymap.keys_of(Pane)[0] is changed


def test_empty_keys_take_an_action_its_keys_away() -> None:
    key = Keymap({"pane.next": ""}).keys_of(Pane)[0]
    assert (key.alternatives, key.shown) == ([], "")
    assert "j" not in Keymap({"pane.next": ""}).singles()["pane.next"].split(",")


def test_signs_may_be_written_as_they_are_typed() -> None:
    key = Key("pane.any", "alt+<,ctrl+_,+,ctrl++,comma,- =", "any", "Any", "Move")
    assert key.alternatives == [
        ("alt+less_than_sign",),
        ("ctrl+underscore",),
        ("plus",),
        ("ctrl+plus",),
        ("comma",),
        ("minus", "equals_sign"),
    ]
    assert key.shown == "Alt-< Ctrl-_ + Ctrl-+ , -="


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_can_be_followed_whole(preset: str) -> None:
    assert told(dict(PRESETS[preset])) == []


def test_arrows_need_no_letter_to_move() -> None:
    keymap = keymap_of(Keys("arrows"))
    moving = [
        key
        for node in {node for pair in TOGETHER for node in pair}
        for key in keymap.keys_of(node)
        if key.group in ("Move", "Walk") and not key.id.endswith(("centre", "to-top", "to-bottom"))
    ]
    assert len(moving) > 20
    assert [key.id for key in moving if key.sign(typing=True) is None and "space" not in key.keys] == []


def test_given_keys_go_over_those_of_the_preset() -> None:
    keymap = keymap_of(Keys("emacs", {"thread.next": "f5"}))
    keys = {key.id: key.keys for key in keymap.keys_of(ThreadView)}
    assert (keys["thread.next"], keys["thread.previous"]) == ("f5", "ctrl+p,up")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"thread.nxt": "x"}, 'no action "thread.nxt"; the nearest is "thread.next".'),
        ({"thread.next": "Hme"}, 'no key "Hme"; the nearest is "home".'),
        ({"thread.next": "cntrl+n"}, 'no key "cntrl+n"'),
        ({"thread.next": "3 j"}, '"3j" begins with a digit, which is a count.'),
        ({"thread.next": "k"}, '"k" is given to "thread.next", but does "thread.previous" already.'),
        ({"mark.note": "B"}, '"B" is given to "mark.note", but does "mark.bookmark" already.'),
        ({"thread.next": "g"}, '"g" does "thread.next", so "g0" for "thread.root" is never reached.'),
        (
            {"reader.search": "z"},
            '"z" does "reader.search", so "z1" for "thread.level-1" is never reached.',
        ),
        ({"thread.next": "k x"}, '"k" does "thread.previous", so "kx" for "thread.next" is never reached.'),
    ],
)
def test_what_can_not_be_followed_is_told(keys: dict[str, str], message: str) -> None:
    assert any(one.startswith(message) for one in told(keys)), told(keys)


def test_two_actions_may_change_keys_with_each_other() -> None:
    assert told({"thread.next": "k,down", "thread.previous": "j,up"}) == []


def test_a_pane_may_have_a_key_of_its_screen() -> None:
    assert told({"thread.next": "s", "posts.quit": "x"}) == []


def test_mistakes_of_keys_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[keys]\n'thread.next' = 'k'\n# more\n'thread.in' = 'no-key'\n")
    found = mistakes_in(read_settings(path, {}), ())
    assert [mistake.line for mistake in found] == [2, 4]


def test_every_action_can_be_given_a_key() -> None:
    free = [f"f{n}" for n in range(1, 13)]
    for action in actions():
        assert told({action: "ctrl+f12 " + free[0]}) == [], action
