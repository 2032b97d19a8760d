"""The words of an index, in the order that a search for similar ones needs. Pure."""

from functools import cached_property


class WordTable:
    """Words or beginnings of words, folded as in the index, each with the number of texts that hold it."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    @cached_property
    def _edges(self) -> dict[tuple[int, str, bool], list[str]]:
        edges: dict[tuple[int, str, bool], list[str]] = {}
        for word in self.counts:
            edges.setdefault((len(word), word[0], True), []).append(word)
            edges.setdefault((len(word), word[-1], False), []).append(word)
        return edges

    def starting(self, letter: str, length: int) -> list[str]:
        """Words of `length` characters that start with `letter`."""
        return self._edges.get((length, letter, True), [])

    def ending(self, letter: str, length: int) -> list[str]:
        """Words of `length` characters that end with `letter`."""
        return self._edges.get((length, letter, False), [])


class Vocabulary(WordTable):
    """Every word of the texts in an index."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__(counts)
        self._beginnings: dict[int, WordTable] = {}

    def beginnings(self, length: int) -> WordTable:
        """The first `length` characters of each longer word."""
        if length not in self._beginnings:
            counts: dict[str, int] = {}
            for word, texts in self.counts.items():
                if len(word) > length:
                    beginning = word[:length]
                    counts[beginning] = counts.get(beginning, 0) + texts
            self._beginnings[length] = WordTable(counts)
        return self._beginnings[length]
