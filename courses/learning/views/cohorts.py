"""What everybody may read about one cohort: its dates, its courses, and how to apply."""

from flask import render_template

from courses.learning import offerings
from courses.learning.views import blueprint
from lms.kit import clock
from lms.kit.db import session
from lms.kit.web import one_or_404
from lms.people import access
from lms.pipeline import applications, cohorts


@blueprint.get("/cohorts/<slug>")
@access.public
def cohort(slug: str) -> str:
    """One cohort: for whom, when, with which courses, and the one thing to do."""
    found, person = one_or_404(cohorts.called(slug)), access.visitor()
    return render_template(
        "courses/learning/cohort.html",
        cohort=found,
        left=cohorts.seats_left(found),
        application=applications.in_cohort(person, found) if person else None,
        window=found.window_at(clock.now()),
        offerings=session.scalars(offerings.of_cohort(found)).all(),
    )
