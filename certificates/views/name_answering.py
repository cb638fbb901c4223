"""Requests to correct a printed name: the queue of the leads, one request with its evidence, the answer."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import certificates, name_corrections, name_picture
from certificates.models import Certificate
from certificates.name_forms import AnswerForm
from certificates.name_models import NameCorrection
from certificates.views.room import blueprint
from lms.kit import files, lists
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/certificates/name-corrections")
@access.only(Role.LEAD, Role.ADMIN)
def name_corrections_queue() -> str:
    """The requests that wait for an answer, the oldest first; or those that were answered."""
    past = request.args.get("state") == "answered"
    mine = name_corrections.answerable_by(me())
    query = name_corrections.answered(mine) if past else name_corrections.waiting(mine)
    return render_template("certificates/name_corrections.html", page=lists.page_of(query), past=past)


@blueprint.get("/certificates/name-corrections/<uuid:correction_id>")
@access.only(Role.LEAD, Role.ADMIN)
def correction(correction_id: UUID) -> str:
    """One request: what is printed now, what is asked, why, and the evidence."""
    return _page(_answerable(correction_id), AnswerForm(formdata=None))


@blueprint.post("/certificates/name-corrections/<uuid:correction_id>/answer")
@access.only(Role.LEAD, Role.ADMIN)
def answer_correction(correction_id: UUID) -> ResponseReturnValue:
    """Accept or decline, with words to the person."""
    asked, form = _answerable(correction_id), AnswerForm()
    if not form.validate():
        return _page(asked, form), 422
    if form.accepts:
        name_corrections.accept(asked, me(), form.words.data or "")
    else:
        name_corrections.decline(asked, me(), form.words.data or "")
    said = _("Corrected. The person gets a letter.") if form.accepts else _("Declined. The person gets a letter.")
    return back(url_for("certificates.name_corrections_queue"), said)


@blueprint.get("/certificates/name-corrections/<uuid:correction_id>/evidence/<int:position>")
@access.signed_in
def evidence(correction_id: UUID, position: int) -> ResponseReturnValue:
    """One file of a request, for the person and for those who may answer it."""
    asked = one_or_404(name_corrections.readable_by(me()).where(NameCorrection.id == correction_id))
    found = next((each for each in asked.evidence if each.position == position), None)
    return files.send(found.file) if found else abort(404)


def _answerable(correction_id: UUID) -> NameCorrection:
    return one_or_404(name_corrections.answerable_by(me()).where(NameCorrection.id == correction_id))


def _page(asked: NameCorrection, form: AnswerForm) -> str:
    theirs = certificates.led_by(me()).where(Certificate.person_id == asked.person_id)
    return render_template(
        "certificates/name_request.html",
        correction=asked,
        form=form,
        now=name_picture.drawn(asked.approval.name, asked.approval.latin_name),
        wanted=name_picture.drawn(asked.name, asked.latin_name),
        issued=session.scalars(theirs.order_by(Certificate.issued_at)).all(),
    )
