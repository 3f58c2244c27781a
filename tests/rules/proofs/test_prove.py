"""What can never happen is proved, what must not happen is found with a person, and near misses are left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

import pytest
import z3  # type: ignore[import-untyped] # it ships no types

from careplan.cql import Type
from careplan.errors import IntakeError, RulesetError
from careplan.facts import complete_facts
from careplan.knowledge import Knowledge, load_knowledge
from careplan.plan.resolve import resolve
from careplan.rules.base import RuleBase
from careplan.rules.checks.finding import RulesetFile, ruleset_file
from careplan.rules.decision import Decision
from careplan.rules.proofs.equivalent import compare
from careplan.rules.proofs.everybody import everybody, sample
from careplan.rules.proofs.prove import CODES, Proof, Proofs, prove, told
from careplan.rules.proofs.search import Search
from careplan.rules.proofs.symbols import Number, Text, Truth, no
from careplan.rules.proofs.waivers import read_waivers
from careplan.rules.reference import Reference
from careplan.rules.ruleset import Tag
from careplan.vocabulary.model import FactDefinition, Vocabulary

TAGS = {name: Tag(name, name) for name in ("heat", "stretch")}


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


def vocabulary() -> Vocabulary:
    return knowledge().vocabulary


def rule(name: str, when: str, **fields: str) -> str:
    """A rule for clinicians; each field is YAML."""
    given = {
        "id": name,
        "title": "Walk",
        "when": f'"{when}"',
        "priority": "core",
        "kind": "action",
        "audience": "clinician",
        "clinician": "Offer walks.",
        "because": "It helps.",
        "evidence": "[{id: x, cite: X, grade: low}]",
        **fields,
    }
    return "  - " + "\n    ".join(f"{key}: {value}" for key, value in given.items()) + "\n"


def file(*rules: str, name: str = "walk", version: str = "2026.1", contradictions: str = "") -> RulesetFile:
    """A ruleset of rules; its first condition stands on line 8."""
    head = f'id: {name}\nversion: "{version}"\neffective: 2026-01-01\ntitle: Walk\nrules:\n'
    content = head + "".join(rules) + contradictions
    return ruleset_file(content.encode(), f"{name}.yaml", vocabulary(), TAGS)


def proofs(*rules: str, waivers: str = "", contradictions: str = "") -> Proofs:
    accepted = read_waivers(waivers.encode(), "waivers.yaml", CODES) if waivers else ()
    return prove([file(*rules, contradictions=contradictions)], TAGS, vocabulary(), accepted, 5)


def found(*rules: str, contradictions: str = "") -> list[tuple[str, str]]:
    return [(each.finding.code, each.rule) for each in proofs(*rules, contradictions=contradictions).found]


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


WAIVER = "waivers:\n  - {code: duplicate, rule: WLK-02, other: [WLK-01], reason: Meant so.}\n"
TWINS = (rule("WLK-01", "isi.total > 14"), rule("WLK-02", "not (isi.total <= 14)"))


def test_a_waiver_takes_a_finding_out_with_its_reason() -> None:
    result = proofs(*TWINS, waivers=WAIVER)
    assert result.found == ()
    assert [each.waiver.reason for each in result.waived if each.waiver] == ["Meant so."]


def test_what_is_open_stays_a_warning() -> None:
    waivers = "waivers:\n  - {code: never_fires, rule: WLK-01, open: true, reason: 28 is the most there is.}\n"
    (proof,) = proofs(rule("WLK-01", "isi.total > 28"), waivers=waivers).found
    assert proof.finding.severity == "warning"
    assert proof.finding.message.endswith("true of nobody; open: 28 is the most there is.")


def test_a_waiver_for_nothing_is_a_finding_itself_unless_its_rule_is_not_here() -> None:
    (proof,) = proofs(TWINS[0], rule("WLK-02", "isi.total < 3"), waivers=WAIVER).found
    assert (proof.finding.code, proof.finding.severity) == ("unused_waiver", "error")
    assert (proof.finding.location.file, proof.finding.location.line) == ("waivers.yaml", 2)
    assert proofs(TWINS[0], waivers=WAIVER).found == ()


def test_a_waiver_that_names_a_rule_too_many_is_told_which() -> None:
    (proof,) = proofs(*TWINS, waivers=WAIVER.replace("[WLK-01]", "[WLK-01, WLK-09]")).found
    assert "names WLK-09, where nothing is found; take it out" in proof.finding.message


def test_a_waiver_needs_a_reason_and_a_code_there_is() -> None:
    with pytest.raises(RulesetError) as caught:
        read_waivers(b"waivers:\n  - {code: nothing, rule: WLK-01}\n", "waivers.yaml", CODES)
    assert sorted(each.message for each in caught.value.problems) == [
        "'code' should be one of never_fires, implied, duplicate, contraindication_unknown, gap",
        "a waiver needs 'reason'",
    ]


def differing(before: str, after: str) -> list[tuple[str, str]]:
    old, new = file(rule("WLK-01", before)), file(rule("WLK-01", after), version="2026.2")
    result = compare([old], [new], TAGS, vocabulary(), 5)
    return [(each.finding.code, each.finding.message) for each in result.found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("isi.total > 14", "isi.total >= 15"),
        ("sleep.insomnia >= 2 and isi.total is not null", "isi.total is not null and not (sleep.insomnia < 2)"),
        ("dx.ibs or dx.osa", "not (not dx.osa and not dx.ibs)"),
        ("opioid.mme >= 50 and med.opioid", "med.opioid and opioid.mme > 49 and opioid.mme >= 50"),
    ],
)
def test_versions_that_say_the_same_in_other_words_are_equivalent(before: str, after: str) -> None:
    assert differing(before, after) == []


def test_versions_that_differ_come_with_somebody_who_parts_them() -> None:
    ((code, message),) = differing("peg.mean >= 4", "peg.mean > 4")
    assert (code, message) == ("differs", "WLK-01 is true in walk@2026.1 and false in walk@2026.2, for peg.mean 4.0")
    ((_, message),) = differing("dx.epilepsy", "dx.epilepsy is true")
    assert message == (
        "WLK-01 is unknown in walk@2026.1 and false in walk@2026.2, for somebody of whom nothing is known"
    )


def test_rules_that_only_one_version_has_are_named() -> None:
    old, new = file(rule("WLK-01", "dx.ibs"), rule("WLK-02", "dx.osa")), file(rule("WLK-01", "dx.ibs"), version="2")
    for pair, code in (([old], [new]), "only_before"), (([new], [old]), "only_after"):
        (proof,) = compare(*pair, TAGS, vocabulary(), 5).found
        assert (proof.finding.code, proof.rule) == (code, "WLK-02")


def test_a_person_is_told_as_facts() -> None:
    assert told({"isi.total": 15, "person.sex": "male"}) == 'isi.total 15, person.sex "male"'


@cache
def own_base() -> RuleBase:
    newest = (max(each, key=lambda one: (one.effective, one.version)) for each in knowledge().versions.values())
    return RuleBase(tuple(newest), knowledge().tags, vocabulary().types)


def somebody(chance: Random) -> dict[str, Any]:
    """A random person whom the vocabulary allows; each fact is known more often than not."""
    person: dict[str, Any] = {}
    for fact in vocabulary():
        if fact.derive is not None or fact.decided_by is not None:
            continue
        if fact.not_recorded == "assumed_no" or chance.random() < 0.6:
            person[fact.id] = answer(fact, chance)
    return person


def known(person: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """All that follows, or None where somebody is impossible, such as of a weight that does not fit the height."""
    try:
        return complete_facts(person, vocabulary()).values
    except IntakeError:
        return None


def answer(fact: FactDefinition, chance: Random) -> Any:
    if fact.type == Type.BOOLEAN:
        return chance.random() < 0.3
    if fact.type == Type.STRING:
        return chance.choice(fact.values or (("GB", "US", "FR") if fact.id == "person.country" else ("07:00",)))
    low, high = fact.range or (0, 100)
    return chance.randint(int(low), int(high)) if fact.type == Type.INTEGER else round(chance.uniform(low, high), 1)


@pytest.mark.parametrize("seed", range(6))
def test_every_condition_of_ours_comes_out_in_z3_as_in_the_reference(seed: int) -> None:
    """Facts that follow included: only what is answered is given to z3."""
    base, chance = own_base(), Random(seed)
    facts = next(filter(None, (known(somebody(chance)) for _ in range(100))))
    (people,) = everybody(vocabulary(), base)
    solver = z3.Solver()
    for fact in vocabulary():
        if fact.derive is None and fact.decided_by is None:
            solver.add(pinned(people.given(fact.id).value, facts.get(fact.id), people.codes))
    assert solver.check() == z3.sat
    outcomes = Reference(base).decide(facts)
    for name, outcome in outcomes.items():
        value = people.condition(name).value
        expected = {True: value.yes, False: value.no, None: no(value.known)}[outcome]
        assert solver.check(z3.And(expected)) == z3.sat, name
        assert solver.check(z3.Not(expected)) == z3.unsat, name


def pinned(value: Any, answered: Any, codes: Mapping[str, int]) -> Any:
    """That a fact is what somebody answered."""
    if answered is None:
        return no(value.known)
    if isinstance(value, Truth):
        return value.yes if answered else value.no
    assert isinstance(value, Number | Text)
    wanted = codes.get(answered, -1) if isinstance(value, Text) else z3.RealVal(str(answered))
    term = value.code if isinstance(value, Text) else value.value
    return z3.And(value.known, term == wanted)
