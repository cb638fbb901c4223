"""Spreadsheets, read back by another library than the one that wrote them."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from lms.kit import sheets
from lms.kit.sheets import Sheet

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\n=1", '=HYPERLINK("http://x")', "＝1+1", "=cmd|' /C calc'!A0"]


def read(content: bytes, name: str | None = None) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(name or book.sheet_names[0]).to_python()


def test_cells_keep_their_kind():
    moment = datetime(2026, 9, 22, 6, 30, 59, tzinfo=UTC)
    content = sheets.xlsx(
        Sheet("사람", ["이름", "수", "날짜", "시각", "예"], [["김서연", 312, date(2026, 9, 22), moment, True]])
    )
    head, row = read(content, "사람")
    assert head == ["이름", "수", "날짜", "시각", "예"]
    assert row == ["김서연", 312.0, date(2026, 9, 22), datetime(2026, 9, 22, 15, 30), True], "wall time of Seoul"


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_can_run(text):
    content = sheets.xlsx(Sheet("x", ["a"], [[text]]))
    assert read(content)[1] == [text], "the text is kept as it is"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert not any("hyperlink" in name.lower() for name in parts.namelist())


@pytest.mark.parametrize("text", EVIL)
def test_no_line_can_run(text):
    content = sheets.csv_text(Sheet("x", ["a"], [[text]]))
    assert content.startswith(b"\xef\xbb\xbf"), "Korean Excel reads it as UTF-8 only with the mark"
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert (head, row) == (["a"], [f"'{text}"])


def test_csv_keeps_numbers_dates_commas_and_lines():
    moment = datetime(2026, 9, 22, 6, 30, tzinfo=UTC)
    content = sheets.csv_text(
        Sheet("x", ["a"] * 6, [[-5, 0.5, date(2026, 1, 2), moment, None, '말, "따옴표"\n둘째 줄']])
    )
    row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]
    assert row == ["-5", "0.5", "2026-01-02", "2026-09-22 15:30", "", '말, "따옴표"\n둘째 줄']


def test_names_of_all_kinds_come_back_whole():
    names = ["김서연", "Nguyễn Thị Ánh", "각", "𠮷野家", "👩🏽‍💻", "محمد", "a\x00b\x07c", "_x0041_"]
    rows = read(sheets.xlsx(Sheet("x", ["이름"], [[name] for name in names])))[1:]
    assert [row[0] for row in rows] == [*names[:6], "abc", "_x0041_"]


def test_hangul_is_counted_as_wide():
    assert (sheets.width("김서연"), sheets.width("Kim"), sheets.width("e\u0301")) == (6, 3, 1)
    with zipfile.ZipFile(io.BytesIO(sheets.xlsx(Sheet("x", ["a", "b"], [["김서연" * 5, "k" * 500]])))) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'min="1" max="1" width="31.7' in page
    assert 'min="2" max="2" width="60.7' in page, "no column is wider than a screen"
    assert 'state="frozen"' in page and "<autoFilter" in page  # noqa: PT018


def test_sheets_are_named_as_excel_allows_and_once():
    content = sheets.xlsx(*(Sheet(title, ["a"], []) for title in ("2026/27: [전체]*?", "가" * 50, "가" * 40, "", "'")))
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert names == ["2026 27   전체", "가" * 31, f"{'가' * 27} 2", "Sheet", "Sheet 2"]


def test_a_text_longer_than_a_cell_is_cut():
    assert len(str(read(sheets.xlsx(Sheet("x", ["a"], [["가" * 40_000]])))[1][0])) == sheets.LONGEST


def test_an_empty_table_is_a_head():
    assert read(sheets.xlsx(Sheet("x", ["이름", "단계"], []))) == [["이름", "단계"]]


def test_the_same_table_at_the_same_moment_is_the_same_file():
    from_clock = datetime(2026, 1, 1, tzinfo=UTC)
    with sheets.clock.at(from_clock):
        one, two = (sheets.xlsx(Sheet("x", ["a"], [[1], ["b"]])) for _ in range(2))
    assert one == two


def test_a_download_has_its_korean_name(app):
    with app.test_request_context():
        response = sheets.download(b"x", "수료 현황 2026.xlsx", sheets.XLSX)
    said = response.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert "filename*=UTF-8''%EC%88%98%EB%A3%8C%20%ED%98%84%ED%99%A9%202026.xlsx" in said
