"""What the search screen tells of the language of queries: its grammar, and what a word could become."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

GRAMMAR: Sequence[tuple[str, str]] = (
    ("fog ferry", "both words, a typo or two forgiven"),
    ('"the ferry rang"', "these words in a row"),
)
"""What can be typed, and what it finds."""


class Completion(NamedTuple):
    """What a part of a query could become."""

    start: int  # characters of the query that it takes the place of
    end: int
    text: str


def completions(query: str, cursor: int, names: Mapping[str, Sequence[str]]) -> list[Completion]:
    """What the word before the `cursor` could become, best first; `names` are those there are by field."""
    return []
