"""What a certificate can be asked for: a whole programme that somebody took part in, or one course of it."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit.db import session
from lms.pipeline.models import Cohort, Traineeship

Earned = Traineeship | Enrolment  # the programme of a traineeship, or the course of an enrolment
Given = (
    Cohort | Offering
)  # to whom one kind of certificate is issued: a cohort, or those enrolled in one of its courses


def completion(earned: Earned) -> Completion | None:
    """The decision that the rules were met, with its rule."""
    mine = Completion.enrolment_id if isinstance(earned, Enrolment) else Completion.traineeship_id
    return session.scalar(select(Completion).where(mine == earned.id).options(joinedload(Completion.rule)))


def traineeship(earned: Earned) -> Traineeship:
    return earned.traineeship if isinstance(earned, Enrolment) else earned


def given(earned: Earned) -> Given:
    """The cohort or the offering in which it was earned."""
    return earned.offering if isinstance(earned, Enrolment) else earned.cohort


def cohort(of: Given) -> Cohort:
    return of.cohort if isinstance(of, Offering) else of


def not_completed(earned: Earned) -> str:
    if isinstance(earned, Enrolment):
        return _("%(name)s has not completed the course yet.", name=earned.person.name)
    return _("%(name)s has not completed the programme yet.", name=earned.person.name)
