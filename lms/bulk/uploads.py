"""Tables sent in: taken, checked by a job, shown, confirmed, and brought in by another job, all or nothing.

What is confirmed is what was shown. The job that brings in plans once more inside its own transaction; when anything came
out otherwise it writes nothing, and the page shows the difference and asks again.
"""

import logging
import uuid
import zlib
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload, undefer
from werkzeug.datastructures import FileStorage

from lms.bulk import reading
from lms.bulk.findings import Finding, of_json
from lms.bulk.models import ENDED, BulkUpload, Kind, UploadState
from lms.bulk.plans import Outcome, Plan
from lms.kit import clock, db, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person, Role

log = logging.getLogger("lms.bulk")
ENDINGS = ("xlsx", "csv")
STAFF = (Role.LEAD, Role.ADMIN)
MOST_KEPT = 500  # findings and differences on the page; the file to download has all of them
KEPT_FOR = timedelta(days=30)  # tables of people are not kept for longer than somebody looks at them
CHECK, BRING_IN = "table_sent_in", "table_confirmed"  # what `lms.bulk.work` reads
LETTERS = {outcome.value[0]: outcome for outcome in Outcome}


def kinds_of(person: Person) -> list[Kind]:
    """What the person may bring in. Accounts without a cohort are an administrator's to make."""
    return [each for each in Kind if each is not Kind.PEOPLE or person.has(Role.ADMIN)]


def visible_to(person: Person) -> Select[BulkUpload]:
    """The person's own tables (an administrator: all), the last one first."""
    query = select(BulkUpload).options(
        joinedload(BulkUpload.file),
        joinedload(BulkUpload.by),
        joinedload(BulkUpload.confirmed_by),
        joinedload(BulkUpload.result),
    )
    if not person.has(Role.ADMIN):
        query = query.where(BulkUpload.by_id == person.id)
    return query.order_by(BulkUpload.sent_at.desc(), BulkUpload.id.desc())


def take(file: FileStorage, kind: Kind, by: Person) -> BulkUpload:
    """Keep the file and ask for its check. Raises Refused when it cannot be a table, or for a kind that is not theirs."""
    if kind not in kinds_of(by):
        raise Refused(_("Only an administrator brings people in who are in no cohort. Choose what is in the table."))
    if getattr(file.stream, "size", 0) > reading.LARGEST_FILE:
        raise Refused(
            _("This file is larger than %(most)s. Split it into smaller ones.", most=i18n.size(reading.LARGEST_FILE))
        )
    stored = files.keep(file, by=by.id, kinds=ENDINGS)
    upload = BulkUpload(id=db.new_key(), kind=kind, file=stored, by_id=by.id)
    session.add(upload)
    session.flush()
    jobs.announce(CHECK, upload_id=str(upload.id))
    return upload


def twin(upload: BulkUpload) -> Select[BulkUpload]:
    """The last time that the same file was brought in as the same kind."""
    same = select(BulkUpload).join(BulkUpload.file).options(joinedload(BulkUpload.confirmed_by))
    same = same.where(
        StoredFile.sha256 == upload.file.sha256,
        BulkUpload.kind == upload.kind,
        BulkUpload.state == UploadState.DONE,
        BulkUpload.id != upload.id,
    )
    return same.order_by(BulkUpload.ended_at.desc()).limit(1)


def confirm(upload: BulkUpload, by: Person, mark: str) -> None:
    """Ask for the table to be brought in. `mark`: of the check that `by` has seen.

    Raises Conflict when somebody else was quicker or the check was made anew meanwhile, Refused while there are errors and
    when there is nothing left to do.
    """
    _hold(upload)
    if upload.state in (UploadState.CONFIRMED, UploadState.DONE):
        raise Conflict(_("This table was confirmed a moment ago. Its page shows how far it is."))
    if upload.state is not UploadState.CHECKED:
        raise Refused(_("This table cannot be brought in now. Its page shows where it stands."))
    if upload.mark != mark:
        raise Conflict(_("This table was checked anew meanwhile. Look at what was found before you confirm it."))
    if upload.errors:
        raise Refused(_("Something in this table is still to be mended. Correct the file and send it again."))
    if not upload.made + upload.changed:
        raise Refused(_("Everything in this table is here already. There is nothing to bring in."))
    upload.state, upload.confirmed_by_id, upload.confirmed_at = UploadState.CONFIRMED, by.id, clock.now()
    audit.note(by, "bulk.confirmed", upload, new={"kind": upload.kind.value, "sha256": upload.file.sha256})
    jobs.announce(BRING_IN, upload_id=str(upload.id))


def discard(upload: BulkUpload, by: Person) -> None:
    """Throw a table away that was not brought in; its file is let go."""
    _hold(upload)
    if upload.state in (*ENDED, UploadState.CONFIRMED):
        raise Refused(_("This table cannot be thrown away any more. Its page shows where it stands."))
    upload.state, upload.ended_at = UploadState.DISCARDED, clock.now()
    forget(upload)
    audit.note(by, "bulk.discarded", upload, new={"kind": upload.kind.value})


def check_again(upload: BulkUpload) -> None:
    """Ask for another look at a table that was checked: rows may have changed since."""
    _hold(upload)
    if upload.state is not UploadState.CHECKED:
        raise Refused(_("This table cannot be checked now. Its page shows where it stands."))
    upload.state = UploadState.WAITING
    jobs.announce(CHECK, upload_id=str(upload.id))


def forget(upload: BulkUpload) -> None:
    """Let the bytes go: tables hold people."""
    for stored in (upload.file, upload.result):
        if stored:
            files.forget(stored)
    upload.findings, upload.differences = [], []


def show(upload: BulkUpload, plan: Plan, *, differences: list[list[str]]) -> None:
    """Keep what was found, for the page and for whoever confirms it."""
    outcomes = list(plan.outcomes.values())
    upload.marks = plan.marks()
    upload.mark = f"{zlib.crc32(repr(sorted(upload.marks.items())).encode()):08x}"
    upload.errors = plan.errors
    upload.warnings = len(plan.findings) - plan.errors
    upload.made, upload.changed = outcomes.count(Outcome.MADE), outcomes.count(Outcome.CHANGED)
    upload.same = outcomes.count(Outcome.SAME)
    upload.counts = plan.counts()
    upload.findings = [each.as_json() for each in plan.findings[:MOST_KEPT]]
    upload.differences = differences[:MOST_KEPT]
    upload.state, upload.checked_at = UploadState.CHECKED, clock.now()
    upload.confirmed_at = upload.confirmed_by_id = None
    upload.done = upload.total


def differences(before: dict[str, str], after: dict[str, str]) -> list[list[str]]:
    """Rows whose mark is another one now: [row, what it was to become, what it would become]; "" for none."""
    rows = sorted({row for row in before.keys() | after.keys() if before.get(row) != after.get(row)}, key=int)
    return [[row, before.get(row, "")[:1], after.get(row, "")[:1]] for row in rows]


def findings_of(upload: BulkUpload) -> list[Finding]:
    return [of_json(each) for each in upload.findings]


def whole(key: uuid.UUID) -> Select[BulkUpload]:
    """One table with everything that was found in it."""
    query = select(BulkUpload).where(BulkUpload.id == key)
    return query.options(
        undefer(BulkUpload.findings), undefer(BulkUpload.marks), joinedload(BulkUpload.file), joinedload(BulkUpload.by)
    )


def fail(key: uuid.UUID, said: Words) -> None:
    """End a table that cannot be read, with the sentence why."""
    session.rollback()
    with db.transaction():
        upload = session.scalars(whole(key).execution_options(populate_existing=True)).one()
        if not upload.ended:
            upload.state, upload.ended_at, upload.failure = UploadState.FAILED, clock.now(), said


def tell(key: uuid.UUID, done: int, total: int) -> None:
    """Note how far the check is, in a transaction of its own."""
    with db.elsewhere("progress"), db.transaction() as apart:
        apart.execute(update(BulkUpload).where(BulkUpload.id == key).values(done=min(done, total), total=total))


def in_both(refused: Refused) -> Words:
    """A sentence of ours in every language."""
    said = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            said[language] = str(refused.sentence)
    return Words(said)


def _hold(upload: BulkUpload) -> None:
    """Whoever decides about a table goes one after the other."""
    session.refresh(upload, ["state", "mark", "errors", "made", "changed"], with_for_update=True)
