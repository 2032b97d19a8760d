"""The thread pane alone: no library, no store; keys in, places and messages out."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import compress
from typing import TypeVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message

from threadreader.model import Thread
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.comment_painter import ThreadMarks
from threadreader.ui.widgets.thread_view import ThreadView
from ui.driving import Driver
from ui.threads import note, thread

FAMILY = thread([0, 1, 2, 1, 0, 0, 1, 1])
PLACES = [None, "1", "1.1", "1.1.1", "1.2", "2", "3", "3.1", "3.2"]
LONG = thread([0, 1] * 30)

Told = TypeVar("Told", bound=Message)


class Alone(KeyedScreen[None]):
    """A screen with nothing but a thread, which remembers what it was told."""

    CSS = "ThreadView { border-left: vkey red; }"

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ThreadView()

    @on(ThreadView.Seen)
    @on(ThreadView.FoldsChanged)
    @on(ThreadView.Refused)
    @on(ThreadView.Ended)
    @on(ThreadView.UnreadExhausted)
    @on(ThreadView.Left)
    def remember(self, message: Message) -> None:
        self.messages.append(message)


@dataclass
class Viewing(Driver):
    """A thread on the screen."""

    view: ThreadView
    messages: list[Message]

    def told(self, kind: type[Told]) -> list[Told]:
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def refusal(self) -> str:
        return self.told(ThreadView.Refused)[-1].reason

    @property
    def folded(self) -> set[str]:
        """What it was told last to remember as folded."""
        assert self.view.thread
        return set(compress(self.view.thread.positions, self.told(ThreadView.FoldsChanged)[-1].closed))

    @property
    def closed(self) -> set[str | None]:
        layout = self.view.layout_
        return {self.place(node) for node in range(layout.size) if layout.is_closed(node)}

    @property
    def visible(self) -> list[str | None]:
        return [self.place(node) for node in self.view.layout_.visible]

    def place(self, node: int) -> str | None:
        assert self.view.thread
        return self.view.thread.comments[node - 1].id if node else None

    @property
    def cursor_line(self) -> int:
        return self.view.layout_.top(self.view.cursor) - self.view.scroll_offset.y

    def refused(self) -> str:
        """Why the last key could do nothing, and the action that something can be done with."""
        told = v[-1] if (v := self.told(ThreadView.Refused)) else ThreadView.Refused("")
        return f"{told.reason}: {told.action} {told.does}" if told.action else told.reason

    @property
    def screen(self) -> list[str]:
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]


@asynccontextmanager
async def viewing(
    shown: Thread,
    *,
    size: tuple[int, int] = (60, 40),
    at: str | None = None,
    folded: Sequence[str] = (),
    read: Sequence[str] | None = None,
    marks: ThreadMarks | None = None,
) -> AsyncIterator[Viewing]:
    """`shown` with the cursor at a place; all read unless `read` says what is."""
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        screen = Alone()
        await app.push_screen(screen)
        view = screen.query_one(ThreadView)
        known = [comment.id for comment in shown.comments] if read is None else read
        view.load(shown, read=known, marks=marks, folded=folded)
        view.focus()
        await pilot.pause(0)
        if at:
            view.go_to(at)
        await pilot.pause(0)
        screen.messages.clear()
        yield Viewing(app, pilot, view, screen.messages)


KEYS = [
    # keys, from, to
    ("j", None, "1"),
    ("down", "1", "1.1"),
    ("3 j", "1", "1.2"),
    ("k", "1", None),
    ("up", "2", "1.2"),
    ("9 9 k", "2", None),
    ("J", "1", "2"),
    ("2 J", "1", "3"),
    ("J", "1.1", "1.2"),
    ("K", "3", "2"),
    ("K", "1.2", "1.1"),
    ("h", "1.1.1", "1.1"),
    ("left", "2", None),
    ("l", "1", "1.1"),
    ("right", None, "1"),
    ("H", "3.2", "3"),
    ("2 H", "1.1.1", "1"),
    ("g 0", "1.1.1", "1"),
    ("left_curly_bracket", "1.2", "1"),
    ("left_curly_bracket", "3", "2"),
    ("left_curly_bracket", "1", None),
    ("right_curly_bracket", "1.1", "2"),
    ("right_curly_bracket", None, "1"),
    ("2 right_curly_bracket", "1", "3"),
    ("g g", "3.2", None),
    ("home", "3.2", None),
    ("G", "1", "3.2"),
    ("end", "1", "3.2"),
    ("5 G", None, "2"),
    ("tab", "1", "1.2"),
    ("2 tab", "1", "3.1"),
    ("shift+tab", "3.1", "1.2"),
    ("right_square_bracket n", None, "1.1.1"),
    ("left_square_bracket n", "3", "1.1.1"),
    ("right_square_bracket b", "1", "2"),
    ("left_square_bracket b", "3", "2"),
]


async def test_each_key_moves_as_the_keymap_says() -> None:
    marks = ThreadMarks(frozenset({"2"}), {"1.1.1": [note("Yes.", "1.1.1")]})
    read = [place for place in PLACES if place not in ("1.2", "3.1")]
    went = []
    async with viewing(FAMILY, marks=marks, read=[place for place in read if place]) as v:
        for keys, start, _ in KEYS:
            v.view.go_to(start)
            await v.press(*keys.split())
            went.append((keys, start, v.view.comment_id))
    assert went == KEYS


FOLDING = [
    # keys, at, closed before, closed after
    ("enter", "1", "", "1"),
    ("enter", "1", "1", ""),
    ("z a", "1.1", "", "1.1"),
    ("z c", "2", "2", "2"),
    ("z o", "2", "2", ""),
    ("z A", "1", "", "1 1.1 1.1.1 1.2"),
    ("z A", "1", "1 1.1 1.1.1 1.2 3", "3"),
    ("z M", "1", "", "1 1.1 1.1.1 1.2 2 3 3.1 3.2"),
    ("z R", "1", "1 2 3.1", ""),
    ("z 1", "1", "1", "1.1 1.1.1 1.2 3.1 3.2"),
    ("z 2", "1", "1", "1.1.1"),
    ("z m", "1", "", "1.1.1"),
    ("2 z m", "1", "", "1.1 1.1.1 1.2 3.1 3.2"),
    ("z r", "1", "1 1.1 1.1.1 1.2 2 3 3.1 3.2", "1.1 1.1.1 1.2 3.1 3.2"),
    ("z u", "1", "", "1.1 1.1.1 2 3.2"),
    ("h", "1", "", "1"),
    ("l", "1", "1", ""),
    ("left", "3", "3.1", "3 3.1"),
]


async def test_each_key_folds_as_the_keymap_says() -> None:
    read = [place for place in PLACES if place and place not in ("1.2", "3.1")]
    done, told = [], []
    async with viewing(FAMILY) as v:
        for keys, at, before, _ in FOLDING:
            v.view.load(FAMILY, read=read, folded=before.split())
            v.view.go_to(at)
            await v.press(*keys.split())
            done.append((keys, at, before, " ".join(sorted(place for place in v.closed if place))))
            assert v.view.comment_id == at
            told.append(" ".join(sorted(v.folded)))
    assert done == FOLDING
    assert told == [after for *_, after in FOLDING]


REFUSED = [
    # keys, at, why
    ("k", None, "this is the top"),
    ("j", "3.2", "this is the last comment"),
    ("J", "3.2", "no sibling that way"),
    ("l", "2", "no replies here"),
    ("right_curly_bracket", "3", "no further comment on the post"),
    ("right_square_bracket n", "1", "no note that way: mark.note writes one"),
    ("right_square_bracket b", "1", "no bookmark that way: mark.bookmark sets one"),
    ("n", "1", "nothing is being looked for: reader.find finds in this thread"),
]


async def test_a_key_that_can_do_nothing_says_why() -> None:
    said = []
    async with viewing(FAMILY) as v:
        for keys, at, _ in REFUSED:
            v.view.go_to(at)
            await v.press(*keys.split())
            said.append((keys, v.view.comment_id, v.refused()))
    assert said == REFUSED


async def test_leaving_and_running_out_are_told() -> None:
    async with viewing(FAMILY) as v:
        await v.press("h", "tab", "space")
        assert [type(m) for m in v.messages] == [
            ThreadView.Left,
            ThreadView.UnreadExhausted,
            ThreadView.Ended,
        ]


# Moving through what is taller than the view


async def test_pages_keep_two_lines_and_take_the_cursor_along() -> None:
    async with viewing(LONG, size=(60, 20)) as v:
        await v.press("space")
        assert v.view.scroll_offset.y == 18
        assert 0 <= v.cursor_line < 20
        await v.press("b")
        assert v.view.scroll_offset.y == 0
        await v.press("3", "ctrl+d")
        assert v.view.scroll_offset.y == 30
        await v.press("ctrl+u")
        assert v.view.scroll_offset.y == 20


WHEELED = [
    # from, lines by the wheel, key, to
    ("3", 40, "j", "9"),
    ("3", 40, "k", "8"),
    ("20", -40, "j", "12.1"),
    ("20", -40, "k", "11.1"),
    ("15", 4, "j", "15.1"),
    ("15", 4, "k", "14.1"),
]


async def test_after_the_wheel_a_step_goes_on_from_what_is_visible() -> None:
    went = []
    async with viewing(LONG, size=(60, 20)) as v:
        for start, lines, key, _ in WHEELED:
            v.view.go_to(start, place=0.5)
            wheel = events.MouseScrollDown if lines > 0 else events.MouseScrollUp
            for _ in range(abs(lines) // 2):
                v.view.post_message(wheel(v.view, 1, 1, 0, 0, 0, False, False, False))
            await v.settled()
            await v.press(key)
            went.append((start, lines, key, v.view.comment_id))
            assert 0 <= v.cursor_line < 20
    assert went == WHEELED


async def test_the_end_of_the_thread_comes_by_pages_and_then_is_told() -> None:
    async with viewing(LONG, size=(60, 20)) as v:
        for _ in range(12):
            await v.press("pagedown")
        assert v.view.comment_id == "30.1"
        assert v.told(ThreadView.Ended)


async def test_a_comment_is_placed_in_the_view_as_asked() -> None:
    async with viewing(LONG, size=(60, 21), at="15") as v:
        lines = []
        for keys in ("z t", "z z", "z b"):
            await v.press(*keys.split())
            lines.append(v.cursor_line)
        assert lines == [0, 9, 18]


# The selection keeps its line


STILL: list[tuple[str, Callable[[ThreadView], object]]] = [
    ("folding what is above", lambda view: view._fold([1, 3, 5], True)),
    ("folding itself", lambda view: view.action_toggle_fold()),
    ("folding everything", lambda view: view.action_fold_to_level(1)),
    ("a note above", lambda view: view.set_marks(ThreadMarks(notes={"2": [note("a\nb\nc", "2")]}))),
    ("a note on the post", lambda view: view.set_marks(ThreadMarks(notes={None: [note("a\nb", None)]}))),
    ("a longer title", lambda view: view.set_title("long " * 40)),
    ("read marks", lambda view: view.set_read([])),
]


async def test_the_selection_keeps_its_line_of_the_screen() -> None:
    stood = {}
    async with viewing(LONG, size=(60, 20)) as v:
        for change, make in STILL:
            v.view.load(LONG, read=[])
            v.view.go_to("15", place=0.5)
            before = v.cursor_line
            make(v.view)
            await v.settled()
            stood[change] = (v.view.comment_id, v.cursor_line - before)
    assert stood == {change: ("15", 0) for change, _ in STILL}


async def test_another_theme_draws_the_same_lines_in_its_colours() -> None:
    async with viewing(LONG, size=(60, 20), at="15") as v:
        before, offset = v.screen, v.view.scroll_offset
        colours = v.view.render_line(0)
        v.app.theme = "textual-light"
        await v.settled()
        assert (v.screen, v.view.scroll_offset) == (before, offset)
        assert v.view.render_line(0) != colours


async def test_marks_and_read_state_are_drawn_when_they_change() -> None:
    async with viewing(FAMILY) as v:
        v.view.set_marks(ThreadMarks(frozenset({"2"}), {"3": [note("Look here.", "3")]}))
        v.view.set_read(["1"])
        await v.settled()
        drawn = "\n".join(v.screen)
        assert "· ● 2 Anonymous ★" in drawn
        assert "✎ Look here." in drawn
        assert "▾ 1 Anonymous" in drawn


# Place and folds are taken up again


async def test_a_thread_is_shown_as_it_was_left() -> None:
    async with viewing(LONG, size=(60, 20), at="15") as v:
        await v.press("z", "c", "z", "t")
        position, folded = v.view.position, v.folded
        drawn = v.screen
        v.view.load(FAMILY)
        v.view.load(LONG, read=[c.id for c in LONG.comments], folded=folded, position=position)
        await v.settled()
        assert (v.view.position, v.screen) == (position, drawn)


async def test_a_place_in_a_comment_that_is_gone_is_the_top() -> None:
    async with viewing(LONG, size=(60, 20), at="15") as v:
        position = v.view.position
        v.view.load(FAMILY, position=position)
        assert v.view.comment_id is None


async def test_going_to_a_comment_opens_its_way_and_refuses_what_is_not_there() -> None:
    async with viewing(FAMILY, folded=["1", "1.1", "3"]) as v:
        assert v.view.go_to("1.1.1")
        await v.settled()
        assert v.closed == {"3"}
        assert not v.view.go_to("9")
        assert v.view.comment_id == "1.1.1"


JUMPS = [("tab", "1.1.1"), ("right_square_bracket n", "3.1"), ("right_square_bracket b", "1.2")]


async def test_jumps_open_the_way() -> None:
    marks = ThreadMarks(frozenset({"1.2"}), {"3.1": [note("Yes.", "3.1")]})
    read = [p for p in PLACES if p and p != "1.1.1"]
    async with viewing(FAMILY) as v:
        for keys, place in JUMPS:
            v.view.load(FAMILY, folded=["1", "1.1", "3"], marks=marks, read=read)
            await v.press(*keys.split())
            assert v.view.comment_id == place
            assert place in v.visible


async def test_nothing_is_drawn_and_no_key_fails_without_a_thread() -> None:
    async with viewing(FAMILY) as v:
        v.view.load(None)
        for key in v.view.all_keys():
            await v.app.run_action(key.action, default_namespace=v.view)
        v.view.find("heron")
        v.view.end_find(restore=True)
        await v.settled()
        assert v.screen == [""] * len(v.screen)


# Finding


HERONS = thread(
    [0, 1, 2, 1, 0, 1, 0],
    {"1.1.1": "A heron, and a Heron.", "2.1": "No herons.", "3": "The last heron."},
    body="\n".join("Rain." for _ in range(20)),
)


async def test_the_counter_follows_the_walk_round_the_end() -> None:
    async with viewing(HERONS, size=(60, 14)) as v:
        told: list[object] = []
        v.view.watch(v.view, "found", lambda found: told.append(found), init=False)
        v.view.find("heron")
        v.view.keep_find()
        await v.press("n", "N", "N", "2", "n", "n")
        assert told == [(1, 4), (2, 4), (1, 4), (4, 4), (2, 4), (3, 4)]


async def test_the_match_is_on_the_screen_and_lit() -> None:
    tall = thread([0, 0], {"1": "line\n" * 40 + "the heron\n" + "line\n" * 40})
    async with viewing(tall, size=(60, 14)) as v:
        v.view.find("heron")
        await v.settled()
        [line] = [strip for y in range(14) if "heron" in (strip := v.view.render_line(y)).text]
        [lit] = [segment for segment in line if segment.text == "heron"]
        plain = next(segment for segment in line if "the" in segment.text)
        assert lit.style != plain.style


async def test_ending_later_stays_at_the_match_and_keeps_its_way_open() -> None:
    async with viewing(HERONS, size=(60, 14), folded=["1", "1.1", "1.1.1", "2"]) as v:
        v.view.find("heron")
        v.view.keep_find()
        await v.settled()
        line = v.cursor_line
        v.view.end_find(restore=False)
        await v.settled()
        assert (v.view.comment_id, v.cursor_line, v.closed) == ("1.1.1", line, {"2"})
        assert v.folded == {"2"}
        assert not v.view.is_finding


async def test_a_step_from_a_match_deep_in_a_tall_comment_goes_on_from_that_comment() -> None:
    tall = thread([0, 0, 0], {"2": "line\n" * 40 + "the heron\n" + "line\n" * 40})
    async with viewing(tall, size=(60, 14)) as v:
        v.view.find("heron")
        v.view.keep_find()
        await v.settled()
        stood = v.view.scroll_offset.y
        await v.press("j")
        assert v.view.comment_id == "2"
        assert stood < v.view.scroll_offset.y < stood + 14


async def test_finding_that_is_given_up_goes_back_to_a_place_the_wheel_left() -> None:
    async with viewing(HERONS, size=(60, 14), at="3") as v:
        v.view.scroll_to(y=0, animate=False)
        await v.settled()
        before = (v.view.position, v.view.scroll_offset)
        v.view.find("heron")
        v.view.end_find(restore=True)
        await v.settled()
        assert (v.view.position, v.view.scroll_offset) == before


async def test_giving_up_new_words_before_one_is_typed_stays_at_the_match_that_was_kept() -> None:
    async with viewing(HERONS, size=(60, 14), folded=["1", "1.1"]) as v:
        v.view.find("heron")
        v.view.keep_find()
        v.view.end_find(restore=True)
        await v.settled()
        assert (v.view.comment_id, v.closed) == ("1.1.1", set())
        assert 0 <= v.cursor_line < 14


async def test_what_is_not_there_leaves_everything_as_it_was() -> None:
    async with viewing(HERONS, size=(60, 14), folded=["1", "1.1"], at="2") as v:
        before = (v.view.position, v.visible)
        v.view.find("her")
        v.view.find("herring")
        v.view.keep_find()
        await v.settled()
        assert (v.view.position, v.visible) == before
        assert v.view.found is None
        assert not v.view.is_finding


async def test_a_match_in_a_repeated_paragraph_shows_where_it_is_folded() -> None:
    repeat = "The heron is the only one who keeps the minutes."
    body = "\n\n".join([repeat, *(["Rain."] * 20), repeat])
    async with viewing(thread([0], body=body), size=(60, 14)) as v:
        v.view.find("heron")
        v.view.action_find_step(1)
        await v.settled()
        assert any("said before" in line for line in v.screen)


async def test_another_thread_is_not_being_searched() -> None:
    async with viewing(HERONS) as v:
        v.view.find("heron")
        v.view.load(FAMILY)
        assert not v.view.is_finding


async def test_folding_by_hand_while_finding_holds() -> None:
    async with viewing(HERONS, size=(60, 30), folded=["1"]) as v:
        v.view.find("heron")
        v.view.keep_find()
        await v.press("g", "0", "z", "c")
        assert v.closed == {"1"}
        assert v.view.comment_id == "1"


# Reading is seeing


async def seen_now(v: Viewing) -> list[str]:
    """What the view says when the screen has stood still, as its timer makes it."""
    v.messages.clear()
    v.view._say_seen()
    await v.settled()
    return [place for message in v.told(ThreadView.Seen) for place in message.comment_ids]


async def test_what_ends_on_the_screen_is_seen_and_what_is_folded_is_not() -> None:
    tall = thread([0, 1, 0, 0], {"3": "line\n" * 30})
    async with viewing(tall, size=(60, 16), read=[], folded=["2"]) as v:
        assert await seen_now(v) == ["1", "1.1"]
        await v.press("G")
        assert await seen_now(v) == ["3"]


async def test_what_is_read_is_not_seen_again() -> None:
    async with viewing(FAMILY, read=["1", "2"]) as v:
        v.view.set_read([place for place in PLACES if place])
        assert await seen_now(v) == []


async def test_nothing_is_seen_where_the_reader_is_not() -> None:
    async with viewing(FAMILY, read=[]) as v:
        v.app.screen.set_focus(None)
        await v.settled()
        assert await seen_now(v) == []
        v.view.focus()
        v.app.app_focus = False
        await v.settled()
        assert await seen_now(v) == []


async def test_moving_begins_the_wait_anew() -> None:
    async with viewing(LONG, size=(60, 14), read=[]) as v:
        v.view.restart_seen()
        timer = v.view._seen_timer
        assert timer is not None
        await v.press("ctrl+d")
        assert not v.told(ThreadView.Seen)
        assert v.view._seen_timer is timer


# The mouse


async def test_a_click_selects_and_on_a_guide_folds_whose_guide_it_is() -> None:
    async with viewing(FAMILY, size=(70, 40)) as v:
        left = v.view.content_region.x

        async def click(place: str, column: int, line: int = 1) -> None:
            top = v.view.layout_.top(PLACES.index(place)) - v.view.scroll_offset.y
            await v.pilot.click(offset=(left + column, v.view.content_region.y + top + line))
            await v.settled()

        await click("1.2", 20)
        assert (v.view.comment_id, v.closed) == ("1.2", set())
        await click("1.1.1", 5)
        assert (v.view.comment_id, v.closed) == ("1.1", {"1.1"})
        await click("1.1", 2, line=0)
        assert (v.view.comment_id, v.closed) == ("1", {"1", "1.1"})
        await click("1", 3, line=0)
        assert v.closed == {"1.1"}


# Drawing


async def test_every_line_fills_the_view_in_any_width() -> None:
    async with viewing(LONG, size=(60, 20), at="15") as v:
        for width in (20, 33, 59, 101, 160):
            await v.pilot.resize_terminal(width, 20)
            await v.settled()
            assert {v.view.render_line(y).cell_length for y in range(20)} == {v.view.size.width}


async def test_the_screen_shows_the_thread_as_written() -> None:
    told = thread([0, 1, 0], {"1": "[bold]Who[/bold] keeps the gate?", "1.1": "> Who?\nThe heron."})
    async with viewing(told, size=(48, 20), folded=["2"], read=["2"]) as v:
        assert v.screen == [
            "▌ The heron and the gate",
            "▌ 2024-02-29 · 3 comments · outline layout",
            "▌",
            "▌ The post.",
            "▌",
            f"▌ ── 3 comments {'─' * 29}",
            "▌",
            "  ▾ ● 1 Anonymous · 1 reply",
            "  │[bold]Who[/bold] keeps the gate?",
            "  │",
            "  │· ● 1.1 Anonymous",
            "  ││> Who?",
            "  ││The heron.",
            "  ││",
            "  ▸ 2 Anonymous  Comment 2.",
            *[""] * 5,
        ]
