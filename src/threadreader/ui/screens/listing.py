"""Which posts the list shows, and in which order."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from threadreader.model import ListedPost

# Each order by the name that the status line gives it; the index's own order is by date, oldest first.
SORTS: dict[str, Callable[[int, ListedPost], Any]] = {
    "date": lambda at, row: at,
    "date, newest first": lambda at, row: -at,
    "title": lambda at, row: row.title.casefold(),
    "comments": lambda at, row: -row.post.comments,
    "unread": lambda at, row: -row.unread,
    "marks": lambda at, row: -(row.bookmarks + row.notes + row.highlights),
}


class Listing(NamedTuple):
    """How the reader wants the list."""

    sort: str = "date"  # a key of `SORTS`
    pattern: str = ""  # what the titles must look like
    finished_hidden: bool = False  # leave out what holds nothing unread

    def sorted_next(self) -> "Listing":
        """The same list in the next order."""
        names = list(SORTS)
        return self._replace(sort=names[(names.index(self.sort) + 1) % len(names)])

    def rows(self, listed: Sequence[ListedPost]) -> list[ListedPost]:
        """The posts to show: those that fit the pattern best first, else sorted."""
        rows = [row for row in listed if row.unread or not row.post.comments or not self.finished_hidden]
        if not self.pattern:
            key = SORTS[self.sort]
            return [row for _, row in sorted(enumerate(rows), key=lambda pair: key(*pair))]
        from threadreader.search import titles  # no need of it before something is typed

        named = {row.post.id: row for row in rows}
        found = titles([row.post._replace(title=row.title) for row in rows], self.pattern)
        return [named[post.id] for post in found]

    def why_empty(self, listed: Sequence[ListedPost], with_key: Callable[[str, str, str], str]) -> str:
        """What an empty list has to say, and the next step, for which `with_key` finds the key."""
        if self.pattern:
            return f"{with_key('No title fits', 'reader.leave', 'clears the filter')}."
        if listed:
            return f"{with_key('Everything is read', 'reader.hide-finished', 'shows finished posts')}."
        return "No posts yet. Add one: threadreader add FILE"

    @property
    def shown(self) -> str:
        """As the status line says it."""
        return f"filter: {self.pattern}" if self.pattern else f"posts by {self.sort}"
