"""Facts from the medicine list: whole people, and what a list can and cannot say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from careplan.errors import VocabularyError
from tests.facts.medicine_lists import (
    DAY,
    FACTS,
    OXYCODONE,
    SERTRALINE,
    UNHEARD_OF,
    as_needed,
    line,
    of,
    planned,
    read,
    values,
)

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))


# Whole people


@pytest.mark.parametrize("case", CASES, ids=[each["id"] for each in CASES])
def test_the_medicine_facts_of_whole_people(case: dict[str, Any]) -> None:
    intake = case["intake"]
    allergies = intake.get("allergies")
    person = of(
        *(intake.get("medications") or ()),
        reviewed=intake.get("medications_reviewed", False),
        allergies=None if allergies is None else tuple(each["substance"] for each in allergies),
    )
    assert len(FACTS) == 93
    assert values(person) == {each.id: case["facts"].get(each.id) for each in FACTS}


def test_a_list_nobody_asked_for_says_nothing() -> None:
    person = read(None, reviewed=False, allergies=None)
    assert person.takes("class:opioid") is None
    assert person.count() is None
    assert person.mme() is None
    assert person.mme_at_least() is None
    assert person.new() is None
    assert person.allergy_nsaid() is None
    assert person.allergy_conflict() is None
    assert person.unrecognised() == 0
    assert person.acb_at_least() == 0


# What is taken and planned


def test_a_medicine_found_is_taken_whatever_else_the_list_holds() -> None:
    assert of(OXYCODONE, UNHEARD_OF, reviewed=False).takes("class:opioid") is True


def test_a_medicine_not_found_is_not_taken_only_on_a_confirmed_list_that_was_wholly_recognised() -> None:
    assert of(SERTRALINE).takes("class:opioid") is False
    assert of(SERTRALINE, reviewed=False).takes("class:opioid") is None
    assert of(SERTRALINE, UNHEARD_OF).takes("class:opioid") is None
    assert of(SERTRALINE, line("citalopram")).takes("class:opioid") is None
    assert of().takes("class:opioid") is False


def test_a_combination_counts_for_each_of_its_ingredients() -> None:
    person = of(line("Co-codamol", "30/500 mg", 4))
    for selector in ("class:opioid", "drug:codeine", "drug:acetaminophen", "class:combination_analgesic"):
        assert person.takes(selector) is True
    assert person.acetaminophen_daily() == 2000.0
    assert person.acb() == 1
    assert person.cns_active() == 1


def test_a_topical_nsaid_is_not_an_oral_one() -> None:
    gel = of(line("ibuprofen", "5 %", 3, route="topical"))
    assert gel.takes("class:nsaid") is False
    assert gel.takes("class:nsaid_topical") is True
    assert gel.unrecognised() == 0
    assert gel.use_days("simple") == 0.0
    assert of(line("ketoprofen", "2.5 %", 3, route="topical")).takes("class:nsaid") is None


def test_a_fentanyl_patch_is_told_from_other_fentanyl() -> None:
    assert of(line("fentanyl", "25 mcg/h", None, route="transdermal")).takes("drug:fentanyl transdermal") is True
    assert of(line("Actiq", "200 mcg", 2)).takes("drug:fentanyl transdermal") is False
    assert of(line("fentanyl", "25 mcg/h", None)).takes("drug:fentanyl transdermal") is None


def test_any_of_several_selectors_may_be_planned() -> None:
    person = of(planned(line("pregabalin", "75 mg", 2)))
    assert person.plans(("class:benzodiazepine", "class:gabapentinoid")) is True
    assert person.plans(("class:opioid",)) is False
    assert of(line("pregabalin", "75 mg", 2)).plans(("class:gabapentinoid",)) is False


def test_a_planned_medicine_that_is_not_recognised_could_be_any() -> None:
    assert of(planned(UNHEARD_OF)).plans(("class:opioid",)) is None
    assert of(UNHEARD_OF).plans(("class:opioid",)) is False


@pytest.mark.parametrize("selector", ["class:opiod", "drug:oxycodon", "opioid"])
def test_a_selector_that_no_medicine_answers_to_is_an_error_and_not_a_no(selector: str) -> None:
    with pytest.raises(VocabularyError, match=f"there is no class or drug of the formulary '{selector}'"):
        of().takes(selector)
    with pytest.raises(VocabularyError):
        of().plans((selector,))


def test_other_arguments_are_checked_too() -> None:
    with pytest.raises(VocabularyError, match="did you mean 'known'"):
        of().qt_at_least("knwon")
    with pytest.raises(VocabularyError, match="there is no kind of analgesic 'opiate'"):
        of().use_days("opiate")
    with pytest.raises(VocabularyError, match="did you mean 'drug:tramadol'"):
        of().daily_mg("tramadl")


def test_current_entries_are_counted_once_the_list_is_confirmed() -> None:
    lines = (OXYCODONE, line("oxycodone", "5 mg"), UNHEARD_OF, line("tramadol", "50 mg", status="planned"))
    assert of(*lines).count() == 3
    assert of(*lines, reviewed=False).count() is None
    assert of().count() == 0


def test_unrecognised_are_unknown_names_and_needed_doses_that_cannot_be_read() -> None:
    lines = (
        UNHEARD_OF,
        planned(UNHEARD_OF),
        {**UNHEARD_OF, "status": "stopped"},
        line("sertraline"),
        line("tramadol", "50 mg", None, status="planned"),
        line("co-codamol", "30/500"),
        line("levothyroxine"),
        line("buprenorphine"),
        line("capsaicin", "0.075 %", route="topical"),
    )
    assert of(*lines, reviewed=False).unrecognised() == 5


# Washout


def stopped(name: str, on: date | None) -> dict[str, Any]:
    return {"name": name, "status": "stopped", "stopped_on": on}


@pytest.mark.parametrize(("on", "taken"), [(date(2026, 2, 16), True), (date(2026, 2, 15), False), (None, None)])
def test_an_mao_inhibitor_counts_for_14_days_after_it_was_stopped(on: date | None, taken: bool | None) -> None:
    person = of(stopped("phenelzine", on))
    assert person.takes("class:maoi") is taken
    assert person.takes("drug:phenelzine") is False
    assert person.serotonergic() == {True: 1, False: 0, None: None}[taken]
    assert person.serotonergic_at_least() == (1 if taken else 0)
    assert person.count() == 0


@pytest.mark.parametrize(("on", "taken"), [(date(2026, 1, 26), True), (date(2026, 1, 25), False), (None, None)])
def test_fluoxetine_counts_for_35_days_after_it_was_stopped(on: date | None, taken: bool | None) -> None:
    person = of(stopped("fluoxetine", on))
    assert person.takes("drug:fluoxetine") is taken
    assert person.takes("class:ssri") is False
    assert person.takes("class:maoi") is False
    assert person.serotonergic_no_triptan() == {True: 1, False: 0, None: None}[taken]


def test_other_medicines_do_not_count_once_they_are_stopped() -> None:
    person = of(stopped("sertraline", DAY), stopped("linezolid", DAY))
    assert person.takes("class:maoi") is False
    assert person.serotonergic() == 0


def test_something_unknown_that_was_stopped_lately_might_be_an_mao_inhibitor() -> None:
    assert of(stopped("zorvamine", date(2026, 2, 20))).takes("class:maoi") is None
    assert of(stopped("zorvamine", None)).serotonergic() is None
    assert of(stopped("zorvamine", date(2025, 1, 1))).takes("class:maoi") is False
    assert of(stopped("zorvamine", date(2026, 2, 20))).takes("class:opioid") is False


# Entries that stand twice


def test_lines_that_name_the_same_medicine_strength_and_route_are_found() -> None:
    person = of(
        line("paracetamol", "500 mg", 4),
        line("pregabalin", "150 mg", 2),
        line("Tylenol", "0.5 g", 2, route="oral"),
        line("pregabalin", "75 mg"),
        line("paracetamol", "500 mg", 4, status="planned"),
        UNHEARD_OF,
        line("Zorvamine", "5 MG"),
        line("diclofenac", "50 mg"),
        line("diclofenac", "50 mg", route="topical"),
    )
    assert [[each.number for each in lines] for lines in person.list.repeated] == [[1, 3], [6, 7]]


def test_what_stands_twice_is_counted_twice_until_somebody_says_that_it_is_one() -> None:
    assert of(line("pregabalin", "150 mg", 2), line("pregabalin", "150 mg", 2)).daily_mg("pregabalin") == 600.0


# Loads


def test_serotonergic_ingredients_are_counted_once_each() -> None:
    lines = (
        line("tramadol", "50 mg", 4),
        line("Ultracet", "37.5/325 mg", 2),
        SERTRALINE,
        line("linezolid", "600 mg", 2),
        line("St John's wort"),
        line("sumatriptan", "50 mg"),
        line("mirtazapine", "15 mg", status="planned"),
    )
    person = of(*lines)
    assert person.serotonergic() == 5
    assert person.serotonergic_no_triptan() == 4
    assert person.serotonergic_planned() == 1
    assert of(*lines, reviewed=False).serotonergic() is None
    assert of(*lines, reviewed=False).serotonergic_at_least() == 5
    assert of(*lines, UNHEARD_OF).serotonergic_no_triptan() is None
    assert of(*lines, UNHEARD_OF).serotonergic_no_triptan_at_least() == 4


def test_serotonergic_medicines_planned_are_known_of_any_list() -> None:
    assert of(reviewed=False).serotonergic_planned() == 0
    assert of(planned(UNHEARD_OF)).serotonergic_planned() is None
    assert of(planned(UNHEARD_OF), planned(SERTRALINE)).serotonergic_planned() == 1


def test_qt_risks_are_counted_by_level() -> None:
    lines = (line("methadone", "10 mg", 3), line("citalopram", "20 mg"), SERTRALINE, line("tizanidine", "2 mg"))
    person = of(*lines)
    assert [person.qt(level) for level in ("known", "conditional", "possible")] == [2, 1, 1]
    assert of(*lines, UNHEARD_OF).qt("known") is None
    assert of(*lines, UNHEARD_OF).qt_at_least("known") == 2


def test_cns_active_ingredients_and_anticholinergic_points_are_summed_over_distinct_ingredients() -> None:
    lines = (
        line("amitriptyline", "10 mg"),
        line("amitriptyline", "25 mg"),
        line("oxybutynin", "5 mg", 2),
        line("Fioricet", "50/325/40 mg", 2),
        line("diazepam", "2 mg"),
    )
    person = of(*lines)
    assert person.acb() == 7
    assert person.cns_active() == 3
    assert of(*lines, reviewed=False).acb() is None
    assert of(*lines, reviewed=False).acb_at_least() == 7
    assert of(*lines, reviewed=False).cns_active_at_least() == 3


# How long and how often


@pytest.mark.parametrize(
    ("fields", "new"),
    [
        ({"months": 0.9}, True),
        ({"months": 1}, False),
        ({"started_on": date(2026, 2, 2)}, True),
        ({"started_on": date(2026, 2, 1)}, False),
        ({"months": 20, "changed_on": date(2026, 2, 20)}, True),
        ({"months": 20, "status": "planned"}, True),
        ({"months": 0.5, "status": "stopped"}, False),
    ],
)
def test_a_medicine_is_new_for_28_days(fields: dict[str, Any], new: bool) -> None:
    assert of({**SERTRALINE, **fields}).new() is new
    assert of({**SERTRALINE, **fields}, reviewed=False).new() is (True if new else None)


def test_months_on_an_opioid_are_the_longest_said() -> None:
    assert of({**OXYCODONE, "months": 14}, line("oxycodone", "5 mg")).opioid_months() == 14.0
    assert of({**OXYCODONE, "started_on": date(2025, 9, 2)}).opioid_months() == 6.0
    assert of({**OXYCODONE, "started_on": date(2025, 8, 31)}).opioid_months() == 6 + 2 / 31
    assert of(OXYCODONE).opioid_months() is None
    assert of().opioid_months() is None


def test_weeks_on_a_muscle_relaxant() -> None:
    assert of(line("baclofen", "10 mg", 3, months=2)).muscle_relaxant_weeks() == 8.69
    assert of(line("baclofen", "10 mg", 3, started_on=date(2026, 2, 16))).muscle_relaxant_weeks() == 2.0
    assert of(line("baclofen", "10 mg", 3)).muscle_relaxant_weeks() is None
    assert of(SERTRALINE).muscle_relaxant_weeks() == 0.0
    assert of(SERTRALINE, reviewed=False).muscle_relaxant_weeks() is None


@pytest.mark.parametrize(
    ("fields", "long_term"),
    [
        ({"months": 3}, True),
        ({"months": 2.9}, False),
        ({"started_on": date(2025, 12, 2)}, True),
        ({"started_on": date(2025, 12, 3)}, False),
        ({}, None),
        ({"months": 30, "route": "inhaled"}, False),
    ],
)
def test_an_oral_corticosteroid_is_long_term_from_three_months(fields: dict[str, Any], long_term: bool | None) -> None:
    assert of(line("prednisolone", "5 mg", **fields)).corticosteroid_long_term() is long_term
    assert of().corticosteroid_long_term() is False
    assert of(UNHEARD_OF).corticosteroid_long_term() is None


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"as_needed": True, "days_per_month": 12}, 12.0),
        ({"as_needed": True, "days_per_week": 3.5}, 15.0),
        ({"as_needed": True}, None),
        ({"as_needed": False}, 30.0),
        ({"as_needed": False, "days_per_month": 8}, 8.0),
    ],
)
def test_days_of_use_in_a_month(fields: dict[str, Any], days: float | None) -> None:
    assert of(line("sumatriptan", "50 mg", **fields), reviewed=False).use_days("triptan") == days


def test_days_of_use_are_the_largest_of_a_class() -> None:
    person = of(
        as_needed("sumatriptan", "50 mg", days_per_month=4),
        as_needed("rizatriptan", "10 mg", days_per_month=9),
        as_needed("co-codamol", "30/500 mg", days_per_month=6),
        as_needed("aspirin", "300 mg", days_per_month=5),
    )
    kinds = ("triptan", "ergot", "opioid", "combination", "simple")
    assert [person.use_days(kind) for kind in kinds] == [9.0, 0.0, 6.0, 6.0, 5.0]
    assert of(UNHEARD_OF).use_days("triptan") is None


# Allergies


@pytest.mark.parametrize(
    ("substance", "nsaid"),
    [
        ("aspirin", True),
        ("Naproxen", True),
        ("Voltarol gel", True),
        ("NSAIDs", True),
        ("asthma after ibuprofen/diclofenac", True),
        ("Aspirin 75", True),
        ("penicillin", False),
        ("paracetamol", False),
    ],
)
def test_an_allergy_to_an_nsaid_is_recognised_by_any_of_its_names(substance: str, nsaid: bool) -> None:
    assert of(allergies=(substance,)).allergy_nsaid() is nsaid


def test_nobody_is_free_of_allergies_until_they_were_asked_for() -> None:
    assert of(allergies=()).allergy_nsaid() is False
    assert of(allergies=None).allergy_nsaid() is None
    assert of(OXYCODONE, allergies=None).allergy_conflict() is None


@pytest.mark.parametrize(
    ("entry", "substance", "conflict"),
    [
        (line("co-codamol", "30/500 mg"), "codeine", True),
        (line("ibuprofen", "200 mg", status="planned"), "Nurofen", True),
        (line("naproxen", "250 mg"), "NSAID", True),
        (line("ibuprofen", "5 %", route="topical"), "ibuprofen", True),
        (line("aspirin low dose", "75 mg"), "aspirin", True),
        (UNHEARD_OF, "Zorvamine", True),
        (line("naproxen", "250 mg"), "penicillin", False),
        (line("ibuprofen", "200 mg", status="stopped"), "ibuprofen", False),
        (UNHEARD_OF, "penicillin", None),
    ],
)
def test_a_medicine_that_an_allergy_names_is_a_conflict(
    entry: dict[str, Any], substance: str, conflict: bool | None
) -> None:
    assert of(entry, allergies=(substance,)).allergy_conflict() is conflict


def test_without_allergies_there_is_no_conflict_on_any_list() -> None:
    assert of(UNHEARD_OF, reviewed=False).allergy_conflict() is False
    assert of(SERTRALINE, reviewed=False, allergies=("codeine",)).allergy_conflict() is None
