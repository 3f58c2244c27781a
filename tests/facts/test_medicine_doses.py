"""Doses from the medicine list: oral morphine by the worked examples, acetaminophen, what does not convert."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.facts.doses import why_unread
from tests.facts.medicine_lists import OXYCODONE, PARACETAMOL, SERTRALINE, UNHEARD_OF, as_needed, line, of


@pytest.mark.parametrize(
    ("lines", "mme"),
    [
        ([OXYCODONE, line("oxycodone", "5 mg", 4)], 120.0),
        ([line("tramadol", "100 mg", 4)], 80.0),
        ([line("fentanyl", "25 mcg/h", None, route="transdermal", every_hours=72)], 60.0),
        ([line("fentanyl", "12 mcg/h", None, route="transdermal")], 28.8),
        ([line("fentanyl", "12 mcg/h", None, route="transdermal"), line("Durogesic", "25 mcg/h", None)], 88.8),
        ([line("fentanyl", "25 mcg/h", None, route="transdermal", dose=2, unit="patch")], 120.0),
        ([line("methadone", "10 mg", 3)], 141.0),
        ([line("tapentadol", "100 mg", 2)], 80.0),
        ([line("codeine", "30 mg", 4)], 18.0),
        ([line("hydromorphone", "4 mg", 4)], 80.0),
        ([line("hydrocodone with acetaminophen", "10/325 mg", 3)], 30.0),
        ([line("co-codamol", "30/500 mg", 4, dose=2)], 36.0),
        ([line("morphine", "10 mg/5 mL", 4, dose=5, unit="mL")], 40.0),
        ([line("oxymorphone", "10 mg", None, every_hours=12)], 60.0),
        ([line("morphine", "15 mg", None, every_hours=7)], 360 / 7),
        ([line("oxycodone", "5 mg", 2, dose=0.5)], 7.5),
        ([], 0.0),
        ([SERTRALINE], 0.0),
    ],
)
def test_oral_morphine_equivalents_a_day(lines: list[dict[str, Any]], mme: float) -> None:
    person = of(*lines)
    assert person.mme() == mme
    assert person.mme_at_least() == mme
    assert person.mme_taken() == mme
    assert person.mme_complete() is True


def test_as_needed_counts_at_the_maximum_or_at_what_is_taken_if_that_is_more() -> None:
    modest = of(OXYCODONE, as_needed("oxycodone", "5 mg", max_per_day=4, taken_per_day=2))
    assert (modest.mme(), modest.mme_taken()) == (120.0, 105.0)
    beyond = of(OXYCODONE, as_needed("oxycodone", "5 mg", max_per_day=4, taken_per_day=6))
    assert (beyond.mme(), beyond.mme_taken()) == (135.0, 135.0)


def test_the_maximum_of_a_medicine_as_needed_holds_against_how_often_it_may_be_taken() -> None:
    assert of(as_needed("oxycodone", "5 mg", every_hours=4, max_per_day=4)).mme() == 30.0
    assert of(as_needed("oxycodone", "5 mg", every_hours=4)).mme() == 45.0


def test_more_than_prescribed_is_counted_as_taken() -> None:
    assert of(line("oxycodone", "10 mg", 2, taken_per_day=5)).mme() == 75.0


def test_what_is_taken_as_needed_is_not_guessed() -> None:
    person = of(as_needed("oxycodone", "5 mg", max_per_day=4))
    assert person.mme() == 30.0
    assert person.mme_taken() is None


@pytest.mark.parametrize(
    "opioid",
    [
        line("buprenorphine", "10 mcg/h", None, route="transdermal"),
        line("meperidine", "50 mg", 4),
        line("fentanyl", "200 mcg", 4, route="buccal"),
        line("fentanyl", "25 mcg/h", None),
        line("fentanyl", "25 mcg", 1, route="transdermal"),
        line("morphine", "10 mg", 4, route="subcutaneous"),
        line("morphine", None, 4),
        line("morphine", "10 mg", None),
        line("morphine", "strong", 4),
        line("morphine", "10 mg", 4, unit="mL"),
        line("morphine", "10 mg/5 mL", 4),
        line("morphine", "10 mg/5 mL", 4, unit="mL"),
        line("morphine", "10 mg", 4, unit="drop"),
        line("morphine", "10 mg", 4, every_hours=4),
        line("co-codamol", "500 mg", 4),
        line("codeine", "30/500 mg", 4),
        as_needed("oxycodone", "5 mg"),
    ],
)
def test_an_opioid_that_does_not_convert_makes_the_total_unknown(opioid: dict[str, Any]) -> None:
    person = of(OXYCODONE, opioid)
    assert person.takes("class:opioid") is True
    assert person.mme_complete() is False
    assert person.mme() is None
    assert person.mme_taken() is None
    assert person.mme_at_least() == 90.0
    assert of(opioid).mme_at_least() is None


def test_of_an_unconfirmed_list_only_a_lower_bound_of_morphine_is_known() -> None:
    person = of(OXYCODONE, reviewed=False)
    assert person.mme() is None
    assert person.mme_complete() is None
    assert person.mme_at_least() == 90.0
    assert of(reviewed=False).mme_at_least() is None


def test_an_unrecognised_entry_might_be_an_opioid() -> None:
    person = of(OXYCODONE, UNHEARD_OF)
    assert person.mme() is None
    assert person.mme_complete() is None
    assert person.mme_at_least() == 90.0
    assert of(UNHEARD_OF).mme_at_least() == 0.0


def test_planned_and_stopped_opioids_are_not_taken() -> None:
    person = of(line("oxycodone", "30 mg", 2, status="planned"), line("morphine", "10 mg", status="stopped"))
    assert person.mme() == 0.0
    assert person.takes("class:opioid") is False
    assert person.plans(("class:opioid",)) is True


def test_the_dose_of_a_drug_is_summed_over_all_its_sources() -> None:
    person = of(
        line("tramadol", "50 mg", 3), line("Ultracet", "37.5/325 mg", 2), as_needed("Zydol", "50 mg", max_per_day=2)
    )
    assert person.daily_mg("tramadol") == 325.0
    assert person.daily_mg("gabapentin") == 0.0
    assert of(line("tramadol")).daily_mg("tramadol") is None
    assert of(line("tramadol", "50 mg"), reviewed=False).daily_mg("tramadol") == 50.0
    assert of(reviewed=False).daily_mg("tramadol") is None
    assert of(UNHEARD_OF).daily_mg("tramadol") is None
    assert of(line("sertraline")).daily_mg("tramadol") == 0.0


def test_acetaminophen_from_all_sources() -> None:
    person = of(
        line("co-codamol", "30/500 mg", 4),
        as_needed("paracetamol", "500 mg", max_per_day=4, taken_per_day=1),
        as_needed("Tylenol", "0.5 g", max_per_day=2),
    )
    assert person.acetaminophen_daily() == 5000.0
    assert person.acetaminophen_taken() == 3500.0
    assert of(PARACETAMOL, line("co-codamol")).acetaminophen_daily() is None
    assert of().acetaminophen_daily() == 0.0
    assert of(UNHEARD_OF).acetaminophen_daily() is None
    assert of(PARACETAMOL, UNHEARD_OF).acetaminophen_daily() == 2000.0


@pytest.mark.parametrize(
    ("source", "regular"),
    [
        (PARACETAMOL, True),
        (as_needed("paracetamol", "500 mg", days_per_week=4), True),
        (as_needed("paracetamol", "500 mg", days_per_week=3), False),
        (as_needed("paracetamol", "500 mg", days_per_month=17), True),
        (as_needed("paracetamol", "500 mg", days_per_month=16), False),
        (as_needed("paracetamol", "500 mg"), None),
    ],
)
def test_acetaminophen_is_regular_from_four_days_a_week(source: dict[str, Any], regular: bool | None) -> None:
    assert of(source).acetaminophen_regular() is regular
    assert of(source, reviewed=False).acetaminophen_regular() is (True if regular else None)


def test_a_dose_beyond_twice_the_label_is_implausible() -> None:
    assert of(line("tramadol", "100 mg", 8)).dose_implausible() is False
    assert of(line("tramadol", "101 mg", 8)).dose_implausible() is True
    assert of(line("gabapentin", "300 g", 3, status="planned"), reviewed=False).dose_implausible() is True
    assert of(line("co-codamol", "30/500 g", 4)).dose_implausible() is True
    assert of(line("tramadol", "50 mg"), reviewed=False).dose_implausible() is None
    assert of(line("tramadol", "50 mg"), line("sertraline")).dose_implausible() is None


def test_renal_function_matters_for_current_and_planned_medicines() -> None:
    assert of(line("gabapentin", "300 mg", status="planned")).renal_relevant() is True
    assert of(line("Ultracet", "37.5/325 mg"), reviewed=False).renal_relevant() is True
    assert of(SERTRALINE).renal_relevant() is False
    assert of(SERTRALINE, UNHEARD_OF).renal_relevant() is None
    assert of(SERTRALINE, reviewed=False).renal_relevant() is None


def test_an_opioid_without_a_label_maximum_is_implausible_beyond_5000_mme() -> None:
    assert of(line("morphine", "2500 mg", 2)).dose_implausible() is False
    assert of(line("morphine", "2501 mg", 2)).dose_implausible() is True
    assert of(line("fentanyl", "2 mg/h", None, route="transdermal")).dose_implausible() is False
    assert of(line("fentanyl", "2.1 mg/h", None, route="transdermal")).dose_implausible() is True


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (line("gabapentin", None, 3), "no strength is given"),
        (line("gabapentin", "300 IU", 3), "the strength '300 IU' is not understood"),
        (line("gabapentin", "300 mg", None), "how often it is taken is not clear"),
        (as_needed("tramadol", "50 mg"), "the most for a day is not given"),
        (line("co-codamol", "30 mg", 3), "the strength has 1 amount, the medicine 2"),
        (line("gabapentin", "5 mg/h", 3), "a strength by the hour needs the route transdermal, or the unit patch"),
        (line("gabapentin", "300 mg", 3, unit="patch"), "a patch needs the route transdermal or topical"),
        (line("fentanyl", "25 mcg", 1, route="transdermal"), "a patch has a strength in mcg/h"),
        (line("fentanyl", "25 mcg/h", None), "its dose depends on the route, which is not given"),
        (
            line("fentanyl", "25 mcg/h", None, route="transdermal", unit="tablet"),
            "a strength by the hour needs the route transdermal, or the unit patch",
        ),
        (line("morphine", "10 mg/5 mL", 4, unit="tablet"), "a strength per mL and a dose in mL go together"),
        (line("morphine", "10 mg", 4, unit="mL"), "a strength per mL and a dose in mL go together"),
        (line("morphine", "10 mg/5 mL", 4, unit="mL"), "how many mL make a dose is not given"),
        (line("morphine", "10 mg", 4, unit="drop"), "a dose in drop does not count what the strength is of"),
    ],
)
def test_a_dose_that_is_not_read_says_what_is_missing_and_is_computed_nowhere(entry: dict[str, Any], why: str) -> None:
    person = of(entry)
    (only,) = person.list.lines
    assert only.medicine is not None
    assert (only.dose, why_unread(only.entry, only.medicine)) == (None, why)
    assert person.unrecognised() == 1
    assert person.daily_mg("gabapentin") in (None, 0.0)


def test_a_dose_that_is_read_lacks_nothing() -> None:
    (only,) = of(PARACETAMOL).list.lines
    assert only.medicine is not None
    assert why_unread(only.entry, only.medicine) is None
