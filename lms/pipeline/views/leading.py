"""The lead's cohorts: how they stand, and their settings."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts as rules
from lms.pipeline.forms import CohortForm, LeadForm
from lms.pipeline.models import Cohort, Lead, Programme
from lms.pipeline.views.room import blueprint


@blueprint.get("/cohorts")
@access.only(Role.LEAD, Role.ADMIN)
def cohorts() -> str:
    """Every cohort that one leads, with its seats and applications."""
    found = session.scalars(rules.led_by(me()).order_by(Cohort.starts_on.desc(), Cohort.slug)).all()
    counts = rules.counts([each.id for each in found])
    return render_template("lms/pipeline/cohorts.html", cohorts=found, counts=counts, today=clock.today())


@blueprint.get("/cohorts/new")
@access.only(Role.LEAD, Role.ADMIN)
def new_cohort() -> str:
    return _new(CohortForm.offering(_programmes()))


@blueprint.post("/cohorts")
@access.only(Role.LEAD, Role.ADMIN)
def create_cohort() -> ResponseReturnValue:
    form = CohortForm.offering(_programmes())
    if not form.validate():
        return _new(form), 422
    made = rules.create(form.fill(Cohort()), me())
    return back(url_for("pipeline.edit_cohort", cohort_id=made.id), _("The cohort is made. Its public page is open."))


@blueprint.get("/cohorts/<uuid:cohort_id>/settings")
@access.only(Role.LEAD, Role.ADMIN)
def edit_cohort(cohort_id: UUID) -> str:
    cohort = _led(cohort_id)
    return _edit(cohort, CohortForm.showing(_programmes(), cohort))


@blueprint.post("/cohorts/<uuid:cohort_id>/settings")
@access.only(Role.LEAD, Role.ADMIN)
def change_cohort(cohort_id: UUID) -> ResponseReturnValue:
    """Save, unless somebody saved in between: then both versions are shown and nothing is lost."""
    cohort = rules.locked(_led(cohort_id).id)
    form = CohortForm.offering(_programmes())
    if not form.validate():
        return _edit(cohort, form), 422
    if form.version.data != str(cohort.version):
        return _edit(cohort, form, overtaken=True), 409
    try:
        rules.change(cohort, me(), form.seats.data, lambda: form.fill(cohort))
    except Refused as no:
        form.seats.errors = [no.sentence]
        return _edit(cohort, form), 422
    return back(url_for("pipeline.cohorts"), _("The cohort is saved."))


@blueprint.post("/cohorts/<uuid:cohort_id>/leads")
@access.only(Role.ADMIN)
def appoint(cohort_id: UUID) -> ResponseReturnValue:
    """Name one more lead."""
    cohort = _led(cohort_id)
    form = LeadForm()
    try:
        lead = rules.appoint(cohort, form.email.data, me()) if form.validate() else None
    except Refused as no:
        lead, form.email.errors = None, [no.sentence]
    if lead is None:
        return _edit(cohort, CohortForm.showing(_programmes(), cohort), lead_form=form), 422
    return back(
        url_for("pipeline.edit_cohort", cohort_id=cohort_id, _anchor="leads"),
        _("%(name)s leads this cohort now.", name=lead.person.name),
    )


@blueprint.post("/cohorts/<uuid:cohort_id>/leads/<uuid:lead_id>/end")
@access.only(Role.ADMIN)
def dismiss(cohort_id: UUID, lead_id: UUID) -> ResponseReturnValue:
    """End one lead."""
    cohort = _led(cohort_id)
    lead = one_or_404(rules.leads_of(cohort).where(Lead.id == lead_id))
    rules.dismiss(cohort, lead, me())
    return back(
        url_for("pipeline.edit_cohort", cohort_id=cohort_id, _anchor="leads"),
        _("%(name)s leads this cohort no longer.", name=lead.person.name),
    )


def _led(cohort_id: UUID) -> Cohort:
    return one_or_404(rules.led_by(me()).where(Cohort.id == cohort_id))


def _leads_of(cohort_id: UUID) -> str:
    return url_for("pipeline.edit_cohort", cohort_id=cohort_id, _anchor="leads")


def _programmes() -> list[Programme]:
    return list(session.scalars(select(Programme).order_by(Programme.made_at)))


def _new(form: CohortForm) -> str:
    return render_template("lms/pipeline/new_cohort.html", form=form)


def _edit(cohort: Cohort, form: CohortForm, *, overtaken: bool = False, lead_form: LeadForm | None = None) -> str:
    differences = form.differences(cohort) if overtaken else []
    form.version.data = str(cohort.version)
    return render_template(
        "lms/pipeline/edit_cohort.html",
        cohort=cohort,
        form=form,
        differences=differences,
        overtaken=overtaken,
        leads=session.scalars(rules.leads_of(cohort)).all(),
        lead_form=lead_form or LeadForm(formdata=None),
    )
