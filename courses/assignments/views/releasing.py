"""Releasing marks: what would be shown to how many, then all in one step."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.assignments import releases as rules
from courses.assignments.views import blueprint
from courses.catalogue.models import Activity, ActivityKind, Course, CourseVersion
from courses.learning import offerings
from courses.learning.models import Offering
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/offerings/<uuid:offering_id>/assignments/<uuid:activity_id>/releases")
@access.only(Role.INSTRUCTOR, Role.ADMIN)
def releases(offering_id: UUID, activity_id: UUID) -> str:
    offering, activity, slug = _load(offering_id, activity_id)
    return render_template(
        "courses/assignments/releases.html",
        offering=offering,
        activity=activity,
        outlook=rules.outlook(offering, activity),
        earlier=session.execute(rules.earlier(offering, activity)).all(),
        filters={"offering": str(offering.id), "assignment": f"{slug}/{activity.key}"},
    )


@blueprint.post("/offerings/<uuid:offering_id>/assignments/<uuid:activity_id>/releases")
@access.only(Role.INSTRUCTOR, Role.ADMIN)
def release(offering_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    offering, activity, _slug = _load(offering_id, activity_id)
    _made, count = rules.release(offering, activity, me())
    said = ngettext("%(num)s person can see their marks now.", "%(num)s people can see their marks now.", count)
    return back(url_for("assignments.releases", offering_id=offering.id, activity_id=activity.id), said)


def _load(offering_id: UUID, activity_id: UUID) -> tuple[Offering, Activity, str]:
    """An offering that I teach, one of its assignments (of any version of its course), and the course's slug."""
    offering = one_or_404(
        offerings.taught_by(me())
        .where(Offering.id == offering_id)
        .options(joinedload(Offering.cohort), joinedload(Offering.version))
    )
    of_course = select(CourseVersion.id).where(CourseVersion.course_id == offering.course_id)
    activity = one_or_404(
        select(Activity).where(
            Activity.id == activity_id, Activity.kind == ActivityKind.ASSIGNMENT, Activity.version_id.in_(of_course)
        )
    )
    return offering, activity, one_or_404(select(Course.slug).where(Course.id == offering.course_id))
