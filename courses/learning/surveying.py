"""Asking those who took a course how it was: a survey begins when its offering has ended, by itself."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from courses.learning.models import Offering
from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Person
from lms.pipeline.models import Traineeship
from lms.surveys import asking
from lms.surveys.models import Survey

OPEN = timedelta(days=14)  # how long people may answer
LATEST = timedelta(days=14)  # after the end; nobody is asked about a course that was brought in from years ago


def subject_of(offering: Offering) -> str:
    """By which a survey names the offering that it is about."""
    return f"offering:{offering.id}"


def of(offering: Offering) -> Select[Survey]:
    """The survey about an offering, if there is one."""
    return select(Survey).where(Survey.subject == subject_of(offering)).options(joinedload(Survey.questionnaire))


def ended() -> Select[Offering]:
    """The offerings that ended a short time ago, with people to ask."""
    today = clock.today()
    some = exists().where(Traineeship.cohort_id == Offering.cohort_id, Traineeship.stage.in_(asking.ASKED))
    whole = (joinedload(Offering.cohort), joinedload(Offering.version))
    found = select(Offering).where(Offering.closes_on < today, Offering.closes_on >= today - LATEST, some)
    return found.options(*whole).order_by(Offering.closes_on, Offering.id)


def begin(offering: Offering, by: Person | None = None) -> Survey:
    """Ask those who took part. Raises Refused as long as it runs, and where they were asked before."""
    if offering.closes_on >= clock.today():
        raise Refused(_("This course is not over yet. Its survey begins by itself on the day after the last one."))
    first = clock.today()
    return asking.begin(
        offering.cohort,
        by,
        opens_on=first,
        closes_on=first + OPEN,
        title=offering.version.title,
        subject=subject_of(offering),
    )


@jobs.nightly
def begin_surveys_of_courses() -> None:
    """Each in a transaction of its own; those that have one are left alone."""
    ids = [each.id for each in session.scalars(ended())]
    session.rollback()
    for offering_id in ids:
        with db.transaction():
            offering = session.get_one(Offering, offering_id)
            if session.scalar(of(offering).with_only_columns(Survey.id)) is None:
                begin(offering)
        jobs.committed()
