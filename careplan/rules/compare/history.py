"""What became of a rule from version to version of its ruleset."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from careplan.rules.compare.diff import ruleset_change
from careplan.rules.ruleset import Ruleset


@frozen
class Step:
    """A version in which a rule is new, taken out, or other than in the version before; ``changed`` says in what."""

    ruleset: Ruleset
    changed: tuple[str, ...]


def history(name: str, versions: Iterable[Ruleset]) -> tuple[Step, ...]:
    """The versions in which a rule or contradiction detector came, changed or went, the earliest first."""
    ordered = sorted(versions, key=lambda each: (each.effective, each.version))
    found = []
    for before, now in zip([None, *ordered], ordered, strict=False):
        for rule in ruleset_change(before, now).rules:
            if rule.id == name:
                fields = dict.fromkeys(each.field for each in rule.fields)
                what = {"added": ("new",), "removed": ("taken out",), "changed": tuple(fields)}
                found.append(Step(now, what[rule.change]))
    return tuple(found)
