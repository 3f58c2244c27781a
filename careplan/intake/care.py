"""Who cares for the person, and which emergency findings a clinician has dealt with."""

from __future__ import annotations

from datetime import date

from careplan.assessment import CareTeamMember, Clearance
from careplan.fields import Fields
from careplan.intake.typed import line, prose


def read_care_team(top: Fields) -> tuple[CareTeamMember, ...]:
    """The people who care for the person, in their order."""
    team = []
    for fields in top.mappings("care_team", "a member of the care team"):
        team.append(
            CareTeamMember(line(fields, "role", required=True) or "", line(fields, "name"), line(fields, "phone"))
        )
        fields.close()
    return tuple(team)


def read_cleared(top: Fields, assessed: date | None, on: date) -> tuple[Clearance, ...]:
    """The clearances; each needs every field and a day from the assessment to the day of the plan."""
    found: dict[str, Clearance] = {}
    for fields in top.mappings("cleared", "a clearance"):
        clearance = Clearance(
            rule=line(fields, "rule", required=True) or "",
            by=line(fields, "by", required=True) or "",
            role=line(fields, "role", required=True) or "",
            on=fields.day("on") or date.min,
            reason=prose(fields, "reason", required=True) or "",
        )
        fields.close()
        _refuse_other_days(fields, clearance.on, assessed, on)
        if clearance.rule in found:
            fields.report(f"{clearance.rule} is cleared twice; give one clearance", fields.place("rule"), "duplicate")
        found.setdefault(clearance.rule, clearance)
    return tuple(found.values())


def _refuse_other_days(fields: Fields, cleared: date, assessed: date | None, on: date) -> None:
    if cleared == date.min:
        return
    if assessed is not None and cleared < assessed:
        message = f"cleared on {cleared}, before the assessment on {assessed}: it cannot have seen this finding"
        fields.report(message, fields.place("on"), "date")
    if cleared > on:
        fields.report(f"cleared on {cleared}, after the day of the plan, {on}", fields.place("on"), "date")
