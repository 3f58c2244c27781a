"""Intake files → assessments, and files of facts → facts, checked against the vocabulary and the instruments."""

from careplan.intake.fact_file import FactFile, read_facts
from careplan.intake.native import read_assessment
from careplan.intake.overrides import OverrideFile, read_override_file, with_overrides

__all__ = ["FactFile", "OverrideFile", "read_assessment", "read_facts", "read_override_file", "with_overrides"]
