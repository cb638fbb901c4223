"""The grade book of an offering: people down, quizzes and assignments across, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from courses.assignments import released
from courses.catalogue.models import Activity, ActivityKind, Module
from courses.gradebook.conditions import shown_percent
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment, Offering
from courses.quizzes import results
from lms.kit.db import session
from lms.kit.words import Words

GRADED = (ActivityKind.QUIZ, ActivityKind.ASSIGNMENT)
WIDEST = 8  # columns that fit beside each other; a course with more is looked at module by module


@dataclass(frozen=True, slots=True)
class Column:
    """A quiz or assignment of the offering's version. `number` is "3-2": the second activity of the third module."""

    key: str
    kind: ActivityKind
    title: Words
    number: str
    module: int
    module_title: Words
    required: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person: per cent by column key, the mean of the required quizzes, assignments that reach the minimum."""

    enrolment_id: UUID
    name: str
    progress: int
    stage: str
    percents: dict[str, float]
    quiz_mean: float | None
    good_assignments: int
    completed_at: datetime | None


def columns(offering: Offering) -> list[Column]:
    """Every quiz and assignment of the version that the offering has, in order."""
    rows = session.execute(
        select(Activity.key, Activity.kind, Activity.title, Activity.required, Module.id, Module.title.label("part"))
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.version_id == offering.version_id)
        .order_by(Module.position, Activity.position)
    )
    found: list[Column] = []
    modules: dict[UUID, int] = {}
    places: dict[UUID, int] = defaultdict(int)
    for row in rows:
        module = modules.setdefault(row.id, len(modules) + 1)
        places[row.id] += 1
        if row.kind in GRADED:
            number = f"{module}-{places[row.id]}"
            found.append(Column(row.key, row.kind, row.title, number, module, row.part, row.required))
    return found


def lines(rows: Sequence[Row[Any]], across: Sequence[Column], rule: CompletionRule) -> list[Line]:
    """One line for each row of a roster. Four queries, however many people."""
    ids = [row.id for row in rows]
    keys = _keys(ids)
    best, marks, completed = results.best_of_many(ids), released.of_many(ids), _completed(ids)
    quizzes = [column.key for column in across if column.required and column.kind is ActivityKind.QUIZ]
    assignments = [column.key for column in across if column.required and column.kind is ActivityKind.ASSIGNMENT]
    found: list[Line] = []
    for row in rows:
        percents = {keys[key]: percent for key, percent in best.get(row.id, {}).items() if key in keys}
        for key, marking in marks.get(row.id, {}).items():
            if key in keys:
                percents[keys[key]] = marking.points * 100 / marking.most if marking.most else 0.0
        found.append(
            Line(
                row.id, row.name, row.progress, row.stage,
                {key: shown_percent(percent) for key, percent in percents.items()},
                _mean(percents, quizzes),
                sum(percents.get(key, -1) >= rule.assignment_minimum for key in assignments),
                completed.get(row.id),
            )
        )  # fmt: skip
    return found


def _mean(percents: dict[str, float], quizzes: list[str]) -> float | None:
    """The mean of the required quizzes as the rule takes it, one that was not taken being 0; None when none was taken."""
    if not any(key in percents for key in quizzes):
        return None
    return shown_percent(sum(percents.get(key, 0) for key in quizzes) / len(quizzes))


def _keys(ids: list[UUID]) -> dict[UUID, str]:
    """Activity id → key, for the versions that these people are on."""
    versions = select(Enrolment.version_id).where(Enrolment.id.in_(ids))
    rows = session.execute(
        select(Activity.id, Activity.key).where(Activity.version_id.in_(versions), Activity.kind.in_(GRADED))
    )
    return {row.id: row.key for row in rows}


def _completed(ids: list[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(
        select(Completion.enrolment_id, Completion.decided_at).where(Completion.enrolment_id.in_(ids))
    )
    return {row.enrolment_id: row.decided_at for row in rows}
