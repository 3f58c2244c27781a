"""From an assessment, or from facts alone, to all that is known of a person."""

from __future__ import annotations

from careplan.facts.check import check_roads
from careplan.facts.completed import complete_facts
from careplan.facts.derive import derive_facts
from careplan.facts.model import Facts

__all__ = ["Facts", "check_roads", "complete_facts", "derive_facts"]
