"""Where the words of a mark stand in a text that changed.

A wrong attachment is worse than an orphan: which comment a mark stands on is decided once, when a newer copy
of its post comes (`pairing.py`); here its words are looked for in that comment, and only told of elsewhere.
rapidfuzz is imported only where words were changed.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from threadreader.model import (
    KEPT_OF_PAGES,
    Anchored,
    Annotation,
    Copy,
    TextQuote,
    Thread,
    WordChange,
    bare,
    collapsed,
)
from threadreader.pairing import FIRST_SIGN, TYPED, Words, plain

ALIKE = 75.0  # similarity, of 100, from which letters can be edited others; unrelated prose stays below 60
MARGIN = 8.0  # how far ahead of every rival they must be
CONTEXT = 32  # characters before and after a passage that are kept to know it again

_FEWEST = 4  # words that are known again wherever in their text they stand
_LEFT = 0.3  # share of the words of a passage that must be left at its place
_LEFT_OF_FEW = 0.6  # the same of one of few words: of two both
_MOST_CANDIDATES = 5  # comments that are offered where one is asked for
_OFFERED = 0.35  # share of the words that they must have in common
COMMENT_GONE = "the comment is not in the thread any more"
POST_GONE = "the post is not here any more"
DETACHED_BY_HAND = "detached by hand"
_ELSEWHERE = "it answers something else than it did"
_TOKEN = re.compile(r"\S+")
_WORD_AND_SPACE = re.compile(r"^\s+|\S+\s*")

Span = tuple[int, int]
Found = Literal["exact", "moved", "changed", "several", "none"]  # what became of a passage


class Anchors:
    """Where marks on one post stand, in the thread as it is now; None for a post that is gone."""

    def __init__(self, thread: Thread | None) -> None:
        self._thread = thread

    def of(self, mark: Annotation) -> Anchored:
        """The mark with its state, and why it is not as it was."""
        thread = self._thread
        if thread is None:
            return Anchored(mark, "orphan", POST_GONE)
        if mark.is_detached:
            return Anchored(mark, "orphan", DETACHED_BY_HAND)
        passage = is_passage(mark)
        if mark.comment_id is None:
            if passage:
                return _in_text(mark, thread.body, "post")
            same = collapsed(thread.post.title) == collapsed(mark.quote.exact)
            return Anchored(mark, "exact", "") if same else Anchored(mark, "changed", "the title was edited")
        at = thread.positions.get(mark.comment_id)
        if at is None:
            return self._lost(mark)
        comment = thread.comments[at]
        anchored = _in_text(mark, comment.text, "comment") if passage else _whole(mark, comment.text)
        if not anchored.is_attached:
            return anchored
        anchored = anchored._replace(comment_id=comment.id)
        if anchored.state == "changed" and any(word in comment.mended for word in ("split", "joined")):
            anchored = anchored._replace(reason=f"mended by hand: {comment.mended}")
        copy = mark.quote.copy
        if anchored.state == "exact" and copy and copy.parent_id not in (None, comment.parent_id or ""):
            return anchored._replace(state="moved", reason=_ELSEWHERE)
        return anchored

    def _lost(self, mark: Annotation) -> Anchored:
        """A mark whose comment is gone: never attached, but told where its words could be meant."""
        assert self._thread
        text = mark.quote.copy.text if mark.quote.copy else mark.quote.exact
        words = plain(text)
        equal = [at for at, other in enumerate(self._texts) if other == words]
        ids = [comment.id for comment in self._thread.comments]
        if equal:
            told = "other comments say" if len(equal) > 1 else "another comment says"
            reason = f"{COMMENT_GONE}, or {told} the same"
            return Anchored(mark, "ask", reason, candidates=tuple(ids[at] for at in equal))
        alike = self._alike(words, mark.quote.exact if is_passage(mark) else "")
        if alike:
            reason = f"{COMMENT_GONE}, or its words were changed too much to be sure"
            return Anchored(mark, "ask", reason, candidates=tuple(ids[at] for at in alike))
        return Anchored(mark, "orphan", COMMENT_GONE)

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [plain(comment.text) for comment in self._thread.comments] if self._thread else []

    @cached_property
    def _words(self) -> tuple[Words, Sequence[str]]:
        words = Words()
        return words, [words.of(text) for text in self._texts]

    def _alike(self, text: str, passage: str) -> list[int]:
        """Positions of the comments that a text or a passage of it could be in, likeliest first."""
        from rapidfuzz.distance import LCSseq

        words, texts = self._words
        wanted, part = words.of(text), words.of(plain(passage))
        scores: Counter[int] = Counter()
        for at, there in enumerate(texts):
            score = 2 * LCSseq.similarity(wanted, there) / max(len(wanted) + len(there), 1)
            if len(part) >= _FEWEST and part in there:
                score = max(score, 1.0)
            if score >= _OFFERED and (len(wanted) >= _FEWEST or score >= 0.5):
                scores[at] = int(score * 1000)
        return [at for at, _ in scores.most_common(_MOST_CANDIDATES)]


def is_passage(mark: Annotation) -> bool:
    """Is it on a part of a text? A quote without anything around it is of a whole one."""
    return mark.kind == "highlight" or bool(mark.quote.prefix or mark.quote.suffix)


def quote_of(text: str, start: int, end: int) -> TextQuote:
    """The passage `text[start:end]` with what stands around it, and a copy of all."""
    around = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    return TextQuote(text[start:end], *around, Copy(text, start))


def completed(mark: Annotation, thread: Thread) -> Copy | None:
    """The copy that a mark is to have from now on, if that says more than the one it has.

    What a mark of an older version was made on is known as long as it still stands there.
    """
    copy = mark.quote.copy
    if mark.comment_id is None:
        if copy or not is_passage(mark):
            return None
        start = _best(thread.body, standing(thread.body, mark.quote.exact), mark.quote)
        return None if start is None else Copy(thread.body, start)
    at = thread.positions.get(mark.comment_id)
    if at is None or (copy and copy.parent_id is not None):
        return None
    comment = thread.comments[at]
    parent = comment.parent_id or ""
    if copy:
        return copy._replace(parent_id=parent)
    if not is_passage(mark):
        return Copy(mark.quote.exact, None, parent)
    places = standing(comment.text, mark.quote.exact)
    start = _best(comment.text, places, mark.quote)
    return None if start is None else Copy(comment.text, start, parent)


def quote_in(text: str, quote: TextQuote) -> Span | None:
    """Where the quoted words stand in `text`, as start and end, or None if that isn't certain."""
    return passage_in(text, quote)[1]


def passage_in(text: str, quote: TextQuote) -> tuple[Found, Span | None]:
    """What became of a passage in `text`, and where it stands, as start and end.

    In the text that it was made on it stands where it stood. In an edited one it stands where it is left
    between the words that were around it; words that are there once are found wherever they went.
    """
    copy = quote.copy
    if not quote.exact.strip():
        return "none", None
    if copy is None or copy.start is None:
        return _by_context(text, quote)
    old = (copy.start, copy.start + len(quote.exact))
    if text == copy.text:
        return "exact", old
    if (same := _inked(text, copy.text, old)) is not None:
        return "exact", same
    places = standing(text, quote.exact)
    before = len(standing(copy.text, quote.exact))
    if 1 < before != len(places) and len(quote.exact.split()) < _FEWEST:
        return "several", None  # which of them came or went can't be told
    kept = _kept_place(copy.text, old, text)
    if kept:
        here = [place for place in places if place[0] < kept[1] and place[1] > kept[0]]
        if len(here) == 1:
            return "exact", here[0]
    if len(places) == 1 and len(quote.exact.split()) >= _FEWEST:
        return ("moved", places[0]) if before == 1 else ("several", None)
    if kept:
        return "changed", kept
    if len(places) > 1:
        return "several", None
    if len(quote.exact.split()) < _FEWEST:
        return "none", None
    aligned = _aligned(text, quote.exact)
    return ("moved", aligned) if aligned else ("none", None)


def standing(text: str, words: str) -> list[Span]:
    """Every place of `words` in `text`, however their white space is set."""
    if not words.strip():
        return []
    return [found.span() for found in re.finditer(r"\s+".join(map(re.escape, words.split())), text)]


def typed(text: str, words: str) -> list[Span]:
    """Every place of `words` in `text`; where there is none, those that differ in the kind of sign alone."""
    return standing(text, words) or standing(text.translate(TYPED), words.translate(TYPED))


def moved_into(text: str, quote: TextQuote) -> TextQuote:
    """The quote as it stands in `text`; as it was, of this text, where its words can't be made out there."""
    span = quote_in(text, quote._replace(copy=None))
    return quote_of(text, *span) if span else quote._replace(copy=Copy(text))


def word_changes(old: str, new: str) -> list[WordChange]:
    """The pieces of two texts in order; those that stand in both once, as they are in `new`."""
    from rapidfuzz.distance import Indel

    ours, theirs = ([found.group() for found in _WORD_AND_SPACE.finditer(text)] for text in (old, new))
    signs: dict[str, str] = {}
    spelt = [
        "".join(signs.setdefault(word.rstrip(), chr(FIRST_SIGN + len(signs))) for word in words)
        for words in (ours, theirs)
    ]
    changes: list[WordChange] = []
    for step in Indel.opcodes(*spelt):
        was = "".join(ours[step.src_start : step.src_end])
        now = "".join(theirs[step.dest_start : step.dest_end])
        if step.tag == "equal":
            changes.append(WordChange("same", now))
        elif step.tag == "insert":
            changes.append(WordChange("new", now))
        else:  # what went is told before what came in its place
            at = len(changes) - (changes[-1].kind == "new" if changes else 0)
            changes.insert(at, WordChange("gone", was))
    return changes


def _whole(mark: Annotation, text: str) -> Anchored:
    was = mark.quote.copy.text if mark.quote.copy else mark.quote.exact
    if collapsed(text) == collapsed(was):
        return Anchored(mark, "exact", "")
    if plain(text) == plain(was):
        return Anchored(mark, "exact", "only signs in the comment were mended")
    return Anchored(mark, "changed", "the comment was edited")


def _in_text(mark: Annotation, text: str, noun: str) -> Anchored:
    """A mark on a passage of a text, which is a `noun`."""
    found, span = passage_in(text, mark.quote)
    copy = mark.quote.copy
    if copy and copy.start is None and span is None:
        return Anchored(mark, "changed", f"its words are not in the {noun} that it was attached to")
    if found == "exact":
        edited = copy is not None and bare(copy.text) != bare(text)
        return Anchored(mark, "exact", f"the {noun} was edited, but not here" if edited else "", span=span)
    if found == "several":
        here = (mark.comment_id,) if mark.comment_id else ()
        reason = f"its words could be meant in more than one place of the {noun}"
        return Anchored(mark, "ask", reason, candidates=here)
    if span is None:
        return Anchored(mark, "orphan", f"its words are not in the {noun} any more")
    if found == "moved":
        return Anchored(mark, "moved", f"its words stand elsewhere in the {noun}", span=span)
    return Anchored(mark, "changed", f"the {noun} was edited", span=span)


def _by_context(text: str, quote: TextQuote) -> tuple[Found, Span | None]:
    """A passage of which nothing is known but what stood right around it."""
    places = standing(text, quote.exact)
    if places:
        start = _best(text, places, quote)
        return ("several", None) if start is None else ("exact", (start, dict(places)[start]))
    aligned = _aligned(text, quote.exact)
    return ("changed", aligned) if aligned else ("none", None)


def _best(text: str, places: Sequence[Span], quote: TextQuote) -> int | None:
    """Where the one of these places begins that has the most around it of what stood around the quote."""
    agreement = Counter({place: _agreement(text, place, quote) for place in places})
    (best, most), *others = agreement.most_common(2) or [((-1, -1), 0)]
    return None if best[0] < 0 or (others and others[0][1] == most) else best[0]


def _inked(text: str, old: str, span: Span) -> Span | None:
    """Where a span of `old` is in `text`, if they differ in white space alone, or in signs of pages too."""
    is_page = "".join(text.split()) != "".join(old.split())
    if is_page and "".join(bare(text).split()) != "".join(bare(old).split()):
        return None
    pairs = list(zip(_ink(text, is_page=is_page), _ink(old, is_page=is_page), strict=True))
    here = [now for now, was in pairs if span[0] <= was < span[1]]
    return (here[0], here[-1] + 1) if here else None


def _ink(text: str, *, is_page: bool) -> list[int]:
    """Where its characters stand that are no white space, nor, of a page, what only pages keep."""
    left_out: set[int] = set()
    if is_page:
        left_out.update(at for found in KEPT_OF_PAGES.finditer(text) for at in range(*found.span()))
    return [at for at, char in enumerate(text) if not char.isspace() and at not in left_out]


def _kept_place(old: str, span: Span, new: str) -> Span | None:
    """Where the words of a span of `old` are in `new`, its edited form; None if too few of them are left."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    inside = [at for at, token in enumerate(ours) if token.start() < span[1] and token.end() > span[0]]
    if not inside or not theirs:
        return None
    first, last = inside[0], inside[-1] + 1
    words = Words()
    left, edges = 0, list[int]()
    for step in Levenshtein.opcodes(words.of(old), words.of(new)):
        begin, finish = max(step.src_start, first), min(step.src_end, last)
        if begin >= finish or step.tag == "delete":
            continue
        to = step.dest_start - step.src_start  # where a word went, from where it was
        pairs = zip(ours[begin:finish], theirs[begin + to : finish + to], strict=True)
        left += sum(step.tag == "equal" or _mistyped(one.group(), other.group()) for one, other in pairs)
        edges += [begin + to, finish + to]
    if left < (_LEFT if last - first >= _FEWEST else _LEFT_OF_FEW) * (last - first):
        return None
    place = theirs[min(edges)].start(), theirs[max(edges) - 1].end()
    # A passage may begin or end within a word.
    head, tail = span[0] - ours[first].start(), ours[last - 1].end() - span[1]
    begins = ours[first].group() == theirs[min(edges)].group()
    ends = ours[last - 1].group() == theirs[max(edges) - 1].group()
    return place[0] + (head if begins else 0), place[1] - (tail if ends else 0)


def _mistyped(one: str, other: str) -> bool:
    """Can one word be the other one, with a letter or two wrong?"""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= ALIKE


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
