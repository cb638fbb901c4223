"""Revoking keeps everything and needs a reason."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from certificates import revoking
from certificates.models import Certificate, Revocation
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry
from lms.pipeline import traineeships
from lms.pipeline.models import Stage, StageEvent, Traineeship
from tests import make
from tests.certificates.making import issued, printed


def test_a_revocation_keeps_everything_and_says_who_when_and_why():
    certificate = printed(language="en")
    kept = dict(certificate.facts), certificate.code, certificate.document.sha256
    revoking.revoke(certificate, certificate.issued_by, "  The work was somebody else's. ")
    session.commit()
    session.refresh(certificate)
    assert (dict(certificate.facts), certificate.code, certificate.document.sha256) == kept
    revocation = certificate.revocation
    assert (revocation.by_id, revocation.reason) == (certificate.issued_by_id, "The work was somebody else's.")
    traineeship = session.get_one(Traineeship, certificate.completion.traineeship_id)
    last = session.scalars(select(StageEvent).order_by(StageEvent.id.desc()).limit(1)).one()
    assert (traineeship.stage, last.before, last.stage) == (Stage.COMPLETED, Stage.CERTIFIED, Stage.COMPLETED)
    deeds = session.scalars(select(AuditEntry.deed).where(AuditEntry.subject_id == certificate.id)).all()
    assert set(deeds) == {"certificate.issued", "certificate.revoked"}
    letter = session.scalars(
        select(Letter).where(Letter.to_address == certificate.person.email).order_by(Letter.id.desc())
    ).first()
    assert "somebody else's" in letter.text


def test_who_was_placed_counts_as_completed_again():
    certificate = issued()
    traineeship = session.get_one(Traineeship, certificate.completion.traineeship_id)
    traineeships.advance(traineeship, Stage.PLACED, by=None)
    revoking.revoke(certificate, certificate.issued_by, "Wrong person.")
    assert traineeship.stage == Stage.COMPLETED


@pytest.mark.parametrize("reason", ["", "  \n\t "])
def test_no_reason_no_revocation(reason):
    certificate = issued()
    with pytest.raises(Refused):
        revoking.revoke(certificate, certificate.issued_by, reason)
    assert session.scalars(select(Revocation)).all() == []


def test_a_certificate_is_revoked_once():
    certificate = issued()
    revoking.revoke(certificate, certificate.issued_by, "Wrong person.")
    with pytest.raises(Refused):
        revoking.revoke(certificate, certificate.issued_by, "Again.")
    twin = Revocation(certificate_id=certificate.id, by_id=certificate.issued_by_id, ground="error", reason="Again.")
    with pytest.raises(IntegrityError):
        make.add(twin)
    session.rollback()


def test_the_database_wants_a_reason():
    certificate = issued()
    with pytest.raises(IntegrityError):
        make.add(Revocation(certificate_id=certificate.id, by_id=certificate.issued_by_id, ground="error", reason=""))
    session.rollback()


def test_nothing_of_a_certificate_can_be_deleted():
    certificate = printed()
    session.delete(certificate.document.file)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(Certificate.__table__.delete())
    session.rollback()
