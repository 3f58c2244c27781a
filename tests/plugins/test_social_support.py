"""Who helps with what: from a person's own care team, goals and findings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.cards import cards, is_plain, page, reasons, rule_text
from tests.plugins.people import details_for, found, shown_to_patient

LONELY = {"ucla3.total": 6}
CRASHES = {"dsqpem": {f"{kind}{item}": 3 for kind in "fs" for item in range(1, 6)}}
TEAM = [
    {"role": "GP", "name": "Dr Ines Example", "phone": "01632 960001"},
    {"role": "Social worker", "name": "Ms B", "phone": "01632 960009"},
    {"role": "Occupational health nurse", "name": "Kim Sketch"},
    {"role": "Social prescribing link worker"},
]
SOCIAL_WORKER = {"role": "Social worker", "name": "Ms B", "phone": "01632 960009"}
LINK_WORKER = {"role": "Social prescribing link worker", "name": None, "phone": None}
NURSE = {"role": "Occupational health nurse", "name": "Kim Sketch", "phone": None}


def test_contact_begins_with_the_persons_own_goals_about_people() -> None:
    goals = [
        {"text": "Lunch with my sister", "helps": ["social", "mood"]},
        {"text": "Walk to the shop", "helps": ["activity"]},
    ]
    assert shown_to_patient(scores=LONELY, goals=goals)["social.contact"] == {
        "weeks": 4,
        "own_goals": ["Lunch with my sister"],
    }
    assert shown_to_patient(scores=LONELY)["social.contact"]["own_goals"] == []


def test_an_unsafe_goal_waits_here_too() -> None:
    goals = [{"text": "Dance with friends all night", "helps": ["social"]}]
    shown = shown_to_patient(scores=LONELY, goals=goals, findings=found("goal_unsafe"))
    assert shown["social.contact"]["own_goals"] == []


def test_a_return_to_work_has_stages_and_who_helps() -> None:
    shown = shown_to_patient(work="off_sick", care_team=TEAM)
    assert shown["social.work"] == {"form": "stages", "stages": 3, "people": [NURSE]}


@pytest.mark.parametrize(
    "answers",
    [{"answers": CRASHES}, {"measures": {"duration_months": 24, "fatigue": 8}}, {"diagnoses": found("mecfs")}],
    ids=["crashes", "not excluded", "ME/CFS"],
)
def test_while_crashes_are_not_excluded_a_return_to_work_has_no_stages(answers: dict[str, Any]) -> None:
    shown = details_for(work="off_sick", **answers)
    assert (shown["social.work"]["form"], shown["social.work"]["stages"]) == ("energy", 0)
    assert shown["social.people"]["no_fixed_ramp"] is True
    assert "There are no fixed steps." in page(work="off_sick", **answers)


def test_practical_help_lists_what_the_person_named_and_who_can_help() -> None:
    shown = shown_to_patient(findings=found("transport_barrier", "financial_strain"), care_team=TEAM)
    assert shown["social.practical"] == {
        "areas": ["money", "getting about"],
        "people": [SOCIAL_WORKER, LINK_WORKER],
    }


def test_a_gp_or_an_unnamed_role_is_not_taken_for_a_helper() -> None:
    shown = shown_to_patient(findings=found("food_insecure"), work="off_sick", care_team=TEAM[:1])
    assert shown["social.practical"]["people"] == []
    assert shown["social.work"]["people"] == []


def test_language_asks_only_for_what_was_needed() -> None:
    def asked(*needs: str) -> Any:
        return shown_to_patient(findings=found(*needs))["social.language"]

    assert asked("language_need") == {"language": True, "culture": False}
    assert asked("cultural_need") == {"language": False, "culture": True}


def test_caring_and_responses_have_lines_to_fill_in() -> None:
    shown = shown_to_patient(findings=found("carer_role", "partner_willing"))
    assert (shown["social.caring"], shown["social.responses"]) == ({"lines": 2}, {"lines": 3})


def test_the_clinician_sees_whom_to_involve_who_is_there_and_why() -> None:
    answers = {
        "scores": LONELY,
        "work": "off_sick",
        "findings": found("financial_strain", "carer_role", "partner_willing", "language_need"),
        "person": {"language": "pl"},
        "care_team": TEAM[:3],
    }
    people = details_for(**answers)["social.people"]
    assert [(each["rule"], each["wanted"], each["team"], reasons(each["because"])) for each in people["rows"]] == [
        ("SOC-01", "social prescribing or a link worker", [], {"ucla3.total": 6}),
        ("SOC-02", "a vocational case manager", [NURSE], {"social.work": "off_sick"}),
        ("SOC-03", "a social worker", [SOCIAL_WORKER], {"finding.financial_strain": True}),
        ("SOC-04", "a carer assessment", None, {"finding.carer_role": True}),
        ("SOC-05", "one joint session with the partner", None, {"finding.partner_willing": True}),
        ("SOC-06", "a professional interpreter", [], {"finding.language_need": True}),
    ]
    assert people["language"] == "pl"
    assert "social.people" not in shown_to_patient(**answers)


def test_abuse_takes_the_partner_out_and_leaves_no_trace_on_the_persons_copy() -> None:
    """What is printed is what would be printed for somebody without a willing partner."""
    scores = LONELY
    disclosed = shown_to_patient(scores=scores, findings=found("partner_willing", "abuse_current"))
    without = shown_to_patient(scores=scores)
    assert disclosed == without
    assert "social.responses" not in disclosed
    people = details_for(scores=scores, findings=found("partner_willing", "abuse_current"))["social.people"]
    assert [each["rule"] for each in people["rows"]] == ["SOC-01"]


def test_a_partner_is_not_involved_before_abuse_was_asked_about() -> None:
    findings = {"present": ["partner_willing"], "reviewed": ["mood", "social", "activity", "sleep", "medicines"]}
    assert "social.responses" not in details_for(findings=findings)


def test_nobody_without_such_a_need_gets_a_sheet() -> None:
    assert [each for each in details_for(scores={"ucla3.total": 3}) if each.startswith("social.")] == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("SOC-01", "one small goal a week for contact"),
        ("SOC-01", "social prescribing or a link worker"),
        ("SOC-02", "Agree a date with us for your first contact with work. Then plan a return in stages"),
        ("SOC-02", "vocational case manager"),
        ("SOC-02", "use no fixed ramp"),
        ("SOC-03", "money, housing, food or getting about"),
        ("SOC-03", "social worker"),
        ("SOC-04", "Arrange a carer assessment"),
        ("SOC-05", "one joint session, and agree on three helpful responses"),
        ("SOC-06", "Use a professional interpreter"),
    ],
)
def test_whom_and_what_stand_in_the_rule(rule: str, words: str) -> None:
    assert words in rule_text(rule)


@pytest.mark.parametrize("crashes", [False, True])
def test_the_sheets_are_plain(crashes: bool) -> None:
    answers: dict[str, Any] = {"answers": CRASHES} if crashes else {}
    needs = found("financial_strain", "carer_role", "partner_willing", "language_need", "cultural_need")
    assert is_plain(cards(scores=LONELY, work="off_sick", findings=needs, care_team=TEAM, **answers))
