"""No text makes the readers of conditions and rulesets fail in any way but their own, or keep anybody waiting."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from careplan.cql import SIMPLE, compile_all, evaluate, expression
from careplan.cql.write import literal
from careplan.errors import CareplanError, ConditionError, RulesetError
from careplan.rules.paths import paths
from careplan.rules.read import ruleset_from_text
from careplan.vocabulary.read import builtin_vocabulary
from tests.rules.random_conditions import TYPES, people
from tests.rules.random_expressions import expressions
from tests.rulesets.source import MODALITIES, RULESETS, VERSION, ruleset, tags

MINUTES = float(os.environ.get("CAREPLAN_FUZZ_MINUTES", "0"))
"""How long texts are tried: a few hundred in the quick suite, an hour by ``make fuzz-readers``."""
LONGEST = 10.0
"""Seconds of processor time that one text may take, with whatever else is in memory."""

_SIGNS = """( ) { } [ ] , . < <= > >= = != ~ !~ + - * / ' " ` // /* */ ^ & @ $ | : ; \\"""
_NAMES = """
    and or xor implies not in contains between is null true false exists div mod if then else case when end Interval
    Coalesce Count Sum Min Max Floor union from where return date year 5 0.5 1e5 9007199254740993
"""
WORDS = (
    *_SIGNS.split(), *_NAMES.split(), "'two words'", "'\\u202e'", "\x00", "\n", "\t", "é", "🙂", "﷽", *TYPES,
)  # fmt: skip
REAL = [rule.when.text for modality in MODALITIES for rule in ruleset(modality).rules]
VOCABULARY = builtin_vocabulary()
FILES = [(RULESETS / modality / f"{VERSION}.yaml").read_text(encoding="utf-8") for modality in MODALITIES]

soup = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
"""Words of the language, and of none, in any order."""


@st.composite
def mutated(draw: st.DrawFn, originals: st.SearchStrategy[str], pieces: str = r"\w+|\s+|.") -> str:
    """A text with some of its pieces taken out, doubled, moved or replaced."""
    found = re.findall(pieces, draw(originals), flags=re.DOTALL)
    for _ in range(draw(st.integers(1, 4))):
        if not found:
            break
        at = draw(st.integers(0, len(found) - 1))
        piece = draw(st.sampled_from([found[at], draw(st.sampled_from(WORDS)), draw(st.text(max_size=3))]))
        found[at : at + draw(st.integers(0, 2))] = [piece] * draw(st.sampled_from([0, 1, 1, 2, 50]))
    return "".join(found)


conditions = soup | st.text(max_size=200) | mutated(expressions()) | mutated(st.sampled_from(REAL))
rulesets = mutated(st.sampled_from(FILES), r"[^\n]*\n|[^\n]+") | mutated(st.sampled_from(FILES)) | st.text(max_size=300)


def in_time(read: Callable[[], Any]) -> Any:
    """What is read, or the error that says why not, in the time there is."""
    start = time.process_time()
    try:
        found = read()
    except CareplanError as error:
        found = error
    assert time.process_time() - start < LONGEST
    return found


def any_condition(text: str, facts: dict[str, Any]) -> None:
    """It is refused with its place, or it is read and then has a value for anybody."""
    types = TYPES if any(name in text for name in TYPES) else VOCABULARY.types
    read = in_time(lambda: expression(text, types))
    if isinstance(read, CareplanError):
        assert isinstance(read, ConditionError)
        places = [each.location for each in read.problems]
        assert all(each and each.line >= 1 and each.column >= 1 for each in places)
        return
    value = in_time(lambda: compile_all({"": read})(facts if types is TYPES else {}))[""]
    if str(read.type) in SIMPLE and not (isinstance(value, float) and abs(value) > 2**53):
        again = evaluate(expression(literal(value), {}), {})
        assert again == value
        assert isinstance(again, type(value))
    if str(read.type) == "Boolean":
        ways = in_time(lambda: paths("R", read))
        assert isinstance(ways, tuple) or "more than 500 ways" in str(ways)


def any_ruleset(text: str) -> None:
    """It is refused with what is wrong, or it is a ruleset."""
    content = text.encode("utf-8", "surrogatepass")
    read = in_time(lambda: ruleset_from_text(content, "any.yaml", VOCABULARY.types, tags()))
    if isinstance(read, CareplanError):
        assert isinstance(read, RulesetError)
        assert all(each.location and each.location.file == "any.yaml" and each.message for each in read.problems)


def tried(test: Callable[..., None], examples: int, **drawn: st.SearchStrategy[Any]) -> None:
    """The test on some examples, or on ever more until the time is over."""
    if not MINUTES:
        few = settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        few(given(**drawn)(test))()
    end = time.monotonic() + MINUTES * 60
    many = settings(
        max_examples=2000,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    for number in count():
        if time.monotonic() > end:
            return
        seed(number)(many(given(**drawn)(test)))()


def test_any_condition_is_read_or_refused_in_time() -> None:
    tried(any_condition, 400, text=conditions, facts=people)


def test_any_ruleset_is_read_or_refused_in_time() -> None:
    tried(any_ruleset, 60, text=rulesets)
