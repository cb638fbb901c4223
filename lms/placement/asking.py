"""Every night: who has come into a round, and agreed to be asked, gets one letter."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.pipeline.models import Cohort, Traineeship
from lms.placement import letters, rounds
from lms.placement.arithmetic import months_after
from lms.placement.terms import ROUNDS

STILL = timedelta(days=14)  # a round that began earlier is left to people: nobody is written to about the far past


@jobs.nightly
def ask_what_became() -> None:
    """Look at each cohort that has just come into a round, in a transaction of its own."""
    ids = [each.id for each in session.scalars(select(Cohort)) if _fresh_round(each)]
    session.rollback()
    for cohort_id in ids:
        with db.transaction():
            ask(session.get_one(Cohort, cohort_id))
        jobs.committed()


def ask(cohort: Cohort) -> int:
    """Write to everybody of a cohort who was not written to in this round; returns to how many."""
    months = _fresh_round(cohort)
    if months is None:
        return 0
    people = select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.stage.in_(rounds.ASKED))
    found = session.scalars(people.options(joinedload(Traineeship.person))).all()
    known = rounds.follow_ups([each.id for each in found])
    agreed = rounds.who_agreed([each.person_id for each in found])
    count = 0
    for each in found:
        follow_up = known.get((each.id, months))
        if each.person_id in agreed and not (follow_up and (follow_up.asked_at or follow_up.contacts)):
            rounds.begin(each, months).asked_at = clock.now()
            letters.asked(each, months)
            count += 1
    return count


def _fresh_round(cohort: Cohort) -> int | None:
    """The round that began in the last fortnight."""
    today = clock.today()
    begun = (months for months in ROUNDS if today - STILL < months_after(cohort.ends_on, months) <= today)
    return next(begun, None)
