"""The facts that completion is decided from, gathered from the rooms below in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from courses.assignments import released
from courses.catalogue.models import Activity, ActivityKind, Module
from courses.gradebook.conditions import Facts, Piece
from courses.learning import deadlines
from courses.learning.models import ActivityProgress, Enrolment, Offering
from courses.quizzes import results
from lms.kit.db import session


def facts(enrolment: Enrolment) -> Facts:
    """The facts of one enrolment."""
    return facts_of([enrolment])[enrolment.id]


def facts_of(enrolments: Iterable[Enrolment]) -> dict[UUID, Facts]:
    """Enrolment id → its facts, for the version that each person is on. Six queries, however many enrolments."""
    wanted = list(enrolments)
    if not wanted:
        return {}
    ids = [enrolment.id for enrolment in wanted]
    rows = activities_of({enrolment.version_id for enrolment in wanted})
    done = _done(ids)
    best, marks = results.best_of_many(ids), released.of_many(ids)
    dues = deadlines.of_many(wanted)
    closes = _closes(wanted)
    found: dict[UUID, Facts] = {}
    for enrolment in wanted:
        pieces = []
        for row in rows[enrolment.version_id]:
            due = dues[enrolment.id].get(row.key)
            marking = marks.get(enrolment.id, {}).get(row.id)
            percent = best.get(enrolment.id, {}).get(row.id) if row.kind is ActivityKind.QUIZ else None
            if marking is not None and row.kind is ActivityKind.ASSIGNMENT:
                percent = marking.points * 100 / marking.most if marking.most else 0.0
            pieces.append(
                Piece(
                    row.id, row.key, row.kind, row.title, (enrolment.id, row.id) in done, percent,
                    due.due_at if due else None, bool(due and due.extended), row.required,
                )
            )  # fmt: skip
        found[enrolment.id] = Facts(tuple(pieces), closes[enrolment.offering_id])
    return found


def activities_of(version_ids: Iterable[UUID]) -> dict[UUID, list[Activity]]:
    """Version id → its activities in order. Plain columns would do, but a version's are few and kept by the session."""
    rows = session.scalars(
        select(Activity)
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.version_id.in_(list(version_ids)))
        .order_by(Module.position, Activity.position)
    )
    found: dict[UUID, list[Activity]] = defaultdict(list)
    for row in rows:
        found[row.version_id].append(row)
    return found


def _done(ids: list[UUID]) -> set[tuple[UUID, UUID]]:
    rows = session.execute(
        select(ActivityProgress.enrolment_id, ActivityProgress.activity_id).where(
            ActivityProgress.enrolment_id.in_(ids), ActivityProgress.done_at.is_not(None)
        )
    )
    return {(row[0], row[1]) for row in rows}


def _closes(enrolments: list[Enrolment]) -> dict[UUID, date]:
    rows = session.execute(
        select(Offering.id, Offering.closes_on).where(Offering.id.in_({each.offering_id for each in enrolments}))
    )
    return {row[0]: row[1] for row in rows}
