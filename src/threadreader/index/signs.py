"""Signs that stand without blanks between them: scripts of East Asia and its south, and emoji. Pure.

FTS5 takes a whole sentence of them for one word. They are kept in a table of their own as signs and pairs of
signs, so that any row of them is found wherever it begins.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

_SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_SCRIPTS}]")
_RUNS = re.compile(f"[{_SCRIPTS}\u2600-\u27bf\U0001f000-\U0001faff]+")


def unspaced(text: str) -> bool:
    """Is any of `text` in a script that sets no blanks between words."""
    return not text.isascii() and bool(_UNSPACED.search(text))


def signs_in(text: str) -> str:
    """Every sign and every pair of neighbours in `text` as a word of numbers, each once; often none."""
    if text.isascii():
        return ""
    found: dict[str, None] = {}
    for run in _RUNS.findall(text):
        found |= dict.fromkeys(map(_named, run)) | dict.fromkeys(_pairs(run))
    return " ".join(found)


def expression_for(part: str) -> str:
    """What finds, in FTS5's language, the texts that may hold `part`; empty where it has no such signs."""
    names: dict[str, None] = {}
    for run in _RUNS.findall(part):
        names |= dict.fromkeys(_pairs(run) if len(run) > 1 else map(_named, run))
    return " AND ".join(f'"{name}"' for name in names)


def _pairs(run: str) -> Iterator[str]:
    return (f"{_named(one)}x{_named(other)}" for one, other in pairwise(run))


def _named(sign: str) -> str:
    return f"{ord(sign):x}"
