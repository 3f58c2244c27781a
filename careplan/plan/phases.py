"""The order of new actions: at most three a phase of two weeks, what matters most to the person first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from careplan.rules.ruleset import Rule

ACTIONS_PER_PHASE = 3
WEEKS_PER_PHASE = 2


def is_new_action(rule: Rule, earlier: Collection[str] = ()) -> bool:
    """Whether a released rule counts as a new action: core or adjunct, for both editions, not in ``earlier``."""
    return (
        rule.kind == "action"
        and rule.priority in ("core", "adjunct")
        and rule.audience == "both"
        and rule.id not in earlier
    )


def phases(
    actions: Iterable[Rule], goals: Collection[str], action_order: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    """Rule ids in phases.

    Core before adjunct; then what helps a stated goal (``goals``: what the goals need help with); then the
    modality's own order (``action_order`` by rule id); then the rule id. A rule waits for those named in its
    ``after`` that are actions themselves.
    """
    waiting = sorted(
        actions,
        key=lambda rule: (rule.priority != "core", not set(rule.helps) & set(goals), action_order[rule.id], rule.id),
    )
    ids = {rule.id for rule in waiting}
    row: list[str] = []
    while waiting:
        ready = (rule for rule in waiting if not (set(rule.after) & ids) - set(row))
        # A ring of ``after`` is refused when rulesets are read, so somebody is always ready.
        chosen = next(ready)
        waiting.remove(chosen)
        row.append(chosen.id)
    return tuple(tuple(row[start : start + ACTIONS_PER_PHASE]) for start in range(0, len(row), ACTIONS_PER_PHASE))
