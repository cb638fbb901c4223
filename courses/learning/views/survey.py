"""What those who took a course said about it: for its instructors and leads, after the end, means of five and more."""

from uuid import UUID

from flask import render_template

from courses.learning import surveying
from courses.learning.views import blueprint
from courses.learning.views.offerings import STAFF, offering_or_404, tabs
from lms.kit import clock
from lms.kit.db import session
from lms.people import access
from lms.surveys import asking, results


@blueprint.get("/offerings/<uuid:offering_id>/survey")
@access.only(*STAFF)
def survey(offering_id: UUID) -> str:
    found = offering_or_404(offering_id)
    one = session.scalars(surveying.of(found)).one_or_none()
    return render_template(
        "courses/learning/survey.html",
        offering=found,
        tabs=tabs(found, "survey"),
        survey=one,
        state=one.state_on(clock.today()) if one else None,
        turnout=asking.turnout([one])[one.id] if one else None,
        results=results.of(one) if one else None,
        steps=results.STEPS,
    )
