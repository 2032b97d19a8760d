"""Other programs and plainer ways, asked the same queries; each answers with ids of comments."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.search_queries import Query

FIRST = 20  # results that are looked at


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search, how many queries it is asked, and up to how many comments."""

    name: str
    ask: Callable[[Query], list[str]] | None  # None: not installed
    queries: int
    most: int = 1 << 62

    def asked(self, queries: Sequence[Query]) -> tuple[list[float], list[bool]]:
        """Seconds for each query, and whether the comment that it was drawn from was among the first."""
        assert self.ask
        seconds, found = [], []
        for query in queries:
            start = perf_counter()
            ids = self.ask(query)
            seconds.append(perf_counter() - start)
            found.append(query.comment_id in ids)
        return seconds, found


def peers(lines: Path, index: Path) -> list[Peer]:
    """All of them; `lines` has an id, a tab and a comment on each line."""

    def program(name: str, *given: str) -> Callable[[Query], list[str]] | None:
        path = shutil.which(name)
        if path is None:
            return None

        def ask(query: Query) -> list[str]:
            # rg finds one pattern: it is asked the longest word as typed, the least that it could do.
            words = max(query.typed.split(), key=len) if name == "rg" else query.typed
            with lines.open("rb") as texts:
                done = subprocess.run(
                    [path, *given, words], stdin=texts, stdout=subprocess.PIPE, check=False
                ).stdout
            return [line.split(b"\t", 1)[0].decode() for line in done.split(b"\n", FIRST)[:FIRST]]

        return ask

    def fts5(query: Query) -> list[str]:
        words = " ".join(f'"{word}"*' for word in query.typed.split())
        rows = database.execute(
            "SELECT id FROM comments JOIN (SELECT rowid AS found FROM comments_fts WHERE comments_fts MATCH ?"
            f" ORDER BY rank LIMIT {FIRST}) ON found = row",
            (words,),
        )
        return [comment_id for (comment_id,) in rows]

    def partial_ratio(query: Query) -> list[str]:
        from rapidfuzz import fuzz, process

        pairs = [line.split("\t", 1) for line in lines.read_text(encoding="utf-8").splitlines()]
        texts = dict(pairs)
        return [
            found[2] for found in process.extract(query.typed, texts, scorer=fuzz.partial_ratio, limit=FIRST)
        ]

    database = sqlite3.connect(index)
    return [
        Peer("FTS5 prefix, bm25", fts5, 1 << 62),
        Peer("rg -i, the longest word", program("rg", "-i"), 10),
        Peer("fzf -e --filter", program("fzf", "-e", "--filter"), 3),
        Peer("fzf --filter", program("fzf", "--filter"), 3),
        Peer("rapidfuzz partial_ratio", partial_ratio, 10, most=10_000),
    ]
