"""Revoking: a deed with a reason. The certificate, its number and its bytes stay."""

from flask_babel import gettext as _
from sqlalchemy import select

from certificates import letters, publishing
from certificates.facts import Facts
from certificates.models import Certificate, Ground, Revocation
from lms.kit import clock
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Stage, Traineeship

HELD = (Stage.CERTIFIED, Stage.PLACED)  # where a valid certificate has brought its holder


def revoke(certificate: Certificate, by: Person, reason: str, ground: Ground = Ground.OTHER) -> Revocation:
    """Withdraw a certificate for good; its holder is told by letter.

    Anybody may read the ground; the reason stays between the lead and the holder. Raises Refused without a reason, and
    when it was revoked or replaced before.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the certificate is revoked. The holder reads it, and it stays in the register."))
    session.execute(select(Certificate.id).where(Certificate.id == certificate.id).with_for_update())
    session.refresh(certificate, ["revocation", "replacement"])
    if certificate.revocation:
        raise Refused(_("This certificate was revoked already."))
    if certificate.replacement:
        raise Refused(_("This certificate was replaced by a corrected one. Revoke that one."))
    revocation = Revocation(
        id=new_key(), certificate_id=certificate.id, by_id=by.id, ground=ground, reason=reason, revoked_at=clock.now()
    )
    certificate.revocation = revocation
    session.flush()
    facts = Facts.from_json(certificate.facts)
    _take_back(certificate, by, reason)
    audit.note(by, "certificate.revoked", certificate, new={"number": facts.number, "ground": ground, "reason": reason})
    publishing.ask()
    letters.revoked(certificate, certificate.person, facts, reason)
    return revocation


def _take_back(certificate: Certificate, by: Person, reason: str) -> None:
    """Whoever was certified by it counts as completed again. The certificate of a single course had moved nobody."""
    key = certificate.completion.traineeship_id
    traineeship = session.get(Traineeship, key) if key else None
    if traineeship and traineeship.stage in HELD:
        traineeships.advance(traineeship, Stage.COMPLETED, by=by, note=reason)
