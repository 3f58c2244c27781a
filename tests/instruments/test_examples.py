"""Every worked example of every instrument, computed by an independent scorer, comes out as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from careplan.errors import AnswerError
from careplan.instruments import builtin_instruments, score

EXAMPLES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "data" / "instrument_examples.json").read_text(encoding="utf-8")
)


def outcome(instrument: str, example: dict[str, Any]) -> dict[str, Any]:
    try:
        scored = score(builtin_instruments()[instrument], example["answers"], {"sex": example.get("sex")})
    except AnswerError as error:
        return {"error": error.problems[0].code}
    return {
        "scores": dict(scored.scores),
        "bands": dict(scored.bands),
        "answered": [scored.answered, scored.of],
        "prorated": [name for name, prorated in scored.prorated.items() if prorated],
    }


def expected(example: dict[str, Any]) -> dict[str, Any]:
    if "error" in example:
        return {"error": example["error"]}
    return {"bands": {}, "prorated": []} | {
        key: example[key] for key in ("scores", "bands", "answered", "prorated") if key in example
    }


@pytest.mark.parametrize("instrument", EXAMPLES)
def test_an_instrument_scores_its_examples_exactly(instrument: str) -> None:
    for example in EXAMPLES[instrument]:
        assert outcome(instrument, example) == expected(example), f"{example['why']}: {example['answers']}"


def test_every_instrument_has_examples_and_none_was_lost() -> None:
    assert set(EXAMPLES) == set(builtin_instruments())
    assert sum(map(len, EXAMPLES.values())) == 2181


def test_a_whole_score_is_an_int_and_a_decimal_one_a_float() -> None:
    instruments = builtin_instruments()
    assert repr(score(instruments["peg"], [4, 4, 4]).scores["mean"]) == "4.0"
    assert repr(score(instruments["phq2"], [1, 1.0]).scores["total"]) == "2"
    assert score(instruments["rls"], [1]).scores["positive"] is True
