"""The reader: the list of posts beside the thread, or one at a time where there is no room for both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Footer, Input

from threadreader.errors import LibraryReadOnly, ThreadReaderError
from threadreader.library import Added, Library
from threadreader.model import Annotation, ListedPost
from threadreader.ui.dialogs.export_dialog import ExportChoice, ExportDialog
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView

SHOW_AFTER = 0.06  # seconds that the cursor of the list rests before its thread is drawn beside it
WRITE_EVERY = 1.0  # seconds between looks at what is to be written, and at what other programs wrote

Target = tuple[str, str | None]

# How the list can be sorted: a name for the status line, and the key of a row.
SORTS: dict[str, Callable[[int, ListedPost], object]] = {
    "date": lambda at, row: at,
    "newest first": lambda at, row: -at,
    "title": lambda at, row: row.title.casefold(),
    "comments": lambda at, row: -row.post.comments,
    "unread": lambda at, row: -row.unread,
    "marks": lambda at, row: -(row.bookmarks + row.notes),
}


class ReaderScreen(KeyedScreen[None]):
    """Owns what is listed and what is open; talks to the library; the widgets only draw."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.find", "/", "find", "Find in the thread, or filter the list", "Find", footer="Find"),
        Key("reader.search", "s", "search", "Search everything", "Find", footer="Search"),
        Key("reader.bookmark", "B", "bookmark", "Bookmark, or take it off", "Mark", footer="Bookmark"),
        Key("reader.note", "a", "note", "Write a note", "Mark", footer="Note"),
        Key("reader.edit-note", "e", "edit_note", "Edit the note here", "Mark"),
        Key("reader.remove-note", "d", "remove_note", "Remove the note here", "Mark"),
        Key("reader.bookmarks", "g b", "marks('bookmark')", "List of bookmarks", "Mark"),
        Key("reader.notes", "g n", "marks('note')", "List of notes", "Mark"),
        Key("reader.undo", "u", "undo", "Undo", "Mark"),
        Key("reader.redo", "ctrl+r", "redo", "Redo", "Mark"),
        Key("reader.read", "r", "read('comment')", "Mark read, or unread again", "Read"),
        Key("reader.read-subtree", "R", "read('subtree')", "Mark read with all replies", "Read"),
        Key("reader.read-above", "M", "read('above')", "Mark read up to here", "Read"),
        Key("reader.export", "x", "export", "Export as Markdown", "Post", footer="Export"),
        Key("reader.rename", "g R", "rename", "Rename the post", "Post"),
        Key("reader.sort", "S", "sort", "Sort the list otherwise", "List"),
        Key("reader.hide-finished", "g f", "hide_finished", "Hide or show finished posts", "List"),
        Key("reader.other-pane", "g w,f6", "other_pane", "The other pane", "Panes"),
        Key("reader.layout", "w", "layout", "One pane, or both", "Panes"),
        Key("reader.mouse", "f2", "app.mouse", "Release or take the mouse", "Program"),
        Key("reader.back", "q,escape", "back", "Back; in the list, quit", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    ReaderScreen { layout: vertical; }
    ReaderScreen #panes { height: 1fr; }
    ReaderScreen PostList { width: 42; }
    ReaderScreen ThreadView { width: 1fr; border-left: vkey $panel; }
    ReaderScreen #find { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    ReaderScreen.-finding #find { display: block; }
    ReaderScreen.-narrow PostList, ReaderScreen.-single PostList { width: 1fr; }
    ReaderScreen.-narrow ThreadView, ReaderScreen.-single ThreadView { display: none; border-left: none; }
    ReaderScreen.-narrow.-reading PostList, ReaderScreen.-single.-reading PostList { display: none; }
    ReaderScreen.-narrow.-reading ThreadView, ReaderScreen.-single.-reading ThreadView { display: block; }
    """

    listed: reactive[Sequence[ListedPost]] = reactive((), init=False)
    """Every post with what the reader made of it."""
    sort: reactive[str] = reactive("date", init=False)
    """A key of `SORTS`."""
    pattern: reactive[str] = reactive("", init=False)
    """What the titles of the list are filtered by."""
    finished_hidden: reactive[bool] = reactive(False, init=False)
    """Are posts without anything unread left out?"""

    def __init__(
        self, library: Library, *, paths: Sequence[Path], target: Target | None, glyphs: Glyphs
    ) -> None:
        super().__init__()
        self.library = library
        self.paths = paths
        self.target = target
        self.glyphs = glyphs
        self.reading: Reading | None = None
        self.in_thread = False  # which pane has the keys, or had them before a line or dialog took them
        self._found = ""  # "3/17" while something is being found
        self._versions: tuple[object, object] = (None, None)
        self._busy = ""

    def compose(self) -> ComposeResult:
        """List and thread side by side, the line that is typed in, status and footer."""
        with Horizontal(id="panes"):
            yield PostList(glyphs=self.glyphs, empty="No posts yet. Add one: threadreader add FILE")
            yield ThreadView(glyphs=self.glyphs)
        yield Input(compact=True, id="find", select_on_focus=False)
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    @property
    def posts(self) -> PostList:
        """The list pane."""
        return self.query_one(PostList)

    @property
    def view(self) -> ThreadView:
        """The thread pane."""
        return self.query_one(ThreadView)

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one(StatusLine)

    @property
    def find_line(self) -> Input:
        """Where a word to find, or a title to filter by, is typed."""
        return self.query_one("#find", Input)

    def on_mount(self) -> None:
        """Show what is there at once; look for new documents meanwhile."""
        store = self.library.annotations
        self.set_reactive(
            ReaderScreen.sort, store.state("sort", "date") if store.state("sort") in SORTS else "date"
        )
        self.set_reactive(ReaderScreen.finished_hidden, store.state("hide-finished") == "yes")
        self._versions = self._stored_versions()
        self.posts.focus()
        self.reload()
        if self.target:
            self.open(*self.target)
        if self.paths:
            self._refresh()
        if self.library.read_only:
            self.say("this library can't be written: marks are not kept")
        self.set_interval(WRITE_EVERY, self._tick)

    def on_unmount(self) -> None:
        """Leave nothing unwritten."""
        self._leave()

    # The list

    def reload(self) -> None:
        """Read the list again."""
        self.listed = tuple(self.library.listed())

    def watch_listed(self) -> None:
        """Show the rows, and a thread where none is shown yet."""
        self._show_rows()

    def watch_sort(self) -> None:
        """Show the rows in the new order."""
        self._show_rows()

    def watch_pattern(self) -> None:
        """Show the rows that fit."""
        self._show_rows(top=True)

    def watch_finished_hidden(self) -> None:
        """Show more rows, or fewer."""
        self._show_rows()

    def _show_rows(self, *, top: bool = False) -> None:
        posts, rows = self.posts, self._rows()
        top = top or (posts.cursor == 0 and not self.in_thread)  # whoever is at the top stays there
        kept = None if top or posts.row is None else posts.row.post.id
        at = 0 if top else next((at for at, row in enumerate(rows) if row.post.id == kept), posts.cursor)
        posts.empty = self._why_empty()
        posts.show(rows, at)
        self._say_where()
        if not self.in_thread:
            self._show_soon()

    def _rows(self) -> list[ListedPost]:
        rows = [row for row in self.listed if row.unread or not row.post.comments or not self.finished_hidden]
        if self.pattern:
            from threadreader.search import titles

            named = {row.post.id: row for row in rows}
            found = titles([replace(row.post, title=row.title) for row in rows], self.pattern)
            return [named[post.id] for post in found]
        key = SORTS[self.sort]
        return [row for at, row in sorted(enumerate(rows), key=lambda pair: key(*pair))]  # type: ignore[arg-type, return-value]

    def _why_empty(self) -> str:
        if self._busy:
            return self._busy
        if self.pattern:
            return "No title fits. Esc clears the filter."
        if self.listed:
            return "Everything is read. gf shows finished posts."
        return "No posts yet. Add one: threadreader add FILE"

    @on(PostList.Highlighted)
    def _highlighted(self) -> None:
        self._show_soon()
        self._say_where()

    def _show_soon(self) -> None:
        self.set_timer(SHOW_AFTER, self._show_highlighted)

    def _show_highlighted(self) -> None:
        """Draw the thread under the list's cursor beside it."""
        row = self.posts.row
        if row and not self.in_thread and (self.reading is None or self.reading.post_id != row.post.id):
            self._load(row.post.id)

    @on(PostList.Chosen)
    def _chosen(self) -> None:
        row = self.posts.row
        if row:
            self.open(row.post.id)

    @on(PostList.Refused)
    @on(ThreadView.Refused)
    def _refused(self, event: PostList.Refused | ThreadView.Refused) -> None:
        self.say(event.reason)

    def action_sort(self) -> None:
        """The next order of the list."""
        names = list(SORTS)
        self.sort = names[(names.index(self.sort) + 1) % len(names)]
        self._keep_state("sort", self.sort)
        self.say(f"sorted by {self.sort}")

    def action_hide_finished(self) -> None:
        """Leave posts out that hold nothing unread, or show them again."""
        self.finished_hidden = not self.finished_hidden
        self._keep_state("hide-finished", "yes" if self.finished_hidden else "no")
        self.say("finished posts are hidden" if self.finished_hidden else "finished posts are shown")

    def _keep_state(self, key: str, value: str) -> None:
        if not self.library.read_only:
            self.library.annotations.keep_state(key, value)

    # The thread

    def open(self, post_id: str, comment_id: str | None = None) -> None:
        """Give the thread pane a post and the keys; with a comment, go there."""
        if self.reading is None or self.reading.post_id != post_id:
            self._load(post_id)
        row = next((at for at, row in enumerate(self.posts.rows) if row.post.id == post_id), None)
        if row is not None:
            self.posts.cursor = row
        self._to_thread()
        if comment_id is not None and not self.view.go_to(comment_id):
            self.say("that comment is no longer in the thread")

    def _load(self, post_id: str) -> None:
        self._leave()
        self._found = ""
        reading = self.reading = Reading(self.library, post_id)
        self.view.load(
            reading.thread,
            title=reading.title,
            read=reading.read,
            marks=reading.marks,
            folded=reading.folds,
            position=reading.position,
        )
        self._say_where()

    def _leave(self) -> None:
        if self.reading is not None:
            self.reading.flush()

    @on(ThreadView.Highlighted)
    def _at_comment(self) -> None:
        self._remember_place()
        self._say_where()

    def _remember_place(self) -> None:
        if self.reading is not None and self.in_thread and not self.view.is_finding:
            self.reading.keep_position(self.view.position)

    @on(ThreadView.Seen)
    def _seen(self, event: ThreadView.Seen) -> None:
        if self.reading is not None and not self.library.read_only:
            self.library.annotations.mark_read(self.reading.post_id, event.comment_ids)
            self._show_read()

    @on(ThreadView.FoldsChanged)
    def _folds_changed(self, event: ThreadView.FoldsChanged) -> None:
        if self.reading is not None:
            self.reading.keep_folds(event.folded)

    @on(ThreadView.Left)
    def _left(self) -> None:
        self._to_list()

    @on(ThreadView.Ended)
    @on(ThreadView.UnreadExhausted)
    def _go_on(self) -> None:
        """At the end of one thread, go on to the next unread comment, here or in another post."""
        if self.view.unread and self.view.go_to_first_unread():
            return
        here = self.reading.post_id if self.reading else None
        rows = list(self.posts.rows)
        at = next((at for at, row in enumerate(rows) if row.post.id == here), -1)
        following = next(
            (row for row in rows[at + 1 :] + rows[: at + 1] if row.unread and row.post.id != here), None
        )
        if following is None:
            self.say("nothing unread is left")
            return
        self.open(following.post.id)
        self.view.go_to_first_unread()
        self.say(f"on to: {following.title}")

    def action_other_pane(self) -> None:
        """From the list to the thread, and back."""
        if self.in_thread:
            self._to_list()
        elif self.posts.row:
            self.open(self.posts.row.post.id)

    def action_layout(self) -> None:
        """Both panes, or one at a time."""
        self.toggle_class("-single")
        if self.in_thread:
            self.add_class("-reading")

    def action_back(self) -> None:
        """Back one layer: the marks of finding, the filter, the thread, the program."""
        if self.in_thread and self.view.is_finding:
            self.view.end_find(restore=False)
        elif self.in_thread:
            self._to_list()
        elif self.pattern:
            self.pattern = ""
        else:
            self.app.exit()

    def _to_thread(self) -> None:
        self.in_thread = True
        self.add_class("-reading")
        self.view.focus()
        self._say_where()

    def _to_list(self) -> None:
        self._remember_place()
        self._leave()
        self.in_thread = False
        self.remove_class("-reading")
        self.posts.focus()
        self._say_where()

    def on_descendant_focus(self) -> None:
        """A click moves the keys to a pane as well."""
        if self.view.has_focus and not self.in_thread:
            self._to_thread()
        elif self.posts.has_focus and self.in_thread:
            self._to_list()

    # Find and filter

    def action_find(self) -> None:
        """Type words to find in the thread, or in the list a title."""
        line = self.find_line
        line.placeholder = "find in this thread" if self.in_thread else "filter by title"
        with line.prevent(Input.Changed):
            line.value = "" if self.in_thread else self.pattern
        self.add_class("-finding")
        line.focus()

    @on(Input.Changed, "#find")
    def _find_typed(self, event: Input.Changed) -> None:
        if self.in_thread:
            self.view.find(event.value)
        else:
            self.pattern = event.value.strip()

    @on(Input.Submitted, "#find")
    def _find_kept(self, event: Input.Submitted) -> None:
        if self.in_thread and event.value:
            self.view.keep_find()
        elif self.in_thread:
            self.view.end_find(restore=True)
        self._close_find()

    def _find_cancelled(self) -> None:
        if self.in_thread:
            self.view.end_find(restore=True)
        else:
            self.pattern = ""
        self._close_find()

    def _close_find(self) -> None:
        self.remove_class("-finding")
        (self.view if self.in_thread else self.posts).focus()
        self._say_where()

    @on(ThreadView.FindChanged)
    def _find_changed(self, event: ThreadView.FindChanged) -> None:
        typed = self.has_class("-finding") and bool(self.find_line.value)
        self._found = f"{event.current}/{event.total}" if event.total or typed else ""
        self._say_where()

    async def on_key(self, event: object) -> None:
        """Escape leaves the line that is typed in; the rest is as on every screen."""
        if getattr(event, "key", "") == "escape" and self.find_line.has_focus:
            event.stop()  # type: ignore[attr-defined]
            event.prevent_default()  # type: ignore[attr-defined]
            self._find_cancelled()
            return
        await super().on_key(event)  # type: ignore[arg-type]

    @work
    async def action_search(self) -> None:
        """Search everything; come back here, or go to what was found."""
        from threadreader.ui.screens.search_screen import SearchScreen

        self._leave()
        target = await self.app.push_screen_wait(SearchScreen(self.library, self.listed, self.glyphs))
        if target:
            self.open(*target)

    # Marks

    def action_bookmark(self) -> None:
        """Set a bookmark on the comment, or take it off."""
        target = self._target()
        if target is None:
            return
        post_id, comment_id = target
        store = self.library.annotations
        with self._refusals():
            there = store.toggle_bookmark(post_id, comment_id, self.library.quote(post_id, comment_id))
            self._marks_changed("bookmarked" if there else "bookmark taken off: u brings it back")

    def _target(self) -> Target | None:
        """The comment, or the post, that a mark would be made on."""
        if self.in_thread and self.reading:
            return self.reading.post_id, self.view.comment_id
        row = self.posts.row
        return (row.post.id, None) if row else None

    @work
    async def action_note(self) -> None:
        """Write a note on the comment."""
        target = self._target()
        if target is None:
            return
        draft = self.library.annotations.draft(*target)
        if draft and draft.note_id:
            await self._edit(draft.note_id, draft.text)
            return
        text = await self._ask_note(target, draft.text if draft else "", None)
        with self._refusals():
            note = self.library.annotations.note(*target, text, self.library.quote(*target))
            self._marks_changed("note saved" if note else "no note written")

    @work
    async def action_edit_note(self) -> None:
        """Edit the last note on the comment, or begin one."""
        note = self._note_here()
        if note is None:
            self.say("no note here: a writes one")
            return
        draft = self.library.annotations.draft(note.post_id, note.comment_id)
        await self._edit(note.id, draft.text if draft and draft.note_id == note.id else note.text)

    async def _edit(self, note_id: str, text: str) -> None:
        note = self.library.annotations.mark(note_id)
        edited = await self._ask_note((note.post_id, note.comment_id), text, note_id)
        with self._refusals():
            kept = self.library.annotations.edit(note_id, edited)
            self._marks_changed("note saved" if kept else "note removed: u brings it back")

    async def _ask_note(self, target: Target, text: str, note_id: str | None) -> str:
        post_id, comment_id = target
        reading = (
            self.reading
            if self.reading and self.reading.post_id == post_id
            else Reading(self.library, post_id)
        )

        def keep_draft(text: str) -> None:
            with self._refusals():
                self.library.annotations.keep_draft(post_id, comment_id, text, note_id=note_id)

        words = " ".join(reading.words(comment_id)[:400].split())
        heading = f"Note on {reading.named(comment_id)}"
        return await self.app.push_screen_wait(NoteDialog(heading, words, text, keep_draft))

    def _note_here(self) -> Annotation | None:
        target = self._target()
        if target is None:
            return None
        notes = [
            m
            for m in self.library.annotations.marks(target[0])
            if m.kind == "note" and m.comment_id == target[1]
        ]
        return notes[-1] if notes else None

    def action_remove_note(self) -> None:
        """Remove the last note on the comment; undo brings it back."""
        note = self._note_here()
        if note is None:
            self.say("no note here to remove")
            return
        with self._refusals():
            self.library.annotations.remove(note.id)
            self._marks_changed("note removed: u brings it back")

    def action_undo(self) -> None:
        """Take back the last change to marks or names."""
        with self._refusals():
            self._marks_changed(self.library.annotations.undo() or "nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        with self._refusals():
            self._marks_changed(self.library.annotations.redo() or "nothing to redo")

    @work
    async def action_marks(self, kind: str) -> None:
        """Every bookmark, or every note, to jump from."""
        from threadreader.ui.screens.marks_screen import MarksScreen

        self._leave()
        target = await self.app.push_screen_wait(MarksScreen(self.library, kind, self.glyphs))
        self._marks_changed("")
        if target:
            self.open(*target)

    def _marks_changed(self, message: str) -> None:
        """Show what the store holds now."""
        self.reload()
        if self.reading is not None:
            self.reading.title = self.library.title(self.reading.post_id)
            self.view.set_title(self.reading.title)
            self.view.set_marks(self.reading.marks)
        if message:
            self.say(message)

    def action_read(self, scope: str) -> None:
        """Mark read; a comment that is read already becomes unread again."""
        if self.reading is None or not self.in_thread:
            self.say("open a post to mark its comments read")
            return
        reading, here = self.reading, self.view.comment_id
        ids = {"subtree": reading.subtree, "above": reading.above}.get(
            scope, lambda one: [one] if one else []
        )(here)
        read = reading.read
        fresh = [one for one in ids if one not in read]
        with self._refusals():
            if fresh:
                self.library.annotations.mark_read(reading.post_id, fresh)
            elif ids:
                self.library.annotations.mark_unread(reading.post_id, ids)
            self._show_read()
            self.say(f"{len(fresh)} marked read" if fresh else f"{len(ids)} marked unread")

    def _show_read(self) -> None:
        self.reload()
        if self.reading is not None:
            self.view.set_read(self.reading.read)
        self._say_where()

    # The post

    @work
    async def action_rename(self) -> None:
        """Give the post a name of the reader's own."""
        target = self._target()
        if target is None:
            return
        post_id = target[0]
        hint = "Enter renames, here only · an empty name brings the title back · Esc cancels"
        name = await self.app.push_screen_wait(
            LineDialog("Rename the post", self.library.title(post_id), hint)
        )
        if name is not None:
            with self._refusals():
                self.library.annotations.rename(post_id, name)
                self._marks_changed("renamed" if name.strip() else "back to the title")

    @work
    async def action_export(self) -> None:
        """Write the thread as Markdown."""
        target = self._target()
        if target is None:
            return
        from threadreader.export import file_name

        post = self.library.index.post(target[0])
        marked = len(self.library.annotations.marks(post.id))
        path = Path.cwd() / file_name(post)
        choice = await self.app.push_screen_wait(ExportDialog(path, marked))
        if choice:
            self._write_export(post.id, choice)

    def _write_export(self, post_id: str, choice: ExportChoice) -> None:
        text = self.library.markdown(post_id, marked_only=choice.marked_only)
        try:
            choice.path.write_text(text, encoding="utf-8")
        except OSError as error:
            self.say(f"{choice.path}: {error.strerror or error}")
        else:
            self.say(f"exported to {choice.path}")

    # Documents and other programs

    @work(thread=True, exclusive=True, group="refresh")
    def _refresh(self) -> None:
        """Read what is new or changed in the folders that were named."""

        def progress(done: int, total: int, name: str) -> None:
            words = f"reading {name} ({done + 1} of {total})" if name else ""
            self.app.call_from_thread(self._show_progress, words)

        try:
            with self.library.clone() as library:
                results = library.refresh(self.paths, progress=progress)
        except ThreadReaderError as error:
            self.app.call_from_thread(self._refreshed, [], str(error))
        else:
            self.app.call_from_thread(self._refreshed, results, "")

    def _show_progress(self, words: str) -> None:
        self._busy = words
        self.reload()
        if words:
            self.status.say(words)

    def _refreshed(self, results: Iterable[Added], error: str) -> None:
        self._busy = ""
        self.status.hush()
        self._stores_changed()
        failed = [result.error for result in results if result.error]
        new = sum(result.status in ("added", "updated") for result in results)
        if error or failed:
            self.say(error or failed[0] or "")
        elif new:
            self.say(f"{new} post{'' if new == 1 else 's'} read")

    def _stored_versions(self) -> tuple[object, object]:
        return self.library.index.data_version(), self.library.annotations.data_version()

    def _tick(self) -> None:
        """Write what is behind, and notice what another program wrote."""
        if self.reading is not None:
            with self._refusals():
                self.reading.flush()
        versions = self._stored_versions()
        if versions != self._versions:
            self._versions = versions
            self._stores_changed()

    def _stores_changed(self) -> None:
        self.reload()
        if self.reading is None:
            return
        fresh = Reading(self.library, self.reading.post_id)
        if fresh.thread != self.reading.thread:
            self.reading.keep_position(self.view.position)
            self._load(fresh.post_id)
        else:
            self.view.set_marks(fresh.marks)
            self.view.set_read(fresh.read)

    # What the status line says

    def _say_where(self) -> None:
        status = self.status
        if self.in_thread and self.reading:
            between = f" {self.glyphs.between} "
            comments = self.reading.thread.comments
            at = self.view.cursor
            place = f"{at}/{len(comments)}"
            percent = f"{100 * at // max(len(comments), 1)}%"
            unread = f"{self.view.unread} unread" if self.view.unread else "all read"
            status.where = f"{self.reading.title} › {self.reading.named(self.view.comment_id)}"
            status.numbers = between.join(part for part in (self._found, place, unread, percent) if part)
        else:
            shown = len(self.posts.rows)
            status.where = f"filter: {self.pattern}" if self.pattern else f"posts by {self.sort}"
            status.numbers = f"{self.posts.cursor + 1 if shown else 0}/{shown}"

    def _refusals(self) -> "_Refusals":
        return _Refusals(self)


class _Refusals:
    """Turns what a store refuses into a line for the reader."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if isinstance(error, LibraryReadOnly):
            self._screen.say("this library can't be written: marks are not kept")
            return True
        if isinstance(error, ThreadReaderError):
            self._screen.say(str(error))
            return True
        return False
