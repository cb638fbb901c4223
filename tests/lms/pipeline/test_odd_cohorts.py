"""Cohorts that are typed wrong or are odd: each has its sentence, in both languages, and a leap day, one seat or one day are fine."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline.models import Cohort, Stage
from tests import make
from tests.lms.pipeline.test_leading import filled


@pytest.mark.parametrize(
    ("wrong", "field", "english", "korean"),
    [
        (
            {"starts_on": "2026-11-02", "ends_on": "2026-11-01"},
            "ends_on",
            "The last day is not before the first. Give a later day.",
            "종료일은 시작일보다 앞설 수 없어요.",
        ),
        (
            {"opens_at": "2026-10-20T18:00", "closes_at": "2026-10-20T18:00"},
            "closes_at",
            "Applications close after they open. Give a later moment.",
            "지원 마감은 지원 시작보다 뒤여야 해요.",
        ),
        ({"seats": "0"}, "seats", "Give a number of seats from 1 to 10,000.", "정원은 1명부터 10,000명까지"),
        ({"starts_on": "2027-02-29"}, "starts_on", "Not a valid date. Choose a day that exists.", "날짜"),
    ],
)
def test_each_mistake_has_its_sentence(browser, wrong, field, english, korean):
    lead = make.person(Role.LEAD)
    for language, said in (("en", english), ("ko", korean)):
        lead.language = language
        browser.sign_in(lead).post("pipeline.create_cohort", filled(make.programme(), **wrong), status=422)
        (shown,) = browser.find("p", id=f"{field}-error")
        assert said in "".join(shown.itertext())
    assert session.scalar(select(Cohort)) is None


def test_a_cohort_that_is_there_cannot_be_turned_round_either(browser):
    cohort = make.cohort()
    wrong = filled(cohort.programme, starts_on="2028-03-01", ends_on="2028-02-29")
    browser.sign_in(make.lead(cohort)).post("pipeline.change_cohort", wrong, cohort_id=cohort.id, status=422)
    assert "The last day is not before the first." in browser.text
    row = {column.name: getattr(cohort, column.name) for column in Cohort.__table__.columns if column.name != "id"}
    for turned in ({"ends_on": date(2019, 1, 1)}, {"closes_at": datetime(2019, 1, 1, tzinfo=UTC)}, {"seats": 0}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(Cohort).values(**{**row, "slug": "another", **turned}))


def test_one_seat_on_one_leap_day_is_a_cohort(browser):
    lead = make.person(Role.LEAD)
    days = {"starts_on": "2024-02-29", "ends_on": "2024-02-29", "seats": "1"}
    browser.sign_in(lead).post("pipeline.create_cohort", filled(make.programme(), **days))
    cohort = session.scalars(select(Cohort)).one()
    browser.open("reporting.cohort", cohort_id=cohort.id)
    assert "29 Feb 2024" in browser.text
    make.traineeship(cohort, stage=Stage.COMPLETED)
    for address in (
        f"/board/cohorts/{cohort.id}",
        "/board?year=2024",
        "/board?year=2024&on=2024-02-29",
        "/board/people",
    ):
        browser.open(address)
    assert len([row for body in browser.find("tbody") for row in body]) == 1
    browser.open("/board?on=2023-02-29")  # no such day: as of today
    assert not browser.find("input", name="on")[0].get("value")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_cohort_of_nobody_and_a_year_without_cohorts_say_so(browser, language):
    cohort = make.cohort(starts_on=date(2025, 2, 1), ends_on=date(2025, 3, 1))
    lead = make.lead(cohort)
    lead.language = language
    browser.sign_in(lead).open("reporting.cohort", cohort_id=cohort.id)
    assert browser.find("h1")[0].text == cohort.title[language]
    browser.open("/board?year=2030")
    said = {"en": "No cohorts in 2030", "ko": "2030년에"}[language]
    assert said in browser.text
