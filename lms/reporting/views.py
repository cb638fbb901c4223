"""The lead's pages: the board, the lists behind its numbers, and one cohort."""

from uuid import UUID

from flask import Blueprint, render_template
from sqlalchemy import exists, select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.lists import page_of
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role
from lms.pipeline import cohorts, traineeships
from lms.pipeline.models import Cohort, Traineeship

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/board")
@access.only(Role.LEAD, Role.ADMIN)
def board() -> str:
    """The cohorts that one leads."""
    found = session.scalars(cohorts.led_by(me()).order_by(Cohort.starts_on.desc())).all()
    return render_template("lms/reporting/board.html", cohorts=found, today=clock.today())


@blueprint.get("/board/people")
@access.only(Role.LEAD, Role.ADMIN)
def people() -> str:
    """The people of the cohorts that one leads."""
    led = traineeships.led_by(me()).subquery()
    query = select(Person).where(exists().where(led.c.person_id == Person.id)).order_by(Person.name, Person.id)
    return render_template("lms/reporting/people.html", page=page_of(query))


@blueprint.get("/board/cohorts/<uuid:cohort_id>")
@access.only(Role.LEAD, Role.ADMIN)
def cohort(cohort_id: UUID) -> str:
    """One cohort with the people who take part."""
    found = one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))
    query = select(Traineeship).join(Traineeship.person).where(Traineeship.cohort_id == found.id).order_by(Person.name)
    return render_template("lms/reporting/cohort.html", cohort=found, page=page_of(query))
