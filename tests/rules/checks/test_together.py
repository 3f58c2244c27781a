"""What is amiss among rulesets together, each at the rule that has to change."""

from __future__ import annotations

from attrs import evolve

from careplan.errors import Location
from careplan.rules.checks.finding import RulesetFile
from careplan.rules.checks.together import Surroundings, together
from careplan.rules.ruleset import Tag
from careplan.vocabulary.read import builtin_vocabulary
from tests.rules.written import file, found_together, rule, ruleset

WALK = file(ruleset(rule()))


def test_one_ruleset_alone_has_nothing_amiss() -> None:
    assert found_together(WALK) == []


def test_an_id_that_another_ruleset_has_is_a_duplicate_in_the_one_that_is_checked() -> None:
    swim = file(ruleset(rule(clinician="Offer a swim."), name="swim"), name="swim.yaml")
    (finding,) = found_together(swim, others=[WALK])
    assert str(finding) == "swim.yaml:6:5: error: WLK-01 is a rule of walk@2026.1 too; an id is given once (duplicate)"


def test_a_new_version_of_a_ruleset_is_no_duplicate() -> None:
    newer = file(ruleset(rule(when="isi.total >= 16"), version="2026.2", effective="2026-06-01"), name="newer.yaml")
    assert found_together(newer, others=[WALK]) == []


def test_a_rule_that_had_another_id_in_the_version_before_is_renumbered() -> None:
    newer = file(ruleset(rule("WLK-02"), version="2026.2", effective="2026-06-01"), name="newer.yaml")
    (finding,) = found_together(newer, others=[WALK])
    assert str(finding) == (
        "newer.yaml:6:5: error: WLK-02 says what WLK-01 said in walk@2026.1; an id is for ever, so keep WLK-01 "
        "(renumbered)"
    )


def test_conditions_that_wait_for_each_other_are_a_cycle() -> None:
    one = rule("WLK-01", when="safety.heat_unsafe", derive="dx.osa")
    other = rule("WLK-02", when="dx.osa", derive="safety.heat_unsafe")
    findings = found_together(file(ruleset(one, other)))
    assert [each.code for each in findings] == ["cycle"]
    assert "WLK-01 → WLK-02 → WLK-01" in findings[0].message or "WLK-02 → WLK-01 → WLK-02" in findings[0].message
    assert findings[0].location.line in (6, 15)


def test_a_block_of_what_no_recommendation_carries_is_a_warning() -> None:
    (finding,) = found_together_with_tags(file(ruleset(rule(tags="[exercise]", effects="{blocks: [heat]}"))))
    assert finding.endswith("warning: WLK-01 blocks or adapts 'heat', which no recommendation carries (blocks_nothing)")


def test_a_tag_for_nothing_is_a_warning_where_it_is_defined() -> None:
    (finding,) = found_together_with_tags(file(ruleset(rule(tags="[exercise]"))))
    assert finding == "tags.yaml:3:5: warning: no rule carries, blocks or adapts the tag 'heat' (unused_tag)"


def test_a_fact_that_a_rule_writes_and_nothing_reads_is_a_warning() -> None:
    (finding,) = found_together(file(ruleset(rule(derive="dx.osteoarthritis"))))
    assert str(finding) == "walk.yaml:6:5: warning: WLK-01 derives dx.osteoarthritis, which nothing reads (unused_fact)"


def test_a_fact_that_a_plugin_defines_and_nothing_reads_is_a_warning() -> None:
    vocabulary = builtin_vocabulary()
    mine = evolve(vocabulary["dx.osa"], id="dx.mine", location=Location("facts.yaml", 7, 3))
    more = type(vocabulary)({**vocabulary.facts, "dx.mine": mine})
    (finding,) = together([WALK], Surroundings((), (), more))
    assert str(finding) == "facts.yaml:7:3: warning: nothing reads the fact dx.mine (unused_fact)"


def found_together_with_tags(*files: RulesetFile) -> list[str]:
    tags = tuple(
        Tag(name, name, location=Location("tags.yaml", line, 5)) for line, name in ((2, "exercise"), (3, "heat"))
    )
    return [str(each) for each in together(files, Surroundings((), tags, builtin_vocabulary()))]
