"""A thread in Textual's `Tree`, one line a comment: `python -m benchmarks.peers.tree LIBRARY POST`."""

import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static, Tree

from threadreader.library import Library

READY = "press-o-to-open"
_LABEL = 100  # characters


class TreeApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("o", "open"), ("c", "collapse"), ("e", "expand")]

    def __init__(self, library: Library, post_id: str) -> None:
        super().__init__()
        self._library = library
        self._post_id = post_id

    def compose(self) -> ComposeResult:
        yield Static(READY)
        yield Tree("")

    @property
    def thread(self) -> Tree[None]:
        return self.query_one(Tree)

    def action_open(self) -> None:
        thread = self._library.index.thread(self._post_id)
        self.thread.clear()
        nodes = [self.thread.root]
        for comment in thread.comments:
            del nodes[comment.depth + 1 :]
            nodes.append(nodes[-1].add(f"{comment.place} {comment.text[:_LABEL]}", expand=True))
        self.thread.root.expand()
        self.thread.focus()

    def action_collapse(self) -> None:
        self.thread.root.collapse_all()

    def action_expand(self) -> None:
        self.thread.root.expand_all()


if __name__ == "__main__":
    with Library.open(Path(sys.argv[1])) as library:
        TreeApp(library, sys.argv[2]).run()
