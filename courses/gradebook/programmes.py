"""Where somebody stands in the whole programme: which of its courses are completed, and by which rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from courses.gradebook import rules
from courses.gradebook.conditions import Condition, courses
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.kit.words import Words
from lms.pipeline.models import Traineeship


@dataclass(frozen=True, slots=True)
class Course:
    """One course that counts for the programme, and whether it was completed."""

    offering: Offering
    enrolment: Enrolment | None
    completed: bool

    @property
    def title(self) -> Words:
        """As in the version that the person is on."""
        return (self.enrolment or self.offering).version.title


@dataclass(frozen=True, slots=True)
class Standing:
    """The courses that count, the programme's one condition, and the completion once it is there."""

    courses: list[Course]
    rule: CompletionRule
    condition: Condition
    completion: Completion | None


def standing(taking_part: Traineeship) -> Standing:
    """The standing of one traineeship."""
    return standings([taking_part])[taking_part.id]


def standings(taking_part: Iterable[Traineeship]) -> dict[UUID, Standing]:
    """Traineeship id → its standing, in four queries at most. Needs the traineeships' cohorts at hand."""
    wanted = {each.id: each for each in taking_part}
    completed = _completed(wanted)
    rules_now = rules.holding([], {each.cohort.programme_id for each in wanted.values()})
    counted = _courses(wanted)
    found: dict[UUID, Standing] = {}
    for key, each in wanted.items():
        completion = completed.get(key)
        rule = completion.rule if completion else rules_now[each.cohort.programme_id]
        found[key] = Standing(counted[key], rule, condition(rule, counted[key]), completion)
    return found


def condition(rule: CompletionRule, counted: list[Course]) -> Condition:
    """What the programme asks of courses, and how many are completed."""
    done = sum(each.completed for each in counted)
    open_days = [each.offering.closes_on for each in counted if not each.completed]
    return courses(rule, done, len(counted), max(open_days, default=None))


def counting(all_courses: list[Course]) -> list[Course]:
    """Those that the programme counts: the required ones, or all if none is."""
    return [each for each in all_courses if each.offering.required] or all_courses


def _completed(wanted: dict[UUID, Traineeship]) -> dict[UUID, Completion]:
    rows = session.scalars(
        select(Completion).where(Completion.traineeship_id.in_(wanted)).options(joinedload(Completion.rule))
    )
    return {row.traineeship_id: row for row in rows if row.traineeship_id}


def _courses(wanted: dict[UUID, Traineeship]) -> dict[UUID, list[Course]]:
    """Traineeship id → the required offerings of its cohort (all, if none is required), with what was completed."""
    rows = session.execute(
        select(Traineeship.id, Offering, Enrolment, Completion.id)
        .join(Offering, Offering.cohort_id == Traineeship.cohort_id)
        .outerjoin(Enrolment, and_(Enrolment.offering_id == Offering.id, Enrolment.traineeship_id == Traineeship.id))
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Traineeship.id.in_(wanted))
        .order_by(Offering.position, Offering.id)
        .options(joinedload(Offering.version), joinedload(Enrolment.version))
    )
    found: dict[UUID, list[Course]] = {key: [] for key in wanted}
    for key, offering, enrolment, completion_id in rows.unique():
        found[key].append(Course(offering, enrolment, completion_id is not None))
    return {key: counting(courses) for key, courses in found.items()}
