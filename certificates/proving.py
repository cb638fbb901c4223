"""What this room proves on a person's page for leads: each certificate, also one that was revoked or replaced."""

from collections.abc import Collection
from uuid import UUID

from certificates import certificates
from certificates.models import Certificate
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Stage
from lms.reporting import proofs
from lms.reporting.proofs import Proof


@proofs.tells
def certificates_held(person: Person, reader: Person, cohorts: Collection[UUID]) -> list[Proof]:
    """The page of each certificate of these cohorts, in the order of their numbers. One query."""
    query = certificates.led_by(reader).where(Certificate.person_id == person.id, Certificate.cohort_id.in_(cohorts))
    found = session.scalars(query.order_by(Certificate.year, Certificate.serial))
    return [
        Proof(
            each.cohort_id,
            Stage.CERTIFIED,
            certificates.number(each),
            "certificates.certificate",
            {"certificate_id": each.id},
        )
        for each in found
    ]
