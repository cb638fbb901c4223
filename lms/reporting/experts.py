"""Experts of a year: people who reached what a definition counts, each once, as of a day.

What was undone does not count: a certificate (and the placement after it) that was revoked by that day, as known then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.kit import db
from lms.pipeline.models import LeavingReason, Stage, StageEvent
from lms.reporting import moves, periods
from lms.reporting.asof import AsOf
from lms.reporting.models import Achievement

Counting = Mapping[Achievement, Collection[UUID]]  # what counts → the cohorts in which it counts


@dataclass(frozen=True)
class Experts:
    """Of a year: people, the traineeships they did it in, people with several, and people by the end of each month."""

    people: int = 0
    traineeships: int = 0
    several: int = 0
    by_month: tuple[int, ...] = (0,) * 12


def of(counting: Counting, year: int, at: AsOf) -> Experts:
    """Who became an expert in a calendar year of Seoul. One query."""
    counting = _something(counting)
    if not counting:
        return Experts()
    months = {f"month_{month}": periods.month_end(year, month) for month in range(1, 13)}
    (row,) = db.rows(_experts(frozenset(counting)), given(counting, year, at, **months))
    numbers = [int(number or 0) for number in row]
    return Experts(numbers[0], numbers[1], numbers[2], tuple(numbers[3:]))


def by_cohort(counting: Counting, year: int, at: AsOf) -> dict[UUID, int]:
    """Cohort → people who became experts in it; cohorts without any are left out. One query."""
    counting = _something(counting)
    if not counting:
        return {}
    return {row[0]: row[1] for row in db.rows(_by_cohort(frozenset(counting)), given(counting, year, at))}


def cohorts_of(counting: Counting, year: int, at: AsOf) -> set[UUID]:
    """The cohorts in which somebody reached something that counts within the year, even if it was undone since. One query."""
    found: set[UUID] = set()
    for kind, ids in _something(counting).items():
        stage = Stage.LEFT if kind is Achievement.EMPLOYED else Stage(kind.value)
        found |= moves.cohorts_with(stage, ids, year, at)
    return found


def pairs(kinds: frozenset[Achievement]) -> CompoundSelect[Any]:
    """Cohort, person and the first moment that counts; its parameters are those of `given`."""
    return union_all(*(_reached(kind) for kind in sorted(kinds)))


def given(counting: Counting, year: int, at: AsOf, **more: Any) -> dict[str, Any]:
    """The parameters of `pairs`."""
    ids = {f"ids_{kind.value}": list(cohorts) for kind, cohorts in counting.items()}
    return at.given(start=periods.year_start(year), year_end=periods.year_end(year), **ids, **more)


def undone(event: type[StageEvent]) -> ColumnElement[bool]:
    """Whether a certificate (or what followed it) was revoked later, as far as it is seen."""
    back = aliased(StageEvent)
    return exists().where(
        back.cohort_id == event.cohort_id,
        back.person_id == event.person_id,
        back.before.in_((Stage.CERTIFIED, Stage.PLACED)),
        back.stage == Stage.COMPLETED,
        after(back, event),
        seen(back),
    )


def unplaced(event: type[StageEvent]) -> ColumnElement[bool]:
    """Whether a placement was withdrawn later as wrong, as far as it is seen."""
    back = aliased(StageEvent)
    return exists().where(
        back.cohort_id == event.cohort_id,
        back.person_id == event.person_id,
        back.stage == Stage.CERTIFIED,
        back.before == Stage.PLACED,
        after(back, event),
        seen(back),
    )


def seen(event: type[StageEvent]) -> ColumnElement[bool]:
    """Counts by the day and is known: the parameters of `AsOf.given`."""
    return and_(event.counts_from < bindparam("end"), event.recorded_at <= bindparam("known"))


def after(one: type[StageEvent], other: type[StageEvent]) -> ColumnElement[bool]:
    """Whether one move was recorded after the other."""
    return or_(one.recorded_at > other.recorded_at, and_(one.recorded_at == other.recorded_at, one.id > other.id))


def _something(counting: Counting) -> Counting:
    return {kind: cohorts for kind, cohorts in counting.items() if cohorts}


def _reached(kind: Achievement) -> Select[Any]:
    stage = Stage.LEFT if kind is Achievement.EMPLOYED else Stage(kind.value)
    columns: list[Any] = [
        StageEvent.cohort_id.label("cohort_id"),
        StageEvent.person_id.label("person_id"),
        StageEvent.counts_from.label("first"),
    ]
    query = select(*columns).where(
        StageEvent.stage == stage,
        StageEvent.cohort_id.in_(bindparam(f"ids_{kind.value}", expanding=True)),
        StageEvent.counts_from >= bindparam("start"),
        StageEvent.counts_from < bindparam("year_end"),
        seen(StageEvent),
    )
    if kind is Achievement.EMPLOYED:
        return query.where(StageEvent.reason == LeavingReason.EMPLOYED)
    if kind is Achievement.COMPLETED:  # a revocation leads there too, but completes nothing
        return query.where(or_(StageEvent.before.is_(None), StageEvent.before == Stage.TRAINING))
    if kind is Achievement.PLACED:
        return query.where(~undone(StageEvent), ~unplaced(StageEvent))
    # Who is taken back from a wrong placement was certified before, and is not certified a second time by it.
    first_time = or_(StageEvent.before.is_(None), StageEvent.before != Stage.PLACED)
    return query.where(~undone(StageEvent), first_time)


@cache
def _experts(kinds: frozenset[Achievement]) -> Select[Any]:
    found = pairs(kinds).subquery()
    # A pair reaches one thing once; several things that count may be reached in one cohort.
    times = func.count() if len(kinds) == 1 else func.count(found.c.cohort_id.distinct())
    each = select(func.min(found.c.first).label("first"), times.label("times")).group_by(found.c.person_id).subquery()
    by_month = [count_if(each.c.first < bindparam(f"month_{month}")) for month in range(1, 13)]
    columns: list[Any] = [func.count(), func.sum(each.c.times), count_if(each.c.times > 1), *by_month]
    return select(*columns).select_from(each)


@cache
def _by_cohort(kinds: frozenset[Achievement]) -> Select[Any]:
    found = pairs(kinds).subquery()
    people = func.count() if len(kinds) == 1 else func.count(found.c.person_id.distinct())
    columns: list[Any] = [found.c.cohort_id, people]
    return select(*columns).group_by(found.c.cohort_id)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group fulfil it."""
    return func.sum(case((condition, 1), else_=0))
