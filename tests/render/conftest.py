"""What the tests of whole documents stand on."""

from __future__ import annotations

import pytest

from careplan.plan.editions import Edition
from tests.render.examples import EVERY, Printed, printed

EDITIONS: tuple[Edition, ...] = ("patient", "clinician")


@pytest.fixture(
    params=[pytest.param((visits, edition), id=f"{visits[-1]}, {edition}") for visits in EVERY for edition in EDITIONS]
)
def paper(request: pytest.FixtureRequest) -> Printed:
    """One edition of somebody of the examples, printed."""
    return printed(*request.param)
