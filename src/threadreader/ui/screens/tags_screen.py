"""All tags: to see what bears one, to rename one, to let two become one."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from threadreader.annotations import Step
from threadreader.library import Library
from threadreader.model import tag_of
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import NOT_KEPT, KeyedScreen, hinted
from threadreader.ui.screens.marking import Marking, Target
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.key_line import KeyLine
from threadreader.ui.widgets.status_line import StatusLine
from threadreader.ui.widgets.tag_list import CountedTag, TagList


class TagsScreen(KeyedScreen[Target | None]):
    """Returns where to go, or None."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("tags.back", "q,escape,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
        Key("tags.rename", "R,g R", "rename", "Rename, or merge with another", "Mark", footer="Rename"),
        *(key for key in Marking.KEYS if key.id in ("mark.undo", "mark.redo")),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, library: Library, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The list, status and footer."""
        keys = (key.sign(typing=False) for key in self.keymap.keys_of(Marking) if key.id == "mark.tags")
        how = hinted("No tags yet", (self.glyphs.spelt(next(keys, None) or ""), "on a comment puts them on"))
        yield TagList(glyphs=self.glyphs, empty=f"{how}.")
        yield StatusLine(glyphs=self.glyphs)
        yield KeyLine()

    @property
    def tags(self) -> TagList:
        """The list."""
        return self.query_one(TagList)

    def on_mount(self) -> None:
        """Show what there is."""
        self.tags.focus()
        self.query_one(StatusLine).where = "tags, the most used first"
        self.reload()

    def reload(self, at: str = "") -> None:
        """Read the tags again; the cursor goes to the one named."""
        rows = [CountedTag(*pair) for pair in self.library.annotations.tag_counts().items()]
        wanted = at or (self.tags.row.tag if self.tags.row else "")
        here = (n for n, row in enumerate(rows) if row.tag.casefold() == wanted.casefold())
        self.tags.show(rows, next(here, self.tags.cursor))
        self._count()

    @on(TagList.Highlighted)
    def _count(self) -> None:
        total = len(self.tags.rows)
        self.query_one(StatusLine).numbers = f"{self.tags.cursor + 1 if total else 0}/{total}"

    @on(TagList.Chosen)
    @work
    async def _chosen(self, event: TagList.Chosen) -> None:
        """Show what bears the tag."""
        from threadreader.ui.screens.marks_screen import MarksScreen

        screen = MarksScreen(self.library, self.glyphs, f"tag:{_quoted(event.row.tag)}")
        target = await self.app.push_screen_wait(screen)
        if target:
            self.dismiss(target)
        else:
            self.reload()

    @work
    async def action_rename(self) -> None:
        """Give the tag another name; asks first where another tag has that."""
        from threadreader.ui.dialogs.confirm_dialog import ConfirmDialog
        from threadreader.ui.dialogs.line_dialog import LineDialog

        here = self.tags.row
        if here is None or self.library.read_only:
            self.say("no tag here to rename" if here is None else NOT_KEPT)
            return
        remark = "the name of another merges the two"
        name = await self.app.push_screen_wait(LineDialog(f"Rename #{here.tag}", here.tag, "renames", remark))
        if name is None or name.strip() == here.tag:
            return
        new = tag_of(name)
        other = next((row for row in self.tags.rows if row.tag.casefold() == new.casefold()), None)
        if other and other.tag.casefold() != here.tag.casefold():
            told = f"There is #{other.tag} already, on {other.on}."
            asked = f"{told} What bears #{here.tag}, {here.on} in all, will bear that in its place."
            if not await self.app.push_screen_wait(
                ConfirmDialog(f"Merge #{here.tag}?", asked, "merges them")
            ):
                return
        with self.refusals():
            count = self.library.annotations.rename_tag(here.tag, name)
            self.reload(new)
            self.say(self.with_key(f"#{here.tag} is #{new} now, on {count}", "mark.undo", "takes it back"))

    def action_undo(self) -> None:
        """Take back what was done last."""
        self._turn(self.library.undo, "nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        self._turn(self.library.redo, "nothing to redo")

    def _turn(self, turn: Callable[[], Step | None], nothing: str) -> None:
        with self.refusals():
            step = turn()
            self.reload()
            self.say(step.told if step else nothing)


def _quoted(tag: str) -> str:
    """A tag as it stands in a query."""
    return f'"{tag}"' if any(sign in tag for sign in '()",') else tag
