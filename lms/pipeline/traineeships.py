"""Where people stand, and the only way to move them on."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Person, Role
from lms.pipeline import progress_marks
from lms.pipeline.models import Application, Lead, LeavingReason, Stage, StageEvent, Traineeship

# Which stage may follow which. None: an application that is still a draft.
# A declined application may be looked at again; a revoked certificate takes its holder back to "completed".
NEXT: dict[Stage | None, frozenset[Stage]] = {
    None: frozenset({Stage.APPLIED}),
    Stage.APPLIED: frozenset({Stage.ADMITTED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.WAITING: frozenset({Stage.ADMITTED, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.DECLINED: frozenset({Stage.ADMITTED, Stage.WAITING}),
    Stage.WITHDRAWN: frozenset(),
    Stage.ADMITTED: frozenset({Stage.TRAINING, Stage.LEFT}),
    Stage.TRAINING: frozenset({Stage.COMPLETED, Stage.LEFT}),
    Stage.COMPLETED: frozenset({Stage.CERTIFIED}),
    Stage.CERTIFIED: frozenset({Stage.PLACED, Stage.COMPLETED}),
    Stage.PLACED: frozenset({Stage.COMPLETED}),
    Stage.LEFT: frozenset(),
}
OF_APPLICATIONS = frozenset({Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN, Stage.ADMITTED})
_LAST = (
    select(StageEvent.counts_from)
    .where(StageEvent.cohort_id == bindparam("cohort_id"), StageEvent.person_id == bindparam("person_id"))
    .order_by(StageEvent.recorded_at.desc(), StageEvent.id.desc())
    .limit(1)
)
OF_TRAINEESHIPS = frozenset(Stage) - {Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN}


def led_by(person: Person) -> Select[Traineeship]:
    """The traineeships of the cohorts that the person leads (an administrator: all)."""
    query = select(Traineeship)
    if person.has(Role.ADMIN):
        return query
    return query.where(exists().where(Lead.cohort_id == Traineeship.cohort_id, Lead.person_id == person.id))


def of(person: Person) -> Select[Traineeship]:
    """The person's own traineeships, the latest first."""
    mine = select(Traineeship).where(Traineeship.person_id == person.id).options(joinedload(Traineeship.cohort))
    return mine.order_by(Traineeship.admitted_at.desc())


def may_follow(subject: Application | Traineeship, stage: Stage) -> bool:
    """Whether `subject` may move to `stage` now."""
    own = OF_APPLICATIONS if isinstance(subject, Application) else OF_TRAINEESHIPS
    return stage in NEXT[subject.stage] and stage in own


def advance(
    subject: Application | Traineeship,
    stage: Stage,
    *,
    by: Person | None,
    reason: LeavingReason | None = None,
    note: str = "",
    happened_at: datetime | None = None,
) -> StageEvent:
    """Move one application or traineeship to `stage` and write the move into the ledger.

    `happened_at` may lie in the past (a placement that is reported later), never in the future; dated before the move that
    it follows, the move counts from that one on. Raises Refused when the stage may not follow the one that the row has now,
    also when somebody else moved it a moment ago.
    """
    now = clock.now()
    if happened_at is not None and happened_at > now:
        raise Refused(_("This cannot have happened in the future. Give today's date or an earlier one."))
    session.refresh(subject, ["stage"], with_for_update=True)
    if not may_follow(subject, stage):
        raise Refused(
            _("This step does not follow the stage that was reached. Look at the current stage before you go on.")
        )
    return _move(subject, stage, by, happened_at, now, reason=reason, note=note)


def take_back_placement(traineeship: Traineeship, *, by: Person | None, note: str) -> StageEvent | None:
    """Take somebody back to "certified" whose placement was told wrongly; None for whoever is not placed now.

    The move counts from when the placement did, so that as it is known now there never was one. It stands beside `NEXT`: only
    whoever withdraws a placement makes it, no table that is brought in.
    """
    session.refresh(traineeship, ["stage"], with_for_update=True)
    if traineeship.stage is not Stage.PLACED:
        return None
    given = {"cohort_id": traineeship.cohort_id, "person_id": traineeship.person_id}
    placed_at = session.scalars(_LAST, given).one()
    return _move(traineeship, Stage.CERTIFIED, by, placed_at, clock.now(), reason=None, note=note)


def _move(
    subject: Application | Traineeship,
    stage: Stage,
    by: Person | None,
    happened_at: datetime | None,
    now: datetime,
    *,
    reason: LeavingReason | None,
    note: str,
) -> StageEvent:
    event = StageEvent(
        cohort_id=subject.cohort_id,
        person_id=subject.person_id,
        stage=stage,
        before=subject.stage,
        happened_at=happened_at or now,
        counts_from=_counts_from(subject, happened_at) if happened_at else now,
        recorded_at=now,
        by_id=by.id if by else None,
        reason=reason,
        note=note,
    )
    subject.stage = stage
    if isinstance(subject, Traineeship):
        _note_certified(subject, event)
    session.add(event)
    session.flush()
    return event


def _counts_from(subject: Application | Traineeship, happened_at: datetime) -> datetime:
    """A move that is dated before the one that it follows counts from that one on."""
    given = {"cohort_id": subject.cohort_id, "person_id": subject.person_id}
    last = session.scalars(_LAST, given).one_or_none()
    return max(happened_at, last) if last else happened_at


def _note_certified(traineeship: Traineeship, event: StageEvent) -> None:
    if event.stage is Stage.CERTIFIED and event.before is not Stage.PLACED:
        traineeship.certified_at = event.happened_at
    elif event.stage is Stage.COMPLETED:
        traineeship.certified_at = None  # also after a revocation


def note_progress(traineeship: Traineeship, percent: int) -> None:
    """Keep how far a trainee has come, in per cent of the required activities, and that something was done just now."""
    percent = max(0, min(100, percent))
    progress_marks.note(traineeship, percent)
    traineeship.progress = percent
    traineeship.last_activity_at = clock.now()


def ledger(cohort_id: object, person_id: object) -> Select[StageEvent]:
    """Every move of one person in one cohort, in the order in which they were recorded."""
    moves = select(StageEvent).where(StageEvent.cohort_id == cohort_id, StageEvent.person_id == person_id)
    return moves.options(joinedload(StageEvent.by)).order_by(StageEvent.recorded_at, StageEvent.id)
