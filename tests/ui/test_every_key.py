"""Every key of the reader, pressed on a thread that is known, and what came of it."""

import pytest
from conftest import WriteThread

from threadreader.library import Library
from threadreader.model import News
from threadreader.ui.keys import table_of
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.widgets.comment_painter import ThreadMarks
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView
from ui.test_reader import reading
from ui.test_thread_view import FAMILY, Viewing, viewing
from ui.threads import changed, note

# Ida wrote 1 and 3, Olav signed 2; all but 2, 3 and 3.2 is read, 2 bookmarked, and on 3 stands a note.
# Links are in 1.1.1 and 3.1, and in 2 what only looks like one. The newest copy brought 1.2, and changed 3.1.
KNOWN = changed(changed(changed(FAMILY, "1", author="Ida"), "3", author="Ida"), "2", signed="Olav")
KNOWN = changed(changed(KNOWN, "1.1.1", text="http://a.test"), "3.1", text="See http://b.test and c.")
KNOWN = changed(KNOWN, "2", text="None :// here.")
NEWS: dict[str, News] = {"1.2": "new", "3.1": "changed"}
READ = ("1", "1.1", "1.1.1", "1.2", "3.1")

# The action, the keys, where they are pressed; where the cursor is then, what is closed, what is told, and on
# which line of the screen the comment stands. A blank place is the post.
IN_A_THREAD = [
    ("thread.next", "j", "1", "1.1", "", "", 6),
    ("thread.next", "down", "1", "1.1", "", "", 6),
    ("thread.next", "3 j", "1", "1.2", "", "", 12),
    ("thread.next", "j", "3.2", "3.2", "", "this is the last comment", 11),
    ("thread.previous", "k", "2", "1.2", "", "", 0),
    ("thread.previous", "2 up", "2", "1.1.1", "", "", 0),
    ("thread.previous", "k", "", "", "", "this is the top", 0),
    ("thread.next-sibling", "J", "1", "2", "", "", 12),
    ("thread.next-sibling", "2 J", "1", "3", "", "", 11),
    ("thread.next-sibling", "J", "1.2", "1.2", "", "no sibling that way", 3),
    ("thread.previous-sibling", "K", "3", "2", "", "", 1),
    ("thread.previous-sibling", "K", "1", "1", "", "no sibling that way", 3),
    ("thread.out", "h", "1", "1", "1", "", 3),
    ("thread.out", "left", "1.1.1", "1.1", "", "", 0),
    ("thread.out", "h", "", "", "", "Left", 0),
    ("thread.in", "l", "1", "1.1", "", "", 6),
    ("thread.in", "right", "2", "2", "", "no replies here", 3),
    ("thread.parent", "H", "1.1.1", "1.1", "", "", 0),
    ("thread.parent", "2 H", "1.1.1", "1", "", "", 0),
    ("thread.parent", "H", "", "", "", "this is the post", 0),
    ("thread.root", "g 0", "1.1.1", "1", "", "", 0),
    ("thread.previous-top", "left_curly_bracket", "3.1", "3", "", "", 4),
    ("thread.previous-top", "2 left_curly_bracket", "3.1", "2", "", "", 1),
    ("thread.next-top", "right_curly_bracket", "1.1", "2", "", "", 12),
    ("thread.next-top", "2 right_curly_bracket", "1.1", "3", "", "", 11),
    ("thread.next-top", "right_curly_bracket", "3", "3", "", "no further comment on the post", 4),
    ("thread.first", "g g", "3", "", "", "", 0),
    ("thread.first", "home", "3", "", "", "", 0),
    ("thread.last", "G", "1", "3.2", "", "", 11),
    ("thread.last", "end", "1", "3.2", "", "", 11),
    ("thread.last", "4 G", "1", "1.2", "", "", 12),
    ("thread.page-down", "space", "", "1.1.1", "", "", 1),
    ("thread.page-down", "pagedown", "1", "1.2", "", "", 0),
    ("thread.page-up", "b", "3.2", "1", "", "", 1),
    ("thread.page-up", "pageup", "3.2", "1", "", "", 1),
    ("thread.half-down", "ctrl+d", "", "1", "", "", 0),
    ("thread.half-up", "ctrl+u", "3.2", "1.1.1", "", "", 2),
    ("thread.next-unread", "tab", "", "2", "", "", 12),
    ("thread.next-unread", "2 tab", "", "3", "", "", 11),
    ("thread.next-unread", "tab", "3.2", "3.2", "", "UnreadExhausted", 11),
    ("thread.previous-unread", "shift+tab", "3", "2", "", "", 1),
    ("thread.next-note", "right_square_bracket n", "1", "3", "", "", 11),
    ("thread.next-note", "right_square_bracket n", "3", "3", "", "no note that way: mark.note writes one", 4),
    (
        "thread.previous-note",
        "left_square_bracket n",
        "3",
        "3",
        "",
        "no note that way: mark.note writes one",
        4,
    ),
    (
        "thread.next-highlight",
        "right_square_bracket h",
        "3",
        "3",
        "",
        "no highlight that way: mark.select selects a passage",
        4,
    ),
    ("thread.next-bookmark", "right_square_bracket b", "1", "2", "", "", 12),
    ("thread.previous-bookmark", "left_square_bracket b", "3.2", "2", "", "", 1),
    ("thread.next-by-author", "right_square_bracket a", "1", "3", "", "", 11),
    ("thread.next-by-author", "right_square_bracket a", "2", "2", "", "nothing else by Olav that way", 3),
    ("thread.previous-by-author", "left_square_bracket a", "3", "1", "", "", 0),
    (
        "thread.previous-by-author",
        "left_square_bracket a",
        "1.1",
        "1.1",
        "",
        "nobody knows who wrote this",
        3,
    ),
    ("thread.next-link", "right_square_bracket l", "", "1.1.1", "", "", 12),
    ("thread.next-link", "right_square_bracket l", "1.1.1", "3.1", "", "", 12),
    ("thread.next-link", "2 right_square_bracket l", "", "3.1", "", "", 12),
    ("thread.next-link", "right_square_bracket l", "3.1", "3.1", "", "no link that way", 8),
    ("thread.previous-link", "left_square_bracket l", "3.1", "1.1.1", "", "", 0),
    ("thread.previous-link", "left_square_bracket l", "1.1.1", "1.1.1", "", "no link that way", 3),
    ("thread.next-change", "right_square_bracket c", "1", "1.2", "", "", 12),
    ("thread.next-change", "2 right_square_bracket c", "1", "3.1", "", "", 12),
    ("thread.next-change", "right_square_bracket c", "3.1", "3.1", "", "nothing new or changed that way", 8),
    ("thread.previous-change", "left_square_bracket c", "3.1", "1.2", "", "", 0),
    ("thread.toggle-fold", "enter", "1", "1", "1", "", 3),
    ("thread.toggle-fold", "z a", "1.1", "1.1", "1.1", "", 3),
    ("thread.open-fold", "z c z o", "1", "1", "", "", 3),
    ("thread.close-fold", "z c", "2", "2", "2", "", 3),
    ("thread.fold-subtree", "z A", "1", "1", "1 1.1 1.1.1 1.2", "", 3),
    ("thread.fold-all", "z M", "1.1", "1", "1 1.1 1.1.1 1.2 2 3 3.1 3.2", "", 7),
    ("thread.open-all", "z M z R", "1.1", "1", "", "", 7),
    ("thread.fold-less", "z M z r", "1.1", "1", "1.1 1.1.1 1.2 3.1 3.2", "", 7),
    ("thread.fold-less", "z M 2 z r", "1.1", "1", "1.1.1", "", 7),
    ("thread.fold-more", "z m", "1.1.1", "1.1.1", "1.1.1", "", 3),
    ("thread.fold-more", "2 z m", "1.1.1", "1.1", "1.1 1.1.1 1.2 3.1 3.2", "", 3),
    ("thread.level-1", "z 1", "1.1", "1.1", "1.1 1.1.1 1.2 3.1 3.2", "", 3),
    ("thread.level-2", "z 2", "1", "1", "1.1.1", "", 3),
    ("thread.level-3", "z 1 z 3", "1", "1", "", "", 3),
    ("thread.level-4", "z 1 z 4", "1", "1", "", "", 3),
    ("thread.level-5", "z 1 z 5", "1", "1", "", "", 3),
    ("thread.level-6", "z 1 z 6", "1", "1", "", "", 3),
    ("thread.level-7", "z 1 z 7", "1", "1", "", "", 3),
    ("thread.level-8", "z 1 z 8", "1", "1", "", "", 3),
    ("thread.level-9", "z 1 z 9", "1", "1", "", "", 3),
    ("thread.fold-read", "z u", "1.1", "1", "1 1.1 1.1.1 1.2 3.1", "", 3),
    ("thread.open-fold", "z o", "1", "1", "", "this is not folded", 3),
    ("thread.close-fold", "z c z c", "2", "2", "2", "this is folded already", 3),
    ("thread.open-all", "z R", "1", "1", "", "nothing is folded", 3),
    ("thread.fold-less", "z r", "1", "1", "", "nothing is folded", 3),
    ("thread.level-9", "z 9", "1", "1", "", "nothing is folded", 3),
    ("thread.root", "g 0", "1", "1", "", "this is the top of its discussion", 3),
    ("thread.page-up", "b", "", "", "", "this is the top", 0),
    ("thread.half-up", "ctrl+u", "", "", "", "this is the top", 0),
    ("thread.centre", "z z", "2", "2", "", "", 5),
    ("thread.to-top", "z t", "2", "2", "", "", 1),
    ("thread.to-bottom", "z b", "2", "2", "", "", 11),
    (
        "thread.find-next",
        "n",
        "1",
        "1",
        "",
        "nothing is being looked for: reader.find finds in this thread",
        3,
    ),
    (
        "thread.find-previous",
        "N",
        "1",
        "1",
        "",
        "nothing is being looked for: reader.find finds in this thread",
        3,
    ),
]

# The action, the keys, pressed at 1.1 of a post with 1, 1.1, 1.2, 2, 3 and 3.1; where the cursor is then,
# which screen is shown, what has the keys, and what the status line tells.

NOBODY = "nobody knows who wrote this: it has neither author nor signature"
IN_THE_READER = [
    ("reader.find", "slash", "1.1", "ReaderScreen", "FindLine", ""),
    ("reader.search", "s", "1.1", "SearchScreen", "LineInput", ""),
    ("reader.marks", "g a", "1.1", "MarksScreen", "MarkList", ""),
    ("reader.bookmarks", "g b", "1.1", "MarksScreen", "MarkList", ""),
    ("reader.notes", "g n", "1.1", "MarksScreen", "MarkList", ""),
    ("reader.highlights", "g h", "1.1", "MarksScreen", "MarkList", ""),
    ("reader.changes", "g c", "1.1", "ReaderScreen", "ThreadView", "there is no earlier copy of this post"),
    ("reader.only-matches", "backslash", "1.1", "ReaderScreen", "FindLine", ""),
    (
        "reader.only-matches",
        "slash a n o enter backslash",
        "1.2",
        "ReaderScreen",
        "ThreadView",
        "only matches (1 of 6): \\ shows all",
    ),
    (
        "reader.more-like-this",
        "g l",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "no other comment has any of these words",
    ),
    (
        "reader.next-result",
        "right_square_bracket q",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "no search yet: s searches everything",
    ),
    (
        "reader.previous-result",
        "left_square_bracket q",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "no search yet: s searches everything",
    ),
    ("reader.go-to", "f", "1.1", "NamesScreen", "LineInput", ""),
    ("reader.read", "r", "1.1", "ReaderScreen", "ThreadView", "1 marked read: u takes it back"),
    ("reader.read", "r r", "1.1", "ReaderScreen", "ThreadView", "1 marked unread: u takes it back"),
    ("reader.read-subtree", "H R", "1", "ReaderScreen", "ThreadView", "3 marked read: u takes it back"),
    ("reader.read-above", "M", "1.1", "ReaderScreen", "ThreadView", "2 marked read: u takes it back"),
    ("reader.begun", "g o", "1.1", "BegunScreen", "BegunList", ""),
    ("reader.tags", "g t", "1.1", "TagsScreen", "TagList", ""),
    ("reader.history", "g u", "1.1", "HistoryScreen", "StepList", ""),
    ("reader.sort", "S", "1.1", "ReaderScreen", "ThreadView", "sorted: longest"),
    ("reader.flat", "g s", "1.1", "ReaderScreen", "ThreadView", "as one list"),
    ("reader.parents", "i", "1.1", "ParentsScreen", "Chain", ""),
    ("reader.hide-finished", "g f", "1.1", "ReaderScreen", "ThreadView", "finished posts are hidden"),
    ("reader.other-pane", "g w", "1.1", "ReaderScreen", "PostList", ""),
    ("reader.other-pane", "f6", "1.1", "ReaderScreen", "PostList", ""),
    ("reader.mend", "g M", "1.1", "ChoiceDialog", "OptionList", ""),
    ("reader.map", "g m", "1.1", "ReaderScreen", "ThreadView", "the map is shown"),
    ("reader.layout", "w", "1.1", "ReaderScreen", "ThreadView", ""),
    (
        "reader.mouse",
        "f2",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "the mouse is the terminal's: F2 takes it back",
    ),
    ("reader.back", "q", "1.1", "ReaderScreen", "PostList", ""),
    ("reader.leave", "escape", "1.1", "ReaderScreen", "PostList", ""),
    ("jump.set", "m k", "1.1", "ReaderScreen", "ThreadView", "this is place k: 'k comes back"),
    ("jump.go", "m k G ' k", "1.1", "ReaderScreen", "ThreadView", ""),
    ("jump.go", "' z", "1.1", "ReaderScreen", "ThreadView", "no place z: mz names one"),
    ("jump.last", "G ' '", "1.1", "ReaderScreen", "ThreadView", ""),
    ("jump.back", "G ctrl+o", "1.1", "ReaderScreen", "ThreadView", ""),
    ("jump.back", "ctrl+o", "1.1", "ReaderScreen", "ThreadView", "no jump to go back from"),
    ("jump.forward", "G ctrl+o alt+right", "3.1", "ReaderScreen", "ThreadView", ""),
    ("take.open-link", "o", "1.1", "ReaderScreen", "ThreadView", "no link here"),
    (
        "take.copy-text",
        "y y",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "text: sent to the terminal's clipboard (OSC 52, not confirmed)",
    ),
    (
        "take.copy-permalink",
        "y p",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "permalink: sent to the terminal's clipboard (OSC 52, not confirmed)",
    ),
    (
        "take.copy-quote",
        "y q",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "quote: sent to the terminal's clipboard (OSC 52, not confirmed)",
    ),
    (
        "take.copy-subtree",
        "y t",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "subtree: sent to the terminal's clipboard (OSC 52, not confirmed)",
    ),
    ("take.copy-link", "y l", "1.1", "ReaderScreen", "ThreadView", "no link here"),
    ("take.pipe", "vertical_line", "1.1", "PipeDialog", "Input", ""),
    ("mark.bookmark", "B", "1.1", "ReaderScreen", "ThreadView", "bookmarked"),
    ("mark.bookmark", "B B", "1.1", "ReaderScreen", "ThreadView", "bookmark taken off: u brings it back"),
    ("mark.note", "a", "1.1", "NoteDialog", "TextArea", ""),
    ("mark.edit-note", "e", "1.1", "ReaderScreen", "ThreadView", "no note here: a writes one"),
    ("mark.person", "g p", "1.1", "ReaderScreen", "ThreadView", NOBODY),
    (
        "thread.previous-highlight",
        "j v enter B k v enter G left_square_bracket h",
        "1.2",
        "ReaderScreen",
        "ThreadView",
        "",
    ),
    ("mark.kind", "T", "1.1", "ReaderScreen", "ThreadView", "no note or highlight here: a writes one"),
    ("mark.kind", "v enter T", "1.1", "ReaderScreen", "ThreadView", "a question now: u takes it back"),
    ("mark.select", "v", "1.1", "ReaderScreen", "ThreadView", ""),
    ("mark.select", "v enter", "1.1", "ReaderScreen", "ThreadView", "highlighted: u takes it back"),
    (
        "mark.select",
        "v Z",
        "1.1",
        "ReaderScreen",
        "ThreadView",
        "no such key here: Esc leaves, ? shows the keys",
    ),
    ("mark.select", "g w v", "1.1", "ReaderScreen", "PostList", "open a post to select a passage in it"),
    ("mark.select", "z c v", "1.1", "ReaderScreen", "ThreadView", "this is folded: l unfolds it"),
    ("mark.tags", "t", "1.1", "TagsDialog", "Input", ""),
    ("mark.remove", "v enter d", "1.1", "ReaderScreen", "ThreadView", "highlight removed: u brings it back"),
    ("mark.remove", "d", "1.1", "ReaderScreen", "ThreadView", "no note or highlight here to remove"),
    ("mark.undo", "u", "1.1", "ReaderScreen", "ThreadView", "nothing to undo"),
    ("mark.undo", "B u", "1.1", "ReaderScreen", "ThreadView", "bookmark on “Reply.” removed"),
    ("mark.redo", "ctrl+r", "1.1", "ReaderScreen", "ThreadView", "nothing to redo"),
    ("mark.redo", "B u ctrl+r", "1.1", "ReaderScreen", "ThreadView", "bookmark on “Reply.” restored"),
    ("mark.rename", "g R", "1.1", "LineDialog", "Input", ""),
    ("mark.export", "x", "1.1", "ExportDialog", "Input", ""),
    ("screen.help", "question_mark", "1.1", "HelpScreen", "Input", ""),
    ("screen.help", "f1", "1.1", "HelpScreen", "Input", ""),
    ("screen.palette", "ctrl+p", "1.1", "CommandPalette", "CommandInput", ""),
    ("screen.command", ":", "1.1", "CommandScreen", "LineInput", ""),
    ("screen.command", ": 4 enter", "2", "ReaderScreen", "ThreadView", ""),
    ("screen.repeat", "j full_stop", "2", "ReaderScreen", "ThreadView", ""),
    ("screen.repeat", "full_stop", "1.1", "ReaderScreen", "ThreadView", "nothing to repeat yet"),
]

# A terminal of its own is needed by these, or the end of the program.
ELSEWHERE = {"screen.suspend", "take.edit-note", "screen.quit"}


def told(v: Viewing) -> str:
    """Why a key could do nothing, or how the view left it to the screen."""
    if refused := v.refused():
        return refused
    leaving = (ThreadView.Left, ThreadView.Ended, ThreadView.UnreadExhausted)
    return next((type(message).__name__ for message in v.messages if isinstance(message, leaving)), "")


def test_no_key_is_left_out() -> None:
    pressed = {row[0] for row in IN_A_THREAD} | {row[0] for row in IN_THE_READER} | ELSEWHERE
    assert {key.id for node in (ThreadView, ReaderScreen) for key in table_of(node)} == pressed


async def test_every_key_in_a_thread() -> None:
    done = []
    async with viewing(KNOWN, size=(60, 14)) as v:
        for action, keys, at, *_ in IN_A_THREAD:
            marks = ThreadMarks(frozenset({"2"}), {"3": [note("Look.", "3")]})
            v.view.load(KNOWN, read=READ, marks=marks, news=NEWS)
            v.view.go_to(at or None)
            await v.settled()
            v.messages.clear()
            await v.press(*keys.split())
            closed = " ".join(sorted(place or "post" for place in v.closed))
            done.append((action, keys, at, v.view.comment_id or "", closed, told(v), v.cursor_line))
    assert done == IN_A_THREAD


@pytest.mark.parametrize("row", IN_THE_READER, ids=lambda row: f"{row[0]}-{row[1]}")
async def test_every_key_of_the_reader(
    library: Library, write_thread: WriteThread, row: tuple[str, ...]
) -> None:
    threads = ("First.", "Reply.", "Another."), ("Second.",), ("Third.", "Last.")
    library.add(write_thread("tides.txt", *threads, title="A table of tides"))
    (listed,) = library.listed()
    comments = library.index.thread(listed.post.id).comments
    _, keys, place, screen, focused, message = row
    async with reading(library, at=(listed.post.id, comments[1].id), size=(100, 20)) as r:
        await r.press(*({"'": "apostrophe", ":": "colon"}.get(key, key) for key in keys.split()))
        await r.until(lambda: type(r.app.screen).__name__ == screen and r.app.focused)
        await r.settled()
        lines = r.app.screen.query(StatusLine)
        seen = (r.place, type(r.app.focused).__name__, lines.first().message if lines else "")
        assert seen == (place, focused, message)
