"""Every check over rulesets, careplan's own and those of plugins, and all that they find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from careplan.border import border
from careplan.contributions import Plugin
from careplan.errors import PluginError
from careplan.plan.model import Failure
from careplan.rules.checks.conditions import conditions
from careplan.rules.checks.finding import Finding, RulesetCheck, RulesetFile
from careplan.rules.checks.plain_language import plain_language
from careplan.rules.checks.tests import tests
from careplan.rules.checks.texts import texts
from careplan.rules.checks.together import Surroundings, together

CHECKS: tuple[RulesetCheck, ...] = (conditions, texts, plain_language, tests)
"""careplan's own checks of one ruleset."""


def check_rulesets(
    rulesets: Sequence[RulesetFile], around: Surroundings, plugins: Iterable[Plugin]
) -> tuple[tuple[Finding, ...], tuple[Failure, ...]]:
    """What all checks find, by place, and the checks of plugins that failed on a ruleset."""
    found = list(together(rulesets, around))
    failures: list[Failure] = []
    theirs = sorted(
        ((each.id, plugin.name, each) for plugin in plugins for each in plugin.checks), key=lambda each: each[:2]
    )
    for file in rulesets:
        for check in CHECKS:
            found += check(file)
        for name, plugin, extra in theirs:
            with border(plugin, f"check {name} of {file.ruleset.name}", failures):
                found += _findings(name, extra.check(file))
    return tuple(sorted(found, key=lambda each: (each.location, each.code, each.message))), tuple(failures)


def _findings(name: str, given: Iterable[Finding]) -> list[Finding]:
    """What a plugin's check gave, if it gave findings."""
    findings = list(given)
    for each in findings:
        if not isinstance(each, Finding):
            raise PluginError(f"the check {name!r} gave {each!r:.80}; it should give findings")
    return findings
