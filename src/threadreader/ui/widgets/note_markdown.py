"""A note as its Markdown says. Only what the reader wrote is shown so: the words of documents are text."""

from markdown_it import MarkdownIt
from textual.widgets import Markdown


def _parser() -> MarkdownIt:
    return MarkdownIt("gfm-like", {"html": False})  # else what looks like HTML would vanish


class NoteMarkdown(Markdown, can_focus=False):
    """Drawn by Textual; links are not opened from here, for their addresses are not shown."""

    DEFAULT_CSS = """
    NoteMarkdown { padding: 0; margin: 0; background: transparent; }
    NoteMarkdown > MarkdownBlock:last-child { margin-bottom: 0; }
    NoteMarkdown MarkdownH1, NoteMarkdown MarkdownH2 { content-align: left middle; margin: 1 0; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, parser_factory=_parser, open_links=False)
