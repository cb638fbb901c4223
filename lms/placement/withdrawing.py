"""Withdrawing a placement that was told wrongly, and undoing that: rows with who, when and why; the ledger follows."""

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Stage
from lms.placement import placements
from lms.placement.models import Placement, PlacementWithdrawal


def led_by(person: Person) -> Select[PlacementWithdrawal]:
    """Withdrawals of placements of people in cohorts that the person leads."""
    mine = placements.led_by(person).with_only_columns(Placement.id)
    return select(PlacementWithdrawal).where(PlacementWithdrawal.placement_id.in_(mine))


def withdraw(placement: Placement, by: Person, reason: str) -> PlacementWithdrawal:
    """Say that a placement never was. Whoever has no other one goes back to "certified" in the ledger."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why this placement was wrong."))
    traineeship = placement.traineeship
    session.refresh(traineeship, ["stage"], with_for_update=True)  # one after the other: what else holds is asked below
    if session.scalar(select(Placement.id).where(Placement.replaces_id == placement.id)):
        raise Conflict(_("This placement was corrected already. Withdraw the one that stands in its place."))
    withdrawal = PlacementWithdrawal(placement_id=placement.id, reason=reason, withdrawn_by_id=by.id)
    try:
        with session.begin_nested():
            session.add(withdrawal)
    except IntegrityError as error:
        raise Conflict(_("This placement was withdrawn already.")) from error
    session.expire(placement, ["withdrawals"])
    if placements.first(traineeship) is None:
        traineeships.take_back_placement(traineeship, by=by, note=reason)
    audit.note(by, "placement.withdrawn", placement, old=placements.facts(placement), new={"reason": reason})
    return withdrawal


def undo(withdrawal: PlacementWithdrawal, by: Person) -> None:
    """Let a placement hold again; whoever has a certificate is placed again from its first day on."""
    placement = withdrawal.placement
    traineeship = placement.traineeship
    session.refresh(traineeship, ["stage"], with_for_update=True)
    session.refresh(withdrawal, ["undone_at"])
    if withdrawal.undone_at:
        raise Conflict(_("This was undone already. The placement holds."))
    withdrawal.undone_at, withdrawal.undone_by_id = clock.now(), by.id
    session.flush()
    first = placements.first(traineeship)
    if first and traineeships.may_follow(traineeship, Stage.PLACED):
        begun = clock.day_start(first.started_on)
        traineeships.advance(traineeship, Stage.PLACED, by=by, happened_at=begun)
    audit.note(by, "placement.withdrawal_undone", placement, new=placements.facts(placement))
