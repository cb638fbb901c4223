"""Releasing: nothing leaks before, everything at once, corrections by a release of their own."""

import pytest

from courses.assignments import released, releases
from courses.assignments.models import Release, ReleasedMarking
from courses.learning.models import ActivityProgress
from lms.kit import jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Refused
from tests import make

SECRET = "unmistakable-comment"


def pages(browser, room, submission) -> tuple[str, list[str]]:
    """Everything that a trainee can open of this room: all that is sent, and the words of each page."""
    seen = ""
    words = []
    for endpoint, values in (
        ("assignments.read", room.page),
        ("assignments.receipt", {"submission_id": submission.id}),
        ("learning.course", {"enrolment_id": room.enrolment.id}),
        ("assignments.text", {"submission_id": submission.id}),
    ):
        seen += browser.open(endpoint, **values).html
        words.append(browser.text)
    return seen, words


def test_nothing_of_unreleased_marks_is_in_any_response(browser, room):
    submission = room.hand_in()
    _html, before = pages(browser.sign_in(room.trainee), room, submission)
    room.mark(submission, 43, comment=SECRET)
    html, after = pages(browser, room, submission)
    assert after == before
    assert SECRET not in html
    assert room.instructor.email not in html
    assert released.of(room.enrolment) == {}
    browser.sign_out().sign_in(room.instructor).post("assignments.release", **room.place)
    shown, words = pages(browser.sign_out().sign_in(room.trainee), room, submission)
    assert SECRET in shown
    assert "86 of 100 points" in words[0]
    assert room.instructor.email in shown


def test_release_shows_all_tells_each_once_and_finishes_what_passed(browser, room):
    passed, failed, unmarked = (make.enrolment(room.offering) for _time in range(3))
    room.mark(room.hand_in("P", passed), 40)
    room.mark(room.hand_in("F", failed), 10)
    room.hand_in("U", unmarked)
    browser.sign_in(room.instructor).open("assignments.releases", **room.place)
    assert "Release the marks of 2 people" in browser.text
    assert "1 piece of work is not marked yet" in browser.text
    browser.post("assignments.release", **room.place).follow()
    assert "2 people can see their marks now" in browser.text
    letters = session.query(Letter).all()
    assert sorted(letter.to_address for letter in letters) == sorted([passed.person.email, failed.person.email])
    assert f"/learn/{passed.id}/assignments/{room.activity.id}" in "".join(letter.text for letter in letters)
    done = {row.enrolment_id for row in session.query(ActivityProgress) if row.done_at}
    assert done == {passed.id}
    assert released.of(failed)[room.activity.id].passed is False


def test_letters_speak_the_language_of_their_reader(browser, room):
    korean = make.enrolment(room.offering)
    korean.person.language = "ko"
    room.mark(room.hand_in("P", korean))
    browser.sign_in(room.instructor).post("assignments.release", **room.place)
    assert "채점 결과" in session.query(Letter).one().subject


def test_second_release_has_nothing_left_and_a_correction_needs_its_own(browser, room):
    submission = room.hand_in()
    room.mark(submission, 10)
    browser.sign_in(room.instructor).post("assignments.release", **room.place)
    browser.post("assignments.release", status=409, **room.place)
    room.mark(submission, 45, seen=1)
    assert released.of(room.enrolment)[room.activity.id].points == 20
    browser.post("assignments.release", **room.place)
    assert released.of(room.enrolment)[room.activity.id].points == 90
    assert session.query(Release).count() == 2


def test_of_each_person_the_newest_marked_version_is_released_once(room, request_context):
    first = room.mark(room.hand_in("One."), 10)
    second = room.mark(room.hand_in("Two."), 40)
    room.hand_in("Three, unmarked.")
    assert releases.outlook(room.offering, room.activity) == releases.Outlook(ready=1, passed=1, unmarked=1, shown=0)
    releases.release(room.offering, room.activity, room.instructor)
    assert [row.marking_id for row in session.query(ReleasedMarking)] == [second.id]
    assert first.id != second.id
    with pytest.raises(Refused):
        releases.release(room.offering, room.activity, room.instructor)


def test_release_reaches_this_offering_only(room, other, request_context):
    again = make.offering(room.offering.version)
    elsewhere = make.enrolment(again)
    room.mark(room.hand_in())
    room.mark(room.hand_in("E", elsewhere))
    other.mark(other.hand_in())
    _made, count = releases.release(room.offering, room.activity, room.instructor)
    assert count == 1
    assert released.of(elsewhere) == {}
    assert released.of(other.enrolment) == {}


def test_every_release_announces_that_work_changed(room, request_context, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(jobs, "announce", lambda news, **arguments: heard.append(f"{news} {arguments['enrolment_id']}"))
    failed = make.enrolment(room.offering)
    room.mark(room.hand_in())
    room.mark(room.hand_in("F", failed), 5)
    releases.release(room.offering, room.activity, room.instructor)
    assert set(heard) == {f"work_changed {room.enrolment.id}", f"work_changed {failed.id}"}


def test_released_of_many_is_one_query(room, request_context, queries):
    everybody = [make.enrolment(room.offering) for _time in range(5)]
    for enrolment in everybody:
        room.mark(room.hand_in("x", enrolment))
    releases.release(room.offering, room.activity, room.instructor)
    session.flush()
    with queries() as seen:
        found = released.of_many([enrolment.id for enrolment in everybody])
    assert len(found) == 5
    assert len(seen) == 1


def test_marks_by_criterion_after_release(browser, room):
    room.mark(room.hand_in(), 20, comment="Try again.")
    browser.sign_in(room.instructor).post("assignments.release", **room.place)
    browser.sign_out().sign_in(room.trainee).open("assignments.read", **room.page)
    assert "Not passed yet" in browser.text
    assert "20 of 50 points" in browser.text
    assert "Try again." in browser.text
    assert len(browser.find("li", aria_current="true")) == 2
