"""What became of one's applications."""

from uuid import UUID

from flask import Response, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.kit import files
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.pipeline import admissions, applications, traineeships
from lms.pipeline.forms import REASONS, WithdrawalForm
from lms.pipeline.models import Application, ApplicationDocument, LeavingReason, Stage, Traineeship
from lms.pipeline.views.room import blueprint


@blueprint.get("/applications")
@access.signed_in
def mine() -> str:
    """One's own applications, drafts first come to mind."""
    taking_part = {each.cohort_id: each for each in session.scalars(traineeships.of(me()))}
    own = session.scalars(applications.of(me())).all()
    return render_template("lms/pipeline/mine.html", applications=own, traineeships=taking_part)


@blueprint.get("/applications/<uuid:application_id>")
@access.signed_in
def application(application_id: UUID) -> ResponseReturnValue:
    """Where one application stands and what comes next."""
    own = _own(application_id)
    if own.stage is None:
        return go(url_for("pipeline.apply", slug=own.cohort.slug), 303)
    return _page(own, WithdrawalForm(formdata=None))


@blueprint.post("/applications/<uuid:application_id>/withdrawal")
@access.signed_in
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Take the application back, or give the seat back."""
    own = _own(application_id)
    form = WithdrawalForm()
    if not form.validate():
        return _page(own, form), 422
    admissions.withdraw(own, me(), LeavingReason(form.reason.data), form.note.data)
    return back(url_for("pipeline.application", application_id=own.id), _("You withdrew. Thank you for telling us."))


@blueprint.post("/applications/<uuid:application_id>/discarding")
@access.signed_in
def discard(application_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    own = _own(application_id)
    applications.discard(own, me())
    return back(url_for("pipeline.mine"), _("The draft was deleted with its documents."))


@blueprint.get("/documents/<uuid:document_id>")
@access.signed_in
def document(document_id: UUID) -> Response:
    """A document of one's own application, or of one that was sent to a cohort that one leads."""
    open_ones = applications.documents_open_to(me())
    return files.send(one_or_404(open_ones.where(ApplicationDocument.id == document_id)).file)


def _own(application_id: UUID) -> Application:
    own = applications.of(me()).where(Application.id == application_id)
    return one_or_404(own.options(*applications.WITH_DOCUMENTS))


def _page(own: Application, form: WithdrawalForm) -> str:
    taking_part = session.scalar(select(Traineeship).where(Traineeship.application_id == own.id))
    return render_template(
        "lms/pipeline/application.html",
        application=own,
        cohort=own.cohort,
        form=form,
        reasons=REASONS,
        stage=taking_part.stage if taking_part else own.stage,
        place=admissions.place_in_line(own),
        moves=session.scalars(traineeships.ledger(own.cohort_id, own.person_id)).all(),
        leaves=traineeships.may_follow(taking_part, Stage.LEFT)
        if taking_part
        else traineeships.may_follow(own, Stage.WITHDRAWN),
    )
