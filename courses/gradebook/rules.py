"""Rules of completion in versions. The newest holds; a change adds one and touches no earlier completion."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Course, CourseVersion
from courses.gradebook.models import CompletionRule
from courses.learning import offerings
from courses.learning.models import Offering
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Programme

Subject = Course | Programme
DEFAULT_PERCENT = 60


def courses_of(person: Person) -> Select[Course]:
    """The courses whose rule the person may read and change: given to a cohort that they lead (an administrator: all)."""
    if person.has(Role.ADMIN):
        return select(Course)
    return select(Course).where(Course.id.in_(offerings.led_by(person).with_only_columns(Offering.course_id)))


def programmes_of(person: Person) -> Select[Programme]:
    """The programmes of the cohorts that the person leads (an administrator: all)."""
    if person.has(Role.ADMIN):
        return select(Programme)
    return select(Programme).where(Programme.id.in_(cohorts.led_by(person).with_only_columns(Cohort.programme_id)))


def history(subject: Subject) -> Select[CompletionRule]:
    """Every version of a rule, the newest first."""
    return select(CompletionRule).where(_is_for(subject)).order_by(CompletionRule.version.desc())


def newest_or_default(subject: Subject) -> CompletionRule:
    """The rule that holds now. Writes nothing: where none was set, it is the one that `current` would make."""
    return session.scalar(history(subject).limit(1)) or _first(subject)


def holding(course_ids: Iterable[UUID], programme_ids: Iterable[UUID] = ()) -> dict[UUID, CompletionRule]:
    """Id of a course or programme → the rule that holds now, in two queries at most. Writes nothing."""
    of_courses, of_programmes = set(course_ids), set(programme_ids)
    rows = session.scalars(
        select(CompletionRule)
        .where(CompletionRule.course_id.in_(of_courses) | CompletionRule.programme_id.in_(of_programmes))
        .order_by(CompletionRule.version)
    )
    found: dict[UUID, CompletionRule] = {}
    for rule in rows:
        found[rule.course_id or rule.programme_id or rule.id] = rule
    lacking = of_courses - found.keys()
    defaults = _defaults(lacking) if lacking else {}
    found |= {each: _version_one(course_id=each, given=defaults.get(each)) for each in lacking}
    return found | {each: _version_one(programme_id=each) for each in of_programmes - found.keys()}


def current(subject: Subject) -> CompletionRule:
    """The rule that holds now; version 1 is made from the defaults when there is none, also by two at once."""
    if rule := session.scalar(history(subject).limit(1)):
        return rule
    try:
        with session.begin_nested():
            rule = _first(subject)
            session.add(rule)
            session.flush()
    except IntegrityError:
        rule = session.scalars(history(subject).limit(1)).one()
    return rule


def change(
    subject: Subject,
    by: Person,
    *,
    activities_percent: int,
    quiz_minimum: int,
    assignment_minimum: int,
    reason: str,
    seen: int,
) -> CompletionRule:
    """Add a version. `seen` is the version that the change was made from; when another holds by now it is a Conflict.

    Raises Refused when nothing would change or the reason is missing.
    """
    before = current(subject)
    if before.version != seen:
        raise Conflict(
            _("Somebody changed this rule a moment ago. Look at the rule as it is now before you change it.")
        )
    numbers = {
        "activities_percent": activities_percent,
        "quiz_minimum": quiz_minimum,
        "assignment_minimum": assignment_minimum,
    }
    old = {name: getattr(before, name) for name in numbers}
    if numbers == old:
        raise Refused(_("Nothing would change. Change a number first, or leave the rule as it is."))
    if not reason.strip():
        raise Refused(_("Say why the rule changes. Everybody who reads the rule sees the reason."))
    rule = _first(subject)
    rule.version, rule.set_by_id, rule.set_at, rule.reason = before.version + 1, by.id, clock.now(), reason.strip()
    for name, number in numbers.items():
        setattr(rule, name, number)
    try:
        with session.begin_nested():
            session.add(rule)
            session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("Somebody changed this rule a moment ago. Look at the rule as it is now before you change it.")
        ) from error
    audit.note(by, "completion_rule.changed", rule, old=old, new={**numbers, "reason": rule.reason})
    return rule


def with_setters(query: Select[CompletionRule]) -> Select[CompletionRule]:
    """The same rules with the people who set them."""
    return query.options(joinedload(CompletionRule.set_by).lazyload(Person.grants))


def _first(subject: Subject) -> CompletionRule:
    if isinstance(subject, Course):
        return _version_one(course_id=subject.id, given=_defaults([subject.id]).get(subject.id))
    return _version_one(programme_id=subject.id)


def _version_one(
    *, course_id: UUID | None = None, programme_id: UUID | None = None, given: tuple[int, int] | None = None
) -> CompletionRule:
    """Version 1, in no session. A programme has no quizzes of its own: its rule counts courses."""
    quiz, assignment = given or ((DEFAULT_PERCENT, DEFAULT_PERCENT) if course_id else (0, 0))
    return CompletionRule(
        course_id=course_id,
        programme_id=programme_id,
        version=1,
        activities_percent=100,
        quiz_minimum=quiz,
        assignment_minimum=assignment,
        reason="",
    )


def _defaults(course_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Course id → what its newest published version (else its newest) asks of quizzes and assignments."""
    rows = session.execute(
        select(CourseVersion.course_id, CourseVersion.quiz_minimum, CourseVersion.assignment_pass)
        .where(CourseVersion.course_id.in_(list(course_ids)), CourseVersion.discarded_at.is_(None))
        .order_by(CourseVersion.published_at.is_not(None), CourseVersion.number)
    )
    return {course_id: (quiz, assignment) for course_id, quiz, assignment in rows}


def _is_for(subject: Subject) -> ColumnElement[bool]:
    column = CompletionRule.course_id if isinstance(subject, Course) else CompletionRule.programme_id
    return column == subject.id
