"""Rulesets with their tests, installed or in files, released or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import frozen

from careplan.errors import Location, PluginError, Problem, RulesetError
from careplan.knowledge import TAGS, Knowledge
from careplan.plan.model import Failure
from careplan.rules.base import RuleBase
from careplan.rules.read import read_ruleset, read_tags
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.ruletests import SUFFIX, RuleTest, RuleTestResult, read_rule_tests, run_rule_tests


@frozen
class Suite:
    """A ruleset, to be decided alone, and its tests; ``file`` is None while it has none."""

    ruleset: Ruleset
    file: Traversable | None
    base: RuleBase
    tests: tuple[RuleTest, ...]

    def results(self, text: str) -> tuple[RuleTestResult, ...]:
        """What came out of the tests with ``text`` in their rule or name."""
        wanted = [each for each in self.tests if text.lower() in f"{each.rule} {each.name}".lower()]
        return run_rule_tests(self.base, wanted) if wanted else ()


def suite(ruleset: Ruleset, file: Traversable, knowledge: Knowledge, tags: dict[str, Tag]) -> Suite:
    """A ruleset with the tests in ``file``, if it exists."""
    base = RuleBase((ruleset,), tags, knowledge.vocabulary.types)
    if not file.is_file():
        return Suite(ruleset, None, base, ())
    return Suite(ruleset, file, base, read_rule_tests(file, base, knowledge.vocabulary))


def suites_of(knowledge: Knowledge) -> Iterator[Suite]:
    """The tests of every version of every ruleset that is loaded."""
    for folder in knowledge.registry.rulesets:
        for each in knowledge.versions[folder.id]:
            yield suite(each, folder.folder / f"{each.version}{SUFFIX}", knowledge, dict(knowledge.tags))


def suites_in(path: Path, knowledge: Knowledge) -> Iterator[Suite]:
    """The tests in a file, or in the files below a folder, each with the ruleset beside it."""
    files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise RulesetError(Problem(f"there is no test file *{SUFFIX} in this folder", Location(str(path))))
    for each in files:
        stem = each.name.removesuffix(SUFFIX).removesuffix(".yaml")
        ruleset, own = each.with_name(f"{stem}.yaml"), each.with_name(TAGS)
        if not ruleset.is_file():
            raise RulesetError(Problem(f"there is no ruleset {ruleset.name} beside it", Location(str(each))))
        tags = {**knowledge.tags, **(read_tags(own) if own.is_file() else {})}
        found = read_ruleset(ruleset, knowledge.vocabulary.types, tags)
        yield suite(found, each.with_name(f"{stem}{SUFFIX}"), knowledge, tags)


def tests_of(ruleset: Ruleset, knowledge: Knowledge) -> tuple[RuleTest, ...]:
    """The tests of an installed version of a ruleset."""
    (folder,) = (each.folder for each in knowledge.registry.rulesets if each.id == ruleset.id)
    return suite(ruleset, folder / f"{ruleset.version}{SUFFIX}", knowledge, dict(knowledge.tags)).tests


def refuse(failures: Iterable[Failure]) -> None:
    """Raise PluginError if any plugin failed: what is said of the rules would be incomplete."""
    problems = [Problem(f"plugin {each.plugin} failed ({each.stage}): {each.message}") for each in failures]
    if problems:
        raise PluginError(problems)
