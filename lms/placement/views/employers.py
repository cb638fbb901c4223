"""Employers: the list, a new one, one with its openings and the people who work there."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kit import clock, lists
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people.access import me
from lms.pipeline.models import Traineeship
from lms.placement import employers as rules
from lms.placement import placements
from lms.placement.forms import EmployerForm, EmployerListForm, OpeningForm
from lms.placement.models import Employer, Opening, Placement
from lms.placement.terms import RoleKind
from lms.placement.views.room import blueprint, staff
from lms.placement.words import EVIDENCE, KINDS


@blueprint.get("/employers")
@staff
def employers() -> str:
    """All employers, the hub's own companies first."""
    q, hub = request.args.get("q", "").strip()[:100], request.args.get("hub") == "yes"
    page = lists.page_of(rules.listed(q, hub=hub))
    counts = rules.counts([each.id for each in page.rows])
    return render_template("lms/placement/employers.html", page=page, counts=counts, q=q, hub=hub)


@blueprint.get("/employers/new")
@staff
def new_employer() -> str:
    return render_template("lms/placement/new_employer.html", form=EmployerForm(formdata=None))


@blueprint.post("/employers")
@staff
def create_employer() -> ResponseReturnValue:
    form = EmployerForm()
    try:
        made = rules.create(Employer(**form.facts()), me()) if form.validate() else None
    except Refused as no:
        made, form.name.errors = None, [no.sentence]
    if made is None:
        return render_template("lms/placement/new_employer.html", form=form), 422
    return back(url_for("placement.employer", employer_id=made.id), _("The employer is kept."))


@blueprint.get("/employers/list")
@staff
def employer_list() -> str:
    return render_template("lms/placement/employer_list.html", form=EmployerListForm(formdata=None))


@blueprint.post("/employers/list")
@staff
def create_employers() -> ResponseReturnValue:
    """Keep all names of a list that are not here yet."""
    form = EmployerListForm()
    try:
        made = rules.create_several(form.names.data, me(), in_hub=form.in_hub.data) if form.validate() else None
    except Refused as no:
        made, form.names.errors = None, [no.sentence]
    if made is None:
        return render_template("lms/placement/employer_list.html", form=form), 422
    new, known = made
    said = ngettext("%(num)s employer is new.", "%(num)s employers are new.", new)
    if known:
        said += " " + ngettext("%(num)s was here already.", "%(num)s were here already.", known)
    return back(url_for("placement.employers"), said)


@blueprint.get("/employers/<uuid:employer_id>")
@staff
def employer(employer_id: UUID) -> str:
    one = _one(employer_id)
    return _page(one, EmployerForm.showing(one))


@blueprint.post("/employers/<uuid:employer_id>")
@staff
def change_employer(employer_id: UUID) -> ResponseReturnValue:
    one, form = _one(employer_id), EmployerForm()
    if not form.validate():
        return _page(one, form), 422
    try:
        rules.change(one, me(), form.facts(), form.seen)
    except Refused as no:
        form.name.errors = [no.sentence]
        return _page(one, form), 409
    return back(url_for("placement.employer", employer_id=one.id), _("The employer is kept."))


@blueprint.post("/employers/<uuid:employer_id>/openings")
@staff
def offer(employer_id: UUID) -> ResponseReturnValue:
    """Write down work that is offered."""
    one, form = _one(employer_id), OpeningForm()
    if not form.validate():
        return _page(one, EmployerForm.showing(one), form), 422
    try:
        rules.offer(one, me(), RoleKind(form.kind.data), form.title.data, form.seats.data, form.until.data)
    except Refused as no:
        form.until.errors = [no.sentence]
        return _page(one, EmployerForm.showing(one), form), 422
    return back(url_for("placement.employer", employer_id=one.id), _("The opening is kept."))


@blueprint.post("/openings/<uuid:opening_id>/closing")
@staff
def close_opening(opening_id: UUID) -> ResponseReturnValue:
    opening = one_or_404(select(Opening).where(Opening.id == opening_id))
    rules.close(opening, me())
    return back(url_for("placement.employer", employer_id=opening.employer_id), _("The opening is closed."))


def _one(employer_id: UUID) -> Employer:
    return one_or_404(select(Employer).where(Employer.id == employer_id))


def _page(one: Employer, form: EmployerForm, opening_form: OpeningForm | None = None) -> str:
    here = placements.current().where(Placement.employer_id == one.id)
    mine = placements.led_by(me()).where(Placement.id.in_(here.with_only_columns(Placement.id)))
    whole = joinedload(Placement.traineeship)
    people = mine.options(whole.joinedload(Traineeship.person), whole.joinedload(Traineeship.cohort))
    return render_template(
        "lms/placement/employer.html",
        employer=one,
        form=form,
        opening_form=opening_form or OpeningForm(formdata=None),
        people=session.scalars(people.order_by(Placement.started_on.desc())).all(),
        placed=rules.counts([one.id])[one.id][1],
        today=clock.today(),
        kinds=KINDS,
        evidence=EVIDENCE,
    )
