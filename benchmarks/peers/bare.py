"""The least that a Textual program does: one line of text."""

from textual.app import App, ComposeResult
from textual.widgets import Static

WORDS = "bare-textual-app"


class BareApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(WORDS)


if __name__ == "__main__":
    BareApp().run()
