"""A review → the JSON that services read (``review/1``), and the clinician's page."""

from __future__ import annotations

import json as encoder
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from careplan.followup import Comparison, Followed, GoalReview, Review, Trend
from careplan.followup.overrides import Reopened
from careplan.followup.visit import Visit
from careplan.instruments.model import Change
from careplan.render.document import Document
from careplan.render.html import rendered_template, whole_style
from careplan.render.json import decision_json, plan_json
from careplan.render.pdf import pdf

if TYPE_CHECKING:
    import jinja2

DECIMALS = 4
"""As finely as changes are written."""


def review_html(review: Review, document: Document, templates: jinja2.Environment) -> bytes:
    """The review as one HTML page for a browser; ``document`` is the clinician's edition of its plan."""
    return _page(review, document, templates, whole_style()).encode()


def review_pdf(review: Review, document: Document, templates: jinja2.Environment) -> bytes:
    """The review as a PDF."""
    return pdf(_page(review, document, templates, ""))


def _page(review: Review, document: Document, templates: jinja2.Environment, style: str) -> str:
    page = Markup(style)  # noqa: S704 - our own style sheet
    return rendered_template("base/review.html", templates, review=review, document=document, style=page)


def review_text(review: Review) -> bytes:
    """The review as JSON text."""
    return (encoder.dumps(review_json(review), indent=2, ensure_ascii=False) + "\n").encode()


def review_json(review: Review) -> dict[str, Any]:
    """The review as JSON values, keys in a fixed order; like the clinician's plan it may hold what is confidential."""
    return {
        "careplan": "review/1",
        "case": review.plan.case,
        "weeks": _rounded(review.weeks),
        "visits": [_visit(each) for each in review.visits],
        "worse": [each.fact for each in review.worse],
        "improved": [each.fact for each in review.improved],
        "trends": [_trend(each) for each in review.trends],
        "goals": [_goal(each) for each in review.goals],
        "recommendations": [_followed(each) for each in review.recommendations],
        "follow_up_rules": [each.rule for each in review.rules],
        "overrides": [_reopened(each) for each in review.overrides],
        "notes": list(review.notes),
        "plan": plan_json(review.plan),
    }


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "case": visit.assessment.id,
        "date": visit.assessment.date.isoformat(),
        "status": visit.plan.status if visit.plan else None,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "fact": trend.fact,
        "title": trend.title,
        "direction": trend.direction,
        "certainty": trend.certainty,
        "taken_from": trend.taken_from,
        "important": [_important(each) for each in trend.important],
        "points": [
            {
                "on": each.on.isoformat(),
                "value": each.value,
                "band": each.band,
                "answered": each.answered,
                "of": each.of,
                "prorated": each.prorated,
            }
            for each in trend.points
        ],
        "since_last": _comparison(trend.since_last),
        "since_first": _comparison(trend.since_first),
    }


def _important(change: Change) -> dict[str, Any]:
    return {
        "difference": change.mcid,
        "kind": change.kind,
        "improvement": change.improvement,
        "source": change.source,
        "certainty": change.certainty,
        "note": change.note,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "from": comparison.old.on.isoformat(),
        "old": comparison.old.value,
        "new": comparison.new.value,
        "change": _rounded(comparison.change),
        "percent": _rounded(comparison.percent),
        "verdict": comparison.verdict,
        "certainty": comparison.certainty,
        "prorated": comparison.prorated,
        "reason": comparison.reason,
        "judged": [
            {
                "difference": each.important.mcid,
                "kind": each.important.kind,
                "gain": _rounded(each.gain),
                "verdict": each.verdict,
            }
            for each in comparison.judged
        ],
    }


def _goal(goal: GoalReview) -> dict[str, Any]:
    minutes = goal.minutes
    return {
        "text": goal.text,
        "standing": goal.standing,
        "reached": goal.reached,
        "attained": goal.attained,
        "attained_before": goal.attained_before,
        "level": goal.level,
        "minutes": {"then": minutes.then, "now": minutes.now, "progress": minutes.progress} if minutes else None,
    }


def _followed(each: Followed) -> dict[str, Any]:
    step = each.step
    return {
        "rule": each.rule,
        "title": each.recommendation.title,
        "modality": each.recommendation.modality,
        "audience": each.recommendation.audience,
        "fate": each.fate,
        "advice": each.advice,
        "text": each.text,
        "since": each.since.isoformat(),
        "place": {"how": each.place.how, "by": list(each.place.by), "missing": list(each.place.missing)},
        "changed": [{"fact": change.fact, "old": change.old, "new": change.new} for change in each.changed],
        "measured": [{"fact": score.fact, "verdict": score.verdict} for score in each.measured],
        "step": {
            "id": step.id,
            "rests_on": step.rests_on,
            "cite": step.cite,
            "grade": step.grade,
            "certainty": step.certainty,
            "uncertain": step.uncertain,
        }
        if step
        else None,
    }


def _reopened(each: Reopened) -> dict[str, Any]:
    override = each.overridden.override
    return {
        "rule": override.rule,
        "title": each.overridden.title,
        **decision_json(override),
        "code": override.code,
        "reason": override.reason,
        "decided_again": each.again.on.isoformat() if each.again else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
