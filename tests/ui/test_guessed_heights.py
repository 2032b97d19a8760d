"""A long thread, of which only what is near was counted, looks like one that was counted whole."""

import random
from collections.abc import Callable

import pytest

from threadreader.model import Thread
from threadreader.ui.widgets import comment_painter, thread_layout
from threadreader.ui.widgets.thread_view import ThreadView
from ui.test_thread_view import viewing
from ui.threads import thread

PLACES = ("40", "80")
STEPS: list[Callable[[ThreadView], object]] = [
    ThreadView.action_next_comment,
    ThreadView.action_previous_comment,
    lambda view: view.action_sibling(1),
    lambda view: view.action_sibling(-1),
    lambda view: view.action_page(1),
    lambda view: view.action_page(-1),
    lambda view: view.action_half_page(1),
    lambda view: view.action_half_page(-1),
    ThreadView.action_first,
    ThreadView.action_last,
    ThreadView.action_parent,
    lambda view: view.action_top_level(1),
    lambda view: view.action_top_level(-1),
    lambda view: view.action_place(0.5),
    lambda view: view.action_place(1),
    ThreadView.action_toggle_fold,
    ThreadView.action_fold_subtree,
    lambda view: view.action_fold_to_level(1),
    ThreadView.action_open_all,
    lambda view: view.go_to(PLACES[0], unfold=True),
    lambda view: view.go_to(PLACES[1]),
    lambda view: view.action_unread(1),
    lambda view: view.action_unread(-1),
    lambda view: view.find("rare"),
    lambda view: view.action_find_step(1),
    lambda view: view.action_find_step(-1),
    lambda view: view.end_find(restore=False),
    lambda view: view.end_find(restore=True),
    lambda view: view.scroll_to(y=view.scroll_offset.y + 20, animate=False, immediate=True),
    lambda view: view.scroll_to(y=view.scroll_offset.y - 20, animate=False, immediate=True),
]


def varied(chance: random.Random) -> Thread:
    depths: list[int] = []
    texts = {}
    for number in range(400):
        depths.append(chance.randint(0, min(depths[-1] + 1, 6)) if number % 4 else 0)
    shown = thread(depths)
    for comment in shown.comments:
        words = " ".join(chance.choices(["a", "gate", "heron", "extraordinarily"], k=chance.randint(1, 30)))
        texts[comment.id] = words + chance.choices(["", "\n\nAnd again.", " rare"], [60, 37, 3])[0]
    return thread(depths, texts)


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_guessed_is_never_seen(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_layout, "_AHEAD", 2)
    chance = random.Random(seed)
    shown = varied(chance)
    read = [comment.id for comment in shown.comments if chance.random() < 0.97]
    # The same again and again: what was counted on the way must not be all that there is on it.
    steps = [step for step in chance.choices(STEPS, k=40) for _ in range(chance.randint(1, 12))]
    async with viewing(shown, size=(50, 8), read=read) as counted:
        monkeypatch.setattr(comment_painter, "SHORT", 0)
        async with viewing(shown, size=(50, 8), read=read) as guessed:
            assert guessed.view.layout_.lines != counted.view.layout_.lines
            for number, step in enumerate(steps):
                for view in (counted.view, guessed.view):
                    step(view)
                assert guessed.screen == counted.screen, (number, STEPS.index(step))
                assert guessed.view.cursor == counted.view.cursor, number
