"""The grade book for those who teach and lead: the table, one person, deciding again."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from courses.gradebook import completions, programmes, rules, table
from courses.gradebook.views import blueprint
from courses.gradebook.views.checklists import WHOLE
from courses.learning import enrolments, offerings, roster
from courses.learning.models import Enrolment, Offering
from courses.learning.views.offerings import tabs
from courses.learning.wording import kind_words
from lms.kit import clock
from lms.kit.db import session
from lms.kit.lists import page_of
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role

STAFF = (Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)
PAGE = (joinedload(Offering.version), joinedload(Offering.cohort), joinedload(Offering.course))


@blueprint.get("/offerings/<uuid:offering_id>/grades")
@access.only(*STAFF)
def offering(offering_id: UUID) -> str:
    found = one_or_404(offerings.visible_to(me()).where(Offering.id == offering_id).options(*PAGE))
    search, sort = request.args.get("q", "")[:100].replace("\0", ""), request.args.get("sort", "name")
    page = page_of(roster.of(found, search=search, sort=sort), scalars=False)
    across, rule = table.columns(found), rules.newest_or_default(found.course)
    module = _module(across)
    return render_template(
        "courses/gradebook/offering.html",
        offering=found,
        page=page,
        lines=table.lines(page.rows, across, rule),
        columns=across,
        shown=[each for each in across if each.module == module or len(across) <= table.WIDEST],
        module=module,
        rule=rule,
        search=search,
        sort=sort,
        leads=_leads(found),
        tabs=tabs(found, "grades"),
    )


@blueprint.get("/offerings/<uuid:offering_id>/grades/<uuid:enrolment_id>")
@access.only(*STAFF)
def person(offering_id: UUID, enrolment_id: UUID) -> str:
    query = enrolments.seen_by(me()).where(Enrolment.id == enrolment_id, Enrolment.offering_id == offering_id)
    enrolment = one_or_404(query.options(joinedload(Enrolment.person), *WHOLE))
    return render_template(
        "courses/gradebook/person.html",
        enrolment=enrolment,
        standing=completions.standings([enrolment])[enrolment.id],
        programme=programmes.standing(enrolment.traineeship),
        kind_words=kind_words(),
        today=clock.today(),
    )


@blueprint.post("/offerings/<uuid:offering_id>/decisions")
@access.only(Role.LEAD, Role.ADMIN)
def decide_again(offering_id: UUID) -> ResponseReturnValue:
    found = one_or_404(offerings.led_by(me()).where(Offering.id == offering_id).options(joinedload(Offering.cohort)))
    people = completions.decide_again(found.cohort, [found.cohort_id], me())
    message = ngettext(
        "%(num)s person in training is being decided about. Look again in a minute.",
        "%(num)s people in training are being decided about. Look again in a minute.",
        people,
    )
    return back(url_for("gradebook.offering", offering_id=found.id), message)


def _module(across: list[table.Column]) -> int:
    """The module that the address asks for, or 0: the sums of all."""
    asked = request.args.get("module", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    return number if any(each.module == number for each in across) else 0


def _leads(found: Offering) -> bool:
    query = offerings.led_by(me()).where(Offering.id == found.id)
    return session.scalar(query.with_only_columns(Offering.id)) is not None
