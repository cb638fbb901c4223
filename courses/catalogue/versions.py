"""Versions of a course: which one is current, publishing, discarding."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from courses.catalogue.models import Course, CourseVersion
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person, Role

STAFF = (Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)


def published(course: Course) -> CourseVersion | None:
    """The version that new offerings take: the newest published one."""
    return session.scalar(published_of(course).limit(1))


def published_of(course: Course) -> Select[CourseVersion]:
    """All published versions of a course, newest first."""
    return (
        select(CourseVersion)
        .where(CourseVersion.course_id == course.id, CourseVersion.published_at.is_not(None))
        .order_by(CourseVersion.number.desc())
    )


def newest(course: Course) -> CourseVersion | None:
    """The newest version that was not discarded, draft or published."""
    return session.scalar(
        select(CourseVersion)
        .where(CourseVersion.course_id == course.id, CourseVersion.discarded_at.is_(None))
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )


def visible_to(person: Person | None) -> Select[Course]:
    """Courses with a published version for everybody; every course for those who write them."""
    if person and person.has(*STAFF):
        return select(Course)
    return select(Course).where(
        Course.id.in_(select(CourseVersion.course_id).where(CourseVersion.published_at.is_not(None)))
    )


def named(slug: str, number: int) -> Select[CourseVersion]:
    """One version by its course's name and its number, for those who write courses."""
    return (
        select(CourseVersion)
        .join(Course)
        .options(contains_eager(CourseVersion.course))
        .where(Course.slug == slug, CourseVersion.number == number)
    )


def all_of(course: Course) -> Sequence[CourseVersion]:
    """Every version of a course, newest first, discarded ones too."""
    query = select(CourseVersion).where(CourseVersion.course_id == course.id)
    return session.scalars(query.order_by(CourseVersion.number.desc())).all()


def publish(version: CourseVersion, by: Person | None) -> None:
    """Make a draft the version that new offerings take. Those enrolled stay on theirs.

    Raises Refused when it is no draft any more or a newer version is published already.
    """
    _require_draft(version)
    current = published(version.course)
    if current and current.number > version.number:
        raise Refused(
            _(
                "Version %(number)s is published already. Import the course anew to go on from it.",
                number=current.number,
            )
        )
    version.published_at = clock.now()
    version.published_by_id = by.id if by else None
    audit.note(by, "course.published", version, new=_name(version))


def discard(version: CourseVersion, by: Person | None) -> None:
    """Put a draft aside: it stays on record, and can no longer be published. Raises Refused when it is no draft."""
    _require_draft(version)
    version.discarded_at = clock.now()
    version.discarded_by_id = by.id if by else None
    audit.note(by, "course.discarded", version, new=_name(version))


def _require_draft(version: CourseVersion) -> None:
    if version.published_at:
        raise Refused(_("This version is published. It stays as it is; a new import makes the next one."))
    if version.discarded_at:
        raise Refused(_("This version was discarded. Import the course again to make a new one."))


def _name(version: CourseVersion) -> dict[str, str | int]:
    return {"course": version.course.slug, "number": version.number}
