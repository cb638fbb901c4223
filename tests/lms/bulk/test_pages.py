"""The pages: a table is sent in, looked at, confirmed and taken along, in both languages, by those who may."""

import io

import pytest
from python_calamine import CalamineWorkbook

from lms.bulk import uploads
from lms.bulk.columns import COLUMNS
from lms.bulk.models import Kind, UploadState
from lms.kit import jobs
from lms.kit.db import session
from lms.people.models import Person, Role
from tests import make
from tests.lms.bulk.making import brought_in, checked, csv, done, sent

HEAD = ["이메일", "이름"]


def table(*rows: list[str]) -> bytes:
    return csv(HEAD, *rows)


def test_a_table_goes_its_whole_way(browser):
    admin = make.admin()
    browser.sign_in(admin).open("bulk.tables")
    file = (io.BytesIO(table(["a@example.org", "김하나"])), "명단.csv")
    browser.post("bulk.take", {"kind": "people", "file": file}).follow()
    assert "Being checked" in browser.text
    assert browser.find("div", id="way")[0].get("hx-get")
    jobs.perform_all()
    browser.open(browser.find("a", class_="button")[0].get("href"))
    assert "Ready to be brought in" in browser.text
    mark = browser.find("input", name="mark")[0].get("value")
    confirm = next(
        form.get("action") for form in browser.find("form") if (form.get("action") or "").endswith("confirmation")
    )
    browser.post(confirm, {"mark": mark}).follow()
    assert "Being brought in" in browser.text
    jobs.perform_all()
    browser.open(confirm.removesuffix("/confirmation"))
    assert "Everything was brought in" in browser.text
    assert session.query(Person).filter_by(email="a@example.org").one().name == "김하나"
    browser.open("bulk.tables")
    assert "명단.csv" in browser.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_mistakes_stand_with_row_and_column_in_both_languages(browser, language):
    admin = make.person(Role.ADMIN, language=language)
    upload = checked(Kind.PEOPLE, table(["a@example.org", "김하나"], ["nobody", ""]), admin, "a.csv")
    browser.sign_in(admin).open("bulk.table", table_id=upload.id)
    said = {"ko": "“nobody”은(는) 이메일 주소가 아니에요.", "en": "“nobody” is no e-mail address."}[language]
    assert said in browser.text
    assert {"ko": "고칠 곳이 2군데", "en": "2 places are to be mended"}[language] in browser.text
    assert not browser.find("input", name="mark")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_each_template_holds_its_columns_in_the_readers_language(browser, kind, language):
    browser.sign_in(make.person(Role.ADMIN, language=language)).open("bulk.template", kind=kind.value, inspect=False)
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.data))
    assert book.get_sheet_by_index(0).to_python()[0] == [each.head[language] for each in COLUMNS[kind]]
    assert len(book.get_sheet_by_index(1).to_python()) == len(COLUMNS[kind]) + 1


@pytest.mark.parametrize(
    "content, name, said",
    [
        (b"", "a.csv", "empty"),
        (b"%PDF-1.7", "a.pdf", "cannot be taken"),
        (b"%PDF-1.7", "a.xlsx", "not a real XLSX"),
        (b"\x00\x01\x02", "a.csv", "not a real CSV"),
    ],
)
def test_a_wrong_file_is_told_at_once_at_its_field(browser, content, name, said):
    browser.sign_in(make.admin())
    browser.post("bulk.take", {"kind": "people", "file": (io.BytesIO(content), name)}, status=422)
    assert said in browser.text
    browser.post("bulk.take", {"file": (io.BytesIO(b"x"), "a.csv")}, status=422)
    assert "Say what is in the table." in browser.text


def test_a_lead_brings_in_what_belongs_to_cohorts_alone(browser):
    lead = make.lead(make.cohort())
    browser.sign_in(lead).open("bulk.tables")
    assert {node.get("value") for node in browser.find("input", name="kind")} == {"applications", "results", "cohorts"}
    browser.post("bulk.take", {"kind": "people", "file": (io.BytesIO(table()), "a.csv")}, status=422)
    browser.open("bulk.template", kind="people", status=404)
    browser.open("bulk.template", kind="nothing", status=404)


def test_only_staff_and_only_ones_own(browser):
    lead, other = make.lead(make.cohort()), make.lead(make.cohort())
    upload = sent(Kind.APPLICATIONS, table(["a@example.org", "A"]), lead, "a.csv")
    browser.sign_in(other).open("bulk.table", table_id=upload.id, status=404)
    browser.open("bulk.result", table_id=upload.id, status=404)
    for deed in ("confirm", "check", "discard"):
        browser.post(f"bulk.{deed}", {}, table_id=upload.id, status=404)
    for roles in ((Role.TRAINEE,), (Role.INSTRUCTOR,)):
        browser.sign_in(make.person(*roles)).open("bulk.tables", status=403)
        browser.post("bulk.take", {}, status=403)
    browser.sign_in(lead).open("bulk.table", table_id=upload.id)


def test_a_second_confirmation_hears_that_somebody_was_quicker(browser):
    admin = make.admin()
    upload = checked(Kind.PEOPLE, table(["a@example.org", "A"]), admin, "a.csv")
    browser.sign_in(admin).post("bulk.confirm", {"mark": upload.mark}, table_id=upload.id)
    browser.sign_in(make.admin()).post("bulk.confirm", {"mark": upload.mark}, table_id=upload.id, status=409)
    assert "confirmed a moment ago" in browser.text


def test_the_difference_is_shown_before_it_is_confirmed_again(browser):
    admin = make.admin()
    upload = checked(Kind.PEOPLE, table(["a@example.org", "A"], ["b@example.org", "B"]), admin, "a.csv")
    uploads.confirm(upload, admin, upload.mark)
    make.person(name="A", email="a@example.org")
    session.commit()
    done(upload)
    browser.sign_in(admin).open("bulk.table", table_id=upload.id)
    assert "something changed since the check" in browser.text
    assert "Row 2: was “would be made”" in browser.text


def test_thrown_away_is_gone(browser):
    admin = make.admin()
    upload = checked(Kind.PEOPLE, csv([*HEAD, "별명"], ["a@example.org", "A", "에이"]), admin, "a.csv")
    browser.sign_in(admin).open("bulk.result", table_id=upload.id, inspect=False)
    browser.post("bulk.discard", {}, table_id=upload.id).follow()
    upload = done(upload)
    assert (upload.state, bool(upload.file.forgotten_at)) == (UploadState.DISCARDED, True)
    browser.open("bulk.table", table_id=upload.id)
    browser.open("bulk.result", table_id=upload.id, status=410)
    browser.post("bulk.confirm", {"mark": upload.mark}, table_id=upload.id, status=409)


def test_the_same_file_again_is_recognised(browser):
    admin = make.admin()
    brought_in(Kind.PEOPLE, table(["a@example.org", "A"]), admin, "a.csv")
    again = checked(Kind.PEOPLE, table(["a@example.org", "A"]), admin, "again.csv")
    browser.sign_in(admin).open("bulk.table", table_id=again.id)
    assert "This file was brought in before" in browser.text
    assert "Everything is here already" in browser.text


def test_a_check_is_made_anew(browser):
    admin = make.admin()
    upload = checked(Kind.PEOPLE, table(["a@example.org", "A"]), admin, "a.csv")
    make.person(name="A", email="a@example.org")
    browser.sign_in(admin).post("bulk.check", {}, table_id=upload.id)
    assert (done(upload).made, done(upload).same) == (0, 1)
