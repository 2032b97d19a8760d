"""Queries over the index: exact first, then forgiving.

What was typed becomes a tree (`language`). The words that stand at its top become slots (`query`), slots an
FTS5 expression, the expression passages (`index`), and passages are judged (`ranking`) and shown as hits.
All else of the tree becomes one condition (`conditions`) that passages must meet. Only when that finds
little are the slots widened (`widening`), and only then is rapidfuzz imported.
"""

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from threadreader.index import Index, Passage
from threadreader.index.conditions import All
from threadreader.index.signs import unspaced
from threadreader.model import Annotation, Found, Hit, Mistake, Person, Post
from threadreader.search.alike import grouped
from threadreader.search.conditions import Conditions, Made, Target
from threadreader.search.language import And, Node, Or, Phrase, Query, Sort, Word, parsed, words_meant
from threadreader.search.meeting import HARDLY, Meeting
from threadreader.search.query import BEGINNING, Slot, slots_of
from threadreader.search.ranking import Answer, Ranking
from threadreader.search.widening import Widening, nearer
from threadreader.search.words import WORD, fold, snippet, spans, words_of

__all__ = ["find", "spans", "titles"]

_ENOUGH = 20  # hits that hold every word; with fewer, words are widened
_MOST = 1_000_000  # hits, however many are asked for
_MOST_PARTS = 24  # of a query without words
_TITLE_LIKENESS = 75  # percent of a word that a title must hold

Atom: TypeAlias = Word | Phrase | Or


def find(
    index: Index,
    query: str,
    *,
    limit: int = 50,
    post_id: str | None = None,
    exact: bool = False,
    here: str | None = None,
    notes: Iterable[Annotation] = (),
    read: Callable[[], Collection[str]] = tuple,
    tagged: Callable[[str, bool], Iterable[Target]] = lambda tag, beginning: (),
    people: Callable[[], Mapping[str, Person]] = dict,
) -> Found:
    """The best `limit` hits for `query`, in one post if given, and among the texts of `notes`.

    Words are found whatever their case and accents, the last also by its beginning, those in double quotes
    as a phrase; a word that is hardly found so is widened to similar ones. `exact` finds whole words as
    typed, and no others. What else may stand in a query, `language.GRAMMAR` tells. Any text is a query, if
    only one with a mistake, which is then the answer; one without words is found as it stands.

    `here` is the post that is open, for who asks `in:thread`.
    `notes` are all annotations that there are; `read` gives the ids of the comments that were, `tagged` what
    bears a tag, or one that begins so, `people` whom the reader calls what: each is asked only where the
    query is about it. Raises QueryInterrupted when another thread interrupts the index.
    """
    query = query.encode(errors="ignore").decode()
    asked = parsed(query, open_end=not exact)
    if isinstance(asked, Mistake):
        return Found(mistake=asked)
    if asked.scope == "thread":
        post_id = post_id or here
    marks = [note for note in notes if post_id in (None, note.post_id)]
    search = _Search(
        index, asked, min(limit, _MOST), post_id, exact=exact, made=Made(marks, read, tagged, people)
    )
    atoms, others = _parted(asked.tree)
    choices = any(isinstance(atom, Or) for atom in atoms)
    if (
        not others
        and not asked.sort
        and asked.scope in (None, "thread")
        and not (choices and unspaced(query))
    ):
        if not unspaced(query) and (slots := slots_of([atom for atom in atoms if _has_words(atom)])):
            return search.words(slots)
        return search.literal(query.replace('"', " ").split()[:_MOST_PARTS])
    has_signs = any(isinstance(atom, (Word, Phrase)) and unspaced(atom.text) for atom in atoms)
    if has_signs:  # what is found as it stands is found with choices as a condition
        others += [atom for atom in atoms if isinstance(atom, Or)]
    search.restrict(others)
    if has_signs:
        parts = [part for atom in atoms if isinstance(atom, (Word, Phrase)) for part in atom.text.split()]
        return search.listed(parts[:_MOST_PARTS])
    if slots := slots_of([atom for atom in atoms if _has_words(atom)]):
        return search.words(slots)
    return search.listed([atom.text for atom in atoms if isinstance(atom, (Word, Phrase))][:_MOST_PARTS])


def _parted(tree: Node | None) -> tuple[list[Atom], list[Node]]:
    """The words at the top of a tree, which are ranked, and all else in it."""
    parts = tree.parts if isinstance(tree, And) else (tree,) if tree else ()
    atoms: list[Atom] = []
    others: list[Node] = []
    for part in parts:
        if isinstance(part, (Word, Phrase)) or (isinstance(part, Or) and all(map(_is_choice, part.parts))):
            atoms.append(part)
        else:
            others.append(part)
    return atoms, others


def _is_choice(node: Node) -> bool:
    if not isinstance(node, (Word, Phrase)) or unspaced(node.text):
        return False
    return bool(node.words) and not (isinstance(node, Word) and node.how == "fuzzy")


def _has_words(atom: Atom) -> bool:
    return isinstance(atom, Or) or bool(atom.words)


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

    def __init__(
        self, index: Index, asked: Query, limit: int, post_id: str | None, *, exact: bool, made: Made
    ) -> None:
        self._index = index
        self._asked = asked
        self._limit = limit
        self._post_id = post_id
        self._exact = exact
        self._made = made
        self._sort: Sort = asked.sort or "best"
        self._meeting = Meeting(
            index, limit=limit, post_id=post_id, exact=exact, sort=self._sort, scope=asked.scope
        )
        self._notes = [
            Passage(note.post_id, note.comment_id, "note", note.text, key=self._note_key(note))
            for note in made.marks
            if note.text and asked.scope != "posts"
        ]
        self._meeting.passages.update(self._notes)
        self._instead: dict[
            str, tuple[str, ...]
        ] = {}  # what the condition takes for words that nothing holds

    def restrict(self, others: Sequence[Node]) -> None:
        """From now on meet only what matches `others`, the parts of the tree that are not ranked."""
        if not others:
            return
        made = Conditions(
            self._index, self._made, lambda slot: self._widening().loosened(slot), exact=self._exact
        )
        where = made.of(others[0] if len(others) == 1 else And(tuple(others)))
        self._instead = made.instead
        self._meeting.where = where
        if self._notes:
            comments, posts = self._index.which(
                where,
                {note.comment_id for note in self._notes if note.comment_id},
                {note.post_id for note in self._notes if not note.comment_id},
            )
            self._notes = [
                note
                for note in self._notes
                if (note.comment_id in comments if note.comment_id else note.post_id in posts)
            ]
            self._meeting.passages = set(self._notes)

    def words(self, slots: list[Slot]) -> Found:
        """The hits for `slots`: as they are, or widened step by step until there are enough."""
        if any(slot.fuzzy for slot in slots):
            widening = self._widening()
            slots = [widening.loosened(slot) if slot.fuzzy else slot for slot in slots]
        enough = 0 if self._exact else min(_ENOUGH, self._limit)
        if self._meeting.typed(slots, enough) >= enough:
            return self._found(slots)
        far = self._widening().widened(slots)
        met = self._meeting.widened(slots, nearer(far), far, enough)
        if met < HARDLY and len(slots) > 1 and self._sort == "best":
            self._meeting.some(slots, far, met)
        return self._found(far)

    def literal(self, parts: list[str]) -> Found:
        """The hits that hold each of `parts` as it stands, whatever its case."""
        if not parts:
            return Found()
        passages = [note for note in self._notes if all(spans(note.text, [part]) for part in parts)]
        where = All(tuple(map(self._index.holding, parts)))
        limit, post_id = self._limit, self._post_id
        passages += self._index.comments_where(where, "added", limit=limit, post_id=post_id)
        passages += self._index.posts_where(where, "added", limit=limit, post_id=post_id)
        matched = tuple(dict.fromkeys(part.lower() for part in parts))
        hits = [
            _hit(passage, 1.0, matched, *lit[0])
            for passage in passages
            if (lit := spans(passage.text, parts))
        ]
        return Found(tuple(hits[: self._limit]))

    def listed(self, parts: Sequence[str]) -> Found:
        """What meets the condition and holds each of `parts` as it stands, in the order asked for."""
        passages: list[Passage] = []
        if self._asked.scope == "notes":
            passages += [note for note in self._notes if all(spans(note.text, [part]) for part in parts)]
        else:
            conditions = [self._meeting.where] if self._meeting.where else []
            where = All((*conditions, *map(self._index.holding, parts)))
            order = "newest" if self._sort == "best" else self._sort
            if self._asked.scope != "posts":
                passages += self._index.comments_where(where, order, limit=self._limit, post_id=self._post_id)
            passages += self._index.posts_where(where, order, limit=self._limit, post_id=self._post_id)
        meant = words_meant(self._asked.tree)
        lit = [*parts, *meant, *(other for word in meant for other in self._instead.get(word, ()))]
        hits = []
        for passage in _one_passage_for_each_post(self._in_order(passages), lit):
            matched = [word for word in lit if spans(passage.text, [word])]
            places = spans(passage.text, matched)
            hits.append(_hit(passage, 1.0, tuple(matched), *(places[0] if places else (0, 0))))
        return Found(tuple(hits[: self._limit]), self._instead)

    def _widening(self) -> Widening:
        own_words = {word for note in self._notes for word in words_of(note.text)}
        return Widening(self._index.vocabulary(), own_words)

    def _note_key(self, note: Annotation) -> int | None:
        return int(note.created.timestamp()) if self._sort in ("best", "newest", "oldest") else None

    def _in_order(self, passages: Iterable[Passage]) -> list[Passage]:
        """By the order that was asked for, what has no key in it last."""
        sign = 1 if self._sort == "oldest" else -1
        return sorted(passages, key=lambda p: (p.key is None, sign * (p.key or 0)))

    def _found(self, slots: Sequence[Slot]) -> Found:
        """The best of what was met as hits; a word that is in few texts says more."""
        met, comments = self._meeting.passages, self._index.comment_count()
        weights = [math.log(2 + comments / (1 + min(self._meeting.texts(s), comments))) for s in slots]
        ranked = Ranking(slots, weights).answers(met)
        if self._exact or self._meeting.where:
            ranked = [answer for answer in ranked if answer.score >= 1 or answer.passage.where != "note"]
        if self._sort != "best":
            places = {passage: at for at, passage in enumerate(self._in_order(met))}
            ranked.sort(key=lambda answer: places[answer.passage])
        answers = list(_one_for_each_post(ranked))
        groups = grouped(answers) if self._sort == "best" else [[answer] for answer in answers]
        hits = []
        widened: dict[str, dict[str, float]] = {}
        for answer, *others_alike in groups[: self._limit]:
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
            hit = _hit(answer.passage, answer.score, tuple(matched), words[first].start(), words[last].end())
            alike = [(other.passage.post_id, other.passage.comment_id or "") for other in others_alike]
            hits.append(hit._replace(alike=tuple(alike)))
        instead = {typed: _nearest_first(others) for typed, others in widened.items()}
        return Found(tuple(hits), self._instead | instead)


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


def _one_passage_for_each_post(passages: Sequence[Passage], lit: Sequence[str]) -> list[Passage]:
    """`passages` in order, of a post's title and body the body only where it alone holds any of the words."""
    chosen: dict[str, Passage] = {}
    for passage in passages:
        if passage.where not in ("title", "body"):
            continue
        rival = chosen.setdefault(passage.post_id, passage)
        if rival is not passage and not spans(rival.text, lit) and spans(passage.text, lit):
            chosen[passage.post_id] = passage
    return [p for p in passages if p.where not in ("title", "body") or chosen[p.post_id] is p]


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
