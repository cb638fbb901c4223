"""Measure how fast a spreadsheet of past cohorts is checked and brought in.

    .venv/bin/python benchmarks/bulk.py [--rows 20000] [--url postgresql+psycopg://…]

Each row is one person of a cohort with all their stages. A file of XLSX is sent in as through the page, checked by its job,
confirmed, and written; the last line is JSON. The goal is 60 seconds for 20,000 rows, from sending in to the result file.
"""

import sys

sys.path.pop(0)  # this folder has a file that is called like one of Python's own

import argparse
import io
import json
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from sqlalchemy import func, select

from lms.app import create_app
from lms.bulk import uploads
from lms.bulk.columns import COLUMNS
from lms.bulk.models import BulkUpload, Kind, UploadState
from lms.config import Settings
from lms.kit import db, files, jobs
from lms.kit.words import Words
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline.models import Programme, StageEvent, Traineeship

A_COHORT = 1000
SECRET = "only-for-measuring-0123456789-abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{folder}/bulk.sqlite3"
        app = create_app(Settings(data_dir=Path(folder), database_url=url, secret_key=SECRET))
        db.Base.metadata.create_all(db.engine())
        with app.app_context():
            print(json.dumps(measure(given.rows)))
            db.session.remove()


def measure(rows: int) -> dict[str, float | int | str]:
    admin = first_rows()
    content = table(rows)
    print(f"{rows:,} rows, {len(content):,} bytes")
    begun, begun_cpu = time.perf_counter(), time.process_time()
    key = send(content, admin)
    checking = took(jobs.perform_all)
    upload = look(key)
    assert (upload.state, upload.errors) == (UploadState.CHECKED, 0), upload.state
    confirm(key, admin)
    writing = took(jobs.perform_all)
    whole, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    upload = look(key)
    assert upload.state is UploadState.DONE, upload.state
    again = send(content, admin)
    repeated = took(jobs.perform_all)
    assert look(again).same == rows
    return {
        "rows": rows,
        "database": db.engine().dialect.name,
        "people": count(Person),
        "traineeships": count(Traineeship),
        "events": count(StageEvent),
        "check_s": round(checking, 2),
        "write_s": round(writing, 2),
        "whole_s": round(whole, 2),
        "whole_cpu_s": round(cpu, 2),
        "same_file_again_s": round(repeated, 2),
        "goal_s": 60,
    }


def first_rows() -> Person:
    with db.transaction() as session:
        admin = Person(email="admin@example.org", name="관리자", language="ko", grants=[RoleGrant(role=Role.ADMIN)])
        session.add_all([admin, Programme(slug="programme", title=Words(ko="과정", en="Programme"), summary=Words())])
    return admin


def table(rows: int) -> bytes:
    """Past cohorts of 1,000 people; of ten people seven are certified, two leave, one is declined."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page, as_day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    columns = [each.key for each in COLUMNS[Kind.COHORTS]]
    page.write_row(0, 0, [each.head["ko"] for each in COLUMNS[Kind.COHORTS]])
    for number in range(rows):
        for key, value in person(number).items():
            write = page.write_datetime if isinstance(value, date) else page.write
            write(number + 1, columns.index(key), value, *([as_day] if isinstance(value, date) else []))
    book.close()
    return stream.getvalue()


def person(number: int) -> dict[str, object]:
    starts = date(2020, 3, 2) + timedelta(days=90 * (number // A_COHORT))
    told: dict[str, object] = {
        "programme": "과정",
        "cohort": f"{number // A_COHORT + 1}기",
        "starts_on": starts,
        "ends_on": starts + timedelta(days=80),
        "email": f"person{number}@example.org",
        "name": f"김교육{number}",
        "latin_name": f"KIM {chr(65 + number % 26)}{chr(65 + number // 26 % 26)}{chr(65 + number // 676 % 26)}",
        "applied": starts - timedelta(days=30),
    }
    if number % 10 == 9:
        return {**told, "declined": starts - timedelta(days=14)}
    told |= {"admitted": starts - timedelta(days=14), "training": starts}
    if number % 10 >= 7:
        return {**told, "left": starts + timedelta(days=20), "reason": "취업"}
    return {**told, "completed": starts + timedelta(days=80), "certified": starts + timedelta(days=84)}


def send(content: bytes, by: Person) -> object:
    with db.transaction() as session:
        stored = files.keep_bytes(content, name="table.xlsx", media_type="application/octet-stream", by=by.id)
        upload = BulkUpload(id=db.new_key(), kind=Kind.COHORTS, file=stored, by_id=by.id)
        session.add(upload)
        session.flush()
        jobs.announce(uploads.CHECK, upload_id=str(upload.id))
    return upload.id


def confirm(key: object, by: Person) -> None:
    with db.transaction() as session:
        upload = session.get_one(BulkUpload, key)
        uploads.confirm(upload, session.get_one(Person, by.id), upload.mark)


def look(key: object) -> BulkUpload:
    with db.looking() as apart:
        return apart.get_one(BulkUpload, key)


def count(table_of: type[db.Base]) -> int:
    with db.looking() as apart:
        return apart.scalar(select(func.count()).select_from(table_of)) or 0


def took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
