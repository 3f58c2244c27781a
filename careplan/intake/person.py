"""Who the assessment is about: an adult, with the numbers and words their facts allow."""

from __future__ import annotations

from datetime import date
from typing import Any

from careplan.assessment import Person
from careplan.fields import LANGUAGE, Fields
from careplan.intake.typed import decimal, line, one_line, past, value
from careplan.vocabulary.model import Vocabulary

YOUNGEST = 18
OLDEST = 120

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())
"""ISO 3166-1 alpha-2 codes, and XK, by which Kosovo goes until it has one."""
_OFTEN_WRITTEN = {"UK": "GB", "SCOTLAND": "GB", "WALES": "GB", "ENGLAND": "GB", "USA": "US", "EL": "GR"}
"""Codes and names that are not in ISO 3166-1 and the country they stand for."""


def read_person(fields: Fields, vocabulary: Vocabulary, today: date | None) -> Person:
    """The person; problems are noted for whoever is under 18, over 120 or not yet born on the day of the assessment."""
    allowed = vocabulary.measures

    def fact(key: str) -> Any:
        return value(fields, key, allowed[f"person.{key}"])

    person = Person(
        birth_date=past(fields, "birth_date", today, required=True) or date.min,
        name=line(fields, "name"),
        sex=fact("sex"),
        pregnant=fact("pregnant"),
        weeks_gestation=fact("weeks_gestation"),
        breastfeeding=fact("breastfeeding"),
        height_cm=decimal(fields, "height_cm", allowed["person.height_cm"]),
        weight_kg=decimal(fields, "weight_kg", allowed["person.weight_kg"]),
        country=_country(fields),
        language=_language(fields),
        identifiers=_identifiers(fields.mapping("identifiers", "identifiers")),
    )
    fields.close()
    if today is not None and person.birth_date != date.min:
        _refuse_other_ages(fields, person.age(today), today)
    _refuse_impossible_bodies(fields, person, vocabulary)
    return person


def _refuse_other_ages(fields: Fields, age: int, today: date) -> None:
    place = fields.place("birth_date")
    if age < YOUNGEST:
        message = f"the person is {age} on {today}; careplan makes plans for adults, from {YOUNGEST} years on"
        fields.report(message, place, "out_of_range")
    if age > OLDEST:
        message = f"the person would be {age} on {today}; nobody is over {OLDEST}, so check the birth date"
        fields.report(message, place, "out_of_range")


def _refuse_impossible_bodies(fields: Fields, person: Person, vocabulary: Vocabulary) -> None:
    """Note a height and a weight that each may be and together cannot: one of the two has another unit."""
    if person.height_cm is None or person.weight_kg is None:
        return
    low, high = vocabulary["person.bmi"].range or (0, 0)
    index = person.weight_kg / (person.height_cm / 100) ** 2
    if not low <= index <= high:
        message = f"'height_cm' and 'weight_kg' make a body mass index of {index:.0f}; check both and their units"
        fields.report(message, fields.place("height_cm"), "out_of_range")


def _country(fields: Fields) -> str | None:
    found = line(fields, "country")
    if found is None or found in COUNTRIES:
        return found
    upper = found.upper()
    meant = _OFTEN_WRITTEN.get(upper, upper)
    hint = f"; did you mean {meant!r}?" if meant in COUNTRIES else ""
    message = f"'country' should be a code of ISO 3166-1 such as GB or US, not {found!r}{hint}"
    fields.report(message, fields.place("country"), "unknown_word")
    return None


def _language(fields: Fields) -> str | None:
    found = line(fields, "language")
    if found is None or LANGUAGE.fullmatch(found):
        return found
    message = f"'language' should be a code such as en, cy or pt-BR, not {found!r}"
    fields.report(message, fields.place("language"), "unknown_word")
    return None


def _identifiers(fields: Fields) -> dict[str, str]:
    found = {key: one_line(fields, key, node) for key, node in fields.node.value.items() if node.value is not None}
    return {key: text for key, text in found.items() if text is not None}
