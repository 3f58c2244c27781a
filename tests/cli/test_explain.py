"""``careplan explain``: every clause with its value, and the one answer that would change the outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
FIBROMYALGIA, MINIMAL, SHIFT_WORKER = (
    EXAMPLES / f"{name}.yaml" for name in ("fibromyalgia", "minimal", "shift-worker")
)
UNASKED = "careplan: intake/1\nid: unasked\ndate: 2026-03-02\nperson: {birth_date: 1983-05-04}\n"


def explained(run: Run, *arguments: str | Path, stdin: str = "") -> Any:
    code, out, err = run("explain", *arguments, "--json", stdin=stdin)
    assert (code, err) == (0, "")
    return json.loads(out)


def lines(run: Run, *arguments: str | Path, stdin: str = "") -> list[str]:
    code, out, err = run("explain", *arguments, stdin=stdin)
    assert (code, err) == (0, "")
    return out.splitlines()


def test_a_rule_that_fires_is_told_clause_by_clause(run: Run) -> None:
    said = lines(run, FIBROMYALGIA, "SLP-03")
    assert said[0].startswith("SLP-03 ")
    assert said[0].endswith(" (sleep@2026.1): fires")
    assert said[2:5] == [
        "✔ true     isi.total >= 15 and sleep.efficiency < 85",
        "✔ true       isi.total >= 15    [isi.total = 17]",
        "✔ true       sleep.efficiency < 85",
    ]


def test_a_derived_fact_is_opened_to_the_answers_it_comes_from(run: Run) -> None:
    assert lines(run, FIBROMYALGIA, "SLP-03")[5] == (
        "= 73.529411765      sleep.efficiency: Coalesce(sleep.efficiency_given, "
        "100 * sleep.slept_hours / sleep.time_in_bed_hours)    "
        "[sleep.efficiency_given = not recorded, sleep.slept_hours = 6.25, sleep.time_in_bed_hours = 8.5]"
    )


def test_what_would_change_a_rule_is_told_the_smallest_change_first(run: Run) -> None:
    said = lines(run, FIBROMYALGIA, "SLP-03")
    assert said[said.index("What would change it, one answer at a time:") + 1 :] == [
        "  sleep.slept_hours 6.25 → 7.3: SLP-03 does not fire",
        "  sleep.time_in_bed_hours 8.5 → 7.3: SLP-03 does not fire",
        "  isi.total 17 → 14: SLP-03 does not fire",
        "  sleep.efficiency_given not recorded → 85: SLP-03 does not fire",
    ]


def test_a_rule_that_does_not_fire_says_which_clause_is_false(run: Run) -> None:
    said = lines(run, MINIMAL, "SLP-03")
    assert said[0].endswith(": does not fire")
    assert said[3] == "✘ false      isi.total >= 15    [isi.total = 10]"
    assert said[4] == "? unknown    sleep.efficiency < 85"
    assert said[-1] == "  isi.total 10 → 15: SLP-03 cannot be decided"


def test_a_rule_that_cannot_be_decided_says_which_answers_are_missing(run: Run) -> None:
    said = lines(run, "-", "SLP-03", stdin=UNASKED)
    assert said[0].endswith(": cannot be decided")
    assert said[2:5] == [
        "? unknown  isi.total >= 15 and sleep.efficiency < 85",
        "? unknown    isi.total >= 15    [isi.total = not recorded]",
        "? unknown    sleep.efficiency < 85",
    ]
    assert "  isi.total not recorded → 0: SLP-03 does not fire" in said


def test_a_rule_that_no_single_answer_changes_says_so(run: Run) -> None:
    assert "No single answer would change it." in lines(run, FIBROMYALGIA, "SAF-02")


def test_a_negated_test_is_told_once_and_a_bracket_is_closed(run: Run) -> None:
    said = [line[11:].strip() for line in lines(run, SHIFT_WORKER, "SLP-04") if line[:1] in "✔✘?"]
    assert said.count("finding.osa_treated is not true") == 1
    assert "(med.opioid and (med.benzodiazepine or med.z_drug))" in said
    assert [line for line in said if line.count("(") != line.count(")")] == []


def test_the_sources_of_a_rule_are_named_with_their_strength(run: Run) -> None:
    said = lines(run, FIBROMYALGIA, "SLP-03")
    (because,) = (number for number, line in enumerate(said) if line.startswith("Because: "))
    assert said[because + 1 : because + 3] == [
        "  AASM 2021 SRT conditional (moderate)",
        "  Kyle, Lancet 2023 (HABIT) (moderate)",
    ]


def test_every_rule_is_told_in_short_with_its_verdict_and_condition(run: Run) -> None:
    said = lines(run, FIBROMYALGIA)
    verdicts = [line for line in said if not line.startswith(" ")]
    _, listed, _ = run("rules", "list", "--json")
    assert [line.split()[0] for line in verdicts] == [rule for each in json.loads(listed) for rule in each["rules"]]
    assert {line.rpartition(": ")[2] for line in verdicts} == {"fires", "does not fire", "cannot be decided"}
    first = next(number for number, line in enumerate(said) if line.startswith("SLP-03 "))
    assert said[first + 1 : first + 3] == [
        "    when isi.total >= 15 and sleep.efficiency < 85",
        "    it would change with sleep.slept_hours 6.25 → 7.3",
    ]


def test_json_holds_the_clauses_with_true_false_and_null(run: Run) -> None:
    found = explained(run, MINIMAL, "SLP-03")
    assert (found["rule"], found["ruleset"], found["outcome"]) == ("SLP-03", "sleep@2026.1", False)
    whole = found["clauses"]
    assert (whole["text"], whole["value"]) == ("isi.total >= 15 and sleep.efficiency < 85", False)
    assert [(each["text"], each["value"]) for each in whole["clauses"]] == [
        ("isi.total >= 15", False),
        ("sleep.efficiency < 85", None),
    ]
    assert whole["facts"] == {"isi.total": 10, "sleep.efficiency": None}
    assert found["changes"] == [{"fact": "isi.total", "from": 10, "to": 15, "outcome": None}]


def test_json_of_all_rules_is_a_list_in_their_order(run: Run) -> None:
    found = explained(run, FIBROMYALGIA)
    told = [line.split()[0] for line in lines(run, FIBROMYALGIA) if not line.startswith(" ")]
    assert [each["rule"] for each in found] == told
    assert {each["outcome"] for each in found} == {True, False, None}


def test_the_change_that_is_told_is_a_change(run: Run) -> None:
    intake = FIBROMYALGIA.read_text(encoding="utf-8")
    assert intake.count("slept_hours: 6.25") == 1
    for hours, outcome in (("7.2", True), ("7.3", False)):
        changed = intake.replace("slept_hours: 6.25", f"slept_hours: {hours}")
        assert explained(run, "-", "SLP-03", stdin=changed)["outcome"] is outcome


def test_an_unknown_rule_is_refused_with_the_nearest_name(run: Run) -> None:
    code, out, err = run("explain", FIBROMYALGIA, "SPL-03")
    assert (code, out) == (2, "")
    assert err == "there is no rule 'SPL-03'; did you mean 'SLP-03'?\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ruleset", "sleep@2020.1"], "there is no sleep@2020.1; there is sleep@2026.1"),
        (["--ruleset", "slep@2026.1"], "there is no ruleset 'slep'; did you mean 'sleep'?"),
        (["--on", "2025-01-01"], "'date' is 2026-03-02, after 2025-01-01"),
    ],
)
def test_a_version_or_a_day_that_cannot_be_is_refused(run: Run, options: list[str], said: str) -> None:
    code, out, err = run("explain", FIBROMYALGIA, "SLP-03", *options)
    assert (code, out) == (2, "")
    assert said in err


def test_an_intake_that_cannot_be_read_is_refused_with_its_places(run: Run) -> None:
    code, out, err = run("explain", "-", stdin=UNASKED + "answers: {isi: [1]}\nmeasure: {}\n")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "<stdin>:5:16: isi has 7 items; 1 answer came",
        "<stdin>:6:1: an intake has no 'measure'; did you mean 'measures'?",
        "2 problems; nothing was written.",
    ]
