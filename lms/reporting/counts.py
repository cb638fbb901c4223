"""Numbers of the pipeline, each by one query however many cohorts there are.

Certified in a year are the *people* with an event "certified" in it that was not undone since by a revocation; each person
counts once, in however many cohorts. A person's standing in a cohort is the stage of their traineeship, else of the
application they sent: one furthest stage each, so that stages sum to the roster.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.kit import db
from lms.pipeline.models import Application, Stage, StageEvent, Traineeship
from lms.reporting import periods

FUNNEL = (Stage.APPLIED, Stage.ADMITTED, Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED)
BESIDE = (Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT)
# Stages that are asked for together, by the word in the address.
GROUPS: dict[str, frozenset[Stage]] = {
    "undecided": frozenset({Stage.APPLIED, Stage.WAITING}),
    "learning": frozenset({Stage.ADMITTED, Stage.TRAINING}),
    "awarded": frozenset({Stage.CERTIFIED, Stage.PLACED}),
    "uncertified": frozenset({Stage.COMPLETED}),  # without those whose certificate was revoked: none is due to them
    **{stage.value: frozenset({stage}) for stage in (*FUNNEL, *BESIDE)},
}


@dataclass(frozen=True)
class Certified:
    """Certified in a year: people, the traineeships they did it in, people with several, and people by the end of each month."""

    people: int = 0
    traineeships: int = 0
    several: int = 0
    by_month: tuple[int, ...] = (0,) * 12


@dataclass(frozen=True)
class Tally:
    """How the people of one cohort (or of several, added) stand now."""

    taking_part: Mapping[Stage, int] = field(default_factory=dict)
    asking: Mapping[Stage, int] = field(default_factory=dict)
    overdue: int = 0
    oldest: datetime | None = None
    revoked: int = 0  # completed, with a certificate that was revoked

    def of(self, group: str) -> int:
        """People at a stage or group of stages, e.g. "learning"."""
        return self.part(group) + sum(self.asking.get(stage, 0) for stage in GROUPS[group])

    def part(self, group: str) -> int:
        """The same among those who have a traineeship."""
        count = sum(self.taking_part.get(stage, 0) for stage in GROUPS[group])
        return count - self.revoked if group == "uncertified" else count

    @property
    def traineeships(self) -> int:
        return sum(self.taking_part.values())

    @property
    def seated(self) -> int:
        return self.traineeships - self.taking_part.get(Stage.LEFT, 0)

    @property
    def roster(self) -> int:
        """Everybody who sent an application or takes part."""
        return self.traineeships + sum(self.asking.values())


@dataclass(frozen=True)
class Heads:
    """Rows and the people behind them: `rows` of `people`, `several` of whom have more than one."""

    rows: int = 0
    people: int = 0
    several: int = 0


def standing(ids: Collection[UUID]) -> CompoundSelect[Any]:
    """Each person's one standing in each of the cohorts: the traineeships, and the sent applications that have none."""
    parts = select(
        Traineeship.cohort_id.label("cohort_id"),
        Traineeship.person_id.label("person_id"),
        Traineeship.stage.label("stage"),
        true().label("taking_part"),
        Traineeship.admitted_at.label("since"),
        Traineeship.progress.label("progress"),
        Traineeship.last_activity_at.label("last_activity_at"),
    ).where(Traineeship.cohort_id.in_(ids))
    asks = select(
        Application.cohort_id,
        Application.person_id,
        Application.stage,
        false(),
        Application.sent_at,
        literal(None, Traineeship.progress.type),
        literal(None, Traineeship.last_activity_at.type),
    ).where(*_asking(ids))
    return union_all(parts, asks)


def tallies(ids: Collection[UUID], late_before: datetime) -> dict[UUID, Tally]:
    """Cohort → how its people stand. Overdue are the applications sent before `late_before` and not decided."""
    found: dict[UUID, tuple[dict[Stage, int], dict[Stage, int]]] = {each: ({}, {}) for each in ids}
    waits: dict[UUID, tuple[int, datetime | None]] = {}
    revoked: dict[UUID, int] = {}
    given = {"ids": list(ids), "late_before": late_before}
    for cohort_id, taking_part, reached, count, special, oldest in db.rows(_tally_query(), given):
        found[cohort_id][0 if taking_part else 1][reached] = count
        if reached == Stage.APPLIED:
            waits[cohort_id] = (special, oldest)
        elif reached == Stage.COMPLETED:
            revoked[cohort_id] = special
    return {each: Tally(*stages, *waits.get(each, (0, None)), revoked.get(each, 0)) for each, stages in found.items()}


def together(tallies: Collection[Tally]) -> Tally:
    """Several cohorts as one: a person in two of them is there twice."""
    parts: dict[Stage, int] = {}
    asks: dict[Stage, int] = {}
    for tally in tallies:
        for into, stages in ((parts, tally.taking_part), (asks, tally.asking)):
            for stage, count in stages.items():
                into[stage] = into.get(stage, 0) + count
    return Tally(parts, asks, sum(each.overdue for each in tallies), revoked=sum(each.revoked for each in tallies))


def was_revoked(cohort_id: Any, person_id: Any) -> ColumnElement[bool]:
    """Whether a certificate of this person in this cohort was revoked: nobody else ever comes back to "completed"."""
    return exists().where(
        StageEvent.cohort_id == cohort_id,
        StageEvent.person_id == person_id,
        # A move back, asked for by what it is not, so that the few moves of this one person are read by their index.
        StageEvent.before.in_((Stage.CERTIFIED, Stage.PLACED)),
        StageEvent.stage != Stage.PLACED,
    )


def certifying(ids: Any, start: Any, end: Any) -> Select[Any]:
    """The events "certified" of these cohorts from `start` up to `end` that no later revocation has undone."""
    undone = aliased(StageEvent)
    revoked = exists().where(
        undone.cohort_id == StageEvent.cohort_id,
        undone.person_id == StageEvent.person_id,
        undone.before.in_((Stage.CERTIFIED, Stage.PLACED)),
        undone.stage != Stage.PLACED,
        or_(
            undone.happened_at > StageEvent.happened_at,
            and_(undone.happened_at == StageEvent.happened_at, undone.id > StageEvent.id),
        ),
    )
    return select(StageEvent).where(
        StageEvent.stage == Stage.CERTIFIED,
        StageEvent.happened_at >= start,
        StageEvent.happened_at < end,
        StageEvent.cohort_id.in_(ids),
        ~revoked,
    )


def certified(ids: Collection[UUID], year: int) -> Certified:
    """Who was certified in a calendar year of Seoul over these cohorts."""
    months = {f"month_{month}": periods.month_end(year, month) for month in range(1, 13)}
    (row,) = db.rows(_certified_query(), {**_year(ids, year), **months})
    numbers = [int(number or 0) for number in row]
    return Certified(numbers[0], numbers[1], numbers[2], tuple(numbers[3:]))


def certified_by_cohort(ids: Collection[UUID], year: int) -> dict[UUID, int]:
    """Cohort → traineeships certified in the year; cohorts without any are left out."""
    return {row[0]: row[1] for row in db.rows(_by_cohort_query(), _year(ids, year))}


def heads(ids: Collection[UUID]) -> tuple[Heads, Heads]:
    """Traineeships and sent applications of these cohorts, each with the people behind them."""
    found = {row[0]: Heads(*(int(number) for number in row[1:])) for row in db.rows(_heads_query(), {"ids": list(ids)})}
    return found.get(1, Heads()), found.get(2, Heads())


# The board is opened all day: its statements are put together once and only filled in after that.


def _ids() -> Any:
    return bindparam("ids", expanding=True)


def _year(ids: Collection[UUID], year: int) -> dict[str, Any]:
    return {"ids": list(ids), "start": periods.year_start(year), "end": periods.year_end(year)}


@cache
def _tally_query() -> CompoundSelect[Any]:
    stage = Application.stage == Stage.APPLIED
    late = and_(stage, Application.sent_at < bindparam("late_before"))
    undone = was_revoked(Traineeship.cohort_id, Traineeship.person_id)
    revoked = _count_if(and_(Traineeship.stage == Stage.COMPLETED, undone)), literal(None, Application.sent_at.type)
    parts = select(Traineeship.cohort_id, true(), Traineeship.stage, func.count(), *revoked)
    asks = select(
        Application.cohort_id,
        false(),
        Application.stage,
        func.count(),
        _count_if(late),
        func.min(case((stage, Application.sent_at))),
    )
    return union_all(
        parts.where(Traineeship.cohort_id.in_(_ids())).group_by(Traineeship.cohort_id, Traineeship.stage),
        asks.where(*_asking(_ids())).group_by(Application.cohort_id, Application.stage),
    )


@cache
def _certified_query() -> Select[Any]:
    first, times = func.min(Traineeship.certified_at), func.count()
    each = _certified(first.label("first"), times.label("times")).group_by(Traineeship.person_id).subquery()
    by_month = [_count_if(each.c.first < bindparam(f"month_{month}")) for month in range(1, 13)]
    columns_of_all: list[Any] = [func.count(), func.sum(each.c.times), _count_if(each.c.times > 1), *by_month]
    return select(*columns_of_all).select_from(each)


@cache
def _by_cohort_query() -> Select[Any]:
    return _certified(Traineeship.cohort_id, func.count()).group_by(Traineeship.cohort_id)


def _certified(*columns: Any) -> Select[Any]:
    """Of the traineeships whose certificate holds and was issued in the year. A person has one in a cohort."""
    certified = Traineeship.certified_at
    found: Select[Any] = select(*columns).where(
        Traineeship.cohort_id.in_(_ids()), certified >= bindparam("start"), certified < bindparam("end")
    )
    return found


@cache
def _heads_query() -> Select[Any]:
    parts = select(literal(1).label("kind"), Traineeship.person_id.label("person_id"))
    asks = select(literal(2), Application.person_id).where(Application.sent_at.is_not(None))
    in_parts, in_asks = Traineeship.cohort_id.in_(_ids()), Application.cohort_id.in_(_ids())
    both = union_all(parts.where(in_parts), asks.where(in_asks)).subquery()
    each = select(both.c.kind, func.count().label("times")).group_by(both.c.kind, both.c.person_id).subquery()
    columns: list[Any] = [each.c.kind, func.sum(each.c.times), func.count(), _count_if(each.c.times > 1)]
    return select(*columns).group_by(each.c.kind)


def _asking(ids: Any) -> tuple[ColumnElement[bool], ...]:
    """Sent applications of people who have no traineeship in the cohort."""
    takes_part = exists().where(
        Traineeship.cohort_id == Application.cohort_id, Traineeship.person_id == Application.person_id
    )
    return Application.cohort_id.in_(ids), Application.stage.is_not(None), ~takes_part


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
