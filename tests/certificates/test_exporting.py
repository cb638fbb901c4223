"""The register as a file: the page's filters, the reader's language, nothing that runs, nobody else's certificates."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from certificates.facts import Facts
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import AuditEntry
from tests import make
from tests.certificates.making import issued, printed

HEADS = {
    "en": ["Number", "Printed name", "Name in Latin letters", "Programme", "Cohort", "Hours", "Completed on"],
    "ko": ["번호", "인쇄된 이름", "영문 이름", "프로그램", "기수", "시간", "수료일"],
}
WHY = "For the city's report"
ON_PAPER = {"en": "No. ", "ko": "제"}


def workbook(browser, **query):
    """The rows of the register's file for these filters."""
    browser.post("certificates.export", {"format": "xlsx", "reason": WHY}, status=200, **query)
    assert browser.response.mimetype.endswith("spreadsheetml.sheet")
    return CalamineWorkbook.from_filelike(io.BytesIO(browser.response.data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_file_says_what_the_page_says_in_the_readers_language(browser, language):
    cohort = make.cohort()
    lead = make.lead(cohort)
    lead.language = language
    certificate = printed(cohort, lead, name="문가온", latin_name="Moon Gaon")
    browser.sign_in(lead).open("certificates.register")
    assert browser.find("form", action="/certificates/register/export")
    head, row = workbook(browser)
    facts = Facts.from_json(certificate.facts)
    assert head[:7] == HEADS[language]
    assert row[0].startswith(ON_PAPER[language])
    assert row[1:3] == ["문가온", "Moon Gaon"]
    assert row[3:6] == [facts.programme[language], facts.cohort[language], float(facts.hours)]
    assert row[6:8] == [facts.completed_on, facts.issued_on]
    assert isinstance(row[7], date)
    assert row[8] == {"en": "Valid", "ko": "유효"}[language]
    assert row[12:15] == [certificate.code, facts.verify_url, certificate.document.sha256]
    assert row[15:] == [""] * 5


def test_the_filters_of_the_page_are_those_of_the_file(browser):
    cohort, other = make.cohort(), make.cohort()
    admin = make.admin()
    with clock.at(make.LONG_AGO + timedelta(days=200)):
        issued(cohort, name="문가온")
    new = printed(other, name="Ada")
    browser.sign_in(admin).post(
        "certificates.revoke", {"ground": "error", "reason": "Wrong person."}, certificate_id=new.id
    )

    def names(**query):
        return [row[1] for row in workbook(browser, **query)[1:]]

    assert names() == ["Ada", "문가온"]
    assert names(sort="number") == ["문가온", "Ada"]
    assert names(q="가온") == names(cohort=str(cohort.id)) == names(state="valid") == ["문가온"]
    assert names(state="revoked") == names(year=str(new.year)) == ["Ada"]
    row = workbook(browser, state="revoked")[1]
    assert row[8:12] == ["Revoked", clock.now().astimezone(clock.SEOUL).date(), admin.name, "Wrong person."]
    assert row[16] == "It was issued in error."
    browser.open("certificates.register", query={"state": "revoked"})
    assert browser.find("form", action="/certificates/register/export?state=revoked")
    kept = session.scalars(select(AuditEntry).where(AuditEntry.deed == "register.exported")).all()
    assert {each.person_id for each in kept} == {admin.id}
    assert {"reason": WHY, "filters": {"state": "revoked"}, "rows": 1, "format": "xlsx"} in [each.new for each in kept]


def test_no_name_runs_in_a_spreadsheet(browser):
    cohort = make.cohort()
    lead = make.lead(cohort)
    issued(cohort, lead, name="=1+1", latin_name="@SUM(A1)")
    browser.sign_in(lead)
    assert workbook(browser)[1][1:3] == ["=1+1", "@SUM(A1)"]
    with zipfile.ZipFile(io.BytesIO(browser.response.data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    browser.post("certificates.export", {"format": "csv", "reason": WHY}, status=200)
    rows = list(csv.reader(io.StringIO(browser.response.get_data().decode("utf-8-sig"))))
    assert rows[1][1:3] == ["'=1+1", "'@SUM(A1)"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_holds_names_and_does_not_leave_without_a_reason(browser, kind):
    browser.sign_in(issued().issued_by).post("certificates.export", {"format": kind, "reason": " . "}, status=409)
    assert "Say what the list is for" in browser.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.deed == "register.exported")).all() == []


def test_only_the_cohorts_one_leads_and_only_for_leads(browser):
    mine, other = issued(name="Mine"), issued(name="Other")
    browser.sign_in(mine.issued_by)
    assert [row[1] for row in workbook(browser)[1:]] == ["Mine"]
    assert [row[1] for row in workbook(browser, cohort=str(other.cohort_id))[1:]] == ["Mine"]
    browser.sign_in(mine.person).post("certificates.export", {"format": "xlsx"}, status=403)
    browser.sign_in(make.lead(make.cohort()))
    assert len(workbook(browser)) == 1


def test_the_file_costs_the_same_for_two_and_forty(browser, queries):
    cohort = make.cohort()
    lead = make.lead(cohort)
    browser.sign_in(lead)
    counts = []
    for more in (2, 38):
        for _ in range(more):
            issued(cohort, lead)
        session.commit()
        with queries() as seen:
            workbook(browser)
        counts.append(len(seen))
    assert counts[0] == counts[1]
