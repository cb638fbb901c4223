"""Who works where: recorded once, corrected by new rows, and told to the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload, selectinload

from lms.kit import clock, db, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Stage, Traineeship
from lms.placement.models import Employer, Placement, PlacementWithdrawal
from lms.placement.terms import Evidence, RoleKind

# Whoever completed, and whoever left early because they had found work.
MAY_HAVE = frozenset({Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED, Stage.LEFT})


@dataclass(frozen=True)
class Told:
    """What was told about somebody's work."""

    kind: RoleKind
    employer: Employer | None
    title: str
    started_on: date
    ended_on: date | None
    evidence: Evidence
    file: StoredFile | None = None


def current(known_by: datetime | None = None) -> Select[Placement]:
    """The placements that hold: neither replaced by a correction nor withdrawn. `known_by`: as that was known just before that moment."""
    later, withdrawn = aliased(Placement), aliased(PlacementWithdrawal)
    replaced = exists().where(later.replaces_id == Placement.id)
    gone = exists().where(withdrawn.placement_id == Placement.id)
    if known_by is None:
        return select(Placement).where(~replaced, ~gone.where(withdrawn.undone_at.is_(None)))
    still = or_(withdrawn.undone_at.is_(None), withdrawn.undone_at >= known_by)
    gone = gone.where(withdrawn.withdrawn_at < known_by, still)
    replaced = replaced.where(later.recorded_at < known_by)
    return select(Placement).where(Placement.recorded_at < known_by, ~replaced, ~gone)


def led_by(person: Person) -> Select[Placement]:
    """The placements of people in cohorts that the person leads, also those that were replaced."""
    ids = traineeships.led_by(person).with_only_columns(Traineeship.id)
    return select(Placement).where(Placement.traineeship_id.in_(ids))


def of(traineeship: Traineeship) -> list[Placement]:
    """Everything that was told about one traineeship, as it was told."""
    found = select(Placement).where(Placement.traineeship_id == traineeship.id)
    whole = found.options(joinedload(Placement.employer), joinedload(Placement.recorded_by), joinedload(Placement.file))
    people = (joinedload(PlacementWithdrawal.withdrawn_by), joinedload(PlacementWithdrawal.undone_by))
    whole = whole.options(selectinload(Placement.withdrawals).options(*people))
    return list(session.scalars(whole.order_by(Placement.recorded_at, Placement.id)))


def at_work(traineeship: Traineeship) -> Placement | None:
    """The placement that holds and has no end, the latest if there are several."""
    mine = current().where(Placement.traineeship_id == traineeship.id, Placement.ended_on.is_(None))
    return session.scalars(mine.order_by(Placement.started_on.desc()).limit(1)).first()


def first(traineeship: Traineeship) -> Placement | None:
    """The placement that holds and began first."""
    mine = current().where(Placement.traineeship_id == traineeship.id)
    return session.scalars(mine.order_by(Placement.started_on, Placement.recorded_at).limit(1)).first()


def record(traineeship: Traineeship, by: Person, told: Told) -> Placement:
    """Keep that somebody works somewhere, and move them to "placed" from the first day of it on.

    Whoever has no certificate yet is moved when they get it (`place_the_certified`). Raises Refused for days that cannot be.
    """
    session.refresh(traineeship, ["stage"], with_for_update=True)
    if traineeship.stage not in MAY_HAVE:
        raise Refused(_("A placement is recorded for those who completed, or who left. This person still takes part."))
    placement = _kept(traineeship, by, told)
    if traineeships.may_follow(traineeship, Stage.PLACED):
        traineeships.advance(traineeship, Stage.PLACED, by=by, happened_at=clock.day_start(told.started_on))
    audit.note(by, "placement.recorded", placement, new=facts(placement))
    return placement


def correct(placement: Placement, by: Person, told: Told, reason: str) -> Placement:
    """Put a new row in the place of one that says something wrong, or that has ended since. A file stays, if no new one came."""
    replaced = session.scalar(select(Placement.id).where(Placement.replaces_id == placement.id))
    if replaced:
        raise Conflict(_("This placement was corrected already. Correct the one that stands in its place."))
    if placement.withdrawal:
        raise Refused(_("This placement was withdrawn. Undo that first, or record the right one."))
    if not reason.strip():
        raise Refused(_("Say why it changes."))
    try:
        with session.begin_nested():
            fresh = _kept(placement.traineeship, by, told, replaces_id=placement.id, reason=reason.strip())
    except IntegrityError as error:
        raise Conflict(_("This placement was corrected already. Correct the one that stands in its place.")) from error
    fresh.file_id = fresh.file_id or placement.file_id
    audit.note(by, "placement.corrected", fresh, old=facts(placement), new=facts(fresh))
    return fresh


@jobs.nightly
def place_the_certified() -> None:
    """Move on those who got their certificate after their placement had been recorded."""
    with db.transaction():
        for placement in session.scalars(waiting_for_a_certificate()).unique():
            if traineeships.may_follow(placement.traineeship, Stage.PLACED):
                begun = clock.day_start(placement.started_on)
                traineeships.advance(placement.traineeship, Stage.PLACED, by=None, happened_at=begun)


def waiting_for_a_certificate() -> Select[Placement]:
    """Placements that hold, of people who are certified and not placed."""
    certified = current().join(Placement.traineeship).where(Traineeship.stage == Stage.CERTIFIED)
    return certified.options(joinedload(Placement.traineeship)).order_by(Placement.started_on)


def _kept(traineeship: Traineeship, by: Person, told: Told, **correction: UUID | str) -> Placement:
    _check(traineeship.cohort, told)
    placement = Placement(
        traineeship=traineeship,
        employer_id=told.employer.id if told.employer else None,
        kind=told.kind,
        title=told.title,
        started_on=told.started_on,
        ended_on=told.ended_on,
        evidence=told.evidence,
        file_id=told.file.id if told.file else None,
        recorded_by_id=by.id,
        recorded_at=clock.now(),
        **correction,
    )
    session.add(placement)
    session.flush()
    return placement


def _check(cohort: Cohort, told: Told) -> None:
    today = clock.today()
    if told.employer is None and told.kind is not RoleKind.OWN_COMPANY:
        raise Refused(_("Give the employer. Only an own company can do without."))
    if told.started_on > today:
        raise Refused(_("This work begins on %(day)s. Record it from that day on.", day=i18n.day(told.started_on)))
    if told.started_on < cohort.starts_on:
        raise Refused(
            _(
                "This work began before the cohort did, on %(day)s, so it is no placement.",
                day=i18n.day(cohort.starts_on),
            )
        )
    if told.ended_on and told.ended_on < told.started_on:
        raise Refused(_("Work ends after it begins. Give a later last day, or none."))
    if told.ended_on and told.ended_on > today:
        raise Refused(_("The last day lies ahead. Leave it empty until it has come."))


def facts(placement: Placement) -> dict[str, object]:
    """What the audit trail keeps of a placement."""
    return {
        "traineeship_id": str(placement.traineeship_id),
        "employer_id": str(placement.employer_id) if placement.employer_id else None,
        "kind": placement.kind.value,
        "started_on": placement.started_on.isoformat(),
        "ended_on": placement.ended_on.isoformat() if placement.ended_on else None,
        "evidence": placement.evidence.value,
    }
