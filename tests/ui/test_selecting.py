"""Choosing a passage by keys, highlighting and noting it; tags."""

import pytest
from conftest import WriteThread
from textual import events
from textual.widgets import Input

from threadreader.anchoring import quote_of
from threadreader.library import Library
from threadreader.model import Annotation, Colour, TextQuote, Thread
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.dialogs.tags_dialog import TagsDialog, candidates, tags_in
from threadreader.ui.screens.help_screen import HelpScreen, KeyList
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.widgets.comment_painter import ThreadMarks
from ui.test_comment_painter import lines, painter_of, parts
from ui.test_reader import Reader, reading
from ui.test_thread_view import Viewing, viewing
from ui.threads import NOON, POST, note, thread

TEXT = (
    "The heron’s gate was green, e.g. in May. It was blue before that. Nobody knows why.\n\n"
    "I asked https://dorve.example/gate about it. They said nothing at all."
)
GATE = thread([0, 0], {"1": TEXT, "2": "…"})
TALL = thread([0], {"1": "\n\n".join(f"Paragraph {n} stands here." for n in range(40))})


def chosen(v: Viewing) -> str:
    mode = v.view.mode
    return TEXT[mode.start : mode.end] if mode else ""


@pytest.mark.parametrize(
    ("keys", "passage"),
    [
        ("", "The"),
        ("w", "The heron’s"),
        ("3 w", "The heron’s gate was"),
        ("s", "The heron’s gate was green, e.g. in May."),
        ("s s", "The heron’s gate was green, e.g. in May. It was blue before that."),
        ("p", TEXT.split("\n\n")[0]),
        ("p p", TEXT),
        ("l l", "The heron’s gate"),
        ("l l h", "The heron’s"),
        ("9 l o l", "heron’s gate was green, e.g. in May. It was"),
        ("4 l o 2 l h", "heron’s gate was green"),
        ("2 l o 2 l o l", "gate was"),
        ("2 l o l o s", "The heron’s gate was green, e.g. in May."),
        ("5 0 l", TEXT.removesuffix(".")),
        ("j", "The heron’s gate was green, e.g. in May"),
        ("2 j", "The heron’s gate was green, e.g. in May. It was blue before that. Nobody knows"),
        ("9 j 2 k", "The heron’s gate was green, e.g. in May. It was blue before that. Nobody knows"),
    ],
)
async def test_the_passage_grows_and_shrinks_by_keys(keys: str, passage: str) -> None:
    async with viewing(GATE, at="1", size=(44, 30)) as v:
        v.view.select()
        await v.press(*keys.split())
        assert chosen(v) == passage
        lit = "".join(s.text for y in range(30) for s in v.view.render_line(y) if s.style and s.style.reverse)
        assert lit.replace(" ", "").replace("[1]", "") == "".join(chosen(v).split())


@pytest.mark.parametrize(
    ("keys", "refusal"),
    [
        ("h", "one word stays selected"),
        ("o h", "the comment ends here"),
        ("9 9 l l", "the comment ends here"),
        ("k", "no further line that way"),
        ("p p p", "this is the last paragraph"),
        ("p p o s", "no further sentence that way"),
    ],
)
async def test_a_key_that_can_select_no_more_says_so(keys: str, refusal: str) -> None:
    async with viewing(GATE, at="1", size=(44, 30)) as v:
        v.view.select()
        await v.press(*keys.split())
        assert v.view.mode and v.refusal == refusal


async def test_there_is_nothing_to_select_without_words_or_in_a_fold() -> None:
    async with viewing(GATE, at="2", folded=["1"]) as v:
        v.view.select()
        await v.settled()
        assert v.refusal == "no words here to select"
        v.view.go_to("1")
        v.view.select()
        await v.settled()
        assert (v.refusal, v.view.mode) == ("this is folded", None)


async def test_selecting_begins_with_the_current_match_else_with_the_first_word_on_screen() -> None:
    async with viewing(GATE, at="1") as v:
        v.view.find("blue be")
        v.view.keep_find()
        v.view.select()
        assert chosen(v) == "blue be"
        await v.press("escape")
        assert v.view.mode is None and v.view._painter and v.view._painter.taken is None
    async with viewing(TALL, at="1", size=(60, 10)) as v:
        v.view.scroll_to(y=v.view.layout_.top(1) + 21, animate=False, immediate=True, force=True)
        await v.settled()
        v.view.select()
        assert v.view.mode and v.view.mode._text[v.view.mode.start :].startswith("Paragraph 10")
        await v.press(*"4 s".split())
        assert any("Paragraph 13" in line or "Paragraph 14" in line for line in v.screen)
        await v.press(*"9 s".split())
        line = next(line for line in v.screen if "Paragraph 23" in line)
        assert line and v.view.mode._text[: v.view.mode.end].endswith("Paragraph 22 stands here.")


async def test_another_thread_or_the_mouse_ends_selecting() -> None:
    async with viewing(GATE, at="1") as v:
        v.view.select()
        v.view.load(TALL)
        assert v.view.mode is None
        v.view.go_to("1")
        v.view.select()
        await v.pilot._post_mouse_events([events.MouseDown], v.view, offset=(9, 9), button=1)
        await v.settled()
        assert v.view.mode is None


# Drawing


def highlight(words: str, colour: Colour, note: str = "", *, on: Thread = GATE) -> Annotation:
    text = on.comments[0].text
    start = text.index(words)
    quote = quote_of(text, start, start + len(words))
    return Annotation(words, "highlight", POST.id, "1", note, quote, NOON, NOON, colour)


def test_highlights_are_drawn_under_matches_and_links_with_the_letter_of_their_colour() -> None:
    made = [
        highlight("heron’s gate", "green"),
        highlight("asked https://dorve.example/gate about", "red", "Who?"),
    ]
    painter = painter_of(GATE, 60, marks=ThreadMarks(highlights={"1": made}))
    painter.hits = {1: [(4, 9)]}  # type: ignore[assignment]
    strips = painter.strips(1, False)
    assert parts(strips, "highlight-2") == ["g", "’s gate"]
    assert [line[:2] for line in lines(painter, 1)] == ["  ", " g", "  ", "  ", " r", "  ", "  ", "  "]
    assert lines(painter, 1)[0].endswith("✎2")
    assert lines(painter, 1)[6] == "  │ ✎ “asked https://dorve.example/gate about”: Who?"
    assert "asked " in parts(strips, "highlight-4") and "about" in " ".join(parts(strips, "highlight-4"))
    assert painter.layout.bottom(1) - painter.layout.top(1) == len(strips)


def test_a_highlight_whose_words_are_gone_is_told_below_the_text() -> None:
    lost = highlight("Quite another text", "blue", on=thread([0], {"1": "Quite another text stood here."}))
    painter = painter_of(GATE, 80, marks=ThreadMarks(highlights={"1": [lost]}))
    assert lines(painter, 1)[-2] == "  │ ✎ “Quite another text” (blue, not found in the text)"
    assert not any(parts(painter.strips(1, False), f"highlight-{n}") for n in range(1, 5))


def test_only_comments_with_highlights_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(text: str, quote: TextQuote) -> tuple[str, None]:
        seen.append(text)
        return "none", None

    monkeypatch.setattr("threadreader.anchoring.passage_in", look)
    painter = painter_of(GATE, 80, marks=ThreadMarks(highlights={"1": [highlight("May", "blue")]}))
    for node in range(3):
        painter.strips(node, False)
        painter.strips(node, True)
    assert seen == [TEXT]


def test_tags_stand_in_the_header_and_under_the_title() -> None:
    painter = painter_of(GATE, 80, marks=ThreadMarks(tags={"1": ("fog", "gate"), None: ("heron",)}))
    assert lines(painter, 1)[0] == "  · 1 Anonymous #fog #gate"
    assert lines(painter, 0)[1].endswith("outline layout · #heron")
    assert painter.set_marks(ThreadMarks(tags={"1": ("fog",), None: ("heron",)})) == {1}


@pytest.mark.parametrize("theme", ["monochrome", "terminal", "high-contrast", "textual-dark"])
async def test_the_colours_differ_without_colour(gate: Library, theme: str) -> None:
    async with reading(gate) as r:
        r.app.theme = theme
        await r.settled()
        looks = [r.view._look(f"highlight-{n}") for n in range(1, 5)] + [r.view._look("text")]
        assert len({(look.bold, look.italic, look.underline, look.reverse) for look in looks}) == 5
        grounds = {look.bgcolor for look in looks}
        assert len(grounds) == (1 if theme in ("monochrome", "terminal") else 5)


# In the reader


@pytest.fixture
def gate(library: Library, write_thread: WriteThread) -> Library:
    library.add(
        write_thread("gate.txt", "It was green before. Then blue.", "The heron knows.", title="The gate")
    )
    return library


def marks(r: Reader) -> list[tuple[str, str, str | None, str]]:
    return [(m.kind, m.quote.exact, m.colour, m.text) for m in r.library.annotations.marks()]


async def test_a_passage_is_highlighted_noted_changed_and_removed(gate: Library) -> None:
    async with reading(gate) as r:
        await r.press("enter", "j", "v", "s", "c", "enter")
        assert (marks(r), r.told) == (
            [("highlight", "It was green before.", "green", "")],
            "highlighted: u takes it back",
        )
        assert " g" in r.screen and r.view.mode is None
        await r.press("v", "2", "l", "a")
        await r.on_screen(NoteDialog)
        await r.write("Who says")
        await r.press("escape")
        await r.until(lambda: r.told == "note saved")
        assert marks(r)[1:] == [("highlight", "It was green", "green", "Who says")]
        await r.press("e")
        await r.on_screen(NoteDialog)
        await r.write("?")
        await r.press("escape")
        await r.until(lambda: marks(r)[1][3] == "Who says?")
        await r.settled()
        assert "“It was green”: Who says?" in r.screen
        await r.press("d")
        assert len(marks(r)) == 1
        await r.press("u", "u", "u", "u")
        assert [m[3] for m in marks(r)] == [""]
        await r.press("u")
        assert marks(r) == []
        await r.press("ctrl+r")
        assert [m[1] for m in marks(r)] == ["It was green before."]


async def test_the_mode_tells_its_keys_and_takes_every_other(gate: Library) -> None:
    async with reading(gate, size=(160, 24)) as r:
        await r.press("enter", "j", "v")
        assert r.reader.status.where.startswith(
            "selected 1 word, yellow · l h j k move its end · o other end · c colour"
        )
        assert "w Word" in r.keys and "Esc Leave" in r.keys and "Bookmark" not in r.keys
        await r.press("B", "J", "f6")
        assert (marks(r), r.place, r.told) == ([], "1", "no such key here: Esc leaves, ? shows the keys")
        await r.press("h")
        assert r.told == "one word stays selected: o moves the other end"
        await r.press("question_mark")
        await r.on_screen(HelpScreen)
        assert r.app.screen.query_one(KeyList)
        await r.press("escape")
        await r.until(lambda: r.app.screen is r.reader)
        await r.press("escape")
        await r.settled()
        assert "Bookmark" in r.keys and r.reader.status.way[0].startswith("The gate")


async def test_a_passage_is_copied(gate: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(gate) as r:
        await r.press("enter", "j", "v", "w", "y")
        await r.until(lambda: r.told)
        assert r.told.startswith("selection: ")
        assert r.app.clipboard == "It was"


async def test_what_the_mouse_took_can_be_highlighted(gate: Library) -> None:
    async with reading(gate) as r:
        await r.press("enter")
        left, top = r.view.region.offset
        line = next(n for n, line in enumerate(r.screen.splitlines()) if "heron" in line)
        x, y = r.screen.splitlines()[line].index("heron") - left, line - top
        for kind, at in ((events.MouseDown, x), (events.MouseMove, x + 4), (events.MouseUp, x + 4)):
            await r.pilot._post_mouse_events([kind], r.view, offset=(at, y), button=1)
            await r.settled()
        await r.press("v", "enter")
        assert (marks(r), r.place) == ([("highlight", "heron", "yellow", "")], "2")
        await r.press("k", "v", "enter")
        assert marks(r)[1][1] == "It"


async def test_the_posts_own_text_can_be_highlighted(gate: Library) -> None:
    async with reading(gate) as r:
        await r.press("enter", "g", "g", "v", "p", "enter")
        assert marks(r) == [("highlight", "It lay there all day.", "yellow", "")]
        [(_, state, *_)] = gate.states(gate.annotations.marks())
        assert state == "exact"


async def test_highlights_are_listed_and_jumped_to(gate: Library) -> None:
    async with reading(gate) as r:
        await r.press("g", "h")
        await r.on_screen(MarksScreen)
        assert "No highlights yet: v on a comment selects a passage" in r.screen
        await r.press("q")
        await r.press("enter", "G", "v", "s", "enter", "g", "g", "g", "h")
        await r.on_screen(MarksScreen)
        await r.settled()
        assert "y The gate  2" in r.screen and "“The heron knows.”" in r.screen
        await r.press("enter")
        await r.until(lambda: r.app.screen is r.reader)
        await r.settled()
        assert r.place == "2"


async def test_tags_are_typed_completed_shown_and_undone(gate: Library) -> None:
    [listed] = gate.listed()
    gate.annotations.set_tags(listed.post.id, None, ["Heron", "harbour", "fog"])
    async with reading(gate) as r:
        assert "#fog #harbour #Heron" in r.screen
        await r.press("enter", "j", "t")
        await r.on_screen(TagsDialog)
        await r.write("new,h")
        assert "harbour  Heron" in r.screen
        await r.press("tab")
        assert r.app.screen.query_one(Input).value == "new,harbour "
        await r.press("tab")
        assert r.app.screen.query_one(Input).value == "new,Heron "
        await r.press("enter")
        await r.until(lambda: r.app.screen is r.reader)
        await r.settled()
        assert r.told == "#new #Heron: u takes it back"
        assert "1 Anonymous #Heron #new" in r.screen
        await r.press("t")
        await r.on_screen(TagsDialog)
        await r.press("enter")
        await r.until(lambda: r.told == "the tags are as they were")
        await r.press("u")
        assert "#Heron #new" not in r.screen
        await r.press("ctrl+r", "t")
        await r.on_screen(TagsDialog)
        await r.write("x")
        await r.press("escape")
        await r.until(lambda: r.app.screen is r.reader)
        assert gate.annotations.tags(listed.post.id)[r.view.comment_id] == ("Heron", "new")


def test_a_line_of_tags_is_parted_by_blanks_and_commas() -> None:
    assert tags_in(" fog, #gate;x  Fog,, ") == ["Fog", "gate;x"]


def test_candidates_begin_with_the_word_or_hold_it() -> None:
    known = ["fog", "frog", "Gate", "agate"]
    assert candidates("F", [], known) == ["fog", "frog"]
    assert candidates("#gat", [], known) == ["Gate", "agate"]
    assert candidates("", ["FOG"], known) == ["frog", "Gate", "agate"]
    assert candidates("zz", [], known) == []


async def test_a_note_that_was_begun_is_not_lost_to_one_on_a_passage(gate: Library) -> None:
    async with reading(gate) as r:
        await r.press("enter", "j")
        target = r.reader.target()
        assert target is not None
        gate.annotations.keep_draft(*target, "Begun before the light went out.")
        await r.press("v", "a")
        await r.until(lambda: r.told == "another note was begun here: a goes on with it")
        draft = gate.annotations.draft(*target)
        assert draft is not None and draft.text == "Begun before the light went out."


async def test_what_is_chosen_is_still_to_be_seen_in_a_smaller_window(gate: Library) -> None:
    async with reading(gate, size=(120, 30)) as r:
        await r.press("enter", "G", "v", "p")
        await r.pilot.resize_terminal(30, 8)
        await r.settled()
        mode = r.view.mode
        assert mode is not None
        line = mode.painter.line_of(mode.node, mode.moving) - r.view.scroll_offset.y
        assert 0 <= line < r.view.size.height


def test_of_highlights_that_overlap_the_shortest_is_seen_and_each_is_walked_to() -> None:
    inner, outer = highlight("gate", "green"), highlight("heron’s gate", "red")
    for made in ([inner, outer], [outer, inner]):
        painter = painter_of(GATE, 60, marks=ThreadMarks(highlights={"1": made}))
        strips = painter.strips(1, False)
        assert (parts(strips, "highlight-4"), parts(strips, "highlight-2")) == (["heron’s "], ["g", "gate"])
        assert lines(painter, 1)[1].startswith(" g")
        first, second = (TEXT.index(words) for words in ("heron’s gate", "gate"))
        towards = painter.highlights.towards
        assert [towards((0, -1), by) for by in (1, 2, 9, -1)] == [(1, first), (1, second), (1, second), None]
        assert [towards((1, second), by) for by in (1, -1)] == [None, (1, first)]


async def test_the_mark_here_is_the_highlight_that_was_gone_to_until_something_else_is_marked() -> None:
    first, second = highlight("heron’s gate", "red"), highlight("gate", "green")
    async with viewing(GATE) as v:
        v.view.load(GATE, marks=ThreadMarks(highlights={"1": [first, second]}))
        await v.settled()
        v.view.go_to("1")
        assert v.view.highlight_here is None
        v.view.action_highlighted(1)
        assert v.view.highlight_here == first
        kinded = first._replace(note_kind="claim")
        v.view.set_marks(ThreadMarks(highlights={"1": [kinded, second]}))
        assert v.view.highlight_here == kinded
        v.view.set_marks(ThreadMarks(frozenset(), {"1": [note("New.", "1")]}, {"1": [kinded, second]}))
        assert v.view.highlight_here is None
        v.view.action_highlighted(1)
        assert v.view.highlight_here == second
        v.view.go_to(None)
        assert v.view.highlight_here is None
