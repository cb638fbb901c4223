"""The first page of a trainee."""

from lms.people.models import Role
from tests import make


def test_somebody_without_a_cohort_is_led_to_the_open_ones(browser):
    browser.sign_in(make.person(Role.TRAINEE)).open("home.home")
    assert "/" in browser.links() and "No courses yet" in browser.text


def test_own_courses_stand_there(browser):
    own = make.enrolment(make.offering())
    make.enrolment(make.offering())
    browser.sign_in(own.person).open("home.home")
    assert [link for link in browser.links() if link.startswith("/learn/")] == [f"/learn/{own.id}"]
