"""What became of a rule from version to version of its ruleset."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from attrs import frozen

from careplan.rules.ruleset import Contradiction, Rule, Ruleset


@frozen
class Step:
    """A version in which a rule is new, or other than in the version before; ``changed`` names its keys."""

    ruleset: Ruleset
    changed: tuple[str, ...] = ()


def history(name: str, versions: Iterable[Ruleset]) -> tuple[Step, ...]:
    """The versions in which a rule or contradiction detector came or changed, the earliest first."""
    found: list[Step] = []
    before: Rule | Contradiction | None = None
    for ruleset in sorted(versions, key=lambda each: (each.effective, each.version)):
        rules: tuple[Rule | Contradiction, ...] = (*ruleset.rules, *ruleset.contradictions)
        now = next((each for each in rules if each.id == name), None)
        if now is not None and before is None:
            found.append(Step(ruleset))
        elif now is not None and before is not None and (changed := _changed(before, now)):
            found.append(Step(ruleset, changed))
        elif now is None and before is not None:
            found.append(Step(ruleset, ("taken out",)))
        before = now
    return tuple(found)


def _changed(before: Rule | Contradiction, now: Rule | Contradiction) -> tuple[str, ...]:
    """The keys whose value is another; where it stands in the file is nothing of a rule."""
    names = [each.name for each in attrs.fields(type(now)) if each.name != "location"]
    return tuple(name for name in names if getattr(before, name, None) != getattr(now, name))
