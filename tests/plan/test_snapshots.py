"""The whole plan of each of the twelve cases, as it was last looked at: reasons, details, sections and their order.

What the expected results of the cases do not say stands in a snapshot, one file a case. After a change that is meant,
``pytest tests/plan/test_snapshots.py --snapshot-update`` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from careplan.knowledge import Knowledge
from careplan.plan.editions import for_edition
from careplan.plan.model import Plan
from careplan.render.json import plan_json
from careplan.rules.ruleset import Rule
from tests.test_whole_people import CASES, from_intake

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

WIDTH = 118
OF_THE_RULE = (
    "rule", "ruleset", "modality", "title", "priority", "kind", "audience", "patient", "clinician", "because",
    "evidence", "certainty", "uncertain", "tags", "helps", "adapted_by", "parts", "parts_left_out",
)  # fmt: skip
"""What a recommendation takes over from its rule word by word; where words are filled in they are shown."""


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON in which everything that fits stands on one line."""
    line = json.dumps(value, ensure_ascii=False)
    inner = " " * (indent + 2)
    if len(line) + indent <= WIDTH or not isinstance(value, list | dict):
        return line
    if isinstance(value, list):
        rows = [inner + laid_out(each, indent + 2) for each in value]
    else:
        rows = [f"{inner}{json.dumps(key)}: {laid_out(each, indent + 2)}" for key, each in value.items()]
    ends = "[]" if isinstance(value, list) else "{}"
    return f"{ends[0]}\n" + ",\n".join(rows) + f"\n{' ' * indent}{ends[1]}"


class LaidOut(SingleFileSnapshotExtension):
    """One JSON file a case."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"

    def serialize(self, data: Any, **_: Any) -> str:
        return laid_out(data) + "\n"


def own(recommendation: Mapping[str, Any], rule: Rule) -> Iterator[tuple[str, Any]]:
    """What a recommendation says of this person: all that is not the word of its rule."""
    for key in ("patient", "clinician"):
        if recommendation[key] != getattr(rule, key):
            yield key, recommendation[key]
    yield from ((key, value) for key, value in recommendation.items() if key not in OF_THE_RULE and value)
    yield from [("adapted_by", [each["rule"] for each in recommendation["adapted_by"]])]
    yield from ((key, [each["part"] for each in recommendation[key]]) for key in ("parts", "parts_left_out"))


def whole(plan: Plan, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The plan without what stands word by word in rulesets, or changes with every release."""
    found = plan_json(plan)
    for key in ("emergency", "safety", "recommendations"):
        found[key] = {
            each["rule"]: {name: value for name, value in own(each, rules[each["rule"]]) if value}
            for each in found[key]
        }
    for key in ("ask_first", "blocked", "unknown", "contradictions_found"):
        for each in found[key]:
            del each["title"]
    for each in found["missing_answers"]:
        del each["meaning"]
    for key in ("facts", "plugins", "engine"):
        del found[key]
    found["rulesets"] = [f"{name}@{each['version']}" for name, each in found["rulesets"].items()]
    return found


def patients(plan: Plan) -> dict[str, Any]:
    """What the patient's copy shows: what stands, waits and is taken out, and the details of every section."""
    view = for_edition(plan, "patient")
    standing = (*view.emergency, *view.safety, *view.recommendations)
    return {
        "standing": {each.rule: [detail.id for detail in each.details] for each in standing},
        "ask_first": [each.recommendation.rule for each in view.ask_first],
        "blocked": {each.recommendation.rule: each.reason for each in view.blocked},
        "phases": [list(phase) for phase in view.phases],
        "sections": {
            each.id: [[rule.rule for rule in each.recommendations], [detail.id for detail in each.details]]
            for each in view.sections
        },
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_plan_as_last_read(case: dict[str, Any], knowledge: Knowledge, snapshot: SnapshotAssertion) -> None:
    plan = from_intake(case, knowledge)
    rules = knowledge.engine(plan.on, {}).base.rules
    assert {"plan": whole(plan, rules), "patient": patients(plan)} == snapshot(extension_class=LaidOut)


def test_there_is_a_snapshot_of_every_case_and_of_nobody_else() -> None:
    files = (Path(__file__).parent / "__snapshots__" / "test_snapshots").iterdir()
    assert sorted(each.name for each in files) == sorted(f"test_plan_as_last_read[{case['id']}].json" for case in CASES)
