"""The questionnaires: answers that their instruments can score, and scores made elsewhere that agree with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from careplan.assessment import Answers, Assessment
from careplan.errors import AnswerError, Location, nearest
from careplan.fields import Fields
from careplan.instruments import Instrument, answer_problems, score_facts
from careplan.intake.typed import checked
from careplan.located import Node
from careplan.scoring import score_assessment
from careplan.vocabulary.model import FactDefinition, Value, Vocabulary

EXACT = 1e-8
"""How far apart two decimals may be that are the same score."""


def read_answers(top: Fields, instruments: Mapping[str, Instrument]) -> dict[str, Answers]:
    """The answers by instrument; problems are noted for every answer that its instrument refuses."""
    fields = top.mapping("answers", "answers")
    found: dict[str, Answers] = {}
    for name, node in fields.node.value.items():
        if name not in instruments:
            message = f"there is no instrument {name!r}{nearest(name, instruments)}"
            fields.report(message, fields.node.keys[name], "unknown_instrument")
        elif isinstance(node.value, tuple | dict):
            for item, problem in answer_problems(instruments[name], node.plain).items():
                fields.problems.append(problem.at(_item_place(node, item, instruments[name])))
            found[name] = node.plain if isinstance(node.value, dict) else tuple(node.plain)
        elif node.value is not None:
            message = f"the answers to {name} should be a list in item order or a map of item ids, not {node.shown}"
            fields.report(message, node.location, "type")
    return found


def _item_place(node: Node, item: str, instrument: Instrument) -> Location:
    """Where the answer to an item stands; where the answers as a whole do for a problem of them all."""
    if isinstance(node.value, dict):
        return node.keys[item] if item not in instrument.item and item in node.keys else _of(node.value, item, node)
    return _of(dict(zip((each.id for each in instrument.items), node.value, strict=False)), item, node)


def _of(nodes: Mapping[str, Node], item: str, whole: Node) -> Location:
    return nodes.get(item, whole).location


def read_scores(top: Fields, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> dict[str, Value]:
    """The scores by fact; an instrument's name alone means its total, else its only score."""
    fields = top.mapping("scores", "scores")
    known = _known(vocabulary, instruments) if fields.node.value else {}
    found: dict[str, Value] = {}
    for key, node in fields.node.value.items():
        if node.value is None:
            continue
        name = _name(fields, key, known, instruments)
        if name is None:
            continue
        if isinstance(node.value, dict):
            message = f"write each score of {key} by itself, as in {name}: …, not as a mapping"
            fields.report(message, node.location, "type")
            continue
        if name in found:
            fields.report(f"the score {name} is given twice", fields.node.keys[key], "duplicate")
        value = checked(fields, key, node, known[name])
        if value is not None:
            found[name] = value
    return found


def _known(vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> dict[str, FactDefinition]:
    """Every score there is, as the vocabulary defines it where it does."""
    return {each.id: vocabulary.facts.get(each.id, each) for each in score_facts(instruments.values())}


def _name(
    fields: Fields, key: str, known: Mapping[str, FactDefinition], instruments: Mapping[str, Instrument]
) -> str | None:
    """The score that a key means."""
    if key in known:
        return key
    if key in instruments:
        scores = [name for name in known if name.startswith(f"{key}.")]
        if f"{key}.total" in scores:
            return f"{key}.total"
        if len(scores) == 1:
            return scores[0]
        message = f"{key} has several scores and none is its total; write one of {', '.join(scores)}"
        fields.report(message, fields.node.keys[key], "ambiguous")
        return None
    message = f"there is no score {key!r}{nearest(key, [*known, *instruments])}"
    fields.report(message, fields.node.keys[key], "unknown_score")
    return None


def refuse_disagreement(fields: Fields, assessment: Assessment, instruments: Mapping[str, Instrument]) -> None:
    """Note every score that is given and that the answers, given too, do not make; and goals that cannot be scored."""
    try:
        scored = score_assessment(assessment, instruments)
    except AnswerError as error:
        fields.problems.extend(problem.at(fields.place("goals")) for problem in error.problems)
        return
    made = {f"{name}.{each}": value for name, result in scored.items() for each, value in result.scores.items()}
    for name, given in assessment.scores.items():
        value = made.get(name)
        if value is not None and not _same(given, value):
            message = f"the score {name} is {_plain(given)}, but the answers make {_plain(value)}; correct one of them"
            fields.report(message, _place(fields, name), "contradiction")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str):
        return one is other if isinstance(one, bool) else bool(one == other)
    return math.isclose(one, other, rel_tol=0, abs_tol=EXACT)


def _place(top: Fields, name: str) -> Location:
    """Where a score stands, under its own name or its instrument's."""
    scores = top.mapping("scores", "scores")
    return scores.place(name if name in scores.node.value else name.split(".", maxsplit=1)[0])


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
