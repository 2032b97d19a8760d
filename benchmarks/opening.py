"""From the key that opens a long thread to its first text on the screen."""

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.peers.tree import READY
from benchmarks.workplace import MANY, SHORT, Workplace

_RUNS = 10
_PREVIEW = 0.2  # seconds of silence after which the thread beside the list is drawn


def figures(place: Workplace) -> Iterator[Figure]:
    """The long thread with all its text, against the same in a `Tree` of one line a comment."""
    ours, trees = [], []
    words = place.long.body.split()[0]
    label = place.long.comments[0].text.split()[0]
    with (
        place.reader(place.many) as reader,
        place.peer("tree", str(place.many), place.long.post.id) as tree,
    ):
        reader.wait_for(SHORT)
        tree.wait_for(READY)
        tree.settle()
        for _ in range(_RUNS):
            with tree.stopped():
                reader.settle(_PREVIEW)
                ours.append(reader.time_to("j\r", words))
                for key in "qk":
                    reader.send(key)
            tree.settle()
            trees.append(tree.time_to("o", label))
    yield Figure(f"open {MANY:,} comments", ours, "Tree, one line each", trees)
