"""Every hook is documented with its exact arguments, and what a plugin contributes by it arrives where it is used."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from datetime import date
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

import click
import pytest

from careplan import hookspecs
from careplan.assessment import Assessment, Person
from careplan.checking import check_rulesets
from careplan.contributions import Plugin
from careplan.errors import PluginError
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge, load_knowledge
from careplan.plan.editions import for_edition
from careplan.registry import RETURNS, add_commands
from careplan.render.environment import environment
from careplan.rules.checks.finding import ruleset_file
from careplan.rules.checks.together import Surroundings
from careplan.service import Request, fact_case, make_plan
from tests.distributions import distribution, modality

ROOT = Path(__file__).parent.parent
HOOKS = [name for name in vars(hookspecs) if name.startswith("careplan_")]
PAGES = runpy.run_path(str(ROOT / "scripts" / "hook_pages.py"))
BEGINNING = """
from pathlib import Path
from careplan.hookspecs import *
from careplan.errors import PluginError
from careplan.intake import read_assessment

HERE = Path(__file__).parent

@hookimpl
"""
RULES = {
    "id": "pool",
    "version": "2026.1",
    "effective": "2026-01-01",
    "title": "Pool",
    "rules": [
        {
            "id": "POO-01",
            "title": "Swim",
            "when": "pain.duration_months >= 3",
            "priority": "core",
            "kind": "action",
            "patient": "Swim.",
            "because": "It helps.",
            "evidence": [{"id": "x", "cite": "X", "grade": "low"}],
        }
    ],
}
Load = Callable[..., Knowledge]


@pytest.fixture
def load(site: Path) -> Load:
    """The knowledge beside a plugin ``pool`` whose module ends in this source, with these files beside it."""

    def loaded(source: str, *, complete: bool = True, **files: str) -> Knowledge:
        distribution(site, "careplan-pool", {"pool": modality("pool", order=15) + BEGINNING + source})
        for name, content in files.items():
            file = site / name.replace("__", "/")
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, encoding="utf-8")
        invalidate_caches()
        knowledge = load_knowledge()
        assert bool(knowledge.failures) is not complete
        return knowledge

    return loaded


def pool(knowledge: Knowledge) -> Plugin:
    return next(each for each in knowledge.registry.plugins if each.name == "pool")


def test_the_page_of_hooks_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    assert page == PAGES["page"](), "docs/hooks.md is stale; run: make docs"


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_documented_with_its_exact_arguments(name: str) -> None:
    page = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    assert f"## `{PAGES['signature'](getattr(hookspecs, name))}`\n" in page


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_a_test_of_its_own(name: str) -> None:
    assert f"test_hook_{name}" in globals()


def test_every_hook_but_that_of_commands_returns_a_list_of_known_values() -> None:
    assert sorted([*RETURNS, "careplan_commands"]) == sorted(HOOKS)


def test_hook_careplan_modality(site: Path) -> None:
    distribution(site, "careplan-pool", {"pool": modality("pool", order=15)})
    invalidate_caches()
    found = load_knowledge().registry.modalities
    assert [name for name in found if name in ("education", "pool", "graded_exposure")] == [
        "education",
        "pool",
        "graded_exposure",
    ]
    assert found["pool"] == hookspecs.Modality("pool", "Pool", "To be tried.", 15, "Tests")


def test_hook_careplan_instruments(load: Load) -> None:
    instrument = {
        "id": "pool_fear",
        "title": "Fear of water",
        "version": "1",
        "licence": {"wording": "free", "note": "Made for a test."},
        "recall_period": "now",
        "each_item": {"type": "ordinal", "min": 0, "max": 3},
        "items": [{"id": "deep", "label": "deep water"}, {"id": "cold", "label": "cold water"}],
        "scores": [
            {
                "id": "total",
                "title": "Total",
                "kind": "sum",
                "items": "all",
                "min": 0,
                "max": 6,
                "missing": "all_required",
                "direction": "higher_worse",
            }
        ],
        "sources": ["a test"],
    }
    knowledge = load(
        "def careplan_instruments():\n    return [InstrumentFile(HERE / 'fear.json')]\n",
        **{"fear.json": json.dumps(instrument)},
    )
    assert knowledge.instruments["pool_fear"].title == "Fear of water"
    assert knowledge.vocabulary["pool_fear.total"].score == "pool_fear.total"


def test_hook_careplan_facts(load: Load) -> None:
    facts = {
        "group": "pool",
        "facts": {
            "pool.access": {"type": "Boolean", "meaning": "Has a pool", "intake": "measures.pool_access"},
            "pool.letters": {"type": "Integer", "meaning": "Letters of the name", "compute": "pool_letters"},
            "pool.ready": {"type": "Boolean", "meaning": "Ready", "derive": "pool.access and pool.letters > 3"},
        },
    }
    knowledge = load(
        "def careplan_facts():\n"
        "    functions = {'pool_letters': lambda assessment: len(assessment.person.name)}\n"
        "    return [VocabularyFile(HERE / 'facts.json', functions)]\n",
        **{"facts.json": json.dumps(facts)},
    )
    person = Person(birth_date=date(1983, 5, 4), name="Anna")
    case = fact_case(Assessment("anna", date(2026, 3, 2), person, measures={"pool_access": True}), knowledge)
    found = case.facts.values
    assert (found["pool.access"], found["pool.letters"], found["pool.ready"]) == (True, 4, True)
    assert case.failures == ()


def test_hook_careplan_rulesets(load: Load) -> None:
    knowledge = load(
        "def careplan_rulesets():\n    return [RulesetFolder('pool', HERE / 'rules')]\n",
        **{"rules__2026.1.yaml": json.dumps(RULES)},
    )
    assert [each.name for each in knowledge.versions["pool"]] == ["pool@2026.1"]
    decision = knowledge.engine(date(2026, 3, 2), {}).decide({"pain.duration_months": 3})
    assert decision.outcomes["POO-01"] is True


def test_hook_careplan_sections(load: Load) -> None:
    section = "SectionSpec('pool', 'In the pool', 'base/section.html')"
    knowledge = load(f"def careplan_sections():\n    return [{section}]\n")
    assert ("pool", hookspecs.SectionSpec("pool", "In the pool", "base/section.html")) in knowledge.setting.sections


def test_hook_careplan_templates(load: Load) -> None:
    knowledge = load(
        "def careplan_templates():\n    return [TemplateFolder('pool', HERE / 'pages')]\n",
        **{"pages__depth.html": "{{ depth }} metres"},
    )
    templates = environment({each.modality: each.folder for each in knowledge.registry.templates})
    assert templates.get_template("pool/depth.html").render(depth="<3>") == "&lt;3&gt; metres"


DETAILS = """
def careplan_rulesets():
    return [RulesetFolder('pool', HERE / 'rules')]

@hookimpl
def careplan_templates():
    return [TemplateFolder('pool', HERE / 'pages')]

def lengths(situation):
    months = situation.facts["pain.duration_months"]
    stands = sorted(situation.released & {"POO-01"})
    return {"lengths": 2 * months, "stands": stands, "because": ["pain.duration_months"]}

def clinicians(situation):
    return {"birth": str(situation.assessment.person.birth_date)}

@hookimpl
def careplan_details():
    return [
        DetailSpec('pool.lengths', 'pool/lengths.html', lengths, rule='POO-01'),
        DetailSpec('pool.birth', 'pool/lengths.html', clinicians, rule='POO-01', edition='clinician'),
    ]
"""
SWIMMER = """
careplan: intake/1
id: swimmer
date: 2026-03-02
person: {birth_date: 1983-05-04}
answers: {phq9: [0, 0, 0, 0, 0, 0, 0, 0, 0]}
measures: {duration_months: 12}
"""


def test_hook_careplan_details(load: Load) -> None:
    pages = {"pages__lengths.html": "", "rules__2026.1.yaml": json.dumps(RULES)}
    knowledge = load(DETAILS, **pages)
    assessment = swimmer(knowledge)
    plan, _ = make_plan(assessment, knowledge)
    (swim,) = (each for each in plan.recommendations if each.rule == "POO-01")
    assert [(each.id, each.values) for each in swim.details] == [
        ("pool.birth", {"birth": "1983-05-04"}),
        ("pool.lengths", {"lengths": 24.0, "stands": ["POO-01"], "because": ["pain.duration_months"]}),
    ]
    (seen,) = (each for each in for_edition(plan, "patient").recommendations if each.rule == "POO-01")
    assert [(each.id, each.values) for each in seen.details] == [
        ("pool.lengths", {"lengths": 24.0, "stands": ["POO-01"]})
    ]


def test_a_detail_that_fails_for_one_person_is_named_and_its_plan_refused(load: Load) -> None:
    pages = {"pages__lengths.html": "", "rules__2026.1.yaml": json.dumps(RULES)}
    knowledge = load(
        DETAILS.replace('situation.facts["pain.duration_months"]', 'situation.facts["pain.none"]'), **pages
    )
    assessment = swimmer(knowledge)
    with pytest.raises(PluginError, match="plugin pool failed .detail pool.lengths.: KeyError: 'pain.none'"):
        make_plan(assessment, knowledge)
    plan, _ = make_plan(assessment, knowledge, Request(allow_incomplete=True))
    assert [(each.plugin, each.stage) for each in plan.failures] == [("pool", "detail pool.lengths")]
    assert plan.status == "review_first"


def test_a_detail_beside_another_plugins_rule_is_refused(load: Load) -> None:
    pages = {"pages__lengths.html": "", "rules__2026.1.yaml": json.dumps(RULES)}
    knowledge = load(DETAILS.replace("rule='POO-01')", "rule='SLP-01')"), complete=False, **pages)
    assert [each.message for each in knowledge.failures] == [
        "the detail 'pool.lengths' stands beside no rule and in no section of the plugin's own"
    ]


def swimmer(knowledge: Knowledge) -> Assessment:
    return read_assessment(
        SWIMMER.encode(),
        name="swimmer",
        on=date(2026, 3, 2),
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )


def test_hook_careplan_readers(load: Load) -> None:
    knowledge = load("def careplan_readers():\n    return [Reader('pool', ('.pool',), read_assessment)]\n")
    assert knowledge.registry.readers == (hookspecs.Reader("pool", (".pool",), read_assessment),)


def test_hook_careplan_renderers(load: Load) -> None:
    knowledge = load("def careplan_renderers():\n    return [Renderer('braille', '.brf', bytes)]\n")
    assert knowledge.registry.renderers == (hookspecs.Renderer("braille", ".brf", bytes),)


def test_hook_careplan_checks(load: Load) -> None:
    source = """def careplan_checks():
    def swims(file):
        yield Finding(file.ruleset.id, next(file.rules)[1].location, "depth", "warning")
    return [Check('pool_depth', swims)]
"""
    knowledge = load(source)
    (check,) = knowledge.registry.checks
    file = ruleset_file(json.dumps(RULES).encode(), "pool.json", knowledge.vocabulary, ())
    found, failures = check_rulesets([file], Surroundings((), (), knowledge.vocabulary), knowledge.registry.plugins)
    mine = [str(each) for each in found if each.code == "depth"]
    assert (check.id, mine, failures) == ("pool_depth", ["pool.json:1:91: warning: pool (depth)"], ())


def test_hook_careplan_commands(load: Load) -> None:
    knowledge = load("def careplan_commands(cli):\n    cli.add_command(__import__('click').Command('swim'))\n")
    cli: Any = click.Group("careplan")
    assert add_commands(cli) == ()
    assert list(cli.commands) == ["swim"]
    assert pool(knowledge).commands is not None
