"""The JSON Schema of a ruleset file, by which editors complete and check it while it is written.

What a schema can say it says: the keys, the words and the shapes that ``read.py`` accepts. Whether a condition is CQL
over known facts, and whether ids are unique, only ``careplan rules check`` knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

from attrs import fields

from careplan.cql import Type
from careplan.rules.ruleset import Audience, Certainty, Effects, Kind, Part, Priority, Rule, Tag
from careplan.vocabulary.needs import NEEDS

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
UNWRITTEN = frozenset({"location"})
"""Fields of a rule that come from where it stands and not from what is written."""

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": ["boolean", "null"]}
CQL = "in the CQL of careplan, over the facts of the vocabulary"


def ruleset_schema(tags: Mapping[str, Tag], types: Mapping[str, Type]) -> Schema:
    """The schema, draft 2020-12, for rulesets over these tags and the facts of these types.

    A field that may be left out may also be null, as the reader has it.
    """
    return {
        "$schema": DRAFT,
        "title": "A careplan ruleset",
        "description": "One version of the rules of one modality.",
        **_mapping(
            {
                "id": _text("The modality, such as sleep."),
                "version": _text("The version of the content, such as 2026.1, in quotation marks."),
                "effective": {**_text("The first day on which it answers."), "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                "title": _text("What the modality is called."),
                "rules": {**_list({"$ref": "#/$defs/rule"}), "description": "The rules, in the order of the file."},
            },
            {
                "contradictions": {
                    **_list({"$ref": "#/$defs/contradiction"}, optional=True),
                    "description": "Detectors of answers that do not fit together.",
                },
            },
        ),
        "$defs": {
            "rule": _rule(),
            "effects": _effects(),
            "part": _part(),
            "citation": _mapping(
                {
                    "id": _text("The id of the source."),
                    "cite": _text("The source as it is cited."),
                    "grade": _text("The strength that the source gives."),
                },
                {},
            ),
            "contradiction": _contradiction(),
            "tag": {"enum": sorted(tags), "description": "A tag of tags.yaml."},
            "fact": {"enum": sorted(types), "description": "A fact of the vocabulary."},
            "flag": {
                "enum": sorted(name for name, kind in types.items() if kind == Type.BOOLEAN),
                "description": "A Boolean fact of the vocabulary.",
            },
            "need": {"enum": list(NEEDS), "description": "; ".join(f"{word}: {said}" for word, said in NEEDS.items())},
        },
    }


def _rule() -> Schema:
    required = {
        "id": {**_text("For ever: an id is never given to another rule."), "pattern": r"^[\w-]*$"},
        "title": _text("What it is called in both editions."),
        "when": _text(f"The condition, {CQL}."),
        "priority": _one_of(Priority, "Where the rule stands; it never decides the plan's status."),
        "kind": _one_of(Kind, "What it recommends."),
        "because": _text("Why, in words for the person."),
        "evidence": {
            **_list({"$ref": "#/$defs/citation"}),
            "minItems": 1,
            "description": "The sources that the rule rests on.",
        },
    }
    optional = {
        "audience": _one_of(Audience, "Who reads it: both unless said.", optional=True),
        "patient": _text("What the patient reads; {isi.total} is the person's own value.", optional=True),
        "clinician": _text("What the clinician reads.", optional=True),
        "parts": {**_list({"$ref": "#/$defs/part"}, optional=True), "description": "Sentences with tags of their own."},
        "tags": _references("tag", "What it involves; safety rules block and adapt by tag."),
        "requires_known": _references("fact", "Facts that must be known before the recommendation is released."),
        "effects": {"anyOf": [{"$ref": "#/$defs/effects"}, {"type": "null"}]},
        "helps": _references("need", "The needs it helps with."),
        "asks": _references("fact", "What a question in it is about."),
        "after": _words("Rules whose actions come first."),
        "certainty": _one_of(Certainty, "as_cited unless said; unverified is printed with the rule.", optional=True),
        "uncertain": _text("Why it is unverified.", optional=True),
        "notes": _text("For those who keep the rules.", optional=True),
        "derive": {
            "anyOf": [{"$ref": "#/$defs/flag"}, {"type": "null"}],
            "description": "A Boolean fact that the rule decides, for others to read.",
        },
    }
    return {**_covering(Rule, required, optional), "allOf": [_for_the_patient()]}


def _for_the_patient() -> Schema:
    """A rule for both editions has a patient text, and one for clinicians has none."""
    clinician = [each for each in get_args(Audience) if each != "both"]
    return {
        "if": {"required": ["audience"], "properties": {"audience": {"enum": clinician}}},
        "then": {"properties": {"patient": {"enum": [None, ""]}}},
        "else": {"required": ["patient"], "properties": {"patient": {"type": "string", "pattern": r"\S"}}},
    }


def _effects() -> Schema:
    return _covering(
        Effects,
        {},
        {
            "withhold": {**FLAG, "description": "The plan is withheld until the finding is cleared."},
            "review": {
                "anyOf": [{"const": "plan"}, _list(TEXT), {"type": "null"}],
                "description": "What waits for a clinician: plan, or a list of modalities.",
            },
            "blocks": _references("tag", "Takes out every other recommendation that carries one of these tags."),
            "adapts": {
                "type": ["object", "null"],
                "propertyNames": {"$ref": "#/$defs/tag"},
                "additionalProperties": _text("Printed beside what carries the tag.", optional=True),
                "description": "A text beside every other recommendation that carries the tag.",
            },
            "keeps": _words("If released, leaves only these rules of the core and adjunct recommendations."),
        },
    )


def _part() -> Schema:
    editions = get_type_hints(Part)["edition"]
    return _covering(
        Part,
        {"text": _text("The sentence.")},
        {
            "edition": _one_of(editions, "Where it is printed: both unless said.", optional=True),
            "tags": _references("tag", "What the sentence involves."),
            "when": _text(f"A condition of its own, {CQL}.", optional=True),
        },
    )


def _contradiction() -> Schema:
    holds = _mapping(
        {},
        {
            "tags": _references("tag", "Recommendations with these tags wait."),
            "rules": _words("Recommendations of these rules wait."),
        },
    )
    return _mapping(
        {
            "id": {**_text("Its id, such as C4."), "pattern": r"^[\w-]*$"},
            "title": _text("What does not fit together."),
            "when": _text(f"The condition, {CQL}."),
            "safe_reading": _text("How the answers are read until then."),
            "resolution": _text("How it is resolved."),
        },
        {
            "affects": _words("What the contradiction touches."),
            "holds": {**holds, "type": ["object", "null"], "description": "What waits until it is resolved."},
        },
    )


def _covering(model: type, required: Schema, optional: Schema) -> Schema:
    """The mapping that is read into a model; it has a key for every field of it."""
    written = {each.name for each in fields(model)} - UNWRITTEN
    assert written == required.keys() | optional.keys(), written ^ (required.keys() | optional.keys())
    return _mapping(required, optional)


def _mapping(required: Schema, optional: Schema) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": False, "properties": {**required, **optional}}
    return {**found, "required": list(required)} if required else found


def _text(description: str, *, optional: bool = False) -> Schema:
    return {"type": ["string", "null"] if optional else "string", "description": description}


def _one_of(words: Any, description: str, *, optional: bool = False) -> Schema:
    return {"enum": [*get_args(words), *([None] if optional else [])], "description": description}


def _list(items: Schema, *, optional: bool = False) -> Schema:
    return {"type": ["array", "null"] if optional else "array", "items": items}


def _references(kind: str, description: str) -> Schema:
    return {**_list({"$ref": f"#/$defs/{kind}"}, optional=True), "description": description}


def _words(description: str) -> Schema:
    return {**_list(TEXT, optional=True), "description": description}
