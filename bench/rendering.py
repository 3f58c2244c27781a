"""One edition as PDF, warm, beside WeasyPrint alone on the same HTML with shared fonts and style."""

from __future__ import annotations

from pathlib import Path

from bench.people import knowledge
from bench.timing import medians, table
from careplan.cli.cases import read_case
from careplan.plan.editions import Edition
from careplan.render.document import Document
from careplan.render.formats import FORMATS
from careplan.render.html import bare_html
from careplan.render.pdf import press
from careplan.service import make_document, make_plan

EXAMPLE = Path(__file__).parents[1] / "examples" / "fibromyalgia.yaml"


def run(rounds: int) -> str:
    """A table for each edition."""
    return "\n".join(_edition(edition, rounds) for edition in ("clinician", "patient"))


def _edition(edition: Edition, rounds: int) -> str:
    page, templates = _document(edition), knowledge().templates
    html, shared = bare_html(page, templates), press()

    def alone() -> bytes:
        source = shared.weasyprint.HTML(string=html, base_url="careplan:page", url_fetcher=shared.fetcher)
        printed: bytes = source.write_pdf(
            stylesheets=[shared.styles["colour"]], font_config=shared.fonts, pdf_variant="pdf/a-3a"
        )
        return printed

    found = medians(
        {"careplan, document to PDF": lambda: FORMATS["pdf"].render(page, templates), "WeasyPrint alone": alone}, rounds
    )
    return table(f"The {edition}'s edition of one example, warm", found, "WeasyPrint alone")


def _document(edition: Edition) -> Document:
    known = knowledge()
    assessment = read_case(str(EXAMPLE), known, None)
    plan, facts = make_plan(assessment, known)
    return make_document(plan, assessment, facts, known, edition)
