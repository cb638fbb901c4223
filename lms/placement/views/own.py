"""One's own answer: what one does now, some months after a cohort."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.pipeline import traineeships
from lms.pipeline.models import Traineeship
from lms.placement import employers, placements, rounds
from lms.placement.forms import OwnAnswerForm
from lms.placement.placements import Told
from lms.placement.terms import Evidence, Outcome, RoleKind
from lms.placement.views.room import blueprint, employer_called
from lms.placement.words import OWN_OUTCOMES


@blueprint.get("/placement/mine")
@access.signed_in
def mine() -> str:
    """The cohorts that one completed, each with what is asked now and what one said last."""
    query = traineeships.of(me()).where(Traineeship.stage.in_(rounds.ASKED))
    found = [(each, rounds.of(each), placements.at_work(each)) for each in session.scalars(query)]
    return render_template(
        "lms/placement/mine.html", found=found, answer=rounds.answer, said=OWN_OUTCOMES, placed=Outcome.EMPLOYED
    )


@blueprint.get("/placement/mine/<uuid:traineeship_id>")
@access.signed_in
def ask(traineeship_id: UUID) -> str:
    return _page(_own(traineeship_id), OwnAnswerForm(formdata=None))


@blueprint.post("/placement/mine/<uuid:traineeship_id>")
@access.signed_in
def answer(traineeship_id: UUID) -> ResponseReturnValue:
    """Say what one does now; whoever works says where, once."""
    traineeship, form = _own(traineeship_id), OwnAnswerForm()
    if not form.check(known=placements.at_work(traineeship) is not None):
        return _page(traineeship, form), 422
    try:
        work = _work(form) if form.work_is_told else None
        rounds.log(traineeship, me(), form.said, Evidence.OWN_WORD, note=form.note.data or "", work=work)
    except Refused as no:
        return _page(traineeship, form, refused=no.sentence), 422
    return back(url_for("placement.mine"), _("Thank you. Your answer is kept; we ask again in some months."))


def _own(traineeship_id: UUID) -> Traineeship:
    mine_ = traineeships.of(me()).where(Traineeship.id == traineeship_id, Traineeship.stage.in_(rounds.ASKED))
    return one_or_404(mine_.options(joinedload(Traineeship.person)))


def _work(form: OwnAnswerForm) -> Told:
    kind = RoleKind.OWN_COMPANY if form.said is Outcome.OWN_COMPANY else RoleKind.JOB
    employer = employer_called(form.employer.data)
    return Told(kind, employer, form.title.data or "", form.started_on.data, None, Evidence.OWN_WORD)


def _page(traineeship: Traineeship, form: OwnAnswerForm, refused: str = "") -> str:
    now = rounds.of(traineeship)
    return render_template(
        "lms/placement/ask.html",
        traineeship=traineeship,
        form=form,
        refused=refused,
        now=now,
        work=placements.at_work(traineeship),
        names=employers.names(hub=True),
    )
