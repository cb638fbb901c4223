"""How many certificates of single courses a cohort has, course by course."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from certificates.models import Certificate
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.pipeline.models import Cohort


@dataclass(frozen=True)
class CourseCount:
    """One course given to a cohort: by how many it was completed, and how many of these have its certificate."""

    offering: Offering
    completed: int
    issued: int


def of(cohort: Cohort) -> Sequence[CourseCount]:
    """Every course given to the cohort in its order, in one query."""
    counted = (
        select(Offering, func.count(Completion.id.distinct()), func.count(Certificate.completion_id.distinct()))
        .outerjoin(Enrolment, Enrolment.offering_id == Offering.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
        .where(Offering.cohort_id == cohort.id)
        .group_by(Offering.id)
        .order_by(Offering.position, Offering.opens_on, Offering.id)
        .options(joinedload(Offering.version))
    )
    return [CourseCount(*row) for row in session.execute(counted)]
