"""The documentation is whole: what there is has its place in it, generated pages are fresh, links lead somewhere."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image

from careplan import hookspecs
from careplan.assessment import (
    Activity,
    Allergy,
    Assessment,
    CareTeamMember,
    Checklist,
    Clearance,
    Goal,
    Medication,
    Person,
)
from careplan.instruments import Instrument, builtin_instruments
from careplan.instruments.model import Score
from careplan.instruments.read import instrument_from_text
from careplan.intake import read_assessment
from careplan.knowledge import load_knowledge
from careplan.render.json import plan_json
from careplan.rules.ruleset import Citation, Contradiction, Effects, Part, Rule
from careplan.testing import plan_for
from careplan.vocabulary.read import builtin_vocabulary
from tests.docs.pages import PAGES, ROOT, blocks

DOCS = ROOT / "docs"
PICTURE = DOCS / "images" / "patient-page-1.png"
GENERATED = {
    "cli.md": ("cli_pages.py", "page"),
    "facts.md": ("fact_pages.py", "page"),
    "hooks.md": ("hook_pages.py", "page"),
    "questionnaires.md": ("instrument_pages.py", "questionnaires"),
}
"""The pages that are written from the code, with the script and the function that write them."""


@cache
def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / name))


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def unnamed(page: str, *kinds: type, but: dict[str, str | None]) -> list[str]:
    """The fields of the kinds that a page does not name as code; ``but`` says what they are called where it differs."""
    fields = [each.name for kind in kinds for each in attrs.fields(kind)]
    called = [but.get(name, name) for name in dict.fromkeys(fields)]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", text(page)))))
    return [name for name in called if name is not None and name not in words]


@pytest.mark.parametrize("page", GENERATED)
def test_a_generated_page_is_what_the_code_says(page: str) -> None:
    name, function = GENERATED[page]
    assert text(page) == script(name)[function](), f"docs/{page} is stale; run: make docs"


def test_the_table_of_instruments_is_what_the_code_says() -> None:
    page = text("instruments.md")
    assert page == script("instrument_pages.py")["instruments"](page), "docs/instruments.md is stale; run: make docs"


def test_every_command_has_its_part_of_the_page() -> None:
    commands = script("cli_pages.py")
    paths = [each.command_path for each in commands["commands"](commands["_context"](commands["cli"], "careplan"))]
    assert "careplan rules test" in paths
    assert [each for each in paths if f"\n## `{each}`\n" not in text("cli.md")] == []
    assert "\\b" not in text("cli.md")


@pytest.mark.parametrize("page", ["hooks.md", "plugins.md"])
def test_every_hook_is_told_of(page: str) -> None:
    hooks = [name for name in vars(hookspecs) if name.startswith("careplan_")]
    assert [each for each in hooks if each not in text(page)] == []


def test_every_instrument_is_listed_with_its_licence_and_scores() -> None:
    rows = [line for line in text("instruments.md").splitlines() if line.startswith("| `")]
    for each in builtin_instruments().values():
        (row,) = (line for line in rows if line.startswith(f"| `{each.id}` | ["))
        assert each.licence.note.replace("|", "\\|") in row
        assert [score.id for score in each.scores if f"`{score.id}`" not in row] == []


def test_every_item_and_score_is_in_the_reference() -> None:
    parts = re.split(r"\n## ", text("questionnaires.md"))[1:]
    sections = {part.partition("\n")[0]: part for part in parts}
    assert list(sections) == list(builtin_instruments())
    for name, each in builtin_instruments().items():
        named = [*(item.id for item in each.items), *(each.fact(score.id) for score in each.scores)]
        assert [word for word in named if f"`{word}`" not in sections[name]] == []


def test_every_fact_is_in_the_reference_under_its_group() -> None:
    page = text("facts.md")
    for group in builtin_vocabulary().groups:
        assert f"\nGroup `{group}`.\n" in page
        (part,) = (each for each in page.split("\n## ") if f"\nGroup `{group}`.\n" in each)
        facts = [each.id for each in builtin_vocabulary() if each.group == group and not each.score]
        assert [each for each in facts if f"\n| `{each}`" not in part] == []


def test_every_field_of_an_intake_is_told_of() -> None:
    kinds = (Assessment, Person, Checklist, Medication, Allergy, Goal, Activity, CareTeamMember, Clearance)
    assert unnamed("intake.md", *kinds, but={}) == []


def test_every_field_of_a_rule_is_told_of() -> None:
    but: dict[str, str | None] = {"location": None, "holds_tags": "holds", "holds_rules": "holds"}
    assert unnamed("rules.md", Rule, Part, Effects, Citation, Contradiction, but=but) == []


def test_every_key_of_a_plan_is_told_of() -> None:
    plan = plan_json(plan_for(ROOT / "examples" / "fibromyalgia.yaml"))
    keys = [*plan, *plan["recommendations"][0]]
    assert [key for key in keys if f"`{key}`" not in text("plans.md")] == []


def test_every_field_of_an_instrument_is_told_of() -> None:
    but: dict[str, str | None] = {"location": None, "type": None}
    assert unnamed("instruments.md", Instrument, Score, but=but) == []


def test_every_rule_of_every_ruleset_is_in_the_changelog() -> None:
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for versions in load_knowledge().versions.values():
        for ruleset in versions:
            start = f"| {ruleset.id} | {ruleset.version} | {ruleset.effective} | "
            (row,) = (line.removeprefix(start) for line in page.splitlines() if line.startswith(start))
            rules = [*(each.id for each in ruleset.rules), *(each.id for each in ruleset.contradictions)]
            assert sorted(_listed(row)) == sorted(rules), row


def _listed(row: str) -> Iterator[str]:
    """``SAF-01 to SAF-03`` is SAF-01, SAF-02 and SAF-03."""
    for letters, first, last in re.findall(r"([A-Z]+-?)(\d+)(?: to [A-Z]+-?(\d+))?", row):
        for number in range(int(first), int(last or first) + 1):
            yield f"{letters}{number:0{len(first)}}"


def test_every_fragment_of_an_intake_can_be_read() -> None:
    knowledge = load_knowledge()
    start = "careplan: intake/1\nid: a\ndate: 2026-03-02\nperson: {birth_date: 1983-05-04}\n"
    fragments = [each for each in blocks(DOCS / "intake.md") if each.language == "yaml" and not each.file]
    assert len(fragments) >= 5
    for each in fragments:
        read_assessment(
            (start + each.text).encode(),
            name=f"intake.md:{each.line}",
            on=date(2026, 12, 31),
            vocabulary=knowledge.vocabulary,
            instruments=knowledge.instruments,
        )


def test_the_instrument_that_is_shown_is_one() -> None:
    (definition,) = (each for each in blocks(DOCS / "instruments.md") if each.language == "yaml")
    assert instrument_from_text(definition.text, "instruments.md").id == "stiff"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src="([^"]+)"', prose)
    dead = []
    for target in targets:
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)
    assert dead == []


def anchors(page: Path) -> list[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]


def test_the_picture_is_small_and_shown() -> None:
    assert PICTURE.stat().st_size < 150_000
    with Image.open(PICTURE) as picture:
        assert picture.width / picture.height == pytest.approx(210 / 297, abs=0.01)
    assert PICTURE.relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text(encoding="utf-8")
