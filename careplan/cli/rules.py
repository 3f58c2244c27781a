"""``careplan rules``: the rulesets in use: which there are, what a rule says, what is amiss in them, their tests, their
lock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import click
from attrs import frozen

from careplan.checking import check_rulesets
from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.explain import clause_lines
from careplan.cli.output import table, warn_of_failures, write_whole
from careplan.cli.rule_files import finding_account, finding_count, installed_rulesets, rulesets_below
from careplan.cli.rule_pages import (
    contradiction_account,
    contradiction_page,
    rule_account,
    rule_page,
    ruleset_account,
    ruleset_page,
)
from careplan.errors import CareplanError, Location, PluginError, Problem, RulesetError, nearest
from careplan.knowledge import TAGS, Knowledge
from careplan.plan.model import Failure
from careplan.rules.base import RuleBase
from careplan.rules.explain import clauses
from careplan.rules.read import read_ruleset, read_tags
from careplan.rules.ruleset import Contradiction, Rule, Ruleset, Tag
from careplan.rules.ruletests import SUFFIX, RuleTest, RuleTestResult, read_rule_tests, run_rule_tests
from careplan.rules.versions import check_lock, lock_lines

OUTCOMES = {True: "true", False: "false", None: "unknown"}


@click.group()
def rules() -> None:
    """The rulesets in use: list, show, check, test, lock."""


@rules.command("list", short_help="Every version of every ruleset, its day and digest.")
@options.as_json
def list_(as_json: bool) -> None:
    """Every version of every ruleset: from which day it is in effect, its rules, its digest.

    \b
    Examples:
      careplan rules list
      careplan rules list --json
    """
    knowledge = load()
    rulesets = [each for versions in knowledge.versions.values() for each in versions]
    if as_json:
        click.echo(json.dumps([ruleset_account(each) for each in rulesets], indent=2, ensure_ascii=False))
    else:
        _show_table(rulesets)
    warn_of_failures(knowledge.failures)


@rules.command(short_help="One rule, or one version of a ruleset.")
@click.argument("name", metavar="RULE|RULESET@VERSION")
@options.as_json
def show(name: str, as_json: bool) -> None:
    """One rule, or one version of a ruleset: its conditions, texts, sources, effects and tests.

    A rule is shown as its latest version has it; a contradiction detector is named like a rule.

    \b
    Examples:
      careplan rules show SLP-03
      careplan rules show sleep@2026.1
    """
    knowledge = load()
    warn_of_failures(knowledge.failures)
    ruleset, found = _named(name, knowledge)
    if isinstance(found, Rule):
        tests = [each for each in _tests(ruleset, knowledge) if each.rule.partition("#")[0] == found.id]
        account, page = rule_account(found, ruleset, tests), rule_page(found, ruleset, tests)
    elif isinstance(found, Contradiction):
        tests = [each for each in _tests(ruleset, knowledge) if each.rule == found.id]
        account, page = contradiction_account(found, ruleset, tests), contradiction_page(found, ruleset, tests)
    else:
        account, page = ruleset_account(ruleset), ruleset_page(ruleset)
    click.echo(json.dumps(account, indent=2, ensure_ascii=False) if as_json else "\n".join(page))


@rules.command(short_help="What is amiss in the rulesets: words that are hard to read.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@options.as_json
def check(path: Path | None, as_json: bool) -> int:
    """What is amiss in the rulesets: words for patients that are hard to read, and what checks of plugins find.

    Of everything a patient may read: a sentence of more than 20 words, a word of jargon and a reading grade above 8 are
    errors, a grade above 6 is a warning. With PATH, the ruleset there, or those below a folder, released or not; a file
    that cannot be read is a finding too. Exit 1: there is an error.

    \b
    Examples:
      careplan rules check
      careplan rules check rulesets/sleep/2026.2.yaml
      careplan rules check rulesets --json
    """
    knowledge = load(locked=False)
    _refuse(knowledge.failures)
    files, unread = rulesets_below(path, knowledge) if path else (installed_rulesets(knowledge), ())
    found, failures = check_rulesets(files, knowledge.registry.plugins)
    findings = sorted((*unread, *found), key=lambda each: each.location)
    if as_json:
        click.echo(json.dumps([finding_account(each) for each in findings], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([*map(str, findings), finding_count(findings, len(files))]))
    _refuse(failures)
    return 1 if any(each.severity == "error" for each in findings) else 0


@rules.command(short_help="Whether the rules decide as their tests say.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "text", metavar="TEXT", default="", help="Only tests with TEXT in their rule or name.")
def test(path: Path | None, text: str) -> int:
    """Whether the rules make of given facts what their tests say, decided by both engines.

    With PATH, the test files there, each with the ruleset beside it, released or not. A test that fails is explained
    clause by clause. Exit 1: a test failed, or a ruleset has none.

    \b
    Examples:
      careplan rules test
      careplan rules test rulesets/sleep -k SLP-03
    """
    knowledge = load(locked=False)
    _refuse(knowledge.failures)
    suites = list(_suites_in(path, knowledge) if path else _suites_of(knowledge))
    untested = [each.ruleset.name for each in suites if each.file is None]
    results = [(each, result) for each in suites for result in each.results(text)]
    if not results and text:
        raise CareplanError(f"no test has {text!r} in its rule or name")
    failed = [(suite, result) for suite, result in results if not result.passed]
    for suite, result in failed:
        click.echo("\n".join(_failure(suite, result, knowledge)))
    for name in untested:
        click.echo(f"✘ {name} has no tests")
    passed = len(results) - len(failed)
    tests = "test" if len(results) == 1 else "tests"
    click.echo(f"{passed} of {len(results)} {tests} passed." if failed else f"{passed} {tests} passed.")
    return 1 if failed or untested else 0


@rules.command(short_help="Release new versions: write down their digests.")
@click.option("--check", is_flag=True, help="Only say whether every version is locked and unchanged.")
def lock(check: bool) -> int:
    """Write the digest of every new version into its lock file: from then on the version is released.

    A released version is never edited; one that was is an error. Exit 1 with --check: a version is not locked, or was
    edited.

    \b
    Examples:
      careplan rules lock
      careplan rules lock --check
    """
    knowledge = load(locked=False)
    _refuse(knowledge.failures)
    found = [(each, each.problems()) for each in _locks(knowledge)]
    problems = [problem for _, each in found for problem in each if check or problem.code != "unlocked"]
    if problems and not check:
        raise RulesetError(problems)
    for problem in problems:
        click.echo(f"✘ {problem}")
    for each, missing in found:
        if check:
            click.echo(f"{each.file}: {len(each.rulesets)} versions" + ("" if missing else ", all as released"))
        else:
            click.echo(f"{each.file}: {each.write() if missing else 'nothing to add'}")
    return 1 if problems else 0


@frozen
class _Suite:
    """A ruleset, to be decided alone, and its tests; ``file`` is None while it has none."""

    ruleset: Ruleset
    file: Traversable | None
    base: RuleBase
    tests: tuple[RuleTest, ...]

    def results(self, text: str) -> tuple[RuleTestResult, ...]:
        """What came out of the tests with ``text`` in their rule or name."""
        wanted = [each for each in self.tests if text.lower() in f"{each.rule} {each.name}".lower()]
        return run_rule_tests(self.base, wanted) if wanted else ()


def _suite(ruleset: Ruleset, file: Traversable, knowledge: Knowledge, tags: dict[str, Tag]) -> _Suite:
    base = RuleBase((ruleset,), tags, knowledge.vocabulary.types)
    if not file.is_file():
        return _Suite(ruleset, None, base, ())
    return _Suite(ruleset, file, base, read_rule_tests(file, base, knowledge.vocabulary))


def _suites_of(knowledge: Knowledge) -> Iterator[_Suite]:
    """The tests of every version of every ruleset that is loaded."""
    for folder in knowledge.registry.rulesets:
        for each in knowledge.versions[folder.id]:
            yield _suite(each, folder.folder / f"{each.version}{SUFFIX}", knowledge, dict(knowledge.tags))


def _suites_in(path: Path, knowledge: Knowledge) -> Iterator[_Suite]:
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
        yield _suite(found, each.with_name(f"{stem}{SUFFIX}"), knowledge, tags)


def _tests(ruleset: Ruleset, knowledge: Knowledge) -> tuple[RuleTest, ...]:
    (folder,) = (each.folder for each in knowledge.registry.rulesets if each.id == ruleset.id)
    return _suite(ruleset, folder / f"{ruleset.version}{SUFFIX}", knowledge, dict(knowledge.tags)).tests


def _failure(suite: _Suite, result: RuleTestResult, knowledge: Knowledge) -> Iterable[str]:
    """A failed test: what was expected, what came out, and the clauses it came out by."""
    test = result.test
    yield (
        f"✘ {suite.ruleset.name} {test.rule} {test.name}: expected {OUTCOMES[test.expect]}, came out "
        f"{OUTCOMES[result.outcome]} ({test.location})"
    )
    account = clauses(suite.base.conditions[test.rule], result.decision.facts, knowledge.derivations)
    yield from (f"    {line}" for line in clause_lines(account))


@frozen
class _Lock:
    """A lock file and the rulesets it answers for."""

    file: Traversable
    rulesets: tuple[Ruleset, ...]

    @property
    def text(self) -> str:
        """What it holds; nothing while it does not exist."""
        return self.file.read_text(encoding="utf-8") if self.file.is_file() else ""

    def problems(self) -> tuple[Problem, ...]:
        """Every version that is not in it, or was edited since."""
        try:
            check_lock(self.text, self.rulesets, str(self.file))
        except RulesetError as error:
            return error.problems
        return ()

    def write(self) -> str:
        """Add the new versions, keeping every line there is; says which were added."""
        if not isinstance(self.file, Path):
            raise RulesetError(Problem("this lock file lies in an archive; lock where it is a file", self.place))
        old, new = (set(text.splitlines(keepends=True)) for text in (self.text, lock_lines(self.rulesets)))
        write_whole(self.file, "".join(sorted(old | new)).encode())
        return "added " + ", ".join("@".join(line.split()[:2]) for line in sorted(new - old))

    @property
    def place(self) -> Location:
        """Where it is."""
        return Location(str(self.file))


def _locks(knowledge: Knowledge) -> Iterable[_Lock]:
    """The lock files of all ruleset folders, in the order of the modalities."""
    found: dict[str, _Lock] = {}
    for folder in knowledge.registry.rulesets:
        if folder.lock is not None:
            known = found.get(str(folder.lock), _Lock(folder.lock, ()))
            found[str(folder.lock)] = _Lock(folder.lock, (*known.rulesets, *knowledge.versions[folder.id]))
    return found.values()


def _named(name: str, knowledge: Knowledge) -> tuple[Ruleset, Rule | Contradiction | None]:
    """The ruleset of that name, or the rule or detector with the latest version that has it."""
    known: dict[str, tuple[Ruleset, Rule | Contradiction | None]] = {}
    for versions in knowledge.versions.values():
        for ruleset in sorted(versions, key=lambda each: (each.effective, each.version)):
            known[ruleset.name] = ruleset, None
            known |= {rule.id: (ruleset, rule) for rule in ruleset.rules}
            known |= {found.id: (ruleset, found) for found in ruleset.contradictions}
    if name not in known:
        raise RulesetError(f"there is no rule or ruleset {name!r}{nearest(name, known)}")
    return known[name]


def _show_table(rulesets: Iterable[Ruleset]) -> None:
    from rich.console import Console
    from rich.text import Text

    found = table("ruleset", "title", "in effect from", "rules", "digest")
    for each in rulesets:
        cells = (each.name, each.title, str(each.effective), str(len(each.rules)), each.digest[:19])
        found.add_row(*map(Text, cells))
    Console().print(found)


def _refuse(failures: Iterable[Failure]) -> None:
    problems = [Problem(f"plugin {each.plugin} failed ({each.stage}): {each.message}") for each in failures]
    if problems:
        raise PluginError(problems)
