"""The ground of every dialog: a box with a heading, keys of its own, and a last line that tells them."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.screen import ModalScreen
from textual.widgets import Label

from threadreader.ui.keys import Key, Keyed, Keymap, Sequences
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs

Result = TypeVar("Result")

HINT = "hint"  # id of the line that tells the keys


class Dialog(ModalScreen[Result], Keyed):
    """A small screen on top that asks for one thing and returns it."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key(
            "dialog.cancel", "escape,q", "dismiss(None)", "Cancel", "Dialog"
        ),  # where text is typed, q is text
    )

    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 88%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $text-primary;
    }
    Dialog Label { width: 1fr; color: $text-muted; }
    Dialog.-low > Vertical { max-height: 100%; }
    Dialog.-low > Vertical > * { margin: 0; }
    Dialog.-low #hint { max-height: 2; }
    """

    HINTS: ClassVar[Sequence[tuple[str, str]]] = ()
    """What the last line tells: ids of actions parted by blanks, and what they do; words alone have no id."""

    glyphs: Glyphs = UNICODE

    def __init__(self) -> None:
        super().__init__()
        self.sequences = Sequences()

    def take_keys(self, keymap: Keymap, glyphs: Glyphs) -> None:
        """Go by these keys, and tell them with these signs."""
        self.keymap, self.glyphs = keymap, glyphs
        if self.is_mounted:
            self._show_hint()

    def on_mount(self) -> None:
        """Tell the keys; Textual runs this after the subclass's own."""
        self._show_hint()

    def _show_hint(self) -> None:
        self.query_one(f"#{HINT}", Label).update(self.glyphs.spelt(self.hint))

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """What the last line tells, as `HINTS`."""
        return self.HINTS

    @property
    def hint(self) -> str:
        """The last line; what no key does is not in it."""
        signs = {key.id: key.sign(typing=self._is_typing) for key in self.all_keys()}
        told = []
        for actions, words in self.hints:
            keys = [signs.get(action) for action in actions.split()]
            if all(keys):
                told.append(" ".join([*filter(None, keys), words]))
        return f" {self.glyphs.between} ".join(told)

    @property
    def _is_typing(self) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key("a", "a")

    async def on_key(self, event: events.Key) -> None:
        """Run what the tables say; what can be typed is text where text is typed."""
        if self.focused is not None and self.focused.check_consume_key(event.key, event.character):
            return
        pressed = self.sequences.press(event, [self])
        if not pressed.taken:
            return
        event.stop()
        event.prevent_default()
        if pressed.key is not None:
            await self.app.run_action(pressed.key.action, default_namespace=self)
