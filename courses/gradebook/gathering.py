"""The facts that completion is decided from, gathered from the rooms below in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Row, and_, exists, select
from sqlalchemy.orm import aliased

from courses.assignments import released
from courses.assignments.models import Marking, Submission
from courses.catalogue.models import Activity, ActivityKind, Module
from courses.gradebook.conditions import Facts, Piece
from courses.learning import deadlines
from courses.learning.deadlines import Due
from courses.learning.models import ActivityProgress, Enrolment
from courses.quizzes import results
from lms.kit.db import session


def facts(enrolment: Enrolment) -> Facts:
    """The facts of one enrolment."""
    return facts_of([enrolment])[enrolment.id]


def facts_of(enrolments: Iterable[Enrolment]) -> dict[UUID, Facts]:
    """Enrolment id → its facts, for the version that each person is on.

    Four queries, however many enrolments; the enrolments' offerings should be at hand.
    """
    wanted = list(enrolments)
    if not wanted:
        return {}
    ids = [enrolment.id for enrolment in wanted]
    rows = _rows(ids)
    best, marks, dues = results.best_of_many(ids), released.of_many(ids), deadlines.of_many(wanted)
    return {
        each.id: Facts(
            tuple(_pieces(rows[each.id], best.get(each.id, {}), marks.get(each.id, {}), dues[each.id])),
            each.offering.closes_on,
        )
        for each in wanted
    }


def _pieces(
    rows: Iterable[Row[Any]], best: Mapping[UUID, float], marks: Mapping[UUID, Marking], dues: Mapping[str, Due]
) -> Iterable[Piece]:
    modules: dict[UUID, int] = {}
    places: dict[UUID, int] = defaultdict(int)
    for row in rows:
        module = modules.setdefault(row.module_id, len(modules) + 1)
        places[row.module_id] += 1
        due = dues.get(row.key)
        yield Piece(
            row.id, row.key, row.kind, f"{module}-{places[row.module_id]}", row.title, row.minutes, row.required,
            done=row.done_at is not None,
            place=row.place or "",
            handed_in=row.handed_in,
            percent=_percent(row, best, marks),
            due_at=due.due_at if due else None,
            extended=due is not None and due.extended,
        )  # fmt: skip


def _percent(row: Row[Any], best: Mapping[UUID, float], marks: Mapping[UUID, Marking]) -> float | None:
    if row.kind is ActivityKind.QUIZ:
        return best.get(row.id)
    marking = marks.get(row.id)
    if marking is None or row.kind is not ActivityKind.ASSIGNMENT:
        return None
    return marking.points * 100 / marking.most if marking.most else 0.0


def _rows(ids: list[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Enrolment id → the activities of its version in order, with what was done. Columns: a course has eighty of them."""
    here = and_(ActivityProgress.activity_id == Activity.id, ActivityProgress.enrolment_id == Enrolment.id)
    query = (
        select(
            Enrolment.id.label("enrolment_id"), Activity.id, Activity.key, Activity.kind, Activity.title,
            Activity.minutes, Activity.required, Activity.module_id,
            ActivityProgress.done_at, ActivityProgress.place, _handed_in().label("handed_in"),
        )
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(Module, Module.id == Activity.module_id)
        .outerjoin(ActivityProgress, here)
        .where(Enrolment.id.in_(ids))
        .order_by(Module.position, Activity.position)
    )  # fmt: skip
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    rows: Result[Any] = session.execute(query)
    for row in rows:
        found[row.enrolment_id].append(row)
    return found


def _handed_in() -> ColumnElement[bool]:
    """Whether the person handed in work for the activity, in any version of the course."""
    then = aliased(Activity)
    handed_in = exists().where(
        Submission.enrolment_id == Enrolment.id, then.id == Submission.activity_id, then.key == Activity.key
    )
    return and_(Activity.kind == ActivityKind.ASSIGNMENT, handed_in)
