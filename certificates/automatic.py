"""Automatic issue: whoever completes what the rule names gets the certificate without anybody asking for it."""

import logging
from uuid import UUID

from sqlalchemy import Select, select

from certificates import issuing, issuing_rules, keys
from certificates.issue_models import ForCourses
from certificates.models import Certificate
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit import db, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.pipeline.models import Cohort, Programme, Stage, Traineeship

log = logging.getLogger("lms.certificates")


@jobs.on("programme_completed")
def issue_on_completion(traineeship_id: str) -> None:
    """Issue where the programme's rule says so, in the name of whoever set the rule. Twice has the effect of once.

    Somebody to whom nothing can be issued (a name that is not approved, letters that cannot be printed) stands on the
    cohort's page with the reason. Without a signing key the job fails, and is tried again later.
    """
    with db.transaction():
        taking_part = session.get(Traineeship, UUID(traineeship_id))
        if taking_part is None:
            return
        rule = issuing_rules.of(taking_part)
        if not rule.automatic or rule.set_by is None:
            return
        keys.current()
        try:
            issuing.issue_by_rule(taking_part, rule.set_by)
        except Refused as refused:
            log.info("Nothing is issued for traineeship %s by itself: %s", traineeship_id, refused.sentence)
    jobs.committed()


@jobs.on("course_completed")
def issue_on_course_completion(enrolment_id: str) -> None:
    """The same for a single course, where the programme's rule gives each of them a certificate of its own."""
    with db.transaction():
        enrolment = session.get(Enrolment, UUID(enrolment_id))
        if enrolment is None:
            return
        rule = issuing_rules.of(enrolment.traineeship)
        if rule.for_courses is not ForCourses.AUTOMATIC or rule.set_by is None:
            return
        keys.current()
        try:
            issuing.issue_by_rule(enrolment, rule.set_by)
        except Refused as refused:
            log.info("Nothing is issued for enrolment %s by itself: %s", enrolment_id, refused.sentence)
    jobs.committed()


@jobs.on("name_approved")
def issue_on_approval(person_id: str) -> None:
    """The same for somebody whose certificate waited for the approval of the name."""
    waiting = select(Traineeship.id).where(
        Traineeship.person_id == UUID(person_id), Traineeship.stage == Stage.COMPLETED
    )
    courses = _without_certificate().where(Completion.person_id == UUID(person_id))
    programmes, single = session.scalars(waiting).all(), session.scalars(courses).all()
    for key in programmes:
        session.rollback()
        issue_on_completion(str(key))
    for key in single:
        session.rollback()
        issue_on_course_completion(str(key))


def catch_up(programme: Programme) -> int:
    """Ask for the certificates of those who completed before the rule said so; returns for how many."""
    rule = issuing_rules.current(programme.id)
    asked = _ask_for_programme(programme) if rule.automatic else 0
    return asked + (_ask_for_courses(programme) if rule.for_courses is ForCourses.AUTOMATIC else 0)


def _ask_for_programme(programme: Programme) -> int:
    waiting = (
        select(Traineeship.id)
        .join(Cohort, Cohort.id == Traineeship.cohort_id)
        .where(Cohort.programme_id == programme.id, Traineeship.stage == Stage.COMPLETED)
        .order_by(Traineeship.id)
    )
    keys_of_waiting = session.scalars(waiting).all()
    for key in keys_of_waiting:
        jobs.later(issue_on_completion, traineeship_id=str(key))
    return len(keys_of_waiting)


def _ask_for_courses(programme: Programme) -> int:
    cohorts = select(Cohort.id).where(Cohort.programme_id == programme.id)
    waiting = _without_certificate().where(Offering.cohort_id.in_(cohorts))
    keys_of_waiting = session.scalars(waiting.order_by(Completion.decided_at, Completion.id)).all()
    for key in keys_of_waiting:
        jobs.later(issue_on_course_completion, enrolment_id=str(key))
    return len(keys_of_waiting)


def _without_certificate() -> Select[UUID]:
    """The enrolments whose course was completed and has no certificate."""
    issued = select(Certificate.id).where(Certificate.completion_id == Completion.id)
    completed = select(Enrolment.id).join(Completion, Completion.enrolment_id == Enrolment.id)
    return completed.join(Offering, Offering.id == Enrolment.offering_id).where(~issued.exists())
