"""Finding words in one thread as they are typed: plain, smart case, folded text included."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

# Typed words seldom have the quotes and blanks of typeset ones; each of these is one character for one.
_FOLDED = str.maketrans("‘’‚‛“”„‟\u00a0\u202f\n", "''''\"\"\"\"   ")
_SEPARATOR = "\x00"  # stands between texts, where nothing typed can match it


class ThreadFind:
    """The texts of a thread, joined so that one pass of the C library finds all."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._exact = _SEPARATOR.join(texts).translate(_FOLDED)
        lowered = self._exact.lower()
        # A few capitals have longer small letters ("İ"): places would shift, so those stay as they are.
        self._lowered = (
            lowered
            if len(lowered) == len(self._exact)
            else "".join(small if len(small := char.lower()) == 1 else char for char in self._exact)
        )
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def matches(self, query: str) -> dict[int, list[tuple[int, int]]]:
        """Text number -> places `(start, end)` of `query`, in order; a capital in it asks for exact case."""
        query = query.translate(_FOLDED)
        if not query:
            return {}
        haystack = self._lowered if query == query.lower() else self._exact
        found: dict[int, list[tuple[int, int]]] = {}
        at = haystack.find(query)
        while at >= 0:
            text = bisect_right(self._starts, at) - 1
            start = at - self._starts[text]
            found.setdefault(text, []).append((start, start + len(query)))
            at = haystack.find(query, at + len(query))
        return found
