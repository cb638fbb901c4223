"""From rows that may change tomorrow to facts that never do."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certificates import addresses, names
from certificates.facts import CourseFact, Facts
from certificates.issuers import whole
from certificates.models import Issuer
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort


def freeze(
    completion: Completion, person: Person, cohort: Cohort, issuer: Issuer, *, serial: int, code: str, day: date
) -> Facts:
    """Everything that will be printed for a completed programme or a completed course, as it reads on `day`."""
    written = names.printed(person)
    done = _course(completion.enrolment) if completion.enrolment else _programme(completion, cohort)
    return Facts(
        year=day.year,
        serial=serial,
        code=code,
        name=written.name,
        latin_name=written.latin_name,
        programme=whole(cohort.programme.title),
        cohort=whole(cohort.title),
        completed_on=completion.decided_at.astimezone(clock.SEOUL).date(),
        issued_on=day,
        issuer=whole(issuer.name),
        signatory=whole(issuer.signatory),
        signatory_title=whole(issuer.signatory_title),
        verify_url=addresses.verification(code),
        **done,
    )


def _programme(completion: Completion, cohort: Cohort) -> dict[str, Any]:
    taken = courses(completion)
    return {
        "courses": taken,
        "hours": sum(course.hours for course in taken),
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
    }


def _course(enrolment: Enrolment) -> dict[str, Any]:
    """The course in the version that the person took, with the days on which it was given."""
    version, offering = enrolment.version, enrolment.offering
    return {
        "course": whole(version.title),
        "courses": (),
        "hours": version.hours,
        "starts_on": offering.opens_on,
        "ends_on": offering.closes_on,
    }


def courses(completion: Completion) -> tuple[CourseFact, ...]:
    """The courses that the person completed in this traineeship, in the version that they took, in the cohort's order."""
    taken = (
        select(Enrolment)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(Enrolment.offering)
        .where(Enrolment.traineeship_id == completion.traineeship_id)
        .options(joinedload(Enrolment.version))
        .order_by(Offering.position, Offering.opens_on, Offering.id)
    )
    return tuple(CourseFact(whole(each.version.title), each.version.hours) for each in session.scalars(taken))
