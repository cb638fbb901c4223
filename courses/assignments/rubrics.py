"""The rubric of an assignment: read whole in one query, and which points it allows."""

import uuid

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from courses.assignments.models import Assignment, Criterion, Level
from lms.kit.refusal import Refused

_WHOLE = select(Assignment).options(
    joinedload(Assignment.activity), joinedload(Assignment.criteria).joinedload(Criterion.levels)
)


def whole(activity_id: uuid.UUID) -> Select[Assignment]:
    """The assignment with its activity, its criteria and their levels, in order."""
    return _WHOLE.where(Assignment.activity_id == activity_id)


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
