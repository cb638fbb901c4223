"""Makers for the tests of issued certificates."""

from uuid import UUID

from certificates import documents, issuing
from certificates.models import Certificate
from lms.kit import jobs
from lms.kit.db import session
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort, Stage, Traineeship
from tests import make


def completed(cohort: Cohort | None = None, **person: object) -> Traineeship:
    """A traineeship that is complete and has no certificate yet."""
    taking_part = make.traineeship(
        cohort or make.cohort(), make.person(Role.TRAINEE, **person) if person else None, stage=Stage.COMPLETED
    )
    make.completion(taking_part)
    return taking_part


def issued(cohort: Cohort | None = None, by: Person | None = None, **person: object) -> Certificate:
    """A certificate whose document is still to be printed."""
    taking_part = completed(cohort, **person)
    certificate = issuing.issue(taking_part, by or make.lead(taking_part.cohort))
    session.flush()
    return certificate


def printed(cohort: Cohort | None = None, by: Person | None = None, **person: object) -> Certificate:
    """A certificate with its document, printed by the job."""
    certificate = issued(cohort, by, **person)
    session.commit()
    print_now(certificate.id)
    session.refresh(certificate)
    return certificate


def print_now(certificate_id: UUID) -> None:
    documents.render_certificate(str(certificate_id))


def all_jobs() -> int:
    session.commit()
    return jobs.perform_all()
