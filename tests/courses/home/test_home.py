"""The first page of a trainee: where to go on, what is due, how far everything is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from courses.catalogue.models import Activity
from courses.learning import deadlines, progress
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline.models import Stage
from tests import make
from tests.courses.gradebook import doing

NOW = datetime(2026, 9, 22, 6, tzinfo=UTC)  # 15:00 in Seoul


def activities(version):
    return list(session.query(Activity).filter_by(version_id=version.id).order_by(Activity.position))


def home(browser, person):
    """The page as it is on the held day, with a device that has not expired by then."""
    with clock.at(NOW):
        return browser.sign_in(person).open("home.home")


def test_somebody_without_a_cohort_is_led_to_the_open_ones(browser):
    browser.sign_in(make.person(Role.TRAINEE)).open("home.home")
    assert "/" in browser.links()
    assert "You are in no cohort yet" in browser.text


def test_strangers_are_asked_to_sign_in(browser):
    browser.open("home.home", status=303)
    assert "/sign-in" in browser.response.location


def test_resume_leads_to_the_course_last_learnt_in(browser):
    cohort = make.cohort()
    one, two = make.offering(make.course(lessons=2), cohort), make.offering(make.course(lessons=2), cohort)
    taking_part = make.traineeship(cohort)
    first, second = make.enrolment(one, taking_part), make.enrolment(two, taking_part)
    with clock.at(NOW - timedelta(days=2)):
        progress.finish(first, activities(one.version)[0])
    with clock.at(NOW - timedelta(days=1)):
        progress.finish(second, activities(two.version)[0])
    home(browser, taking_part.person)
    following = activities(two.version)[1]
    assert f"/learn/{second.id}/activities/{following.id}" in browser.links()
    assert "last here 24 hours ago" in browser.text
    assert "2 courses left until completion" in browser.text


def test_resume_prefers_the_cohort_that_is_still_running(browser):
    person = make.person(Role.TRAINEE)
    earlier = make.offering(version := make.course(lessons=2))
    old = make.enrolment(earlier, make.traineeship(earlier.cohort, person, stage=Stage.CERTIFIED))
    progress.opened(old, activities(version)[0])
    running = make.enrolment(later := make.offering(), make.traineeship(later.cohort, person))
    home(browser, person)
    first = next(link for link in browser.links() if link.startswith("/learn/"))
    assert first.startswith(f"/learn/{running.id}/activities/")


def test_resume_comes_back_to_the_heading_where_the_reader_stopped(browser):
    enrolment = make.enrolment(make.offering(version := make.course(lessons=2)))
    second = activities(version)[1]
    progress.opened(enrolment, second, "the part")
    home(browser, enrolment.person)
    assert f"/learn/{enrolment.id}/activities/{second.id}#the%20part" in browser.links()


def test_due_soon_shows_own_extensions_and_leaves_out_what_is_handed_in(browser):
    version = make.course(lessons=0)
    quiz, late, done = make.quiz(version, questions=False), make.assignment(version), make.assignment(version)
    offering = make.offering(version, closes_on=date(2026, 12, 1))
    enrolment, teacher = make.enrolment(offering), make.instructor(offering)
    deadlines.set_common(offering, quiz.activity, teacher, NOW + timedelta(hours=3))
    deadlines.set_common(offering, late.activity, teacher, NOW - timedelta(hours=3))
    deadlines.set_common(offering, done.activity, teacher, NOW + timedelta(hours=5))
    deadlines.extend(enrolment, late.activity, teacher, NOW + timedelta(days=10), "ill")
    doing.hand_in(enrolment, done)
    home(browser, enrolment.person)
    rows = [" ".join("".join(row.itertext()).split()) for row in browser.find("li", class_="row")]
    assert len(rows) == 3, "two that are due and the course"
    assert "until today 18:00 3 hours left" in rows[0]
    assert "10 days left · extended for you" in rows[1]


def test_handed_in_work_is_not_what_to_go_on_with(browser):
    version = make.course(lessons=0)
    handed_in, other = make.assignment(version), make.assignment(version)
    enrolment = make.enrolment(make.offering(version))
    doing.hand_in(enrolment, handed_in)
    home(browser, enrolment.person)
    assert f"/learn/{enrolment.id}/activities/{other.activity_id}" in browser.links()
    assert f"/learn/{enrolment.id}/activities/{handed_in.activity_id}" not in browser.links()


def test_completed_and_certified_people_are_told(browser):
    enrolment = make.enrolment(make.offering(make.course(lessons=1)))
    doing.finish_all(enrolment)
    doing.decide_all()
    home(browser, enrolment.person)
    assert "You have completed the programme" in browser.text
    enrolment.traineeship.stage, enrolment.traineeship.certified_at = Stage.CERTIFIED, make.LONG_AGO
    home(browser, enrolment.person)
    assert "Your certificate is ready" in browser.text
    assert "/certificates" in browser.links()


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.WAITING, None])
def test_applications_in_progress_stand_there(browser, stage):
    application = make.application(make.cohort(), stage=stage)
    make.application(make.cohort(), application.person, stage=Stage.DECLINED)
    home(browser, application.person)
    expected = f"/applications/{application.id}" if stage else f"/cohorts/{application.cohort.slug}/application"
    mine = [link for link in browser.links() if "/application" in link and link != "/applications"]
    assert mine == [expected]


def test_others_courses_are_not_there_and_neither_are_left_ones(browser):
    own = make.enrolment(make.offering())
    left = make.enrolment(make.offering(), make.traineeship(make.cohort(), own.person, stage=Stage.LEFT))
    make.enrolment(own.offering)
    home(browser, own.person)
    learn = {link.split("/")[2] for link in browser.links() if link.startswith("/learn/")}
    assert learn == {str(own.id)}
    assert str(left.id) not in learn


def test_cohort_without_courses_yet_says_when_it_begins(browser):
    own = make.traineeship(make.cohort(starts_on=date(2026, 10, 1)))
    home(browser, own.person)
    assert "It begins on 1 Oct 2026" in browser.text


def test_page_costs_the_same_for_one_and_many_courses(browser, queries):
    person = make.person(Role.TRAINEE)
    counts = []
    for cohorts in (1, 3):
        for _each in range(cohorts):
            taking_part = make.traineeship(cohort := make.cohort(), person, stage=Stage.TRAINING)
            for _course in range(cohorts):
                version = make.course(lessons=2)
                quiz, assignment = make.quiz(version, questions=False), make.assignment(version)
                enrolment = make.enrolment(make.offering(version, cohort), taking_part)
                doing.take(enrolment, quiz, 7)
                doing.mark(enrolment, assignment, 70)
        browser.sign_in(person)
        with queries() as seen:
            browser.open("home.home")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 14  # four of them tell the attendance


@pytest.mark.parametrize("language", ["ko", "en"])
def test_page_opens_in_both_languages(browser, language):
    enrolment = make.enrolment(make.offering(make.course(lessons=2)))
    enrolment.person.language = language
    home(browser, enrolment.person)
    assert browser.find("html")[0].get("lang") == language
