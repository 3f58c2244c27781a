"""Totals count what is known, and say so where they are lower bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.testing import plan_for
from tests.facts.medicine_lists import line, planned
from tests.plugins.medication_review.lists import (
    CASES,
    LISTS,
    SERTRALINE,
    TOTALS,
    TRAMADOL,
    UNHEARD_OF,
    table,
    totals,
)
from tests.plugins.people import SIGNED, details


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
