"""The formulary: a name and a route choose the entry, and a file that leaves that in doubt is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from careplan.cql import Type, expression
from careplan.errors import VocabularyError
from careplan.vocabulary.formulary import Formulary, builtin_formulary, read_formulary
from careplan.vocabulary.medicine import Conversion, Maximum, Sourced
from careplan.vocabulary.read import builtin_vocabulary

GOOD = """\
provenance:
  acb: {source: ACB scale}
  acb_unlisted: {source: not on the list, certainty: unverified}
  mme: {source: CDC 2022 table}
routes:
  topical: {words: [cutaneous], local: true}
medicines:
  tramadol:
    classes: [opioid]
    brands: [Zydol]
    mme: {factor: 0.2, unit: mg/day}
"""


def found(name: str, route: str | None = None) -> str | None:
    medicine = builtin_formulary().find(name, route)
    return medicine.name if medicine else None


def read(tmp_path: Path, text: str) -> Formulary:
    file = tmp_path / "medicines.yaml"
    file.write_text(text, encoding="utf-8")
    return read_formulary(file)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(VocabularyError) as caught:
        read(tmp_path, text)
    return [str(each).removeprefix(f"{tmp_path}/") for each in caught.value.problems]


def test_all_212_entries_are_there() -> None:
    assert len(builtin_formulary().medicines) == 212


@pytest.mark.parametrize(
    "written", ["acetaminophen", "Paracetamol", "  PANADOL ", "tylenol", "paracetamol\N{NO-BREAK SPACE}"]
)
def test_a_medicine_is_found_by_name_synonym_and_brand_in_any_case(written: str) -> None:
    assert found(written) == "acetaminophen"


def test_spaces_typographic_marks_and_composed_letters_do_not_matter() -> None:
    assert found("St John\N{RIGHT SINGLE QUOTATION MARK}s   Wort") == "st john's wort"
    assert found("co\N{NON-BREAKING HYPHEN}codamol") == "codeine with acetaminophen"


def test_a_name_that_is_only_near_is_not_found() -> None:
    assert found("oxycodon") is None
    assert "oxycodone" in builtin_formulary().names


@pytest.mark.parametrize(
    ("name", "route", "entry"),
    [
        ("fentanyl", "transdermal", "fentanyl transdermal"),
        ("fentanyl", "buccal", "fentanyl transmucosal"),
        ("fentanyl", "nasal", "fentanyl transmucosal"),
        ("ibuprofen", None, "ibuprofen"),
        ("ibuprofen", "oral", "ibuprofen"),
        ("ibuprofen", "topical", "ibuprofen topical"),
        ("Nurofen", "topical", "ibuprofen topical"),
        ("Ibugel", None, "ibuprofen topical"),
        ("diclofenac", "transdermal", "diclofenac topical"),
        ("lidocaine", None, "lidocaine topical"),
        ("lidocaine", "transdermal", "lidocaine topical"),
        ("buprenorphine", "transdermal", "buprenorphine"),
        ("enoxaparin", "subcutaneous", "enoxaparin"),
        ("Duragesic", None, "fentanyl transdermal"),
    ],
)
def test_name_and_route_together_choose_the_entry(name: str, route: str | None, entry: str) -> None:
    assert found(name, route) == entry


@pytest.mark.parametrize(
    ("name", "route"),
    [("ketoprofen", "topical"), ("dexamethasone", "eye"), ("Duragesic", "oral"), ("lidocaine", "intravenous")],
)
def test_an_entry_is_not_taken_for_its_like_by_another_route(name: str, route: str) -> None:
    assert found(name, route) is None


@pytest.mark.parametrize("route", [None, "intravenous"])
def test_fentanyl_by_no_known_route_is_an_opioid_whose_dose_cannot_be_read(route: str | None) -> None:
    medicine = builtin_formulary().find("fentanyl", route)
    assert medicine is not None
    assert medicine.classes == ("opioid",)
    assert medicine.mme == Conversion(reason="the factor depends on the route")
    assert medicine.needs_dose
    assert not medicine.one_route
    assert (medicine.serotonergic.value, medicine.cns_active.value, medicine.acb.value) == (True, True, 1)


def test_values_keep_who_says_so() -> None:
    medicines = builtin_formulary().medicines
    tramadol = medicines["tramadol"]
    assert tramadol.rxnorm == Sourced("10689", "CDC MME FHIR code system")
    assert tramadol.mme == Conversion(0.2, "mg/day", "CDC 2022 table")
    assert tramadol.acb == Sourced(0, "ACB scale (Boustani 2008, 2012 list)")
    assert tramadol.qt == Sourced("possible", certainty="unverified")
    assert tramadol.max_daily_mg is not None
    assert tramadol.max_daily_mg.source == "FDA label"
    assert [(each.when, each.max_daily_mg) for each in tramadol.max_daily_mg.conditions] == [
        ("person.age >= 75", 300),
        ("renal.crcl < 30", 200),
    ]
    assert medicines["codeine"].max_daily_mg == Maximum(240, certainty="unverified")
    assert medicines["mirtazapine"].serotonergic == Sourced(True, note="minor")
    assert medicines["metformin"].acb == Sourced(0, "not on the list", "unverified")
    assert medicines["buprenorphine"].mme == Conversion(reason="excluded by CDC 2022 (partial agonist)")
    assert medicines["ibuprofen"].max_daily_mg is not None
    assert medicines["ibuprofen"].max_daily_mg.conditions[0].otc_only


def test_the_factors_are_those_of_the_cdc_2022_table() -> None:
    converts = {
        each.name: (each.mme.factor, each.mme.unit)
        for each in builtin_formulary().medicines.values()
        if each.mme and each.mme.factor and len(each.ingredients) == 1
    }
    assert converts == {
        "codeine": (0.15, "mg/day"),
        "fentanyl transdermal": (2.4, "mcg/hour"),
        "hydrocodone": (1.0, "mg/day"),
        "hydromorphone": (5.0, "mg/day"),
        "methadone": (4.7, "mg/day"),
        "morphine": (1.0, "mg/day"),
        "oxycodone": (1.5, "mg/day"),
        "oxymorphone": (3.0, "mg/day"),
        "tapentadol": (0.4, "mg/day"),
        "tramadol": (0.2, "mg/day"),
    }


def test_every_opioid_converts_or_says_why_not() -> None:
    for each in builtin_formulary().medicines.values():
        assert ("opioid" in each.classes) == (each.mme is not None)


def test_a_combination_says_of_itself_what_its_ingredients_say() -> None:
    medicines = builtin_formulary().medicines
    for each in medicines.values():
        own = [medicines[part] for part in each.ingredients if part in medicines]
        if len(each.ingredients) > 1 and len(own) == len(each.ingredients):
            assert each.serotonergic.value == any(part.serotonergic.value for part in own)
            assert each.cns_active.value == any(part.cns_active.value for part in own)
            assert each.mme is not None
            assert each.mme.factor in [part.mme.factor for part in own if part.mme]


def test_a_combination_adds_what_each_of_its_ingredients_adds() -> None:
    formulary = builtin_formulary()
    codeine = formulary.load(formulary.medicines["codeine with acetaminophen"])
    assert codeine.acb == (("codeine", 1),)
    assert codeine.cns_active == {"codeine"}
    assert codeine.implausible == (Fraction(480), Fraction(8000))
    assert codeine.morphine == (0, Fraction("0.15"))
    butalbital = formulary.load(formulary.medicines["butalbital with acetaminophen and caffeine"])
    assert butalbital.cns_active == {"butalbital"}
    assert butalbital.morphine is None


def test_the_conditions_of_maxima_are_conditions_of_the_vocabulary() -> None:
    types = builtin_vocabulary().types
    for medicine in builtin_formulary().medicines.values():
        for limit in medicine.max_daily_mg.conditions if medicine.max_daily_mg else ():
            assert expression(limit.when, types, expected=Type.BOOLEAN).reads


def test_an_allergy_names_substances_and_classes_wherever_they_stand_in_its_text() -> None:
    formulary = builtin_formulary()
    nothing: frozenset[str] = frozenset()
    assert formulary.allergy("Aspirin, ibuprofen (wheeze)") == (frozenset({"aspirin", "ibuprofen"}), nothing)
    assert formulary.allergy("NSAIDs") == (nothing, frozenset({"nsaid"}))
    assert formulary.allergy("Co-codamol") == (frozenset({"codeine", "acetaminophen"}), nothing)
    assert formulary.allergy("penicillin") == (nothing, nothing)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    tramadol = read(tmp_path, GOOD).find("ZYDOL")
    assert tramadol is not None
    assert tramadol.name == "tramadol"
    assert tramadol.mme == Conversion(0.2, "mg/day", "CDC 2022 table")


def test_what_acts_where_it_is_applied_has_nothing_in_common_with_what_acts_on_the_whole_body(tmp_path: Path) -> None:
    text = GOOD.replace("routes:\n", "routes:\n  nasal: {}\n") + "".join(
        f"  ketamine {route}:\n    classes: [anaesthetic]\n    generic: ketamine\n    routes: [{route}]\n"
        for route in ("topical", "nasal")
    )
    formulary = read(tmp_path, text)
    assert formulary.find("ketamine") is None
    assert formulary.find("ketamine", "nasal") is formulary.medicines["ketamine nasal"]


def test_an_mao_inhibitor_adds_to_the_serotonergic_load_without_saying_so(tmp_path: Path) -> None:
    formulary = read(tmp_path, GOOD + "  phenelzine:\n    classes: [maoi]\n")
    assert formulary.load(formulary.medicines["phenelzine"]).serotonergic == {"phenelzine"}
    assert formulary.load(formulary.medicines["tramadol"]).serotonergic == set()


def test_a_name_that_two_entries_claim_is_refused_naming_both(tmp_path: Path) -> None:
    text = GOOD + "  tapentadol:\n    classes: [opioid]\n    brands: [zydol]\n"
    assert problems(tmp_path, text) == [
        f"medicines.yaml:13:5: 'zydol' is a name of tramadol already, at {tmp_path}/medicines.yaml:9:5"
    ]


def test_an_entry_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = GOOD + "  tramadol:\n    classes: [opioid]\n"
    assert problems(tmp_path, text) == ["medicines.yaml:12:3: 'tramadol' stands twice; it stands at line 8 already"]


def test_two_entries_of_one_generic_name_and_route_are_refused(tmp_path: Path) -> None:
    text = GOOD + "".join(
        f"  {name}:\n    classes: [topical]\n    generic: capsaicin\n    routes: [topical]\n"
        for name in ("capsaicin cream", "capsaicin gel")
    )
    assert problems(tmp_path, text) == [
        "medicines.yaml:17:5: capsaicin cream is capsaicin by the route topical already"
    ]


def test_a_generic_name_may_not_be_a_brand_of_something_else(tmp_path: Path) -> None:
    text = GOOD + "  zydol cream:\n    classes: [topical]\n    generic: zydol\n    routes: [topical]\n"
    assert problems(tmp_path, text) == [
        "medicines.yaml:9:5: 'zydol' is the generic name of other entries; only an entry without routes may have it"
    ]


def test_a_word_that_means_two_routes_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("routes:\n", "routes:\n  skin: {words: [Cutaneous]}\n")
    assert problems(tmp_path, text) == ["medicines.yaml:7:12: the word 'cutaneous' means the route skin already"]


def test_every_problem_of_a_file_is_named_at_once_in_its_place(tmp_path: Path) -> None:
    text = (
        GOOD
        + """\
  Codeine:
    clases: [opioid]
    acb: one
    qt: sure
    mme: {unit: mg/day}
    cns_active: 1
    rxnorm: 2670
    max_daily_mg: -5
    washout_days: 0
    routes: [topicl]
    serotonergic: {value: true, certainty: sure}
"""
    )
    assert problems(tmp_path, text) == [
        "medicines.yaml:13:5: Codeine needs 'classes'",
        "medicines.yaml:13:5: 'Codeine' should be written 'codeine'",
        "medicines.yaml:13:5: Codeine needs both 'generic' and 'routes', or neither",
        "medicines.yaml:13:5: Codeine has no 'clases'; did you mean 'classes'?",
        "medicines.yaml:14:10: 'acb' should be a whole number",
        "medicines.yaml:15:9: 'qt' should be one of known, conditional, possible",
        "medicines.yaml:16:10: 'mme' needs either a 'factor' or a 'reason' why there is none",
        "medicines.yaml:16:11: Codeine: mme has no 'unit'",
        "medicines.yaml:17:17: 'cns_active' should be true or false",
        "medicines.yaml:18:13: 'rxnorm' should be text; put it in quotation marks",
        "medicines.yaml:19:19: 'max_daily_mg' should be a number above 0",
        "medicines.yaml:20:19: 'washout_days' should be a whole number of days",
        "medicines.yaml:21:13: there is no route 'topicl'; did you mean 'topical'?",
        "medicines.yaml:22:44: 'certainty' should be one of as_cited, unverified",
    ]


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "- tramadol\n") == [
        "medicines.yaml:1:1: a medicines file is a mapping with provenance, routes and medicines"
    ]
