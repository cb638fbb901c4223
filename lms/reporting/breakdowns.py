"""The year's traineeships by what people told about themselves, with small cells hidden.

Two tables with the same rows: in which cohort, and whether it made an expert. Whoever has both knows no more than each tells.
Traineeships are counted, not people: otherwise the difference would tell how few are in two cohorts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.sql.selectable import Subquery

from lms.kit import db
from lms.pipeline.models import Profile, Stage, StageEvent
from lms.reporting import counts, experts, hiding
from lms.reporting.asof import AsOf
from lms.reporting.experts import Counting
from lms.reporting.hiding import Shown
from lms.reporting.intakes import Intake
from lms.reporting.models import Achievement


class By(StrEnum):
    """What a breakdown is by."""

    SEX = "sex"
    AGE = "age"
    REGION = "region"
    FIELD = "field"
    EMPLOYMENT = "employment"


BANDS = (25, 30, 35, 40, 50)  # ages at which the next band begins
UNTOLD = ""


@dataclass(frozen=True)
class Breakdown:
    """Rows by value (UNTOLD last), with what of them may be shown: None is a hidden cell, or a table that cannot be shown."""

    by: By
    rows: list[str]
    cohorts: list[Intake]
    totals: list[int | None]
    in_cohorts: Shown | None
    becoming: Shown | None  # experts, and others
    everybody: int
    experts: int


def of(by: By, cohorts: list[Intake], counting: Counting, year: int, at: AsOf) -> Breakdown:
    """The traineeships of these cohorts. One query."""
    found: dict[str, dict[UUID, list[int]]] = {}
    for cohort, value, birth_year, expert, count in _rows(by, cohorts, counting, year, at):
        row = _band(year, birth_year) if by is By.AGE else value or UNTOLD
        cell = found.setdefault(str(row), {}).setdefault(cohort, [0, 0])
        cell[0 if expert else 1] += int(count)
    rows = sorted(found, key=lambda row: (row == UNTOLD, _order(by, row)))
    shown = [each for each in cohorts if any(each.id in found[row] for row in rows)]
    in_cohorts = [[sum(found[row].get(each.id, (0, 0))) for each in shown] for row in rows]
    becoming = [[sum(cell[place] for cell in found[row].values()) for place in (0, 1)] for row in rows]
    totals, told = hiding.together([in_cohorts, becoming]) if rows else ([], [None, None])
    everybody, became = sum(map(sum, becoming)), sum(row[0] for row in becoming)
    return Breakdown(by, rows, shown, totals, told[0], told[1], everybody, became)


def _rows(by: By, cohorts: list[Intake], counting: Counting, year: int, at: AsOf) -> Any:
    some = {kind: ids for kind, ids in counting.items() if ids}
    given: Mapping[str, Any] = experts.given(some, year, at, ids=[each.id for each in cohorts])
    return db.rows(_query(by, frozenset(some)), given)


@cache
def _query(by: By, kinds: frozenset[Achievement]) -> Select[Any]:
    """Who took part, by cohort and value, and whether they became experts there."""
    part = StageEvent
    seated = or_(
        part.stage == Stage.ADMITTED,
        and_(part.before.is_(None), part.stage.in_(set(counts.TAKING_PART) - {Stage.ADMITTED})),
    )
    value = Profile.birth_year if by is By.AGE else getattr(Profile, by.value)
    reached = _pairs(kinds) if kinds else None
    expert = reached.c.person_id.is_not(None) if reached is not None else literal(False)
    columns: list[Any] = [part.cohort_id, value, Profile.birth_year, expert, func.count()]
    query = select(*columns).select_from(part).outerjoin(Profile, Profile.person_id == part.person_id)
    if reached is not None:
        same = and_(reached.c.cohort_id == part.cohort_id, reached.c.person_id == part.person_id)
        query = query.outerjoin(reached, same)
    ids: Any = bindparam("ids", expanding=True)
    grouped = [part.cohort_id, value, *([] if by is not By.AGE else [Profile.birth_year]), expert]
    if by is not By.AGE:
        query = query.with_only_columns(part.cohort_id, value, literal(None), expert, func.count())
    return query.where(part.cohort_id.in_(ids), seated, experts.seen(part)).group_by(*grouped)


def _pairs(kinds: frozenset[Achievement]) -> Subquery:
    found = experts.pairs(kinds).subquery()
    return select(found.c.cohort_id, found.c.person_id).distinct().subquery()


def _band(year: int, birth_year: int | None) -> str:
    """By the age that is reached in the year: the first age of the band."""
    if birth_year is None:
        return UNTOLD
    return str(max((age for age in (0, *BANDS) if year - birth_year >= age), default=0))


def _order(by: By, row: str) -> Any:
    return int(row or 0) if by is By.AGE else row
