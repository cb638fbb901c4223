"""The cohorts that somebody leads, as numbers need them: plain values, one query."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import Person
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
    led = cohorts.led_by(person).subquery()
    query = select(led.c.id, Programme.slug, led.c.title, led.c.track, led.c.seats, led.c.starts_on, led.c.ends_on)
    query = query.join(Programme, Programme.id == led.c.programme_id)
    return [
        Intake(*row) for row in session.execute(query.order_by(led.c.starts_on.desc(), led.c.ends_on.desc(), led.c.id))
    ]
