"""Expression trees → one Python function: the meaning of every condition, evaluated in three-valued logic.

The function is straight-line code, one assignment a node. Nodes of different conditions that say the same are
computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from careplan.cql import arithmetic, exact
from careplan.cql.nodes import Fact, Literal, Node, Operation

Values = Mapping[str, Any]

_CALLS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "div": "truncated_divide",
    "mod": "modulo",
    "negate": "negate",
    "Sum": "total",
    "Min": "least",
    "Max": "greatest",
}
COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
"""Python's comparison for each of CQL's; each is unknown when an operand is."""


class Code:
    """Straight-line Python under construction: one variable a distinct node.

    ``exactly`` makes decimals fractions and quotients exact, where nothing may be lost to float64.
    """

    def __init__(self, *, exactly: bool = False) -> None:
        self.exactly = exactly
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._known: dict[tuple[Any, ...], str] = {}

    def assign(self, key: tuple[Any, ...], expression: str) -> str:
        """The variable holding ``expression``, assigned once for each ``key``."""
        if key not in self._known:
            self._known[key] = f"v{len(self._known)}"
            self.lines.append(f" {self._known[key]}={expression}")
        return self._known[key]

    def add(self, tree: Node) -> dict[int, str]:
        """Emit the tree; the variable of every node of it, by the node's identity."""
        names: dict[int, str] = {}
        for node in tree.walk():
            names[id(node)] = self._emit(node, tuple(names[id(child)] for child in node.children))
        return names

    def _emit(self, node: Node, operands: tuple[str, ...]) -> str:
        if isinstance(node, Literal):
            return self._constant(node.value)
        if isinstance(node, Fact):
            return self.assign(("fact", node.name), f"get({node.name!r})")
        assert isinstance(node, Operation)
        if self.exactly and node.operator == "decimal":
            return operands[0]
        key = (node.operator, node.lower_closed, node.upper_closed, *operands)
        return self.assign(key, _python(node, operands))

    def _constant(self, value: Any) -> str:
        key = (type(value), value)
        if self.exactly and isinstance(value, float):
            name = f"c{len(self.constants)}"
            self.constants[name] = exact.number(value)
            return self.assign(key, name)
        return self.assign(key, repr(value))

    def function(self, result: str) -> Callable[[Values], Any]:
        """The function that runs the code over facts and returns ``result``."""
        source = "\n".join(["def run(facts):", " get=facts.get", *self.lines, f" return {result}"])
        namespace: dict[str, Any] = {name: getattr(arithmetic, name) for name in _NAMES}
        if self.exactly:
            namespace |= self.constants | {name: getattr(exact, name) for name in exact.NAMES}
        exec(compile(source, "<conditions>", "exec"), namespace)  # noqa: S102 - the source is made of our own operators and repr() of constants
        run: Callable[[Values], Any] = namespace["run"]
        return run


_NAMES = (*_CALLS.values(), "Interval", "coalesce", "fold", "known", "member")


def _unless_unknown(names: Iterable[str], expression: str) -> str:
    tests = " or ".join(f"{name} is None" for name in dict.fromkeys(names))
    return f"None if {tests} else {expression}"


def _python(node: Operation, names: tuple[str, ...]) -> str:
    operator = node.operator
    first = names[0] if names else ""
    if operator in ("and", "or"):
        decides = operator == "or"
        decided = " or ".join(f"{name} is {decides}" for name in names)
        return f"{decides} if {decided} else ({_unless_unknown(names, str(not decides))})"
    if operator == "not":
        return f"None if {first} is None else not {first}"
    if operator == "xor":
        return _unless_unknown(names, f"{names[0]} is not {names[1]}")
    if operator == "implies":
        return f"True if {names[0]} is False or {names[1]} is True else ({_unless_unknown(names, 'False')})"
    if operator in COMPARISONS:
        return _unless_unknown(names, f"{names[0]} {COMPARISONS[operator]} {names[1]}")
    if operator in ("~", "!~"):
        same = f"({names[0]} is {names[1]} if {names[0]} is None or {names[1]} is None else "
        same += f"(fold({names[0]}) == fold({names[1]}) if isinstance({names[0]}, str) else {names[0]} == {names[1]}))"
        return same if operator == "~" else f"not {same}"
    if operator == "between":
        value, low, high = names
        return (
            f"False if ({value} is not None and {low} is not None and {value} < {low}) or "
            f"({value} is not None and {high} is not None and {value} > {high}) else "
            f"({_unless_unknown(names, 'True')})"
        )
    if operator in ("is null", "is true", "is false"):
        return f"{first} is {operator.removeprefix('is ').replace('null', 'none').title()}"
    if operator == "if":
        return f"{names[1]} if {first} is True else {names[2]}"
    if operator == "decimal":
        return f"None if {first} is None else float({first})"
    if operator == "list":
        return "(" + "".join(f"{name}," for name in names) + ")"
    if operator == "interval":
        return f"Interval({names[0]}, {names[1]}, {node.lower_closed}, {node.upper_closed})"
    if operator in ("in", "contains"):
        value, holder = names if operator == "in" else (names[1], names[0])
        return f"member({value}, {holder})"
    if operator == "Coalesce":
        return f"coalesce({first})" if len(names) == 1 else f"coalesce(({','.join(names)},))"
    if operator == "Count":
        return f"len(known({first}))"
    if operator == "exists":
        return f"bool(known({first}))"
    return f"{_CALLS[operator]}({', '.join(names)})"


def compile_trees(trees: Mapping[str, Node], *, exactly: bool = False) -> Callable[[Values], dict[str, Any]]:
    """A function from facts (an unknown fact is absent or None) to the value of every tree by name.

    With ``exactly`` it computes in whole numbers and fractions instead of float64.
    """
    code = Code(exactly=exactly)
    results = ", ".join(f"{name!r}: {code.add(tree)[id(tree)]}" for name, tree in trees.items())
    return code.function("{" + results + "}")


def compile_trace(tree: Node) -> Callable[[Values], dict[int, Any]]:
    """A function from facts to the value of every node of the tree, by the node's identity."""
    code = Code()
    results = ", ".join(f"{identity}: {name}" for identity, name in code.add(tree).items())
    return code.function("{" + results + "}")
