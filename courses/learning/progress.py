"""How far somebody has come: opening and finishing activities, and the percentages that follow."""

from sqlalchemy import and_, bindparam, func, select

from courses.catalogue.models import Activity
from courses.learning.models import ActivityProgress, Enrolment, Offering
from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.pipeline import traineeships
from lms.pipeline.models import Stage, Traineeship

LONGEST_PLACE = 200
ROW = select(ActivityProgress).where(
    ActivityProgress.enrolment_id == bindparam("enrolment_id"), ActivityProgress.activity_id == bindparam("activity_id")
)

LOCK = select(Traineeship.id).where(Traineeship.id == bindparam("id")).with_for_update()


def opened(enrolment: Enrolment, activity: Activity, place: str = "", *, held: bool = False) -> ActivityProgress:
    """Note that the activity is where its owner is now, and at which heading (kept when none is given).

    `held`: the caller holds the traineeship already.
    """
    if not held:
        hold(enrolment)
    row = _row(enrolment, activity)
    if place:
        row.place = place[:LONGEST_PLACE]
    _note_last(enrolment, activity)
    return row


def finish(enrolment: Enrolment, activity: Activity) -> None:
    """Mark the activity as done, once; the percentages of course and traineeship follow.

    The first activity that somebody finishes moves them from admitted to in training. Doing it again changes nothing.
    """
    taking_part = hold(enrolment)
    row = _row(enrolment, activity)
    if row.done_at is not None:
        return
    row.done_at = clock.now()
    _note_last(enrolment, activity)
    recount(enrolment, taking_part)
    if taking_part.stage is Stage.ADMITTED:
        traineeships.advance(taking_part, Stage.TRAINING, by=taking_part.person)
    jobs.announce("work_changed", enrolment_id=str(enrolment.id))


def recount(enrolment: Enrolment, taking_part: Traineeship | None = None) -> None:
    """Write the percentages of the enrolment and its traineeship anew from what is done."""
    taking_part = taking_part or hold(enrolment)
    enrolment.progress = percent(enrolment)
    session.flush()
    traineeships.note_progress(taking_part, percent_of_traineeship(taking_part))


def percent(enrolment: Enrolment) -> int:
    """Required activities of the enrolment's version that are done, in whole per cent, rounded down.

    Optional ones do not count. 100 when nothing is required: then nothing is missing.
    """
    done_here = and_(ActivityProgress.activity_id == Activity.id, ActivityProgress.enrolment_id == enrolment.id)
    done, needed = session.execute(
        select(func.count(ActivityProgress.done_at), func.count())
        .select_from(Activity)
        .outerjoin(ActivityProgress, done_here)
        .where(Activity.version_id == enrolment.version_id, Activity.required)
    ).one()
    return 100 * int(done) // int(needed) if needed else 100


def percent_of_traineeship(taking_part: Traineeship) -> int:
    """The mean over the enrolments in required offerings (over all, if none is required), rounded down."""
    rows = session.execute(
        select(Offering.required, Enrolment.progress)
        .join(Offering, Offering.id == Enrolment.offering_id)
        .where(Enrolment.traineeship_id == taking_part.id, Enrolment.ended_at.is_(None))
    ).all()
    counted = [done for required, done in rows if required] or [done for _required, done in rows]
    return sum(counted) // len(counted) if counted else 0


def hold(enrolment: Enrolment) -> Traineeship:
    """The traineeship, held until the end of the transaction: what one person does in two tabs happens one after the other."""
    session.flush()
    return session.get_one(Traineeship, enrolment.traineeship_id, with_for_update=True, populate_existing=True)


def lock(enrolment: Enrolment) -> None:
    """`hold` for whoever does not look at the traineeship."""
    session.flush()
    db.rows(LOCK, {"id": enrolment.traineeship_id})


def _row(enrolment: Enrolment, activity: Activity) -> ActivityProgress:
    """The row of this activity, made when it is opened for the first time; the traineeship is held meanwhile."""
    row = session.scalar(ROW, {"enrolment_id": enrolment.id, "activity_id": activity.id})
    if row is None:
        row = ActivityProgress(enrolment_id=enrolment.id, activity_id=activity.id, opened_at=clock.now())
        session.add(row)
    return row


def _note_last(enrolment: Enrolment, activity: Activity) -> None:
    enrolment.last_activity_id = activity.id
    enrolment.last_activity_at = clock.now()
