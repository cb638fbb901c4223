"""What became of cohorts: the rows behind the curve, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload

from lms.kit import clock
from lms.kit.db import session
from lms.pipeline.models import Cohort, StageEvent, Traineeship
from lms.placement import arithmetic, placements, rounds
from lms.placement.arithmetic import Case, Curve
from lms.placement.models import Contact, FollowUp, Placement
from lms.placement.terms import HORIZONS, Evidence, Outcome

WITHOUT = (Outcome.STUDYING, Outcome.SEEKING)


@dataclass(frozen=True)
class Known:
    """What was on record by the end of a day: later placements, answers, corrections and withdrawals are left out."""

    day: date
    by: datetime | None = None  # None: all that is known now

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Known":
        """Read from an address, ``on=2026-06-30``; what is no day, or lies ahead, is now."""
        today = clock.today()
        try:
            day = date.fromisoformat(arguments.get("on", "").strip())
        except ValueError:
            return cls(today)
        return cls(day, clock.day_end(day)) if date(2000, 1, 1) <= day < today else cls(today)

    @property
    def is_now(self) -> bool:
        return self.by is None

    def completed(self) -> ColumnElement[bool]:
        """Who of the traineeships had completed."""
        if self.by is None:
            return Traineeship.stage.in_(rounds.ASKED)
        same = and_(StageEvent.cohort_id == Traineeship.cohort_id, StageEvent.person_id == Traineeship.person_id)
        told = and_(StageEvent.recorded_at < self.by, StageEvent.counts_from < self.by)
        return exists().where(same, told, StageEvent.stage.in_(rounds.ASKED))


@dataclass(frozen=True)
class Line:
    """One person of a cohort: the first placement that holds, and what they said in each round."""

    traineeship: Traineeship
    first: Placement | None
    answers: dict[int, Outcome | None]  # None: asked, or due, and no answer


def curves_of(cohorts: Sequence[Cohort], known: Known | None = None) -> dict[UUID, Curve]:
    """Cohort → its curve and rates. Everybody who completed is in it; three queries, however many cohorts."""
    known = known or Known(clock.today())
    found = cases_of([each.id for each in cohorts], known)
    return {each.id: arithmetic.curve(each.ends_on, found[each.id], known.day) for each in cohorts}


def cases_of(ids: Sequence[UUID], known: Known) -> dict[UUID, list[Case]]:
    """Cohort → one case for each person who completed it."""
    of_them = [Traineeship.cohort_id.in_(ids), known.completed()]
    people = select(Traineeship.id, Traineeship.cohort_id).where(*of_them)
    first = (
        placements.current(known.by)
        .join(Placement.traineeship)
        .where(*of_them)
        .with_only_columns(Placement.traineeship_id, func.min(Placement.started_on))
    )
    last = (
        select(FollowUp.traineeship_id, func.max(Contact.at))
        .join(Contact.follow_up)
        .join(FollowUp.traineeship)
        .where(*of_them, Contact.outcome.in_(WITHOUT), *([Contact.at < known.by] if known.by else []))
    )
    found_on = dict(session.execute(first.group_by(Placement.traineeship_id)).all())
    answered = dict(session.execute(last.group_by(FollowUp.traineeship_id)).all())
    cases: dict[UUID, list[Case]] = {each: [] for each in ids}
    for key, cohort_id in session.execute(people):
        at = answered.get(key)
        cases[cohort_id].append(Case(found_on.get(key), at.astimezone(clock.SEOUL).date() if at else None))
    return cases


def lines_of(cohort: Cohort, known: Known | None = None) -> list[Line]:
    """Everybody who completed a cohort, by name."""
    known = known or Known(clock.today())
    query = select(Traineeship).where(Traineeship.cohort_id == cohort.id, known.completed())
    people = session.scalars(query.options(joinedload(Traineeship.person))).all()
    ids = [each.id for each in people]
    held = placements.current(known.by).where(Placement.traineeship_id.in_(ids)).options(joinedload(Placement.employer))
    first: dict[UUID, Placement] = {}
    for each in session.scalars(held.order_by(Placement.started_on.desc())):
        first[each.traineeship_id] = each
    asked = rounds.follow_ups(ids)
    ripe = [months for months in HORIZONS if arithmetic.months_after(cohort.ends_on, months) <= known.day]
    lines = []
    for person in sorted(people, key=lambda each: each.person.name):
        answers: dict[int, Outcome | None] = {}
        for months in ripe:
            follow_up = asked.get((person.id, months))
            tried = [each for each in follow_up.contacts if not known.by or each.at < known.by] if follow_up else []
            held_answer = rounds.answer(tried)
            answers[months] = held_answer.outcome if held_answer else None
        lines.append(Line(person, first.get(person.id), answers))
    return lines


def evidence_of(lines: Sequence[Line]) -> dict[Evidence, int]:
    """How surely the placements are known, the surest first."""
    found = [line.first.evidence for line in lines if line.first]
    return {each: found.count(each) for each in Evidence}
