"""A document as PDF: the same bytes every time, from bundled fonts only, behind a locked door."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from careplan.errors import RenderError
from careplan.plan.editions import Edition
from careplan.plan.model import SignOff
from careplan.render.formats import FORMATS
from careplan.render.html import bare_html
from careplan.render.pdf import pdf
from tests.render.printed import everything, fonts, pages
from tests.render.whole_documents import SIGNED, document_of, templates

EDITIONS: tuple[Edition, ...] = ("patient", "clinician")
BUNDLED = {"Atkinson-Hyperlegible", "Atkinson-Hyperlegible-Bold", "DejaVu-Sans", "DejaVu-Sans-Bold"}


PICTURE_IN_A_PICTURE = (
    "data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 width=%229%22 height=%229%22>"
    "<image href=%22file:///etc/passwd%22 width=%229%22 height=%229%22/></svg>"
)
A4 = (0, 0, 595.275591, 841.889764)


@cache
def printed(name: str, edition: Edition, signed: SignOff | None = None) -> bytes:
    return FORMATS["pdf"].render(document_of(name, edition, signed=signed), templates())


def test_a_document_holds_only_bundled_fonts() -> None:
    assert fonts(printed("swimmer", "clinician")) <= BUNDLED
    assert fonts(printed("swimmer", "patient")) <= BUNDLED


def test_letters_that_no_bundled_font_has_take_no_font_of_the_machine() -> None:
    assert fonts(pdf("<html lang=zh><title>x</title><p>你好 नमस्ते ≥ ≤ − ☎ Ω א")) <= BUNDLED


@pytest.mark.parametrize(
    "content",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="https://127.0.0.1:9/x.png">',
        '<img src="ftp://127.0.0.1:9/x.png">',
        '<img src="relative.png">',
        '<img src="careplan:../pyproject.toml">',
        '<link rel=attachment href="file:///etc/passwd">',
        '<a rel=attachment href="file:///etc/passwd">x</a>',
        '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
        "<style>@import url(file:///etc/passwd);</style>",
        "<style>@font-face { font-family: X; src: url(file:///etc/passwd) } p { font-family: X }</style>",
        '<style>p { background: url("http://127.0.0.1:9/x.png") }</style>',
        '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        f'<svg width="9" height="9"><image href="{PICTURE_IN_A_PICTURE}" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
        '<base href="http://127.0.0.1:9/"><img src="x.png">',
    ],
)
def test_nothing_but_bundled_fonts_and_data_is_fetched(content: str) -> None:
    with pytest.raises(RenderError, match=r"the document asks for \S*(passwd|x\.|relative|pyproject)"):
        pdf(f"<html lang=en><title>x</title><body><p>{content}</p>")


def test_a_font_that_is_not_bundled_is_refused_by_name() -> None:
    with pytest.raises(RenderError, match="there is no bundled font '../page.css'"):
        pdf("<title>x</title><style>@font-face { font-family: X; src: url('careplan:fonts/../page.css') }</style>")


def test_a_picture_inside_the_page_is_printed() -> None:
    dot = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
        "hgGAWjR9awAAAABJRU5ErkJggg=="
    )
    assert pdf(f'<html lang=en><title>x</title><img alt=dot src="{dot}">').startswith(b"%PDF-1.7")


IN_ANOTHER_PROCESS = """
import hashlib, sys
sys.path.insert(0, {root!r})
from tests.render.test_pdf import printed
for edition in ("patient", "clinician"):
    print(hashlib.sha256(printed("swimmer", edition)).hexdigest())
"""


def test_the_bytes_are_the_same_in_every_process_zone_and_locale() -> None:
    script = IN_ANOTHER_PROCESS.format(root=str(Path(__file__).parents[2]))
    others = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, "TZ": zone, "LANG": locale, "LC_ALL": locale, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for zone, locale, seed in (("Pacific/Auckland", "tr_TR.UTF-8", "1"), ("America/Lima", "C", "2"))
    ]
    wanted = [hashlib.sha256(printed("swimmer", each)).hexdigest() for each in EDITIONS]
    assert [process.communicate()[0].split() for process in others] == [wanted, wanted]


def test_a_withheld_plan_prints_one_urgent_page_alone() -> None:
    for edition in EDITIONS:
        (page,) = pages(printed("harbour-worker", edition))
        assert "988" in page
        assert "Suicide risk is high" in page
        assert "My next step" not in page
        assert "Scores" not in page


def test_eight_emergencies_at_once_still_fit_one_page() -> None:
    facts = {
        "red_flag.saddle_anaesthesia": True, "red_flag.myelopathy": True, "red_flag.fever": True,
        "red_flag.immunosuppressed": True, "red_flag.infection_pattern": True, "red_flag.thunderclap": True,
        "red_flag.dvt_pe": True, "finding.sedated_now": True, "cssrs.incomplete": True,
        "safety.exercise_unsafe": True,
    }  # fmt: skip
    for edition in EDITIONS:
        made = document_of("harbour-worker", edition, facts=facts)
        assert len(made.open_emergencies) == 8
        assert len(pages(pdf(bare_html(made, templates())))) == 1


def test_every_page_is_marked_as_a_draft_until_somebody_has_signed() -> None:
    for edition in EDITIONS:
        assert all("Draft." in page for page in pages(printed("swimmer", edition)))
        assert not any("Draft." in page for page in pages(printed("swimmer", edition, SIGNED)))


def test_the_patients_file_holds_no_trace_of_a_confidential_rule() -> None:
    facts = {"finding.abuse_current": True, "finding.support_person_willing": True}
    whole = everything(FORMATS["pdf"].render(document_of("gardener", "clinician", facts=facts), templates()))
    assert "SAF-23" in whole
    assert "Abuse or coercion disclosed" in whole
    patients = document_of("gardener", "patient", facts=facts, signed=SIGNED)
    shown = everything(FORMATS["pdf"].render(patients, templates()))
    for trace in ("SAF-23", "PNE-06", "abuse", "Abuse", "coercion", "partner", "Bring someone", "onfidential"):
        assert trace not in shown


def test_the_clinicians_file_holds_the_plan_as_json_and_the_patients_holds_no_file() -> None:
    with pikepdf.open(io.BytesIO(printed("swimmer", "clinician"))) as document:
        (file,) = document.attachments.values()
        assert file.filename == "plan.json"
        assert file.get_file().read_bytes() == FORMATS["json"].render(document_of("swimmer", "clinician"), templates())
        assert file.get_file().creation_date == datetime(2026, 3, 2, tzinfo=UTC)
        assert document.Root.AF[0].AFRelationship == "/Data"
    with pikepdf.open(io.BytesIO(printed("swimmer", "patient"))) as document:
        assert not document.attachments
        assert "/AF" not in document.Root


def test_why_advice_helps_never_stands_on_a_page_without_the_end_of_the_advice() -> None:
    """The space above grows until the page ends first behind the reason, then within it, then before it."""
    begun = set()
    for filled in range(221, 251, 2):
        text = (
            f'<title>x</title><body class=patient><section class="advice long"><p style="height:{filled}mm"></p>'
            "<p>end</p><p class=why>Why this helps: it is a reason that is told in more words than go on a "
            "single line of the page, so that the page could end in its middle.</p></section>"
        )
        begun |= {page[:3] for page in pages(pdf(text))[1:]}
    assert begun == {"end"}


def test_a_file_says_its_language_title_day_and_headings() -> None:
    with pikepdf.open(io.BytesIO(printed("swimmer", "patient"))) as document:
        assert document.Root.Lang == "en-GB"
        assert document.docinfo["/Title"] == "My plan for living with pain"
        assert document.docinfo["/CreationDate"] == "D:20260302"
        assert document.Root.MarkInfo.Marked
        with document.open_outline() as outline:
            (top,) = outline.root
            assert [each.title for each in top.children][:3] == [
                "What matters most to me",
                "My next steps",
                "Get help today",
            ]


def test_missing_system_libraries_are_named_with_what_to_install(tmp_path: Path) -> None:
    """A stand-in for WeasyPrint raises what it raises on a machine without Pango."""
    (tmp_path / "weasyprint.py").write_text(
        "raise OSError(\"cannot load library 'libgobject-2.0-0': no such file\\nhint\")"
    )
    done = subprocess.run(
        [sys.executable, "-c", "from careplan.render.pdf import pdf; pdf('<p>')"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RenderError: a system library is missing (cannot load library 'libgobject-2.0-0'" in done.stderr
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in done.stderr
