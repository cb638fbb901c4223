"""The list behind each number: the same filters in the address make the count and the list, so that one is as long as the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, true, tuple_

from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Application, Cohort, StageEvent
from lms.reporting import counts, periods
from lms.reporting.intakes import Intake

# What a row is: a person, or a person in a cohort.
PEOPLE = ("people", "applicants")
WHATS = ("", "people", "traineeships", "applications", "applicants")
MOST_DAYS = 3650


@dataclass(frozen=True)
class Filters:
    """What the address asks for. An empty field asks for nothing."""

    what: str = ""
    cohort: UUID | None = None
    programme: str = ""
    stage: str = ""  # a stage or a group of stages
    year: int | None = None  # cohorts of that year
    certified: int | None = None  # certified in that year
    until: int | None = None  # and by the end of that month
    older: int | None = None  # in their stage for more than so many days (applications that were sent)
    several: bool = False  # people with more than one row
    q: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filters":
        """Read from an address; what cannot be understood is left out."""
        given = {name: value.replace("\x00", "").strip() for name, value in arguments.items()}
        month, older = given.get("until", ""), given.get("older", "")
        return cls(
            what=given.get("what", "") if given.get("what") in WHATS else "",
            cohort=_uuid(given.get("cohort", "")),
            programme=given.get("programme", "")[:80],
            stage=given.get("stage", "") if given.get("stage") in counts.GROUPS else "",
            year=periods.year_of(given.get("year")),
            certified=periods.year_of(given.get("certified")),
            until=int(month) if month in {str(each) for each in range(1, 13)} else None,
            older=min(int(older), MOST_DAYS) if older.isascii() and older.isdecimal() and len(older) < 6 else None,
            several=bool(given.get("several")),
            q=given.get("q", "")[:100],
        )

    @property
    def by_person(self) -> bool:
        return self.what in PEOPLE

    def pairs(self) -> dict[str, str]:
        """As they stand in an address."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self) if getattr(self, each.name)}


def chosen(intakes: Collection[Intake], asked: Filters) -> list[UUID]:
    """The cohorts among which the filters look."""
    kept = [each for each in intakes if asked.cohort in (None, each.id)]
    kept = [each for each in kept if asked.programme in ("", each.programme_slug)]
    if asked.year is not None:
        late = counts.certified_by_cohort([each.id for each in kept], asked.year)
        kept = [each for each in kept if each.touches(asked.year) or each.id in late]
    return [each.id for each in kept]


def rows(ids: Collection[UUID], asked: Filters) -> Select[Any]:
    """A row for each person in each cohort, without order: person, cohort, stage, since, progress, last activity."""
    table = counts.standing(ids).subquery("standing")
    query = select(
        table, Person.name, Person.latin_name, Person.email, Cohort.title.label("cohort_title"), Cohort.starts_on
    )
    query = query.join(Person, Person.id == table.c.person_id).join(Cohort, Cohort.id == table.c.cohort_id)
    return query.where(*_conditions(table.c, ids, asked))


def people(ids: Collection[UUID], asked: Filters) -> Select[Any]:
    """A row for each person, without order: person and the number of their rows among `rows`."""
    found = rows(ids, asked).subquery()
    columns: list[Any] = [
        Person.id.label("person_id"),
        Person.name,
        Person.latin_name,
        Person.email,
        func.count().label("times"),
    ]
    query = select(*columns)
    query = query.join(found, found.c.person_id == Person.id).group_by(Person.id)
    return query.having(func.count() > 1) if asked.several else query


def rows_of(ids: Collection[UUID], asked: Filters, person_ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """Person → their rows among `rows`, the latest cohort first."""
    found = rows(ids, asked)
    table = found.selected_columns
    query = found.where(table.person_id.in_(person_ids)).order_by(Cohort.starts_on.desc(), Cohort.id)
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


def _conditions(table: Any, ids: Collection[UUID], asked: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [true()]
    if asked.stage:
        found.append(table.stage.in_(counts.GROUPS[asked.stage]))
    if asked.stage == "uncertified":
        found.append(~counts.was_revoked(table.cohort_id, table.person_id))
    if asked.what in ("people", "traineeships"):
        found.append(table.taking_part)
    if asked.what in ("applications", "applicants"):
        sent = Application.sent_at.is_not(None)
        found.append(
            exists().where(sent, Application.cohort_id == table.cohort_id, Application.person_id == table.person_id)
        )
    if asked.older is not None:
        found.append(table.since < clock.day_start(clock.today() - timedelta(days=asked.older)))
    if asked.certified is not None:
        end = periods.month_end(asked.certified, asked.until or 12)
        events = counts.certifying(ids, periods.year_start(asked.certified), end)
        pairs = events.with_only_columns(StageEvent.cohort_id, StageEvent.person_id)
        found.append(tuple_(table.cohort_id, table.person_id).in_(pairs))
    if asked.q:
        found.append(
            or_(
                *(
                    column.icontains(asked.q, autoescape=True)
                    for column in (Person.name, Person.latin_name, Person.email)
                )
            )
        )
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # nothing has this key: an address that names no cohort finds nobody
