"""A file made to hurt is refused with its place and in time, or is read like any other."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from careplan.cql import Type
from careplan.errors import RulesetError
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.rules.read import ruleset_from_text
from tests.rules.written import rule, ruleset

TYPES = {"isi.total": Type.INTEGER, "phq9.total": Type.INTEGER, "social.work": Type.STRING}
LONGEST = 2.0
"""Seconds of processor time in which a file is refused; it takes a quarter of that on a slow machine."""


@pytest.fixture(autouse=True)
def _nobody_elses_garbage() -> Iterator[None]:
    """Nothing is timed with what other tests have left in memory."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def when(condition: str) -> Callable[[], str]:
    return lambda: ruleset(rule(when=f'"{condition}"'))


HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "brackets that never close": (when("(" * 60_000), "ends too early"),
    "a thousand levels of not": (when("not " * 15_000 + "true"), "nested 15001 levels deep; at most 100 are read"),
    "a sum of thousands": (when("+".join(["isi.total"] * 6_000) + " > 3"), "nested 6001 levels deep"),
    "a condition of a mebibyte": (when(" or ".join(["isi.total = 1"] * 70_000)), "the file is larger than 1 MiB"),
    "a condition of 65,536 letters": (when("isi.total = 1 or " * 4_000 + "true"), "at most 65,536 are read"),
    "ten thousand rules": (lambda: ruleset(*(rule(f"B-{number}") for number in range(10_000))), "larger than 1 MiB"),
    "an anchor that holds itself": (lambda: "rules: &a [*a]\n", "anchors are not read"),
    "a billion laughs": (
        lambda: "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(40)),
        "anchors are not read",
    ),
    "lists in lists": (lambda: "id: " + "[" * 50_000 + "]" * 50_000, "exceeded maximum nesting depth"),
    "mappings in mappings": (lambda: "id: " + "{a: " * 20_000 + "1" + "}" * 20_000, "exceeded maximum nesting depth"),
    "an object of Python": (lambda: "!!python/object/apply:os.system ['echo']\n", "tags are not read"),
    "a path for an id": (lambda: ruleset(rule('"../../etc/passwd"')), "'../../etc/passwd' is not an id such as SLP-03"),
    "an id that reads backwards": (lambda: ruleset(rule('"B\\u202e1"')), "is not an id such as SLP-03"),
    "a name of Python": (when("`__import__` = 1"), "there is no fact '__import__'"),
    "a control character": (lambda: "id: \0\n", "control characters are not allowed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_made_to_hurt_is_refused_in_time(name: str) -> None:
    made, message = HOSTILE[name]
    text, start = made(), time.process_time()
    with pytest.raises(RulesetError) as caught:
        ruleset_from_text(text, "hostile.yaml", TYPES, ())
    assert time.process_time() - start < LONGEST
    assert message in str(caught.value)
    assert all(each.location and each.location.file == "hostile.yaml" for each in caught.value.problems)


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 30_000 + "true" + ")" * 30_000,
        "isi.total in {" + ",".join(["1"] * 30_000) + "}",
        " or ".join(f"isi.total = {number}" for number in range(200)),
        f"social.work = '{'a' * 60_000}'",
    ],
    ids=["brackets", "a long list", "many ors", "a long text"],
)
def test_what_is_large_and_means_something_is_decided(condition: str) -> None:
    start = time.process_time()
    read = ruleset_from_text(ruleset(rule(when=f'"{condition}"')), "large.yaml", TYPES, ())
    decided = VerifiedEngine(RuleBase((read,), {}, TYPES)).decide({"isi.total": 1, "social.work": "b"})
    assert time.process_time() - start < 5 * LONGEST
    assert decided.outcomes["WLK-01"] is ("social.work" not in condition)


def test_ways_beyond_what_the_live_engine_takes_are_refused_by_name() -> None:
    condition = " and ".join(f"(isi.total = {number} or phq9.total = {number})" for number in range(60))
    read = ruleset_from_text(ruleset(rule(when=f'"{condition}"')), "wide.yaml", TYPES, ())
    start = time.process_time()
    with pytest.raises(RulesetError, match="WLK-01 has more than 500 ways to be true or false; split the rule"):
        VerifiedEngine(RuleBase((read,), {}, TYPES))
    assert time.process_time() - start < LONGEST
