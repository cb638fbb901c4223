"""A person in an offering: who is enrolled, and who may see it."""

from uuid import UUID

from sqlalchemy import Select, bindparam, select

from courses.learning import offerings, progress
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Stage, Traineeship

# Open: not ended, and of a traineeship that was not left.
OPEN = (
    select(Enrolment)
    .join(Traineeship, Traineeship.id == Enrolment.traineeship_id)
    .where(Enrolment.ended_at.is_(None), Traineeship.stage != Stage.LEFT)
)
ONE = OPEN.where(Enrolment.person_id == bindparam("person_id"), Enrolment.id == bindparam("enrolment_id"))


def of(person: Person) -> Select[Enrolment]:
    """The person's own open enrolments."""
    return OPEN.where(Enrolment.person_id == person.id)


def own(person: Person, enrolment_id: UUID) -> Enrolment | None:
    """One of `of`, by a statement that was written once."""
    return session.scalars(ONE, {"person_id": person.id, "enrolment_id": enrolment_id}).one_or_none()


def taught_by(person: Person) -> Select[Enrolment]:
    """Every enrolment, also ended ones, in the offerings that the person teaches."""
    return select(Enrolment).where(
        Enrolment.offering_id.in_(offerings.taught_by(person).with_only_columns(Offering.id)),
    )


def seen_by(person: Person) -> Select[Enrolment]:
    """Every enrolment, also ended ones, in the offerings that the person teaches or leads."""
    return select(Enrolment).where(
        Enrolment.offering_id.in_(offerings.visible_to(person).with_only_columns(Offering.id)),
    )


def enrol(traineeship: Traineeship) -> list[Enrolment]:
    """Enrol in all offerings of the cohort, each on the offering's version; those that exist are left as they are."""
    here = {each.offering_id: each for each in session.scalars(_of_traineeship(traineeship))}
    given = session.scalars(
        select(Offering).where(Offering.cohort_id == traineeship.cohort_id).order_by(Offering.position, Offering.id)
    )
    return [here.get(offering.id) or _begin(offering, traineeship) for offering in given]


def _of_traineeship(traineeship: Traineeship) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.traineeship_id == traineeship.id)


def _begin(offering: Offering, traineeship: Traineeship) -> Enrolment:
    enrolment = Enrolment(
        offering=offering,
        person_id=traineeship.person_id,
        traineeship=traineeship,
        version_id=offering.version_id,
    )
    session.add(enrolment)
    session.flush()
    enrolment.progress = progress.percent(enrolment)
    return enrolment
