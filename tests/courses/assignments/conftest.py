"""One course with one assignment, given to a cohort, with an instructor and an enrolled trainee."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from courses.assignments import markings, rubrics, submissions
from courses.assignments.models import Assignment, Marking, Submission
from courses.catalogue.models import Activity
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.people.models import Person
from tests import make


@dataclass
class Room:
    offering: Offering
    activity: Activity
    instructor: Person
    enrolment: Enrolment

    @property
    def trainee(self) -> Person:
        return self.enrolment.person

    @property
    def page(self) -> dict:
        return {"enrolment_id": self.enrolment.id, "activity_id": self.activity.id}

    @property
    def place(self) -> dict:
        return {"offering_id": self.offering.id, "activity_id": self.activity.id}

    @property
    def rubric(self) -> Assignment:
        return session.scalars(rubrics.whole(self.activity.id)).unique().one()

    def hand_in(self, text: str = "Work.", enrolment: Enrolment | None = None, **more) -> Submission:
        return submissions.hand_in(enrolment or self.enrolment, self.activity, text=text, **more)

    def mark(
        self, submission: Submission, points: int = 40, by: Person | None = None, comment: str = "", seen: int = 0
    ) -> Marking:
        rubric = self.rubric
        judged = [markings.judge(criterion, points, comment) for criterion in rubric.criteria]
        return markings.save(submission, rubric, by or self.instructor, judged, comment=comment, seen=seen)

    def form(self, points: int | str = 40, seen: int = 0, newest: int = 1, **more: str) -> dict:
        """What the marking page sends when every criterion gets `points`."""
        sent = {f"points-{criterion.id}": str(points) for criterion in self.rubric.criteria}
        return {**sent, "seen": str(seen), "newest": str(newest), **more}


def build() -> Room:
    version = make.course()
    assignment = make.assignment(version)
    offering = make.offering(version)
    return Room(offering, assignment.activity, make.instructor(offering), make.enrolment(offering))


@pytest.fixture
def room(app) -> Room:
    return build()


@pytest.fixture
def other(app) -> Room:
    """Another course with people of its own."""
    return build()


@pytest.fixture
def request_context(app):
    """For rules that write addresses into letters."""
    with app.test_request_context():
        yield SimpleNamespace()
