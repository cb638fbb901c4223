"""Links by which holders show a certificate and its PDF, until they withdraw them.

The database keeps a hash of each link, so that whoever reads a copy of it can open none. Its holder sees the link again
because it follows from the row and this installation's secret.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from certificates.models import Certificate, CertificateDocument, CertificateShare
from lms.kit import clock
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person

MOST = 20  # links of one certificate that open at the same time
OPENED = (
    select(CertificateShare)
    .where(CertificateShare.token_sha256 == bindparam("hash"), CertificateShare.withdrawn_at.is_(None))
    .options(
        joinedload(CertificateShare.certificate).options(
            joinedload(Certificate.document).joinedload(CertificateDocument.file),
            joinedload(Certificate.revocation),
            joinedload(Certificate.replacement).load_only(Certificate.code, Certificate.year, Certificate.serial),
        )
    )
)


def of(certificate: Certificate) -> Select[CertificateShare]:
    """The links of a certificate, the latest first; those withdrawn stay in the list."""
    mine = select(CertificateShare).where(CertificateShare.certificate_id == certificate.id)
    return mine.order_by(CertificateShare.withdrawn_at.is_not(None), CertificateShare.shared_at.desc())


def share(certificate: Certificate, by: Person, label: str) -> CertificateShare:
    """Make one more link; `label` says for whom it is. Raises Refused when too many open already."""
    session.execute(select(Certificate.id).where(Certificate.id == certificate.id).with_for_update())
    alive = of(certificate).where(CertificateShare.withdrawn_at.is_(None)).order_by(None).subquery()
    if (session.scalar(select(func.count()).select_from(alive)) or 0) >= MOST:
        raise Refused(_("You have many links already. Withdraw one that you no longer need, then make another."))
    link = CertificateShare(id=new_key(), certificate_id=certificate.id, label=label.strip(), shared_at=clock.now())
    link.token_sha256 = _hash(_token(link))
    session.add(link)
    session.flush()
    audit.note(by, "certificate.shared", certificate, new={"link": str(link.id)})
    return link


def withdraw(link: CertificateShare, by: Person) -> None:
    """From now on the link opens nothing. Withdrawing twice is the same as once."""
    if link.withdrawn_at is None:
        link.withdrawn_at = clock.now()
        audit.note(by, "certificate.share_withdrawn", link.certificate, new={"link": str(link.id)})


def opened(token: str) -> CertificateShare | None:
    """The link that this token opens; None for one that was withdrawn and for one that never was."""
    return session.scalar(OPENED, {"hash": _hash(token)})


def token_of(link: CertificateShare) -> str:
    """The token of a link, for its holder; "" when this installation's secret was changed since (the link still opens)."""
    token = _token(link)
    return token if _hash(token) == link.token_sha256 else ""


def _token(link: CertificateShare) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    made = hmac.digest(secret.encode(), b"certificate share " + link.id.bytes, hashlib.sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
