"""Which cohorts are given which course, for the lead's breakdowns: whoever is admitted takes every course of the cohort."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from courses.catalogue.models import CourseVersion
from courses.learning.models import Offering
from lms.kit import db
from lms.kit.words import Words
from lms.reporting import groupings
from lms.reporting.groupings import Across, Group

_GIVEN: Select[UUID, UUID, Words, int] = (
    select(Offering.course_id, Offering.cohort_id, CourseVersion.title, CourseVersion.number)
    .join(CourseVersion, CourseVersion.id == Offering.version_id)
    .where(Offering.cohort_id.in_(bindparam("ids", expanding=True)))
    .order_by(Offering.course_id, CourseVersion.number)
)


@groupings.tells(Across.COURSE)
def by_course(cohorts: Collection[UUID]) -> list[Group]:
    """Each course with the cohorts that it is given to, under the title of its newest version among them. One query."""
    titles: dict[UUID, Words] = {}
    given: dict[UUID, set[UUID]] = {}
    for course, cohort, title, _number in db.rows(_GIVEN, {"ids": list(cohorts)}):
        titles[course] = title
        given.setdefault(course, set()).add(cohort)
    return [Group(titles[course], frozenset(ids)) for course, ids in given.items()]
