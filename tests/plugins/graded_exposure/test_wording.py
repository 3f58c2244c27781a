"""What graded exposure prints is plain, and its numbers are those of the rules."""

from __future__ import annotations

import re

import pytest

from careplan.rules.checks.readability import reading_grade, sentences, words
from tests.plugins.graded_exposure.people import (
    CRASHES,
    EVERYTHING,
    FEARFUL,
    RULES,
    WALKING,
    intake,
    page,
)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("ACT-01", "Start at about a third less than what you manage on a good day"),
        ("ACT-02", "crash log for five days"),
        ("ACT-03", "two or three tasks"),
        ("ACT-03", "Measure three times what you can do, and start at four fifths of the average"),
        ("ACT-03", "done five of seven days, add a tenth each week"),
        ("ACT-03", "short two weeks running, go back to the last amount that worked"),
        ("ACT-05", "eight to ten movements you fear, and rate each from 0 to 100"),
        ("ACT-05", "Begin with a movement at 30 to 40"),
        ("ACT-05", "Repeat until the fear has halved"),
        (
            "ACT-06",
            "two to five minutes in each waking hour. Two minutes is a good start. Add a minute every three days",
        ),
        ("GMI-01", "10 minutes, three to five times a day for two weeks"),
        ("GMI-01", "pain rises by more than 2 of 10 for over a day, go one step back"),
        ("GMI-01", "at least 6 weeks"),
    ],
)
def test_every_number_is_one_of_the_rules(rule: str, said: str) -> None:
    (text,) = (each for each in RULES.read_text(encoding="utf-8").split("  - id: ") if each.startswith(rule))
    assert said in " ".join(text.split())


PEOPLE = [
    intake(**EVERYTHING, goals=[{"text": "Walk 30 minutes", "activity": "walking"}], answers={"tsk11": FEARFUL}),
    intake(**EVERYTHING, answers={"dsqpem": CRASHES}),
    intake(diagnoses=["crps", "epilepsy", "osteoporosis"], answers={"tsk11": FEARFUL}, findings=["limb_allodynia"]),
    intake(diagnoses=["crps", "hf"], findings=["mirror_distress"], activities=[WALKING]),
    intake(red_flags=["fever"], activities=[WALKING]),
]


@pytest.mark.parametrize("text", PEOPLE)
def test_the_patients_copy_is_plain_and_says_nothing_meant_for_the_clinician(text: str) -> None:
    shown = page(text)
    section = re.search(r'id="section-graded_exposure">(.*?)<section class="modality', shown, re.DOTALL)
    assert section is not None
    said = [
        re.sub(r"\s+", " ", re.sub("<strong>Why.*?</strong>|<[^>]+>", "", each)).strip()
        for each in re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", section[1], re.DOTALL)
    ]
    assert [each for text in said for each in sentences(text) if len(words(each)) > 20] == []
    assert reading_grade(" ".join(said)) < 6
    assert not re.search(r"onvention|ACT-\d|EXR-\d|GMI-\d|[a-z0-9]+\.[a-z_]+\b(?=:)|PEM\b|SAF-", " ".join(said))
