"""The threads in `seeds/`: restored as they were written, found despite typos, listed as what they are."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadreader import importers
from threadreader.library import Library, expected_documents
from threadreader.model import Comment, collapsed, digest, thread_of

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
FACTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "seeds.json").read_text())
# The documents that the reader was made for, where they are at hand.
DOCUMENTS = ROOT.parent / "shared" / "seeds"

QUERIES = 20
FIRST_HITS = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(r"[^\W\d_]+")


@pytest.mark.parametrize("name", FACTS)
def test_a_seed_is_restored_with_every_boundary_and_level(name: str) -> None:
    facts = FACTS[name]
    (draft,) = importers.read(SEEDS / name)
    thread = thread_of(draft, "post", source=name)
    tree = [[comment.depth, digest(collapsed(comment.text))] for comment in thread.comments]
    assert (draft.layout, draft.date and draft.date.isoformat()) == (facts["layout"], facts["date"])
    assert draft.title == facts["title"] or (facts["title"] is None and draft.title_derived)
    assert tree == facts["tree"]
    assert [level for level, _ in tree].count(0) == facts["on_post"]


def test_seeds_are_many_and_in_both_layouts() -> None:
    assert len(FACTS) >= 6
    assert sum(facts["comments"] for facts in FACTS.values()) >= 150
    assert {facts["layout"] for facts in FACTS.values()} == {"outline", "run-on"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("seeds") / "library") as opened:
        opened.add_all(SEEDS / name for name in FACTS)
        yield opened


def queries(library: Library, dice: random.Random) -> Iterator[tuple[str, Comment]]:
    """Words that stand together in a comment, one of them mistyped, and the comment."""
    comments = [one for post in library.index.posts() for one in library.index.thread(post.id).comments]
    while True:
        comment = dice.choice(comments)
        words = WORD.findall(comment.text)
        count = dice.randint(2, 4)
        start = dice.randrange(max(len(words) - count, 1))
        part = words[start : start + count]
        long = [at for at, word in enumerate(part) if len(word) >= 5]
        if len(part) == count and long:
            at = dice.choice(long)
            part[at] = mistyped(part[at], dice)
            yield " ".join(part), comment


def mistyped(word: str, dice: random.Random) -> str:
    """`word` with a letter changed, left out, added, or two of them swapped, anywhere in it."""
    at = dice.randrange(len(word))
    letter = dice.choice(LETTERS)
    swapped = (
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word[1] + word[0] + word[2:]
    )
    other = dice.choice(
        [
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            swapped,
        ]
    )
    return other if other != word else mistyped(word, dice)


def test_twenty_mistyped_searches_have_their_comment_in_the_first_five(library: Library) -> None:
    made = queries(library, random.Random(20))
    missed = []
    for _ in range(QUERIES):
        query, comment = next(made)
        hits = library.find(query, limit=FIRST_HITS).hits
        if comment.id not in [hit.comment_id for hit in hits]:
            missed.append((query, comment.place))
    assert missed == []


def test_the_readme_names_every_seed() -> None:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert [name for name in FACTS if f"`{name}`" not in readme] == []


def test_git_keeps_every_seed() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert [name for name in FACTS if f"!/seeds/{name}" not in ignored] == []


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents that the reader was made for are not here")
def test_the_documents_that_the_reader_was_made_for_are_read_as_listed(library: Library) -> None:
    expected = expected_documents((SEEDS / "README.md").read_text(encoding="utf-8"))
    assert len(expected) == 5
    assert [verdict.found for verdict in library.verdicts(expected)] == [None] * 5
    library.add_all([DOCUMENTS])
    verdicts = library.verdicts(expected)
    assert [verdict.found for verdict in verdicts] == expected
    assert all(verdict.agrees for verdict in verdicts)
