"""The least that an answer to a letter takes: a line to type in and styled lines, looked for nowhere."""

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

READY = "bare-letters"
_STYLES = [Style.parse(style) for style in ("bold", "#a0a0a0", "", "black on yellow", "", "#80c0ff")]
_WORDS = 12  # a line, in turns of these styles


class Lines(Widget):
    typed = READY

    def render_line(self, y: int) -> Strip:
        parts = [
            Segment(f"{self.typed[-6:]}{y * word % 97:<5} ", _STYLES[word % len(_STYLES)])
            for word in range(_WORDS)
        ]
        return Strip(parts).adjust_cell_length(self.size.width)


class LettersApp(App[None]):
    CSS = "Lines { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Input(compact=True)
        yield Lines()

    @on(Input.Changed)
    def show(self, event: Input.Changed) -> None:
        lines = self.query_one(Lines)
        lines.typed = event.value
        lines.refresh()


if __name__ == "__main__":
    LettersApp().run()
