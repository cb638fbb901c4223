"""Who may open what: each refusal beside somebody who may."""

from io import BytesIO

import pytest

from courses.assignments.models import Submission
from lms.kit.db import session
from lms.people.models import Role
from tests import make


def routes(room, submission) -> list[tuple[str, dict]]:
    """Every page for staff, by endpoint."""
    here = {"submission_id": submission.id}
    return [
        ("assignments.mark", here),
        ("assignments.receipt", here),
        ("assignments.text", here),
        ("assignments.download", {**here, "position": 1}),
        ("assignments.releases", room.place),
    ]


@pytest.fixture
def handed_in(browser, room):
    browser.sign_in(room.trainee).post(
        "assignments.hand_in", {"text": "x", "files": (BytesIO(b"1"), "a.txt")}, **room.page
    )
    browser.sign_out()
    return session.query(Submission).filter_by(enrolment_id=room.enrolment.id).one()


def test_instructor_of_the_offering_and_administrator_may(browser, room, handed_in):
    for person in (room.instructor, make.admin()):
        browser.sign_out().sign_in(person)
        for endpoint, values in routes(room, handed_in):
            browser.open(endpoint, **values)


def test_instructor_of_another_offering_gets_404_on_every_route(browser, room, other, handed_in):
    browser.sign_in(other.instructor)
    for endpoint, values in routes(room, handed_in):
        browser.open(endpoint, status=404, **values)
    browser.post("assignments.save_marking", room.form(), status=404, submission_id=handed_in.id)
    browser.post("assignments.release", status=404, **room.place)
    browser.open("assignments.releases", offering_id=other.offering.id, activity_id=room.activity.id, status=404)


def test_lead_may_not_mark_and_does_not_see_the_work(browser, room, handed_in):
    browser.sign_in(make.lead(room.offering.cohort))
    for endpoint, values in routes(room, handed_in):
        browser.open(
            endpoint, status=403 if endpoint in ("assignments.mark", "assignments.releases") else 404, **values
        )


def test_trainee_sees_own_work_only(browser, room, handed_in):
    neighbour = make.enrolment(room.offering)
    browser.sign_in(room.trainee).open("assignments.receipt", submission_id=handed_in.id)
    browser.sign_out().sign_in(neighbour.person)
    for endpoint, values in routes(room, handed_in)[1:4]:
        browser.open(endpoint, status=404, **values)
    browser.open("assignments.read", status=404, **room.page)
    browser.post("assignments.hand_in", {"text": "Not mine."}, status=404, **room.page)
    browser.post("assignments.save_draft", {"text": "Not mine."}, status=404, **room.page)
    browser.open("assignments.read", enrolment_id=neighbour.id, activity_id=room.activity.id)


def test_trainees_cannot_mark(browser, room, handed_in):
    browser.sign_in(room.trainee)
    for endpoint, values in (("assignments.queue", {}), *routes(room, handed_in)[::4]):
        browser.open(endpoint, status=403, **values)
    browser.post("assignments.save_marking", room.form(), status=403, submission_id=handed_in.id)
    browser.post("assignments.release", status=403, **room.place)


def test_strangers_are_sent_to_sign_in(browser, room, handed_in):
    for endpoint, values in (("assignments.queue", {}), ("assignments.read", room.page), *routes(room, handed_in)):
        browser.open(endpoint, status=303, **values)
        assert "/sign-in" in browser.response.location


def test_an_instructor_role_taken_away_closes_the_queue(browser, room, handed_in):
    room.instructor.grants = [grant for grant in room.instructor.grants if grant.role is not Role.INSTRUCTOR]
    browser.sign_in(room.instructor).open("assignments.queue", status=403)


def test_a_lesson_is_no_assignment(browser, room):
    lesson = make.lesson(room.offering.version, "a-lesson")
    browser.sign_in(room.trainee).open(
        "assignments.read", enrolment_id=room.enrolment.id, activity_id=lesson.id, status=404
    )
