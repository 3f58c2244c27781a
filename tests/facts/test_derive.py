"""An assessment gives the facts it holds, and none that it does not hold: unknown is not no."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.assessment import Assessment, Checklist, Goal
from careplan.errors import IntakeError
from careplan.facts import derive_facts
from careplan.instruments import builtin_instruments
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import FactDefinition, Vocabulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.facts.people import DAY, assessment, facts, person, values


def refused(**fields: Any) -> list[str]:
    with pytest.raises(IntakeError) as error:
        facts(**fields)
    return [problem.message for problem in error.value.problems]


def test_nothing_recorded_is_unknown_or_named_as_assumed() -> None:
    found = facts()
    assert found.values["person.age"] == 42
    assert "dx.epilepsy" not in found.values
    assert "med.opioid" not in found.values
    assert found.values["finding.boom_bust"] is False
    assert "finding.boom_bust" in found.assumed_no
    assert list(found.assumed_no) == sorted(found.assumed_no)
    assert len(found.assumed_no) == 50


def test_the_assumptions_named_are_diagnoses_and_findings_only() -> None:
    found = facts()
    assert found.values["medication.reviewed"] is False
    assert found.values["cssrs.incomplete"] is False
    assert {name.split(".")[0] for name in found.assumed_no} == {"dx", "finding"}


def test_present_is_true_denied_is_false_and_the_rest_is_not_recorded() -> None:
    found = values(diagnoses=Checklist(present=("mecfs",), denied=("epilepsy",)))
    assert (found["dx.mecfs"], found["dx.epilepsy"], found.get("dx.bipolar")) == (True, False, None)
    assert found["diagnoses.reviewed"] is False


def test_what_a_reviewed_list_does_not_name_is_no() -> None:
    found = facts(red_flags=Checklist(present=("fever",), reviewed=True))
    flags = [each.id for each in builtin_vocabulary() if each.listed == "red_flags"]
    assert {name for name in flags if found.values[name]} == {"red_flag.fever"}
    assert all(name in found.values for name in flags)
    assert found.values["red_flags.reviewed"] is True


def test_a_reviewed_group_of_findings_settles_that_group_and_no_other() -> None:
    found = facts(findings=Checklist(reviewed=("sleep", "activity")))
    assert found.values["finding.mirror_distress"] is False
    assert "finding.relaxation_distress" not in found.values
    assert "finding.nightmares" not in found.assumed_no
    assert "finding.panic" in found.assumed_no
    assert found.values["findings.reviewed"] is False


def test_an_id_no_list_has_is_refused_with_the_nearest() -> None:
    assert refused(diagnoses=Checklist(present=("epilepsi",))) == [
        "diagnoses has no 'epilepsi'; did you mean 'epilepsy'?"
    ]


def test_an_id_both_present_and_denied_is_refused() -> None:
    assert refused(findings=Checklist(present=("panic",), denied=("panic",))) == [
        "findings: 'panic' is both present and denied"
    ]


def test_the_first_path_that_is_answered_counts() -> None:
    answers = {"fm2016": {"sites": [], "duration_months": 14}}
    assert values(answers=answers)["pain.duration_months"] == 14.0
    assert values(answers=answers, measures={"duration_months": 72.0})["pain.duration_months"] == 72.0


def test_items_are_read_alike_from_a_list_and_a_map() -> None:
    listed = values(answers={"peg": (7, None, 3)})
    mapped = values(answers={"peg": {"i1": 7, "i3": 3}})
    assert listed == mapped
    assert (listed["peg_items.pain"], listed.get("peg_items.enjoyment"), listed["peg_items.activity"]) == (7, None, 3)


def test_what_stands_in_stopbang_is_kept_beside_the_person_s_own() -> None:
    found = values(answers={"stopbang": {"g": 1, "a": 0, "b": False}}, person=person(sex="female"))
    assert found["stopbang.entered_male"] is True
    assert found["stopbang.entered_age_over_50"] is False
    assert found["stopbang.entered_bmi_over_35"] is False
    assert found["person.sex"] == "female"


def test_what_the_person_says_about_medicines_is_kept_apart_from_the_list() -> None:
    found = values(medications_denied=("opioid",), medications_claimed=())
    assert found["medication.denied_opioid"] is True
    assert found["medication.denied_benzodiazepine"] is False
    assert found["medication.claims_opioid"] is False


def test_an_unasked_goal_is_unknown_and_no_goal_is_none() -> None:
    assert "goals.count" not in values()
    assert values(goals=())["goals.count"] == 0
    assert values(goals=(Goal("Garden"), Goal("Sleep")))["goals.count"] == 2


def test_a_score_from_elsewhere_stands_where_no_items_are_given() -> None:
    found = values(scores={"isi.total": 16, "stopbang.risk": "low"})
    assert (found["isi.total"], found["sleep.insomnia"], found["sleep.osa_risk"]) == (16, 2, False)


def test_a_score_and_its_items_have_to_agree() -> None:
    gad7 = (1, 1, 1, 1, 1, 1, 0)
    assert values(answers={"gad7": gad7}, scores={"gad7.total": 6})["gad7.total"] == 6
    assert refused(answers={"gad7": gad7}, scores={"gad7.total": 9}) == [
        "gad7.total is given as 9, and what else is known makes it 6; correct one"
    ]


def test_a_derived_fact_that_is_given_stands_while_its_inputs_are_unknown() -> None:
    assert values(scores={"sleep.insomnia": 3})["sleep.insomnia"] == 3


def test_a_derived_fact_that_contradicts_its_inputs_is_refused_naming_both() -> None:
    assert refused(scores={"sleep.insomnia": 3, "isi.total": 16}) == [
        "sleep.insomnia is given as 3, and by isi.total it is 2; correct one"
    ]


def test_a_value_out_of_range_or_of_another_type_is_refused_and_not_clamped() -> None:
    assert refused(measures={"fatigue": 11.0, "sleep_diary.rise_time": "7:00", "crcl": "95"}, work="sailor") == [
        'renal.crcl should be a number from 0 to 400 (mL/min), not "95"',
        "fatigue.nrs should be a number from 0 to 10 (0-10), not 11.0",
        'sleep.rise_time should be text (HH:MM), not "7:00"',
        'social.work should be one of employed, off_sick, unemployed, retired, student, carer, other, not "sailor"',
    ]


def test_a_derived_value_out_of_range_names_what_to_check() -> None:
    (message,) = refused(person=person(height_cm=50.0, weight_kg=650.0))
    assert message == (
        "person.bmi comes to 2600.0, and it should be a number from 3 to 300 (kg/m2); "
        "check person.height_cm, person.weight_kg"
    )


def test_an_unknown_score_is_refused_with_the_nearest() -> None:
    assert refused(scores={"isi.totl": 16}) == ["scores: there is no fact 'isi.totl'; did you mean 'isi.total'?"]


def test_numbers_are_held_in_the_type_of_their_fact() -> None:
    found = values(measures={"fatigue": 6}, scores={"isi.total": 16})
    assert (type(found["fatigue.nrs"]), type(found["isi.total"])) == (float, int)


class TestCreatinineClearance:
    """Cockcroft-Gault: (140 - age) x weight / (72 x creatinine in mg/dL), x 0.85 for women."""

    def of(self, *, creatinine: float = 88.4, unit: str = "umol/L", measures: Any = (), **fields: Any) -> Any:
        who = person(**{"sex": "male", "height_cm": 180.0, "weight_kg": 80.0, **fields})
        taken = {"creatinine.value": creatinine, "creatinine.unit": unit, **dict(measures)}
        return values(person=who, measures=taken).get("renal.crcl")

    def test_it_is_that_of_the_formula_rounded_to_one_decimal(self) -> None:
        assert self.of() == 108.9
        assert self.of(sex="female") == 92.6

    def test_both_units_of_creatinine_give_the_same(self) -> None:
        assert self.of(creatinine=1.0, unit="mg/dL") == 108.9

    def test_from_a_bmi_of_30_on_the_adjusted_weight_counts(self) -> None:
        ideal = 50 + 2.3 * (180 / 2.54 - 60)
        adjusted = ideal + 0.4 * (100 - ideal)
        assert self.of(weight_kg=97.1) == round(98 * 97.1 / 72, 1)
        assert self.of(weight_kg=100.0) == round(98 * adjusted / 72, 1)

    def test_a_measured_clearance_comes_before_the_formula(self) -> None:
        assert self.of(measures={"crcl": 55.0}) == 55.0

    @pytest.mark.parametrize("missing", ["sex", "height_cm", "weight_kg"])
    def test_it_is_unknown_while_an_input_is(self, missing: str) -> None:
        absent: dict[str, Any] = {missing: None}
        assert self.of(**absent) is None

    def test_it_is_unknown_where_the_formula_has_no_sex(self) -> None:
        assert self.of(sex="other") is None


class TestFollowUp:
    """What changed since the assessment that the present one names."""

    EARLIER = assessment(
        id="case-000", date=DAY - timedelta(weeks=6), answers={"peg": (8, 8, 8)}, scores={"phq9.total": 12}
    )

    def test_without_an_earlier_assessment_there_is_no_follow_up(self) -> None:
        assert values()["followup.present"] is False

    def test_an_earlier_assessment_that_cannot_be_read_leaves_the_change_unknown(self) -> None:
        found = values(previous="case-000")
        assert found["followup.present"] is True
        assert not [name for name in found if name.startswith("followup.") and name != "followup.present"]

    def test_improvement_is_in_percent_of_the_earlier_pain_and_worse_mood_counts_up(self) -> None:
        now = {"answers": {"peg": (6, 6, 6)}, "scores": {"phq9.total": 14}, "previous": "case-000"}
        found = facts(earlier=self.EARLIER, **now).values
        assert found["followup.weeks_on_plan"] == 6.0
        assert found["followup.peg_change"] == 25.0
        assert found["followup.phq9_change"] == 2

    def test_a_change_from_nothing_is_unknown(self) -> None:
        before = evolve(self.EARLIER, answers={"peg": (0, 0, 0)}, scores={})
        found = facts(earlier=before, previous="case-000", answers={"peg": (6, 6, 6)}).values
        assert "followup.peg_change" not in found
        assert "followup.phq9_change" not in found


def test_a_plugin_computes_its_facts_by_a_function_of_the_assessment() -> None:
    visits = FactDefinition(
        "hydro.visits", builtin_vocabulary().types["goals.count"], "Visits", "hydro", range=(0, 50), compute="visits"
    )
    vocabulary = Vocabulary({**builtin_vocabulary().facts, visits.id: visits})

    def found(value: Any) -> Any:
        functions = {"visits": lambda assessment: value if assessment.id == "case-001" else None}
        known = (vocabulary, builtin_instruments(), builtin_formulary(), functions)
        return derive_facts(assessment(), *known).values.get("hydro.visits")

    assert found(3) == 3
    assert found(None) is None
    with pytest.raises(IntakeError, match=r"hydro.visits should be a whole number from 0 to 50, not 51"):
        found(51)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_facts_do_not_depend_on_the_order_in_which_answers_are_written(data: st.DataObject) -> None:
    listed = tuple(each.word for each in builtin_vocabulary() if each.listed == "findings")
    present = data.draw(st.lists(st.sampled_from(listed), unique=True, max_size=8))
    scores = {"isi.total": 16, "gad7.total": 4, "pcs.total": 20}
    measures = {"fatigue": 6.0, "confidence": 7.0}

    def found(assessment: Assessment) -> Any:
        known = (builtin_vocabulary(), builtin_instruments(), builtin_formulary())
        return derive_facts(assessment, *known, {})

    one = assessment(findings=Checklist(present=tuple(present)), scores=scores, measures=measures)
    other = assessment(
        findings=Checklist(present=tuple(data.draw(st.permutations(present)))),
        scores=dict(reversed(scores.items())),
        measures=dict(reversed(measures.items())),
    )
    assert list(found(one).values.items()) == list(found(other).values.items())
    assert found(one) == found(other)


def test_a_birthday_counts_from_its_day_on() -> None:
    def age(born: date) -> Any:
        return values(person=person(birth_date=born))["person.age"]

    assert (age(date(1983, 3, 2)), age(date(1983, 3, 3))) == (43, 42)


def test_under_18_and_over_120_are_refused() -> None:
    assert refused(person=person(birth_date=date(2008, 3, 3))) == [
        "person.age should be a whole number from 18 to 120 (years), not 17"
    ]
    assert refused(person=person(birth_date=date(1900, 1, 1))) == [
        "person.age should be a whole number from 18 to 120 (years), not 126"
    ]
