"""What can never happen is proved, what must not happen is found with a person, and near misses are left alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import z3

from careplan.facts import complete_facts
from careplan.plan.resolve import resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision
from careplan.rules.proofs.everybody import everybody, sample
from careplan.rules.proofs.prove import Proof, told
from careplan.rules.proofs.search import Search
from careplan.rules.reference import Reference
from tests.rules.proofs.proving import TAGS, file, found, own_base, proofs, rule, vocabulary


@pytest.mark.parametrize(
    ("never", "sometimes"),
    [
        ("isi.total > 28", "isi.total >= 28"),
        ("isi.total >= 15 and isi.total < 15", "isi.total >= 15 and isi.total < 16"),
        ("isi.total > 14 and isi.total < 15", "peg.mean > 4 and peg.mean < 5"),
        ("isi.total is null and isi.total >= 8", "isi.total is null or isi.total >= 8"),
        (
            "mood.ptsd and dx.ptsd is false and pcptsd5.total < 3",
            "mood.ptsd and dx.ptsd is false and pcptsd5.total < 4",
        ),
        ("person.sex = 'divers'", "person.sex = 'other'"),
        ("person.country = 'usa'", "person.country = 'US'"),
        ("person.country in {'US'} and person.country != 'US'", "person.country != 'US' and person.country != 'AA'"),
        ("person.bmi > 30 and person.height_cm is null", "person.bmi > 30 and person.height_cm > 150"),
        ("isi.total / 0 > 1", "isi.total / 2 > 1"),
        (
            (
                "renal.crcl is null and person.sex = 'male' and person.age > 40 and person.bmi < 30"
                " and person.weight_kg > 50 and renal.creatinine_umol_l > 60"
            ),
            "renal.crcl is null and person.sex = 'male' and person.age > 40 and person.bmi < 30",
        ),
        ("sleep.insomnia + mood.depression > 7", "sleep.insomnia + mood.depression >= 7"),
    ],
)
def test_a_rule_that_is_true_of_nobody_is_found_at_its_condition(never: str, sometimes: str) -> None:
    (proof,) = proofs(rule("WLK-01", never)).found
    assert (proof.finding.code, proof.finding.severity) == ("never_fires", "error")
    assert (proof.finding.location.file, proof.finding.location.line) == ("walk.yaml", 8)
    assert proof.finding.message == "WLK-01 never fires: its condition is true of nobody"
    assert found(rule("WLK-01", sometimes)) == []


def test_what_is_assumed_is_never_unknown() -> None:
    assumed = next(each.id for each in vocabulary() if each.not_recorded == "assumed_no")
    assert found(rule("WLK-01", f"{assumed} is null")) == [("never_fires", "WLK-01")]
    assert found(rule("WLK-01", f"{assumed} is false")) == []


def test_a_part_that_its_rule_excludes_is_found() -> None:
    assert found(rule("WLK-01", "isi.total >= 15", parts="[{text: A, when: isi.total < 8}]")) == [
        ("never_fires", "WLK-01#0")
    ]
    assert found(rule("WLK-01", "isi.total >= 15", parts="[{text: A, when: isi.total < 18}]")) == []


def test_facts_that_detectors_write_follow_from_them() -> None:
    detector = (
        "contradictions:\n  - {id: C1, title: C, when: isi.total >= 20 and psqi.total < 3, safe_reading: S, "
        "resolution: R}\n"
    )
    for never in ("contradiction.c1 and psqi.total >= 3", "contradiction.any and isi.total < 20"):
        assert found(rule("WLK-01", never), contradictions=detector) == [("never_fires", "WLK-01")]
    for some in ("contradiction.c1 and isi.total >= 20", "contradiction.any is false and isi.total is null"):
        assert found(rule("WLK-01", some), contradictions=detector) == []


def test_a_fact_that_a_rule_derives_follows_from_it() -> None:
    writer = rule("WLK-01", "isi.total >= 20", derive="contradiction.c2")
    assert found(writer, rule("WLK-02", "contradiction.c2 and isi.total < 20")) == [("never_fires", "WLK-02")]
    assert found(writer, rule("WLK-02", "contradiction.c2 is null and isi.total is null")) == []


def test_two_rules_that_fire_for_the_same_people_are_found_once() -> None:
    one, same = rule("WLK-01", "isi.total > 14"), rule("WLK-02", "not (isi.total <= 14)")
    (proof,) = proofs(one, same).found
    assert (proof.finding.code, proof.rule, proof.others) == ("duplicate", "WLK-02", ("WLK-01",))
    assert found(one, rule("WLK-02", "isi.total > 14 or isi.total is null")) == []


def test_a_rule_that_adds_nothing_to_a_wider_one_is_a_warning_and_other_implications_are_only_listed() -> None:
    wide = rule("WLK-01", "isi.total > 14", tags="[heat]")
    (proof,) = proofs(wide, rule("WLK-02", "isi.total > 20", tags="[heat]")).found
    assert (proof.finding.code, proof.finding.severity, proof.rule) == ("implied", "warning", "WLK-02")
    without = proofs(wide, rule("WLK-02", "isi.total > 20"))
    assert (without.found, without.implications) == ((), (("WLK-02", "WLK-01"),))
    assert proofs(wide, rule("WLK-02", "isi.total > 13", tags="[stretch]")).implications == (("WLK-01", "WLK-02"),)
    assert proofs(wide, rule("WLK-02", "isi.total < 20", tags="[heat]")).implications == ()


BLOCKER = rule("WLK-01", "dx.epilepsy", effects="{blocks: [heat]}")


def contraindicated(*rules: str) -> list[Proof]:
    return [each for each in proofs(*rules).found if each.finding.code == "contraindication_unknown"]


def test_a_recommendation_released_while_a_rule_that_blocks_it_is_unknown_is_found_with_a_person() -> None:
    warm = rule("WLK-02", "isi.total >= 15", tags="[heat]")
    (proof,) = contraindicated(BLOCKER, warm)
    assert (proof.rule, proof.others) == ("WLK-01", ("WLK-02",))
    assert list(proof.witness or {}) == ["isi.total"]
    assert "WLK-01 blocks heat, and is unknown (dx.epilepsy) while WLK-02" in proof.finding.message
    assert stands("WLK-02", proof, BLOCKER, warm)


def stands(name: str, proof: Proof, *rules: str) -> bool:
    """Whether the plan of the witness releases a rule, and the rule that would block it is unknown."""
    base = RuleBase((file(*rules).ruleset,), TAGS, vocabulary().types)
    facts = complete_facts(proof.witness or {}, vocabulary()).values
    outcomes = Reference(base).decide(facts)
    released = resolve(Decision(base, facts, outcomes)).standing
    return outcomes[proof.rule] is None and name in [each.rule.id for each in released]


@pytest.mark.parametrize(
    "rules",
    [
        (BLOCKER, rule("WLK-02", "isi.total >= 15", tags="[heat]", requires_known="[dx.epilepsy]")),
        (BLOCKER, rule("WLK-02", "isi.total >= 15 and dx.epilepsy is not null", tags="[heat]")),
        (BLOCKER, rule("WLK-02", "isi.total >= 15", tags="[heat]", priority="emergency")),
        (BLOCKER, rule("WLK-02", "isi.total >= 15", tags="[stretch]")),
        (
            rule("WLK-01", "dx.epilepsy is true", effects="{blocks: [heat]}"),
            rule("WLK-02", "isi.total >= 15", tags="[heat]"),
        ),
        (
            BLOCKER,
            rule("WLK-02", "isi.total >= 15", tags="[heat]"),
            rule("WLK-03", "dx.epilepsy is null", effects="{blocks: [heat]}"),
        ),
    ],
    ids=["it must know", "it asks", "emergencies", "another tag", "never unknown", "another rule blocks meanwhile"],
)
def test_no_recommendation_is_found_where_the_block_cannot_be_unknown(rules: Sequence[str]) -> None:
    assert found(*rules) == []


def test_a_part_that_carries_a_blocked_tag_is_found_and_findings_of_one_blocker_are_one() -> None:
    parts = "[{text: A, tags: [heat], when: isi.total >= 20}]"
    warm, hot = rule("WLK-02", "isi.total >= 15", parts=parts), rule("WLK-03", "peg.mean > 4", tags="[heat]")
    (proof,) = contraindicated(BLOCKER, warm, hot)
    assert proof.others == ("WLK-02#0", "WLK-03")
    assert (proof.witness or {})["isi.total"] >= 20
    assert proof.finding.message.endswith("; the same can happen with WLK-03")


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        ("sleep.efficiency < 85", "sleep.efficiency > 85", "= 85.0"),
        ("peg.mean <= 4", "peg.mean >= 5", "between 4.0 and 5.0"),
        ("isi.total <= 14", "isi.total >= 16", "between 14.0 and 16.0"),
        ("isi.total < 15 and dx.ibs", "isi.total > 15", "= 15.0"),
        ("isi.total <= 14", "isi.total > 15.5", "between 14.0 and 15.5"),
        ("peg.mean between 1 and 4", "peg.mean in Interval(4, 8]", None),
        ("peg.mean in Interval[1, 4)", "peg.mean in Interval(4, 8]", "= 4.0"),
        ("sleep.efficiency < 85", "sleep.efficiency >= 85", None),
        ("isi.total <= 14", "isi.total >= 15", None),
        ("isi.total < 8", "isi.total >= 15", None),
        ("isi.total < 15 and dx.ibs", "isi.total > 15 and not dx.ibs", None),
    ],
)
def test_a_value_that_falls_between_two_bands_is_a_gap(low: str, high: str, values: str | None) -> None:
    """Whether the bands stand in two rules, or on the two sides of an ``or`` in one."""
    for rules in (
        (rule("WLK-01", low), rule("WLK-02", high)),
        (rule("WLK-01", f"({low}) or ({high})"),),
    ):
        gaps = [each.finding.message.partition(",")[0] for each in proofs(*rules).found]
        assert [message.split(" ", 1)[1] for message in gaps] == ([values] if values else [])


def test_the_witness_s_plan_is_not_withheld_where_somebody_else_s_will_do() -> None:
    urgent = rule("WLK-03", "dx.osa", priority="emergency", effects="{withhold: true}")
    warm = rule("WLK-02", "isi.total >= 15 and (dx.osa or dx.copd)", tags="[heat]")
    (proof,) = contraindicated(BLOCKER, warm, urgent)
    assert (proof.witness or {}).keys() == {"isi.total", "dx.copd"}
    (proof,) = contraindicated(BLOCKER, rule("WLK-02", "dx.osa", tags="[heat]"), urgent)
    assert proof.witness == {"dx.osa": True}


def test_a_third_rule_closes_a_gap() -> None:
    bands = rule("WLK-01", "isi.total < 15"), rule("WLK-02", "isi.total > 15")
    assert found(*bands) == [("gap", "WLK-02")]
    assert found(*bands, rule("WLK-03", "isi.total = 15")) == []


def test_somebody_whom_the_reference_does_not_confirm_is_no_finding() -> None:
    """3 times 0.1 is 0.3 over the reals, and not in float64."""
    (proof,) = proofs(rule("WLK-01", "peg.mean * 0.1 = 0.3")).found
    assert (proof.finding.code, proof.finding.severity) == ("unconfirmed", "warning")
    assert "peg.mean 3.0" in proof.finding.message


def test_what_rests_on_what_z3_is_not_told_is_not_decided() -> None:
    (proof,) = proofs(rule("WLK-01", "peg.mean mod 3.0 = 2.875 and peg.mean = 2.5")).found
    assert (proof.finding.code, proof.finding.message) == ("not_decided", "not decided: whether WLK-01 can fire")


def test_a_question_that_takes_too_long_is_not_decided() -> None:
    """Whether 42 is a sum of three cubes took mankind until 2019."""
    (people,) = everybody(vocabulary(), own_base())
    x, y, z = z3.Ints("x y z")
    search = Search(timeout=0.05)
    assert search.ask(people, x * x * x + y * y * y + z * z * z == 42, [], lambda _: True).said == "undecided"
    assert search.ask(people, z3.And(x > 1, x < 1), [], lambda _: True).said == "nobody"


def test_a_string_nobody_wrote_down_is_made_from_the_pattern() -> None:
    assert sample("[A-Z]{2}", frozenset({"AA"})) == "AZ"
    assert sample(None, frozenset({"other 0"})) == "other 1"


def test_a_person_is_told_as_facts() -> None:
    assert told({"isi.total": 15, "person.sex": "male"}) == 'isi.total 15, person.sex "male"'
