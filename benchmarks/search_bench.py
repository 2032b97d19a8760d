"""`python -m benchmarks.search_bench SIZE…`: searching and adding at each number of comments, and a table."""

import datetime as dt
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from benchmarks import naming, terminal
from benchmarks.figures import crowding
from benchmarks.peers import letters
from benchmarks.search_corpus import PER_POST, SearchCorpus
from benchmarks.search_peers import FIRST, peers
from benchmarks.search_queries import KINDS, STRUCTURED, Query, drawn, needed
from benchmarks.terminal import Terminal
from threadreader.library import Library
from threadreader.model import Source, Thread

_NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_STARTS = 7
_CHANGES = 9  # posts that are added and removed one by one
_TYPED = 8  # queries that are typed letter by letter
_BEGINNING = 3.0  # seconds until the reader has nothing more to do than to be asked
_QUIET = 0.07  # seconds without output after which results are painted; the preview follows after 0.15
_APART = 0.3  # seconds from one letter to the next, in which the preview is drawn
_LOOK_EVERY = 0.05  # seconds between looks at how much memory a program takes


@dataclass(slots=True)
class Row:
    """A figure at each size."""

    what: str
    unit: str  # "ms", "MB", "/s", or "" for a share or a ratio
    goal: float | None = None
    at_least: bool = False  # the goal is the least that it may be, not the most
    values: dict[int, float] = field(default_factory=dict)

    def cells(self, sizes: Sequence[int]) -> list[str]:
        """The row of the table; the goal is for the largest size, where that is a million."""
        shown = [self._shown(self.values[size]) if size in self.values else "–" for size in sizes]
        return [self.what, *shown, self._growth(), *self._judged()]

    def _shown(self, value: float) -> str:
        if self.unit in ("MB", "/s"):
            return f"{value:,.0f} {self.unit}"
        digits = 3 if not self.unit else 0 if value >= 100 else 1
        return f"{value:.{digits}f} {self.unit}".strip()

    def _growth(self) -> str:
        """By which power of the number of comments it grows: 1 is in proportion, 0 not at all."""
        if len(self.values) < 2 or self.unit != "ms":
            return ""
        small, large = min(self.values), max(self.values)
        return f"{log(self.values[large] / self.values[small]) / log(large / small):.2f}"

    def _judged(self) -> tuple[str, str]:
        if self.goal is None:
            return "", ""
        value = self.values.get(max(self.values, default=0))
        sign = "≥" if self.at_least else "≤"
        if value is None:
            return f"{sign} {self._shown(self.goal)}", "not measured"
        is_met = value >= self.goal if self.at_least else value <= self.goal
        return f"{sign} {self._shown(self.goal)}", "met" if is_met else "MISSED"


class Table:
    """Rows by name, in the order in which they came."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def put(
        self, size: int, what: str, value: float, unit: str, goal: float | None = None, *, least: bool = False
    ) -> None:
        """Keep one figure."""
        self.rows.setdefault(what, Row(what, unit, goal, least)).values[size] = value
        print(f"  {size:>9,}  {what}: {value:,.3f} {unit}", file=sys.stderr, flush=True)

    def put_times(
        self, size: int, what: str, seconds: Sequence[float], *goals: float | None, rows: str = "p50 p95 max"
    ) -> None:
        """Keep the median, the time that 95 of 100 stay within, and the longest."""
        ranked = sorted(seconds)
        values = {"p50": median(ranked), "p95": ranked[-(len(ranked) // 20) - 1], "max": ranked[-1]}
        for name, goal in zip(rows.split(), goals or (None,) * 3, strict=False):
            self.put(size, f"{what}, {name}", values[name] * 1000, "ms", goal)

    def lines(self, sizes: Sequence[int]) -> Iterator[str]:
        """The table as Markdown."""
        yield "| | " + " | ".join(f"{size:,}" for size in sizes) + " | growth | goal | |"
        yield "|---" + "|--:" * len(sizes) + "|--:|--:|---|"
        for row in self.rows.values():
            yield "| " + " | ".join(row.cells(sizes)) + " |"


@dataclass(frozen=True, slots=True)
class Made:
    """A library of one size."""

    folder: Path
    lines: Path  # the comments, one a line after its id
    queries: Sequence[Query]
    text_bytes: int
    seconds: float  # that storing took


def main(sizes: Sequence[int]) -> None:
    """Measure every size and print the table."""
    table, corpus = Table(), SearchCorpus()
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores,"
        f" {crowding():.1f} times slowed down by other programs;"
        f" words: {corpus.origin}, {len(corpus.words):,} of them"
    )
    for size in sizes:
        with TemporaryDirectory(prefix="threadreader-search-") as name:
            _measure(size, Path(name), corpus, table)
    _name(max(sizes), corpus, table)
    print("\n" + "\n".join(table.lines(sizes)))


def _measure(size: int, folder: Path, corpus: SearchCorpus, table: Table) -> None:
    made = _made(size, folder, corpus)
    table.put(size, "storing threads", size / made.seconds, "/s")
    table.put(size, "index over text", (made.folder / "index.db").stat().st_size / made.text_bytes, "", 2.5)
    with _environment(folder) as environment:
        _search(size, made, environment, table)
        _type(size, made, environment, table)
        _start(size, made, environment, table)
    _compare(size, made, table)
    made.lines.unlink()
    _change(size, made, corpus, table)
    _add(size, folder, corpus, table)


def _name(size: int, corpus: SearchCorpus, table: Table) -> None:
    ours, theirs, found = naming.times(corpus)
    table.put_times(size, f"going to one of {naming.NAMES:,} names", ours, None, 1000 / 60)
    table.put_times(size, "rapidfuzz WRatio, the same", theirs, rows="p50 p95")
    table.put(size, "names found, half with a typo", found, "")


def _made(size: int, folder: Path, corpus: SearchCorpus) -> Made:
    """A library of that many comments, whose threads no document holds."""
    kept: list[tuple[str, str]] = []
    chosen = random.Random(size)
    wanted = set(chosen.sample(range(size), min(needed(), size)))
    texts = generating = 0.0

    def threads() -> Iterator[tuple[Thread, Source]]:
        nonlocal texts, generating
        at = 0
        start = perf_counter()
        for thread in corpus.threads(size):
            for comment in thread.comments:
                if at in wanted:
                    kept.append((comment.id, comment.text))
                at += 1
                texts += len(comment.text.encode())
                lines.write(f"{comment.id}\t{comment.text}\n")
            texts += len(thread.body.encode())
            generating += perf_counter() - start
            yield thread, Source(thread.post.id * 4, thread.post.source, _NOW)
            start = perf_counter()

    path = folder / "lines.txt"
    start = perf_counter()
    with (
        Library.open(folder / "library") as library,
        path.open("w", encoding="utf-8") as lines,
        library.index.gathering(),
    ):
        library.index.put_many(threads())
    seconds = perf_counter() - start - generating
    chosen.shuffle(kept)
    return Made(folder / "library", path, drawn(kept), int(texts), seconds)


def _search(size: int, made: Made, environment: dict[str, str], table: Table) -> None:
    """The search alone, in a process of its own for the memory that it takes."""
    questions = [query.typed for query in made.queries]
    structured = STRUCTURED if importlib.util.find_spec("threadreader.search.language") else ()
    asked = json.dumps([str(made.folder), questions, list(structured)])
    command = [sys.executable, "-m", "benchmarks.search_bench", "--ask"]
    ours = {**environment, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    told = subprocess.run(
        command, input=asked, env=ours, stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    answers, seconds, structured_seconds, peak = json.loads(told)
    table.put_times(size, "search alone", seconds, None, 25.0, None)
    with Library.open(made.folder) as library:
        found = [
            query.comment_id in ids or _is_common(library, query)
            for query, ids in zip(made.queries, answers, strict=True)
        ]
    for kind, goal in zip(KINDS, (0.99, 0.95, 0.80, 0.90), strict=True):
        held_out = [
            ok for query, ok in zip(made.queries, found, strict=True) if query.kind == kind and query.held_out
        ]
        table.put(size, f"recall at {FIRST}: {kind}", sum(held_out) / len(held_out), "", goal, least=True)
    if structured_seconds:
        table.put_times(size, "structure and fields", structured_seconds, 100.0, rows="p95")
    table.put(size, "memory while searching", peak, "MB", 180.0)


def _is_common(library: Library, query: Query) -> bool:
    """Do so many comments hold the intended words that any of them may be first?"""
    words = " ".join(f'"{word}"' for word in query.intended)
    return len(library.index.rows_matching(words, limit=FIRST)) == FIRST


def answer_asked() -> None:
    """Answer the questions on standard input: ids found, seconds, and the most memory that it took."""
    folder, questions, structured = json.load(sys.stdin)
    with Library.open(Path(folder)) as library:
        library.find("zzzyzx")  # the words of the index are read once
        answers, times = [], []
        for question in questions:
            start = perf_counter()
            hits = library.find(question, limit=FIRST).hits
            times.append(perf_counter() - start)
            answers.append([hit.comment_id for hit in hits])
        others = []
        for question in structured:
            start = perf_counter()
            library.find(question, limit=FIRST)
            others.append(perf_counter() - start)
    json.dump([answers, times, others, terminal.peak_of(os.getpid())], sys.stdout)


def _type(size: int, made: Made, environment: dict[str, str], table: Table) -> None:
    """From a key to the last byte of what it brings."""
    typed = [query.typed for query in made.queries if query.held_out][:: len(made.queries) // (2 * _TYPED)]
    seconds: list[float] = []
    patience, terminal.QUIET = terminal.QUIET, _QUIET
    try:
        with _reader(made.folder, environment) as reader:
            for keys in ("", "s", "zzzyzx"):  # the words of the index are read once
                reader.send(keys)
                sleep(_BEGINNING)
                reader.settle(_QUIET)
            for query in typed[:_TYPED]:
                reader.send("\x15")
                for letter in query:
                    sleep(_APART)
                    seconds.append(reader.press(letter))
            table.put(size, "memory of the reader", reader.peak, "MB", 180.0)
    finally:
        terminal.QUIET = patience
    table.put_times(size, "key to painted results", seconds, 15.0, 50.0, 100.0)
    least: list[float] = []
    command = [sys.executable, "-m", "benchmarks.peers.letters"]
    # As the reader has it: no answer waits for the next frame.
    with Terminal(command, {**environment, "TEXTUAL_FPS": "240"}) as bare:
        bare.wait_for(letters.READY[-6:])
        bare.settle(_QUIET)
        for letter in "".join(typed[:_TYPED]):
            sleep(_APART)
            least.append(bare.press(letter))
    table.put_times(size, "the same, looked for nowhere", least)


def _start(size: int, made: Made, environment: dict[str, str], table: Table) -> None:
    """From the start of the process to the first paint, in turns with an empty library."""
    with Library.open(made.folder) as library:
        words = " ".join(library.index.posts()[0].title.split()[:2])
    empty = made.folder.with_name("empty")
    Library.open(empty).close()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(_STARTS):
        for folder, wanted, times in ((made.folder, words, ours), (empty, "No posts yet", theirs)):
            with _reader(folder, environment) as reader:
                times.append(reader.wait_for(wanted) - reader.started)
    table.put(size, "start to first paint", median(ours) * 1000, "ms")
    table.put(size, "start, in that of an empty library", median(ours) / median(theirs), "", 1.2)


def _compare(size: int, made: Made, table: Table) -> None:
    for peer in peers(made.lines, made.folder / "index.db"):
        if peer.ask is None:
            print(f"  {peer.name}: not installed", file=sys.stderr)
            continue
        if size > peer.most:
            continue
        queries = [query for query in made.queries if query.held_out]
        step = max(len(queries) // peer.queries, 1)
        asked = queries[::step][: peer.queries]
        seconds, found = peer.asked(asked)
        table.put_times(size, peer.name, seconds, rows="p50 p95")
        for kind in KINDS if len(asked) == len(queries) else ():
            ok = [hit for query, hit in zip(asked, found, strict=True) if query.kind == kind]
            table.put(size, f"{peer.name}: {kind}", sum(ok) / len(ok), "")


def _change(size: int, made: Made, corpus: SearchCorpus, table: Table) -> None:
    """One more post, and one less."""
    added, removed = [], []
    with Library.open(made.folder) as library:
        for number in range(_CHANGES):
            path = made.folder.with_name(f"one-more-{number}.txt")
            corpus.write(path, title=f"One more {number}", comments=PER_POST)
            start = perf_counter()
            (thread,) = library.add(path).threads
            added.append(perf_counter() - start)
            start = perf_counter()
            library.index.remove(thread.post.id)
            removed.append(perf_counter() - start)
    table.put_times(size, f"adding a post of {PER_POST}", added, None, 200.0, rows="p50 max")
    table.put_times(size, f"removing a post of {PER_POST}", removed, None, 200.0, rows="p50 max")


def _add(size: int, folder: Path, corpus: SearchCorpus, table: Table) -> None:
    """A folder of documents into an empty library, by the program itself."""
    documents = folder / "documents"
    documents.mkdir()
    for number in range(size // PER_POST):
        corpus.write(documents / f"{number:06}.txt", title=f"Post {number}", comments=PER_POST)
    shutil.rmtree(folder / "library")
    program = Path(sysconfig.get_path("scripts"), "threadreader")
    command = [str(program), "--library", str(folder / "added"), "add", str(documents)]
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, terminal.peak_of(process.pid))
        sleep(_LOOK_EVERY)
    seconds = perf_counter() - start
    assert process.returncode == 0
    table.put(size, "adding documents", size / seconds, "/s", 15_000, least=True)
    table.put(size, "memory while adding them", peak, "MB")


@contextmanager
def _environment(folder: Path) -> Iterator[dict[str, str]]:
    """Nothing of the caller's settings."""
    names = {"HOME": str(folder), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    paths = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    yield {**paths, **names}


def _reader(library: Path, environment: dict[str, str]) -> Terminal:
    program = Path(sysconfig.get_path("scripts"), "threadreader")
    return Terminal([str(program), "--library", str(library)], environment)


if __name__ == "__main__":
    if sys.argv[1:] == ["--ask"]:
        answer_asked()
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
