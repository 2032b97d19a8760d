"""Doing something with several hits of a search at once: exporting, bookmarking and tagging them."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.library import Library, write_whole
from threadreader.model import Hit
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.exporting import Exportable, Exporting
from threadreader.ui.screens.keyed_screen import NOT_KEPT, hinted
from threadreader.ui.screens.marking import Marking, Target
from threadreader.ui.screens.reading import Reading

if TYPE_CHECKING:
    from threadreader.library.export_request import Request
    from threadreader.ui.dialogs.export_dialog import ExportChoice

Result = TypeVar("Result")


class Gathering(Exporting[Result]):
    """A screen with hits of which several can be marked; what is done is done to them, else to the one."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("search.mark", "tab", "mark(1)", "Mark this result, or take the mark off", "Search", "Mark"),
        Key("search.mark-up", "shift+tab", "mark(-1)", "The same, and go up", "Search"),
        Key("search.unmark-all", "alt+u", "unmark_all", "Take all marks off", "Search"),
        Key("search.export", "alt+e", "export_hits", "Export what is marked as Markdown", "Search"),
        Key("search.bookmark", "ctrl+b", "bookmark_hits", "Bookmark what is marked", "Search"),
        Key("search.tags", "ctrl+t", "tag_hits", "Tag what is marked", "Search"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    has_written: bool = False
    """Has the reader's store something that it had not before?"""

    @abstractmethod
    def gathered(self) -> Sequence[Hit]:
        """The hits that are marked, in the order that they are shown in, else the one under the cursor."""

    @abstractmethod
    def searched(self) -> str:
        """What was searched for."""

    def undoable(self, told: str) -> str:
        """What was done, and how it is taken back: there is no key for that where one types."""
        keys = (key for key in self.keymap.keys_of(Marking) if key.id == "mark.undo")
        undo = next((key.sign(typing=False) or "" for key in keys), "")
        return hinted(told, (self.glyphs.spelt(undo), "in the reader takes it back"))

    def _targets(self) -> list[Target]:
        """What the hits are on, each once; none, told, where nothing was found."""
        targets = dict.fromkeys((hit.post_id, hit.comment_id) for hit in self.gathered())
        if not targets:
            self.say("nothing found yet to do that with")
        return list(targets)

    def action_bookmark_hits(self) -> None:
        """Bookmark the hits that have no bookmark yet."""
        targets, library = self._targets(), self.library
        if not targets:
            return
        with self.refusals():
            made = library.annotations.bookmark_all((*target, library.quote(*target)) for target in targets)
            self.has_written |= made > 0
            if made:
                self.say(self.undoable(f"{made} bookmarked"))
            else:
                self.say("bookmarked already" if len(targets) == 1 else f"all {len(targets)} are bookmarked")

    @work
    async def action_tag_hits(self) -> None:
        """Give the hits tags, beside those they have."""
        from threadreader.ui.dialogs.tags_dialog import TagsDialog

        targets, store = self._targets(), self.library.annotations
        if not targets:
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        many = f"{len(targets)} results" if len(targets) > 1 else "this result"
        tags = await self.app.push_screen_wait(TagsDialog(f"More tags for {many}", (), store.known_tags()))
        if not tags:
            return
        with self.refusals():
            tagged = store.tag_all(targets, tags)
            self.has_written |= tagged > 0
            told = " ".join(f"#{tag}" for tag in tags)
            self.say(self.undoable(f"{told} on {tagged}") if tagged else f"{told}: there already")

    def exportables(self) -> Mapping[str, Exportable]:
        """The results as quotes, or what is found with the marks on it."""
        targets = self._targets()
        if not targets:
            return {}
        from threadreader.library.export_request import Request

        request = Request((), everything=True, query=self.searched())
        many = f"{len(targets)} results, each as a quote" if len(targets) > 1 else "this result, as a quote"
        found = Exportable("all that is found, with the marks on it", request)
        return {"quotes": Exportable(many, request, ("markdown",)), "found": found}

    def action_export_hits(self) -> None:
        """Write the hits as Markdown, each a quote that tells where it is from; or all, with marks."""
        self.action_export()

    async def export(self, there: Mapping[str, Exportable], choice: "ExportChoice") -> None:
        """Write what was chosen, and tell where."""
        if choice.scope != "quotes":
            await super().export(there, choice)
            return
        targets = self._targets()
        text = self._quotations(targets)
        try:
            write_whole(choice.path, text.encode(errors="replace"))
        except OSError as error:
            self.say(f"{choice.path}: {error.strerror or error}")
        else:
            self.say(f"{len(targets)} exported to {choice.path}")

    def begun(self, scope: str, request: "Request") -> str:
        """How an export begins."""
        if scope == "quotes":
            with self.library.clone() as library:
                return self._quotations(self._targets()[:3], library)
        return super().begun(scope, request)

    def _quotations(self, targets: Sequence[Target], library: Library | None = None) -> str:
        from threadreader import export

        readings: dict[str, Reading] = {}
        quotes = []
        for post_id, comment_id in targets:
            reading = readings.get(post_id) or readings.setdefault(
                post_id, Reading(library or self.library, post_id)
            )
            quotes.append(export.quotation(reading.thread, comment_id, title=reading.title))
        return "\n".join(quotes)
