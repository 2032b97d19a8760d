"""One mark in full: the note, the words that it is on, how it stands, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from threadreader.model import WordChange
from threadreader.ui.widgets.word_changes import drawn


@dataclass(frozen=True, slots=True)
class PreviewedMark:
    """What is shown of a mark."""

    heading: str  # what it is, and where
    about: str  # when it was made, and on whose words
    doubt: str  # its state and the reason; empty where all is as it was
    tags: str
    note: str  # Markdown
    text: str  # what it is on, as it is now, else as it was
    lit: tuple[int, int] | None  # the words of a passage in it
    changes: Sequence[WordChange] = ()  # from what it was made on to what stands there now


class MarkPreview(VerticalScroll, can_focus=False):
    """Shows a mark; nothing in a document's words is interpreted."""

    DEFAULT_CSS = """
    MarkPreview { padding: 0 1; scrollbar-size-vertical: 1; background: $background; }
    MarkPreview Static { height: auto; }
    MarkPreview #mark-note { margin: 1 0 0 0; border-left: outer $text-success; padding: 0 0 0 1; }
    MarkPreview #mark-words { margin: 1 0 0 0; }
    """

    shown: PreviewedMark | None = None
    """The mark that is shown."""

    def compose(self) -> ComposeResult:
        """Where it is, the note, the words."""
        from threadreader.ui.widgets.note_markdown import NoteMarkdown  # nothing that tables of keys wait for

        yield Static(id="mark-head", markup=False)
        yield NoteMarkdown(id="mark-note")
        yield Static(id="mark-words", markup=False)

    async def show(self, mark: PreviewedMark | None) -> None:
        """Show a mark from its beginning, or nothing."""
        if mark == self.shown:
            return
        self.shown = mark
        self.query_one("#mark-head", Static).update(_head(mark) if mark else "")
        self.query_one("#mark-words", Static).update(_words(mark) if mark else "")
        from threadreader.ui.widgets.note_markdown import NoteMarkdown

        note = self.query_one(NoteMarkdown)
        note.display = bool(mark and mark.note)
        await note.update(mark.note if mark else "")
        self.scroll_home(animate=False)


def _head(mark: PreviewedMark) -> Content:
    lines = [(mark.heading, "bold"), (mark.about, "$text-muted")]
    lines += [(mark.doubt, "$text-warning")] if mark.doubt else []
    lines += [(mark.tags, "$text-accent")] if mark.tags else []
    return Content("\n").join(Content.styled(words, look) for words, look in lines if words)


def _words(mark: PreviewedMark) -> Content:
    text = Content(mark.text)
    if mark.lit:
        text = text.stylize("bold underline", *mark.lit)
    parts = [text]
    if mark.changes:
        parts += [Content.styled("Since it was made", "$text-muted"), drawn(mark.changes)]
    return Content("\n\n").join(part for part in parts if part.plain)
