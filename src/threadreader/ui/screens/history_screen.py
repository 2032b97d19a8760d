"""What the reader did to its marks, newest first: to look at, to go to, to undo and redo."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from threadreader.annotations import Step
from threadreader.library import Library
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.screens.marking import Marking, Target
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.step_list import ShownStep, StepList


class HistoryScreen(KeyedScreen[Target | None]):
    """Returns where to go, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("history.back", "q,escape,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
        *(key for key in Marking.KEYS if key.id in ("mark.undo", "mark.redo")),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, library: Library, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The list, status and footer."""
        yield StepList(glyphs=self.glyphs, empty="Nothing was done yet.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def steps(self) -> StepList:
        """The list."""
        return self.query_one(StepList)

    def on_mount(self) -> None:
        """Show what was done."""
        self.steps.focus()
        self.query_one(StatusLine).where = "what was done, newest first"
        self.reload()

    def reload(self) -> None:
        """Read the history again."""
        titles = {row.post.id: row.title for row in self.library.listed()}
        shown = []
        for step in self.library.annotations.history():
            posts = [post_id for post_id, _ in step.targets]
            title = titles.get(posts[0], "a post that is gone") if posts else ""
            target = step.targets[0] if posts and posts[0] in titles else None
            shown.append(ShownStep(step.told, step.made, title, step.undone, target))
        self.steps.show(shown, self.steps.cursor)
        self._count()

    @on(StepList.Highlighted)
    def _count(self) -> None:
        total = len(self.steps.rows)
        self.query_one(StatusLine).numbers = f"{self.steps.cursor + 1 if total else 0}/{total}"

    @on(StepList.Chosen)
    def _chosen(self, event: StepList.Chosen) -> None:
        if event.row.target is None:
            self.say("there is no place to go to")
            return
        post_id, comment_id = event.row.target
        gone = comment_id is not None and self.library.index.comment_post(comment_id) is None
        self.dismiss((post_id, None if gone else comment_id))

    def action_undo(self) -> None:
        """Take back the last step that is not."""
        self._turn(self.library.undo, "nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        self._turn(self.library.redo, "nothing to redo")

    def _turn(self, turn: Callable[[], Step | None], nothing: str) -> None:
        with self.refusals():
            step = turn()
            self.reload()
            self.say(step.told if step else nothing)
