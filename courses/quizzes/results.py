"""What attempts came to, for the gradebook and for the pages of a quiz."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from courses.catalogue.models import Activity, ActivityKind
from courses.learning.models import Enrolment
from courses.quizzes.models import Attempt
from lms.kit.db import session


def best(enrolment: Enrolment) -> dict[UUID, float]:
    """Activity id (of the version that the person is on) → per cent of the best ended attempt."""
    return best_of_many([enrolment.id])[enrolment.id]


def best_of_many(enrolment_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, float]]:
    """Enrolment id → activity id → per cent of the best ended attempt, by key through all versions. One query."""
    now = aliased(Activity)
    share = func.max(Attempt.points * 100.0 / Attempt.most)
    rows = session.execute(
        select(Enrolment.id, now.id, share)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .join(
            now, (now.key == Activity.key) & (now.version_id == Enrolment.version_id) & (now.kind == ActivityKind.QUIZ)
        )
        .where(Enrolment.id.in_(list(enrolment_ids)), Attempt.ended_at.is_not(None), Attempt.most > 0)
        .group_by(Enrolment.id, now.id)
    )
    found: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for enrolment_id, activity_id, per_cent in rows:
        found[enrolment_id][activity_id] = float(per_cent or 0)
    return found
