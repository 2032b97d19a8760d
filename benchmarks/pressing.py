"""Keys pressed in a long thread: from the key to the last byte of what it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

from benchmarks.figures import Figure, Goal
from benchmarks.peers.tree import READY
from benchmarks.terminal import Terminal
from benchmarks.workplace import SHORT, Workplace

_PRESSES = 20
_PEER_PRESSES = 5
_GOAL = Goal(p95=0.05)
_WIDE, _NARROW = (160, 45), (120, 40)


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
    Press("Space", " ", tree="\x1b[6~"),
    Press("b", "b", tree="\x1b[5~"),
    Press("G", "G", ["gg"], tree="\x1b[F", tree_before="\x1b[H"),
    Press("gg", "gg", ["G"], tree="\x1b[H", tree_before="\x1b[F"),
    Press("Tab", "\t"),
)
_FOLDS = (
    Press("Enter: fold, unfold", "\r", tree=" "),
    Press("zM: fold all", "zM", ["zR"], tree="c", tree_before="e"),
    Press("zR: unfold all", "zR", ["zM"], tree="e", tree_before="c"),
    Press("z2: fold to a level", "z2", ["zR"]),
)


def figures(place: Workplace) -> Iterator[Figure]:
    """Every kind of key, in turns with a `Tree` where it has one like it."""
    word = next(word for word in place.words if len(word) > 4)
    letter = Press("a letter", word[2], ["\x7f"])
    with place.reader(place.many) as reader, place.peer("tree", str(place.many), place.long.post.id) as tree:
        _open(reader, tree, place)
        for press in (*_MOVES, *_FOLDS, Press("B: bookmark", "B")):
            yield _pressed(press, reader, tree)
        for keys in ("zR", "gg", "/", word[:3]):
            reader.send(keys)
        yield _pressed(replace(letter, what="/: a letter to find"), reader, tree)
        reader.send("\r")
        yield _pressed(Press("n: next of many", "n"), reader, tree)
        reader.send("\x1b")
        yield _resized(reader, tree)
        for keys in ("s", word[:3]):
            reader.send(keys)
        yield _pressed(replace(letter, what="s: a letter to search"), reader, tree)


def _open(reader: Terminal, tree: Terminal, place: Workplace) -> None:
    reader.wait_for(SHORT)
    reader.settle(0.2)
    reader.time_to("j\r", place.long.body.split()[0])
    tree.wait_for(READY)
    tree.time_to("o", place.long.comments[0].text.split()[0])
    reader.send("500G")  # in the midst of it, where every key leads somewhere
    tree.settle()


def _pressed(press: Press, reader: Terminal, tree: Terminal) -> Figure:
    ours, trees = [], []
    for at in range(_PRESSES):
        with tree.stopped():
            for keys in press.before:
                reader.send(keys)
            ours.append(reader.press(press.key))
        if press.tree and at < _PEER_PRESSES:
            tree.settle()
            if press.tree_before:
                tree.send(press.tree_before)
            trees.append(tree.press(press.tree))
    return Figure(press.what, ours, "Tree" if trees else "", trees, _GOAL)


def _resized(reader: Terminal, tree: Terminal) -> Figure:
    ours, trees = [], []
    for at, size in zip(range(_PRESSES), cycle((_NARROW, _WIDE)), strict=False):
        with tree.stopped():
            ours.append(reader.resize(*size))
        if at < _PEER_PRESSES:
            tree.settle()
            trees.append(tree.resize(*size))
    return Figure("resize", ours, "Tree", trees, Goal(p95=0.15))
