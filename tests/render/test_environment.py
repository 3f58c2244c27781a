"""Templates run in a sandbox, escape everything, and are strict about what is not there."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from careplan.errors import RenderError
from careplan.plan.editions import Edition
from careplan.plan.modality import DetailSpec
from careplan.render.environment import day, environment, lower_first, printable
from careplan.render.html import html
from tests.render.whole_documents import document_of

if TYPE_CHECKING:
    import jinja2

EDITIONS: tuple[Edition, ...] = ("patient", "clinician")


def plugin(tmp_path: Path, template: str) -> jinja2.Environment:
    """An environment in which the education section has this template."""
    (tmp_path / "section.html").write_text(template, encoding="utf-8")
    folders = {each: files("careplan.templates") / each for each in ("safety", "sleep")}
    return environment({**folders, "education": tmp_path})


def test_a_value_that_does_not_exist_is_an_error_that_names_the_template(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"education/section.html.*has no attribute 'headding'"):
        html(document_of("gardener", "clinician"), plugin(tmp_path, "{{ section.headding }}"))


def test_a_syntax_error_names_the_template_and_the_line(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"education/section.html, line 2"):
        html(document_of("gardener", "clinician"), plugin(tmp_path, "\n{% if %}"))


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ section.__init__.__globals__ }}",
        "{{ document.plan.facts.clear() }}",
        "{{ [].append(1) }}",
        "{{ '<b>'|safe }}",
        "{% autoescape false %}{{ '<b>' }}{% endautoescape %}",
        "{%- autoescape false %}{{ '<b>' }}{% endautoescape %}",
        "{% include '../base/page.css' %}",
        "{% include 'sleep/../../pyproject.toml' %}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_cannot_leave_the_sandbox_or_print_unescaped(tmp_path: Path, escape: str) -> None:
    with pytest.raises(RenderError, match="education/section.html"):
        html(document_of("gardener", "clinician"), plugin(tmp_path, escape))


def test_a_plugins_template_may_extend_ours_and_is_escaped(tmp_path: Path) -> None:
    template = "{% extends 'base/section.html' %}{% block after %}<p>{{ '<b>' }} pool</p>{% endblock %}"
    text = html(document_of("gardener", "patient"), plugin(tmp_path, template))
    assert "<p>&lt;b&gt; pool</p>" in text
    assert "One system behind many symptoms" in text


def test_a_template_folder_that_does_not_exist_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="there is no template folder 'slep'; did you mean 'sleep'"):
        html(document_of("gardener", "clinician"), plugin(tmp_path, "{% include 'slep/section.html' %}"))


def test_no_modality_may_take_the_base_folder(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="'base' is careplan's own"):
        environment({"base": tmp_path})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Zoë ≥ 5 µg\n", "Zoë ≥ 5 µg\n"),
        ("a\x00b\x1bc", "a\ufffdb\ufffdc"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("lone \ud800", "lone \ufffd"),
        (7, 7),
    ],
)
def test_characters_that_break_or_reorder_a_page_are_shown_as_a_mark(text: object, shown: object) -> None:
    assert printable(text) == shown


def test_dates_and_words_within_a_sentence_read_the_same_everywhere() -> None:
    assert day(date(2026, 3, 2)) == "2 March 2026"
    within = {
        "Active cancer": "active cancer", "COPD": "COPD", "A goal": "A goal", "An ACE inhibitor": "an ACE inhibitor",
        "Pain Catastrophizing Scale": "Pain Catastrophizing Scale", "St John's wort": "St John's wort",
    }  # fmt: skip
    assert {each: lower_first(each) for each in within} == within


WINDOW = "<p>{{ document.edition }} window: {{ detail.values.start }} {{ detail.values.note }}</p>"


def with_detail(tmp_path: Path, template: str, **options: Any) -> tuple[jinja2.Environment, DetailSpec]:
    (tmp_path / "detail.html").write_text(template, encoding="utf-8")
    folders = {each: files("careplan.templates") / each for each in ("safety", "education", "sleep")}
    spec = DetailSpec("window", "pool/detail.html", lambda at: {"start": f"{at.on}", "note": "<b>"}, **options)
    return environment({**folders, "pool": tmp_path}), spec


@pytest.mark.parametrize("place", [{"rule": "SLP-01"}, {"rule": "ACT-03"}, {"section": "sleep"}])
def test_a_detail_is_shown_by_its_template_in_both_editions(tmp_path: Path, place: dict[str, str]) -> None:
    templates, spec = with_detail(tmp_path, WINDOW, **place)
    for edition in EDITIONS:
        text = html(document_of("gardener", edition, details=(spec,)), templates)
        assert text.count(f"<p>{edition} window: 2026-03-02 &lt;b&gt;</p>") == 1


def test_a_detail_for_the_clinician_is_not_in_the_patients_copy(tmp_path: Path) -> None:
    templates, spec = with_detail(tmp_path, WINDOW, rule="SLP-01", edition="clinician")
    shown = {each: html(document_of("gardener", each, details=(spec,)), templates) for each in EDITIONS}
    assert {each: "window: 2026" in text for each, text in shown.items()} == {"patient": False, "clinician": True}


def test_a_details_template_that_fails_is_named(tmp_path: Path) -> None:
    templates, spec = with_detail(tmp_path, "{{ detail.values.begin }}", rule="SLP-01")
    with pytest.raises(RenderError, match=r"the template pool/detail.html of window failed: .*begin"):
        html(document_of("gardener", "patient", details=(spec,)), templates)
