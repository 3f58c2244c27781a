"""Strengths: what is written is read exactly, and what could mean two things is not read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.vocabulary.strength import Strength, read_number, read_strength


@pytest.mark.parametrize(
    ("written", "milligrams"),
    [
        ("10 mg", ["10"]),
        ("10mg", ["10"]),
        ("  10   MG ", ["10"]),
        ("2.5 mg", ["2.5"]),
        ("0.5 g", ["500"]),
        ("1 gram", ["1000"]),
        ("18 mcg", ["0.018"]),
        ("18 micrograms", ["0.018"]),
        ("18 \N{MICRO SIGN}g", ["0.018"]),
        ("18 \N{GREEK SMALL LETTER MU}g", ["0.018"]),
        ("1,000 mg", ["1000"]),
        ("1,500 mg", ["1500"]),
        ("0,5 mg", ["0.5"]),
        ("2,5 mg", ["2.5"]),
        ("30/500 mg", ["30", "500"]),
        ("30 mg/500 mg", ["30", "500"]),
        ("37.5 mg / 0.325 g", ["37.5", "325"]),
        ("50/325/40 mg", ["50", "325", "40"]),
        ("30 mg MR tablets", ["30"]),
    ],
)
def test_a_strength_is_read_in_milligrams_in_the_order_of_the_ingredients(written: str, milligrams: list[str]) -> None:
    assert read_strength(written) == Strength(tuple(Fraction(each) for each in milligrams))


@pytest.mark.parametrize("written", ["25 mcg/h", "25 mcg/hr", "25 micrograms/hour", "25 mcg per hour", "600 mcg/24 h"])
def test_what_a_patch_releases_is_read_by_the_hour(written: str) -> None:
    assert read_strength(written) == Strength((Fraction("0.025"),), "hour")


def test_a_liquid_is_read_by_the_millilitre() -> None:
    assert read_strength("10 mg/5 mL") == Strength((Fraction(2),), "millilitre")
    assert read_strength("120 mg/12 mg/5 ml") == Strength((Fraction(24), Fraction("2.4")), "millilitre")


@pytest.mark.parametrize(
    "written",
    [
        "", "strong", "ten mg", "10", "30/500", "30 mg/500", "0 mg", "-5 mg", ".5 mg", "5. mg", "1 %", "1000 IU",
        "10 mg?", "1,125 mg", "1.000 mg", "62.500 mg", "1234,567 mg", "12,34,5 mg", "1.2.3 mg", "1e3 mg", "4 mg/0 mL",
        "10 mg or 20 mg", "10-20 mg", "٣ mg", "10 mg " + "tablet " * 20,
    ],
)  # fmt: skip
def test_a_strength_that_could_mean_two_things_or_none_is_not_read(written: str) -> None:
    assert read_strength(written) is None


@given(st.decimals(min_value="0.001", max_value=99999, places=3))
def test_every_plain_decimal_of_a_unit_is_read_as_it_is_written_or_not_at_all(number: object) -> None:
    assert read_number(str(number)) in (Fraction(str(number)), None)


@given(st.integers(1, 10**6), st.sampled_from(["mg", "g", "mcg"]))
def test_whole_numbers_are_always_read(number: int, unit: str) -> None:
    each = {"mg": Fraction(1), "g": Fraction(1000), "mcg": Fraction(1, 1000)}[unit]
    assert read_strength(f"{number} {unit}") == Strength((number * each,))


@given(st.text(max_size=80))
def test_any_text_is_a_strength_or_none(text: str) -> None:
    found = read_strength(text)
    assert found is None or all(each > 0 for each in found.milligrams)
