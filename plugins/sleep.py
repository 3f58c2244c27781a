"""Sleep: insomnia, sleep apnoea and restless legs; the sleep window and its steps from the person's diary."""

from collections.abc import Iterator, Mapping
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

DAY = 24 * 60
FLOOR = 330
"""The shortest sleep window in minutes (SLP-03); a convention, as the rule says."""
WIDEN = 15
"""Minutes that a sleep window grows by (SLP-03)."""
ENOUGH = 85
"""Percent of the time in bed, slept over a week, from which a window grows (SLP-03)."""
TRIM_SLOWLY, TRIM_FASTER = 15, 30
"""Minutes that the time in bed shrinks by in a week where restriction is unsafe (SLP-04)."""
WHOLE = 100
"""Percent; no more of the time in bed can be slept."""
WEEKS = 8
"""How far ahead the steps are shown: the sleep course is looked at again after 6 to 8 weeks (SLP-02)."""
DAYLIGHT, WIND_DOWN, NO_CAFFEINE = 60, 30, 8 * 60
"""Minutes after rising within which to get daylight, and before bed to wind down and without caffeine (SLP-01)."""
ANCHOR = 4
"""Hours that somebody who works shifts sleeps at the same time every day (SLP-09)."""

FLOOR_CONVENTION = "The floor of five and a half hours is a convention; protocols use five hours."
END_CONVENTION = (
    "Ending the trim at 85 % of the time in bed asleep, and never under five and a half hours, is a convention taken "
    "over from the sleep window."
)

READ = (
    "sleep.time_in_bed_hours",
    "sleep.slept_hours",
    "sleep.rise_time",
    "sleep.efficiency_given",
    "sleep.efficiency",
)
"""The facts that everything here is computed from."""
DIARY = {"time_in_bed_hours": "how long you are in bed", "slept_hours": "how long you sleep"}
"""What a diary tells beside the time of getting up, as a sentence goes on."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="sleep",
            title="Sleep",
            purpose="Treat what keeps a person with pain from sleeping.",
            order=40,
            action_order=40,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("sleep", RULESETS / "sleep", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="sleep", heading="Sleeping better", template="sleep/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("sleep", files("careplan.templates") / "sleep")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("sleep.times", "sleep/times.html", times, rule="SLP-01"),
        DetailSpec("sleep.window", "sleep/window.html", window, rule="SLP-03"),
        DetailSpec("sleep.trim", "sleep/trim.html", trim, rule="SLP-04"),
        DetailSpec("sleep.anchor", "sleep/anchor.html", anchor, rule="SLP-09"),
        DetailSpec("sleep.diary", "sleep/diary.html", diary, section="sleep", edition="patient"),
    ]


def times(situation: Situation) -> Mapping[str, Any] | None:
    """The clock times of the sleep basics, from when the person gets up and goes to bed; None of them for shifts."""
    sleep = _Sleep(situation)
    rise, bed = (None, None) if sleep.shifts else (sleep.rise, sleep.bed)
    return {
        **sleep.numbers,
        "shifts": sleep.shifts,
        "get_up": _clock(rise),
        "daylight_by": _clock(rise, DAYLIGHT),
        "into_bed": _clock(bed),
        "into_bed_from": sleep.bed_from if bed is not None else None,
        "wind_down_from": _clock(bed, -WIND_DOWN),
        "last_caffeine": _clock(bed, -NO_CAFFEINE),
    }


def window(situation: Situation) -> Mapping[str, Any] | None:
    """The sleep window: as long as the mean time asleep but no shorter than the floor, and how it grows."""
    sleep = _Sleep(situation)
    first = sleep.window
    return {
        **sleep.numbers,
        "shifts": sleep.shifts,
        "window": first,
        "at_floor": first is not None and sleep.asleep is not None and sleep.asleep < FLOOR,
        "no_shorter": first is not None and sleep.in_bed is not None and first >= sleep.in_bed,
        "steps": list(_widened(first, sleep)) if first is not None else [],
        "floor": FLOOR,
        "widen_by": WIDEN,
        "widen_from_percent": ENOUGH,
        "conventions": [FLOOR_CONVENTION],
    }


def trim(situation: Situation) -> Mapping[str, Any] | None:
    """How the time in bed shrinks week by week where a strict window is unsafe; None where a clinician set one."""
    if "SLP-03" in situation.released:
        return None
    sleep = _Sleep(situation)
    end = None if sleep.asleep is None else max(FLOOR, -(-sleep.asleep * WHOLE // ENOUGH))
    weeks = list(_trimmed(sleep, end))
    return {
        **sleep.numbers,
        "shifts": sleep.shifts,
        "into_bed_now": _clock(sleep.bed),
        "ends_at": end,
        "weeks": weeks,
        "little_to_trim": sleep.fits and sleep.in_bed is not None and not weeks,
        "only_begun": bool(weeks) and end is None,
        "trim_by": [TRIM_SLOWLY, TRIM_FASTER],
        "conventions": [END_CONVENTION] if weeks else [],
    }


def anchor(situation: Situation) -> Mapping[str, Any] | None:
    """The sheet on which somebody with shifts finds the hours that are sleep on every kind of day."""
    sleep = _Sleep(situation)
    start = sleep.before_rising(sleep.in_bed)
    return {
        "anchor_hours": ANCHOR,
        "in_bed_from": _clock(start),
        "in_bed_to": _clock(sleep.rise) if start is not None else None,
        "because": sleep.numbers["because"],
    }


def diary(situation: Situation) -> Mapping[str, Any] | None:
    """A week of lines to fill in where a rule works with them; None where keeping a diary does harm."""
    if "DIA-04" in situation.released or situation.facts.get("finding.diary_harm") is True:
        return None
    if situation.shown.isdisjoint({"GAP-07", "SLP-01", "SLP-03", "SLP-04"}):
        return None
    return {"nights": 7}


class _Sleep:
    """What the answers say of somebody's sleep, in whole minutes; None where they do not say it."""

    def __init__(self, situation: Situation) -> None:
        facts = situation.facts
        self.facts = facts
        self.situation = situation
        self.in_bed = _minutes(facts.get("sleep.time_in_bed_hours"))
        self.asleep = _minutes(facts.get("sleep.slept_hours"))
        self.efficiency: float | None = facts.get("sleep.efficiency")
        self.rise = _minute_of_day(facts.get("sleep.rise_time"))
        self.shifts = "SLP-09" in situation.released or facts.get("finding.shift_work") is True
        self.fits = not (self.longer_asleep or (self.efficiency is not None and self.efficiency > WHOLE))
        if not self.fits:
            self.in_bed = self.asleep = self.efficiency = None

    @property
    def longer_asleep(self) -> bool:
        return self.in_bed is not None and self.asleep is not None and self.asleep > self.in_bed

    @property
    def window(self) -> int | None:
        return None if self.asleep is None else max(FLOOR, self.asleep)

    @property
    def bed(self) -> int | None:
        """When the person is to be in bed: by the sleep window where it stands, else as the diary says."""
        return self.before_rising(self.window if self.bed_from == "window" else self.in_bed)

    def before_rising(self, length: int | None) -> int | None:
        """The minute of the day so long before the person gets up."""
        return None if self.rise is None or length is None else (self.rise - length) % DAY

    @property
    def bed_from(self) -> str:
        return "window" if "SLP-03" in self.situation.shown else "diary"

    @property
    def entered_differs(self) -> bool:
        """Whether the efficiency that was entered is not the one that the diary gives."""
        entered = self.facts.get("sleep.efficiency_given")
        if entered is None or self.asleep is None or not self.in_bed:
            return False
        return abs(float(entered) - WHOLE * self.asleep / self.in_bed) > 1

    @property
    def numbers(self) -> dict[str, Any]:
        """What every detail shows of the diary, what is missing from it, and the facts behind that."""
        known = {"time_in_bed_hours": self.in_bed, "slept_hours": self.asleep}
        return {
            "in_bed": self.in_bed,
            "asleep": self.asleep,
            "rise": _clock(self.rise),
            "efficiency": None if self.efficiency is None else round(self.efficiency, 1),
            "entered_differs": self.entered_differs,
            "fits": self.fits,
            "missing": [words for each, words in DIARY.items() if known[each] is None] if self.fits else [],
            "because": self.situation.known(*READ),
        }


def _widened(first: int, sleep: _Sleep) -> Iterator[dict[str, Any]]:
    """The window and its next lengths, never beyond the time in bed now nor further ahead than the weeks shown."""
    for step in range(WEEKS):
        length = first + step * WIDEN
        if step and sleep.in_bed is not None and length > sleep.in_bed:
            return
        yield {
            "step": step + 1,
            "window": length,
            "into_bed": _clock(sleep.rise, -length),
            "out_of_bed": _clock(sleep.rise),
            "widen_from": -(-length * ENOUGH // WHOLE),
        }


def _trimmed(sleep: _Sleep, end: int | None) -> Iterator[dict[str, Any]]:
    """The weeks of a shrinking time in bed down to its end; the first alone while the end is not known."""
    if sleep.in_bed is None:
        return
    for week in range(1, (WEEKS if end is not None else 1) + 1):
        slow, fast = (sleep.in_bed - week * by for by in (TRIM_SLOWLY, TRIM_FASTER))
        lowest = FLOOR if end is None else end
        if slow < lowest:
            return
        yield {
            "week": week,
            "slow": {"in_bed": slow, "into_bed": _clock(sleep.rise, -slow)},
            "fast": {"in_bed": fast, "into_bed": _clock(sleep.rise, -fast)} if fast >= lowest else None,
        }


def _minutes(hours: float | None) -> int | None:
    return None if hours is None else round(hours * 60)


def _minute_of_day(time: str | None) -> int | None:
    """The minutes since midnight of ``HH:MM``."""
    if time is None:
        return None
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def _clock(minute: int | None, later: int = 0) -> str | None:
    """The clock time of a minute of the day and some minutes later, or earlier; over midnight it is another day's."""
    if minute is None:
        return None
    hours, minutes = divmod((minute + later) % DAY, 60)
    return f"{hours:02}:{minutes:02}"
