"""Other forms of an English word: spelt as across the ocean, or with another ending. Pure.

A form is a guess; the caller keeps those that its texts hold. The rules are those that grammars list: plural
and third person in -s, -es and -ies, past in -ed, -ied and with a doubled consonant, -ing, comparison, -ly;
of spelling -our/-or, -ise/-ize, -yse/-yze, -re/-er, -ogue/-og, -ce/-se, -ll-/-l-, ae and oe.
"""

import re
from collections.abc import Iterator

_SHORTEST = 4  # letters of a word that has other forms: `bus` is not several `bu`
_SHORTEST_STEM = 3
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "r", "est", "st", "ly")
_VOWELS = "aeiouy"

# Both ways: what stands in one spelling, what in the other. Inside a word or at its end.
_SPELLINGS = tuple(
    (re.compile(one), other)
    for one, other in (
        (r"our(?=\b|s\b|ed\b|ing\b|er|ful|ite|able|hood|less)", "or"),
        (r"or(?=\b|s\b|ed\b|ing\b|er|ful|ite|able|hood|less)", "our"),
        (r"is(?=e\b|es\b|ed\b|er|ing\b|ation)", "iz"),
        (r"iz(?=e\b|es\b|ed\b|er|ing\b|ation)", "is"),
        (r"ys(?=e\b|es\b|ed\b|er|ing\b)", "yz"),
        (r"yz(?=e\b|es\b|ed\b|er|ing\b)", "ys"),
        (r"re(?=s?\b)", "er"),
        (r"er(?=s?\b)", "re"),
        (r"ogue(?=s?\b)", "og"),
        (r"og(?=s?\b)", "ogue"),
        (r"ence(?=s?\b)", "ense"),
        (r"ense(?=s?\b)", "ence"),
        (r"ll(?=ed\b|ing\b|er|ment\b|ful\b)", "l"),
        (r"(?<=[aeiou])l(?=ed\b|ing\b|ers?\b|ment\b|ful\b)", "ll"),
        (r"[ao]e", "e"),
        (r"gray", "grey"),
        (r"grey", "gray"),
    )
)


def variants(word: str) -> list[str]:
    """Other forms that a folded word may have, each once; none for a short or foreign one."""
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return []
    spelt = dict.fromkeys([word, *_spelt(word)])
    forms = dict(spelt)
    for stem in dict.fromkeys(stem for one in spelt for stem in (one, *_stems(one))):
        forms |= dict.fromkeys(_inflected(stem))
    forms.pop(word, None)
    return [form for form in forms if len(form) >= _SHORTEST_STEM]


def _spelt(word: str) -> Iterator[str]:
    for one, other in _SPELLINGS:
        if one.search(word):
            yield one.sub(other, word)


def _stems(word: str) -> Iterator[str]:
    """What `word` may be a form of."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _SHORTEST_STEM:
            continue
        yield stem
        if ending in ("ed", "ing", "er", "est"):
            yield stem + "e"  # hoped, hoping
            if stem[-1] == stem[-2:-1]:
                yield stem[:-1]  # stopped
        if stem.endswith("i"):
            yield stem[:-1] + "y"  # tries, tried, happily


def _inflected(stem: str) -> Iterator[str]:
    """`stem` and what it becomes."""
    yield stem
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        for ending in ("es", "ed", "er", "est", "ly"):
            yield f"{stem[:-1]}i{ending}"
        yield f"{stem}ing"
        return
    if stem.endswith("e"):
        for ending in ("s", "d", "r", "st", "ly"):
            yield stem + ending
        yield f"{stem[:-1]}ing"
        return
    yield from (f"{stem}es" if stem.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{stem}s", f"{stem}ly")
    for ending in ("ed", "ing", "er", "est"):
        yield stem + ending
        if stem[-1] not in _VOWELS and stem[-2:-1] in tuple(_VOWELS) and stem[-1] not in "wxh":
            yield stem + stem[-1] + ending  # stopping
