"""Rows of the lists: what each says, and that it fits."""

import datetime as dt
from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from threadreader.model import Anchored, Annotation, Hit, ListedMark, ListedPost, MarkState, ThreadWarning
from threadreader.ui.screens.marks_screen import age
from threadreader.ui.widgets.glyphs import ASCII
from threadreader.ui.widgets.hit_list import HitList, ShownHit
from threadreader.ui.widgets.mark_list import MarkList, ShownMark
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.row_list import Part, cut
from ui.driving import Driver
from ui.threads import POST, note

LISTED = ListedPost(POST._replace(comments=12), "The heron and the gate", unread=3, bookmarks=2, notes=1)
HIT = Hit("heron", "4.2", 1.0, "the gate was\nshut", ("gate",), place="4.2", parent_line="Who shut it?")


def words(parts: Sequence[Sequence[Part]]) -> list[str]:
    return ["".join(said for said, _ in line) for line in parts]


def test_a_post_tells_its_title_date_comments_unread_and_marks() -> None:
    assert words(PostList().parts(LISTED, 60)) == [
        "● The heron and the gate ★2 ✎1",
        "  2024-02-29 · 12 comments · 3 unread",
    ]


def test_a_narrow_list_still_tells_what_is_unread() -> None:
    assert words(PostList().parts(LISTED, 34))[1] == "  2024-02-29 · 3 unread of 12"


def test_a_post_tells_what_is_doubtful_and_what_is_gone() -> None:
    doubts = (ThreadWarning("count-differs", "Twelve were told."),)
    read = LISTED._replace(unread=0, bookmarks=0, notes=0)
    doubtful = read._replace(post=POST._replace(comments=1, date=None, warnings=doubts))
    gone = read._replace(post=POST._replace(comments=1, source_gone=True))
    assert words(PostList().parts(doubtful, 60)) == [
        "  The heron and the gate !",
        "  no date · 1 comment · read",
    ]
    assert words(PostList().parts(gone, 60))[1] == "  2024-02-29 · source gone · 1 comment · read"


def test_the_signs_of_a_post_are_there_however_long_its_title_is() -> None:
    assert words(PostList().parts(LISTED._replace(title="heron " * 20), 30))[0].endswith("her… ★2 ✎1")


def test_a_hit_tells_where_it_is_what_it_answers_and_lights_its_words() -> None:
    parts = HitList().parts(ShownHit(HIT, "The heron", lambda: [(4, 8)]), 60)
    assert words(parts) == ["The heron  4.2", "  ↳ Who shut it?", "  the gate was shut"]
    assert [said for said, look in parts[2] if look == "hit"] == ["gate"]


def test_a_hit_in_a_cut_snippet_is_lit_as_far_as_it_is_shown() -> None:
    hit = HIT._replace(snippet="word " * 20 + "gate", parent_line=None)
    parts = HitList().parts(ShownHit(hit, "The heron", lambda: [(0, 4), (100, 104)]), 30)
    assert [said for said, look in parts[2] if look == "hit"] == ["word"]
    assert len(words(parts)[2]) <= 30


def shown(mark: Annotation, title: str, place: str | None, state: MarkState, reason: str = "") -> ShownMark:
    return ShownMark(ListedMark(Anchored(mark, state, reason), title, place))


def test_a_mark_tells_its_post_place_day_and_whether_it_still_fits() -> None:
    mark = note("Look\nhere.", "4.2")._replace(created=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    assert words(MarkList().parts(shown(mark, "The heron", "4.2", "exact"), 60)) == [
        "✎ The heron  4.2  2024-03-01",
        "  Look here.",
    ]
    orphan = shown(mark._replace(kind="bookmark"), "The heron", None, "orphan", "the comment is gone")
    assert words(MarkList().parts(orphan, 60))[0] == "★ The heron    2024-03-01  orphan: the comment is gone"
    assert words(MarkList().parts(orphan, 44))[0] == "★ The heron    2024-03-01  orphan"


def test_what_is_too_long_is_cut_with_the_signs_of_the_terminal() -> None:
    long = LISTED._replace(title="heron " * 20)
    mark = shown(note("word " * 30, "1"), "heron " * 20, "1", "exact")
    hit = ShownHit(HIT._replace(snippet="word " * 30, parent_line="who " * 30), "heron " * 20, list)
    for lines in (
        PostList(glyphs=ASCII).parts(long, 50),
        MarkList(glyphs=ASCII).parts(mark, 50),
        HitList(glyphs=ASCII).parts(hit, 50),
    ):
        assert all(line.isascii() and len(line) <= 50 for line in words(lines))
    assert (cut("漢字かな", 5), cut("heron", 0), cut("heron", 5)) == ("漢字…", "", "heron")


class Listed(App[None]):
    def compose(self) -> ComposeResult:
        yield PostList(empty="Nothing here.")


async def test_the_cursor_moves_by_rows_and_pages_and_stays_in_view() -> None:
    rows = [LISTED._replace(title=f"Post {n}", unread=n % 4) for n in range(40)]
    app = Listed()
    async with app.run_test(size=(50, 10)) as pilot:
        driver, posts = Driver(app, pilot), app.query_one(PostList)
        assert "Nothing here." in posts.render_line(1).text
        posts.show(rows)
        posts.focus()
        went = []
        for key in ("j", "down", "k", "space", "tab", "shift+tab", "end", "pageup", "home"):
            await driver.press(key)
            went.append(posts.cursor)
            top = posts.cursor * posts.ROW_HEIGHT - posts.scroll_offset.y
            assert 0 <= top <= 10 - posts.ROW_HEIGHT
            assert posts.render_line(top).text.startswith(f"▌ {'●' if posts.cursor % 4 else ' '} Post")
        assert went == [1, 2, 1, 5, 6, 5, 39, 35, 0]
        await driver.pilot.resize_terminal(50, 6)
        posts.show(rows[:3], cursor=9)
        assert posts.cursor == 2


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "today"), (1, "1 day ago"), (13, "1 week ago"), (65, "2 months ago"), (800, "2 years ago")],
)
def test_an_age_is_told_in_its_largest_unit(days: int, told: str) -> None:
    assert age(dt.timedelta(days=days)) == told
