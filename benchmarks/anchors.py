"""`python -m benchmarks.anchors`: where marks stand after their threads changed, and where they should.

Threads are added to a library, marked, and added again changed, by the road that every document takes. A mark
is right on the comment that it was made on, a passage if at least half of its words are hit. Beside it, of
every fifth mark, what the published rule of Hypothesis does with the same words.
"""

import argparse
import random
import re
import shutil
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from time import process_time

from benchmarks.anchor_threads import Kind, Said, Threads, Tree, Write, kinds, outline
from benchmarks.peers.fuzzy_quote import Quoted, matched
from threadreader.anchoring import CONTEXT, quote_of
from threadreader.library import Library
from threadreader.model import KEPT_OF_PAGES, Anchored, Thread, bare
from threadreader.pairing import plain

TUNING = range(1, 4)  # seeds that thresholds may be chosen by
FINAL = range(201, 206)  # seeds of the figures that are published
_MARKS = 420  # on each thread
_EQUAL = 40  # more, on comments that say the same as others
_PEERED = 5  # of so many marks one is given to the peer
_FEWEST = 4  # words of a passage; those of fewer have a row of their own
_LONGEST = 40
_MOST_WRONG = 0.001
_COLUMNS = ("kind", "marks", "right", "asked", "orphaned", "wrong", "peer right", "orphaned", "wrong", "goal")


@dataclass(frozen=True, slots=True)
class Made:
    """A mark as it was made: on which comment, on which of its words, None for all, and in the store."""

    said: Said
    words: tuple[int, int] | None
    mark_id: str
    start: int  # of the marked text in the whole of the older copy
    is_extra: bool = False  # made for the row of equal comments alone

    @property
    def is_short(self) -> bool:
        """Are there so few words that most are said elsewhere too?"""
        first, last = self.words or (0, len(self.said.words))
        return last - first < _FEWEST


@dataclass(slots=True)
class Tally:
    """What became of marks; those of which no word is left are right as orphans, and in no other share."""

    marks: int = 0
    there: int = 0
    ours: Counter[str] = field(default_factory=Counter)
    peer: Counter[str] = field(default_factory=Counter)
    peered: int = 0

    def row(self, name: str, limit: float, most_wrong: float = _MOST_WRONG) -> str:
        """The tally as a line of the table."""
        there, peered = max(self.there, 1), max(self.peered, 1)
        right, wrong = self.ours["right"] / there, self.ours["wrong"] / max(self.marks, 1)
        met = right >= limit and wrong <= most_wrong
        cells = [
            name,
            f"{self.marks:,}",
            *(_share(self.ours[what] / there) for what in ("right", "ask", "orphan")),
        ]
        cells += [_share(wrong), *(_share(self.peer[what] / peered) for what in ("right", "orphan", "wrong"))]
        goal = f"≥ {limit:.0%}, wrong ≤ {most_wrong:.1%}" if limit else f"wrong ≤ {most_wrong:.1%}"
        return _row([*cells, f"{goal} {'met' if met else 'MISSED'}"])


class Place:
    """Where the words of a copy stand: in the stored thread, and in all its texts one after the other."""

    def __init__(self, tree: Tree, thread: Thread) -> None:
        texts = [comment.text for comment in thread.comments]
        assert [bare(text) for text in texts] == [bare(said.text) for said in tree], "read otherwise"
        self.tree, self.thread, self.texts = tree, thread, texts
        self.at = {said.number: at for at, said in enumerate(tree)}
        self.whole = "\n\n".join(texts)
        self.said = Counter(plain(said.text) for said in tree)
        self.starts = list(accumulate((len(text) + 2 for text in texts[:-1]), initial=0))

    def span(self, said: Said, words: tuple[int, int]) -> tuple[int, int]:
        """Where words of a comment begin and end in its text."""
        # Words are not looked for in the addresses that a page has behind them.
        text, edges, at = KEPT_OF_PAGES.sub(_blanks, self.texts[self.at[said.number]]), [], 0
        for word in said.words:
            at = text.index(word.text, at)
            edges.append((at, at + len(word.text)))
            at += len(word.text)
        return edges[words[0]][0], edges[words[1] - 1][1]

    def truth(self, made: Made) -> tuple[int, tuple[int, int] | None] | None:
        """The comment that a mark belongs on, and where its words are in it; None where nothing is left."""
        at = self.at.get(made.said.number)
        if at is None or made.words is None:
            return None if at is None else (at, None)
        keys = {word.key for word in made.said.words[slice(*made.words)]}
        left = [nth for nth, word in enumerate(self.tree[at].words) if word.key in keys]
        return (at, self.span(self.tree[at], (left[0], left[-1] + 1))) if left else None


def main() -> None:
    """Print the table; the exit status tells whether every goal is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anchors")
    parser.add_argument("--tuning", action="store_true", help="the seeds for choosing thresholds")
    parser.add_argument("--kind", default="", help="only kinds with these words in their name")
    parser.add_argument("--wrong", action="store_true", help="print each mark that is attached wrongly")
    chosen = parser.parse_args()
    seeds, began = TUNING if chosen.tuning else FINAL, process_time()
    wanted = [kind for kind in kinds() if chosen.kind in kind.name]
    print(_row(_COLUMNS), flush=True)
    tallies = {kind.name: Tally() for kind in wanted}
    special = {
        name: Tally() for name in ("all of them", "unchanged comments", "equal comments", "under 4 words")
    }
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            for kind, told in measured(seed, wanted, Path(folder), shown=chosen.wrong):
                for made, before, now, ours, peer in told:
                    for tally in _tallies(tallies[kind.name], special, made, before, now):
                        _count(tally, ours, peer, now.truth(made) is not None)
    for kind in wanted:
        print(tallies[kind.name].row(kind.name, kind.limit))
    for name, tally in special.items():
        most_wrong = 0 if name == "equal comments" else _MOST_WRONG
        print(tally.row(name, 1.0 if name == "unchanged comments" else 0.0, most_wrong))
    print(f"\n{len(seeds)} threads, {process_time() - began:.0f} s")
    missed = [t for t in special.values() if t.ours["wrong"] > _MOST_WRONG * t.marks]
    sys.exit(bool(missed or special["equal comments"].ours["wrong"]))


def _tallies(
    own: Tally, special: Mapping[str, Tally], made: Made, before: Place, now: Place
) -> Iterator[Tally]:
    """Those that a mark is counted in."""
    equal = _is_equal(made, before, now)
    if made.is_extra:
        pass
    elif made.is_short:
        yield special["under 4 words"]
    else:
        yield own
        yield special["all of them"]
    if equal:
        yield special["equal comments"]
    at = now.at.get(made.said.number)
    if not (equal or made.is_short) and at is not None and now.tree[at].text == made.said.text:
        yield special["unchanged comments"]


def _is_equal(made: Made, before: Place, now: Place) -> bool:
    """Does another comment, in either copy, say the same?"""
    words, at = plain(made.said.text), now.at.get(made.said.number)
    itself = at is not None and plain(now.tree[at].text) == words
    return before.said[words] > 1 or now.said[words] > itself


def _count(tally: Tally, ours: str, peer: str | None, is_there: bool) -> None:
    tally.marks += 1
    tally.there += is_there
    if is_there or ours == "wrong":
        tally.ours[ours] += 1
    if peer is not None:
        tally.peered += 1
        tally.peer["right" if peer == "orphan" and not is_there else peer] += 1


Told = list[tuple[Made, Place, Place, str, str | None]]


def measured(seed: int, wanted: Sequence[Kind], folder: Path, *, shown: bool) -> Iterator[tuple[Kind, Told]]:
    """For each kind what became of the marks on the thread of that seed, ours and, of some, the peer's."""
    threads = Threads(seed)
    tree = threads.tree()
    marked: dict[tuple[object, ...], tuple[Path, Place, list[Made]]] = {}
    for kind in wanted:
        rng = random.Random(f"{seed} {kind.name}")
        older = tree
        for change in kind.before:
            older = change(rng, threads, older)
        key = (kind.older, *map(str, kind.before))
        if key not in marked:
            write = kind.older or outline
            marked[key] = _marked(older, write, random.Random(seed), folder / f"{seed}-{len(marked)}")
        base, before, made = marked[key]
        newer = tree
        for change in kind.changes:
            newer = change(rng, threads, newer)
        yield kind, _judged(base, before, made, newer, kind, shown=shown)


def _marked(tree: Tree, write: Write, rng: random.Random, folder: Path) -> tuple[Path, Place, list[Made]]:
    """A library with the thread in it, and marks on that: passages, notes and bookmarks."""
    folder.mkdir()
    document = folder / "thread.txt"
    document.write_text(write(tree), encoding="utf-8")
    with Library.open(folder / "library") as library:
        (thread,) = library.add(document).threads
        place = Place(tree, thread)
        made = [_mark(library, place, said, rng) for said in rng.choices(tree, k=_MARKS)]
        made += [replace(_mark(library, place, said, rng), is_extra=True) for said in _equal(tree, rng)]
    return folder, place, made


def _equal(tree: Tree, rng: random.Random) -> list[Said]:
    """Some of the comments that say the same as others."""
    counted = Counter(said.text for said in tree)
    equal = [said for said in tree if counted[said.text] > 1]
    return rng.sample(equal, min(_EQUAL, len(equal)))


def _mark(library: Library, place: Place, said: Said, rng: random.Random) -> Made:
    post_id, at = place.thread.post.id, place.at[said.number]
    comment_id, size, text = place.thread.comments[at].id, len(said.words), place.texts[at]
    store, how = library.annotations, rng.random()
    if how < 0.3 or size < 2:
        quote = library.quote(post_id, comment_id)
        if how < 0.1:
            mark = store.bookmark(post_id, comment_id, quote)
        else:
            mark = store.note(post_id, comment_id, "Mine.", quote) or sys.exit("not noted")
        return Made(said, None, mark.id, place.starts[at])
    length = min(rng.randint(1, _FEWEST - 1) if how < 0.4 else rng.randint(_FEWEST, _LONGEST), size)
    first = rng.randrange(size - length + 1)
    start, end = place.span(said, (first, first + length))
    mark = store.highlight(post_id, comment_id, quote_of(text, start, end), "yellow")
    return Made(said, (first, first + length), mark.id, place.starts[at] + start)


def _judged(base: Path, before: Place, made: Sequence[Made], newer: Tree, kind: Kind, *, shown: bool) -> Told:
    """Add the newer copy in a copy of the library, and compare each mark with the truth."""
    with tempfile.TemporaryDirectory(dir=base) as folder:
        shutil.copytree(base / "library", Path(folder) / "library")
        (base / "thread.txt").write_text((kind.newer or outline)(newer), encoding="utf-8")
        with Library.open(Path(folder) / "library") as library:
            added = library.add(base / "thread.txt")
            assert added.status in ("updated", "unchanged"), added
            now = Place(newer, added.threads[0])
            states = {told.mark.id: told for told in library.states(library.annotations.marks())}
    told: Told = []
    for nth, one in enumerate(made):
        ours = _ours(one, states[one.mark_id], now)
        peer = _peers(one, before, now) if nth % _PEERED == 0 else None
        if shown and ours == "wrong":
            print("WRONG", kind.name, states[one.mark_id], "\nnow:", now.truth(one), "\n", file=sys.stderr)
        told.append((one, before, now, ours, peer))
    return told


def _ours(made: Made, anchored: Anchored, now: Place) -> str:
    if not anchored.is_attached:
        return anchored.state
    assert anchored.comment_id
    return _right(made, now, now.thread.positions[anchored.comment_id], anchored.span)


def _peers(made: Made, before: Place, now: Place) -> str:
    text = before.texts[before.at[made.said.number]]
    start, end = before.span(made.said, made.words) if made.words else (0, len(text))
    end, start = made.start + end - start, made.start
    around = before.whole[max(start - CONTEXT, 0) : start], before.whole[end : end + CONTEXT]
    found = matched(now.whole, Quoted(before.whole[start:end], *around, start))
    if found is None:
        return "orphan"
    middle = sum(found) // 2
    at = bisect_right(now.starts, middle) - 1
    here = found[0] - now.starts[at], found[1] - now.starts[at]
    return _right(made, now, at, here if made.words else None)


def _right(made: Made, now: Place, at: int, span: tuple[int, int] | None) -> str:
    """Is a mark that was attached to a comment, and to a span of its text, on its own words?"""
    truth = now.truth(made)
    if truth is None or truth[0] != at:
        return "wrong"
    if truth[1] is None:
        return "right"
    if span is None:
        return "orphan"
    common = min(span[1], truth[1][1]) - max(span[0], truth[1][0])
    return "right" if 2 * common >= truth[1][1] - truth[1][0] else "wrong"


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _share(share: float) -> str:
    return f"{share:.2%}"


def _row(cells: Sequence[str]) -> str:
    widths = (26, 7, 8, 8, 8, 8, 10, 8, 8)
    padded = [
        f"{cell:<{width}}" if not at else f"{cell:>{width}}"
        for at, (cell, width) in enumerate(zip(cells, widths, strict=False))
    ]
    return "  ".join([*padded, cells[-1]])


if __name__ == "__main__":
    main()
