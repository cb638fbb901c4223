"""The figures of a year, as of a day and as known then: what reports, forecasts and pages are made from."""

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from lms.kit import db
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Stage, StageEvent
from lms.reporting import counts, definitions, experts, intakes, sifting, targets
from lms.reporting.asof import AsOf
from lms.reporting.figures import KEYS, Figures, of_tally
from lms.reporting.filters import WITHIN
from lms.reporting.intakes import Intake


def figures(whom: Person | Collection[UUID], year: int, at: AsOf | None = None, programme: str = "") -> Figures:
    """Every figure of `year` over the cohorts that a person leads, or over given ones. A fixed number of queries."""
    at = at or AsOf.now()
    every = intakes.led_by(whom) if isinstance(whom, Person) else intakes.among(whom)
    mine = [each for each in every if programme in ("", each.programme_slug)]
    defined = definitions.of_all({each.programme_id for each in mine}, at, year)
    counting = definitions.counting(every, defined.values())
    in_cohorts = experts.by_cohort(counting, year, at)
    shown = intakes.of_year(mine, year, experts.cohorts_of(counting, year, at))
    by_cohort = _by_cohort(shown, at)
    for key, found in by_cohort.items():
        found["experts"] = found["experts.traineeships"] = in_cohorts.get(key, 0)
    reached = experts.of(counting, year, at)
    values = {key: sum(each.get(key, 0) for each in by_cohort.values()) for key in KEYS}
    values |= {
        "experts": reached.people,
        "experts.traineeships": reached.traineeships,
        "experts.several": reached.several,
    }
    parts, asks = counts.heads(list(by_cohort), at)
    values |= {"people": parts.people, "people.several": parts.several}
    values |= {"applicants": asks.people, "applications": asks.rows}
    promised = targets.of_programmes(defined, year, at)
    return Figures(year, at, programme, shown, values, by_cohort, defined, promised, reached.by_month)


def columns(cohorts: Collection[Intake], at: AsOf) -> dict[UUID, dict[str, int]]:
    """Cohort → its figures as HRD-Net asks for them (`figures.COLUMNS`) and all others of one cohort."""
    return _by_cohort(list(cohorts), at)


def placed(cohorts: Collection[Intake], at: AsOf, months: int) -> dict[UUID, int]:
    """Cohort → placements that hold and began by so many months after its last day. One query."""
    if not cohorts:
        return {}
    in_time = sifting.placed_by({each.id: each.ends_on for each in cohorts}, months)
    query = select(StageEvent.cohort_id, func.count()).where(in_time).group_by(StageEvent.cohort_id)
    return {row[0]: row[1] for row in session.execute(query.params(**at.given()))}


def _by_cohort(shown: list[Intake], at: AsOf) -> dict[UUID, dict[str, int]]:
    ids = [each.id for each in shown]
    tallies, applications = counts.tallies(ids, at), _applications(ids, at)
    in_time = {months: placed(shown, at, months) for months in WITHIN}
    found: dict[UUID, dict[str, int]] = {}
    for each in shown:
        found[each.id] = of_tally(tallies[each.id])
        found[each.id] |= {"seats": each.seats, "applications": applications.get(each.id, 0)}
        found[each.id] |= {f"placed.{months}": in_time[months].get(each.id, 0) for months in WITHIN}
    return found


def _applications(ids: Collection[UUID], at: AsOf) -> dict[UUID, int]:
    return {row[0]: row[1] for row in db.rows(_sent(), at.given(ids=list(ids)))}


@cache
def _sent() -> Select[Any]:
    columns: list[Any] = [StageEvent.cohort_id, func.count()]
    query = select(*columns).where(StageEvent.cohort_id.in_(bindparam("ids", expanding=True)))
    query = query.where(StageEvent.stage == Stage.APPLIED, StageEvent.before.is_(None), experts.seen(StageEvent))
    return query.group_by(StageEvent.cohort_id)
