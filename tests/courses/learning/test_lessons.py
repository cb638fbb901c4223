"""The course and its lessons as a trainee meets them."""

import pytest

from courses.catalogue.models import ActivityKind, ActivityText
from courses.learning import deadlines, progress
from courses.learning.models import ActivityProgress, Enrolment
from lms.kit import clock
from lms.kit.db import session
from lms.pipeline.models import Stage
from tests import make


@pytest.fixture
def learning():
    """An enrolment in a course of three lessons, and its activities."""
    version = make.course(lessons=3)
    enrolment = make.enrolment(make.offering(version))
    return enrolment, version.modules[0].activities


def fresh(row):
    session.refresh(row)
    return row


def test_course_page_begins_with_what_is_next(browser, learning):
    enrolment, (first, second, third) = learning
    progress.finish(enrolment, first)
    progress.opened(enrolment, second, "half-way")
    browser.sign_in(enrolment.person).open("learning.course", enrolment_id=enrolment.id)
    main = [link for link in browser.find("a") if link.get("data-kind") == "main"]
    assert [link.get("href") for link in main] == [f"/learn/{enrolment.id}/lessons/{second.id}#half-way"]
    assert "1 of 3 required activities done" in browser.text
    assert f"/learn/{enrolment.id}/lessons/{third.id}" in browser.links()


def test_marking_as_done_moves_on_and_counts(browser, learning):
    enrolment, (first, second, third) = learning
    browser.sign_in(enrolment.person)
    browser.post("learning.finish_lesson", enrolment_id=enrolment.id, activity_id=first.id)
    assert browser.response.location.endswith(f"/lessons/{second.id}")
    browser.post("learning.finish_lesson", {"language": "ko"}, enrolment_id=enrolment.id, activity_id=second.id)
    assert browser.response.location.endswith(f"/lessons/{third.id}?language=ko")
    browser.post("learning.finish_lesson", enrolment_id=enrolment.id, activity_id=third.id).follow()
    assert "You have done all of this course" in browser.text
    assert fresh(enrolment).progress == 100
    assert fresh(enrolment.traineeship).stage is Stage.TRAINING


def test_reading_writes_nothing_and_opening_is_noted_by_a_post(browser, learning):
    enrolment, (first, *_rest) = learning
    browser.sign_in(enrolment.person)
    browser.open("learning.lesson", enrolment_id=enrolment.id, activity_id=first.id)
    assert session.query(ActivityProgress).count() == 0
    address = browser.find("div", class_="prose")[0].get("data-lesson")
    browser.post(address, {"place": "h-the-end"}, status=204)
    browser.post(address, {"place": ""}, status=204)
    row = session.query(ActivityProgress).one()
    assert (row.place, row.done_at) == ("h-the-end", None)
    assert fresh(enrolment).last_activity_id == first.id


def test_place_that_is_too_long_or_broken_is_cut(browser, learning):
    enrolment, (first, *_rest) = learning
    browser.sign_in(enrolment.person)
    browser.post(
        "learning.open_lesson", {"place": "가\0" * 900}, status=204, enrolment_id=enrolment.id, activity_id=first.id
    )
    assert session.query(ActivityProgress).one().place == "가" * progress.LONGEST_PLACE


def test_resuming_offers_the_heading_where_the_reader_stopped(browser, learning):
    enrolment, (first, *_rest) = learning
    text = session.query(ActivityText).filter_by(activity_id=first.id, language="en").one()
    text.html = '<h2 id="h-why">Why &amp; how</h2><p>Text.</p>'
    text.outline = {"headings": [[2, "Why & how", "h-why"]]}
    progress.opened(enrolment, first, "h-why")
    browser.sign_in(enrolment.person).open("learning.lesson", enrolment_id=enrolment.id, activity_id=first.id)
    assert "Go on at “Why & how”, where you stopped" in browser.text
    assert browser.links().count("#h-why") == 2


def test_other_language_is_read_without_changing_the_frame(browser, learning):
    enrolment, (first, *_rest) = learning
    browser.sign_in(enrolment.person)
    browser.open(f"/learn/{enrolment.id}/lessons/{first.id}", query={"language": "ko"})
    assert browser.find("html")[0].get("lang") == "en"
    assert browser.find("div", class_="prose")[0].get("lang") == "ko"
    assert browser.find("h1")[0].get("lang") == "ko"
    assert "Read in English" in browser.text
    assert browser.find("input", name="language")[0].get("value") == "ko"
    browser.open(f"/learn/{enrolment.id}/lessons/{first.id}", query={"language": "xx"})
    assert browser.find("div", class_="prose")[0].get("lang") == "en"


def test_missing_translation_is_said(browser, learning):
    enrolment, (first, second, *_rest) = learning
    session.query(ActivityText).filter_by(activity_id=first.id, language="en").delete()
    session.query(ActivityText).filter_by(activity_id=second.id).delete()
    browser.sign_in(enrolment.person).open("learning.lesson", enrolment_id=enrolment.id, activity_id=first.id)
    assert "has not been translated yet. You are reading it in Korean." in browser.text
    browser.open("learning.lesson", enrolment_id=enrolment.id, activity_id=second.id)
    assert "This lesson has no text yet" in browser.text


def test_own_deadline_is_shown_where_the_common_one_is(browser, learning):
    enrolment, (first, *_rest) = learning
    by = make.instructor(enrolment.offering)
    deadlines.set_common(enrolment.offering, first, by, make.FAR_AHEAD.replace(year=2098))
    deadlines.extend(enrolment, first, by, make.FAR_AHEAD, "Ill")
    browser.sign_in(enrolment.person)
    for endpoint, values in (("learning.course", {}), ("learning.lesson", {"activity_id": first.id})):
        browser.open(endpoint, enrolment_id=enrolment.id, **values)
        assert "2100" in browser.text
        assert "2098" not in browser.text
        assert "extended for you" in browser.text


def test_newer_version_is_told_but_not_shown(browser, learning):
    enrolment, activities = learning
    version = enrolment.version
    make.add(
        type(version)(
            course=version.course, number=2, title=version.title, summary=version.summary, hours=1, digest="2",
            published_at=clock.now(),
        )
    )  # fmt: skip
    browser.sign_in(enrolment.person).open("learning.course", enrolment_id=enrolment.id)
    assert "There is a newer version (2). You stay on version 1" in browser.text
    assert f"/learn/{enrolment.id}/lessons/{activities[0].id}" in browser.links()


def test_somebody_elses_enrolment_is_not_there(browser, learning):
    enrolment, (first, *_rest) = learning
    stranger = make.enrolment(enrolment.offering).person
    other_lesson = make.course(lessons=1).modules[0].activities[0]
    own = {"enrolment_id": enrolment.id, "activity_id": first.id}
    browser.sign_in(stranger)
    browser.open("learning.course", enrolment_id=enrolment.id, status=404)
    for endpoint in ("learning.lesson", "learning.activity"):
        browser.open(endpoint, status=404, **own)
    for endpoint in ("learning.open_lesson", "learning.finish_lesson"):
        browser.post(endpoint, status=404, **own)
    assert session.query(ActivityProgress).count() == 0
    browser.sign_out().sign_in(enrolment.person)
    browser.open("learning.lesson", enrolment_id=enrolment.id, activity_id=other_lesson.id, status=404)
    browser.post("learning.finish_lesson", enrolment_id=enrolment.id, activity_id=other_lesson.id, status=404)
    browser.open("learning.lesson", **own)


def test_who_left_finds_the_course_closed(browser, learning):
    enrolment, (first, *_rest) = learning
    browser.sign_in(enrolment.person).open("learning.course", enrolment_id=enrolment.id)
    enrolment.traineeship.stage = Stage.LEFT
    browser.open("learning.course", enrolment_id=enrolment.id, status=404)
    browser.post("learning.finish_lesson", enrolment_id=enrolment.id, activity_id=first.id, status=404)


def test_activity_leads_to_the_page_of_its_kind(browser, learning):
    enrolment, (first, *_rest) = learning
    quiz = make.activity(enrolment.version, ActivityKind.QUIZ)
    browser.sign_in(enrolment.person)
    browser.open("learning.activity", enrolment_id=enrolment.id, activity_id=first.id, status=303)
    assert browser.response.location == f"/learn/{enrolment.id}/lessons/{first.id}"
    browser.open("learning.activity", enrolment_id=enrolment.id, activity_id=quiz.id, status=303)
    assert browser.response.location == f"/learn/{enrolment.id}/quizzes/{quiz.id}"
    browser.open("learning.lesson", enrolment_id=enrolment.id, activity_id=quiz.id, status=404)


def test_stranger_is_asked_to_sign_in(browser, learning):
    enrolment, _activities = learning
    browser.open("learning.course", enrolment_id=enrolment.id, status=303)
    assert "/sign-in" in browser.response.location


@pytest.mark.parametrize("page", ("learning.course", "learning.lesson"))
def test_pages_cost_the_same_for_two_and_a_hundred_activities(browser, queries, page):
    costs = []
    for count in (2, 100):
        version = make.course(lessons=count)
        enrolment = make.enrolment(make.offering(version))
        first, second = version.modules[0].activities[:2]
        progress.finish(enrolment, first)
        deadlines.set_common(enrolment.offering, second, enrolment.person, make.FAR_AHEAD)
        values = {"enrolment_id": enrolment.id} | ({"activity_id": second.id} if page == "learning.lesson" else {})
        browser.sign_out().sign_in(enrolment.person)
        browser.open(page, inspect=False, **values)
        with queries() as seen:
            browser.open(page, inspect=False, **values)
        costs.append([statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))])
    assert len(costs[0]) == len(costs[1])
    assert len(costs[1]) <= 8, "\n".join(costs[1])


def test_enrolment_keeps_its_version_when_the_offering_moves_on(learning):
    enrolment, _activities = learning
    newer = make.course(lessons=1)
    enrolment.offering.version_id = newer.id
    session.flush()
    assert session.get_one(Enrolment, enrolment.id).version_id != newer.id
