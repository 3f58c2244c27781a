"""The clinical rule base our rulesets were written from, and the rulesets as they stand, for comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from careplan.instruments import builtin_instruments, score_facts
from careplan.rules.base import RuleBase
from careplan.rules.read import read_ruleset, read_tags, ruleset_from_text
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.ruletests import SUFFIX, RuleTestResult, read_rule_tests, run_rule_tests
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary

RULESETS = files("careplan.rulesets")
MODALITIES = (
    "coordination", "education", "exercise", "goals", "graded_exposure", "medication_review", "nutrition",
    "pain_profile", "safety", "self_management", "sleep", "social_support", "stress",
)  # fmt: skip
VERSION = "2026.1"
_SOURCE = Path(__file__).parent.parent / "data" / "every_rule.json"


@cache
def vocabulary() -> Vocabulary:
    """The built-in facts, those that instruments score included."""
    known = builtin_vocabulary()
    scores = {each.id: each for each in score_facts(builtin_instruments().values()) if each.id not in known}
    return Vocabulary({**known.facts, **scores})


@cache
def source() -> Mapping[str, Any]:
    """The rule base as it was given: its tags and the rules of every modality."""
    found: Mapping[str, Any] = json.loads(_SOURCE.read_text(encoding="utf-8"))
    return found


@cache
def source_tags() -> Mapping[str, Tag]:
    """The tags as they were given."""
    return {each["id"]: Tag(**each) for each in source()["tags"]}


@cache
def source_ruleset(modality: str) -> Ruleset:
    """A modality's rules as they were given."""
    (found,) = (each for each in source()["rulesets"] if each["id"] == modality)
    return ruleset_from_text(json.dumps(found), f"{modality} as given", vocabulary().types, source_tags())


@cache
def released() -> tuple[tuple[str, str], ...]:
    """Every version of every ruleset the project holds, as pairs of id and version, sorted."""
    folders = [each for each in RULESETS.iterdir() if each.is_dir() and not each.name.startswith("__")]
    names = [(folder.name, file.name) for folder in folders for file in folder.iterdir()]
    versions = [(folder, name[: -len(".yaml")]) for folder, name in names if name.endswith(".yaml")]
    return tuple(sorted(each for each in versions if not each[1].endswith(".test")))


@cache
def tags() -> Mapping[str, Tag]:
    """The tags of the project."""
    return read_tags(RULESETS / "tags.yaml")


@cache
def ruleset(modality: str, version: str = VERSION) -> Ruleset:
    """A version of a modality's rules as the project releases it."""
    return read_ruleset(RULESETS / modality / f"{version}.yaml", vocabulary().types, tags())


@cache
def base(modality: str, version: str) -> RuleBase:
    """One version of a modality's rules, to be decided alone."""
    return RuleBase((ruleset(modality, version),), tags(), vocabulary().types)


@cache
def results(modality: str, version: str) -> tuple[RuleTestResult, ...]:
    """What came out of the tests beside a version."""
    alone = base(modality, version)
    return run_rule_tests(alone, read_rule_tests(RULESETS / modality / f"{version}{SUFFIX}", alone, vocabulary()))
