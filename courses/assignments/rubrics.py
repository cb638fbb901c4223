"""The rubric of an assignment: read whole in one query, and which points it allows."""

import uuid
from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from courses.assignments.models import Assignment, Criterion, Level
from courses.catalogue.models import Activity, CourseVersion
from lms.kit import db
from lms.kit.db import session
from lms.kit.refusal import Refused

RUBRICS_KEPT = 256
_WHOLE = select(Assignment).options(
    joinedload(Assignment.activity), joinedload(Assignment.criteria).joinedload(Criterion.levels)
)


def whole(activity_id: uuid.UUID) -> Select[Assignment]:
    """The assignment with its activity, its criteria and their levels, in order."""
    return _WHOLE.where(Assignment.activity_id == activity_id)


def shown(activity_id: uuid.UUID) -> Assignment | None:
    """The assignment to be looked at, never to be written: one object for all requests, once its version is published."""
    try:
        return _published(activity_id)
    except LookupError:
        return session.scalars(whole(activity_id)).unique().one_or_none()


@lru_cache(maxsize=RUBRICS_KEPT)
def _published(activity_id: uuid.UUID) -> Assignment:
    """Raises LookupError, which nothing keeps, for a version that may still change."""
    version = select(CourseVersion.published_at).join(Activity, Activity.version_id == CourseVersion.id)
    if session.scalar(version.where(Activity.id == activity_id)) is None:
        raise LookupError(activity_id)
    with db.looking() as apart:  # its objects belong to no session afterwards
        found = apart.scalars(whole(activity_id)).unique().one_or_none()
    if found is None:
        raise LookupError(activity_id)
    return found


def most(assignment: Assignment) -> int:
    """The points that the best work gets."""
    return sum(criterion.points for criterion in assignment.criteria)


def decide(criterion: Criterion, level_id: uuid.UUID | None, points: int | None) -> tuple[Level | None, int]:
    """The level and the points of one mark; what was left out follows from the other where it can.

    Raises Refused when nothing was chosen or the points lie outside: a range takes any value inside, none outside.
    """
    if not criterion.levels:
        return None, _inside(points, 0, criterion.points)
    level = next((each for each in criterion.levels if each.id == level_id), None)
    if level is None and points is not None:
        level = next((each for each in criterion.levels if each.lowest <= points <= each.highest), None)
        if level is None:
            raise Refused(_("No level of this criterion gives %(points)s points. Choose a level.", points=points))
    if level is None:
        raise Refused(_("Choose a level."))
    if points is None and level.lowest == level.highest:
        points = level.lowest
    return level, _inside(points, level.lowest, level.highest)


def _inside(points: int | None, lowest: int, highest: int) -> int:
    if points is None or not lowest <= points <= highest:
        if lowest == highest:
            raise Refused(_("This level gives exactly %(points)s points.", points=lowest))
        raise Refused(_("Give from %(lowest)s to %(highest)s points here.", lowest=lowest, highest=highest))
    return points
