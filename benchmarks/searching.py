"""Queries over a long thread, against looking at every text."""

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from rapidfuzz import fuzz

from benchmarks.figures import Figure
from benchmarks.workplace import MANY, Workplace
from threadreader.library import Library

_QUERIES = 30
_COMPARED = 5  # queries that `partial_ratio` is asked: it takes its time


def figures(place: Workplace) -> Iterator[Figure]:
    """Two words as they are written, and with a typo in one of them."""
    chosen = random.Random(2)
    plain = [_two_words(comment.text) for comment in chosen.sample(place.long.comments, _QUERIES)]
    typos = [_with_typo(query, chosen) for query in plain]
    texts = [comment.text for comment in place.long.comments]
    with Library.open(place.many) as library, sqlite3.connect(library.index.path) as database:

        def find(query: str) -> None:
            library.find(query)

        def scan(query: str) -> None:
            patterns = [f"%{word}%" for word in query.split()]
            database.execute("SELECT id FROM comments WHERE text LIKE ? AND text LIKE ?", patterns).fetchall()

        def compare(query: str) -> None:
            max(fuzz.partial_ratio(query, text) for text in texts)

        find(typos[0])  # the words of the index are read once
        yield Figure(f"search {MANY:,}: two words", _times(find, plain), "LIKE scan", _times(scan, plain))
        yield Figure(
            f"search {MANY:,}: a typo in one",
            _times(find, typos),
            "rapidfuzz partial_ratio",
            _times(compare, typos[:_COMPARED]),
        )


def _times(answer: Callable[[str], None], queries: Sequence[str]) -> list[float]:
    times = []
    for query in queries:
        start = perf_counter()
        answer(query)
        times.append(perf_counter() - start)
    return times


def _two_words(text: str) -> str:
    """Two long words of a text, so that a typo leaves something to find."""
    words = sorted({word.strip("“”…–’.").lower() for word in text.split()}, key=len)
    return " ".join(words[-2:])


def _with_typo(query: str, chosen: random.Random) -> str:
    """`query` without one of its letters."""
    at = chosen.randrange(1, query.index(" "))
    return query[:at] + query[at + 1 :]
