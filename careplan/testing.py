"""What a plugin author's tests need: the plan of an intake, its document, and the tests of a ruleset."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from careplan.assessment import Assessment
from careplan.configuration import configuration_file, read_configuration
from careplan.contributions import Plugin
from careplan.errors import Problem, RulesetError, nearest
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge, load_knowledge
from careplan.plan.editions import Edition
from careplan.plan.model import Plan
from careplan.render.html import bare_html
from careplan.rules.base import RuleBase
from careplan.rules.ruletests import SUFFIX, RuleTestResult, read_rule_tests, run_rule_tests
from careplan.service import Request, make_document, make_plan

UNTIL = date.max
"""The day on which a test reads its intakes: no date in them is in the future."""


@cache
def knowledge() -> Knowledge:
    """The knowledge of what is installed, loaded once; the service's configuration counts, as on the command line."""
    return load_knowledge(read_configuration(configuration_file(os.environ)).permissions)


def loaded(plugin: str) -> Plugin:
    """The plugin of that name; raises AssertionError with its failures when it did not load."""
    found = {each.name: each for each in knowledge().registry.plugins}
    if plugin not in found:
        failures = [f"{each.stage}: {each.message}" for each in knowledge().failures if each.plugin == plugin]
        raise AssertionError(f"{plugin} is not loaded: {'; '.join(failures) or 'it is not installed'}")
    return found[plugin]


def plan_for(intake: str | Path, **options: Any) -> Plan:
    """The plan of an intake, given as the path of a file or as its text; ``options`` are the fields of a Request."""
    return make_plan(_read(intake), knowledge(), Request(**options))[0]


def document_for(intake: str | Path, edition: Edition = "patient", **options: Any) -> str:
    """The same plan as the HTML of one edition, as text."""
    assessment = _read(intake)
    plan, facts = make_plan(assessment, knowledge(), Request(**options))
    return bare_html(make_document(plan, assessment, facts, knowledge(), edition), knowledge().templates)


def places(plan: Plan) -> dict[str, str]:
    """Where each rule that fired stands, by rule id: ``released``, ``ask first`` or ``blocked``."""
    released = {each.rule: "released" for each in (*plan.emergency, *plan.safety, *plan.recommendations)}
    held = {each.recommendation.rule: "ask first" for each in plan.ask_first}
    return released | held | {each.recommendation.rule: "blocked" for each in plan.blocked}


def check_ruleset(ruleset: str) -> int:
    """How many tests of a ruleset's ``<version>.test.yaml`` files pass; raises AssertionError listing those that fail.

    Raises RulesetError for a version without such a file, and for every problem in one.
    """
    folders = {each.id: each.folder for each in knowledge().registry.rulesets}
    if ruleset not in folders:
        raise RulesetError(f"there is no ruleset {ruleset!r}{nearest(ruleset, folders)}")
    results: list[RuleTestResult] = []
    for version in knowledge().versions[ruleset]:
        file = folders[ruleset] / f"{version.version}{SUFFIX}"
        if not file.is_file():
            raise RulesetError(Problem(f"{version.name} has no tests; write {file}"))
        base = RuleBase((version,), knowledge().tags, knowledge().vocabulary.types)
        results += run_rule_tests(base, read_rule_tests(file, base, knowledge().vocabulary))
    failed = [
        f"{each.test.location}: {each.test.rule} {each.test.name}: is {each.outcome}, expected {each.test.expect}"
        for each in results
        if not each.passed
    ]
    if failed:
        raise AssertionError("\n".join(failed))
    return len(results)


def _read(intake: str | Path) -> Assessment:
    content = intake.read_bytes() if isinstance(intake, Path) else intake.encode()
    name = str(intake) if isinstance(intake, Path) else "<intake>"
    return read_assessment(
        content, name=name, on=UNTIL, vocabulary=knowledge().vocabulary, instruments=knowledge().instruments
    )
