"""What waits for the lead: rows that say what it is, since when, and which page does something about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from lms.kit import clock
from lms.reporting import counts
from lms.reporting.counts import Tally
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


Waits = Mapping[UUID, tuple[int, datetime]]


def concerned(intakes: Iterable[Intake]) -> list[Intake]:
    """The cohorts that may need something today: not over, or with people who wait. One query."""
    every = list(intakes)
    live, today = counts.live([each.id for each in every]), clock.today()
    return [each for each in every if each.ends_on >= today or each.id in live]


def of(
    intakes: Iterable[Intake],
    tallies: Mapping[UUID, Tally],
    waits: Waits,
    awaited: Iterable[Row[*tuple[Any, ...]]] = (),
) -> list[Need]:
    """Everything that waits, the most pressing first: by kind, then the longest wait or, for certificates, the most people.

    `waits`: applications that waited too long (`counts.overdue`). `awaited`: what others asked for (`awaiting.of_others`).
    """
    led = {each.id: each for each in intakes}
    found = [
        need
        for intake in led.values()
        if intake.id in tallies
        for need in _of_one(intake, tallies[intake.id], waits.get(intake.id))
    ]
    for subject, cohort, people, asked_at in awaited:
        asked_on = asked_at.astimezone(clock.SEOUL).date()
        found.append(Need(Kind.APPROVE, led[cohort], people, asked_on, subject=subject))
    return sorted(found, key=lambda need: (ORDER[need.kind], -need.count if need.kind is Kind.CERTIFY else 0, need.day))


def _of_one(intake: Intake, tally: Tally, waited: tuple[int, datetime] | None) -> Iterable[Need]:
    today = clock.today()
    free = intake.seats - tally.seated
    if waited:
        yield Need(Kind.DECIDE, intake, waited[0], waited[1].astimezone(clock.SEOUL).date())
    if tally.of("uncertified"):
        yield Need(Kind.CERTIFY, intake, tally.of("uncertified"), intake.ends_on)
    if free <= 0 or today > intake.ends_on:
        return
    if tally.of("waiting"):
        yield Need(Kind.PROMOTE, intake, tally.of("waiting"), intake.starts_on, free)
    elif today <= intake.starts_on <= today + timedelta(days=SOON):
        yield Need(Kind.FILL, intake, free, intake.starts_on, free)
