"""Whether two assessments are of one person and in the order of time."""

from __future__ import annotations

from collections.abc import Iterator

from careplan.assessment import Assessment, Person


def differences(earlier: Assessment, later: Assessment, *, linked: bool = False) -> tuple[str, ...]:
    """Why ``later`` cannot be read as following ``earlier``; empty when it can.

    It must bear the same id or name the earlier one as its ``previous`` (by id, or ``linked`` by its file), have the
    same birth date, no other identifier of the same kind, and no earlier day.
    """
    return tuple(_differences(earlier, later, linked))


def _differences(earlier: Assessment, later: Assessment, linked: bool) -> Iterator[str]:
    if not linked and earlier.id not in (later.id, later.previous):
        named = "none" if later.previous is None else repr(later.previous)
        yield (
            f"its id is {later.id!r} and the earlier one's {earlier.id!r}: give both one id, or name the earlier one "
            f"as 'previous' (which is {named})"
        )
    then, now = earlier.person, later.person
    if then.birth_date != now.birth_date:
        yield f"the person was born on {now.birth_date}, and that of {earlier.id!r} on {then.birth_date}"
    for kind in sorted(then.identifiers.keys() & now.identifiers.keys()):
        if then.identifiers[kind] != now.identifiers[kind]:
            yield f"{kind} is {now.identifiers[kind]!r}, and that of {earlier.id!r} {then.identifiers[kind]!r}"
    if later.date < earlier.date:
        yield (
            f"the assessment is of {later.date}, before that of {earlier.date} which it should follow: "
            "name the files in the order of time"
        )


def changes_of_record(earlier: Person, later: Person) -> tuple[str, ...]:
    """What is recorded otherwise of the person than before, and may be a slip: the name, the sex."""
    pairs = {"name": (earlier.name, later.name), "sex": (earlier.sex, later.sex)}
    return tuple(
        f"the {what} was recorded as {then!r} and is {now!r} now"
        for what, (then, now) in pairs.items()
        if then is not None and now is not None and then != now
    )
