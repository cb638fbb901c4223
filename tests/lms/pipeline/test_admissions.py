"""Seats: never oversold, also by two at once; a seat given back goes to the next in line, with a letter."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry, Person, Role
from lms.pipeline import admissions, cohorts
from lms.pipeline.models import Application, Cohort, LeavingReason, Stage, StageEvent, Traineeship
from tests import make


def letters_to(person):
    return session.scalars(select(Letter).where(Letter.to_address == person.email).order_by(Letter.id)).all()


def test_admitting_makes_a_traineeship_a_ledger_line_and_a_letter():
    cohort = make.cohort(seats=1)
    lead, sent = make.lead(cohort), make.application(cohort)
    taking_part = admissions.admit(sent, lead, "Bring a laptop.")
    assert (sent.stage, taking_part.stage, taking_part.application_id) == (Stage.ADMITTED, Stage.ADMITTED, sent.id)
    assert cohorts.seats_left(cohort) == 0
    moves = select(func.count()).where(StageEvent.person_id == sent.person_id, StageEvent.stage == Stage.ADMITTED)
    assert session.scalar(moves) == 1
    (letter,) = letters_to(sent.person)
    assert "Bring a laptop." in letter.text
    assert f"/applications/{sent.id}" in letter.text
    assert session.scalar(select(AuditEntry.deed).where(AuditEntry.subject_id == sent.id)) == "application.admitted"


def test_letters_speak_the_persons_language():
    cohort = make.cohort()
    lead = make.lead(cohort)
    korean = make.application(cohort, make.person(Role.TRAINEE, name="오하람", language="ko"))
    english = make.application(cohort, make.person(Role.TRAINEE, name="Ada", language="en"))
    admissions.decline(korean, lead)
    admissions.decline(english, lead)
    assert cohort.title["ko"] in letters_to(korean.person)[0].subject
    assert letters_to(english.person)[0].subject == f"About your application to {cohort.title['en']}"


def test_no_seat_is_given_that_is_not_there():
    cohort = make.cohort(seats=1)
    lead, first, second = make.lead(cohort), make.application(cohort), make.application(cohort)
    admissions.admit(first, lead)
    with pytest.raises(admissions.Full):
        admissions.admit(second, lead)
    assert (second.stage, cohorts.seats_taken([cohort.id])) == (Stage.APPLIED, {cohort.id: 1})
    assert letters_to(second.person) == []


def test_two_leads_at_once_never_give_the_same_seat(app):
    """Real threads with sessions of their own, let go at the same moment, over and over for the last seat."""
    cohort = make.cohort(seats=3)
    make.traineeship(cohort)
    make.traineeship(cohort)
    lead = make.lead(cohort)
    keys = [make.application(cohort).id for _ in range(4)]
    session.commit()
    start, outcomes = threading.Barrier(len(keys)), []

    def admit(key):
        with app.app_context():
            try:
                start.wait(timeout=20)
                with db.transaction():
                    admissions.admit(session.get_one(Application, key), session.get_one(Person, lead.id))
                outcomes.append("admitted")
            except admissions.Full:
                outcomes.append("full")
            finally:
                session.remove()

    threads = [threading.Thread(target=admit, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["admitted", "full", "full", "full"]
    assert cohorts.seats_taken([cohort.id]) == {cohort.id: 3}


def test_the_same_application_admitted_twice_takes_one_seat():
    cohort = make.cohort(seats=5)
    lead, sent = make.lead(cohort), make.application(cohort)
    admissions.admit(sent, lead)
    with pytest.raises(Refused):
        admissions.admit(sent, lead)
    assert cohorts.seats_taken([cohort.id]) == {cohort.id: 1}


def full_cohort_with_line(**more):
    cohort = make.cohort(seats=1, **more)
    lead = make.lead(cohort)
    taking_part = admissions.admit(make.application(cohort), lead)
    second, first = make.application(cohort), make.application(cohort)
    with clock.at(clock.now() - timedelta(hours=2)):
        admissions.wait(first, lead)
    with clock.at(clock.now() - timedelta(hours=1)):
        admissions.wait(second, lead)
    return cohort, lead, taking_part, first, second


def test_a_drop_out_promotes_who_has_waited_longest_and_tells_them():
    cohort, lead, taking_part, first, second = full_cohort_with_line()
    assert [admissions.place_in_line(first), admissions.place_in_line(second)] == [1, 2]
    admissions.leave(taking_part, lead, LeavingReason.HEALTH, "Ill.")
    assert (taking_part.stage, first.stage, second.stage) == (Stage.LEFT, Stage.ADMITTED, Stage.WAITING)
    assert "A seat came free" in letters_to(first.person)[-1].subject
    assert cohorts.seats_left(cohort) == 0
    assert admissions.place_in_line(second) == 1
    assert session.scalar(select(Traineeship.stage).where(Traineeship.person_id == first.person_id)) == Stage.ADMITTED


def test_withdrawing_after_admission_gives_the_seat_back():
    _cohort, _lead, taking_part, first, _second = full_cohort_with_line()
    sent = session.get_one(Application, taking_part.application_id)
    admissions.withdraw(sent, sent.person, LeavingReason.EMPLOYED, "")
    assert (sent.stage, taking_part.stage, first.stage) == (Stage.ADMITTED, Stage.LEFT, Stage.ADMITTED)


def test_withdrawing_from_the_line_promotes_nobody():
    cohort, _lead, taking_part, first, second = full_cohort_with_line()
    admissions.withdraw(first, first.person, LeavingReason.TIME, "")
    assert (first.stage, second.stage, taking_part.stage) == (Stage.WITHDRAWN, Stage.WAITING, Stage.ADMITTED)
    assert cohorts.seats_left(cohort) == 0


def test_nobody_is_promoted_while_no_seat_is_free_or_into_a_finished_cohort():
    cohort, lead, taking_part, first, _second = full_cohort_with_line(ends_on=date(2030, 6, 30))
    assert admissions.promote_next(cohort, lead) is None
    with clock.at(datetime(2031, 1, 1, tzinfo=UTC)):
        admissions.leave(taking_part, lead, LeavingReason.OTHER)
    assert first.stage == Stage.WAITING


def test_seats_taken_away_later_are_not_given_again():
    cohort, lead, taking_part, first, _second = full_cohort_with_line()
    cohort.seats = 2
    session.flush()
    assert admissions.promote_next(cohort, lead) is first
    cohort.seats = 1
    session.flush()
    assert cohorts.seats_left(cohort) == 0
    admissions.leave(taking_part, lead, LeavingReason.MOVED)
    assert session.scalar(select(func.count()).select_from(Traineeship).where(Traineeship.stage == Stage.ADMITTED)) == 1


def test_declined_can_be_looked_at_again():
    cohort = make.cohort()
    lead, sent = make.lead(cohort), make.application(cohort)
    admissions.decline(sent, lead)
    admissions.admit(sent, lead)
    assert sent.stage == Stage.ADMITTED


def test_the_cohort_in_hand_is_read_anew_under_the_lock():
    cohort = make.cohort(seats=1)
    session.commit()
    with db.elsewhere("another"), db.transaction():
        session.get_one(Cohort, cohort.id).seats = 7
    assert cohorts.locked(cohort.id).seats == 7
