"""Marking from a screen: bookmarks, notes, names and exports of whatever stands under its cursor.

The dialogs are imported when they are asked for: their text areas would make the first screen wait.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.model import NOTE_NAMES, Annotation, NoteKind, TextQuote, collapsed, next_kind
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.exporting import Exportable, Exporting, of_post
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.reading import Reading

if TYPE_CHECKING:
    from threadreader.ui.dialogs.note_dialog import Written

Result = TypeVar("Result")
_WORDS = 30  # characters of a mark that tell which one it is
Target = tuple[str, str | None]  # a post, and a comment of it or None


class Marking(Exporting[Result]):
    """A screen with something under its cursor that can be marked. Every change can be undone."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("mark.bookmark", "B", "bookmark", "Bookmark, or take it off", "Mark", footer="Bookmark"),
        Key("mark.note", "a", "note", "Write a note", "Mark", footer="Note"),
        Key("mark.edit-note", "e", "edit_note", "Edit the note here", "Mark"),
        Key("mark.kind", "T", "kind", "Note here: question, claim to check, quote to use", "Mark"),
        Key("mark.remove", "d", "remove", "Remove the note or highlight here", "Mark"),
        Key("mark.tags", "t", "tags", "Tags, with completion", "Mark"),
        Key("mark.undo", "u", "undo", "Undo", "Mark"),
        Key("mark.redo", "ctrl+r", "redo", "Redo", "Mark"),
        Key("mark.rename", "g R", "rename", "Rename the post", "Post"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @abstractmethod
    def target(self) -> Target | None:
        """What a mark would be made on."""

    @abstractmethod
    def marks_changed(self, message: str) -> None:
        """Show what the store holds now, and tell the reader."""

    def conversation(self) -> str | None:
        """The comment that ends the conversation, where nothing but that is shown."""
        return None

    def exportables(self) -> Mapping[str, Exportable]:
        """The post that is here, or a part of it; its marks, what bears its tags, or everything."""
        target = self.target()
        return of_post(self.library, *target, self.conversation()) if target else {}

    def quote(self, target: Target) -> TextQuote:
        """The words that a mark on the target is made on."""
        return self.library.quote(*target)

    def mark_here(self) -> Annotation | None:
        """The mark that would be edited or removed: the last note or highlight on the target."""
        target = self.target()
        if target is None:
            return None
        notes = Reading(self.library, target[0]).notes_on(target[1])
        return notes[-1] if notes else None

    def undoable(self, told: str) -> str:
        """What was done, and how it is taken back."""
        return self.with_key(told, "mark.undo", "brings it back")

    def action_bookmark(self) -> None:
        """Set a bookmark, or take it off."""
        target = self.target()
        if target is None:
            return
        with self.refusals():
            there = self.library.annotations.toggle_bookmark(*target, self.quote(target))
            self.marks_changed("bookmarked" if there else self.undoable("bookmark taken off"))

    @work
    async def action_note(self) -> None:
        """Write a note, or go on with the one that was being written."""
        target = self.target()
        if target is None:
            return
        store = self.library.annotations
        draft = store.draft(*target)
        if draft and draft.note_id in {mark.id for mark in store.marks(target[0])}:
            await self._edit(draft.note_id or "", draft.text)
            return
        if draft and draft.note_id:  # of a note that is gone: a new one is made of it
            store.keep_draft(*target, draft.text)
        written = await self._ask_note(target, draft.text if draft else "", None)
        if written is None:
            return
        with self.refusals():
            text, kind = written
            note = self.library.annotations.note(*target, text, self.quote(target), kind)
            self.marks_changed("note saved" if note else "no note written")

    @work
    async def action_edit_note(self) -> None:
        """Edit the note here."""
        note = self.mark_here()
        if note is None or note.kind == "bookmark":
            self.say(self.with_key("no note here", "mark.note", "writes one"))
            return
        draft = self.library.annotations.draft(note.post_id, note.comment_id)
        await self._edit(note.id, draft.text if draft and draft.note_id == note.id else note.text)

    async def _edit(self, note_id: str, text: str) -> None:
        with self.refusals():
            note = self.library.annotations.mark(note_id)
            is_there = note.comment_id is None or self.library.index.comment_post(note.comment_id)
            passage = note.quote.exact if note.kind == "highlight" or not is_there else None
            on = (note.post_id, note.comment_id)
            edited = await self._ask_note(on, text, note_id, passage, note.note_kind)
            if edited is not None:
                kept = self.library.annotations.edit(note_id, *edited)
                told = "note saved" if kept and kept.text else "highlighted, without a note"
                self.marks_changed(told if kept else self.undoable("note removed"))

    async def _ask_note(
        self,
        target: Target,
        text: str,
        note_id: str | None,
        passage: str | None = None,
        note_kind: NoteKind = "comment",
    ) -> "Written | None":
        """The note when the dialog closes; None, unasked, where it could not be kept."""
        if self.library.read_only:
            self.say(NOT_KEPT)
            return None
        draft = self.library.annotations.draft(*target)
        if draft and draft.note_id != note_id:  # a target has one draft, and its words would be lost
            self.say(self.with_key("another note was begun here", "mark.note", "goes on with it"))
            return None
        from threadreader.ui.dialogs.note_dialog import NoteDialog

        reading = Reading(self.library, target[0])

        def keep_draft(text: str) -> None:
            with self.refusals():
                self.library.annotations.keep_draft(*target, text, note_id=note_id)

        words = collapsed((passage or reading.words(target[1]))[:400])
        begun = " (begun before)" if draft else ""
        undoes = self.with_key("", "mark.undo", "undoes")
        heading = f"on {reading.named(target[1])}{begun}"
        dialog = NoteDialog(heading, words, text, keep_draft, note_kind=note_kind, remark=undoes)
        return await self.app.push_screen_wait(dialog)

    def action_kind(self) -> None:
        """Let the note or highlight here be of the next kind."""
        mark = self.mark_here()
        if mark is None or mark.kind == "bookmark":
            self.say(self.with_key("no note or highlight here", "mark.note", "writes one"))
            return
        with self.refusals():
            kind = self.library.annotations.set_kind(mark.id, next_kind(mark.note_kind)).note_kind
            name = mark.kind if kind == "comment" else NOTE_NAMES[kind]
            told = f"a {name} now{self._which(mark)}"
            self.marks_changed(self.with_key(told, "mark.undo", "takes it back"))

    def action_remove(self) -> None:
        """Remove the mark here."""
        mark = self.mark_here()
        if mark is None:
            self.say("no note or highlight here to remove")
            return
        with self.refusals():
            which = self._which(mark)
            self.library.annotations.remove(mark.id)
            self.marks_changed(self.undoable(f"{mark.kind} removed{which}"))

    def _which(self, mark: Annotation) -> str:
        """Its words, where it is not the only note or highlight there."""
        if len(Reading(self.library, mark.post_id).notes_on(mark.comment_id)) < 2:
            return ""
        words = collapsed(mark.text or mark.quote.exact)
        return f": “{words[:_WORDS].rstrip()}{self.glyphs.ellipsis if len(words) > _WORDS else ''}”"

    @work
    async def action_tags(self) -> None:
        """Give the comment, or the post, tags."""
        from threadreader.ui.dialogs.tags_dialog import TagsDialog

        target, store = self.target(), self.library.annotations
        if target is None:
            self.say("nothing here to tag")
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        named = Reading(self.library, target[0]).named(target[1])
        there = store.tags(target[0]).get(target[1], ())
        tags = await self.app.push_screen_wait(TagsDialog(f"Tags of {named}", there, store.known_tags()))
        if tags is None:
            return
        with self.refusals():
            if store.set_tags(*target, tags):
                told = " ".join(f"#{tag}" for tag in tags) or "no tags"
                self.marks_changed(self.with_key(told, "mark.undo", "takes it back"))
            else:
                self.say("the tags are as they were")

    def action_undo(self) -> None:
        """Take back the last change to marks, tags, names or threads."""
        with self.refusals():
            step = self.library.undo()
            self.marks_changed(step.told if step else "nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        with self.refusals():
            step = self.library.redo()
            self.marks_changed(step.told if step else "nothing to redo")

    @work
    async def action_rename(self) -> None:
        """Give the post a name of the reader's own."""
        from threadreader.ui.dialogs.line_dialog import LineDialog

        target = self.target()
        if target is None:
            return
        remark = "an empty name brings the title back"
        title = self.library.title(target[0])
        dialog = LineDialog("Rename the post", title, "renames, here only", remark)
        name = await self.app.push_screen_wait(dialog)
        if name is None:
            return
        with self.refusals():
            self.library.annotations.rename(target[0], name)
            self.marks_changed("renamed" if name.strip() else "back to the title")
