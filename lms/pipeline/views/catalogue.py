"""What a stranger sees first: the cohorts, and one cohort."""

from flask import render_template

from lms.kit import clock
from lms.kit.db import session
from lms.kit.web import one_or_404
from lms.people import access
from lms.pipeline import applications, cohorts
from lms.pipeline.models import Application, Cohort
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


@blueprint.get("/cohorts/<slug>")
@access.public
def cohort(slug: str) -> str:
    """One cohort: for whom, when, and the one thing to do."""
    found = one_or_404(cohorts.called(slug))
    return render_template(
        "lms/pipeline/cohort.html",
        cohort=found,
        left=cohorts.seats_left(found),
        application=_mine_in(found),
        window=_window(found),
        state=found.state_on(clock.today()),
    )


def _mine() -> dict[object, Application]:
    person = access.visitor()
    return {each.cohort_id: each for each in session.scalars(applications.of(person))} if person else {}


def _mine_in(cohort: Cohort) -> Application | None:
    person = access.visitor()
    return applications.in_cohort(person, cohort) if person else None


def _window(cohort: Cohort) -> str:
    """Where the time for applications stands: ahead, open or over."""
    now = clock.now()
    return "ahead" if now < cohort.opens_at else "open" if now < cohort.closes_at else "over"
