"""Queries as one half remembers a comment, with typos drawn at random; the same seed, the same queries."""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["no typo", "one edit", "two edits", "first letter"]
KINDS: tuple[Kind, ...] = ("no typo", "one edit", "two edits", "first letter")
EACH = 200  # queries of a kind, every other one held out
_EDITED = 5  # letters of the shortest word that is edited
_SHORTEST = 3  # letters of the shortest word that is typed
_MOST_WORDS = 4

# Run as soon as the search reads a language.
STRUCTURED = (
    "author:Ida words:>100",
    "under:(depth:0 kettle)",
    "reply-to:(author:Ida)",
    "date:2021-04..2021-06 kettle",
    "has-reply:(kettle) words:<50",
    "depth:>3 -kettle table",
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and what was meant."""

    kind: Kind
    typed: str
    intended: tuple[str, ...]  # words
    comment_id: str  # that the words were drawn from
    held_out: bool  # not to be looked at while tuning


def drawn(comments: Sequence[tuple[str, str]], seed: int = 3) -> list[Query]:
    """`EACH` queries of each kind, each from another of `comments`, which are ids and texts."""
    chosen = random.Random(seed)
    texts = iter(comments)
    queries = []
    for kind in KINDS:
        made = 0
        while made < EACH:
            comment_id, text = next(texts)
            words = _words(text, chosen)
            if words is None:
                continue
            typed = _with_typos(words, kind, chosen)
            queries.append(Query(kind, " ".join(typed), tuple(words), comment_id, bool(made % 2)))
            made += 1
    return queries


def needed() -> int:
    """How many comments `drawn` may have to look at."""
    return 2 * EACH * len(KINDS)


def _words(text: str, chosen: random.Random) -> list[str] | None:
    """Two to four words of a text, in its order, two of them long enough to be edited; None for too few."""
    there = list(dict.fromkeys(word.strip(".").lower() for word in text.split()))
    at = [n for n, word in enumerate(there) if len(word) >= _SHORTEST and word.isalpha()]
    long = [n for n in at if len(there[n]) >= _EDITED]
    size = chosen.randint(2, _MOST_WORDS)
    if len(long) < 2 or len(at) < size:
        return None
    picked = set(chosen.sample(long, 2))
    rest = [n for n in at if n not in picked]
    picked |= set(chosen.sample(rest, size - 2))
    return [there[n] for n in sorted(picked)]


def _with_typos(words: Sequence[str], kind: Kind, chosen: random.Random) -> list[str]:
    typed = list(words)
    long = [n for n, word in enumerate(words) if len(word) >= _EDITED]
    for _ in range({"no typo": 0, "two edits": 2}.get(kind, 1)):
        at = chosen.choice(long)
        before = typed[at]
        while typed[at] == before or typed[at] == words[at]:
            typed[at] = _edited(before, chosen, first=kind == "first letter")
    return typed


def _edited(word: str, chosen: random.Random, *, first: bool) -> str:
    """`word` after one insertion, deletion, substitution or transposition."""
    kind = chosen.choice(("insertion", "deletion", "substitution", "transposition"))
    letter = chosen.choice(string.ascii_lowercase)
    if kind == "insertion":
        at = 0 if first else chosen.randrange(len(word) + 1)
        return word[:at] + letter + word[at:]
    if kind == "transposition":
        unlike = [n for n, (one, other) in enumerate(pairwise(word)) if one != other]
        if not unlike:
            return word
        at = 0 if first else chosen.choice(unlike)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    at = 0 if first else chosen.randrange(len(word))
    return word[:at] + (letter if kind == "substitution" else "") + word[at + 1 :]
