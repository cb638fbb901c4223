"""What an offering's course holds, read once for a whole cohort."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from courses.assignments import rubrics
from courses.assignments.models import Assignment
from courses.catalogue.models import Activity, ActivityKind, Module
from courses.learning.models import Offering
from courses.quizzes import papers
from courses.quizzes.papers import Paper
from lms.kit.db import session


@dataclass(frozen=True)
class Material:
    """An offering with its activities in order, its quizzes by activity, and its one assignment."""

    offering: Offering
    activities: list[Activity]
    quizzes: dict[UUID, Paper]
    assignment: Assignment


def read(offering: Offering) -> Material:
    """Everything that people will meet, with questions, options and rubric at hand."""
    activities = session.scalars(
        select(Activity)
        .join(Activity.module)
        .where(Activity.version_id == offering.version_id)
        .order_by(Module.position, Activity.position)
    ).all()
    quizzes = {each.id: papers.of(each.id) for each in activities if each.kind is ActivityKind.QUIZ}
    judged = next(each.id for each in activities if each.kind is ActivityKind.ASSIGNMENT)
    assignment = session.scalars(rubrics.whole(judged)).unique().one()
    return Material(offering, list(activities), quizzes, assignment)
