"""Intake files → assessments, and files of facts → facts, checked against the vocabulary and the instruments."""

from careplan.intake.fact_file import FactFile, read_facts
from careplan.intake.native import read_assessment

__all__ = ["FactFile", "read_assessment", "read_facts"]
