"""What was searched for before, in this run and in earlier ones."""

import json
from contextlib import suppress

from threadreader.errors import ThreadReaderError
from threadreader.library import Library

MOST = 100
_STATE = "past-queries"  # what the store remembers them as: a list in JSON, the newest first


class PastQueries:
    """Walks through past queries, from what is typed back to the oldest."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lines = ["", *_kept(library)]  # what is typed, then the newest
        self._at = 0

    def older(self, by: int, typed: str) -> str | None:
        """The query `by` further back, or forward again where that is negative; None past either end.

        What was `typed` in place of the one that is shown is kept where it stands for as long as the screen.
        """
        at = self._at + by
        if not 0 <= at < len(self._lines):
            return None
        self._lines[self._at] = typed
        self._at = at
        return self._lines[at]

    def keep(self, words: str) -> None:
        """Remember a query for the runs to come, once, as the newest."""
        words = words.encode(errors="replace").decode()
        if self._library.read_only or not words.strip():
            return
        with suppress(ThreadReaderError):  # nobody asked for it to be written
            others = [line for line in _kept(self._library) if line != words]
            self._library.annotations.keep_state(_STATE, json.dumps([words, *others][:MOST]))


def _kept(library: Library) -> list[str]:
    """The queries that the store remembers; none where it holds something else."""
    try:
        lines = json.loads(library.annotations.state(_STATE, "[]"))
    except ValueError:
        return []
    return [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
