"""The posts of the library, two lines each, below the searches that were saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from textual.message import Message

from threadreader.model import ListedPost, SavedSearch, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.widgets.row_list import Part, RowList, cut
from threadreader.ui.widgets.wrapping import cells


@dataclass(frozen=True, slots=True)
class ShownSearch:
    """A saved search, and how many unread comments it finds."""

    search: SavedSearch
    unread: int | None = None  # None until they are counted
    is_more: bool = False  # are there more than were counted?

    @property
    def title(self) -> str:
        """Its name."""
        return self.search.name


class PostList(RowList[ListedPost | ShownSearch]):
    """Title, date, comments, unread, bookmarks, notes; of a search its name, its words, and what it finds."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("posts.next-unread", "tab", "unread(1)", "Next unread post", "Move"),
        Key("posts.previous-unread", "shift+tab", "unread(-1)", "Previous unread post", "Move"),
        Key("posts.quit", "q", "app.quit", "Quit", "Panes", footer="Quit"),
    )
    BINDINGS = bindings(KEYS)

    @dataclass
    class Refused(Message):
        """A key could do nothing; `reason` says why."""

        reason: str

    def action_unread(self, direction: int) -> None:
        """The next or previous post that has unread comments."""
        rows = self.rows
        ahead = range(self.cursor + 1, len(rows)) if direction > 0 else range(self.cursor - 1, -1, -1)
        unread = [at for at in ahead if isinstance(rows[at], ListedPost) and rows[at].unread]
        if unread:
            self.cursor = unread[min(self.count(), len(unread)) - 1]
        else:
            self.post_message(self.Refused("no unread post that way"))

    @property
    def posts(self) -> Sequence[ListedPost]:
        """The rows that are posts: all below the searches."""
        return [row for row in self.rows[self.first_post :] if isinstance(row, ListedPost)]

    @property
    def first_post(self) -> int:
        """The row of the first post: as many searches stand above it."""
        return sum(1 for _ in takewhile(lambda row: isinstance(row, ShownSearch), self.rows))

    @property
    def post(self) -> ListedPost | None:
        """The post under the cursor."""
        return self.row if isinstance(self.row, ListedPost) else None

    @property
    def search(self) -> SavedSearch | None:
        """The saved search under the cursor."""
        return self.row.search if isinstance(self.row, ShownSearch) else None

    def parts(self, row: ListedPost | ShownSearch, width: int) -> Sequence[Sequence[Part]]:
        """Title with the signs of what was marked or is doubtful; below it what is known of the post."""
        return (
            self._search_parts(row, width) if isinstance(row, ShownSearch) else self._post_parts(row, width)
        )

    def _search_parts(self, row: ShownSearch, width: int) -> Sequence[Sequence[Part]]:
        glyphs, search = self.glyphs, row.search
        told = "" if row.unread is None else f"  {row.unread}{'+' if row.is_more else ''} unread"
        words = cut(collapsed(search.words), width - 2 - cells(told), glyphs.ellipsis)
        head: list[Part] = [
            (f"{glyphs.saved} ", "place"),
            (cut(row.title, width - 2, glyphs.ellipsis), "title"),
        ]
        return head, [(f"  {words}", "about"), (told, "unread" if row.unread else "about")]

    def _post_parts(self, row: ListedPost, width: int) -> Sequence[Sequence[Part]]:
        glyphs, post = self.glyphs, row.post
        between = f" {glyphs.between} "
        unread = (f"{glyphs.unread} ", "unread") if row.unread else ("  ", "about")
        signs = list(self._signs(row))
        room = width - 2 - sum(cells(sign) for sign, _ in signs)
        count = f"{post.comments} comment{'' if post.comments == 1 else 's'}"
        date = post.date.strftime(self.view_settings.days) if post.date else "no date"
        about: list[Part] = [(f"  {date}{between}", "about")]
        if post.source_gone:
            about.append((f"source gone{between}", "warning"))
        about.append((count, "about"))
        told = f"{row.unread} unread"
        if row.unread and sum(cells(words) for words, _ in about) + cells(between + told) > width:
            about[-1:] = [(told, "unread"), (f" of {post.comments}", "about")]  # what counts most stays whole
        elif row.unread:
            about.append((f"{between}{told}", "unread"))
        elif post.comments:
            about.append((f"{between}read", "about"))
        return [unread, (cut(row.title, room, glyphs.ellipsis), "title"), *signs], about

    def _signs(self, row: ListedPost) -> Iterator[Part]:
        glyphs, doubts = self.glyphs, len(row.post.warnings)
        if row.bookmarks:
            yield f" {glyphs.bookmark}{row.bookmarks}", "bookmark"
        if row.notes + row.highlights:
            yield f" {glyphs.note}{row.notes + row.highlights}", "note"
        if row.tags:
            yield " " + " ".join(f"#{tag}" for tag in row.tags), "about"
        if doubts:
            yield f" {glyphs.warning}{doubts if doubts > 1 else ''}", "warning"
