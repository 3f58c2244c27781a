"""``careplan rules eval``: what an expression comes to over facts, in the engine of your choice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from careplan import cql
from careplan.cli import options
from careplan.cli.cases import load, read_fact_file
from careplan.cql import Expression, IntervalType, ListType, Type
from careplan.cql.arithmetic import Interval
from careplan.cql.write import literal
from careplan.errors import CareplanError, Location
from careplan.rules.durable import DurableConditions
from careplan.vocabulary.model import Vocabulary

ENGINES = ("reference", "durable", "columns")


@click.command("eval", short_help="What an expression comes to: true, false, null or a value.")
@click.argument("text", metavar="EXPR")
@click.option(
    "--facts", "file", metavar="FILE", help="A file of facts, as careplan evaluate reads it; without, none is known."
)
@click.option(
    "--engine", type=click.Choice(ENGINES), default="reference", show_default=True,
    help="durable decides conditions only; all engines mean the same.",
)  # fmt: skip
@options.as_json
def eval_(text: str, file: str | None, engine: str, as_json: bool) -> None:
    """What the CQL expression EXPR comes to over facts: true, false, null (unknown), or a value.

    Facts that follow from those in the file are derived; a fact that is not known is null.

    \b
    Examples:
      careplan rules eval "isi.total >= 15 and sleep.efficiency < 85" --facts facts.json
      careplan rules eval "null or true"
      careplan rules eval "7 div 2" --engine columns
    """
    vocabulary = load(locked=False).vocabulary
    expression = cql.expression(text, vocabulary.types, origin=Location("EXPR"))
    facts = read_fact_file(file, vocabulary)[1].values if file else {}
    value = _value(expression, facts, engine, vocabulary)
    if as_json:
        found = {"expression": text, "type": str(expression.type), "engine": engine, "value": _plain(value)}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        click.echo(literal(value))


def _value(expression: Expression, facts: Mapping[str, Any], engine: str, vocabulary: Vocabulary) -> Any:
    if engine == "reference":
        return cql.evaluate(expression, facts)
    if engine == "durable":
        if expression.type not in (Type.BOOLEAN, Type.ANY):
            raise CareplanError(
                f"durable-rules decides conditions, and this is {expression.type}; compare it, as in EXPR = 5"
            )
        return DurableConditions({"": expression}, vocabulary.types).decide(facts)[""]
    if isinstance(expression.type, ListType | IntervalType):
        raise CareplanError(f"a column holds single values, and this is {expression.type}")
    try:
        from careplan.rules.columns import evaluate
    except ModuleNotFoundError as error:
        raise CareplanError(f"the column engine needs {error.name}; install careplan[replay]") from None
    return evaluate(expression, facts, vocabulary.types)


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Interval):
        ends = {"low": value.lower, "high": value.upper}
        return ends | {"lowClosed": value.lower_closed, "highClosed": value.upper_closed}
    return list(value) if isinstance(value, tuple) else value
