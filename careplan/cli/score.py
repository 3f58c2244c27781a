"""``careplan score``: one questionnaire, or a stream of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import click

from careplan.cli import options
from careplan.cli.output import table
from careplan.errors import AnswerError, CareplanError, Problem, nearest
from careplan.instruments import Instrument, Scored, read_instrument
from careplan.instruments import score as score_answers
from careplan.instruments.answers import check_context
from careplan.instruments.builtin import builtin_instrument, builtin_names
from careplan.instruments.missing import missing_rule

EXAMPLES = """\b
Examples:
  careplan score phq9 1,1,2,2,1,1,1,0,0
  careplan score phq9 1,1,2,,1,1,1,0,0 --json
  careplan score auditc 2,1,0 --sex female
  careplan score fm2016 neck+lower_back,2,3,2,1,0,0,72
  careplan score isi - < answers.jsonl
"""
STDIN = "-"
SEXES = ("female", "male", "other")

Answers = Sequence[Any] | Mapping[str, Any]


@click.command(context_settings={"ignore_unknown_options": True}, epilog=EXAMPLES)  # answers may begin with a minus
@click.argument("instrument", metavar="INSTRUMENT")
@click.argument("answers", metavar="ANSWERS")
@click.option("--sex", type=click.Choice(SEXES), help="The person's sex, where scores or bands depend on it.")
@options.as_json
def score(instrument: str, answers: str, sex: str | None, as_json: bool) -> int:
    """The scores and bands of one questionnaire.

    ANSWERS are in item order with commas between them; nothing between two commas is an unanswered item, and painful
    sites are joined by +. A JSON list, or a JSON map of item ids, is read too. With - in place of ANSWERS, each line
    of standard input is a JSON list, map, or {"answers": ..., "context": {"sex": ...}}, and each line written is the
    JSON result of one of them, or its error.
    """
    context = {"sex": sex} if sex else {}
    try:
        definition = _instrument(instrument)
        if answers == STDIN:
            _stream(definition, context)
            return 0
        scored = score_answers(definition, _written(answers, definition), context)
    except CareplanError as error:
        if not as_json:
            raise
        click.echo(json.dumps(_error(error.problems), ensure_ascii=False))
        return 2
    if as_json:
        click.echo(json.dumps(_result(scored), ensure_ascii=False))
    else:
        _show(definition, scored)
    return 0


def _instrument(name: str) -> Instrument:
    """The instrument of that name, among the built-in ones and those of plugins."""
    if name in builtin_names():
        return builtin_instrument(name)
    from careplan.registry import load_plugins

    added = {each.id: each for each in (read_instrument(each.file) for each in load_plugins().instruments)}
    if name not in added:
        known = [*builtin_names(), *added]
        message = f"there is no instrument {name!r}{nearest(name, known)}"
        raise AnswerError(Problem(message, code="unknown_instrument"))
    return added[name]


def _written(text: str, instrument: Instrument) -> Answers:
    """The answers in the text of one argument."""
    if text.lstrip()[:1] in ("[", "{"):
        answers: Answers = _json(text)
        return answers
    words = text.split(",")
    if len(words) == len(instrument.items) + 1 and not words[-1].strip():
        words.pop()  # a comma after the last answer too: it had nothing before it when that one is unanswered
    kinds = [item.type for item in instrument.items]
    kinds += ["ordinal"] * (len(words) - len(kinds))
    return [_word(word.strip(), kind) for word, kind in zip(words, kinds, strict=False)]


def _word(word: str, kind: str) -> Any:
    if not word:
        return None
    if kind == "sites":
        return word.split("+")
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            continue
    return word


def _stream(instrument: Instrument, context: Mapping[str, Any]) -> None:
    """One result, or one error, a line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for line in sys.stdin.buffer:
        try:
            answer: dict[str, Any] = _result(score_answers(instrument, *_line(line, instrument, context)))
        except AnswerError as error:
            answer = _error(error.problems)
        sys.stdout.write(encode(answer) + "\n")
        sys.stdout.flush()


def _line(line: bytes, instrument: Instrument, context: Mapping[str, Any]) -> tuple[Answers, Mapping[str, Any]]:
    """The answers and the context of one line."""
    try:
        given = _json(line.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise AnswerError(Problem("this is not UTF-8 text", code="not_text")) from None
    if not isinstance(given, dict) or "answers" not in given:
        return given, context
    _refuse_unknown(given, ("answers", "context"), "a line")
    told = {} if given.get("context") is None else given["context"]
    if not isinstance(told, dict):
        raise AnswerError(Problem('\'context\' should be a map such as {"sex": "female"}', code="not_context"))
    _refuse_unknown(told, ("sex", *(each.id for each in instrument.inputs)), "the context")
    if told.get("sex") not in (None, *SEXES):
        message = f"'sex' should be one of {', '.join(SEXES)}, not {told['sex']!r}"
        raise AnswerError(Problem(message, code="out_of_range"))
    check_context(instrument, told)
    return given["answers"], {**context, **told}


def _refuse_unknown(given: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        problems = (Problem(f"{what} has no {name!r}{nearest(name, known)}", code="unknown_key") for name in unknown)
        raise AnswerError(problems)


def _json(text: str) -> Any:
    try:
        return _decoder().decode(text)
    except RecursionError:
        raise AnswerError(Problem("nested too deep to be answers", code="not_json")) from None
    except ValueError as error:
        raise AnswerError(Problem(f"this is not JSON: {error}", code="not_json")) from None


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse_constant)


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise AnswerError(Problem(f"{name!r} stands twice", code="duplicate"))
        found[name] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise AnswerError(Problem(f"{name} is not a number that can be used", code="out_of_range"))


def _result(scored: Scored) -> dict[str, Any]:
    return {
        "instrument": scored.instrument,
        "scores": scored.scores,
        "bands": scored.bands,
        "answered": scored.answered,
        "of": scored.of,
        "prorated": any(scored.prorated.values()),
    }


def _error(problems: Sequence[Problem]) -> dict[str, Any]:
    message = "; ".join(str(problem) for problem in problems)
    return {"error": {"code": problems[0].code, "message": message}}


def _show(instrument: Instrument, scored: Scored) -> None:
    """The result as a table, and what is due because of it."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console

    found = table("Score", "Value", "Band", "If answers are missing", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for each in instrument.scores:
        bands = [(scale, scored.bands[scale]) for scale, row in instrument.scales.items() if row[0].score == each.id]
        labels = {(band.scale, band.id): band.label for band in instrument.bands}
        told = [f"{labels[scale, band]} ({scale.replace('_', ' ')})" for scale, band in bands if band is not None]
        found.add_row(each.title, _value(scored, each.id), ", ".join(told), missing_rule(instrument, each))
    console = Console(highlight=False, markup=False)
    console.print(f"{instrument.title}: {scored.answered} of {scored.of} items answered")
    console.print(found)
    actions = {flag.id: flag.action or flag.note for flag in instrument.flags}
    for flag in scored.flags:
        console.print(f"Due now: {actions[flag]}")


def _value(scored: Scored, name: str) -> str:
    value = scored.scores[name]
    if value is None:
        return "unknown"
    shown = (
        {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:g}" if _is_number(value) else value
    )
    return f"{shown}, prorated from the answered items" if scored.prorated[name] else str(shown)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
