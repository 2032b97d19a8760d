"""A long thread opened, and keys pressed in it: from the key to the last byte of what it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from benchmarks.figures import Figure, Goal, Memory, growth
from benchmarks.peers.tree import READY
from benchmarks.terminal import Terminal
from benchmarks.workplace import MANY, SHORT, Workplace
from threadreader.model import Thread

_PRESSES = 40
_PEER_PRESSES = 3  # none in the larger thread: a `Tree` takes ten seconds for each fold there
_WIDE, _NARROW = (160, 45), (120, 40)
_REST = 0.4  # seconds of silence after which what is done behind the reader is over; a cursor blinks at 0.5


@dataclass(frozen=True, slots=True)
class Goals:
    """What is wanted of one size of thread."""

    open: Goal
    move: Goal
    fold: Goal
    find: Goal
    resize: Goal
    memory: Goal
    other: Goal


_MANY = Goals(
    open=Goal(p95=0.25, ratio=0.2),
    move=Goal(p95=0.025),
    fold=Goal(p95=0.06, ratio=0.1),
    find=Goal(p95=0.05),
    resize=Goal(p95=0.15),
    memory=Goal(megabytes=80),
    other=Goal(p95=0.05),
)
_HUGE = Goals(
    open=Goal(p95=1.2),
    move=Goal(p95=0.04),
    fold=Goal(p95=0.12),
    find=Goal(p95=0.25),
    resize=Goal(p95=0.5),
    memory=Goal(megabytes=250),
    other=Goal(p95=0.25),
)


@dataclass(frozen=True, slots=True)
class Press:
    """A key, what is typed before it each time, and what is pressed in a `Tree` for the like."""

    what: str
    key: str
    before: Sequence[str] = ()
    tree: str = ""
    tree_before: str = ""


_MOVES = (
    Press("j", "j", tree="\x1b[B"),
    Press("k", "k", tree="\x1b[A"),
    Press("J", "J"),
    Press("K", "K"),
    Press("}", "}"),
    Press("{", "{"),
    Press("H: parent", "H", ["]a"]),
    Press("Space", " ", tree="\x1b[6~", tree_before="\x1b[H"),
    Press("b", "b", tree="\x1b[5~", tree_before="\x1b[F"),
    Press("G", "G", ["gg"], tree="\x1b[F", tree_before="\x1b[H"),
    Press("gg", "gg", ["G"], tree="\x1b[H", tree_before="\x1b[F"),
    Press("Tab", "\t"),
)
_FOLDS = (
    Press("zM: fold all", "zM", ["zR"], tree="c", tree_before="e"),
    Press("zR: unfold all", "zR", ["zM"], tree="e", tree_before="c"),
    Press("z2: fold to a level", "z2", ["zR"]),
)


def figures(place: Workplace) -> Iterator[Figure | Memory | str]:
    """Every kind of key in both sizes, in turns with a `Tree` where it has one like it."""
    many = list(_measured(place, place.many, place.long, _MANY))
    yield from many
    huge = list(_measured(place, place.huge, place.longest, _HUGE))
    yield from huge
    pairs = zip(many, huge, strict=True)
    powers = [growth(a, b) for a, b in pairs if isinstance(a, Figure) and isinstance(b, Figure)]
    yield "grows with the comments to the power of: " + ", ".join(powers)


def _measured(place: Workplace, library: Path, thread: Thread, goals: Goals) -> Iterator[Figure | Memory]:
    size = len(thread.comments)
    with place.reader(library) as reader, place.peer("tree", str(library), thread.post.id) as tree:
        bench = _Bench(reader, tree, thread)
        yield replace(bench.opened(goals.open), size=size)
        peak, tree_peak = reader.peak, tree.peak
        for figure in bench.pressed(place.words, goals):
            yield replace(figure, size=size)
        yield Memory(f"memory after opening {size:,}", peak, "Tree", tree_peak, goals.memory)
        yield Memory("memory at last", reader.peak, "Tree", tree.peak, goals.memory)


class _Bench:
    """The reader and a `Tree` on the same thread."""

    def __init__(self, reader: Terminal, tree: Terminal, thread: Thread) -> None:
        self._reader, self._tree = reader, tree
        self._size = len(thread.comments)
        self._first = thread.body.split()[0]
        self._label = thread.comments[0].text.split()[0]

    def opened(self, goal: Goal) -> Figure:
        """From Enter in the list to the last byte; then go where every key leads somewhere."""
        reader, tree = self._reader, self._tree
        reader.wait_for(SHORT)
        tree.wait_for(READY)
        tree.settle()
        reader.settle(_REST)
        ours: list[float] = []
        trees: list[float] = []
        for _ in range(5 if self._size <= MANY else 3):
            with tree.stopped():
                ours.append(reader.press("j\r", self._first))
                for key in "qk":
                    reader.send(key)
                reader.settle(_REST)
            if len(trees) < (2 if self._size <= MANY else 1):
                tree.settle()
                trees.append(tree.time_to("o", self._label))
        reader.send("j\r")
        reader.settle(_REST)
        reader.send(f"{self._size // 20}G")
        tree.settle()
        return Figure(f"open {self._size:,} comments", ours, "Tree, one line each", trees, goal)

    def pressed(self, words: Sequence[str], goals: Goals) -> Iterator[Figure]:
        """Every kind of key."""
        reader = self._reader
        for press in _MOVES:
            yield self._press(press, goals.move)
        yield self._press(Press("Enter: fold, unfold", "\r", tree=" "), goals.other)
        for press in _FOLDS:
            yield self._press(press, goals.fold)
        yield self._press(Press("B: bookmark", "B"), goals.other)
        word = next(word for word in words if len(word) > 4)
        letter = Press("a letter", word[2], ["\x7f"])
        for keys in ("zR", "gg", "/", word[:3]):
            reader.send(keys)
        reader.settle(_REST)
        yield self._press(replace(letter, what="/: a letter to find"), goals.find)
        reader.send("\r")
        yield self._press(Press("n: next of many", "n"), goals.other)
        reader.send("\x1b")
        yield self._resized(goals.resize)
        for keys in ("s", word[:3]):
            reader.send(keys)
        reader.settle(_REST)
        yield self._press(replace(letter, what="s: a letter to search"), goals.other)

    def _press(self, press: Press, goal: Goal) -> Figure:
        reader, tree = self._reader, self._tree
        ours: list[float] = []
        trees: list[float] = []
        for at in range(_PRESSES):
            with tree.stopped():
                for keys in press.before:
                    reader.send(keys)
                ours.append(reader.press(press.key))
            if press.tree and at < _PEER_PRESSES and self._size <= MANY:
                tree.settle()
                if press.tree_before:
                    tree.send(press.tree_before)
                trees.append(tree.press(press.tree))
        if not trees:
            goal = replace(goal, ratio=None)
        return Figure(press.what, ours, "Tree" if trees else "", trees, goal)

    def _resized(self, goal: Goal) -> Figure:
        ours: list[float] = []
        trees: list[float] = []
        for at, size in zip(range(_PRESSES), cycle((_NARROW, _WIDE)), strict=False):
            with self._tree.stopped():
                ours.append(self._reader.resize(*size))
            if at < _PEER_PRESSES and self._size <= MANY:
                self._tree.settle()
                trees.append(self._tree.resize(*size))
        return Figure("resize", ours, "Tree" if trees else "", trees, goal)
