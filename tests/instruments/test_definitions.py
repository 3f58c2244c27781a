"""What the built-in definitions promise together."""

from __future__ import annotations

from careplan.cql import Type
from careplan.instruments import builtin_instruments, score_facts
from careplan.instruments.builtin import builtin_names
from careplan.instruments.missing import missing_rule

INSTRUMENTS = builtin_instruments()


def test_nothing_was_lost_from_the_instruments() -> None:
    every = INSTRUMENTS.values()
    counts = [sum(len(getattr(each, what)) for each in every) for what in ("items", "scores", "bands")]
    assert [len(INSTRUMENTS), *counts] == [46, 450, 95, 170]


def test_an_instrument_stands_in_the_file_of_its_id() -> None:
    assert tuple(INSTRUMENTS) == builtin_names() == tuple(each.id for each in INSTRUMENTS.values())


def test_wording_ships_only_where_it_is_free() -> None:
    worded = {each.id for each in INSTRUMENTS.values() if any(item.text for item in each.items)}
    assert worded == {"peg", "phq2", "phq9", "gad2", "gad7", "pcptsd5", "auditc", "pavs"}
    assert {INSTRUMENTS[name].licence.wording for name in worded} == {"free"}


def test_a_short_form_takes_items_that_the_longer_one_has_with_the_same_answers() -> None:
    derived = {each.id: each.derived_from for each in INSTRUMENTS.values() if each.derived_from}
    assert len(derived) == 9
    for name, source in derived.items():
        longer = INSTRUMENTS[source.instrument].item
        for ours, theirs in source.items.items():
            one, other = INSTRUMENTS[name].item[ours], longer[theirs]
            assert (one.type, one.min, one.max, one.reversed) == (other.type, other.min, other.max, other.reversed)


def test_what_is_asked_about_safety_is_never_imputed() -> None:
    guarded = {"phq9.item9", "cssrs.triage", "cssrs.incomplete", "dsqpem.step1", "stopbang.risk"}
    safety = {each.fact(one.id): one for each in INSTRUMENTS.values() for one in each.scores if one.safety}
    assert set(safety) == guarded
    assert {each.missing.rule for each in safety.values()} == {"all_required", "bounds"}


def test_every_score_is_a_fact_with_its_type_and_range() -> None:
    facts = {each.id: each for each in score_facts(INSTRUMENTS.values())}
    assert len(facts) == 95
    assert {facts[name].type for name in ("phq9.total", "pcs.total", "psqi.total", "fm2016.fs")} == {Type.INTEGER}
    assert {facts[name].type for name in ("peg.mean", "promis_pi.t", "ipaq.met_minutes", "gas.t")} == {Type.DECIMAL}
    assert {facts[name].type for name in ("dsqpem.step1", "fm2016.met", "cssrs.incomplete")} == {Type.BOOLEAN}
    assert facts["cssrs.triage"].values == ("none", "low", "moderate", "high")
    assert facts["phq9.total"].range == (0, 27)
    assert facts["promis_pi.t"].range == (40.7, 78.3)
    assert facts["ipaq.met_minutes"].range is None
    assert facts["psqi.duration"].certainty == "unverified"
    assert all(each.score == each.id and each.group == "scores" for each in facts.values())


def test_the_missing_answer_rule_is_said_in_words() -> None:
    def rule(instrument: str, score: str) -> str:
        return missing_rule(INSTRUMENTS[instrument], INSTRUMENTS[instrument].score[score])

    assert rule("phq9", "total") == "up to 2 of 9 may be missing: the answered ones stand for all, rounded half up"
    assert rule("gad7", "total").endswith("rounded half up (by convention, unverified)")
    assert rule("phq9", "item9") == "needs its answer"
    assert rule("bpi_sf", "interference") == "the mean of the answered ones, if 4 or more of 7 are"
    assert rule("psqi", "disturbances") == "needs all 9 answers; a missing 5j counts as 0"
    assert rule("pavs", "minutes_per_week") == "needs all 2 answers; a missing minutes counts as 0 when days = 0"
    assert rule("pcptsd5", "total") == "needs all 5 answers; 0 when exposure = 0"
    assert rule("pcs", "total") == "needs rumination, magnification, helplessness (by convention, unverified)"
