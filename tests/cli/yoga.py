"""A stranger's plugin with one rule, its ruleset and its tests."""

from __future__ import annotations

YOGA = """
from pathlib import Path
from careplan.hookspecs import Modality, RulesetFolder, hookimpl

HERE = Path(__file__).parent

@hookimpl
def careplan_modality():
    return [Modality(id="yoga", title="Yoga", purpose="To be tried.", order=500, answers_for_it="Tests")]

@hookimpl
def careplan_rulesets():
    return [RulesetFolder("yoga", HERE / "yoga_rules", lock=HERE / "yoga.lock")]
"""
RULESET = """\
id: yoga
version: "2026.1"
effective: 2026-01-01
title: Yoga
rules:
  - id: YOG-01
    title: Gentle yoga
    when: pain.duration_months >= 3
    priority: adjunct
    kind: action
    patient: Try gentle yoga once a week.
    because: It helps.
    evidence:
      - {id: yoga_2026, cite: Yoga 2026, grade: low}
"""
TESTS = """\
tests:
  - {rule: YOG-01, name: fires at 3 months, facts: {pain.duration_months: 3}, expect: true}
  - {rule: YOG-01, name: does not fire at 2.9 months, facts: {pain.duration_months: 2.9}, expect: false}
"""
