"""Two at once, with real sessions and real requests."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from courses.assignments import markings
from courses.assignments.models import Marking, Submission
from lms.kit import clock, db
from lms.kit.db import session
from tests import make
from tests.page import Browser


def at_once(deeds: list[Callable[[], None]]) -> list[BaseException]:
    """Do all in threads that start together; returns what was raised."""
    barrier, raised = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], None]) -> None:
        barrier.wait()
        try:
            deed()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def posting(browser: Browser, url: str, form: dict, statuses: list[int]) -> Callable[[], None]:
    """A POST by a browser that is signed in and has its forgery token already."""

    def post() -> None:
        statuses.append(browser.client.post(url, data=form, headers={"X-Forgery": "none"}).status_code)

    return post


def signed_in(app, person) -> Browser:
    return Browser(app).sign_in(person)


@pytest.fixture
def no_token(app):
    """Threads post by the bare client, which has no forgery token to send."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def test_of_two_simultaneous_markings_one_is_saved_and_one_is_told(app, room, no_token):
    submission = room.hand_in()
    colleague = make.instructor(room.offering)
    url = f"/marking/{submission.id}"
    statuses: list[int] = []
    pair = [(signed_in(app, room.instructor), room.form(40)), (signed_in(app, colleague), room.form(20))]
    session.commit()
    assert not at_once([posting(browser, url, form, statuses) for browser, form in pair])
    assert sorted(statuses) == [303, 409]
    session.rollback()
    assert [marking.number for marking in session.query(Marking)] == [1]


def test_of_two_tabs_that_hand_in_both_versions_are_kept(app, room, no_token):
    url = f"/learn/{room.enrolment.id}/assignments/{room.activity.id}"
    statuses: list[int] = []
    tabs = [signed_in(app, room.trainee) for _tab in range(2)]
    session.commit()
    deeds = [posting(browser, url, {"text": f"Tab {at}"}, statuses) for at, browser in enumerate(tabs)]
    assert not at_once(deeds)
    assert statuses == [303, 303]
    session.rollback()
    assert sorted(made.number for made in session.query(Submission)) == [1, 2]


def test_a_double_click_is_one_version(app, room, no_token):
    url = f"/learn/{room.enrolment.id}/assignments/{room.activity.id}"
    statuses: list[int] = []
    tabs = [signed_in(app, room.trainee) for _tab in range(4)]
    session.commit()
    assert not at_once([posting(browser, url, {"text": "Once."}, statuses) for browser in tabs])
    assert statuses == [303] * 4
    session.rollback()
    assert session.query(Submission).count() == 1


def test_two_releases_at_once_release_once(app, room, no_token):
    room.mark(room.hand_in())
    url = f"/offerings/{room.offering.id}/assignments/{room.activity.id}/releases"
    statuses: list[int] = []
    markers = [signed_in(app, person) for person in (room.instructor, make.instructor(room.offering))]
    session.commit()
    assert not at_once([posting(browser, url, {}, statuses) for browser in markers])
    assert sorted(statuses) == [303, 409]


def test_the_database_takes_no_number_twice(room):
    submission = room.hand_in()
    room.mark(submission)
    make.session.commit()
    with pytest.raises(IntegrityError), db.transaction():
        session.add(
            Marking(submission_id=submission.id, number=1, by_id=room.instructor.id, points=1, most=2, passed=False)
        )
    with pytest.raises(IntegrityError), db.transaction():
        session.add(
            Submission(
                enrolment_id=room.enrolment.id,
                activity_id=room.activity.id,
                number=1,
                receipt="S-X",
                handed_in_at=clock.now(),
            )
        )


def test_who_loses_the_number_is_told_by_the_rule_too(room):
    """What a marker believes to be new, although another one took the number: the database says so."""
    submission = room.hand_in()
    theirs = room.mark(submission, 45, by=make.instructor(room.offering))
    with pytest.raises(markings.Overtaken) as overtaken:
        room.mark(submission, 20)
    assert overtaken.value.newest is theirs
