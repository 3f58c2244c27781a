"""The same conditions for zen-engine (Rust): one expression a condition, true, false or null as in CQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import zen

from careplan.cql.compile import compile_trees
from careplan.rules.base import RuleBase
from careplan.rules.paths import Atom, Path, Property, paths


def zen_decider(base: RuleBase) -> Callable[[Mapping[str, Any]], dict[str, bool | None]]:
    """A function that decides every condition of the base by zen-engine, over facts in which all derived ones stand.

    What durable-rules is spared, lists and arithmetic, is computed beforehand here too.
    """
    properties: dict[Property, str] = {}
    expressions: list[dict[str, str]] = []
    for name, condition in base.conditions.items():
        true, false = paths(name, condition)
        for path in (*true, *false):
            for atom in path:
                properties.setdefault(atom.of, f"p{len(properties)}")
        value = f"({_any(true, properties)}) ? true : ({_any(false, properties)}) ? false : null"
        expressions.append({"id": name, "key": f"c{len(expressions)}", "value": value})
    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "facts", "type": "inputNode", "name": "facts"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
            {"id": "outcomes", "type": "outputNode", "name": "outcomes"},
        ],
        "edges": [
            {"id": "in", "sourceId": "facts", "targetId": "rules", "type": "edge"},
            {"id": "out", "sourceId": "rules", "targetId": "outcomes", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    leaves = compile_trees({written: each.leaf for each, written in properties.items() if each.leaf is not None})
    named = {written: each.fact for each, written in properties.items() if each.fact is not None}

    def decide(facts: Mapping[str, Any]) -> dict[str, bool | None]:
        posted = {written: facts.get(fact) for written, fact in named.items()} | leaves(facts)
        result = decision.evaluate(posted)["result"]
        return {name: result.get(f"c{number}") for number, name in enumerate(base.conditions)}

    return decide


def _any(alternatives: tuple[Path, ...], properties: Mapping[Property, str]) -> str:
    return " or ".join(_all(path, properties) for path in alternatives) or "false"


def _all(path: Path, properties: Mapping[Property, str]) -> str:
    terms = [_atom(atom, properties[atom.of]) for atom in sorted(path, key=repr)]
    return f"({' and '.join(terms)})" if terms else "true"


def _atom(atom: Atom, name: str) -> str:
    return f"({name} != null and {name} {atom.comparison} {json.dumps(atom.constant, ensure_ascii=False)})"
