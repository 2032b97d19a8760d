"""Comments that say nearly the same: posted twice, or quoted whole and answered with a word."""

from collections.abc import Sequence

from threadreader.search.ranking import Answer

_LIKENESS = 90  # percent of two texts that are alike
_FEW_WORDS = 8  # up to so many words a text is only like its equal: half of all thanks are alike
_BACK = 6  # groups that an answer is compared with: what is alike has like scores, and so stands near


def grouped(answers: Sequence[Answer]) -> list[list[Answer]]:
    """`answers` in their order, with comments that are like a better one behind it."""
    groups: list[list[Answer]] = []
    equal: dict[str, list[Answer]] = {}
    heads: list[str] = []  # of groups, the latest last, as far as other texts can be like them
    for answer in answers:
        if answer.passage.where != "comment":
            groups.append([answer])
            continue
        own = " ".join(answer.words)
        group = equal.get(own)
        if group is None:
            is_long = own.count(" ") >= _FEW_WORDS
            near = next((head for head in heads if _are_alike(head, own)), None) if is_long else None
            group = equal[near] if near else []
            if near is None:
                groups.append(group)
                if is_long:
                    heads = [own, *heads[: _BACK - 1]]
            equal[own] = group
        group.append(answer)
    return groups


def _are_alike(one: str, other: str) -> bool:
    size, other_size = len(one), len(other)
    if size * 100 < other_size * _LIKENESS or other_size * 100 < size * _LIKENESS:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other, score_cutoff=_LIKENESS) > 0
