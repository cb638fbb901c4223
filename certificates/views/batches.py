"""Pages of batches: deciding about one, watching it, pausing it."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import approving, batches, names
from certificates.batch_forms import DeclineForm
from certificates.issue_models import IssueBatch
from certificates.views import groups
from certificates.views.room import blueprint
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/certificates/batches/<uuid:batch_id>")
@access.only(Role.LEAD, Role.ADMIN)
def batch(batch_id: UUID) -> str:
    """Who is in it, what came of each, and what can be done with it now."""
    return _page(_led(batch_id), DeclineForm(formdata=None))


@blueprint.post("/certificates/batches/<uuid:batch_id>/approval")
@access.only(Role.LEAD, Role.ADMIN)
def approve_batch(batch_id: UUID) -> ResponseReturnValue:
    """Let it be issued."""
    batches.approve(_led(batch_id), me())
    said = _("Approved. The certificates are being issued one after the other.")
    return back(url_for("certificates.batch", batch_id=batch_id), said)


@blueprint.post("/certificates/batches/<uuid:batch_id>/declination")
@access.only(Role.LEAD, Role.ADMIN)
def decline_batch(batch_id: UUID) -> ResponseReturnValue:
    """Let nothing of it be issued."""
    found, form = _led(batch_id), DeclineForm()
    if not form.validate():
        return _page(found, form), 422
    approving.decline(found, me(), form.reason.data)
    said = _("Declined. %(name)s is told by mail.", name=found.requested_by.name)
    return back(url_for("certificates.batch", batch_id=batch_id), said)


@blueprint.post("/certificates/batches/<uuid:batch_id>/withdrawal")
@access.only(Role.LEAD, Role.ADMIN)
def withdraw_batch(batch_id: UUID) -> ResponseReturnValue:
    """Take back what I asked for."""
    approving.withdraw(_led(batch_id), me())
    return back(url_for("certificates.batch", batch_id=batch_id), _("Taken back. Nobody is asked to decide any more."))


@blueprint.post("/certificates/batches/<uuid:batch_id>/pause")
@access.only(Role.LEAD, Role.ADMIN)
def pause_batch(batch_id: UUID) -> ResponseReturnValue:
    """Stop after the certificate that is being issued now."""
    batches.pause(_led(batch_id), me())
    said = _("Paused. Those who have a certificate keep it; the others wait.")
    return back(url_for("certificates.batch", batch_id=batch_id), said)


@blueprint.post("/certificates/batches/<uuid:batch_id>/resumption")
@access.only(Role.LEAD, Role.ADMIN)
def resume_batch(batch_id: UUID) -> ResponseReturnValue:
    """Go on where it was paused."""
    batches.resume(_led(batch_id), me())
    return back(url_for("certificates.batch", batch_id=batch_id), _("It goes on with the next person."))


def _led(batch_id: UUID) -> IssueBatch:
    return one_or_404(batches.led_by(me()).where(IssueBatch.id == batch_id))


def _page(found: IssueBatch, form: DeclineForm) -> str:
    inside = session.scalars(batches.items(found)).all()
    persons = [each.traineeship.person for each in inside]
    approved = names.approved_of(persons)
    return render_template(
        "certificates/batch.html",
        batch=found,
        group=groups.of_batch(found),
        items=inside,
        printed={each.id: names.known(each, approved) for each in persons},
        tally=batches.tallies([found.id])[found.id],
        may_decide=approving.may_decide(found, me()),
        approvers=approving.approvers(found),
        form=form,
    )
