"""Work shared among processes forked from this one, each with limits: a case that dies takes no other with it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from attrs import define, frozen

from careplan.errors import CareplanError, Location, Problem

Result = TypeVar("Result")


@frozen
class Limits:
    """Seconds of processor time that one case may take, and bytes that a process may grow by."""

    seconds: int = 120
    memory: int = 2 * 1024**3


class WorkerError(CareplanError):
    """The process that worked on a case ended before it was done."""


@define(eq=False)
class _Worker(Generic[Result]):
    process: Any
    pipe: Connection
    limits: Limits
    number: int = -1

    def give(self, number: int) -> None:
        self.number = number
        self.pipe.send(number)

    def result(self) -> Result | CareplanError:
        """What the process sent, or why it is no more."""
        try:
            found: Result = self.pipe.recv()
        except EOFError:
            self.process.join()
            return WorkerError(_why(self.process.exitcode, self.limits))
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def in_order(
    work: Callable[[str], Result], cases: Sequence[str], jobs: int, limits: Limits = Limits()
) -> Generator[Result | CareplanError, None, None]:
    """What ``work`` makes of each case, in the order of the cases, done by ``jobs`` processes at a time.

    What this process has loaded is shared with those that it forks; what ``work`` gives is pickled.
    """
    gc.collect()
    gc.freeze()
    waiting = deque(range(len(cases)))
    done: dict[int, Result | CareplanError] = {}
    workers: list[_Worker[Result]] = []
    try:
        for number in range(len(cases)):
            while number not in done:
                while waiting and len(workers) < jobs:
                    workers.append(_started(work, cases, limits))
                    workers[-1].give(waiting.popleft())
                for pipe in wait([each.pipe for each in workers]):
                    worker = next(each for each in workers if each.pipe is pipe)
                    _take(worker, workers, waiting, done)
            found = done.pop(number)
            yield WorkerError(Problem(str(found), Location(cases[number]))) if isinstance(found, WorkerError) else found
    finally:
        gc.unfreeze()
        for each in workers:
            each.end()


def _take(
    worker: _Worker[Result],
    workers: list[_Worker[Result]],
    waiting: deque[int],
    done: dict[int, Result | CareplanError],
) -> None:
    """Note the result of a worker that has one, and give it the next case; let it go when it is dead or idle."""
    found = done[worker.number] = worker.result()
    if waiting and not isinstance(found, WorkerError):
        worker.give(waiting.popleft())
    else:
        workers.remove(worker)
        worker.end()


def _started(work: Callable[[str], Result], cases: Sequence[str], limits: Limits) -> _Worker[Result]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, ours, work, cases, limits), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, limits)


def _serve(
    pipe: Connection, other: Connection, work: Callable[[str], Any], cases: Sequence[str], limits: Limits
) -> None:
    """Work on cases by their numbers until nobody asks any more, or is there to be told."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that forked this one
    if size := _size():
        _limit(resource.RLIMIT_AS, size + limits.memory)
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + limits.seconds)
        try:
            pipe.send(work(cases[number]))
        except MemoryError:
            pipe.send(WorkerError(f"it needed more than {limits.memory / 1024**3:g} GiB of memory"))
        except BrokenPipeError:
            return


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size() -> int | None:
    """Bytes of address space in use now; None where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() if statm.exists() else None


def _why(code: int | None, limits: Limits) -> str:
    if code == -signal.SIGXCPU:
        return f"it took more than {limits.seconds} s of processor time"
    if code is not None and code < 0:
        return f"its process was ended by {signal.Signals(-code).name}"
    return f"its process ended with code {code}"
