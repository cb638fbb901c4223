"""Every night: who came nearer to failing the rule of attendance is written to, once for each step."""

from uuid import UUID

from sqlalchemy import select

from lms.attendance import keepers, letters, register
from lms.attendance.arithmetic import Danger, Rates, danger
from lms.attendance.models import AttendanceWarning
from lms.attendance.register import Register
from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort


@jobs.nightly
def warn_about_attendance() -> None:
    """Look at each running cohort in a transaction of its own."""
    today = clock.today()
    running = select(Cohort.id).where(Cohort.starts_on <= today, Cohort.ends_on >= today)
    ids = list(session.scalars(running))
    session.rollback()
    for cohort_id in ids:
        with db.transaction():
            warn(session.get_one(Cohort, cohort_id))
        jobs.committed()


def warn(cohort: Cohort) -> int:
    """Write to those of a cohort who were not told yet how near they are, and to its keepers; returns to how many."""
    book = register.of([cohort.id])[cohort.id]
    near = _near(book)
    told = select(AttendanceWarning.person_id, AttendanceWarning.danger).where(AttendanceWarning.cohort_id == cohort.id)
    known = {(row.person_id, row.danger) for row in session.execute(told)}
    fresh = {key: found for key, found in near.items() if (key, found[0]) not in known}
    people = session.scalars(select(Person).where(Person.id.in_(fresh)).order_by(Person.name)).all()
    for person in people:
        how, rates = fresh[person.id]
        session.add(
            AttendanceWarning(cohort_id=cohort.id, person_id=person.id, danger=how, absences_left=rates.absences_left)
        )
        letters.warned(person, cohort, how, rates, book.rule.terms)
    if people:
        _tell_keepers(cohort, [(person.name, fresh[person.id][0]) for person in people])
    return len(people)


def _near(book: Register) -> dict[UUID, tuple[Danger, Rates]]:
    """Who takes part and is in danger."""
    terms, found = book.rule.terms, {}
    for person_id, seat in book.seats.items():
        rates = book.rates_of(person_id)
        if seat.left_at is None and (how := danger(rates, terms)):
            found[person_id] = (how, rates)
    return found


def _tell_keepers(cohort: Cohort, lines: list[tuple[str, Danger]]) -> None:
    appointed = [each.person for each in session.scalars(keepers.of(cohort))]
    leads = [each.person for each in session.scalars(cohorts.leads_of(cohort))]
    for person in {each.id: each for each in [*leads, *appointed]}.values():
        letters.keepers_told(person, cohort, lines)
