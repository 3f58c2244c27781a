"""What is found in texts for patients: where it stands, how grave it is, and what is left alone."""

from __future__ import annotations

from careplan.cql import Type
from careplan.rules.checks.finding import Finding, ruleset_file
from careplan.rules.checks.plain_language import plain_language
from careplan.vocabulary.model import FactDefinition, Vocabulary

VOCABULARY = Vocabulary({"pain.bad": FactDefinition("pain.bad", Type.BOOLEAN, "Bad pain", "pain")})
EASY = "Go for a walk each day. Stop when it hurts. Then rest for a short time and go on."
LONG = "Go for a walk each day and when it hurts then rest for a short time and go on with it."
HARD = (
    "Continuous physical activity improves general functioning considerably. "
    "Individual recommendations vary enormously between different people and situations."
)
FAIR = (
    "Regular movement can ease your pain in time. "
    "Your prescriber or pharmacist can answer your questions about medicines."
)
"""Of grade 7."""


def rule(**fields: str) -> str:
    """A ruleset with one rule for both editions; each field is YAML."""
    given = {
        "id": "WLK-01",
        "title": "Walk",
        "when": "pain.bad",
        "priority": "core",
        "kind": "action",
        "because": EASY,
        "patient": EASY,
        "evidence": "[{id: x, cite: X, grade: low}]",
        **fields,
    }
    head = 'id: walk\nversion: "2026.1"\neffective: 2026-01-01\ntitle: Walk\nrules:\n  - '
    return head + "\n    ".join(f"{key}: {value}" for key, value in given.items()) + "\n"


def found(text: str) -> list[Finding]:
    file = ruleset_file(text.encode(), "walk.yaml", VOCABULARY, {"flex"})
    return list(plain_language(file))


def codes(text: str) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in found(text)]


def test_a_plain_rule_has_no_findings() -> None:
    assert found(rule()) == []


def test_a_long_sentence_is_an_error_at_its_first_word() -> None:
    (finding,) = found(rule(patient=f">-\n      {EASY}\n      Yes. {LONG}"))
    assert str(finding) == (
        "walk.yaml:14:12: error: WLK-01 patient: a sentence of 21 words, at most 20; cut 'Go for a walk each' … in two "
        "(long_sentence)"
    )


def test_jargon_is_an_error_at_the_word_and_says_what_to_say_instead() -> None:
    (finding,) = found(rule(because=f'"{EASY} A slow taper."'))
    column = len(f'    because: "{EASY} A slow ') + 1
    assert str(finding) == (
        f"walk.yaml:11:{column}: error: WLK-01 because: 'taper' is jargon; "
        "say instead: lower in small steps, with your prescriber (jargon)"
    )


def test_a_grade_above_the_goal_is_a_warning_and_above_the_limit_an_error() -> None:
    assert codes(rule(patient=FAIR)) == [("reading_grade", "warning")]
    (finding,) = found(rule(patient=HARD))
    assert finding.severity == "error"
    assert finding.message.startswith("WLK-01 patient: reading grade ")
    assert finding.message.endswith(
        "above the limit of 8; its hardest words: considerably, Individual, recommendations, Continuous"
    )


def test_short_texts_are_graded_together_with_what_stands_before_them() -> None:
    hard = "Rheumatology examinations."
    assert found(rule(patient=hard, because="It helps.")) == []
    (finding,) = found(rule(patient=hard, because=HARD))
    assert finding.message.startswith("WLK-01 patient and because: reading grade ")
    (finding,) = found(rule(patient=FAIR, because="Certainly."))
    assert finding.message.startswith("WLK-01 patient and because: reading grade ")


def test_what_no_patient_reads_is_left_alone() -> None:
    parts = f"[{{text: {HARD!r}, edition: clinician}}]"
    effects = f"{{adapts: {{flex: {HARD!r}}}}}"
    assert found(rule(clinician=HARD, parts=parts)) == []
    given = rule(audience="clinician", effects=effects)
    assert found(given.replace(f"    patient: {EASY}\n", "").replace(f"because: {EASY}", f"because: {HARD}")) == []


def test_parts_adaptations_and_titles_are_read_by_patients() -> None:
    assert codes(rule(parts=f"[{{text: {HARD!r}}}]")) == [("reading_grade", "error")]
    assert codes(rule(effects=f"{{adapts: {{flex: {HARD!r}}}}}")) == [("reading_grade", "error")]
    assert codes(rule(effects="{adapts: {flex: Taper.}}")) == [("jargon", "error")]
    assert codes(rule(title="Your taper")) == [("jargon", "error")]


def test_a_placeholder_counts_as_a_number() -> None:
    number = "Your sleep score is {isi.total} of 28. Go to bed at the same time each night of the week."
    assert found(rule(patient=f"'{number}'")) == []
