"""What waits to be marked: the newest version of each person's work, oldest first, narrowed by what the address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased

from courses.assignments import markings, submissions
from courses.assignments.models import Marking, ReleasedMarking, Submission
from courses.catalogue.models import Activity, Course, CourseVersion
from courses.learning import offerings
from courses.learning.models import Enrolment, Offering
from lms.kit.db import Moment, session
from lms.kit.words import Words
from lms.people.models import Person, Role
from lms.people.readers import anyone, known
from lms.pipeline.models import Cohort

FILTERS_KEPT = 256


class State(StrEnum):
    """Where a piece of work stands for its markers."""

    UNMARKED = "unmarked"
    MARKED = "marked"
    RELEASED = "released"
    LATE = "late"
    ALL = "all"


WORK: Select[Any] = (
    submissions.OPEN.where(submissions.IS_NEWEST)
    .outerjoin(Marking, and_(Marking.submission_id == Submission.id, markings.IS_NEWEST))
    .outerjoin(ReleasedMarking, ReleasedMarking.marking_id == Marking.id)
)
"""The newest version of each person's work, with the marking that counts and its release."""
STATES = {state.value: state for state in State}
CONDITIONS: dict[State, ColumnElement[bool]] = {
    State.UNMARKED: Marking.id.is_(None),
    State.MARKED: and_(Marking.id.is_not(None), ReleasedMarking.marking_id.is_(None)),
    State.RELEASED: ReleasedMarking.marking_id.is_not(None),
    State.LATE: Submission.handed_in_at >= Submission.due_at,
    State.ALL: true(),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for. `assignment` is "course-slug/activity-key": the same in every version of the course."""

    offering: UUID | None = None
    assignment: str = ""
    state: State = State.UNMARKED

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Filter":
        """From an address; what cannot be understood filters nothing."""
        try:
            offering = UUID(values.get("offering", ""))
        except ValueError:
            offering = None
        state = values.get("state", "")
        return cls(offering, values.get("assignment", "")[:300], STATES.get(state, State.UNMARKED))

    @property
    def query(self) -> dict[str, Any]:
        """For an address; what is the usual is left out."""
        state = "" if self.state is State.UNMARKED else self.state.value
        given = {"offering": str(self.offering or ""), "assignment": self.assignment, "state": state}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    title: Words
    group: Words


def listed(person: Person, chosen: Filter) -> Select[*tuple[Any, ...]]:
    """The rows of the queue: what each line shows, without loading objects. Oldest first."""
    marker = aliased(Person)
    return (
        _work(person, chosen)
        .where(CONDITIONS[chosen.state])
        .join(Person, Person.id == Enrolment.person_id)
        .join(Offering, Offering.id == Enrolment.offering_id)
        .join(Cohort, Cohort.id == Offering.cohort_id)
        .outerjoin(marker, marker.id == Marking.by_id)
        .with_only_columns(
            Submission.id,
            Submission.number,
            Submission.handed_in_at,
            Submission.due_at,
            Person.name.label("name"),
            Activity.title.label("assignment"),
            Cohort.title.label("cohort"),
            Marking.points,
            Marking.most,
            Marking.passed,
            Marking.marked_at,
            marker.name.label("marker"),
            ReleasedMarking.marking_id.label("released"),
        )
        .order_by(Submission.handed_in_at, Submission.id)
    )


def counts(person: Person, chosen: Filter) -> dict[State, int]:
    """How many lines each state has, with the other filters as they are. One query."""
    row = session.execute(_counts(person.roles, chosen), known(person)).one()
    return dict(zip(CONDITIONS, row, strict=True))


@lru_cache(maxsize=FILTERS_KEPT)
def _counts(roles: frozenset[Role], chosen: Filter) -> Select[*tuple[Any, ...]]:
    columns = [func.count().filter(condition) for condition in CONDITIONS.values()]
    return _work(anyone(roles), chosen).with_only_columns(*columns)


def first(person: Person, chosen: Filter) -> UUID | None:
    """The oldest unmarked work in the filter."""
    return session.scalar(_first(person.roles, chosen), known(person))


@lru_cache(maxsize=FILTERS_KEPT)
def _first(roles: frozenset[Role], chosen: Filter) -> Select[UUID]:
    query = _unmarked(anyone(roles), chosen).with_only_columns(Submission.id)
    return query.order_by(Submission.handed_in_at, Submission.id).limit(1)


def after(person: Person, chosen: Filter, submission: Submission) -> tuple[UUID | None, int]:
    """The next unmarked work behind `submission` (from the start when there is none), and how many others wait."""
    here = known(person, at=submission.handed_in_at, key=submission.id)
    row = session.execute(_after(person.roles, chosen), here).one_or_none()
    return (row[0], row[1]) if row else (None, 0)


@lru_cache(maxsize=FILTERS_KEPT)
def _after(roles: frozenset[Role], chosen: Filter) -> Select[UUID, int]:
    at, key = bindparam("at", type_=Moment()), bindparam("key", type_=Uuid())
    behind = or_(Submission.handed_in_at > at, and_(Submission.handed_in_at == at, Submission.id > key))
    return (
        _unmarked(anyone(roles), chosen)
        .where(Submission.id != key)
        .with_only_columns(Submission.id, func.count().over())
        .order_by(case((behind, 0), else_=1), Submission.handed_in_at, Submission.id)
        .limit(1)
    )


def offering_choices(person: Person) -> list[Choice]:
    """The offerings that the person teaches, as values of the filter."""
    rows = session.execute(_taught(person.roles), known(person))
    return [Choice(str(row.id), row.course, row.cohort) for row in rows]


@cache
def _taught(roles: frozenset[Role]) -> Select[*tuple[Any, ...]]:
    return (
        offerings.taught_by(anyone(roles))
        .join(Cohort, Cohort.id == Offering.cohort_id)
        .join(CourseVersion, CourseVersion.id == Offering.version_id)
        .with_only_columns(Offering.id, Cohort.title.label("cohort"), CourseVersion.title.label("course"))
        .order_by(Cohort.starts_on.desc(), Offering.position, Offering.id)
    )


def assignment_choices(person: Person, offering: UUID | None) -> list[Choice]:
    """The assignments for which something was handed in, as values of the filter."""
    rows = session.execute(_handed_in(person.roles, offering), known(person))
    newest = {f"{row.slug}/{row.key}": row for row in rows}  # of several versions the last
    return [Choice(value, row.title, row.course) for value, row in newest.items()]


@lru_cache(maxsize=FILTERS_KEPT)
def _handed_in(roles: frozenset[Role], offering: UUID | None) -> Select[*tuple[Any, ...]]:
    handed_in = submissions.gradable_by(anyone(roles)).with_only_columns(Submission.activity_id)
    if offering is not None:
        handed_in = handed_in.where(Enrolment.offering_id == offering)
    return (
        select(Activity.key, Activity.title, Course.slug, CourseVersion.title.label("course"))
        .join(CourseVersion, CourseVersion.id == Activity.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Activity.id.in_(handed_in))
        .order_by(Course.slug, CourseVersion.number, Activity.position)
    )


def to_release(person: Person, chosen: Filter) -> list[Row[Any]]:
    """Assignments with marks that wait to be released: offering, activity, how many; with their titles. One query."""
    waiting = (
        _work(person, chosen)
        .where(CONDITIONS[State.MARKED])
        .with_only_columns(Enrolment.offering_id, Submission.activity_id, func.count().label("ready"))
        .group_by(Enrolment.offering_id, Submission.activity_id)
        .subquery()
    )
    query = (
        select(waiting, Activity.title, Activity.key, Cohort.title.label("cohort"))
        .join(Activity, Activity.id == waiting.c.activity_id)
        .join(Offering, Offering.id == waiting.c.offering_id)
        .join(Cohort, Cohort.id == Offering.cohort_id)
        .order_by(waiting.c.ready.desc(), Activity.position)
    )
    return list(session.execute(query))


def _unmarked(person: Person, chosen: Filter) -> Select[Any]:
    """What is still to be marked in the filter; of the states only "late" narrows it."""
    late = CONDITIONS[State.LATE] if chosen.state is State.LATE else true()
    return _work(person, chosen).where(CONDITIONS[State.UNMARKED], late)


def _work(person: Person, chosen: Filter) -> Select[Any]:
    """`WORK` that the person may mark, in the filter."""
    query = WORK.where(submissions.may_mark(person))
    if chosen.offering is not None:
        query = query.where(Enrolment.offering_id == chosen.offering)
    if chosen.assignment:
        slug, _slash, key = chosen.assignment.partition("/")
        of_course = (
            select(CourseVersion.id).join(Course, Course.id == CourseVersion.course_id).where(Course.slug == slug)
        )
        query = query.where(Activity.key == key, Activity.version_id.in_(of_course))
    return query
