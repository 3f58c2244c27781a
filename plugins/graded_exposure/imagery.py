"""One painful limb (GMI-01 to GMI-04): the stages of graded motor imagery, with the mirror and without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careplan.hookspecs import Situation

PICTURES = {"minutes": 10, "times_a_day": [3, 5], "weeks": 2}
"""The dose of the first stage (GMI-01); the rules give none for the others."""
WEEKS = 6
"""Weeks of the whole programme at least (GMI-01)."""
PAIN_RISE = 2
"""A rise of pain above this, of 10, for over a day sends one stage back (GMI-01)."""
TOUCH = ("GMI-02", "GMI-03")
"""Rules whose training goes along with the stages, once the first has begun."""


def imagery_stages(situation: Situation) -> Mapping[str, Any]:
    """The three stages, what each waits for, and the dose of the first; inside energy limits no dose is given."""
    mirror = "GMI-04" not in situation.released and situation.facts.get("finding.mirror_distress") is not True
    dose = None if situation.within_energy else PICTURES
    return _programme(situation, mirror=mirror, dose=dose, imagining_waits="pictures") | {
        "weeks": WEEKS,
        "pain_rise": PAIN_RISE,
    }


def stages_without_mirror(situation: Situation) -> Mapping[str, Any]:
    """The stages while the mirror is left out: back to the pictures; the rest waits for a new order."""
    return _programme(situation, mirror=False, dose=None, imagining_waits="new_order")


def _programme(
    situation: Situation, *, mirror: bool, dose: Mapping[str, Any] | None, imagining_waits: str
) -> dict[str, Any]:
    return {
        "stages": [
            {"stage": "pictures", "dose": dose, "waits_for": None, "left_out": False},
            {"stage": "imagining", "dose": None, "waits_for": imagining_waits, "left_out": False},
            {"stage": "mirror", "dose": None, "waits_for": "imagining" if mirror else None, "left_out": not mirror},
        ],
        "weeks": None,
        "pain_rise": None,
        "shorter": situation.within_energy,
        "alongside": [each for each in TOUCH if each in situation.released],
        "no_flashing": situation.facts.get("dx.epilepsy") is True,
        "because": situation.known(
            "dx.crps",
            "finding.limb_pain",
            "finding.phantom_limb",
            "finding.limb_neglect",
            "finding.mirror_distress",
        ),
    }
