"""Finding words again in a text that changed.

A wrong attachment is worse than an orphan: what is found must be much alike and clearly ahead of whatever
else could be meant, else it is not found. rapidfuzz is imported only where texts are compared.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from threadreader.model import Annotation, Comment, MarkState, TextQuote, Thread, collapsed

ALIKE = 75.0  # similarity, of 100, from which a text can be an edited other; unrelated prose stays below 60
MARGIN = 8.0  # how far ahead of every rival it must be
CONTEXT = 32  # characters before and after a passage that are kept to know it again
SHORT = 40  # characters: below, texts are alike by chance
Pair = tuple[str, str]  # ids of an old and a new comment

_ALL_PAIRS = 200  # comments up to which each is compared with each
_CANDIDATES = 20  # comments compared with each where there are more


def state(annotation: Annotation, thread: Thread | None) -> tuple[MarkState, str]:
    """Whether the words that a mark was made on still stand, and why if not.

    `thread` is the mark's post as it is now, None if it is gone. A quote without context is of a whole text
    (a post's title, a comment), one with context, or of a highlight, is a passage of it.
    """
    if thread is None:
        return "orphan", "the post is not here any more"
    quote = annotation.quote
    passage = annotation.kind == "highlight" or bool(quote.prefix or quote.suffix)
    if annotation.comment_id is None:
        text, noun = (thread.body, "post") if passage else (thread.post.title, "title")
    else:
        at = thread.positions.get(annotation.comment_id)
        if at is None:
            return "orphan", "the comment is not in the thread any more"
        text, noun = thread.comments[at].text, "comment"
    stands = standing(text, quote.exact) if passage else collapsed(text) == collapsed(quote.exact)
    return ("exact", "") if stands else ("changed", f"the {noun} was edited")


def kept_ids(old: Sequence[Comment], new: Sequence[Comment]) -> dict[str, str]:
    """Id that an edited comment got in a newer copy of its post -> the id it had in the older one.

    Both in reading order. Comments with the same id are the same; among the rest, two belong together if
    their texts are alike (ALIKE) and neither has a rival within MARGIN. The comments before and after decide
    between rivals, and must both be the same for a SHORT text; different authors never belong together.
    """
    pairs = _alike_pairs(_unmatched(old, new), _unmatched(new, old))
    beside = _shared_neighbours(old, new, pairs)
    rivals = _rivals(pairs)
    short = {comment.id for comment in (*old, *new) if len(comment.text) < SHORT}
    kept = {}
    for pair, score in pairs.items():
        near = [rival for rival in rivals[pair] if pairs[rival] > score - MARGIN]
        ahead = all(pairs[rival] <= score and beside[rival] < beside[pair] for rival in near)
        if score >= ALIKE and ahead and (beside[pair] == 2 or short.isdisjoint(pair)):
            kept[pair[1]] = pair[0]
    return kept


def quote_of(text: str, start: int, end: int) -> TextQuote:
    """The passage `text[start:end]` with what stands around it."""
    return TextQuote(text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT])


def quote_in(text: str, quote: TextQuote) -> tuple[int, int] | None:
    """Where the quoted words stand in `text`, as start and end, or None if that isn't certain.

    The words themselves, their context deciding between several places; else the place most like them, if
    they are alike (ALIKE) and no other place comes within MARGIN.
    """
    places = standing(text, quote.exact)
    if places:
        agreement = Counter({place: _agreement(text, place, quote) for place in places})
        (best, most), *others = agreement.most_common(2)
        return best if not others or others[0][1] < most else None
    return _aligned(text, quote.exact)


def standing(text: str, words: str) -> list[tuple[int, int]]:
    """Every place of `words` in `text`, however their white space is set."""
    if not words.strip():
        return []
    return [found.span() for found in re.finditer(r"\s+".join(map(re.escape, words.split())), text)]


def _unmatched(comments: Sequence[Comment], others: Sequence[Comment]) -> list[Comment]:
    known = {comment.id for comment in others}
    return [comment for comment in comments if comment.id not in known]


def _shared_neighbours(
    old: Sequence[Comment], new: Sequence[Comment], pairs: Iterable[Pair]
) -> Mapping[Pair, int]:
    """For each pair how many of the comments before and after it are the same: 0, 1 or 2."""
    here, there = _neighbours(old), _neighbours(new)
    return {
        (o, n): sum(a is not None and a == b for a, b in zip(here[o], there[n], strict=True))
        for o, n in pairs
    }


def _neighbours(comments: Sequence[Comment]) -> Mapping[str, tuple[str | None, str | None]]:
    ids = [None, *(comment.id for comment in comments), None]
    return {comment.id: (ids[at], ids[at + 2]) for at, comment in enumerate(comments)}


def _rivals(pairs: Collection[Pair]) -> Mapping[Pair, set[Pair]]:
    """For each pair the others that hold one of its two comments."""
    holding: dict[tuple[int, str], set[Pair]] = defaultdict(set)
    for pair in pairs:
        for side in enumerate(pair):
            holding[side].add(pair)
    return {pair: set().union(*(holding[side] for side in enumerate(pair))) - {pair} for pair in pairs}


def _alike_pairs(old: Sequence[Comment], new: Sequence[Comment]) -> Mapping[Pair, float]:
    """Similarity of each pair, old and new, that could belong together or be a rival of one that could."""
    from rapidfuzz import fuzz

    texts = {comment.id: collapsed(comment.text) for comment in (*old, *new)}
    pairs = {}
    for ours, theirs in _candidates(old, new):
        one, other = texts[ours.id], texts[theirs.id]
        if ours.author and theirs.author and ours.author != theirs.author:
            continue
        if min(len(one), len(other)) >= SHORT and (one.startswith(other) or other.startswith(one)):
            score = 100.0  # the commonest edit is a postscript, and it can be longer than the rest
        else:
            score = fuzz.ratio(one, other, score_cutoff=ALIKE - MARGIN)
        if score:
            pairs[ours.id, theirs.id] = score
    return pairs


def _candidates(old: Sequence[Comment], new: Sequence[Comment]) -> Iterator[tuple[Comment, Comment]]:
    """Pairs worth comparing: all, or, of very many, those that share the most of the rarer words."""
    if len(old) <= _ALL_PAIRS:
        yield from ((ours, theirs) for theirs in new for ours in old)
        return
    holders: dict[str, list[int]] = defaultdict(list)
    for at, comment in enumerate(old):
        for word in set(comment.text.casefold().split()):
            holders[word].append(at)
    for theirs in new:
        words = set(theirs.text.casefold().split())
        sharing = Counter(
            at for word in words if len(holders.get(word, ())) <= _ALL_PAIRS for at in holders[word]
        )
        yield from ((old[at], theirs) for at, _ in sharing.most_common(_CANDIDATES))


def _agreement(text: str, place: tuple[int, int], quote: TextQuote) -> int:
    """Characters around `place` that are those around the quoted words."""
    start, end = place
    before = text[max(0, start - len(quote.prefix)) : start]
    after = text[end : end + len(quote.suffix)]
    return _common(before[::-1], quote.prefix[::-1]) + _common(after, quote.suffix)


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    at = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        at += 1
    return at


def _aligned(text: str, words: str) -> tuple[int, int] | None:
    from rapidfuzz import fuzz

    # A text much shorter than the words would lie within them, not they in it.
    if len(text) < len(words) * ALIKE / 100 or not words.strip():
        return None
    best = fuzz.partial_ratio_alignment(words, text, score_cutoff=ALIKE)
    if best is None:
        return None
    elsewhere = (text[: best.dest_start], text[best.dest_end :])
    rival = max(
        (fuzz.partial_ratio(words, part) for part in elsewhere if len(part) >= len(words)), default=0.0
    )
    return _whole_words(text, best.dest_start, best.dest_end) if best.score >= rival + MARGIN else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start and not (text[start - 1].isspace() or text[start].isspace()):
        start -= 1
    while end < len(text) and not (text[end].isspace() or text[end - 1].isspace()):
        end += 1
    return start, end
