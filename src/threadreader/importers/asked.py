"""What several questions about one document have to find out, found out once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")

_forgetting: list[Callable[[], None]] = []


def once_a_document(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """`function`, which remembers its answer for the last text until `forget_document`."""
    remembered = lru_cache(maxsize=1)(function)
    _forgetting.append(remembered.cache_clear)

    @wraps(function)
    def asked(text: str) -> Answer:
        return remembered(text)

    return asked


def forget_document() -> None:
    """Let go of the last text, which may be long, and of what was found out about it."""
    for forget in _forgetting:
        forget()
