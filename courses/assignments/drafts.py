"""What a trainee is writing: saved as it is typed, gone when it is handed in."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from courses.assignments.models import Draft
from courses.catalogue.models import Activity
from courses.learning import progress
from courses.learning.models import Enrolment
from lms.kit import clock
from lms.kit.db import session


def of(enrolment: Enrolment, activity: Activity) -> Draft | None:
    """What was written and not yet handed in."""
    return session.scalar(select(Draft).where(Draft.enrolment_id == enrolment.id, Draft.activity_id == activity.id))


def save(enrolment: Enrolment, activity: Activity, *, text: str, link: str = "") -> Draft:
    """Keep what is written now; the last save counts, from whichever tab."""
    draft = of(enrolment, activity) or _begin(enrolment, activity)
    draft.text, draft.link, draft.saved_at = text, link, clock.now()
    session.flush()
    return draft


def drop(enrolment: Enrolment, activity: Activity) -> None:
    """Forget the draft: it was handed in."""
    session.execute(delete(Draft).where(Draft.enrolment_id == enrolment.id, Draft.activity_id == activity.id))


def _begin(enrolment: Enrolment, activity: Activity) -> Draft:
    progress.opened(enrolment, activity)
    try:
        with session.begin_nested():
            draft = Draft(enrolment_id=enrolment.id, activity_id=activity.id)
            session.add(draft)
            session.flush()
            return draft
    except IntegrityError:  # another tab began it at the same moment
        return session.scalars(
            select(Draft).where(Draft.enrolment_id == enrolment.id, Draft.activity_id == activity.id)
        ).one()
