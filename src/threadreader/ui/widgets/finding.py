"""Looking for words in the thread on the screen: which match the reader is at, and what it opened."""

from threadreader.model import Position
from threadreader.ui.widgets.comment_painter import CommentPainter
from threadreader.ui.widgets.thread_find import Lit, ThreadFind


class Finding:
    """One search through the texts that `painter` draws.

    It lights the matches and opens what hides the current one; moving there, and drawing, is the widget's.
    """

    def __init__(self, painter: CommentPainter, texts: ThreadFind, began: Position) -> None:
        self.began: Position | None = began  # where to go back to; None once the reader stays at a match
        self._painter = painter
        self._texts = texts
        self.query = ""
        self._matches = texts.matches("")
        self._number = 0

    @property
    def total(self) -> int:
        """How many matches there are."""
        return self._matches.total

    @property
    def current(self) -> int:
        """Which of them the reader is at, from 1; 0 where there are none."""
        return self._number + 1 if self._matches else 0

    @property
    def nodes(self) -> list[int]:
        """Every node that a match stands in."""
        return self._matches.texts()

    @property
    def node(self) -> int:
        """The node that the current match stands in; there must be one."""
        return self._matches.place(self._number)[0]

    @property
    def line(self) -> int:
        """The line of the thread on which the current match begins; there must be one."""
        node, (start, _) = self._matches.place(self._number)
        return self._painter.line_of(node, start)

    def look_for(self, query: str) -> None:
        """Light every match of `query` and be at the first one at or after where finding began."""
        painter, self.query = self._painter, query
        self._matches = painter.hits = self._texts.matches(query)
        origin = painter.node_of(self.began.comment_id if self.began else None)
        self._number = self._matches.first_from(origin)
        self._reveal()

    def step(self, by: int) -> bool:
        """Be at the match `by` further, round the end; there must be one. Says whether folds changed."""
        self._number = (self._number + by) % self.total
        return self._reveal()

    def put_out(self) -> None:
        """Light no match; what finding opened stays open."""
        self._painter.hits, self._painter.current_hit = Lit(), None

    def keep_open(self, node: int) -> bool:
        """Let what shows the node stay open for good; says whether that opened any."""
        layout = self._painter.layout
        return layout.fold(layout.revealed.intersection([node, *layout.ancestors(node)]), False)

    def close(self) -> None:
        """Close again what finding opened."""
        self._painter.layout.revealed.clear()
        self._painter.layout.arrange()

    def _reveal(self) -> bool:
        """Open the way to the current match, and nothing else; says whether that changed anything."""
        painter, layout = self._painter, self._painter.layout
        if not self._matches:
            painter.current_hit = None
            self.close()
            return True
        node, _ = painter.current_hit = self._matches.place(self._number)
        revealed = {shown for shown in (node, *layout.ancestors(node)) if layout.folded[shown]}
        if revealed == layout.revealed:
            return False
        layout.revealed = revealed
        layout.arrange()
        return True
