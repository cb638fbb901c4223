"""How the people of cohorts stand as of a day, each by one query however many cohorts there are.

A person's standing in a cohort is the stage of their last move there: one furthest stage each, so that stages sum to the roster.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from lms.kit import db
from lms.pipeline.models import Application, LeavingReason, Stage, StageEvent, Traineeship
from lms.reporting import moves
from lms.reporting.asof import AsOf
from lms.reporting.experts import after, count_if, seen
from lms.reporting.moves import Moves

FUNNEL = (Stage.APPLIED, Stage.ADMITTED, Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED)
BESIDE = (Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT)
TAKING_PART = (Stage.ADMITTED, Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED, Stage.LEFT)
# Stages that are asked for together, by the word in the address.
GROUPS: dict[str, frozenset[Stage]] = {
    "undecided": frozenset({Stage.APPLIED, Stage.WAITING}),
    "learning": frozenset({Stage.ADMITTED, Stage.TRAINING}),
    "awarded": frozenset({Stage.CERTIFIED, Stage.PLACED}),
    "uncertified": frozenset({Stage.COMPLETED}),  # without those whose certificate was revoked: none is due to them
    "revoked": frozenset({Stage.COMPLETED}),  # those
    **{stage.value: frozenset({stage}) for stage in (*FUNNEL, *BESIDE)},
}
# What people have reached at some time, wherever they stand now, by the word in the address.
REACHED = ("entered", "admitted", "trained", "completed")

Reasons = Mapping[LeavingReason | None, int]


@dataclass(frozen=True)
class Tally:
    """How the people of one cohort (or of several, added) stand, and how far they have ever come."""

    standing: Mapping[Stage, int] = field(default_factory=dict)
    entered: int = 0
    admitted: int = 0
    trained: int = 0
    completed: int = 0
    left: Reasons = field(default_factory=dict)
    withdrawn: Reasons = field(default_factory=dict)
    revoked: int = 0  # completed, with a certificate that was revoked

    def of(self, group: str) -> int:
        """People at a stage or group of stages, e.g. "learning"."""
        if group == "revoked":
            return self.revoked
        count = sum(self.standing.get(stage, 0) for stage in GROUPS[group])
        return count - self.revoked if group == "uncertified" else count

    @property
    def traineeships(self) -> int:
        return sum(self.standing.get(stage, 0) for stage in TAKING_PART)

    @property
    def seated(self) -> int:
        return self.traineeships - self.standing.get(Stage.LEFT, 0)

    @property
    def roster(self) -> int:
        """Everybody who sent an application or takes part."""
        return sum(self.standing.values())

    @property
    def employed_early(self) -> int:
        """Who left because they found work: told apart from those who dropped out."""
        return self.left.get(LeavingReason.EMPLOYED, 0)


@dataclass(frozen=True)
class Heads:
    """Rows and the people behind them: `rows` of `people`, `several` of whom have more than one."""

    rows: int = 0
    people: int = 0
    several: int = 0


class Undecided(NamedTuple):
    """Applications of a cohort that wait for a decision: sent too long ago, when the oldest was sent, on the waiting list."""

    overdue: int = 0
    oldest: datetime | None = None
    waiting: int = 0


def tallies(ids: Collection[UUID], at: AsOf | None = None) -> dict[UUID, Tally]:
    """Cohort → how its people stand as of a day (None: now)."""
    at = at or AsOf.now()
    revoked = {row[0]: row[1] for row in db.rows(_revoked(), at.given(ids=list(ids)))}
    return {key: _tally(made, revoked.get(key, 0)) for key, made in moves.of(ids, at).items()}


def undecided(ids: Collection[UUID], late_before: datetime) -> dict[UUID, Undecided]:
    """Cohort → the applications that are not decided now; cohorts without any are left out."""
    return {
        row[0]: Undecided(int(row[1]), row[2], int(row[3]))
        for row in db.rows(_undecided(), {"ids": list(ids), "late_before": late_before})
    }


def uncertified(ids: Collection[UUID]) -> dict[UUID, int]:
    """Cohort → who completed and has no certificate now, without those whose certificate was revoked. Two queries."""
    completed = {row[0]: row[1] for row in db.rows(_completed(), {"ids": list(ids)})}
    revoked = {row[0]: row[1] for row in db.rows(_revoked(), AsOf.now().given(ids=list(completed)))}
    waiting = {key: count - revoked.get(key, 0) for key, count in completed.items()}
    return {key: count for key, count in waiting.items() if count}


def together(tallies: Iterable[Tally]) -> Tally:
    """Several cohorts as one: a person in two of them is there twice."""
    several = list(tallies)
    return Tally(
        standing=_added(each.standing for each in several),
        entered=sum(each.entered for each in several),
        admitted=sum(each.admitted for each in several),
        trained=sum(each.trained for each in several),
        completed=sum(each.completed for each in several),
        left=_added(each.left for each in several),
        withdrawn=_added(each.withdrawn for each in several),
        revoked=sum(each.revoked for each in several),
    )


def heads(ids: Collection[UUID], at: AsOf | None = None) -> tuple[Heads, Heads]:
    """Traineeships and sent applications of these cohorts, each with the people behind them."""
    given = (at or AsOf.now()).given(ids=list(ids))
    found = {row[0]: Heads(*(int(number) for number in row[1:])) for row in db.rows(_heads(), given)}
    return found.get(1, Heads()), found.get(2, Heads())


def _tally(made: Moves, revoked: int) -> Tally:
    return Tally(
        made.standing(),
        made.entered,
        made.admitted,
        made.trained,
        made.completed,
        made.reasons(Stage.LEFT),
        made.reasons(Stage.WITHDRAWN),
        revoked,
    )


def _added(several: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for each in several:
        for key, count in each.items():
            found[key] = found.get(key, 0) + count
    return found


# The board is opened all day: its statements are put together once and only filled in after that.


def _ids() -> Any:
    return bindparam("ids", expanding=True)


@cache
def _revoked() -> Select[Any]:
    """Whose last move was a revocation."""
    later = aliased(StageEvent)
    followed = exists().where(
        later.cohort_id == StageEvent.cohort_id,
        later.person_id == StageEvent.person_id,
        after(later, StageEvent),
        seen(later),
    )
    columns: list[Any] = [StageEvent.cohort_id, func.count()]
    back = (StageEvent.before.in_((Stage.CERTIFIED, Stage.PLACED)), StageEvent.stage == Stage.COMPLETED)
    query = select(*columns).where(*back, StageEvent.cohort_id.in_(_ids()), seen(StageEvent), ~followed)
    return query.group_by(StageEvent.cohort_id)


@cache
def _undecided() -> Select[Any]:
    applied = Application.stage == Stage.APPLIED
    late = and_(applied, Application.sent_at < bindparam("late_before"))
    columns: list[Any] = [
        Application.cohort_id,
        count_if(late),
        func.min(case((applied, Application.sent_at))),
        count_if(Application.stage == Stage.WAITING),
    ]
    open_ones = Application.stage.in_(GROUPS["undecided"]), Application.cohort_id.in_(_ids())
    return select(*columns).where(*open_ones).group_by(Application.cohort_id)


@cache
def _completed() -> Select[Any]:
    columns: list[Any] = [Traineeship.cohort_id, func.count()]
    query = select(*columns).where(Traineeship.stage == Stage.COMPLETED, Traineeship.cohort_id.in_(_ids()))
    return query.group_by(Traineeship.cohort_id)


@cache
def _heads() -> Select[Any]:
    admitted = StageEvent.stage == Stage.ADMITTED
    brought_in = StageEvent.before.is_(None) & StageEvent.stage.in_(set(TAKING_PART) - {Stage.ADMITTED})
    applied = (StageEvent.stage == Stage.APPLIED) & StageEvent.before.is_(None)
    parts = [
        select(literal(kind).label("kind"), StageEvent.person_id.label("person_id")).where(
            StageEvent.cohort_id.in_(_ids()), condition, seen(StageEvent)
        )
        for kind, condition in ((1, admitted), (1, brought_in), (2, applied))
    ]
    all_of_them = union_all(*parts).subquery()
    times = func.count().label("times")
    each = select(all_of_them.c.kind, times).group_by(all_of_them.c.kind, all_of_them.c.person_id).subquery()
    columns: list[Any] = [each.c.kind, func.sum(each.c.times), func.count(), count_if(each.c.times > 1)]
    return select(*columns).group_by(each.c.kind)
