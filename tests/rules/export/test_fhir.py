"""What is exported as FHIR: its models accept it, all of a rule stands in it, and nobody's name is made up."""

from __future__ import annotations

import base64
import builtins
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from attrs import evolve
from fhir.resources.R4B.library import Library as FhirLibrary
from fhir.resources.R4B.plandefinition import PlanDefinition

from careplan.errors import CareplanError, RulesetError
from careplan.knowledge import Knowledge
from careplan.rules.export.cql import Library, cql_library, must_know
from careplan.rules.export.fhir import fhir_resources
from careplan.rules.ruleset import Ruleset


def installed(knowledge: Knowledge) -> list[Ruleset]:
    return [each for versions in knowledge.versions.values() for each in versions]


@pytest.fixture(scope="module")
def libraries(knowledge: Knowledge) -> dict[str, Library]:
    rulesets = installed(knowledge)
    return {each.name: cql_library(each, rulesets, knowledge.vocabulary.facts) for each in rulesets}


def test_fhir_s_models_accept_what_is_exported_and_it_survives_them(libraries: Mapping[str, Library]) -> None:
    for library in libraries.values():
        plan, logic = fhir_resources(library)
        assert json.loads(PlanDefinition.model_validate(plan).model_dump_json()) == plan
        assert json.loads(FhirLibrary.model_validate(logic).model_dump_json()) == logic


def test_the_library_carries_the_cql_and_the_plan_definition_names_it(libraries: Mapping[str, Library]) -> None:
    for library in libraries.values():
        plan, logic = fhir_resources(library, "https://clinic.example/fhir/")
        assert base64.b64decode(logic["content"][0]["data"]).decode() == str(library)
        assert plan["library"] == [f"{logic['url']}|{logic['version']}"]
        assert logic["name"] == library.ruleset.id
        names = {each["name"] for each in logic["parameter"]}
        assert names == {each.name for each in library.definitions if each.of != "fact"}


def test_every_rule_is_an_action_whose_conditions_are_defined(libraries: Mapping[str, Library]) -> None:
    for library in libraries.values():
        plan, _ = fhir_resources(library)
        ruleset = library.ruleset
        defined = {each.name: each.of for each in library.definitions}
        ids = [*(each.id for each in ruleset.contradictions), *(each.id for each in ruleset.rules)]
        assert [each["id"] for each in plan["action"]] == ids
        for action in plan["action"]:
            for each in [action, *action.get("action", ())]:
                names = [condition["expression"]["expression"] for condition in each.get("condition", ())]
                assert {defined[name] for name in names} <= {"rule", "part", "contradiction", "must know"}
            assert action["condition"][0]["expression"]["expression"] == action["id"]


def test_all_of_a_rule_stands_in_its_action(knowledge: Knowledge, libraries: Mapping[str, Library]) -> None:
    for ruleset in installed(knowledge):
        actions = {each["id"]: each for each in fhir_resources(libraries[ruleset.name])[0]["action"]}
        for rule in ruleset.rules:
            action = actions[rule.id]
            assert action["title"] == rule.title
            assert action.get("textEquivalent") == rule.patient
            assert [each["citation"] for each in action["documentation"]] == [each.cite for each in rule.evidence]
            words = (*rule.tags, *rule.requires_known, *rule.after, *rule.asks, *rule.helps, *rule.effects.blocks)
            words = (*words, *rule.effects.keeps, *rule.effects.adapts.values(), rule.clinician or "", rule.notes or "")
            assert [each for each in (*words, rule.uncertain or "") if each not in action["description"]] == []
            assert len(action["condition"]) == 1 + bool(rule.requires_known)
            patients = {"type": "patient"} in action["participant"]
            assert patients is (rule.audience == "both")
            assert [each["textEquivalent"] for each in action.get("action", ())] == [each.text for each in rule.parts]


def test_an_emergency_waits_for_nothing_and_any_other_rule_for_what_it_must_know(knowledge: Knowledge) -> None:
    (safety,) = knowledge.versions["safety"]
    emergency, urgent = (
        next(each for each in safety.rules if each.priority == name) for name in ("emergency", "safety")
    )
    rules = tuple(evolve(each, requires_known=("dx.osa",)) for each in (emergency, urgent))
    assert [must_know(each) for each in rules] == [None, f"{urgent.id} must know"]
    library = cql_library(evolve(safety, rules=rules), (), knowledge.vocabulary.facts)
    found = {each.name: each.text for each in library.definitions if each.of == "must know"}
    assert found == {f"{urgent.id} must know": '"dx.osa" is not null'}
    actions = {each["id"]: each for each in fhir_resources(library)[0]["action"]}
    assert [len(actions[each.id]["condition"]) for each in rules] == [1, 2]


def test_graded_exposure_and_sleep_as_fhir(libraries: Mapping[str, Library]) -> None:
    plan, logic = fhir_resources(libraries["graded_exposure@2026.1"], "https://clinic.example/fhir")
    assert (plan["id"], plan["name"]) == ("graded-exposure-2026.1", "GradedExposure")
    assert plan["url"] == "https://clinic.example/fhir/PlanDefinition/graded-exposure"
    assert logic["url"] == "https://clinic.example/fhir/Library/graded-exposure"
    assert "publisher" not in plan | logic
    plan, _ = fhir_resources(libraries["sleep@2026.1"])
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", plan["url"])
    (action,) = (each for each in plan["action"] if each["id"] == "SLP-03")
    assert (action["priority"], action["code"]) == ("routine", [{"text": "action"}])
    assert action["relatedAction"] == [{"actionId": "SLP-01", "relationship": "after"}]
    assert "Must be known: sleep.restriction_unsafe" in action["description"]
    assert "Unverified: floor of 5.5 h is a convention" in action["description"]


def test_without_fhir_resources_the_error_says_what_to_install(
    libraries: Mapping[str, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name.startswith("fhir"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(CareplanError, match=re.escape("install careplan[fhir]")):
        fhir_resources(libraries["sleep@2026.1"])


def test_what_fhir_does_not_accept_is_an_error_of_the_ruleset(libraries: Mapping[str, Library]) -> None:
    library = libraries["sleep@2026.1"]
    untitled = evolve(library.ruleset, title="")
    with pytest.raises(RulesetError, match="sleep@2026.1 has what FHIR does not accept"):
        fhir_resources(evolve(library, ruleset=untitled))
    long = evolve(library.ruleset, id="a" * 58)
    with pytest.raises(RulesetError, match="an id of FHIR has at most 64 characters; a{58}-2026.1 has 65"):
        fhir_resources(evolve(library, ruleset=long))
