"""One person over several visits, as a clinic would write the visits down."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve

from careplan.assessment import Assessment
from careplan.followup import Review, Visit
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge
from careplan.service import make_review, make_visits
from tests.whole_base import DATA

UNTIL = date(2027, 12, 31)
FIRST = date(2026, 3, 2)
ISI_7 = {"1a": 1, "1b": 1, "1c": 1, "2": 1, "3": 1, "4": 1, "5": 1}


def alex(knowledge: Knowledge, on: date = FIRST, answers: dict[str, Any] | None = None, **fields: Any) -> Assessment:
    """Alex Sample on a day: PEG 6.33, PHQ-9 11, ISI 17, PSEQ 24 at first; ``answers`` replace some."""
    file = DATA.parents[1] / "examples" / "fibromyalgia.yaml"
    found = read_assessment(
        file.read_bytes(),
        name=file.name,
        on=UNTIL,
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )
    return evolve(found, date=on, answers={**found.answers, **(answers or {})}, **fields)


def reviewed(knowledge: Knowledge, *assessments: Assessment) -> Review:
    return make_review(make_visits(assessments, knowledge), knowledge)


def visit(knowledge: Knowledge, assessment: Assessment) -> Visit:
    return make_visits([assessment], knowledge)[0]
