"""The files of a report: laid out by a job from its frozen figures, kept with their SHA-256, handed out as they are."""

import uuid
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.utils import import_string

from lms.kit import files, i18n, jobs, sheets
from lms.kit.db import session, transaction
from lms.kit.jobs import Job
from lms.reporting import pack_hiding
from lms.reporting.pack_models import ReportFile, ReportPack
from lms.reporting.pack_reading import Told

MEDIA = {"pdf": "application/pdf", "xlsx": sheets.XLSX}


@jobs.task
def make_report_files(pack_id: str) -> None:
    """Make what is missing of a report's files in each language; what is there stays."""
    key = uuid.UUID(pack_id)
    pack = session.scalar(select(ReportPack).where(ReportPack.id == key).options(joinedload(ReportPack.asked_by)))
    if pack is None:
        session.rollback()
        return
    there = {(each.language, each.kind) for each in pack.files}
    told, name = pack_hiding.covered(Told.of(pack)), f"{pack.first_day} {pack.last_day} {pack.number}"
    session.rollback()  # nothing is held while pages are laid out
    for language in i18n.LANGUAGES:
        for kind in MEDIA:
            if (language, kind) not in there:
                with i18n.speaking(language):
                    _keep(key, kind, language, _made(kind, told), f"{_('Report')} {name}.{kind}")


def given_up(pack: ReportPack) -> bool:
    """Whether making the files failed for good."""
    mine = Job.arguments["pack_id"].as_string() == str(pack.id)
    tries = session.scalars(select(Job.given_up_at).where(Job.task == make_report_files.__name__, mine)).all()
    return not complete(pack) and bool(tries) and all(tries)


def complete(pack: ReportPack) -> bool:
    return len(pack.files) == len(MEDIA) * len(i18n.LANGUAGES)


def _made(kind: str, told: Told) -> bytes:
    # Only here: laying out needs Pango, and pages are to be served on a machine without it.
    module = {"pdf": "lms.reporting.pack_printing:pdf", "xlsx": "lms.reporting.pack_tables:workbook"}[kind]
    content: bytes = import_string(module)(told)
    return content


def _keep(key: uuid.UUID, kind: str, language: str, content: bytes, name: str) -> None:
    """Keep a file, unless somebody else was quicker: the first one stays."""
    with transaction():
        session.scalars(select(ReportPack.id).where(ReportPack.id == key).with_for_update()).one()
        made: dict[str, Any] = {"pack_id": key, "language": language, "kind": kind}
        if session.scalar(select(ReportFile.id).filter_by(**made)) is None:
            stored = files.keep_bytes(content, name=name, media_type=MEDIA[kind])
            session.add(ReportFile(**made, file_id=stored.id, sha256=stored.sha256))
