"""Who is in an offering and how far they are; which offerings there are, with their numbers."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from courses.catalogue.models import CourseVersion
from courses.learning import offerings
from courses.learning.models import Deadline, Enrolment, Offering, Teaching
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship

SORTS: dict[str, ColumnElement[Any]] = {
    "name": Person.name.expression,
    "progress": Enrolment.progress.expression,
    "last": Enrolment.last_activity_at.expression,
}


class Period(StrEnum):
    """Whether an offering is open on a day."""

    RUNNING = "running"
    PLANNED = "planned"
    FINISHED = "finished"
    ALL = "all"


def of(offering: Offering, *, search: str = "", sort: str = "name") -> Select[Any]:
    """Those who learn in an offering: rows of id, name, email, progress, last_activity_at, stage, version and extended.

    `sort` is a key of SORTS, with "-" before it to turn the order around; anything else sorts by name.
    """
    extended = (
        select(func.count())
        .where(Deadline.offering_id == Enrolment.offering_id, Deadline.person_id == Enrolment.person_id)
        .scalar_subquery()
    )
    query = (
        select(
            Enrolment.id, Person.name, Person.email, Enrolment.progress, Enrolment.last_activity_at,
            Traineeship.stage, CourseVersion.number.label("version"), extended.label("extended"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Traineeship, Traineeship.id == Enrolment.traineeship_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.offering_id == offering.id, Enrolment.ended_at.is_(None), Traineeship.stage != Stage.LEFT)
    )  # fmt: skip
    if words := search.strip().lower():
        pattern = f"%{_literal(words)}%"
        query = query.where(
            or_(func.lower(Person.name).like(pattern, escape="\\"), Person.email.like(pattern, escape="\\"))
        )
    column = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    ordered = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_first()
    return query.order_by(ordered, Person.name, Enrolment.id)


def listed(person: Person, period: Period, today: date) -> Select[Any]:
    """The offerings that the person teaches or leads, the newest first: rows of id, title, cohort, dates and numbers."""
    learning = and_(Enrolment.offering_id == Offering.id, Enrolment.ended_at.is_(None))
    seen = offerings.visible_to(person).with_only_columns(Offering.id)
    query = (
        select(
            Offering.id, CourseVersion.title, CourseVersion.number.label("version"), Cohort.title.label("cohort"),
            Offering.opens_on, Offering.closes_on, Offering.required,
            func.count(Enrolment.id).label("people"), func.avg(Enrolment.progress).label("progress"),
        )
        .join(CourseVersion, CourseVersion.id == Offering.version_id)
        .join(Cohort, Cohort.id == Offering.cohort_id)
        .outerjoin(Enrolment, learning)
        .where(Offering.id.in_(seen), *_in(period, today))
        .group_by(Offering.id, CourseVersion.id, Cohort.id)
    )  # fmt: skip
    return query.order_by(Offering.opens_on.desc(), Cohort.starts_on.desc(), Offering.position, Offering.id)


def teachers(ids: list[UUID]) -> dict[UUID, list[str]]:
    """Offering id → the names of those who teach in it. One query."""
    found: dict[UUID, list[str]] = {each: [] for each in ids}
    rows = session.execute(
        select(Teaching.offering_id, Person.name)
        .join(Person, Person.id == Teaching.person_id)
        .where(Teaching.offering_id.in_(ids))
        .order_by(Person.name)
    )
    for offering_id, name in rows:
        found[offering_id].append(name)
    return found


def _in(period: Period, today: date) -> list[ColumnElement[bool]]:
    return {
        Period.RUNNING: [Offering.opens_on <= today, Offering.closes_on >= today],
        Period.PLANNED: [Offering.opens_on > today],
        Period.FINISHED: [Offering.closes_on < today],
        Period.ALL: [],
    }[period]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
