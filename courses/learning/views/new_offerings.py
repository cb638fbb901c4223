"""Giving a course to a cohort; for its lead."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.catalogue.models import CourseVersion
from courses.learning import teaching
from courses.learning.forms import OfferingForm
from courses.learning.views import blueprint
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort


@blueprint.get("/offerings/new")
@access.only(Role.LEAD, Role.ADMIN)
def new_offering() -> str:
    return render_template("courses/learning/new_offering.html", form=_form())


@blueprint.post("/offerings/new")
@access.only(Role.LEAD, Role.ADMIN)
def give() -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return render_template("courses/learning/new_offering.html", form=form), 422
    cohort = one_or_404(cohorts.led_by(me()).where(Cohort.id == UUID(form.cohort.data)))
    version = one_or_404(teaching.to_give().where(CourseVersion.id == UUID(form.version.data)))
    offering = teaching.give(
        version, cohort, me(),
        opens_on=form.opens_on.data, closes_on=form.closes_on.data, required=form.required.data,
    )  # fmt: skip
    message = _("The cohort has this course now. Choose who teaches it.")
    return back(url_for("learning.teachers", offering_id=offering.id), message)


def _form() -> OfferingForm:
    """The form; the cohort that the address names is chosen, with its dates."""
    open_cohorts = cohorts.led_by(me()).where(Cohort.ends_on >= clock.today()).order_by(Cohort.starts_on.desc())
    found = session.scalars(open_cohorts).all()
    chosen = next((cohort for cohort in found if str(cohort.id) == request.args.get("cohort")), None)
    form = OfferingForm(
        cohort=str(chosen.id) if chosen else None,
        opens_on=chosen.starts_on if chosen else None,
        closes_on=chosen.ends_on if chosen else None,
    )
    form.offer(found, session.scalars(teaching.to_give()).all(), i18n.current())
    return form
