"""Automatic issue: whoever completes a programme whose rule says so gets the certificate without anybody asking for it."""

import logging
from uuid import UUID

from sqlalchemy import select

from certificates import issuing, issuing_rules, keys
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
            issuing.issue(taking_part, rule.set_by)
        except Refused as refused:
            log.info("Nothing is issued for traineeship %s by itself: %s", traineeship_id, refused.sentence)
    jobs.committed()


@jobs.on("name_approved")
def issue_on_approval(person_id: str) -> None:
    """The same for somebody whose certificate waited for the approval of the name."""
    waiting = select(Traineeship.id).where(
        Traineeship.person_id == UUID(person_id), Traineeship.stage == Stage.COMPLETED
    )
    for key in session.scalars(waiting).all():
        session.rollback()
        issue_on_completion(str(key))


def catch_up(programme: Programme) -> int:
    """Ask for the certificates of those who completed before the rule said so; returns for how many."""
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
