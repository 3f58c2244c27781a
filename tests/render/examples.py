"""The documents of the people in ``examples/``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from careplan.assessment import Assessment
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge
from careplan.plan.editions import Edition
from careplan.plan.model import SignOff
from careplan.render.document import Document
from careplan.render.look import USUAL, Look
from careplan.service import Request, make_document, make_plan

EXAMPLES = Path(__file__).parents[2] / "examples"
SIGNED = SignOff("Ada Bell", "pain nurse")
READ_ON = date(2026, 12, 31)


def example(name: str, knowledge: Knowledge) -> Assessment:
    """The person of ``examples/<name>.yaml``."""
    return read_assessment(
        (EXAMPLES / f"{name}.yaml").read_bytes(),
        name=name,
        on=READ_ON,
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )


def signed_document(person: Assessment, edition: Edition, knowledge: Knowledge, look: Look = USUAL) -> Document:
    """One edition of a person's plan that somebody has signed."""
    plan, facts = make_plan(person, knowledge, Request(sign_off=SIGNED))
    return make_document(plan, person, facts, knowledge, edition, look=look)
