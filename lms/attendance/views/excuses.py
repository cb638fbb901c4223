"""Asking for several sessions of a cohort to be excused at once: the days, then the sessions in them."""

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from lms.attendance import corrections, meetings, overview
from lms.attendance.forms import DaysForm, ExcuseForm
from lms.attendance.overview import Line, Own
from lms.attendance.views.room import blueprint, kept
from lms.kit import files, i18n
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort


@blueprint.get("/cohorts/<uuid:cohort_id>/excuses")
@access.signed_in
def excuse(cohort_id: UUID) -> str:
    """One's own: the sessions of some days, to choose from."""
    return _page(_own(cohort_id), me(), ExcuseForm(formdata=None))


@blueprint.post("/cohorts/<uuid:cohort_id>/excuses")
@access.signed_in
def send_excuse(cohort_id: UUID) -> ResponseReturnValue:
    return _send(_own(cohort_id), me())


@blueprint.get("/cohorts/<uuid:cohort_id>/people/<uuid:person_id>/excuses")
@access.only(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)
def excuse_for(cohort_id: UUID, person_id: UUID) -> str:
    """Somebody else's; another keeper decides."""
    of = kept(cohort_id)
    return _page(of, _person(of, person_id), ExcuseForm(formdata=None))


@blueprint.post("/cohorts/<uuid:cohort_id>/people/<uuid:person_id>/excuses")
@access.only(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)
def send_excuse_for(cohort_id: UUID, person_id: UUID) -> ResponseReturnValue:
    of = kept(cohort_id)
    return _send(of, _person(of, person_id))


def _own(cohort_id: UUID) -> Cohort:
    return one_or_404(meetings.cohorts_of(me()).where(Cohort.id == cohort_id))


def _person(of: Cohort, person_id: UUID) -> Person:
    return one_or_404(meetings.people_of(of.id).where(Person.id == person_id))


def _send(of: Cohort, person: Person) -> ResponseReturnValue:
    own, form = overview.of_person(of, person.id), ExcuseForm()
    offered = [each for each in own.lines if each.may_be_excused]
    form.sessions.choices = [SelectChoice(str(each.meeting.id), i18n.day(each.meeting.day)) for each in offered]
    if not form.validate():
        return _page(of, person, form, own), 422
    chosen = [each.meeting for each in offered if str(each.meeting.id) in (form.sessions.data or ())]
    if not chosen:
        form.sessions.errors = [_("Choose at least one session that should be excused.")]
        return _page(of, person, form, own), 422
    try:
        upload = form.upload()
        stored = files.keep(upload, by=me().id, kinds=corrections.KINDS) if upload else None
    except Refused as no:
        form.file.errors = [no.sentence]
        return _page(of, person, form, own), 422
    corrections.ask_for_several(chosen, person, me(), reason=form.reason.data, file=stored)
    if person.id == me().id:
        return back(url_for("attendance.mine"), _("Your request was sent. We write to you when it is decided."))
    there = url_for("attendance.person", cohort_id=of.id, person_id=person.id)
    return back(there, _("The request was sent. Another keeper of this cohort decides."))


def _page(of: Cohort, person: Person, form: ExcuseForm, own: Own | None = None) -> str:
    days = DaysForm(request.args or None)
    return render_template(
        "lms/attendance/excuse.html",
        cohort=of,
        person=person,
        own=person.id == me().id,
        days=days,
        lines=_between(own or overview.of_person(of, person.id), days),
        form=form,
        ticked=set(form.sessions.data or ()) if form.is_submitted() else None,
        kinds=corrections.KINDS,
    )


def _between(own: Own, days: DaysForm) -> Sequence[Line] | None:
    """The sessions of these days; None as long as no days were given."""
    if not request.args or not days.validate():
        return None
    first, last = days.first.data, days.last.data
    return [each for each in own.lines if first <= each.meeting.day <= last]
