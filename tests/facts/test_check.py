"""A vocabulary is refused when a fact in it could never be known."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.cql import Type
from careplan.errors import VocabularyError
from careplan.facts import check_roads
from careplan.instruments import builtin_instruments
from careplan.vocabulary.model import FactDefinition, Vocabulary
from careplan.vocabulary.read import builtin_vocabulary


def problems(functions: Any = None, **road: Any) -> list[str]:
    fact = FactDefinition("pool.it", Type.INTEGER, "It", "pool", **road)
    with pytest.raises(VocabularyError) as error:
        check_roads(Vocabulary({fact.id: fact}), builtin_instruments(), functions or {})
    return [problem.message for problem in error.value.problems]


def test_every_road_of_the_built_in_vocabulary_leads_somewhere() -> None:
    check_roads(builtin_vocabulary(), builtin_instruments(), {})


@pytest.mark.parametrize(
    ("road", "message"),
    [
        ({"compute": "aeg"}, "pool.it: there is no function 'aeg'; did you mean 'age'?"),
        (
            {"compute": "answered"},
            "pool.it: answered cannot be called with these arguments: missing a required argument: 'instrument'",
        ),
        ({"score": "isi.totl"}, "pool.it: isi has no score 'totl'; did you mean 'total'?"),
        ({"score": "iis.total"}, "pool.it: there is no instrument 'iis'; did you mean 'isi'?"),
        ({"intake": ("person.heigth_cm",)}, "pool.it: a person has no 'heigth_cm'; did you mean 'height_cm'?"),
        ({"intake": ("answers.pegg.i1",)}, "pool.it: there is no instrument 'pegg'; did you mean 'peg'?"),
        ({"intake": ("answers.peg.pain",)}, "pool.it: peg has no item 'pain'"),
    ],
)
def test_a_road_that_leads_nowhere_is_named(road: dict[str, Any], message: str) -> None:
    assert problems(**road) == [message]


def test_a_plugin_may_not_take_the_name_of_a_built_in_function() -> None:
    assert problems({"age": len}, compute="age") == [
        "'age' is the name of a built-in function; call the plugin's otherwise"
    ]
