"""What this room proves on a person's page for leads: what they did in each course."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.learning import offerings
from courses.learning.models import Enrolment, Offering
from lms.kit import i18n
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Stage
from lms.reporting import proofs
from lms.reporting.proofs import Proof


@proofs.tells
def courses_taken(person: Person, reader: Person, cohorts: Collection[UUID]) -> list[Proof]:
    """The learner's page of each course, in the order of the cohort. One query."""
    led = offerings.led_by(reader).with_only_columns(Offering.id)
    query = select(Enrolment).join(Enrolment.offering).options(joinedload(Enrolment.version))
    query = query.where(Enrolment.person_id == person.id, Offering.cohort_id.in_(cohorts), Offering.id.in_(led))
    query = query.options(joinedload(Enrolment.offering)).order_by(Offering.position, Offering.opens_on, Offering.id)
    return [
        Proof(
            each.offering.cohort_id,
            Stage.TRAINING,
            i18n.best(each.version.title),
            "learning.learner",
            {"offering_id": each.offering_id, "enrolment_id": each.id},
        )
        for each in session.scalars(query)
    ]
