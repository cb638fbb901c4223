"""What waits for a second person, as the board tells it. Rooms above write it down and cross it out."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, select

from lms.kit import clock, db
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort
from lms.reporting.models import Awaited

_OF_OTHERS = (
    select(Awaited.subject_id, Awaited.cohort_id, Awaited.people, Awaited.asked_at)
    .where(Awaited.cohort_id.in_(bindparam("cohorts", expanding=True)), Awaited.asked_by_id != bindparam("reader_id"))
    .order_by(Awaited.asked_at, Awaited.subject_id)
)


def begin(subject_id: UUID, cohort: Cohort, by: Person, people: int) -> None:
    """Write down that `by` asked for something about so many people of a cohort."""
    session.add(
        Awaited(subject_id=subject_id, cohort_id=cohort.id, asked_by_id=by.id, asked_at=clock.now(), people=people)
    )


def over(subject_id: UUID) -> None:
    """It was decided, or taken back."""
    session.execute(delete(Awaited).where(Awaited.subject_id == subject_id))


def of_others(reader: Person, cohort_ids: Iterable[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What others asked for in these cohorts, the oldest first: (subject, cohort, people, when). One query."""
    return db.rows(_OF_OTHERS, {"cohorts": list(cohort_ids), "reader_id": reader.id})
