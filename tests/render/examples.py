"""The documents of the people in ``examples/``."""

from __future__ import annotations

import logging.handlers
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from careplan.assessment import Assessment
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge
from careplan.plan.editions import Edition
from careplan.plan.model import SignOff
from careplan.render.document import Document
from careplan.render.formats import attached
from careplan.render.html import bare_html
from careplan.render.look import USUAL, Look
from careplan.render.pdf import laid_out, written
from careplan.service import Request, make_document, make_plan, make_visits
from careplan.testing import knowledge

EXAMPLES = Path(__file__).parents[2] / "examples"
SIGNED = SignOff("Ada Bell", "pain nurse")
READ_ON = date(2026, 12, 31)
VISITS = ("follow-up/march", "follow-up/april", "follow-up/june")


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


EVERY = (("fibromyalgia",), ("shift-worker",), ("minimal",), ("emergency",), VISITS)
"""Everybody in ``examples/``, with all their visits."""


@frozen
class Printed:
    """One edition of one person: the document, its pages as they are laid out, the file, what WeasyPrint warned of."""

    document: Document
    pages: Any
    file: bytes
    warnings: tuple[str, ...]


@cache
def printed(visits: tuple[str, ...], edition: Edition) -> Printed:
    """One edition of the plan of the last visit, laid out and written once for all tests of a process."""
    known = knowledge()
    people = [example(name, known) for name in visits]
    earlier = make_visits(people[:-1], known) if people[1:] else ()
    plan, facts = make_plan(people[-1], known, Request(sign_off=SIGNED), earlier[-1] if earlier else None)
    document = make_document(plan, people[-1], facts, known, edition, earlier)
    text = bare_html(document, known.templates)
    warned = logging.handlers.BufferingHandler(10_000)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warned)
    try:
        pages = laid_out(text)
        file = written(pages, text, attached(document))
    finally:
        logger.removeHandler(warned)
    return Printed(document, pages, file, tuple(each.getMessage() for each in warned.buffer))
