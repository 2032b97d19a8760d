"""Queries over the index: exact first, then forgiving.

What was typed becomes slots (`query`), slots an FTS5 expression, the expression passages (`index`), and
passages are judged (`ranking`) and shown as hits. Only when that finds little are the slots widened
(`widening`), and only then is rapidfuzz imported.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

from threadreader.index import Index, Passage
from threadreader.model import Annotation, Found, Hit, Post
from threadreader.search.query import BEGINNING, Slot, parsed
from threadreader.search.ranking import Answer, Ranking
from threadreader.search.widening import Widening
from threadreader.search.words import WORD, fold, snippet, spans, unspaced, words_of

__all__ = ["find", "spans", "titles"]

_ENOUGH = 20  # hits that hold every word; with fewer, words are widened
_HARDLY = 5  # with fewer after that, what holds only some of the words is let in
_CANDIDATES = 50  # passages that are judged for one expression
_POSTS = 20  # posts that are judged for one expression
_FEW = 4_000  # texts; an expression that matches more is not ranked by the index, but taken newest first
_MOST_PARTS = 24  # of a query without words
_TITLE_LIKENESS = 75  # percent of a word that a title must hold


def find(
    index: Index,
    query: str,
    *,
    limit: int = 50,
    post_id: str | None = None,
    exact: bool = False,
    notes: Iterable[Annotation] = (),
) -> Found:
    """The best `limit` hits for `query`, in one post if given, and among the texts of `notes`.

    Words are found whatever their case and accents, the last also by its beginning, those in double quotes
    as a phrase; a word that is hardly found so is widened to similar ones. `exact` finds whole words as
    typed, and no others. Any text is a query; one without words is found as it stands. Raises
    QueryInterrupted when another thread interrupts the index.
    """
    query = query.encode(errors="ignore").decode()
    passages = [
        Passage(note.post_id, note.comment_id, "note", note.text)
        for note in notes
        if note.text and post_id in (None, note.post_id)
    ]
    search = _Search(index, passages, limit, post_id)
    slots = parsed(query, open_end=not exact)
    if slots and not unspaced(query):
        return search.forgiving(slots) if not exact else search.exact(slots)
    return search.literal(query.replace('"', " ").split()[:_MOST_PARTS])


def titles(posts: Iterable[Post], query: str) -> list[Post]:
    """The posts whose titles hold something like each word of `query`, best first; all for an empty query."""
    from rapidfuzz import fuzz

    words = words_of(query)
    scored = []
    for post in posts:
        title = " ".join(words_of(post.title))
        # Two and three letters are like everything: such a word must stand there.
        scores = [
            100.0 + (f" {word}" in f" {title}")
            if word in title
            else fuzz.partial_ratio(word, title) * (len(word) > 3)
            for word in words
        ]
        if all(score >= _TITLE_LIKENESS for score in scores):
            scored.append((sum(scores), post))
    return [post for _, post in sorted(scored, key=lambda pair: -pair[0])]


class _Search:
    """One query on its way: the passages met so far, and where more of them come from."""

    def __init__(self, index: Index, notes: list[Passage], limit: int, post_id: str | None) -> None:
        self._index = index
        self._notes = notes
        self._limit = limit
        self._post_id = post_id
        self._met = set(notes)
        self._comments = index.comment_count()

    def exact(self, slots: list[Slot]) -> Found:
        """The hits for `slots` as they are."""
        texts = [self._texts_as_typed(slot) for slot in slots]
        self._meet_all(slots, texts)
        return self._found(slots, texts)

    def forgiving(self, slots: list[Slot]) -> Found:
        """The hits for `slots`, widened step by step until there are enough."""
        enough = min(_ENOUGH, self._limit)
        texts = [self._texts_as_typed(slot) for slot in slots]
        if self._meet_all(slots, texts) >= enough:
            return self._found(slots, texts)
        own_words = {word for note in self._notes for word in words_of(note.text)}
        widening = Widening(self._index.vocabulary(), own_words)
        for reach in (1, 2):
            wide = widening.widened(slots, reach)
            texts = [self._texts(slot) for slot in wide]
            complete = self._meet_all(wide, texts)
            if complete >= enough:
                break
        if complete < _HARDLY:
            self._meet_some(wide, texts)
        return self._found(wide, texts)

    def literal(self, parts: list[str]) -> Found:
        """The hits that hold each of `parts` as it stands, whatever its case."""
        if not parts:
            return Found()
        passages = [note for note in self._notes if all(spans(note.text, [part]) for part in parts)]
        passages += self._index.containing(parts, limit=self._limit, post_id=self._post_id)
        matched = tuple(dict.fromkeys(part.lower() for part in parts))
        hits = [
            _hit(passage, 1.0, matched, *lit[0])
            for passage in passages
            if (lit := spans(passage.text, parts))
        ]
        return Found(tuple(hits[: self._limit]))

    def _meet_all(self, slots: list[Slot], texts: list[int]) -> int:
        """Meet passages that hold every slot, each of which is in so many `texts`; gives their number."""
        return self._meet(" AND ".join(slot.expression for slot in slots), min(texts))

    def _meet_some(self, slots: list[Slot], texts: list[int]) -> None:
        """Meet passages that hold any slot but the commonest: those would bring everything."""
        rare = []
        total = 0
        for held, slot in sorted(zip(texts, slots, strict=True), key=lambda pair: pair[0]):
            total += held
            if held and total <= _FEW:
                rare.append(slot.expression)
        if rare and len(slots) > 1:
            self._meet(" OR ".join(rare), _FEW)

    def _meet(self, expression: str, most: int) -> int:
        """Meet the passages that an expression matches, about `most` of them at most; gives their number."""
        comments = self._index.match_comments(
            expression, limit=_CANDIDATES, ranked=most <= _FEW, post_id=self._post_id
        )
        posts = self._index.match_posts(expression, limit=_POSTS, post_id=self._post_id)
        self._met.update(comments, posts)
        return len(comments) + len(posts) // 2

    def _texts_as_typed(self, slot: Slot) -> int:
        """In about how many texts a slot occurs, without the vocabulary: it is slow to load."""
        *inner, last = slot.alternatives[0].words
        counts = [self._index.texts_with(word) for word in inner]
        return min([*counts, self._index.texts_with(last, prefix=slot.is_open)])

    def _texts(self, slot: Slot) -> int:
        """In about how many texts any alternative of a slot occurs."""
        vocabulary = self._index.vocabulary()
        held = 0
        for alternative in slot.alternatives:
            *inner, last = alternative.words
            counts = [vocabulary.counts.get(word, 0) for word in inner]
            table = vocabulary.beginnings(len(last)) if alternative.prefix else vocabulary
            held += min([*counts, table.counts.get(last, 0)])
        return min(held, self._comments)

    def _found(self, slots: Sequence[Slot], texts: list[int]) -> Found:
        """The best of what was met as hits; what is in few `texts` says more."""
        weights = [math.log(2 + self._comments / (1 + held)) for held in texts]
        answers = _one_for_each_post(Ranking(slots, weights).answers(self._met))
        hits = []
        widened: dict[str, dict[str, float]] = {}
        for answer in itertools.islice(answers, self._limit):
            needed = max(match.last for match in answer.matches) + 1
            words = list(itertools.islice(WORD.finditer(answer.passage.text), needed))
            matched: dict[str, None] = {}
            for match in answer.matches:
                standing = [word[0] for word in words[match.first : match.last + 1]]
                matched |= dict.fromkeys(word.lower() for word in standing)
                if match.nearness < BEGINNING:
                    others = widened.setdefault(slots[match.slot].typed, {})
                    others[" ".join(map(fold, standing))] = match.nearness
            first, last = answer.cluster
            hits.append(
                _hit(answer.passage, answer.score, tuple(matched), words[first].start(), words[last].end())
            )
        return Found(tuple(hits), {typed: _nearest_first(others) for typed, others in widened.items()})


def _nearest_first(others: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(others, key=lambda word: -others[word]))


def _one_for_each_post(answers: Iterable[Answer]) -> Iterator[Answer]:
    """`answers`, without the worse of a post's title and body."""
    seen = set()
    for answer in answers:
        passage = answer.passage
        if passage.where in ("title", "body"):
            if passage.post_id in seen:
                continue
            seen.add(passage.post_id)
        yield answer


def _hit(passage: Passage, score: float, matched: tuple[str, ...], start: int, end: int) -> Hit:
    return Hit(
        passage.post_id,
        passage.comment_id,
        round(score, 4),
        snippet(passage.text, start, end),
        matched,
        passage.where,
        passage.place,
        passage.parent_line,
    )
