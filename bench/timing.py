"""Functions timed in turns, so that a noisy machine disturbs each alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def medians(
    candidates: Mapping[str, Callable[[], object]], rounds: int, *, collecting: bool = False
) -> dict[str, float]:
    """The median time of each function in seconds, over ``rounds`` in which each runs once.

    Garbage is collected in between; while a function runs, only if ``collecting``, as one must that runs for long.
    """
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for run in candidates.values():
        run()
    if not collecting:
        gc.disable()
    try:
        for _ in range(rounds):
            for name, run in candidates.items():
                gc.collect()  # nobody pays for what another left behind
                start = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - start)
    finally:
        gc.enable()
    return {name: statistics.median(each) for name, each in times.items()}


def table(title: str, found: Mapping[str, float], baseline: str, per: int = 1) -> str:
    """The medians as lines of text: milliseconds each, and how many times the baseline."""
    width = max(map(len, found))
    lines = [title]
    for name, seconds in found.items():
        ratio = seconds / found[baseline]
        lines.append(f"  {name:<{width}}  {seconds / per * 1000:9.3f} ms   {ratio:6.2f} ×")
    return "\n".join(lines)
