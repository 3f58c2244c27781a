"""The cards and sheets of a patient's copy as text, and how plain they are; the words of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import unescape
from typing import Any

from careplan.plan.editions import Edition
from careplan.rules.checks.readability import reading_grade, sentences, words
from careplan.testing import document_for, knowledge
from tests.plugins.people import SIGNED, intake

MOST_WORDS = 20
GRADE = 6


def page(edition: Edition = "patient", /, **answers: object) -> str:
    """One edition of the signed plan of the person with these answers, as text without markup."""
    return plain(document_for(intake(**answers), edition, sign_off=SIGNED))


def cards(**answers: object) -> str:
    """What the person reads on the cards and sheets of their copy."""
    html = document_for(intake(**answers), "patient", sign_off=SIGNED)
    return " ".join(re.findall(r'<section class="diary keep">(.*?)</section>', html, re.DOTALL))


def is_plain(html: str) -> bool:
    """Whether no sentence is long and the whole asks for no more than six years of school."""
    said = [plain(each) for each in re.findall(r"<(?:p|li|h4)\b[^>]*>(.*?)</(?:p|li|h4)>", html, re.DOTALL)]
    assert said
    long = [each for text in said for each in sentences(text) if len(words(each)) > MOST_WORDS]
    assert long == []
    return reading_grade(" ".join(each if each[-1:] in ".!?" else f"{each}." for each in said)) <= GRADE


def plain(html: str) -> str:
    """The text of HTML, with single spaces."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def reasons(because: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts given as reasons, with their values."""
    return {each["fact"]: each["value"] for each in because}


@cache
def rule_text(rule: str) -> str:
    """What a rule says to the patient, to the clinician and in its parts."""
    for versions in knowledge().versions.values():
        for each in versions[-1].rules:
            if each.id == rule:
                return " ".join([each.patient or "", each.clinician or "", *(part.text for part in each.parts)])
    raise AssertionError(f"there is no rule {rule}")
