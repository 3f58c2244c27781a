"""The schema of a ruleset file accepts what the reader accepts, and refuses what the reader refuses for its shape."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from careplan.errors import RulesetError
from careplan.knowledge import Knowledge
from careplan.located import read
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruleset import Priority
from careplan.rules.schema import ruleset_schema
from tests.docs.pages import ROOT

SHAPE = {"missing", "unknown_key", "type", "invalid"}
"""Codes of the reader's problems that are of the shape of a file."""
WRONG: tuple[Any, ...] = (None, 5, "wrong words", True, [], {}, ["wrong"], [5], {"wrong": 1}, [{}], "", "plan", [None])


@pytest.fixture(scope="module")
def validator(knowledge: Knowledge) -> Draft202012Validator:
    schema = ruleset_schema(knowledge.tags, knowledge.vocabulary.types)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def documents(knowledge: Knowledge) -> dict[str, Any]:
    files = {each.name: Path(each.source) for versions in knowledge.versions.values() for each in versions}
    return {name: read(file.read_bytes(), str(file)).plain for name, file in files.items()}


def small(documents: dict[str, Any]) -> dict[str, Any]:
    """A ruleset with every key that a ruleset may have, once."""
    rule = {
        "id": "A-01", "title": "a", "when": "dx.osa", "priority": "core", "kind": "action", "audience": "both",
        "patient": "a", "clinician": "b", "tags": ["relax"], "requires_known": ["dx.osa"], "helps": ["sleep"],
        "asks": ["dx.osa"], "after": ["B-01"], "certainty": "unverified", "uncertain": "a", "notes": "b",
        "derive": "contradiction.c1", "because": "a", "evidence": [{"id": "a", "cite": "b", "grade": "c"}],
        "effects": {
            "withhold": True, "review": ["sleep"], "blocks": ["relax"], "adapts": {"relax": "a"}, "keeps": ["B-01"],
        },
        "parts": [{"text": "a", "edition": "clinician", "tags": ["relax"], "when": "dx.osa"}],
    }  # fmt: skip
    other = {key: rule[key] for key in ("title", "when", "priority", "kind", "clinician", "because", "evidence")}
    (contradiction, *_) = documents["safety@2026.1"]["contradictions"]
    holds = {"tags": ["relax"], "rules": ["A-01"]}
    return {
        "id": "a", "version": "1", "effective": "2026-01-01", "title": "a",
        "rules": [rule, {**other, "id": "B-01", "audience": "clinician", "effects": {"review": "plan"}}],
        "contradictions": [{**contradiction, "id": "Q1", "affects": ["a"], "holds": holds}],
    }  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value below the root."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def mutations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one value missing, one key too many, or one value of another type, each in turn."""
    for path in places(document):
        changed = copy.deepcopy(document)
        del at(changed, path[:-1])[path[-1]]
        yield f"without {path}", changed
        for wrong in WRONG:
            changed = copy.deepcopy(document)
            at(changed, path[:-1])[path[-1]] = wrong
            yield f"{path} {wrong!r}", changed
        if isinstance(at(document, path), dict):
            changed = copy.deepcopy(document)
            at(changed, path)["wrong"] = "words"
            yield f"{path} with a key too many", changed


def codes(document: dict[str, Any], knowledge: Knowledge) -> set[str]:
    """The codes of what the reader finds wrong."""
    try:
        ruleset_from_text(json.dumps(document), "a.yaml", knowledge.vocabulary.types, knowledge.tags)
    except RulesetError as error:
        return {each.code for each in error.problems}
    return set()


def test_every_ruleset_is_valid(validator: Draft202012Validator, documents: dict[str, Any]) -> None:
    for name, document in documents.items():
        assert [f"{name} {each.json_path}: {each.message}" for each in validator.iter_errors(document)] == []


def test_the_schema_and_the_reader_refuse_the_same_shapes(
    validator: Draft202012Validator, documents: dict[str, Any], knowledge: Knowledge
) -> None:
    document = small(documents)
    assert (codes(document, knowledge), list(validator.iter_errors(document))) == (set(), [])
    refused = 0
    apart = []
    for what, changed in mutations(document):
        found, accepted = codes(changed, knowledge), validator.is_valid(changed)
        refused += bool(found & SHAPE)
        if accepted and found & SHAPE:
            apart.append(f"{what}: only the reader refuses it")
        if not accepted and not found:
            apart.append(f"{what}: only the schema refuses it")
    assert apart == []
    assert refused > 500


def test_each_key_is_described_and_the_words_are_those_of_the_model(validator: Draft202012Validator) -> None:
    rule = validator.schema["$defs"]["rule"]
    assert rule["properties"]["priority"]["enum"] == list(get_args(Priority))
    undescribed = [
        f"{name} {key}"
        for name, each in {"": validator.schema, **validator.schema["$defs"]}.items()
        for key, inner in each.get("properties", {}).items()
        if "description" not in inner and inner.keys() != {"anyOf"}
    ]
    assert undescribed == []


def test_the_copy_in_the_documentation_is_fresh(validator: Draft202012Validator) -> None:
    copied = json.loads((ROOT / "docs" / "ruleset.schema.json").read_text(encoding="utf-8"))
    assert copied == validator.schema, "stale; run: careplan rules schema > docs/ruleset.schema.json"
