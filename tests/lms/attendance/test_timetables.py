"""Timetables: holidays are skipped, a new plan shows its difference first, and what was stamped stays."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.attendance import corrections, days_off, timetables
from lms.attendance.models import CorrectionKind, Holiday, Meeting, MeetingState, Stamp, TimetablePattern
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from tests import make
from tests.lms.attendance import making

BEFORE = making.at("9:00", date(2026, 10, 1))


def apply(cohort, by):
    return timetables.apply(cohort, by, timetables.difference(cohort).digest)


def days(cohort, state: MeetingState | None = None) -> list[date]:
    query = timetables.meetings_of(cohort)
    return [each.day for each in session.scalars(query if state is None else query.where(Meeting.state == state))]


def test_public_holidays_and_their_substitutes_are_skipped():
    cohort = make.cohort(starts_on=date(2026, 9, 21), ends_on=date(2026, 10, 9))
    lead = make.lead(cohort)
    making.pattern(cohort, 0, 1, 2, 3, 4)
    with clock.at(making.at("9:00", date(2026, 9, 1))):
        apply(cohort, lead)
    # 추석 24.–26. 9., the substitute for 개천절 on Monday 5. 10., 한글날 on Friday 9. 10.
    assert days(cohort) == [
        *(date(2026, 9, day) for day in (21, 22, 23, 28, 29, 30)), *(date(2026, 10, day) for day in (1, 2, 6, 7, 8)),
    ]  # fmt: skip


def test_a_leap_day_is_planned():
    cohort = make.cohort(starts_on=date(2028, 2, 28), ends_on=date(2028, 3, 1))
    making.pattern(cohort, 0, 1, 2)
    with clock.at(BEFORE):
        apply(cohort, make.lead(cohort))
    assert days(cohort) == [date(2028, 2, 28), date(2028, 2, 29)]  # the 1st of March is 삼일절


def test_a_holiday_declared_later_cancels_and_keeps_the_stamps():
    cohort = making.cohort()
    lead, person = make.lead(cohort), making.trainee(cohort)
    making.pattern(cohort, 0, 2)
    with clock.at(BEFORE):
        apply(cohort, lead)
    first = session.scalars(timetables.meetings_of(cohort)).first()
    making.there(first, person)
    with clock.at(making.at("9:00", date(2026, 11, 10))):
        for day in (date(2026, 11, 2), date(2026, 11, 11)):
            days_off.declare(day, Words(ko="임시 공휴일", en="Special holiday"), lead, is_closed=True)
        seen = timetables.difference(cohort)
        assert [meeting.day for meeting, _name in seen.closed] == [date(2026, 11, 2), date(2026, 11, 11)]
        assert days(cohort, MeetingState.CANCELLED) == []  # nothing happens before it was seen
        timetables.apply(cohort, lead, seen.digest)
    assert days(cohort, MeetingState.CANCELLED) == [date(2026, 11, 2), date(2026, 11, 11)]
    assert first.cancelled_reason == "임시 공휴일"
    assert len(session.scalars(select(Stamp)).all()) == 2


def test_a_withdrawn_holiday_brings_its_sessions_back():
    cohort = making.cohort()
    lead, person = make.lead(cohort), making.trainee(cohort)
    making.pattern(cohort, 0, 2)
    with clock.at(BEFORE):
        apply(cohort, lead)
        making.there(session.scalars(timetables.meetings_of(cohort)).first(), person)
        holidays = [
            days_off.declare(day, Words(en="Off"), lead, is_closed=True)
            for day in (date(2026, 11, 2), date(2026, 11, 4))
        ]
        apply(cohort, lead)
        for each in holidays:
            days_off.withdraw(each, lead)
        assert apply(cohort, lead).count == 2
    assert days(cohort, MeetingState.CANCELLED) == []
    assert days(cohort, MeetingState.HELD) == [date(2026, 11, 2)]


def test_the_hub_may_be_open_on_a_public_holiday():
    cohort = make.cohort(starts_on=date(2026, 12, 21), ends_on=date(2026, 12, 25))
    lead = make.lead(cohort)
    making.pattern(cohort, 4)
    with clock.at(BEFORE):
        assert timetables.difference(cohort).count == 0
        days_off.declare(date(2026, 12, 25), Words(en="Open"), lead, is_closed=False)
        apply(cohort, lead)
    assert days(cohort) == [date(2026, 12, 25)]


def test_only_untouched_days_ahead_change_with_the_days_of_the_week():
    cohort = making.cohort()
    lead, person = make.lead(cohort), making.trainee(cohort)
    making.pattern(cohort, 0)
    with clock.at(BEFORE):
        apply(cohort, lead)
    second = session.scalars(timetables.meetings_of(cohort).where(Meeting.day == date(2026, 11, 9))).one()
    making.there(second, person, "9:00", "")
    with clock.at(making.at("12:00", date(2026, 11, 5))):
        extra = timetables.add(
            cohort,
            lead,
            timetables.Planned(
                date(2026, 11, 21),
                making.at("9:00", date(2026, 11, 21)),
                making.at("12:00", date(2026, 11, 21)),
                None,
                None,
                "",
            ),
        )
        before = timetables.pattern_digest(session.scalars(timetables.pattern_of(cohort)))
        new = [TimetablePattern(weekday=each, starts=time(10), ends=time(17), place="") for each in (0, 3)]
        timetables.set_pattern(cohort, lead, new, before)
        found = apply(cohort, lead)
    assert [each.day for each in found.added] == [date(2026, 11, day) for day in (5, 12, 19, 26) if day != 5]
    assert [meeting.day for meeting, _to in found.moved] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert found.removed == []
    assert extra.state is MeetingState.PLANNED
    starts = {
        each.day: each.starts_at.astimezone(clock.SEOUL).hour
        for each in session.scalars(timetables.meetings_of(cohort))
    }
    assert [starts[date(2026, 11, day)] for day in (2, 9, 16)] == [9, 9, 10]


def test_days_that_are_taught_no_more_go_unless_something_was_asked_about_them():
    cohort = making.cohort()
    lead, person = make.lead(cohort), making.trainee(cohort)
    making.pattern(cohort, 0, 2)
    with clock.at(BEFORE):
        apply(cohort, lead)
        asked = session.scalars(timetables.meetings_of(cohort).where(Meeting.day == date(2026, 11, 4))).one()
        corrections.ask(asked, person, person, CorrectionKind.EXCUSE, reason="Reserve duty")
        shown = timetables.pattern_digest(session.scalars(timetables.pattern_of(cohort)))
        timetables.set_pattern(
            cohort, lead, [TimetablePattern(weekday=0, starts=time(9), ends=time(18), place="302")], shown
        )
        assert [each.day.weekday() for each in apply(cohort, lead).removed] == [2] * 3
    assert [each for each in days(cohort) if each.weekday() == 2] == [asked.day]


def test_only_what_was_seen_is_applied():
    cohort = making.cohort()
    lead = make.lead(cohort)
    making.pattern(cohort, 0)
    with clock.at(BEFORE):
        seen = timetables.difference(cohort)
        days_off.declare(date(2026, 11, 9), Words(en="Off"), lead, is_closed=True)
        with pytest.raises(Conflict):
            timetables.apply(cohort, lead, seen.digest)
    assert days(cohort) == []


def test_two_leads_do_not_overwrite_each_others_days():
    cohort = making.cohort()
    lead = make.lead(cohort)
    empty = timetables.pattern_digest([])
    timetables.set_pattern(cohort, lead, [TimetablePattern(weekday=0, starts=time(9), ends=time(18), place="")], empty)
    with pytest.raises(Conflict):
        timetables.set_pattern(cohort, lead, [], empty)
    assert len(session.scalars(timetables.pattern_of(cohort)).all()) == 1


def test_a_session_is_cancelled_and_reinstated_by_hand():
    cohort = making.cohort()
    lead = make.lead(cohort)
    meeting = making.meeting(cohort)
    timetables.cancel(meeting, lead, "The room was flooded.")
    with pytest.raises(Refused):
        timetables.cancel(meeting, lead, "Twice.")
    with clock.at(BEFORE):
        assert timetables.difference(cohort).reopened == []  # a plan takes no decision of a person back
    timetables.reinstate(meeting, lead)
    assert (meeting.state, meeting.cancelled_reason) == (MeetingState.PLANNED, "")
    with pytest.raises(Refused):
        timetables.reinstate(meeting, lead)


def test_a_day_has_one_session_inside_the_cohorts_dates():
    cohort = making.cohort()
    lead = make.lead(cohort)
    making.meeting(cohort)
    for day in (making.FIRST, date(2026, 12, 1)):
        one = timetables.Planned(day, making.at("9:00", day), making.at("10:00", day), None, None, "")
        with pytest.raises(Refused):
            timetables.add(cohort, lead, one)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": making.at("9:00")},
        {"pause_from": making.at("12:00")},
        {"pause_from": making.at("8:00"), "pause_until": making.at("10:00")},
        {"state": MeetingState.CANCELLED},
        {"cancelled_reason": "why"},
        {"for_holiday": True},
    ],
)
def test_the_database_keeps_sessions_whole(wrong):
    cohort = making.cohort()
    with pytest.raises(IntegrityError):
        making.meeting(cohort, **wrong)
    session.rollback()


def test_a_day_is_declared_once():
    admin = make.admin()
    days_off.declare(making.FIRST, Words(en="Off"), admin, is_closed=True)
    with pytest.raises(Conflict):
        days_off.declare(making.FIRST, Words(en="Off"), admin, is_closed=True)
    days_off.withdraw(session.scalars(days_off.declared()).one(), admin)
    days_off.declare(making.FIRST, Words(en="Off again"), admin, is_closed=True)
    assert len(session.scalars(select(Holiday)).all()) == 2
