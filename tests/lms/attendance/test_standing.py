"""Rates of a cohort from its rows: who counts from when until when, by which rule, and with how many queries."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.attendance import corrections, examples, register, rules, standing, timetables, warning
from lms.attendance.arithmetic import Danger, State
from lms.attendance.models import AttendanceWarning, CorrectionKind, MeetingState
from lms.attendance.register import FIRST_RULE
from lms.attendance.terms import Before, Excused, Marks, Terms
from lms.kit import clock
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.pipeline.models import LeavingReason, Stage, Traineeship
from lms.pipeline.traineeships import advance
from tests import make
from tests.lms.attendance import making

AFTER = making.at("9:00", date(2026, 11, 26))


def states(cohort, person) -> str:
    """A letter for each session that counts for somebody; a dot for one that is ahead or not recorded."""
    book = register.of([cohort.id])[cohort.id]
    return "".join(outcome.state.value[0] if outcome else "." for _slot, outcome in book.days_of(person.id))


def test_what_everybodys_days_were():
    cohort = making.cohort()
    there, away = making.trainee(cohort), making.trainee(cohort)
    for meeting, came in zip(making.meetings(cohort, 4), ("9:00", "9:30", "9:00", ""), strict=True):
        if came:
            making.there(meeting, there, came)
    with clock.at(AFTER):
        assert (states(cohort, there), states(cohort, away)) == ("plp.", "aaa.")
        found = standing.rates_of(cohort.id)
    assert found[there.id].so_far == 1
    assert (found[away.id].so_far, found[away.id].at_best, found[away.id].cannot_reach) == (0, 0.25, True)


def test_a_session_counts_when_its_doors_have_closed():
    cohort = making.cohort()
    person = making.trainee(cohort)
    making.there(making.meeting(cohort), person)
    for hour, wanted in (("18:29", "."), ("18:30", "p")):
        with clock.at(making.at(hour)):
            assert states(cohort, person) == wanted


def test_who_joins_late_and_who_leaves():
    cohort = making.cohort()
    late, gone = making.trainee(cohort), making.trainee(cohort)
    seat = session.scalars(select(Traineeship).where(Traineeship.person_id == late.id)).one()
    seat.admitted_at = making.at("15:00", making.FIRST + timedelta(days=2))
    with clock.at(making.at("12:00", making.FIRST + timedelta(days=1))):
        own = session.scalars(select(Traineeship).where(Traineeship.person_id == gone.id)).one()
        advance(own, Stage.LEFT, by=None, reason=LeavingReason.EMPLOYED)
    for meeting in making.meetings(cohort, 4):
        making.there(meeting, late)
    with clock.at(AFTER):
        assert (states(cohort, late), states(cohort, gone)) == ("pp", "aa")
        assert standing.rates_of(cohort.id)[gone.id].final == 0
        rules.change(
            cohort,
            make.lead(cohort),
            FIRST_RULE._replace(terms=Terms(before=Before.ABSENT), valid_from=clock.today()),
            "",
        )
        assert states(cohort, late) == "aapp"


def test_a_cancelled_session_is_missed_by_nobody():
    cohort = making.cohort()
    person = making.trainee(cohort)
    first, second = making.meetings(cohort, 2)
    first.state = MeetingState.HELD
    making.there(second, person)
    with clock.at(AFTER):
        assert states(cohort, person) == "ap"
        timetables.cancel(first, make.lead(cohort), "Declared a holiday afterwards.")
        session.flush()
        assert states(cohort, person) == "p"


def test_a_day_is_judged_by_the_rule_of_that_day():
    cohort = making.cohort()
    lead, person = make.lead(cohort), making.trainee(cohort)
    meetings = making.meetings(cohort, 10)
    with clock.at(making.at("9:00", date(2026, 10, 20))):
        rules.change(cohort, lead, FIRST_RULE._replace(valid_from=making.FIRST), "Before it begins.")
    for meeting in meetings[:2]:
        making.there(meeting, person, "9:20")
    with clock.at(making.at("9:00", meetings[2].day)):
        strict = rules.newest(cohort)._replace(terms=Terms(late_after=30), valid_from=meetings[3].day)
        rules.change(cohort, lead, strict, "The bus is always late.")
    making.there(meetings[3], person, "9:20")
    with clock.at(AFTER):
        assert states(cohort, person)[:4] == "ll.p"


def test_a_rule_does_not_reach_back_and_is_not_overwritten_unseen():
    cohort = making.cohort()
    lead = make.lead(cohort)
    making.there(making.meeting(cohort), making.trainee(cohort))
    with clock.at(making.at("9:00", date(2026, 11, 4))):
        with pytest.raises(Refused):
            rules.change(cohort, lead, FIRST_RULE._replace(valid_from=making.FIRST), "Too late.")
        rules.change(cohort, lead, FIRST_RULE._replace(valid_from=clock.today()), "First.")
        with pytest.raises(Conflict):
            rules.change(cohort, lead, FIRST_RULE._replace(valid_from=clock.today()), "Second, unseen.")
    assert rules.newest(cohort).version == 1


@pytest.mark.parametrize(
    "wrong", [{"threshold": 101}, {"late_after": -1}, {"absent_share": 0}, {"per_absence": 0}, {"warn_at": 51}]
)
def test_the_database_keeps_rules_sensible(wrong):
    cohort = making.cohort()
    with pytest.raises(IntegrityError):
        rules.change(cohort, make.lead(cohort), FIRST_RULE._replace(terms=Terms(**wrong), valid_from=making.FIRST), "")
    session.rollback()


def test_the_number_of_queries_does_not_grow(queries):
    cohorts = [making.cohort() for _each in range(3)]
    for cohort in cohorts:
        people = [making.trainee(cohort) for _each in range(3)]
        for meeting in making.meetings(cohort, 5):
            for person in people:
                making.there(meeting, person)
    session.scalar(select(1))
    with clock.at(AFTER), queries() as few:
        standing.rates_of(cohorts[0].id)
    with clock.at(AFTER), queries() as many:
        found = standing.rates_of_all(each.id for each in cohorts)
    assert len(few) == len(many) == 4
    assert all(rates.so_far == 1 for rates in found[cohorts[2].id].values())


def test_an_excuse_takes_effect_when_a_second_person_accepts_it():
    cohort = making.cohort()
    lead, second, person = make.lead(cohort), make.lead(cohort), making.trainee(cohort)
    meeting = making.meeting(cohort)
    meeting.state = MeetingState.HELD
    with clock.at(AFTER):
        asked = corrections.ask(meeting, person, lead, CorrectionKind.EXCUSE, reason="Reserve duty")
        assert states(cohort, person) == "a"
        for nobody in (lead, person):
            with pytest.raises(Refused):
                corrections.decide(asked, nobody, True, "")
        corrections.decide(asked, second, True, "")
        assert states(cohort, person) == "e"
        with pytest.raises(Conflict):
            corrections.decide(asked, second, False, "No.")
        rules.change(
            cohort, lead, FIRST_RULE._replace(terms=Terms(excused=Excused.LEFT_OUT), valid_from=clock.today()), ""
        )
        assert standing.rates_of(cohort.id)[person.id].total == 0
        times = corrections.ask(
            meeting, person, person, CorrectionKind.TIMES, reason="I came after all", came=making.at("10:00").time()
        )
        corrections.decide(times, second, True, "Seen.")
        assert states(cohort, person) == "l"
    assert session.query(Letter).filter_by(to_address=person.email).count() == 2


def test_one_request_at_a_time_and_no_excuse_without_a_word():
    cohort = making.cohort()
    person, lead = making.trainee(cohort), make.lead(cohort)
    meeting = making.meeting(cohort)
    asked = corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason="A wedding")
    with pytest.raises(Conflict):
        corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason="A wedding")
    with pytest.raises(Refused):
        corrections.decide(asked, lead, False, "")
    with pytest.raises(Refused):
        corrections.ask(meeting, make.person(), lead, CorrectionKind.EXCUSE, reason="Not of this cohort")
    corrections.decide(asked, lead, False, "Not one of the reasons that are excused.")
    with clock.at(AFTER):
        assert states(cohort, person) == "."


def test_each_step_is_written_about_once():
    cohort = making.cohort()
    lead, person, careful = make.lead(cohort), making.trainee(cohort), making.trainee(cohort)
    meetings = making.meetings(cohort, 20)
    for count, wanted in ((1, []), (2, [Danger.CLOSE]), (3, []), (4, [Danger.LAST]), (5, [Danger.LOST]), (6, [])):
        making.there(meetings[count - 1], careful)
        with clock.at(making.at("20:00", meetings[count - 1].day)):
            before = session.scalars(select(AttendanceWarning.danger)).all()
            assert warning.warn(cohort) == len(wanted)
            after = session.scalars(select(AttendanceWarning.danger)).all()
        assert sorted(after) == sorted([*before, *wanted]), count
    letters = session.query(Letter)
    assert letters.filter_by(to_address=person.email).count() == 3
    assert letters.filter_by(to_address=lead.email).count() == 3
    assert letters.filter_by(to_address=careful.email).count() == 0


def test_examples_follow_the_rule(app):
    def told(terms: Terms) -> list[str]:
        with app.test_request_context(headers={"Accept-Language": "en"}):
            return [f"{each.deed} {each.counts}" for each in examples.of(terms, examples.ordinary_hours(), 40)]

    usual, strict = told(Terms()), told(Terms(late_after=0, threshold=90, marks=Marks.HALF))
    assert "You come at 09:10. Present" in usual
    assert "You come at 09:11. Came late" in usual
    assert "You come at 14:00. Absent: 50% of the session is missing" in usual
    assert "You leave at 17:49. Left early" in usual
    assert (
        "You come late 3 times, and are there for all of 40 sessions. As if you had missed 1: attendance 97.5%" in usual
    )
    assert "You miss 8 of 40 sessions. Attendance 80.0%: just enough" in usual
    assert "You miss 9 of 40 sessions. Attendance at most 77.5%: it can no longer be reached" in usual
    assert "You come at 09:01. Came late" in strict
    assert "You miss 5 of 40 sessions. Attendance at most 87.5%: it can no longer be reached" in strict
    assert (
        "You come late 3 times, and are there for all of 40 sessions. As if you had missed 1.5: attendance 96.2%"
        in strict
    )


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word(app, state):
    with app.test_request_context():
        assert examples._state(state)
