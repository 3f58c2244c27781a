"""Condition text → expression tree; anything outside the subset is refused by name and place."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, cast
from unicodedata import normalize

from attrs import evolve
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from careplan.cql.arithmetic import negate
from careplan.cql.nodes import Fact, Literal, Node, Operation, Span, conjuncts
from careplan.errors import ConditionError, Location, Problem

LONGEST = 65_536
"""Characters a condition may have."""
DEEPEST = 100
"""Levels of nesting a condition may have."""
LARGEST_NUMBER = 2**53
MOST_DIGITS = 400

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}

_OUTSIDE = {
    **dict.fromkeys(["union", "intersect", "except", "flatten", "distinct"], "list algebra"),
    **dict.fromkeys(["as", "convert", "cast", "to"], "type conversion"),
    **dict.fromkeys(["case", "when", "end"], "case … end; write if … then … else"),
    **dict.fromkeys(
        [
            "properly",
            "included",
            "includes",
            "during",
            "overlaps",
            "meets",
            "starts",
            "ends",
            "before",
            "after",
            "same",
            "within",
            "occurs",
            "width",
            "point",
        ],
        "interval operators other than in",
    ),
    **dict.fromkeys(["from", "where", "return", "sort", "such", "with", "without", "let", "aggregate"], "queries"),
    **dict.fromkeys(
        [
            "year",
            "years",
            "month",
            "months",
            "day",
            "days",
            "hour",
            "hours",
            "minute",
            "minutes",
            "second",
            "seconds",
            "duration",
            "difference",
            "date",
            "time",
            "now",
            "today",
        ],
        "dates and times",
    ),
    **dict.fromkeys(
        [
            "Tuple",
            "List",
            "Code",
            "Concept",
            "Quantity",
            "predecessor",
            "successor",
            "singleton",
            "start",
            "maximum",
            "minimum",
        ],
        "this kind of value or selector",
    ),
    "^": "powers",
    "&": "string concatenation with null as ''",
    "@": "dates and times",
    "$": "query variables",
    "|": "unions",
    "[": "retrieves and indexes",
    ":": "ratios",
    "%": "this operator",
}
_OTHER_FUNCTION = "the function {!r} is outside the CQL subset of conditions (there are Coalesce, Count, Sum, Min, Max)"


@cache
def _grammar() -> Lark:
    text = (files("careplan.cql") / "cql.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", transformer=_Build(), keep_all_tokens=True, maybe_placeholders=False)


def _span(items: list[Any]) -> Span:
    first, last = items[0], items[-1]
    start = first.span if isinstance(first, Node) else _token_span(first)
    end = last.span if isinstance(last, Node) else _token_span(last)
    return Span(start.start, end.end, start.line, start.column)


def _token_span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0, token.line or 1, token.column or 1)


def _unescape(quoted: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _ESCAPES.get(match[2], match[2])

    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", one, quoted[1:-1], flags=re.DOTALL)


class _Outside(ConditionError):
    """Raised inside the transformer for something the grammar accepts and the subset does not."""


def _operation(operator: str, items: list[Any]) -> Operation:
    return Operation(_span(items), operator, tuple(item for item in items if isinstance(item, Node)))


def _constant(value: bool | None) -> Any:
    return lambda _, items: Literal(_span(items), value)


def _operator(operator: str) -> Any:
    return lambda _, items: _operation(operator, items)


def _chain(operator: str) -> Any:
    def build(_: _Build, items: list[Any]) -> Node:
        return Operation(_span(items), operator, (*conjuncts(items[0], operator), items[-1]))

    return build


class _Build(Transformer[Token, Node]):
    """Builds the tree while the text is parsed, so that no depth of nesting recurses."""

    true = _constant(True)
    false = _constant(False)
    null = _constant(None)
    and_ = _chain("and")
    or_ = _chain("or")
    xor = _operator("xor")
    implies = _operator("implies")
    not_ = _operator("not")
    exists = _operator("exists")
    in_ = _operator("in")
    contains = _operator("contains")
    between = _operator("between")
    list_ = _operator("list")
    if_ = _operator("if")

    def integer(self, items: list[Token]) -> Node:
        return Literal(_span(items), int(self._bounded(items[0])))

    def decimal(self, items: list[Token]) -> Node:
        return Literal(_span(items), float(self._bounded(items[0])))

    @staticmethod
    def _bounded(number: Token) -> Token:
        if len(number) > MOST_DIGITS or float(number) > LARGEST_NUMBER:
            span = _token_span(number)
            said = "has too many digits" if len(number) > MOST_DIGITS else "is beyond 2^53"
            raise _Outside(f"the number {shortened(number, 40)} {said}", Location("", span.line, span.column))
        return number

    def string(self, items: list[Token]) -> Node:
        return Literal(_span(items), normalize("NFC", _unescape(items[0])))

    def fact(self, items: list[Token]) -> Node:
        names = [_unescape(item) if item[0] in '"`' else str(item) for item in items if item != "."]
        return Fact(_span(items), ".".join(names))

    def group(self, items: list[Any]) -> Node:
        inner: Node = items[1]
        return evolve(inner, span=_span(items))

    def compare(self, items: list[Any]) -> Node:
        return _operation(str(items[1]), items)

    arithmetic = compare

    def is_(self, items: list[Any]) -> Node:
        return _operation(f"is {items[-1]}", items)

    def is_not(self, items: list[Any]) -> Node:
        return Operation(_span(items), "not", (_operation(f"is {items[-1]}", items),))

    def negate(self, items: list[Any]) -> Node:
        operand = items[1]
        if isinstance(operand, Literal) and type(operand.value) in (int, float):
            return Literal(_span(items), negate(cast("int | float", operand.value)))
        return _operation("negate", items)

    plus = group

    def interval(self, items: list[Any]) -> Node:
        operands = tuple(item for item in items if isinstance(item, Node))
        return Operation(_span(items), "interval", operands, items[1] == "[", items[-1] == "]")

    def call(self, items: list[Any]) -> Node:
        return _operation(str(items[0]), items)


def place(origin: Location | None, line: int, column: int) -> Location:
    """Where line and column of a condition stand in the file whose condition starts at ``origin``."""
    if origin is None:
        return Location("condition", line, column)
    if not origin.line:
        return Location(origin.file, line, column)
    if line == 1:
        return Location(origin.file, origin.line, origin.column + column - 1)
    return Location(origin.file, origin.line + line - 1, column)


def _unexpected(error: UnexpectedInput, text: str) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        found = str(error.token)
    elif isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream or 0
        found = (re.match(r"\w+|.", text[start:], flags=re.DOTALL) or [""])[0]
    else:
        return "the condition ends too early"
    if found in "'\"`":
        return "a quotation mark is opened and never closed"
    construct = _OUTSIDE.get(found)
    if construct:
        return f"{found!r} is outside the CQL subset of conditions: {construct}"
    following = text[(error.pos_in_stream or 0) + len(found) :].lstrip()
    previous = re.search(r"([A-Za-z_]\w*)\s*$", text[: error.pos_in_stream or 0])
    if found == "(" and previous:
        return _OTHER_FUNCTION.format(previous[1])
    if re.fullmatch(r"[A-Za-z_]\w*", found) and following.startswith("("):
        return _OTHER_FUNCTION.format(found)
    return f"{shortened(found, 40)!r} is not expected here"


def shortened(text: str, length: int) -> str:
    """The text, cut to ``length`` characters where it is longer."""
    return text if len(text) <= length else text[: length - 1] + "…"


@lru_cache(maxsize=4096)
def _tree(text: str) -> Node:
    """The tree of a text; rulesets are read many times in one process, and a tree never changes."""
    return cast("Node", _grammar().parse(text))


def parse(text: str, origin: Location | None = None) -> Node:
    """The tree of a condition; raises ConditionError placed at line and column of the text (from ``origin`` on)."""
    if len(text) > LONGEST:
        raise ConditionError(f"a condition of {len(text):,} characters; at most {LONGEST:,} are read", origin)
    try:
        tree = _tree(text)
    except UnexpectedInput as error:
        message, line, column = _unexpected(error, text), error.line, error.column
        if line is None or line < 1:
            lines = text.split("\n")
            line, column = len(lines), len(lines[-1]) + 1
        raise ConditionError(message, place(origin, line, column)) from None
    except _Outside as error:
        at = error.problems[0].location
        assert at is not None
        raise ConditionError(error.problems[0].message, place(origin, at.line, at.column)) from None
    if (deep := _depth(tree)) > DEEPEST:
        raise ConditionError(Problem(f"nested {deep} levels deep; at most {DEEPEST} are read", origin))
    return tree


def _depth(tree: Node) -> int:
    depths: dict[int, int] = {}
    for node in tree.walk():
        depths[id(node)] = 1 + max((depths[id(child)] for child in node.children), default=0)
    return depths[id(tree)]
