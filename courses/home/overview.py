"""Everything of a trainee on one page: where to go on, what is due, how far each course and each cohort is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from flask import url_for
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from courses.catalogue.models import ActivityKind
from courses.gradebook import completions, gathering, programmes, rules
from courses.gradebook.completions import Standing
from courses.gradebook.conditions import Facts, Piece
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import applications
from lms.pipeline.models import Application, Cohort, Stage, Traineeship

DUE_WITHIN = timedelta(days=30)
MOST_DUE = 6
ENDED = frozenset({Stage.DECLINED, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Learning:
    """One course of the person with its checklist."""

    enrolment: Enrolment
    standing: Standing

    @property
    def next(self) -> Piece | None:
        """The lesson last opened until it is done, then what is not done behind it; what waits for a mark is passed by."""
        pieces = self.standing.facts.pieces
        last = self.enrolment.last_activity_id
        at = next((index for index, piece in enumerate(pieces) if piece.id == last), -1)
        if at >= 0 and pieces[at].kind is ActivityKind.LESSON and not pieces[at].done:
            return pieces[at]
        ahead = [piece for piece in pieces[at + 1 :] + pieces[: at + 1] if not piece.done and not piece.waits]
        return next((piece for piece in ahead if piece.required), ahead[0] if ahead else None)

    def url(self, piece: Piece) -> str:
        """The address of an activity, at the heading where its reader stopped."""
        address = url_for("learning.activity", enrolment_id=self.enrolment.id, activity_id=piece.id)
        return f"{address}#{quote(piece.place)}" if piece.place and not piece.done else address


@dataclass(frozen=True, slots=True)
class Due:
    """An activity that is due soon, or was due and is not done."""

    learning: Learning
    piece: Piece
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """One cohort of the person: the courses there, and what the programme still asks."""

    traineeship: Traineeship
    application: Application | None
    learning: list[Learning]
    programme: programmes.Standing

    @property
    def runs(self) -> bool:
        """Whether it is still being learnt in."""
        return self.traineeship.stage in (Stage.ADMITTED, Stage.TRAINING)

    @property
    def left(self) -> int:
        """Courses that are still to be completed."""
        return max(0, int(self.programme.condition.needed - self.programme.condition.number))


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `ways` has the cohorts taken part in, the latest first; `applications` what is not decided yet."""

    ways: list[Way]
    applications: list[Application]
    resume: Learning | None
    due: list[Due]

    @property
    def learning(self) -> list[Learning]:
        return [learning for way in self.ways for learning in way.learning]

    @property
    def way(self) -> Way | None:
        """The cohort that the page speaks of first: the one still being learnt in, else the latest."""
        return next((way for way in self.ways if way.runs), self.ways[0] if self.ways else None)

    @property
    def certified(self) -> list[Way]:
        return [way for way in self.ways if way.traineeship.stage is Stage.CERTIFIED]


def overview(person: Person) -> Overview:
    """The person's page, in eight queries, however many cohorts and courses."""
    sent = {each.cohort_id: each for each in session.scalars(applications.of(person))}
    rows = _rows(person)
    enrolments = [row[1] for row in rows if row[1] is not None]
    courses = {each.offering.course_id for each in enrolments}
    rules_now = rules.holding(courses, {row[0].cohort.programme_id for row in rows})
    facts = gathering.facts_of(enrolments)
    ways = _ways(rows, sent, rules_now, facts)
    learning = [each for way in ways for each in way.learning]
    taking_part = {way.traineeship.cohort_id for way in ways}
    waiting = [each for key, each in sent.items() if key not in taking_part and _is_open(each)]
    running = [each for way in ways if way.runs for each in way.learning]
    return Overview(ways, waiting, _resume(running) or _resume(learning), _due(learning))


def _rows(person: Person) -> list[tuple[Traineeship, Enrolment | None, Completion | None, Completion | None]]:
    """Traineeships that were not left, each with its enrolments and both kinds of completions. One query."""
    of_course, of_programme = aliased(Completion), aliased(Completion)
    query = (
        select(Traineeship, Enrolment, of_course, of_programme)
        .outerjoin(Enrolment, and_(Enrolment.traineeship_id == Traineeship.id, Enrolment.ended_at.is_(None)))
        .outerjoin(Enrolment.offering)
        .outerjoin(of_course, of_course.enrolment_id == Enrolment.id)
        .outerjoin(of_programme, of_programme.traineeship_id == Traineeship.id)
        .where(Traineeship.person_id == person.id, Traineeship.stage != Stage.LEFT)
        .order_by(Traineeship.admitted_at.desc(), Traineeship.id, Offering.position, Offering.id)
        .options(
            joinedload(Traineeship.cohort).joinedload(Cohort.programme),
            contains_eager(Enrolment.offering),
            joinedload(Enrolment.version),
            joinedload(of_course.rule),
            joinedload(of_programme.rule),
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def _ways(
    rows: list[tuple[Traineeship, Enrolment | None, Completion | None, Completion | None]],
    sent: dict[UUID, Application],
    rules_now: dict[UUID, CompletionRule],
    facts: dict[UUID, Facts],
) -> list[Way]:
    found: dict[UUID, Way] = {}
    for taking_part, enrolment, _of_course, completion in rows:
        if taking_part.id not in found:
            rule = completion.rule if completion else rules_now[taking_part.cohort.programme_id]
            own = [_course(row) for row in rows if row[0] is taking_part and row[1] is not None]
            counted = programmes.counting(own)
            programme = programmes.Standing(counted, rule, programmes.condition(rule, counted), completion)
            found[taking_part.id] = Way(taking_part, sent.get(taking_part.cohort_id), [], programme)
        if enrolment is not None:
            rule = rules_now[enrolment.offering.course_id]
            standing = completions.standing(facts[enrolment.id], rule, _of_course)
            found[taking_part.id].learning.append(Learning(enrolment, standing))
    return list(found.values())


def _course(row: tuple[Traineeship, Enrolment | None, Completion | None, Completion | None]) -> programmes.Course:
    assert row[1] is not None
    return programmes.Course(row[1].offering, row[1], row[2] is not None)


def _resume(learning: list[Learning]) -> Learning | None:
    """The course last learnt in that has something left to do; else the first that is open."""
    today = clock.today()
    going = [each for each in learning if each.enrolment.offering.opens_on <= today and each.next is not None]
    touched = [each for each in going if each.enrolment.last_activity_at and not each.standing.completion]
    if touched:
        return max(touched, key=lambda each: each.enrolment.last_activity_at or each.enrolment.enrolled_at)
    return next((each for each in going if not each.standing.completion), None)


def _due(learning: list[Learning]) -> list[Due]:
    """What is due within a month, or was and is not done while the course is open; the first first."""
    horizon, today = clock.now() + DUE_WITHIN, clock.today()
    found = [
        Due(each, piece, piece.due_at)
        for each in learning
        if not each.standing.completion and each.enrolment.offering.closes_on >= today
        for piece in each.standing.facts.pieces
        if piece.due_at and piece.due_at <= horizon and not piece.done and not piece.waits
    ]
    return sorted(found, key=lambda due: due.due_at)[:MOST_DUE]


def _is_open(application: Application) -> bool:
    """Sent and not yet decided against, or a draft that can still be sent."""
    if application.stage is None:
        return application.cohort.takes_applications(clock.now())
    return application.stage not in ENDED
