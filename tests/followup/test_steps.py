"""The advice of a review is data: it covers every case, ends no medicine, and says what nobody has verified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.cql import Fact
from careplan.errors import RulesetError
from careplan.followup import Advice, Verdict, builtin_steps, read_steps
from careplan.followup.steps import Fate, How, Standing, Step, sort
from careplan.followup.trends import together
from careplan.followup.words import ADVICE, BEFORE, NOW, VERDICTS
from careplan.instruments import builtin_instruments
from careplan.plan.model import Recommendation
from careplan.rules.ruleset import Kind, Priority
from careplan.vocabulary.needs import NEEDS
from careplan.vocabulary.read import builtin_vocabulary

STEPS = builtin_steps()


def about(
    *helps: str, kind: Kind = "action", priority: Priority = "core", tags: tuple[str, ...] = ()
) -> Recommendation:
    return Recommendation(
        rule="ABC-01",
        ruleset="some@2026.1",
        modality="some",
        title="Something",
        priority=priority,
        kind=kind,
        audience="both",
        patient="",
        clinician=None,
        because="",
        evidence=(),
        certainty="as_cited",
        tags=tags,
        helps=helps,
    )


def taken(
    recommendation: Recommendation, fate: Fate, how: How | None, weeks: float, verdicts: Mapping[str, Verdict]
) -> Step:
    def verdict(needs: Iterable[str]) -> Verdict:
        return together(verdicts.get(need, "cannot_tell") for need in needs)

    return STEPS.taken(Standing(recommendation, fate, how, weeks, verdict))


recommendations = st.builds(
    about,
    st.sampled_from(list(NEEDS)),
    st.sampled_from(list(NEEDS)),
    kind=st.sampled_from(get_args(Kind)),
    priority=st.sampled_from(get_args(Priority)),
)
states = st.one_of(st.tuples(st.just("kept"), st.none()), st.tuples(st.just("gone"), st.sampled_from(get_args(How))))
verdicts = st.dictionaries(st.sampled_from(list(NEEDS)), st.sampled_from(get_args(Verdict)))


@given(recommendations, states, st.integers(0, 60), verdicts)
def test_there_is_advice_for_everything_and_never_to_stop_a_medicine(
    recommendation: Recommendation, state: tuple[Fate, How | None], weeks: int, said: dict[str, Verdict]
) -> None:
    step = taken(recommendation, *state, weeks, said)
    if sort(recommendation) == "medicine" and state[1] not in ("withheld", "declined", "not_repeated"):
        assert step.advice in ("keep", "ask")
        assert "with the prescriber" in step.text
        assert "No medicine is ended abruptly" in step.text
    if sort(recommendation) == "medicine":
        assert step.advice not in ("stop", "step_up", "step_down", "switch")


@given(recommendations, states, st.integers(0, 60), verdicts)
def test_nothing_is_stepped_up_for_pain_or_activity_that_got_worse(
    recommendation: Recommendation, state: tuple[Fate, How | None], weeks: int, said: dict[str, Verdict]
) -> None:
    step = taken(recommendation, *state, weeks, {**said, "pain_interference": "worse", "activity": "worse"})
    if {"pain_interference", "activity"} & set(recommendation.helps):
        assert step.advice != "step_up"


@pytest.mark.parametrize(
    ("recommendation", "fate", "how", "weeks", "said", "advice", "rests_on"),
    [
        (about("activity"), "kept", None, 4, {"activity": "worse"}, "step_down", "FUP-02"),
        (about("mood"), "kept", None, 4, {"mood": "worse"}, "step_up", "FUP-05"),
        (about("mood", "activity"), "kept", None, 4, {"mood": "worse"}, "keep", "FUP-05"),
        (about("sleep"), "kept", None, 4, {"sleep": "worse"}, "step_up", None),
        (about("sleep", tags=("sleep_restriction",)), "kept", None, 4, {"sleep": "worse"}, "step_down", None),
        (about("sleep"), "kept", None, 4, {"sleep": "improved"}, "keep", "FUP-04"),
        (about("sleep"), "kept", None, 11.9, {"sleep": "no_clear_change"}, "keep", None),
        (about("sleep"), "kept", None, 12, {"sleep": "no_clear_change"}, "switch", "FUP-03"),
        (about("sleep"), "kept", None, 12, {"sleep": "no_clear_change", "pain_interference": "improved"}, "keep", None),
        (about("sleep"), "kept", None, 30, {}, "keep", None),
        (about("medicines", "pain_interference"), "kept", None, 4, {"pain_interference": "worse"}, "ask", None),
        (about("medicines", "pain_interference"), "kept", None, 4, {"pain_interference": "improved"}, "keep", "FUP-04"),
        (about("mood", kind="referral"), "kept", None, 4, {"mood": "worse"}, "keep", None),
        (about("sleep"), "gone", "not_true", 4, {"sleep": "improved"}, "step_down", "FUP-04"),
        (about("sleep"), "gone", "not_true", 4, {"sleep": "worse"}, "ask", None),
        (about("sleep"), "gone", "not_true", 4, {}, "stop", None),
        (about("sleep"), "gone", "blocked", 4, {"sleep": "improved"}, "stop", None),
        (about("sleep"), "gone", "held", 4, {"sleep": "improved"}, "ask", None),
        (about("sleep"), "gone", "unknown", 4, {}, "ask", None),
        (about("sleep"), "gone", "small_plan", 4, {}, "step_down", None),
        (about("sleep"), "gone", "withheld", 4, {}, "ask", None),
        (about("sleep"), "gone", "declined", 4, {}, "ended", None),
        (about("safety", priority="safety"), "gone", "not_true", 4, {}, "ended", None),
        (about("medicines"), "gone", "not_true", 4, {}, "ask", None),
    ],
)
def test_what_to_do_follows_from_what_became_of_it(
    recommendation: Recommendation,
    fate: Fate,
    how: How | None,
    weeks: float,
    said: dict[str, Verdict],
    advice: str,
    rests_on: str | None,
) -> None:
    step = taken(recommendation, fate, how, weeks, said)
    assert (step.advice, step.rests_on) == (advice, rests_on)


def test_what_rests_on_no_source_says_that_it_is_unverified() -> None:
    assert [each.id for each in STEPS.steps if each.certainty == "as_cited" and each.cite is None] == []
    assert [each.id for each in STEPS.steps if each.certainty == "unverified" and each.uncertain is None] == []
    assert len({each.id for each in STEPS.steps}) == len(STEPS.steps)


def test_every_measure_has_a_difference_that_matters() -> None:
    known = {instrument.fact(each.score) for instrument in builtin_instruments().values() for each in instrument.change}
    assert {fact for facts in STEPS.measures.values() for fact in facts} <= known


@pytest.mark.parametrize(
    ("need", "facts"),
    [
        ("pain_interference", ["pain.impact"]),
        ("sleep", ["sleep.insomnia"]),
        ("mood", ["mood.depression", "mood.anxiety"]),
    ],
)
def test_a_need_is_measured_by_the_scores_behind_its_fact(need: str, facts: list[str]) -> None:
    vocabulary = builtin_vocabulary()
    behind = {
        node.name
        for fact in facts
        if (derive := vocabulary[fact].derive)
        for node in derive.tree.walk()
        if isinstance(node, Fact)
    }
    judged = {
        instrument.fact(each.score) for instrument in builtin_instruments().values() for each in instrument.change
    }
    assert set(STEPS.measures[need]) == behind & judged


def test_steps_that_leave_a_case_without_advice_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "steps.yaml"
    file.write_text(
        "measures: {slep: [isi.total]}\n"
        "steps:\n"
        "  - {id: REV-01, fate: kept, advice: keep, text: Keep., certainty: as_cited}\n"
        "  - {id: REV-02, fate: gone, advice: rest, text: Rest., certainty: as_cited, needs: [mod], weeks: two}\n",
        encoding="utf-8",
    )
    with pytest.raises(RulesetError) as refused:
        read_steps(file)
    said = "\n".join(re.sub(r"^.*steps\.yaml:", "", str(each)) for each in refused.value.problems)
    assert "1:18: 'slep' knows" in said
    assert "did you mean 'sleep'?" in said
    assert "'advice' should be one of start, keep" in said
    assert "'needs' knows" in said
    assert "'weeks' should be a number" in said
    assert "no step fits every recommendation that is gone (withheld), and is: action" in said


def test_everything_a_person_reads_has_words() -> None:
    assert set(VERDICTS) == set(get_args(Verdict))
    assert set(ADVICE) == set(get_args(Advice))
    assert set(NOW) == set(get_args(How))
    assert set(BEFORE) == set(get_args(How)) - {"not_repeated"}  # what a clinician adds anew is new, not gone and back
