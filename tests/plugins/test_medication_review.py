"""The medicines table names every line, exact or as a lower bound, and what is to be talked about, never a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.plan.editions import for_edition
from careplan.testing import document_for, knowledge, plan_for
from tests.facts.medicine_lists import as_needed, line, planned
from tests.plugins.cards import is_plain, page, plain
from tests.plugins.people import SIGNED, details, details_for, found, intake, shown_to_patient

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))
TOTALS = {
    "mme": ("opioid.mme", "opioid.mme_at_least"),
    "acb": ("medication.acb", "medication.acb_at_least"),
    "serotonergic": ("medication.serotonergic", "medication.serotonergic_at_least"),
    "cns": ("medication.cns_active", "medication.cns_active_at_least"),
    "qt_known": ("medication.qt_known", "medication.qt_known_at_least"),
    "qt_conditional": ("medication.qt_conditional", None),
    "qt_possible": ("medication.qt_possible", None),
}
"""The facts of each total: as it is, and its lower bound where that is a fact."""
LISTS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TRAMADOL = line("tramadol", "100 mg", 4, dose=1, unit="capsule")
SERTRALINE = line("sertraline", "100 mg")
UNHEARD_OF = line("zorvamine", "5 mg")
OLDER = {"birth_date": "1949-05-04", "weight_kg": 60, "height_cm": 160}
KIDNEYS = {"duration_months": 24, "fatigue": 4, "crcl": 36.4}


def listed(*lines: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
    """Somebody with these medicines."""
    medications = [{key: value for key, value in each.items() if value is not None} for each in lines]
    return {"medications": medications, **answers}


def table(*lines: Mapping[str, Any], **answers: Any) -> Mapping[str, Any]:
    return details_for(**listed(*lines, **answers))["medication_review.table"]


def row(*lines: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
    """The first line of the table."""
    first: dict[str, Any] = table(*lines, **answers)["rows"][0]
    return first


def totals(*lines: Mapping[str, Any], **answers: Any) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in table(*lines, **answers)["totals"]}


def doses(*lines: Mapping[str, Any], **answers: Any) -> dict[tuple[str, bool], dict[str, Any]]:
    return {(each["ingredient"], each["planned"]): each for each in table(*lines, **answers)["doses"]}


def behind(*lines: Mapping[str, Any], **answers: Any) -> dict[str, list[int]]:
    return {each["rule"]: each["lines"] for each in table(*lines, **answers)["findings"]}


def mine(*lines: Mapping[str, Any], **answers: Any) -> Mapping[str, Any]:
    return shown_to_patient(**listed(*lines, **answers))["medication_review.mine"]


def asked(*lines: Mapping[str, Any], **answers: Any) -> list[tuple[list[int], str]]:
    return [(each["lines"], each["finding"]) for each in table(*lines, **answers)["questions"]]


# One line


def test_a_line_says_what_is_written_what_it_is_and_what_it_adds() -> None:
    assert row(TRAMADOL) == {
        "line": 1,
        "name": "tramadol",
        "strength": "100 mg",
        "written": "1 capsule, 4 × a day",
        "status": "current",
        "acts": None,
        "medicine": {
            "name": "tramadol",
            "classes": ["opioid"],
            "rxnorm": {"code": "10689", "source": "CDC MME FHIR code system", "certainty": "as_cited"},
        },
        "daily": [{"ingredient": "tramadol", "mg": 400.0, "taken_mg": None}],
        "unread": None,
        "mme": {"value": 80.0, "convertible": True, "why": None},
        "loads": {
            "acb": 0,
            "serotonergic": True,
            "cns_active": True,
            "qt": "possible",
            "unverified": ["cns_active", "qt"],
        },
        "renal": {
            "advice": "below 30: every 12 h, max 200, no extended release",
            "source": "FDA labels",
            "certainty": "as_cited",
            "needed": True,
            "function": None,
            "provisional": True,
        },
        "allergies": [],
        "implausible": False,
        "discuss": ["SAF-17", "MED-06", "GAP-05", "MED-07"],
    }


def test_an_unknown_name_is_not_assessed_whatever_it_adds() -> None:
    unknown = row(UNHEARD_OF)
    assert (unknown["medicine"], unknown["loads"], unknown["daily"], unknown["mme"]) == (None, None, [], None)
    assert unknown["discuss"] == ["GAP-10"]


def test_buprenorphine_is_not_convertible_and_not_nought() -> None:
    patch = line("Butrans", "10 mcg/h", None, route="transdermal", every_hours=168)
    assert row(patch)["mme"] == {
        "value": None,
        "convertible": False,
        "why": "excluded by CDC 2022 (partial agonist)",
    }
    assert totals(patch)["mme"] == {
        "id": "mme",
        "title": "Oral morphine equivalents, MME/day",
        "value": None,
        "exact": False,
        "taken": None,
        "why": [{"reason": "an opioid without a factor or a dose", "lines": [1]}],
    }


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (line("morphine", "strong"), "its dose could not be read"),
        (line("morphine", "10 mg", route="intravenous"), "no factor by this route"),
        (line("fentanyl", "25 mcg/h", None), "its dose could not be read"),
    ],
)
def test_an_opioid_without_equivalents_says_why(entry: dict[str, Any], why: str) -> None:
    found = row(entry)["mme"]
    assert (found["value"], found["why"]) == (None, why)


def test_an_opioid_as_needed_counts_at_its_maximum_with_what_is_taken_beside_it() -> None:
    found = table(as_needed("oxycodone", "5 mg", max_per_day=4, taken_per_day=2))
    assert found["rows"][0]["daily"] == [{"ingredient": "oxycodone", "mg": 20.0, "taken_mg": 10.0}]
    assert (found["totals"][0]["value"], found["totals"][0]["taken"]) == (30.0, 15.0)


def test_something_stopped_says_whether_it_still_acts() -> None:
    def acts(**stopped: Any) -> Any:
        return row({"name": "phenelzine", "status": "stopped", **stopped})["acts"]

    assert acts(stopped_on="2026-02-20") == {"still": True, "washout_days": 14}
    assert acts(stopped_on="2025-02-20") == {"still": False, "washout_days": 14}
    assert acts() == {"still": None, "washout_days": 14}


# Doses and kidneys


def test_the_dose_is_held_against_the_maximum_for_this_person() -> None:
    tramadol = doses(TRAMADOL, person=OLDER)["tramadol", False]
    assert (tramadol["mg"], tramadol["max_mg"], tramadol["verdict"]) == (400.0, 300, "above")
    assert [(each["fact"], each["value"]) for each in tramadol["because"]] == [("person.age", 76)]
    assert tramadol["may_be_lower"] == [200]
    assert [each["fact"] for each in tramadol["missing"]] == ["renal.crcl"]


def test_lines_of_one_ingredient_are_taken_together_and_planned_ones_alone() -> None:
    lines = (line("paracetamol", "500 mg", 4), line("co-codamol", "30/500 mg", 4), planned(line("Tylenol", "1 g", 4)))
    found = doses(*lines)
    assert (found["acetaminophen", False]["lines"], found["acetaminophen", False]["mg"]) == ([1, 2], 4000.0)
    assert (found["acetaminophen", True]["lines"], found["acetaminophen", True]["mg"]) == ([3], 4000.0)


def test_a_dose_that_is_not_read_makes_the_sum_a_lower_bound() -> None:
    found = doses(line("pregabalin", "150 mg", 2), line("pregabalin", "strong", 2), measures=KIDNEYS)
    pregabalin = found["pregabalin", False]
    assert (pregabalin["mg"], pregabalin["at_least"], pregabalin["verdict"]) == (300.0, True, "within")
    assert doses(line("pregabalin", "strong"))["pregabalin", False]["verdict"] == "unread"


def test_a_provisional_maximum_from_the_egfr_says_so() -> None:
    found = doses(line("gabapentin", "600 mg", 3), measures={"duration_months": 24, "egfr": 40})["gabapentin", False]
    assert (found["max_mg"], found["verdict"], found["provisional"]) == (1400, "above", True)
    exact = doses(line("gabapentin", "600 mg", 3), measures=KIDNEYS)["gabapentin", False]
    assert (exact["max_mg"], exact["provisional"]) == (1400, False)


@pytest.mark.parametrize("drug", ["gabapentin", "pregabalin"])
@pytest.mark.parametrize("function", [60, 59, 30, 29, 15, 14])
def test_the_table_and_med_32_agree_on_every_edge_of_the_dose_table(drug: str, function: int) -> None:
    for times in (300, 301, 700, 701, 1400, 1401) if drug == "gabapentin" else (75, 76, 150, 151, 300, 301):
        found = table(line(drug, f"{times} mg"), measures={"duration_months": 24, "crcl": function})
        above = found["doses"][0]["verdict"] == "above"
        assert above is ("MED-32" in {each["rule"] for each in found["findings"]})


def test_a_dose_that_cannot_be_right_is_marked_at_its_line_and_stands() -> None:
    plan = plan_for(intake(**listed(line("gabapentin", "300 g", 3))), sign_off=SIGNED)
    assert [each.contradiction.id for each in plan.contradictions] == ["C11"]
    found = details(plan)["medication_review.table"]
    assert found["rows"][0]["implausible"] is True
    assert found["doses"][0]["mg"] == 900_000.0
    assert [each["finding"] for each in found["questions"]] == [
        "the dose is more than twice the largest on the label, or above 5,000 MME"
    ]


def test_a_unit_that_does_not_fit_the_medicine_is_computed_nowhere() -> None:
    found = table(line("gabapentin", "300 mg/h", 3))
    assert found["rows"][0]["daily"] == []
    assert found["rows"][0]["unread"] == "a strength by the hour needs the route transdermal, or the unit patch"
    assert found["doses"][0]["mg"] is None
    assert found["rows"][0]["discuss"] == ["GAP-10", "GAP-05"]


# Totals


def test_totals_are_exact_on_a_confirmed_list_that_was_wholly_recognised() -> None:
    found = totals(TRAMADOL, SERTRALINE, planned(line("amitriptyline", "10 mg")))
    assert {name: each["value"] for name, each in found.items()} == {
        "mme": 80.0, "acb": 0, "serotonergic": 2, "cns": 2, "qt_known": 0, "qt_conditional": 1, "qt_possible": 1,
    }  # fmt: skip
    assert all(each["exact"] and each["why"] == [] for each in found.values())


def test_an_unknown_name_makes_every_total_a_lower_bound_that_names_its_line() -> None:
    for each in totals(TRAMADOL, SERTRALINE, UNHEARD_OF).values():
        assert each["exact"] is False
        assert each["why"] == [{"reason": "name not in the formulary, not assessed", "lines": [3]}]


def test_an_unconfirmed_list_makes_every_total_a_lower_bound() -> None:
    for each in totals(TRAMADOL, medications_reviewed=False).values():
        assert each["exact"] is False
        assert each["why"] == [{"reason": "the list is not confirmed complete", "lines": []}]


def test_something_that_may_still_act_opens_the_serotonergic_total_only() -> None:
    found = totals(SERTRALINE, {"name": "fluoxetine", "status": "stopped"})
    assert found["serotonergic"]["why"] == [{"reason": "may still act", "lines": [2]}]
    assert found["acb"]["exact"] is True


names = st.sampled_from(["oxycodone", "sertraline", "amitriptyline", "Butrans", "co-codamol", "zorvamine"])
strengths = st.sampled_from([None, "10 mg", "30/500 mg", "1 %"])
statuses = st.sampled_from(["current", "planned"])
lists = st.lists(st.builds(line, names, strengths, status=statuses), min_size=1, max_size=5)


@LISTS
@given(lists, st.booleans())
def test_a_total_is_exact_or_says_what_could_make_it_more(drawn: list[dict[str, Any]], reviewed: bool) -> None:
    for each in totals(*drawn, medications_reviewed=reviewed).values():
        assert each["exact"] is not bool(each["why"])
        assert each["value"] is not None or (each["id"] == "mme" and not each["exact"])


@LISTS
@given(lists)
def test_one_more_line_never_lowers_a_total_and_moves_no_line(drawn: list[dict[str, Any]]) -> None:
    fewer, more = table(*drawn), table(*drawn, TRAMADOL)
    for one, other in zip(fewer["totals"], more["totals"], strict=True):
        assert (one["value"] or 0) <= (other["value"] or 0)
    assert [each["name"] for each in more["rows"]] == [*(each["name"] for each in drawn), "tramadol"]
    assert [each["line"] for each in more["rows"]] == list(range(1, len(drawn) + 2))


@pytest.mark.parametrize("case", CASES, ids=[each["id"] for each in CASES])
def test_the_table_of_whole_people_says_what_their_facts_say(case: dict[str, Any]) -> None:
    plan = plan_for(json.dumps(case["intake"]), sign_off=SIGNED)
    taken = case["intake"].get("medications") or []
    shown = details(plan).get("medication_review.table")
    assert (shown is None) is (taken == [])
    if shown is not None:
        assert [each["name"] for each in shown["rows"]] == [each["name"] for each in taken]
        for each in shown["totals"]:
            fact, bound = TOTALS[each["id"]]
            exact = case["facts"].get(fact)
            assert each["exact"] is (exact is not None)
            assert each["value"] == (exact if exact is not None or bound is None else case["facts"].get(bound))


# What is behind what


def test_every_finding_names_the_lines_that_made_it_and_the_other_answers() -> None:
    lines = (TRAMADOL, SERTRALINE, line("diazepam", "5 mg"), line("levothyroxine", "50 mcg"))
    found = behind(*lines)
    assert found["SAF-16"] == [1, 3]
    assert found["MED-10"] == [1, 2]
    assert found["MED-27"] == [1, 2]
    assert found["MED-16"] == [3]
    assert all(4 not in numbers for numbers in found.values())
    finding = next(each for each in table(TRAMADOL, person=OLDER)["findings"] if each["rule"] == "MED-27")
    assert [(each["fact"], each["value"], each["of_medicines"]) for each in finding["because"]] == [
        ("med.tramadol", True, True),
        ("person.age", 76, False),
        ("tramadol.daily_mg", 400.0, True),
    ]


def test_what_is_planned_is_behind_what_it_would_cause() -> None:
    found = behind(TRAMADOL, planned(line("duloxetine", "30 mg")))
    assert found["MED-10"] == [1, 2]


def test_an_allergy_is_marked_at_the_line_it_names() -> None:
    found = table(SERTRALINE, line("naproxen", "250 mg", 2), allergies=[{"substance": "NSAIDs"}])
    assert [each["allergies"] for each in found["rows"]] == [[], ["NSAIDs"]]
    assert {each["rule"]: each["lines"] for each in found["findings"]}["MED-33"] == [2]


def test_advice_for_every_medicine_names_none() -> None:
    found = table(SERTRALINE)
    assert found["whole_list"] == ["MED-01"]
    assert found["rows"][0]["discuss"] == []


def test_a_recommendation_that_does_not_stand_is_no_finding() -> None:
    held = plan_for(intake(**listed(TRAMADOL, findings={**found("taper_wanted")})), sign_off=SIGNED)
    assert "MED-05" in {each.recommendation.rule for each in held.ask_first}
    rules = {each["rule"] for each in details(held)["medication_review.table"]["findings"]}
    assert "MED-05" not in rules


# Headache


def headache(*lines: Mapping[str, Any], **measures: Any) -> Any:
    return table(*lines, measures={"duration_months": 24, "fatigue": 4, **measures})["overuse"]


def test_days_of_headache_medicine_stand_beside_the_limits_of_med_18() -> None:
    lines = (
        as_needed("sumatriptan", "50 mg", max_per_day=2, days_per_month=10),
        as_needed("aspirin", "300 mg", max_per_day=4, days_per_month=14),
        as_needed("ibuprofen", "400 mg", max_per_day=3),
    )
    found = headache(*lines, headache_days=15)
    assert (found["headache_days"], found["rule"]) == (15, "MED-18")
    assert [(each["kind"], each["days"], each["limit"], each["over"], each["lines"]) for each in found["kinds"]] == [
        ("triptan", 10.0, 10, True, [1]),
        ("simple", 14.0, 15, False, [2, 3]),
    ]


def test_days_that_are_not_recorded_are_no_zero_and_stated_days_count() -> None:
    silent = as_needed("ibuprofen", "400 mg", max_per_day=3)
    (simple,) = headache(silent, headache_days=20)["kinds"]
    assert (simple["days"], simple["over"], simple["stated"]) == (None, None, False)
    (simple,) = headache(silent, headache_days=20, use_days={"simple": 16})["kinds"]
    assert (simple["days"], simple["over"], simple["stated"]) == (16.0, True, True)


def test_without_headache_or_analgesics_there_is_nothing_to_count() -> None:
    assert headache(TRAMADOL, headache_days=0) is None
    assert headache(SERTRALINE, headache_days=20) is None


def test_the_limits_are_those_of_the_condition_of_med_18() -> None:
    (rule,) = (each for each in knowledge().versions["medication_review"][-1].rules if each.id == "MED-18")
    limits = {name: int(days) for name, days in re.findall(r"use_days\.(\w+) >= (\d+)", rule.when.text)}
    found = headache(SERTRALINE, headache_days=20, use_days=dict.fromkeys(limits, 1))
    assert {each["kind"]: each["limit"] for each in found["kinds"]} == limits
    assert f"headache.days_per_month >= {found['headache_days_limit']} " in rule.when.text
    assert f"headache.overuse_months > {found['months_limit']}," in rule.when.text


# What the list leaves open


def test_what_the_list_leaves_open_is_asked_with_its_lines() -> None:
    lines = (
        UNHEARD_OF,
        line("morphine", "strong"),
        line("pregabalin", "150 mg", 2),
        line("pregabalin", "150 mg", 2),
        {"name": "fluoxetine", "status": "stopped"},
    )
    assert asked(*lines, allergies=None) == [
        ([1], "name not in the formulary"),
        ([2], "the dose is not read"),
        ([5], "the day of the last dose is not recorded"),
        ([3, 4], "the same medicine, strength and route"),
        ([], "nobody asked for allergies"),
    ]
    assert asked(SERTRALINE) == []


def test_entries_that_stand_twice_are_both_counted_and_the_clinician_is_asked() -> None:
    found = table(line("oxycodone", "10 mg", 2), line("oxycodone", "10 mg", 2), UNHEARD_OF, UNHEARD_OF)
    assert found["totals"][0]["value"] == 60.0
    twice = [each["ask"] for each in found["questions"] if len(each["lines"]) > 1]
    assert twice == [
        "One medicine or 2? Every dose is counted until then, as the higher reading.",
        "One medicine or 2? They are counted until then, as the higher reading.",
    ]


def test_without_medicines_there_is_no_table() -> None:
    assert "medication_review.table" not in details_for(medications=[])
    assert "medication_review.table" not in details_for(medications=None, medications_reviewed=False)


# The person's own copy


def test_the_persons_copy_lists_what_they_take_and_what_to_talk_about() -> None:
    team = [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}, {"role": "Friend", "name": "Sam"}]
    found = mine(TRAMADOL, SERTRALINE, planned(line("melatonin", "2 mg")), care_team=team)
    assert [(each["name"], each["status"], each["note"], each["twice"]) for each in found["lines"]] == [
        ("tramadol", "current", None, False),
        ("sertraline", "current", None, False),
        ("melatonin", "planned", None, False),
    ]
    assert [(each["rule"], each["names"]) for each in found["talk"]] == [
        ("MED-06", ["tramadol"]),
        ("MED-10", ["tramadol", "sertraline"]),
        ("MED-27", ["tramadol", "sertraline"]),
        ("GAP-05", ["tramadol"]),
        ("MED-07", ["tramadol"]),
    ]
    assert found["people"] == [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}]


def test_the_persons_copy_asks_for_the_box_of_what_was_not_found() -> None:
    text = page(**listed(UNHEARD_OF, line("morphine", "strong"), SERTRALINE, SERTRALINE))
    assert "zorvamine 5 mg, once a day We did not find this name. Please bring the box to your next visit." in text
    assert "morphine strong, once a day We could not read the dose. Please bring the box to your next visit." in text
    assert text.count("This stands on your list more than once. Please tell us what you really take.") == 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"medications": None, "medications_reviewed": False}, "We have not yet gone through your medicines together."),
        ({"medications": []}, "You take no medicines that we know of."),
        (
            {**listed(SERTRALINE), "medications_reviewed": False},
            "This list may not be complete. Please tell us what is missing.",
        ),
    ],
)
def test_the_persons_copy_tells_a_list_that_is_missing_empty_or_open(answers: dict[str, Any], said: str) -> None:
    assert said in page(**answers)


def test_the_list_is_plain_never_says_to_stop_and_names_no_change_of_dose() -> None:
    lines = (TRAMADOL, line("diazepam", "5 mg"), UNHEARD_OF, {"name": "phenelzine", "status": "stopped"})
    html = document_for(intake(**listed(*lines, person=OLDER)), "patient", sign_off=SIGNED)
    (part,) = re.findall(r'<section class="mine" id="medicines">(.*?)</section>', html, re.DOTALL)
    assert is_plain(part)
    text = plain(part)
    assert not re.search(r"\b(stop|stopp\w+|reduce|lower|withdraw|MME|label maximum)\b", text, re.IGNORECASE)
    assert "Please do not change a medicine on your own. Talk to your clinician or pharmacist about any change." in text


def test_nothing_that_only_a_clinician_may_read_is_in_the_persons_copy() -> None:
    answers = listed(TRAMADOL, line("Prozac", "20 mg"), planned(line("ibuprofen", "400 mg", 3)), nociplastic="probable")
    plan = plan_for(intake(**answers), sign_off=SIGNED)
    hidden = {each.rule for each in plan.recommendations if each.audience != "both"}
    assert hidden >= {"MED-37", "MED-38"}
    seen = for_edition(plan, "patient")
    assert [each.id for each in _of_section(seen)] == ["medication_review.mine"]
    talk = {each["rule"] for each in details(seen)["medication_review.mine"]["talk"]}
    assert talk
    assert talk.isdisjoint(hidden)


def test_while_the_section_waits_for_review_the_persons_copy_has_nothing_of_it() -> None:
    plan = plan_for(intake(**listed(line("warfarin", "3 mg"), SERTRALINE)))
    assert "medication_review" in plan.review_modalities
    assert _of_section(for_edition(plan, "patient")) == []


def test_the_clinicians_copy_prints_the_table_and_not_the_persons_list() -> None:
    text = page("clinician", **listed(TRAMADOL, SERTRALINE, UNHEARD_OF, measures=KIDNEYS, person=OLDER))
    assert "tramadol: at least 400 mg, label maximum 300 mg (age 76) above" in text
    assert "Not in the formulary: not assessed" in text
    assert "Oral morphine equivalents, MME/day at least 80 ;" in text
    assert "Lower bounds: name not in the formulary, not assessed (line 3)." in text
    assert "unverified: CNS-active, QT risk" in text
    assert "I take" not in text


def _of_section(plan: Any) -> list[Any]:
    return [each for section in plan.sections if section.modality == "medication_review" for each in section.details]
