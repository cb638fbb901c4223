"""What a rule, as it is or as it might be, does to those who have not completed yet."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Course, CourseVersion
from courses.gradebook import completions, gathering, programmes, rules
from courses.gradebook.conditions import conditions
from courses.gradebook.models import Completion, CompletionRule
from courses.gradebook.rules import Subject
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Stage, Traineeship


@dataclass(frozen=True, slots=True)
class Outlook:
    """In people: completed (untouched by any change), still in training, of these meeting the rule now and the other one."""

    completed: int
    learning: int
    meet_now: int
    would_meet: int | None


def outlook(subject: Subject, wanted: dict[str, int] | None) -> Outlook:
    """The counts for the rule that holds now and for `wanted` numbers (None: not asked). A fixed number of queries."""
    other = CompletionRule(**wanted) if wanted is not None else None
    if isinstance(subject, Course):
        return _of_course(subject, other)
    standings = list(programmes.standings(_training(subject.id)).values())
    done = session.scalar(
        select(func.count(Completion.id))
        .join(Traineeship, Traineeship.id == Completion.traineeship_id)
        .join(Cohort, Cohort.id == Traineeship.cohort_id)
        .where(Cohort.programme_id == subject.id)
    )
    now = sum(each.condition.met for each in standings)
    then = sum(programmes.condition(other, each.courses).met for each in standings) if other else None
    return Outlook(done or 0, len(standings), now, then)


def cohorts_of(subject: Subject, person: Person) -> list[UUID]:
    """The cohorts that the person leads and the rule is for."""
    query = cohorts.led_by(person).with_only_columns(Cohort.id)
    if isinstance(subject, Course):
        query = query.where(Cohort.id.in_(select(Offering.cohort_id).where(Offering.course_id == subject.id)))
    else:
        query = query.where(Cohort.programme_id == subject.id)
    return list(session.scalars(query))


def title_of(subject: Subject) -> Words:
    """What a course is called in its newest published version (else its newest), a programme as it is."""
    if not isinstance(subject, Course):
        return subject.title
    known = [each for each in subject.versions if each.discarded_at is None] or subject.versions

    def published_then_newest(version: CourseVersion) -> tuple[bool, int]:
        return version.published_at is not None, version.number

    return max(known, key=published_then_newest).title


def _of_course(course: Course, other: CompletionRule | None) -> Outlook:
    learning = session.scalars(completions.undecided(course).options(joinedload(Enrolment.offering))).all()
    facts = gathering.facts_of(learning).values()
    rule = rules.newest_or_default(course)
    done = session.scalar(
        select(func.count(Completion.id))
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Offering, Offering.id == Enrolment.offering_id)
        .where(Offering.course_id == course.id)
    )
    now = sum(all(each.met for each in conditions(rule, known)) for known in facts)
    then = sum(all(each.met for each in conditions(other, known)) for known in facts) if other else None
    return Outlook(done or 0, len(learning), now, then)


def _training(programme_id: UUID) -> list[Traineeship]:
    query = (
        select(Traineeship)
        .join(Cohort, Cohort.id == Traineeship.cohort_id)
        .where(Cohort.programme_id == programme_id, Traineeship.stage == Stage.TRAINING)
        .options(joinedload(Traineeship.cohort))
    )
    return list(session.scalars(query))
