"""Comments that say nearly the same: posted twice, or quoted whole and answered with a word."""

from collections.abc import Sequence

from threadreader.search.ranking import Answer
from threadreader.search.words import words_of

_LIKENESS = 90  # percent of two texts that are alike
_FEW_WORDS = 8  # up to so many words a text is only like its equal: half of all thanks are alike
_BACK = 6  # groups that an answer is compared with: what is alike has like scores, and so stands near


def grouped(answers: Sequence[Answer]) -> list[list[Answer]]:
    """`answers` in their order, with comments that are like a better one behind it."""
    groups: list[list[Answer]] = []
    equal: dict[str, list[Answer]] = {}
    heads: list[str] = []
    for answer in answers:
        if answer.passage.where != "comment":
            groups.append([answer])
            continue
        own = " ".join(words_of(answer.passage.text))
        group = equal.get(own)
        if group is None:
            near = next((head for head in reversed(heads[-_BACK:]) if _are_alike(head, own)), None)
            group = equal[near] if near else []
            if near is None:
                groups.append(group)
                heads.append(own)
            equal[own] = group
        group.append(answer)
    return groups


def _are_alike(one: str, other: str) -> bool:
    if min(one.count(" "), other.count(" ")) < _FEW_WORDS:
        return False
    shorter, longer = sorted((len(one), len(other)))
    if shorter * 100 < longer * _LIKENESS:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other, score_cutoff=_LIKENESS) > 0
