"""Going by name: every letter of what is typed, against comparing all names."""

import random
from time import perf_counter

from rapidfuzz import process

from benchmarks.search_corpus import SearchCorpus
from threadreader.search.names import Names

NAMES = 100_000
SHOWN = 100
_TYPED = 60  # names that are typed, half of them with a typo
_COMPARED = 10  # with which all names are compared
_PEOPLE = 0.4  # of the names; the others are titles


def times(corpus: SearchCorpus) -> tuple[list[float], list[float], float]:
    """Seconds for each letter, for each name by rapidfuzz's `WRatio`; the share of names found at last."""
    chosen = random.Random(3)
    names = _names(corpus, chosen)
    made = Names(names)
    made.best("xqzyxq", limit=1)  # the first typo imports rapidfuzz
    wanted = [chosen.randrange(NAMES) for _ in range(_TYPED)]
    ours, found = [], 0
    for number, at in enumerate(wanted):
        typed = _with_typo(names[at], chosen) if number % 2 else names[at].lower().rstrip(".")
        for length in range(1, len(typed) + 1):
            start = perf_counter()
            best = made.best(typed[:length], limit=SHOWN)
            ours.append(perf_counter() - start)
        found += at in best
    theirs = []
    for at in wanted[:_COMPARED]:
        start = perf_counter()
        process.extract(names[at], names, limit=SHOWN)
        theirs.append(perf_counter() - start)
    return ours, theirs, found / _TYPED


def _names(corpus: SearchCorpus, chosen: random.Random) -> list[str]:
    titles = round(NAMES * (1 - _PEOPLE))
    people = (" ".join(chosen.choices(corpus.words[500:40_000], k=2)).title() for _ in range(NAMES - titles))
    return [*(corpus.sentence(chosen.randint(12, 60)) for _ in range(titles)), *people]


def _with_typo(name: str, chosen: random.Random) -> str:
    """The name with two letters of its longest word swapped."""
    words = name.lower().rstrip(".").split()
    at = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[at]
    place = chosen.randrange(max(len(word) - 1, 1))
    words[at] = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    return " ".join(words)
