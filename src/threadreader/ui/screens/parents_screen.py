"""What a comment answers, up to the post, over the thread that stays where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen

from threadreader.model import Thread
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.arranging import Part
from threadreader.ui.screens.keyed_screen import KeyedScreen
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.thread_view import ThreadView


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader wants: to go to one of the parents, or to read only the path."""

    comment_id: str | None = None
    path_only: bool = False


class Chain(ThreadView):
    """The parents; Enter goes to one."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("parents.go", "enter", "go", "Go to this parent", "Parents", footer="Go there"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    class Asked(Message):
        """The parent under the cursor is wanted."""

    def action_go(self) -> None:
        """Ask for the parent under the cursor."""
        self.post_message(self.Asked())


class ParentsScreen(KeyedScreen[Chosen | None], ModalScreen[Chosen | None]):
    """Returns what was chosen, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("parents.go", "enter", "go", "Go to this parent", "Parents", footer="Go there"),
        Key(
            "parents.path", "i", "path", "Read only from the post to here", "Parents", footer="Only this path"
        ),
        Key("parents.back", "q,escape", "dismiss(None)", "Back", "Panes", footer="Back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    DEFAULT_CSS = """
    ParentsScreen { align: center middle; background: $background 50%; }
    ParentsScreen > Vertical {
        width: 90%; max-width: 110; height: 80%; background: $background;
        border: round $primary; border-title-color: $text-primary;
    }
    ParentsScreen ThreadView { height: 1fr; }
    """

    def __init__(self, thread: Thread, comment_id: str, title: str, glyphs: Glyphs) -> None:
        super().__init__()
        self._comment = thread.comments[thread.positions[comment_id]]
        parent = self._comment.parent_id
        self._chain, _ = Part([parent] if parent else [], "").of(thread)
        self._title = title
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The chain, nearest parent last, and the keys."""
        with Vertical() as box:
            box.border_title = Content(f"What {self._comment.place} {self._comment.byline} answers")
            yield Chain(glyphs=self.glyphs)
            yield KeyLine()

    @property
    def view(self) -> Chain:
        """The chain."""
        return self.query_one(Chain)

    def on_mount(self) -> None:
        """Begin at the nearest parent."""
        parent = self._comment.parent_id
        read = self._chain.positions
        self.view.load(self._chain, title=self._title, read=read, post_closed=parent is not None)
        self.view.go_to(parent)
        self.view.focus()

        self.call_after_refresh(self._fit)

    def on_resize(self, event: events.Resize) -> None:
        """A lower screen must not cut the keys off; other lines are as many others."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Be no higher than the chain."""
        box = self.query_one(Vertical)
        box.styles.height = min(self.view.layout_.lines + 3, self.size.height * 4 // 5)

    @on(ThreadView.Left)
    def _left(self) -> None:
        self.dismiss(None)

    @on(Chain.Asked)
    def _go(self) -> None:
        self.dismiss(Chosen(self.view.comment_id))

    def action_path(self) -> None:
        """Read only the path."""
        self.dismiss(Chosen(self._comment.id, path_only=True))
