"""Documents in."""

import hashlib
from collections.abc import Iterator
from time import perf_counter

from benchmarks.figures import Figure
from benchmarks.workplace import FEW, MANY, Workplace
from threadreader.library import Library

_RUNS = 10


def figures(place: Workplace) -> Iterator[Figure]:
    """Five documents into an empty library, against reading their bytes; and a long one."""
    added, read = [], []
    for run in range(_RUNS):
        with Library.open(place.folder / f"added-{run}") as library:
            start = perf_counter()
            library.add_all(place.short)
            added.append(perf_counter() - start)
        start = perf_counter()
        for path in place.short:
            hashlib.sha256(path.read_bytes())
        read.append(perf_counter() - start)
    yield Figure(f"add 5 documents of {FEW} comments", added, "read and digest the files", read)
    yield Figure(f"add a document of {MANY:,} comments", [place.adding_long])
