"""The CQL subset: what it accepts, with CQL's own precedence, and what it refuses by name and place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.cql import Fact, Literal, Node, Operation, parse
from careplan.errors import ConditionError, Location


def shown(node: Node) -> str:
    """The tree in prefix notation, so that precedence can be seen."""
    if isinstance(node, Literal):
        return repr(node.value)
    if isinstance(node, Fact):
        return node.name
    assert isinstance(node, Operation)
    return f"({' '.join([node.operator, *map(shown, node.operands)])})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("not x >= 5", "(>= (not x) 5)"),
        ("not (x >= 5) and y", "(and (not (>= x 5)) y)"),
        ("x is not null", "(not (is null x))"),
        ("not x is null", "(not (is null x))"),
        ("if a then 1 else 2 + 3", "(if a 1 (+ 2 3))"),
        ("a or b and c", "(or a (and b c))"),
        ("a or b xor c", "(xor (or a b) c)"),
        ("a implies b or c", "(implies a (or b c))"),
        ("a and b and c", "(and a b c)"),
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("7 div 2 mod 3", "(mod (div 7 2) 3)"),
        ("-5 - -x", "(- -5 (negate x))"),
        ("x between 1 and 5 and y", "(and (between x 1 5) y)"),
        ("x < 3 = y", "(= (< x 3) y)"),
        ("x in {'a', 'b'}", "(in x (list 'a' 'b'))"),
        ("x in Interval[1, 5)", "(in x (interval 1 5))"),
        ("{} contains 1", "(contains (list) 1)"),
        ('person."sex at birth"', "person.sex at birth"),
        ("Coalesce(a, b, 3.5)", "(Coalesce a b 3.5)"),
        ("isnull is null", "(is null isnull)"),
        ("divide div orders", "(div divide orders)"),
        ("x /* why */ = 'it\\'s' // end", '(= x "it\'s")'),
    ],
)
def test_precedence_is_that_of_cql(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("a ^ 2", "'^' is outside the CQL subset of conditions: powers", 3),
        ("Abs(x)", "the function 'Abs' is outside the CQL subset", 4),
        ("x as Integer", "'as' is outside the CQL subset of conditions: type conversion", 3),
        ("case when a then b end", "'case' is outside the CQL subset", 1),
        ("@2012-01-01", "'@' is outside the CQL subset of conditions: dates and times", 1),
        ("a = [Condition]", "'[' is outside the CQL subset of conditions: retrieves", 5),
        ("a or or", "'or' is not expected here", 6),
        ("'abc", "a quotation mark is opened and never closed", 1),
        ("a and", "the condition ends too early", 3),
        ("99999999999999999999", "beyond 2^53", 1),
        ("x >\n  y z", "'z' is not expected here", 5),
    ],
)
def test_what_is_outside_is_refused_by_name_and_place(text: str, message: str, column: int) -> None:
    with pytest.raises(ConditionError) as error:
        parse(text)
    (problem,) = error.value.problems
    assert message in problem.message
    assert problem.location is not None
    assert problem.location.column == column


def test_a_place_is_counted_from_where_the_condition_stands_in_its_file() -> None:
    with pytest.raises(ConditionError) as error:
        parse("a or or", Location("sleep.yaml", 12, 11))
    assert error.value.problems[0].location == Location("sleep.yaml", 12, 16)


@pytest.mark.parametrize("text", ["-" * 150 + "x", "not " * 150 + "x", "{" * 150 + "}" * 150])
def test_deep_nesting_is_refused_and_not_recursed_into(text: str) -> None:
    with pytest.raises(ConditionError, match="levels deep"):
        parse(text)


def test_a_chain_of_thousands_of_operands_is_one_node() -> None:
    tree = parse(" or ".join(f"f{number}" for number in range(5000)))
    assert isinstance(tree, Operation)
    assert len(tree.operands) == 5000


def test_a_condition_longer_than_64_ki_characters_is_refused() -> None:
    with pytest.raises(ConditionError, match="at most 65,536"):
        parse("x or " * 20_000 + "x")


@given(st.text(alphabet=st.sampled_from("ab.'\"{}()[],<>=!~+-*/ \n0159notandorisnulltrueInterval\\@^"), max_size=60))
def test_any_text_is_a_tree_or_a_condition_error(text: str) -> None:
    with suppress(ConditionError):
        parse(text)
