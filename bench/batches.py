"""Many cases as PDF by one process and by two, beside WeasyPrint alone and Chromium on the same pages."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.people import knowledge
from bench.timing import medians
from careplan.cli.cases import read_case
from careplan.cli.generate import EDITIONS, Press, renderer
from careplan.cli.workers import in_order
from careplan.plan.model import SignOff
from careplan.render.html import bare_html, html
from careplan.render.pdf import press as weasyprint
from careplan.service import Request, make_document, make_plan

EXAMPLES = Path(__file__).parents[1] / "examples"
CASES = [str(EXAMPLES / f"{name}.yaml") for name in 4 * ("fibromyalgia",) + 2 * ("shift-worker", "minimal")]
REQUEST = Request(sign_off=SignOff("Dr Bell", "GP"))


def run(rounds: int) -> str:
    """Pages a second of each way, and of that of WeasyPrint alone."""
    pages = _pages()
    ways: dict[str, Callable[[], object]] = {
        "WeasyPrint alone, one process": lambda: _alone([bare for bare, _ in pages]),
        "WeasyPrint alone, two processes": lambda: _alone_in_two([bare for bare, _ in pages]),
        "careplan, intake to PDF, --jobs 1": lambda: _careplan(1),
        "careplan, intake to PDF, --jobs 2": lambda: _careplan(2),
    }
    if chromium := shutil.which("chromium"):
        ways["Chromium headless, a process a page"] = lambda: _chromium(chromium, [whole for _, whole in pages])
    found = medians(ways, max(1, rounds // 7), collecting=True)
    alone = found["WeasyPrint alone, one process"]
    lines = [f"{len(CASES)} cases, {len(pages)} documents, {os.cpu_count()} processors"]
    for name, seconds in found.items():
        lines.append(f"  {name:<36} {len(pages) / seconds:6.2f} documents a second   {alone / seconds:5.2f} ×")
    one, two = (found[f"careplan, intake to PDF, --jobs {jobs}"] for jobs in (1, 2))
    most = alone / found["WeasyPrint alone, two processes"]
    lines.append(f"  two processes do {one / two:.2f} times what one does (WeasyPrint alone: {most:.2f})")
    if not chromium:
        lines.append("  (Chromium is not installed: apt-get install chromium)")
    return "\n".join(lines)


def _pages() -> list[tuple[str, str]]:
    """The documents of all cases: as WeasyPrint is given them, and with their style in them."""
    known = knowledge()
    found = []
    for case in CASES:
        assessment = read_case(case, known, None)
        plan, facts = make_plan(assessment, known, REQUEST)
        for edition in EDITIONS["both"]:
            document = make_document(plan, assessment, facts, known, edition)
            found.append((bare_html(document, known.templates), html(document, known.templates)))
    return found


def _alone(pages: Sequence[str]) -> None:
    shared = weasyprint()
    for page in pages:
        source = shared.weasyprint.HTML(string=page, base_url="careplan:page", url_fetcher=shared.fetcher)
        source.write_pdf(stylesheets=[shared.styles["colour"]], font_config=shared.fonts, pdf_variant="pdf/a-3a")


def _alone_in_two(pages: Sequence[str]) -> None:
    forked = multiprocessing.get_context("fork")
    processes = [forked.Process(target=_alone, args=(pages[half::2],)) for half in (0, 1)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()


def _careplan(jobs: int) -> None:
    known = knowledge()
    maker = Press(known, REQUEST, lambda name: read_case(name, known, None), renderer("pdf", known), EDITIONS["both"])
    for made in in_order(maker.made, CASES, jobs):
        if isinstance(made, Exception):
            raise made


def _chromium(program: str, pages: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pages):
            source, printed = Path(folder, f"{number}.html"), Path(folder, f"{number}.pdf")
            source.write_text(page, encoding="utf-8")
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"]
            options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
            command = [program, *options, f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}"]
            subprocess.run([*command, source.as_uri()], check=True, capture_output=True)
