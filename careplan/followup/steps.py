"""What to do with a recommendation at a review: steps as data, and the one that fits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, get_args

from attrs import frozen

from careplan.errors import Problem, RulesetError, nearest
from careplan.fields import Fields
from careplan.followup.trends import Verdict
from careplan.located import read
from careplan.plan.model import Recommendation
from careplan.rules.ruleset import Certainty
from careplan.vocabulary.needs import NEEDS

Advice = Literal["start", "keep", "step_up", "step_down", "switch", "stop", "ended", "ask"]
Fate = Literal["kept", "gone"]
How = Literal[
    "not_true", "unknown", "held", "blocked", "small_plan", "declined", "not_repeated", "withheld", "not_loaded"
]
"""Why a recommendation is gone: its rule does not fire, cannot be decided, waits for an answer, is blocked, is cut from
a small plan; a clinician declined it, or added it once and not again; the plan is withheld; no ruleset of the day has
its rule."""
Sort = Literal["medicine", "standing", "action"]


@frozen
class Step:
    """What to do where it fits; an empty field asks nothing. ``rests_on`` is the rule it is taken from."""

    id: str
    fate: Fate
    advice: Advice
    text: str
    of: tuple[Sort, ...] = ()
    how: tuple[How, ...] = ()
    helps: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    verdict: Verdict | None = None
    unless_improved: tuple[str, ...] = ()
    weeks: float = 0
    rests_on: str | None = None
    cite: str | None = None
    grade: str | None = None
    certainty: Certainty = "as_cited"
    uncertain: str | None = None


@frozen
class Standing:
    """What a step is chosen by: a recommendation, what became of it and how, for how many weeks it has stood, and what
    became of needs."""

    recommendation: Recommendation
    fate: Fate
    how: How | None
    weeks: float
    verdict: Callable[[Iterable[str]], Verdict]


@frozen
class Steps:
    """The steps in the order they are tried, and the scores that measure each need."""

    measures: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]

    def taken(self, case: Standing) -> Step:
        """The first step that fits."""
        return next(each for each in self.steps if _fits(each, case))


def sort(recommendation: Recommendation) -> Sort:
    """What a recommendation is: about medicines, something that stands while its rule fires, or an action."""
    if "medicines" in recommendation.helps:
        return "medicine"
    if recommendation.priority in ("emergency", "safety") or recommendation.kind != "action":
        return "standing"
    return "action"


def _fits(step: Step, case: Standing) -> bool:
    recommendation = case.recommendation
    return (
        step.fate == case.fate
        and (not step.of or sort(recommendation) in step.of)
        and (not step.how or case.how in step.how)
        and set(step.helps) <= set(recommendation.helps)
        and (not step.needs or bool(set(step.needs) & set(recommendation.helps)))
        and (not step.tags or bool(set(step.tags) & set(recommendation.tags)))
        and step.weeks <= case.weeks
        and (step.verdict is None or case.verdict(asked(step, recommendation)) == step.verdict)
        and (not step.unless_improved or case.verdict(step.unless_improved) != "improved")
    )


def asked(step: Step, recommendation: Recommendation) -> tuple[str, ...]:
    """The needs of a recommendation that a step goes by."""
    return tuple(each for each in recommendation.helps if not step.needs or each in step.needs)


@cache
def builtin_steps() -> Steps:
    """The steps that ship with careplan."""
    return read_steps(files("careplan.followup") / "steps.yaml")


def read_steps(file: Traversable | Path) -> Steps:
    """The steps in a file; raises RulesetError with every problem in it."""
    root = read(file.read_bytes(), str(file), RulesetError)
    problems: list[Problem] = []
    top = Fields(root, problems, "the steps file")
    measured = top.mapping("measures", "the measures")
    measures = {need: measured.words(need) for need in measured.node.value}
    for need in measures:
        _known(measured, need, [need], NEEDS)
    steps = tuple(_step(each) for each in top.mappings("steps", "a step", required=True))
    top.close()
    for fate, how, what in _situations():
        if not any(_catches(each, fate, how, what) for each in steps):
            found = f"{fate} ({how})" if how else fate
            top.report(f"no step fits every recommendation that is {found}, and is: {what}")
    if problems:
        raise RulesetError(problems)
    return Steps(measures, steps)


def _step(fields: Fields) -> Step:
    source = fields.mapping("source", "a source")
    step = Step(
        id=fields.text("id", required=True) or "",
        fate=fields.choice("fate", get_args(Fate)),
        advice=fields.choice("advice", get_args(Advice)),
        text=fields.text("text", required=True) or "",
        of=_words(fields, "of", get_args(Sort)),
        how=_words(fields, "how", get_args(How)),
        helps=_words(fields, "helps", NEEDS),
        needs=_words(fields, "needs", NEEDS),
        tags=fields.words("tags"),
        verdict=fields.choice("verdict", get_args(Verdict)) if fields.get("verdict") else None,
        unless_improved=_words(fields, "unless_improved", NEEDS),
        weeks=_weeks(fields),
        rests_on=fields.text("rests_on"),
        cite=source.text("cite"),
        grade=source.text("grade"),
        certainty=fields.choice("certainty", get_args(Certainty)),
        uncertain=fields.text("uncertain"),
    )
    source.close()
    fields.close()
    return step


def _words(fields: Fields, key: str, known: Collection[str]) -> tuple[Any, ...]:
    found = fields.words(key)
    _known(fields, key, found, known)
    return found


def _known(fields: Fields, key: str, words: Iterable[str], known: Collection[str]) -> None:
    for word in words:
        if word not in known:
            message = f"{key!r} knows {', '.join(known)}, not {word!r}{nearest(word, known)}"
            fields.report(message, fields.place(key), "unknown_word")


def _weeks(fields: Fields) -> float:
    found = fields.get("weeks")
    if found is None:
        return 0
    if isinstance(found.value, bool) or not isinstance(found.value, int | float):
        fields.report("'weeks' should be a number", found.location, "type")
        return 0
    return found.value


def _situations() -> Iterable[tuple[Fate, How | None, Sort]]:
    """Every state a recommendation can be in, whatever its scores say."""
    for what in get_args(Sort):
        yield "kept", None, what
        for how in get_args(How):
            yield "gone", how, what


def _catches(step: Step, fate: Fate, how: How | None, what: Sort) -> bool:
    asks = step.helps or step.needs or step.tags or step.verdict or step.weeks or step.unless_improved
    return not asks and step.fate == fate and (not step.of or what in step.of) and (not step.how or how in step.how)
