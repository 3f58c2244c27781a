"""Tests of rules collected by pytest: every test in a ``<version>.test.yaml`` beside its ruleset is one pytest item.

Name it in the ``conftest.py`` at the top: ``pytest_plugins = ["careplan.pytest_rules"]``. What it needs of careplan is
imported when there is such a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from careplan.errors import CareplanError
from careplan.rules.ruletests import SUFFIX, RuleTest, RuleTestResult

if TYPE_CHECKING:
    from careplan.cli.rules.suites import Suite
    from careplan.knowledge import Knowledge
    from careplan.rules.decision import VerifiedEngine


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RuleTestModule | None:
    """The tests in a file whose ruleset stands beside it; other files are left to others."""
    if not file_path.name.endswith(SUFFIX):
        return None
    ruleset = file_path.with_name(f"{file_path.name.removesuffix(SUFFIX)}.yaml")
    return RuleTestModule.from_parent(parent, path=file_path) if ruleset.is_file() else None


class RuleTestModule(pytest.File):
    """A file of rule tests. One engine decides all of them, made when the first of them runs."""

    @cached_property
    def suite(self) -> Suite:
        """The ruleset and its tests."""
        from careplan.cli.rules.suites import suites_in

        (found,) = suites_in(self.path, _knowledge())
        return found

    @cached_property
    def engine(self) -> VerifiedEngine:
        """Both engines over the ruleset alone."""
        from careplan.rules.decision import VerifiedEngine

        return VerifiedEngine(self.suite.base)

    def collect(self) -> Iterator[RuleTestItem]:
        """One item a test."""
        for each in self.suite.tests:
            item: RuleTestItem = RuleTestItem.from_parent(self, name=f"{each.rule} {each.name}", test=each)
            yield item

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *given: Any) -> Any:
        """What is wrong with the file or its ruleset, a line a problem."""
        return str(excinfo.value) if isinstance(excinfo.value, CareplanError) else super().repr_failure(excinfo, *given)


class RuleTestItem(pytest.Item):
    """One test of a rule, ``SLP-03 fires at ISI 15``."""

    def __init__(self, *, test: RuleTest, **given: Any) -> None:
        super().__init__(**given)
        self.test = test

    @property
    def file(self) -> RuleTestModule:
        """The file that it stands in."""
        assert isinstance(self.parent, RuleTestModule)
        return self.parent

    def runtest(self) -> None:
        """Decide the facts; raises _Otherwise when something else than expected came out."""
        result = RuleTestResult(self.test, self.file.engine.decide(self.test.facts))
        if not result.passed:
            from careplan.cli.rules.test import failure_lines

            raise _Otherwise("\n".join(failure_lines(self.file.suite, result, _knowledge())))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *given: Any) -> Any:
        """What was expected and what came out, clause by clause."""
        if isinstance(excinfo.value, _Otherwise | CareplanError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *given)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line of the file on which the test stands; pytest counts lines from 0."""
        place = self.test.location
        return self.path, place.line - 1 if place else None, self.name


class _Otherwise(Exception):
    """A rule decided otherwise than its test says."""


@cache
def _knowledge() -> Knowledge:
    """The knowledge of what is installed, with versions that are not released yet, loaded once."""
    from careplan.cli.cases import load
    from careplan.cli.rules.suites import refuse

    found = load(locked=False)
    refuse(found.failures)
    return found
