"""Makers for the tests of issued certificates."""

from uuid import UUID

from certificates import documents, issuing, issuing_rules
from certificates.issue_models import IssuingRule
from certificates.models import Certificate
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment
from lms.kit import jobs
from lms.kit.db import session
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort, Stage, Traineeship
from tests import make


def one_is_enough(cohort: Cohort, **more: object) -> IssuingRule:
    """The programme's rule from now on: one person issues alone."""
    version = issuing_rules.of_cohort(cohort.id).version + 1
    given = {"needs_second_person": False, **more}
    return make.add(IssuingRule(programme_id=cohort.programme_id, version=version, **given))


def completed(cohort: Cohort | None = None, **person: object) -> Traineeship:
    """A traineeship that is complete and has no certificate yet. Where no rule was set, one person may issue it alone."""
    taking_part = make.traineeship(
        cohort or make.cohort(), make.person(Role.TRAINEE, **person) if person else None, stage=Stage.COMPLETED
    )
    make.completion(taking_part)
    if not issuing_rules.of_cohort(taking_part.cohort_id).version:
        one_is_enough(taking_part.cohort)
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


def course_completed(enrolment: Enrolment) -> Completion:
    """That the course of an enrolment was completed, by the first version of its rule."""
    course_id = enrolment.offering.course_id
    first = session.query(CompletionRule).filter_by(version=1, course_id=course_id).one_or_none()
    rule = first or make.add(CompletionRule(version=1, course_id=course_id))
    return make.add(Completion(person_id=enrolment.person_id, enrolment_id=enrolment.id, rule=rule, evidence={}))


def print_now(certificate_id: UUID) -> None:
    documents.render_certificate(str(certificate_id))


def all_jobs() -> int:
    session.commit()
    return jobs.perform_all()
