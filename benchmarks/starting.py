"""From the start of the process to the first paint."""

from collections.abc import Iterator

from benchmarks.figures import Figure, Goal
from benchmarks.peers.bare import WORDS
from benchmarks.terminal import Terminal
from benchmarks.workplace import SHORT, Workplace

_RUNS = 12


def figures(place: Workplace) -> Iterator[Figure]:
    """The list, and the thread beside it, against a bare Textual app."""
    thread = place.short[0].read_text(encoding="utf-8").split("\n")[4].split()[0]  # the post's first word
    _started(place.reader(place.five), SHORT), _started(place.peer("bare"), WORDS)  # bytecode, disk
    listed, shown, bare = [], [], []
    for _ in range(_RUNS):
        with place.reader(place.five) as terminal:
            listed.append(terminal.wait_for(SHORT) - terminal.started)
            shown.append(terminal.wait_for(thread) - terminal.started)
        bare.append(_started(place.peer("bare"), WORDS))
    yield Figure("start to first paint", listed, "bare Textual app", bare, Goal(ratio=1.5))
    yield Figure("start to a thread beside the list", shown, "bare Textual app", bare)


def _started(terminal: Terminal, words: str) -> float:
    with terminal:
        return terminal.wait_for(words) - terminal.started
