"""What leaves the house as a table opens right in Korean Excel, and nothing in it runs."""

import csv
import io
import re
import zipfile

import pytest

from lms.kit import jobs, sheets
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import AuditEntry, Role
from lms.pipeline.models import Stage
from tests import make
from tests.lms.reporting.test_packs import contents, made
from tests.lms.reporting.test_pages import YEAR, lively

EVIL = ("=1+1", "+82-10", "-2+3", "@SUM(A1)", "＝1+1", "\t=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0")
WHY = "For the city's report"
TABLES = (
    "/board/people/export",
    "/board/people/export?what=people",
    f"/board/people/export?certified={YEAR}",
    "/board/cohorts/export",
)


@pytest.fixture
def lead():
    """Names and titles that a spreadsheet would work out."""
    lead, first, _last = lively()
    first.title, first.track = Words(ko=EVIL[0], en=EVIL[0]), EVIL[3]
    for name in EVIL:
        person = make.person(Role.TRAINEE, name=name, latin_name=name)
        make.traineeship(first, person, stage=Stage.TRAINING)
    return lead


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_text_begins_a_formula(browser, lead, table):
    browser.sign_in(lead).post(table, {"format": "csv", "reason": WHY}, status=200)
    assert browser.response.data.startswith(b"\xef\xbb\xbf"), "without the mark Korean Excel reads CP949"
    rows = list(csv.reader(io.StringIO(browser.response.data.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert [cell for cell in cells if cell.startswith(sheets.FORMULA) and not re.fullmatch(r"-?\d+", cell)] == []
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("table", TABLES)
def test_no_workbook_holds_a_formula_or_a_link(browser, lead, table):
    browser.sign_in(lead).post(table, {"format": "xlsx", "reason": WHY}, status=200)
    found = parts(browser.response.data)
    assert EVIL[0] in found["xl/sharedStrings.xml"]
    for name, xml in found.items():
        if name.startswith("xl/worksheets/"):
            assert not re.search(r"<f[ >]|<hyperlink", xml), name


def test_a_report_holds_no_formula_whatever_its_explanation(lead):
    pack = made(lead, explanation="=1+1\n@SUM(A1)")
    jobs.perform_all()
    for (_language, kind), content in contents(pack).items():
        if kind == "xlsx":
            found = parts(content)
            assert "=1+1" in found["xl/sharedStrings.xml"]
            assert not any(re.search(r"<f[ >]|<hyperlink", xml) for name, xml in found.items() if "worksheets/" in name)


@pytest.mark.parametrize("table", [each for each in TABLES if "people" in each])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_whatever_holds_names_asks_for_a_reason_and_is_kept(browser, lead, table, kind):
    browser.sign_in(lead).post(table, {"format": kind}, status=409)
    assert session.query(AuditEntry).filter_by(deed="people.exported").all() == []
    browser.post(table, {"format": kind, "reason": WHY}, status=200)
    (entry,) = session.query(AuditEntry).filter_by(deed="people.exported")
    assert (entry.person_id, entry.new["reason"], entry.new["format"]) == (lead.id, WHY, kind)
    assert entry.new["rows"] > 0


def test_what_holds_no_names_asks_for_nothing(browser, lead):
    browser.sign_in(lead).post("/board/cohorts/export", {"format": "csv"}, status=200)
    names = [each.name for each in session.query(make.Person) if each.id != lead.id and each.name not in EVIL]
    text = browser.response.data.decode("utf-8-sig")
    assert len(names) > 5
    assert [name for name in names if name in text] == []


def test_a_whole_number_has_no_point_behind_it_even_beside_fractions():
    xml = parts(sheets.xlsx(sheets.Sheet("x", ["a"], [[1], [1.5], [2.0]])))["xl/worksheets/sheet1.xml"]
    styles = dict(re.findall(r'<c r="A(\d)" s="(\d+)"', xml))
    assert styles["2"] == styles["4"] != styles["3"]
