"""Who keeps the attendance of a cohort: its leads, and those who were appointed."""

from flask_babel import gettext as _
from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import joinedload

from lms.attendance.models import Keeper
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Lead


def kept_by(person: Person) -> Select[Cohort]:
    """The cohorts whose attendance the person keeps: those led, and those appointed to (an administrator: all)."""
    query = select(Cohort)
    if person.has(Role.ADMIN):
        return query
    led = exists().where(Lead.cohort_id == Cohort.id, Lead.person_id == person.id)
    kept = exists().where(Keeper.cohort_id == Cohort.id, Keeper.person_id == person.id)
    return query.where(or_(led, kept))


def led_by(person: Person) -> Select[Cohort]:
    """The cohorts whose timetable, rule and keepers the person decides."""
    return cohorts.led_by(person)


def of(cohort: Cohort) -> Select[Keeper]:
    """Those appointed to a cohort, by name."""
    query = select(Keeper).join(Keeper.person).where(Keeper.cohort_id == cohort.id)
    return query.options(joinedload(Keeper.person)).order_by(Person.name)


def appoint(cohort: Cohort, person: Person, by: Person) -> Keeper:
    """Let somebody keep the attendance of a cohort; who does already goes on doing so."""
    known = session.scalar(select(Keeper).where(Keeper.cohort_id == cohort.id, Keeper.person_id == person.id))
    if known is not None:
        return known
    keeper = Keeper(cohort_id=cohort.id, person_id=person.id)
    session.add(keeper)
    session.flush()
    audit.note(by, "attendance.keeper_appointed", cohort, new={"person": str(person.id)})
    return keeper


def appoint_by_email(cohort: Cohort, email: str, by: Person) -> Keeper:
    """Appoint whoever has this address. Raises Refused when nobody has, or when they are no instructor and no lead."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.closed_at.is_(None)))
    if person is None:
        raise Refused(_("Nobody has an account with this address. Invite the person first, then name them here."))
    if not person.has(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN):
        raise Refused(_("%(name)s is not an instructor. Ask an administrator for the role first.", name=person.name))
    return appoint(cohort, person, by)


def dismiss(keeper: Keeper, cohort: Cohort, by: Person) -> None:
    """Let somebody keep this attendance no longer; what they stamped stays theirs."""
    audit.note(by, "attendance.keeper_dismissed", cohort, old={"person": str(keeper.person_id)})
    session.execute(delete(Keeper).where(Keeper.id == keeper.id))
