"""Which line of the screen belongs to which comment: folds, heights and what is visible, without drawing.

Nodes are numbered in reading order: 0 is the post, `n` the comment at position `n - 1`. An open node takes a
line for its header, its text and notes, and a blank line; a closed one a single line, its replies none. What
costs as much as the thread is long is one flat loop; a line finds its node by bisection. In a long thread
the heights of what was not on the screen yet may be guesses, and its lines are counted when it comes near.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from threadreader.model import Thread

POST = 0
_AHEAD = 100  # rows that are counted at once with those that are needed


class ThreadLayout:
    """Lines and nodes of `thread`; `heights_of(nodes)` gives how many lines each takes when it is open.

    `guesses()`, for every node about as many, at once; without it all that is visible is counted.
    """

    def __init__(
        self,
        thread: Thread,
        heights_of: Callable[[Sequence[int]], Iterable[int]],
        guesses: Callable[[], Sequence[int]] | None = None,
    ) -> None:
        self.thread = thread
        self.size = 1 + len(thread.comments)
        self.parents: Sequence[int] = array("i", [-1] + [parent + 1 for parent in thread.parents])
        self.ends: Sequence[int] = array("i", [1] + [end + 1 for end in thread.ends])
        self.depths: Sequence[int] = array("i", [0] + [comment.depth for comment in thread.comments])
        self.folded = bytearray(self.size)
        self.revealed: set[int] = set()  # folded, but open for as long as a search lasts
        self.visible: Sequence[int] = ()
        self._tops = array("l", [0])
        self._rows: Sequence[int] = ()  # for each node where it stands in `visible`; -1 for a hidden one
        self._heights = array("i")  # of open nodes
        self._is_counted = bytearray()  # for each node: its height is no guess
        self._heights_of = heights_of
        self._guesses = guesses

    @property
    def lines(self) -> int:
        """Lines in all."""
        return self._tops[-1]

    def end(self) -> None:
        """Let go of who measures: it holds this layout, and two that hold each other stay in memory."""
        self._heights_of, self._guesses = _unmeasured, None

    def measure(self) -> None:
        """Ask the heights again: the width changed."""
        self._heights = array("i", self._guesses() if self._guesses else [0] * self.size)
        self._is_counted = bytearray(self.size)
        self.arrange()

    def measure_some(self, nodes: Iterable[int]) -> None:
        """Ask the heights of these nodes again, once any was asked: what stands in them changed."""
        if self._heights:
            self._count(list(nodes))
            self.arrange()

    def outgrown(self, nodes: Iterable[int]) -> list[int]:
        """Those of these nodes that are no longer as high as they were counted."""
        counted = [node for node in nodes if self._is_counted[node]]
        heights = zip(counted, self._heights_of(counted), strict=True)
        return [node for node, height in heights if height != self._heights[node]]

    def arrange(self) -> None:
        """Find what is visible after folds changed; before `measure` that waits for it."""
        if not self._heights:
            return
        folded, ends, heights, revealed = self.folded, self.ends, self._heights, self.revealed
        if folded.find(1) < 0:
            self.visible = self._rows = range(self.size)
            self._tops = array("l", accumulate(heights, initial=0))
        else:
            visible: list[int] = []
            rows = array("i", [-1]) * self.size
            shown: list[int] = []
            node = 0
            while node < self.size:
                rows[node] = len(visible)
                visible.append(node)
                if folded[node] and node not in revealed:
                    shown.append(1)
                    node = ends[node]
                else:
                    shown.append(heights[node])
                    node += 1
            self.visible, self._rows = visible, rows
            self._tops = array("l", accumulate(shown, initial=0))
        if self._guesses is None:
            self.settle(POST, self.size)

    def settle(self, node: int, rows: int) -> bool:
        """Count the lines of the visible nodes up to `rows` rows before and after one.

        Says whether any was guessed wrong: then what stands after it has moved.
        """
        at, end = self._rows[node], len(self.visible)
        first, last = max(at - rows, 0), min(at + rows + 1, end)
        if all(self._is_counted[one] or self.is_closed(one) for one in self.visible[first:last]):
            return False
        first, last = max(first - rows - _AHEAD, 0), min(last + rows + _AHEAD, end)
        near = self.visible[first:last]
        if not self._count([one for one in near if not (self._is_counted[one] or self.is_closed(one))]):
            return False
        heights = (1 if self.is_closed(one) else self._heights[one] for one in near)
        tops = array("l", accumulate(heights, initial=self._tops[first]))
        moved = tops[-1] - self._tops[last]
        following = self._tops[last + 1 :]
        self._tops[first:] = tops + (array("l", [top + moved for top in following]) if moved else following)
        return True

    def _count(self, nodes: Sequence[int]) -> bool:
        """Ask the heights of nodes; whether any is another than it was thought to be."""
        changed = False
        for node, height in zip(nodes, self._heights_of(nodes), strict=True):
            self._is_counted[node] = 1
            changed = changed or self._heights[node] != height
            self._heights[node] = height
        return changed

    def is_closed(self, node: int) -> bool:
        """Is the node drawn as one line?"""
        return bool(self.folded[node]) and node not in self.revealed

    def top(self, node: int) -> int:
        """First line of a visible node."""
        return self._tops[self._rows[node]]

    def bottom(self, node: int) -> int:
        """Line after the last one of a visible node."""
        return self._tops[self._rows[node] + 1]

    def foot(self, node: int) -> int:
        """Line after the last one of a visible node that says something: without its blank one."""
        return self.bottom(node) if self.is_closed(node) else self.bottom(node) - 1

    def at_line(self, line: int) -> int:
        """The node that line belongs to; the nearest one outside the thread."""
        row = bisect_right(self._tops, line) - 1
        return self.visible[min(max(row, 0), len(self.visible) - 1)]

    def between(self, first: int, last: int) -> Iterator[int]:
        """Visible nodes with a line in `first` to `last`, both included."""
        row = max(bisect_right(self._tops, first) - 1, 0)
        while row < len(self.visible) and self._tops[row] <= last:
            yield self.visible[row]
            row += 1

    def step(self, node: int, by: int) -> int:
        """The visible node `by` rows further, or the last one on the way."""
        row = self._rows[node] + by
        return self.visible[min(max(row, 0), len(self.visible) - 1)]

    def is_visible(self, node: int) -> bool:
        """Has the node a line of its own?"""
        return self._rows[node] >= 0

    def shown_for(self, node: int) -> int:
        """The node itself where it is visible, else the closed ancestor that hides it."""
        while self._rows[node] < 0:
            node = self.parents[node]
        return node

    def ancestors(self, node: int) -> Iterator[int]:
        """The comments above, nearest first; the post is not one of them."""
        parent = self.parents[node]
        while parent > POST:
            yield parent
            parent = self.parents[parent]

    def root(self, node: int) -> int:
        """The comment on the post under which the node stands; the post for the post itself."""
        return [node, *self.ancestors(node)][-1]

    def hidden_by(self, node: int) -> list[int]:
        """The closed comments that keep the node from being visible."""
        return [above for above in self.ancestors(node) if self.is_closed(above)]

    def siblings(self, node: int, forward: bool) -> Iterator[int]:
        """Comments with the same parent, after or before the node, nearest first."""
        parent = self.parents[node]
        if forward:
            limit = self.ends[parent] if parent > POST else self.size
            node = self.ends[node]
            while node < limit:
                yield node
                node = self.ends[node]
            return
        previous = node - 1
        while previous > parent and previous > POST:
            while self.depths[previous] > self.depths[node]:
                previous = self.parents[previous]
            yield previous
            previous -= 1

    def top_level(self, node: int, forward: bool) -> int:
        """The next comment on the post, or the last that began before the node; -1 for none."""
        root = self.root(node)
        if forward:
            following = self.ends[root] if root != POST else 1
            return following if following < self.size else -1
        if root != node:
            return root
        return next(self.siblings(node, False), POST if node != POST else -1)

    def fold(self, nodes: Iterable[int], closed: bool) -> bool:
        """Close or open nodes, and say whether that changed any; `arrange` is the caller's."""
        changed = False
        for node in nodes:
            self.revealed.discard(node)
            if bool(self.folded[node]) != closed:
                self.folded[node] = closed
                changed = True
        return changed

    def fold_to_level(self, level: int) -> None:
        """Open what lies above `level` (1: comments on the post), close the rest; the post stays open."""
        self.revealed.clear()
        self.folded = bytearray(depth >= level for depth in self.depths)
        self.folded[POST] = 0

    @property
    def level(self) -> int:
        """The depth of the shallowest closed comment; one past the deepest where none is closed."""
        closed = [depth for depth, fold in zip(self.depths[1:], self.folded[1:], strict=True) if fold]
        return min(closed, default=max(self.depths) + 1)


def _unmeasured(nodes: Sequence[int]) -> Iterable[int]:
    return [1] * len(nodes)
