"""The hydrotherapy plugin, tested as its author tests it: with careplan installed, through ``careplan.testing``."""

from importlib.resources import files
from pathlib import Path

from careplan import testing

FOLDER = files("careplan_hydrotherapy") / "rules"
INTAKE = """
careplan: intake/1
id: swimmer
date: 2026-03-02
person: {birth_date: 1983-05-04, sex: female, pregnant: false, country: GB}
measures: {duration_months: 72, pool_access: POOL}
diagnoses: {reviewed: true}
red_flags: {reviewed: true}
findings: {present: [likes_heat], reviewed: true}
medications_reviewed: true
medications: []
answers: {dsqpem: {f1: 0, f2: 0, f3: 0, f4: 0, f5: 0, s1: 0, s2: 0, s3: 0, s4: 0, s5: 0}}
"""


def test_the_plugin_is_loaded() -> None:
    assert str(testing.loaded("hydrotherapy")) == "hydrotherapy of careplan-hydrotherapy 1.2.0"


def test_every_rule_test_passes() -> None:
    assert testing.check_ruleset("hydrotherapy") == 8


def test_a_pool_nearby_brings_movement_in_water(tmp_path: Path) -> None:
    file = tmp_path / "swimmer.yaml"
    file.write_text(INTAKE.replace("POOL", "true"), encoding="utf-8")
    places = testing.places(testing.plan_for(file))
    assert places["HYD-01"] == "released"
    assert "HYD-02" not in places


def test_without_a_pool_the_bath_at_home_takes_its_place() -> None:
    places = testing.places(testing.plan_for(INTAKE.replace("POOL", "false")))
    assert places["HYD-02"] == "released"
    assert "HYD-01" not in places


def test_nobody_is_sent_into_hot_water_while_a_pregnancy_is_not_ruled_out() -> None:
    intake = INTAKE.replace("POOL", "true").replace("pregnant: false, ", "")
    assert testing.places(testing.plan_for(intake))["HYD-01"] == "ask first"


def test_the_section_says_to_ring_the_pool() -> None:
    page = testing.document_for(INTAKE.replace("POOL", "true"))
    assert "In warm water" in page
    assert "ring the pool" in page
