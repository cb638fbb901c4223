"""What people do in a course, done at once: rows as the rooms below leave them."""

from courses.assignments.models import Assignment, Marking, Release, ReleasedMarking, Submission
from courses.catalogue.models import Activity
from courses.learning import progress
from courses.learning.models import Enrolment
from courses.quizzes.models import Attempt, Quiz
from lms.kit import clock, jobs
from lms.kit.db import session
from tests import make


def finish_all(enrolment: Enrolment, *, but: int = 0) -> None:
    """Finish every activity of the course, except the last `but`."""
    activities = session.query(Activity).filter_by(version_id=enrolment.version_id).order_by(Activity.position).all()
    for activity in activities[: len(activities) - but]:
        progress.finish(enrolment, activity)


def take(enrolment: Enrolment, quiz: Quiz, points: int, *, most: int = 10) -> Attempt:
    """One ended attempt."""
    number = session.query(Attempt).filter_by(enrolment_id=enrolment.id, activity_id=quiz.activity_id).count() + 1
    return make.add(
        Attempt(
            enrolment_id=enrolment.id,
            activity_id=quiz.activity_id,
            number=number,
            ended_at=clock.now(),
            order={},
            points=points,
            most=most,
            passed=points * 2 > most,
        )
    )


def hand_in(enrolment: Enrolment, assignment: Assignment) -> Submission:
    numbers = session.query(Submission).count() + 1
    return make.add(
        Submission(
            enrolment_id=enrolment.id,
            activity_id=assignment.activity_id,
            number=numbers,
            text="Work.",
            receipt=f"H-{numbers:06}",
            due_at=None,
        )
    )


def mark(enrolment: Enrolment, assignment: Assignment, points: int, *, released: bool = True) -> Marking:
    """Work that was handed in and marked, with `points` of 100."""
    work = hand_in(enrolment, assignment)
    marker = make.person()
    marking = make.add(
        Marking(submission=work, number=1, by_id=marker.id, points=points, most=100, passed=points >= 60)
    )
    if released:
        shown = make.add(
            Release(offering_id=enrolment.offering_id, activity_id=assignment.activity_id, by_id=marker.id)
        )
        make.add(ReleasedMarking(marking=marking, release=shown))
    return marking


def decide_all() -> None:
    """Let everything that was asked for happen."""
    session.commit()
    jobs.perform_all()
    session.expire_all()
