"""The tags of a comment, or of a post, in one line, completed from those that exist."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from threadreader.model import tag_of
from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key

_SHOWN = 12  # candidates


class TagsDialog(Dialog[list[str] | None]):
    """Returns the tags; None where the reader changed their mind. `known` are all tags, most used first."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("tags.complete", "tab", "complete(1)", "Complete a tag", "Dialog"),
        Key("tags.complete-back", "shift+tab", "complete(-1)", "Complete it with the one before", "Dialog"),
        Key("tags.keep", "enter", "keep", "Keep these tags", "Dialog"),
    )
    HINTS = (
        ("tags.complete", "completes"),
        ("tags.keep", "keeps"),
        ("", "blanks or commas part"),
        ("dialog.cancel", "cancels"),
    )

    DEFAULT_CSS = """
    TagsDialog Input { margin: 1 0 0 0; }
    TagsDialog #candidates { height: 2; color: $text-secondary; }
    """

    def __init__(self, heading: str, tags: Sequence[str], known: Sequence[str]) -> None:
        super().__init__()
        self._heading, self._tags, self._known = heading, tags, known
        self._begin = ""  # the line up to the word that is completed
        self._candidates: list[str] = []
        self._at = -1  # which of them was put in; -1 while the reader types
        self._put_in = ""

    def compose(self) -> ComposeResult:
        """The line, what it could go on with, and the keys."""
        with Vertical() as box:
            box.border_title = Content(self._heading)
            yield Input("".join(f"{tag} " for tag in self._tags), compact=True, select_on_focus=False)
            yield Label(id="candidates", markup=False)
            yield Label(id=HINT, markup=False)

    def on_mount(self) -> None:
        """Show what there is."""
        self._look_for(self.query_one(Input).value)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.value != self._put_in:
            self._look_for(event.value)

    def action_keep(self) -> None:
        """Return the tags in the line."""
        self.dismiss(tags_in(self.query_one(Input).value))

    def action_complete(self, direction: int) -> None:
        """Put in the next candidate, or the previous one."""
        if not self._candidates:
            return
        first = 0 if direction > 0 else len(self._candidates) - 1
        self._at = (self._at + direction) % len(self._candidates) if self._at >= 0 else first
        line = self.query_one(Input)
        self._put_in = line.value = f"{self._begin}{self._candidates[self._at]} "
        line.cursor_position = len(self._put_in)
        self._show()

    def _look_for(self, typed: str) -> None:
        words = typed.replace(",", " ")
        self._begin = typed[: words.rfind(" ") + 1]
        self._candidates = candidates(typed[len(self._begin) :], tags_in(self._begin), self._known)
        self._at, self._put_in = -1, ""
        self._show()

    def _show(self) -> None:
        shown = (f"[{tag}]" if at == self._at else tag for at, tag in enumerate(self._candidates))
        self.query_one("#candidates", Label).update("  ".join(shown))


def tags_in(line: str) -> list[str]:
    """The tags that a line names, parted by blanks or commas; one that is there twice stands once."""
    tags = filter(None, map(tag_of, line.replace(",", " ").split()))
    return list({tag.casefold(): tag for tag in tags}.values())


def candidates(word: str, there: Sequence[str], known: Sequence[str]) -> list[str]:
    """What `word` could become: known tags that begin with it, then those that hold it; none of `there`."""
    wanted, taken = tag_of(word).casefold(), {tag.casefold() for tag in there}
    free = [tag for tag in known if tag.casefold() not in taken]
    begin = [tag for tag in free if tag.casefold().startswith(wanted)]
    hold = [tag for tag in free if wanted in tag.casefold()[1:] and tag not in begin]
    return [*begin, *hold][:_SHOWN]
