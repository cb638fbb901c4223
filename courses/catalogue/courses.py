"""The list of courses, for those who write, teach and plan with them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from courses.catalogue.models import Activity, ActivityKind, Course, CourseVersion
from lms.kit import lists
from lms.kit.db import session
from lms.kit.lists import Page
from lms.kit.words import Words


@dataclass(frozen=True)
class Listed:
    """One course in the list: told by its published version, or by its newest draft while there is none."""

    slug: str
    title: Words
    hours: int
    number: int
    published_at: datetime | None
    draft: int | None
    """The number of a draft newer than what is published."""
    problems: int
    """How many are listed with the newest version."""
    archived: bool = False
    counts: dict[ActivityKind, int] = field(default_factory=dict)


def listed() -> Page[Listed]:
    """The page of courses that the address asks for, in four queries, however many there are."""
    page = lists.page_of(_with_versions())
    rows = _versions([course.id for course in page.rows])
    shown = {course.id: _shown(rows[course.id]) for course in page.rows}
    counts = _counts([row.id for row in shown.values()])
    return Page(
        [_line(course, shown[course.id], rows[course.id][0], counts) for course in page.rows],
        page.number,
        page.count,
        page.total,
    )


def _with_versions() -> Select[Course]:
    """A course whose versions were all discarded is not listed; archived ones come last."""
    kept = select(CourseVersion.course_id).where(CourseVersion.discarded_at.is_(None))
    return select(Course).where(Course.id.in_(kept)).order_by(Course.archived_at.is_not(None), Course.slug)


def _versions(course_ids: list[UUID]) -> dict[UUID, list[CourseVersion]]:
    """The versions of each course that were not discarded, newest first."""
    query = (
        select(CourseVersion)
        .where(CourseVersion.course_id.in_(course_ids), CourseVersion.discarded_at.is_(None))
        .order_by(CourseVersion.number.desc())
    )
    found: dict[UUID, list[CourseVersion]] = {}
    for version in session.scalars(query):
        found.setdefault(version.course_id, []).append(version)
    return found


def _shown(newest_first: list[CourseVersion]) -> CourseVersion:
    return next((version for version in newest_first if version.published_at), newest_first[0])


def _counts(version_ids: list[UUID]) -> dict[UUID, dict[ActivityKind, int]]:
    query = (
        select(Activity.version_id, Activity.kind, func.count())
        .where(Activity.version_id.in_(version_ids))
        .group_by(Activity.version_id, Activity.kind)
    )
    found: dict[UUID, dict[ActivityKind, int]] = {}
    for version_id, kind, count in session.execute(query):
        found.setdefault(version_id, {})[kind] = count
    return found


def _line(
    course: Course, shown: CourseVersion, newest: CourseVersion, counts: dict[UUID, dict[ActivityKind, int]]
) -> Listed:
    return Listed(
        slug=course.slug,
        title=shown.title,
        hours=shown.hours,
        number=shown.number,
        published_at=shown.published_at,
        draft=None if newest.published_at else newest.number,
        problems=len(newest.problems),
        archived=course.archived_at is not None,
        counts=counts.get(shown.id, {}),
    )
