"""How many people of each cohort made which move, as of a day: two sums, however long the ledger.

What was recorded before the last counted day is read from `MoveCount`, a row for all alike of a day; what came since from the ledger
itself. Each person's moves follow each other without a gap (`StageEvent.counts_from`), so that what went into a stage less what
came out of it is who stands there.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, bindparam, func, select, union, union_all

from lms.kit import clock, db
from lms.pipeline.models import LeavingReason, Stage, StageEvent
from lms.reporting import periods
from lms.reporting.asof import AsOf
from lms.reporting.models import CountedUntil, MoveCount

ASKING = frozenset({None, Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN})
BEFORE_TRAINING = ASKING | {Stage.ADMITTED}
BEFORE_COMPLETION = BEFORE_TRAINING | {Stage.TRAINING}
NOTHING_YET = date(periods.FIRST, 1, 1)
_UNTIL = select(CountedUntil.day)


class Move(NamedTuple):
    """From where to where, and why (of those who left or withdrew)."""

    before: Stage | None
    stage: Stage
    reason: LeavingReason | None


@dataclass(frozen=True)
class Moves:
    """How many made which move."""

    made: dict[Move, int] = field(default_factory=dict)

    def standing(self) -> dict[Stage, int]:
        """Who is at which stage: went in and did not come out."""
        found: dict[Stage, int] = {}
        for move, count in self.made.items():
            found[move.stage] = found.get(move.stage, 0) + count
            if move.before is not None:
                found[move.before] = found.get(move.before, 0) - count
        return {stage: count for stage, count in found.items() if count}

    @property
    def entered(self) -> int:
        """Everybody who has a line in the ledger: applied, or was brought in further on."""
        return sum(count for move, count in self.made.items() if move.before is None)

    @property
    def admitted(self) -> int:
        """Who ever got a seat."""
        return self._crossed(ASKING)

    @property
    def trained(self) -> int:
        """Who ever began the course days."""
        return self._crossed(BEFORE_TRAINING, {Stage.LEFT})

    @property
    def completed(self) -> int:
        """Who ever completed."""
        return self._crossed(BEFORE_COMPLETION, {Stage.LEFT})

    def reasons(self, stage: Stage) -> dict[LeavingReason | None, int]:
        """Who left (or withdrew), by reason."""
        found: dict[LeavingReason | None, int] = {}
        for move, count in self.made.items():
            if move.stage == stage:
                found[move.reason] = found.get(move.reason, 0) + count
        return found

    def _crossed(self, line: Collection[Stage | None], besides: Collection[Stage] = ()) -> int:
        return sum(
            count
            for move, count in self.made.items()
            if move.before in line and move.stage not in line and move.stage not in besides
        )


def of(ids: Collection[UUID], at: AsOf) -> dict[UUID, Moves]:
    """Cohort → its moves as of a day. Two queries."""
    found = {each: Moves() for each in ids}
    border = min(until(), at.known_on)
    given = at.given(ids=list(ids), on=at.on, border=border, border_at=clock.day_start(border))
    for cohort_id, before, stage, reason, people in db.rows(_moves(), given):
        move, made = Move(before, stage, reason), found[cohort_id].made
        made[move] = made.get(move, 0) + int(people)
    return found


def cohorts_with(stage: Stage, ids: Collection[UUID], year: int, at: AsOf) -> set[UUID]:
    """Those of the cohorts in which somebody came to a stage within the year. Two queries."""
    border = min(until(), at.known_on)
    days = {"first": date(year, 1, 1), "last": min(at.on, date(year, 12, 31)), "border": border}
    moments = {
        "start": periods.year_start(year),
        "year_end": periods.year_end(year),
        "border_at": clock.day_start(border),
    }
    given = at.given(ids=list(ids), stage=stage, **days, **moments)
    return {row[0] for row in db.rows(_cohorts_with(), given)}


def until() -> date:
    """The first day whose records are not counted yet."""
    row = next(iter(db.rows(_UNTIL, {})), None)
    return row[0] if row else NOTHING_YET


def together(several: Collection[Moves]) -> Moves:
    """Cohorts as one: a person in two of them is there twice."""
    made: dict[Move, int] = {}
    for each in several:
        for move, count in each.made.items():
            made[move] = made.get(move, 0) + count
    return Moves(made)


@cache
def _cohorts_with() -> CompoundSelect[Any]:
    ids: Any = bindparam("ids", expanding=True)
    counted = select(MoveCount.cohort_id).where(
        MoveCount.cohort_id.in_(ids),
        MoveCount.stage == bindparam("stage"),
        MoveCount.day.between(bindparam("first"), bindparam("last")),
        MoveCount.recorded_on < bindparam("border"),
    )
    since = select(StageEvent.cohort_id).where(
        StageEvent.cohort_id.in_(ids),
        StageEvent.stage == bindparam("stage"),
        StageEvent.recorded_at >= bindparam("border_at"),
        StageEvent.recorded_at <= bindparam("known"),
        StageEvent.counts_from >= bindparam("start"),
        StageEvent.counts_from < bindparam("year_end"),
        StageEvent.counts_from < bindparam("end"),
    )
    return union(counted, since)


@cache
def _moves() -> CompoundSelect[Any]:
    ids: Any = bindparam("ids", expanding=True)
    of_days: list[Any] = [MoveCount.cohort_id, MoveCount.before, MoveCount.stage, MoveCount.reason]
    counted = select(*of_days, func.sum(MoveCount.people)).where(
        MoveCount.cohort_id.in_(ids), MoveCount.day <= bindparam("on"), MoveCount.recorded_on < bindparam("border")
    )
    of_moves: list[Any] = [StageEvent.cohort_id, StageEvent.before, StageEvent.stage, StageEvent.reason]
    since = select(*of_moves, func.count()).where(
        StageEvent.cohort_id.in_(ids),
        StageEvent.recorded_at >= bindparam("border_at"),
        StageEvent.recorded_at <= bindparam("known"),
        StageEvent.counts_from < bindparam("end"),
    )
    return union_all(
        counted.group_by(MoveCount.cohort_id, MoveCount.stage, MoveCount.before, MoveCount.reason),
        since.group_by(StageEvent.cohort_id, StageEvent.stage, StageEvent.before, StageEvent.reason),
    )
