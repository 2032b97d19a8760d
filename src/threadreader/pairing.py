"""Which comments of two copies of a post are the same ones.

A wrong pair is worse than none. What says that two comments are one is their words, and around them what they
answer, what answers them and what stands beside them; of several that could be meant one is taken only if it
is clearly ahead. rapidfuzz is imported only where words were changed.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from threadreader.model import Comment, bare

# Measured on threads of several hundred comments, see benchmarks/anchors.py.
ALIKE = 0.5  # share of the words of two texts that stand in both, in order; unrelated prose has up to 0.3
ALIKE_HERE = 0.35  # where much around them agrees
WITHIN = 0.85  # share of a text's words that an other one has that it was made longer, or shorter, into
MARGIN = 0.12  # how far ahead of every rival a pair must be
_FEWEST = 4  # words: below, others may say the same
FEW = 8  # words: below, texts are alike by chance
Pair = tuple[int, int]  # positions of an old and of a new comment

_ANY_PLACE = 0.5  # how much around two comments must agree that alone say something short
_PLACE = 2.0  # how much around two comments must agree that are alike by chance
_SAME_PLACE = 2.5  # the same for those that are hardly alike
_WEIGHT = 0.08  # of what agrees around, beside what agrees within
_AHEAD = 1.0  # how much more must agree around one of some comments that say the same
_MOST = 8.0  # that counts of what agrees around
_NEAR = 3  # comments on either side that are looked at
_ALL_PAIRS = 400  # comments up to which each is compared with each
_ALL_EQUAL = 60  # the same of comments that say the same
_COMMON = 200  # comments with a word that tells nothing more
_ENOUGH = 6  # replies that tell in which order they stand
_IN_ORDER = 0.85  # share of them that do, if not all
_AS_HUNG = 0.7  # share of them that stand under what they stood under, if not most were hung anew
_CANDIDATES = 20  # comments compared with each where there are more

_BY_CHANCE = 0.15  # that letters of few words are more alike than words are
_AROUND = ".,;:!?\"'()*"
FIRST_SIGN = 0xE000  # of those that stand for words

_BROKEN = re.compile("[\u0080-\uffff]{2,}")  # UTF-8 that was taken for Windows-1252 has no ASCII in it
_LOST_QUOTE = re.compile("â€[\x9d\ufffd]")
# Signs as a typewriter has them, each of them one.
TYPED = {
    **dict.fromkeys(map(ord, "‘’‚‛`´′"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
}


def plain(text: str) -> str:
    """`text` as it would be with its entities, its encoding, its quotes and its white space mended alike.

    What only a page keeps of its texts is left out, see `bare`.
    """
    if text.isascii() and "&" not in text:
        return bare(text)
    if "&" in text:
        from html import unescape  # which brings a table of two thousand names

        text = unescape(text)
    mended = _LOST_QUOTE.sub("”", text)
    mended = unicodedata.normalize("NFKC", _BROKEN.sub(_mended, mended))
    return bare(mended.replace("\u00ad", "").translate(TYPED))


def paired(
    old: Sequence[Comment],
    new: Sequence[Comment],
    *,
    gone: Sequence[Comment] = (),
    certain: Collection[str] = (),
) -> dict[int, int]:
    """Position of a comment in the newer copy -> its position in the older one; both in reading order.

    `gone` are comments of copies still older, numbered behind `old`; `certain` are ids of `new` that its
    source itself gives. Comments of different authors are the same only if nothing else says the same.
    """
    pairing = _Pairing(_Side(old, gone), _Side(new))
    pairing.by_id(certain)
    pairing.by_text()
    is_on = True
    while is_on:
        pairing.look_over()
        is_on = pairing.by_place() or pairing.by_words()
    return {n: o for o, n in pairing.now.items()}


class Words:
    """Texts as words that can be compared: one sign for each word."""

    def __init__(self) -> None:
        self._signs: dict[str, str] = {}

    def of(self, text: str) -> str:
        """A sign for each word of a text, punctuation around it and case aside."""
        signs = self._signs
        return "".join(
            signs.setdefault(word.strip(_AROUND).casefold() or word, chr(FIRST_SIGN + len(signs)))
            for word in text.split()
        )


class _Side:
    """One copy: its comments by position, with what stands around each."""

    def __init__(self, comments: Sequence[Comment], gone: Sequence[Comment] = ()) -> None:
        self.comments = [*comments, *gone]
        self.size = len(comments)  # those that stand in this copy
        at = {comment.id: position for position, comment in enumerate(comments)}
        self.parents = [at.get(comment.parent_id or "", -1) for comment in comments]
        self.replies: dict[int, list[int]] = defaultdict(list)
        for position, parent in enumerate(self.parents):
            self.replies[parent].append(position)
        self.nth = {one: nth for replies in self.replies.values() for nth, one in enumerate(replies)}
        self.texts = [plain(comment.text) for comment in self.comments]

    def before_and_after(self, position: int) -> range:
        """The comments right before and after one, and itself."""
        return range(max(position - _NEAR, 0), min(position + _NEAR + 1, self.size))

    def beside(self, position: int) -> Sequence[int]:
        """The comments next to one that answer the same, and itself."""
        row, nth = self.replies[self.parents[position]], self.nth[position]
        return row[max(nth - _NEAR, 0) : nth + _NEAR + 1]

    def near_equals(self, position: int, *, far: bool) -> int:
        """How many of those beside, above and below one, and itself, say the same; `far`, around it too."""
        near = {*self.beside(position), *self.replies.get(position, ())}
        near |= {self.parents[position]} - {-1}
        near.update(self.before_and_after(position) if far else ())
        return sum(self.texts[other] == self.texts[position] for other in near)


class _Pairing:
    """What is paired so far: `now`, position in the older copy -> in the newer one."""

    def __init__(self, old: _Side, new: _Side) -> None:
        self.old, self.new = old, new
        self.now: dict[int, int] = {}
        self._taken: set[int] = set()
        self._alike: Mapping[Pair, tuple[float, bool]] | None = None
        self._is_rehung = False  # does much of the newer copy stand under something else?
        self._way = 1  # of replies in the newer copy: as they were, -1 the other way round, 0 in any order
        self._counts = [Counter(old.texts), Counter(new.texts)]

    def by_id(self, certain: Collection[str]) -> None:
        """Pair what bears the same id of the source."""
        at = {comment.id: o for o, comment in enumerate(self.old.comments)}
        for n, comment in enumerate(self.new.comments):
            if comment.id in certain and comment.id in at:
                self._pair(at[comment.id], n)

    def by_text(self) -> None:
        """Pair texts of some words that stand once in either copy."""
        for olds, news in self._equal():
            if len(olds) == len(news) == 1:
                words = self.old.texts[olds[0]].count(" ") + 1
                if words >= (_FEWEST if self._may(olds[0], news[0]) else FEW):  # names are changed as well
                    self._pair(olds[0], news[0])

    def look_over(self) -> None:
        """See by what is paired how the newer copy is laid out: in which order, and what under what."""
        rows = [[self.now[o] for o in row if o in self.now] for row in self.old.replies.values()]
        onward = [one < other for row in rows for one, other in pairwise(row)]
        share = sum(onward) / len(onward) if len(onward) >= _ENOUGH else 1.0
        self._way = 1 if share >= _IN_ORDER else -1 if share <= 1 - _IN_ORDER else 0
        parents = self.old.parents
        kept = [
            self.now[parents[o]] == self.new.parents[n]
            for o, n in self.now.items()
            if o < self.old.size and parents[o] in self.now
        ]
        self._is_rehung = len(kept) >= _ENOUGH and sum(kept) / len(kept) < _AS_HUNG

    def by_place(self) -> bool:
        """Pair equal texts by what stands around them; whether any was."""
        before = len(self.now)
        for olds, news in self._equal():
            scores = {(o, n): self._around(o, n) for o, n in self._meeting(olds, news) if self._may(o, n)}
            is_only = all(counts[self.new.texts[news[0]]] == 1 for counts in self._counts)
            least = _ANY_PLACE if is_only else _PLACE
            for o, n in _ahead(scores, _AHEAD):
                if scores[o, n] >= least and self._is_told_apart(o, n):
                    self._pair(o, n)
        return len(self.now) > before

    def _meeting(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[Pair]:
        """The pairs of comments that say the same; of very many those around which anything could agree."""
        if len(olds) * len(news) <= _ALL_EQUAL**2:
            yield from ((o, n) for o in olds for n in news)
            return
        wanted = set(news)
        for o in olds:
            near: set[int] = set()
            if o < self.old.size:
                for other in (*self.old.before_and_after(o), *self.old.beside(o)):
                    if (there := self.now.get(other)) is not None:
                        near.update(self.new.before_and_after(there), self.new.beside(there))
            yield from ((o, n) for n in sorted(near & wanted))

    def _is_told_apart(self, o: int, n: int) -> bool:
        """Can it be told which of those nearby that say the same it is? One may have come, or gone.

        What is gone leaves its place to others: near such a place more of them are looked at.
        """
        text = self.new.texts[n]
        if o >= self.old.size or self._counts[0][text] == self._counts[1][text]:
            return True
        far = any(
            other not in self.now and self.old.texts[other] != text for other in self.old.before_and_after(o)
        )
        if self.old.near_equals(o, far=far) == self.new.near_equals(n, far=far):
            return True
        ours, theirs = self.old.comments[o], self.new.comments[n]
        return bool(ours.created and ours.created == theirs.created) or bool(self._replies(o, n))

    def by_words(self) -> bool:
        """Pair texts that are alike; whether any was."""
        if self._alike is None:
            self._alike = self._compared()
        before = len(self.now)
        best = self._best_of_new()
        claimed = self._claimed()
        scores, good = {}, set()
        for (o, n), (alike, is_part) in self._alike.items():
            if o in self.now or n in self._taken:
                continue
            if not is_part and ALIKE <= alike < best[n] < alike + MARGIN:
                continue  # what two alike texts differ in tells which of them this one was
            around = self._around(o, n)
            scores[o, n] = alike + _WEIGHT * min(around, _MOST)
            needed = self._needed(o, n, alike, is_part)
            if alike < max(claimed[0].get(o, 0), claimed[1].get(n, 0)) + MARGIN:
                needed = max(needed, _PLACE)
            # What says the same, and `by_place` could not tell, is not taken here.
            if around >= needed and self.old.texts[o] != self.new.texts[n] and self._has_no_twin(o, n):
                good.add((o, n))
        for pair in _ahead(scores, MARGIN):
            if pair in good:
                self._pair(*pair)
        return len(self.now) > before

    def _best_of_new(self) -> Mapping[int, float]:
        """For each comment of the newer copy how alike the most alike one is that is not paired."""
        best: dict[int, float] = {}
        for (o, n), (alike, _) in (self._alike or {}).items():
            if o not in self.now:
                best[n] = max(best.get(n, 0), alike)
        return best

    def _claimed(self) -> tuple[Mapping[int, float], Mapping[int, float]]:
        """For each comment of either copy how alike the most alike one is that is paired with another.

        Where that is as alike as what is left, the words alone tell nothing.
        """
        claimed: tuple[dict[int, float], dict[int, float]] = ({}, {})
        for (o, n), (alike, _) in (self._alike or {}).items():
            if o in self.now or n in self._taken:
                claimed[0][o] = max(claimed[0].get(o, 0), alike)
                claimed[1][n] = max(claimed[1].get(n, 0), alike)
        return claimed

    def _has_no_twin(self, o: int, n: int) -> bool:
        """Did nothing near say the same, that could have been edited and come to this place as well?"""
        is_gone = len(self.old.comments) - len(self.now) > len(self.new.comments) - len(self._taken)
        if o >= self.old.size or not is_gone or self._counts[0][self.old.texts[o]] == 1:
            return True
        return self.old.near_equals(o, far=True) == 1 or self._replies(o, n) > 0

    def _needed(self, o: int, n: int, alike: float, is_part: bool) -> float:
        """How much must agree around two texts for them to be one."""
        if o >= self.old.size:
            return -_MOST if alike >= ALIKE and not self._are_few(o, n) and not is_part else 2 * _MOST
        if self._are_few(o, n):
            return _SAME_PLACE
        if is_part:
            return _PLACE
        return -_MOST if alike >= ALIKE else _SAME_PLACE

    def _are_few(self, o: int, n: int) -> bool:
        return min(self.old.texts[o].count(" "), self.new.texts[n].count(" ")) < FEW - 1

    def _may(self, o: int, n: int) -> bool:
        """Are they not of different authors?"""
        one, other = self.old.comments[o].author, self.new.comments[n].author
        return not (one and other) or one == other

    def _pair(self, o: int, n: int) -> None:
        if o not in self.now and n not in self._taken:
            self.now[o] = n
            self._taken.add(n)

    def _equal(self) -> Iterator[tuple[list[int], list[int]]]:
        """Positions in either copy of texts that are equal and not paired."""
        olds: dict[str, list[int]] = defaultdict(list)
        for o, text in enumerate(self.old.texts):
            if o not in self.now:
                olds[text].append(o)
        news: dict[str, list[int]] = defaultdict(list)
        for n, text in enumerate(self.new.texts):
            if n not in self._taken and text in olds:
                news[text].append(n)
        return ((olds[text], positions) for text, positions in news.items())

    def _around(self, o: int, n: int) -> float:
        """How much agrees of what two comments answer, what answers them, and what stands beside them."""
        old, new = self.old, self.new
        if o >= old.size:
            return 0.0
        ours, theirs = old.comments[o], new.comments[n]
        score = 3.0 if ours.created and ours.created == theirs.created else 0.0
        score += 1.0 if ours.author and ours.author == theirs.author else 0.0
        above, now_above = old.parents[o], new.parents[n]
        if above < 0 or now_above < 0:
            score += 0.5 if above == now_above else 0.0
        elif above in self.now:
            score += 2.0 if self.now[above] == now_above else 0.0 if self._is_rehung else -1.0
        score += 1.5 * min(self._replies(o, n), 2)
        score += self._beside(range(old.size), o, range(new.size), n)
        if (above < 0 and now_above < 0) or self.now.get(above) == now_above:
            score += self._beside(old.replies[above], old.nth[o], new.replies[now_above], new.nth[n])
        return score

    def _replies(self, o: int, n: int) -> int:
        """How many of the first replies to one are replies to the other."""
        theirs = self.new.replies.get(n, ())
        return sum(self.now.get(reply, -1) in theirs for reply in self.old.replies.get(o, ())[:_NEAR])

    def _beside(self, ours: Sequence[int], at: int, theirs: Sequence[int], now_at: int) -> float:
        """How much agrees of what stands next to two comments in two rows of positions."""
        score = 0.0
        for step in (-3, -2, -1, 1, 2, 3) if self._way else ():
            there = now_at + self._way * step
            if 0 <= at + step < len(ours):
                other = self.now.get(ours[at + step])
                for gap in (there - 1, there, there + 1):
                    if (
                        other is not None
                        and 0 <= gap < len(theirs)
                        and theirs[gap] == other
                        and gap != now_at
                    ):
                        score += 0.5 if gap == there else 0.25
            elif step in (-1, 1) and there in (-1, len(theirs)):
                score += 0.25
        return score

    def _compared(self) -> Mapping[Pair, tuple[float, bool]]:
        """How alike texts are that are not paired, of 1, and whether one is a part of the other."""
        from rapidfuzz import fuzz
        from rapidfuzz.distance import LCSseq

        words = Words()
        olds = {o: words.of(text) for o, text in enumerate(self.old.texts)}
        news = {n: words.of(text) for n, text in enumerate(self.new.texts)}
        free_olds = {o: signs for o, signs in olds.items() if o not in self.now}
        free_news = {n: signs for n, signs in news.items() if n not in self._taken}
        if not (free_olds and free_news):
            return {}
        found: dict[Pair, tuple[float, bool]] = {}
        pairs = {(o, n) for n, o in _candidates(free_news, olds)}
        if len(free_news) < len(news):  # else all that could be alike are there
            pairs.update(_candidates(free_olds, news))
        for o, n in sorted(pairs):
            if self.now.get(o) == n:
                continue
            ours, theirs = olds[o], news[n]
            if not self._may(o, n):
                continue
            fewer = min(len(ours), len(theirs))
            common = LCSseq.similarity(ours, theirs)
            alike = 2 * common / max(len(ours) + len(theirs), 1)
            is_part = alike < ALIKE and common >= WITHIN * fewer and _is_part(ours, theirs)
            if fewer < FEW and not is_part:
                alike = fuzz.ratio(self.old.texts[o], self.new.texts[n]) / 100 - _BY_CHANCE
            if alike >= ALIKE_HERE or is_part:
                found[o, n] = max(alike, ALIKE_HERE), is_part
        return found


def _ahead(scores: Mapping[Pair, float], margin: float) -> list[Pair]:
    """The pairs that are so far ahead of every other one with either of their two comments."""
    best: dict[tuple[int, int], list[float]] = defaultdict(lambda: [-99.0, -99.0])
    for pair, score in scores.items():
        for side in enumerate(pair):
            first, second = best[side]
            best[side] = [score, first] if score > first else [first, max(score, second)]
    return [
        pair
        for pair, score in scores.items()
        if all(score == best[side][0] >= best[side][1] + margin for side in enumerate(pair))
    ]


def _is_part(one: str, other: str) -> bool:
    """Does the shorter of two texts, in signs, stand in the longer one in a row; if of few words, first?"""
    from rapidfuzz import fuzz

    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < FEW:
        return len(shorter) > 1 and longer.startswith(shorter)
    return fuzz.partial_ratio(shorter, longer) >= 100 * WITHIN


def _candidates(texts: Mapping[int, str], others: Mapping[int, str]) -> Iterator[Pair]:
    """Pairs worth comparing of two sides: all, or, of very many, those that share the most rarer words."""
    if len(texts) * len(others) <= _ALL_PAIRS**2:
        yield from ((one, other) for one in texts for other in others)
        return
    wanted = set().union(*texts.values())
    holders: dict[str, list[int]] = defaultdict(list)
    for other, signs in others.items():
        for sign in wanted.intersection(signs):
            holders[sign].append(other)
    rarer = {sign: holding for sign, holding in holders.items() if len(holding) <= _COMMON}
    for one, signs in texts.items():
        sharing = Counter(chain.from_iterable(rarer[sign] for sign in set(signs) if sign in rarer))
        yield from ((one, other) for other, _ in sharing.most_common(_CANDIDATES))


def _mended(broken: re.Match[str]) -> str:
    try:
        return broken.group().encode("cp1252").decode()
    except UnicodeError:
        return broken.group()
