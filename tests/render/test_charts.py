"""Every picture says in words what it shows, and no colour of it has to be told from another by hue alone."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, pairwise

import pytest

from careplan.knowledge import Knowledge
from careplan.plan.editions import Edition
from careplan.render.environment import environment
from careplan.render.html import bare_html
from careplan.render.review import review_html
from careplan.service import Request, make_document, make_plan, make_review, make_visits
from tests.render.examples import SIGNED, example

PEOPLE = (("fibromyalgia",), ("shift-worker",), ("minimal",), ("emergency",))
SAM = ("follow-up/march", "follow-up/april", "follow-up/june")

Colour = tuple[float, float, float]
SEEN = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "one ink": ((0.2126, 0.7152, 0.0722),) * 3,
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear red, green and blue: Machado, Oliveira and Fernandes 2009, severity 1."""
APART = 10
"""The CIE 1976 difference from which two areas side by side are told apart with ease; 2.3 is just noticeable."""
NEIGHBOURS = [
    ("dark", "pale"),  # a painful area and one that is not
    ("bar", "pale"),  # a load and its field
    ("darkest", "bar"),  # a load that reaches a limit and one that does not
    ("darkest", "light"),  # the course of a score and the values that are no clear change
    ("light", "white"),
    ("dark", "light"),  # the hours in bed then and now
]
ON_TOP = [
    ("white", "dark"),
    ("ink", "light"),
    ("ink", "pale"),
    ("ink", "amber"),
    ("white", "green"),
    ("white", "red"),
    ("quiet", "white"),
]
"""Letters and signs, and what they stand on."""


@cache
def colours() -> dict[str, str]:
    found = vars(environment({}).get_template("base/colours.html").module)
    return {name: value for name, value in found.items() if str(value).startswith("#")} | {"white": "#ffffff"}


def linear(colour: str) -> Colour:
    """Of ``#rrggbb`` or ``rgb(r, g, b)``: the light of each channel, 0 to 1."""
    if colour.startswith("#"):
        values = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    else:
        values = [int(each) for each in re.findall(r"\d+", colour)]
    red, green, blue = (each / 255 / 12.92 if each <= 10 else ((each / 255 + 0.055) / 1.055) ** 2.4 for each in values)
    return red, green, blue


def seen(colour: str, sight: str) -> Colour:
    light = linear(colour)
    red, green, blue = (
        min(max(sum(part * each for part, each in zip(row, light, strict=True)), 0.0), 1.0) for row in SEEN[sight]
    )
    return red, green, blue


def lab(light: Colour) -> Colour:
    """CIE L*a*b* under D65."""
    red, green, blue = light
    white = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (each ** (1 / 3) if each > 216 / 24389 else (24389 / 27 * each + 16) / 116 for each in white)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: str, other: str, sight: str) -> float:
    pair = zip(lab(seen(one, sight)), lab(seen(other, sight)), strict=True)
    return float(sum((left - right) ** 2 for left, right in pair) ** 0.5)


def contrast(one: str, other: str, sight: str) -> float:
    """The contrast of WCAG."""
    dark, light = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (seen(one, sight), seen(other, sight))
    )
    return (light + 0.05) / (dark + 0.05)


def shades(template: str, parts: list[float]) -> list[str]:
    macro = environment({}).get_template(template).module.shade  # type: ignore[attr-defined]
    return [str(macro(each)).strip() for each in parts]


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
def test_neighbours_are_told_apart_however_somebody_sees_colours(one: str, other: str, sight: str) -> None:
    assert apart(colours()[one], colours()[other], sight) >= APART


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize("bands", range(2, 6))
def test_the_bands_of_a_score_are_told_apart_from_the_next(bands: int, sight: str) -> None:
    found = shades("base/charts.html", [rank / bands for rank in range(1, bands + 1)])
    assert min(apart(*pair, sight) for pair in pairwise(found)) >= APART


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize(("top", "ground"), ON_TOP)
def test_what_stands_on_a_colour_can_be_read(top: str, ground: str, sight: str) -> None:
    assert contrast(colours()[top], colours()[ground], sight) >= 4.5


@pytest.mark.parametrize("sight", [each for each in SEEN if each != "one ink"])
def test_the_three_lights_are_told_apart_and_are_never_colour_alone(sight: str, knowledge: Knowledge) -> None:
    for pair in combinations((colours()[name] for name in ("green", "amber", "red")), 2):
        assert apart(*pair, sight) >= APART
    page = documents(knowledge)["fibromyalgia", "patient"]
    light = next(each for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL) if "Three lights" in each)
    shapes = [re.search(rf'<(circle|path)[^>]*fill="{colours()[name]}"', light) for name in ("green", "amber", "red")]
    assert len({re.sub(" fill=.*", "", each.group(0)) for each in shapes if each}) == 3
    for word in ("Green", "Amber", "Red"):
        assert f">{word}</text>" in light


def documents(knowledge: Knowledge) -> dict[tuple[str, str], str]:
    """Every document of the examples, by the case and the edition."""
    if not _DOCUMENTS:
        for names in (*PEOPLE, SAM):
            _DOCUMENTS.update(_documents(names, knowledge))
    return _DOCUMENTS


_DOCUMENTS: dict[tuple[str, str], str] = {}


def _documents(names: tuple[str, ...], knowledge: Knowledge) -> dict[tuple[str, str], str]:
    people = [example(name, knowledge) for name in names]
    earlier = make_visits(people[:-1], knowledge) if people[1:] else ()
    plan, facts = make_plan(people[-1], knowledge, Request(sign_off=SIGNED), earlier[-1] if earlier else None)
    found = {}
    editions: tuple[Edition, ...] = ("patient", "clinician")
    for edition in editions:
        page = make_document(plan, people[-1], facts, knowledge, edition, earlier)
        found[names[-1], str(edition)] = bare_html(page, knowledge.templates)
    if earlier:
        review = make_review(make_visits(people, knowledge), knowledge)
        found[names[-1], "review"] = review_html(review, page, knowledge.templates).decode()
    return found


def figures(page: str) -> list[str]:
    return re.findall(r"<figure\b.*?</figure>", page, re.DOTALL)


def test_every_picture_has_a_title_a_role_a_font_and_words(knowledge: Knowledge) -> None:
    for case, page in documents(knowledge).items():
        pictures = re.findall(r"<svg\b.*?</svg>", page, re.DOTALL)
        assert len(pictures) == sum(each.count("<svg") for each in figures(page)), case
        for picture in pictures:
            start = re.match(
                r'<svg role="img" viewBox="[^"]*" width="[^"]*" height="[^"]*" font-family="([^"]*)"', picture
            )
            assert start, (case, picture[:200])
            assert start.group(1) == "Atkinson Hyperlegible, DejaVu Sans, sans-serif"
            assert re.match(r"<svg[^>]*>\s*<title>[^<]{10,}</title>", picture), (case, picture[:200])
        for figure in figures(page):
            caption = re.search(r"<figcaption\b[^>]*>(.*?)</figcaption>", figure, re.DOTALL)
            assert caption, (case, figure[:200])
            assert len(re.sub(r"<[^>]+>|\s", "", caption.group(1))) > 5, (case, figure[:200])


def test_the_examples_show_every_kind_of_picture(knowledge: Knowledge) -> None:
    titles = {case: re.findall(r"<title>([^<]*)</title>", page) for case, page in documents(knowledge).items()}

    def shown(case: str, edition: str, start: str) -> bool:
        return any(each.startswith(start) for each in titles[case, edition])

    assert shown("fibromyalgia", "patient", "Drawing of a body")
    assert shown("fibromyalgia", "clinician", "Body map")
    assert shown("fibromyalgia", "clinician", "Loads of all medicines")
    assert shown("fibromyalgia", "patient", "gardening, a step up each week")
    assert shown("fibromyalgia", "patient", "Hours in bed")
    assert shown("follow-up/june", "patient", "Low mood, from 0 to 27: 12 on 2 March 2026")
    assert shown("follow-up/june", "clinician", "PHQ-9 total: 12 on 2 March 2026")
    assert shown("follow-up/june", "review", "PHQ-9 total: 12 on 2 March 2026")


def test_no_number_of_a_picture_has_more_than_a_few_decimals(knowledge: Knowledge) -> None:
    for case, page in documents(knowledge).items():
        for picture in re.findall(r"<svg\b.*?</svg>", page, re.DOTALL):
            assert not re.search(r'="[^"]*\d\.\d{3}', picture), (case, picture[:200])
