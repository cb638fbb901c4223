"""The year's traineeships by what people told about themselves, with small cells hidden.

Each answer is told for everybody, for experts and others, and for cohorts, tracks, courses and programmes (`groupings`). All of these
tables are hidden together, whichever of them is looked at, so that none tells what another one hides. A year has the cohorts that
begin in it: those of two years have nobody in common, and one year tells nothing about the next. Answers have no history, so
there is no breakdown of a past day; two days could be subtracted from one another, too.
Traineeships are counted, not people: otherwise the difference would tell how few are in two cohorts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.sql.selectable import Subquery

from lms.kit import db
from lms.pipeline.models import Profile, Stage, StageEvent
from lms.reporting import asof, counts, experts, groupings, hiding, periods
from lms.reporting.asof import AsOf
from lms.reporting.experts import Counting
from lms.reporting.groupings import Across, Group
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
class Split:
    """The groups of one kind, each with its traineeships (None: fewer than five), and the rows by group (None: cannot be shown).

    How many take part in a group is on its own page; a small number is left out here only because nothing can be split there.
    """

    groups: list[Group]
    sizes: list[int | None]
    cells: Shown | None


@dataclass(frozen=True)
class Breakdown:
    """Rows by value (UNTOLD last), with what of them may be shown: None is a hidden cell, or a table that cannot be shown."""

    by: By
    rows: list[str]
    totals: list[int | None]
    becoming: Shown | None  # experts, and others
    splits: dict[Across, Split]
    everybody: int
    experts: int


def begun_in(cohorts: Sequence[Intake], year: int) -> list[Intake]:
    """The cohorts that begin in the year, first ones first."""
    return sorted((each for each in cohorts if each.starts_on.year == year), key=lambda each: (each.starts_on, each.id))


def of(by: By, cohorts: Sequence[Intake], counting: Counting, year: int) -> Breakdown:
    """The traineeships of the cohorts that begin in the year, as they are today."""
    mine = begun_in(cohorts, year)
    found: dict[str, dict[tuple[UUID, bool], int]] = {}
    for cohort, value, birth_year, expert, count in _rows(by, mine, counting, year):
        row = found.setdefault(str(_band(year, birth_year) if by is By.AGE else value or UNTOLD), {})
        row[cohort, bool(expert)] = row.get((cohort, bool(expert)), 0) + int(count)
    rows = sorted(found, key=lambda row: (row == UNTOLD, _order(by, row)))
    taking_part = [
        each for each in mine if any((each.id, expert) in found[row] for row in rows for expert in (True, False))
    ]
    places = [(each.id, expert) for each in taking_part for expert in (True, False)]
    table = [[found[row].get(place, 0) for place in places] for row in rows]
    return _told(by, rows, table, places, groupings.of(taking_part))


def _told(
    by: By,
    rows: list[str],
    table: list[list[int]],
    places: list[tuple[UUID, bool]],
    grouped: Mapping[Across, list[Group]],
) -> Breakdown:
    columns = [
        [[at for at, (cohort, _expert) in enumerate(places) if cohort in group.cohorts] for group in groups]
        for groups in grouped.values()
    ]
    becoming = [[at for at, (_cohort, expert) in enumerate(places) if expert is wanted] for wanted in (True, False)]
    totals, shown = hiding.together(table, [*columns, becoming])
    people = [sum(row[at] for row in table) for at in range(len(places))]
    splits = {
        across: Split(groups, [_size(people, each) for each in family], cells)
        for (across, groups), family, cells in zip(grouped.items(), columns, shown, strict=False)
    }
    return Breakdown(by, rows, totals, shown[-1], splits, sum(people), sum(people[at] for at in becoming[0]))


def _size(people: Sequence[int], column: Sequence[int]) -> int | None:
    size = sum(people[at] for at in column)
    return size if size >= hiding.LEAST else None


def _rows(by: By, cohorts: Sequence[Intake], counting: Counting, year: int) -> Any:
    """One query. Experts are those who became one by today, whichever year it was."""
    some = {kind: ids for kind, ids in counting.items() if ids}
    given = experts.given(some, year, AsOf.now(), ids=[each.id for each in cohorts])
    whenever = {"start": periods.year_start(periods.FIRST), "year_end": asof.ENDLESS}
    return db.rows(_query(by, frozenset(some)), {**given, **whenever})


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
