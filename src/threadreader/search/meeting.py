"""The passages that a query has to judge: few of the many that hold its words, and the likeliest.

A million comments are asked while somebody types. What makes that fast is what is not asked: no beginning of
a word, but the words that begin so; no ranking by bm25 where a word is common, since it counts every text
with the word; and nothing wider where enough was found.
"""

import itertools
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from threadreader.index import SOME, Choice, Index, Passage
from threadreader.index.conditions import All, Condition
from threadreader.search.language import Scope, Sort
from threadreader.search.query import Slot, all_hold, any_way, named

Way: TypeAlias = Sequence[Slot]  # all of them are to be held

_CANDIDATES = 50  # passages that are judged of one expression
_NEW = 10  # of those at least, where others stand near each other
_UNRANKED = 200  # the same, where a condition leads to them, which ranks nothing
_POSTS = 20  # posts that are judged of one expression
HARDLY = 5  # with fewer that hold every word, what holds only some is let in
_BEGUN = 200  # words that stand for an unfinished one; all of them only where these find too little
_READ = 1_000  # texts that are looked through sooner than all words that begin so are looked up
_NEAR = 10  # words from the first to the last of what stands near
_NEAR_BEGUN = 3  # words that stand for an unfinished one there
_COMBINED = 6  # words of a query of which some may be missing together
# Texts: what matches more, or has words that are in more, is not ranked by the index.
_FEW, _HELD = 1_500, 40_000


class _Asked(NamedTuple):
    """Ways, as they are asked for."""

    ways: Sequence[Way]  # those that can be gone: the index has words for every slot
    expression: str  # in FTS5's language
    where: Condition | None
    most: int  # texts that may match
    held: int  # texts that have any of the words

    @property
    def is_rare(self) -> bool:
        """Can the index rank what matches soon enough."""
        return self.most <= _FEW and self.held <= _HELD


class Meeting:
    """Passages met so far, and the ways to meet more."""

    def __init__(
        self,
        index: Index,
        *,
        limit: int,
        post_id: str | None,
        exact: bool,
        sort: Sort,
        scope: Scope | None,
    ) -> None:
        self.passages: set[Passage] = set()
        self.where: Condition | None = None
        self._index = index
        self._limit = limit
        self._post_id = post_id
        self._sort: Sort = sort
        self._scope = scope
        self._candidates = max(_CANDIDATES, limit) if exact else _CANDIDATES
        # What is shown in another order than that of the best, or is all that there is, lacks nothing.
        self._begun_at_most = None if exact or sort != "best" else _BEGUN
        self._posts = _POSTS if sort == "best" and not exact and scope != "posts" else max(_POSTS, limit)
        self._met: set[int] = set()  # rows of comments
        self._texts: dict[Slot, int] = {}
        self._counts: dict[tuple[str, bool], int] = {}
        self._words: dict[tuple[str, int | None], Sequence[str]] = {}

    def typed(self, slots: Way, enough: int) -> int:
        """Meet what holds every slot; gives the number."""
        met = self._meet([slots])
        was_cut = self._begun_at_most is not None and any(map(self._is_cut, slots))
        if met < enough and was_cut and not self._read([slots]):
            met = self._meet([slots], complete=True)
        return met

    def widened(self, typed: Way, near: Way, far: Way, enough: int) -> int:
        """Meet what holds every slot, which were widened by one edit and by two; gives the number.

        Where that is too much to judge, some of it after what has one word other than typed, and not by much.
        In another order, or under a condition, that plays no part: then as many are judged as are asked for.
        """
        if self.where is not None or self._sort != "best":
            return self._meet([far])
        asked = self._asked([far])
        if asked is None:
            return 0
        rows = self._rows(asked, "any")
        posts = self._meet_posts(asked)
        met = 0
        if len(rows) > self._candidates:
            met = self._meet(_one_other(typed, near), choice="any", posts=False)
            if met < enough and near != far and len(typed) > 1:
                met = self._meet([near], choice="any", posts=False)
        if met < enough:
            self._take(rows)
            met = len(rows)
        return met + posts

    def some(self, typed: Way, widened: Way, met: int) -> None:
        """Meet what holds at least half of the slots, as many as may be, widened where nothing was typed so.

        Where that `met` something with every slot, one may be missing. A word alone only if it is rare: the
        others would bring everything.
        """
        slots = [own if self.texts(own) else other for own, other in zip(typed, widened, strict=True)]
        most_missing = 1 if met else len(slots) // 2
        if 2 < len(slots) <= _COMBINED:
            for missing in range(1, most_missing + 1):
                ways = list(itertools.combinations(slots, len(slots) - missing))
                met += self._meet(ways, choice="any")
                if met >= HARDLY:
                    break
            return
        rare: list[Way] = []
        total = 0
        for slot in sorted(slots, key=self.texts):
            total += self.texts(slot)
            if total <= _FEW:
                rare.append([slot])
        self._meet(rare)

    def texts(self, slot: Slot) -> int:
        """In about how many texts any alternative of a slot occurs."""
        if slot in self._texts:
            return self._texts[slot]
        held = 0
        for other in slot.alternatives:
            *inner, last = other.words
            held += min([*(self._count(word) for word in inner), self._count(last, prefix=other.prefix)])
        self._texts[slot] = held
        return held

    def _count(self, word: str, *, prefix: bool = False) -> int:
        key = word, prefix
        if key not in self._counts:
            self._counts[key] = self._index.texts_with(word, prefix=prefix)
        return self._counts[key]

    def _begun(self, beginning: str, most: int | None) -> Sequence[str]:
        key = beginning, most
        if key not in self._words:
            self._words[key] = self._index.words_beginning(beginning, most)
        return self._words[key]

    def _meet(
        self,
        ways: Sequence[Way],
        *,
        complete: bool = False,
        choice: Choice = "newest",
        posts: bool = True,
    ) -> int:
        """Meet what holds every slot of one of `ways`; gives the number, or how many of more were taken.

        A beginning stands for the commonest words that begin so, or, `complete`, for all. Of many the newest
        are taken, or any. Without `posts` only comments are looked for.
        """
        asked = self._asked(ways, complete=complete)
        if asked is None:
            return 0
        # A condition leads where it meets fewer, or where words are so common that any order has them soon.
        leads = self.where is not None and (
            asked.most > SOME if self.where.size is None else self.where.size < asked.most
        )
        if self._sort != "best" or leads:
            return self._meet_in_order(asked)
        rows = self._rows(asked, choice)
        self._take(rows)
        return len(rows) + (self._meet_posts(asked) if posts else 0)

    def _asked(self, ways: Sequence[Way], *, complete: bool = False) -> _Asked | None:
        """What is asked for `ways`; None where nothing can be met."""
        ways = [way for way in ways if all(map(self.texts, way))]
        if self._scope == "notes" or not ways:
            return None  # notes are all met from the beginning
        where = self.where
        if read := self._read(ways):
            ways = [[slot for slot in way if slot != read] for way in ways]
            held = self._index.held(named([read]), all_hold([read]))
            where = All((where, held)) if where else held
        begun = None if complete else self._begun_at_most
        texts = [[self.texts(slot) for slot in way] for way in ways]
        expression = " OR ".join(f"({self._spelt(way, begun)})" for way in ways)
        return _Asked(ways, expression, where, sum(map(min, texts)), sum(map(sum, texts)))

    def _is_common(self, ways: Sequence[Way]) -> bool:
        """Is it a single beginning of a word that alone is in more texts than the index counts."""
        if len(ways) > 1 or len(ways[0]) > 1:
            return False
        commonest = self._begun(beginning, 1) if (beginning := ways[0][0].unfinished) else ()
        return any(self._count(word) > SOME for word in commonest)

    def _is_cut(self, slot: Slot) -> bool:
        """Do more words begin as a slot does than stand for it."""
        return any(
            other.prefix and len(self._begun(other.words[-1], _BEGUN)) == _BEGUN
            for other in slot.alternatives
            if len(other.words) == 1
        )

    def _read(self, ways: Sequence[Way]) -> Slot | None:
        """The slot for which texts are looked through, sooner than so many words are looked up; or none."""
        slot = next(filter(self._is_cut, ways[0]), None) if ways else None
        if slot is None:
            return None
        # So many texts have enough with it among them, if it is no rarer there than anywhere.
        enough = self._candidates * self._index.comment_count() // max(self.texts(slot), 1)
        for way in ways:
            others = [self.texts(other) for other in way if other != slot]
            if slot not in way or not others or min(enough, *others) > _READ:
                return None
        return slot

    def _rows(self, asked: _Asked, choice: Choice) -> list[int]:
        """The rows of comments to judge; more than are judged where more match."""
        if self._scope == "posts":
            return []
        find = partial(self._index.rows_matching, post_id=self._post_id, where=asked.where)
        rows = find(asked.expression, limit=self._candidates + 1, choice=choice)
        if len(rows) > self._candidates:
            if asked.is_rare:
                return find(asked.expression, limit=self._candidates + 1, choice="best")
            if len(asked.ways) == 1 and (near := self._near(asked.ways[0])):
                together = find(near, limit=self._candidates, choice=choice)
                return list(dict.fromkeys([*together, *rows]))[: self._candidates + _NEW]
        return rows

    def _take(self, rows: Iterable[int]) -> None:
        fresh = [row for row in rows if row not in self._met]
        self._met.update(fresh)
        self.passages.update(self._index.passages(fresh))

    def _meet_posts(self, asked: _Asked) -> int:
        """Meet titles and bodies; gives the number of posts."""
        met = self._index.match_posts(
            asked.expression,
            limit=self._posts,
            ranked=asked.is_rare,
            post_id=self._post_id,
            where=asked.where,
        )
        self.passages.update(met)
        return len(met) // 2

    def _meet_in_order(self, asked: _Asked) -> int:
        """Meet the first in the order that was asked for, or the newest where none was; gives the number."""
        name = " OR ".join(f"({named(way)})" for way in asked.ways)
        holds = any_way(asked.ways)
        words: Condition = (
            self._index.held(name, holds)
            if self._is_common(asked.ways)
            else self._index.matching(asked.expression, name, holds)
        )
        both = All((asked.where, words) if asked.where else (words,))
        is_best = self._sort == "best"
        order = "newest" if self._sort == "best" else self._sort
        limit = max(self._candidates, _UNRANKED if is_best else self._limit)
        comments: list[Passage] = []
        if self._scope != "posts":
            comments = self._index.comments_where(both, order, limit=limit, post_id=self._post_id)
        if is_best:
            self.passages.update(passage._replace(key=None) for passage in comments)
            return len(comments) + self._meet_posts(asked)
        posts = self._index.posts_where(both, order, limit=self._posts, post_id=self._post_id)
        self.passages.update(comments, posts)
        return len(comments) + len(posts) // 2

    def _spelt(self, way: Way, begun: int | None) -> str:
        # The rarest first: FTS5 looks for the others where that is.
        return " AND ".join(slot.spelt(self._begun, begun) for slot in sorted(way, key=self.texts))

    def _near(self, way: Way) -> str:
        """What finds the slots as they were typed near each other; nothing for one, or for choices."""
        if len(way) < 2 or any(slot.is_choice for slot in way):
            return ""
        typed = [slot.alternatives[0].expression for slot in way]
        last = (
            [f'"{word}"' for word in self._begun(way[-1].unfinished, _NEAR_BEGUN)]
            if way[-1].unfinished
            else []
        )
        ends = dict.fromkeys([typed[-1], *last])
        return " OR ".join(f"NEAR({' '.join(typed[:-1])} {end}, {_NEAR})" for end in ends)


def _one_other(typed: Way, widened: Way) -> list[Way]:
    """The ways to take one slot as it was widened, and the others as they were typed."""
    return [
        [*typed[:at], slot, *typed[at + 1 :]]
        for at, slot in enumerate(widened)
        if len(slot.alternatives) > len(typed[at].alternatives)
    ]
