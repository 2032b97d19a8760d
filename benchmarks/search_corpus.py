"""Threads of any number in words as frequent as in prose; the same seed, the same threads."""

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate, count
from pathlib import Path

from benchmarks.corpus import Corpus
from threadreader.model import Comment, Post, Thread

PER_POST = 50  # comments, on average
_LIST = Path("/usr/share/dict/words")
_SYLLABLES = 3
_INVENTED = 60_000  # words, where there is no list
_FLATTENED = 2.7  # Mandelbrot's: the commonest words are less common than their rank alone says
_AUTHORS = 4_000
_NAMED = 0.8  # of the comments
_DRAWN = 1 << 21  # words; a comment has some sixty
_FIRST_DAY, _DAYS = 735_964, 3_650  # ordinals: from 2016 on, ten years


class SearchCorpus(Corpus):
    """Threads and documents whose words follow Zipf's law, short ones more often in front."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.origin, words = _listed()
        if not words:
            self.origin, words = "invented, of pronounceable syllables", self._invented()
        self.words = sorted(words, key=lambda word: len(word) ** 2 * self._random.expovariate(1))
        weights = list(accumulate(1 / (rank + _FLATTENED) for rank in range(1, len(self.words) + 1)))
        # Drawing by weight once, and then evenly out of what was drawn, takes a tenth of the time.
        self._drawn = self._random.choices(self.words, cum_weights=weights, k=_DRAWN)
        self._width = sum(map(len, self._drawn)) / _DRAWN + 1

    def _invented(self) -> list[str]:
        syllables = [
            f"{first}{vowel}{last}"
            for first in "bdfghklmnprstvw"
            for vowel in "aeiou"
            for last in ("", "n", "r")
        ]
        drawn = (
            "".join(self._random.choices(syllables, k=self._random.randint(1, _SYLLABLES)))
            for _ in range(_INVENTED)
        )
        return list(dict.fromkeys(drawn))

    def threads(self, comments: int) -> Iterator[Thread]:
        """Threads with that many comments in all, about `PER_POST` in each, down to twelve levels."""
        names = [" ".join(self._random.choices(self.words[500:5_000], k=2)).title() for _ in range(_AUTHORS)]
        left, ids = comments, count(1)
        for number in count(1):
            size = min(left, 1 + int(self._random.expovariate(1 / (PER_POST - 0.5))))
            yield self._thread(number, size, ids, names)
            left -= size
            if not left:
                return

    def _thread(self, number: int, size: int, ids: "count[int]", names: list[str]) -> Thread:
        post_id = f"p{number:015x}"
        day = dt.date.fromordinal(_FIRST_DAY + self._random.randrange(_DAYS))
        open_: list[tuple[str, str]] = []  # id and place of the latest comment at each level
        replies = {"": 0}
        made = []
        for _ in range(size):
            level = self._next_level(len(open_))
            parent_id, above = open_[level - 1] if level else (None, "")
            replies[above] = nth = replies.get(above, 0) + 1
            place = f"{above}.{nth}" if above else str(nth)
            own = f"{next(ids) * 0x9E3779B97F4A7C15 % (1 << 64):016x}"  # scattered, as digests are
            author = self._random.choice(names) if self._random.random() < _NAMED else None
            length = int(self._random.triangular(40, 930, 140))
            made.append(Comment(own, parent_id, place, level, self.sentence(length), author))
            open_[level:] = [(own, place)]
        title = self.sentence(40)
        post = Post(post_id, title, False, day, None, None, f"/{post_id}.txt", "outline", size, size)
        return Thread(post, self.sentence(400), tuple(made))

    def sentence(self, length: int) -> str:
        size = max(round(length / self._width), 1)
        return " ".join(self._random.choices(self._drawn, k=size)).capitalize() + "."


def _listed() -> tuple[str, list[str]]:
    """Where the words are from, and the words."""
    if not _LIST.exists():
        return "", []
    words = _LIST.read_text(encoding="utf-8").split()
    return str(_LIST), sorted({word.lower() for word in words if word.isalpha() and len(word) > 1})
