"""What the reader is shown of a newer copy: marks whose comment is gone, and what came, changed and went."""

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.ui.dialogs.changes_dialog import ChangesDialog
from threadreader.ui.screens.attach_screen import AttachScreen
from threadreader.ui.screens.marks_screen import MarksScreen
from ui.test_reader import reading

FERRY = "The ferry did not run at all, and nobody told the people on the quay."
BELL = "They rang the old bell instead, which I had not heard since I was nine."
GULLS = "The gulls walked. I have never seen so many gulls on foot."
NEW_GULLS = "The gulls walked. I have hardly ever seen so many gulls on foot."


@pytest.fixture
def fog(library: Library, write_thread: WriteThread) -> Library:
    """A newer copy: the ferry's comment is gone, with a note on it; the gulls' is edited."""
    (thread,) = library.add(write_thread("fog.txt", FERRY, BELL, GULLS)).threads
    quote = library.quote(thread.post.id, thread.comments[0].id)
    library.annotations.note(thread.post.id, thread.comments[0].id, "Who should have?", quote)
    library.add(write_thread("fog.txt", BELL, NEW_GULLS, "A new one."))
    return library


async def test_a_mark_whose_comment_is_gone_is_told_on_the_post(fog: Library) -> None:
    async with reading(fog) as r:
        await r.press("enter", "g", "g")
        assert "note on a comment that is not here any more, “The ferry" in r.screen
        assert "Who should have?" in r.screen


async def test_an_orphan_tells_why_and_is_attached_from_the_list_of_marks(fog: Library) -> None:
    async with reading(fog) as r:
        await r.press("g", "n")
        await r.on_screen(MarksScreen)
        assert "orphan: the comment is not in the thread any more" in r.screen
        assert "Who should have? “The ferry did not run" in r.screen
        await r.press("enter")
        assert r.told.endswith("= attaches it to another")
        await r.press("equals_sign")
        await r.on_screen(AttachScreen)
        await r.press("down", "enter")
        await r.on_screen(MarksScreen)
        await r.until(lambda: r.told)
        assert r.told == "attached: u takes it back"
        (told,) = fog.states(fog.annotations.marks())
        assert (told.state, told.mark.text, told.mark.quote.exact) == ("exact", "Who should have?", NEW_GULLS)
        await r.press("u")
        (told,) = fog.states(fog.annotations.marks())
        assert told.state == "orphan"
        assert "note “Who should have?” attached to the other comment again" in r.screen


async def test_what_changed_is_shown_word_for_word(fog: Library) -> None:
    async with reading(fog) as r:
        await r.press("enter", "g", "g", "right_square_bracket", "c", "g", "c")
        await r.on_screen(ChangesDialog)
        assert "I have [-never-] {+hardly ever+} seen so many" in " ".join(r.screen.split())
        await r.press("escape", "g", "g", "g", "c")
        await r.on_screen(ChangesDialog)
        assert "1 new, 1 changed, 1 gone" in r.screen
        assert "[-The ferry did not run at all" in r.screen
        await r.press("escape", "j", "g", "c")
        assert r.told.startswith("this comment is the same since the last copy")


async def test_a_note_and_a_highlight_tell_that_their_words_were_changed(
    library: Library, write_thread: WriteThread
) -> None:
    (thread,) = library.add(write_thread("fog.txt", FERRY, BELL, GULLS)).threads
    (post_id, gulls) = thread.post.id, thread.comments[2].id
    library.annotations.note(post_id, gulls, "On foot!", library.quote(post_id, gulls))
    passage, _ = library.passage(post_id, gulls, "I have never seen so many")
    library.annotations.highlight(post_id, gulls, passage, "green")
    async with reading(library, at=(post_id, gulls)) as r:
        assert "On foot!" in r.screen and "edited" not in r.screen
        library.add(write_thread("fog.txt", FERRY, BELL, NEW_GULLS))
        r.reader.stores_changed()
        await r.settled()
        assert "(written before the comment was edited)" in r.screen
        assert "“I have never seen so many” (green, changed since)" in r.screen
