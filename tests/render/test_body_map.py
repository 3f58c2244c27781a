"""The body map: all 19 areas of the widespread pain index, each on its own side and in its own view."""

import xml.etree.ElementTree as ET
from functools import cache

import pytest

from careplan.instruments import builtin_instruments
from careplan.render.environment import environment

SITES = tuple(str(option.value) for option in builtin_instruments()["fm2016"].item["sites"].options)
MIDDLE = {"front": 94, "back": 286}
ONLY_FRONT = {"jaw_l", "jaw_r", "chest", "abdomen"}
ONLY_BACK = {"neck", "upper_back", "lower_back"}


@cache
def drawn(*sites: str) -> ET.Element:
    template = environment({}).from_string(
        '{% import "base/body_map.html" as body %}{{ body.views(found, "Where it hurts", 340, 13.5, "left", "right") }}'
    )
    text = template.render(found={site: number for number, site in enumerate(sites, 1)})
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def marks(site: str) -> dict[str, int]:
    """The places of the numbers of an area, right (1) or left (-1) of the middle of each view; 0 in the middle."""
    found = {}
    for each in drawn(*SITES).iter("circle"):
        if each.get("data-number") == site:
            view = each.get("data-view", "")
            off = float(each.get("cx", "")) - MIDDLE[view]
            found[view] = (off > 0) - (off < 0)
    return found


def fills(site: str) -> set[tuple[str, int]]:
    """The view and the side on which an area is painted: an area of one side is painted in a mirrored group."""
    found = set()
    for view in drawn(*SITES).findall("g"):
        middle = int(view.get("transform", "").removeprefix("translate(").split()[0])
        name = next(each for each, at in MIDDLE.items() if at == middle)
        for group in view.findall("g"):
            transform = group.get("transform")
            side = 0 if transform is None else int(transform.removeprefix("scale(").split()[0])
            found |= {(name, side) for each in group if each.get("data-site") == site}
    return found


@pytest.mark.parametrize("site", [each for each in SITES if each.endswith(("_l", "_r"))])
def test_the_left_of_the_person_is_right_on_the_front_and_left_on_the_back(site: str) -> None:
    front = 1 if site.endswith("_l") else -1
    want = {"front": front} if site in ONLY_FRONT else {"front": front, "back": -front}
    assert marks(site) == want
    assert fills(site) == set(want.items())


@pytest.mark.parametrize("site", [each for each in SITES if not each.endswith(("_l", "_r"))])
def test_what_has_no_side_is_on_one_view_alone(site: str) -> None:
    view = "back" if site in ONLY_BACK else "front"
    assert fills(site) == {(view, 0)}
    assert marks(site).keys() == {view}


def test_the_sides_are_named_at_each_figure() -> None:
    words = [each.text for each in drawn("neck").iter("text")]
    assert words[-6:] == ["Front", "right", "left", "Back", "left", "right"]


def test_only_what_hurts_is_dark_and_has_a_number() -> None:
    svg = drawn("hip_l")
    dark = {each.get("data-site") for each in svg.iter("path") if each.get("fill") == "#1d5f9e"}
    numbered = {each.get("data-number") for each in svg.iter("circle")}
    assert dark == numbered == {"hip_l"}
    assert {each.get("data-site") for each in svg.iter("path")} - {None} == set(SITES)
