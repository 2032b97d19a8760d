"""Comments as lines of cells: what each says, and how wide it is."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from threadreader.model import NOTE_KINDS, Person, Thread, ThreadWarning
from threadreader.settings import View
from threadreader.ui.widgets.comment_painter import CommentPainter, ThreadMarks, repeated_paragraphs
from threadreader.ui.widgets.glyphs import ASCII, UNICODE, Glyphs
from threadreader.ui.widgets.thread_find import Lit
from threadreader.ui.widgets.thread_layout import POST
from ui.threads import NOON, chain, changed, note, thread

FAMILY = thread([0, 1, 2, 1, 0])
PULL_QUOTE = "The heron is the only one who keeps the minutes."


def painter_of(
    thread: Thread, width: int = 60, *, marks: ThreadMarks | None = None, glyphs: Glyphs = UNICODE
) -> CommentPainter:
    painter = CommentPainter(thread, lambda part: Style(meta={"part": part}), glyphs)
    painter.width = width
    if marks:
        painter.set_marks(marks)
    painter.layout.measure()
    return painter


def lines(painter: CommentPainter, node: int, *, selected: bool = False) -> list[str]:
    return [strip.text.rstrip() for strip in painter.strips(node, selected)]


def closed(painter: CommentPainter, node: int) -> str:
    painter.layout.fold([node], True)
    [line] = lines(painter, node)
    return line


def parts(strips: Sequence[Strip], part: str) -> list[str]:
    return [s.text for strip in strips for s in strip if s.style and s.style.meta.get("part") == part]


def test_an_open_comment_is_its_header_its_text_and_a_blank_line() -> None:
    assert lines(painter_of(FAMILY), 2) == [
        "  │ ▾ 1.1 Anonymous · 1 reply",
        "  │ │ Comment 1.1.",
        "  │ │",
    ]


@pytest.mark.parametrize(
    ("known", "byline"),
    [({}, "Anonymous"), ({"signed": "Ida"}, "signed Ida"), ({"author": "Ida", "signed": "I."}, "Ida")],
)
def test_the_header_says_who_speaks_as_far_as_is_known(known: dict[str, str], byline: str) -> None:
    head = lines(painter_of(changed(FAMILY, "2", **known)), 5)[0]
    assert head == f"  · 2 {byline}"


def test_the_header_tells_time_marks_and_warnings() -> None:
    told = changed(
        FAMILY, "1", created=NOON, warnings=(ThreadWarning("ambiguous", "Two footers would fit here."),)
    )
    marks = ThreadMarks(frozenset({"1"}), {"1": [note("Look here.", "1"), note("And there.", "1")]})
    painter = painter_of(told, marks=marks)
    painter.unread[1] = 1
    assert lines(painter, 1) == [
        "  ▾ ● 1 Anonymous · 2024-03-01 12:00 · 2 replies ★ ✎2 !",
        "  │ ! Two footers would fit here.",
        "  │ Comment 1.",
        "  │ ✎ Look here.",
        "  │ ✎ And there.",
        "  │",
    ]


@pytest.mark.parametrize(("glyphs", "sign"), [(UNICODE, "· ✦"), (ASCII, "- %")])
def test_the_header_tells_what_the_newest_copy_brought_open_or_closed(glyphs: Glyphs, sign: str) -> None:
    painter = painter_of(FAMILY, glyphs=glyphs)
    painter.news = {2: "new", 4: "changed"}
    assert f"{sign} new" in lines(painter, 2)[0]
    assert f"{sign} changed" in lines(painter, 4)[0]
    assert "new" not in "".join(lines(painter, 1) + lines(painter, 3))
    assert f"{sign} new" in closed(painter, 2)


def test_what_is_left_out_stands_in_the_place_of_the_blank_line() -> None:
    painter = painter_of(FAMILY)
    heights = [len(lines(painter, node)) for node in range(painter.layout.size)]
    painter.left_out = {POST: 1, 2: 14}
    assert lines(painter, 2)[-1] == "  │ │ ··· 14 comments"
    assert lines(painter, POST)[-1] == "  ··· 1 comment"
    assert "···" not in lines(painter, POST)[-3]
    assert [len(lines(painter, node)) for node in range(painter.layout.size)] == heights
    plain = painter_of(FAMILY, glyphs=ASCII)
    plain.left_out = {2: 2}
    assert lines(plain, 2)[-1] == "  | | ... 2 comments"


def test_only_what_has_a_link_is_told_to_have_one() -> None:
    linked = changed(changed(FAMILY, "1", text="http://a.test"), "1.1", text="Nothing :// here.")
    assert list(painter_of(linked).linked([3, 2, 1, POST])) == [1]


def test_the_post_is_its_title_what_is_known_its_body_and_the_count() -> None:
    painter = painter_of(thread([0, 1], body="One.\n\nTwo."), 40, marks=ThreadMarks(frozenset({None})))
    assert lines(painter, POST) == [
        "  The heron and the gate",
        "  2024-02-29 · 2 comments ★",
        "",
        "  One.",
        "",
        "  Two.",
        "",
        f"  ── 2 comments {'─' * 23}",
        "",
    ]


def test_the_posts_warnings_stand_above_its_body() -> None:
    told = thread([0])
    doubt = ThreadWarning("count-differs", "It says 4 comments, 1 was read.")
    warned = Thread(told.post._replace(warnings=(doubt,)), told.body, told.comments)
    assert "  ! It says 4 comments, 1 was read." in lines(painter_of(warned), POST)


def test_a_closed_comment_tells_what_it_hides() -> None:
    painter = painter_of(FAMILY, marks=ThreadMarks(notes={"1.1": [note("Yes.", "1.1")]}))
    painter.unread[2:4] = b"\x01\x01"
    painter.hits = Lit({3: [(0, 3), (4, 5)], 5: [(0, 1)]})
    assert closed(painter, 1).endswith("  3 replies · 2 unread · 1 note · 2 hits")


@pytest.mark.parametrize("width", range(20, 60))
def test_what_a_narrow_folded_comment_leaves_out_leaves_no_gap(width: int) -> None:
    """Its first words stand behind the name or nowhere, and no dot stands alone."""
    line = closed(painter_of(thread([0] + [1] * 11), width), 1)
    assert line.startswith("  ▸ 1 Anonymous")
    assert not line.endswith("·")
    assert "  ·" not in line


def test_a_closed_comment_without_replies_tells_its_own_hits() -> None:
    painter = painter_of(FAMILY)
    painter.hits = Lit({5: [(0, 1)]})
    assert closed(painter, 5) == "  ▸ 2 Anonymous  Comment 2.  1 hit"


def test_a_closed_comment_begins_its_words_as_far_as_there_is_room() -> None:
    told = thread([0, 1], {"1": "The gate was shut\nall through the winter and the heron knew."})
    assert closed(painter_of(told, 46), 1) == "  ▸ 1 Anonymous  The gate was shut…  1 reply"
    assert "gate" not in closed(painter_of(told, 28), 1)


def test_a_closed_post_is_its_title() -> None:
    assert closed(painter_of(FAMILY), POST) == "  ▸ The heron and the gate"


def test_the_cursor_stands_before_every_line_of_its_comment() -> None:
    assert all(line.startswith("▌") for line in lines(painter_of(FAMILY), 1, selected=True))


def test_marks_of_a_notation_are_shown_as_written() -> None:
    told = changed(thread([0], {"1": "[bold]loud[/bold] \\[x] [/]"}), "1", author="[red]Ida[/]")
    painter = painter_of(told)
    assert lines(painter, 1) == ["  · 1 [red]Ida[/]", "  │ [bold]loud[/bold] \\[x] [/]", "  │"]
    assert closed(painter, 1) == "  ▸ 1 [red]Ida[/]  [bold]loud[/bold] \\[x] [/]"


def test_tabs_are_drawn_as_blanks() -> None:
    assert lines(painter_of(thread([0], {"1": "a\tb"})), 1)[1] == "  │ a    b"


def test_a_section_rule_is_drawn_as_a_rule() -> None:
    told = thread([0], {"1": "Before.\n\n--oo00oo--\n\nAfter."}, body="* * *")
    painter = painter_of(told, 40)
    assert lines(painter, 1)[1:6] == ["  │Before.", "  │", f"  │{'─' * 36}", "  │", "  │After."]
    assert parts(painter.strips(POST, False), "rule")[0] == "─" * 37


def test_quoted_lines_have_a_look_of_their_own_and_keep_their_marker() -> None:
    painter = painter_of(thread([0], {"1": "> what was said before me\nI agree."}), 24)
    strips = painter.strips(1, False)
    assert parts(strips, "quote") == ["> what was said", "> ", "before me"]
    assert parts(strips, "text") == ["I agree."]


def test_a_paragraph_of_the_post_that_stood_there_before_is_folded_to_a_line() -> None:
    body = f"{PULL_QUOTE}\n\nThen rain.\n\n{PULL_QUOTE}\n\nThen sun."
    painter = painter_of(thread([], body=body), 40)
    shown = lines(painter, POST)
    assert shown[3:11] == [
        "  The heron is the only one who keeps",
        "  the minutes.",
        "",
        "  Then rain.",
        "",
        "  ↳ said before: The heron is the only…",
        "",
        "  Then sun.",
    ]


def test_only_long_paragraphs_are_repeats() -> None:
    assert repeated_paragraphs("Yes.\n\nNo.\n\nYes.\n\n-----\n\n-----") == set()
    assert repeated_paragraphs(f"{PULL_QUOTE}\n\n{PULL_QUOTE.replace(' ', chr(10), 1)}") == {
        len(PULL_QUOTE) + 2
    }


def test_a_deep_comment_keeps_room_for_its_text_and_tells_its_true_depth() -> None:
    painter = painter_of(chain(60), 80)
    assert "↳59 " in lines(painter, 60)[0]
    assert painter.text_width(60) >= View().min_text
    assert "↳" not in lines(painter, 5)[0]


def test_narrow_panes_have_guides_of_one_column() -> None:
    assert lines(painter_of(FAMILY, 40), 3)[1] == "  │││Comment 1.1.1."


def test_long_lines_are_not_drawn_wider_than_the_eye_can_follow() -> None:
    painter = painter_of(thread([0], {"1": "word " * 100}), 200)
    assert max(map(len, lines(painter, 1))) <= 104


def test_ascii_signs_are_all_that_a_plain_terminal_gets() -> None:
    marks = ThreadMarks(frozenset({"1"}), {"1": [note("Yes.", "1")]})
    painter = painter_of(FAMILY, marks=marks, glyphs=ASCII)
    painter.layout.fold([2], True)
    assert all(line.isascii() for node in (POST, 1, 2, 5) for line in lines(painter, node, selected=True))


def test_hits_are_lit_at_their_characters_over_wrapped_lines() -> None:
    text = "a gate that is never quite shut"
    painter = painter_of(thread([0], {"1": text}), 24)
    painter.hits = Lit({1: [(2, 6), (text.index("never"), text.index("quite") + 5)]})
    painter.current_hit = (1, (2, 6))
    strips = painter.strips(1, False)
    assert parts(strips, "hit-current") == ["gate"]
    assert parts(strips, "hit") == ["never", "quite"]
    assert parts(strips, "text") == ["a ", " that is ", " shut"]


def test_links_are_told_by_their_look_up_to_the_sentences_own_full_stop() -> None:
    painter = painter_of(thread([0], {"1": "See (https://dorve.example/a_b?c=1)."}))
    assert parts(painter.strips(1, False), "link") == ["https://dorve.example/a_b?c=1"]


TWO_LINKS = "See https://dorve.example/gate, and (https://dorve.example/tide_(low)) as well."


def test_the_number_of_a_link_stands_after_it_and_is_wrapped_with_it() -> None:
    painter = painter_of(thread([0], {"1": TWO_LINKS}), 46)
    assert lines(painter, 1)[1:-1] == [
        "  │See https://dorve.example/gate [1], and",
        "  │(https://dorve.example/tide_(low) [2]) as",
        "  │well.",
    ]
    assert parts(painter.strips(1, False), "about") == [" [1]", " [2]"]
    assert painter.texts[1] == TWO_LINKS


def test_hits_behind_a_number_are_lit_at_their_own_characters() -> None:
    painter = painter_of(thread([0], {"1": TWO_LINKS}), 46)
    [first, last] = [
        (TWO_LINKS.index(word), TWO_LINKS.index(word) + len(word)) for word in ("gate, and", "well")
    ]
    painter.hits = Lit({1: [first, last]})
    assert parts(painter.strips(1, False), "hit") == ["gate", ", and", "well"]
    top = painter.layout.top(1)
    assert [painter.line_of(1, offset) - top for offset in (0, first[0], last[0])] == [1, 1, 3]


def test_a_paragraph_with_a_link_that_stood_there_before_is_folded_as_well() -> None:
    quote = "As https://dorve.example/gate says, the heron keeps the minutes."
    painter = painter_of(thread([], body=f"{quote}\n\nThen rain.\n\n{quote}\n\nThen sun."))
    shown = [line.strip() for line in lines(painter, POST)]
    assert sum(line.startswith("↳ said before: As https://dorve.example/gate says,") for line in shown) == 1
    assert sum(line.startswith("As https://dorve.example/gate [1] says,") for line in shown) == 1


def test_a_cell_of_a_line_is_a_character_of_the_text() -> None:
    painter = painter_of(thread([0, 1], {"1.1": f"{TWO_LINKS}\n> 漢字 quoted"}), 60)
    text = painter.texts[2]
    for line, strip in enumerate(painter.strips(2, False)[1:-1], 1):
        drawn = [character for character in strip.text for _ in range(cell_len(character))]
        for cell, character in enumerate(drawn[:50]):
            start, end = painter.character_at(2, line, cell) or (0, 0)
            if cell > 6 and character.isalpha() and character.isascii():
                assert text[start:end] == character
    assert painter.character_at(2, 0, 30) == (0, 0)
    assert painter.character_at(2, 99, 0) == (len(text), len(text))
    assert painter_of(thread([0], {"1": ""})).character_at(1, 1, 9) is None


def test_a_hit_in_a_link_is_lit_and_nothing_is_drawn_twice() -> None:
    told = thread([0], {"1": "See https://dorve.example now"})
    painter = painter_of(told)
    painter.hits = Lit({1: [(12, 17)]})
    strips = painter.strips(1, False)
    assert parts(strips, "hit") == ["dorve"]
    assert strips[1].text.strip(" │") == "See https://dorve.example [1] now"


NASTY = [
    *"ab “”>-漢\u0301❤\n\t",
    "  ",
    "\n\n",
    "> ",
    "- ",
    "👍🏽",
    "longer-word" * 3,
    "https://a.example/b",
    "-----",
]


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from(NASTY), max_size=20).map("".join), min_size=3, max_size=3),
    st.integers(8, 120),
    st.booleans(),
)
def test_every_line_is_as_wide_as_the_view_and_a_comment_as_high_as_was_counted(
    texts: list[str], width: int, fold: bool
) -> None:
    told = thread([0, 1, 2, 0], {"1": texts[0], "1.1": texts[1]}, body=texts[2])
    marks = ThreadMarks(frozenset({"1", None}), {"1.1": [note(texts[0], "1.1")], None: [note("Yes.", None)]})
    painter = painter_of(changed(told, "1.1", author="漢字" * 9), width, marks=marks)
    painter.hits = Lit({1: [(0, len(texts[0]) // 2)]})
    for node in range(5):
        strips = painter.strips(node, selected=node % 2 == 0)
        assert len(strips) == sum(painter.heights([node]))
        assert {strip.cell_length for strip in strips} == {width}
        painter.layout.fold([node], fold)
        assert {strip.cell_length for strip in painter.strips(node, False)} == {width}


def test_marks_on_comments_that_are_gone_are_no_ones() -> None:
    painter = painter_of(FAMILY, marks=ThreadMarks(frozenset({"9"}), {"9": [note("Lost.", "9")]}))
    assert lines(painter, 5) == ["  · 2 Anonymous", "  │ Comment 2.", "  │"]


@pytest.mark.parametrize(
    ("glyphs", "head"),
    [(UNICODE, "  │ ▾ 1.1 ◌ Ida ‹neighbour› · 1 reply"), (ASCII, "  | - 1.1 z Ida {neighbour} - 1 reply")],
)
def test_a_label_stands_beside_the_name_and_who_is_dimmed_is_so_with_a_sign(
    glyphs: Glyphs, head: str
) -> None:
    said = changed(changed(FAMILY, "1.1", author="Ida"), "1.2", signed="ida")
    painter = painter_of(said, glyphs=glyphs)
    people = {"ida": Person("Ida", "neighbour", dimmed=True)}
    heights = list(painter.heights(range(len(said.comments) + 1)))
    assert painter.set_marks(ThreadMarks(people=people)) == {POST}
    assert lines(painter, 2)[:2] == [head, f"  {glyphs.guide} {glyphs.guide} Comment 1.1."]
    assert parts(painter.strips(2, False), "dimmed")[-1] == "Comment 1.1."
    assert parts(painter.strips(2, False), "label") == [f" {glyphs.label[0]}neighbour{glyphs.label[1]}"]
    assert f"signed ida {glyphs.label[0]}neighbour" in closed(painter, 4)
    assert parts(painter.strips(1, False), "dimmed") == []
    assert list(painter.heights(range(len(said.comments) + 1))) == heights


@pytest.mark.parametrize(("glyphs", "signs"), [(UNICODE, "✎?☐❝"), (ASCII, 'N?C"')])
def test_kinds_of_notes_have_signs_that_differ_without_colour(glyphs: Glyphs, signs: str) -> None:
    made = [note(kind, "1")._replace(note_kind=kind) for kind in NOTE_KINDS]
    painter = painter_of(FAMILY, marks=ThreadMarks(notes={"1": [*made, made[1]]}), glyphs=glyphs)
    head, _, *notes = lines(painter, 1)
    assert head.endswith(f" {signs[0]} {signs[1]}2 {signs[2]} {signs[3]}")
    told = [f"{sign} {kind}" for sign, kind in zip(signs, NOTE_KINDS, strict=True)]
    assert [line.strip(f"{glyphs.guide} ") for line in notes[:4]] == told
