"""Pages of certificates for single courses, from the dry run to the public page and the register."""

from urllib.parse import quote_plus

import pytest

from certificates import issuing_rules
from certificates.facts import Facts
from certificates.issue_models import ForCourses
from certificates.models import Certificate
from lms.kit.db import session
from lms.kit.words import Words
from lms.pipeline.models import Stage
from tests import make
from tests.certificates.making import all_jobs, issued
from tests.certificates.making_courses import course_issued, course_printed, taken, with_courses
from tests.certificates.test_batch_pages import the_batch
from tests.certificates.test_issuing import all_certificates
from tests.certificates.test_verifying import SCHEMA


def titled(offering, title="Evaluating Models Honestly"):
    offering.version.title = Words(ko="모델의 정직한 평가", en=title)
    session.flush()
    return offering


@pytest.mark.parametrize("language", ["en", "ko"])
def test_two_leads_issue_those_of_a_course(browser, language):
    offering = titled(with_courses(needs_second_person=True))
    first, second = make.lead(offering.cohort), make.lead(offering.cohort)
    first.language = second.language = language
    title = offering.version.title[language]
    done, late = taken(offering, name="문가온", latin_name="Moon Gaon"), taken(offering, done=False, name="Late")
    own, chosen = {"offering_id": offering.id}, {"chosen": [str(done.id), str(late.id)]}
    browser.sign_in(first).open("certificates.issue", cohort_id=offering.cohort_id)
    address = f"/offerings/{offering.id}/certificates"
    assert address in browser.links()
    browser.open("certificates.issue_course", **own)
    assert title in browser.text
    assert [box.get("value") for box in browser.find("input", name="chosen")] == [str(done.id)]
    assert "Late" in browser.text
    browser.post("certificates.confirm_course", chosen, status=200, **own)
    assert [box.get("value") for box in browser.find("input", name="chosen")] == [str(done.id)]
    browser.post("certificates.issue_chosen_course", {"chosen": str(done.id)}, status=200, **own)
    assert all_certificates() == []
    browser.post(f"{address}/batches", chosen).follow()
    assert title in browser.text
    browser.sign_in(second).post("certificates.approve_batch", batch_id=the_batch().id).follow()
    all_jobs()
    (certificate,) = all_certificates()
    browser.open("certificates.issue_course", **own)
    assert f"/certificates/{certificate.id}" in browser.links()
    browser.open(f"/certificates/{certificate.id}")
    assert title in browser.text
    assert session.get_one(type(done), done.id).traineeship.stage is Stage.TRAINING


def test_one_person_issues_where_the_rule_allows_it(browser):
    offering = with_courses()
    done = taken(offering)
    browser.sign_in(make.lead(offering.cohort)).open(
        "certificates.to_choice_of_course", offering_id=offering.id, status=303
    )
    browser.post("certificates.confirm_course", {"chosen": "x"}, offering_id=offering.id)
    browser.post("certificates.issue_chosen_course", {"chosen": str(done.id)}, offering_id=offering.id).follow()
    assert [each.completion.enrolment_id for each in all_certificates()] == [done.id]


def test_the_page_says_so_where_there_are_none(browser):
    offering = make.offering()
    lead = make.lead(offering.cohort)
    lead.language = "en"
    done = taken(offering)
    browser.sign_in(lead).open("certificates.issue_course", offering_id=offering.id)
    assert "Single courses have no certificates here" in browser.text
    assert not browser.find("input", name="chosen")
    browser.post("certificates.request_batch_course", {"chosen": str(done.id)}, offering_id=offering.id)
    assert issuing_rules.of_cohort(offering.cohort_id).for_courses is ForCourses.NONE
    browser.open("certificates.issue", cohort_id=offering.cohort_id)
    assert f"/offerings/{offering.id}/certificates" not in browser.links()


def test_courses_of_other_leads_are_not_there(browser):
    mine, theirs = with_courses(), with_courses()
    lead, done = make.lead(mine.cohort), taken(theirs)
    make.lead(theirs.cohort)
    browser.sign_in(lead).open("certificates.issue_course", offering_id=mine.id)
    for endpoint in (
        "certificates.confirm_course",
        "certificates.issue_chosen_course",
        "certificates.request_batch_course",
    ):
        browser.post(endpoint, {"chosen": str(done.id)}, offering_id=theirs.id, status=404)
    browser.open("certificates.issue_course", offering_id=theirs.id, status=404)
    browser.post("certificates.confirm_course", {"chosen": str(done.id)}, offering_id=mine.id)
    assert all_certificates() == []


def test_the_list_of_courses_costs_the_same_for_two_and_twelve(browser, queries):
    cohort = make.cohort()
    course_issued(with_courses(cohort))
    make.offering(to=cohort)
    browser.sign_in(make.lead(cohort))
    asked = []
    for _times in range(2):
        key = cohort.id
        session.commit()
        browser.open("certificates.issue", cohort_id=key)
        with queries() as made:
            browser.open("certificates.issue", cohort_id=key)
        asked.append(len(made))
        for _number in range(10):
            taken(make.offering(to=cohort))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_holder_and_stranger_read_the_course(browser, language):
    certificate = course_printed(titled(with_courses()), name="김하늘", latin_name="Kim Haneul", language=language)
    title = Facts.from_json(certificate.facts).achieved[language]
    browser.sign_in(certificate.person).open("certificates.mine")
    assert title in browser.text
    assert any("linkedin" in each and quote_plus(title) in each for each in browser.links())
    browser.sign_out().open("certificates.verified", code=certificate.code, lang=language)
    assert title in browser.text
    said = browser.client.get(f"/verify/{certificate.code}", headers={"Accept": "application/json"}).get_json()
    SCHEMA.validate(said)
    assert said["course"] == dict(certificate.completion.enrolment.version.title)
    assert (said["hours"], said["courses"], said["state"]) == (10, [], "valid")


def test_the_register_tells_both_kinds_apart(browser):
    offering = titled(with_courses())
    lead = make.lead(offering.cohort)
    lead.language = "en"
    whole, single = issued(offering.cohort, name="Whole"), course_issued(offering, name="Single")
    browser.sign_in(lead).open("certificates.register")
    assert "Course: Evaluating Models Honestly" in browser.text
    for kind, here, not_here in (("course", single, whole), ("programme", whole, single)):
        browser.open("certificates.register", kind=kind)
        assert f"/certificates/{here.id}" in browser.links()
        assert f"/certificates/{not_here.id}" not in browser.links()
    browser.post("/certificates/register/export?kind=course", {"format": "csv", "reason": "For the city"}, status=200)
    table = browser.response.get_data(as_text=True)
    assert "Evaluating Models Honestly" in table
    assert "Whole" not in table
    assert session.get_one(Certificate, whole.id).facts["course"] is None
