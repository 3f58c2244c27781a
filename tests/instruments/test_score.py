"""The rules of single instruments that a wrong engine would get wrong."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.instruments import builtin_instruments, score
from careplan.instruments.read import instrument_from_text

INSTRUMENTS = builtin_instruments()


def test_decimals_round_half_up_without_binary_error() -> None:
    answers: dict[str, Any] = {"1": "23:00", "3": "07:00", "4": 6.5}
    assert score(INSTRUMENTS["psqi"], answers).scores["efficiency_percent"] == 81.3


def test_item_9_is_never_prorated_though_the_total_is() -> None:
    scored = score(INSTRUMENTS["phq9"], [1, 1, 1, 1, 1, 1, 1, 1, None])
    assert scored.scores == {"total": 9, "item9": None}
    assert scored.prorated == {"total": True, "item9": False}


def test_a_safety_answer_raises_its_flag() -> None:
    assert score(INSTRUMENTS["phq9"], [0] * 8 + [1]).flags == ("safety",)
    assert score(INSTRUMENTS["phq9"], [0] * 8 + [None]).flags == ("safety_unasked",)
    assert score(INSTRUMENTS["phq9"], [None] * 9).flags == ()
    assert score(INSTRUMENTS["cssrs"], [0, None, None, None, None, 0, None]).flags == ("treat_as_high",)


def test_an_answered_item_wins_over_a_measured_value() -> None:
    stopbang = INSTRUMENTS["stopbang"]
    context = {"sex": "male", "age": 60, "bmi": 40, "neck_cm": 45, "hypertension": True}
    assert score(stopbang, [0, 0, 0, None, None, None, None, None], context).scores == {"total": 5, "risk": "high"}
    assert score(stopbang, [0] * 8, context).scores == {"total": 0, "risk": "low"}


@pytest.mark.parametrize(("sex", "male"), [("male", 1), ("female", 0), ("other", None), (None, None)])
def test_sex_that_is_not_known_answers_no_item(sex: str | None, male: int | None) -> None:
    rest = dict.fromkeys("stopban", 0)
    total = score(INSTRUMENTS["stopbang"], rest, {"sex": sex}).scores["total"]
    assert total == male


@pytest.mark.parametrize(("neck", "answered"), [(40.9, 7), (41, 6), (42.9, 6), (43, 7)])
def test_a_neck_decides_without_sex_only_where_both_limits_agree(neck: float, answered: int) -> None:
    answers = {**dict.fromkeys("stopba", 0), "neck_cm": neck}
    assert score(INSTRUMENTS["stopbang"], answers).answered == answered


def test_a_band_for_one_sex_needs_that_sex() -> None:
    auditc = INSTRUMENTS["auditc"]
    bands = {sex: score(auditc, [3, 0, 0], {"sex": sex}).bands["screen"] for sex in ("male", "female", "other", None)}
    assert bands == {"male": "negative", "female": "positive", "other": "positive", None: "positive"}


def test_nobody_knows_whether_criteria_are_met_while_the_sites_are_open() -> None:
    fm2016 = INSTRUMENTS["fm2016"]
    symptoms = {"fatigue": 3, "unrefreshed": 3, "cognition": 3, "headache": 0, "abdominal_pain": 0, "depression": 0}
    assert score(fm2016, symptoms | {"duration_months": 12}).scores["met"] is None
    assert score(fm2016, symptoms | {"duration_months": 2}).scores["met"] is False
    assert score(fm2016, {"sites": ["neck"], "duration_months": None}).scores["met"] is False


def test_an_open_symptom_counts_up_to_its_highest_answer() -> None:
    sites = ["neck", "shoulder_girdle_l", "shoulder_girdle_r", "hip_l", "hip_r", "lower_back", "upper_back"]
    known = {"sites": sites, "fatigue": 2, "unrefreshed": 1, "cognition": 1, "headache": 0, "duration_months": 6}
    fm2016 = INSTRUMENTS["fm2016"]
    assert score(fm2016, known | {"abdominal_pain": 0}).scores["met"] is None
    assert score(fm2016, known | {"abdominal_pain": 0, "depression": 0}).scores["met"] is False
    assert score(fm2016, known | {"abdominal_pain": 1}).scores["met"] is True


def test_open_sites_may_be_painful_without_making_a_region_painful() -> None:
    jaw = instrument_from_text(
        """\
id: jaw
title: Jaw
version: "1"
licence: {wording: scoring_only, note: Ours.}
recall_period: now
items:
  - id: sites
    type: sites
    label: painful sites
    options: [{value: jaw, label: jaw, region: head, counts_for_region: false}]
scores:
  - id: regional
    title: No pain, or a painful region
    kind: algorithm
    value: boolean
    items: all
    direction: higher_worse
    missing: bounds
    cql: sites.count = 0 or sites.regions >= 1
""",
        "jaw.yaml",
    )
    assert [score(jaw, [sites]).scores["regional"] for sites in ([], ["jaw"], None)] == [True, False, None]
