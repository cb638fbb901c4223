"""Spreadsheets that open right in Korean Excel, and in which no cell can run.

Text is written as text, whatever it begins with; dates are dates and numbers numbers, so that sums and filters work.
"""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask import Response, send_file

from lms.kit import clock, i18n

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
LONGEST = 32_767  # characters that a cell of Excel holds
NARROWEST, WIDEST = 8, 60  # columns, in digits
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width: some programs read them alike
Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """A table: its title (the sheet's name), its head, and rows as long as the head."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def xlsx(*sheets: Sheet) -> bytes:
    """A workbook: the head stands still and filters, columns are as wide as their text, Hangul counted twice."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": sheets[0].title, "created": clock.now().replace(tzinfo=None)})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F4F5F6", "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "number": book.add_format({"num_format": "#,##0"}),
        "fraction": book.add_format({"num_format": "#,##0.##"}),  # would show a whole number with a point behind it
    }
    names: set[str] = set()
    for sheet in sheets:
        _fill(book.add_worksheet(_sheet_name(sheet.title, names)), sheet, formats)
    book.close()
    return stream.getvalue()


def csv_text(sheet: Sheet) -> bytes:
    """The table as comma-separated text: UTF-8 with the mark that Excel looks for, formulas disarmed by an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in (sheet.head, *sheet.rows):
        writer.writerow([_plain(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def download(content: bytes, name: str, media_type: str) -> Response:
    """The file as a download under a name in any language."""
    return send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def width(text: str) -> int:
    """How many columns a text takes: wide letters (Hangul, hanja) two, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _fill(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, title in enumerate(sheet.head):
        page.write_string(0, column, title, formats["head"])
    for line, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write(page, line, column, cell, formats)
    for column, title in enumerate(sheet.head):
        longest = max((width(_plain(row[column])) for row in sheet.rows), default=0)
        page.set_column(column, column, max(NARROWEST, min(WIDEST, max(longest, width(title) + 3) + 1)))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.head) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write(page: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            page.write_blank(line, column, None)
        case bool():
            page.write_boolean(line, column, cell)
        case int() | float():
            page.write_number(line, column, cell, formats["number" if cell == int(cell) else "fraction"])
        case datetime():
            page.write_datetime(line, column, _local(cell), formats["moment"])
        case date():
            page.write_datetime(line, column, cell, formats["date"])
        case _:
            page.write_string(line, column, _kept(cell)[:LONGEST])


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            text = _kept(cell)
            return f"'{text}" if text.startswith(FORMULA) else text
        case datetime():
            return f"{_local(cell):%Y-%m-%d %H:%M}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case _:
            return str(cell)


def _local(moment: datetime) -> datetime:
    """Wall time of the reader, to the minute: spreadsheets know no zones."""
    return moment.astimezone(i18n.zone()).replace(tzinfo=None, second=0, microsecond=0)


def _kept(text: str) -> str:
    """Without the control characters that a cell cannot hold."""
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of those that Excel refuses, each name once."""
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in _kept(title)).strip(" '") or "Sheet"
    name, number = clean[:31], 1
    while name.casefold() in taken:
        number += 1
        name = f"{clean[:27]} {number}"
    taken.add(name.casefold())
    return name
