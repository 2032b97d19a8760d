"""The tree of a query as conditions on rows of the index: names, words and the reader's marks looked up."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from threadreader.index import Index, conditions
from threadreader.index.conditions import All, Condition, Either, Related, Unlike
from threadreader.index.signs import unspaced
from threadreader.model import Annotation, Person, folded_name
from threadreader.search.language import (
    And,
    Between,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Relation,
    Structure,
    Word,
)
from threadreader.search.query import Slot, all_hold, either, named, slot_of
from threadreader.search.words import words_of

Target = tuple[str, str | None]  # post, and comment; None for the post itself


def _none_tagged(tag: str, beginning: bool) -> Iterable[Target]:
    return ()


@dataclass(frozen=True, slots=True)
class Made:
    """What the reader made, as far as a query asks for it."""

    marks: Sequence[Annotation] = ()
    read: Callable[[], Collection[str]] = tuple  # ids of comments
    tagged: Callable[[str, bool], Iterable[Target]] = _none_tagged  # by a tag, or by the beginning of one
    people: Callable[[], Mapping[str, Person]] = dict  # by `folded_name`


class Conditions:
    """Makes conditions of trees; `widened` gives a slot with similar words in it.

    That is done with a word that no text holds, unless the query is `exact` or does not want the word.
    """

    def __init__(
        self, index: Index, made: Made, widened: Callable[[Slot], Slot], *, exact: bool = False
    ) -> None:
        self.instead: dict[str, tuple[str, ...]] = {}
        """What was taken for such a word, the nearest first."""
        self._index = index
        self._made = made
        self._widened = widened
        self._as_typed = exact

    def of(self, node: Node) -> Condition:
        """The condition that a tree states; it is as deep as the language lets it be."""
        if isinstance(node, (Word, Phrase)) and (slot := self._slot(node)):
            return self._held([slot])
        match node:
            case And(parts):
                return self._all(parts)
            case Or(parts):
                if slot := self._slot(node):
                    return self._held([slot])
                return Either(tuple(self.of(part) for part in parts))
            case Not(part):
                before, self._as_typed = self._as_typed, True
                unwanted = self.of(part)
                self._as_typed = before
                return Unlike(unwanted)
            case Structure(name, inner):
                return self._related(name, self.of(inner))
            case Between(one, other):
                return self._between(self._by(one), self._by(other))
            case Range("date", low, high):
                return self._index.sized(conditions.dated(low, high))
            case Range("words", low, high):
                return self._index.sized(conditions.measured("words", low, high))
            case Range(_, low, high):
                return self._index.sized(conditions.measured("depth", low, high))
            case Flag(name):
                return self._flag(name)
            case Field(name, value, is_open):
                return self._field(name, value, is_open)
        return self._index.holding(node.text)

    def _slot(self, node: Node) -> Slot | None:
        """The slot of words alone; None for anything else."""
        if isinstance(node, Or):
            slots = [self._slot(part) for part in node.parts if isinstance(part, (Word, Phrase))]
            if len(slots) < len(node.parts) or None in slots:
                return None
            return either([slot for slot in slots if slot])
        if not isinstance(node, (Word, Phrase)) or not node.words or unspaced(node.text):
            return None
        slot = slot_of(node)
        if slot.fuzzy:
            return self._widened(slot)
        if self._as_typed or slot.quoted or len(node.words) > 1:
            return slot
        if self._index.texts_with(slot.typed, prefix=slot.is_open):
            return slot
        wide = self._widened(slot)
        others = [other for other in wide.alternatives if other not in slot.alternatives]
        if others:
            self.instead[slot.typed] = tuple(" ".join(other.words) for other in others)
        return wide

    def _held(self, slots: Sequence[Slot]) -> Condition:
        """Texts with the words of every slot."""
        expression = " AND ".join(slot.spelt(self._index.words_beginning, None) for slot in slots)
        return self._index.matching(expression, named(slots), all_hold(slots))

    def _all(self, parts: Sequence[Node]) -> Condition:
        """Every part, all words at once; signs that are no words say nothing beside others."""
        parted = [(part, self._slot(part)) for part in parts]
        slots = [slot for _, slot in parted if slot]
        others = [part for part, slot in parted if not slot]
        if not all(map(_is_noise, parts)):
            others = [part for part in others if not _is_noise(part)]
        each = [self.of(part) for part in others]
        if slots:
            each.append(self._held(slots))
        return All(tuple(each))

    def _related(self, relation: Relation, inner: Condition) -> Condition:
        return self._index.sized(Related(relation, inner))

    def _between(self, one: Condition, other: Condition) -> Condition:
        answers = [All((who, self._related("reply-to", whom))) for who, whom in ((one, other), (other, one))]
        return Either(tuple(answers))

    def _by(self, name: str, is_open: bool = False) -> Condition:
        typed = " ".join(words_of(name))
        people = self._index.people()
        if typed:
            sought = f" {typed}" if is_open else f" {typed} "
            called = {
                folded
                for folded, person in self._made.people().items()
                if sought in f" {' '.join(words_of(person.label))} "
            }
            names = [
                person
                for person, folded in zip(people, _folded(people), strict=True)
                if sought in folded or (called and folded_name(person) in called)
            ]
        else:
            names = [person for person in people if name.strip().lower() in person.lower()]
        return self._index.sized(conditions.by(names))

    def _flag(self, name: str) -> Condition:
        match name:
            case "is:read":
                return self._one_of(self._made.read(), None)
            case "is:unread":
                return Unlike(self._one_of(self._made.read(), None))
            case "is:bookmarked":
                return self._marked(mark for mark in self._made.marks if mark.kind == "bookmark")
            case "is:noted":
                return self._marked(mark for mark in self._made.marks if mark.noted_as)
            case "is:question" | "is:claim" | "is:quote":
                return self._marked(mark for mark in self._made.marks if f"is:{mark.noted_as}" == name)
        return self._index.sized(conditions.flagged(name))

    def _field(self, name: str, value: str, is_open: bool) -> Condition:
        match name:
            case "author":
                return self._by(value, is_open)
            case "tag":
                return self._on(self._made.tagged(value.rstrip("*"), is_open))
            case "note":
                noted = (mark for mark in self._made.marks if mark.text)
                return self._marked(mark for mark in noted if _holds(mark.text, value, is_open))
            case "place":
                return self._index.sized(conditions.placed(value))
            case "title":
                return self._titled(value, is_open)
        begun = self._index.sized(conditions.in_post(value))
        return Either((begun, self._titled(value, is_open)))

    def _titled(self, value: str, is_open: bool) -> Condition:
        words = words_of(value)
        if not words or unspaced(value):
            return conditions.titled_as(value)
        return self._index.sized(conditions.titled(f'"{" ".join(words)}"' + " *" * is_open))

    def _marked(self, marks: Iterable[Annotation]) -> Condition:
        return self._on((mark.post_id, mark.comment_id) for mark in marks)

    def _on(self, targets: Iterable[Target]) -> Condition:
        on = set(targets)
        return self._one_of(
            {comment_id for _, comment_id in on if comment_id is not None},
            {post_id for post_id, comment_id in on if comment_id is None},
        )

    def _one_of(self, comment_ids: Collection[str], post_ids: Collection[str] | None) -> Condition:
        return self._index.sized(conditions.one_of(comment_ids, post_ids))


def _is_noise(node: Node) -> bool:
    return isinstance(node, (Word, Phrase)) and not node.words


def _holds(text: str, value: str, is_open: bool) -> bool:
    """Do the words of `value` stand in a text in a row; what has no words as it stands."""
    words = words_of(value)
    if not words or unspaced(value):
        return value.lower() in text.lower()
    return f" {' '.join(words)}{'' if is_open else ' '}" in f" {' '.join(words_of(text))} "


@lru_cache(maxsize=2)
def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {' '.join(words_of(name))} " for name in names)
