"""Who teaches in an offering; for its lead."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.learning import teaching
from courses.learning.forms import TeacherForm
from courses.learning.models import Offering, Teaching
from courses.learning.views import blueprint
from courses.learning.views.offerings import led_or_404, tabs
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role


@blueprint.get("/offerings/<uuid:offering_id>/instructors")
@access.only(Role.LEAD, Role.ADMIN)
def teachers(offering_id: UUID) -> str:
    offering = led_or_404(offering_id)
    return _page(offering, _form(offering))


@blueprint.post("/offerings/<uuid:offering_id>/instructors")
@access.only(Role.LEAD, Role.ADMIN)
def assign(offering_id: UUID) -> ResponseReturnValue:
    offering = led_or_404(offering_id)
    form = _form(offering)
    if not form.validate():
        return _page(offering, form), 422
    person = one_or_404(teaching.may_teach(offering).where(Person.id == UUID(form.person.data)))
    teaching.assign(offering, person, me())
    message = _("%(name)s teaches here now and finds the work in the marking queue.", name=person.name)
    return back(url_for("learning.teachers", offering_id=offering.id), message)


@blueprint.post("/offerings/<uuid:offering_id>/instructors/<uuid:teaching_id>/relief")
@access.only(Role.LEAD, Role.ADMIN)
def relieve(offering_id: UUID, teaching_id: UUID) -> ResponseReturnValue:
    offering = led_or_404(offering_id)
    row = one_or_404(teaching.of(offering).where(Teaching.id == teaching_id))
    teaching.relieve(row, me())
    message = _("%(name)s does not teach here any more. What they marked stays.", name=row.person.name)
    return back(url_for("learning.teachers", offering_id=offering.id), message)


def _form(offering: Offering) -> TeacherForm:
    form = TeacherForm()
    form.offer(session.scalars(teaching.may_teach(offering)).all())
    return form


def _page(offering: Offering, form: TeacherForm) -> str:
    return render_template(
        "courses/learning/teachers.html",
        offering=offering,
        tabs=tabs(offering, "teachers"),
        teachings=session.scalars(teaching.of(offering)).all(),
        form=form,
    )
