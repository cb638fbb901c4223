"""Evidence of names is kept for a while after the answer, then let go: pages of passports are nobody's archive."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from certificates.name_models import NameAnswer, NameCorrection, NameEvidence
from lms.kit import clock, db, files, jobs
from lms.kit.db import session
from lms.kit.stored_file import StoredFile
from lms.people import audit


@jobs.nightly
def forget_evidence() -> None:
    """Delete the files of requests that were answered so many days ago (LMS_EVIDENCE_DAYS).

    That there was one, its size and its SHA-256 stay: whoever keeps the file can show that it is the one that was seen.
    """
    answered = clock.now() - timedelta(days=current_app.config["EVIDENCE_DAYS"])
    over = (
        select(NameCorrection, StoredFile)
        .join(NameAnswer, NameAnswer.correction_id == NameCorrection.id)
        .join(NameEvidence, NameEvidence.correction_id == NameCorrection.id)
        .join(StoredFile, StoredFile.id == NameEvidence.file_id)
        .where(NameAnswer.answered_at <= answered, StoredFile.forgotten_at.is_(None))
    )
    with db.transaction():
        for correction, file in session.execute(over).unique().all():
            files.forget(file)
            audit.note(None, "name.evidence_forgotten", correction, new={"sha256": file.sha256})
    jobs.committed()
