"""The words of an index, in the orders that a search for similar ones needs. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

_LATIN = 0x250  # the first character behind the Latin ones
_BLOCK = 8  # bits; other letters that are written together differ in these


class Vocabulary:
    """Words folded as in the index, in order, each with the number of texts that hold it."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._words = list(counts)

    @cached_property
    def _edges(self) -> dict[tuple[int, str, str], list[str]]:
        """Words by their length and two of their letters: the first, the last, or one of each."""
        edges: dict[tuple[int, str, str], list[str]] = {}
        for word in self._words:
            for edge in _edges_of(len(word), word):
                edges.setdefault(edge, []).append(word)
        return edges

    @cached_property
    def _letters(self) -> dict[int, str]:
        """By their scripts, the letters that words are written with."""
        letters: dict[int, list[str]] = {}
        for letter in sorted(set().union(*self._words)):
            letters.setdefault(_script(letter), []).append(letter)
        return {script: "".join(each) for script, each in letters.items()}

    def edged(self, word: str, length: int) -> list[str]:
        """Words of that length with an edge of `word`: its first two letters, its last, or one of each."""
        return [other for edge in _edges_of(length, word) for other in self._edges.get(edge, ())]

    def prepare(self) -> None:
        """Make at once what is made when it is first asked for (0.2 s for 70,000 words)."""
        assert self._edges is not None
        assert self._letters is not None

    def begins(self, beginning: str) -> bool:
        """Does any word begin so."""
        at = bisect_left(self._words, beginning)
        return at < len(self._words) and self._words[at].startswith(beginning)

    def beginning(self, beginning: str) -> list[str]:
        """The words that begin so, in order."""
        first = bisect_left(self._words, beginning)
        return self._words[first : self._end(beginning, first)]

    def texts_beginning(self, beginning: str) -> int:
        """In about how many texts words are that begin so."""
        return sum(map(self.counts.__getitem__, self.beginning(beginning)))

    def _end(self, beginning: str, first: int) -> int:
        return bisect_left(self._words, f"{beginning}\U0010ffff", first)

    def edited(self, word: str) -> Iterator[str]:
        """What one edit makes of `word`, in the letters of its script; some of it more than once.

        An edit leaves one out, puts one in, takes one for another or swaps two neighbours (Damerau 1964).
        """
        letters = self._letters.get(_script(word[0]), "")
        for at in range(len(word) + 1):
            left, right = word[:at], word[at:]
            for letter in letters:
                yield left + letter + right
            if right:
                yield left + right[1:]
                for letter in letters:
                    yield left + letter + right[1:]
            if len(right) > 1:
                yield left + right[1] + right[0] + right[2:]


def _edges_of(length: int, word: str) -> tuple[tuple[int, str, str], ...]:
    return (length, word[:2], ""), (length, "", word[-2:]), (length, word[0], word[-1])


def _script(letter: str) -> int:
    return -1 if ord(letter) < _LATIN else ord(letter) >> _BLOCK
