"""Employers and what they offer. They belong to the hub as a whole: whoever leads a cohort sees and keeps all of them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person, Role
from lms.placement import placements
from lms.placement.models import Employer, Opening, Placement
from lms.placement.terms import RoleKind

KEEPERS = (Role.LEAD, Role.ADMIN)
LONGEST_NAME, MOST_AT_ONCE = 120, 500


def listed(q: str = "", *, hub: bool = False) -> Select[Employer]:
    """Employers, the hub's own first, then by name."""
    query = select(Employer).order_by(Employer.in_hub.desc(), Employer.name)
    if hub:
        query = query.where(Employer.in_hub)
    if q:
        query = query.where(
            Employer.name.icontains(q, autoescape=True) | Employer.business.icontains(q, autoescape=True)
        )
    return query


def names(*, hub: bool = False) -> list[str]:
    """The names to choose from, in the order of the list."""
    return [each.name for each in session.scalars(listed(hub=hub))]


def counts(ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Employer → open seats and people placed there, in two queries."""
    wanted, today = list(ids), clock.today()
    still = (Opening.closed_at.is_(None), Opening.until.is_(None) | (Opening.until >= today))
    seats = select(Opening.employer_id, func.sum(Opening.seats)).where(Opening.employer_id.in_(wanted), *still)
    people = (
        placements.current()
        .where(Placement.employer_id.in_(wanted))
        .with_only_columns(Placement.employer_id, func.count(Placement.traineeship_id.distinct()))
    )
    open_seats = {row[0]: row[1] for row in session.execute(seats.group_by(Opening.employer_id))}
    placed = {row[0]: row[1] for row in session.execute(people.group_by(Placement.employer_id))}
    return {each: (open_seats.get(each, 0), placed.get(each, 0)) for each in wanted}


def tidy(name: str) -> str:
    return " ".join(name.split())


def find(name: str) -> Employer | None:
    """The employer of this name, whatever its capitals."""
    return session.scalar(select(Employer).where(func.lower(Employer.name) == tidy(name).lower()))


def called(name: str, by: Person) -> Employer:
    """The employer of this name; made known now, if it is not yet."""
    return find(name) or create(Employer(name=name), by)


def create(employer: Employer, by: Person) -> Employer:
    """Keep a new employer. Raises Refused when there is one of this name."""
    employer.name = tidy(employer.name)
    if not employer.name:
        raise Refused(_("Give the name of the employer."))
    if find(employer.name):
        raise Refused(
            _("There is an employer of this name already. Open that one, or give the name that tells them apart.")
        )
    employer.made_by_id = by.id
    session.add(employer)
    session.flush()
    audit.note(by, "employer.created", employer, new={"name": employer.name, "in_hub": employer.in_hub})
    return employer


def create_several(lines: str, by: Person, *, in_hub: bool) -> tuple[int, int]:
    """Keep a list of employers, one in a line: the name and, behind a tab, what it does. Returns how many are new and known.

    Those that are here already stay as they are. Raises Refused for a list without names, with too many, or too long ones.
    """
    found: dict[str, tuple[str, str]] = {}
    for line in lines.splitlines():
        name, _tab, business = line.partition("\t")
        if name := tidy(name):
            if len(name) > LONGEST_NAME:
                raise Refused(_("This name is too long: %(name)s…", name=name[:40]))
            found.setdefault(name.lower(), (name, tidy(business.replace("\t", " "))[:200]))
    if not found:
        raise Refused(_("Paste at least one name, each in a line of its own."))
    if len(found) > MOST_AT_ONCE:
        raise Refused(_("These are more than %(most)s. Paste them in portions.", most=MOST_AT_ONCE))
    known = {name.lower() for name in session.scalars(select(Employer.name))} & found.keys()
    for key, (name, business) in found.items():
        if key not in known:
            create(Employer(name=name, business=business, in_hub=in_hub), by)
    return len(found) - len(known), len(known)


def change(employer: Employer, by: Person, facts: dict[str, object], seen: int) -> None:
    """Change what is known of an employer. `seen`: the version on the screen; raises Conflict when there is a newer one."""
    if employer.version != seen:
        raise Conflict(
            _("Somebody changed this employer since you opened it. Look at what stands there now, then change it.")
        )
    name = tidy(str(facts["name"]))
    same = find(name)
    if same and same.id != employer.id:
        raise Refused(
            _("There is an employer of this name already. Open that one, or give the name that tells them apart.")
        )
    new = {key: value for key, value in (facts | {"name": name}).items() if getattr(employer, key) != value}
    old = {key: getattr(employer, key) for key in new}
    for key, value in new.items():
        setattr(employer, key, value)
    if new:
        session.flush()
        audit.note(by, "employer.changed", employer, old=old, new=new)


def offer(employer: Employer, by: Person, kind: RoleKind, title: str, seats: int, until: date | None) -> Opening:
    """Write down work that an employer offers."""
    if until and until < clock.today():
        raise Refused(_("This day is over. Give a later one, or none."))
    opening = Opening(employer=employer, kind=kind, title=title, seats=seats, until=until, made_by_id=by.id)
    session.add(opening)
    session.flush()
    audit.note(by, "opening.created", opening, new={"title": title, "seats": seats})
    return opening


def close(opening: Opening, by: Person) -> None:
    """End an opening. Raises Conflict when it was ended before."""
    session.refresh(opening, ["closed_at"], with_for_update=True)
    if opening.closed_at:
        raise Conflict(_("This opening was closed already."))
    opening.closed_at, opening.closed_by_id = clock.now(), by.id
    audit.note(by, "opening.closed", opening)
