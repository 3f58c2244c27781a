"""A plan → the JSON that services read: the contract ``plan/1``."""

from __future__ import annotations

from typing import Any

from careplan.assessment import Clearance, Override
from careplan.plan.model import Detail, Earlier, Overridden, Plan, Recommendation


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values, keys in a fixed order; pass what ``for_edition`` gives for the edition it is for."""
    return {
        "careplan": "plan/1",
        "case": plan.case,
        "on": plan.on.isoformat(),
        "status": plan.status,
        "minimal": plan.minimal,
        "previous": _earlier(plan.previous),
        "signed_by": {"name": plan.signed_by.name, "role": plan.signed_by.role} if plan.signed_by else None,
        "emergency": [_recommendation(each) | {"cleared": _clearance(each.cleared)} for each in plan.emergency],
        "safety": [_recommendation(each) for each in plan.safety],
        "recommendations": [_recommendation(each) for each in plan.recommendations],
        "ask_first": [
            {
                "rule": each.recommendation.rule,
                "title": each.recommendation.title,
                "missing": list(each.missing),
                "questions": list(each.questions),
            }
            for each in plan.ask_first
        ],
        "blocked": [
            {
                "rule": each.recommendation.rule,
                "title": each.recommendation.title,
                "by": list(each.by),
                "reason": each.reason,
            }
            for each in plan.blocked
        ],
        "adapted": [
            {"rule": each.rule, "by": list(dict.fromkeys(adaptation.rule for adaptation in each.adapted_by))}
            for each in (*plan.emergency, *plan.safety, *plan.recommendations)
            if each.adapted_by
        ],
        "unknown": [
            {"rule": each.rule, "title": each.title, "priority": each.priority, "missing": list(each.missing)}
            for each in plan.undecided
        ],
        "missing_answers": [
            {"fact": each.fact, "meaning": each.meaning, "rules": list(each.rules)} for each in plan.missing_answers
        ],
        "review_modalities": list(plan.review_modalities),
        "contradictions": [each.contradiction.id for each in plan.contradictions],
        "contradictions_found": [
            {
                "id": each.contradiction.id,
                "title": each.contradiction.title,
                "safe_reading": each.contradiction.safe_reading,
                "resolution": each.contradiction.resolution,
                "triggered_by": dict(each.triggered_by),
            }
            for each in plan.contradictions
        ],
        "cautions": [{"tag": each.tag, "text": each.text, "by": list(each.by)} for each in plan.cautions],
        "assumed_no": list(plan.assumed_no),
        "phases": [list(phase) for phase in plan.phases],
        "sections": [
            {
                "id": each.id,
                "modality": each.modality,
                "heading": each.heading,
                "rules": [recommendation.rule for recommendation in each.recommendations],
                "waits_for_review": each.waits_for_review,
                "details": [_detail(detail) for detail in each.details],
            }
            for each in plan.sections
        ],
        "overrides": [_overridden(each) for each in plan.overrides],
        "not_fired": list(plan.not_fired),
        "facts": dict(sorted(plan.facts.items())),
        "rulesets": {
            each.id: {"version": each.version, "digest": each.digest, "effective": each.effective.isoformat()}
            for each in plan.rulesets
        },
        "plugins": dict(sorted(plan.plugins.items())),
        "engine": dict(plan.engine),
        "failures": [{"plugin": each.plugin, "stage": each.stage, "message": each.message} for each in plan.failures],
    }


def decision_json(override: Override) -> dict[str, Any]:
    """What a clinician decided, who, and from when to when."""
    return {
        "do": override.do,
        "by": override.by,
        "role": override.role,
        "on": override.on.isoformat(),
        "until": override.until.isoformat(),
    }


def _recommendation(each: Recommendation) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "ruleset": each.ruleset,
        "modality": each.modality,
        "title": each.title,
        "priority": each.priority,
        "kind": each.kind,
        "audience": each.audience,
        "phase": each.phase,
        "patient": each.patient,
        "clinician": each.clinician,
        "because": each.because,
        "evidence": [{"id": source.id, "cite": source.cite, "grade": source.grade} for source in each.evidence],
        "certainty": each.certainty,
        "uncertain": each.uncertain,
        "tags": list(each.tags),
        "helps": list(each.helps),
        "triggered_by": dict(each.triggered_by),
        "adapted_by": [
            {"rule": adaptation.rule, "tag": adaptation.tag, "text": adaptation.text} for adaptation in each.adapted_by
        ],
        "parts": [{"part": part.number, "text": part.text, "edition": part.edition} for part in each.parts],
        "details": [_detail(detail) for detail in each.details],
        "parts_left_out": [
            {"part": part.number, "text": part.text, "left_out": part.reason, "missing": list(part.missing)}
            for part in each.parts_left_out
        ],
        "override": _decision(each.override) | _texts(each.override.original) if each.override else None,
    }


def _overridden(each: Overridden) -> dict[str, Any]:
    """One override: the decision, what became of it, and the recommendation it declined or changed."""
    return {
        "rule": each.override.rule,
        "title": each.title,
        "modality": each.modality,
        **_decision(each),
        "outcome": each.outcome,
        "why": each.why,
        "checked": each.checked,
        "original": _recommendation(each.original) if each.original else None,
    }


def _decision(each: Overridden) -> dict[str, Any]:
    override = each.override
    return {
        **decision_json(override),
        "reason": {"code": override.code, "meaning": each.meaning, "text": override.reason},
        "against": list(each.against),
    }


def _texts(original: Recommendation | None) -> dict[str, Any]:
    """What a recommendation said before a clinician changed its texts; null where nobody did."""
    texts = ("title", "patient", "clinician")
    return {"original": {key: getattr(original, key) for key in texts} if original else None}


def _detail(each: Detail) -> dict[str, Any]:
    return {"id": each.id, "edition": each.edition, **each.values}


def _earlier(previous: Earlier | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    return {"case": previous.case, "on": previous.on.isoformat() if previous.on else None, "read": bool(previous.on)}


def _clearance(cleared: Clearance | None) -> dict[str, Any] | None:
    if cleared is None:
        return None
    return {"by": cleared.by, "role": cleared.role, "on": cleared.on.isoformat(), "reason": cleared.reason}
