"""`make bench-export`: comments a second into each format, and the memory of a library of any size."""

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.figures import crowding
from benchmarks.search_corpus import SearchCorpus
from threadreader.anchoring import quote_of
from threadreader.export import Form, of_thread
from threadreader.export.page import page
from threadreader.export.presets import PRESETS, STYLES
from threadreader.export.records import json_parts
from threadreader.library import Library
from threadreader.library.exporting import Look
from threadreader.library.folder import write_folder
from threadreader.model import Annotation, Comment, Source, Thread

GOAL = 30_000  # comments a second
FLAT = 1.5  # times the memory of the smallest library that the largest may take
_RUNS = 5
_LONG = 10_000  # comments of the one thread
_MARKED = 20  # one comment of so many bears a mark
_MOMENT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def main(sizes: Sequence[int]) -> None:
    """Print the rates for one long thread, then for libraries of these sizes, each in its own process."""
    print(f"Python {sys.version.split()[0]}, {crowding():.1f} times slowed down by other programs.\n")
    thread, marks = long_thread()
    size = sum(len(comment.text) for comment in thread.comments)
    print(f"A thread of {_LONG:,} comments, {size / _LONG:.0f} characters each, {len(marks):,} marks:")
    for name, parts in _formats(thread, marks):
        seconds = [_timed(parts) for _ in range(_RUNS)]
        _print_rate(name, _LONG / median(seconds), _LONG / max(seconds))
    print(
        "\nWhole libraries as Markdown, a file for each post and an index, read from the index and written:"
    )
    memory = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            this = [sys.executable, "-m", "benchmarks.exporting"]
            subprocess.run([*this, "--make", folder, str(size)], check=True)
            run = subprocess.run([*this, "--library", folder], capture_output=True, text=True, check=True)
        told = json.loads(run.stdout)
        memory[size] = told["megabytes"]
        _print_rate(
            f"{size:,} comments",
            size / told["seconds"],
            size / told["seconds"],
            f"{told['megabytes']:.0f} MB",
        )
    if len(memory) > 1:
        ratio = memory[max(memory)] / memory[min(memory)]
        verdict = "met" if ratio <= FLAT else "MISSED"
        print(f"Memory of the largest in that of the smallest: {ratio:.2f} (goal ≤ {FLAT}) {verdict}")


def long_thread() -> tuple[Thread, list[Annotation]]:
    """One thread of many comments, one in twenty of them with a highlight that bears a note."""
    comments: list[Comment] = []
    for thread in SearchCorpus().threads(_LONG):
        top = len([one for one in comments if not one.depth])
        for one in thread.comments:
            first, dot, rest = one.place.partition(".")
            comments.append(one._replace(place=f"{int(first) + top}{dot}{rest}", created=_MOMENT))
    whole = Thread(thread.post._replace(comments=len(comments)), thread.body, tuple(comments))
    marks = [
        Annotation(
            f"{at:016x}", "highlight", whole.post.id, one.id, f"Note {at}.", quote_of(one.text, 0, 30),
            _MOMENT, _MOMENT, "yellow",
        )
        for at, one in enumerate(comments)
        if at % _MARKED == 0
    ]  # fmt: skip
    return whole, marks


def _formats(thread: Thread, marks: list[Annotation]) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
    for preset, style in [(PRESETS["obsidian"], style) for style in STYLES] + [
        (PRESETS["logseq"], STYLES[0])
    ]:
        form = Form(preset, style)
        yield (
            f"Markdown, {preset.name}, {style}",
            lambda form=form: of_thread(thread, marks, title="x", exported=_MOMENT, form=form).parts(),  # type: ignore[misc]
        )
    yield "HTML", lambda: page(thread, marks, title="x", exported=_MOMENT)
    yield "JSON", lambda: json_parts([(thread, "x", marks, {})], _MOMENT)


def _timed(parts: Callable[[], Iterator[str]]) -> float:
    start = perf_counter()
    for _ in parts():
        pass
    return perf_counter() - start


def export_library(folder: str) -> None:
    """Export the library there; print what that took as JSON."""
    with Library.open(Path(folder, "library")) as library:
        out = Path(folder, "out")
        start = perf_counter()
        for _ in write_folder(library, out, library.index.posts(), Look(exported=_MOMENT)):
            pass
        seconds = perf_counter() - start
    # Of the processes that were started the one that took most.
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    megabytes = max(resource.getrusage(one).ru_maxrss for one in whose) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


def make_library(folder: str, size: int) -> None:
    """A library of that many comments, without documents."""
    source = Source("0" * 64, "/invented", _MOMENT)
    with Library.open(Path(folder, "library")) as library:
        library.index.put_many((thread, source) for thread in SearchCorpus().threads(size))


def _print_rate(name: str, rate: float, worst: float, more: str = "") -> None:
    verdict = "met" if rate >= GOAL else "MISSED"
    print(
        f"  {name:34} {rate:>9,.0f}/s  worst {worst:>9,.0f}/s  goal {GOAL:,}/s  {verdict:6} {more}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1] == "--library":
        export_library(sys.argv[2])
    elif sys.argv[1] == "--make":
        make_library(sys.argv[2], int(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]])
