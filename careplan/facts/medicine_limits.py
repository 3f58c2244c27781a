"""The largest labelled dose of a medicine for one person: the lower limits that hold for them, and those left open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from attrs import frozen

from careplan.cql import Expression, Type, compile_all, expression
from careplan.vocabulary.medicine import Certainty, Limit, Maximum
from careplan.vocabulary.model import Vocabulary

CLEARANCE, FUNCTION = "renal.crcl", "renal.function"
"""What limits by the kidneys are stated in, and the provisional value that stands in for it as in the rules."""


@frozen
class Ceiling:
    """The largest labelled dose of a day, in mg, with who says so.

    ``because`` are the facts that lower it below the label's own, ``open`` the limits still lower whose condition is
    not known, ``missing`` the facts they wait for, and ``unprescribed`` the maximum without a prescription.
    """

    mg: float
    source: str | None
    certainty: Certainty
    because: tuple[str, ...] = ()
    open: tuple[Limit, ...] = ()
    missing: tuple[str, ...] = ()
    unprescribed: float | None = None


def ceiling(maximum: Maximum, facts: Mapping[str, Any], vocabulary: Vocabulary) -> Ceiling:
    """The largest dose for a person of whom these facts are known.

    While the creatinine clearance is unknown an eGFR stands for it, as ``renal.function`` does in the rules.
    """
    known = facts if facts.get(CLEARANCE) is not None else {**facts, CLEARANCE: facts.get(FUNCTION)}
    rules, decide = _conditions(maximum, vocabulary)
    values = decide(known)
    prescribed = [each for each in maximum.conditions if not each.otc_only]
    holding = [each for each in prescribed if values[each.when] is True and each.max_daily_mg < maximum.value]
    lowest = min(holding, key=lambda each: each.max_daily_mg, default=None)
    mg = maximum.value if lowest is None else lowest.max_daily_mg
    left = tuple(each for each in prescribed if values[each.when] is None and each.max_daily_mg < mg)
    unprescribed = [each.max_daily_mg for each in maximum.conditions if each.otc_only and values[each.when] is True]
    return Ceiling(
        mg=mg,
        source=maximum.source if lowest is None else lowest.source,
        certainty=maximum.certainty if lowest is None else lowest.certainty,
        because=() if lowest is None else _reads(rules[lowest.when], known, given=True),
        open=left,
        missing=tuple(dict.fromkeys(fact for each in left for fact in _reads(rules[each.when], known, given=False))),
        unprescribed=min(unprescribed, default=None),
    )


def _reads(rule: Expression, facts: Mapping[str, Any], *, given: bool) -> tuple[str, ...]:
    """The facts a condition reads, of those that are known or of those that are not, sorted."""
    return tuple(each for each in sorted(rule.reads) if (facts.get(each) is not None) is given)


@lru_cache(maxsize=1024)
def _conditions(
    maximum: Maximum, vocabulary: Vocabulary
) -> tuple[Mapping[str, Expression], Callable[[Mapping[str, Any]], dict[str, Any]]]:
    """The conditions of the limits by their text, and one function that decides them all."""
    texts = dict.fromkeys(each.when for each in maximum.conditions)
    rules = {text: expression(text, vocabulary.types, expected=Type.BOOLEAN) for text in texts}
    return rules, compile_all(rules)
