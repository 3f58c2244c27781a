"""Findings of proofs that somebody has looked at and accepts, each with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from careplan.errors import Location, Problem, RulesetError
from careplan.fields import Fields
from careplan.located import read
from careplan.rules.checks.finding import Finding


@frozen
class Waiver:
    """What is accepted of a rule: findings of a code, of some other rules or of all, and why.

    One that is ``open`` accepts nothing: the finding is known, stays listed as a warning, and waits for a decision.
    """

    code: str
    rule: str
    reason: str
    location: Location
    other: tuple[str, ...] = ()
    open: bool = False

    def covers(self, code: str, rule: str, other: str) -> bool:
        """Whether a finding is accepted."""
        return (self.code, self.rule) == (code, rule) and (not self.other or other in self.other)


def read_waivers(content: bytes, name: str, codes: Iterable[str]) -> tuple[Waiver, ...]:
    """The waivers in the content of the file ``name``; raises RulesetError with every problem in it."""
    problems: list[Problem] = []
    root = Fields(read(content, name, RulesetError), problems, "a file of waivers")
    waivers = []
    for fields in root.mappings("waivers", "a waiver", required=True):
        waivers.append(
            Waiver(
                code=fields.choice("code", tuple(codes)),
                rule=fields.text("rule", required=True) or "",
                other=fields.words("other"),
                reason=fields.text("reason", required=True) or "",
                open=fields.truth("open"),
                location=fields.node.location,
            )
        )
        fields.close()
    root.close()
    if problems:
        raise RulesetError(sorted(problems, key=lambda each: each.location or Location("")))
    return tuple(waivers)


def unused(waivers: Iterable[Waiver], accepted: Iterable[tuple[str, str, str]]) -> Iterable[Finding]:
    """A finding for every waiver, and every rule named in one, that covers nothing of what was found."""
    covered = list(accepted)
    for waiver in waivers:
        idle = [other for other in waiver.other if (waiver.code, waiver.rule, other) not in covered]
        if not any(waiver.covers(*each) for each in covered):
            message = f"nothing is found any more of {waiver.rule} that this waiver of {waiver.code} accepts; delete it"
            yield Finding(message, waiver.location, "unused_waiver")
        elif idle:
            message = f"this waiver of {waiver.code} for {waiver.rule} names {', '.join(idle)}, where nothing is found"
            yield Finding(f"{message}; take it out", waiver.location, "unused_waiver")
