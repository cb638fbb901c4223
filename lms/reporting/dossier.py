"""One person as a lead may see them: what they did in the lead's cohorts, with the evidence of every stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload

from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import applications, cohorts, traineeships
from lms.pipeline.models import Application, Cohort, StageEvent, Traineeship


@dataclass(frozen=True)
class Part:
    """What a person did in one cohort: the application (if they sent one), the traineeship (if they have one), every move."""

    cohort: Cohort
    application: Application | None
    traineeship: Traineeship | None
    moves: Sequence[StageEvent]


def visible_to(reader: Person) -> Select[Person]:
    """People who applied to, or take part in, a cohort that the reader leads (an administrator: any)."""
    asked = applications.led_by(reader).where(Application.sent_at.is_not(None)).subquery()
    taking_part = traineeships.led_by(reader).subquery()
    return select(Person).where(
        or_(
            exists().where(asked.c.person_id == Person.id),
            exists().where(taking_part.c.person_id == Person.id),
        )
    )


def of(person: Person, reader: Person) -> list[Part]:
    """The person's parts in the reader's cohorts, the latest cohort first."""
    led = {each.id: each for each in session.scalars(cohorts.led_by(reader)).unique()}
    asked = select(Application).where(Application.person_id == person.id, Application.sent_at.is_not(None))
    asks = {each.cohort_id: each for each in session.scalars(asked)}
    parts = {
        each.cohort_id: each for each in session.scalars(select(Traineeship).where(Traineeship.person_id == person.id))
    }
    moves: dict[UUID, list[StageEvent]] = {}
    ledger = select(StageEvent).where(StageEvent.person_id == person.id).options(joinedload(StageEvent.by))
    for move in session.scalars(ledger.order_by(StageEvent.happened_at, StageEvent.id)):
        moves.setdefault(move.cohort_id, []).append(move)
    found = [
        Part(led[key], asks.get(key), parts.get(key), moves.get(key, [])) for key in led if key in asks or key in parts
    ]
    return sorted(found, key=lambda part: (part.cohort.starts_on, part.cohort.id), reverse=True)
