"""Two assessments are read together only when they are of one person, in the order of time."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from careplan.assessment import Assessment, Person
from careplan.followup import differences
from careplan.followup.person import changes_of_record

EARLIER = Assessment("case-1", date(2026, 3, 2), Person(date(1983, 5, 4), sex="female", identifiers={"mrn": "18"}))
LATER = evolve(EARLIER, date=date(2026, 6, 8))


def test_one_id_and_one_birth_date_are_one_person() -> None:
    assert differences(EARLIER, LATER) == ()
    assert differences(EARLIER, EARLIER) == ()


def test_an_assessment_may_name_the_earlier_one_instead() -> None:
    assert differences(EARLIER, evolve(LATER, id="case-2", previous="case-1")) == ()
    assert differences(EARLIER, evolve(LATER, id="case-2", previous="case-1.yaml"), linked=True) == ()


def test_another_id_is_another_person_until_it_is_linked() -> None:
    (said,) = differences(EARLIER, evolve(LATER, id="case-2"))
    assert said == (
        "its id is 'case-2' and the earlier one's 'case-1': give both one id, or name the earlier one as 'previous' "
        "(which is none)"
    )
    assert "(which is 'case-9')" in differences(EARLIER, evolve(LATER, id="case-2", previous="case-9"))[0]


def test_another_birth_date_is_another_person_whatever_is_linked() -> None:
    later = evolve(LATER, previous="case-1", person=evolve(LATER.person, birth_date=date(1983, 4, 5)))
    assert differences(EARLIER, later, linked=True) == (
        "the person was born on 1983-04-05, and that of 'case-1' on 1983-05-04",
    )


def test_another_record_number_of_one_kind_is_another_person() -> None:
    later = evolve(LATER, person=evolve(LATER.person, identifiers={"mrn": "81", "nhs": "1"}))
    assert differences(EARLIER, later) == ("mrn is '81', and that of 'case-1' '18'",)
    assert differences(EARLIER, evolve(LATER, person=evolve(LATER.person, identifiers={"nhs": "1"}))) == ()


def test_the_order_of_time_is_kept() -> None:
    (said,) = differences(LATER, EARLIER)
    assert said == (
        "the assessment is of 2026-03-02, before that of 2026-06-08 which it should follow: name the files in the "
        "order of time"
    )


def test_everything_that_does_not_fit_is_said_at_once() -> None:
    other = evolve(EARLIER, id="case-2", date=date(2026, 1, 5), person=Person(date(1990, 1, 1)))
    assert len(differences(EARLIER, other)) == 3


def test_a_name_or_a_sex_recorded_otherwise_is_pointed_out() -> None:
    then = Person(date(1983, 5, 4), name="Alex Sample", sex="female")
    assert changes_of_record(then, evolve(then, name="Alex Specimen", sex="male")) == (
        "the name was recorded as 'Alex Sample' and is 'Alex Specimen' now",
        "the sex was recorded as 'female' and is 'male' now",
    )
    assert changes_of_record(then, evolve(then, name=None)) == ()
