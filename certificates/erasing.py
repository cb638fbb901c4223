"""What this room forgets when a person was erased: everything about their name but the certificates themselves.

Their certificates, PDF, hash, code and state stay as they are (and so does the reason of a revocation): the register of
what was issued is kept for good, and whoever relies on a certificate finds what they found before.
"""

from sqlalchemy import delete, select, update

from certificates.issue_models import IssueItem
from certificates.models import Certificate, CertificateShare, RegisterPrint
from certificates.name_models import NameAnswer, NameApproval, NameCorrection, NameEvidence
from lms.kit import clock, db, files, jobs
from lms.kit.db import session
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.erasing import NAMELESS, erased
from lms.people.models import AuditEntry, Person
from lms.pipeline.models import Traineeship

APART = {"synchronize_session": False}


@jobs.on("person_erased")
def erase_in_certificates(person_id: str) -> None:
    """Delete approved names and requests with their evidence, end share links, empty sentences that name the person."""
    with db.transaction():
        person = erased(person_id)
        forgotten = _forget_files(person)
        _forget_names(person)
        mine = select(Certificate.id).where(Certificate.person_id == person.id)
        shares = update(CertificateShare).where(CertificateShare.certificate_id.in_(mine))
        session.execute(shares.values(label=""), execution_options=APART)
        session.execute(
            shares.where(CertificateShare.withdrawn_at.is_(None)).values(withdrawn_at=clock.now()),
            execution_options=APART,
        )
        part = select(Traineeship.id).where(Traineeship.person_id == person.id)
        refused = update(IssueItem).where(IssueItem.traineeship_id.in_(part), IssueItem.refusal != "")
        session.execute(refused.values(refusal=NAMELESS), execution_options=APART)
        audit.note(None, "person.erased_in_certificates", person, new={"files": forgotten})
    jobs.committed()


def _forget_files(person: Person) -> int:
    """Evidence of names, and registers that the person had printed; how many files."""
    evidence = select(NameEvidence.file_id).join(NameCorrection).where(NameCorrection.person_id == person.id)
    prints = select(RegisterPrint.file_id).where(RegisterPrint.by_id == person.id, RegisterPrint.file_id.is_not(None))
    kept = session.scalars(select(StoredFile).where(StoredFile.id.in_(evidence.union(prints)))).all()
    for each in kept:
        files.forget(each)
    session.flush()
    return len(kept)


def _forget_names(person: Person) -> None:
    requests = select(NameCorrection.id).where(NameCorrection.person_id == person.id)
    session.execute(
        update(AuditEntry).where(AuditEntry.subject_id.in_(requests)).values(old=None, new=None),
        execution_options=APART,
    )
    for statement in (
        delete(NameAnswer).where(NameAnswer.correction_id.in_(requests)),
        delete(NameEvidence).where(NameEvidence.correction_id.in_(requests)),
        delete(NameCorrection).where(NameCorrection.person_id == person.id),
        delete(NameApproval).where(NameApproval.person_id == person.id),
    ):
        session.execute(statement, execution_options=APART)
