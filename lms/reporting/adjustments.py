"""What changed about figures that were told before: each kind by its name, with the people behind it.

Two knowings of the ledger are compared. An ordinary move that came later is no adjustment: it belongs to a later day.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, select, union_all

from lms.kit import clock, db
from lms.pipeline.models import Cohort, Programme, StageEvent
from lms.reporting import sifting
from lms.reporting.asof import AsOf
from lms.reporting.filters import Change
from lms.reporting.models import ExpertDefinition

DEFINED = "defined"  # another definition holds now


@dataclass(frozen=True)
class Adjustment:
    """One kind of change: how many people, and the filters of the list that shows them (with the programme where it is one's)."""

    kind: str
    people: int = 0
    filters: dict[str, str] = field(default_factory=dict)
    programme: str = ""


def between(ids: Collection[UUID], told: AsOf, now: AsOf) -> list[Adjustment]:
    """What is seen at `now` of the day of `told` that was not known then, and what was told and does not hold. Two queries.

    `told` without a knowing was told at the end of its day.
    """
    known = told.known or clock.day_end(told.on)
    given = now.given(ids=list(ids), told_at=known, told_end=told.end)
    since = {"since": known.isoformat(), "told": told.on.isoformat(), **now.pairs()}
    found = [
        Adjustment(kind, people, {"what": "anyone", "change": kind, **since})
        for kind, people in db.rows(_changes(), given)
        if people
    ]
    return found + [Adjustment(DEFINED, programme=slug) for (slug,) in db.rows(_definitions(), given)]


@cache
def _changes() -> Any:
    ids: Any = bindparam("ids", expanding=True)
    return union_all(
        *(
            select(literal(kind.value), func.count(func.distinct(StageEvent.person_id))).where(
                StageEvent.cohort_id.in_(ids), sifting.changed(kind)
            )
            for kind in Change
        )
    )


@cache
def _definitions() -> Select[Any]:
    ids: Any = bindparam("ids", expanding=True)
    query: Select[Any] = select(Programme.slug).distinct()
    query = query.join(ExpertDefinition, ExpertDefinition.programme_id == Programme.id)
    since = ExpertDefinition.set_at > bindparam("told_at"), ExpertDefinition.set_at <= bindparam("known")
    return query.where(Programme.cohorts.any(Cohort.id.in_(ids)), *since)
