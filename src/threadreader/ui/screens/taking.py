"""Taking words out of the reader: to the browser, the clipboard, a command, an editor.

Dialogs, and what writes Markdown, are imported when they are asked for, for the sake of the first screen.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.app import SuspendNotSupported
from textual.binding import BindingType

from threadreader.errors import ProgramFailed
from threadreader.links import addresses_in
from threadreader.ui import browser, handover
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.copying import Copying
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.marking import Marking, Target
from threadreader.ui.screens.reading import Reading

if TYPE_CHECKING:
    from threadreader.ui.dialogs.link_dialog import Picked

Result = TypeVar("Result")
Done = TypeVar("Done")

_LAST_COMMAND = "pipe"  # what the store remembers it as


class Taking(Copying[Result], Marking[Result]):
    """A screen with something under its cursor whose words, links and note can be taken elsewhere."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("take.open-link", "o", "open_link", "Open a link; with a count that one", "Take"),
        Key("take.copy-text", "y y", "copy('text')", "Copy the text", "Take"),
        Key("take.copy-permalink", "y p", "copy('permalink')", "Copy the permalink", "Take"),
        Key("take.copy-quote", "y q", "copy('quote')", "Copy as a quote in Markdown", "Take"),
        Key("take.copy-subtree", "y t", "copy('subtree')", "Copy with all replies as Markdown", "Take"),
        Key("take.copy-link", "y l", "copy_link", "Copy a link; with a count that one", "Take"),
        Key("take.pipe", "|", "pipe", "Pipe to a command", "Take"),
        Key("take.edit-note", "A", "note_in_editor", "Write or edit the note in $EDITOR", "Mark"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    reading: Reading | None = None
    """The post that is open, if any."""

    def write_behind(self) -> None:
        """Write what is still to be remembered: another program gets the terminal."""

    # Links

    def action_open_link(self) -> None:
        """Open a link in the browser, once its address was read in full."""
        self._open_link(self.count(0))

    def action_copy_link(self) -> None:
        """Copy a link's address."""
        self._copy_link(self.count(0))

    @work
    async def _open_link(self, number: int) -> None:
        from threadreader.ui.dialogs.link_dialog import OpenDialog

        picked = await self._pick_link("Open which link?", "opens it", number)
        if picked is None or not (picked.seen or await self.app.push_screen_wait(OpenDialog(picked.address))):
            return
        try:
            await asyncio.to_thread(browser.open_link, picked.address)
        except ProgramFailed as error:
            self.say(str(error))
        else:
            self.say(f"opened {picked.address}")

    @work
    async def _copy_link(self, number: int) -> None:
        picked = await self._pick_link("Copy which link?", "copies it", number)
        if picked:
            self.copy(picked.address, "link")

    async def _pick_link(self, heading: str, hint: str, number: int) -> "Picked | None":
        """The link with that number, the only one, or the one that is picked; None, told, for none."""
        from threadreader.ui.dialogs.link_dialog import LinkDialog, Picked

        target = self.target()
        if target is None:
            return None
        addresses = addresses_in(_words(self._open(target), target))
        if not addresses:
            self.say("no link here")
        elif number > len(addresses):
            self.say(f"no link {number} here: the last is {len(addresses)}")
        elif number or len(addresses) == 1:
            return Picked(addresses[max(number - 1, 0)], seen=False)
        else:
            return await self.app.push_screen_wait(LinkDialog(heading, hint, addresses))
        return None

    # The clipboard

    def action_copy(self, what: str) -> None:
        """Copy what is under the cursor, in one of the forms that it can be given."""
        target = self.target()
        end = self.conversation()
        if target is not None and what == "subtree" and end is not None:
            target, what = (target[0], end), "path"  # all that is shown, whichever comment of it one is at
        if target is not None:
            self.copy(self._form(target, what), what)

    # Other programs

    @work
    async def action_pipe(self) -> None:
        """Give the text to a command, with the terminal to itself."""
        from threadreader.ui.dialogs.pipe_dialog import PipeDialog

        target, store = self.target(), self.library.annotations
        if target is None:
            return
        piping = await self.app.push_screen_wait(PipeDialog(store.state(_LAST_COMMAND)))
        if piping is None:
            return
        if not self.library.read_only:
            store.keep_state(_LAST_COMMAND, piping.command)
        text = self._form(target, "text" if piping.scope == "comment" else piping.scope)

        def run() -> int:
            status = handover.pipe(text.rstrip("\n") + "\n", piping.command)
            handover.wait_for_enter()
            return status

        status = self._hand_over(run)
        if status is not None:
            self.say(f"{piping.command}: {handover.told(status)}")

    def action_note_in_editor(self) -> None:
        """Write a note in the reader's editor: what was begun, else the last note here, else a new one."""
        target = self.target()
        if target is None:
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        with self.refusals():
            draft, last = self.library.annotations.draft(*target), self.mark_here()
            if draft:
                there = {mark.id for mark in self.library.annotations.marks(target[0])}
                note_id = draft.note_id if draft.note_id in there else None
                self._edit_elsewhere(target, draft.text, note_id, begun=True)
            elif last and last.text:
                self._edit_elsewhere(target, last.text, last.id)
            else:
                self._edit_elsewhere(target, "", None)

    def _edit_elsewhere(self, target: Target, text: str, note_id: str | None, *, begun: bool = False) -> None:
        """Save what the editor makes of `text`; where it fails, that is a draft."""
        store = self.library.annotations
        store.keep_draft(*target, text, note_id=note_id)
        done = self._hand_over(lambda: handover.edited(text, handover.editor()))
        if done is None:
            if not begun:
                store.drop_draft(*target)
            return
        text, status = done
        store.keep_draft(*target, text, note_id=note_id)  # before anything else can go wrong
        if status:
            told = f"the editor: {handover.told(status)}; its text is kept as a draft"
            self.say(self.with_key(told, "take.edit-note", "goes on with it"))
        elif note_id:
            edited = store.edit(note_id, text)
            self.marks_changed("note saved" if edited else self.undoable("note removed"))
        else:
            note = store.note(*target, text, self.quote(target))
            self.marks_changed("note saved" if note else "no note written")

    def _hand_over(self, run: Callable[[], Done]) -> Done | None:
        """Let `run` have the terminal; None, told, where that can't be."""
        self.write_behind()
        failure: Exception | None = None
        try:
            with self.app.suspend():
                try:
                    return run()
                except Exception as error:
                    failure = error  # raised in here, it would leave the terminal with nobody
        except SuspendNotSupported:
            self.say("this terminal can't be handed over to another program")
            return None
        if not isinstance(failure, ProgramFailed):
            raise failure
        self.say(str(failure))
        return None

    # What is taken

    def _open(self, target: Target) -> Reading:
        open_ = self.reading
        return open_ if open_ and open_.post_id == target[0] else Reading(self.library, target[0])

    def _form(self, target: Target, what: str) -> str:
        """The comment, or the post, in one of the forms that it can be taken in."""
        from threadreader import export

        reading, (post_id, comment_id) = self._open(target), target
        if what == "permalink":
            return export.link_to(reading.thread, comment_id)
        if what == "quote":
            return export.quotation(reading.thread, comment_id, title=reading.title)
        if what in ("subtree", "path") and comment_id:
            store = self.library.annotations
            marks, tags = store.marks(post_id), store.tags(post_id)
            form = export.path if what == "path" else export.subtree
            return form(reading.thread, marks, comment_id, title=reading.title, tags=tags)
        if what in ("subtree", "thread"):
            from threadreader.library.exporting import Look, thread_document

            look = Look(export.Form(managed=False))
            return str(thread_document(self.library, post_id, look=look))
        return _words(reading, target)


def _words(reading: Reading, target: Target) -> str:
    """What the comment says; of the post its body."""
    return reading.words(target[1]) if target[1] else reading.thread.body
