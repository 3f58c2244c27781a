"""What an archive and a screen reader ask of a PDF beyond what WeasyPrint does (ISO 19005-3, ISO 14289-1).

WeasyPrint makes the structure, alternative texts and metadata. Here PDF/UA-1 is declared beside PDF/A-3a; every header
of a table says what it heads, every picture where it is, every link its words; what is repeated on each page becomes an
artifact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pydyf

from careplan.render.look import POINTS

DECLARED = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA to which the document conforms</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
"""PDF/UA-1, and the description of its property that PDF/A asks of every property it does not know."""
REFERENCE = re.compile(rb"(\d+) 0 R")


def complete_structure(document: Any, pdf: Any) -> None:
    """Complete a document that WeasyPrint is about to write (its ``finisher``)."""
    _declare(pdf)
    _say_links(document)
    reached = set()
    for element, in_head in _elements(_object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["K"][0]), pdf):
        reached.add(element.number)
        if element["S"] == "/TH":
            element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = "/Column" if in_head else "/Row"
        elif element["S"] == "/Figure":
            element["A"]["BBox"] = _in_points(element["A"]["BBox"], _object(pdf, element["Pg"])["MediaBox"][3])
    _set_apart(pdf, reached)


def _in_points(box: Any, height: float) -> Any:
    """A box that WeasyPrint gives in pixels from the top of the page, as PDF wants it: in points from the bottom."""
    left, top, right, bottom = (each * POINTS for each in box)
    return pydyf.Array([round(each, 2) for each in (left, height - bottom, right, height - top)])


def _declare(pdf: Any) -> None:
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [each.replace(b"</rdf:RDF>", DECLARED) for each in metadata.stream]


def _say_links(document: Any) -> None:
    """The words of every link as what it is called."""
    for page in document.pages:
        for _, _, _, box in page.links:
            if box.link_annotation:
                words = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(words)


def _elements(element: Any, pdf: Any, in_head: bool = False) -> Iterator[tuple[Any, bool]]:
    """Every element of the structure below one, and whether it stands in the head of a table."""
    yield element, in_head
    for kid in element["K"]:
        if isinstance(kid, bytes):
            below = _object(pdf, kid)
            if below["Type"] == "/StructElem":
                yield from _elements(below, pdf, in_head or element["S"] == "/THead")


def _set_apart(pdf: Any, reached: set[int]) -> None:
    """Mark as artifacts what stands in the margins of pages: WeasyPrint keeps it out of the structure."""
    numbers = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for page, parents in zip(pdf.page_references, numbers[1::2], strict=False):
        margins = {mcid for mcid, parent in enumerate(parents) if _number(parent) not in reached}
        if margins:
            content = _object(pdf, _object(pdf, page)["Contents"])
            content.stream = list(_with_artifacts(content.stream, margins))
            parents[:] = ["null" if mcid in margins else each for mcid, each in enumerate(parents)]


def _with_artifacts(stream: list[Any], margins: set[int]) -> Iterator[Any]:
    """A page's content in which the marks of the ``margins`` are those of artifacts."""
    place = 0
    while place < len(stream):
        properties = stream[place + 1] if place + 1 < len(stream) else None
        if isinstance(properties, pydyf.Dictionary) and properties.get("MCID") in margins:
            yield from ("/Artifact", b"BMC")
            place += 3
        else:
            yield stream[place]
            place += 1


def _number(reference: bytes) -> int:
    found = REFERENCE.fullmatch(reference)
    assert found is not None
    return int(found[1])


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]
