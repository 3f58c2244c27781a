"""Documents → bytes in the built-in output formats."""

from __future__ import annotations

import json as encoder
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from careplan.render.document import Document
from careplan.render.html import bare_html, html
from careplan.render.json import plan_json
from careplan.render.pdf import Attached, pdf, press

if TYPE_CHECKING:
    import jinja2


@frozen
class Format:
    """An output format: its id, the suffix of its files, and what turns a document into bytes.

    ``prepare`` loads what many documents share.
    """

    id: str
    suffix: str
    render: Callable[[Document, jinja2.Environment], bytes]
    prepare: Callable[[], object] = tuple


def _pdf(document: Document, templates: jinja2.Environment) -> bytes:
    return pdf(bare_html(document, templates), document.look.ink, attached(document))


def attached(document: Document) -> tuple[Attached, ...]:
    """The files inside a document's PDF: the clinician's holds the whole plan as JSON, the patient's nothing."""
    if document.edition == "patient":
        return ()
    return (Attached("plan.json", "The plan with its facts and rules (plan/1)", _file(document), document.plan.on),)


def _html(document: Document, templates: jinja2.Environment) -> bytes:
    return html(document, templates).encode()


def _json(document: Document, _: jinja2.Environment) -> bytes:
    return _file(document)


def _file(document: Document) -> bytes:
    return (encoder.dumps(plan_json(document.plan), indent=2, ensure_ascii=False) + "\n").encode()


FORMATS: Mapping[str, Format] = {
    each.id: each
    for each in (Format("pdf", ".pdf", _pdf, press), Format("html", ".html", _html), Format("json", ".json", _json))
}
"""The built-in formats by id."""
