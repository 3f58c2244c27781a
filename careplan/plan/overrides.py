"""A decision and what a clinician decided otherwise → the resolution with both, and what became of each override."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from careplan.assessment import Clearance, Override
from careplan.cql import expression
from careplan.errors import IntakeError, Location, Problem, nearest
from careplan.plan.resolve import Judged, Resolution, Standing, resolve
from careplan.rules.decision import Decision
from careplan.rules.ruleset import Rule
from careplan.vocabulary.override_reasons import override_reasons

NO_SOURCE = "in the clinician's own words; no rule and no source stands behind it"


@frozen
class Circumstances:
    """What overrides are judged by: the days of plan and assessment, whether the plan is signed, the modalities."""

    on: date
    assessed: date
    signed: bool
    modalities: Collection[str]


def resolve_overridden(
    decision: Decision,
    cleared: Iterable[Clearance],
    always_kept: Iterable[str],
    overrides: Iterable[Override],
    about: Circumstances,
) -> Resolution:
    """The resolution of a decision with a clinician's overrides in it; the plain one where there are none.

    What protects the person yields to a signature alone: a safety rule, a rule that blocks, an answer that must be
    known. Such an override also holds for the assessment it was made for and no later one, and not in a withheld plan,
    which nothing signs. A rule that is declined keeps its effects on others: declining releases nothing.

    Raises IntakeError with every override that cannot be: of a rule that is not there, of an emergency rule, dated
    after the plan, given twice for one day, or against what protects the person without a signature.
    """
    given, cleared, always_kept = tuple(overrides), tuple(cleared), tuple(always_kept)
    if not given:
        return resolve(decision, cleared, always_kept)
    _raise(_impossible(given, decision, about))
    withheld = resolve(decision, cleared, always_kept).status == "withheld"
    return _Judge(decision, cleared, always_kept, given, about, withheld).resolution()


def own_rule(override: Override) -> Rule:
    """A recommendation in the clinician's own words, as a rule that always applies."""
    return Rule(
        id=override.rule,
        title=override.title or "",
        when=expression("true", {}),
        priority="core",
        kind=override.kind,
        because="",
        evidence=(),
        audience="both" if override.patient else "clinician",
        patient=override.patient,
        clinician=override.clinician,
        tags=override.tags,
        helps=override.helps,
        certainty="unverified",
        uncertain=NO_SOURCE,
    )


@frozen
class _Judge:
    decision: Decision
    cleared: Sequence[Clearance]
    always_kept: Sequence[str]
    given: Sequence[Override]
    about: Circumstances
    withheld: bool

    def resolution(self) -> Resolution:
        ended = {each: self.ended(each) for each in self.given if each.until < self.about.on}
        holding = [each for each in self.given if each not in ended]
        resolution, added = self.additions([each for each in holding if each.do == "add"])
        standing = {each.rule.id: each for each in resolution.standing}
        touched = {each: self.touched(each, standing, resolution) for each in holding if each.do != "add"}
        verdicts = {**ended, **added, **touched}
        applied = {each.rule: each for each, verdict in verdicts.items() if verdict.outcome == "applied"}
        _raise(self.unsigned([standing[rule] for rule in applied], applied))
        marked = [evolve(each, override=applied.get(each.rule.id)) for each in resolution.standing]
        declined = {rule for rule, each in applied.items() if each.do == "decline"}
        return evolve(
            resolution,
            standing=tuple(each for each in marked if each.rule.id not in declined),
            declined=tuple(each for each in marked if each.rule.id in declined),
            overrides=tuple(verdicts[each] for each in self.given),
        )

    def adding(self, added: Iterable[Override]) -> Resolution:
        rules = self.decision.base.rules
        own_or_loaded = (rules[each.rule] if each.modality is None else own_rule(each) for each in added)
        return resolve(self.decision, self.cleared, self.always_kept, own_or_loaded)

    def ended(self, override: Override) -> Judged:
        """The verdict on an override whose last day is over."""
        later = [each for each in self.given if each.rule == override.rule and each.on > override.on]
        if later:
            return Judged(override, "replaced", f"decided again on {min(each.on for each in later)}")
        return Judged(override, "returns", f"its last day was {override.until}")

    def additions(self, asked: Sequence[Override]) -> tuple[Resolution, dict[Override, Judged]]:
        """The resolution with what is added, and the verdicts; what one addition takes out, another may have added."""
        verdicts: dict[Override, Judged] = {}
        while True:
            added = [each for each in asked if each not in verdicts]
            resolution = self.adding(added)
            standing = {each.rule.id: each for each in resolution.standing}
            found = {each: self.not_added(each, added, standing[each.rule]) for each in added}
            refused = {each: verdict for each, verdict in found.items() if verdict is not None}
            if not refused:
                return resolution, verdicts | {each: Judged(each, "applied") for each in added}
            verdicts |= refused

    def not_added(self, override: Override, added: Sequence[Override], standing: Standing) -> Judged | None:
        """The verdict on an addition that changes nothing, or that comes back for decision."""
        if self.decision.outcomes.get(override.rule) is True:
            without = self.adding(each for each in added if each is not override)
            if any(each.rule.id == override.rule for each in without.standing):
                return Judged(override, "idle", "the recommendation stands without it")
        return self.returning(override, standing)

    def touched(self, override: Override, standing: Mapping[str, Standing], resolution: Resolution) -> Judged:
        """The verdict on an override that declines or changes what stands."""
        found = standing.get(override.rule)
        if found is None:
            return Judged(override, "idle", self.absence(override.rule, resolution))
        return self.returning(override, found) or Judged(override, "applied")

    def absence(self, rule: str, resolution: Resolution) -> str:
        """Why a rule's recommendation does not stand."""
        for held in resolution.held:
            if held.rule.id == rule:
                return f"the recommendation is held: ask first ({', '.join(held.missing)})"
        for removed in resolution.removed:
            if removed.rule.id == rule:
                return f"the recommendation is taken out already, by {', '.join(removed.by)}"
        unknown = self.decision.outcomes[rule] is None
        return "the rule cannot be decided" if unknown else "the rule does not apply"

    def returning(self, override: Override, standing: Standing) -> Judged | None:
        """The verdict on an override against what protects the person, where no signature can stand for it."""
        protection = _protection(standing)
        if protection and override.on < self.about.assessed:
            why = f"decided on {override.on}, before the assessment of {self.about.assessed}: {protection}"
            return Judged(override, "returns", why)
        if protection and self.withheld:
            return Judged(override, "returns", f"nothing signs a withheld plan: {protection}")
        return None

    def unsigned(self, touched: Iterable[Standing], applied: Mapping[str, Override]) -> Iterator[Problem]:
        """A problem for every override that needs a signature, while there is none."""
        for each in touched:
            protection = _protection(each)
            if protection and not self.about.signed:
                doing = {"decline": "declining", "change": "changing", "add": "adding"}[applied[each.rule.id].do]
                message = f'{protection}; {doing} it needs a signature: --sign-off "NAME, ROLE"'
                yield Problem(message, applied[each.rule.id].location, "sign_off")


def _protection(standing: Standing) -> str:
    """What protects the person from an override of this recommendation, in words; empty if nothing does."""
    found = ["is a safety rule"] if standing.rule.priority == "safety" else []
    found += [f"stands against {', '.join(standing.against)}"] if standing.against else []
    return f"{standing.rule.id} {' and '.join(found)}" if found else ""


def _raise(problems: Iterable[Problem]) -> None:
    found = sorted(problems, key=lambda each: each.location or Location(""))
    if found:
        raise IntakeError(found)


def _impossible(given: Sequence[Override], decision: Decision, about: Circumstances) -> Iterator[Problem]:
    """A problem for everything in the overrides that no plan can follow."""
    for number, each in enumerate(given):
        for message in _misfits(each, decision, about):
            yield Problem(message, each.location, "override")
        for other in given[:number]:
            if other.rule == each.rule and other.on <= each.until and each.on <= other.until:
                message = f"{each.rule} is overridden twice: from {other.on} to {other.until} as well"
                yield Problem(f"{message}; end one before the other begins", each.location, "duplicate")


def _misfits(override: Override, decision: Decision, about: Circumstances) -> Iterator[str]:
    if override.on > about.on:
        message = f"{override.rule} is overridden on {override.on}, after the day of the plan ({about.on})"
        yield f"{message}; make the plan for that day, with --on {override.on}"
    if override.code not in override_reasons():
        yield f"there is no reason {override.code!r}{nearest(override.code, override_reasons())}"
    rule = decision.base.rules.get(override.rule)
    if override.modality is not None:
        yield from _misfits_of_own(override, override.modality, decision, about)
    elif rule is None:
        yield f"there is no rule {override.rule!r}{nearest(override.rule, decision.base.rules)}"
    elif rule.priority == "emergency" or rule.effects.withhold:
        yield f"{rule.id} withholds plans, and nothing overrides that; a finding that was dealt with is 'cleared'"
    elif override.patient is not None and rule.audience != "both":
        yield f"{rule.id} is not for the patient's edition, so no text for the patient fits it"


def _misfits_of_own(override: Override, modality: str, decision: Decision, about: Circumstances) -> Iterator[str]:
    if override.rule in decision.base.rules:
        yield f"{override.rule} is a rule already; give a recommendation of your own another id"
    if modality not in about.modalities:
        yield f"there is no modality {modality!r}{nearest(modality, about.modalities)}"
    for tag in override.tags:
        if tag not in decision.base.tags:
            yield f"there is no tag {tag!r}{nearest(tag, decision.base.tags)}"
