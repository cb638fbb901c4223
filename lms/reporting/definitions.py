"""Whom a programme counts as an expert, in versions: changing it adds one, none is ever edited.

A definition is a list of things that count: reaching a stage in a cohort of a programme. It holds from a year on, so that a
change does not move the numbers of years that were reported. Without any version the certificates of the programme itself count.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from lms.kit import clock, db
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Programme
from lms.reporting import periods, targets
from lms.reporting.asof import AsOf
from lms.reporting.intakes import Intake
from lms.reporting.models import Achievement, ExpertClause, ExpertDefinition

REACH = 10  # years from this one from which a definition may hold


@dataclass(frozen=True)
class Definition:
    """The version that holds: what counts, by programme. Version 0: none was written, certificates of the programme count."""

    programme_id: UUID
    version: int
    clauses: frozenset[tuple[UUID, Achievement]]
    id: UUID | None = None
    from_year: int = periods.FIRST
    set_at: datetime | None = None
    reason: str = ""


_ALL = (
    select(
        ExpertDefinition.programme_id,
        ExpertDefinition.version,
        ExpertDefinition.id,
        ExpertDefinition.from_year,
        ExpertDefinition.set_at,
        ExpertDefinition.reason,
        ExpertClause.programme_id,
        ExpertClause.achievement,
    )
    .join(ExpertClause, ExpertClause.definition_id == ExpertDefinition.id)
    .where(
        ExpertDefinition.programme_id.in_(bindparam("programmes", expanding=True)),
        ExpertDefinition.set_at <= bindparam("known"),
        ExpertDefinition.from_year <= bindparam("year"),
    )
    .order_by(ExpertDefinition.version)
)


def of(programme: Programme | UUID, at: AsOf, year: int | None = None) -> Definition:
    """The definition that holds for `year` (else the year of the day), as it was known."""
    key = programme if isinstance(programme, UUID) else programme.id
    return of_all([key], at, year)[key]


def of_all(programmes: Collection[UUID], at: AsOf, year: int | None = None) -> dict[UUID, Definition]:
    """Programme → the definition that holds, in one query."""
    found = {key: Definition(key, 0, frozenset({(key, Achievement.CERTIFIED)})) for key in programmes}
    given = {"programmes": list(programmes), "known": at.known_by, "year": year or at.on.year}
    for key, version, definition, from_year, set_at, reason, counted, achievement in db.rows(_ALL, given):
        known = found[key].clauses if found[key].version == version else frozenset()
        clauses = known | {(counted, achievement)}
        found[key] = Definition(key, version, clauses, definition, from_year, set_at, reason)
    return found


def counting(intakes: Iterable[Intake], definitions: Iterable[Definition]) -> dict[Achievement, list[UUID]]:
    """What counts → the cohorts among `intakes` in which it does."""
    found = together(definitions)
    led = list(intakes)
    return {what: [each.id for each in led if each.programme_id in where] for what, where in found.items()}


def together(definitions: Iterable[Definition]) -> Mapping[Achievement, frozenset[UUID]]:
    """What counts → in which programmes; several definitions together, because a person counts once."""
    found: dict[Achievement, frozenset[UUID]] = {}
    for each in definitions:
        for programme, achievement in each.clauses:
            found[achievement] = found.get(achievement, frozenset()) | {programme}
    return found


def versions(programme: Programme) -> Sequence[ExpertDefinition]:
    """Every version, the newest first, with what it counts and who wrote it."""
    return session.scalars(
        _written(programme).options(
            joinedload(ExpertDefinition.set_by),
            selectinload(ExpertDefinition.clauses).joinedload(ExpertClause.programme),
        )
    ).all()


def newest(programme: Programme) -> ExpertDefinition | None:
    """The latest version, whatever year it holds from; None before the first."""
    return session.scalars(_written(programme).options(joinedload(ExpertDefinition.set_by)).limit(1)).one_or_none()


def set_down(
    programme: Programme,
    by: Person,
    *,
    from_year: int,
    clauses: Collection[tuple[UUID, Achievement]],
    reason: str,
    seen: int,
) -> ExpertDefinition:
    """Add a version after the one that was `seen` (0: there was none).

    Raises Conflict when somebody added one in between, Refused where nothing would count, or something of a programme that the
    writer does not lead.
    """
    now = newest(programme)
    if seen != (now.version if now else 0):
        raise Conflict(_in_between(now))
    if not clauses:
        raise Refused(_("Choose at least one thing that counts. Without any there would be no experts."))
    led = set(session.scalars(targets.led_by(by).with_only_columns(Programme.id).order_by(None)))
    if {key for key, _achievement in clauses} - led:
        raise Refused(_("Only programmes of which you lead a cohort can count. Choose among those."))
    made = ExpertDefinition(
        id=new_key(),
        programme_id=programme.id,
        version=seen + 1,
        from_year=from_year,
        reason=reason,
        set_by_id=by.id,
        set_at=clock.now(),
        clauses=[ExpertClause(programme_id=key, achievement=what) for key, what in sorted(clauses)],
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict(_in_between(newest(programme))) from None
    audit.note(by, "definition.set", made, new={"version": made.version, "from_year": from_year})
    return made


def _written(programme: Programme) -> Select[ExpertDefinition]:
    query = select(ExpertDefinition).where(ExpertDefinition.programme_id == programme.id)
    return query.order_by(ExpertDefinition.version.desc())


def _in_between(now: ExpertDefinition | None) -> str:
    if now is None:
        return _("The definition was changed in between. Look at it again, then set yours.")
    return _(
        "%(name)s changed the definition in between: %(reason)s Look at it below, then set yours again if it is still right.",
        name=now.set_by.name if now.set_by else _("Somebody"),
        reason=now.reason,
    )
