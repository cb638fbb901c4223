"""The pages of reports: looked at, made, read, taken along; every number as long as its list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.kit import clock, jobs
from lms.kit.db import session
from lms.people.models import AuditEntry
from lms.pipeline.models import Stage
from lms.reporting.pack_models import ReportPack
from tests import make
from tests.lms.reporting.test_packs import WHY, contents, made
from tests.lms.reporting.test_pages import certify, length, lively, numbers

TODAY = clock.today()
YEAR = TODAY.year


def typed(browser, **more):
    """The form of the page as it stands there."""
    form = next(form for form in browser.find("form") if form.get("action") == "/board/reports")
    hidden = {node.get("name"): node.get("value") for node in form.iter() if node.get("type") == "hidden"}
    return {**hidden, "explanation": WHY, **more}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_report_is_looked_at_made_and_read(browser, language):
    lead, *_rest = lively()
    lead.language = language
    browser.sign_in(lead).open("reporting.reports")
    browser.open("reporting.new_report")
    browser.post("reporting.make_report", typed(browser)).follow()
    assert WHY in browser.text
    jobs.perform_all()
    pack = session.scalars(select(ReportPack)).one()
    browser.open("reporting.report", pack_id=pack.id)
    assert len([href for href in browser.links() if f"/board/reports/{pack.id}/" in href]) == 4
    for (spoken, ending), content in contents(pack).items():
        browser.open("reporting.report_file", pack_id=pack.id, language=spoken, ending=ending)
        assert browser.response.data == content
    browser.open("reporting.reports")
    assert "500" in browser.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.deed == "report.made")).one().person_id == lead.id


def test_every_number_of_a_report_stays_as_long_as_its_list(browser):
    lead, first, _last = lively()
    pack = made(lead)
    certify(make.traineeship(first, stage=Stage.COMPLETED))
    make.application(first)
    browser.sign_in(make.admin()).open("reporting.report", pack_id=pack.id)  # who leads more than was counted
    found = {href: number for number, href in numbers(browser)}
    assert len(found) > 30
    for href, number in list(found.items())[::3]:
        assert length(browser, href) == (number, number), href


def test_every_number_that_is_looked_at_is_as_long_as_its_list(browser):
    lead, *_rest = lively()
    before = make.cohort(starts_on=date(YEAR - 2, 1, 1), ends_on=date(YEAR - 1, 6, 1))
    make.add(make.Lead(person_id=lead.id, cohort_id=before.id))
    for stage in (Stage.TRAINING, Stage.COMPLETED, Stage.LEFT):
        make.traineeship(before, stage=stage)  # of no cohort of this year
    browser.sign_in(lead).open("reporting.new_report")
    found = numbers(browser)
    assert len(found) > 30
    for href, number in {href: number for number, href in found}.items():
        assert length(browser, href) == (number, number), href


def test_the_address_on_paper_opens_the_list(browser):
    lead, first, _last = lively()
    pack = made(lead)
    browser.sign_in(lead).open("reporting.report_list", pack_id=pack.id, key="experts", status=302).follow()
    assert browser.find("h1")[0].itertext()
    assert len([row for body in browser.find("tbody") for row in body]) == 3
    browser.open("reporting.report_list", pack_id=pack.id, key="trained", cohort_id=first.id, status=302).follow()
    browser.open("reporting.report_list", pack_id=pack.id, key="seats", status=404)
    browser.open("reporting.report_list", pack_id=pack.id, key="nothing", status=404)


def test_a_missed_target_without_explanation_is_said_at_the_field(browser):
    lead, *_rest = lively()
    browser.sign_in(lead).open("reporting.new_report")
    assert "This report must explain why the target is missed" in browser.text
    browser.post("reporting.make_report", typed(browser, explanation=" "), status=422)
    assert "Explain why the target is missed." in browser.text
    assert session.scalars(select(ReportPack)).all() == []
    browser.post("reporting.make_report", typed(browser))


def test_the_second_of_two_leads_is_shown_the_first_report_and_keeps_what_was_typed(browser):
    lead, *_rest = lively()
    browser.sign_in(lead).open("reporting.new_report")
    mine = typed(browser, explanation="My own words.")
    browser.post("reporting.make_report", typed(browser))
    browser.post("reporting.make_report", mine, status=409)
    assert "made report 1 in between" in browser.text
    assert "My own words." in browser.text
    browser.post("reporting.make_report", typed(browser, explanation="My own words.")).follow()
    assert [each.number for each in session.scalars(select(ReportPack).order_by(ReportPack.number))] == [1, 2]
    assert "What is different from the last report" in browser.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"first": f"{YEAR}-03-02", "last": f"{YEAR}-03-01"}, "ends before it begins"),
        ({"first": f"{YEAR}-01-01", "last": f"{TODAY + timedelta(days=400)}"}, "ends in the future"),
        ({"first": "2004-01-01", "last": "2004-02-29"}, "You lead no cohort in 2004"),
        ({"first": "2023-02-29", "last": "2023-03-01"}, "Not a valid date"),
        ({"first": "", "last": ""}, "Give the first day"),
        ({"programme": "no-such-programme"}, "Not a valid choice"),
    ],
)
def test_a_period_that_cannot_be_reported_is_told(browser, query, said):
    lead, *_rest = lively()
    browser.sign_in(lead).open("reporting.new_report", query=query)
    assert said in browser.text
    assert not [form for form in browser.find("form") if form.get("action") == "/board/reports"]


def test_a_wrong_period_is_refused_when_it_is_sent_too(browser):
    lead, *_rest = lively()
    browser.sign_in(lead).open("reporting.new_report")
    for wrong in ({"first": f"{date.max}"}, {"last": "never"}, {"seen": "x"}, {"programme": "other"}):
        browser.post("reporting.make_report", typed(browser, **wrong) if wrong else {}, status=422)
        browser.open("reporting.new_report")
    assert session.scalars(select(ReportPack)).all() == []


def test_other_peoples_reports_are_not_there(browser):
    lead, first, _last = lively()
    pack = made(lead)
    jobs.perform_all()
    for outsider in (make.lead(make.cohort()), make.lead(first)):
        browser.sign_in(outsider)
        browser.open("reporting.report", pack_id=pack.id, status=404)
        browser.open("reporting.report_file", pack_id=pack.id, language="ko", ending="pdf", status=404)
        browser.open("reporting.report_list", pack_id=pack.id, key="experts", status=404)
        browser.open("reporting.people", query={"pack": pack.id}, status=404)
        browser.post("reporting.make_files_again", pack_id=pack.id, status=404)
        browser.open("reporting.reports")
        assert str(pack.id) not in browser.html
    browser.sign_in(make.person()).open("reporting.reports", status=403)
    browser.sign_in(lead).open("reporting.report", pack_id=pack.id)


def test_a_list_of_reports_costs_the_same_for_one_and_for_ten(browser, queries):
    lead, *_rest = lively()
    browser.sign_in(lead)
    counted = []
    for times in (1, 9):
        for _each in range(times):
            made(lead, seen=len(session.scalars(select(ReportPack)).all()))
        browser.open("reporting.reports")
        with queries() as seen:
            browser.open("reporting.reports")
        counted.append(len(seen))
    assert counted[0] == counted[1]
