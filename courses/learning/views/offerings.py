"""Offerings for those who teach and lead: the list, the roster, one person."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity
from courses.learning import deadlines, enrolments, offerings, roster, standing
from courses.learning.forms import ExtensionForm
from courses.learning.models import Enrolment, Offering
from courses.learning.outline import outline
from courses.learning.views import blueprint
from courses.learning.wording import kind_words
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.lists import here, page_of
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role

STAFF = (Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)


def offering_or_404(offering_id: UUID) -> Offering:
    """An offering that the reader teaches or leads."""
    wanted = offerings.visible_to(me()).where(Offering.id == offering_id)
    return one_or_404(wanted.options(joinedload(Offering.version), joinedload(Offering.cohort)))


def led_or_404(offering_id: UUID) -> Offering:
    """An offering that the reader leads."""
    wanted = offerings.led_by(me()).where(Offering.id == offering_id)
    return one_or_404(wanted.options(joinedload(Offering.version), joinedload(Offering.cohort)))


def leads(offering: Offering) -> bool:
    """Whether the reader leads the offering, and so may change who teaches and which version it has."""
    return session.scalar(offerings.led_by(me()).where(Offering.id == offering.id)) is not None


def tabs(offering: Offering, current: str) -> list[dict[str, object]]:
    """The pages of one offering."""
    pages = [("offering", _("People")), ("deadlines", _("Deadlines")), ("survey", _("Survey"))]
    if leads(offering):
        pages += [("teachers", _("Instructors")), ("version", _("Version"))]
    found: list[dict[str, object]] = [
        {"label": label, "url": url_for(f"learning.{name}", offering_id=offering.id), "current": name == current}
        for name, label in pages
    ]
    found.insert(
        1,
        {
            "label": _("Grades"),
            "url": url_for("gradebook.offering", offering_id=offering.id),
            "current": current == "grades",
        },
    )
    return found


@blueprint.get("/offerings", endpoint="offerings")
@access.only(*STAFF)
def offering_list() -> str:
    asked = request.args.get("state", "running")
    period = roster.Period(asked) if asked in list(roster.Period) else roster.Period.RUNNING
    page = page_of(roster.listed(me(), period, clock.today()), scalars=False)
    return render_template(
        "courses/learning/offerings.html",
        page=page,
        period=period,
        tabs=_periods(period),
        teachers=roster.teachers([row.id for row in page.rows]),
        may_give=me().has(Role.LEAD, Role.ADMIN),
    )


@blueprint.get("/offerings/<uuid:offering_id>")
@access.only(*STAFF)
def offering(offering_id: UUID) -> str:
    found = offering_or_404(offering_id)
    search, sort = request.args.get("q", "")[:100].replace("\0", ""), request.args.get("sort", "name")
    return render_template(
        "courses/learning/roster.html",
        offering=found,
        tabs=tabs(found, "offering"),
        teachers=standing.teachers(found.id),
        page=page_of(roster.of(found, search=search, sort=sort), scalars=False),
        search=search,
        sort=sort,
    )


@blueprint.get("/offerings/<uuid:offering_id>/people/<uuid:enrolment_id>")
@access.only(*STAFF)
def learner(offering_id: UUID, enrolment_id: UUID) -> str:
    return _learner_page(_learner_or_404(offering_id, enrolment_id), None)


@blueprint.post("/offerings/<uuid:offering_id>/people/<uuid:enrolment_id>/extensions")
@access.only(*STAFF)
def extend(offering_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    enrolment = _learner_or_404(offering_id, enrolment_id)
    form = _extension_form(enrolment)
    due_at = form.due_at.moment() if form.validate() else None
    if due_at is None:
        return _learner_page(enrolment, form), 422
    deadlines.extend(enrolment, _activity(enrolment, form.activity.data), me(), due_at, form.reason.data)
    message = _("%(name)s has longer now and sees it wherever the deadline is shown.", name=enrolment.person.name)
    return back(url_for("learning.learner", offering_id=offering_id, enrolment_id=enrolment_id), message)


@blueprint.post("/offerings/<uuid:offering_id>/people/<uuid:enrolment_id>/extensions/<uuid:activity_id>/withdrawal")
@access.only(*STAFF)
def withdraw_extension(offering_id: UUID, enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    enrolment = _learner_or_404(offering_id, enrolment_id)
    deadlines.withdraw(enrolment, _activity(enrolment, str(activity_id)), me(), "")
    message = _("The deadline for everybody holds for %(name)s again.", name=enrolment.person.name)
    return back(url_for("learning.learner", offering_id=offering_id, enrolment_id=enrolment_id), message)


def _learner_or_404(offering_id: UUID, enrolment_id: UUID) -> Enrolment:
    query = enrolments.seen_by(me()).where(Enrolment.id == enrolment_id, Enrolment.offering_id == offering_id)
    return one_or_404(query.options(joinedload(Enrolment.person), joinedload(Enrolment.offering)))


def _activity(enrolment: Enrolment, activity_id: str) -> Activity:
    return one_or_404(
        select(Activity).where(Activity.id == UUID(activity_id), Activity.version_id == enrolment.version_id)
    )


def _extension_form(enrolment: Enrolment) -> ExtensionForm:
    form = ExtensionForm()
    form.offer(outline(enrolment).entries, i18n.current())
    return form


def _learner_page(enrolment: Enrolment, form: ExtensionForm | None) -> str:
    return render_template(
        "courses/learning/learner.html",
        enrolment=enrolment,
        offering=enrolment.offering,
        outline=outline(enrolment),
        form=form or _extension_form(enrolment),
        kind_words=kind_words(),
        now=clock.now(),
    )


def _periods(current: roster.Period) -> list[dict[str, object]]:
    words = {
        roster.Period.RUNNING: _("Running"),
        roster.Period.PLANNED: _("Planned"),
        roster.Period.FINISHED: _("Finished"),
        roster.Period.ALL: _("All"),
    }
    return [
        {"label": label, "url": here(state=period.value, page=None), "current": period is current}
        for period, label in words.items()
    ]
