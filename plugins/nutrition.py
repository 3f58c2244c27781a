"""Nutrition: eating and drinking that support the body, without harm; a first change that fits the person."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from careplan.hookspecs import (
    DetailSpec,
    Modality,
    RulesetFolder,
    SectionSpec,
    Situation,
    TemplateFolder,
    hookimpl,
)

RULESETS = files("careplan.rulesets")

CHANGES = {
    "vegetables": "more vegetables",
    "beans": "more beans",
    "fish": "fish twice a week",
    "olive oil": "olive oil",
    "nuts": "nuts",
    "meals": "regular meals",
    "water": "water to drink",
}
"""The changes to choose one from (NUT-01)."""
ALLERGENS = {
    "beans": ("bean", "legume", "lentil", "pea", "peas", "chickpea", "soy", "soya", "lupin"),
    "fish": ("fish", "shellfish", "seafood", "salmon", "tuna", "cod", "herring", "mackerel", "trout", "sardine"),
    "olive oil": ("olive",),
    "nuts": (
        "nut",
        "peanut",
        "walnut",
        "hazelnut",
        "almond",
        "cashew",
        "pistachio",
        "pecan",
        "macadamia",
        "chestnut",
    ),
    "vegetables": ("vegetable",),
}
"""Words of an allergy that take a food out of the changes to choose from."""
LOSS_PERCENT = (5, 10)
"""What somebody who wants to lose weight may aim for (NUT-02)."""
CAFFEINE_DAYS, CAFFEINE_STEPS = 3, 4
"""Days between two cuts of caffeine by a quarter (NUT-05), and how many steps the sheet has room for."""
PREGNANT_CAFFEINE_MG = 200
"""The most caffeine a day in pregnancy (NUT-05)."""
PAIRS = {
    "turmeric": "med.anticoagulant",
    "omega-3": "med.anticoagulant",
    "magnesium": "dx.ckd",
}
"""Supplements to check against another answer (NUT-08)."""
ALONE = {
    "st john's wort": "interacts with many medicines; serotonergic",
    "kratom": "opioid-like",
    "valerian": "sedation",
}
"""Supplements to check whatever else is taken (NUT-08)."""
NUMBERS = ("person.weight_kg", "person.height_cm", "person.bmi")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="nutrition",
            title="Nutrition",
            purpose="Eating and drinking that support the body, without harm.",
            order=70,
            action_order=100,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("nutrition", RULESETS / "nutrition", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="nutrition", heading="Eating and drinking", template="nutrition/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("nutrition", files("careplan.templates") / "nutrition")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("nutrition.change", "nutrition/change.html", change, rule="NUT-01", edition="patient"),
        DetailSpec("nutrition.caffeine", "nutrition/caffeine.html", caffeine, rule="NUT-05", edition="patient"),
        DetailSpec("nutrition.bring", "nutrition/bring.html", bring, rule="NUT-08", edition="patient"),
        DetailSpec("nutrition.checks", "nutrition/checks.html", checks, rule="NUT-08", edition="clinician"),
        DetailSpec("nutrition.numbers", "nutrition/numbers.html", numbers, section="nutrition", edition="clinician"),
    ]


def change(situation: Situation) -> Mapping[str, Any] | None:
    """The changes to choose one from, without what the person is allergic to; None where eating is support first."""
    if "NUT-03" in situation.released or situation.facts.get("finding.eating_disorder") is True:
        return None
    allergies = situation.assessment.allergies
    left_out = {food: substance for food in CHANGES if (substance := allergy_to(food, situation)) is not None}
    return {
        "changes": [words for food, words in CHANGES.items() if food not in left_out],
        "left_out": [{"food": food, "allergy": substance} for food, substance in left_out.items()],
        "allergies_asked": allergies is not None,
        "dietitian_first": "NUT-04" in situation.shown,
        "low_cost": not situation.shown.isdisjoint({"NUT-07", "SOC-03"}),
    }


def caffeine(_: Situation) -> Mapping[str, Any] | None:
    """The sheet for cutting caffeine: how many days a step takes; nobody asked how many cups the person drinks."""
    steps = [{"first": 1 + CAFFEINE_DAYS * step, "last": CAFFEINE_DAYS * (step + 1)} for step in range(CAFFEINE_STEPS)]
    return {"steps": steps}


def bring(situation: Situation) -> Mapping[str, Any] | None:
    """The supplements on the person's list, to bring to the next visit."""
    return {"listed": [each["written"] for each in supplements(situation)]}


def checks(situation: Situation) -> Mapping[str, Any] | None:
    """The supplements on the list that want a check, and what is known of the other side of it."""
    facts = situation.facts
    found = []
    for each in supplements(situation):
        other = PAIRS.get(each["name"])
        if other is not None:
            found.append({**each, "against": other, "present": facts.get(other), "why": None})
        elif each["name"] in ALONE:
            found.append({**each, "against": None, "present": None, "why": ALONE[each["name"]]})
    return {
        "checks": found,
        "listed": [each["written"] for each in supplements(situation)],
        "complete": situation.assessment.medications_reviewed and not facts.get("medication.unrecognised"),
    }


def numbers(situation: Situation) -> Mapping[str, Any] | None:
    """Weight, height and body mass index for the clinician, and what of them is missing."""
    if not any(each.startswith("NUT-") for each in situation.released):
        return None
    facts = situation.facts
    weight: float | None = facts.get("person.weight_kg") if "NUT-02" in situation.released else None
    return {
        "known": {each: facts[each] for each in NUMBERS if facts.get(each) is not None},
        "missing": [each for each in NUMBERS[:2] if facts.get(each) is None],
        "loss_kg": [round(weight * percent / 100, 1) for percent in LOSS_PERCENT] if weight is not None else None,
        "no_target": "NUT-03" in situation.released or facts.get("finding.eating_disorder") is True,
        "caffeine_limit_mg": PREGNANT_CAFFEINE_MG
        if "NUT-05" in situation.released and facts.get("pregnancy.present") is True
        else None,
    }


def allergy_to(food: str, situation: Situation) -> str | None:
    """The substance, as written, of an allergy that takes this food out; a word counts in its singular and plural."""
    words = {word + ending for word in ALLERGENS.get(food, ()) for ending in ("", "s", "es")}
    for each in situation.assessment.allergies or ():
        written = "".join(letter if letter.isalpha() else " " for letter in each.substance.casefold())
        if words & set(written.split()):
            return each.substance
    return None


def supplements(situation: Situation) -> list[dict[str, str]]:
    """The supplements of the medicine list that are taken or planned: what they are, and as they are written."""
    found = []
    for each in situation.assessment.medications or ():
        medicine = situation.formulary.find(each.name, each.route)
        if medicine is not None and "supplement" in medicine.classes and each.status != "stopped":
            found.append({"name": medicine.name, "written": each.name})
    return found
