"""Which version somebody is on, where their course belongs, and who teaches it: the facts beside an outline."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import CourseVersion
from courses.learning.models import Enrolment, Offering, Teaching
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Cohort

ANY_VERSION = aliased(CourseVersion)
NEWEST = (
    select(func.max(ANY_VERSION.number))
    .where(ANY_VERSION.course_id == Offering.course_id, ANY_VERSION.published_at.is_not(None))
    .scalar_subquery()
)
FACTS = (
    select(
        Cohort.title.label("cohort"), Offering.opens_on, Offering.closes_on, Offering.required,
        CourseVersion.summary, CourseVersion.hours, CourseVersion.number.label("version"),
        func.coalesce(NEWEST, CourseVersion.number).label("newest"), CourseVersion.licence, CourseVersion.source,
    )
    .select_from(Offering)
    .join(Cohort, Cohort.id == Offering.cohort_id)
    .join(CourseVersion, CourseVersion.id == bindparam("version_id"))
    .where(Offering.id == bindparam("offering_id"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts about one enrolment. `newest` is the number of the newest published version of the course."""

    cohort: Words
    opens_on: date
    closes_on: date
    required: bool
    summary: Words
    hours: int
    version: int
    newest: int
    licence: str
    source: str
    teachers: list[str]


def of(enrolment: Enrolment) -> Standing:
    """The facts beside an enrolment, in two queries."""
    row = session.execute(FACTS, {"version_id": enrolment.version_id, "offering_id": enrolment.offering_id}).one()
    return Standing(**row._asdict(), teachers=teachers(enrolment.offering_id))


def teachers(offering_id: UUID) -> list[str]:
    """The names of those who teach in an offering."""
    return list(
        session.scalars(
            select(Person.name)
            .join(Teaching, Teaching.person_id == Person.id)
            .where(Teaching.offering_id == offering_id)
            .order_by(Person.name)
        )
    )
