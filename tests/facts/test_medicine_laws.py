"""The laws of medicine facts, over random lists: more on a list never hides what was there, unknown is never "no"."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.assessment import Medication
from careplan.cql import Type
from careplan.facts.medicines import Medicines
from careplan.vocabulary.formulary import builtin_formulary
from tests.facts.medicine_lists import DAY, FACTS, read, values

LISTS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BOUNDS = (
    "opioid.mme",
    "medication.serotonergic",
    "medication.serotonergic_no_triptan",
    "medication.qt_known",
    "medication.cns_active",
    "medication.acb",
)
NO_IS_KNOWN_OF_ANY_LIST = {"allergy.nsaid", "allergy.conflict"}

amounts = st.none() | st.sampled_from([0.5, 1, 2, 3.5, 4])
days_ago = st.none() | st.integers(0, 400).map(lambda days: DAY - timedelta(days=days))


known = st.deferred(lambda: st.sampled_from(builtin_formulary().names))
opioids = st.sampled_from(["oxycodone", "codeine", "co-codamol", "fentanyl", "buprenorphine", "Ultracet", "methadone"])
unheard_of = st.just("zorvamine")
any_status = st.sampled_from(["current", "current", "planned", "stopped"])


def lines(names: st.SearchStrategy[str], status: st.SearchStrategy[str] = any_status) -> st.SearchStrategy[Medication]:
    return st.builds(
        Medication,
        name=names,
        strength=st.sampled_from(
            [None, "5 mg", "30/500 mg", "50/325/40 mg", "25 mcg/h", "0.5 g", "10 mg/5 mL", "1 %", "odd"]
        ),
        dose=amounts,
        unit=st.sampled_from([None, None, "tablet", "mL", "patch"]),
        times_per_day=amounts,
        every_hours=st.sampled_from([None, None, None, 6, 7, 12, 72]),
        route=st.sampled_from([None, None, "oral", "transdermal", "topical", "buccal", "intravenous"]),
        as_needed=st.booleans(),
        max_per_day=amounts,
        taken_per_day=amounts,
        days_per_week=amounts,
        days_per_month=st.none() | st.integers(0, 31),
        months=amounts,
        started_on=days_ago,
        stopped_on=days_ago,
        status=status,
    )


some = st.lists(lines(known | opioids | unheard_of), max_size=6)
allergies = st.none() | st.lists(st.sampled_from(["aspirin", "opioids", "latex", "zorvamine"]), max_size=2)


def person(listed: list[Medication], reviewed: bool, allergic: list[str] | None = None) -> Medicines:
    return read(tuple(listed), reviewed=reviewed, allergies=None if allergic is None else tuple(allergic))


@LISTS
@given(some, st.booleans(), allergies)
def test_every_fact_of_every_list_has_its_type_and_is_not_negative(
    listed: list[Medication], reviewed: bool, allergic: list[str] | None
) -> None:
    got = values(person(listed, reviewed, allergic))
    for each in FACTS:
        kind = {Type.BOOLEAN: bool, Type.INTEGER: int, Type.DECIMAL: float}[each.type]
        assert got[each.id] is None or (type(got[each.id]) is kind and got[each.id] >= 0)


@LISTS
@given(some, st.booleans(), allergies)
def test_no_fact_depends_on_the_order_of_the_list(
    listed: list[Medication], reviewed: bool, allergic: list[str] | None
) -> None:
    backwards = person(list(reversed(listed)), reviewed, allergic)
    assert values(person(listed, reviewed, allergic)) == values(backwards)


@LISTS
@given(some, lines(known | opioids | unheard_of), st.booleans())
def test_one_more_line_never_lowers_a_lower_bound(listed: list[Medication], more: Medication, reviewed: bool) -> None:
    fewer, longer = values(person(listed, reviewed)), values(person([*listed, more], reviewed))
    for bound in BOUNDS:
        before, after = fewer[f"{bound}_at_least"], longer[f"{bound}_at_least"]
        assert before is None or after is None or after >= before
        assert after is not None or before in (None, 0)


@LISTS
@given(some, st.booleans())
def test_a_lower_bound_is_never_above_what_is_known(listed: list[Medication], reviewed: bool) -> None:
    got = values(person(listed, reviewed))
    for bound in BOUNDS:
        if got[bound] is not None:
            assert got[f"{bound}_at_least"] is not None
            assert got[f"{bound}_at_least"] <= got[bound]
    assert got["opioid.taken_mme"] is None or got["opioid.taken_mme"] <= got["opioid.mme"]
    taken, daily = got["acetaminophen.taken_mg"], got["acetaminophen.daily_mg"]
    assert (taken is None) == (daily is None)
    assert taken is None or taken <= daily


@LISTS
@given(some, lines(unheard_of, st.just("current")), st.booleans())
def test_an_unrecognised_entry_never_makes_a_no_nor_hides_a_yes(
    listed: list[Medication], unknown: Medication, reviewed: bool
) -> None:
    without, having = values(person(listed, reviewed)), values(person([*listed, unknown], reviewed))
    for each in FACTS:
        if each.id.startswith("med."):
            assert having[each.id] is (True if without[each.id] else None)


@LISTS
@given(some, allergies)
def test_an_unconfirmed_list_never_says_no(listed: list[Medication], allergic: list[str] | None) -> None:
    confirmed, open_ended = values(person(listed, True, allergic)), values(person(listed, False, allergic))
    for each in FACTS:
        told = open_ended[each.id]
        assert told is None or told == confirmed[each.id]
        if each.not_recorded == "unknown" and each.id not in NO_IS_KNOWN_OF_ANY_LIST | {"opioid.mme_complete"}:
            assert told is not False


@LISTS
@given(some, st.booleans())
def test_the_total_of_opioids_is_known_exactly_when_it_is_complete(listed: list[Medication], reviewed: bool) -> None:
    got = values(person(listed, reviewed))
    assert (got["opioid.mme"] is not None) == (got["opioid.mme_complete"] is True)
    assert got["opioid.mme"] is None or got["opioid.mme"] == got["opioid.mme_at_least"]
