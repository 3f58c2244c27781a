"""A reason that is a fact about medicines names the lines behind it: without them the fact would not be true."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.assessment import Medication
from careplan.facts.medicine_lines import PREFIX, lines_behind
from careplan.facts.medicines import Medicines
from careplan.vocabulary.model import FactDefinition
from careplan.vocabulary.read import builtin_vocabulary
from tests.facts.medicine_lists import FACTS, OXYCODONE, SERTRALINE, UNHEARD_OF, line, of, planned, read, values
from tests.facts.test_medicine_laws import allergies, some

LISTS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OF_THE_WHOLE_LIST = {"count", "allergy_nsaid"}
"""Functions whose facts are about the list or the allergies as a whole."""
NOT_OF_LINES = {"opioid.mme_complete"}
"""True when there is nothing to name."""


def behind(fact: str, medicines: Medicines) -> list[int]:
    return [each.number for each in lines_behind(builtin_vocabulary()[fact], medicines)]


def whole_list(fact: FactDefinition) -> bool:
    return str(fact.compute).removeprefix(PREFIX) in OF_THE_WHOLE_LIST


@LISTS
@given(some, st.booleans(), allergies)
def test_without_the_lines_behind_it_nothing_is_true_and_no_number_above_nought(
    listed: list[Medication], reviewed: bool, allergic: list[str] | None
) -> None:
    allergic_to = None if allergic is None else tuple(allergic)
    person = read(tuple(listed), reviewed=reviewed, allergies=allergic_to)
    got = values(person)
    for fact in FACTS:
        if got[fact.id] and not whole_list(fact) and fact.id not in NOT_OF_LINES:
            numbers = {each.number for each in lines_behind(fact, person)}
            assert numbers, fact.id
            rest = tuple(each for number, each in enumerate(listed, 1) if number not in numbers)
            assert not values(read(rest, reviewed=reviewed, allergies=allergic_to))[fact.id], fact.id


@LISTS
@given(some, st.booleans())
def test_an_opioid_total_that_is_not_complete_names_the_lines_that_keep_it_from_it(
    listed: list[Medication], reviewed: bool
) -> None:
    person = read(tuple(listed), reviewed=reviewed)
    if person.mme_complete() is False:
        numbers = set(behind("opioid.mme_complete", person))
        rest = tuple(each for number, each in enumerate(listed, 1) if number not in numbers)
        assert read(rest, reviewed=True).mme_complete() is True


def test_the_lines_behind_a_fact_are_those_that_answer_to_it() -> None:
    person = of(
        SERTRALINE,
        OXYCODONE,
        UNHEARD_OF,
        line("Butrans", "10 mcg/h", None, route="transdermal"),
        planned(line("tramadol", "50 mg", 3)),
        line("gabapentin", "300 g", 3),
    )
    assert behind("med.opioid", person) == [2, 4]
    assert behind("plan.opioid", person) == [5]
    assert behind("opioid.mme_complete", person) == [3, 4]
    assert behind("medication.unrecognised", person) == [3]
    assert behind("medication.serotonergic_at_least", person) == [1]
    assert behind("medication.serotonergic_planned", person) == [5]
    assert behind("medication.dose_implausible", person) == [6]
    assert behind("medication.renal_relevant", person) == [5, 6]
    assert behind("gabapentin.daily_mg", person) == [6]


def test_a_fact_of_the_whole_list_or_of_no_medicine_rests_on_no_line() -> None:
    assert behind("medication.count", of(SERTRALINE)) == []
    assert behind("allergy.nsaid", of(SERTRALINE, allergies=("aspirin",))) == []
    assert behind("person.age", of(SERTRALINE)) == []


def test_something_not_washed_out_is_behind_what_it_still_counts_for() -> None:
    maoi = {"name": "phenelzine", "status": "stopped", "stopped_on": of().list.on}
    person = of(SERTRALINE, maoi)
    assert behind("med.maoi", person) == [2]
    assert behind("medication.serotonergic", person) == [1, 2]
