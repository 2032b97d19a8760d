"""The posts of the library, two lines each."""

from collections.abc import Sequence

from threadreader.model import ListedPost
from threadreader.ui.widgets.row_list import Part, RowList, cut


class PostList(RowList[ListedPost]):
    """Title, date, comments, unread, bookmarks, notes."""

    def parts(self, row: ListedPost, width: int) -> Sequence[Sequence[Part]]:
        """Title, and below it what is known of the post."""
        glyphs, post = self.glyphs, row.post
        between = f" {glyphs.between} "
        mark = (f"{glyphs.unread} ", "unread") if row.unread else ("  ", "about")
        count = f"{post.comments} comment{'' if post.comments == 1 else 's'}"
        about: list[Part] = [("  ", "about"), (f"{post.date or 'no date'}{between}{count}", "about")]
        if row.unread:
            about.append((f"{between}{row.unread} unread", "unread"))
        elif post.comments:
            about.append((f"{between}read", "about"))
        if row.bookmarks:
            about.append((f" {glyphs.bookmark}{row.bookmarks}", "bookmark"))
        if row.notes:
            about.append((f" {glyphs.note}{row.notes}", "note"))
        if post.source_gone:
            about.append((f"{between}source gone", "warning"))
        elif doubts := len(post.warnings):
            about.append((f" {glyphs.warning}{doubts if doubts > 1 else ''}", "warning"))
        return [mark, (cut(row.title, width - 2, glyphs.ellipsis), "title")], about
