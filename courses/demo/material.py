"""What an offering's course holds, read once for a whole cohort."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.assignments import rubrics
from courses.assignments.models import Assignment
from courses.catalogue.models import Activity, ActivityKind, Module
from courses.learning.models import Offering
from courses.quizzes.models import Question, Quiz
from lms.kit.db import session


@dataclass(frozen=True)
class Material:
    """An offering with its activities in order, its quizzes by activity, and its one assignment."""

    offering: Offering
    activities: list[Activity]
    quizzes: dict[UUID, Quiz]
    assignment: Assignment


def read(offering: Offering) -> Material:
    """Everything that people will meet, with questions, options and rubric at hand."""
    activities = session.scalars(
        select(Activity)
        .join(Activity.module)
        .where(Activity.version_id == offering.version_id)
        .order_by(Module.position, Activity.position)
    ).all()
    ids = [each.id for each in activities]
    whole = selectinload(Quiz.questions).selectinload(Question.options)
    quizzes = session.scalars(
        select(Quiz).where(Quiz.activity_id.in_(ids)).options(whole, joinedload(Quiz.activity))
    ).all()
    judged = next(each.id for each in activities if each.kind is ActivityKind.ASSIGNMENT)
    assignment = session.scalars(rubrics.whole(judged)).unique().one()
    return Material(offering, list(activities), {each.activity_id: each for each in quizzes}, assignment)
