"""What waits for the lead: rows that say what it is, since when, and which page does something about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from lms.kit import clock
from lms.reporting import counts
from lms.reporting.counts import Tally, Undecided
from lms.reporting.intakes import Intake

PATIENCE = 7  # days that an application may wait for a decision
SOON = 30  # days before its start in which free seats matter


class Kind(StrEnum):
    """Why a row is there."""

    APPROVE = "approve"
    DECIDE = "decide"
    PROMOTE = "promote"
    FILL = "fill"
    CERTIFY = "certify"


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Need:
    """One thing to do about one cohort: how many people (or, to fill, seats) it is about, and the day it hangs on."""

    kind: Kind
    cohort: Intake
    count: int
    day: date
    free: int = 0
    subject: UUID | None = None  # what is to be approved

    @property
    def days(self) -> int:
        """Days from today to the day: negative when it has passed."""
        return (self.day - clock.today()).days


def late_before(today: date) -> date:
    """Applications sent before this day have waited too long."""
    return today - timedelta(days=PATIENCE)


def waiting(ids: Collection[UUID]) -> tuple[dict[UUID, Undecided], dict[UUID, int]]:
    """Cohort → its undecided applications, and cohort → who waits for a certificate. Two queries."""
    late = clock.day_start(late_before(clock.today()))
    return counts.undecided(ids, late), counts.uncertified(ids)


def of(
    intakes: Iterable[Intake],
    tallies: Mapping[UUID, Tally],
    undecided: Mapping[UUID, Undecided],
    uncertified: Mapping[UUID, int],
    awaited: Iterable[Row[*tuple[Any, ...]]] = (),
) -> list[Need]:
    """Everything that waits, the most pressing first: by kind, then the longest wait or, for certificates, the most people.

    `tallies`: at least of the cohorts that are not over. `undecided`, `uncertified`: see `waiting`. `awaited`: what others
    asked for (`awaiting.of_others`).
    """
    led, today = {each.id: each for each in intakes}, clock.today()
    found = [Need(Kind.CERTIFY, led[key], people, led[key].ends_on) for key, people in uncertified.items()]
    found += [
        Need(Kind.DECIDE, led[key], waits.overdue, waits.oldest.astimezone(clock.SEOUL).date())
        for key, waits in undecided.items()
        if waits.overdue and waits.oldest
    ]
    for intake in led.values():
        if intake.ends_on >= today:
            found += _of_seats(intake, tallies[intake.id], undecided.get(intake.id, Undecided()).waiting)
    for subject, cohort, people, asked_at in awaited:
        asked_on = asked_at.astimezone(clock.SEOUL).date()
        found.append(Need(Kind.APPROVE, led[cohort], people, asked_on, subject=subject))
    return sorted(found, key=lambda need: (ORDER[need.kind], -need.count if need.kind is Kind.CERTIFY else 0, need.day))


def _of_seats(intake: Intake, tally: Tally, waiting: int) -> Iterable[Need]:
    free, today = intake.seats - tally.seated, clock.today()
    if free <= 0:
        return
    if waiting:
        yield Need(Kind.PROMOTE, intake, waiting, intake.starts_on, free)
    elif today <= intake.starts_on <= today + timedelta(days=SOON):
        yield Need(Kind.FILL, intake, free, intake.starts_on, free)
