"""Small rulesets over the whole vocabulary, and what is proved of them."""

from __future__ import annotations

from functools import cache

from careplan.knowledge import Knowledge
from careplan.rules.base import RuleBase
from careplan.rules.checks.finding import RulesetFile, ruleset_file
from careplan.rules.proofs.prove import CODES, Proofs, prove
from careplan.rules.proofs.waivers import read_waivers
from careplan.rules.ruleset import Tag
from careplan.rules.versions import latest
from careplan.testing import knowledge
from careplan.vocabulary.model import Vocabulary
from tests.rules import written

TAGS = {name: Tag(name, name) for name in ("heat", "stretch")}


def vocabulary() -> Vocabulary:
    return knowledge().vocabulary


def rule(name: str, when: str, **fields: str) -> str:
    """A rule for clinicians; each further field is YAML."""
    return written.rule(name, when=f'"{when}"', **fields)


def file(*rules: str, name: str = "walk", version: str = "2026.1", contradictions: str = "") -> RulesetFile:
    """A ruleset of rules; its first condition stands on line 8."""
    content = written.ruleset(*rules, name=name, version=version) + contradictions
    return ruleset_file(content.encode(), f"{name}.yaml", vocabulary(), TAGS)


def proofs(*rules: str, waivers: str = "", contradictions: str = "") -> Proofs:
    accepted = read_waivers(waivers.encode(), "waivers.yaml", CODES) if waivers else ()
    return prove([file(*rules, contradictions=contradictions)], TAGS, vocabulary(), accepted, 5)


def found(*rules: str, contradictions: str = "") -> list[tuple[str, str]]:
    return [(each.finding.code, each.rule) for each in proofs(*rules, contradictions=contradictions).found]


@cache
def own_base() -> RuleBase:
    """The latest version of each of our rulesets."""
    known: Knowledge = knowledge()
    rulesets = latest(each for versions in known.versions.values() for each in versions)
    return RuleBase(tuple(rulesets.values()), known.tags, known.vocabulary.types)
