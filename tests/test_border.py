"""What a stranger's code raises becomes a named failure; what stops the whole program is not held up."""

from __future__ import annotations

import pytest

from careplan.border import border
from careplan.errors import Location, PluginError, Problem
from careplan.plan.model import Failure


def test_what_is_raised_is_named_with_its_place() -> None:
    failures: list[Failure] = []
    with border("pool", "import", failures):
        raise ValueError("two\nlines")
    assert failures == [Failure("pool", "import", f"ValueError: two lines (in {__name__}, line 15)")]


def test_our_own_errors_keep_their_places_and_all_their_problems() -> None:
    failures: list[Failure] = []
    with border("pool", "files", failures):
        raise PluginError([Problem("one", Location("a.yaml", 1, 2)), Problem("two")])
    assert failures == [Failure("pool", "files", "a.yaml:1:2: one; two")]


def test_an_exit_is_held_and_an_interrupt_is_not() -> None:
    failures: list[Failure] = []
    with border("pool", "import", failures):
        raise SystemExit(0)
    assert [each.message for each in failures] == [f"SystemExit: 0 (in {__name__}, line 29)"]
    with pytest.raises(KeyboardInterrupt), border("pool", "import", failures):
        raise KeyboardInterrupt
    assert len(failures) == 1


def test_nothing_is_noted_where_nothing_is_raised() -> None:
    failures: list[Failure] = []
    with border("pool", "import", failures):
        pass
    assert failures == []
