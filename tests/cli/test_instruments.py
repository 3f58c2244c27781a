"""``careplan instruments``: what to ask, how it is scored, and whose wording there is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from careplan.cli.instrument_pages import account, page
from careplan.instruments import builtin_instruments
from careplan.instruments.missing import missing_rule
from careplan.instruments.wording import definition_wording
from tests.cli.conftest import Run
from tests.distributions import distribution

INSTRUMENTS = builtin_instruments()
PSEQ2 = """\
instrument: pseq2
licence: Agreed with the author for this clinic
language: en-GB
items: {i1: First made-up question, i2: Second made-up question}
each_item: {answers: {0: no confidence, 6: full confidence}}
"""


def shown(name: str) -> str:
    """The page of an instrument on a terminal so wide that no line is broken, spaces as they come."""
    instrument = INSTRUMENTS[name]
    free = definition_wording(instrument)
    console = Console(file=io.StringIO(), width=5000, markup=False, highlight=False)
    for part in page(instrument, [free] if free else []):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def as_json(run: Run, *arguments: str) -> Any:
    code, out, err = run("instruments", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.fixture
def wording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service's folder of wording, named in its configuration, with one file."""
    (tmp_path / "config.toml").write_text('[instruments]\nwording = ["ours"]\n', encoding="utf-8")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "pseq2.yaml").write_text(PSEQ2, encoding="utf-8")
    monkeypatch.setenv("CAREPLAN_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "ours"


def test_every_instrument_is_listed_with_items_scores_and_the_licence_of_its_wording(run: Run) -> None:
    assert {each["id"]: (each["items"], each["scores"], each["licence"]["note"]) for each in as_json(run)} == {
        name: ([item.id for item in each.items], [score.id for score in each.scores], each.licence.note)
        for name, each in INSTRUMENTS.items()
    }
    code, out, err = run("instruments")
    assert (code, err) == (0, "")
    assert [name for name in INSTRUMENTS if f" {name} " not in out] == []
    assert "not shipped: Morin / Mapi licence." in out
    assert "free: Free (Pfizer; no permission required)." in out


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_page_says_all_that_a_definition_holds(name: str) -> None:
    instrument, text = INSTRUMENTS[name], shown(name)
    said = [instrument.title, instrument.version, instrument.recall_period, instrument.licence.note]
    said += [each.label for each in instrument.items]
    said += [each.text for each in instrument.items if each.text]
    said += [option.label for each in instrument.items for option in each.options]
    for score in instrument.scores:
        said += [instrument.fact(score.id), score.title, missing_rule(instrument, score), *score.algorithm]
    said += [each.label for each in instrument.bands] + [each.source for each in instrument.bands]
    said += [each.source for each in instrument.change]
    said += [words for each in instrument.flags for words in (each.action, each.note) if words]
    said += [code for code in (instrument.loinc.items if instrument.loinc else ()) if code]
    said += [*instrument.sources, *instrument.notes]
    assert [each for each in said if " ".join(each.split()) not in " ".join(text.split())] == []


def test_what_was_not_checked_against_its_source_is_marked() -> None:
    marks = sum(each.certainty == "unverified" for name in INSTRUMENTS for each in INSTRUMENTS[name].bands)
    assert marks > 10
    for name, each in INSTRUMENTS.items():
        certainties = [each.labels_certainty, *(one.certainty for one in each.bands)]
        certainties += [one.certainty for one in each.change]
        certainties += [certainty for one in each.scores for certainty in (one.certainty, one.missing.certainty)]
        words = " ".join(shown(name).partition("\nNotes\n")[0].split())
        marked = words.count("(unverified)") + words.count("(by convention, unverified)")
        assert marked == certainties.count("unverified"), name


def test_the_scoring_is_told_in_words() -> None:
    assert "the sum of 7 items, times 2" in shown("dass21")
    assert "the sum of 10 items, i4, i5, i7, i8 reversed" in shown("pss10")
    assert "the mean of 3 items, rounded half up to 2 decimals" in shown("peg")
    assert "from raw by a table for each form" in shown("promis_pi")
    assert "table of 4a: 4 → 41.6, 5 → 49.6" in shown("promis_pi")
    assert "weights (female): i1 1, i2 2, i3 4" in shown("ort")
    assert "pattern: 1 → 0, 2 → -1, 3 → 1, 4 → 1" in shown("paindetect")
    assert "the sum of rumination, magnification, helplessness" in shown("pcs")
    assert "0 when exposure = 0" in shown("pcptsd5")
    assert "n: yes when neck_cm is at least 43 (male), 41 (female), from measures.neck_cm" in shown("stopbang")
    assert "q3: left open it counts as 0 when q2 = 0" in shown("cssrs")
    assert "taken from the answers to phq9" in shown("phq2")


def test_bands_and_the_change_that_matters_have_their_direction() -> None:
    assert "15 to 19: moderately severe" in shown("phq9")
    assert "3 to 7 (not male): positive" in shown("auditc")
    assert "up to 49.9: below expectation" in shown("gas")
    assert "total: 5 points, lower is better: Löwe et al., Med Care 2004; Kroenke" in shown("phq9")
    assert "total: 5.5 points, higher is better" in shown("pseq")
    assert "mean: 30%, lower is better" in shown("peg")


def test_one_instrument_as_json(run: Run) -> None:
    found = as_json(run, "phq9")
    assert found["licence"] == {"wording": "free", "note": "Free (Pfizer; no permission required)."}
    assert found["items"][8]["text"] == "Thoughts that you would be better off dead or of hurting yourself in some way"
    assert found["items"][0]["options"][1] == {"value": 1, "label": "Several days"}
    assert found["items"][0]["loinc"] == "44250-9"
    total = found["scores"][0]
    assert (total["fact"], total["how"], total["min"], total["max"]) == ("phq9.total", "the sum of 9 items", 0, 27)
    assert total["missing"] == {
        "rule": "prorate",
        "words": "up to 2 of 9 may be missing: the answered ones stand for all, rounded half up",
        "certainty": "sourced",
    }
    assert found["bands"][3] == {
        "scale": "severity", "score": "total", "id": "moderately_severe", "label": "moderately severe",
        "from": 15, "to": 19, "sex": None, "source": "Kroenke, Spitzer, Williams, J Gen Intern Med 2001",
        "certainty": "sourced",
    }  # fmt: skip
    assert (found["change"][0]["mcid"], found["change"][0]["improvement"]) == (5, "decrease")
    assert found["flags"][0]["when"] == "item9 >= 1"
    assert found["loinc"] == {"panel": "44249-1", "total": "44261-6"}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_definition_is_json(name: str) -> None:
    found = json.loads(json.dumps(account(INSTRUMENTS[name], [])))
    assert [each["id"] for each in found["items"]] == [each.id for each in INSTRUMENTS[name].items]
    assert [each["id"] for each in found["scores"]] == [each.id for each in INSTRUMENTS[name].scores]


def test_wording_that_is_not_free_is_never_shown(run: Run) -> None:
    for each in as_json(run):
        assert (each["wording"] == []) == (each["licence"]["wording"] == "scoring_only")
    assert {each["text"] for each in as_json(run, "psqi")["items"]} == {None}


def test_a_services_own_wording_is_shown_with_where_it_comes_from(run: Run, wording: Path) -> None:
    file = str(wording / "pseq2.yaml")
    (own,) = as_json(run, "pseq2")["wording"]
    assert (own["origin"], own["language"], own["licence"]) == (file, "en-GB", "Agreed with the author for this clinic")
    assert own["items"] == {"i1": "First made-up question", "i2": "Second made-up question"}
    code, out, err = run("instruments", "pseq2")
    assert (code, err) == (0, "")
    assert f"yours (en-GB), from {file}: Agreed with the author for this clinic" in " ".join(out.split())
    assert "First made-up question" in out
    assert "0 = no confidence; 6 = full confidence" in out
    assert "yours (en-GB)" in run("instruments")[1]


def test_a_wording_that_does_not_fit_is_refused_with_its_place(run: Run, wording: Path) -> None:
    (wording / "isi.yaml").write_text(PSEQ2.replace("pseq2", "isis"), encoding="utf-8")
    (wording / "pseq2.yaml").write_text(PSEQ2.replace("i2: ", "i3: "), encoding="utf-8")
    code, out, err = run("instruments")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"{wording}/isi.yaml:1:13: there is no instrument 'isis'; did you mean 'isi'?",
        f"{wording}/pseq2.yaml:4:8: the wording of item i2 (living normally) is missing",
        f"{wording}/pseq2.yaml:4:37: pseq2 has no item 'i3'; its items are i1, i2",
        "3 problems; nothing was written.",
    ]


@pytest.mark.parametrize("name", ["phq", "PHQ9"])
def test_an_unknown_instrument_is_refused_with_the_nearest(run: Run, name: str) -> None:
    assert run("instruments", name) == (2, "", f"there is no instrument '{name}'; did you mean 'phq9'?\n")


STIFF = """
id: stiff
title: Stiffness
version: "1"
licence: {wording: free, note: Written by this clinic.}
recall_period: past week
each_item: {type: ordinal, min: 0, max: 3}
items: [{id: i1, label: mornings, text: How stiff are you in the morning?}]
scores:
  - {id: total, title: Total, kind: sum, items: all, min: 0, max: 3, direction: higher_worse, missing: all_required}
sources: [This clinic]
"""


def test_an_instrument_of_a_plugin_is_listed_and_a_failed_plugin_is_named(site: Path, run: Run) -> None:
    source = (
        "from pathlib import Path\n"
        "from careplan.hookspecs import InstrumentFile, hookimpl\n"
        "@hookimpl\n"
        "def careplan_instruments():\n"
        "    return [InstrumentFile(Path(__file__).parent / 'stiff.yaml')]\n"
    )
    distribution(site, "careplan-stiff", {"stiff": source})
    (site / "stiff.yaml").write_text(STIFF, encoding="utf-8")
    assert as_json(run, "stiff")["items"][0]["text"] == "How stiff are you in the morning?"
    (site / "stiff.yaml").write_text(STIFF.replace("max: 3,", "max: 4,"), encoding="utf-8")
    code, out, err = run("instruments", "phq9")
    assert (code, "PHQ-9" in out) == (0, True)
    assert err.startswith("✘ stiff failed (files): ")
