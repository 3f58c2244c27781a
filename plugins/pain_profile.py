"""Pain profile: what kind of pain this is, where it is, how much of life it takes, and what is not known yet."""

from collections.abc import Mapping
from importlib.resources import files
from itertools import chain
from typing import Any

from careplan.hookspecs import DetailSpec, Modality, RulesetFolder, SectionSpec, Situation, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")

IN_THE_WAY = ("not at all", "a little", "quite a lot", "very much")
"""How much pain gets in the way, by the level of ``pain.impact``."""

MEASURES = ("peg.mean", "bpi_sf.interference", "promis_pi.t", "promis29.pain_interference_t")
"""The scores that the level comes from: it is the worst of those that are known."""

PEG_ITEMS = {
    "peg_items.pain": "How strong the pain is on average",
    "peg_items.enjoyment": "How much it spoils enjoying life",
    "peg_items.activity": "How much it gets in the way of doing things",
}

REGIONS = {
    "left_upper": "Upper body, left",
    "right_upper": "Upper body, right",
    "left_lower": "Lower body, left",
    "right_lower": "Lower body, right",
    "axial": "Neck, back, chest and belly",
}

GRADES = {
    "suspected": "It may be so. An examination will tell us more.",
    "possible": "It is possible.",
    "probable": "It is likely.",
}
"""The clinician's grading of nociplastic pain (IASP) in plain words, the least certain first."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="pain_profile",
            title="Pain profile",
            purpose="What kind of pain this is, and how much of life it takes.",
            order=5,
            action_order=110,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("pain_profile", RULESETS / "pain_profile", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="pain_profile", heading="Your pain", template="pain_profile/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("pain_profile", files("careplan.templates") / "pain_profile")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    section = "pain_profile"
    grade = "pain_profile/grade.html"
    return [
        DetailSpec("pain_profile.grade", grade, graded, rule="CLS-01"),
        DetailSpec("pain_profile.grade_suspected", grade, graded, rule="CLS-02"),
        DetailSpec("pain_profile.impact", "pain_profile/impact.html", impact, section=section, order=10),
        DetailSpec("pain_profile.sites", "pain_profile/sites.html", sites, section=section, order=20),
        DetailSpec(
            "pain_profile.open", "pain_profile/open.html", still_open, section=section, edition="patient", order=30
        ),
    ]


def graded(situation: Situation) -> Mapping[str, Any] | None:
    """Where the clinician's grading of an over-sensitive alarm system stands; None while there is none."""
    grade = situation.assessment.nociplastic
    if grade not in GRADES:
        return None
    steps = [{"grade": each, "words": words, "here": each == grade} for each, words in GRADES.items()]
    return {"grade": grade, "words": GRADES[grade], "steps": steps, "because": situation.because("pain.nociplastic")}


def impact(situation: Situation) -> Mapping[str, Any] | None:
    """How much pain gets in the way, in words, and the answers it comes from; None while nobody asked."""
    level = situation.facts.get("pain.impact")
    if level is None:
        return None
    known = [each for each in (*MEASURES, *PEG_ITEMS) if situation.facts.get(each) is not None]
    items = [{"question": PEG_ITEMS[each], "value": situation.facts[each]} for each in known if each in PEG_ITEMS]
    return {"level": level, "words": IN_THE_WAY[level], "items": items, "because": situation.because(*known)}


def sites(situation: Situation) -> Mapping[str, Any] | None:
    """The painful places that were ticked, by region of the body and each with a number; None while nobody asked."""
    wpi, answers = situation.facts.get("fm2016.wpi"), situation.assessment.answers.get("fm2016")
    if wpi is None or answers is None:
        return None
    item = situation.instruments["fm2016"].item["sites"]
    place = situation.instruments["fm2016"].items.index(item)
    ticked = answers["sites"] if isinstance(answers, Mapping) else answers[place]
    found: dict[str, list[str]] = {name: [] for name in REGIONS}
    ids: dict[str, list[str]] = {name: [] for name in REGIONS}
    counting: set[str] = set()
    for option in item.options:
        if option.value in ticked and option.region is not None:
            found[option.region].append(option.label)
            ids[option.region].append(str(option.value))
            counting |= {option.region} if option.counts_for_region else set()
    return {
        "count": wpi,
        "of": len(item.options),
        "regions_in_pain": len(counting),
        "of_regions": len(REGIONS),
        "regions": [
            {"region": name, "words": REGIONS[name], "sites": places, "counts_as_region": name in counting}
            for name, places in found.items()
            if places
        ],
        "numbers": {site: number for number, site in enumerate(chain.from_iterable(ids.values()), 1)},
        "because": situation.because("fm2016.wpi"),
    }


def still_open(situation: Situation) -> Mapping[str, Any] | None:
    """What the person may still tell us: the gaps that their copy speaks of; None while there is none."""
    gaps = [
        {"rule": each.rule, "title": each.title, "text": each.patient}
        for each in situation.recommendations
        if "data_gap" in each.tags and each.rule in situation.shown
    ]
    return {"questions": gaps, "because": [each["rule"] for each in gaps]} if gaps else None
