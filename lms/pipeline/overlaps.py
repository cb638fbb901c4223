"""People in two cohorts at once: nothing forbids it, but whoever decides or applies is told, and each person counts once."""

from collections.abc import Collection, Iterable
from itertools import combinations
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Stage, Traineeship


def meet(one: Cohort, other: Cohort) -> bool:
    """Whether two cohorts have a day in common, their first and last days included."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def beside(cohort: Cohort, people: Collection[UUID]) -> dict[UUID, list[Cohort]]:
    """Person → the other cohorts on the same days in which they have a seat; people without any are left out. One query."""
    seats = select(Traineeship).where(
        Traineeship.person_id.in_(people), Traineeship.cohort_id != cohort.id, Traineeship.stage != Stage.LEFT
    )
    same_days = (Cohort.starts_on <= cohort.ends_on, Cohort.ends_on >= cohort.starts_on)
    query = seats.join(Traineeship.cohort).where(*same_days).order_by(Cohort.starts_on, Cohort.id)
    found: dict[UUID, list[Cohort]] = {}
    for each in session.scalars(query.options(joinedload(Traineeship.cohort))):
        found.setdefault(each.person_id, []).append(each.cohort)
    return found


def told_to(reader: Person, cohort: Cohort, people: Collection[UUID]) -> dict[UUID, list[Cohort | None]]:
    """The same for a lead: None stands for cohorts that they do not lead."""
    found = beside(cohort, people)
    led = set(session.scalars(cohorts.led_by(reader).with_only_columns(Cohort.id))) if found else set()
    return {person: [each if each.id in led else None for each in others] for person, others in found.items()}


def among(held: Iterable[Traineeship]) -> list[Cohort]:
    """Those of one person's cohorts that share a day with another one of them, the first to begin first."""
    seats = [each.cohort for each in held if each.stage is not Stage.LEFT]
    found = {each.id: each for pair in combinations(seats, 2) if meet(*pair) for each in pair}
    return sorted(found.values(), key=lambda each: (each.starts_on, each.id))
