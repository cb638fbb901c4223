"""Marking: a whole judgement saved at once, on top of the newest or not at all. Nothing is ever overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload, selectinload

from courses.assignments import rubrics
from courses.assignments.models import Assignment, Criterion, Level, Mark, Marking, Submission
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import Person

LONGEST_COMMENT = 10_000
_other = aliased(Marking)
_top = select(func.max(_other.number)).where(_other.submission_id == Submission.id).correlate(Submission)
IS_NEWEST: ColumnElement[bool] = Marking.number == _top.scalar_subquery()
"""Inside a select over Submission: that Marking is the one that counts."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about one criterion, not yet saved."""

    criterion: Criterion
    level: Level | None
    points: int
    comment: str = ""


class Overtaken(Conflict):
    """Somebody saved a marking that this marker had not seen; `newest` is it."""

    def __init__(self, newest: Marking) -> None:
        super().__init__(_("A newer marking of this work was saved meanwhile. Compare both, then decide."))
        self.newest = newest


HISTORY: Select[Marking] = (
    select(Marking)
    .where(Marking.submission_id == bindparam("submission_id"))
    .order_by(Marking.number.desc())
    .options(selectinload(Marking.marks), joinedload(Marking.by).lazyload(Person.grants))
)
"""All markings of a submission, newest first, with marks and markers."""


def newest(submission: Submission) -> Marking | None:
    """The marking that counts."""
    return session.scalar(HISTORY.limit(1), {"submission_id": submission.id})


def judge(criterion: Criterion, points: int, comment: str = "") -> Judgement:
    """The judgement that gives these points; raises Refused when no level gives them."""
    level, points = rubrics.decide(criterion, None, points)
    return Judgement(criterion, level, points, comment)


def save(
    submission: Submission,
    assignment: Assignment,
    by: Person,
    judgements: Sequence[Judgement],
    *,
    comment: str = "",
    seen: int = 0,
) -> Marking:
    """Save a whole judgement on top of marking number `seen` (0: none yet).

    Raises Overtaken when a newer one exists, Refused when a criterion has no mark or points are outside its level. What
    the same marker saved a moment ago, sent again, is not saved twice.
    """
    _check(assignment, judgements)
    current = newest(submission)
    if current and current.by_id == by.id and _content(current) == _wanted(judgements, comment):
        return current
    if (current.number if current else 0) != seen:
        assert current is not None, "a marking was seen that does not exist"
        raise Overtaken(current)
    points, most = sum(each.points for each in judgements), rubrics.most(assignment)
    marking = Marking(
        submission_id=submission.id,
        number=seen + 1,
        by_id=by.id,
        by=by,
        marked_at=clock.now(),
        comment=comment,
        points=points,
        most=most,
        passed=points * 100 >= assignment.pass_percent * most,
    )
    marking.marks = [
        Mark(criterion_id=each.criterion.id, level=each.level, points=each.points, comment=each.comment)
        for each in judgements
    ]
    try:
        with session.begin_nested():
            session.add(marking)
            session.flush()
    except IntegrityError:
        current = newest(submission)
        if current is None:
            raise
        raise Overtaken(current) from None
    return marking


def _check(assignment: Assignment, judgements: Sequence[Judgement]) -> None:
    if [each.criterion.id for each in judgements] != [criterion.id for criterion in assignment.criteria]:
        raise Refused(_("Every criterion needs one mark. Mark those that are missing."))
    for each in judgements:
        rubrics.decide(each.criterion, each.level.id if each.level else None, each.points)


def _content(marking: Marking) -> tuple[object, ...]:
    marks = {(mark.criterion_id, mark.level_id, mark.points, mark.comment) for mark in marking.marks}
    return marking.comment, marks


def _wanted(judgements: Sequence[Judgement], comment: str) -> tuple[object, ...]:
    marks = {
        (each.criterion.id, each.level.id if each.level else None, each.points, each.comment) for each in judgements
    }
    return comment, marks
