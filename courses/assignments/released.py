"""What trainees may know of their marks: what was released, the newest of it. Everything else is in no page of theirs."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from courses.assignments.models import Mark, Marking, Release, ReleasedMarking, Submission
from courses.catalogue.models import Activity
from courses.learning.models import Enrolment
from lms.kit.db import session
from lms.people.models import Person


def of(enrolment: Enrolment) -> dict[UUID, Marking]:
    """Activity id (of the version that the person is on) → the newest released marking of their work. One query."""
    return of_many([enrolment.id])[enrolment.id]


def of_many(enrolment_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Marking]]:
    """Enrolment id → activity id → the newest released marking. One query, however many enrolments."""
    now = aliased(Activity)
    query = (
        _released()
        .join(now, (now.key == Activity.key) & (now.version_id == Enrolment.version_id))
        .where(Enrolment.id.in_(list(enrolment_ids)))
        .with_only_columns(Enrolment.id, now.id, Marking)
    )
    newest: dict[UUID, dict[UUID, Marking]] = defaultdict(dict)
    for enrolment_id, activity_id, marking in session.execute(query):
        newest[enrolment_id][activity_id] = marking
    return newest


def in_full(enrolment: Enrolment, key: str) -> tuple[Marking, Release] | None:
    """The newest released marking of one assignment with its marks, its marker, its submission, and the release."""
    query = (
        _released()
        .where(Enrolment.id == enrolment.id, Activity.key == key)
        .with_only_columns(Marking, Release)
        .order_by(None)
        .order_by(Release.released_at.desc(), Submission.number.desc(), Marking.number.desc())
        .limit(1)
        .options(
            selectinload(Marking.marks).joinedload(Mark.level),
            joinedload(Marking.by).lazyload(Person.grants),
            joinedload(Marking.submission),
        )
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def _released() -> Select[Marking]:
    """Every released marking, the newest last."""
    return (
        select(Marking)
        .join(ReleasedMarking, ReleasedMarking.marking_id == Marking.id)
        .join(Release, Release.id == ReleasedMarking.release_id)
        .join(Submission, Submission.id == Marking.submission_id)
        .join(Activity, Activity.id == Submission.activity_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .order_by(Release.released_at, Submission.number, Marking.number)
    )
