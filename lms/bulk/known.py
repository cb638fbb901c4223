"""What is here already of what a file names, read in a number of queries that does not grow with people's cohorts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from lms.bulk.columns import plain
from lms.bulk.walking import Standing
from lms.people.likeness import Face, Index
from lms.people.merge_models import PersonMerge
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline import cohorts
from lms.pipeline.models import Application, Cohort, Programme, Stage, StageEvent, Traineeship

AT_ONCE = 500  # keys in one statement
Key = TypeVar("Key")


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whose address is here. `elsewhere`: the address of the account that this one was joined with."""

    id: UUID
    email: str
    name: str
    latin_name: str
    account: bool
    closed: bool
    trainee: bool
    elsewhere: str = ""


@dataclass(frozen=True)
class KnownCohort:
    id: UUID
    slug: str
    titles: frozenset[str]
    programme_id: UUID
    seats: int
    starts_on: date
    ends_on: date


@dataclass
class Place:
    """One person in one known cohort: the keys of the rows that hold it, and where it stands."""

    standing: Standing = field(default_factory=Standing)
    application_id: UUID | None = None
    traineeship_id: UUID | None = None


def people(session: Session, emails: Iterable[str]) -> dict[str, KnownPerson]:
    """Address → who has it."""
    found: dict[str, KnownPerson] = {}
    for some in _portions(set(emails)):
        rows = session.execute(_PEOPLE.where(Person.email.in_(some))).all()
        keys = [row.id for row in rows]
        grants = select(RoleGrant.person_id).where(RoleGrant.role == Role.TRAINEE, RoleGrant.person_id.in_(keys))
        trainees = set(session.scalars(grants))
        moved = _joined(session, keys)
        for row in rows:
            found[row.email] = KnownPerson(
                id=row.id,
                email=row.email,
                name=row.name,
                latin_name=row.latin_name,
                account=row.password_hash is not None,
                closed=row.closed_at is not None,
                trainee=row.id in trainees,
                elsewhere=moved.get(row.id, ""),
            )
    return found


_PEOPLE = select(Person.id, Person.email, Person.name, Person.latin_name, Person.password_hash, Person.closed_at)


def _joined(session: Session, keys: Collection[UUID]) -> dict[UUID, str]:
    joined = select(PersonMerge.gone_id, Person.email).join(Person, Person.id == PersonMerge.kept_id)
    found = session.execute(joined.where(PersonMerge.gone_id.in_(keys), PersonMerge.undone_at.is_(None)))
    return {row[0]: row[1] for row in found}


def faces(session: Session) -> Index:
    """Everybody who is here, to be compared with whoever comes new."""
    gone = select(PersonMerge.gone_id).where(PersonMerge.undone_at.is_(None))
    living = select(Person.id, Person.email, Person.name, Person.latin_name).where(
        Person.erased_at.is_(None), Person.id.not_in(gone)
    )
    return Index().add(Face(*row) for row in session.execute(living))


def led_cohorts(session: Session, by: Person) -> list[KnownCohort]:
    """The cohorts that `by` may write to."""
    return [
        KnownCohort(
            id=each.id,
            slug=each.slug,
            titles=frozenset(plain(title) for title in each.title.values()),
            programme_id=each.programme_id,
            seats=each.seats,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
        )
        for each in session.scalars(cohorts.led_by(by).order_by(Cohort.slug))
    ]


def programmes(session: Session) -> list[Programme]:
    return list(session.scalars(select(Programme).order_by(Programme.made_at, Programme.slug)))


def places(session: Session, cohort_ids: Collection[UUID], *, lock: bool = False) -> dict[tuple[UUID, UUID], Place]:
    """(cohort, person) → how it stands there; drafts of applications too. `lock`: nobody moves them until the end."""
    found: dict[tuple[UUID, UUID], Place] = defaultdict(Place)
    for some in _portions(set(cohort_ids)):
        for row in _rows(session, _applications(some, lock)):
            place = found[row.cohort_id, row.person_id]
            place.application_id, place.standing.application = row.id, row.stage
        for row in _rows(session, _traineeships(some, lock)):
            place = found[row.cohort_id, row.person_id]
            place.traineeship_id, place.standing.traineeship = row.id, row.stage
        for row in _rows(session, _events(some)):
            found[row.cohort_id, row.person_id].standing.note(row.stage, row.happened_at)
    return dict(found)


def seats_taken(places_of: dict[tuple[UUID, UUID], Place]) -> dict[UUID, int]:
    """Cohort → how many hold a seat there."""
    taken: dict[UUID, int] = defaultdict(int)
    for (cohort_id, _person_id), place in places_of.items():
        taken[cohort_id] += place.standing.traineeship not in (None, Stage.LEFT)
    return taken


def _applications(some: list[UUID], lock: bool) -> Select[*tuple[Any, ...]]:
    query = select(Application.id, Application.cohort_id, Application.person_id, Application.stage)
    query = query.where(Application.cohort_id.in_(some))
    return query.with_for_update() if lock else query


def _traineeships(some: list[UUID], lock: bool) -> Select[*tuple[Any, ...]]:
    query = select(Traineeship.id, Traineeship.cohort_id, Traineeship.person_id, Traineeship.stage)
    query = query.where(Traineeship.cohort_id.in_(some))
    return query.with_for_update() if lock else query


def _events(some: list[UUID]) -> Select[*tuple[Any, ...]]:
    query = select(StageEvent.cohort_id, StageEvent.person_id, StageEvent.stage, StageEvent.happened_at)
    return query.where(StageEvent.cohort_id.in_(some))


def _rows(session: Session, query: Select[*tuple[Any, ...]]) -> Iterable[Row[*tuple[Any, ...]]]:
    return session.execute(query).all()


def _portions(keys: set[Key]) -> Iterator[list[Key]]:
    given = sorted(keys, key=str)
    for start in range(0, len(given), AT_ONCE):
        yield given[start : start + AT_ONCE]
