"""How soon the command line answers, beside the bare interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from bench.timing import medians, table


def run(rounds: int) -> str:
    """The table."""
    found = medians(
        {
            "careplan --help": _command("-m", "careplan", "--help"),
            "python with click": _command("-c", "import click"),
            "python alone": _command("-c", "pass"),
        },
        rounds,
    )
    return table("Starting", found, "python alone")


def _command(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
