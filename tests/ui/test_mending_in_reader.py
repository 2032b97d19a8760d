"""A comment mended in the reader: hung elsewhere, split, joined, taken off and undone, and shown so."""

from threadreader.library import Library, mending
from threadreader.model import ThreadWarning
from threadreader.ui.dialogs.choice_dialog import ChoiceDialog
from threadreader.ui.screens.mending import split_places
from threadreader.ui.screens.parent_screen import ParentScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.glyphs import ASCII, UNICODE
from ui.test_comment_painter import FAMILY, lines, painter_of
from ui.test_reader import FOG, Reader, post_id, posts, reading
from ui.threads import changed

__all__ = ["posts"]


def test_what_is_mended_is_told_under_the_header_and_has_a_sign_without_colour() -> None:
    warning = ThreadWarning("parent-guessed", "What it answers is a guess.")
    thread = changed(FAMILY, "1.1", mended="re-hung: was a reply to 2", warnings=(warning,))
    for glyphs, sign, guide in ((UNICODE, "¶", "│"), (ASCII, "&", "|")):
        painter = painter_of(thread, glyphs=glyphs)
        painter.doubt_hint = "g M mends it"
        head, *below = lines(painter, 2)
        assert head.endswith(f"{sign} !")
        assert below[:2] == [
            f"  {guide} {guide} ! What it answers is a guess. (g M mends it)",
            f"  {guide} {guide} {sign} re-hung: was a reply to 2",
        ]
        painter.layout.fold([2], True)
        assert f" {sign}  Comment" in lines(painter, 2)[0]


def test_a_text_can_be_split_where_a_paragraph_or_a_sentence_begins_but_the_first() -> None:
    assert split_places("One. Two, e.g. this.\n\nThree") == [5, 22]
    assert split_places("One alone") == []


def places(r: Reader) -> list[tuple[str, str]]:
    thread = r.library.index.thread(post_id(r.library, FOG))
    return [(comment.place, comment.mended) for comment in thread.comments]


async def test_a_comment_is_mended_by_keys_shown_so_and_undone(posts: Library) -> None:
    before = posts.index.thread(post_id(posts, FOG))
    async with reading(posts, at=(before.post.id, before.comments[1].id)) as r:
        assert r.view.doubt_hint == "gM mends it"
        await r.press("g", "M")
        await r.on_screen(ChoiceDialog)
        await r.press("1")
        await r.on_screen(ParentScreen)
        await r.write("heard")
        await r.press("enter")
        await r.on_screen(ReaderScreen)
        assert places(r) == [("1", ""), ("1.1", ""), ("1.1.1", "re-hung: was a reply to 1")]
        assert r.view.comment_id == before.comments[1].id, "the cursor stays with the comment"
        assert r.told == "1.1 Anonymous hung under 1.2 Anonymous: u takes it back"
        assert "¶ re-hung: was a reply to 1" in r.screen
        await r.press("g", "M")
        await r.on_screen(ChoiceDialog)
        await r.press("j", "enter")
        await r.on_screen(ReaderScreen)
        assert r.told.startswith("mending of 1.1.1 Anonymous taken off")
        await r.press("u", "u")
        assert r.view.thread == before == posts.index.thread(before.post.id)
        await r.press("v", "w", "w", "o", "l", "m")  # the second word of “Three times, surely.”
        assert r.view.thread
        assert [one.text for one in r.view.thread.comments][1:3] == ["Three", "times, surely."]
        await r.press("j", "u")
        assert r.view.comment_id == before.comments[1].id, "what was split off is gone again"
        with r.library.clone() as other:  # another program
            mending.join(other, before.post.id, before.comments[0].id)
        r.app.screen.look()  # type: ignore[attr-defined]
        await r.settled()
        assert r.view.thread is not None and r.view.thread.comments[0].mended.startswith("joined with")
