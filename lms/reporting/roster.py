"""The list behind each number: the same filters in the address make the count and the list, so that one is as long as the other."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, StageEvent, Traineeship
from lms.reporting import counts, experts, sifting
from lms.reporting.filters import Question


def rows(wanted: Question) -> Select[Any]:
    """A row for each person in each cohort, without order: person, cohort, stage, since when, progress, last activity."""
    last, later = aliased(StageEvent, name="last"), aliased(StageEvent, name="later")
    pair = and_(later.cohort_id == last.cohort_id, later.person_id == last.person_id)
    columns: list[Any] = [
        last.cohort_id,
        last.person_id,
        last.stage,
        last.stage.in_(counts.TAKING_PART).label("taking_part"),
        last.reason,
        last.counts_from.label("since"),
        Traineeship.progress,
        Traineeship.last_activity_at,
        Person.name,
        Person.latin_name,
        Person.email,
        Cohort.title.label("cohort_title"),
        Cohort.starts_on,
    ]
    query, reached = select(*columns), sifting.only(wanted)
    if reached is not None:
        same = and_(last.cohort_id == reached.c.cohort_id, last.person_id == reached.c.person_id)
        query = query.select_from(reached).join(last, same)
    query = query.join(Person, Person.id == last.person_id).join(Cohort, Cohort.id == last.cohort_id)
    query = query.outerjoin(
        Traineeship, and_(Traineeship.cohort_id == last.cohort_id, Traineeship.person_id == last.person_id)
    )
    query = query.where(
        last.cohort_id.in_(wanted.ids),
        experts.seen(last),
        ~exists().where(pair, experts.after(later, last), experts.seen(later)),
        *sifting.conditions(last, wanted),
    )
    return query.params(**sifting.given(wanted))


def people(wanted: Question) -> Select[Any]:
    """A row for each person, without order: person and the number of their rows among `rows`."""
    found = rows(wanted).subquery()
    columns: list[Any] = [
        Person.id.label("person_id"),
        Person.name,
        Person.latin_name,
        Person.email,
        func.count().label("times"),
    ]
    query = select(*columns)
    query = query.join(found, found.c.person_id == Person.id).group_by(Person.id)
    return query.having(func.count() > 1) if wanted.asked.several else query


def rows_of(wanted: Question, person_ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """Person → their rows among `rows`, the latest cohort first."""
    found = rows(wanted)
    query = found.where(found.selected_columns.person_id.in_(person_ids)).order_by(Cohort.starts_on.desc(), Cohort.id)
    gathered: dict[UUID, list[Any]] = {each: [] for each in person_ids}
    for row in session.execute(query):
        gathered[row.person_id].append(row)
    return gathered


ORDER = {stage: position for position, stage in enumerate((*counts.BESIDE, *counts.FUNNEL))}


def sorted_by(query: Select[Any], key: str, *, by_person: bool) -> Select[Any]:
    """Order by a column of the list, "-" for downwards; by name where the key is unknown."""
    down, name = key.startswith("-"), key.removeprefix("-")
    columns = query.selected_columns
    orders: dict[str, Any] = {"name": Person.name}
    if by_person:
        orders["times"] = func.count()
    else:
        orders |= {
            "cohort": Cohort.starts_on,
            "since": columns.since,
            "progress": columns.progress,
            "active": columns.last_activity_at,
        }
        orders["stage"] = case(*((columns.stage == stage, place) for stage, place in ORDER.items()))
    first = orders.get(name, Person.name)
    return query.order_by(first.desc() if down else first, Person.name, Person.id, *([] if by_person else [Cohort.id]))
