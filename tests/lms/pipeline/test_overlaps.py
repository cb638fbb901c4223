"""A person in two cohorts at once: told to whoever applies or decides, named on their page, and counted once."""

from datetime import date

import pytest

from lms.pipeline import overlaps
from lms.pipeline.models import Stage
from tests import make
from tests.lms.pipeline.test_applying import GOOD

SPRING = {"starts_on": date(2028, 2, 1), "ends_on": date(2028, 2, 29)}


@pytest.fixture
def spring():
    return make.cohort(**SPRING)


@pytest.mark.parametrize(
    ("first", "last", "both"),
    [
        (date(2028, 2, 29), date(2028, 6, 1), True),  # a leap day in common
        (date(2028, 3, 1), date(2028, 6, 1), False),
        (date(2028, 1, 1), date(2028, 1, 31), False),
        (date(2028, 1, 1), date(2028, 2, 1), True),
        (date(2028, 2, 10), date(2028, 2, 10), True),  # a cohort of one day
        (date(2027, 1, 1), date(2029, 1, 1), True),
    ],
)
def test_two_cohorts_meet_when_they_have_a_day_in_common(spring, first, last, both):
    other = make.cohort(starts_on=first, ends_on=last)
    seat = make.traineeship(other)
    assert overlaps.meet(spring, other) is overlaps.meet(other, spring) is both
    assert overlaps.beside(spring, [seat.person_id]) == ({seat.person_id: [other]} if both else {})
    assert overlaps.among([seat, make.traineeship(spring, seat.person)]) == (
        sorted([spring, other], key=lambda each: each.starts_on) if both else []
    )


def test_who_left_or_only_applied_is_in_one(spring):
    other = make.cohort(**SPRING)
    left = make.traineeship(other, stage=Stage.LEFT)
    asked = make.application(other)
    assert overlaps.beside(spring, [left.person_id, asked.person_id]) == {}
    assert overlaps.among([left, make.traineeship(spring, left.person)]) == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whoever_admits_is_told_with_the_names_of_their_own_cohorts_alone(browser, spring, language):
    lead, mine, others = make.lead(spring), make.cohort(**SPRING), make.cohort(**SPRING)
    make.add(make.Lead(person_id=lead.id, cohort_id=mine.id))
    lead.language = language
    here, there, nowhere = (make.application(spring) for _each in range(3))
    make.traineeship(mine, here.person)
    make.traineeship(others, there.person)
    chosen = [each.id for each in (here, there, nowhere)]
    browser.sign_in(lead).open("admissions.ask", cohort_id=spring.id, query={"deed": "admit", "chosen": chosen})
    assert {"en": "2 people would be in two cohorts at once", "ko": "2명이 두 기수에 동시에"}[language] in browser.text
    assert mine.title[language] in browser.text
    assert others.title[language] not in browser.text
    browser.open("admissions.ask", cohort_id=spring.id, query={"deed": "admit", "chosen": [nowhere.id]})
    assert not browser.find("div", class_="notice")


def test_whoever_applies_is_told_before_sending(browser, spring):
    other = make.cohort(**SPRING)
    person = make.traineeship(other).person
    browser.sign_in(person).post("pipeline.write", {**GOOD, "deed": "continue"}, slug=spring.slug).follow()
    assert f"You have a seat in {other.title['en']} from 1 Feb 2028 to 29 Feb 2028" in browser.text


def test_a_lead_sees_it_on_the_persons_page_and_the_person_counts_once(browser, spring):
    lead, mine = make.lead(spring), make.cohort(spring.programme, **SPRING)
    make.add(make.Lead(person_id=lead.id, cohort_id=mine.id))
    person = make.traineeship(spring).person
    browser.sign_in(lead).open("reporting.person", person_id=person.id)
    assert "In several cohorts at once" not in browser.text
    make.traineeship(mine, person)
    browser.open("reporting.person", person_id=person.id)
    assert "In several cohorts at once" in browser.text
    assert all(each.title["en"] in browser.text for each in (spring, mine))
    browser.open("/board/people", query={"year": 2028, "what": "traineeships"})
    assert len([row for body in browser.find("tbody") for row in body]) == 2


def test_who_decides_about_two_hundred_asks_as_often_as_about_two(browser, spring, queries):
    lead, other = make.lead(spring), make.cohort(**SPRING)
    sent = [make.application(spring) for _each in range(20)]
    for each in sent:
        make.traineeship(other, each.person)
    keys, cohort = [each.id for each in sent], spring.id
    browser.sign_in(lead)
    counted = []
    for many in (2, 20):
        with queries() as seen:
            browser.open("admissions.ask", cohort_id=cohort, query={"deed": "admit", "chosen": keys[:many]})
        counted.append(len(seen))
    assert f"{len(keys)} people would be in two cohorts at once" in browser.text
    assert counted[0] == counted[1]
