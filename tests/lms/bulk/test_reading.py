"""Files as they come: encodings, delimiters, heads, and those that are meant to break a reader."""

import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import pytest

from lms.bulk import reading
from lms.bulk.columns import COLUMNS, match
from lms.bulk.models import Kind
from lms.bulk.rows import parse
from lms.kit import i18n
from lms.kit.refusal import Refused
from tests.lms.bulk import making

HEAD = ["이메일", "이름", "영문 이름"]
ROW = ["haneul@example.org", "김하늘", "KIM HANEUL"]
CELL = b'<row r="%d"><c r="%b%d"><v>1</v></c></row>'


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


@pytest.fixture
def kept(tmp_path: Path):
    def keep(content: bytes, name: str = "table.csv", kind: Kind = Kind.PEOPLE) -> reading.Table:
        path = tmp_path / name
        path.write_bytes(content)
        return reading.read(path, name.rpartition(".")[2], kind)

    return keep


def sheet_of(*rows: bytes, claimed: int | None = None) -> bytes:
    """A spreadsheet with its XML written by hand; `claimed`: what the zip says about the size of the sheet."""
    stream = io.BytesIO(making.xlsx(HEAD))
    stream_out = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(stream_out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for each in old.infolist():
            content = old.read(each)
            if each.filename.endswith("sheet1.xml"):
                content = (
                    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    b"<sheetData>" + b"".join(rows) + b"</sheetData></worksheet>"
                )
            new.writestr(each.filename, content)
    made = stream_out.getvalue()
    if claimed is not None:
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
        made = made.replace(real.to_bytes(4, "little"), claimed.to_bytes(4, "little"))
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_usual_way(kept, encoding: str, delimiter: str):
    table = kept(making.csv(HEAD, ROW, encoding=encoding, delimiter=delimiter))
    rows, findings = parse(Kind.PEOPLE, table)
    assert findings == []
    assert [(row["email"], row["name"], row["latin_name"]) for row in rows] == [tuple(ROW)]


def test_a_line_that_excel_wrote_for_itself_is_no_head(kept):
    table = kept(b"sep=;\r\n" + making.csv(HEAD, ROW, delimiter=";"))
    assert [number for number, _row in table.rows] == [3]


def test_a_spreadsheet_is_read_with_its_row_numbers_and_a_title_above(kept):
    table = kept(making.xlsx([], ["2024년 수강생"], [], HEAD, ROW, [], ROW), "table.xlsx")
    assert list(table.head[:3]) == HEAD
    assert [number for number, _row in table.rows] == [5, 7]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_heads_of_both_languages_are_found_whatever_their_order_and_width(kind: Kind, language: str):
    head = [each.head[language] for each in reversed(COLUMNS[kind])]
    wide = [f" {text}＊ ".upper() for text in head]
    for given in (head, wide):
        heads = match(kind, given)
        assert (heads.missing, heads.unknown, heads.twice) == ((), (), ())
        assert len(heads.places) == len(COLUMNS[kind])


def test_a_missing_column_and_one_that_is_there_twice_are_named(kept):
    _rows, findings = parse(Kind.PEOPLE, kept(making.csv(["이메일", "E-mail", "별명"], ["a@example.org", "", "x"])))
    assert [(each.column, each.code) for each in findings] == [
        ("name", "missing_head"),
        ("email", "head_twice"),
        ("", "unknown_head"),
    ]


@pytest.mark.parametrize(
    "content, name",
    [
        (b"", "a.csv"),
        (b"\r\n,,\r\n", "a.csv"),
        ("이메일,이름".encode(), "a.csv"),
        (b"\xff\xff\x80\x81 \xfe", "a.csv"),
        (b"PK\x03\x04 and then nothing", "a.xlsx"),
        (b"%PDF-1.7", "a.xlsx"),
        (b"", "a.xlsx"),
    ],
)
def test_what_is_no_table_is_refused(kept, content: bytes, name: str):
    with pytest.raises(Refused):
        kept(content, name)


def test_a_zip_that_is_no_spreadsheet_is_refused(kept):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "not a sheet")
    with pytest.raises(Refused, match="no spreadsheet"):
        kept(stream.getvalue(), "a.xlsx")


def test_two_million_rows_are_refused_before_they_are_laid_out(kept):
    rows = (CELL % (number, b"A", number) for number in range(1, 2_000_001, 1))
    content = sheet_of(*rows)
    with pytest.raises(Refused, match="more than 50,000 rows"):
        kept(content, "a.xlsx")


def test_one_cell_at_the_far_end_does_not_fill_the_memory(kept):
    with pytest.raises(Refused, match="more than 50,000 rows"):
        kept(sheet_of(CELL % (1, b"A", 1), CELL % (1048576, b"A", 1048576)), "a.xlsx")
    with pytest.raises(Refused, match="XFD2"):
        kept(sheet_of(CELL % (1, b"A", 1), CELL % (2, b"XFD", 2)), "a.xlsx")


def test_a_bomb_is_refused_by_what_it_unpacks_to_and_not_by_what_it_says(kept, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_WHOLE", 5_000_000)
    content = sheet_of(b"<!--" + b" " * 6_000_000 + b"-->", claimed=1000)
    assert len(content) < 50_000
    with pytest.raises(Refused, match="unpacked"):
        kept(content, "a.xlsx")


def test_more_rows_of_text_than_are_taken_are_refused(kept):
    with pytest.raises(Refused, match="50,000"):
        kept("이메일,이름\n".encode() + b"a@example.org,A\n" * 50_011)


def test_cells_are_understood_as_people_write_them(kept):
    names = ["기수", "이메일", "단계", "날짜", "사유"]
    written = [
        "2024-03-02",
        "2024. 3. 2.",
        "2024.3.2",
        "2024/03/02",
        "20240302",
        "2024년 3월 2일",
        "２０２４-０３-０２",
    ]
    table = kept(
        making.csv(names, *(["1기", " Ｈａｎ＠Ｅｘａｍｐｌｅ．org ", "수료", day, ""] for day in written)),
        kind=Kind.RESULTS,
    )
    rows, findings = parse(Kind.RESULTS, table)
    assert findings == []
    assert {row["happened_on"] for row in rows} == {date(2024, 3, 2)}
    assert {row["email"] for row in rows} == {"han@example.org"}
    assert {row["stage"] for row in rows} == {"completed"}


def test_a_name_in_parts_is_composed(kept):
    parts = unicodedata.normalize("NFD", "김하늘")
    assert len(parts) > 3
    rows, findings = parse(Kind.PEOPLE, kept(making.csv(HEAD, ["a@example.org", parts, ""])))
    assert (findings, rows[0]["name"]) == ([], "김하늘")


@pytest.mark.parametrize(
    "values, found",
    [
        (["no-address", "김하늘", ""], ("email", "email")),
        (["a@example.org", "", ""], ("name", "empty")),
        (["a@example.org", "123", ""], ("name", "name")),
        (["a@example.org", "김하늘", "하늘"], ("latin_name", "latin")),
        (["a@example.org", "가" * 101, ""], ("name", "long")),
    ],
)
def test_a_wrong_cell_is_told_by_its_row_and_column(kept, values: list[str], found: tuple[str, str]):
    _rows, findings = parse(Kind.PEOPLE, kept(making.csv(HEAD, ROW, values)))
    assert [(each.row, each.column, each.code) for each in findings] == [(3, *found)]
    assert findings[0].is_error


def test_a_day_that_is_a_bare_number_is_told_apart(kept):
    head = ["기수", "이메일", "단계", "날짜"]
    table = kept(making.xlsx(head, ["1기", "a@example.org", "수료", 45353]), "a.xlsx", Kind.RESULTS)
    _rows, findings = parse(Kind.RESULTS, table)
    assert [each.code for each in findings] == ["day_number"]
    table = kept(making.xlsx(head, ["1기", "a@example.org", "수료", "2024-02-30"]), "a.xlsx", Kind.RESULTS)
    assert [each.code for each in parse(Kind.RESULTS, table)[1]] == ["day"]


@pytest.mark.parametrize("written, found", [("2024-02-29", []), ("2023-02-29", ["day"]), ("2024-13-01", ["day"])])
def test_a_leap_day_is_a_day_only_when_there_is_one(kept, written: str, found: list[str]):
    table = kept(
        making.csv(["기수", "이메일", "단계", "날짜"], ["1기", "a@example.org", "수료", written]), kind=Kind.RESULTS
    )
    assert [each.code for each in parse(Kind.RESULTS, table)[1]] == found
