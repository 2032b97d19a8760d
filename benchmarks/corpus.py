"""Documents of any size in invented words, in the outline layout; the same seed, the same bytes."""

import random
from itertools import accumulate
from pathlib import Path

_SYLLABLES = (
    "ba be bri da dol en fa fen gar ho il ka kel lin lo mar mi mun na ner or pa quil ra ro sel ta tor ul"
)
_LEVELS = 12
_DRAWN = 9_000  # words; about half are alike


class Corpus:
    """Documents to measure with."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        syllables = _SYLLABLES.split()
        drawn = (
            "".join(self._random.choices(syllables, k=self._random.randint(1, 4))) for _ in range(_DRAWN)
        )
        self.words = list(dict.fromkeys(drawn))  # the commonest first
        # As in prose, a word is about as common as its rank is low.
        self._weights = list(accumulate(1 / rank for rank in range(2, len(self.words) + 2)))

    def write(self, path: Path, *, title: str, comments: int) -> Path:
        """Write one document of that many comments."""
        path.write_text(self.document(title, comments), encoding="utf-8")
        return path

    def document(self, title: str, comments: int) -> str:
        """A dated post and its comments, about 400 characters each, down to twelve levels."""
        body = f"{self.sentence(300)}\n\n{self.sentence(200)}"
        lines = ["Monday, 6 May 2019", "", title, "", body, "", f"{comments} comments:", ""]
        numbers: list[int] = []  # of the latest comment at each level, down to the latest of all
        for _ in range(comments):
            level = self._next_level(len(numbers))
            if level == len(numbers):
                lines += [f"{'  ' * level}  Replies"] if level else []
                numbers.append(0)
            del numbers[level + 1 :]
            numbers[level] += 1
            lines += self._comment(level, numbers[level])
        return "\n".join(lines) + "\n"

    def _next_level(self, open_levels: int) -> int:
        """Under the latest comment as often as not, else anywhere above."""
        if open_levels < _LEVELS and self._random.random() < 0.5:
            return open_levels
        return self._random.randrange(max(open_levels, 1))

    def _comment(self, level: int, number: int) -> list[str]:
        length = int(self._random.triangular(40, 900, 140))
        text = self.sentence(length)
        if self._random.random() < 0.5:
            text = f"“{text}” – that’s it…"
        paragraphs = [text, self.sentence(80)] if length > 500 else [text]
        margin = "  " * level
        lines = [f"{margin}  {number}. {paragraphs[0]}", ""]
        for paragraph in paragraphs[1:]:
            lines += [f"{margin}    {paragraph}", ""]
        return [*lines, f"{margin}    {'Delete' if level else 'ReplyDelete'}"]

    def sentence(self, length: int) -> str:
        """Words of about `length` characters, the first with a capital."""
        words = self._random.choices(self.words, cum_weights=self._weights, k=max(length // 7, 1))
        return " ".join(words).capitalize() + "."
