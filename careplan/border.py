"""The plugin border: what a stranger's code raises becomes a named failure, and nobody else is harmed by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb
from types import TracebackType

from careplan.errors import CareplanError
from careplan.plan.model import Failure


@contextmanager
def border(plugin: str, stage: str, failures: list[Failure]) -> Iterator[None]:
    """Run a plugin's code; what it raises is added to ``failures`` under the plugin's name and goes no further."""
    try:
        yield
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the one place where any exception is caught
        failures.append(Failure(plugin, stage, described(error)))


def described(error: BaseException) -> str:
    """One line: what was raised, and the module and line that raised it."""
    if isinstance(error, CareplanError):
        return "; ".join(str(problem) for problem in error.problems)
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text + _place(error.__traceback__)


def _place(traceback: TracebackType | None) -> str:
    """The last line of the traceback that is neither careplan's own nor the import system's."""
    places = [
        (name, line)
        for frame, line in walk_tb(traceback)
        if not _is_ours(name := str(frame.f_globals.get("__name__")))
        and not str(frame.f_code.co_filename).startswith("<frozen importlib")
    ]
    return f" (in {places[-1][0]}, line {places[-1][1]})" if places else ""


def _is_ours(module: str) -> bool:
    """Whether a module calls plugins, and is none."""
    return module.partition(".")[0] in {"careplan", "contextlib", "importlib"} and ".plugins." not in module
