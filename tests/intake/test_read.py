"""What an intake says, as the assessment holds it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from careplan.assessment import Activity, Allergy, CareTeamMember, Goal, Medication, Person
from careplan.errors import IntakeError
from careplan.intake.medicines import ROUTES
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary, read_vocabulary
from tests.intake.reading import BEGINNING, added, read

WHOLE = """\
careplan: intake/1
id: case 7_b
date: 2026-03-02
person: {name: Alex Sample, birth_date: 1983-05-04, sex: other, pregnant: false, weeks_gestation: null,
         breastfeeding: false, height_cm: 168, weight_kg: 76.5, country: GB, language: pt-BR,
         identifiers: {mrn: "0018"}}
measures: {fatigue: 6, egfr: null, creatinine: {value: 0.9, unit: mg/dL, on: 2026-02-20}, morning_stiffness_minutes: 20,
           use_days: {triptan: 0, simple: 12}, sleep_diary: {slept_hours: 6.5, rise_time: "07:00"}}
scores: {pcs: 20, stopbang.risk: low, dsqpem.step1: false, pavs: 60}
diagnoses: {present: [mecfs], denied: [epilepsy], reviewed: false}
red_flags: {present: [other], reviewed: true, other_text: A lump in the neck}
findings: {denied: [boom_bust], reviewed: [sleep, activity]}
medications:
  - {name: fentanyl, strength: 25 mcg/h, route: transdermal, dose: 1, unit: patch, every_hours: 72,
     started_on: 2026-01-05}
  - {name: duloxetine, strength: 30 mg, status: planned, started_on: 2026-04-01}
medications_denied: [benzodiazepine]
allergies: [{substance: penicillin, reaction: rash}]
nociplastic: suspected
goals: [{text: "Walk to the shop", activity: walking, baseline_minutes: 10, helps: [activity, mood],
         gas: {importance: 3, levels: {-2: not at all, 0: "once a week"}, attained: -1}}]
matters_most: |
  Being there for my grandchildren.
  And the garden.
values: [family]
activities: [{name: walking, minutes: [10, 4.5], difficulty: 3}]
work: carer
care_team: [{role: GP, name: Dr Bell, phone: "01632 960001"}]
previous: case-6
"""


def test_a_whole_intake_is_read() -> None:
    assessment = read(WHOLE)
    assert assessment.id == "case 7_b"
    assert assessment.date == date(2026, 3, 2)
    assert assessment.person == Person(
        name="Alex Sample",
        birth_date=date(1983, 5, 4),
        sex="other",
        pregnant=False,
        weeks_gestation=None,
        breastfeeding=False,
        height_cm=168.0,
        weight_kg=76.5,
        country="GB",
        language="pt-BR",
        identifiers={"mrn": "0018"},
    )
    assert assessment.measures == {
        "fatigue": 6.0,
        "morning_stiffness_minutes": 20,
        "creatinine.value": 0.9,
        "creatinine.unit": "mg/dL",
        "creatinine.on": date(2026, 2, 20),
        "use_days.triptan": 0.0,
        "use_days.simple": 12.0,
        "sleep_diary.slept_hours": 6.5,
        "sleep_diary.rise_time": "07:00",
    }
    assert assessment.scores == {
        "pcs.total": 20,
        "stopbang.risk": "low",
        "dsqpem.step1": False,
        "pavs.minutes_per_week": 60.0,
    }
    assert (assessment.diagnoses.present, assessment.diagnoses.denied) == (("mecfs",), ("epilepsy",))
    assert assessment.diagnoses.reviewed is False
    assert assessment.red_flags.reviewed is True
    assert assessment.red_flags.other_text == "A lump in the neck"
    assert assessment.findings.reviewed == ("sleep", "activity")
    assert assessment.medications == (
        Medication(
            "fentanyl",
            "25 mcg/h",
            route="transdermal",
            dose=1.0,
            unit="patch",
            every_hours=72.0,
            started_on=date(2026, 1, 5),
        ),
        Medication("duloxetine", "30 mg", status="planned", started_on=date(2026, 4, 1)),
    )
    assert assessment.medications_reviewed is False
    assert assessment.medications_denied == ("benzodiazepine",)
    assert assessment.allergies == (Allergy("penicillin", "rash"),)
    assert assessment.nociplastic == "suspected"
    assert assessment.goals == (
        Goal(
            "Walk to the shop",
            activity="walking",
            baseline_minutes=10.0,
            helps=("activity", "mood"),
            gas={"importance": 3, "levels": {"-2": "not at all", "0": "once a week"}, "attained": -1},
        ),
    )
    assert assessment.matters_most == "Being there for my grandchildren.\nAnd the garden."
    assert assessment.values == ("family",)
    assert assessment.activities == (Activity("walking", (10.0, 4.5), difficulty=3.0),)
    assert assessment.work == "carer"
    assert assessment.care_team == (CareTeamMember("GP", "Dr Bell", "01632 960001"),)
    assert assessment.previous == "case-6"


def test_nobody_asked_is_not_none() -> None:
    assessment = added("")
    assert assessment.medications is None
    assert assessment.allergies is None
    assert assessment.goals is None
    assert assessment.person.pregnant is None


@pytest.mark.parametrize("field", ["medications", "allergies", "goals"])
def test_asked_and_none_is_an_empty_list(field: str) -> None:
    assert getattr(added(f"{field}: []\n"), field) == ()
    assert getattr(added(f"{field}: null\n"), field) is None


def test_an_open_item_stays_open() -> None:
    answers = added("answers: {gad7: [1, null, 1, 1, 1, 1, 0], phq9: {i9: 0, i1: null}}\n").answers
    assert answers == {"gad7": (1, None, 1, 1, 1, 1, 0), "phq9": {"i9": 0, "i1": None}}


def test_a_null_instrument_and_a_null_score_are_not_answered() -> None:
    assessment = added("answers: {gad7: null}\nscores: {pcs: null}\n")
    assert assessment.answers == {}
    assert assessment.scores == {}


def test_a_blank_text_says_nothing() -> None:
    assert added('matters_most: ""\nprevious: " "\n') == added("")


def test_texts_are_composed() -> None:
    assert added('matters_most: "cafe\u0301"\n').matters_most == "café"


def test_items_and_a_score_that_agree_are_read() -> None:
    assert added("answers: {peg: [7, 6, 6]}\nscores: {peg: 6.33}\n").scores == {"peg.mean": 6.33}


def test_a_score_beside_items_that_make_none_is_read() -> None:
    assert added("answers: {isi: [1, null, 1, 1, 1, 1, 1]}\nscores: {isi: 9}\n").scores == {"isi.total": 9}


@pytest.mark.parametrize(("birth_date", "age"), [("2008-03-02", 18), ("1905-03-03", 120), ("2008-02-29", 18)])
def test_the_first_and_the_last_day_of_an_adult(birth_date: str, age: int) -> None:
    assessment = read(BEGINNING.replace("1983-05-04", birth_date))
    assert assessment.person.age(assessment.date) == age


def test_somebody_born_on_29_february_comes_of_age_on_1_march() -> None:
    person = Person(date(2008, 2, 29))
    assert [person.age(date(2026, month, day)) for month, day in ((2, 28), (3, 1))] == [17, 18]


def test_a_clearance_may_be_of_any_day_from_the_assessment_to_the_plan() -> None:
    cleared = "cleared: [{rule: SAF-02, by: Dr Bell, role: GP, on: %s, reason: Seen}]\n"
    days = ["2026-03-02", "2026-03-20"]
    assert [str(added(cleared % day).cleared[0].on) for day in days] == days


def test_every_route_the_formulary_knows_may_be_written() -> None:
    routes = builtin_formulary().routes.values()
    words = [word for route in routes for word in (route.id, *route.words)]
    assert [word for word in words if word not in ROUTES] == []


PLUGIN = """\
group: water
facts:
  pool.visits:
    type: Integer
    range: [0, 31]
    unit: visits
    meaning: Visits to a pool in a month
    intake: measures.pool_visits
  pool.warmth:
    type: Decimal
    range: [20, 40]
    meaning: How warm the water is
    intake: measures.pool.water.warmth
  finding.pool_fear:
    type: Boolean
    meaning: Afraid of water
    listed: findings
  medication.denied_triptan:
    type: Boolean
    meaning: Says no triptan
    intake: medications_denied.triptan
"""


@pytest.fixture(scope="module")
def with_pool(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    file = tmp_path_factory.mktemp("plugin") / "pool.yaml"
    Path(file).write_text(PLUGIN, encoding="utf-8")
    return read_vocabulary([file], known=builtin_vocabulary())


def test_the_facts_of_a_plugin_are_read_where_they_say(with_pool: Vocabulary) -> None:
    lines = (
        "measures: {fatigue: 6, pool_visits: 3, pool: {water: {warmth: 34}}}\n"
        "findings: {present: [pool_fear], reviewed: [water]}\nmedications_denied: [triptan]\n"
    )
    assessment = read(BEGINNING + lines, vocabulary=with_pool)
    assert assessment.measures == {"fatigue": 6.0, "pool_visits": 3, "pool.water.warmth": 34.0}
    assert assessment.findings.present == ("pool_fear",)
    assert assessment.findings.reviewed == ("water",)
    assert assessment.medications_denied == ("triptan",)


def test_the_facts_of_a_plugin_are_typed(with_pool: Vocabulary) -> None:
    content = BEGINNING + "measures: {pool_visits: 3.5, pool: {water: {warmth: 41, depth: 2}}}\n"
    with pytest.raises(IntakeError) as refused:
        read(content, vocabulary=with_pool)
    assert [str(problem) for problem in refused.value.problems] == [
        "case.yaml:5:25: 'pool_visits' should be a whole number from 0 to 31 (visits), not 3.5",
        "case.yaml:5:53: 'pool.water.warmth' should be a number from 20 to 40, not 41",
        "case.yaml:5:57: pool.water has no 'depth'",
    ]


def test_yaml_and_json_make_equal_assessments() -> None:
    plain = {"careplan": "intake/1", "id": "case-001", "date": "2026-03-02", "person": {"birth_date": "1983-05-04"}}
    assert read(json.dumps(plain), name="case.json") == added("")
