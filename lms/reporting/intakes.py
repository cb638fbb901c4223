"""The cohorts that somebody leads, as numbers need them: plain values, one query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from lms.kit import clock, db
from lms.kit.words import Words
from lms.people.models import Person, Role
from lms.people.readers import anyone, known
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, CohortState, Programme


@dataclass(frozen=True)
class Intake:
    """One cohort with the programme it belongs to."""

    id: UUID
    programme_id: UUID
    programme_slug: str
    title: Words
    track: str
    seats: int
    starts_on: date
    ends_on: date

    def touches(self, year: int) -> bool:
        """Whether its course days reach into the year."""
        return self.starts_on.year <= year <= self.ends_on.year

    def state_on(self, day: date) -> CohortState:
        if day < self.starts_on:
            return CohortState.PLANNED
        return CohortState.RUNNING if day <= self.ends_on else CohortState.FINISHED

    @property
    def state(self) -> CohortState:
        return self.state_on(clock.today())


def led_by(person: Person) -> list[Intake]:
    """The cohorts that the person leads (an administrator: all), the latest first."""
    return [Intake(*row) for row in db.rows(_led_by(person.roles), known(person))]


def among(ids: Collection[UUID]) -> list[Intake]:
    """These cohorts, the latest first."""
    return [Intake(*row) for row in db.rows(_among(), {"ids": list(ids)})]


@cache
def _led_by(roles: frozenset[Role]) -> Select[Any]:
    return _facts(cohorts.led_by(anyone(roles)))


@cache
def _among() -> Select[Any]:
    return _facts(select(Cohort).where(Cohort.id.in_(bindparam("ids", expanding=True))))


def _facts(of: Select[Cohort]) -> Select[Any]:
    led = of.subquery()
    facts = (led.c.title, led.c.track, led.c.seats, led.c.starts_on, led.c.ends_on)
    query: Select[Any] = select(led.c.id, led.c.programme_id, Programme.slug, *facts)
    query = query.join(Programme, Programme.id == led.c.programme_id)
    return query.order_by(led.c.starts_on.desc(), led.c.ends_on.desc(), led.c.id)


def of_year(intakes: Iterable[Intake], year: int, besides: Collection[UUID] = ()) -> list[Intake]:
    """Those whose course days reach into the year, and `besides` (in which somebody became an expert in it)."""
    return [each for each in intakes if each.touches(year) or each.id in besides]
