"""One version of a ruleset → a FHIR R4 PlanDefinition, and the Library that holds its CQL.

Only what FHIR can say is coded. What it has no element for (effects, tags, what a rule must know) stands as text in the
description of the action, so that whoever reads the resource reads all of the rule.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from careplan.errors import CareplanError, RulesetError
from careplan.rules.base import part_name
from careplan.rules.export.cql import Library, must_know
from careplan.rules.ruleset import Citation, Contradiction, Effects, Part, Priority, Rule, Ruleset

Resource = dict[str, Any]

LONGEST_ID = 64
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
PRIORITIES: dict[Priority, str] = {"emergency": "stat", "safety": "urgent", "core": "routine", "adjunct": "routine"}
"""FHIR's request priority for each of ours."""
USAGE = (
    "The first condition of an action says whether its rule fires; a second one, whether all is known that must be "
    "known before the recommendation is released. What a fired rule does to other recommendations (withholding, "
    "review, blocking, adapting, holding) it does even while it is not released itself. That is said in words in its "
    "description and is not applied by a system that reads conditions only: apply it, or use the actions as proposals "
    "that a clinician looks through."
)
TYPES = {"Boolean": "boolean", "Integer": "integer", "Decimal": "decimal", "String": "string"}


def fhir_resources(library: Library, base: str | None = None) -> tuple[Resource, Resource]:
    """The PlanDefinition and the Library of a ruleset, as JSON values that FHIR's models accept.

    Their canonical URLs are below ``base``, such as ``https://clinic.example/fhir``, or else URNs that the ruleset's
    id alone decides. Raises CareplanError without fhir.resources, RulesetError for what FHIR does not accept.
    """
    found = _plan_definition(library, base), _library(library, base)
    _validate(library.ruleset, *found)
    return found


def _validate(ruleset: Ruleset, plan: Resource, library: Resource) -> None:
    try:
        from fhir.resources.R4B.library import Library as FhirLibrary
        from fhir.resources.R4B.plandefinition import PlanDefinition
    except ImportError:
        raise CareplanError("FHIR needs the package fhir.resources; install careplan[fhir]") from None
    try:
        PlanDefinition.model_validate(plan)
        FhirLibrary.model_validate(library)
    except ValueError as error:
        raise RulesetError(f"{ruleset.name} has what FHIR does not accept: {error}") from None


def _about(library: Library, kind: str, base: str | None) -> Resource:
    """What both resources begin with."""
    ruleset = library.ruleset
    return {
        "resourceType": kind,
        "id": resource_id(ruleset),
        "url": _url(kind, ruleset, base),
        "version": ruleset.version,
        "name": "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", ruleset.id)),
        "title": ruleset.title,
        "status": "active",
        "description": f"The rules of {ruleset.name}, {ruleset.digest}.",
        "effectivePeriod": {"start": ruleset.effective.isoformat()},
    }


def resource_id(ruleset: Ruleset) -> str:
    """The id of both resources, in the characters that FHIR allows: ``graded-exposure-2026.1``."""
    found = re.sub(r"[^A-Za-z0-9.-]", "-", f"{ruleset.id}-{ruleset.version}")
    if len(found) > LONGEST_ID:
        raise RulesetError(f"an id of FHIR has at most {LONGEST_ID} characters; {found} has {len(found)}")
    return found


def _url(kind: str, ruleset: Ruleset, base: str | None) -> str:
    if base:
        return f"{base.rstrip('/')}/{kind}/{re.sub('[^A-Za-z0-9.-]', '-', ruleset.id)}"
    return uuid5(NAMESPACE_URL, f"careplan:{kind}:{ruleset.id}").urn


def _library(library: Library, base: str | None) -> Resource:
    content = {
        "contentType": "text/cql",
        "title": f"{library.ruleset.name}.cql",
        "data": base64.b64encode(str(library).encode()).decode(),
    }
    return {
        **_about(library, "Library", base),
        "name": library.ruleset.id,  # the name that the CQL itself declares
        "type": _coded("library-type", "logic-library"),
        "parameter": list(_parameters(library)),
        "content": [content],
    }


def _parameters(library: Library) -> Iterator[Resource]:
    """The facts that go in, and the outcomes that come out."""
    for each in library.definitions:
        if each.of == "parameter":
            about = " ".join(each.remarks)
            kind = TYPES[each.text]
            yield {"name": each.name, "use": "in", "min": 0, "max": "1", "documentation": about, "type": kind}
    for each in library.definitions:
        if each.of not in ("parameter", "fact"):
            yield {"name": each.name, "use": "out", "min": 0, "max": "1", "type": "boolean"}


def _plan_definition(library: Library, base: str | None) -> Resource:
    ruleset = library.ruleset
    actions = [_contradiction(each) for each in ruleset.contradictions] + [
        _action(each, {rule.id for rule in ruleset.rules}) for each in ruleset.rules
    ]
    return {
        **_about(library, "PlanDefinition", base),
        "type": _coded("plan-definition-type", "eca-rule"),
        "usage": USAGE,
        "library": [f"{_url('Library', ruleset, base)}|{ruleset.version}"],
        "action": actions,
    }


def _action(rule: Rule, own: set[str]) -> Resource:
    names = [rule.id, *filter(None, [must_know(rule)])]
    found: Resource = {
        "id": rule.id,
        "prefix": rule.id,
        "title": rule.title,
        "description": "\n".join(_statements(rule)),
        "textEquivalent": rule.patient,
        "priority": PRIORITIES[rule.priority],
        "code": [{"text": rule.kind}],
        "reason": [{"text": rule.because}],
        "documentation": [_citation(each) for each in rule.evidence],
        "condition": [_condition(each) for each in names],
        "relatedAction": [{"actionId": each, "relationship": "after"} for each in rule.after if each in own],
        "participant": _participants(rule.audience == "both"),
        "action": [_part(rule, number, part) for number, part in enumerate(rule.parts)],
    }
    return {key: value for key, value in found.items() if value}


def _part(rule: Rule, number: int, part: Part) -> Resource:
    name = part_name(rule, number)
    found: Resource = {
        "id": name,
        "description": "\n".join(_listed({"Edition": (part.edition,), "Tags": part.tags})),
        "textEquivalent": part.text,
        "condition": [_condition(name)] if part.when else [],
        "participant": _participants(part.edition != "clinician" and rule.audience == "both"),
    }
    return {key: value for key, value in found.items() if value}


def _contradiction(found: Contradiction) -> Resource:
    holds = {"Holds the tags": found.holds_tags, "Holds the rules": found.holds_rules, "Affects": found.affects}
    return {
        "id": found.id,
        "prefix": found.id,
        "title": found.title,
        "description": "\n".join([found.safe_reading, found.resolution, *_listed(holds)]),
        "code": [{"text": "contradiction"}],
        "condition": [_condition(found.id)],
        "participant": _participants(False),
    }


def _statements(rule: Rule) -> Iterator[str]:
    """All of a rule that FHIR has no element for, a statement a line."""
    if rule.clinician:
        yield rule.clinician
    if rule.certainty == "unverified":
        yield f"Unverified: {rule.uncertain or 'not checked against its source'}"
    audience = () if rule.audience == "both" else (rule.audience,)
    lists = {
        "Priority": (rule.priority,),
        "Audience": audience,
        "Tags": rule.tags,
        "Must be known": rule.requires_known,
    }
    yield from _listed(lists)
    yield from _effects(rule.effects)
    yield from _listed({"Comes after": rule.after, "Asks for": rule.asks, "Helps with": rule.helps})
    yield from _listed({"Decides the fact": (rule.derive,) if rule.derive else ()})
    if rule.notes:
        yield f"Notes: {rule.notes}"


def _effects(effects: Effects) -> Iterator[str]:
    if effects.withhold:
        yield "Withholds the plan until the finding is cleared."
    if effects.review == "plan":
        yield "The plan waits for a clinician's review."
    elif effects.review:
        yield from _listed({"Waiting for a clinician's review": effects.review})
    yield from _listed({"Blocks recommendations with the tags": effects.blocks})
    yield from (f"Adapts recommendations with the tag {tag}: {text}" for tag, text in effects.adapts.items())
    yield from _listed({"Of the core and adjunct recommendations keeps only": effects.keeps})


def _listed(lists: dict[str, tuple[str, ...]]) -> Iterator[str]:
    return (f"{heading}: {', '.join(names)}" for heading, names in lists.items() if names)


def _citation(citation: Citation) -> Resource:
    return {
        "type": "citation",
        "label": citation.id,
        "display": f"Grade: {citation.grade}",
        "citation": citation.cite,
    }


def _condition(name: str) -> Resource:
    expression = {"language": "text/cql-identifier", "expression": name}
    return {"kind": "applicability", "expression": expression}


def _participants(patient: bool) -> list[Resource]:
    kinds: Iterable[str] = ("patient", "practitioner") if patient else ("practitioner",)
    return [{"type": each} for each in kinds]


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}
