"""From rows that may change tomorrow to the parts of a transcript that never do."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certificates.issuers import whole
from certificates.models import Certificate
from certificates.transcript_facts import PASSED, CourseDone, Part
from courses.catalogue.models import ActivityKind
from courses.gradebook import gathering
from courses.gradebook.conditions import Facts, shown_percent
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort

GRADED = (ActivityKind.QUIZ, ActivityKind.ASSIGNMENT)


def parts(person: Person, by: Person) -> tuple[Part, ...]:
    """Every course that the person completed, cohort by cohort; for somebody else, of the cohorts that they lead."""
    done = (
        select(Enrolment, Completion)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(Enrolment.offering)
        .join(Offering.cohort)
        .where(Enrolment.person_id == person.id)
        .options(joinedload(Enrolment.version), joinedload(Enrolment.offering, Offering.cohort, Cohort.programme))
        .order_by(Cohort.starts_on, Cohort.id, Offering.position, Offering.opens_on, Offering.id)
    )
    if by.id != person.id:
        done = done.where(Cohort.id.in_(cohorts.led_by(by).with_only_columns(Cohort.id)))
    rows = [(row[0], row[1]) for row in session.execute(done)]
    graded = gathering.facts_of(enrolment for enrolment, _completion in rows)
    completed, numbers = _programmes(person), _certificates(person)
    found = []
    for cohort, own in groupby(rows, key=lambda row: row[0].offering.cohort):
        mine = list(own)
        key = mine[0][0].traineeship_id
        programme = completed.get(key)
        courses = tuple(_course(each, completion, graded[each.id]) for each, completion in mine)
        day = programme.decided_at.astimezone(clock.SEOUL).date() if programme else None
        number = numbers.get(programme.id, "") if programme else ""
        found.append(Part(whole(cohort.programme.title), whole(cohort.title), day, number, courses))
    return tuple(found)


def grade(facts: Facts) -> str:
    """The mean of the required quizzes and assignments, what was not taken being 0; PASSED in a course without any."""
    marks = [piece.percent or 0.0 for piece in facts.required(*GRADED)]
    return f"{shown_percent(sum(marks) / len(marks)):g}" if marks else PASSED


def _course(enrolment: Enrolment, completion: Completion, facts: Facts) -> CourseDone:
    offering, version = enrolment.offering, enrolment.version
    day = completion.decided_at.astimezone(clock.SEOUL).date()
    return CourseDone(whole(version.title), version.hours, offering.opens_on, offering.closes_on, day, grade(facts))


def _programmes(person: Person) -> dict[UUID, Completion]:
    """Traineeship → the completion of its programme."""
    mine = select(Completion).where(Completion.person_id == person.id, Completion.traineeship_id.is_not(None))
    return {each.traineeship_id: each for each in session.scalars(mine) if each.traineeship_id}


def _certificates(person: Person) -> dict[UUID, str]:
    """Completion → the number of the certificate that holds for it."""
    mine = (
        select(Certificate)
        .where(Certificate.person_id == person.id)
        .options(joinedload(Certificate.revocation), joinedload(Certificate.replacement))
    )
    return {each.completion_id: f"{each.year}-{each.serial:04d}" for each in _holding(session.scalars(mine).all())}


def _holding(found: Sequence[Certificate]) -> Iterable[Certificate]:
    return (each for each in found if each.revocation is None and each.replacement is None)
