"""The ground of every screen: key sequences, counts, and the status line that tells of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from textual import events, on, work
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from threadreader.errors import LibraryReadOnly, ThreadReaderError
from threadreader.settings import Settings
from threadreader.ui.keys import Key, Keyed, Keymap, Sequences, bindings, shown_way
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.key_line import Hint, KeyLine
from threadreader.ui.widgets.row_list import RowList
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.thread_view import ThreadView

if TYPE_CHECKING:
    from threadreader.ui.screens.help_screen import Told

PENDING_AFTER = 0.15  # seconds that a sequence waits for its next key until one is told what it can be
Result = TypeVar("Result")

NOT_KEPT = "this library can't be written: marks are not kept"


class Choices(NamedTuple):
    """The words that a command takes, and what is done with one."""

    label: str
    words: Sequence[str]
    choose: Callable[[str], None]


class KeyedScreen(Screen[Result], Keyed):
    """A screen whose keys, and those of the widget in focus, may be sequences and take counts."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("screen.help", "?,f1", "help", "Help", "Program", footer="Help"),
        Key("screen.palette", "ctrl+p", "app.command_palette", "Commands", "Program"),
        Key("screen.command", ":", "command", "Command line", "Program"),
        Key("screen.repeat", ".", "repeat", "Do the last command again", "Program"),
        Key("screen.suspend", "ctrl+z", "app.suspend_process", "Suspend", "Program"),
        Key("screen.quit", "Q", "app.quit", "Quit", "Program"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-high")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = "KeyedScreen.-low KeyLine { display: none; }"

    class Begun(Message):
        """A key began a sequence, and did nothing else."""

    glyphs: Glyphs = UNICODE
    settings: Settings | None = None
    """What the app handed down; None leaves every widget as it is by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sequences = Sequences()
        self.commands_typed: list[str] = []
        self._pending_timer: Timer | None = None
        self._laid_out_for: Size | None = None

    def take_settings(self, settings: Settings, keymap: Keymap, glyphs: Glyphs) -> None:
        """Go on as the settings say; what is on the screen already is drawn anew where it must be."""
        self.settings, self.keymap, self.glyphs = settings, keymap, glyphs
        if self.is_mounted:
            self._hand_settings_on()
            self.show_keys()

    def on_mount(self) -> None:
        """Hand the settings on; Textual runs this after the subclass's own."""
        self._hand_settings_on()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew, once: Textual asks a screen again for the size that it was just laid out for.

        Of two sizes that follow each other, each would bring the other back, and so on for ever.
        """
        if event.size == self._laid_out_for or event.size != self.app.size:
            event.prevent_default()
        else:
            self._laid_out_for = event.size

    def _hand_settings_on(self) -> None:
        if self.settings is None:
            return
        for view in self.query(ThreadView):
            view.keymap = self.keymap  # messages name its keys before it has the focus
            view.set_seen_after(self.settings.reading.seen_after)
            view.set_view(self.settings.view, self.glyphs)
        for rows in self.query(RowList):
            rows.glyphs, rows.view_settings = self.glyphs, self.settings.view
            rows.redraw()
        for line in self.query(StatusLine):
            line.glyphs = self.glyphs
            line.refresh()

    def listening(self) -> list[Keyed]:
        """The tables that a key is looked up in, nearest first."""
        nodes: list[Keyed] = [*([self.focused] if isinstance(self.focused, Keyed) else []), self]
        if nodes[0].mode is not None:
            nodes = [nodes[0].mode]
        for node in nodes:
            node.keymap = self.keymap
        return nodes

    def key(self, action: str) -> str:
        """The sign of the key that does an action here."""
        keys = (Keyed.key(node, action) for node in self.listening())
        return self.glyphs.spelt(next(filter(None, keys), ""))

    def with_key(self, told: str, action: str, does: str) -> str:
        """`told`, and which key does something about it; `told` alone where no key does."""
        return hinted(told, (self.key(action), does))

    def live_keys(self) -> Iterable[tuple[Keyed, Key]]:
        """Every key that works now, with the node that answers it; the nearest node wins."""
        taken: set[tuple[str, ...]] = set()
        for node in self.listening():
            for key in node.all_keys():
                ways = set(key.alternatives)
                if ways - taken:
                    yield node, key
                taken |= ways

    def commands(self) -> list[tuple[Keyed, Key]]:
        """Every action that can be asked for by name, with keys or without; the nearest node has it."""
        named: dict[str, tuple[Keyed, Key]] = {}
        for node in self.listening():
            for key in node.all_keys():
                named.setdefault(key.id, (node, key))
        return list(named.values())

    def choices(self) -> dict[str, Choices]:
        """What can be said after a command, by its id."""
        return {
            "app.theme": Choices("Theme", sorted(self.app.available_themes), self._choose_theme),
        }

    def _choose_theme(self, theme: str) -> None:
        self.app.theme = theme

    def go_to_number(self, number: str) -> None:
        """Go to a comment by its number in reading order, or by its place: `143`, `3.1`."""
        self.say("there is no thread here to go to a comment in")

    def on_descendant_focus(self) -> None:
        """Other keys work now."""
        self.show_keys()

    def show_keys(self) -> None:
        """Show in the last line what matters here."""
        focused = self.focused
        typing = focused is not None and focused.check_consume_key("a", "a")
        hints: dict[str, Hint] = {}
        taken: set[str] = set()
        for _, key in self.live_keys():
            sign = key.sign(typing=typing) if key.footer else None
            if sign and sign not in taken:  # else a nearer node has the key
                sign = self.glyphs.spelt(sign)
                hints.setdefault(sign, Hint(sign, key))
            taken |= set(map(shown_way, key.alternatives))
        for line in self.query(KeyLine):
            line.hints = tuple(hints.values())

    @on(KeyLine.Clicked)
    async def _hint_clicked(self, event: KeyLine.Clicked) -> None:
        for node, key in self.live_keys():
            if key is event.key:
                await self.app.run_action(key.action, default_namespace=node)
                return

    def say(self, message: str) -> None:
        """Tell the reader, in the status line where the screen has one."""
        lines = self.query(StatusLine)
        if lines:
            lines.first().say(message)
        else:
            self.notify(message, markup=False)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What a store refuses meanwhile is told to the reader, and no more happens."""
        try:
            yield
        except LibraryReadOnly:
            self.say(NOT_KEPT)
        except ThreadReaderError as error:
            self.say(str(error))

    async def on_key(self, event: events.Key) -> None:
        """Run what the tables say; everything else goes on to the bindings.

        Single keys have bindings too, but those run a step later than sequences: what is typed fast would
        change its order.
        """
        if self.focused is not None and self.focused.check_consume_key(event.key, event.character):
            return  # what can be typed is text where text is typed
        for line in self.query(StatusLine):
            line.hush()
        typed = self.sequences.pending
        pressed = self.sequences.press(event, self.listening())
        self._show_pending(after=PENDING_AFTER)
        leads_nowhere = pressed.taken and pressed.node is None and not self.sequences.pending.shown
        if leads_nowhere and event.key != "escape":
            keys = self.glyphs.spelt(typed.shown + shown_way([event.key]))
            self.say(self.with_key(f"{keys} does nothing here", "screen.help", "shows the keys"))
        if not pressed.taken:
            if self not in self.listening():  # a mode leaves no key to anyone else
                event.stop()
                event.prevent_default()
                leave, shown = self.key("select.leave"), self.key("select.help")
                self.say(hinted("no such key here", (leave, "leaves"), (shown, "shows the keys")))
            elif event.key not in self.active_bindings:
                sign = self.glyphs.spelt(shown_way([event.key]))
                self.say(self.with_key(f"{sign} does nothing here", "screen.help", "shows the keys"))
            return
        event.stop()
        event.prevent_default()
        if self.sequences.pending.shown:
            self.post_message(self.Begun())
        if pressed.node is not None and pressed.key is not None:
            await self.app.run_action(pressed.key.action, default_namespace=pressed.node)

    async def action_repeat(self) -> None:
        """Do the last command again, with its count or with another."""
        count, last = self.repeat, self.sequences.last
        self.repeat = None
        if last is None or not last.node.is_attached:
            self.say("nothing to repeat yet")
            return
        last.node.repeat = last.count if count is None else count
        await self.app.run_action(last.key.action, default_namespace=last.node)

    def _show_pending(self, *, after: float = 0) -> None:
        """Tell what was typed of a sequence and what can follow; who types on is not told."""
        if self._pending_timer is not None:
            self._pending_timer.stop()
        typed, lines = self.sequences.pending.shown, self.query(StatusLine)
        if after and typed and not any(line.pending for line in lines):
            self._pending_timer = self.set_timer(after, self._show_pending)
            return
        for line in lines:
            further = self.sequences.continuations(self.listening())
            told = "  ".join([typed, *(f"{keys} {label.lower()}" for keys, label in further)])
            line.pending = told

    @work
    async def action_command(self) -> None:
        """Type a command for the pane that has the keys."""
        from threadreader.ui.screens.command_screen import CommandScreen
        from threadreader.ui.screens.commanding import Commands

        commands = Commands(self)
        typed = await self.app.push_screen_wait(CommandScreen(commands, self.commands_typed, self.glyphs))
        if typed:
            self.commands_typed = [*(line for line in self.commands_typed if line != typed), typed]
            await commands.run(typed)

    def action_help(self) -> None:
        """Show the keys that work here."""
        from threadreader.ui.screens.help_screen import HelpScreen

        self.app.push_screen(HelpScreen([*self.told_beside_keys(), *(key for _, key in self.live_keys())]))

    def told_beside_keys(self) -> "Sequence[Told]":
        """What the help tells before the keys."""
        return ()


def hinted(told: str, *hints: tuple[str, str]) -> str:
    """`told`, and keys with what each does; one that is empty is left out."""
    keys = ", ".join(f"{key} {does}" for key, does in hints if key)
    return ": ".join(filter(None, (told, keys)))
