"""``make bench``: what the README's ratios rest on, each number beside its measure, in one run."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable

from bench import batches, decisions, loading, plans, rendering, starting

BENCHES: dict[str, Callable[[int], str]] = {
    "decisions": decisions.run,
    "plans": plans.run,
    "rendering": rendering.run,
    "starting": starting.run,
    "loading": loading.run,
    "batches": batches.run,
}

USUAL = [name for name in BENCHES if name != "batches"]
"""Those that run when none is named; many documents take minutes and have a target of their own."""


def main() -> None:
    """Run the benches that are named, or all."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which to run; without, all but batches")
    parser.add_argument("--rounds", type=int, default=15, help="rounds; the median of them counts")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; medians, ratios count\n")
    for name in options.names or USUAL:
        print(BENCHES[name](options.rounds), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
