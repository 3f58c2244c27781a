"""The plan: recommendations resolved and ordered, with every reason kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from attrs import field, frozen

from careplan.assessment import Clearance, Override
from careplan.rules.ruleset import Audience, Certainty, Citation, Contradiction, Kind, Priority

Status = Literal["withheld", "review_first", "ready_for_sign_off", "signed"]
"""``signed`` replaces the two middle ones once a clinician has signed; nothing signs a withheld plan."""
OverrideOutcome = Literal["applied", "returns", "replaced", "idle"]
"""An override is applied; it comes back for decision; it was decided again since; or it had nothing to do."""


@frozen
class Adaptation:
    """A text that a fired rule prints beside every recommendation carrying ``tag``."""

    rule: str
    tag: str
    text: str


@frozen
class PartText:
    """A part of a recommendation that is printed."""

    number: int
    text: str
    edition: Literal["both", "patient", "clinician"]


@frozen
class PartLeftOut:
    """A part that is not printed: ``reason`` is ``blocked by RULE``, ``held by contradiction.cN``, ``not true``
    or ``unknown`` (then ``missing`` names the facts to ask)."""

    number: int
    text: str
    reason: str
    missing: tuple[str, ...] = ()


@frozen
class Detail:
    """Something computed from the person's own answers; ``values`` are JSON values that ``template`` shows.

    What is ``apart`` has a page of its own behind all sections.
    """

    id: str
    template: str
    values: Mapping[str, Any]
    edition: Literal["both", "patient", "clinician"] = "both"
    apart: bool = False


@frozen
class Recommendation:
    """What a true rule contributes, texts already filled in with the person's own numbers.

    ``override`` is a clinician's decision that changed or added it; one in the clinician's own words has no ruleset.
    """

    rule: str
    ruleset: str | None
    modality: str
    title: str
    priority: Priority
    kind: Kind
    audience: Audience
    patient: str | None
    clinician: str | None
    because: str
    evidence: tuple[Citation, ...]
    certainty: Certainty
    uncertain: str | None = None
    tags: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    condition: str = ""
    triggered_by: Mapping[str, Any] = field(factory=dict)
    adapted_by: tuple[Adaptation, ...] = ()
    parts: tuple[PartText, ...] = ()
    parts_left_out: tuple[PartLeftOut, ...] = ()
    phase: int | None = None
    cleared: Clearance | None = None
    details: tuple[Detail, ...] = ()
    override: Overridden | None = None


@frozen
class Overridden:
    """What became of a clinician's decision, and ``why`` where it is not applied.

    ``original`` is the recommendation that was declined, or as it was before its texts were changed. ``against`` are
    the rules that block what was added all the same, and the facts or contradictions that would hold it. An added one
    is ``checked`` against what rules block unless it is in the clinician's own words and carries no tag.
    """

    override: Override
    meaning: str
    outcome: OverrideOutcome
    title: str
    modality: str
    audience: Audience
    why: str = ""
    against: tuple[str, ...] = ()
    checked: bool = True
    original: Recommendation | None = None


@frozen
class AskFirst:
    """A recommendation held back; ``missing`` are facts or ``contradiction.cN``, ``questions`` the answers that
    would release it (base facts a person can give)."""

    recommendation: Recommendation
    missing: tuple[str, ...]
    questions: tuple[str, ...] = ()


@frozen
class Blocked:
    """A recommendation taken out by other fired rules: for the ``tags`` they block, none where a small plan cuts it."""

    recommendation: Recommendation
    by: tuple[str, ...]
    reason: str
    tags: tuple[str, ...] = ()


@frozen
class Undecided:
    """A rule whose condition is unknown, and the answers that could decide it."""

    rule: str
    title: str
    modality: str
    priority: Priority
    audience: Audience
    missing: tuple[str, ...]


@frozen
class MissingAnswer:
    """One unanswered question and the rules that wait for it, safety first."""

    fact: str
    meaning: str
    rules: tuple[str, ...]


@frozen
class StandingContradiction:
    """A contradiction found, with what it holds."""

    contradiction: Contradiction
    triggered_by: Mapping[str, Any]


@frozen
class Caution:
    """A clinician's caution from a blocked ``caution_only`` tag."""

    tag: str
    text: str
    by: tuple[str, ...]


@frozen
class Section:
    """One part of the plan's document: a plugin's heading and template with the recommendations it shows."""

    id: str
    modality: str
    heading: str
    template: str
    recommendations: tuple[Recommendation, ...]
    waits_for_review: bool = False
    details: tuple[Detail, ...] = ()


@frozen
class RulesetUse:
    """The ruleset version that answered."""

    id: str
    version: str
    digest: str
    effective: date
    title: str


@frozen
class Failure:
    """A plugin that could not do its part."""

    plugin: str
    stage: str
    message: str


@frozen
class SignOff:
    """The clinician who signs the plan."""

    name: str
    role: str


@frozen
class Earlier:
    """The earlier assessment a plan follows: its id, and its day where it could be read (else None).

    ``planned`` says that a plan was made then and given, so that its actions are not new.
    """

    case: str
    on: date | None = None
    planned: bool = False


@frozen
class Plan:
    """Everything one assessment leads to on one day, and why."""

    case: str
    on: date
    status: Status
    minimal: bool
    emergency: tuple[Recommendation, ...]
    safety: tuple[Recommendation, ...]
    recommendations: tuple[Recommendation, ...]
    ask_first: tuple[AskFirst, ...]
    blocked: tuple[Blocked, ...]
    undecided: tuple[Undecided, ...]
    missing_answers: tuple[MissingAnswer, ...]
    contradictions: tuple[StandingContradiction, ...]
    cautions: tuple[Caution, ...]
    review_modalities: tuple[str, ...]
    phases: tuple[tuple[str, ...], ...]
    assumed_no: tuple[str, ...]
    facts: Mapping[str, Any]
    sections: tuple[Section, ...]
    rulesets: tuple[RulesetUse, ...]
    plugins: Mapping[str, str]
    engine: Mapping[str, str]
    failures: tuple[Failure, ...] = ()
    signed_by: SignOff | None = None
    not_fired: tuple[str, ...] = ()
    overrides: tuple[Overridden, ...] = ()
    previous: Earlier | None = None
