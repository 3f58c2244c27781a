"""``careplan rules pages``: what the pages of the project say, and how a stale one is found."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.distributions import BUILT_IN

PAGES = Path(__file__).parents[2] / "docs" / "rules"


def test_the_pages_of_the_project_are_what_the_rulesets_say(run: Run) -> None:
    assert run("rules", "pages", "-o", PAGES, "--check") == (0, "", "")


def test_every_ruleset_has_a_page_and_the_first_leads_to_every_rule(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("rules", "pages", "-o", tmp_path / "pages")
    assert (code, len(out.splitlines())) == (0, len(BUILT_IN) + 1)
    index, sleep = ((tmp_path / "pages" / name).read_text(encoding="utf-8") for name in ("README.md", "sleep.md"))
    assert "[SLP-03](sleep.md#slp-03)" in index
    assert '<a id="slp-03"></a>\n\n## SLP-03 A set sleep window\n' in sleep
    assert "- all of these\n  - Insomnia Severity Index — 15 or more\n" in sleep
    assert "```cql\nisi.total >= 15 and sleep.efficiency < 85\n```" in sleep
    assert "**Unverified:** floor of 5.5 h is a convention" in sleep
    assert "- sleep@2026.1, from 2026-01-01: new" in sleep


def test_a_page_that_is_stale_missing_or_of_no_ruleset_is_found_and_mended(run: Run, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    assert run("rules", "pages", "-o", pages)[0] == 0
    (pages / "sleep.md").write_text("old", encoding="utf-8")
    (pages / "stress.md").unlink()
    code, out, _ = run("rules", "pages", "-o", pages, "--check")
    assert code == 1
    assert out == (
        f"✘ {pages / 'sleep.md'} is stale; run: careplan rules pages -o {pages}\n"
        f"✘ {pages / 'stress.md'} is missing; run: careplan rules pages -o {pages}\n"
    )
    assert run("rules", "pages", "-o", pages)[:2] == (0, f"{pages / 'sleep.md'}\n{pages / 'stress.md'}\n")
    (pages / "yoga.md").write_text("of old", encoding="utf-8")
    assert run("rules", "pages", "-o", pages)[:2] == (
        1,
        f"✘ {pages / 'yoga.md'} is the page of no ruleset; remove it\n",
    )
