"""Rulesets: the versioned rules of one modality, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

from attrs import field, frozen

from careplan.cql import Expression
from careplan.errors import Location

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")
"""``{isi.total}`` in a rule's text stands for the value of that fact."""

Priority = Literal["emergency", "safety", "core", "adjunct"]
Kind = Literal["action", "information", "caution", "referral"]
Audience = Literal["both", "clinician", "confidential"]
Certainty = Literal["as_cited", "unverified"]


@frozen
class Citation:
    """A source a rule rests on, with the strength given to it there."""

    id: str
    cite: str
    grade: str


@frozen
class Part:
    """A sentence of a recommendation with tags or a condition of its own."""

    text: str
    edition: Literal["both", "patient", "clinician"] = "both"
    tags: tuple[str, ...] = ()
    when: Expression | None = None


@frozen
class Effects:
    """What a fired rule does to the plan and to other recommendations.

    ``review`` is ``"plan"``, or the modalities whose sections wait for a clinician.
    """

    withhold: bool = False
    review: Literal["plan"] | tuple[str, ...] | None = None
    blocks: tuple[str, ...] = ()
    adapts: Mapping[str, str] = field(factory=dict)
    keeps: tuple[str, ...] = ()


@frozen
class Rule:
    """A condition and what follows from it; the id is for ever."""

    id: str
    title: str
    when: Expression
    priority: Priority
    kind: Kind
    because: str
    evidence: tuple[Citation, ...]
    audience: Audience = "both"
    patient: str | None = None
    clinician: str | None = None
    parts: tuple[Part, ...] = ()
    tags: tuple[str, ...] = ()
    requires_known: tuple[str, ...] = ()
    effects: Effects = Effects()
    helps: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    certainty: Certainty = "as_cited"
    uncertain: str | None = None
    notes: str | None = None
    derive: str | None = None
    location: Location | None = None


@frozen
class Contradiction:
    """A detector of answers that do not fit together, and the recommendations it holds until they do."""

    id: str
    title: str
    when: Expression
    safe_reading: str
    resolution: str
    affects: tuple[str, ...] = ()
    holds_tags: tuple[str, ...] = ()
    holds_rules: tuple[str, ...] = ()
    location: Location | None = None

    @property
    def fact(self) -> str:
        """The fact that is true while this contradiction stands."""
        return f"contradiction.{self.id.lower()}"


@frozen
class Tag:
    """A label that recommendations carry and safety rules block.

    A ``caution_only`` tag is carried by no recommendation: blocking it prints ``clinician_caution``.
    """

    id: str
    meaning: str
    caution_only: bool = False
    clinician_caution: str | None = None
    location: Location | None = field(default=None, eq=False)


@frozen
class Ruleset:
    """One version of one modality's rules; ``digest`` is over the parsed content, so layout does not count."""

    id: str
    version: str
    effective: date
    title: str
    rules: tuple[Rule, ...]
    contradictions: tuple[Contradiction, ...] = ()
    digest: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """``sleep@2026.1``."""
        return f"{self.id}@{self.version}"
