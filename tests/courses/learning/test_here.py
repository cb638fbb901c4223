"""Links inside texts lead to the reader's own enrolment."""

from tests import make


def test_a_link_inside_a_text_finds_the_readers_own_enrolment(app, browser):
    version = make.course(lessons=2)
    offering = make.offering(version)
    mine, other = make.enrolment(offering), make.enrolment(offering)
    lesson = version.modules[0].activities[1]
    for enrolment in (mine, other):
        browser.sign_out().sign_in(enrolment.person).open("learning.here", activity_id=lesson.id, status=303)
        assert browser.response.location == f"/learn/{enrolment.id}/lessons/{lesson.id}"


def test_for_whoever_is_not_enrolled_it_is_not_there(browser):
    version = make.course()
    make.enrolment(make.offering(version))
    browser.sign_in(make.person()).open("learning.here", activity_id=version.modules[0].activities[0].id, status=404)
