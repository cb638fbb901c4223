"""The work of the demonstration: a course given to each cohort, learnt, handed in, marked and completed."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from courses.catalogue import versions
from courses.catalogue.models import CourseVersion
from courses.demo import learning, marking
from courses.demo.material import Material, read
from courses.formats.reading import read_course
from courses.gradebook import completions
from courses.importing.importing import import_course
from courses.learning import deadlines, teaching
from courses.learning.models import ActivityProgress, Enrolment, Offering
from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import ADMIN, BEGINNING, COLLEAGUES, INSTRUCTOR, LEAD, known
from lms.pipeline import cohorts
from lms.pipeline.demo import PLANS, Plan
from lms.pipeline.models import Stage, Traineeship

COURSE = Path(__file__).resolve().parent.parent / "content" / "honest-evaluation"
DUE = 0.65  # the assignment, as a share of the cohort's days
TEACHERS = (INSTRUCTOR, *COLLEAGUES)


def tell(story: Story) -> Iterator[str]:
    """The course is brought in and published; then each cohort, from the first day to the completions."""
    shape = read_course(COURSE)
    with story.at(story.moment(BEGINNING + 1, 15)):
        versions.publish(import_course(shape, known(ADMIN)).version, known(ADMIN))
    yield "the course"
    for place, plan in enumerate(PLANS):
        if plan.opens > 0:
            yield ""
            continue
        material = read(_give(story, place, plan))
        if plan.starts < 0:
            _train(story, plan, material)
        yield _told(material.offering)


def _give(story: Story, place: int, plan: Plan) -> Offering:
    """Give the course to the cohort, with two instructors and a deadline for the assignment."""
    with story.at(story.moment(min(plan.starts - 6.1, -0.4), 10)):
        cohort = session.scalars(cohorts.called(plan.slug)).one()
        version = session.scalars(select(CourseVersion)).one()
        offering = teaching.give(
            version, cohort, known(LEAD), opens_on=cohort.starts_on, closes_on=cohort.ends_on, required=True
        )
        pair = (INSTRUCTOR, COLLEAGUES[0]) if plan.ends >= 0 else (TEACHERS[place % 3], TEACHERS[(place + 1) % 3])
        for teacher in pair:
            teaching.assign(offering, known(teacher), known(ADMIN))
        assignment = read(offering).assignment.activity
        deadlines.set_common(offering, assignment, known(pair[0]), story.due(due_day(plan), 23))
    return offering


def due_day(plan: Plan) -> int:
    return plan.starts + round((plan.ends - plan.starts) * DUE)


def _train(story: Story, plan: Plan, material: Material) -> None:
    """Everybody learns in their own way; work is handed in, marked, released; who met the rule has completed."""
    taking_part = list(session.scalars(learning.of(material.offering)))
    with db.transaction():
        learning.learn(story, plan, material, taking_part)
        learning.enrol_who_moved_up(material.offering)
    staying = [each for each in taking_part if each.traineeship.stage is not Stage.LEFT]
    with db.transaction():
        marking.hand_in_and_mark(story, plan, material, staying, due_day(plan))
    with db.transaction():
        _complete(material, staying)


def _complete(material: Material, staying: list[Enrolment]) -> None:
    """Decide about everybody who has done all, at the moment of their last deed."""
    rows = session.execute(
        select(ActivityProgress.enrolment_id, func.count(), func.max(ActivityProgress.done_at))
        .join(Enrolment, Enrolment.id == ActivityProgress.enrolment_id)
        .where(Enrolment.offering_id == material.offering.id, ActivityProgress.done_at.is_not(None))
        .group_by(ActivityProgress.enrolment_id)
    )
    done = {key: last for key, count, last in rows if last and count >= len(material.activities)}
    for enrolment in staying:
        if enrolment.id in done:
            with clock.at(done[enrolment.id]):
                completions.decide(enrolment)


def _told(offering: Offering) -> str:
    stages = select(Traineeship.stage, func.count()).where(Traineeship.cohort_id == offering.cohort_id)
    counted = session.execute(stages.group_by(Traineeship.stage).order_by(Traineeship.stage)).all()
    return ", ".join(f"{count} {stage}" for stage, count in counted)
