"""The post that is open: its thread, what the reader made of it, and what is written behind."""

from collections.abc import Collection, Iterable, Mapping

from threadreader.library import Library
from threadreader.model import Annotation, MarkKind, Person, Position, Thread, collapsed, person_of
from threadreader.settings import Folds
from threadreader.ui.widgets.comment_painter import ThreadMarks

_MOST_OF_GONE = 200  # characters of a text that is gone


class Reading:
    """One thread and its marks; folds and place reach the store when `flush` is called.

    A `thread` that was read already need not be in memory twice.
    """

    def __init__(self, library: Library, post_id: str, thread: Thread | None = None) -> None:
        self._library = library
        self._store = library.annotations
        self._position: Position | None = None
        self._folds: Iterable[str] | None = None
        self._begun_with: frozenset[str] | None = None  # folds that the settings made and nobody changed yet
        self.post_id = post_id
        self.thread = thread or library.index.thread(post_id)
        self.title = library.title(post_id)
        self.news = library.index.news(post_id)

    @property
    def read(self) -> set[str]:
        """Ids of the comments that were read."""
        return self._store.read(self.post_id)

    @property
    def folds(self) -> frozenset[str]:
        """Ids of the comments that are folded."""
        if self._folds is None:
            return self._store.folds(self.post_id) if self._begun_with is None else self._begun_with
        self._folds = folds = frozenset(self._folds)
        return folds

    def begin_folded(self, wanted: Folds) -> None:
        """Fold what the settings want folded in a post that is opened; kept only once the reader folds."""
        folded = set(self.folds)
        if not self._store.was_folded(self.post_id):
            folded |= shape_folds(self.thread, wanted)
            if wanted.dimmed:
                folded |= dimmed_folds(self.thread, self._store.people())
        if wanted.read:
            folded |= read_folds(self.thread, self.read)
        self._begun_with = frozenset(folded)

    def go_on_from(self, before: "Reading") -> None:
        """Take over what is not kept: this is the same post, read again."""
        self._begun_with = before._begun_with

    @property
    def position(self) -> Position | None:
        """Where the reader stopped last time."""
        return self._store.position(self.post_id)

    @property
    def marks(self) -> ThreadMarks:
        """Bookmarks, notes, highlights and tags by comment; marks of comments that are gone on the post."""
        made: dict[MarkKind, dict[str | None, list[Annotation]]] = {
            "bookmark": {},
            "note": {},
            "highlight": {},
        }
        for mark in self._store.marks(self.post_id):
            if mark.comment_id is None or mark.comment_id in self.thread.positions:
                if mark.kind == "note" and self._was_edited(mark):
                    mark = mark._replace(text=f"{mark.text}\n(written before the comment was edited)")
                made[mark.kind].setdefault(mark.comment_id, []).append(mark)
            else:
                made["note"].setdefault(None, []).append(mark._replace(kind="note", text=_told_of_gone(mark)))
        tags = self._store.tags(self.post_id)
        people = self._store.people()
        return ThreadMarks(frozenset(made["bookmark"]), made["note"], made["highlight"], tags, people)

    def _was_edited(self, mark: Annotation) -> bool:
        """Does the comment say something else than when the mark was made, white space aside?"""
        copy = mark.quote.copy
        if copy is None or mark.comment_id is None:
            return False
        text = self.words(mark.comment_id)
        return text != copy.text and collapsed(text) != collapsed(copy.text)

    def notes_on(self, comment_id: str | None) -> list[Annotation]:
        """The notes and highlights on one comment, or on the post, oldest first."""
        marks = self._store.marks(self.post_id)
        return [mark for mark in marks if mark.kind != "bookmark" and mark.comment_id == comment_id]

    def words(self, comment_id: str | None) -> str:
        """What a comment says; of the post its title."""
        if comment_id is None:
            return self.title
        return self.thread.comments[self.thread.positions[comment_id]].text

    def named(self, comment_id: str | None) -> str:
        """A comment as a message names it."""
        if comment_id is None:
            return "the post"
        at = self.thread.positions.get(comment_id)
        if at is None:
            return "a comment that is gone"
        return f"{self.thread.comments[at].place} {self.thread.comments[at].byline}"

    def subtree(self, comment_id: str | None) -> list[str]:
        """Ids of a comment and of everything below it; of all for the post."""
        if comment_id is None:
            return list(self.thread.positions)
        at = self.thread.positions[comment_id]
        return [comment.id for comment in self.thread.comments[at : self.thread.ends[at]]]

    def above(self, comment_id: str | None) -> list[str]:
        """Ids of a comment and of everything before it."""
        at = -1 if comment_id is None else self.thread.positions[comment_id]
        return [comment.id for comment in self.thread.comments[: at + 1]]

    def keep_position(self, position: Position) -> None:
        """Remember the place, soon."""
        self._position = position

    def keep_folds(self, folded: Iterable[str]) -> None:
        """Remember the folds, soon: `folded` is gone through then, not at every fold."""
        self._folds, self._begun_with = folded, None

    def flush(self) -> None:
        """Write what is still to be remembered; a library that can't be written remembers nothing."""
        position, self._position = self._position, None
        folds, self._folds = self._folds, None
        if self._library.read_only:
            return
        if position is not None:
            self._store.keep_position(self.post_id, position)
        if folds is not None:
            self._store.keep_folds(self.post_id, folds)


def _told_of_gone(mark: Annotation) -> str:
    words = collapsed(mark.quote.exact)
    words = words if len(words) <= _MOST_OF_GONE else words[: _MOST_OF_GONE - 1].rstrip() + "…"
    noted = f": {mark.text}" if mark.text else ""
    return f"{mark.kind} on a comment that is not here any more, “{words}”{noted}"


def shape_folds(thread: Thread, wanted: Folds) -> set[str]:
    """Ids of the comments that are folded for their depth or their length."""
    folded = set()
    if wanted.start_level:
        folded |= {comment.id for comment in thread.comments if comment.depth >= wanted.start_level}
    if most := wanted.longer_than:
        # A word takes two characters with its blank: most comments need no counting.
        long = (comment for comment in thread.comments if len(comment.text) > 2 * most)
        folded |= {comment.id for comment in long if len(comment.text.split()) > most}
    return folded


def dimmed_folds(thread: Thread, people: Mapping[str, Person]) -> set[str]:
    """Ids of the comments by people that are dimmed."""
    by = ((comment.id, person_of(comment, people)) for comment in thread.comments) if people else ()
    return {comment_id for comment_id, person in by if person and person.dimmed}


def read_folds(thread: Thread, read: Collection[str]) -> set[str]:
    """Ids of the comments that are read with everything below them."""
    comments, parents = thread.comments, thread.parents
    is_read = [comment.id in read for comment in comments]
    for at in range(len(comments) - 1, -1, -1):  # replies stand after what they answer
        if not is_read[at] and parents[at] >= 0:
            is_read[parents[at]] = False
    return {comment.id for comment, whole in zip(comments, is_read, strict=True) if whole}
