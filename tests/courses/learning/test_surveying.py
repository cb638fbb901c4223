"""A course's survey: begun by itself when its offering has ended, read by those who teach it, never of fewer than five."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from courses.learning import surveying
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Role
from lms.pipeline.models import Stage
from lms.surveys import answering
from lms.surveys.models import Survey, SurveyAnswer
from tests import make

LAST = date(2026, 10, 16)
AFTER = clock.day_start(LAST + timedelta(days=1)) + timedelta(hours=3)
OVER = AFTER + timedelta(days=16)


@pytest.fixture(autouse=True)
def today():
    with clock.at(AFTER), i18n.speaking("en"):
        yield


@pytest.fixture
def offering():
    return make.offering(opens_on=date(2026, 9, 1), closes_on=LAST)


def took_part(of, count):
    return [make.trainee(of.cohort, stage=Stage.TRAINING) for _each in range(count)]


def subjects():
    session.commit()
    surveying.begin_surveys_of_courses()
    return session.scalars(select(Survey.subject)).all()


def test_it_begins_by_itself_once_on_the_day_after_the_last(offering):
    took_part(offering, 1)
    with clock.at(AFTER - timedelta(days=1)):
        assert subjects() == []
        with pytest.raises(Refused):
            surveying.begin(offering)
    assert subjects() == subjects() == [f"offering:{offering.id}"]
    survey = session.scalars(surveying.of(offering)).one()
    assert survey.title == offering.version.title
    assert (survey.opens_on, survey.closes_on) == (LAST + timedelta(days=1), LAST + timedelta(days=15))
    with pytest.raises(Refused):
        surveying.begin(offering)


def test_courses_of_long_ago_and_those_without_people_begin_none(offering):
    assert subjects() == []
    took_part(offering, 2)
    with clock.at(AFTER + surveying.LATEST):
        assert subjects() == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_instructors_read_what_was_said_of_their_offering_after_the_end(browser, offering, language):
    teacher, other = make.instructor(offering), make.instructor(make.offering())
    teacher.language = language
    people = took_part(offering, 6)
    browser.sign_in(teacher).open("learning.survey", offering_id=offering.id)
    survey = surveying.begin(offering)
    for number, person in enumerate(people):
        answering.answer(
            survey, person, {"overall": "4", "keep": "The data"} if number < 5 else {"change": "Secret wish"}
        )
    browser.open("learning.survey", offering_id=offering.id)
    assert "The data" not in browser.text
    with clock.at(OVER):
        browser.sign_out().sign_in(teacher).open("learning.survey", offering_id=offering.id)
        assert "The data" in browser.text
        assert "Secret wish" not in browser.text, "one person wrote that"
        browser.sign_out().sign_in(make.lead(offering.cohort)).open("learning.survey", offering_id=offering.id)
        for outsider in (other, make.lead(make.cohort()), make.person(Role.INSTRUCTOR)):
            browser.sign_out().sign_in(outsider).open("learning.survey", offering_id=offering.id, status=404)
        browser.sign_out().sign_in(people[0]).open("learning.survey", offering_id=offering.id, status=403)
    assert session.query(SurveyAnswer).count() == 11


def test_of_four_answers_an_instructor_reads_none(browser, offering):
    teacher, people = make.instructor(offering), took_part(offering, 4)
    survey = surveying.begin(offering)
    for person in people:
        answering.answer(survey, person, {"overall": "1", "keep": "Nothing at all"})
    with clock.at(OVER):
        browser.sign_in(teacher).open("learning.survey", offering_id=offering.id)
    assert "under 5" in browser.text
    assert "Nothing at all" not in browser.text
    assert "1.0" not in browser.text
