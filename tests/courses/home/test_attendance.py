"""The first page says how many absences are left, and leads to the door that is open now."""

from datetime import timedelta

from lms.kit import clock
from tests import make
from tests.lms.attendance import making


def test_absences_left_stand_on_the_first_page(browser):
    cohort = making.cohort()
    person = making.trainee(cohort)
    for number, meeting in enumerate(making.meetings(cohort, 20)):
        if number < 10:
            making.there(meeting, person, *(("", "") if number < 2 else ()))
    with clock.at(making.at("12:00", making.FIRST + timedelta(days=10))):
        browser.sign_in(person).open("home.home")
        assert "2 absences left" in browser.text
        assert "10 of 20 sessions held, 2 missed" in browser.text
        assert "Your session is on" in browser.text
    with clock.at(making.at("7:00", making.FIRST + timedelta(days=10))):
        browser.sign_in(person).open("home.home")
        assert "Your session is on" not in browser.text


def test_who_cannot_reach_it_any_more_reads_it_there(browser):
    cohort = making.cohort()
    person = making.trainee(cohort)
    for meeting in making.meetings(cohort, 4)[:2]:
        making.there(meeting, person, "", "")
    with clock.at(making.at("7:00", making.FIRST + timedelta(days=3))):
        browser.sign_in(person).open("home.home")
    assert "80% can no longer be reached" in browser.text


def test_nothing_is_said_without_a_timetable(browser):
    person = making.trainee(make.cohort())
    browser.sign_in(person).open("home.home")
    assert "absences left" not in browser.text
