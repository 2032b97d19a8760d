"""Long work in as many processes as there are cores, no more of it ahead than its answers are taken."""

import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_AHEAD = 3  # tasks for each process

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def answers(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Generator[Answer, None, None]:
    """What `work`, a function of a module, makes of each task, in order.

    Where processes can't be started, or one is killed, the rest is done in this one. What `work` raises is
    raised here.
    """
    from concurrent.futures.process import BrokenProcessPool

    with _processes() as pool:
        waiting: deque[tuple[Task, Future[Answer] | None]] = deque()
        coming = iter(tasks)
        is_broken = False
        while True:
            while len(waiting) < _AHEAD * _cores():
                try:
                    task = next(coming)
                except StopIteration:
                    break
                future = None
                with contextlib.suppress(BrokenProcessPool):
                    future = None if is_broken else pool.submit(work, task)
                waiting.append((task, future))
            if not waiting:
                return
            task, future = waiting.popleft()
            try:
                answer = future.result() if future else work(task)
            except BrokenProcessPool:  # a process was killed, or none can be started here
                is_broken = True
                answer = work(task)
            yield answer


@contextlib.contextmanager
def _processes() -> "Iterator[ProcessPoolExecutor]":
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.resource_tracker import ensure_running

    # It hands on what errors are written to, and what Textual puts there is no file.
    with contextlib.redirect_stderr(sys.__stderr__):
        ensure_running()
    # Not forked: the reader has threads, whose locks a copy of it would inherit as they are.
    pool = ProcessPoolExecutor(_cores(), multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return os.cpu_count() or 1


def _begin() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
