"""Where the reader is in a thread, in the words of the status line."""

from dataclasses import dataclass

from threadreader.ui.screens.reading import Reading
from threadreader.ui.widgets.status_line import reading_time
from threadreader.ui.widgets.thread_view import ThreadView

ROOMY = 100  # columns from which the status line tells what is left to read


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place in the open post, as it is shown."""

    reading: Reading
    view: ThreadView
    arranged: str  # the order, where it is not as the thread came
    words_per_minute: int
    columns: int  # of the screen

    @property
    def where(self) -> str:
        """The post, the comment, and how the thread is arranged."""
        named = self.reading.named(self.view.comment_id)
        return self._joined(self.reading.title, named, self.arranged)

    @property
    def numbers(self) -> str:
        """Match, place, unread, percent, and what is left to read."""
        view, at = self.view, self.view.cursor
        comments = len(view.thread.comments) if view.thread else 0
        found = "match {}/{}".format(*view.found) if view.found else ""
        unread = f"{view.unread} unread" if view.unread else "all read"
        left = reading_time(view.words_left, self.words_per_minute) if self.columns >= ROOMY else ""
        return self._joined(found, f"{at}/{comments}", unread, f"{100 * at // max(comments, 1)}%", left)

    def _joined(self, *parts: str) -> str:
        return f" {self.view.glyphs.between} ".join(filter(None, parts))
