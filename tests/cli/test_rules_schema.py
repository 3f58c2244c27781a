"""``careplan rules schema``: the schema as a file of JSON, with what plugins bring."""

from __future__ import annotations

import json

from careplan.knowledge import Knowledge
from careplan.rules.schema import ruleset_schema
from tests.cli.conftest import Run
from tests.docs.pages import ROOT


def test_the_schema_is_printed_as_the_documentation_has_it(run: Run, knowledge: Knowledge) -> None:
    code, out, err = run("rules", "schema")
    assert (code, err) == (0, "")
    assert out == (ROOT / "docs" / "ruleset.schema.json").read_text(encoding="utf-8")
    assert json.loads(out) == ruleset_schema(knowledge.tags, knowledge.vocabulary.types)
