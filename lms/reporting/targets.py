"""What was promised for a year, in versions: setting a number adds one, the newest holds, none is ever edited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.refusal import Conflict
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person, Role
from lms.people.readers import anyone, known
from lms.pipeline.models import Cohort, Lead, Programme
from lms.reporting.asof import AsOf
from lms.reporting.models import ExpertDefinition, Target

REACH = 10  # years from this one for which a target may be set


@dataclass(frozen=True)
class Promise:
    """One programme with the number that holds for a year (None: none was set)."""

    id: UUID
    slug: str
    title: Words
    number: int | None
    cohorts: int  # all of the programme, also those that others lead
    definition: UUID | None = None  # that held when it was promised


@dataclass(frozen=True)
class Line:
    """One programme in one year, with the versions of its target, the newest first."""

    programme: Programme
    year: int
    versions: list[Target]


def led_by(person: Person) -> Select[Programme]:
    """The programmes of which the person leads a cohort (an administrator: all)."""
    return select(Programme).where(_led(person)).order_by(Programme.made_at, Programme.slug)


def visible_to(person: Person) -> Select[Target]:
    """Every version of every target of those programmes, the newest first."""
    query = select(Target).join(Target.programme).where(_led(person))
    query = query.options(joinedload(Target.programme), joinedload(Target.set_by))
    return query.order_by(Target.year.desc(), Programme.made_at, Programme.slug, Target.version.desc())


def promises(person: Person, year: int, at: AsOf | None = None) -> list[Promise]:
    """The person's programmes with what holds for `year` (as it was known: a later change leaves it alone), in one query."""
    given = known(person, year=year, known=(at or AsOf.now()).known_by)
    return [Promise(*row) for row in db.rows(_promises(person.roles), given)]


def of_programmes(programmes: Collection[UUID], year: int, at: AsOf) -> int | None:
    """What was promised for a year over these programmes, as it was known; None when nothing was."""
    held: dict[UUID, int] = {}
    query = select(Target.programme_id, Target.number).where(
        Target.programme_id.in_(programmes), Target.year == year, Target.set_at <= at.known_by
    )
    for programme, number in session.execute(query.order_by(Target.version)):
        held[programme] = number
    return sum(held.values()) if held else None


@cache
def _promises(roles: frozenset[Role]) -> Select[Any]:
    newer, year = aliased(Target), bindparam("year", type_=Integer())
    outdone = exists().where(
        newer.programme_id == Target.programme_id,
        newer.year == year,
        newer.version > Target.version,
        newer.set_at <= bindparam("known"),
    )
    held = and_(Target.programme_id == Programme.id, Target.year == year, Target.set_at <= bindparam("known"), ~outdone)
    count = select(func.count()).where(Cohort.programme_id == Programme.id).scalar_subquery()
    return (
        select(Programme.id, Programme.slug, Programme.title, Target.number, count, Target.definition_id)
        .outerjoin(Target, held)
        .where(_led(anyone(roles)))
        .order_by(Programme.made_at, Programme.slug)
    )


def lines(programmes: Sequence[Programme], versions: Sequence[Target], year: int) -> list[Line]:
    """Each programme in `year`, in the next one and in every year that has a target; the latest year first."""
    kept: dict[tuple[int, UUID], list[Target]] = {}
    for programme in programmes:
        kept |= {(each, programme.id): [] for each in (year, year + 1)}
    for version in versions:
        kept.setdefault((version.year, version.programme_id), []).append(version)
    years = sorted({each for each, _programme in kept}, reverse=True)
    return [
        Line(programme, each, kept[each, programme.id])
        for each in years
        for programme in programmes
        if (each, programme.id) in kept
    ]


def total(promises: list[Promise]) -> int | None:
    """What was promised altogether; None when nothing was."""
    numbers = [each.number for each in promises if each.number is not None]
    return sum(numbers) if numbers else None


def newest(programme: Programme, year: int) -> Target | None:
    """The version that holds, or None."""
    query = (
        select(Target).where(Target.programme_id == programme.id, Target.year == year).order_by(Target.version.desc())
    )
    return session.scalars(query.options(joinedload(Target.set_by)).limit(1)).one_or_none()


def promise(programme: Programme, by: Person, *, year: int, number: int, reason: str, seen: int) -> Target:
    """Add a version after the one that was `seen` (0: there was none).

    Raises Conflict when somebody added one in between; the sentence says who, what and why.
    """
    now = newest(programme, year)
    if seen != (now.version if now else 0):
        raise Conflict(_in_between(now))
    made = Target(
        programme_id=programme.id,
        year=year,
        version=seen + 1,
        number=number,
        reason=reason,
        set_by_id=by.id,
        set_at=clock.now(),
        definition_id=session.scalar(_definition(programme, year)),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict(_in_between(newest(programme, year))) from None
    old = {"number": now.number, "version": now.version} if now else None
    audit.note(by, "target.set", made, old=old, new={"year": year, "number": number, "version": made.version})
    return made


def _definition(programme: Programme, year: int) -> Select[UUID]:
    """The definition that the number is promised by: the newest that reaches the year."""
    reaching = (ExpertDefinition.programme_id == programme.id, ExpertDefinition.from_year <= year)
    return select(ExpertDefinition.id).where(*reaching).order_by(ExpertDefinition.version.desc()).limit(1)


def _in_between(now: Target | None) -> str:
    if now is None:
        return _("The target was changed in between. Look at it again, then set yours.")
    return _(
        "%(name)s set %(number)s for this year in between: %(reason)s Look at it, then set yours again if it is still right.",
        name=now.set_by.name if now.set_by else _("Somebody"),
        number=now.number,
        reason=now.reason,
    )


def _led(person: Person) -> ColumnElement[bool]:
    if person.has(Role.ADMIN):
        return true()
    leads = exists().where(Lead.cohort_id == Cohort.id, Lead.person_id == person.id)
    return exists().where(Cohort.programme_id == Programme.id, leads)
