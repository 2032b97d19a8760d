"""Searches that a reader of the project's own threads would make, and which comments answer them.

The queries of `data/judged.tsv` were written while reading the threads and before any was tried: words as one
half remembers them, a third with a typo, some that several comments answer. A third is kept back (`kept`):
ranking is never changed for the sake of those. nDCG is that of Järvelin and Kekäläinen (2002), with gains
2^grade - 1 and the first ten.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from threadreader.library import Library

SEEDS = Path(__file__).parents[1] / "seeds"
JUDGED = Path(__file__).parent / "data" / "judged.tsv"
FIRST = 10
THREADS = {
    "chair": "Pull up a chair",
    "ridge": "Mapping the ridge",
    "boat": "Tea on a narrow boat",
    "pear": "The pear tree",
    "sour": "How do you keep",
    "trains": "I have slept",
    "cards": "The library is",
    "chor": "Unser Chor",
}


class Judged(NamedTuple):
    query: str
    grades: Mapping[tuple[str, str], int]  # (thread, place) -> how well it answers
    kept: bool


def judged() -> Iterator[Judged]:
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            query, answers, part = line.split("\t")
            grades = {(t, place): int(grade) for t, place, grade in map(str.split, answers.split(", "))}
            yield Judged(query, grades, part == "kept")


@pytest.fixture(scope="module")
def own_threads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("judged")) as library:
        library.add_all(sorted(SEEDS.glob("*.txt")))
        for post in library.index.posts():  # whoever dropped documents of their own there is not judged
            if not post.title.startswith(tuple(THREADS.values())):
                library.index.remove(post.id)
        yield library


@pytest.mark.parametrize(("kept", "recall", "ndcg"), [(False, 0.99, 0.95), (True, 0.99, 0.95)])
def test_the_comments_that_answer_come_first(
    own_threads: Library, kept: bool, recall: float, ndcg: float
) -> None:
    names = {
        post.id: name
        for post in own_threads.index.posts()
        for name, title in THREADS.items()
        if post.title.startswith(title)
    }
    queries = [one for one in judged() if one.kept is kept]
    found, gains = [], []
    for one in queries:
        hits = own_threads.find(one.query, limit=FIRST).hits
        ranked = [one.grades.get((names[hit.post_id], hit.place or ""), 0) for hit in hits]
        meant = sum(grade == 3 for grade in one.grades.values())
        found.append(sum(grade == 3 for grade in ranked) / meant)
        gains.append(_gain(ranked) / _gain(sorted(one.grades.values(), reverse=True)))
    poor = [f"{one.query}: {gain:.2f}" for one, gain in zip(queries, gains, strict=True) if gain < 0.7]
    assert len(queries) > 20
    assert sum(found) / len(found) >= recall, poor
    assert sum(gains) / len(gains) >= ndcg, poor


def _gain(grades: list[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))
