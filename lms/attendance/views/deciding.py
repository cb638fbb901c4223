"""Requests for corrections, and deciding about them."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.attendance import corrections
from lms.attendance.forms import AnswerForm
from lms.attendance.models import AttendanceCorrection
from lms.attendance.views.keeping import KEEPERS
from lms.attendance.views.room import blueprint
from lms.kit.lists import page_of
from lms.kit.refusal import Conflict, Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me


@blueprint.get("/corrections")
@access.only(*KEEPERS)
def requests() -> str:
    return _page(AnswerForm(formdata=None))


@blueprint.post("/corrections/<uuid:request_id>/decision")
@access.only(*KEEPERS)
def decide(request_id: UUID) -> ResponseReturnValue:
    """Accept or decline, by the button that was pressed."""
    found = one_or_404(corrections.to_decide(me()).where(AttendanceCorrection.id == request_id))
    form = AnswerForm()
    accepted = request.form.get("deed") == "accept"
    try:
        if not form.validate():
            return _page(form, found), 422
        corrections.decide(found, me(), accepted, form.answer.data, _chosen(found))
    except Conflict:
        raise
    except Refused as no:
        form.answer.errors = [no.sentence]
        return _page(form, found), 422
    count = sum(bool(each.accepted) for each in found.sessions)
    said = (
        _("The request is declined. %(name)s is told.", name=found.person.name)
        if not count
        else _("The request is accepted. %(name)s is told.", name=found.person.name)
        if count == len(found.sessions)
        else ngettext(
            "%(num)s session is accepted, the others are not. %(name)s is told.",
            "%(num)s sessions are accepted, the others are not. %(name)s is told.",
            count,
            name=found.person.name,
        )
    )
    return back(url_for("attendance.requests"), said)


def _chosen(correction: AttendanceCorrection) -> set[UUID] | None:
    """The sessions of a request about several that were ticked; None where there is but one."""
    if not correction.parts:
        return None
    ticked = set(request.form.getlist("session"))
    return {each.id for each in correction.sessions if str(each.id) in ticked}


def _page(form: AnswerForm, at: AttendanceCorrection | None = None) -> str:
    """The list; `at`: the request whose answer has to be mended."""
    answered = request.args.get("state") == "answered"
    query = corrections.to_decide(me())
    if answered:
        query = query.where(AttendanceCorrection.decided_at.is_not(None)).order_by(
            AttendanceCorrection.decided_at.desc()
        )
    else:
        query = query.where(AttendanceCorrection.decided_at.is_(None)).order_by(AttendanceCorrection.asked_at)
    return render_template(
        "lms/attendance/requests.html",
        page=page_of(query),
        answered=answered,
        form=form,
        at=at,
        ticked=request.form.getlist("session") if at else None,
        may_decide=corrections.may_decide,
    )
