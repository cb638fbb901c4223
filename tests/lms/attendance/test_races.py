"""Two at once: taps on the code page, a list and a tap, two who decide about one request."""

import threading
from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from lms.attendance import codes, corrections, stamping
from lms.attendance.models import AttendanceCorrection, CorrectionKind, How, Meeting, Stamp
from lms.attendance.stamping import Span
from lms.attendance.terms import Way
from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import Person
from tests import make
from tests.lms.attendance import making

NOON = making.at("12:00")


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """What became of each deed, done in transactions of their own at the same time."""
    start, said = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        with app.test_request_context(), clock.at(NOON):
            start.wait(timeout=20)
            try:
                with db.transaction():
                    deed()
                said.append("done")
            except (Refused, Conflict):
                said.append("refused")
            finally:
                session.remove()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    session.expire_all()
    return sorted(said)


def tap(meeting_id: UUID, person_id: UUID) -> Callable[[], object]:
    def deed() -> object:
        meeting, person = session.get_one(Meeting, meeting_id), session.get_one(Person, person_id)
        return stamping.by_code(meeting, person, Way.IN, codes.shown(meeting_id))

    return deed


def test_two_taps_are_one_stamp(app):
    meeting = making.meeting(making.cohort())
    person = making.trainee(meeting.cohort)
    session.commit()
    assert at_once(app, *[tap(meeting.id, person.id)] * 4) == ["done", "refused", "refused", "refused"]
    assert len(session.scalars(select(Stamp)).all()) == 1


def test_a_list_and_a_tap_do_not_double_anybody(app):
    meeting = making.meeting(making.cohort())
    person, lead = making.trainee(meeting.cohort), make.lead(meeting.cohort)
    session.commit()

    def keep() -> object:
        changes = {person.id: (Span(), stamping.whole(session.get_one(Meeting, meeting.id)))}
        return stamping.by_list(session.get_one(Meeting, meeting.id), session.get_one(Person, lead.id), changes)

    assert at_once(app, keep, tap(meeting.id, person.id)) == ["done", "refused"]
    stamps = session.scalars(stamping.holding(meeting)).all()
    assert {each.how for each in stamps} in ({How.CODE}, {How.LIST})


def test_two_who_decide_at_once_decide_once(app):
    meeting = making.meeting(making.cohort())
    person, leads = making.trainee(meeting.cohort), [make.lead(meeting.cohort) for _each in range(2)]
    asked = corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason="Ill")
    session.commit()

    def decide(lead_id: UUID, accepted: bool) -> Callable[[], object]:
        def deed() -> object:
            found = session.get_one(AttendanceCorrection, asked.id)
            return corrections.decide(found, session.get_one(Person, lead_id), accepted, "An answer.")

        return deed

    assert at_once(app, decide(leads[0].id, True), decide(leads[1].id, False)) == ["done", "refused"]
    session.refresh(asked)
    assert asked.accepted == (asked.decided_by_id == leads[0].id)
