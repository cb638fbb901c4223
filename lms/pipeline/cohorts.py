"""Cohorts: which are open, who leads them, how many seats are taken."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline.models import Application, Cohort, Lead, Programme, Stage, Traineeship

RESERVED_SLUGS = frozenset({"new"})


@dataclass(frozen=True)
class Counts:
    """How the applications and seats of one cohort stand now."""

    applied: int = 0
    waiting: int = 0
    admitted: int = 0  # seats taken: everybody admitted who has not left


def open_now() -> Select[Cohort]:
    """Cohorts that take applications at this moment, the next deadline first."""
    now = clock.now()
    return _listed().where(Cohort.opens_at <= now, Cohort.closes_at > now).order_by(Cohort.closes_at, Cohort.starts_on)


def upcoming() -> Select[Cohort]:
    """Cohorts that will take applications, the next opening first."""
    return _listed().where(Cohort.opens_at > clock.now()).order_by(Cohort.opens_at)


def led_by(person: Person) -> Select[Cohort]:
    """The cohorts that the person leads (an administrator: all)."""
    if person.has(Role.ADMIN):
        return _listed()
    return _listed().where(exists().where(Lead.cohort_id == Cohort.id, Lead.person_id == person.id))


def called(slug: str) -> Select[Cohort]:
    """The cohort with this name in its address. All cohorts are public."""
    return _listed().where(Cohort.slug == slug)


def seats_taken(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Cohort → seats taken by people who were admitted and have not left, in one query."""
    wanted = list(ids)
    taken = select(Traineeship.cohort_id, func.count()).where(
        Traineeship.cohort_id.in_(wanted), Traineeship.stage != Stage.LEFT
    )
    found = {row[0]: row[1] for row in session.execute(taken.group_by(Traineeship.cohort_id))}
    return {each: found.get(each, 0) for each in wanted}


def seats_left(cohort: Cohort) -> int:
    """Seats that can still be given. Never below 0, also when seats were taken away later."""
    return max(0, cohort.seats - seats_taken([cohort.id])[cohort.id])


def counts(ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Cohort → how many applied, wait and hold a seat, in two queries."""
    query = select(Application.cohort_id, Application.stage, func.count()).where(Application.cohort_id.in_(ids))
    by_stage = {
        (key, stage): number
        for key, stage, number in session.execute(query.group_by(Application.cohort_id, Application.stage))
    }
    taken = seats_taken(ids)
    return {
        each: Counts(by_stage.get((each, Stage.APPLIED), 0), by_stage.get((each, Stage.WAITING), 0), taken[each])
        for each in ids
    }


def locked(cohort_id: UUID) -> Cohort:
    """The cohort as it is now, held until the end of the transaction: whoever gives seats goes one after the other."""
    held = select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).one()


def slug_of(title: str) -> str:
    """An address from an English title: ``LLM Engineering 6`` becomes ``llm-engineering-6``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def create(cohort: Cohort, by: Person) -> Cohort:
    """Keep a new cohort under an address made from its English title; whoever makes it and leads, leads it."""
    cohort.slug = _free_slug(cohort.title["en"])
    session.add(cohort)
    session.flush()
    if by.has(Role.LEAD):
        session.add(Lead(person_id=by.id, cohort_id=cohort.id))
    audit.note(by, "cohort.created", cohort, new={"slug": cohort.slug, "seats": cohort.seats})
    return cohort


def change(cohort: Cohort, by: Person, seats: int, fill: Callable[[], object]) -> None:
    """Change a cohort through `fill`. Raises Refused when fewer than the taken `seats` would be left."""
    taken = seats_taken([cohort.id])[cohort.id]
    if seats < taken:
        raise Refused(_("%(taken)s seats are taken already. Give at least that many seats.", taken=taken))
    old = facts(cohort)
    fill()
    session.flush()
    new = {name: value for name, value in facts(cohort).items() if value != old[name]}
    if new:
        audit.note(by, "cohort.changed", cohort, old={name: old[name] for name in new}, new=new)


def facts(cohort: Cohort) -> dict[str, object]:
    """What the audit trail keeps of a cohort."""
    return {
        "title": dict(cohort.title),
        "summary": dict(cohort.summary),
        "track": cohort.track,
        "seats": cohort.seats,
        "programme_id": str(cohort.programme_id),
        **{name: getattr(cohort, name).isoformat() for name in ("opens_at", "closes_at", "starts_on", "ends_on")},
    }


def leads_of(cohort: Cohort) -> Select[Lead]:
    """Who leads a cohort, by name."""
    return (
        select(Lead)
        .join(Lead.person)
        .where(Lead.cohort_id == cohort.id)
        .options(joinedload(Lead.person))
        .order_by(Person.name)
    )


def appoint(cohort: Cohort, email: str, by: Person) -> Lead:
    """Make somebody with an account a lead of the cohort; they become a programme lead if they are none yet."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.closed_at.is_(None)))
    if person is None:
        raise Refused(_("Nobody has an account with this address. Invite the person first, then name them here."))
    if session.scalar(select(Lead).where(Lead.cohort_id == cohort.id, Lead.person_id == person.id)):
        raise Refused(_("%(name)s leads this cohort already.", name=person.name))
    if not person.has(Role.LEAD):
        person.grants.append(RoleGrant(role=Role.LEAD, granted_by_id=by.id))
    lead = Lead(person_id=person.id, cohort_id=cohort.id)
    session.add(lead)
    session.flush()
    audit.note(by, "cohort.lead_appointed", cohort, new={"person_id": str(person.id)})
    return lead


def dismiss(cohort: Cohort, lead: Lead, by: Person) -> None:
    """End somebody's lead of the cohort."""
    session.execute(delete(Lead).where(Lead.id == lead.id))
    audit.note(by, "cohort.lead_dismissed", cohort, old={"person_id": str(lead.person_id)})


def _listed() -> Select[Cohort]:
    return select(Cohort).options(joinedload(Cohort.programme))


def _free_slug(title: str) -> str:
    stem = slug_of(title) or "cohort"
    taken = (
        set(session.scalars(select(Cohort.slug).where(Cohort.slug.startswith(stem, autoescape=True)))) | RESERVED_SLUGS
    )
    return next(
        each for each in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if each not in taken
    )


def create_programme(programme: Programme, by: Person) -> Programme:
    """Keep a new programme; two of the same English title are refused."""
    programme.slug = slug_of(programme.title["en"]) or "programme"
    try:
        with session.begin_nested():
            session.add(programme)
    except IntegrityError:
        raise Refused(_("There is a programme with this English title already. Choose another title.")) from None
    audit.note(by, "programme.created", programme, new={"slug": programme.slug})
    return programme
