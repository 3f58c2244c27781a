"""Whatever is decided otherwise about whomever: what protects a person holds, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.assessment import Clearance, Override
from careplan.errors import IntakeError
from careplan.plan.editions import for_edition
from careplan.plan.model import Plan
from careplan.plan.overrides import Circumstances, resolve_overridden
from careplan.plan.resolve import resolve
from tests.plan.overridden import DAY, SIGNED, WHY, decided, override, own, plan, standing, taken_out
from tests.plan.test_editions import words
from tests.plan.test_laws import PEOPLE, people
from tests.render.whole_documents import engine
from tests.whole_base import STAYS_IN_SMALL_PLANS

RULES = sorted(rule.id for rule in engine().base.rules.values() if rule.priority != "emergency")
DOINGS = ("decline", "change", "add")


@st.composite
def overrides(draw: st.DrawFn) -> tuple[Override, ...]:
    """Overrides of some rules, of some days before and after the assessment, and some of the clinician's own."""
    rules = draw(st.lists(st.sampled_from(RULES), max_size=8, unique=True))
    found = []
    for rule in rules:
        on = DAY + timedelta(days=draw(st.integers(-40, 0)))
        until = on + timedelta(days=draw(st.integers(0, 60)))
        do = draw(st.sampled_from(DOINGS))
        found.append(override(rule, do, title="Other" if do == "change" else None, on=on, until=until))
    tags = st.sampled_from(sorted(engine().base.tags))
    found += [own(tags=tuple(draw(st.lists(tags, max_size=2))))] if draw(st.booleans()) else []
    return tuple(found)


LAWS = settings(PEOPLE, max_examples=40)
ALL_CLEARED = tuple(
    Clearance(rule.id, "Dr Ola Example", "GP", DAY, "Seen.")
    for rule in engine().base.rules.values()
    if rule.priority == "emergency"
)


@frozen
class Random:
    """A random person, most often with every emergency cleared, and overrides of their plan."""

    facts: Mapping[str, Any]
    cleared: tuple[Clearance, ...]
    overrides: tuple[Override, ...]

    def plan(self, *overrides: Override, signed: bool = True) -> Plan:
        return plan(self.facts, *overrides, cleared=self.cleared, signed=SIGNED if signed else None)

    @property
    def found(self) -> Plan:
        """The plan, without a signature where it needs none."""
        with suppress(IntakeError):
            return self.plan(*self.overrides, signed=False)
        return self.plan(*self.overrides)


@st.composite
def cases(draw: st.DrawFn) -> Random:
    cleared = draw(st.sampled_from([ALL_CLEARED, ALL_CLEARED, ALL_CLEARED, ()]))
    return Random(draw(people()), cleared, draw(overrides()))


@LAWS
@given(people())
def test_without_overrides_the_plan_is_what_the_rules_make_it(facts: Mapping[str, Any]) -> None:
    decision = decided(facts)
    about = Circumstances(DAY, DAY, signed=False, modalities=())
    plain = resolve(decision, ALL_CLEARED, STAYS_IN_SMALL_PLANS)
    assert resolve_overridden(decision, ALL_CLEARED, STAYS_IN_SMALL_PLANS, (), about) == plain
    assert (plain.declined, plain.overrides) == ((), ())


def applied(found: Plan, do: str) -> set[str]:
    return {each.override.rule for each in found.overrides if each.outcome == "applied" and each.override.do == do}


@LAWS
@given(cases())
def test_without_a_signature_nothing_stands_that_a_rule_blocks_or_an_answer_holds(case: Random) -> None:
    found, decision = case.found, decided(case.facts)
    rules = decision.base.rules
    acting = [rules[rule] for rule in rules if decision.outcomes[rule] is True or rule in applied(found, "add")]
    for each in (*found.safety, *found.recommendations):
        blocks = {tag for rule in acting if rule.id != each.rule for tag in rule.effects.blocks}
        must_know = rules[each.rule].requires_known if each.rule in rules else ()
        if blocks & set(each.tags) or any(decision.facts.get(fact) is None for fact in must_know):
            assert found.status == "signed"
            assert each.override is not None
            assert each.override.against
            assert each.override.override.on >= DAY


@LAWS
@given(cases())
def test_a_safety_rule_stands_in_its_own_words_unless_a_signed_override_of_this_day_touches_it(case: Random) -> None:
    before, found = case.plan(), case.found
    untouched = {each.rule for each in found.safety if each.override is None}
    for rule in {each.rule for each in before.safety} - untouched - set(taken_out(found)):
        (listed,) = (each for each in found.overrides if each.override.rule == rule)
        assert (listed.outcome, found.status) == ("applied", "signed")
        assert listed.override.on >= DAY


@LAWS
@given(cases())
def test_overrides_never_lift_an_emergency(case: Random) -> None:
    before, found = case.plan(), case.found
    assert found.emergency == before.emergency
    assert (found.status == "withheld") is (before.status == "withheld")


@LAWS
@given(cases())
def test_every_rule_that_fired_and_every_addition_stands_in_the_plan_once(case: Random) -> None:
    found, decision = case.found, decided(case.facts)
    fired = {rule for rule in decision.base.rules if decision.outcomes[rule] is True}
    places = [*standing(found), *taken_out(found), *applied(found, "decline")]
    assert sorted(places) == sorted(fired | applied(found, "add"))
    assert [each.override for each in found.overrides] == list(case.overrides)


@LAWS
@given(cases())
def test_declining_releases_nothing(case: Random) -> None:
    declines = (evolve(each, do="decline", title=None) for each in case.overrides if each.modality is None)
    before, found = case.plan(), case.plan(*declines)
    assert set(standing(found)) == set(standing(before)) - applied(found, "decline")
    assert (found.blocked, found.ask_first, found.minimal) == (before.blocked, before.ask_first, before.minimal)


@LAWS
@given(cases())
def test_the_order_of_overrides_does_not_matter(case: Random) -> None:
    one, two = case.plan(*case.overrides), case.plan(*reversed(case.overrides))
    assert evolve(one, overrides=()) == evolve(two, overrides=())
    assert one.overrides == tuple(reversed(two.overrides))


@LAWS
@given(cases())
def test_the_patients_edition_holds_no_word_of_who_decided_or_why(case: Random) -> None:
    view = for_edition(case.plan(*case.overrides), "patient")
    rest = evolve(view, emergency=())
    assert not {"Dr Ola Example", WHY, "already_tried", "new_information"} & set(words(rest))


@LAWS
@given(cases())
def test_overrides_that_are_not_applied_leave_the_recommendations_as_they_were(case: Random) -> None:
    found = case.plan(*case.overrides)
    idle = [each.override for each in found.overrides if each.outcome in ("idle", "returns")]
    assert evolve(case.plan(*idle), overrides=()) == case.plan()
