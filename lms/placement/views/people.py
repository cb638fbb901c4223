"""One person of a cohort: where they work, what they told, and what the lead writes down."""

from uuid import UUID

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from lms.kit import clock, files
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people.access import me
from lms.pipeline.models import Traineeship
from lms.placement import employers, placements, rounds, withdrawing
from lms.placement.forms import ContactForm, CorrectionForm, WithdrawalForm, WorkForm
from lms.placement.models import Placement, PlacementWithdrawal
from lms.placement.placements import Told
from lms.placement.terms import Evidence, Outcome, RoleKind
from lms.placement.views.room import KINDS as FILES
from lms.placement.views.room import blueprint, employer_called, led, staff, told
from lms.placement.words import EVIDENCE, KINDS, OUTCOMES

CONTACT = "contact-"  # two forms stand on the page
WITHDRAWAL = "withdrawal-"


@blueprint.get("/placement/people/<uuid:traineeship_id>")
@staff
def person(traineeship_id: UUID) -> str:
    return _page(led(traineeship_id))


@blueprint.post("/placement/people/<uuid:traineeship_id>/placements")
@staff
def record(traineeship_id: UUID) -> ResponseReturnValue:
    """Write down where somebody works."""
    traineeship, form = led(traineeship_id), WorkForm()
    if not form.validate():
        return _page(traineeship, work=form), 422
    try:
        placements.record(traineeship, me(), told(form))
    except Refused as no:
        return _page(traineeship, work=form, refused=no.sentence), 422
    return _back(traineeship, _("The placement is recorded."))


@blueprint.post("/placement/people/<uuid:traineeship_id>/contacts")
@staff
def log(traineeship_id: UUID) -> ResponseReturnValue:
    """Write down what came of asking somebody."""
    traineeship, form = led(traineeship_id), ContactForm(prefix=CONTACT)
    if not form.check(known=placements.at_work(traineeship) is not None):
        return _page(traineeship, contact=form), 422
    try:
        evidence = Evidence(form.evidence.data)
        work = _work(form, evidence) if form.work_is_told else None
        rounds.log(traineeship, me(), form.said, evidence, note=form.note.data or "", work=work)
    except Refused as no:
        return _page(traineeship, contact=form, refused=no.sentence), 422
    return _back(traineeship, _("The contact is logged."))


@blueprint.get("/placement/placements/<uuid:placement_id>/correction")
@staff
def correction(placement_id: UUID) -> str:
    placement = _placement(placement_id)
    return _correcting(placement, CorrectionForm.showing(placement))


@blueprint.post("/placement/placements/<uuid:placement_id>/correction")
@staff
def correct(placement_id: UUID) -> ResponseReturnValue:
    """Put a corrected placement in the place of one, or give its last day."""
    placement, form = _placement(placement_id), CorrectionForm()
    if not form.validate():
        return _correcting(placement, form), 422
    try:
        placements.correct(placement, me(), told(form), form.reason.data)
    except Refused as no:
        return _correcting(placement, form, refused=no.sentence), 422
    return _back(placement.traineeship, _("The correction is recorded. What stood before stays on record."))


@blueprint.get("/placement/placements/<uuid:placement_id>/file")
@staff
def file(placement_id: UUID) -> Response:
    """The evidence of a placement."""
    placement = _placement(placement_id)
    return files.send(placement.file) if placement.file else abort(404)


@blueprint.post("/placement/placements/<uuid:placement_id>/withdrawal")
@staff
def withdraw(placement_id: UUID) -> ResponseReturnValue:
    """Say that a placement never was."""
    placement, form = _placement(placement_id), WithdrawalForm(prefix=WITHDRAWAL)
    if not form.validate() or not form.reason.data:
        form.reason.errors = form.reason.errors or [_("Say why this placement was wrong.")]
        return _correcting(placement, CorrectionForm.showing(placement), withdrawal=form), 422
    withdrawing.withdraw(placement, me(), form.reason.data)
    return _back(placement.traineeship, _("The placement is withdrawn. The figures follow as a named adjustment."))


@blueprint.post("/placement/withdrawals/<uuid:withdrawal_id>/undoing")
@staff
def undo_withdrawal(withdrawal_id: UUID) -> ResponseReturnValue:
    withdrawal = one_or_404(withdrawing.led_by(me()).where(PlacementWithdrawal.id == withdrawal_id))
    withdrawing.undo(withdrawal, me())
    return _back(withdrawal.placement.traineeship, _("The placement holds again."))


def _placement(placement_id: UUID) -> Placement:
    whole = joinedload(Placement.traineeship)
    found = placements.led_by(me()).where(Placement.id == placement_id)
    return one_or_404(found.options(whole.joinedload(Traineeship.person), whole.joinedload(Traineeship.cohort)))


def _work(form: ContactForm, evidence: Evidence) -> Told:
    kind = RoleKind.OWN_COMPANY if form.said is Outcome.OWN_COMPANY else RoleKind.JOB
    employer = employer_called(form.employer.data)
    return Told(kind, employer, form.title.data or "", form.started_on.data, None, evidence)


def _back(traineeship: Traineeship, said: str) -> ResponseReturnValue:
    return back(url_for("placement.person", traineeship_id=traineeship.id), said)


def _correcting(
    placement: Placement, form: CorrectionForm, refused: str = "", withdrawal: WithdrawalForm | None = None
) -> str:
    return render_template(
        "lms/placement/correction.html",
        placement=placement,
        form=form,
        withdrawal=withdrawal or WithdrawalForm(formdata=None, prefix=WITHDRAWAL),
        refused=refused,
        names=employers.names(),
        files=FILES,
    )


def _page(
    traineeship: Traineeship, *, work: WorkForm | None = None, contact: ContactForm | None = None, refused: str = ""
) -> str:
    known = rounds.follow_ups([traineeship.id])
    told_so_far = placements.of(traineeship)
    return render_template(
        "lms/placement/person.html",
        traineeship=traineeship,
        placements=told_so_far,
        replaced={each.replaces_id for each in told_so_far},
        follow_ups=sorted(known.values(), key=lambda each: each.months),
        now=rounds.of(traineeship),
        may_have=traineeship.stage in placements.MAY_HAVE,
        work=work or WorkForm(formdata=None),
        contact=contact or ContactForm(formdata=None, prefix=CONTACT),
        refused=refused,
        names=employers.names(),
        kinds=KINDS,
        evidence=EVIDENCE,
        outcomes=OUTCOMES,
        files=FILES,
        today=clock.today(),
    )
