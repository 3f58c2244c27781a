"""Advice that two modalities give in the same words is said once, and where the rest stands is said."""

from __future__ import annotations

import json
import re
from datetime import date

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from careplan.assessment import Override
from careplan.plan.model import Overridden, Recommendation
from careplan.render.repeats import told
from careplan.rules.checks.readability import sentences
from careplan.rules.ruleset import Priority
from careplan.testing import document_for
from tests.render.examples import SIGNED
from tests.render.whole_documents import cases

SAYINGS = ("Rest a while.", "Ask us first.", "Go at your own pace.", "Begin with one.")
PRIORITIES: tuple[Priority, ...] = ("core", "adjunct", "safety")


def advice(rule: str, modality: str, patient: str | None, priority: Priority = "core") -> Recommendation:
    return Recommendation(
        rule, f"{modality}@1", modality, f"About {rule}", priority, "action", "both", patient, None, "", (), "as_cited"
    )


def recommendations() -> st.SearchStrategy[list[Recommendation]]:
    said = st.lists(st.sampled_from(SAYINGS), max_size=4).map(" ".join)
    one = st.tuples(st.sampled_from(["sleep", "stress"]), said, st.sampled_from(PRIORITIES))
    return st.lists(one, max_size=6).map(lambda found: [advice(f"R-{n}", *each) for n, each in enumerate(found)])


@given(recommendations())
def test_every_sentence_stands_where_it_is_or_where_it_is_said_to_stand(given_all: list[Recommendation]) -> None:
    found = told(given_all)
    for each in given_all:
        own = found[each.rule]
        elsewhere = {sentence for other in own.rest for sentence in found[other.rule].sentences}
        assert set(sentences(each.patient or "")) <= {*own.sentences, *elsewhere}
        assert all(other.modality != each.modality for other in own.rest)


@given(recommendations())
def test_safety_advice_and_every_first_sentence_are_always_whole(given_all: list[Recommendation]) -> None:
    found = told(given_all)
    for each in given_all:
        said = sentences(each.patient or "")
        assert found[each.rule].sentences[:1] == said[:1]
        if each.priority == "safety":
            assert found[each.rule].sentences == said


def test_two_medicines_that_are_reduced_slowly_have_their_common_advice_once() -> None:
    page = document_for(json.dumps(cases()["churchgoer"]["intake"]), sign_off=SIGNED)
    text = " ".join(re.sub("<[^>]+>", "", page).split())
    assert text.count("We go at a pace you can manage.") == 1
    assert "A slow reduction with support works better. The rest is the same as in “Your sleeping pill”." in text


def test_a_clinicians_own_words_are_never_cut_short() -> None:
    one = advice("A-1", "sleep", "Begin. Rest a while.")
    other = advice("B-1", "stress", "Begin. Rest a while.")
    days = date(2026, 3, 2), date(2026, 6, 1)
    changed = Override("B-1", "change", "Ada Bell", "pain nurse", *days, "other", "her own words")
    by_her = evolve(other, override=Overridden(changed, "Another reason", "applied", "About B-1", "stress", "both"))
    assert told([one, other])["B-1"].sentences == ("Begin.",)
    assert told([one, by_her])["B-1"].sentences == ("Begin.", "Rest a while.")
