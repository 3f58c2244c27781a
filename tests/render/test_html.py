"""A document as HTML: whole in itself, and unharmed by what people write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.assessment import Allergy, CareTeamMember, Goal, Medication, Person
from careplan.plan.compose import Case
from careplan.plan.editions import Edition
from careplan.plan.model import Failure
from careplan.render.document import document
from careplan.render.html import html
from careplan.vocabulary.contacts import contacts_for
from tests.plan.test_editions import CONFIDENTIAL, hidden_from
from tests.plan.test_laws import people
from tests.render.whole_documents import (
    SIGNED,
    assessment,
    cases,
    document_of,
    plan_of,
    templates,
    vocabulary,
)

EDITIONS: tuple[Edition, ...] = ("patient", "clinician")
NASTY = '<script>alert(1)</script>{{ 7777 * 3 }}{% include "x" %}</section>&"\''


def page(name: str, edition: Edition, **options: Any) -> str:
    return html(document_of(name, edition, **options), templates())


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ["gardener", "harbour-worker", "churchgoer"])
def test_a_page_has_a_language_and_a_title_and_asks_for_nothing(name: str, edition: Edition) -> None:
    text = page(name, edition, signed=SIGNED)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert re.search(r"<title>[^<]+</title>", text)
    assert all(each.startswith("#") for each in re.findall(r"(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)", text))
    assert {each.split(":")[0] for each in re.findall(r"url\(([^)]{0,20})", text)} == {"data"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_people_write_is_text_and_never_markup_or_template(edition: Edition) -> None:
    text = page(
        "gardener",
        edition,
        person=evolve(document_of("gardener", edition).person, name=NASTY, identifiers={NASTY: NASTY}),
        matters_most=NASTY,
        goals=(Goal(NASTY),),
        care_team=(CareTeamMember(NASTY, NASTY, NASTY),),
        medications=(Medication(NASTY, NASTY, route=NASTY, unit=NASTY, dose=1),),
        allergies=(Allergy(NASTY, NASTY),),
    )
    assert "<script>" not in text.lower()
    assert "{{ 7777 * 3 }}" in text
    assert "23331" not in text
    assert text.count("</section>") == text.count("<section")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_nothing_of_a_hidden_rule_stands_on_the_patients_page(data: st.DataObject) -> None:
    person = assessment(cases()["gardener"]["intake"])
    plan = plan_of(data.draw(people()), Case("somebody", person.date, signed_by=SIGNED), over=CONFIDENTIAL)
    made = document(
        plan, person, {}, edition="patient", instruments={}, vocabulary=vocabulary(), contacts=contacts_for("GB")
    )
    text = re.sub(r"<style>.*?</style>", "", html(made, templates()), flags=re.DOTALL)
    base = CONFIDENTIAL.base
    hidden = {rule.id for rule in base.rules.values() if rule.audience != "both"}
    ids, said, facts = hidden_from(base, hidden)
    assert {each for each in ids | facts if re.search(rf"(?<![\w.-]){re.escape(each)}(?![\w.-])", text)} == set()
    assert {each for each in said if each in text} == set()


def test_the_patients_first_page_names_the_steps_and_whom_to_call() -> None:
    text = page("gardener", "patient", matters_most="Being there for my grandchildren.")
    front = text[text.index('class="front"') : text.index('id="now"')]
    for expected in ("Being there for my grandchildren.", "My next steps", "Graded activity.", "16 March 2026", "999"):
        assert expected in front
    assert front.count("<li><strong>") == 3


def test_an_unknown_country_prints_your_local_emergency_number() -> None:
    person = Person(birth_date=document_of("gardener", "patient").person.birth_date, country="FR")
    text = page("gardener", "patient", person=person)
    assert "your local emergency number" in text
    assert "999" not in text.split("</style>")[1]


def test_every_released_recommendation_stands_on_the_patients_page_once() -> None:
    made = document_of("gardener", "patient")
    text = html(made, templates())
    for each in (*made.plan.safety, *made.plan.recommendations):
        assert text.count(f'id="{each.rule}"') == 1


def test_the_clinicians_page_shows_every_rule_and_question_of_the_plan() -> None:
    made = document_of("churchgoer", "clinician", facts={"finding.abuse_current": True})
    text = html(made, templates())
    for each in (*made.plan.emergency, *made.plan.safety, *made.plan.recommendations):
        assert f'id="{each.rule}"' in text
        assert all(source.cite.split("(")[0].strip() in text.replace("&amp;", "&") for source in each.evidence)
    for held in made.plan.ask_first:
        assert held.recommendation.title in text
    for blocked in made.plan.blocked:
        assert blocked.recommendation.title in text
    assert "Confidential: on no patient or shared document" in text


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_allowed_gap_stands_on_the_first_page(edition: Edition) -> None:
    gap = Failure("hydrotherapy", "import", "ModuleNotFoundError: pool")
    text = page("gardener", edition, failures=(gap,), signed=SIGNED)
    first = text[text.index("<h1>") : text.index("<h2>What matters" if edition == "patient" else "<h2>Problems")]
    assert "hydrotherapy" in first
    assert ("ModuleNotFoundError" in first) is (edition == "clinician")
