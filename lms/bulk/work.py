"""The later work of this room: checking a table, bringing it in, letting old ones go."""

import logging
import time
import uuid
from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lms.bulk import planning, reading, uploads, workbooks, writing
from lms.bulk.findings import Finding
from lms.bulk.models import BulkUpload, UploadState
from lms.bulk.plans import Plan
from lms.bulk.reading import Table
from lms.bulk.rows import Parsed, parse
from lms.kit import clock, db, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.models import Person

log = logging.getLogger("lms.bulk")
EVERY = 0.5  # seconds between two notes of how far it is
TRIES = 3  # when somebody else writes the same rows in the same moment
FAILED = _l("Something went wrong on our side. Send the file again; if it fails once more, tell an administrator.")
BUSY = _l("Others were changing the same rows all the time. Nothing was written. Send the file again in a while.")


@jobs.on(uploads.CHECK)
def check_table(upload_id: str) -> None:
    """Read a table and plan it. Writes nothing but what was found; run twice, it finds the same."""
    key = uuid.UUID(upload_id)
    with db.transaction():
        upload = session.scalars(uploads.whole(key).with_for_update(of=BulkUpload)).one()
        if upload.state not in (UploadState.WAITING, UploadState.CHECKING):
            return
        upload.state, upload.done, upload.total = UploadState.CHECKING, 0, 0
    try:
        table = _read(upload)
        uploads.tell(key, 0, len(table.rows))
        parsed = parse(upload.kind, table, _teller(key, len(table.rows)))
        with db.looking() as apart:
            by = apart.get_one(Person, upload.by_id)
            plan = planning.plan(apart, upload.kind, *parsed, by)
    except Refused as refused:
        uploads.fail(key, uploads.in_both(refused))
        return
    except Exception:
        uploads.fail(key, uploads.in_both(Refused(FAILED)))
        raise
    with db.transaction():
        upload = session.scalars(_anew(key)).one()
        if upload.state is UploadState.CHECKING:
            upload.total = len(table.rows)
            uploads.show(upload, plan, differences=[])
    if plan.findings:
        _keep_result(key, table, plan.findings)


@jobs.on(uploads.BRING_IN)
def bring_table_in(upload_id: str) -> None:
    """Write a table that was confirmed, if it still comes out as it was shown. Run twice, it is written once."""
    key = uuid.UUID(upload_id)
    with db.looking() as apart:
        upload = apart.scalars(uploads.whole(key)).one()
    if upload.state is not UploadState.CONFIRMED:
        return
    try:
        table = _read(upload)
        plan = _bring_in(key, parse(upload.kind, table))  # before the transaction: others wait for the end of that
    except Refused as refused:
        uploads.fail(key, uploads.in_both(refused))
        return
    except Exception:
        uploads.fail(key, uploads.in_both(Refused(FAILED)))
        raise
    if plan is None:
        uploads.fail(key, uploads.in_both(Refused(BUSY)))
        return
    _keep_result(key, table, plan.findings)


def _bring_in(key: uuid.UUID, parsed: tuple[list[Parsed], list[Finding]]) -> Plan | None:
    """The plan that was written, or that came out otherwise. None when others were in the way each time."""
    for _try in range(TRIES):
        try:
            with db.transaction() as now:
                plan = _write(now, key, parsed)
        except IntegrityError as error:
            log.warning("Somebody else wrote rows of table %s: %s", key, type(error.orig).__name__)
            continue
        jobs.committed()
        return plan
    return None


def _write(now: Session, key: uuid.UUID, parsed: tuple[list[Parsed], list[Finding]]) -> Plan:
    first = select(BulkUpload.id).order_by(BulkUpload.sent_at, BulkUpload.id).limit(1)
    now.execute(first.with_for_update())  # one table at a time
    upload = now.scalars(_anew(key)).one()
    by = now.get_one(Person, upload.confirmed_by_id or upload.by_id, populate_existing=True)
    plan = planning.plan(now, upload.kind, *parsed, by, lock=True)
    differences = uploads.differences(upload.marks, plan.marks())
    if upload.state is not UploadState.CONFIRMED:
        return plan
    if differences or plan.errors:
        uploads.show(upload, plan, differences=differences)
        return plan
    writing.write(plan, by, key)
    upload = now.scalars(_anew(key)).one()
    upload.state, upload.ended_at = UploadState.DONE, clock.now()
    audit.note(by, "bulk.brought_in", upload, new={"kind": upload.kind.value, **upload.counts})
    return plan


def _anew(key: uuid.UUID) -> Select[BulkUpload]:
    return uploads.whole(key).with_for_update(of=BulkUpload).execution_options(populate_existing=True)


def _read(upload: BulkUpload) -> Table:
    ending = upload.file.name.rpartition(".")[2].lower()
    return reading.read(files.path_of(upload.file), ending, upload.kind)


def _teller(key: uuid.UUID, total: int) -> Callable[[int], None]:
    told = 0.0

    def tell(done: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            uploads.tell(key, done, total)

    return tell


def _keep_result(key: uuid.UUID, table: Table, findings: list[Finding]) -> None:
    """The file to download: each row with what became of it, in the language of whoever sent it."""
    with db.looking() as apart:
        upload = apart.scalars(uploads.whole(key)).one()
    if upload.state not in (UploadState.CHECKED, UploadState.DONE):
        return
    with i18n.speaking(upload.by.language):
        content, name = workbooks.result(upload, table, findings), workbooks.result_name(upload)
    with db.transaction():
        row = session.scalars(_anew(key).options(joinedload(BulkUpload.result))).one()
        if row.state is not upload.state or row.mark != upload.mark:
            return
        if row.result:
            files.forget(row.result)
        row.result = files.keep_bytes(content, name=name, media_type="application/octet-stream", by=row.by_id)
    jobs.committed()


@jobs.nightly
def forget_old_tables() -> None:
    """Let the files go of tables that were sent in a month ago; what became of them stays."""
    with db.transaction():
        old = (
            select(BulkUpload).join(BulkUpload.file).options(joinedload(BulkUpload.file), joinedload(BulkUpload.result))
        )
        living = StoredFile.forgotten_at.is_(None)
        over = BulkUpload.sent_at < clock.now() - uploads.KEPT_FOR
        busy = or_(BulkUpload.state == UploadState.CONFIRMED, BulkUpload.state == UploadState.CHECKING)
        for upload in session.scalars(old.where(living, over, ~busy)):
            if not upload.ended:
                upload.state, upload.ended_at = UploadState.DISCARDED, clock.now()
            uploads.forget(upload)
    jobs.committed()
