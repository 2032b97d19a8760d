"""What to export, how, and where to, with how it begins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from threadreader.ui.dialogs.dialog import HINT, Dialog
from threadreader.ui.keys import Key

_PREVIEWED = 6_000  # characters
_STYLES = {
    "nested": "nested quotes",
    "headings": "headings by depth",
    "flat": "flat, “in reply to”",
}
_FORMATS = {
    "markdown": "Markdown",
    "html": "a page (HTML)",
    "json": "everything, as JSON",
    "jsonld": "W3C Web Annotations (JSON-LD)",
    "csv": "a table of the marks (CSV)",
}
_PRESETS = {"obsidian": "Obsidian", "logseq": "Logseq", "plain": "plain viewers"}


class Offered(NamedTuple):
    """Something that can be exported."""

    about: str
    formats: Sequence[str] = ("markdown",)  # the one to begin with first
    has_style: bool = False  # are there replies to arrange?
    into_folder: Sequence[str] = ()  # formats of which a folder is made


class ExportChoice(NamedTuple):
    """What the reader asked for."""

    path: Path
    scope: str
    format: str = "markdown"
    style: str = "nested"
    preset: str = "obsidian"
    template: str = ""


class ExportDialog(Dialog[ExportChoice | None]):
    """Returns the choice, or None; a file that is there is replaced only when asked twice.

    `offered` has by name what can be exported, what to begin with first. `name` gives the file that is
    proposed for a choice; `begun` how it begins, called in a thread of its own.
    """

    KEYS: ClassVar[Sequence[Key]] = (
        Key("dialog.keep", "enter", "keep", "Keep what is typed", "Dialog"),
        Key("export.scope", "tab", "turn(1)", "The next choice on the line", "Dialog"),
        Key("export.scope-back", "shift+tab", "turn(-1)", "The choice before", "Dialog"),
        Key("export.next", "down", "move(1)", "The line below", "Dialog"),
        Key("export.previous", "up", "move(-1)", "The line above", "Dialog"),
        Key("export.page-down", "pagedown", "scroll_preview(1)", "Scroll the preview", "Dialog"),
        Key("export.page-up", "pageup", "scroll_preview(-1)", "Scroll the preview up", "Dialog"),
    )
    HINTS = (
        ("dialog.keep", "exports"),
        ("export.scope", "changes"),
        ("export.previous export.next", "another line"),
        ("dialog.cancel", "cancels"),
    )

    DEFAULT_CSS = """
    ExportDialog > Vertical { width: 110; height: 88%; }
    ExportDialog Input { margin: 0 0 1 0; }
    ExportDialog #choices { height: auto; color: $text; }
    ExportDialog VerticalScroll {
        height: 1fr; margin: 1 0; background: $surface; scrollbar-size-vertical: 1; padding: 0 1;
    }
    ExportDialog VerticalScroll Static { height: auto; color: $text-muted; }
    ExportDialog.-low VerticalScroll { display: none; }
    ExportDialog #hint.-asks { color: $text-warning; }
    """

    @dataclass
    class Begun(Message):
        """How an export of that choice begins."""

        choice: ExportChoice
        text: str

    def __init__(
        self,
        offered: Mapping[str, Offered],
        *,
        name: Callable[[ExportChoice], str],
        begun: Callable[[ExportChoice], str],
        templates: Sequence[str] = (),
        last: ExportChoice | None = None,
    ) -> None:
        super().__init__()
        self._offered, self._name_for, self._begun, self._templates = offered, name, begun, templates
        first = next(iter(offered))
        choice = last or ExportChoice(Path(), first)
        self._choice = choice._replace(
            scope=choice.scope if choice.scope in offered else first,
            template=choice.template if choice.template in templates else "",
        )
        self._line = 0
        self._proposed = ""
        self._asked_about: Path | None = None

    def compose(self) -> ComposeResult:
        """The file, what goes into it, how it begins, and the keys."""
        with Vertical() as box:
            box.border_title = "Export"
            yield Input(compact=True, select_on_focus=False)
            yield Static(id="choices", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(id="begun", markup=False)
            yield Label(id=HINT, markup=False)

    def on_mount(self) -> None:
        """What to begin with."""
        self._show()

    def _lines(self) -> list[tuple[str, str, Mapping[str, str]]]:
        """The choices that there are now: heading, field, and all values with what they mean."""
        offered = self._offered[self._choice.scope]
        lines: list[tuple[str, str, Mapping[str, str]]] = [
            ("How much", "scope", {scope: one.about for scope, one in self._offered.items()}),
            ("Format", "format", {one: _FORMATS[one] for one in offered.formats}),
        ]
        if self._choice.format == "markdown" and self._is_styled(offered):
            lines += [("Style", "style", _STYLES)] if offered.has_style else []
            lines.append(("For", "preset", _PRESETS))
            if self._templates:
                own = {"": "the one that comes with it"} | {one: one for one in self._templates}
                lines.append(("Template", "template", own))
        return lines

    def _is_styled(self, offered: Offered) -> bool:
        return offered.has_style or len(offered.formats) > 1

    def action_move(self, by: int) -> None:
        """To another line of choices."""
        self._line = (self._line + by) % len(self._lines())
        self._show_choices()

    def action_turn(self, by: int) -> None:
        """The next choice on the line, or the one before."""
        _, field, values = self._lines()[self._line]
        names = list(values)
        at = names.index(getattr(self._choice, field))
        chosen: dict[str, Any] = {field: names[(at + by) % len(names)]}
        self._choice = self._choice._replace(**chosen)
        self._show()

    def action_scroll_preview(self, direction: int) -> None:
        """Scroll how it begins."""
        shown = self.query_one(VerticalScroll)
        shown.scroll_relative(y=direction * max(shown.size.height - 1, 1), animate=False)

    def _show(self) -> None:
        """Show the choices, and what follows from them."""
        formats = self._offered[self._choice.scope].formats
        if self._choice.format not in formats:
            self._choice = self._choice._replace(format=formats[0])
        self._line = min(self._line, len(self._lines()) - 1)
        self._show_choices()
        line, proposed = self.query_one(Input), self._name_for(self._choice)
        if line.value == self._proposed:  # else the reader named the file
            line.value = self._proposed = proposed
            line.cursor_position = len(proposed)
        self._show_begun(self._choice)

    def _show_choices(self) -> None:
        lines = []
        for at, (heading, field, values) in enumerate(self._lines()):
            names, chosen = list(values), getattr(self._choice, field)
            sign, look = (self.glyphs.cursor, "bold") if at == self._line else (" ", "")
            nth = f"  {names.index(chosen) + 1}/{len(names)}" if len(names) > 1 else ""
            told = (
                (f"{sign} {heading + ':':10}", "$text-muted"),
                (values[chosen], look),
                (nth, "$text-muted"),
            )
            lines.append(Content.assemble(*told))
        self.query_one("#choices", Static).update(Content("\n").join(lines))

    @work(thread=True, exclusive=True, group="begun")
    def _show_begun(self, choice: ExportChoice) -> None:
        self.post_message(self.Begun(choice, self._begun(choice)[:_PREVIEWED]))

    @on(Begun)
    def _begun_shown(self, event: Begun) -> None:
        if event.choice == self._choice:
            self.query_one("#begun", Static).update(event.text)
            self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(Input.Changed)
    def _named(self) -> None:
        self._asked_about = None

    def action_keep(self) -> None:
        """Return the choice, where nothing speaks against it."""
        name = self.query_one(Input).value.strip()
        try:
            path = Path(name).expanduser()
            doubt = self._doubt(path) if name else "Name a file."
        except OSError as error:
            doubt = f"That file can't be: {error.strerror}."
        except RuntimeError:  # how pathlib says that there is no such home
            doubt = "There is no such user, so no such folder."
        if doubt:
            self._tell(doubt)
        else:
            self.dismiss(self._choice._replace(path=path))

    def _doubt(self, path: Path) -> str:
        """Why nothing is written there yet; raises OSError where nothing can be."""
        if self._choice.format in self._offered[self._choice.scope].into_folder:
            return "That is a file: name a folder." if path.exists() and not path.is_dir() else ""
        if path.is_dir():
            return "That is a folder: name a file in it."
        if path.exists() and path != self._asked_about:
            self._asked_about = path
            return f"There is such a file: {self.key('dialog.keep')} again replaces it."
        return ""

    def _tell(self, words: str) -> None:
        label = self.query_one(f"#{HINT}", Label)
        label.update(words)
        label.add_class("-asks")
