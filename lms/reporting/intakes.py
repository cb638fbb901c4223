"""The cohorts that somebody leads, as numbers need them: plain values, one query."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from lms.kit import clock, db
from lms.kit.words import Words
from lms.people.models import Person, Role
from lms.people.readers import anyone, known
from lms.pipeline import cohorts
from lms.pipeline.models import CohortState, Programme


@dataclass(frozen=True)
class Intake:
    """One cohort with the programme it belongs to."""

    id: UUID
    programme_slug: str
    title: Words
    track: str
    seats: int
    starts_on: date
    ends_on: date

    def touches(self, year: int) -> bool:
        """Whether its course days reach into the year."""
        return self.starts_on.year <= year <= self.ends_on.year

    @property
    def state(self) -> CohortState:
        today = clock.today()
        if today < self.starts_on:
            return CohortState.PLANNED
        return CohortState.RUNNING if today <= self.ends_on else CohortState.FINISHED


def led_by(person: Person) -> list[Intake]:
    """The cohorts that the person leads (an administrator: all), the latest first."""
    return [Intake(*row) for row in db.rows(_led_by(person.roles), known(person))]


@cache
def _led_by(roles: frozenset[Role]) -> Select[Any]:
    led = cohorts.led_by(anyone(roles)).subquery()
    query = select(led.c.id, Programme.slug, led.c.title, led.c.track, led.c.seats, led.c.starts_on, led.c.ends_on)
    query = query.join(Programme, Programme.id == led.c.programme_id)
    return query.order_by(led.c.starts_on.desc(), led.c.ends_on.desc(), led.c.id)
