"""What patients read: short plain sentences that say what to do, kindly, and never to end a medicine."""

from __future__ import annotations

import re

import pytest

from careplan.rules.checks.finding import ruleset_file
from careplan.rules.checks.plain_language import plain_language
from careplan.rules.checks.readability import sentences, words
from careplan.rules.paths import paths
from careplan.rules.ruleset import PLACEHOLDER, Rule
from tests.rulesets.source import MODALITIES, RULESETS, VERSION, ruleset, tags, vocabulary

UNKIND = ("complain", "complian", "fail", "lazy", "refus", "wrong with you", "your fault")

EVERY_RULE = [rule for modality in MODALITIES for rule in ruleset(modality).rules]
RULES = [pytest.param(rule, id=rule.id) for rule in EVERY_RULE]
PATIENT_RULES = [pytest.param(rule, id=rule.id) for rule in EVERY_RULE if rule.patient]
EMERGENCIES = [pytest.param(rule, id=rule.id) for rule in EVERY_RULE if rule.priority == "emergency"]


def for_patients(rule: Rule) -> str:
    """Everything of a rule that tells a patient what to do."""
    parts = [part.text for part in rule.parts if part.edition != "clinician"]
    return " ".join([rule.patient or "", *parts])


@pytest.mark.parametrize("modality", MODALITIES)
def test_texts_for_patients_are_plain(modality: str) -> None:
    file = RULESETS / modality / f"{VERSION}.yaml"
    found = plain_language(ruleset_file(file.read_bytes(), f"{modality}.yaml", vocabulary(), tags()))
    assert [str(each) for each in found] == []


@pytest.mark.parametrize("rule", PATIENT_RULES)
def test_what_to_do_takes_a_few_sentences(rule: Rule) -> None:
    assert 2 <= len(sentences(rule.patient or "")) <= 5


@pytest.mark.parametrize("rule", PATIENT_RULES)
def test_texts_for_patients_are_kind(rule: Rule) -> None:
    text = f"{rule.title} {for_patients(rule)} {rule.because}".lower()
    assert [each for each in UNKIND if re.search(rf"\b{re.escape(each)}", text)] == []


@pytest.mark.parametrize("rule", PATIENT_RULES)
def test_no_patient_is_told_to_stop_a_medicine(rule: Rule) -> None:
    assert re.search(r"\b(stop|quit|come off|give up)\b", for_patients(rule), re.IGNORECASE) is None


@pytest.mark.parametrize("rule", PATIENT_RULES)
def test_patients_are_spoken_to(rule: Rule) -> None:
    assert re.search(r"\b(you|your)\b", rule.patient or "", re.IGNORECASE)


@pytest.mark.parametrize("rule", EMERGENCIES)
def test_an_emergency_text_begins_with_what_to_do_and_holds_in_any_country(rule: Rule) -> None:
    first, *_ = words(rule.patient or "")
    assert first in ("Please", "Call", "Go")
    assert re.search(r"\d", PLACEHOLDER.sub("", rule.patient or "")) is None


@pytest.mark.parametrize("rule", RULES)
def test_a_text_names_only_facts_that_are_known_whenever_it_is_shown(rule: Rule) -> None:
    firing, _ = paths(rule.id, rule.when)
    named = {match for text in (rule.patient, rule.clinician) for match in PLACEHOLDER.findall(text or "")}
    for fact in named:
        assert all(any(atom.of.fact == fact for atom in path) for path in firing)


def test_the_sleep_window_names_the_person_s_own_efficiency() -> None:
    (rule,) = (each for each in ruleset("sleep").rules if each.id == "SLP-03")
    assert "{sleep.efficiency} % of your time in bed" in (rule.patient or "")


@pytest.mark.parametrize("rule", RULES)
def test_why_it_helps_cites_nothing(rule: Rule) -> None:
    assert re.search(r"\d{4}|\bet al\b", rule.because) is None
    assert 1 <= len(sentences(rule.because)) <= 2


@pytest.mark.parametrize("rule", RULES)
def test_clinicians_read_full_sentences(rule: Rule) -> None:
    assert rule.clinician is not None
    assert rule.clinician.endswith(".")
    assert " - " not in rule.clinician
