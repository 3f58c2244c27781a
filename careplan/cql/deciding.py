"""Expression tree → one Python function that names the facts its value rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from careplan.cql.compile import COMPARISONS, Code, Values
from careplan.cql.nodes import Fact, Literal, Node, Operation

_NOTHING = "()"


def compile_deciding(tree: Node) -> Callable[[Values], tuple[str, ...]]:
    """A function from facts to the names of those that the value of the tree rests on, in the order they are read.

    Of a true ``or`` only the true branches count, of a false ``and`` only the false ones, of an ``if`` only the branch
    taken, and of what is unknown only what is missing. A name may come twice.
    """
    code = Code()
    values = code.add(tree)
    names: dict[int, str] = {}
    for node in tree.walk():
        if isinstance(node, Operation):
            behind = _behind(node, values, [names[id(child)] for child in node.operands])
            names[id(node)] = code.assign(("behind", behind), behind) if " if " in behind else behind
        else:
            names[id(node)] = repr((node.name,)) if isinstance(node, Fact) else _NOTHING
    return code.function(names[id(tree)])


def _behind(node: Operation, values: Mapping[int, str], below: list[str]) -> str:
    """The names behind an operation, in Python, of those behind each operand."""
    value, operator = values[id(node)], node.operator
    operands = [values[id(child)] for child in node.operands]
    if operator in ("and", "or"):
        same = (f"{operand} is {value}" for operand in operands)
        return f"{_joined(below)} if {value} is {operator == 'and'} else {_joined(map(_only_if, below, same))}"
    if operator == "if":
        return f"{below[0]} + ({below[1]} if {operands[0]} is True else {below[2]})"
    if operator == "Coalesce":
        known = (f"{each} if {operand} is not None else " for each, operand in zip(below, operands, strict=True))
        return "".join(known) + _joined(below)
    if operator == "is null" or _is_unknown_with_its_only_operand(node):
        return _joined(below)
    missing = map(_is_unsettled, node.operands, operands)
    return f"{_joined(below)} if {value} is not None else {_joined(map(_only_if, below, missing))}"


def _is_unknown_with_its_only_operand(node: Operation) -> bool:
    """Whether the operation is unknown exactly when one operand is, as in ``not x`` or ``x > 5``."""
    if node.operator != "not" and node.operator not in COMPARISONS:
        return False
    constants = [each for each in node.operands if isinstance(each, Literal) and each.value is not None]
    return len(node.operands) - len(constants) == 1


def _is_unsettled(node: Node, value: str) -> str:
    """The test whether the node is unknown, or is a list with an unknown element."""
    a_list = isinstance(node, Operation) and node.operator == "list"
    return f"None in {value}" if a_list else f"{value} is None"


def _only_if(names: str, test: str) -> str:
    return f"({names} if {test} else ())" if names != _NOTHING else _NOTHING


def _joined(names: Iterable[str]) -> str:
    some = [each for each in names if each != _NOTHING]
    return some[0] if len(some) == 1 else f"({' + '.join(some) or _NOTHING})"
