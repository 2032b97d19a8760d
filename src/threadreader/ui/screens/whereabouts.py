"""Where the reader is in a thread, in the words of the status line."""

from typing import NamedTuple

from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.status_line import reading_time
from threadreader.ui.widgets.thread_view import ThreadView

SHORT = 60  # columns below which only the match is told while words are looked for
ROOMY = 100  # columns from which the status line tells what is left to read
_NEAREST = 6  # of what a comment answers, as many are told


class Whereabouts(NamedTuple):
    """A place in the open post, as it is shown."""

    reading: Reading
    view: ThreadView
    arranged: str  # the order, where it is not as the thread came
    words_per_minute: int
    columns: int  # of the screen

    @property
    def way(self) -> list[str]:
        """The post, then what the comment answers, the nearest last; of many the nearest few."""
        thread, above = self.reading.thread, list[str]()
        comment_id = self.view.comment_id
        at = -1 if comment_id is None else thread.parents[thread.positions[comment_id]]
        while at >= 0 and len(above) < _NEAREST:
            comment = thread.comments[at]
            known = comment.author or comment.signed
            above.append(f"{comment.place} {comment.byline}" if known else comment.place)
            at = thread.parents[at]
        further = [self.view.glyphs.ellipsis] if at >= 0 else []
        return [self.reading.title, *further, *reversed(above)]

    @property
    def where(self) -> str:
        """The comment, and how the thread is arranged."""
        return self._joined(self.reading.named(self.view.comment_id), self.arranged)

    @property
    def numbers(self) -> str:
        """Match, place, unread, percent, and what is left to read."""
        view, at = self.view, self.view.cursor
        comments = len(view.thread.comments) if view.thread else 0
        found = "match {}/{}".format(*view.found) if view.found else ""
        if found and self.columns < SHORT:
            return found  # what one looks for now is not to give way
        whole = len(self.reading.thread.comments)
        unread = f"{view.unread} unread" if view.unread else "all read" if comments == whole else ""
        of_whole = f" of {whole}" if comments < whole else ""
        left = reading_time(view.words_left, self.words_per_minute) if self.columns >= ROOMY else ""
        return self._joined(
            found, f"{at}/{comments}{of_whole}", unread, f"{100 * at // max(comments, 1)}%", left
        )

    def _joined(self, *parts: str) -> str:
        return f" {self.view.glyphs.between} ".join(filter(None, parts))
