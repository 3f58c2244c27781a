"""Hostile text in every free-text field of an intake: printed as text, nothing fetched, nothing run, pages intact."""

from __future__ import annotations

import http.server
import io
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from typing import Any

import attrs
import pikepdf
import pytest
import yaml
from weasyprint.formatting_structure import boxes

from careplan.assessment import Assessment
from careplan.errors import IntakeError, RenderError
from careplan.intake import read_assessment
from careplan.intake.limits import LONGEST_LINE, LONGEST_TEXT
from careplan.plan.editions import Edition
from careplan.render.formats import attached
from careplan.render.html import bare_html
from careplan.render.pdf import laid_out, pdf
from careplan.render.pdf import written as as_file
from careplan.service import Request, make_plan
from careplan.testing import knowledge
from tests.render.examples import EXAMPLES, READ_ON, SIGNED, signed_document
from tests.render.printed import fonts, pages
from tests.render.test_page_breaks import within

EDITIONS: tuple[Edition, ...] = ("patient", "clinician")
Path = tuple[str | int, ...]
DECIDED = {"by": "Dr Ola Example", "role": "GP", "on": "2026-03-02", "until": "2026-06-01"}
BEYOND_THE_EXAMPLE: Mapping[str, Any] = {
    "previous": "autumn",
    "cleared": [{"rule": "SAF-06", "by": "Dr Ola Example", "role": "GP", "on": "2026-03-02", "reason": "Seen today."}],
    "overrides": [
        {"rule": "EXR-02", "do": "change", **DECIDED, "reason": {"code": "patient_choice", "text": "She prefers it."},
         "title": "Stronger", "patient": "Lift a tin. Put it down.", "clinician": "As in the gym."},
        {"rule": "ADD-01", "do": "add", **DECIDED, "reason": {"code": "new_information", "text": "A class."},
         "modality": "exercise", "title": "A class", "patient": "Go there.", "tags": ["flex"], "helps": ["activity"]},
    ],
}  # fmt: skip
HOSTILE = {
    "markup": '</td></bdi></section><script>alert(1)</script><img src="http://127.0.0.1:9/x" onerror=alert(1)>&lt;!--',
    "template": '{{ 7777 * 3 }}{% include "base/help.html" %}{{ document.__class__ }}{# gone #}',
    "address": "http://127.0.0.1:9/x.png file:///etc/passwd javascript:alert(1) url(file:///etc/passwd)",
    "style": "</style><style>* { display: none } @import url(file:///etc/passwd);</style>",
    "emoji": "😀 👩‍🔬 🇩🇪 ❤️ tired",
    "other letters": "\u2067שלום\u2069 مرحبا 你好 नमस्ते Z̸̡͉a͇l͠g̡o",
}
LONG = "(" + "W" * (LONGEST_LINE - 1)
VOID = {"br", "col", "input", "link", "meta"}


@cache
def intake() -> dict[str, Any]:
    """An intake in which every text that may be written is written."""
    text = (EXAMPLES / "fibromyalgia.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text), default=str))
    found |= deepcopy(dict(BEYOND_THE_EXAMPLE))
    found["red_flags"] = {"present": ["saddle_anaesthesia", "other"], "other_text": "A lump", "reviewed": True}
    found["measures"]["creatinine"] = {"value": 68, "unit": "umol/L"}  # YAML 1.1 reads its "on" as true
    return found


def read(written: Mapping[str, Any]) -> Assessment:
    known = knowledge()
    return read_assessment(
        json.dumps(written).encode(),
        name="hostile",
        on=READ_ON,
        vocabulary=known.vocabulary,
        instruments=known.instruments,
    )


def strings(node: Any, path: Path = ()) -> Iterator[Path]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        if isinstance(value, str):
            yield (*path, key)
        else:
            yield from strings(value, (*path, key))


def replaced(paths: Mapping[Path, str]) -> dict[str, Any]:
    written = deepcopy(intake())
    for path, text in paths.items():
        holder: Any = written
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = text
    return written


@cache
def free() -> tuple[Path, ...]:
    """The places of an intake where anything may be written."""
    return tuple(path for path in strings(intake()) if _accepted(replaced({path: "<i>{{ anything }}</i> http://77"})))


def _accepted(written: Mapping[str, Any]) -> bool:
    try:
        make_plan(read(written), knowledge(), Request(sign_off=SIGNED))
    except IntakeError:
        return False
    return True


def document_text(written: Mapping[str, Any], edition: Edition) -> str:
    known = knowledge()
    return bare_html(signed_document(read(written), edition, known), known.templates)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", (data,)))


def tags(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page in their order, each with the names of its attributes."""
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return parser.found


def harmless(text: str) -> str:
    """A text of the same length and words without anything special."""
    return re.sub(r"[^\w\s]", "x", text)


def test_the_intake_of_this_test_holds_every_text_that_the_model_has() -> None:
    unwritten: dict[str, bool] = {}

    def look(value: Any) -> None:
        if isinstance(value, tuple):
            for each in value:
                look(each)
        elif attrs.has(type(value)):
            for each in attrs.fields(type(value)):
                own = getattr(value, each.name)
                if "str" in str(each.type) and each.name != "location":
                    name = f"{type(value).__name__}.{each.name}"
                    unwritten[name] = unwritten.get(name, True) and not own
                look(own)

    look(read(intake()))
    left_out = {name for name, is_so in unwritten.items() if is_so}
    words_of_lists = {"Checklist.denied", "Assessment.medications_denied", "Assessment.medications_claimed"}
    assert left_out <= {*words_of_lists, "Assessment.scores"}
    assert len(free()) > 50
    assert signed_document(read(intake()), "clinician", knowledge()).plan.status == "signed"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_written_anywhere_makes_no_element_and_no_attribute(kind: str, edition: Edition) -> None:
    text = HOSTILE[kind]
    page = document_text(replaced(dict.fromkeys(free(), text)), edition)
    assert tags(page) == tags(document_text(replaced(dict.fromkeys(free(), harmless(text))), edition))
    assert "23331" not in page


@pytest.mark.parametrize("path", ["matters_most", "person"])
@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\u0085", "\u202e", "\ufffe"])
def test_characters_that_are_no_text_are_refused_with_their_place(path: str, letter: str) -> None:
    place: Path = (path,) if path == "matters_most" else (path, "name")
    with pytest.raises(IntakeError) as refused:
        read(replaced({place: f"evil{letter}"}))
    (problem,) = refused.value.problems
    assert problem.location is not None
    assert (problem.location.file, problem.location.line) == ("hostile", 1)


def test_a_word_of_ten_thousand_letters_is_refused_everywhere() -> None:
    with pytest.raises(IntakeError) as refused:
        read(replaced(dict.fromkeys(free(), "W" * 10_000)))
    assert len(refused.value.problems) == len(free())


def beyond_the_edge(page: Any) -> list[str]:
    """The texts that are not wholly within the edges of the page."""
    texts = (each for each in within(page._page_box) if isinstance(each, boxes.TextBox))
    return [each.text for each in texts if each.position_x < 0 or each.position_x + each.width > page.width]


@pytest.mark.parametrize("edition", EDITIONS)
def test_pages_stay_whole_and_hold_no_file_no_address_and_no_font_of_the_machine(edition: Edition) -> None:
    kinds = [*HOSTILE.values(), LONG]
    written = replaced({path: kinds[number % len(kinds)] for number, path in enumerate(free())})
    written["matters_most"] = "W" * LONGEST_TEXT
    document = signed_document(read(written), edition, knowledge())
    text = bare_html(document, knowledge().templates)
    laid = laid_out(text)
    beyond = [each for page in laid.pages for each in beyond_the_edge(page)]
    assert beyond == []
    content = as_file(laid, text, attached(document))
    assert {each.split("-")[0] for each in fonts(content)} <= {"Atkinson", "DejaVu"}
    assert sum(page.count("W") for page in pages(content)) >= LONGEST_TEXT
    with pikepdf.open(io.BytesIO(content)) as file:
        assert {tuple(round(float(each)) for each in page.mediabox) for page in file.pages} == {(0, 0, 595, 842)}
        assert set(file.attachments) == ({"plan.json"} if edition == "clinician" else set())
        kinds_of_action = {
            str(each.get("/S")) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each
        }
        assert not kinds_of_action & {"/URI", "/JavaScript", "/Launch", "/GoToR", "/SubmitForm"}


class _Door(http.server.BaseHTTPRequestHandler):
    """Notes who knocks, and sends everybody on to a file of the machine."""

    knocked: list[str]

    def do_GET(self) -> None:
        self.knocked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "file:///etc/passwd")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def door() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and what was asked of it."""
    _Door.knocked = []
    with http.server.HTTPServer(("127.0.0.1", 0), _Door) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", _Door.knocked
        server.shutdown()


@pytest.mark.parametrize(
    "content",
    [
        '<img src="{}/x.png">',
        '<link rel=stylesheet href="{}/x.css">',
        "<style>@import url({}/x.css);</style>",
        "<style>p {{ background: url({}/x.png) }}</style>",
        '<link rel=attachment href="{}/x">',
        '<svg width="9" height="9"><image href="{}/x.png" width="9" height="9"/></svg>',
        '<svg width="9" height="9"><use href="{}/x.svg#a"/></svg>',
        '<object data="{}/x"></object>',
    ],
)
def test_a_page_that_asks_for_an_address_asks_nobody(content: str, door: tuple[str, list[str]]) -> None:
    address, knocked = door
    with suppress(RenderError):  # which addresses are refused is tested in test_pdf.py
        pdf(f"<html lang=en><title>x</title><body><p>{content.format(address)}</p>")
    assert knocked == []
