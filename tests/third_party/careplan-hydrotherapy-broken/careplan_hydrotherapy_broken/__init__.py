"""Needs a library that its metadata does not name: what happens to authors who test on their own machine only."""

import pool_thermometer  # type: ignore[import-not-found]

from careplan.hookspecs import Modality, hookimpl


@hookimpl
def careplan_modality() -> list[Modality]:
    title = f"Hydrotherapy at {pool_thermometer.celsius()} degrees"
    return [Modality("hydrotherapy_broken", title, "To break.", 900, "Nobody")]
