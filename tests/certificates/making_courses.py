"""Makers for the tests of certificates for single courses."""

from certificates import issuing
from certificates.issue_models import ForCourses
from certificates.models import Certificate
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort, Stage
from tests import make
from tests.certificates.making import course_completed, one_is_enough, print_now


def with_courses(cohort: Cohort | None = None, **more: object) -> Offering:
    """A course given to a cohort whose programme has certificates for single courses. One person may issue them."""
    cohort = cohort or make.cohort()
    one_is_enough(cohort, **{"for_courses": ForCourses.ASKED, **more})
    return make.offering(to=cohort)


def taken(offering: Offering, *, done: bool = True, stage: Stage = Stage.TRAINING, **person: object) -> Enrolment:
    """Somebody in training who takes the course, and completed it."""
    somebody = make.person(Role.TRAINEE, **person) if person else None
    enrolment = make.enrolment(offering, make.traineeship(offering.cohort, somebody, stage=stage))
    if done:
        course_completed(enrolment)
    return enrolment


def course_issued(offering: Offering | None = None, by: Person | None = None, **person: object) -> Certificate:
    """A certificate for a single course whose document is still to be printed."""
    enrolment = taken(offering or with_courses(), **person)
    certificate = issuing.issue(enrolment, by or make.lead(enrolment.offering.cohort))
    session.flush()
    return certificate


def course_printed(offering: Offering | None = None, by: Person | None = None, **person: object) -> Certificate:
    """The same with its document."""
    certificate = course_issued(offering, by, **person)
    session.commit()
    print_now(certificate.id)
    session.refresh(certificate)
    return certificate
