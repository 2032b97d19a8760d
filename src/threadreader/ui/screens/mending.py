"""Mending from a screen: a comment that was read wrongly is hung elsewhere, split or joined."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import BindingType

from threadreader.model import Position, Thread, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.marking import Marking
from threadreader.ui.screens.reading import Reading
from threadreader.ui.screens.showing import Showing
from threadreader.ui.widgets.selectable import SelectablePane

Result = TypeVar("Result")

_BEFORE, _BEHIND = 30, 44  # characters that are shown of the words around a place
_PART = 40  # and of the comment that could be joined


class Mending(Showing[Result], Marking[Result]):
    """A screen with a thread whose comments can be mended by hand."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.mend", "g M", "mend", "Mend a comment that was read wrongly", "Mark"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @work
    async def action_mend(self) -> None:
        """Ask what is to be done to the comment under the cursor, and do it."""
        from threadreader.library import mending
        from threadreader.mending import mendings_of, next_of
        from threadreader.ui.dialogs.choice_dialog import ChoiceDialog

        reading = self.reading if self.in_thread else None
        comment_id = self.view.comment_id if reading else None
        if reading is None or comment_id is None:
            self.say("go to a comment to mend it")
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        comment = reading.thread.comments[reading.thread.positions[comment_id]]
        places, following = split_places(comment.text), next_of(reading.thread, comment_id)
        there = mendings_of(comment_id, self.library.annotations.mendings(reading.post_id))
        library, post_id = self.library, reading.post_id
        ways: list[tuple[str, Callable[[], object]]] = [
            ("hang it under another comment, or on the post", lambda: self._hang(reading, comment_id))
        ]
        if places:
            ways.append(("split it in two", lambda: self._split(reading, comment_id, places)))
        if following:
            named = f"{reading.named(following.id)} “{_begin(following.text, _PART, self.glyphs.ellipsis)}”"

            def join() -> None:
                self._mend(lambda: mending.join(library, post_id, comment_id))

            ways.append((f"join it with the next, {named}", join))
        if there:

            def take_off() -> None:
                self._mend(lambda: mending.take_off(library, post_id, comment_id))

            ways.append((f"take {'its mending' if len(there) == 1 else 'its mendings'} off", take_off))
        remark = "; ".join(
            [*(warning.message for warning in comment.warnings), *filter(None, [comment.mended])]
        )
        dialog = ChoiceDialog(f"Mend {reading.named(comment_id)}", [told for told, _ in ways], remark)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            ways[chosen][1]()

    @work
    async def _hang(self, reading: Reading, comment_id: str) -> None:
        from threadreader.library import mending
        from threadreader.ui.screens.parent_screen import ParentScreen

        screen = ParentScreen(reading.thread, comment_id, self.glyphs)
        parent = await self.app.push_screen_wait(screen)
        if parent is not None:
            self._mend(lambda: mending.re_hang(self.library, reading.post_id, comment_id, parent or None))

    @work
    async def _split(self, reading: Reading, comment_id: str, places: Sequence[int]) -> None:
        from threadreader.ui.dialogs.choice_dialog import ChoiceDialog

        text, ellipsis = reading.words(comment_id), self.glyphs.ellipsis
        shown = [
            f"{_end(text[:at], _BEFORE, ellipsis):>{_BEFORE}} {self.glyphs.guide} "
            f"{_begin(text[at:], _BEHIND, ellipsis)}"
            for at in places
        ]
        dialog = ChoiceDialog(f"Split {reading.named(comment_id)} before which words?", shown)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self._split_at(reading, comment_id, places[chosen])

    @on(SelectablePane.SplitChosen)
    def _split_chosen(self, event: SelectablePane.SplitChosen) -> None:
        """Split before what was selected."""
        from threadreader.anchoring import passage_in

        reading, comment_id = self.reading, event.comment_id
        if reading is None or comment_id is None:
            self.say("the post can't be split, only a comment")
            return
        _, place = passage_in(reading.words(comment_id), event.quote)
        if place is None:
            self.say("the words can't be made out in the comment any more")
            return
        self._split_at(reading, comment_id, place[0])

    def _split_at(self, reading: Reading, comment_id: str, place: int) -> None:
        from threadreader.library import mending

        self._mend(lambda: mending.split(self.library, reading.post_id, comment_id, place))

    def _mend(self, mend: Callable[[], str]) -> None:
        with self.refusals():
            self.marks_changed(self.with_key(mend(), "mark.undo", "takes it back"))

    def show_as_mended(self) -> None:
        """Show the open thread anew where its mendings are others than those that are shown."""
        reading = self.reading
        if reading is None or self.library.index.post(reading.post_id).mended == reading.thread.post.mended:
            return
        line = self.view.position.line
        fresh = self.library.index.thread(reading.post_id)
        on = nearest_left(reading.thread, self.view.comment_id, fresh)
        self.load(Place(reading.post_id, Position(on, line)))

    @abstractmethod
    def load(self, place: Place, *, anew: bool = False) -> None:
        """Show a post at a place."""


def nearest_left(before: Thread, comment_id: str | None, after: Thread) -> str | None:
    """The comment of a thread that is left `after`: this one, else the nearest before; None for the post."""
    at = -1 if comment_id is None else before.positions[comment_id]
    left = (one.id for one in reversed(before.comments[: at + 1]) if one.id in after.positions)
    return next(left, None)


def split_places(text: str) -> list[int]:
    """Where a text can be split: the beginnings of its paragraphs and sentences, but the first."""
    from threadreader.passages import paragraphs, sentences

    starts = {start for cut in (paragraphs, sentences) for start, _ in cut(text)}
    return sorted(start for start in starts if text[:start].strip() and text[start:].strip())


def _begin(text: str, most: int, ellipsis: str) -> str:
    words = collapsed(text[: 4 * most])
    return words if len(words) <= most else words[: most - 1].rstrip() + ellipsis


def _end(text: str, most: int, ellipsis: str) -> str:
    words = collapsed(text[-4 * most :])
    return words if len(words) <= most else ellipsis + words[1 - most :].lstrip()
