"""What a clinician decides otherwise stands in the plan, is said, and never undoes what protects the person."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from attrs import evolve

from careplan.assessment import Goal, Override
from careplan.plan.editions import for_edition
from careplan.render.json import plan_json
from tests.plan.overridden import DAY, SIGNED, WHY, only, override, own, plan, problems, standing, taken_out
from tests.plan.test_editions import ABUSE, facts_of, words


class TestDeclining:
    def test_a_declined_recommendation_is_taken_out_and_listed_with_who_why_and_until_when(self) -> None:
        found = plan(facts_of("gardener"), override("SLP-01", "decline"))
        assert "SLP-01" not in standing(found)
        assert not any("SLP-01" in phase for phase in found.phases)
        assert not any(each.rule == "SLP-01" for section in found.sections for each in section.recommendations)
        listed = only(found)
        assert (listed.outcome, listed.title, listed.modality, listed.meaning) == (
            "applied", "Sleep basics", "sleep", "Tried before without success",
        )  # fmt: skip
        assert (listed.override.by, listed.override.until, listed.override.reason) == (
            "Dr Ola Example", date(2026, 6, 1), WHY,
        )  # fmt: skip
        assert listed.original is not None
        assert listed.original.triggered_by == {"isi.total": 16}

    def test_the_phases_close_up_behind_it(self) -> None:
        before, found = (plan(facts_of("gardener"), *each) for each in ((), (override("ACT-03", "decline"),)))
        assert [len(phase) for phase in found.phases[:-1]] == [3] * (len(found.phases) - 1)
        assert [rule for phase in found.phases for rule in phase] == [
            rule for phase in before.phases for rule in phase if rule != "ACT-03"
        ]

    def test_a_declined_rule_still_blocks_and_adapts_others(self) -> None:
        facts = facts_of("software-developer")
        found = plan(facts, override("ACT-01", "decline"), signed=SIGNED)
        assert "ACT-01" not in standing(found)
        assert {each.recommendation.rule: each.by for each in found.blocked}["EXR-01"] == ("ACT-01",)
        assert [each.rule for each in standing(found)["EXR-03"].adapted_by] == ["ACT-01"]

    def test_a_plan_stays_small_when_the_rule_that_made_it_so_is_declined(self) -> None:
        before, found = (plan(facts_of("swimmer"), *each) for each in ((), (override("CLS-06", "decline"),)))
        assert found.minimal
        assert found.blocked == before.blocked
        assert set(standing(found)) == set(standing(before)) - {"CLS-06"}

    @pytest.mark.parametrize(
        ("person", "rule", "why"),
        [
            ("gardener", "ACT-01", "the rule does not apply"),
            ("bookkeeper", "CLS-01", "the rule cannot be decided"),
            ("librarian", "EXR-01", "the recommendation is held: ask first (safety.exercise_unsafe)"),
            ("software-developer", "EXR-01", "the recommendation is taken out already, by ACT-01"),
            ("swimmer", "EXR-02", "the recommendation is taken out already, by CLS-06"),
        ],
    )
    @pytest.mark.parametrize("do", ["decline", "change"])
    def test_an_override_of_what_does_not_stand_had_nothing_to_do(
        self, person: str, rule: str, why: str, do: str
    ) -> None:
        before = plan(facts_of(person))
        found = plan(facts_of(person), override(rule, do, title="Another title" if do == "change" else None))
        assert (only(found).outcome, only(found).why) == ("idle", why)
        assert evolve(found, overrides=()) == before


class TestChanging:
    def test_other_words_are_printed_and_the_rules_own_are_kept(self) -> None:
        before = standing(plan(facts_of("gardener")))["SLP-01"]
        found = plan(facts_of("gardener"), override("SLP-01", "change", patient="Get up at seven {isi.total}."))
        changed = standing(found)["SLP-01"]
        assert (changed.title, changed.patient, changed.clinician) == (
            before.title, "Get up at seven {isi.total}.", before.clinician,
        )  # fmt: skip
        assert changed.override is not None
        assert changed.override.original == before
        assert only(found) is changed.override
        assert evolve(changed, patient=before.patient, override=None) == before

    def test_a_changed_recommendation_keeps_its_place_and_its_parts(self) -> None:
        before = plan(facts_of("churchgoer"))
        rules = [each for each in before.recommendations if each.parts]
        assert rules
        found = plan(facts_of("churchgoer"), *(override(each.rule, "change", clinician="Mine.") for each in rules))
        assert found.phases == before.phases
        for each in rules:
            assert standing(found)[each.rule].parts == each.parts

    def test_a_text_for_the_patient_does_not_fit_a_rule_that_is_not_for_the_patient(self) -> None:
        assert problems(
            {**facts_of("gardener"), **ABUSE}, override("SAF-23", "change", patient="Hello."), signed=SIGNED
        ) == ["SAF-23 is not for the patient's edition, so no text for the patient fits it"]


class TestAdding:
    def test_a_rule_that_did_not_apply_stands_as_if_it_did(self) -> None:
        found = plan(facts_of("gardener"), override("SLP-07", "add"))
        added = standing(found)["SLP-07"]
        assert added.override is not None
        assert (added.override.outcome, added.override.against, added.triggered_by) == ("applied", (), {})
        assert any("SLP-07" in phase for phase in found.phases)
        assert [each.rule for section in found.sections for each in section.recommendations].count("SLP-07") == 1

    def test_an_added_rule_brings_its_effects(self) -> None:
        assert {"EXR-03"} <= standing(plan(facts_of("gardener"))).keys()
        found = plan(facts_of("gardener"), override("EXR-07", "add"))
        assert {each.recommendation.rule: each.by for each in found.blocked} == {"EXR-03": ("EXR-07",)}

    def test_what_a_small_plan_leaves_out_can_be_added_back(self) -> None:
        found = plan(facts_of("swimmer"), override("EXR-02", "add"))
        assert found.minimal
        assert "EXR-02" in standing(found)
        assert {each.recommendation.rule for each in found.blocked} == {"EXR-03", "NUT-01", "SMF-03"}

    def test_adding_what_stands_already_had_nothing_to_do(self) -> None:
        found = plan(facts_of("gardener"), override("SLP-01", "add", patient="Get up at seven."))
        assert (only(found).outcome, only(found).why) == ("idle", "the recommendation stands without it")
        assert evolve(found, overrides=()) == plan(facts_of("gardener"))

    def test_what_is_added_may_come_in_other_words(self) -> None:
        found = plan(facts_of("swimmer"), override("EXR-02", "add", title="Weights", patient="Lift."))
        added = standing(found)["EXR-02"]
        assert (added.title, added.patient) == ("Weights", "Lift.")
        assert added.override is not None
        assert added.override.original is not None
        assert added.override.original.title != "Weights"

    @pytest.mark.parametrize(
        ("person", "rule", "against"),
        [
            ("software-developer", "EXR-01", ("ACT-01",)),
            ("librarian", "EXR-02", ("safety.exercise_unsafe", "finding.hypermobility_unstable")),
            ("footballer", "STR-06", ("contradiction.c2",)),
        ],
    )
    def test_what_is_blocked_or_must_be_asked_is_added_by_a_signature_alone_and_shown_as_such(
        self, person: str, rule: str, against: tuple[str, ...]
    ) -> None:
        said = f"{rule} stands against {', '.join(against)}; adding it needs a signature"
        assert problems(facts_of(person), override(rule, "add")) == [f'{said}: --sign-off "NAME, ROLE"']
        found = plan(facts_of(person), override(rule, "add"), signed=SIGNED)
        assert found.status == "signed"
        assert only(found).against == against
        assert standing(found)[rule].override is only(found)
        assert rule not in taken_out(found)

    def test_of_two_additions_one_blocks_the_other_like_any_rule(self) -> None:
        both = override("EXR-07", "add"), override("EXR-03", "add")
        assert problems(facts_of("gardener"), *both) == [
            'EXR-03 stands against EXR-07; adding it needs a signature: --sign-off "NAME, ROLE"'
        ]
        found = plan(facts_of("gardener"), *both, signed=SIGNED)
        assert {"EXR-03", "EXR-07"} <= standing(found).keys()

    def test_what_is_needless_beside_one_addition_is_not_taken_for_the_other(self) -> None:
        found = plan(facts_of("gardener"), override("EXR-07", "add"), override("SLP-01", "add"))
        assert [each.outcome for each in found.overrides] == ["applied", "idle"]


class TestOwnWords:
    def test_a_recommendation_in_the_clinicians_own_words_stands_in_its_modality_and_a_phase(self) -> None:
        found = plan(facts_of("gardener"), own(helps=("sleep",)), goals=(Goal("Sleep", helps=("sleep",)),))
        added = standing(found)["ADD-01"]
        assert (added.ruleset, added.modality, added.priority, added.kind, added.audience) == (
            None, "exercise", "core", "action", "both",
        )  # fmt: skip
        assert (added.condition, added.triggered_by, added.evidence, added.certainty) == ("", {}, (), "unverified")
        assert added.phase == 1
        (section,) = (each for each in found.sections if added in each.recommendations)
        assert section.modality == "exercise"

    def test_without_a_text_for_the_patient_it_is_for_the_clinician_and_no_new_action(self) -> None:
        found = plan(facts_of("gardener"), own(patient=None, clinician="Ask the physiotherapist."))
        assert standing(found)["ADD-01"].audience == "clinician"
        assert not any("ADD-01" in phase for phase in found.phases)
        assert "ADD-01" not in set(words(for_edition(found, "patient")))

    def test_a_tag_makes_it_known_to_the_rules_that_block_and_adapt(self) -> None:
        facts = facts_of("software-developer")
        assert problems(facts, own(tags=("aerobic",))) == [
            'ADD-01 stands against ACT-01; adding it needs a signature: --sign-off "NAME, ROLE"'
        ]
        adapted = standing(plan(facts, own(tags=("flex",))))["ADD-01"]
        assert [each.rule for each in adapted.adapted_by] == ["ACT-01"]

    def test_the_plan_says_that_one_without_a_tag_was_not_checked_against_blocks(self) -> None:
        facts = facts_of("software-developer")
        assert not only(plan(facts, own())).checked
        assert only(plan(facts, own(tags=("flex",)))).checked

    def test_it_stays_in_a_small_plan(self) -> None:
        assert "ADD-01" in standing(plan(facts_of("swimmer"), own()))

    def test_its_id_modality_and_tags_must_be_free_and_known(self) -> None:
        wrong = own(modality="excercise", tags=("arobic",))
        assert problems(facts_of("gardener"), evolve(wrong, rule="SLP-01")) == [
            "SLP-01 is a rule already; give a recommendation of your own another id",
            "there is no modality 'excercise'; did you mean 'exercise'?",
            "there is no tag 'arobic'; did you mean 'aerobic'?",
        ]


class TestSafety:
    @pytest.mark.parametrize("do", ["decline", "change"])
    def test_a_safety_rule_is_overridden_by_a_signature_alone_and_shown(self, do: str) -> None:
        facts = facts_of("software-developer")
        asked = override("ACT-01", do, title="Energy first" if do == "change" else None)
        doing = {"decline": "declining", "change": "changing"}[do]
        assert problems(facts, asked) == [
            f'ACT-01 is a safety rule; {doing} it needs a signature: --sign-off "NAME, ROLE"'
        ]
        found = plan(facts, asked, signed=SIGNED)
        assert (only(found).outcome, found.status) == ("applied", "signed")
        assert only(found).original is not None

    def test_adding_a_safety_rule_needs_a_signature_too(self) -> None:
        assert problems(facts_of("gardener"), override("SAF-11", "add")) == [
            'SAF-11 is a safety rule; adding it needs a signature: --sign-off "NAME, ROLE"'
        ]
        found = plan(facts_of("gardener"), override("SAF-11", "add"), signed=SIGNED)
        assert {each.recommendation.rule for each in found.blocked} == {"EXR-01", "EXR-02", "EXR-03", "EXR-04"}

    def test_all_overrides_that_need_a_signature_are_named_at_once(self) -> None:
        facts = facts_of("software-developer")
        assert len(problems(facts, override("ACT-01", "decline"), override("EXR-01", "add"))) == 2

    @pytest.mark.parametrize("do", ["decline", "change", "add"])
    def test_an_emergency_rule_is_never_overridden(self, do: str) -> None:
        for person in ("harbour-worker", "gardener"):
            assert problems(facts_of(person), override("SAF-01", do, title="Nothing"), signed=SIGNED) == [
                "SAF-01 withholds plans, and nothing overrides that; a finding that was dealt with is 'cleared'"
            ]

    def test_what_needs_a_signature_waits_in_a_withheld_plan_which_nothing_signs(self) -> None:
        for signed in (SIGNED, None):
            found = plan(facts_of("harbour-worker"), override("STR-07", "decline"), signed=signed)
            assert (found.status, only(found).outcome) == ("withheld", "returns")
            assert only(found).why == "nothing signs a withheld plan: STR-07 is a safety rule"
            assert "STR-07" in standing(found)


class TestTime:
    def test_on_its_last_day_an_override_holds_and_the_day_after_it_comes_back_for_decision(self) -> None:
        declined = override("SLP-01", "decline")
        last = plan(facts_of("gardener"), declined, on=declined.until)
        assert (only(last).outcome, last.status) == ("applied", "ready_for_sign_off")
        after = plan(facts_of("gardener"), declined, on=declined.until + timedelta(days=1))
        assert (only(after).outcome, only(after).why) == ("returns", "its last day was 2026-06-01")
        assert "SLP-01" in standing(after)

    def test_what_comes_back_for_decision_sends_the_plan_to_review(self) -> None:
        ended = override("SLP-01", "decline", on=date(2026, 1, 5), until=date(2026, 2, 1))
        assert plan(facts_of("gardener"), ended).status == "review_first"
        assert plan(facts_of("gardener"), ended, signed=SIGNED).status == "signed"

    def test_an_ended_override_that_was_decided_again_does_not_come_back(self) -> None:
        ended = override("SLP-01", "decline", on=date(2026, 1, 5), until=date(2026, 2, 1))
        again = override("SLP-01", "change", title="Up at seven")
        found = plan(facts_of("gardener"), ended, again)
        assert [(each.outcome, each.why) for each in found.overrides] == [
            ("replaced", "decided again on 2026-03-02"), ("applied", ""),
        ]  # fmt: skip
        assert found.status == "ready_for_sign_off"

    @pytest.mark.parametrize(
        "asked", [override("ACT-01", "decline"), override("EXR-01", "add")], ids=lambda each: each.rule
    )
    def test_against_safety_an_override_holds_for_the_assessment_it_was_made_for(self, asked: Override) -> None:
        earlier = evolve(asked, on=DAY - timedelta(days=1))
        found = plan(facts_of("software-developer"), earlier, signed=SIGNED)
        assert only(found).outcome == "returns"
        assert only(found).why.startswith("decided on 2026-03-01, before the assessment of 2026-03-02: ")
        assert evolve(found, overrides=()) == plan(facts_of("software-developer"), signed=SIGNED)

    def test_one_that_touches_no_safety_holds_until_its_day_over_later_assessments(self) -> None:
        earlier = override("SLP-01", "decline", on=date(2025, 12, 1))
        assert only(plan(facts_of("gardener"), earlier)).outcome == "applied"

    def test_one_dated_after_the_plan_is_refused_with_the_way_out(self) -> None:
        assert problems(facts_of("gardener"), override("SLP-01", "decline", on=date(2026, 3, 9))) == [
            (
                "SLP-01 is overridden on 2026-03-09, after the day of the plan (2026-03-02); "
                "make the plan for that day, with --on 2026-03-09"
            )
        ]

    def test_two_for_one_rule_on_one_day_are_refused(self) -> None:
        assert problems(facts_of("gardener"), override("SLP-01", "decline"), override("SLP-01", "add")) == [
            "SLP-01 is overridden twice: from 2026-03-02 to 2026-06-01 as well; end one before the other begins"
        ]


def test_a_rule_or_a_reason_that_is_not_there_is_refused_with_the_nearest() -> None:
    assert problems(facts_of("gardener"), override("SLPP-01", "decline", code="patients_choice")) == [
        "there is no reason 'patients_choice'; did you mean 'patient_choice'?",
        "there is no rule 'SLPP-01'; did you mean 'SLP-01'?",
    ]


def test_the_json_says_what_was_decided_and_what_became_of_it() -> None:
    asked = (
        override("SLP-01", "change", patient="Get up at seven."),
        override("ACT-03", "decline"),
        override("ACT-01", "decline"),
        own(),
    )
    found = plan_json(plan(facts_of("gardener"), *asked))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [(each["rule"], each["do"], each["outcome"]) for each in found["overrides"]] == [
        ("SLP-01", "change", "applied"), ("ACT-03", "decline", "applied"),
        ("ACT-01", "decline", "idle"), ("ADD-01", "add", "applied"),
    ]  # fmt: skip
    changed, declined, idle, added = found["overrides"]
    assert changed["reason"] == {"code": "already_tried", "meaning": "Tried before without success", "text": WHY}
    assert (changed["by"], changed["role"], changed["on"], changed["until"]) == (
        "Dr Ola Example", "GP", "2026-03-02", "2026-06-01",
    )  # fmt: skip
    assert declined["original"]["rule"] == "ACT-03"
    assert (idle["original"], added["original"], added["checked"]) == (None, None, False)
    recommendations = {each["rule"]: each for each in found["recommendations"]}
    original = changed["original"]
    assert recommendations["SLP-01"]["patient"] == "Get up at seven."
    assert recommendations["SLP-01"]["override"]["original"] == {
        key: original[key] for key in ("title", "patient", "clinician")
    }
    assert recommendations["ADD-01"]["override"]["original"] is None
    assert recommendations["SLP-02"]["override"] is None


class TestPatientsEdition:
    def test_changed_words_are_shown_without_who_or_why(self) -> None:
        found = plan(facts_of("gardener"), override("SLP-01", "change", patient="Get up at seven."), own())
        view = for_edition(found, "patient")
        assert standing(view)["SLP-01"].patient == "Get up at seven."
        assert "ADD-01" in standing(view)
        assert view.overrides == ()
        assert not {WHY, "Dr Ola Example", "already_tried", "Tried before without success"} & set(words(view))

    def test_what_a_declined_rule_adapts_is_still_shown_with_the_adaptation(self) -> None:
        found = plan(facts_of("software-developer"), override("ACT-01", "decline"), signed=SIGNED)
        view = for_edition(found, "patient")
        assert [each.rule for each in standing(view)["EXR-03"].adapted_by] == ["ACT-01"]
        assert {each.recommendation.rule: each.by for each in view.blocked}["EXR-01"] == ("ACT-01",)

    @pytest.mark.parametrize(
        "asked",
        [
            override("SAF-23", "decline", reason="Partner may read this."),
            override("SAF-23", "change", reason="Partner may read this.", clinician="See her alone.", title="Alone"),
        ],
        ids=lambda each: each.do,
    )
    def test_an_override_of_a_confidential_rule_leaves_no_trace(self, asked: Override) -> None:
        facts = {**facts_of("gardener"), **ABUSE}
        found = plan(facts, asked, signed=SIGNED)
        assert only(found).outcome == "applied"
        assert for_edition(found, "patient") == for_edition(plan(facts, signed=SIGNED), "patient")
        assert "Partner may read this." in set(words(found))

    def test_a_confidential_rule_that_is_added_leaves_no_trace_but_what_it_takes_out(self) -> None:
        facts = {**facts_of("gardener"), "finding.support_person_willing": True, "finding.abuse_current": False}
        before, found = (plan(facts, *each, signed=SIGNED) for each in ((), (override("SAF-23", "add"),)))
        assert "PNE-06" in standing(for_edition(before, "patient"))
        assert not {"PNE-06", "SAF-23", WHY} & set(words(for_edition(found, "patient")))
