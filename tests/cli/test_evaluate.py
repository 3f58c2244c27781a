"""``careplan evaluate``: the rules alone over facts; what is left out is derived or unknown, and never assumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

KEYS = [
    *("careplan", "case", "on", "status", "minimal", "emergency", "safety", "recommendations", "ask_first", "blocked"),
    *("adapted", "unknown", "review_modalities", "contradictions", "assumed_no", "phases", "facts", "rulesets"),
    *("plugins", "engine", "failures"),
]
RECOMMENDATION = [
    *("rule", "ruleset", "modality", "priority", "kind", "audience", "phase", "patient", "clinician", "because"),
    *("evidence", "certainty", "triggered_by", "adapted_by", "parts_left_out"),
]
SLEEPLESS = {"isi.total": 16, "sleep.slept_hours": 6.0, "sleep.time_in_bed_hours": 8.0}
SAFE_TO_RESTRICT = {
    "finding.sleep_restriction_contraindicated": False,
    "finding.bipolar_suspected": False,
    "finding.mania_now": False,
    "finding.drowsy_driving": False,
    "finding.safety_critical_job": False,
    "finding.parasomnia": False,
    "dx.bipolar": False,
    "dx.psychosis": False,
    "dx.epilepsy": False,
    "dx.osa": False,
    "dx.mecfs": False,
    "stopbang.risk": "low",
    "ess.total": 4,
    "med.opioid": False,
    "dsqpem.step1": False,
    "person.pregnant": False,
}
CLEARED = {"rule": "SAF-02", "by": "Dr Bell", "role": "GP", "on": "2026-03-02", "reason": "Seen; safety plan made"}


def file(facts: dict[str, Any], **beside: Any) -> str:
    return json.dumps({"on": "2026-03-02", "facts": facts, **beside})


def evaluated(run: Run, facts: dict[str, Any], *options: str, code: int = 0, **beside: Any) -> dict[str, Any]:
    ended, out, _ = run("evaluate", "-", "--json", *options, stdin=file(facts, **beside))
    assert ended == code
    plan: dict[str, Any] = json.loads(out)
    return plan


def refused(run: Run, text: str, *options: str) -> list[str]:
    code, out, err = run("evaluate", "-", *options, stdin=text)
    assert (code, out) == (2, "")
    return err.splitlines()


def rules(found: list[dict[str, Any]]) -> list[str]:
    return [each["rule"] for each in found]


def test_the_answer_has_every_key_of_a_plan(run: Run) -> None:
    plan = evaluated(run, SLEEPLESS)
    assert [key for key in KEYS if key not in plan] == []
    assert (plan["careplan"], plan["on"], plan["assumed_no"], plan["failures"]) == ("plan/1", "2026-03-02", [], [])
    assert plan["rulesets"]["sleep"]["digest"].startswith("sha256:")
    assert plan["engine"] == {"live": "durable-rules 2.0.28", "verified_by": "reference"}
    for each in (*plan["safety"], *plan["recommendations"]):
        assert [key for key in RECOMMENDATION if key not in each] == []
    assert {"rule", "missing"} <= plan["unknown"][0].keys()


def test_a_fact_that_is_left_out_is_derived_where_its_inputs_allow(run: Run) -> None:
    facts = evaluated(run, SLEEPLESS)["facts"]
    assert (facts["sleep.efficiency"], facts["sleep.insomnia"]) == (75.0, 2)


def test_a_fact_that_is_left_out_and_does_not_follow_is_unknown(run: Run) -> None:
    plan = evaluated(run, {**SLEEPLESS, "phq9.total": None})
    assert "phq9.total" not in plan["facts"]
    waiting = {each["rule"]: each["missing"] for each in plan["unknown"]}
    assert waiting["SAF-06"] == [
        f"red_flag.{each}" for each in ("saddle_anaesthesia", "bladder_bowel", "bilateral_leg_weakness")
    ]


def test_nothing_is_assumed_to_be_no(run: Run) -> None:
    plan = evaluated(run, SLEEPLESS)
    assert plan["assumed_no"] == []
    assert "finding.likes_heat" not in plan["facts"]


def test_what_must_be_known_first_holds_a_recommendation(run: Run) -> None:
    unasked = {name: value for name, value in SAFE_TO_RESTRICT.items() if name != "dx.epilepsy"}
    held = evaluated(run, {**SLEEPLESS, **unasked})
    assert "SLP-03" not in rules(held["recommendations"])
    assert [each["missing"] for each in held["ask_first"] if each["rule"] == "SLP-03"] == [["sleep.restriction_unsafe"]]
    released = evaluated(run, {**SLEEPLESS, **SAFE_TO_RESTRICT})
    assert "SLP-03" in rules(released["recommendations"])


def test_a_blocked_recommendation_names_what_blocks_it(run: Run) -> None:
    plan = evaluated(run, {**SLEEPLESS, **SAFE_TO_RESTRICT, "dx.epilepsy": True})
    assert {each["rule"]: each["by"] for each in plan["blocked"]}["SLP-03"] == ["SLP-04"]


def test_an_emergency_withholds_and_exits_1(run: Run) -> None:
    plan = evaluated(run, {"phq9.item9": 1}, code=1)
    assert (plan["status"], rules(plan["emergency"])) == ("withheld", ["SAF-02"])


def test_a_cleared_emergency_waits_for_review_and_stays_visible(run: Run) -> None:
    plan = evaluated(run, {"phq9.item9": 1}, cleared=[CLEARED])
    assert plan["status"] == "review_first"
    (emergency,) = plan["emergency"]
    assert emergency["cleared"] == {key: value for key, value in CLEARED.items() if key != "rule"}


def test_only_an_emergency_that_is_there_can_be_cleared(run: Run) -> None:
    said = refused(run, file(SLEEPLESS, cleared=[{**CLEARED, "rule": "SLP-03"}]))
    assert said == ["cleared: 'SLP-03' is no emergency rule"]


def test_goals_move_forward_what_helps_them(run: Run) -> None:
    facts = {**SLEEPLESS, **SAFE_TO_RESTRICT, "pain.duration_months": 12, "dx.cancer_active": False}
    for helps, first, second in (("sleep", "SLP-01", "PNE-01"), ("knowledge", "PNE-01", "SLP-01")):
        phases = evaluated(run, facts, goals=[{"text": "What I want", "helps": [helps]}])["phases"]
        order = [rule for phase in phases for rule in phase]
        assert order.index(first) < order.index(second)


def test_the_summary_is_for_people(run: Run) -> None:
    code, out, err = run("evaluate", "-", stdin=file({"phq9.item9": 1}, case="robin"))
    assert (code, err) == (1, "")
    first, second, *_ = out.splitlines()
    assert first.startswith("robin, plan of 2026-03-02: WITHHELD")
    assert second.startswith("  SAF-02 ")


def test_a_file_is_named_after_itself_and_may_be_yaml(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "night-nurse.yaml"
    facts.write_text("on: 2026-03-02\nfacts:\n  isi.total: 16\n", encoding="utf-8")
    code, out, _ = run("evaluate", facts, "--json")
    assert (code, json.loads(out)["case"]) == (0, "night-nurse")


def test_facts_that_are_wrong_are_refused_all_at_once_with_their_places(run: Run) -> None:
    text = '{"on": "2026-03-02", "facts": {\n"isi.totl": 16,\n"phq9.total": "nine",\n"sleep.efficiency": 500}}'
    assert refused(run, text) == [
        "<stdin>:2:1: there is no fact 'isi.totl'; did you mean 'isi.total'?",
        "<stdin>:3:15: 'phq9.total' should be a whole number from 0 to 27, not the text 'nine'",
        "<stdin>:4:21: 'sleep.efficiency' should be a number from 0 to 400 (%), not 500",
        "3 problems; nothing was written.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "<stdin>: the file is empty"),
        ("[1, 2]", "<stdin>:1:1: a file of facts is a mapping with 'on' and 'facts'"),
        ('{"facts": {}}', "<stdin>:1:1: a file of facts needs 'on'"),
        ('{"on": "2026-03-02"}', "<stdin>:1:1: a file of facts needs 'facts'"),
        (file({}, fact={}), "<stdin>:1:35: a file of facts has no 'fact'; did you mean 'facts'?"),
        (file({"isi.total": 16.5}), "'isi.total' should be a whole number from 0 to 28, not 16.5"),
        (file({"dx.osa": 1}), "'dx.osa' should be true or false, not 1"),
        ('{"on": "2026-03-02", "facts": {"isi.total": NaN}}', "'isi.total' should be a whole number"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused(run: Run, text: str, said: str) -> None:
    (line,) = refused(run, text)
    assert said in line


def test_a_derived_fact_that_its_inputs_contradict_is_refused(run: Run) -> None:
    assert refused(run, file({**SLEEPLESS, "sleep.efficiency": 90})) == [
        (
            "<stdin>: sleep.efficiency is given as 90.0, and by sleep.slept_hours, sleep.time_in_bed_hours it is 75.0; "
            "correct one"
        )
    ]


def test_a_derived_fact_stands_while_its_inputs_are_unknown(run: Run) -> None:
    assert evaluated(run, {"sleep.efficiency": 90})["facts"]["sleep.efficiency"] == 90


def test_a_version_may_be_pinned_and_must_exist(run: Run) -> None:
    assert evaluated(run, SLEEPLESS, "--ruleset", "sleep@2026.1")["rulesets"]["sleep"]["version"] == "2026.1"
    assert refused(run, file(SLEEPLESS), "--ruleset", "sleep@2020.1") == [
        "there is no sleep@2020.1; there is sleep@2026.1"
    ]


def test_a_day_that_no_version_covers_is_an_error_with_the_way_out(run: Run) -> None:
    (said,) = refused(run, file(SLEEPLESS), "--on", "2025-12-31")
    assert said.startswith("no version of 13 rulesets is in effect on 2025-12-31: the earliest are safety@2026.1 from ")
    assert said.endswith("use --on with a later date, or --ruleset for each, such as --ruleset safety@2026.1")
