"""Several sessions excused for one reason: asked for at once, decided at once, each one shown."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from lms.attendance import corrections, keepers, register, stamping
from lms.attendance.models import AttendanceCorrection, CorrectionKind, MeetingState
from lms.attendance.stamping import Span
from lms.kit import clock
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people.models import Role
from tests import make
from tests.lms.attendance import making

EVENING = making.at("20:00", making.FIRST + timedelta(days=3))
FIRST, LAST = making.FIRST.isoformat(), (making.FIRST + timedelta(days=4)).isoformat()


def states(cohort, person) -> str:
    book = register.of([cohort.id])[cohort.id]
    return "".join(outcome.state[0] if outcome else "." for _slot, outcome in book.days_of(person.id))


@pytest.fixture
def world():
    """Five sessions, of which three were held; the person was there on the first day only."""
    cohort = making.cohort()
    person, other = making.trainee(cohort), making.trainee(cohort)
    meetings = making.meetings(cohort, 5)
    for meeting in meetings[:3]:
        making.there(meeting, other)
    making.there(meetings[0], person)
    return cohort, person, meetings


def test_several_sessions_are_asked_for_with_one_file_and_decided_one_by_one(browser, world):
    cohort, person, meetings = world
    lead = make.lead(cohort)
    with clock.at(EVENING):
        browser.sign_in(person).open("attendance.excuse", cohort_id=cohort.id)
        assert "Give the first and the last day." in browser.text
        browser.open("attendance.excuse", cohort_id=cohort.id, query={"first": FIRST, "last": LAST})
        assert browser.html.count('name="sessions"') == 5
        given = {
            "sessions": [str(each.id) for each in meetings[1:4]],
            "reason": "Reserve duty",
            "file": (BytesIO(b"%PDF-1.7"), "summons.pdf"),
        }
        there = {"cohort_id": cohort.id, "first": FIRST, "last": LAST}
        browser.post("attendance.send_excuse", given, **there)
        head = session.scalars(select(AttendanceCorrection).where(AttendanceCorrection.part_of_id.is_(None))).one()
        assert [each.meeting_id for each in head.sessions] == [each.id for each in meetings[1:4]]
        assert len({each.file_id for each in head.sessions}) == session.query(StoredFile).count() == 1
        assert states(cohort, person) == "paa.."

        browser.sign_out().sign_in(lead).open("attendance.waiting")
        assert "1 request" in browser.text
        browser.open("attendance.requests")
        assert "3 sessions" in browser.text
        assert browser.html.count('name="session"') == 3
        ticked = [str(head.sessions[0].id), str(head.sessions[2].id)]
        browser.post("attendance.decide", {"deed": "accept", "session": ticked}, request_id=head.id, status=422)
        assert "Say why these sessions are not accepted" in browser.text
        assert states(cohort, person) == "paa.."
        said = {"deed": "accept", "session": ticked, "answer": "Not in the letter."}
        browser.post("attendance.decide", said, request_id=head.id)
        assert states(cohort, person) == "pea.."
    assert [each.accepted for each in head.sessions] == [True, False, True]
    assert {each.decided_by_id for each in head.sessions} == {lead.id}
    letter = session.query(Letter).filter_by(to_address=person.email).one()
    assert "3 sessions" in letter.subject
    assert letter.text.count("excused\n") == 2
    assert "not accepted" in letter.text
    assert "Not in the letter." in letter.text


def test_only_sessions_that_can_be_excused_are_taken_and_all_or_none(browser, world):
    cohort, person, meetings = world
    other_cohorts = making.meeting(making.cohort())
    address = {"cohort_id": cohort.id, "first": FIRST, "last": LAST}
    with clock.at(EVENING):
        browser.sign_in(person)
        for wrong in ([], [str(meetings[0].id)], [str(other_cohorts.id), str(meetings[1].id)], ["x"]):
            browser.post("attendance.send_excuse", {"sessions": wrong, "reason": "Ill"}, status=422, **address)
        assert session.query(AttendanceCorrection).count() == 0
        corrections.ask(meetings[2], person, person, CorrectionKind.EXCUSE, reason="Ill")
        session.commit()
        with pytest.raises(Conflict, match=r"11월 4일|4 Nov|11\. 4"), session.begin_nested():
            corrections.ask_for_several(meetings[1:4], person, person, reason="Ill")
        with pytest.raises(Refused):
            corrections.ask_for_several([], person, person, reason="Ill")
    assert session.query(AttendanceCorrection).count() == 1


def test_a_keeper_asks_for_somebody_and_a_part_cannot_be_decided_alone(browser, world):
    cohort, person, meetings = world
    instructor, lead = make.person(Role.INSTRUCTOR), make.lead(cohort)
    keepers.appoint(cohort, instructor, lead)
    address = {"cohort_id": cohort.id, "person_id": person.id, "first": FIRST, "last": LAST}
    given = {"sessions": [str(each.id) for each in meetings[1:3]], "reason": "In hospital"}
    with clock.at(EVENING):
        browser.sign_in(instructor).post("attendance.send_excuse_for", given, **address)
        part = session.scalars(select(AttendanceCorrection).where(AttendanceCorrection.part_of_id.is_not(None))).one()
        head = session.get_one(AttendanceCorrection, part.part_of_id)
        browser.post("attendance.decide", {"deed": "accept"}, request_id=head.id, status=422)
        browser.sign_out().sign_in(lead).post("attendance.decide", {"deed": "accept"}, request_id=part.id, status=404)
        everything = {"deed": "accept", "session": [str(each.id) for each in head.sessions]}
        browser.post("attendance.decide", everything, request_id=head.id)
    assert states(cohort, person).startswith("p")
    assert part.accepted is True


def test_an_excuse_makes_nobody_else_absent():
    """A session that nobody recorded stays so, although one day of it was excused afterwards."""
    cohort = making.cohort()
    person, other, lead = making.trainee(cohort), making.trainee(cohort), make.lead(cohort)
    meeting = making.meeting(cohort)
    with clock.at(EVENING):
        asked = corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason="Ill")
        corrections.decide(asked, lead, True, "")
        assert (states(cohort, person), states(cohort, other)) == (".", ".")
        meeting.state = MeetingState.HELD
        session.flush()
        assert (states(cohort, person), states(cohort, other)) == ("e", "a")


def test_times_of_one_do_not_make_a_session_held_that_nobody_recorded():
    cohort = making.cohort()
    person, other, lead = making.trainee(cohort), making.trainee(cohort), make.lead(cohort)
    meeting = making.meeting(cohort)
    with clock.at(EVENING):
        came = making.at("9:00").time()
        asked = corrections.ask(meeting, person, person, CorrectionKind.TIMES, reason="I was there", came=came)
        with pytest.raises(Refused):
            corrections.decide(asked, lead, True, "")
        assert (states(cohort, person), states(cohort, other)) == (".", ".")
        stamping.by_list(meeting, lead, {other.id: (Span(), stamping.whole(meeting))})
        corrections.decide(asked, lead, True, "")
        assert (states(cohort, person), states(cohort, other)) == ("e", "p"), "came, and was not stamped out"
