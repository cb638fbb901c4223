"""Reads what is known of people on a day: of running cohorts today, and of earlier ones as it was known then.

A fixed number of queries, however many cohorts and days. Two things of the past are only known as they are now: a day that
was excused later, and the rule of attendance. Of earlier people the moments of single deeds are not kept; a stamp, and a fifth
of the work that was reached, are their signs. A fifth takes weeks: silence in cohorts without stamps would be told too
long, so it is left open there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from lms.attendance import register
from lms.attendance.arithmetic import Day, Outcome, rates
from lms.attendance.register import Register
from lms.kit import clock, db
from lms.pipeline.models import LeavingReason, Stage, StageEvent, Traineeship
from lms.pipeline.progress_marks import ProgressMark
from lms.reporting import risk
from lms.reporting.risk import Facts, Presence
from lms.reporting.risk_learning import SHARES, Past

_IN = (Stage.ADMITTED, Stage.TRAINING)
_OUT = (Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED)
_SEATED = (*_IN, *_OUT, Stage.LEFT)


@dataclass(frozen=True, slots=True)
class Course:
    """A cohort with its first and its last day."""

    id: UUID
    first: date
    last: date

    def at(self, share: float) -> date:
        return self.first + timedelta(days=int(share * ((self.last - self.first).days + 1)))


@dataclass
class Traces:
    """Everything that the people of one cohort left behind, with its day."""

    course: Course
    book: Register
    fifths: dict[UUID, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    signs: dict[UUID, list[date]] = field(default_factory=lambda: defaultdict(list))
    days: dict[UUID, list[tuple[date, Outcome | None]]] = field(default_factory=dict)
    fine: bool = False  # whether signs come often enough to tell silence by

    def facts(self, people: Collection[UUID], on: date) -> dict[UUID, Facts]:
        """Person → what was known at the end of a day."""
        done = {person: self._done(person, on) for person in people}
        kept = any(done.values())
        last = {person: self._last_sign(person, on) for person in people}
        latest = max((day for day in last.values() if day), default=None) if self.fine else None
        due = risk.due_fifths(self.course.first, self.course.last, on, list(done.values())) if kept else 0
        return {
            person: Facts(
                self._presence(person, on),
                done[person] if kept else None,
                due,
                self._silent(person, last[person], latest, done[person]),
            )
            for person in people
        }

    def _silent(self, person: UUID, last: date | None, latest: date | None, done: int) -> int | None:
        """Who has done all the work has nothing more to do: their absences tell the rest."""
        if latest is None or done == risk.FIFTHS:
            return None
        return max(0, (latest - (last or self._begun(person))).days)

    def _done(self, person: UUID, on: date) -> int:
        return max((fifth for day, fifth in self.fifths.get(person, ()) if day <= on), default=0)

    def _last_sign(self, person: UUID, on: date) -> date | None:
        return max((day for day in self.signs.get(person, ()) if day <= on), default=None)

    def _begun(self, person: UUID) -> date:
        seat = self.book.seats.get(person)
        return max(self.course.first, seat.joined) if seat else self.course.first

    def _presence(self, person: UUID, on: date) -> Presence | None:
        known = self.days.get(person)
        if known is None and person in self.book.seats:
            known = self.days[person] = [(slot.day, outcome) for slot, outcome in self.book.days_of(person)]
        if not known:
            return None
        days = [Day(day, outcome if day <= on else None) for day, outcome in known]
        told = rates(days, self.book.rule.terms, self.book.begins)
        return Presence(told.held, told.lost, told.spare, told.ahead, told.cannot_reach)


def traces(courses: Iterable[Course]) -> dict[UUID, Traces]:
    """Cohort → its traces. Five queries."""
    of = {each.id: each for each in courses}
    books = register.of(of)
    found = {key: Traces(course, books[key]) for key, course in of.items()}
    for book in books.values():
        book.seats = {person: seat._replace(left_at=None) for person, seat in book.seats.items()}
        for (_meeting, person), stamps in book.stamps.items():
            found[book.cohort_id].signs[person] += [_day(at) for at, _way in stamps]
        found[book.cohort_id].fine = bool(book.stamps)
    for cohort, person, fifth, moment in db.rows(_marks(), {"ids": list(of)}):
        found[cohort].fifths[person].append((_day(moment), fifth))
        found[cohort].signs[person].append(_day(moment))
    return found


def now(courses: Iterable[Course], on: date) -> dict[tuple[UUID, UUID], Facts]:
    """(cohort, person) → what is known today of everybody who is admitted or in training. Six queries."""
    found = traces(courses)
    people: dict[UUID, list[UUID]] = defaultdict(list)
    for cohort, person, stage, progress, moment in db.rows(_seats(), {"ids": list(found)}):
        found[cohort].fifths[person].append((on, progress * risk.FIFTHS // 100))
        if moment is not None:
            found[cohort].signs[person].append(_day(moment))
            found[cohort].fine = True
        if stage in _IN:
            people[cohort].append(person)
    return {
        (cohort, person): facts
        for cohort in people
        for person, facts in found[cohort].facts(people[cohort], on).items()
    }


def past(courses: Sequence[Course]) -> list[Past]:
    """Everybody of earlier cohorts who was in training at a share of the course, as known then, and what became of them.

    Who left for work is not among them: that is no failure, and no success of the course either. Six queries.
    """
    found, lines = traces(courses), _lines([each.id for each in courses])
    told = []
    for course in courses:
        ends = {person: _end(moves) for person, moves in lines[course.id].items()}
        for share in SHARES:
            on = course.at(share)
            seated = _in_training(lines[course.id], clock.day_end(on))
            people = sorted(person for person in seated if ends[person] is not None)
            facts = found[course.id].facts(people, on)
            told += [Past(course.id, share, facts[person], bool(ends[person])) for person in people]
    return told


_Move = tuple[Stage, datetime, datetime, LeavingReason | None]


def _lines(ids: Collection[UUID]) -> dict[UUID, dict[UUID, list[_Move]]]:
    found: dict[UUID, dict[UUID, list[_Move]]] = {each: defaultdict(list) for each in ids}
    for cohort, person, stage, moment, recorded, reason in db.rows(_moves(), {"ids": list(ids), "stages": _SEATED}):
        found[cohort][person].append((stage, moment, recorded, reason))
    return found


def _in_training(lines: dict[UUID, list[_Move]], end: datetime) -> list[UUID]:
    """Whose last move that had happened, and was known, by then is an admission or a beginning."""
    found = []
    for person, moves in lines.items():
        seen = [stage for stage, moment, recorded, _reason in moves if moment < end and recorded < end]
        if seen and seen[-1] in _IN:
            found.append(person)
    return found


def _end(moves: Sequence[_Move]) -> bool | None:
    """Whether somebody did not complete; None for who left for work."""
    if any(stage in _OUT for stage, *_more in moves):
        return False
    return None if any(reason is LeavingReason.EMPLOYED for *_more, reason in moves) else True


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SEOUL).date()


@cache
def _marks() -> Select[Any]:
    columns: list[Any] = [
        Traineeship.cohort_id,
        Traineeship.person_id,
        ProgressMark.fifth,
        ProgressMark.reached_at,
    ]
    query = select(*columns).join(Traineeship, Traineeship.id == ProgressMark.traineeship_id)
    return query.where(Traineeship.cohort_id.in_(bindparam("ids", expanding=True)))


@cache
def _seats() -> Select[Any]:
    columns: list[Any] = [
        Traineeship.cohort_id,
        Traineeship.person_id,
        Traineeship.stage,
        Traineeship.progress,
        Traineeship.last_activity_at,
    ]
    return select(*columns).where(
        Traineeship.cohort_id.in_(bindparam("ids", expanding=True)), Traineeship.stage != Stage.LEFT
    )


@cache
def _moves() -> Select[Any]:
    columns: list[Any] = [
        StageEvent.cohort_id,
        StageEvent.person_id,
        StageEvent.stage,
        StageEvent.counts_from,
        StageEvent.recorded_at,
        StageEvent.reason,
    ]
    query = select(*columns).where(
        StageEvent.cohort_id.in_(bindparam("ids", expanding=True)),
        StageEvent.stage.in_(bindparam("stages", expanding=True)),
    )
    return query.order_by(StageEvent.recorded_at, StageEvent.id)
