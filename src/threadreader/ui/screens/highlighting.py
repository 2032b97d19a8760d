"""Highlighting: a passage is chosen in the thread, and kept with a colour and perhaps a note."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType

from threadreader.model import Annotation
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.marking import Marking
from threadreader.ui.screens.showing import Showing
from threadreader.ui.widgets.thread_view import ThreadView

Result = TypeVar("Result")


class Highlighting(Showing[Result], Marking[Result]):
    """A screen with a thread of which passages can be highlighted."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("mark.select", "v", "select", "Select a passage: to highlight, note or copy it", "Mark"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def action_select(self) -> None:
        """Choose a passage of the comment under the cursor."""
        if self.in_thread:
            self.view.select()
        else:
            self.say("open a post to select a passage in it")

    def mark_here(self) -> Annotation | None:
        """The highlight that was gone to, else the last mark on the target."""
        here = self.view.highlight_here if self.in_thread else None
        return here or super().mark_here()

    @on(ThreadView.ModeChanged)
    def _mode_changed(self) -> None:
        self.show_keys()
        self.say_where()

    @on(ThreadView.PassageChosen)
    def _passage_chosen(self, event: ThreadView.PassageChosen) -> None:
        if self.reading is None:
            return
        with self.refusals():
            mark = self.library.annotations.highlight(
                self.reading.post_id, event.comment_id, event.quote, event.colour
            )
            self.marks_changed(self.with_key("highlighted", "mark.undo", "takes it back"))
            if event.noted:
                self._note_passage(mark.id, mark.text)

    @work
    async def _note_passage(self, mark_id: str, text: str) -> None:
        await self._edit(mark_id, text)
