"""Codes and lists: what is taken when, and that nothing of somebody else is overwritten."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.attendance import codes, stamping
from lms.attendance.models import Meeting, MeetingState, Stamp
from lms.attendance.stamping import Span
from lms.attendance.terms import Way
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from tests import make
from tests.lms.attendance import making


@pytest.fixture
def meeting() -> Meeting:
    return making.meeting(making.cohort())


def test_a_code_lives_for_seconds_with_one_window_of_grace(meeting):
    with clock.at(making.at("9:00")):
        code = codes.shown(meeting.id)
        assert len(code) == codes.LENGTH
        assert codes.until_change() == timedelta(seconds=codes.SECONDS)
    taken = []
    for seconds in range(-1, 3 * codes.SECONDS + 1):
        with clock.at(making.at("9:00") + timedelta(seconds=seconds)):
            if codes.is_taken(meeting.id, code):
                taken.append(seconds)
    assert taken == list(range(2 * codes.SECONDS))


def test_codes_differ_by_session_and_secret(app, meeting):
    other = making.meeting(making.cohort())
    with clock.at(making.at("9:00")):
        code = codes.shown(meeting.id)
        assert not codes.is_taken(other.id, code)
        assert codes.is_taken(meeting.id, f" {code[:3]} {code[3:]} ")
        assert codes.is_taken(
            meeting.id, code.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        )  # full width
        before, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another" * 6
        try:
            assert not codes.is_taken(meeting.id, code)
        finally:
            app.config["SECRET_KEY"] = before


def test_in_and_out_by_the_code(meeting):
    person = making.trainee(meeting.cohort)
    for hour, way in (("8:50", Way.IN), ("12:00", Way.OUT), ("13:00", Way.IN), ("18:29", Way.OUT)):
        with clock.at(making.at(hour)):
            stamping.by_code(meeting, person, way, codes.shown(meeting.id))
    assert [each.way for each in stamping.of_person(meeting, person)] == [Way.IN, Way.OUT, Way.IN, Way.OUT]
    assert stamping.spans(meeting) == {person.id: Span(time(8, 50), time(18, 29))}
    assert meeting.state is MeetingState.HELD


@pytest.mark.parametrize(
    "hour, way, stamped",
    [
        ("8:29", Way.IN, ""),
        ("18:00", Way.IN, ""),
        ("18:30", Way.OUT, "9:00"),
        ("10:00", Way.OUT, ""),
        ("10:00", Way.IN, "9:00"),
    ],
)
def test_only_in_the_window_and_in_turn(meeting, hour, way, stamped):
    person = making.trainee(meeting.cohort)
    if stamped:
        making.there(meeting, person, stamped, "")
    with clock.at(making.at(hour)), pytest.raises(Refused):
        stamping.by_code(meeting, person, way, codes.shown(meeting.id))
    assert len(stamping.of_person(meeting, person)) == bool(stamped)


def test_a_wrong_code_and_a_cancelled_session_take_nothing(meeting):
    person = making.trainee(meeting.cohort)
    with clock.at(making.at("9:00")):
        code = codes.shown(meeting.id)
        for wrong in ("", "abc", "000000" if code != "000000" else "111111", code + "1"):
            with pytest.raises(Refused):
                stamping.by_code(meeting, person, Way.IN, wrong)
        meeting.state, meeting.cancelled_at, meeting.cancelled_reason = MeetingState.CANCELLED, clock.now(), "Snow"
        session.flush()
        with pytest.raises(Refused):
            stamping.by_code(meeting, person, Way.IN, code)
    assert session.scalars(select(Stamp)).all() == []


def test_a_list_strikes_what_it_replaces_and_says_who(meeting):
    lead, person, other = make.lead(meeting.cohort), *(making.trainee(meeting.cohort) for _each in range(2))
    making.there(meeting, person, "9:40", "18:00")
    with clock.at(making.at("19:00")):
        seen, said = Span(time(9, 40), time(18)), Span(time(9), time(18))
        stamping.by_list(meeting, lead, {person.id: (seen, said), other.id: (Span(), Span(time(9), None))})
    assert stamping.spans(meeting) == {person.id: said, other.id: Span(time(9), None)}
    struck = session.scalars(select(Stamp).where(Stamp.struck_at.is_not(None))).all()
    assert [(each.person_id, each.struck_by_id) for each in struck] == [(person.id, lead.id)] * 2
    with clock.at(making.at("19:05")):
        stamping.by_list(meeting, lead, {other.id: (Span(time(9), None), Span())})
    assert other.id not in stamping.spans(meeting)


def test_a_list_does_not_overwrite_what_happened_meanwhile(meeting):
    lead, person, other = make.lead(meeting.cohort), *(making.trainee(meeting.cohort) for _each in range(2))
    making.there(meeting, person, "9:05", "")
    changes = {each.id: (Span(), Span(time(9), None)) for each in (person, other)}
    with clock.at(making.at("10:00")), pytest.raises(Conflict, match=person.name):
        stamping.by_list(meeting, lead, changes)
    assert stamping.spans(meeting) == {person.id: Span(time(9, 5))}


def test_who_is_on_the_list_for_the_day_needs_no_code(meeting):
    lead, person = make.lead(meeting.cohort), making.trainee(meeting.cohort)
    with clock.at(making.at("10:00")):
        stamping.by_list(meeting, lead, {person.id: (Span(), stamping.whole(meeting))})
        with pytest.raises(Refused, match="출석부"):
            stamping.by_code(meeting, person, Way.IN, codes.shown(meeting.id))
    assert stamping.spans(meeting) == {person.id: stamping.whole(meeting)}


def test_a_list_of_nobody_says_that_the_session_was_held(meeting):
    with clock.at(making.at("8:00")), pytest.raises(Refused):
        stamping.by_list(meeting, make.lead(meeting.cohort), {})
    with clock.at(making.at("19:00")):
        assert stamping.by_list(meeting, make.lead(meeting.cohort), {}) == 0
    assert meeting.state is MeetingState.HELD


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "code"},
        {"struck_at": making.at("9:00")},
        {"how": "correction"},
    ],
)
def test_the_database_keeps_stamps_whole(meeting, wrong):
    person, keeper = making.trainee(meeting.cohort), make.lead(meeting.cohort)
    given = {"way": "in", "at": making.at("9:00", date(2026, 11, 2)), "how": "list", "by_id": keeper.id, **wrong}
    with pytest.raises(IntegrityError):
        make.add(Stamp(meeting_id=meeting.id, person_id=person.id, **given))
    session.rollback()
