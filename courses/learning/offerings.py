"""Who may see which offering: those who teach it, those who lead its cohort."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from courses.learning.models import Offering, Teaching
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort


def taught_by(person: Person) -> Select[Offering]:
    """The offerings in which the person teaches and marks; for an administrator all."""
    if person.has(Role.ADMIN):
        return select(Offering)
    if not person.has(Role.INSTRUCTOR):
        return select(Offering).where(false())
    return select(Offering).where(Offering.id.in_(select(Teaching.offering_id).where(Teaching.person_id == person.id)))


def led_by(person: Person) -> Select[Offering]:
    """The offerings of the cohorts that the person leads; for an administrator all."""
    return select(Offering).where(Offering.cohort_id.in_(cohorts.led_by(person).with_only_columns(Cohort.id)))


def visible_to(person: Person) -> Select[Offering]:
    """The offerings that the person teaches or leads."""
    if person.has(Role.ADMIN):
        return select(Offering)
    taught = taught_by(person).with_only_columns(Offering.id)
    led = led_by(person).with_only_columns(Offering.id)
    return select(Offering).where(Offering.id.in_(taught) | Offering.id.in_(led))


def of_cohort(cohort: Cohort) -> Select[Offering]:
    """What the cohort is given, in its order. No secret: its public page shows it."""
    whole = (joinedload(Offering.version), joinedload(Offering.course))
    return (
        select(Offering)
        .where(Offering.cohort_id == cohort.id)
        .order_by(Offering.position, Offering.opens_on, Offering.id)
        .options(*whole)
    )
