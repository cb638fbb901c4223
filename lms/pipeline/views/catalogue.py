"""What a stranger sees first: the cohorts."""

from flask import render_template

from lms.kit.db import session
from lms.people import access
from lms.pipeline import applications, cohorts
from lms.pipeline.models import Application
from lms.pipeline.views.room import blueprint


@blueprint.get("/")
@access.public
def catalogue() -> str:
    """The cohorts that take applications now and those that will."""
    open_ones = session.scalars(cohorts.open_now()).all()
    taken = cohorts.seats_taken(each.id for each in open_ones)
    left = {each.id: max(0, each.seats - taken[each.id]) for each in open_ones}
    upcoming = session.scalars(cohorts.upcoming()).all()
    return render_template("lms/pipeline/catalogue.html", cohorts=open_ones, left=left, upcoming=upcoming, mine=_mine())


def _mine() -> dict[object, Application]:
    person = access.visitor()
    return {each.cohort_id: each for each in session.scalars(applications.of(person))} if person else {}
