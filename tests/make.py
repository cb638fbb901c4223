"""Plain makers: rows that a test needs, with nothing in them that it does not say. They flush; `browser` commits."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from courses.assignments.models import Assignment, Criterion, Level
from courses.catalogue.models import Activity, ActivityKind, ActivityText, Course, CourseVersion, Module
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment, Offering, Teaching
from courses.quizzes.models import Option, Question, QuestionKind, Quiz
from lms.kit import clock
from lms.kit.db import Base, session
from lms.kit.words import Words
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline.models import Application, Cohort, Lead, Programme, Stage, StageEvent, Traineeship

Row = TypeVar("Row", bound=Base)
_numbers = itertools.count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


def add(row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def person(*roles: Role, name: str = "", email: str = "", language: str = "en", **more: object) -> Person:
    number = next(_numbers)
    made = Person(
        name=name or f"Person {number}",
        email=email or f"person{number}@example.org",
        language=language,
        email_confirmed_at=LONG_AGO,
        **more,
    )
    made.grants = [RoleGrant(role=role) for role in roles]
    return add(made)


def admin() -> Person:
    return person(Role.ADMIN)


def programme(**more: object) -> Programme:
    number = next(_numbers)
    return add(
        Programme(
            **{
                "slug": f"programme-{number}",
                "title": Words(ko=f"프로그램 {number}", en=f"Programme {number}"),
                "summary": Words(),
                **more,
            }
        )
    )


def cohort(of: Programme | None = None, *, seats: int = 20, **more: object) -> Cohort:
    """A cohort that takes applications and runs, whatever day it is."""
    number = next(_numbers)
    given = {
        "slug": f"cohort-{number}",
        "title": Words(ko=f"기수 {number}", en=f"Cohort {number}"),
        "summary": Words(),
        "opens_at": LONG_AGO,
        "closes_at": FAR_AHEAD,
        "starts_on": date(2020, 2, 1),
        "ends_on": date(2099, 12, 1),
        **more,
    }
    return add(Cohort(programme=of or programme(), seats=seats, **given))


def lead(of: Cohort) -> Person:
    made = person(Role.LEAD)
    add(Lead(person_id=made.id, cohort_id=of.id))
    return made


def application(
    of: Cohort, by: Person | None = None, *, stage: Stage | None = Stage.APPLIED, **more: object
) -> Application:
    """An application that was sent (stage None: a draft)."""
    by = by or person(Role.TRAINEE)
    sent = {} if stage is None else {"sent_at": clock.now(), "receipt": f"R-{next(_numbers):06}"}
    made = add(Application(cohort=of, person=by, stage=stage, motivation="Because.", **{**sent, **more}))
    for each in () if stage is None else (Stage.APPLIED, stage):
        move(of, by, each, made.sent_at)
    return made


def move(of: Cohort, by: Person, stage: Stage, happened_at: datetime | None = None) -> StageEvent:
    """A line of the ledger that goes on from the last one of this person in this cohort, unless that is there already."""
    moved = session.query(StageEvent).filter_by(cohort_id=of.id, person_id=by.id)
    last = moved.order_by(StageEvent.recorded_at.desc(), StageEvent.id.desc()).first()
    if last and last.stage is stage:
        return last
    happened_at = happened_at or clock.now()
    return add(
        StageEvent(
            cohort_id=of.id,
            person_id=by.id,
            stage=stage,
            before=last.stage if last else None,
            happened_at=happened_at,
            counts_from=max(happened_at, last.counts_from) if last else happened_at,
        )
    )


def traineeship(of: Cohort, by: Person | None = None, *, stage: Stage = Stage.ADMITTED) -> Traineeship:
    certified_at = {Stage.CERTIFIED: clock.now(), Stage.PLACED: LONG_AGO}.get(stage)
    made = add(Traineeship(cohort=of, person=by or person(Role.TRAINEE), stage=stage, certified_at=certified_at))
    if stage is Stage.PLACED:
        move(of, made.person, Stage.CERTIFIED, certified_at)
    move(of, made.person, stage)
    return made


def trainee(of: Cohort, *, stage: Stage = Stage.ADMITTED) -> Person:
    """A person who takes part in a cohort and is enrolled in its offerings."""
    taking_part = traineeship(of, stage=stage)
    for each in session.query(Offering).where(Offering.cohort_id == of.id):
        enrolment(each, taking_part)
    return taking_part.person


def course(*, lessons: int = 1, slug: str = "", published: bool = True) -> CourseVersion:
    """A course with one module of lessons, in both languages; returns its (published) first version."""
    number = next(_numbers)
    made = add(Course(slug=slug or f"course-{number}"))
    version = add(
        CourseVersion(
            course=made,
            number=1,
            title=Words(ko=f"강좌 {number}", en=f"Course {number}"),
            summary=Words(ko="요약", en="Summary"),
            hours=10,
            digest=uuid.uuid4().hex,
            published_at=LONG_AGO if published else None,
        )
    )
    add(Module(version=version, key="one", position=1, title=Words(ko="모듈 1", en="Module 1")))
    for count in range(lessons):
        lesson(version, f"lesson-{count + 1}")
    return version


def activity(of: CourseVersion, kind: ActivityKind, key: str = "", *, required: bool = True) -> Activity:
    session.refresh(of, ["modules"])
    position = session.query(Activity).where(Activity.version_id == of.id).count() + 1
    key = key or f"{kind}-{position}"
    return add(
        Activity(
            version_id=of.id,
            module=of.modules[0],
            key=key,
            kind=kind,
            position=position,
            title=Words(ko=f"활동 {position}", en=f"Activity {position}"),
            minutes=10,
            required=required,
        )
    )


def lesson(of: CourseVersion, key: str = "", *, html: str = "<p>Text.</p>") -> Activity:
    made = activity(of, ActivityKind.LESSON, key)
    for language in ("ko", "en"):
        add(
            ActivityText(
                activity=made, language=language, markdown="Text.", html=html, outline={"headings": []}, words=1
            )
        )
    return made


def quiz(
    of: CourseVersion, *, attempts: int = 2, minutes: int | None = None, pass_percent: int = 60, questions: bool = True
) -> Quiz:
    """A quiz with one question of each kind (1 point each): right are "Right", {"A", "B"}, 0.25 ± 0.01, "recall"."""
    made = add(
        Quiz(activity=activity(of, ActivityKind.QUIZ), attempts=attempts, minutes=minutes, pass_percent=pass_percent)
    )
    if questions:
        one = question(made, QuestionKind.ONE)
        option(one, "Right", True), option(one, "Wrong", False)
        several = question(made, QuestionKind.SEVERAL)
        option(several, "A", True), option(several, "B", True), option(several, "C", False)
        question(made, QuestionKind.NUMBER, answer="0.25", tolerance="0.01")
        question(made, QuestionKind.TEXT, accepted=["recall", "재현율"])
    return made


def question(of: Quiz, kind: QuestionKind, *, points: int = 1, **more: object) -> Question:
    position = session.query(Question).where(Question.activity_id == of.activity_id).count() + 1
    return add(
        Question(
            quiz=of,
            key=f"q{position}",
            position=position,
            kind=kind,
            html=Words(en=f"<p>Question {position}?</p>", ko=f"<p>문제 {position}?</p>"),
            explanation=Words(en="<p>Because.</p>", ko="<p>그래서예요.</p>"),
            points=points,
            **more,
        )
    )


def option(of: Question, text: str, correct: bool) -> Option:
    position = session.query(Option).where(Option.question_id == of.id).count() + 1
    return add(Option(question=of, position=position, html=Words(en=text, ko=text), correct=correct, feedback=Words()))


def assignment(of: CourseVersion, *, pass_percent: int = 60) -> Assignment:
    """An assignment with two criteria of 50 points, each with levels 0–29 and 30–50."""
    made = activity(of, ActivityKind.ASSIGNMENT)
    for language in ("ko", "en"):
        add(
            ActivityText(
                activity=made,
                language=language,
                markdown="Task.",
                html="<p>Task.</p>",
                outline={"headings": []},
                words=1,
            )
        )
    judged = add(Assignment(activity=made, pass_percent=pass_percent))
    for position in (1, 2):
        row = add(
            Criterion(
                assignment=judged,
                key=f"c{position}",
                position=position,
                points=50,
                title=Words(ko=f"기준 {position}", en=f"Criterion {position}"),
            )
        )
        add(
            Level(
                criterion=row, position=1, title=Words(ko="부족", en="Weak"), description=Words(), lowest=0, highest=29
            )
        )
        add(
            Level(
                criterion=row, position=2, title=Words(ko="충분", en="Good"), description=Words(), lowest=30, highest=50
            )
        )
    return judged


def offering(of: CourseVersion | None = None, to: Cohort | None = None, **more: object) -> Offering:
    of = of or course()
    given = {"opens_on": date(2020, 2, 1), "closes_on": date(2099, 12, 1), **more}
    return add(Offering(course_id=of.course_id, version=of, cohort=to or cohort(), **given))


def instructor(of: Offering) -> Person:
    made = person(Role.INSTRUCTOR)
    add(Teaching(offering_id=of.id, person_id=made.id))
    return made


def enrolment(of: Offering, taking_part: Traineeship | None = None) -> Enrolment:
    taking_part = taking_part or traineeship(of.cohort)
    return add(Enrolment(offering=of, person=taking_part.person, traineeship=taking_part, version_id=of.version_id))


def completion(of: Traineeship, **more: object) -> Completion:
    """That a traineeship and each course of its own were completed, by the first version of their rules."""
    for each in session.query(Enrolment).where(Enrolment.traineeship_id == of.id):
        rule = _first_rule(course_id=each.offering.course_id)
        add(Completion(person_id=each.person_id, enrolment_id=each.id, rule=rule, evidence={}))
    rule = _first_rule(programme_id=of.cohort.programme_id)
    return add(Completion(**{"person_id": of.person_id, "traineeship_id": of.id, "rule": rule, "evidence": {}, **more}))


def _first_rule(**of: uuid.UUID) -> CompletionRule:
    return session.query(CompletionRule).filter_by(version=1, **of).one_or_none() or add(
        CompletionRule(version=1, **of)
    )


def ago(**length: float) -> datetime:
    return clock.now() - timedelta(**length)
