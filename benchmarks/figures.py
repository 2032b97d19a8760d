"""What was measured, and the table of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from time import perf_counter, process_time

_HEADINGS = ("", "median", "p95", "beside", "median", "ratio", "goal", "")
_COLUMNS = ("<34", ">8", ">8", "<25", ">8", ">7", "<25", "")


@dataclass(frozen=True, slots=True)
class Goal:
    """The most that a figure may be; None where that is free."""

    ratio: float | None = None  # of our median to the peer's
    p95: float | None = None  # seconds
    megabytes: float | None = None

    def __str__(self) -> str:
        parts = [
            f"p95 ≤ {_milliseconds(self.p95)}" if self.p95 else "",
            f"ratio ≤ {self.ratio}" if self.ratio else "",
            f"≤ {self.megabytes:.0f} MB" if self.megabytes else "",
        ]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that the reader does, timed some times, beside a floor or a peer that does the like."""

    what: str
    seconds: Sequence[float]
    peer: str = ""
    peer_seconds: Sequence[float] = ()
    goal: Goal | None = None
    size: int = 0  # comments of the thread; 0 where that plays no part

    @property
    def median(self) -> float:
        """Seconds that half of the times stay within."""
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """Seconds that 95 of 100 times stay within."""
        return sorted(self.seconds)[-(len(self.seconds) // 20) - 1]

    @property
    def ratio(self) -> float | None:
        """Our median in the peer's; None without a peer."""
        return median(self.seconds) / median(self.peer_seconds) if self.peer_seconds else None

    @property
    def is_met(self) -> bool:
        """Is the goal reached, if there is one?"""
        if self.goal is None:
            return True
        too_slow = self.goal.p95 is not None and self.p95 > self.goal.p95
        return not too_slow and not (self.goal.ratio and self.ratio and self.ratio > self.goal.ratio)

    def __str__(self) -> str:
        """The figure as a line of the table."""
        cells = (
            self.what,
            _milliseconds(median(self.seconds)),
            _milliseconds(self.p95),
            self.peer,
            _milliseconds(median(self.peer_seconds)) if self.peer_seconds else "",
            f"{self.ratio:.2f}" if self.ratio is not None else "",
            str(self.goal or ""),
            "" if self.goal is None else "met" if self.is_met else "MISSED",
        )
        return _row(cells)


@dataclass(frozen=True, slots=True)
class Memory:
    """The most memory that a process took, beside a peer's."""

    what: str
    megabytes: float
    peer: str
    peer_megabytes: float
    goal: Goal

    def __str__(self) -> str:
        """The figure as a line of the table."""
        told = "met" if self.megabytes <= (self.goal.megabytes or 0) else "MISSED"
        ratio = f"{self.megabytes / self.peer_megabytes:.2f}"
        ours, theirs = f"{self.megabytes:.0f} MB", f"{self.peer_megabytes:.0f} MB"
        return _row((self.what, ours, "", self.peer, theirs, ratio, str(self.goal), told))


def growth(small: Figure, large: Figure) -> str:
    """By which power of the number of comments a cost grows: 1 is in proportion, 0 not at all."""
    power = log(large.median / small.median) / log(large.size / small.size)
    return f"{small.what} {power:.2f}"


def crowding() -> float:
    """How many times its own time a piece of work takes: 1 where no other program wants the processors."""
    start, own_start = perf_counter(), process_time()
    sum(range(30_000_000))
    return (perf_counter() - start) / (process_time() - own_start)


def heading() -> str:
    """The first line of the table."""
    return _row(_HEADINGS)


def _row(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:{form}}" for cell, form in zip(cells, _COLUMNS, strict=True)).rstrip()


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.{0 if seconds >= 0.1 else 1}f} ms"
