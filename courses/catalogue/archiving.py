"""Courses that are given no more: archived, so that everything that was done in them stays where it was."""

from flask_babel import gettext as _

from courses.catalogue.models import Course
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person


def archive(course: Course, by: Person) -> None:
    """Offer a course to no further cohort. Those who take it go on; results and certificates stay. Raises Refused if it was before."""
    _hold(course)
    if course.archived_at:
        raise Refused(_("This course is archived already."))
    course.archived_at, course.archived_by_id = clock.now(), by.id
    audit.note(by, "course.archived", course, new={"course": course.slug})


def bring_back(course: Course, by: Person) -> None:
    """Offer it again. Raises Refused when it was not archived."""
    _hold(course)
    if course.archived_at is None:
        raise Refused(_("This course is not archived."))
    course.archived_at = course.archived_by_id = None
    audit.note(by, "course.brought_back", course, new={"course": course.slug})


def _hold(course: Course) -> None:
    session.refresh(course, ["archived_at", "archived_by_id"], with_for_update=True)
