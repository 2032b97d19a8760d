"""The documents that the reader was made for, read where they are at hand: counts and digests only.

The digest of a document stands for every boundary and every level in it; it was taken after reading along.
"""

from pathlib import Path

import pytest

from threadreader import importers
from threadreader.model import Draft, collapsed, digest

DOCUMENTS = Path(__file__).parents[2] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the five documents are not at hand")

FACTS = {
    "000_4e822ab441e0227f.txt": ("outline", 7, 6, [], "46718f997728b274"),
    "001_42bd928e1d7f45f9.txt": ("outline", 21, 9, [], "b813cc13d1026d54"),
    "002_0db8e0ad7bb0c323.txt": ("run-on", 31, 15, ["title-derived", "no-date"], "a4ab375963c766fd"),
    "003_f1f3f8bfb7d2b4c6.txt": ("run-on", 16, 9, ["title-derived", "no-date"], "26cba44b7bfda7ae"),
    "004_040fa670495877e8.txt": ("run-on", 123, 43, ["title-derived", "no-date"], "59310630a465e2bf"),
}


def depths(draft: Draft) -> list[int]:
    found: list[int] = []
    for comment in draft.comments:
        found.append(0 if comment.parent is None else found[comment.parent] + 1)
    return found


@pytest.mark.parametrize("name", FACTS)
def test_a_document_is_restored(name: str) -> None:
    (draft,) = importers.read(DOCUMENTS / name)
    levels = depths(draft)
    shape = digest(
        *(
            f"{depth} {digest(collapsed(comment.text))}"
            for depth, comment in zip(levels, draft.comments, strict=True)
        )
    )
    codes = [warning.code for warning in draft.warnings]
    assert (draft.layout, len(draft.comments), levels.count(0), codes, shape) == FACTS[name]
    assert not any(comment.warnings for comment in draft.comments)
