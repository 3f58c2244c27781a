"""The stages of imagery come in order, and without the mirror where it is not for somebody."""

from __future__ import annotations

from typing import Any

from careplan.testing import plan_for
from tests.plugins.graded_exposure.people import (
    computed,
    intake,
    page,
)
from tests.plugins.people import details_of


def stages(found: dict[str, Any]) -> list[tuple[str, str | None, bool]]:
    return [(each["stage"], each["waits_for"], each["left_out"]) for each in found["stages"]]


def test_the_stages_of_imagery_wait_for_each_other() -> None:
    found = computed(diagnoses=["crps"], findings=["limb_allodynia"])["imagery"]
    assert stages(found) == [
        ("pictures", None, False),
        ("imagining", "pictures", False),
        ("mirror", "imagining", False),
    ]
    assert [each["dose"] for each in found["stages"]] == [
        {"minutes": 10, "times_a_day": [3, 5], "weeks": 2},
        None,
        None,
    ]
    assert (found["weeks"], found["pain_rise"], found["shorter"]) == (6, 2, False)
    assert found["alongside"] == ["GMI-02", "GMI-03"]


def test_inside_energy_limits_the_therapist_sets_the_dose() -> None:
    found = computed(diagnoses=["crps", "mecfs"])["imagery"]
    assert (found["shorter"], found["stages"][0]["dose"]) == (True, None)


def test_the_mirror_is_left_out_where_it_distresses() -> None:
    found = computed(diagnoses=["crps"], findings=["mirror_distress"])
    assert "imagery" not in found
    assert stages(found["no_mirror"]) == [
        ("pictures", None, False),
        ("imagining", "new_order", False),
        ("mirror", None, True),
    ]
    phantom = computed(findings=["limb_pain", "phantom_limb", "mirror_distress"])
    assert "no_mirror" not in phantom
    assert stages(phantom["imagery"])[2] == ("mirror", None, True)


def test_training_of_touch_is_named_only_while_it_stands() -> None:
    assert (
        computed(diagnoses=["crps"], findings=["limb_allodynia", "wound_or_infection_limb"])["imagery"]["alongside"]
        == []
    )


def test_with_epilepsy_no_app_may_flash() -> None:
    text = intake(diagnoses=["crps", "epilepsy"])
    assert details_of("graded_exposure", plan_for(text))["imagery"]["no_flashing"] is True
    assert "leave out apps that flash" in page(text)
