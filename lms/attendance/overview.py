"""What the pages show: one's own attendance, and a cohort's as its keepers see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.attendance import examples, meetings, register
from lms.attendance.arithmetic import Danger, Hours, Outcome, Rates, State, danger
from lms.attendance.examples import Example
from lms.attendance.meetings import Window
from lms.attendance.models import AttendanceCorrection, Meeting, MeetingState
from lms.attendance.register import Register, Rule
from lms.attendance.stamping import Span, span_of_stamps
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Stage, Traineeship

ORDER = {Danger.LOST: 0, Danger.LAST: 1, Danger.CLOSE: 2, None: 3}


@dataclass(frozen=True)
class Line:
    """One session of one person. `counts`: whether it counts for them at all."""

    meeting: Meeting
    outcome: Outcome | None
    span: Span
    counts: bool
    request: AttendanceCorrection | None  # the last one

    @property
    def phase(self) -> str:
        """Where a session without an outcome stands: "ahead", "running", or "unrecorded" when it is over."""
        now = clock.now()
        if now < self.meeting.starts_at:
            return "ahead"
        return "unrecorded" if self.meeting.state is MeetingState.PLANNED and self.meeting.ends_at <= now else "running"

    @property
    def may_ask(self) -> bool:
        """Whether asking for a correction makes sense."""
        waits = self.request is not None and self.request.decided_at is None
        fine = self.outcome is not None and self.outcome.state in (State.PRESENT, State.EXCUSED)
        return self.counts and not waits and not fine

    @property
    def may_be_excused(self) -> bool:
        """Whether it can be among several sessions that should be excused."""
        return self.may_ask and self.meeting.state is not MeetingState.CANCELLED


@dataclass(frozen=True)
class Own:
    """One person in one cohort."""

    cohort: Cohort
    book: Register
    person_id: UUID
    lines: list[Line]

    @property
    def rule(self) -> Rule:
        return self.book.rule

    @cached_property
    def rates(self) -> Rates:
        return self.book.rates_of(self.person_id)

    @property
    def danger(self) -> Danger | None:
        return danger(self.rates, self.rule.terms)

    @property
    def next(self) -> Meeting | None:
        """The session that begins next."""
        ahead = (each.meeting for each in self.lines if each.counts and each.meeting.starts_at > clock.now())
        return next(ahead, None)

    @property
    def past(self) -> list[Line]:
        """What has begun, the latest first."""
        return [each for each in reversed(self.lines) if each.meeting.starts_at <= clock.now()]

    @property
    def ahead(self) -> list[Line]:
        return [each for each in self.lines if each.meeting.starts_at > clock.now()]

    @property
    def examples(self) -> list[Example]:
        ahead = [each.meeting for each in self.lines if each.meeting.state is not MeetingState.CANCELLED]
        return examples.of(self.rule.terms, hours_of(ahead), self.rates.total)


def hours_of(those: Sequence[Meeting]) -> Hours:
    """The hours of the first of these sessions, or ordinary ones."""
    return those[0].hours if those else examples.ordinary_hours()


def mine(person: Person) -> list[Own]:
    """The cohorts that a person takes part in, the latest first. Seven queries, however many."""
    taking_part = session.scalars(traineeships.of(person).where(Traineeship.stage != Stage.LEFT)).all()
    found = _own([each.cohort for each in taking_part], person.id)
    return [own for own in found if own.lines or own.cohort.ends_on >= clock.today()]


def of_person(cohort: Cohort, person_id: UUID) -> Own:
    """One person in one cohort, as its keepers see them."""
    return _own([cohort], person_id)[0]


def _own(cohorts: Iterable[Cohort], person_id: UUID) -> list[Own]:
    of = {each.id: each for each in cohorts}
    books = register.of(of, person_id)
    requests = _requests(of, person_id)
    days: dict[UUID, list[Meeting]] = {}
    for meeting in session.scalars(select(Meeting).where(Meeting.cohort_id.in_(of)).order_by(Meeting.day)):
        days.setdefault(meeting.cohort_id, []).append(meeting)
    found = []
    for cohort_id, cohort in of.items():
        book = books[cohort_id]
        counted = {slot.id: outcome for slot, outcome in book.days_of(person_id)}
        lines = [
            Line(
                meeting,
                counted.get(meeting.id),
                span_of_stamps(book.stamps.get((meeting.id, person_id), ())),
                meeting.id in counted,
                requests.get(meeting.id),
            )
            for meeting in days.get(cohort_id, [])
        ]
        found.append(Own(cohort, book, person_id, lines))
    return found


def _requests(cohort_ids: Iterable[UUID], person_id: UUID) -> dict[UUID, AttendanceCorrection]:
    """Meeting → the last request of a person about it."""
    query = select(AttendanceCorrection).join(AttendanceCorrection.meeting)
    query = query.where(AttendanceCorrection.person_id == person_id, Meeting.cohort_id.in_(list(cohort_ids)))
    return {each.meeting_id: each for each in session.scalars(query.order_by(AttendanceCorrection.asked_at))}


@dataclass(frozen=True)
class Standing:
    """One row of a cohort's list."""

    person: Person
    rates: Rates
    danger: Danger | None


def standings(cohort: Cohort, book: Register) -> list[Standing]:
    """Everybody who takes part, those in danger first, then the lowest rate."""
    terms = book.rule.terms
    people = session.scalars(meetings.people_of(cohort.id)).all()
    found = [Standing(each, rates, danger(rates, terms)) for each in people for rates in [book.rates_of(each.id)]]
    return sorted(found, key=lambda each: (ORDER[each.danger], each.rates.at_best or 1, each.person.name))


@dataclass(frozen=True)
class Held:
    """One session with how many were there, as far as it was recorded."""

    meeting: Meeting
    counts: dict[State, int]
    unrecorded: bool  # over, and neither held nor cancelled


def held(book: Register, those: Iterable[Meeting]) -> list[Held]:
    """Sessions with how many were there: from the first to the last."""
    counts: dict[UUID, dict[State, int]] = {}
    for person_id, seat in book.seats.items():
        for slot, outcome in book.days_of(person_id):
            if outcome and not (seat.left_at and seat.left_at <= slot.hours.ends_at):
                of = counts.setdefault(slot.id, {})
                of[outcome.state] = of.get(outcome.state, 0) + 1
    now = clock.now()
    return [
        Held(each, counts.get(each.id, {}), each.state is MeetingState.PLANNED and each.ends_at < now) for each in those
    ]


@dataclass(frozen=True)
class Kept:
    """One cohort on its keeper's first page."""

    cohort: Cohort
    near: tuple[Meeting, Window] | None
    dangers: dict[Danger, int]
    unrecorded: int
    requests: int


def kept(cohorts: Sequence[Cohort]) -> list[Kept]:
    """What waits in each cohort. A fixed number of queries, and one or two for what is near in each."""
    ids = [each.id for each in cohorts]
    books, now = register.of(ids), clock.now()
    waiting = select(Meeting.cohort_id, func.count()).join(
        AttendanceCorrection, AttendanceCorrection.meeting_id == Meeting.id
    )
    whole = AttendanceCorrection.part_of_id.is_(None)
    waiting = waiting.where(Meeting.cohort_id.in_(ids), AttendanceCorrection.decided_at.is_(None), whole)
    requests = {row[0]: row[1] for row in session.execute(waiting.group_by(Meeting.cohort_id))}
    found = []
    for cohort in cohorts:
        book = books[cohort.id]
        open_ones = [slot for slot in book.slots if slot.state is MeetingState.PLANNED and slot.hours.ends_at < now]
        found.append(
            Kept(cohort, _near(cohort), _dangers(book), len(open_ones), requests.get(cohort.id, 0)),
        )
    return found


def _near(cohort: Cohort) -> tuple[Meeting, Window] | None:
    query = select(Meeting).where(Meeting.cohort_id == cohort.id).options(joinedload(Meeting.cohort))
    return next(iter(meetings.near(query)), None)


def _dangers(book: Register) -> dict[Danger, int]:
    found: dict[Danger, int] = {}
    for person_id, seat in book.seats.items():
        if seat.left_at is None and (how := danger(book.rates_of(person_id), book.rule.terms)):
            found[how] = found.get(how, 0) + 1
    return found
