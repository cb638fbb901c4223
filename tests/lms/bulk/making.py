"""Tables as people send them, and the way of one through the product."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from lms.bulk import uploads
from lms.bulk.models import BulkUpload, Kind
from lms.kit import files, jobs
from lms.kit.db import session
from lms.people.models import Person

DAYS = (
    "applied",
    "waiting",
    "declined",
    "withdrawn",
    "admitted",
    "training",
    "completed",
    "certified",
    "placed",
    "left",
)
PAST_HEAD = ["programme", "cohort", "starts_on", "ends_on", "seats", "email", "name", *DAYS, "reason", "note"]


def xlsx(*rows: Sequence[Any]) -> bytes:
    """A spreadsheet with these rows; days as days."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, as_day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                page.write_datetime(line, place, cell, as_day)
            elif cell is not None:
                page.write(line, place, cell)
    book.close()
    return stream.getvalue()


def csv(*rows: Sequence[Any], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows).encode(
        encoding
    )


def past(cohort: str = "1기", programme: str = "programme", **values: Any) -> list[Any]:
    """A row of past cohorts: a spring of 2024 with 30 seats; who applied is told, the rest on request."""
    given = {
        "programme": programme, "cohort": cohort, "starts_on": date(2024, 3, 4), "ends_on": date(2024, 6, 28), "seats": 30,
        "email": "one@example.org", "name": "김하나", "applied": date(2024, 2, 1), **values,
    }  # fmt: skip
    return [given.get(key) for key in PAST_HEAD]


def sent(kind: Kind, content: bytes, by: Person, name: str = "table.xlsx") -> BulkUpload:
    """A table that was sent in; its check waits."""
    stored = files.keep_bytes(content, name=name, media_type="application/octet-stream", by=by.id)
    upload = BulkUpload(kind=kind, file=stored, by_id=by.id)
    session.add(upload)
    session.flush()
    jobs.announce(uploads.CHECK, upload_id=str(upload.id))
    session.commit()
    return upload


def checked(kind: Kind, content: bytes, by: Person, name: str = "table.xlsx") -> BulkUpload:
    """A table that was sent in and looked at."""
    upload = sent(kind, content, by, name)
    return done(upload)


def done(upload: BulkUpload) -> BulkUpload:
    """The table once all later work is done."""
    jobs.perform_all()
    session.expire_all()
    found = session.get_one(BulkUpload, upload.id)
    session.refresh(found, ["findings", "marks"])
    return found


def brought_in(kind: Kind, content: bytes, by: Person, name: str = "table.xlsx") -> BulkUpload:
    """A table that was checked, confirmed and written."""
    upload = checked(kind, content, by, name)
    assert upload.errors == 0, codes(upload)
    uploads.confirm(upload, by, upload.mark)
    session.commit()
    return done(upload)


def codes(upload: BulkUpload) -> list[tuple[int, str, str]]:
    """(row, column, code) of everything that was found."""
    return [(each.row, each.column, each.code) for each in uploads.findings_of(upload)]
