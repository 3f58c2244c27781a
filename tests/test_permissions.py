"""A stranger's rules change their own modality's recommendations only, unless the service allows it by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from careplan.configuration import read_configuration
from careplan.cql import Type
from careplan.errors import PluginError
from careplan.permissions import (
    NOTHING,
    Permissions,
    foreign_effects,
    refuse_foreign_effects,
)
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruleset import Ruleset

TYPES = {"pain": Type.INTEGER, "pool.cold": Type.BOOLEAN, "contradiction.p1": Type.BOOLEAN}
TAGS = ("heat", "relax", "manual", "swim")
ANY_RULE = {
    "title": "Any",
    "when": "pain > 3",
    "priority": "core",
    "kind": "action",
    "patient": "Do it.",
    "because": "It helps.",
    "evidence": [{"id": "x", "cite": "X", "grade": "low"}],
}


def ruleset(name: str, *rules: dict[str, Any], contradictions: tuple[dict[str, Any], ...] = ()) -> Ruleset:
    content = {
        "id": name,
        "version": "2026.1",
        "effective": "2026-01-01",
        "title": name,
        "rules": [ANY_RULE | each for each in rules],
        "contradictions": list(contradictions),
    }
    return ruleset_from_text(json.dumps(content), f"{name}.yaml", TYPES, TAGS)


BUILT_IN = ruleset(
    "relaxing",
    {"id": "REL-01", "tags": ["heat"]},
    {"id": "REL-02", "parts": [{"text": "Lie down.", "tags": ["relax"]}]},
    {"id": "REL-03", "when": "pool.cold"},
    {"id": "REL-04", "requires_known": ["pool.cold"]},
    {"id": "REL-05", "parts": [{"text": "Swim.", "when": "contradiction.p1"}]},
    {"id": "REL-06", "priority": "safety"},
)


EVERY_RULE = ("REL-01", "REL-02", "REL-03", "REL-04", "REL-05", "REL-06")


def found(*rules: dict[str, Any], **more: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    own = ruleset("pool", {"id": "POO-00", "tags": ["swim", "heat"]}, *rules, **more)
    return [(each.rule, each.does, each.touches) for each in foreign_effects([own], [BUILT_IN, own])]


def rule(effects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "POO-01", "effects": effects, **more}


@pytest.mark.parametrize(
    ("effects", "does", "touches"),
    [
        ({"blocks": ["heat"]}, "blocks heat", ("REL-01",)),
        ({"blocks": ["relax"]}, "blocks relax", ("REL-02",)),
        ({"adapts": {"heat": "Not so warm."}}, "adapts heat", ("REL-01",)),
        ({"keeps": ["POO-00", "REL-05"]}, "cuts the plan", ("REL-01", "REL-02", "REL-03", "REL-04")),
        ({"review": ["pool", "relaxing"]}, "reviews relaxing", ("relaxing",)),
        ({"review": "plan"}, "reviews the plan", EVERY_RULE),
        ({"withhold": True}, "withholds the plan", EVERY_RULE),
    ],
)
def test_an_effect_on_others_is_found_with_what_it_touches(
    effects: dict[str, Any], does: str, touches: tuple[str, ...]
) -> None:
    assert found(rule(effects)) == [("POO-01", does, touches)]


@pytest.mark.parametrize(
    "effects", [{"blocks": ["swim"]}, {"adapts": {"swim": "Slowly."}}, {"review": ["pool"]}, {"blocks": ["manual"]}]
)
def test_what_a_rule_does_to_its_own_modality_concerns_nobody(effects: dict[str, Any]) -> None:
    assert found(rule(effects)) == []


@pytest.mark.parametrize("priority", ["emergency", "safety"])
def test_a_safety_finding_may_withhold_the_plan_or_ask_for_its_review(priority: str) -> None:
    assert found(rule({"withhold": True, "review": "plan"}, priority=priority)) == []
    assert [does for _, does, _ in found(rule({"blocks": ["heat"]}, priority=priority))] == ["blocks heat"]


def test_a_fact_that_others_read_or_must_know_is_decided_for_them() -> None:
    assert found(rule({}, derive="pool.cold")) == [("POO-01", "decides pool.cold", ("REL-03", "REL-04"))]


def test_a_contradiction_holds_what_it_names_and_decides_its_fact() -> None:
    detector = {
        "id": "P1",
        "title": "Cold and warm",
        "when": "pain > 3",
        "safe_reading": "Cold.",
        "resolution": "Ask.",
        "holds": {"tags": ["relax", "swim"], "rules": ["REL-01", "POO-00"]},
    }
    assert found(contradictions=(detector,)) == [
        ("P1", "decides contradiction.p1", ("REL-05",)),
        ("P1", "holds REL-01", ("REL-01",)),
        ("P1", "holds relax", ("REL-02",)),
    ]


def test_what_is_not_allowed_names_rule_tag_and_the_line_that_allows_it() -> None:
    own = ruleset("pool", rule({"blocks": ["heat"], "adapts": {"heat": "Not so warm."}}))
    with pytest.raises(PluginError) as caught:
        refuse_foreign_effects("pool", [own], [BUILT_IN], Permissions({"pool": frozenset({"blocks relax"})}))
    *effects, remedy = [each.message for each in caught.value.problems]
    assert effects == ["POO-01 adapts heat (REL-01)", "POO-01 blocks heat (REL-01)"]
    assert remedy == (
        "a plugin changes its own recommendations only; a service that wants this writes into its configuration: "
        '[plugins.pool] may = ["adapts heat", "blocks heat", "blocks relax"]'
    )
    assert all(str(each.location).startswith("pool.yaml:") for each in caught.value.problems[:2])


def test_what_is_allowed_by_name_passes_and_nothing_beside_it() -> None:
    own = ruleset("pool", rule({"blocks": ["heat"]}))
    refuse_foreign_effects("pool", [own], [BUILT_IN], Permissions({"pool": frozenset({"blocks heat"})}))
    for other in (NOTHING, Permissions({"sauna": frozenset({"blocks heat"})}), Permissions({"pool": frozenset()})):
        with pytest.raises(PluginError):
            refuse_foreign_effects("pool", [own], [BUILT_IN], other)


def test_the_line_an_error_prints_is_the_configuration_that_allows_it(tmp_path: Path) -> None:
    own = ruleset("pool", rule({"blocks": ["heat"], "review": ["relaxing"]}))
    with pytest.raises(PluginError) as caught:
        refuse_foreign_effects("pool", [own], [BUILT_IN])
    table, _, setting = caught.value.problems[-1].message.partition("configuration: ")[2].partition("] ")
    file = tmp_path / "config.toml"
    file.write_text(f"{table}]\n{setting}\n", encoding="utf-8")
    refuse_foreign_effects("pool", [own], [BUILT_IN], read_configuration(file).permissions)
