"""Searching everything, and its results, followed one by one across posts when the search is closed."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.model import Hit
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.choosing import Choosing
from threadreader.ui.screens.jumping import Place
from threadreader.ui.screens.marking import Target

Result = TypeVar("Result")

SCOPES = ("everything", "this thread", "my notes")


class Query(NamedTuple):
    """What is asked for: words, and where."""

    words: str = ""
    scope: str = SCOPES[0]


class Results(NamedTuple):
    """What the last search found, best first, and which hit of it was opened last."""

    query: Query
    hits: tuple[Hit, ...]
    at: int = -1  # none yet

    def moved(self, by: int) -> "Results":
        """At the hit `by` further, or the last one on the way."""
        return self._replace(at=min(max(self.at + by, min(self.at, 0)), len(self.hits) - 1))

    @property
    def hit(self) -> Hit | None:
        """The hit that was opened last."""
        return self.hits[self.at] if self.at >= 0 else None

    @property
    def told(self) -> str:
        """As the status line says it."""
        return f'result {self.at + 1}/{len(self.hits)} of "{self.query.words}"'


class Following(Choosing[Result]):
    """A screen from which everything is searched, and on which the results can be followed."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("reader.search", "s", "search", "Search everything", "Find", footer="Search"),
        Key("reader.next-result", "] q", "result(1)", "Next result of the last search", "Walk"),
        Key("reader.previous-result", "[ q", "result(-1)", "Previous result of the last search", "Walk"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    results: Results | None = None
    """What the last search found."""
    jumped_from: Place | None = None
    """Where Escape leads back to."""

    @abstractmethod
    def write_behind(self) -> None:
        """Write what the reader did and no key asked to be written."""

    @property
    def post_ids(self) -> set[str]:
        """Every post there is."""
        return {row.post.id for row in self.listed}

    def jump(self, target: Target) -> None:
        """Go where a search or a list leads; Escape leads back."""
        before = self.place()
        self.open(*target)
        self.left(before)
        self.jumped_from = before
        self.say(self.with_key("", "reader.leave", "brings you back"))

    @work
    async def action_search(self) -> None:
        """Search everything; come back here, or go to what was found."""
        from threadreader.ui.screens.search_screen import SearchScreen

        self.write_behind()
        self.view.forget_texts()
        here = self.reading.thread if self.reading else None
        last = self.results.query if self.results else Query()
        screen = SearchScreen(self.library, self.listed, here, self.glyphs, last)
        results = await self.app.push_screen_wait(screen)
        if results is not None:
            self.open_result(results, anew=True)

    def action_result(self, direction: int) -> None:
        """The next or previous result, in its thread, in whichever post."""
        if self.results is None:
            self.say(self.with_key("no search yet", "reader.search", "searches everything"))
            return
        moved = self.results.moved(direction * self.count())
        if moved.at == self.results.at:
            self.say(f"that was the {'last' if direction > 0 else 'first'} result")
        else:
            self.open_result(moved)

    def open_result(self, results: Results, *, anew: bool = False) -> None:
        """Open the hit that `results` are at, if any, its words lit.

        Escape leads back to where the walk began; `anew`, it begins here.
        """
        from threadreader import search

        hit = results.hit
        if hit is not None or self.results is None or results.query != self.results.query:
            self.results = results
        if hit is None:
            return
        before, began = self.place(), None if anew else self.jumped_from
        if hit.post_id not in self.post_ids:
            self.say(f"{results.told}: its post is gone")
            return
        self.open(hit.post_id, hit.comment_id)
        self.left(before)
        self.jumped_from = began or before
        reading = self.reading
        if reading is None or (hit.comment_id and hit.comment_id not in reading.thread.positions):
            self.say(f"{results.told}: that comment is no longer in the thread")
            return
        if self.view.is_finding:
            self.view.end_find(restore=False)
        text = reading.words(hit.comment_id) if hit.comment_id else reading.thread.body
        self.view.light({hit.comment_id: search.spans(text, hit.matched)})
        self.map.redraw()
        self.say(self.with_key(results.told, "reader.leave", "brings you back"))
