"""What differs between two versions of a ruleset, and whether a decision can differ for it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.located import read
from careplan.rules.compare.diff import RuleChange, diff, meaning, verdict
from careplan.rules.compare.texts import word_diff
from careplan.rules.read import digest, ruleset_from_text
from careplan.rules.ruleset import Ruleset
from tests.rules.random_conditions import TYPES, conditions

TAGS = ("heat", "dose", "sedative")
CONTENT: dict[str, Any] = {
    "id": "sleep",
    "version": "2026.1",
    "effective": "2026-01-01",
    "title": "Sleep",
    "rules": [
        {
            "id": "SLP-01",
            "title": "Sleep basics",
            "when": "count.a >= 15 and flag.a",
            "requires_known": ["flag.b"],
            "priority": "core",
            "kind": "action",
            "tags": ["heat"],
            "helps": ["sleep"],
            "patient": "Rise at the same time every day of the week.",
            "clinician": "Keep a diary.",
            "parts": [
                {"text": "Sleep longer.", "when": "count.b < 6"},
                {"text": "Keep the room cool.", "tags": ["heat"]},
            ],
            "effects": {"blocks": ["sedative"], "adapts": {"dose": "Take less."}},
            "because": "It helps.",
            "evidence": [{"id": "aasm", "cite": "AASM 2021", "grade": "strong"}],
            "notes": "Old.",
        },
        {
            "id": "SLP-02",
            "title": "A course",
            "when": "flag.b",
            "priority": "safety",
            "kind": "caution",
            "audience": "clinician",
            "clinician": "Offer it.",
            "because": "It helps.",
            "evidence": [{"id": "aasm", "cite": "AASM 2021", "grade": "strong"}],
        },
    ],
    "contradictions": [
        {
            "id": "C1",
            "title": "More sleep than time in bed",
            "when": "level.a > level.b",
            "safe_reading": "Take the lower.",
            "resolution": "Ask again.",
            "holds": {"tags": ["dose"], "rules": ["SLP-02"]},
        }
    ],
}
PRINTED = {
    "title", "patient", "clinician", "because", "notes", "text", "evidence", "certainty", "uncertain", "safe_reading",
    "resolution",
}  # fmt: skip
Edit = Callable[[dict[str, Any]], None]


def ruleset(content: dict[str, Any]) -> Ruleset:
    return ruleset_from_text(json.dumps(content), "2026.1.yaml", TYPES, TAGS)


def edited(*edits: Edit) -> dict[str, Any]:
    content = copy.deepcopy(CONTENT)
    for edit in edits:
        edit(content)
    return content


def put(value: Any, *path: str | int) -> Edit:
    def edit(content: dict[str, Any]) -> None:
        at: Any = content
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value

    return edit


def words(*edits: Edit) -> list[str]:
    return [
        word
        for change in diff([ruleset(CONTENT)], [ruleset(edited(*edits))])
        for each in (*change.fields, *(one for rule in change.rules for one in rule.fields))
        for word in each.words
    ]


def rules(old: dict[str, Any], new: dict[str, Any]) -> tuple[RuleChange, ...]:
    (found,) = diff([ruleset(old)], [ruleset(new)])
    return found.rules


R = ("rules", 0)


@pytest.mark.parametrize(
    ("edit", "said", "judged"),
    [
        (put("count.a >= 16 and flag.a", *R, "when"), "the threshold of count.a rose from >= 15 to >= 16", "meaning"),
        (put("flag.a\n and count.a >= 15", *R, "when"),
         "the condition is written differently and means the same", "wording"),
        (put("Get up at the same time every day of the week.", *R, "patient"),
         "patient: [-Rise-]{+Get up+} at the same time every day …", "wording"),
        (put(["heat", "dose"], *R, "tags"), "tags: dose was added", "meaning"),
        (put([], *R, "requires_known"), "requires_known: flag.b was removed", "meaning"),
        (put("adjunct", *R, "priority"), "priority: adjunct, was core", "meaning"),
        (put("information", *R, "kind"), "kind: information, was action", "meaning"),
        (put(True, *R, "effects", "withhold"), "it withholds the plan", "meaning"),
        (put("plan", *R, "effects", "review"), "effects.review: plan was added", "meaning"),
        (put(["sedative", "heat"], *R, "effects", "blocks"), "effects.blocks: heat was added", "meaning"),
        (put("Take none.", *R, "effects", "adapts", "dose"),
         "effects.adapts: dose: Take [-less.-]{+none.+}", "wording"),
        (put("Keep it dark.", *R, "effects", "adapts", "heat"),
         "effects.adapts: heat was added: Keep it dark.", "meaning"),
        (put("weak", *R, "evidence", 0, "grade"), "evidence: AASM 2021 [-(strong)-]{+(weak)+}", "wording"),
        (put("unverified", *R, "certainty"), "certainty: unverified, was as_cited", "wording"),
        (put(None, *R, "notes"), "notes: removed: Old.", "wording"),
        (put(None, *R, "clinician"), "clinician: removed: Keep a diary.", "meaning"),
        (put("count.b < 7", *R, "parts", 0, "when"),
         "SLP-01#0: the threshold of count.b rose from < 6 to < 7", "meaning"),
        (put("Sleep more.", *R, "parts", 0, "text"), "SLP-01#0: Sleep [-longer.-]{+more.+}", "wording"),
        (put(None, *R, "parts", 1), "the part “Keep the room cool.” [tags heat] was removed", "meaning"),
        (put(None, *R, "parts", 0), "the part “Sleep longer.” [when count.b < 6] was removed", "meaning"),
        (put("2026-06-01", "effective"), "it is in effect from 2026-06-01, later than 2026-01-01", "wording"),
        (put(["dose", "heat"], "contradictions", 0, "holds", "tags"), "holds.tags: heat was added", "meaning"),
        (put("Ask.", "contradictions", 0, "resolution"), "resolution: [-Ask again.-]{+Ask.+}", "wording"),
        (lambda content: content["rules"].reverse(),
         "the rules stand in another order, and so may their recommendations", "meaning"),
    ],
)  # fmt: skip
def test_a_changed_field_is_told_and_judged(edit: Edit, said: str, judged: str) -> None:
    assert words(edit) == [said]
    assert verdict(diff([ruleset(CONTENT)], [ruleset(edited(edit))])) == judged


def test_rules_are_added_removed_and_changed() -> None:
    new = edited(put("SLP-03", "rules", 1, "id"), put("Basics", *R, "title"))
    assert [(each.id, each.change, each.decides) for each in rules(CONTENT, new)] == [
        ("SLP-01", "changed", False), ("SLP-03", "added", True), ("SLP-02", "removed", True),
    ]  # fmt: skip


def test_a_ruleset_that_is_only_on_one_side_is_added_or_removed() -> None:
    (added,) = diff([], [ruleset(CONTENT)])
    (removed,) = diff([ruleset(CONTENT)], [])
    assert (added.old, added.new, {each.change for each in added.rules}) == (None, "sleep@2026.1", {"added"})
    assert (removed.old, removed.new, {each.change for each in removed.rules}) == ("sleep@2026.1", None, {"removed"})


def test_of_several_versions_the_latest_counts() -> None:
    later = ruleset(edited(put("2026.2", "version"), put("2026-07-01", "effective"), put("flag.c", *R, "when")))
    assert diff([ruleset(CONTENT), later], [later]) == ()
    (found,) = diff([ruleset(CONTENT)], [later, ruleset(CONTENT)])
    assert (found.old, found.new) == ("sleep@2026.1", "sleep@2026.2")


def test_nothing_differs_from_itself_in_another_layout() -> None:
    laid_out = json.dumps(CONTENT, indent=4)
    assert diff([ruleset(CONTENT)], [ruleset_from_text(f"# new\n{laid_out}\n", "other.yaml", TYPES, TAGS)]) == ()


def test_of_a_long_text_only_the_words_around_a_change_are_shown() -> None:
    text = " ".join(map(str, range(40)))
    assert word_diff(text, text.replace(" 20 ", " twenty ")) == (
        "… 14 15 16 17 18 19 [-20-]{+twenty+} 21 22 23 24 25 26 …"
    )
    assert word_diff("a b", "a  b") == "only the spaces between the words changed"


_SENTENCES = st.sampled_from(["Rise early.", "Rest well.", "Walk a little every day."])
_PRINTED_HERE = st.sampled_from(["title", "clinician", "because", "notes"])


def in_rule(name: str, value: Any, *path: str | int) -> Edit:
    """The value put into a rule, wherever that stands."""
    return lambda content: put(value, *path)(next(each for each in content["rules"] if each["id"] == name))


def reverse(content: dict[str, Any]) -> None:
    content["rules"].reverse()


def reverse_parts(content: dict[str, Any]) -> None:
    next(each for each in content["rules"] if "parts" in each)["parts"].reverse()


_RULES = st.sampled_from(["SLP-01", "SLP-02"])
_EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.builds(in_rule, _RULES, conditions, st.just("when")),
    st.builds(in_rule, _RULES, _SENTENCES, _PRINTED_HERE),
    st.builds(in_rule, _RULES, st.sets(st.sampled_from(TAGS)).map(sorted), st.just("tags")),
    st.builds(in_rule, _RULES, st.sampled_from(["core", "safety"]), st.just("priority")),
    st.builds(
        in_rule,
        _RULES,
        st.dictionaries(st.sampled_from(TAGS), _SENTENCES, min_size=1).map(lambda texts: {"adapts": texts}),
        st.just("effects"),
    ),
    st.builds(lambda name, grade: in_rule(name, grade, "evidence", 0, "grade"), _RULES, st.sampled_from(["a", "b"])),
    st.builds(lambda part, text: in_rule("SLP-01", text, "parts", part, "text"), st.integers(0, 1), _SENTENCES),
    st.builds(put, st.sampled_from(["2026.1", "2026.2"]), st.just("version")),
    st.sampled_from([reverse, reverse_parts]),
)


def blanked(value: Any, key: str = "") -> Any:
    """A ruleset's content with its texts blanked, and without the version and the day that say when it answers."""
    if key in PRINTED:
        return ""
    if key == "adapts":
        return sorted(value)
    if isinstance(value, dict):
        left_out = {"version", "effective", "notes", "certainty"}
        return {name: blanked(each, name) for name, each in value.items() if name not in left_out and each != []}
    return [blanked(each) for each in value] if isinstance(value, list) else value


@given(st.lists(_EDITS, max_size=4), st.lists(_EDITS, max_size=1))
def test_only_wording_changed_exactly_when_the_digests_with_texts_blanked_are_the_same(
    edits: list[Edit], before: list[Edit]
) -> None:
    one, other = edited(*before), edited(*before, *edits)
    old, new = ruleset(one), ruleset(other)
    same = digest(read(json.dumps(blanked(one)), "one")) == digest(read(json.dumps(blanked(other)), "other"))
    judged = verdict(diff([old], [new]))
    assert (meaning(old) == meaning(new)) == (judged != "meaning")
    if same:
        assert judged != "meaning"
    if judged != "meaning":
        whens = [[each.when.text for each in found.rules] for found in (old, new)]
        assert same or whens[0] != whens[1]  # the same condition, written in another way
    if old.digest == new.digest:
        assert judged == "identical"
