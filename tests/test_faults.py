"""Nothing that was acknowledged is lost: the faults of `faults.py` in a size that every run can bear."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import faults
import pytest

FAULTS: list[Callable[[Path], faults.Row]] = [
    partial(faults.killed, writes=30),
    partial(faults.crowd, writes=80),
    partial(faults.full, tries=3),
    faults.read_only,
    partial(faults.torn, tries=6),
    partial(faults.backwards, writes=60),
    faults.newer,
    faults.released,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: getattr(fault, "func", fault).__name__)
def test_nothing_that_was_acknowledged_is_lost(fault: Callable[[Path], faults.Row], tmp_path: Path) -> None:
    row = fault(tmp_path)
    assert (row.lost, row.acknowledged > 0, row.tries > 0) == (0, True, True), row
